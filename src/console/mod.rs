//! The console: a pure core (`update`, `view`) in a thin shell, the loop below.
//!
//! It waits for one thing, takes in all that is ready, and draws once if anything changed. Nothing ticks: a countdown
//! on screen names its own next second. A key's answer is drawn at once, news of the desk at most 30 times a second.

pub mod form;
pub mod keymap;
pub mod list;
pub mod message;
pub mod recover;
pub mod screen;
pub mod state;
pub mod terminal;
pub mod theme;
mod update;
pub mod view;

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use crossterm::event::{self, Event};
use jiff::Timestamp;

pub use self::{
    message::{Effect, Message},
    state::{Setup, State},
    update::update,
};
use self::{screen::Screen, terminal::Terminal};
use crate::desk::{Desk, handle::Handle};

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
pub fn run(setup: Setup, desk: Desk) -> io::Result<End> {
    let terminal = Terminal::enter()?;
    desk.handle().feed().on_filled(terminal.waker()?);
    let size = crossterm::terminal::size()?;
    let mut state = State::new(setup, size, Timestamp::now());
    let end = Shell { handle: desk.handle().clone(), screen: Screen::new(io::stdout(), size), terminal }
        .run(&mut state);
    if state.health.in_flight > 0 {
        // The terminal may be the thing that went away.
        let waiting = state.lang().fill("quit.waiting", &[("count", &state.health.in_flight)]);
        let _unheard = writeln!(io::stderr(), "{waiting}");
    }
    if desk.leave() { end } else { Ok(End::Broken(state.health.in_flight)) }
}

/// The loop's own things.
struct Shell {
    handle: Handle,
    screen: Screen<io::Stdout>,
    terminal: Terminal,
}

impl Shell {
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
                self.carry_out(update(state, Message::Drawn, Timestamp::now()), state)?;
            }
            let ready = self.terminal.wait(patience(state, drawn_at))?;
            if ready.gone {
                return Ok(End::HungUp);
            }
            let mut effects = Vec::new();
            if ready.stop {
                return Ok(End::Stopped);
            }
            if ready.resized {
                let (columns, rows) = crossterm::terminal::size()?;
                effects.extend(update(state, Message::Resized(columns, rows), Timestamp::now()));
                urgent = true;
            }
            if ready.input {
                urgent = true;
                let mut taken = 0;
                while taken < DRAIN_AT_MOST && !self.terminal.is_gone()? && event::poll(Duration::ZERO)? {
                    effects.extend(take(state, event::read()?));
                    taken += 1;
                }
                if taken == 0 {
                    self.terminal.look_again()?;
                }
            }
            if ready.news {
                effects.extend(update(
                    state,
                    Message::News(Box::new(self.handle.feed().take())),
                    Timestamp::now(),
                ));
            }
            if state.next_wake().is_some_and(|wake| wake <= Timestamp::now()) {
                effects.extend(update(state, Message::Woke, Timestamp::now()));
            }
            if self.carry_out(effects, state)? {
                return Ok(End::Quit);
            }
        }
    }

    /// Does what the core asked for. True if it asked to leave.
    fn carry_out(&mut self, effects: Vec<Effect>, state: &mut State) -> io::Result<bool> {
        let mut quit = false;
        for effect in effects {
            match effect {
                Effect::Send(command) => {
                    if !self.handle.send(command) {
                        let text = state.lang().text("message.desk_gone").to_owned();
                        state.say(text, true);
                    }
                }
                Effect::Copy(text) => terminal::copy(&text)?,
                Effect::Ring => terminal::ring()?,
                Effect::Redraw => {
                    self.screen.reset(state.size);
                    state.dirty = true;
                }
                Effect::Quit => quit = true,
            }
        }
        Ok(quit)
    }
}

/// How long nothing needs to be done.
fn patience(state: &State, drawn_at: Instant) -> Option<Duration> {
    if state.dirty {
        return Some(NEWS_FRAME.saturating_sub(drawn_at.elapsed()));
    }
    let wake = state.next_wake()?;
    let left = wake.duration_since(Timestamp::now());
    // `poll` counts whole milliseconds on some systems; a wake-up too early would only wait again.
    Some(Duration::try_from(left).unwrap_or_default() + Duration::from_millis(1))
}

/// Hands a terminal event to the core.
fn take(state: &mut State, event: Event) -> Vec<Effect> {
    let message = match event {
        Event::Key(key) => Message::Key(key),
        Event::Paste(text) => Message::Paste(text),
        // The signal has told already; this one is a duplicate when the size is the same.
        Event::Resize(columns, rows) if (columns, rows) != state.size => Message::Resized(columns, rows),
        Event::Resize(..) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => return Vec::new(),
    };
    update(state, message, Timestamp::now())
}
