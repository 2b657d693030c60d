//! The screen as two buffers: what the terminal shows, and the next frame. Only the difference is written, in one
//! write inside a synchronized update; a frame that changes nothing writes nothing at all.

use std::io::{self, Write};

use crossterm::{
    cursor::{Hide, MoveTo, Show},
    queue,
    terminal::{Clear, ClearType},
};
use ratatui::{
    backend::{Backend, CrosstermBackend},
    buffer::Buffer,
    layout::{Position, Rect},
};

const BEGIN_UPDATE: &[u8] = b"\x1b[?2026h";
const END_UPDATE: &[u8] = b"\x1b[?2026l";

/// What is assumed of a terminal that does not tell its size: the one that everything fits in.
const ASSUMED: (u16, u16) = (80, 24);

/// The size of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Columns and rows.
    Known(u16, u16),
    /// None was told: a serial line, or a pseudo-terminal that nobody gave one.
    Unknown,
}

impl Size {
    /// As the system tells it. Nothing in one direction is no size, and a single cell is what some programs give in the
    /// place of one.
    pub fn reported(columns: u16, rows: u16) -> Self {
        match (columns, rows) {
            (0, _) | (_, 0) | (1, 1) => Self::Unknown,
            _ => Self::Known(columns, rows),
        }
    }

    /// Columns and rows to draw for.
    pub fn usable(self) -> (u16, u16) {
        match self {
            Self::Known(columns, rows) => (columns, rows),
            Self::Unknown => ASSUMED,
        }
    }
}

/// Gathers the bytes of a frame, and hands them on whole when it is flushed.
struct Frame<W: Write> {
    out: W,
    bytes: Vec<u8>,
}

impl<W: Write> Write for Frame<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(BEGIN_UPDATE);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.bytes.is_empty() {
            self.bytes.extend_from_slice(END_UPDATE);
            let sent = self.out.write_all(&self.bytes);
            self.bytes.clear();
            sent?;
        }
        self.out.flush()
    }
}

/// What is drawn to.
pub struct Screen<W: Write> {
    backend: CrosstermBackend<Frame<W>>,
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    stale: bool,
}

impl<W: Write> Screen<W> {
    /// A screen of `columns` by `rows` that nothing has been drawn to.
    pub fn new(out: W, (columns, rows): (u16, u16)) -> Self {
        let area = Rect::new(0, 0, columns, rows);
        let backend = CrosstermBackend::new(Frame { out, bytes: Vec::with_capacity(1 << 14) });
        Self { backend, shown: Buffer::empty(area), next: Buffer::empty(area), cursor: None, stale: true }
    }

    /// The terminal has another size, or something else wrote to it: the next frame is drawn from nothing.
    pub fn reset(&mut self, (columns, rows): (u16, u16)) {
        let area = Rect::new(0, 0, columns, rows);
        self.shown = Buffer::empty(area);
        self.next = Buffer::empty(area);
        self.stale = true;
    }

    /// Draws a frame. `view` fills the buffer and says where the cursor stands, if anywhere.
    pub fn draw(&mut self, view: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        self.next.reset();
        let cursor = view(&mut self.next);
        if self.stale {
            queue!(self.backend, Clear(ClearType::All))?;
        }
        let changes = self.shown.diff(&self.next);
        if !changes.is_empty() {
            if self.cursor.is_some() {
                queue!(self.backend, Hide)?;
                self.cursor = None;
            }
            self.backend.draw(changes.into_iter())?;
        }
        if cursor != self.cursor {
            match cursor {
                Some(position) => queue!(self.backend, MoveTo(position.x, position.y), Show)?,
                None => queue!(self.backend, Hide)?,
            }
            self.cursor = cursor;
        }
        std::mem::swap(&mut self.shown, &mut self.next);
        self.stale = false;
        Write::flush(&mut self.backend)
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use ratatui::style::Style;

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Rc<RefCell<Vec<u8>>>);

    impl Sink {
        fn take(&self) -> String {
            String::from_utf8(self.0.take()).unwrap()
        }
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn draw(screen: &mut Screen<Sink>, text: &str) {
        let fill = |buffer: &mut Buffer| {
            buffer.set_string(0, 0, text, Style::new());
            None
        };
        screen.draw(fill).unwrap();
    }

    #[test]
    fn a_frame_that_changes_nothing_writes_nothing() {
        let sink = Sink::default();
        let mut screen = Screen::new(sink.clone(), (20, 2));
        draw(&mut screen, "02:59");
        assert!(sink.take().contains("02:59"));
        draw(&mut screen, "02:59");
        assert_eq!(sink.take(), "");
        draw(&mut screen, "02:58");
        let tick = sink.take();
        assert!(tick.starts_with("\x1b[?2026h") && tick.ends_with("\x1b[?2026l"), "{tick:?}");
        assert!(tick.len() <= 60, "one changed digit took {tick:?}");
    }

    #[test]
    fn the_cursor_is_shown_only_where_a_field_has_the_focus() {
        let sink = Sink::default();
        let mut screen = Screen::new(sink.clone(), (20, 2));
        screen.draw(|_| Some(Position::new(3, 1))).unwrap();
        assert!(sink.take().contains("\x1b[2;4H\x1b[?25h"));
        draw(&mut screen, "x");
        assert!(sink.take().contains("\x1b[?25l"));
    }
}
