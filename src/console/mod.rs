//! The console: a pure core (`update`, `view`) in a thin shell, the loop below.
//!
//! It waits for one thing, takes in all that is ready, and draws once if anything changed. Nothing ticks: a countdown
//! on screen names its own next second. A key's answer is drawn at once, news of the desk at most 30 times a second.

pub mod aside;
pub mod form;
pub mod keymap;
pub mod list;
pub mod message;
pub mod recover;
pub mod screen;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod typing;
mod update;
pub mod view;

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use crossterm::event::{self, Event};
use jiff::Timestamp;

use self::{aside::Asides, screen::Screen, terminal::Terminal};
pub use self::{
    message::{Effect, Message, When},
    state::{Setup, State},
    update::update,
};
use crate::desk::{Desk, handle::Subscription};

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
    let mut state = State::new(setup, size.usable(), Timestamp::now());
    state.hear_size(size);
    let screen = Screen::new(io::stdout(), size.usable());
    let started = Instant::now();
    let end = Shell { mailbox, asides, screen, terminal, started }.run(&mut state);
    if state.health.in_flight > 0 {
        // The terminal may be the thing that went away.
        let waiting = state.lang().fill("quit.waiting", &[("count", &state.health.in_flight)]);
        let _unheard = writeln!(io::stderr(), "{waiting}");
    }
    if desk.leave() { end } else { Ok(End::Broken(state.health.in_flight)) }
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

    fn run(mut self, state: &mut State) -> io::Result<End> {
        let mut drawn_at = Instant::now();
        let mut urgent = true;
        loop {
            if state.dirty && (urgent || drawn_at.elapsed() >= NEWS_FRAME) {
                state.dirty = false;
                urgent = false;
                self.screen.draw(|buffer| view::draw(state, buffer))?;
                drawn_at = Instant::now();
                // Only a confirmation counts time from its first frame, and it wants nothing done.
                self.carry_out(update(state, Message::Drawn, self.now()), state)?;
            }
            let ready = self.terminal.wait(self.patience(state, drawn_at))?;
            // What is read after one wait came at one time, as far as anybody can tell.
            let mut woken = self.now();
            if ready.gone {
                return Ok(End::HungUp);
            }
            if ready.stop {
                return Ok(End::Stopped);
            }
            if ready.suspend || ready.continued {
                if !self.step_aside(state, ready.suspend)? {
                    return Ok(End::Stopped);
                }
                woken = self.now();
                urgent = true;
            }
            let mut effects = Vec::new();
            if ready.resized {
                let size = terminal::size()?;
                let (columns, rows) = size.usable();
                effects.extend(update(state, Message::Resized(columns, rows), woken));
                state.hear_size(size);
                urgent = true;
            }
            let mut taken = 0;
            if ready.input {
                urgent = true;
                while taken < DRAIN_AT_MOST && !self.terminal.is_gone()? && event::poll(Duration::ZERO)? {
                    effects.extend(take(state, event::read()?, woken));
                    taken += 1;
                }
                if taken == 0 {
                    self.terminal.look_again()?;
                }
            } else if state.settles_at().is_some_and(|due| due <= woken.up) {
                urgent = true;
                effects.extend(update(state, Message::Lull, woken));
            }
            if ready.news {
                let news = Box::new(self.mailbox.take());
                effects.extend(update(state, Message::News(news), self.now()));
                for aside in self.asides.take() {
                    effects.extend(update(state, Message::Aside(aside), self.now()));
                }
            }
            if state.next_wake().is_some_and(|wake| wake <= Timestamp::now()) {
                effects.extend(update(state, Message::Woke, self.now()));
            }
            if self.carry_out(effects, state)? {
                return Ok(End::Quit);
            }
        }
    }

    /// Lets somebody else have the terminal, if the program is to stop, and takes it again when it goes on. False if it is
    /// to end instead.
    fn step_aside(&mut self, state: &mut State, stops: bool) -> io::Result<bool> {
        if stops {
            self.carry_out(update(state, Message::Suspending, self.now()), state)?;
            let key = if state.health.in_flight > 0 { "quit.stopped_in_flight" } else { "quit.stopped" };
            self.terminal.suspend(&state.lang().fill(key, &[("count", &state.health.in_flight)]))?;
        }
        if !self.terminal.take_again()? {
            return Ok(false);
        }
        let size = terminal::size()?;
        let (columns, rows) = size.usable();
        self.carry_out(update(state, Message::Continued(columns, rows), self.now()), state)?;
        state.hear_size(size);
        Ok(true)
    }

    /// How long nothing needs to be done.
    fn patience(&self, state: &State, drawn_at: Instant) -> Option<Duration> {
        let held = state.settles_at().map(|due| due.saturating_sub(self.started.elapsed()));
        let frame = state.dirty.then(|| NEWS_FRAME.saturating_sub(drawn_at.elapsed()));
        let wake = state.next_wake().map(|wake| {
            let left = wake.duration_since(Timestamp::now());
            // `poll` counts whole milliseconds on some systems; a wake-up too early would only wait again.
            Duration::try_from(left).unwrap_or_default() + Duration::from_millis(1)
        });
        [held, frame.or(wake)].into_iter().flatten().min()
    }

    /// Does what the core asked for. True if it asked to leave.
    fn carry_out(&mut self, effects: Vec<Effect>, state: &mut State) -> io::Result<bool> {
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
                    self.screen.reset(state.size);
                    state.dirty = true;
                }
                Effect::Suspend => {
                    if !terminal::ask_to_stop()? {
                        let text = state.lang().text("message.no_job_control").to_owned();
                        state.say(text, true);
                        state.dirty = true;
                    }
                }
                Effect::Quit => quit = true,
            }
        }
        Ok(quit)
    }
}

/// Hands a terminal event to the core.
fn take(state: &mut State, event: Event, now: When) -> Vec<Effect> {
    let message = match event {
        Event::Key(key) => Message::Key(key),
        Event::Paste(text) => Message::Paste(text),
        // The signal has told of a new size already.
        Event::Resize(..) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => return Vec::new(),
    };
    update(state, message, now)
}
