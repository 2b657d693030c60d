//! Queues of the user's own: names and filters as they stand in the file. What a filter may ask for is not known here; who
//! knows it can say where in the file one is wrong.

use std::path::PathBuf;

use serde::Deserialize;
use toml::{Spanned, Value};
use unicode_width::UnicodeWidthStr;

use super::{error::ConfigError, file::Entry, origin::Sourced, place, readable::Readable, source::Source};
use crate::{
    domain::{fold::caseless, triage::Queue},
    lang::{Lang, words},
};

/// So many may there be.
const MOST: usize = 32;

/// Columns that a name may take.
const LONGEST: usize = 20;

/// `[[queues]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct QueueTable {
    name: Entry<QueueName>,
    filter: Entry<FilterText>,
}

/// The name of a queue.
#[derive(Debug)]
struct QueueName(String);

impl Readable for QueueName {
    fn expected() -> String {
        format!("a name of 1 to {LONGEST} columns on one line, such as \"TR now\"")
    }
    fn read(value: &Value) -> Option<Self> {
        let name = value.as_str()?.trim();
        let is_plain = !name.is_empty() && !name.chars().any(char::is_control) && name.width() <= LONGEST;
        is_plain.then(|| Self(name.to_owned()))
    }
}

/// The text of a filter.
#[derive(Debug)]
struct FilterText(String);

impl Readable for FilterText {
    fn expected() -> String {
        "a filter such as \"airline:TR status:unpaid\"".into()
    }
    fn read(value: &Value) -> Option<Self> {
        value.as_str().filter(|text| !text.trim().is_empty()).map(|text| Self(text.to_owned()))
    }
}

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

impl Source<'_> {
    /// The queues of the user's own; each has a name that no other queue has, and a filter.
    pub(super) fn queues(&self, tables: Vec<Spanned<QueueTable>>) -> Result<Vec<QueueText>, ConfigError> {
        let mut queues: Vec<QueueText> = Vec::with_capacity(tables.len());
        for table in tables {
            let whole = table.span();
            let QueueTable { name, filter } = table.into_inner();
            let missing = |key: &str, expected: String| {
                self.wrong(whole.clone(), format!("[[queues]] has no {key}; expected {expected}"))
            };
            if queues.len() == MOST {
                return Err(self.wrong(whole, format!("more than {MOST} [[queues]]; expected {MOST} at most")));
            }
            let name_at = name.as_ref().map(Spanned::span).unwrap_or_default();
            let name = self.given(name).ok_or_else(|| missing("name", QueueName::expected()))?.map(|name| name.0);
            if let Some(built_in) = built_in(&name) {
                let message = format!("\"{}\" is the name of the queue {built_in} already; expected another", *name);
                return Err(self.wrong(name_at, message));
            }
            if let Some(other) = queues.iter().find(|other| caseless(&other.name) == caseless(&name)) {
                let message = format!(
                    "there are two queues \"{}\" (the other: {}); expected another name",
                    *name, other.name.origin
                );
                return Err(self.wrong(name_at, message));
            }
            let filter_at = filter.as_ref().map(Spanned::span).unwrap_or_default();
            let filter = self.given(filter).ok_or_else(|| missing("filter", FilterText::expected()))?;
            queues.push(QueueText {
                name,
                filter: filter.value.0,
                path: self.path.clone(),
                at: place::position(self.text, filter_at.clone()),
                written: self.text.get(filter_at).unwrap_or_default().to_owned(),
            });
        }
        Ok(queues)
    }
}

/// The number of the built-in queue that is called so in either language.
fn built_in(name: &str) -> Option<usize> {
    let is_called = |queue: &Queue| {
        [Lang::En, Lang::ZhCn].into_iter().any(|lang| {
            let names = [words::queue(lang, *queue), words::queue_short(lang, *queue)];
            names.into_iter().any(|known| caseless(known) == caseless(name))
        })
    };
    Queue::ALL.iter().position(is_called).map(|place| place + 1)
}
