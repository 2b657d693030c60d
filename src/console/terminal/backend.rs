//! What the loop needs of a terminal. The real one is [`crate::console::terminal::Terminal`]; a test hands in another, with a
//! clock that it moves by hand.

use std::{io, time::Duration};

use crossterm::event::Event;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::screen::Size;
use crate::console::model::When;

/// Why `wait` returned. Several may be true at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of one moment, not a state")]
pub struct Ready {
    /// Keys, pastes or focus changes can be read.
    pub input: bool,
    /// The window may have another size.
    pub resized: bool,
    /// The desk has put something into the mailbox.
    pub news: bool,
    /// SIGTERM, SIGINT or SIGHUP came.
    pub stop: bool,
    /// SIGTSTP came: the terminal is wanted by somebody else.
    pub suspend: bool,
    /// SIGCONT came: whoever had the terminal meanwhile may have done anything to it.
    pub continued: bool,
    /// The terminal is gone.
    pub gone: bool,
}

/// What the loop runs on: events, waiting, a clock, and something to draw on.
pub trait Backend {
    /// The time now, on both clocks.
    fn now(&self) -> When;

    /// Waits for something to do, at most `patience`; `None` waits for ever.
    fn wait(&mut self, patience: Option<Duration>) -> io::Result<Ready>;

    /// The next event that can be read at once; none also when the terminal has gone away.
    fn next_event(&mut self) -> io::Result<Option<Event>>;

    /// `wait` spoke of input, and no event was there: looks at the keyboard again.
    fn look_again(&mut self) -> io::Result<()>;

    /// Asks what the terminal's background is. The answer comes among the events ([`super::background`]), if at all.
    fn ask_background(&mut self) -> io::Result<()>;

    /// The size, as far as the terminal tells one.
    fn size(&self) -> io::Result<Size>;

    /// Draws a frame, what the eye waits for, `first`, before the rest. `view` fills the buffer and says where the cursor
    /// stands, if anywhere.
    fn draw(&mut self, first: Rect, view: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()>;

    /// Draws a frame over the last one: what `view` leaves alone stays.
    fn draw_over(&mut self, first: Rect, view: impl FnOnce(&mut Buffer)) -> io::Result<()>;

    /// The next frame is drawn from nothing, with so many columns and rows.
    fn reset(&mut self, size: (u16, u16));

    /// Asks for `text` on the clipboard. Whether it gets there is not told by anybody. Never used for card data.
    fn copy(&mut self, text: &str) -> io::Result<()>;

    /// Hands a link to whatever opens links here; false if nothing does.
    fn open(&mut self, link: &str) -> io::Result<bool>;

    /// Lets the terminal tell of something beside its window, if it can. `text` holds no control characters.
    fn notify(&mut self, text: &str) -> io::Result<()>;

    /// Calls the window so, until the terminal is given back.
    fn entitle(&mut self, title: &str) -> io::Result<()>;

    /// Rings the bell.
    fn ring(&mut self) -> io::Result<()>;

    /// Takes the mouse from the terminal, or gives it back. Whoever leaves gives it back, too.
    fn capture_mouse(&mut self, is_ours: bool) -> io::Result<()>;

    /// Asks everything that was started together with this program to stop, as the terminal itself does for C-z: a
    /// program that waits for this one would otherwise keep the shell waiting. False if there is no shell that could let
    /// it go on.
    fn ask_to_stop(&mut self) -> io::Result<bool>;

    /// Gives the terminal back, says `last_words` where the user will see them, and stops the program. Returns when it
    /// goes on, which may be in the background.
    fn suspend(&mut self, last_words: &str) -> io::Result<()>;

    /// Takes the terminal again after a stop, in whatever state it comes back. In the background it belongs to somebody
    /// else: then the program stops once more, as the system would stop it for writing there. False if the program is to
    /// end instead.
    fn take_again(&mut self) -> io::Result<bool>;

    /// Gives the terminal back for good, and says `last_words` where the user will see them.
    fn leave(self, last_words: Option<&str>);
}
