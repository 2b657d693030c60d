//! The loop: the one part of the console that knows a terminal and a clock.
//!
//! It waits for one thing, takes in all that is ready, and draws once if anything changed. What is left to be done between two
//! keys is a reason not to wait. Nothing ticks: a countdown on screen names its own next second. A key's answer is drawn at
//! once, news of the desk at most 30 times a second.

use std::{io, time::Duration};

use crossterm::event::Event;
use jiff::Timestamp;

use super::{
    app::Console,
    aside::Asides,
    export::ExportFile,
    message::{Effect, Message},
    model::{Setup, When},
    terminal::{
        Terminal,
        backend::Backend,
        background::{BackgroundAnswer, Filtered},
        screen::Size,
    },
    workspace::file::Keeper,
};
use crate::{desk::hub::Subscription, domain::attempt::AttemptId, export::file::write_new, lang::system};

/// Frames that only news of the desk cause come at most so often.
const NEWS_FRAME: Duration = Duration::from_millis(33);

/// So many events are taken in before the next frame.
const DRAIN_AT_MOST: usize = 256;

/// How the console ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The operator left.
    Quit,
    /// A signal asked for it.
    Stopped,
    /// The terminal went away.
    HungUp,
    /// The desk broke off by a fault of its own; so many payments were in flight.
    Broken(usize),
}

/// What works behind the console.
pub trait Backstage {
    /// Asks it to finish what it must, and waits for nothing.
    fn ask_to_leave(&self);

    /// Waits until it has. False if it had broken off before.
    fn has_left(self) -> bool;
}

/// Shows what is known, then starts what works behind it, and runs until somebody leaves: what is in flight is finished.
pub fn run<E: From<io::Error>, W: Backstage>(
    setup: Setup,
    mailbox: Subscription,
    asides: Asides,
    keeper: Keeper,
    start: impl FnOnce() -> Result<W, E>,
) -> Result<End, E> {
    let terminal = Terminal::enter()?;
    mailbox.on_filled(terminal.waker()?);
    asides.on_said(terminal.waker()?);
    let size = terminal.size()?.usable();
    let mut console = Console::new(setup, size, terminal.now().wall, AttemptId::generate);
    let end = run_on(terminal, &mut console, mailbox, (asides, keeper), start);
    // The terminal is given back, and the desk has finished what it must: the process ends now, and its memory with it.
    // To free every order one by one would only keep waiting whoever leaves.
    std::mem::forget(console);
    end
}

/// The same on any backend, which the mailbox and the asides already wake.
pub fn run_on<B: Backend, E: From<io::Error>, W: Backstage>(
    backend: B,
    console: &mut Console,
    mailbox: Subscription,
    (asides, keeper): (Asides, Keeper),
    start: impl FnOnce() -> Result<W, E>,
) -> Result<End, E> {
    say_size(console, backend.size()?);
    if keeper.is_kept() {
        console.restore(keeper.before.as_ref());
    }
    let background = BackgroundAnswer::default();
    let drawn_at = Duration::ZERO;
    let mut shell = Shell { mailbox, asides, keeper, backend, background, has_asked: false, drawn_at };
    shell.show_what_is_known(console)?;
    // Whoever starts the console waits for none of this. What goes wrong is said where the terminal is as it was.
    let backstage = start()?;
    let end = shell.run(console);
    backstage.ask_to_leave();
    if let Some(workspace) = console.left() {
        shell.keeper.keep(&workspace);
    }
    let in_flight = console.model.health.in_flight;
    let waiting = (in_flight > 0).then(|| console.ui.lang.fill("quit.waiting", &[("count", &in_flight)]));
    shell.backend.leave(waiting.as_deref());
    shell.keeper.finish();
    if backstage.has_left() { Ok(end?) } else { Ok(End::Broken(in_flight)) }
}

/// The loop's own things.
struct Shell<B> {
    mailbox: Subscription,
    asides: Asides,
    keeper: Keeper,
    backend: B,
    background: BackgroundAnswer,
    has_asked: bool,
    /// When the last frame was drawn.
    drawn_at: Duration,
}

impl<B: Backend> Shell<B> {
    /// The first picture.
    fn show_what_is_known(&mut self, console: &mut Console) -> io::Result<()> {
        self.ask_background(console)?;
        let known = self.mailbox.take();
        if !known.is_empty() {
            let effects = console.on_news(known, self.backend.now());
            self.carry_out(effects, console)?;
        }
        if console.ui.mouse.is_ours {
            self.backend.capture_mouse(true)?;
        }
        self.draw(console)
    }

    fn draw(&mut self, console: &mut Console) -> io::Result<()> {
        console.ui.dirty = false;
        // What the eye waits for is seen before the rest of the frame is made.
        if console.has_only_moved() {
            self.backend.draw_over(console.first_seen(), |buffer| console.draw_table(buffer))?;
        }
        if !console.is_moving() {
            self.backend.draw(console.first_seen(), |buffer| console.draw(buffer))?;
        }
        self.drawn_at = self.backend.now().up;
        // Only a confirmation counts time from its first frame, and it wants nothing done.
        self.carry_out(console.on_message(Message::Drawn, self.backend.now()), console)?;
        Ok(())
    }

    fn run(&mut self, console: &mut Console) -> io::Result<End> {
        let mut urgent = false;
        loop {
            let since = self.backend.now().up.saturating_sub(self.drawn_at);
            if console.ui.dirty && (urgent || since >= NEWS_FRAME) {
                urgent = false;
                self.draw(console)?;
            }
            // Asked after the frame, not between a key and its frame: it looks at every row on the screen.
            let wake = console.next_wake();
            let ready = self.backend.wait(self.patience(console, wake))?;
            // What is read after one wait came at one time, as far as anybody can tell.
            let mut woken = self.backend.now();
            if ready.gone {
                return Ok(End::HungUp);
            }
            if ready.stop {
                return Ok(End::Stopped);
            }
            if ready.suspend || ready.continued {
                if !self.step_aside(console, ready.suspend)? {
                    return Ok(End::Stopped);
                }
                woken = self.backend.now();
                urgent = true;
            }
            let mut effects = Vec::new();
            if ready.resized {
                let size = self.backend.size()?;
                let (columns, rows) = size.usable();
                effects.extend(console.on_message(Message::Resized(columns, rows), woken));
                say_size(console, size);
                urgent = true;
            }
            let mut taken = 0;
            if ready.input {
                urgent = true;
                while taken < DRAIN_AT_MOST
                    && let Some(event) = self.backend.next_event()?
                {
                    effects.extend(self.on_event(console, event, woken));
                    taken += 1;
                }
                if taken == 0 {
                    self.backend.look_again()?;
                }
            } else if console.ui.typing.due().is_some_and(|due| due <= woken.up) {
                urgent = true;
                effects.extend(console.on_message(Message::KeysPaused, woken));
            }
            if ready.news {
                // Nobody has seen anything yet that could change too often.
                urgent |= console.ui.list.is_empty();
                effects.extend(console.on_news(self.mailbox.take(), self.backend.now()));
                for aside in self.asides.take() {
                    effects.extend(console.on_message(Message::Aside(aside), self.backend.now()));
                }
                // Another theme may be one that goes by the background.
                self.ask_background(console)?;
            }
            if wake.is_some_and(|wake| wake <= self.backend.now().wall) {
                effects.extend(console.on_message(Message::Woke, self.backend.now()));
            }
            // A key and its frame come first.
            if !urgent
                && console.has_more_to_do()
                && let Some(looked) = console.go_on(self.backend.now())
            {
                effects.extend(looked);
                urgent = true;
            }
            if self.carry_out(effects, console)? {
                return Ok(End::Quit);
            }
        }
    }

    /// Asks the terminal for its background once, if that decides anything.
    fn ask_background(&mut self, console: &Console) -> io::Result<()> {
        if console.model.setup.by_background.is_some() && !self.has_asked {
            self.has_asked = true;
            self.backend.ask_background()?;
            self.background = BackgroundAnswer::awaited();
        }
        Ok(())
    }

    /// Hands a terminal event to the core, or keeps it if it is part of an answer.
    fn on_event(&mut self, console: &mut Console, event: Event, now: When) -> Vec<Effect> {
        match self.background.on_event(event) {
            Filtered::Event(event) => on_event(console, event, now),
            Filtered::Events(events) => {
                events.into_iter().flat_map(|event| on_event(console, event, now)).collect()
            }
            Filtered::Part => Vec::new(),
            Filtered::Background(background) => {
                console.on_background(background);
                Vec::new()
            }
        }
    }

    /// Lets somebody else have the terminal, if the program is to stop, and takes it again when it goes on. False if it is
    /// to end instead.
    fn step_aside(&mut self, console: &mut Console, stops: bool) -> io::Result<bool> {
        if stops {
            self.carry_out(console.on_message(Message::Suspending, self.backend.now()), console)?;
            let key =
                if console.model.health.in_flight > 0 { "quit.stopped_in_flight" } else { "quit.stopped" };
            self.backend
                .suspend(&console.ui.lang.fill(key, &[("count", &console.model.health.in_flight)]))?;
        }
        if !self.backend.take_again()? {
            return Ok(false);
        }
        let size = self.backend.size()?;
        let (columns, rows) = size.usable();
        self.carry_out(console.on_message(Message::Continued(columns, rows), self.backend.now()), console)?;
        say_size(console, size);
        Ok(true)
    }

    /// How long nothing needs to be done, given when the picture changes by itself.
    fn patience(&self, console: &Console, wake: Option<Timestamp>) -> Option<Duration> {
        if console.has_more_to_do() {
            return Some(Duration::ZERO);
        }
        let now = self.backend.now();
        let held = console.ui.typing.due().map(|due| due.saturating_sub(now.up));
        let frame = console.ui.dirty.then(|| (self.drawn_at + NEWS_FRAME).saturating_sub(now.up));
        let wake = wake.map(|wake| {
            let left = wake.duration_since(now.wall);
            // `poll` counts whole milliseconds on some systems; a wake-up too early would only wait again.
            Duration::try_from(left).unwrap_or_default() + Duration::from_millis(1)
        });
        [held, frame.or(wake)].into_iter().flatten().min()
    }

    /// Does what the core asked for. True if it asked to leave.
    fn carry_out(&mut self, effects: Vec<Effect>, console: &mut Console) -> io::Result<bool> {
        let mut quit = false;
        for effect in effects {
            match effect {
                Effect::Send(command) => {
                    // What becomes of it comes into the mailbox like everything else.
                    let _id = self.mailbox.ask(command);
                }
                Effect::Copy(text) => self.backend.copy(&text)?,
                Effect::Open(link) => {
                    if !self.backend.open(&link)? {
                        let text = console.ui.lang.text("commit.no_opener").to_owned();
                        console.say(text, true);
                    }
                }
                Effect::Export(file) => export(console, &file),
                Effect::Keep(workspace) => self.keeper.keep(&workspace),
                Effect::Ring => self.backend.ring()?,
                Effect::Notify(text) => self.backend.notify(&text)?,
                Effect::Title(title) => self.backend.entitle(&title)?,
                Effect::CaptureMouse(is_ours) => self.backend.capture_mouse(is_ours)?,
                Effect::Redraw => {
                    self.backend.reset(console.ui.size);
                    console.ui.dirty = true;
                }
                Effect::Suspend => {
                    if !self.backend.ask_to_stop()? {
                        let text = console.ui.lang.text("message.no_job_control").to_owned();
                        console.say(text, true);
                    }
                }
                Effect::Quit => quit = true,
            }
        }
        Ok(quit)
    }
}

/// Writes a file that is to be handed on, and says where it is.
fn export(console: &mut Console, file: &ExportFile) {
    let lang = console.ui.lang;
    let Some(folder) = &console.model.setup.exports else {
        return console.say(lang.text("export.no_folder").to_owned(), true);
    };
    match write_new(folder, &file.name, file.format.extension(), &file.text) {
        Ok(path) => console.say(lang.fill("export.written", &[("path", &path.display())]), false),
        Err(error) => {
            let cause = system::cause(lang, &error.to_string());
            let text = lang.fill("export.not_written", &[("folder", &folder.display()), ("cause", &cause)]);
            console.say(text, true);
        }
    }
}

/// Says so when the terminal does not tell its size.
fn say_size(console: &mut Console, size: Size) {
    if size == Size::Unknown {
        let (columns, rows) = size.usable();
        let text = console.ui.lang.fill("message.no_size", &[("columns", &columns), ("rows", &rows)]);
        console.say(text, false);
    }
}

/// Hands a terminal event to the core.
fn on_event(console: &mut Console, event: Event, now: When) -> Vec<Effect> {
    let message = match event {
        Event::Key(key) => Message::Key(key),
        Event::Paste(text) => Message::Paste(text),
        Event::Mouse(event) => Message::Mouse(event),
        // The signal has told of a new size already.
        Event::FocusGained => Message::Focus(true),
        Event::FocusLost => Message::Focus(false),
        Event::Resize(..) => return Vec::new(),
    };
    console.on_message(message, now)
}
