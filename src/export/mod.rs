//! What is handed to other programs and people: orders as rows, or one order with its story, in the format they want.
//!
//! A [`Report`] is what is said, without a format; each other file writes it in one. JSON has documents of its own, the
//! same that `orders --json` and `show --json` print. Nothing leaves that looks like a card number, whoever typed it.

mod csv;
pub mod document;
pub mod file;
mod html;
mod json;
mod markdown;
pub mod story;
mod text;
pub mod times;

use crate::domain::mask::mask;

pub use self::json::json;

/// How something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a spreadsheet.
    Csv,
    /// For a program.
    Json,
    /// Columns of plain text.
    Text,
    /// For a ticket or a chat.
    Markdown,
    /// A page of its own.
    Html,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Csv, Self::Json, Self::Text, Self::Markdown, Self::Html];

    /// What the name of a file ends in.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }
}

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
    fn width(&self) -> usize {
        self.rows.iter().chain([&self.heads]).map(Vec::len).max().unwrap_or_default()
    }

    /// The heads, if it has any, and the rows.
    fn lines(&self) -> impl Iterator<Item = &Vec<String>> {
        Some(&self.heads).filter(|heads| !heads.is_empty()).into_iter().chain(&self.rows)
    }
}

impl Report {
    /// Writes it; `None` as JSON, which is made of documents.
    pub fn write(&self, format: Format) -> Option<String> {
        let report = self.masked();
        match format {
            Format::Csv => Some(csv::write(&report)),
            Format::Json => None,
            Format::Text => Some(text::write(&report)),
            Format::Markdown => Some(markdown::write(&report)),
            Format::Html => Some(html::write(&report)),
        }
    }

    /// The same without anything that looks like a card number.
    fn masked(&self) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_card_is_masked_in_every_format_and_an_order_number_is_not() {
        let row = ["TESTA20261103141502317", "call 4242 4242 4242 4242 back"].map(str::to_owned);
        let report = Report {
            title: "5555555555554444".into(),
            about: "/4242424242424242".into(),
            parts: vec![Part { rows: vec![row.into()], ..Part::default() }],
        };
        for format in Format::ALL.into_iter().filter(|format| *format != Format::Json) {
            let written = report.write(format).unwrap();
            assert!(written.contains("TESTA20261103141502317"), "{written}");
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            assert!(!digits.contains("42424242") && !digits.contains("55555555"), "{written}");
        }
        let value = serde_json::json!({"note": ["4242-4242-4242-4242"], "orderNo": "TESTA20261103141502317"});
        let written = json(&value).unwrap();
        assert!(!written.contains("4242-4242") && written.contains("TESTA20261103141502317"), "{written}");
    }
}
