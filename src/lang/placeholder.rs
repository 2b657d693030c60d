//! What stands between braces in a text: `{count}` is a value, `{count:order|orders}` the word for one or for any other
//! number.

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
