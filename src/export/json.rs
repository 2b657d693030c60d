//! A document as JSON.

use serde::Serialize;

use crate::domain::mask::mask;

/// The document, a line for each of its values, so that what looks like a card number is masked in each by itself.
pub fn json(document: &impl Serialize) -> serde_json::Result<String> {
    let text = serde_json::to_string_pretty(document)?;
    Ok(text.lines().map(|line| mask(line) + "\n").collect())
}
