//! Writing cells: text is measured in columns, cut on graphemes, and styled by role.

use std::{array, sync::LazyLock};

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::{Modifier, Style},
    text::Line,
};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::console::theme::{Role, Signs, Theme};

/// A cell for each printable character of ASCII, of which nearly every text is made: to copy one takes a fraction of making it.
static PLAIN: LazyLock<[Cell; 95]> = LazyLock::new(|| {
    array::from_fn(|nth| Cell::from(u8::try_from(nth).map_or(' ', |nth| char::from(b' ' + nth))))
});

/// A buffer with a theme and signs.
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// How roles look.
    pub theme: &'a Theme,
    /// What frames and marks are drawn with.
    pub signs: Signs,
}

impl Canvas<'_> {
    /// Writes `text` at `x`, `y`, at most `width` columns; returns the column after it.
    pub fn put(&mut self, x: u16, y: u16, width: u16, role: Role, text: &str) -> u16 {
        self.write(x, y, width, self.theme.style(role), text)
    }

    fn write(&mut self, x: u16, y: u16, width: u16, style: Style, text: &str) -> u16 {
        let area = self.buffer.area;
        if y >= area.bottom() || x >= area.right() {
            return x;
        }
        let room = usize::from(width.min(area.right() - x));
        let start = self.buffer.index_of(x, y);
        if is_plain(text) {
            let cells = &mut self.buffer.content[start..start + room.min(text.len())];
            let end = x + u16::try_from(cells.len()).unwrap_or(0);
            let plain = &*PLAIN;
            for (cell, byte) in cells.iter_mut().zip(text.bytes()) {
                let mut written = plain[usize::from(byte - b' ')].clone();
                (written.fg, written.bg, written.modifier) = (cell.fg, cell.bg, cell.modifier);
                written.set_style(style);
                *cell = written;
            }
            return end;
        }
        if text.chars().all(is_sign) {
            let cells = &mut self.buffer.content[start..start + room.min(text.chars().count())];
            let end = x + u16::try_from(cells.len()).unwrap_or(0);
            for (cell, sign) in cells.iter_mut().zip(text.chars()) {
                cell.set_char(sign).set_style(style);
            }
            return end;
        }
        self.buffer.set_stringn(x, y, text, room, style).0
    }

    /// Writes `text` so that it ends at `x + width`.
    pub fn put_right(&mut self, x: u16, y: u16, width: u16, role: Role, text: &str) {
        let room = width.saturating_sub(columns(text));
        self.put(x + room, y, width - room, role, text);
    }

    /// Writes a styled line.
    pub fn line(&mut self, x: u16, y: u16, width: u16, line: &Line<'_>) {
        let end = x + width;
        line.iter().fold(x, |x, span| self.write(x, y, end - x, line.style.patch(span.style), &span.content));
    }

    /// Gives a whole area the looks of `role`, whatever stands there.
    pub fn tint(&mut self, area: Rect, role: Role) {
        self.buffer.set_style(area.intersection(self.buffer.area), self.theme.style(role));
    }

    /// Paints the ground that everything stands on.
    pub fn prime(&mut self) {
        let ground = self.theme.ground();
        if ground != Style::new() {
            self.buffer.set_style(self.buffer.area, ground);
        }
    }

    /// Fills an area with blanks. A wide character that reaches into it from the left goes as a whole.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        let ground = self.theme.ground();
        for y in area.top()..area.bottom() {
            if area.left() > self.buffer.area.left() {
                let before = &mut self.buffer[(area.left() - 1, y)];
                if columns(before.symbol()) > 1 {
                    before.set_symbol(" ");
                }
            }
            // So does one that reaches out of it: its right half is a blank on the ground.
            let last = area.right().saturating_sub(1);
            let reaches_out = area.width > 0 && columns(self.buffer[(last, y)].symbol()) > 1;
            let right = area.right() + u16::from(reaches_out && area.right() < self.buffer.area.right());
            for x in area.left()..right {
                let cell = &mut self.buffer[(x, y)];
                cell.reset();
                cell.set_style(ground);
            }
        }
    }

    /// Clears an area for a pane that lies over others, on a ground of its own that parts it from them. Where the ground of the
    /// bars is everything reversed, the blanks alone do so.
    pub fn lift(&mut self, area: Rect) {
        self.clear(area);
        let ground = self.theme.style(Role::Bar);
        if !ground.add_modifier.contains(Modifier::REVERSED) {
            self.tint(area, Role::Bar);
        }
    }

    /// A horizontal rule.
    pub fn rule(&mut self, x: u16, y: u16, width: u16) {
        self.put(x, y, width, Role::Faint, &self.signs.horizontal().repeat(usize::from(width)));
    }

    /// A pane that lies over others, a blank away from them on either side; returns what is inside.
    pub fn frame(&mut self, area: Rect, role: Role, title: &str) -> Rect {
        self.frame_with(area, role, title, "")
    }

    /// The same with a short text at its right end.
    pub fn frame_with(&mut self, area: Rect, role: Role, title: &str, end: &str) -> Rect {
        let x = area.x.saturating_sub(1);
        self.clear(Rect { x, width: area.right() + 1 - x, ..area });
        self.pane(area, title, end, role)
    }
}

/// The end of a text that is longer than `room` columns, behind a mark that its beginning is missing.
pub fn end_of(text: &str, room: u16) -> String {
    const MARK: &str = "..";
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut left = usize::from(room).saturating_sub(MARK.len());
    let end: Vec<&str> = text
        .graphemes(true)
        .rev()
        .take_while(|grapheme| {
            let fits = grapheme.width() <= left;
            left = left.saturating_sub(grapheme.width());
            fits
        })
        .collect();
    format!("{MARK}{}", end.into_iter().rev().collect::<String>())
}

/// True for printable ASCII, as most texts are: each byte takes one column, and nothing else needs to be measured.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// True for what frames and gauges are drawn with: one column each, and nothing joins on to them.
fn is_sign(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{2500}'..='\u{259f}' | '\u{2800}'..='\u{28ff}')
}

/// Columns that a text takes on the screen.
pub fn columns(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.width() }
}

/// The first `most` lines of a text that is broken so; the last of them is marked if more would follow.
pub fn wrap_to(text: &str, room: u16, most: u16) -> Vec<String> {
    let mut lines = wrap(text, room);
    if lines.len() > usize::from(most) {
        lines.truncate(usize::from(most));
        if let Some(last) = lines.last_mut() {
            while columns(last) >= room.max(1) {
                last.pop();
            }
            last.push('~');
        }
    }
    lines
}

/// Signs that no line begins with, and signs that no line ends with.
const CLOSING: &str = "，。；：）、！？」』》】％";
const OPENING: &str = "（「『《【";

/// Breaks a text into lines of at most `room` columns: at blanks, and between wide characters where neither of the lines
/// then begins or ends with a sign that does not belong there. What is longer than a line is broken anywhere.
pub fn wrap(text: &str, room: u16) -> Vec<String> {
    let room = usize::from(room.max(2));
    if is_plain(text) && text.len() <= room {
        return vec![text.trim_end_matches(' ').to_owned()];
    }
    let (mut lines, mut line) = (Vec::new(), String::new());
    let (mut used, mut blanks) = (0, 0);
    for (unit, blanks_after) in units(text) {
        let size = width(unit);
        if used > 0 && used + blanks + size > room && (size <= room || used + blanks >= room) {
            lines.push(std::mem::take(&mut line));
            (used, blanks) = (0, 0);
        }
        line.extend(std::iter::repeat_n(' ', blanks));
        used += blanks;
        blanks = blanks_after;
        if used + size <= room {
            line.push_str(unit);
            used += size;
            continue;
        }
        for grapheme in unit.graphemes(true) {
            if used > 0 && used + width(grapheme) > room {
                let mut next = String::new();
                if CLOSING.contains(grapheme)
                    && let Some((at, last)) = line.grapheme_indices(true).next_back()
                    && at > 0
                {
                    next.push_str(last);
                    line.truncate(at);
                }
                used = width(&next);
                lines.push(std::mem::replace(&mut line, next));
            }
            line.push_str(grapheme);
            used += width(grapheme);
        }
    }
    lines.push(line);
    lines
}

/// What stays together on a line, each with the number of blanks after it: a word, or a wide character with its signs.
fn units(text: &str) -> Vec<(&str, usize)> {
    if is_plain(text) { plain_units(text) } else { units_of_any(text) }
}

fn units_of_any(text: &str) -> Vec<(&str, usize)> {
    let mut units: Vec<(std::ops::Range<usize>, usize)> = vec![(0..0, 0)];
    let mut before = "";
    for (at, grapheme) in text.grapheme_indices(true) {
        let Some((unit, blanks)) = units.last_mut() else { break };
        if grapheme == " " {
            *blanks += 1;
            continue;
        }
        let is_narrow = |grapheme: &str| width(grapheme) < 2;
        let belongs = CLOSING.contains(grapheme)
            || (!before.is_empty() && OPENING.contains(before))
            || (is_narrow(before) && is_narrow(grapheme));
        if *blanks == 0 && (belongs || unit.start == unit.end) {
            unit.end = at + grapheme.len();
        } else {
            units.push((at..at + grapheme.len(), 0));
        }
        before = grapheme;
    }
    units.into_iter().map(|(unit, blanks)| (text.get(unit).unwrap_or_default(), blanks)).collect()
}

/// The same of printable ASCII, in which a word ends at a blank and nowhere else.
fn plain_units(text: &str) -> Vec<(&str, usize)> {
    let mut units: Vec<(&str, usize)> = Vec::new();
    for word in text.split(' ') {
        match units.last_mut() {
            Some((_, blanks)) if word.is_empty() => *blanks += 1,
            Some((_, blanks)) => {
                *blanks += 1;
                units.push((word, 0));
            }
            None => units.push((word, 0)),
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BuiltIn;
    use proptest::prelude::*;

    const AREA: Rect = Rect { x: 0, y: 0, width: 10, height: 3 };
    const BEFORE: Cell = Cell::new("王");

    #[test]
    fn lines_break_at_blanks_and_between_wide_characters() {
        let check = |text: &str, width, want: &[&str]| assert_eq!(wrap(text, width), want, "{text}");
        check("pay now by deposit", 10, &["pay now by", "deposit"]);
        check("立即用预存款支付", 6, &["立即用", "预存款", "支付"]);
        check("", 10, &[""]);
        check("TESTA20261122135802207", 10, &["TESTA20261", "1221358022", "07"]);
        check("已支付，出票中", 6, &["已支", "付，出", "票中"]);
        check("被拒（604）。重试", 9, &["被拒", "（604）。", "重试"]);
        check("已付 EUR 501.90，等待", 10, &["已付 EUR", "501.90，等", "待"]);
        check("TESTA2026112213，重试", 15, &["TESTA202611221", "3，重试"]);
        check("  two  blanks stay", 13, &["  two  blanks", "stay"]);
    }

    #[test]
    fn no_line_of_chinese_begins_or_ends_with_a_sign_that_does_not_belong_there() {
        let text = "供应商（VCC，visa 1111）已受理：TESTA20261122135802207 的 EUR 501.90 尚未扣款；查询 2/3 次，\
                    答复「已支付，出票中」。切勿再次支付！请按 t 查看补救计划（重新生单、换卡），或联系供应商？若无答复，等待。";
        for width in 20..=80 {
            let lines = wrap(text, width);
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""), "at {width}");
            for line in &lines {
                assert!(columns(line) <= width, "{line:?} at {width}");
                assert!(!line.starts_with(|sign| CLOSING.contains(sign)), "{line:?} at {width}");
                assert!(!line.ends_with(|sign| OPENING.contains(sign)), "{line:?} at {width}");
            }
        }
    }

    #[test]
    fn of_a_text_that_is_too_long_the_end_is_left() {
        let check = |text: &str, width, want: &str| assert_eq!(end_of(text, width), want, "{text}");
        check("0366", 4, "0366");
        check("last four: 0366_", 8, ".. 0366_");
        check("末四位：2178_", 8, "..2178_");
    }

    #[test]
    fn a_text_with_too_few_lines_for_it_is_marked_where_it_is_cut() {
        let check = |text: &str, most, want: &[&str]| assert_eq!(wrap_to(text, 10, most), want, "{text}");
        check("pay now by deposit", 2, &["pay now by", "deposit"]);
        check("pay now by deposit", 1, &["pay now b~"]);
        check("立即用预存款支付", 1, &["立即用预~"]);
        check("pay now", 0, &[]);
    }

    #[test]
    fn a_frame_is_whole_over_wide_characters_and_leaves_no_half_of_one() {
        for offset in 0..2 {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 5));
            let theme = Theme::mono();
            let mut canvas = Canvas { buffer: &mut buffer, theme: &theme, signs: Signs::Ascii };
            for y in 0..5 {
                canvas.put(offset, y, 20, Role::Text, "待支付待支付待支付");
            }
            canvas.frame(Rect::new(5, 1, 8, 3), Role::Text, "x");
            for y in 1..4 {
                let side = if y == 2 { "|" } else { "+" };
                assert_eq!([5, 12].map(|x| buffer[(x, y)].symbol()), [side; 2], "row {y} of {buffer:?}");
                let before = buffer[(4, y)].symbol();
                assert!(columns(before) == 1, "{before:?} reaches into the frame");
            }
        }
    }

    #[test]
    fn a_wide_character_of_which_half_is_cleared_goes_whole_and_leaves_the_ground() {
        let mut buffer = Buffer::empty(AREA);
        let theme = Theme::built_in(BuiltIn::Light);
        let mut canvas = Canvas { buffer: &mut buffer, theme: &theme, signs: Signs::Ascii };
        canvas.prime();
        canvas.put(0, 1, 10, Role::Text, "待支付");
        canvas.clear(Rect { x: 1, y: 1, width: 2, height: 1 });
        let ground = theme.ground().bg;
        assert!(
            (0..4).all(|x| buffer[(x, 1)].symbol() == " " && Some(buffer[(x, 1)].bg) == ground),
            "{buffer:?}"
        );
        assert_eq!(buffer[(4, 1)].symbol(), "付");
    }

    proptest! {
        /// Texts that need no measuring are written like all others.
        #[test]
        fn a_text_stands_where_the_buffer_itself_would_put_it(
            text in "[ -~]{0,12}|[ -~é王\u{7f}\t\u{301}]{0,12}|[a─⣿▌]{0,12}", x in 0_u16..12, width in 0_u16..14,
        ) {
            let (mut ours, mut theirs) = (Buffer::filled(AREA, BEFORE), Buffer::filled(AREA, BEFORE));
            let theme = Theme::terminal();
            let mut canvas = Canvas { buffer: &mut ours, theme: &theme, signs: Signs::Ascii };
            let end = canvas.put(x, 1, width, Role::Urgent, &text);
            let (want, _) = theirs.set_stringn(x, 1, &text, usize::from(width), theme.style(Role::Urgent));
            prop_assert_eq!((end, ours), (want.max(x), theirs));
            prop_assert_eq!(usize::from(columns(&text)), text.width());
        }

        #[test]
        fn a_plain_text_falls_into_the_same_units_by_the_short_way(text in "[a-z,;(]{0,3}[a-z ,;()]{0,30}") {
            prop_assert_eq!(plain_units(&text), units_of_any(&text));
        }

        #[test]
        fn no_line_is_wider_than_asked_and_nothing_but_blanks_is_lost(text in "[a-z 王小明、ａ]{0,60}", width in 4u16..40) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| columns(line) <= width), "{lines:?}");
            let kept: String = lines.concat().chars().filter(|c| !c.is_whitespace()).collect();
            let sent: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(kept, sent);
        }
    }
}
