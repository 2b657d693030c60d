//! What the configuration says of keys: which keys an action has instead of its own. What an action is, and which keys can
//! be had, the console knows.

use std::path::{Path, PathBuf};

use toml::Spanned;

use super::{
    ConfigError,
    file::{Given, KeyName, KeysTable},
    origin::Origin,
    place,
};
use crate::domain::mask::mask;

/// A word of the file, with its place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What stands there.
    pub word: String,
    line: usize,
    column: usize,
}

/// The keys of one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebound {
    /// Its word.
    pub action: Placed,
    /// The keys that it has instead of its own; none takes them away.
    pub keys: Vec<Placed>,
}

/// Which actions have other keys than their own, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyBindings {
    path: PathBuf,
    rebound: Vec<Rebound>,
}

impl KeyBindings {
    /// Those of a table that stands in the file at `path`.
    pub(super) fn of(table: KeysTable, path: &Path, text: &str) -> Self {
        let placed = |word: String, span| {
            let (line, column) = place::position(text, span);
            Placed { word, line, column }
        };
        let mut rebound: Vec<Rebound> = table
            .into_iter()
            .map(|(action, keys)| {
                let span = action.span();
                let key = |key: Spanned<Given<KeyName>>| {
                    let span = key.span();
                    let Given(KeyName(word)) = key.into_inner();
                    placed(word, span)
                };
                Rebound {
                    action: placed(action.into_inner(), span),
                    keys: keys.into_iter().map(key).collect(),
                }
            })
            .collect();
        rebound.sort_by_key(|rebound| (rebound.action.line, rebound.action.column));
        Self { path: path.to_owned(), rebound }
    }

    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = &Rebound> {
        self.rebound.iter()
    }

    /// How many actions have other keys.
    pub fn len(&self) -> usize {
        self.rebound.len()
    }

    /// True when every action has its own.
    pub fn is_empty(&self) -> bool {
        self.rebound.is_empty()
    }

    /// Each as it is read by people: its key in the file, its value, and where it stands.
    pub(super) fn entries(&self) -> impl Iterator<Item = (String, String, Origin)> {
        self.rebound.iter().map(|Rebound { action, keys }| {
            let keys: Vec<&str> = keys.iter().map(|key| &*key.word).collect();
            let origin = Origin::Line(self.path.clone(), action.line);
            (format!("keys.{}", mask(&action.word)), keys.join(" "), origin)
        })
    }

    /// What is wrong at a place.
    pub fn wrong(&self, at: &Placed, message: String) -> ConfigError {
        ConfigError::Wrong { path: self.path.clone(), line: at.line, column: at.column, message }
    }
}
