//! What reaches the console, and what it wants done. Both are closed: every case is handled, and a test can compare.

use crossterm::event::{KeyEvent, MouseEvent};

use super::{aside::Aside, export::ExportFile, model::Changes, workspace::Workspace};
use crate::{desk::hub::Command, domain::text::Text};

/// Something that happened.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// No key waits to be read, at the moment that [`super::input::typing::Typing::due`] named.
    KeysPaused,
    /// The program is about to be stopped (C-z, SIGTSTP): the terminal goes to somebody else.
    Suspending,
    /// It goes on (SIGCONT), on a terminal of so many columns and rows on which anything may have been written.
    Continued(u16, u16),
    /// Something was done with the mouse, while the console has it.
    Mouse(MouseEvent),
    /// Text was pasted. Never a command, never a confirmation.
    Paste(String),
    /// The terminal has another size: columns, rows.
    Resized(u16, u16),
    /// The model has taken over what the desk said.
    Changed(Box<Changes>),
    /// Somebody else than the desk has something to say.
    Aside(Aside),
    /// The moment that [`super::wake::next_wake`] named has come.
    Woke,
    /// The list has looked at all of its rows.
    Looked,
    /// A frame was drawn just now.
    Drawn,
    /// The terminal has got the focus (true), or lost it.
    Focus(bool),
    /// The program is asked to end (SIGTERM, SIGINT, SIGHUP).
    Stop,
}

/// Something to be done outside the core. Effects can be compared; of a payment's card only what may be shown is.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Hand a command to the desk.
    Send(Command),
    /// Put a text on the clipboard of the terminal (OSC 52).
    Copy(Text),
    /// Open a link on this machine, if it can.
    Open(Text),
    /// Write a new file into the folder for exports, and say where it is.
    Export(Box<ExportFile>),
    /// Keep how the console is left, to be found again at the next start.
    Keep(Box<Workspace>),
    /// Ring the bell.
    Ring,
    /// Let the terminal tell of it beside the screen (OSC 9 or 777).
    Notify(Text),
    /// Call the window so.
    Title(Text),
    /// Take the mouse from the terminal, or give it back.
    CaptureMouse(bool),
    /// Draw everything again from nothing.
    Redraw,
    /// Stop the program until the shell lets it go on.
    Suspend,
    /// Leave.
    Quit,
}
