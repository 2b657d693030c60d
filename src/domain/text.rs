//! Text that came from outside, made safe for a terminal once, where it entered.

use std::fmt;

/// The longest text kept from one field of an answer, in characters.
const LONGEST: usize = 2_000;

/// A text in which nothing can move a cursor, ring a bell, reorder a line or hide: control characters,
/// bidirectional overrides, zero-width and tag characters are gone. Whatever a view shows from outside is a `Text`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(Box<str>);

impl Text {
    /// Makes `raw` safe. White space of every kind becomes one space; what is stripped leaves `U+FFFD`,
    /// so that a tampered name never looks like a clean one.
    pub fn new(raw: &str) -> Self {
        if raw.len() <= LONGEST && raw.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Self(raw.trim().into());
        }
        let safe: String = raw
            .trim()
            .chars()
            .take(LONGEST)
            .map(|c| match c {
                '\t' | '\n' | '\r' | '\u{a0}' | '\u{2028}' | '\u{2029}' => ' ',
                c if is_harmful(c) => char::REPLACEMENT_CHARACTER,
                c => c,
            })
            .collect();
        Self(safe.into())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when nothing was left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Characters that change how a terminal shows *other* characters, or that show as nothing.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}'      // zero-width and direction marks
            | '\u{202a}'..='\u{202e}'      // bidirectional embeddings and overrides
            | '\u{2060}'..='\u{206f}'      // joiners, isolates, deprecated formats
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl std::ops::Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_and_direction_overrides_are_defused() {
        let check = |raw: &str, want: &str| assert_eq!(Text::new(raw).as_str(), want);
        check("ZHANG/SAN", "ZHANG/SAN");
        check("  王小明 ", "王小明");
        check("a\x1b]52;c;aGk=\x07b", "a\u{fffd}]52;c;aGk=\u{fffd}b");
        check("pay\u{202e}elba", "pay\u{fffd}elba");
        check("two\nlines\tand tab", "two lines and tab");
        check("\u{9b}31m", "\u{fffd}31m");
    }

    proptest! {
        #[test]
        fn nothing_harmful_survives(raw in "\\PC{0,40}|[\\x00-\\x1f\\u{80}-\\u{9f}\\u{200b}-\\u{206f}a-z]{0,40}") {
            let safe = Text::new(&raw);
            prop_assert!(safe.chars().all(|c| !is_harmful(c)));
            prop_assert!(safe.chars().count() <= raw.chars().count());
        }
    }
}
