//! Texts whose keys are made at run time, with values in them.

use super::{Lang, placeholder::filled};

/// A value by its name.
pub(super) type Value<'a> = (&'a str, String);

/// The text of `section.word`, with the values filled in.
pub(super) fn fill(lang: Lang, section: &str, word: &str, values: &[Value<'_>]) -> String {
    let key = format!("{section}.{word}");
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    filled(lang.find(&key).unwrap_or_default(), value)
}

/// `methodNotOffered` → `method_not_offered`: state words are camelCase in JSON, keys are not.
pub(super) fn snake(word: &str) -> String {
    let mut snake = String::with_capacity(word.len() + 4);
    for c in word.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
