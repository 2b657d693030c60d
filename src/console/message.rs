//! What reaches the console, and what it wants done. Both are closed: every case is handled, and a test can compare.

use std::time::Duration;

use crossterm::event::KeyEvent;
use jiff::Timestamp;

use super::aside::Aside;
use crate::{
    desk::handle::{Command, Update},
    domain::text::Text,
};

/// When something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// By the clock on the wall, which may be set.
    pub wall: Timestamp,
    /// Since the console was started, by a clock that only goes forward: keys are told apart by it. What was read
    /// together has the same.
    pub up: Duration,
}

/// Something that happened.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// No key waits to be read, at the moment that [`super::state::State::settles_at`] named.
    Lull,
    /// The program is about to be stopped (C-z, SIGTSTP): the terminal goes to somebody else.
    Suspending,
    /// It goes on (SIGCONT), on a terminal of so many columns and rows on which anything may have been written.
    Continued(u16, u16),
    /// Text was pasted. Never a command, never a confirmation.
    Paste(String),
    /// The terminal has another size: columns, rows.
    Resized(u16, u16),
    /// The desk has news.
    News(Box<Update>),
    /// Somebody else has something to say.
    Aside(Aside),
    /// The moment that [`super::state::State::next_wake`] named has come.
    Woke,
    /// A frame was drawn just now.
    Drawn,
    /// The program is asked to end (SIGTERM, SIGINT, SIGHUP).
    Stop,
}

/// Something to be done outside the core.
#[derive(Debug)]
pub enum Effect {
    /// Hand a command to the desk.
    Send(Command),
    /// Put a text on the clipboard of the terminal (OSC 52).
    Copy(Text),
    /// Ring the bell.
    Ring,
    /// Draw everything again from nothing.
    Redraw,
    /// Stop the program until the shell lets it go on.
    Suspend,
    /// Leave.
    Quit,
}
