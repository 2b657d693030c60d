//! What reaches the console, and what it wants done. Both are closed: every case is handled, and a test can compare.

use crossterm::event::KeyEvent;

use crate::{
    desk::handle::{Command, Update},
    domain::text::Text,
};

/// Something that happened.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted. Never a command, never a confirmation.
    Paste(String),
    /// The terminal has another size: columns, rows.
    Resized(u16, u16),
    /// The desk has news.
    News(Box<Update>),
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
    /// Leave.
    Quit,
}
