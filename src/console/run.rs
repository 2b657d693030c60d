//! The loop: the one part of the console that knows a terminal and a clock.
//!
//! It waits for one thing, takes in all that is ready, and draws once if anything changed. Nothing ticks: a countdown
//! on screen names its own next second. A key's answer is drawn at once, news of the desk at most 30 times a second.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use crossterm::event::{self, Event};
use jiff::Timestamp;

use super::{
    app::Console,
    aside::Asides,
    message::{Effect, Message},
    model::{Setup, When},
    screen::{Screen, Size},
    terminal::{self, Terminal},
};
use crate::{
    desk::{Desk, handle::Subscription},
    domain::attempt::AttemptId,
};

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

/// Runs the console until somebody leaves it, then lets the desk finish what is in flight.
pub fn run(setup: Setup, desk: Desk, mailbox: Subscription, asides: Asides) -> io::Result<End> {
    let terminal = Terminal::enter()?;
    mailbox.on_filled(terminal.waker()?);
    asides.on_said(terminal.waker()?);
    let size = terminal::size()?;
    let mut console = Console::new(setup, size.usable(), Timestamp::now(), AttemptId::generate);
    say_size(&mut console, size);
    let screen = Screen::new(io::stdout(), size.usable());
    let started = Instant::now();
    let end = Shell { mailbox, asides, screen, terminal, started }.run(&mut console);
    if console.model.health.in_flight > 0 {
        // The terminal may be the thing that went away.
        let waiting = console.ui.lang.fill("quit.waiting", &[("count", &console.model.health.in_flight)]);
        let _unheard = writeln!(io::stderr(), "{waiting}");
    }
    if desk.leave() { end } else { Ok(End::Broken(console.model.health.in_flight)) }
}

/// The loop's own things.
struct Shell {
    mailbox: Subscription,
    asides: Asides,
    screen: Screen<io::Stdout>,
    terminal: Terminal,
    started: Instant,
}

impl Shell {
    fn now(&self) -> When {
        When { wall: Timestamp::now(), up: self.started.elapsed() }
    }

    fn run(mut self, console: &mut Console) -> io::Result<End> {
        let mut drawn_at = Instant::now();
        let mut urgent = true;
        loop {
            if console.ui.dirty && (urgent || drawn_at.elapsed() >= NEWS_FRAME) {
                console.ui.dirty = false;
                urgent = false;
                self.screen.draw(|buffer| console.draw(buffer))?;
                drawn_at = Instant::now();
                // Only a confirmation counts time from its first frame, and it wants nothing done.
                self.carry_out(console.on_message(Message::Drawn, self.now()), console)?;
            }
            let ready = self.terminal.wait(self.patience(console, drawn_at))?;
            // What is read after one wait came at one time, as far as anybody can tell.
            let mut woken = self.now();
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
                woken = self.now();
                urgent = true;
            }
            let mut effects = Vec::new();
            if ready.resized {
                let size = terminal::size()?;
                let (columns, rows) = size.usable();
                effects.extend(console.on_message(Message::Resized(columns, rows), woken));
                say_size(console, size);
                urgent = true;
            }
            let mut taken = 0;
            if ready.input {
                urgent = true;
                while taken < DRAIN_AT_MOST && !self.terminal.is_gone()? && event::poll(Duration::ZERO)? {
                    effects.extend(on_event(console, event::read()?, woken));
                    taken += 1;
                }
                if taken == 0 {
                    self.terminal.look_again()?;
                }
            } else if console.ui.typing.due().is_some_and(|due| due <= woken.up) {
                urgent = true;
                effects.extend(console.on_message(Message::KeysPaused, woken));
            }
            if ready.news {
                effects.extend(console.on_news(self.mailbox.take(), self.now()));
                for aside in self.asides.take() {
                    effects.extend(console.on_message(Message::Aside(aside), self.now()));
                }
            }
            if console.next_wake().is_some_and(|wake| wake <= Timestamp::now()) {
                effects.extend(console.on_message(Message::Woke, self.now()));
            }
            if self.carry_out(effects, console)? {
                return Ok(End::Quit);
            }
        }
    }

    /// Lets somebody else have the terminal, if the program is to stop, and takes it again when it goes on. False if it is
    /// to end instead.
    fn step_aside(&mut self, console: &mut Console, stops: bool) -> io::Result<bool> {
        if stops {
            self.carry_out(console.on_message(Message::Suspending, self.now()), console)?;
            let key =
                if console.model.health.in_flight > 0 { "quit.stopped_in_flight" } else { "quit.stopped" };
            self.terminal
                .suspend(&console.ui.lang.fill(key, &[("count", &console.model.health.in_flight)]))?;
        }
        if !self.terminal.take_again()? {
            return Ok(false);
        }
        let size = terminal::size()?;
        let (columns, rows) = size.usable();
        self.carry_out(console.on_message(Message::Continued(columns, rows), self.now()), console)?;
        say_size(console, size);
        Ok(true)
    }

    /// How long nothing needs to be done.
    fn patience(&self, console: &Console, drawn_at: Instant) -> Option<Duration> {
        let held = console.ui.typing.due().map(|due| due.saturating_sub(self.started.elapsed()));
        let frame = console.ui.dirty.then(|| NEWS_FRAME.saturating_sub(drawn_at.elapsed()));
        let wake = console.next_wake().map(|wake| {
            let left = wake.duration_since(Timestamp::now());
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
                Effect::Copy(text) => terminal::copy(&text)?,
                Effect::Ring => terminal::ring()?,
                Effect::Redraw => {
                    self.screen.reset(console.ui.size);
                    console.ui.dirty = true;
                }
                Effect::Suspend => {
                    if !terminal::ask_to_stop()? {
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
        // The signal has told of a new size already.
        Event::Resize(..) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => return Vec::new(),
    };
    console.on_message(message, now)
}
