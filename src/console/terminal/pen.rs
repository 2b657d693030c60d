//! Cells as the bytes that a terminal draws them by (ECMA-48), as few as they can be said in: of a style only what differs
//! from the one before it, of a move only as much as the line does not tell already. On a slow line every byte is waited for.

use std::{
    io::{self, Write},
    ops::Range,
};

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};

/// Parameters that switch an attribute on, and off again. Bold and dim share the one that ends them.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// The attributes that draw something where no letter stands, or turn its ground into that of the text.
const SEEN_ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK);

/// What the terminal writes in: it stays so from frame to frame. Where it writes is said anew in each.
#[derive(Clone, Default)]
pub(in crate::console) struct Pen {
    style: Inks,
    at: Option<(u16, u16)>,
    /// The parameters of the next change of style; kept for its room.
    parameters: Vec<u8>,
}

/// The colours of a text and its ground, and its attributes.
#[derive(Clone, Copy, Default, PartialEq)]
struct Inks {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// Cells of one line that are written one after the other, in one style.
struct Run {
    y: u16,
    columns: Range<u16>,
    inks: Inks,
    /// Only blanks as yet: of the style the ground alone is seen.
    is_blank: bool,
}

/// So many cells that have not changed are written again where it takes less than to step over them.
const BRIDGED: u16 = 3;

impl Pen {
    /// Writes the cells of `frame` that are told, each with its column and line, in their lines or style by style, whichever is
    /// shorter: a true colour takes more than a step to another line.
    pub(in crate::console) fn write<'a>(
        &mut self,
        out: &mut Vec<u8>,
        frame: &Buffer,
        cells: impl Iterator<Item = (u16, u16, &'a Cell)>,
    ) -> io::Result<()> {
        let mut runs = runs(frame, cells);
        self.at = None;
        let (mut by_line, mut by_style) = (self.clone(), self.clone());
        let begun = out.len();
        by_line.runs(out, frame, &runs)?;
        let between = out.len();
        order_by_style(&mut runs);
        by_style.runs(out, frame, &runs)?;
        if out.len() - between < between - begun {
            out.drain(begun..between);
            *self = by_style;
        } else {
            out.truncate(between);
            *self = by_line;
        }
        Ok(())
    }

    /// The same in their lines alone, which takes half as long and a few bytes more: for a whole screen.
    pub(in crate::console) fn write_in_lines<'a>(
        &mut self,
        out: &mut Vec<u8>,
        frame: &Buffer,
        cells: impl Iterator<Item = (u16, u16, &'a Cell)>,
    ) -> io::Result<()> {
        self.at = None;
        self.runs(out, frame, &runs(frame, cells))
    }

    /// Goes back to the terminal's own style.
    pub(in crate::console) fn reset(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.style = Inks::default();
        out.write_all(b"\x1b[0m")
    }

    /// Has the terminal's own ground: that is what a line that it puts in is filled with.
    pub(in crate::console) fn leave_ground(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.dip(out, Inks { bg: Color::Reset, modifier: Modifier::empty(), ..self.style })
    }

    fn runs(&mut self, out: &mut Vec<u8>, frame: &Buffer, runs: &[Run]) -> io::Result<()> {
        for Run { y, columns, inks, is_blank } in runs {
            self.go_to(out, columns.start, *y)?;
            let is_seen = self.style.modifier.intersects(SEEN_ON_BLANKS);
            self.dip(out, if *is_blank && !is_seen { Inks { bg: inks.bg, ..self.style } } else { *inks })?;
            let mut x = columns.start;
            while x < columns.end {
                let symbol = frame[(x, *y)].symbol();
                out.extend_from_slice(symbol.as_bytes());
                let taken = cells_taken(symbol);
                x = x.saturating_add(taken.unwrap_or(u16::MAX));
                // Behind the last column terminals do not agree about where they are.
                self.at = taken.map(|_| (x, *y)).filter(|_| x < frame.area.right());
            }
        }
        Ok(())
    }

    fn go_to(&self, out: &mut Vec<u8>, x: u16, y: u16) -> io::Result<()> {
        let whole = || 2 + 1 + digits(y + 1) + if x > 0 { 1 + digits(x + 1) } else { 0 };
        let step = self.at.and_then(|(from, line)| {
            let down = y.checked_sub(line).filter(|down| *down <= BRIDGED)?;
            let across = Across::between(from, x);
            (usize::from(down) + across.bytes() < whole()).then_some((down, across))
        });
        match step {
            Some((down, across)) => {
                out.resize(out.len() + usize::from(down), b'\n');
                across.write(out)
            }
            None if x == 0 => write!(out, "\x1b[{}H", y + 1),
            None => write!(out, "\x1b[{};{}H", y + 1, x + 1),
        }
    }

    /// Changes the style to this one.
    fn dip(&mut self, out: &mut Vec<u8>, inks: Inks) -> io::Result<()> {
        if self.style == inks {
            return Ok(());
        }
        self.parameters.clear();
        if inks == Inks::default() {
            self.parameters.push(b'0');
        } else {
            self.attributes(inks.modifier)?;
            if inks.fg != self.style.fg {
                colour(&mut self.parameters, inks.fg, 0)?;
            }
            if inks.bg != self.style.bg {
                colour(&mut self.parameters, inks.bg, 10)?;
            }
        }
        self.style = inks;
        out.write_all(b"\x1b[")?;
        out.write_all(self.parameters.strip_suffix(b";").unwrap_or(&self.parameters))?;
        out.write_all(b"m")
    }

    fn attributes(&mut self, wanted: Modifier) -> io::Result<()> {
        let mut kept = self.style.modifier;
        for (attribute, _, off) in ATTRIBUTES {
            if kept.contains(attribute) && !wanted.contains(attribute) {
                write!(self.parameters, "{off};")?;
                let ended = ATTRIBUTES.iter().filter(|(_, _, other)| *other == off);
                ended.for_each(|(attribute, ..)| kept.remove(*attribute));
            }
        }
        for (attribute, on, _) in ATTRIBUTES {
            if wanted.contains(attribute) && !kept.contains(attribute) {
                write!(self.parameters, "{on};")?;
            }
        }
        Ok(())
    }
}

impl Inks {
    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }
}

impl Run {
    fn of(x: u16, y: u16, cell: &Cell) -> Self {
        let (columns, inks) = (x..x + cells_taken(cell.symbol()).unwrap_or(1), Inks::of(cell));
        Self { y, columns, inks, is_blank: is_blank(cell) }
    }

    /// The style that it has together with a cell, if it can have one: of a blank only the ground is seen.
    fn with(&self, cell: &Cell) -> Option<(Inks, bool)> {
        let inks = Inks::of(cell);
        let is_seen = self.inks.modifier.intersects(SEEN_ON_BLANKS);
        match is_blank(cell) {
            _ if inks == self.inks => Some((inks, self.is_blank && is_blank(cell))),
            true => (inks.bg == self.inks.bg && !is_seen).then_some((self.inks, self.is_blank)),
            false => (self.is_blank && inks.bg == self.inks.bg && !inks.modifier.intersects(SEEN_ON_BLANKS))
                .then_some((inks, false)),
        }
    }

    /// Goes on with a cell, and with those before it that have not changed, if that can be.
    fn goes_on(&mut self, frame: &Buffer, x: u16, y: u16) -> bool {
        let last = frame[(self.columns.end.saturating_sub(1).max(self.columns.start), self.y)].symbol();
        let is_near = y == self.y && (self.columns.end..=self.columns.end + BRIDGED).contains(&x);
        if !is_near || (self.columns.len() == 1 && cells_taken(last).is_none()) {
            return false;
        }
        let (mut inks, mut blank) = (self.inks, self.is_blank);
        for column in self.columns.end..=x {
            let cell = &frame[(column, y)];
            // What stands between is passed over where it is more than letters.
            let is_plain = column == x || (cell.symbol().len() == 1);
            let next = Self { y, columns: self.columns.clone(), inks, is_blank: blank }.with(cell);
            let Some(next) = next.filter(|_| is_plain) else { return false };
            (inks, blank) = next;
        }
        let Some(taken) = cells_taken(frame[(x, y)].symbol()) else { return false };
        (self.inks, self.is_blank, self.columns.end) = (inks, blank, x + taken);
        true
    }
}

/// True for a blank of which nothing but the ground is seen.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_BLANKS)
}

fn runs<'a>(frame: &Buffer, cells: impl Iterator<Item = (u16, u16, &'a Cell)>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (x, y, cell) in cells {
        if !runs.last_mut().is_some_and(|run| run.goes_on(frame, x, y)) {
            runs.push(Run::of(x, y, cell));
        }
    }
    runs
}

/// Puts runs of one style together, styles in the order in which they come; blanks to one that has their ground.
fn order_by_style(runs: &mut [Run]) {
    let mut styles: Vec<Inks> = Vec::new();
    for run in runs.iter().filter(|run| !run.is_blank) {
        if !styles.contains(&run.inks) {
            styles.push(run.inks);
        }
    }
    let place = |run: &Run| {
        let fits = |inks: &Inks| {
            if run.is_blank {
                inks.bg == run.inks.bg && !inks.modifier.intersects(SEEN_ON_BLANKS)
            } else {
                *inks == run.inks
            }
        };
        styles.iter().position(fits).unwrap_or(styles.len())
    };
    runs.sort_by_cached_key(place);
}

/// A step within a line.
enum Across {
    Nothing,
    ToTheStart,
    Back(u16),
    By(u16, char),
}

impl Across {
    /// The shortest one.
    fn between(from: u16, to: u16) -> Self {
        match (from, to) {
            _ if from == to => Self::Nothing,
            (_, 0) => Self::ToTheStart,
            _ if to < from && from - to <= BRIDGED => Self::Back(from - to),
            _ if digits(from.abs_diff(to)) > digits(to + 1) => Self::By(to + 1, 'G'),
            _ if to < from => Self::By(from - to, 'D'),
            _ => Self::By(to - from, 'C'),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::ToTheStart => 1,
            Self::Back(by) => usize::from(*by),
            Self::By(1, _) => 3,
            Self::By(by, _) => 3 + digits(*by),
        }
    }

    fn write(self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Nothing => Ok(()),
            Self::ToTheStart => out.write_all(b"\r"),
            Self::Back(by) => {
                out.resize(out.len() + usize::from(by), 8);
                Ok(())
            }
            Self::By(1, step) => write!(out, "\x1b[{step}"),
            Self::By(by, step) => write!(out, "\x1b[{by}{step}"),
        }
    }
}

/// How many digits a number is written in.
fn digits(number: u16) -> usize {
    match number {
        0..10 => 1,
        10..100 => 2,
        100..1_000 => 3,
        _ => 4,
    }
}

/// A colour of the text, or, ten further on, of its ground.
fn colour(parameters: &mut Vec<u8>, colour: Color, ground: u8) -> io::Result<()> {
    let named = match colour {
        Color::Rgb(red, green, blue) => return write!(parameters, "{};2;{red};{green};{blue};", 38 + ground),
        Color::Indexed(index) => return write!(parameters, "{};5;{index};", 38 + ground),
        Color::Reset => 39,
        Color::Black => 30,
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Blue => 34,
        Color::Magenta => 35,
        Color::Cyan => 36,
        Color::Gray => 37,
        Color::DarkGray => 90,
        Color::LightRed => 91,
        Color::LightGreen => 92,
        Color::LightYellow => 93,
        Color::LightBlue => 94,
        Color::LightMagenta => 95,
        Color::LightCyan => 96,
        Color::White => 97,
    };
    write!(parameters, "{};", named + ground)
}

/// How many cells the cursor moves on, where every terminal agrees about it: of marks that some draw wider than others, and
/// of letters with signs upon them, it is said where the next one stands.
fn cells_taken(symbol: &str) -> Option<u16> {
    let mut letters = symbol.chars();
    let (letter, None) = (letters.next()?, letters.next()) else { return None };
    match letter {
        // Besides ASCII: frames, blocks and braille, of which gauges are made.
        ' '..='~' | '\u{2500}'..='\u{259f}' | '\u{2800}'..='\u{28ff}' => Some(1),
        // Ideographs and kana, Hangul, full-width forms.
        '\u{2e80}'..='\u{3029}'
        | '\u{3041}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff60}' => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::{buffer::Buffer, layout::Rect, style::Style};

    use super::*;

    fn written(pen: &mut Pen, buffer: &Buffer, before: &Buffer) -> Vec<u8> {
        let mut out = Vec::new();
        pen.write(&mut out, buffer, before.diff(buffer).into_iter()).unwrap();
        out
    }

    #[test]
    fn of_a_style_only_what_differs_is_said() {
        let empty = Buffer::empty(Rect::new(0, 0, 20, 2));
        let check = |parts: &[(u16, u16, &str, Style)], want: &str| {
            let mut buffer = empty.clone();
            for (x, y, text, style) in parts {
                buffer.set_string(*x, *y, text, *style);
            }
            assert_eq!(String::from_utf8(written(&mut Pen::default(), &buffer, &empty)).unwrap(), want);
        };
        let (plain, red) = (Style::new(), Style::new().fg(Color::Rgb(200, 0, 9)));
        check(&[(2, 1, "ab", plain)], "\x1b[2;3Hab");
        check(&[(0, 0, "a", red.bold()), (1, 0, "b", red)], "\x1b[1H\x1b[1;38;2;200;0;9ma\x1b[22mb");
        check(
            &[(0, 0, "a", plain.bold().dim()), (1, 0, "b", plain.dim().on_blue())],
            "\x1b[1H\x1b[1;2ma\x1b[22;2;44mb",
        );
        check(&[(0, 0, "a", plain), (3, 0, "b", plain)], "\x1b[1Ha  b");
        check(&[(0, 0, "a", plain), (7, 0, "b", plain)], "\x1b[1Ha\x1b[6Cb");
        check(&[(0, 0, "王芳", plain), (4, 0, "b", plain)], "\x1b[1H王芳b");
        check(&[(0, 0, "✓", plain), (1, 0, "b", plain)], "\x1b[1H✓\x1b[1;2Hb");
        check(&[(5, 0, "ab", plain), (5, 1, "c", plain)], "\x1b[1;6Hab\n\x08\x08c");
        // Style by style.
        let parts = [(0, 0, "a", red), (1, 0, "b", plain), (0, 1, "c", red), (1, 1, "d", plain)];
        check(&parts, "\x1b[1H\x1b[38;2;200;0;9ma\n\rc\x1b[1;2H\x1b[0mb\n\x08d");
    }

    fn style() -> impl Strategy<Value = Style> {
        let colour = || {
            prop_oneof![
                Just(Color::Reset),
                Just(Color::Red),
                Just(Color::DarkGray),
                Just(Color::White),
                any::<u8>().prop_map(Color::Indexed),
                any::<[u8; 3]>().prop_map(|[red, green, blue]| Color::Rgb(red, green, blue)),
            ]
        };
        // The one that looks knows bold or dim, not both.
        let weight = prop_oneof![Just(Modifier::empty()), Just(Modifier::BOLD), Just(Modifier::DIM)];
        let others = Modifier::ITALIC | Modifier::UNDERLINED | Modifier::REVERSED;
        (colour(), colour(), weight, any::<u16>()).prop_map(move |(fg, bg, weight, bits)| {
            Style::reset().fg(fg).bg(bg).add_modifier(weight | Modifier::from_bits_truncate(bits) & others)
        })
    }

    proptest! {
        /// A terminal that is given frame after frame shows what the last one holds.
        #[test]
        fn a_terminal_shows_the_frame(
            frames in prop::collection::vec(
                // What takes two cells stands in even columns: of half of one, overwritten, terminals make what they like.
                prop::collection::vec((0u16..8, 0u16..3, "(王|[ a-c]{2}|✓ |é─|⣿a){1,3}", style()), 0..8), 1..4
            )
        ) {
            let area = Rect::new(0, 0, 24, 3);
            let (rows, columns) = (3.try_into().unwrap(), 24.try_into().unwrap());
            let mut terminal = vt100::Parser::new(rows, columns, 0);
            let (mut shown, mut pen) = (Buffer::empty(area), Pen::default());
            for frame in frames {
                let mut next = Buffer::empty(area);
                for (x, y, text, style) in frame {
                    next.set_string(2 * x, y, text, style);
                }
                terminal.process(&written(&mut pen, &next, &shown));
                for y in 0..3 {
                    for x in 0..24 {
                        let (cell, there) = (&next[(x, y)], terminal.screen().cell(y, x).unwrap());
                        if there.is_wide_continuation() {
                            continue;
                        }
                        let symbol = if there.has_contents() { there.contents() } else { " " };
                        prop_assert_eq!(cell.symbol(), symbol, "{} {}", x, y);
                        let seen = |colour| match colour {
                            vt100::Color::Default => Color::Reset,
                            vt100::Color::Idx(1) => Color::Red,
                            vt100::Color::Idx(8) => Color::DarkGray,
                            vt100::Color::Idx(15) => Color::White,
                            vt100::Color::Idx(index) => Color::Indexed(index),
                            vt100::Color::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
                        };
                        let named = |colour| match colour {
                            Color::Indexed(1) => Color::Red,
                            Color::Indexed(8) => Color::DarkGray,
                            Color::Indexed(15) => Color::White,
                            other => other,
                        };
                        prop_assert_eq!(named(cell.bg), seen(there.bgcolor()));
                        let seen_there = [
                            (Modifier::BOLD, there.bold()),
                            (Modifier::DIM, there.dim()),
                            (Modifier::ITALIC, there.italic()),
                            (Modifier::UNDERLINED, there.underline()),
                            (Modifier::REVERSED, there.inverse()),
                        ];
                        let is_blank = cell.symbol() == " ";
                        for (attribute, is_there) in seen_there {
                            if !is_blank || SEEN_ON_BLANKS.contains(attribute) {
                                prop_assert_eq!(cell.modifier.contains(attribute), is_there);
                            }
                        }
                        if !is_blank || cell.modifier.intersects(SEEN_ON_BLANKS) {
                            prop_assert_eq!(named(cell.fg), seen(there.fgcolor()));
                        }
                    }
                }
                shown = next;
            }
        }
    }
}
