//! What an operator expects to find again when the program is started the next time: the queue, the filter, how the rows are
//! sorted, the columns, the pane, the language, and which orders were on the screen, by their numbers alone: the journal says
//! what they were. It is no configuration, and nothing rests on it.

pub mod file;

use serde::{Deserialize, Serialize};

use crate::domain::order::OrderNo;

/// The form that this program writes.
pub const VERSION: u32 = 1;

/// What is found again. A text in it holds no card number, whatever was typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    /// The form that it is written in.
    pub version: u32,
    /// The queue, by its word.
    pub queue: String,
    /// The filter as it is written.
    pub filter: String,
    /// The column that the rows are sorted by.
    pub sort: String,
    /// The other way round.
    pub reversed: bool,
    /// The detail stands beside the table or below.
    pub pane: bool,
    /// The language, if it was switched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Switched>,
    /// The orders whose rows were on the screen.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rows: Vec<OrderNo>,
    /// All columns, if they were chosen.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub columns: Vec<KeptColumn>,
}

/// A language that was switched to. It holds as long as the configuration says what it said then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Switched {
    /// What the configuration said.
    pub from: String,
    /// What was switched to.
    pub to: String,
}

/// A column that was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptColumn {
    /// Its word.
    pub id: String,
    /// It is shown.
    pub shown: bool,
    /// So wide, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
}

/// Why nothing is found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// A later version of the program has written it.
    Newer(u32),
    /// It is not whole, or nothing of ours.
    Broken(String),
}

/// Only what tells a version.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

impl Workspace {
    /// What a flag says goes before what was kept.
    #[must_use]
    pub fn without_language(self) -> Self {
        Self { lang: None, ..self }
    }

    /// As it is written.
    pub fn text(&self) -> String {
        let head = "# How this console was left. The program writes it; settings belong into config.toml.\n";
        toml::to_string(self).map_or_else(|_| String::new(), |body| [head, &body].concat())
    }

    /// Reads what was written.
    pub fn read(text: &str) -> Result<Self, Unread> {
        let broken = |error: toml::de::Error| Unread::Broken(error.message().to_owned());
        match toml::from_str(text).map_err(broken)? {
            Head { version } if version > VERSION => Err(Unread::Newer(version)),
            Head { .. } => toml::from_str(text).map_err(broken),
        }
    }
}
