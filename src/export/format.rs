//! The formats.

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
