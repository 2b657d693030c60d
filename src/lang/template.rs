//! Texts with values in them. `{count}` is the value, `{count:order|orders}` the word for one or for any other number.

use super::Lang;

/// A value by its name.
pub(super) type Value<'a> = (&'a str, String);

/// The text of `section.word`, with the values filled in.
pub(super) fn fill(lang: Lang, section: &str, word: &str, values: &[Value<'_>]) -> String {
    let key = format!("{section}.{word}");
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    filled(lang.find(&key).unwrap_or_default(), value)
}

/// `text` with each `{name}` replaced by its value, and each `{name:one|other}` by the words for that many. What is not
/// known stays as it is.
pub(super) fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut done = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        done.push_str(before);
        let (name, words) =
            inside.split_once(':').map_or((inside, None), |(name, words)| (name, Some(words)));
        match (value(name), words.and_then(|words| words.split_once('|'))) {
            (Some(value), None) => done.push_str(&value),
            (Some(count), Some((one, other))) => done.push_str(if count == "1" { one } else { other }),
            (None, _) => done.extend(["{", inside, "}"]),
        }
        rest = after;
    }
    done + rest
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_their_places_and_words_agree_with_their_number() {
        let check = |text: &str, count: &str, want: &str| {
            let value = |name: &str| (name == "count").then(|| count.to_owned());
            assert_eq!(filled(text, value), want);
        };
        check("{count} {count:order|orders} left", "1", "1 order left");
        check("{count} {count:order|orders} left", "0", "0 orders left");
        check("{count} {count:order|orders} left", "21", "21 orders left");
        check("{count:One is|Some are} left", "2", "Some are left");
        check("still {other} of {count}", "{count}", "still {other} of {count}");
        check("open {count", "1", "open {count");
    }
}
