//! The screen as two buffers: what the terminal shows, and the next frame. Only the difference is written, in one write; a
//! frame that changes nothing writes nothing at all. What the eye waits for comes first, in a synchronized update of its own,
//! so that a slow line shows where the selection is before the last letter of what belongs to it has arrived. A few bytes,
//! which no terminal gets in two pieces, say nothing of updates: a second that runs would be mostly that.

use std::io::{self, Write};

use crossterm::{
    cursor::{Hide, MoveTo, Show},
    queue,
    terminal::{Clear, ClearType},
};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::{Position, Rect},
};

use super::{
    pen::Pen,
    scroll::{Scroll, WORTHWHILE},
};

const BEGIN_UPDATE: &[u8] = b"\x1b[?2026h";
const END_UPDATE: &[u8] = b"\x1b[?2026l";

/// So many bytes of one write reach a terminal at once.
const AT_ONCE: usize = 160;

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

/// What is drawn to.
pub struct Screen<W: Write> {
    out: W,
    bytes: Vec<u8>,
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    pen: Pen,
    moves_lines: bool,
    stale: bool,
}

impl<W: Write> Screen<W> {
    /// A screen of `columns` by `rows` that nothing has been drawn to.
    pub fn new(out: W, (columns, rows): (u16, u16)) -> Self {
        let area = Rect::new(0, 0, columns, rows);
        let (shown, next) = (Buffer::empty(area), Buffer::empty(area));
        Self {
            out,
            bytes: Vec::with_capacity(1 << 14),
            shown,
            next,
            cursor: None,
            pen: Pen::default(),
            moves_lines: false,
            stale: true,
        }
    }

    /// The same on a terminal that moves lines by itself.
    #[must_use]
    pub fn moving_lines(mut self, moves_lines: bool) -> Self {
        self.moves_lines = moves_lines;
        self
    }

    /// The terminal has another size, or something else wrote to it: the next frame is drawn from nothing.
    pub fn reset(&mut self, (columns, rows): (u16, u16)) {
        // In their own room: a window that is dragged has another size for every frame.
        self.shown.resize(Rect::new(0, 0, columns, rows));
        self.shown.reset();
        self.next.resize(self.shown.area);
        self.stale = true;
    }

    /// Draws a frame, what the eye waits for, `first`, before the rest. `view` fills the buffer and says where the cursor
    /// stands, if anywhere.
    pub fn draw(
        &mut self,
        first: Rect,
        view: impl FnOnce(&mut Buffer) -> Option<Position>,
    ) -> io::Result<()> {
        self.next.reset();
        let cursor = view(&mut self.next);
        self.show(first, cursor)
    }

    /// Draws a frame over the last one: what `view` leaves alone stays. No cursor stands in it.
    pub fn draw_over(&mut self, first: Rect, view: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        self.next.content.clone_from(&self.shown.content);
        view(&mut self.next);
        self.show(first, None)
    }

    /// Writes what is another than the terminal shows.
    fn show(&mut self, first: Rect, cursor: Option<Position>) -> io::Result<()> {
        self.bytes.clear();
        let mut changes = self.shown.diff(&self.next);
        let may_scroll = self.moves_lines && !self.stale && changes.len() > WORTHWHILE;
        let scroll = if may_scroll { Scroll::between(&self.shown, &self.next, first) } else { None };
        if let Some(scroll) = &scroll {
            drop(changes);
            scroll.apply(&mut self.shown);
            changes = self.shown.diff(&self.next);
        }
        let is_first = |(x, y, _): &&(u16, u16, &Cell)| first.contains(Position::new(*x, *y));
        let is_moved = cursor != self.cursor || (cursor.is_some() && !changes.is_empty());
        if self.stale || !changes.is_empty() || is_moved || scroll.is_some() {
            if self.stale {
                self.pen.reset(&mut self.bytes)?;
                queue!(self.bytes, Clear(ClearType::All))?;
            }
            if self.cursor.is_some() {
                queue!(self.bytes, Hide)?;
            }
            if let Some(scroll) = &scroll {
                self.pen.leave_ground(&mut self.bytes)?;
                scroll.write(&mut self.bytes)?;
            }
            let begun = self.bytes.len();
            let mut parted = begun;
            if self.stale {
                self.pen.write_in_lines(&mut self.bytes, &self.next, changes.iter().copied())?;
            } else {
                self.pen.write(&mut self.bytes, &self.next, changes.iter().filter(is_first).copied())?;
                parted = self.bytes.len();
                let rest = changes.iter().filter(|change| !is_first(change));
                self.pen.write(&mut self.bytes, &self.next, rest.copied())?;
            }
            match cursor {
                Some(position) => queue!(self.bytes, MoveTo(position.x, position.y), Show)?,
                None if self.stale => queue!(self.bytes, Hide)?,
                None => {}
            }
            if self.bytes.len() > AT_ONCE {
                if parted > begun && changes.iter().any(|change| !is_first(&change)) {
                    self.bytes.splice(parted..parted, [END_UPDATE, BEGIN_UPDATE].concat());
                }
                self.bytes.splice(..0, BEGIN_UPDATE.iter().copied());
                self.bytes.extend_from_slice(END_UPDATE);
            }
            self.cursor = cursor;
        }
        drop(changes);
        std::mem::swap(&mut self.shown, &mut self.next);
        self.stale = false;
        if self.bytes.is_empty() {
            return Ok(());
        }
        self.out.write_all(&self.bytes)?;
        self.out.flush()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::{cell::RefCell, rc::Rc};

    use ratatui::style::Style;

    use super::*;

    #[derive(Clone, Default)]
    pub(in super::super) struct Sink(Rc<RefCell<Vec<u8>>>);

    impl Sink {
        /// What was written since it was asked last.
        pub(in super::super) fn bytes(&self) -> Vec<u8> {
            self.0.take()
        }

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
        screen.draw(Rect::ZERO, fill).unwrap();
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
        assert!(tick.len() <= 8, "one changed digit took {tick:?}");
    }

    #[test]
    fn what_the_eye_waits_for_is_shown_before_the_rest_has_arrived() {
        let sink = Sink::default();
        let mut screen = Screen::new(sink.clone(), (200, 2));
        let mut both = |row: &str, detail: &str| {
            let fill = |buffer: &mut Buffer| {
                buffer.set_string(0, 1, row, Style::new());
                buffer.set_string(10, 0, detail, Style::new());
                None
            };
            screen.draw(Rect::new(0, 0, 10, 2), fill).unwrap();
            sink.take()
        };
        let [detail, other] = ["detail ", "DETAIL "].map(|word| word.repeat(25));
        both("row", &detail);
        let bytes = both("ROW", &other);
        let (first, rest) = bytes.split_once("\x1b[?2026l").unwrap();
        assert!(first.starts_with("\x1b[?2026h") && first.contains("ROW"), "{bytes:?}");
        assert!(!first.contains("DETAIL"), "{bytes:?}");
        assert!(rest.contains("DETAIL") && rest.ends_with("\x1b[?2026l"), "{bytes:?}");
        assert_eq!(both("ROW", &detail).matches("\x1b[?2026l").count(), 1);
        // A few bytes are all there at once, in the same order.
        let bytes = both("row", &detail.replacen("detail", "DETAIL", 1));
        assert!(bytes.find("row") < bytes.find("DETAIL") && !bytes.contains("2026"), "{bytes:?}");
    }

    #[test]
    fn what_is_drawn_over_a_frame_leaves_the_rest_of_it() {
        let sink = Sink::default();
        let mut screen = Screen::new(sink.clone(), (20, 2));
        for text in ["one", "two"] {
            screen
                .draw(Rect::ZERO, |buffer| {
                    buffer.set_string(0, 0, text, Style::new());
                    buffer.set_string(0, 1, text, Style::new());
                    None
                })
                .unwrap();
        }
        sink.take();
        for (text, want) in [("two", ""), ("six", "six"), ("six", ""), ("two", "two")] {
            screen
                .draw_over(Rect::ZERO, |buffer| {
                    buffer.set_string(0, 1, text, Style::new());
                })
                .unwrap();
            let bytes = sink.take();
            assert_eq!(bytes.is_empty(), want.is_empty(), "{bytes:?}");
            assert!(bytes.contains(want) && !bytes.contains("one"), "{bytes:?}");
        }
    }

    #[test]
    fn a_screen_of_another_size_begins_from_nothing() {
        let sink = Sink::default();
        let mut screen = Screen::new(sink.clone(), (20, 2));
        for size in [(20, 2), (8, 4), (1, 1), (30, 3)] {
            draw(&mut screen, "x");
            sink.take();
            screen.reset(size);
            draw(&mut screen, "x");
            let bytes = sink.take();
            assert!(bytes.contains("\x1b[2J") && bytes.matches('x').count() == 1, "{size:?}: {bytes:?}");
        }
    }

    #[test]
    fn the_cursor_is_shown_only_where_a_field_has_the_focus() {
        let sink = Sink::default();
        let mut screen = Screen::new(sink.clone(), (20, 2));
        screen.draw(Rect::ZERO, |_| Some(Position::new(3, 1))).unwrap();
        assert!(sink.take().contains("\x1b[2;4H\x1b[?25h"));
        draw(&mut screen, "x");
        assert!(sink.take().contains("\x1b[?25l"));
    }
}
