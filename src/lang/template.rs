//! Texts with values in them.

use super::Lang;

/// A value by its name.
pub(super) type Value<'a> = (&'a str, String);

/// The text of `section.word`, with the values filled in.
pub(super) fn fill(lang: Lang, section: &str, word: &str, values: &[Value<'_>]) -> String {
    let key = format!("{section}.{word}");
    let text = lang.find(&key).unwrap_or_default().to_owned();
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
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
