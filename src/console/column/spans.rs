//! What a cell of the table is written into: a few spans, each in an ink of its own, in a buffer that is used again.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::console::{
    gauge::steps,
    theme::{Mark, Role, Signs},
};

/// The spans of one cell, one after the other.
pub struct Spans {
    text: String,
    /// Where each span ends, and its ink; none is the ink of the row.
    ends: Vec<(usize, Option<Role>)>,
    width: u16,
    /// Nothing but words, if there are none.
    signs: Option<Signs>,
}

impl Spans {
    /// An empty cell, drawn with these signs.
    pub fn new(signs: Signs) -> Self {
        Self { text: String::with_capacity(64), ends: Vec::with_capacity(8), width: 0, signs: Some(signs) }
    }

    /// Cells in words alone, each as long as it needs to be: without marks and gauges, which only repeat what the words
    /// say.
    pub fn in_words() -> Self {
        Self { signs: None, ..Self::new(Signs::default()) }
    }

    /// What stands in the cell.
    pub fn text(&self) -> &str {
        self.text.trim()
    }

    /// Begins the next cell, of so many columns of the screen.
    pub fn begin(&mut self, width: u16) {
        self.text.clear();
        self.ends.clear();
        self.width = width;
    }

    /// Columns of the screen that the cell has.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Columns of the screen that are taken.
    pub fn taken(&self) -> u16 {
        let is_ascii = self.text.is_ascii();
        u16::try_from(if is_ascii { self.text.len() } else { self.text.width() }).unwrap_or(u16::MAX)
    }

    /// A span in an ink, or in that of the row.
    pub fn put(&mut self, ink: Option<Role>, text: &str) {
        self.text.push_str(text);
        self.end(ink);
    }

    /// The same of something that can be written.
    pub fn write(&mut self, ink: Option<Role>, what: fmt::Arguments<'_>) {
        let _ = fmt::Write::write_fmt(&mut self.text, what);
        self.end(ink);
    }

    fn end(&mut self, ink: Option<Role>) {
        self.ends.push((self.text.len(), ink));
    }

    /// A mark with the blank behind it, or as many blanks.
    pub fn mark(&mut self, ink: Option<Role>, mark: Option<Mark>) {
        let Some(signs) = self.signs else { return };
        self.put(ink, mark.map_or(" ", |mark| signs.mark(mark)));
        self.put(None, " ");
    }

    /// A gauge of what is left of a whole, in `cells` of two steps each.
    pub fn gauge(&mut self, ink: Role, cells: u16, (left, whole): (i64, i64)) {
        let Some(signs) = self.signs else { return };
        let [none, half, full] = signs.gauge();
        let steps = steps(left, whole, i64::from(cells) * 2);
        (0..steps / 2).for_each(|_| self.text.push_str(full));
        (0..steps % 2).for_each(|_| self.text.push_str(half));
        self.end(Some(ink));
        ((steps + 1) / 2..i64::from(cells)).for_each(|_| self.text.push_str(none));
        self.end(Some(Role::Faint));
    }

    /// Blanks, so that `what` ends with the cell; it stands right behind the rest where there is no room to spare.
    pub fn put_right(&mut self, ink: Option<Role>, what: fmt::Arguments<'_>) {
        let (start, before) = (self.text.len(), self.taken());
        let _ = fmt::Write::write_fmt(&mut self.text, what);
        let room = if self.signs.is_some() { self.width } else { 0 };
        let spare = room.saturating_sub(self.taken().max(before));
        self.text.insert_str(start, &" ".repeat(spare.into()));
        self.end(ink);
    }

    /// Keeps what stands in the first `width` columns of the screen.
    pub fn keep(&mut self, width: u16) {
        let mut used = 0;
        let fits = |(_, c): &(usize, char)| {
            used += unicode_width::UnicodeWidthChar::width(*c).unwrap_or_default();
            used > usize::from(width)
        };
        if let Some((at, _)) = self.text.char_indices().find(fits) {
            self.text.truncate(at);
            self.ends.iter_mut().for_each(|(end, _)| *end = (*end).min(at));
        }
    }

    /// Each span with its ink.
    pub fn iter(&self) -> impl Iterator<Item = (Option<Role>, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, ink)| {
            let span = self.text.get(start..end).unwrap_or_default();
            start = end;
            (ink, span)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(spans: &Spans) -> String {
        spans.iter().map(|(_, span)| span).collect()
    }

    #[test]
    fn an_amount_has_its_currency_at_the_left_and_its_number_at_the_right() {
        let mut spans = Spans::new(Signs::Ascii);
        for (width, want) in [(14, "CNY   1,434.80"), (12, "CNY 1,434.80"), (5, "CNY 1,434.80")] {
            spans.begin(width);
            spans.put(Some(Role::Muted), "CNY ");
            spans.put_right(Some(Role::Strong), format_args!("1,434.80"));
            assert_eq!(text(&spans), want);
        }
    }

    #[test]
    fn a_gauge_has_the_rest_in_faint() {
        let mut spans = Spans::new(Signs::Unicode);
        spans.begin(10);
        spans.gauge(Role::Urgent, 4, (180, 1_800));
        let spans: Vec<_> = spans.iter().collect();
        assert_eq!(spans, [(Some(Role::Urgent), "⡇"), (Some(Role::Faint), "⠤⠤⠤")]);
    }

    #[test]
    fn what_is_kept_ends_before_a_character_that_is_cut() {
        let mut spans = Spans::new(Signs::Ascii);
        spans.begin(9);
        spans.put(None, "王小明");
        spans.put(Some(Role::Muted), ", 王芳");
        spans.keep(9);
        assert_eq!(text(&spans), "王小明, ");
        spans.keep(5);
        assert_eq!((text(&spans).as_str(), spans.taken()), ("王小", 4));
    }
}
