//! Panes, gauges and bars: what every screen is put together from.

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use crate::console::{gauge::steps, theme::Role};

/// Columns that a frame takes, with the blanks inside.
pub const FRAME: u16 = 4;
/// Lines that it takes.
pub const FRAME_LINES: u16 = 2;

impl Canvas<'_> {
    /// A pane: a frame in the ink of `line` with a title at its left and a short text at its right end. Returns what is
    /// inside, a blank away from the frame on either side; what stood there is left to whoever lays a pane over it.
    ///
    /// `Role::Faint` is the frame of a pane at rest, under a title in the accent; any other ink takes the title with it.
    pub fn pane(&mut self, area: Rect, title: &str, end: &str, line: Role) -> Rect {
        self.pane_with(area, title, (Role::Muted, end), line)
    }

    /// The same, with the text at the right end in an ink of its own.
    pub fn pane_with(&mut self, area: Rect, title: &str, end: (Role, &str), line: Role) -> Rect {
        let area = area.intersection(self.buffer.area);
        if area.width < 2 || area.height < 2 {
            return Rect::new(area.x, area.y, 0, 0);
        }
        let [.., bottom_left, bottom_right] = self.signs.corners();
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        self.crown(area, title, end, line);
        self.sign(area.x, bottom, line, bottom_left);
        self.sign(right, bottom, line, bottom_right);
        self.rule_in(area.x + 1, bottom, area.width - 2, line);
        for y in area.y + 1..bottom {
            self.sign(area.x, y, line, self.signs.vertical());
            self.sign(right, y, line, self.signs.vertical());
        }
        inside(area)
    }

    /// The top of a pane: its corners, its title, and what stands at its right end.
    fn crown(&mut self, area: Rect, title: &str, end: (Role, &str), line: Role) {
        let [left, right, ..] = self.signs.corners();
        self.heading(area, [left, right], title, end, line);
    }

    /// A line that parts two panes which stand in one frame, with the title of the lower one.
    pub fn divide(&mut self, area: Rect, title: &str, end: &str, line: Role) {
        let tees = self.signs.tees();
        self.clear(Rect { height: 1, ..area });
        self.heading(area, tees, title, (Role::Muted, end), line);
    }

    fn heading(
        &mut self,
        area: Rect,
        ends: [&'static str; 2],
        title: &str,
        (end_ink, end): (Role, &str),
        line: Role,
    ) {
        let y = area.y;
        self.sign(area.x, y, line, ends[0]);
        self.sign(area.right() - 1, y, line, ends[1]);
        let (mut x, mut stop) = (area.x + 1, area.right() - 1);
        let ink = if line == Role::Faint { Role::Accent } else { line };
        // The title goes before what stands at the end.
        let room = (stop - x).saturating_sub(4);
        let size = columns(title).min(room);
        if size > 0 {
            self.rule_in(x, y, 1, line);
            self.put_cut(x + 2, y, size, ink, title);
            x += size + 3;
        }
        let room = stop.saturating_sub(x + 1);
        let size = columns(end);
        if size > 0 && size + 3 <= room {
            self.rule_in(stop - 1, y, 1, line);
            self.put(stop - 2 - size, y, size, end_ink, end);
            stop -= size + 3;
        }
        self.rule_in(x, y, stop.saturating_sub(x), line);
    }

    /// A horizontal rule in the ink of `role`.
    fn rule_in(&mut self, x: u16, y: u16, width: u16, role: Role) {
        for x in x..x + width {
            self.sign(x, y, role, self.signs.horizontal());
        }
    }

    /// One sign that takes one cell.
    pub fn sign(&mut self, x: u16, y: u16, role: Role, sign: &'static str) {
        let style = self.theme.style(role);
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(sign).set_style(style);
        }
    }

    /// Writes `text` into `width` columns, with a mark at its end where it was cut; returns the column after it.
    pub fn put_cut(&mut self, x: u16, y: u16, width: u16, role: Role, text: &str) -> u16 {
        if columns(text) <= width {
            return self.put(x, y, width, role, text);
        }
        let end = self.put(x, y, width.saturating_sub(1), role, text);
        self.put(end, y, width.min(1), role, self.signs.cut())
    }

    /// How much is left of a whole, in `width` cells of two steps each: nothing only where nothing is left. The rest is
    /// faint. Returns the column after it.
    pub fn gauge(&mut self, x: u16, y: u16, width: u16, role: Role, (left, whole): (i64, i64)) -> u16 {
        let [none, half, full] = self.signs.gauge();
        let steps = steps(left, whole, i64::from(width) * 2);
        for n in 0..width {
            let (role, sign) = match steps - i64::from(n) * 2 {
                ..=0 => (Role::Faint, none),
                1 => (role, half),
                _ => (role, full),
            };
            self.sign(x + n, y, role, sign);
        }
        x + width
    }

    /// A bar that grows to the right over a faint rest, in eighths of a cell. Returns the column after it.
    pub fn bar(&mut self, x: u16, y: u16, width: u16, role: Role, (part, whole): (i64, i64)) -> u16 {
        let grown = self.signs.bar();
        let steps = steps(part, whole, i64::from(width) * 8);
        for n in 0..width {
            let step = usize::try_from((steps - i64::from(n) * 8).clamp(0, 8)).unwrap_or(0);
            if step == 0 {
                self.sign(x + n, y, Role::Faint, self.signs.gauge()[0]);
            } else {
                self.sign(x + n, y, role, grown[step]);
            }
        }
        x + width
    }
}

/// A frame with a column beside it on either side, which stays free where it lies over something.
pub(super) fn around(frame: Rect) -> Rect {
    Rect { x: frame.x.saturating_sub(1), width: frame.width + 1 + frame.x.min(1), ..frame }
}

/// What a frame leaves for what stands in it.
pub fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(FRAME),
        height: area.height.saturating_sub(FRAME_LINES),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::console::theme::{Signs, Theme};

    fn drawn(size: (u16, u16), signs: Signs, draw: impl Fn(&mut Canvas<'_>)) -> Vec<String> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        let theme = Theme::mono();
        draw(&mut Canvas { buffer: &mut buffer, theme: &theme, signs });
        let line = |y| {
            let (mut line, mut x) = (String::new(), 0);
            while x < size.0 {
                line.push_str(buffer[(x, y)].symbol());
                x += columns(buffer[(x, y)].symbol()).max(1);
            }
            line
        };
        (0..size.1).map(line).collect()
    }

    #[test]
    fn a_pane_has_its_title_at_the_left_and_its_count_at_the_right() {
        let pane = |canvas: &mut Canvas<'_>| {
            let inner = canvas.pane(Rect::new(0, 0, 30, 3), "All", "48 orders", Role::Faint);
            assert_eq!(inner, Rect::new(2, 1, 26, 1));
        };
        let unicode = drawn((30, 3), Signs::Unicode, pane);
        assert_eq!(unicode[0], "╭─ All ────────── 48 orders ─╮");
        assert_eq!(unicode[1], "│                            │");
        assert_eq!(unicode[2], "╰────────────────────────────╯");
        let ascii = drawn((30, 3), Signs::Ascii, pane);
        assert_eq!(ascii[0], "+- All ---------- 48 orders -+");
    }

    #[test]
    fn what_has_no_room_in_the_frame_is_cut_with_a_mark_and_the_count_goes_first() {
        for width in 0..40 {
            for title in ["", "TESTA20261103140000001", "待支付"] {
                let lines = drawn((width, 3), Signs::Ascii, |canvas| {
                    canvas.pane(Rect::new(0, 0, width, 3), title, "8 / 8 个订单", Role::Faint);
                });
                if width >= 2 {
                    assert!(lines[0].starts_with('+') && lines[0].ends_with('+'), "{width}: {lines:?}");
                    assert!(lines.iter().all(|line| columns(line) == width), "{width}: {lines:?}");
                }
            }
        }
        let lines = drawn((16, 2), Signs::Ascii, |canvas| {
            canvas.pane(Rect::new(0, 0, 16, 2), "TESTA20261103140000001", "8 orders", Role::Faint);
        });
        assert_eq!(lines[0], "+- TESTA2026~ -+");
    }

    #[test]
    fn a_gauge_shows_something_as_long_as_anything_is_left_and_is_full_at_the_whole() {
        let gauge = |left, whole| {
            drawn((4, 1), Signs::Unicode, |c| {
                c.gauge(0, 0, 4, Role::Good, (left, whole));
            })
        };
        for (left, want) in [
            (-5, "⠤⠤⠤⠤"),
            (0, "⠤⠤⠤⠤"),
            (1, "⡇⠤⠤⠤"),
            (450, "⣿⠤⠤⠤"),
            (900, "⣿⣿⠤⠤"),
            (1_125, "⣿⣿⡇⠤"),
            (1_800, "⣿⣿⣿⣿"),
            (90_000, "⣿⣿⣿⣿"),
        ] {
            assert_eq!(gauge(left, 1_800), [want], "{left}");
        }
        assert_eq!(gauge(3, 0), ["⠤⠤⠤⠤"]);
    }

    #[test]
    fn a_bar_grows_in_eighths() {
        let bar = |part| {
            drawn((3, 1), Signs::Unicode, |c| {
                c.bar(0, 0, 3, Role::Good, (part, 24));
            })
        };
        assert_eq!([bar(0), bar(1), bar(12), bar(24)].concat(), ["⠤⠤⠤", "▏⠤⠤", "█▌⠤", "███"]);
    }
}
