//! Queues of the user's own: names and filters as they stand in the file. What a filter may ask for is not known here; who
//! knows it can say where in the file one is wrong.

use std::{ops::Range, path::PathBuf};

use super::{error::ConfigError, origin::Sourced, place};
use crate::{
    domain::{fold::caseless, triage::Queue},
    lang::{Lang, words},
};

/// So many may there be.
pub(super) const MOST: usize = 32;

/// Columns that a name may take.
pub(super) const LONGEST: usize = 20;

/// A queue of the user's own, as the file says it.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueText {
    /// Its name.
    pub name: Sourced<String>,
    /// Which orders are in it.
    pub filter: String,
    path: PathBuf,
    /// Line and column of the filter, as it is written in the file, quotes included.
    at: (usize, usize),
    written: String,
}

impl QueueText {
    /// A queue whose filter stands at `at` in `text`, which is that of the file at `path`.
    pub(super) fn new(
        name: Sourced<String>,
        filter: String,
        path: PathBuf,
        text: &str,
        at: Range<usize>,
    ) -> Self {
        let written = text.get(at.clone()).unwrap_or_default().to_owned();
        Self { name, filter, path, at: place::position(text, at), written }
    }

    /// What is wrong with its filter, `chars` characters from the start of that.
    pub fn wrong(&self, chars: usize, message: String) -> ConfigError {
        let (line, column) = self.at;
        let before: String = self.written.chars().take(written_before(&self.written, chars)).collect();
        let (lines, last) = place::position(&before, before.len()..before.len());
        let column = if lines == 1 { column + last - 1 } else { last };
        ConfigError::Wrong { path: self.path.clone(), line: line + lines - 1, column, message }
    }
}

/// How many characters of a string as TOML writes it stand before the one that means its character number `chars`.
fn written_before(written: &str, chars: usize) -> usize {
    let letters: Vec<char> = written.chars().collect();
    let is_literal = letters.first() == Some(&'\'');
    let is_long = letters.len() > 5 && letters[..3].iter().all(|quote| *quote == letters[0]);
    let mut at = if is_long { 3 } else { 1 };
    if is_long && letters.get(at) == Some(&'\r') {
        at += 1;
    }
    // A line that ends behind the quotes is no part of the string.
    if is_long && letters.get(at) == Some(&'\n') {
        at += 1;
    }
    for _ in 0..chars {
        at += match (letters.get(at), letters.get(at + 1)) {
            (Some('\\'), Some('x')) if !is_literal => 4,
            (Some('\\'), Some('u')) if !is_literal => 6,
            (Some('\\'), Some('U')) if !is_literal => 10,
            (Some('\\'), _) if !is_literal => 2,
            _ => 1,
        };
    }
    at.min(letters.len())
}

/// The number of the built-in queue that is called so in either language.
pub(super) fn built_in(name: &str) -> Option<usize> {
    let is_called = |queue: &Queue| {
        [Lang::En, Lang::ZhCn].into_iter().any(|lang| {
            let names = [words::queue(lang, *queue), words::queue_short(lang, *queue)];
            names.into_iter().any(|known| caseless(known) == caseless(name))
        })
    };
    Queue::ALL.iter().position(is_called).map(|place| place + 1)
}
