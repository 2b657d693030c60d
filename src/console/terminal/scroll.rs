//! Lines that the terminal moves by itself: where a list has moved by one, it is told so, and only the new line is drawn.

use std::io::{self, Write};

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};

/// Terminals, by how their names begin, that are known to move lines within a region (DECSTBM, DL, IL): all in use. Of others,
/// such as a dumb one, nothing is assumed.
const KNOWN: [&str; 20] = [
    "xterm",
    "screen",
    "tmux",
    "rxvt",
    "alacritty",
    "foot",
    "kitty",
    "linux",
    "konsole",
    "gnome",
    "vte",
    "st-",
    "wezterm",
    "ghostty",
    "contour",
    "iterm",
    "putty",
    "mintty",
    "vt220",
    "vt420",
];

/// Where fewer cells are spared than this, nothing is moved.
pub(super) const WORTHWHILE: usize = 160;

/// True for a terminal, by its name, that moves lines.
pub(super) fn is_known(term: &str) -> bool {
    KNOWN.iter().any(|known| term.starts_with(known))
}

/// Lines that move by one.
pub(super) struct Scroll {
    top: u16,
    bottom: u16,
    is_up: bool,
}

impl Scroll {
    /// What has moved within `area` between two frames, if moving the whole lines spares enough.
    pub(super) fn between(shown: &Buffer, next: &Buffer, area: Rect) -> Option<Self> {
        let area = area.intersection(next.area);
        let has_changed = |y: &u16| !line(shown, area, *y).eq(line(next, area, *y));
        let top = area.rows().map(|row| row.y).find(has_changed)?;
        let bottom = area.rows().map(|row| row.y).rfind(has_changed)? + 1;
        [true, false].into_iter().map(|is_up| Self { top, bottom, is_up }).find(|scroll| {
            // Most lines are where they would be, but for the selected one.
            let moved =
                scroll.moved().filter(|(from, to)| line(shown, area, *from).eq(line(next, area, *to)));
            2 * moved.count() > usize::from(bottom - top)
                && scroll.spared(shown, next) >= i64::try_from(WORTHWHILE).unwrap_or(i64::MAX)
        })
    }

    /// Each line that is moved, and to which place.
    fn moved(&self) -> impl Iterator<Item = (u16, u16)> + use<> {
        let is_up = self.is_up;
        (self.top + 1..self.bottom).map(move |y| if is_up { (y, y - 1) } else { (y - 1, y) })
    }

    /// How many cells less there are to be written, on the whole lines.
    fn spared(&self, shown: &Buffer, next: &Buffer) -> i64 {
        let differ = |from: u16, to: u16| {
            let pairs = line(shown, shown.area, from).zip(line(next, next.area, to));
            i64::try_from(pairs.filter(|(one, other)| one != other).count()).unwrap_or(0)
        };
        let before: i64 = (self.top..self.bottom).map(|y| differ(y, y)).sum();
        let after: i64 = self.moved().map(|(from, to)| differ(from, to)).sum();
        let new = line(next, next.area, self.new_line()).filter(|cell| **cell != Cell::EMPTY);
        before - after - i64::try_from(new.count()).unwrap_or(0)
    }

    fn new_line(&self) -> u16 {
        if self.is_up { self.bottom - 1 } else { self.top }
    }

    /// Tells the terminal, whose ground is its own just now. The cursor stands anywhere then.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let (top, bottom) = (self.top + 1, self.bottom);
        let step = if self.is_up { 'M' } else { 'L' };
        write!(out, "\x1b[{top};{bottom}r\x1b[{top}H\x1b[{step}\x1b[r")
    }

    /// Moves what is shown as the terminal does.
    pub(super) fn apply(&self, shown: &mut Buffer) {
        let width = usize::from(shown.area.width);
        let line = |y: u16| usize::from(y) * width;
        let lines = &mut shown.content[line(self.top)..line(self.bottom)];
        if self.is_up {
            lines.rotate_left(width);
        } else {
            lines.rotate_right(width);
        }
        shown.content[line(self.new_line())..][..width].fill(Cell::EMPTY);
    }
}

/// The cells of a line within an area.
fn line(buffer: &Buffer, area: Rect, y: u16) -> impl Iterator<Item = &Cell> {
    (area.left()..area.right()).map(move |x| &buffer[(x, y)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::{Color, Style};

    use super::{super::screen::Screen, *};

    #[test]
    fn nothing_is_assumed_of_a_terminal_that_nobody_knows() {
        for (term, known) in [
            ("xterm-256color", true),
            ("tmux-256color", true),
            ("screen", true),
            ("linux", true),
            ("", false),
            ("dumb", false),
            ("unknown", false),
            ("emacs", false),
        ] {
            assert_eq!(is_known(term), known, "{term}");
        }
    }

    /// What happens to a list between two frames.
    #[derive(Clone, Debug)]
    enum Step {
        Scrolled(i8),
        Selected(u16),
        Renamed(u16, String),
        Jumped(u16),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (-1i8..=1).prop_map(Step::Scrolled),
            2 => (0u16..12).prop_map(Step::Selected),
            1 => (0u16..40, "[a-z王 ]{0,9}").prop_map(|(row, name)| Step::Renamed(row, name)),
            1 => (0u16..20).prop_map(Step::Jumped),
        ]
    }

    proptest! {
        /// A terminal that moves lines shows the same as one on which each frame was drawn from nothing.
        #[test]
        fn lines_that_the_terminal_moves_are_where_they_would_be_drawn(
            steps in prop::collection::vec(step(), 1..24),
            grounded in any::<bool>(),
            beside in any::<bool>(),
        ) {
            const SIZE: (u16, u16) = (60, 16);
            let area = Rect::new(0, 1, if beside { 44 } else { 60 }, 14);
            let mut names: Vec<String> = (0..40).map(|n| format!("order {n:02} 王芳 name {}", n * 7919 % 101)).collect();
            let (mut top, mut selected) = (5_u16, 0_u16);
            let ground = if grounded { Style::new().bg(Color::Rgb(1, 2, 3)) } else { Style::new() };
            let out = super::super::screen::tests::Sink::default();
            let mut screen = Screen::new(out.clone(), SIZE).moving_lines(true);
            let mut moving = vt100::Parser::new(16.try_into().unwrap(), 60.try_into().unwrap(), 0);
            for step in steps {
                match step {
                    Step::Scrolled(by) => top = top.saturating_add_signed(by.into()).min(27),
                    Step::Selected(row) => selected = row,
                    Step::Renamed(row, name) => names[usize::from(row)] = name,
                    Step::Jumped(to) => top = to,
                }
                let fill = |buffer: &mut Buffer| {
                    buffer.set_style(buffer.area, ground);
                    buffer.set_string(0, 0, "head", Style::new());
                    for y in 0..12 {
                        let name = &names[usize::from(top + y)];
                        let style = if y == selected { Style::new().bg(Color::Blue) } else { Style::new() };
                        buffer.set_string(0, 2 + y, format!("|{name:30}| {}", top + y), style);
                        if beside {
                            buffer.set_string(46, 2 + y, format!("detail {y}"), Style::new().fg(Color::Red));
                        }
                    }
                    None
                };
                screen.draw(area, fill).unwrap();
                moving.process(&out.bytes());
                let fresh = super::super::screen::tests::Sink::default();
                Screen::new(fresh.clone(), SIZE).draw(area, fill).unwrap();
                let mut still = vt100::Parser::new(16.try_into().unwrap(), 60.try_into().unwrap(), 0);
                still.process(&fresh.bytes());
                for y in 0..SIZE.1 {
                    for x in 0..SIZE.0 {
                        let look = |terminal: &vt100::Parser| {
                            let cell = terminal.screen().cell(y, x).unwrap();
                            let text = if cell.has_contents() { cell.contents().to_owned() } else { " ".to_owned() };
                            let seen = (text.trim() != "").then(|| (cell.fgcolor(), cell.bold()));
                            (text, cell.bgcolor(), seen)
                        };
                        prop_assert_eq!(look(&moving), look(&still), "{} {}", x, y);
                    }
                }
            }
        }
    }
}
