//! The signs that stand beside text: frames, marks and gauges, each one cell wide on every terminal.

/// What is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was done, it may be done.
    Done,
    /// It was refused, it may not be done.
    Failed,
    /// It is under way.
    Going,
    /// Its outcome is not known.
    Doubt,
    /// It needs a person now.
    Urgent,
    /// It may go wrong.
    Warning,
    /// What is chosen of several.
    Chosen,
    /// It has changed since it was seen.
    Changed,
    /// It was not there before.
    New,
    /// It is put away for a time.
    Away,
    /// It was, and is back.
    Back,
}

/// Which signs the terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signs {
    /// Lines, braille and blocks.
    Unicode,
    /// Printable ASCII alone.
    #[default]
    Ascii,
}

impl Signs {
    /// The word of the configuration.
    pub fn word(self) -> &'static str {
        self.either("unicode", "ascii")
    }

    fn either(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }

    /// A line across.
    pub fn horizontal(self) -> &'static str {
        self.either("─", "-")
    }

    /// A line down.
    pub fn vertical(self) -> &'static str {
        self.either("│", "|")
    }

    /// The corners of a frame: top left, top right, bottom left, bottom right.
    pub fn corners(self) -> [&'static str; 4] {
        match self {
            Self::Unicode => ["╭", "╮", "╰", "╯"],
            Self::Ascii => ["+"; 4],
        }
    }

    /// Where a line across meets the left and the right side of a frame.
    pub fn tees(self) -> [&'static str; 2] {
        match self {
            Self::Unicode => ["├", "┤"],
            Self::Ascii => ["+"; 2],
        }
    }

    /// What stands before the word of a state.
    pub fn mark(self, mark: Mark) -> &'static str {
        match mark {
            Mark::Done => self.either("✓", "v"),
            Mark::Failed => self.either("✗", "x"),
            Mark::Going => self.either("⣶", ":"),
            Mark::Doubt => "?",
            Mark::Urgent => "!",
            Mark::Warning => self.either("⚠", "!"),
            Mark::Chosen => self.either("▸", ">"),
            Mark::Changed => self.either("⠶", "'"),
            Mark::New => "*",
            Mark::Away => "z",
            Mark::Back => "b",
        }
    }

    /// The left edge of the selected row, and of a block that calls.
    pub fn selection(self) -> &'static str {
        self.either("▌", ">")
    }

    /// The left edge of a row that is selected, or marked, or both.
    pub fn edge(self, is_selected: bool, is_marked: bool) -> &'static str {
        match (is_selected, is_marked) {
            (_, false) => self.selection(),
            (false, true) => self.either("⣿", "*"),
            (true, true) => self.either("█", "#"),
        }
    }

    /// Where a text was cut.
    pub fn cut(self) -> &'static str {
        "~"
    }

    /// A cell of a gauge that holds nothing, half of it, all of it.
    pub fn gauge(self) -> [&'static str; 3] {
        match self {
            Self::Unicode => ["⠤", "⡇", "⣿"],
            Self::Ascii => [".", "-", "="],
        }
    }

    /// A cell of a bar that grows to the right: from nothing to all of it, in eighths.
    pub fn bar(self) -> [&'static str; 9] {
        match self {
            Self::Unicode => [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
            Self::Ascii => [" ", " ", "-", "-", "-", "=", "=", "#", "#"],
        }
    }

    /// A cell of a line that rises and falls: from the least to the most.
    pub fn levels(self) -> [&'static str; 8] {
        match self {
            Self::Unicode => ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
            Self::Ascii => ["_", "_", ".", ".", "-", "-", "=", "#"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    const MARKS: [Mark; 11] = [
        Mark::Done,
        Mark::Failed,
        Mark::Going,
        Mark::Doubt,
        Mark::Urgent,
        Mark::Warning,
        Mark::Chosen,
        Mark::Changed,
        Mark::New,
        Mark::Away,
        Mark::Back,
    ];

    fn all(signs: Signs) -> Vec<&'static str> {
        let marks = MARKS.map(|mark| signs.mark(mark));
        let edges = [(true, false), (false, true), (true, true)]
            .map(|(selected, marked)| signs.edge(selected, marked));
        let lines = [signs.horizontal(), signs.vertical(), signs.cut()];
        let steps: [&[&str]; 5] =
            [&signs.corners(), &signs.tees(), &signs.gauge(), &signs.bar(), &signs.levels()];
        [&marks[..], &edges, &lines].into_iter().chain(steps).flatten().copied().collect()
    }

    #[test]
    fn every_sign_takes_one_cell() {
        for sign in [Signs::Unicode, Signs::Ascii].map(all).concat() {
            assert_eq!((sign.width(), sign.chars().count()), (1, 1), "{sign:?}");
        }
    }

    /// Lines and blocks are the exception, which terminals of East Asia have learnt to draw narrow.
    #[test]
    fn every_mark_and_gauge_takes_one_cell_also_where_ambiguous_ones_take_two() {
        for sign in MARKS.map(|mark| Signs::Unicode.mark(mark)).into_iter().chain(Signs::Unicode.gauge()) {
            assert_eq!(sign.width_cjk(), 1, "{sign:?}");
        }
    }

    #[test]
    fn ascii_signs_are_printable_ascii() {
        for sign in all(Signs::Ascii) {
            assert!(sign.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{sign:?}");
        }
    }
}
