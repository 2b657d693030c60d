//! Where in a file something is wrong, and what may have been meant.

use std::{ops::Range, path::Path};

use super::error::ConfigError;

/// Line and column, both from 1, the column in characters. A mark of the encoding at the start is none.
pub(crate) fn position(text: &str, span: Range<usize>) -> (usize, usize) {
    let before = text.get(..span.start).unwrap_or(text).trim_start_matches('\u{feff}');
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    (before.matches('\n').count() + 1, column + 1)
}

/// What is wrong at a place of the file at `path`.
pub(crate) fn wrong(path: &Path, text: &str, span: Range<usize>, message: String) -> ConfigError {
    let (line, column) = position(text, span);
    ConfigError::Wrong { path: path.to_owned(), line, column, message }
}

/// An unknown word, and which of those that are known may be meant.
pub(crate) fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(nearest) => format!("unknown {what} `{word}`; did you mean `{nearest}`?"),
        None => format!("unknown {what} `{word}`; expected one of {}", known.join(", ")),
    }
}

/// The known word nearest to `word`, if any is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let near_enough = word.chars().count().div_ceil(3).max(1);
    known
        .iter()
        .map(|&candidate| (edits(word, candidate), candidate))
        .filter(|&(edits, _)| edits <= near_enough)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many characters must be put in, taken out, changed or swapped with their neighbour to make `a` into `b`.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut fewest = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                fewest = fewest.min(before_last[j - 1] + 1);
            }
            row.push(fewest);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}
