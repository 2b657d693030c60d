//! Cells as the bytes that a terminal draws them by (ECMA-48), as few as they can be said in: of a style only what differs
//! from the one before it, of a move only as much as the line does not tell already. On a slow line every byte is waited for.

use std::io::{self, Write};

use ratatui::{
    buffer::Cell,
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

/// What the terminal writes in, and where. It begins and ends in the terminal's own style.
#[derive(Default)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
    at: Option<(u16, u16)>,
    /// The parameters of the next change of style; kept for its room.
    parameters: Vec<u8>,
}

/// Writes `cells`, each with its column and line.
pub(in crate::console) fn write<'a>(
    out: &mut impl Write,
    cells: impl Iterator<Item = (u16, u16, &'a Cell)>,
) -> io::Result<()> {
    let mut pen = Pen::default();
    for (x, y, cell) in cells {
        pen.go_to(out, x, y)?;
        let style = if cell.symbol() == " " { pen.blank(cell) } else { (cell.fg, cell.bg, cell.modifier) };
        pen.dip(out, style)?;
        out.write_all(cell.symbol().as_bytes())?;
        pen.at = cells_taken(cell.symbol()).map(|taken| (x + taken, y));
    }
    pen.dip(out, (Color::Reset, Color::Reset, Modifier::empty()))
}

impl Pen {
    fn go_to(&self, out: &mut impl Write, x: u16, y: u16) -> io::Result<()> {
        match self.at {
            Some(at) if at == (x, y) => Ok(()),
            Some((from, line)) if line == y && from < x => write!(out, "\x1b[{}C", x - from),
            _ => write!(out, "\x1b[{};{}H", y + 1, x + 1),
        }
    }

    /// The style for a blank: of what is not seen on one, as it is.
    fn blank(&self, cell: &Cell) -> (Color, Color, Modifier) {
        if (self.modifier | cell.modifier).intersects(SEEN_ON_BLANKS) {
            (cell.fg, cell.bg, cell.modifier)
        } else {
            (self.fg, cell.bg, self.modifier)
        }
    }

    /// Changes the style to this one.
    fn dip(&mut self, out: &mut impl Write, (fg, bg, modifier): (Color, Color, Modifier)) -> io::Result<()> {
        if (self.fg, self.bg, self.modifier) == (fg, bg, modifier) {
            return Ok(());
        }
        self.parameters.clear();
        if (fg, bg, modifier) == (Color::Reset, Color::Reset, Modifier::empty()) {
            self.parameters.push(b'0');
        } else {
            self.attributes(modifier)?;
            if fg != self.fg {
                colour(&mut self.parameters, fg, 0)?;
            }
            if bg != self.bg {
                colour(&mut self.parameters, bg, 10)?;
            }
        }
        (self.fg, self.bg, self.modifier) = (fg, bg, modifier);
        out.write_all(b"\x1b[")?;
        out.write_all(self.parameters.strip_suffix(b";").unwrap_or(&self.parameters))?;
        out.write_all(b"m")
    }

    fn attributes(&mut self, wanted: Modifier) -> io::Result<()> {
        let mut kept = self.modifier;
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

    fn written(buffer: &Buffer, before: &Buffer) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out, before.diff(buffer).into_iter()).unwrap();
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
            assert_eq!(String::from_utf8(written(&buffer, &empty)).unwrap(), want);
        };
        let (plain, red) = (Style::new(), Style::new().fg(Color::Rgb(200, 0, 9)));
        check(&[(2, 1, "ab", plain)], "\x1b[2;3Hab");
        check(&[(0, 0, "a", red.bold()), (1, 0, "b", red)], "\x1b[1;1H\x1b[1;38;2;200;0;9ma\x1b[22mb\x1b[0m");
        check(
            &[(0, 0, "a", plain.bold().dim()), (1, 0, "b", plain.dim().on_blue())],
            "\x1b[1;1H\x1b[1;2ma\x1b[22;2;44mb\x1b[0m",
        );
        check(&[(0, 0, "a", plain), (4, 0, "b", plain)], "\x1b[1;1Ha\x1b[3Cb");
        check(&[(0, 0, "王芳", plain), (4, 0, "b", plain)], "\x1b[1;1H王芳b");
        check(&[(0, 0, "✓", plain), (1, 0, "b", plain)], "\x1b[1;1H✓\x1b[1;2Hb");
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
            let mut shown = Buffer::empty(area);
            for frame in frames {
                let mut next = Buffer::empty(area);
                for (x, y, text, style) in frame {
                    next.set_string(2 * x, y, text, style);
                }
                terminal.process(&written(&next, &shown));
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
