//! What is said, without a format.

use crate::domain::mask::mask;

/// What is said: a title, what is known about all of it, and tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What it is.
    pub title: String,
    /// Which orders, by what they are sorted, when that was.
    pub about: String,
    /// The tables, one after the other.
    pub parts: Vec<Part>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its title; nothing if it is the only one.
    pub title: String,
    /// What stands over its columns; nothing if they need no heads.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

impl Part {
    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        self.rows.iter().chain([&self.heads]).map(Vec::len).max().unwrap_or_default()
    }

    /// The heads, if it has any, and the rows.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Vec<String>> {
        Some(&self.heads).filter(|heads| !heads.is_empty()).into_iter().chain(&self.rows)
    }
}

impl Report {
    /// The same without anything that looks like a card number.
    pub(super) fn masked(&self) -> Self {
        let cells = |cells: &Vec<String>| cells.iter().map(|cell| mask(cell)).collect::<Vec<_>>();
        let part = |part: &Part| Part {
            title: mask(&part.title),
            heads: cells(&part.heads),
            rows: part.rows.iter().map(cells).collect(),
        };
        Self {
            title: mask(&self.title),
            about: mask(&self.about),
            parts: self.parts.iter().map(part).collect(),
        }
    }
}
