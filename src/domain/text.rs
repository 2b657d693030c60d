//! Text that came from outside, made safe for a terminal once, where it entered.

use std::fmt;

use compact_str::CompactString;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The longest text kept, in characters: whoever types a longer one is told so, what an answer says is cut.
pub const LONGEST: usize = 2_000;

/// More accents than this on one letter are no language's.
const ACCENTS: usize = 3;

/// A text in which nothing can move a cursor, ring a bell, reorder a line or hide: control characters, bidirectional
/// overrides, zero-width and tag characters are gone, and what has no width of its own stands on a letter that has. It is
/// as wide as its characters together. Whatever a view shows from outside is a `Text`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(CompactString);

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
                c if c.is_whitespace() => ' ',
                c if is_harmful(c) => char::REPLACEMENT_CHARACTER,
                c => c,
            })
            .collect();
        Self(steady(&safe).into())
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

/// Characters that change how a terminal shows *other* characters, that show as nothing, or of whose width terminals have
/// different opinions.
fn is_harmful(c: char) -> bool {
    let is_no_character = u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    (c.is_control() && !c.is_whitespace())
        || is_no_character
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{70f}' | '\u{6dd}' | '\u{8e2}' | '\u{feff}'
            | '\u{600}'..='\u{605}' | '\u{890}'..='\u{891}'     // signs that enclose the digits behind them
            | '\u{110bd}' | '\u{110cd}'
            | '\u{115f}'..='\u{1160}' | '\u{3164}' | '\u{ffa0}' // fillers of Hangul
            | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'                          // zero-width and direction marks
            | '\u{202a}'..='\u{202e}'                          // bidirectional embeddings and overrides
            | '\u{2060}'..='\u{206f}'                          // joiners, isolates, deprecated formats
            | '\u{20dd}'..='\u{20e0}' | '\u{20e2}'..='\u{20e4}' // marks that enclose
            | '\u{2800}'                                       // a blank that is no space
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' // variations and tags
            | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{1f3fb}'..='\u{1f3ff}') // tints of the emoji before them
}

/// Makes every cluster of characters as wide as it says: signs without width stay where they belong, on a letter, and
/// not too many of them.
fn steady(safe: &str) -> String {
    const LOST: char = char::REPLACEMENT_CHARACTER;
    let mut steady = String::with_capacity(safe.len());
    for cluster in safe.graphemes(true) {
        let start = steady.len();
        let (mut accents, mut may_have) = (0, ACCENTS);
        for (i, c) in cluster.chars().enumerate() {
            match (i, c.width().unwrap_or_default()) {
                (0, 0) => steady.push(LOST),
                (0, _) => steady.push(c),
                (_, 0) => {
                    accents += 1;
                    if accents <= may_have {
                        steady.push(c);
                    }
                }
                (..) => steady.push(c),
            }
            if i == 0 && matches!(steady.chars().next_back(), Some(' ' | LOST)) {
                may_have = 0;
            }
        }
        if accents > may_have {
            steady.push(LOST);
        }
        separate(&mut steady, start);
    }
    steady
}

/// Some letters are taken for one with the letter before (Arabic lam and alef), where terminals draw two. The width of
/// such a pair would not be that of its parts, so another form of the letter before is taken, or the pair is broken.
fn separate(text: &mut String, start: usize) {
    const LAM: char = '\u{644}';
    const LAM_BEFORE_A_LETTER: char = '\u{fedf}';
    let (before, cluster) = text.split_at(start);
    let Some((at, last)) = before.grapheme_indices(true).next_back() else { return };
    let both = last.width() + cluster.width();
    let pair = text.get(at..).map(UnicodeWidthStr::width);
    if pair == Some(both) && text.get(at..).is_some_and(|pair| pair.graphemes(true).count() == 2) {
        return;
    }
    let other = last.replacen(LAM, LAM_BEFORE_A_LETTER.encode_utf8(&mut [0; 4]), 1);
    let cluster = cluster.to_owned();
    if format!("{other}{cluster}").width() == both {
        text.replace_range(at..start, &other);
    } else {
        text.truncate(start);
        text.push(char::REPLACEMENT_CHARACTER);
    }
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
        check("王\u{3000}小明\u{2003}x", "王 小明 x");
    }

    #[test]
    fn signs_without_width_never_stand_alone() {
        let signs = [
            '\u{34f}',
            '\u{180b}',
            '\u{180c}',
            '\u{180d}',
            '\u{180e}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{e0100}',
            '\u{600}',
            '\u{605}',
            '\u{6dd}',
            '\u{70f}',
            '\u{8e2}',
            '\u{110bd}',
            '\u{115f}',
            '\u{1160}',
            '\u{3164}',
            '\u{ffa0}',
            '\u{17b4}',
            '\u{17b5}',
            '\u{200d}',
            '\u{2060}',
            '\u{2800}',
            '\u{fffa}',
            '\u{1bca0}',
        ];
        for sign in signs {
            let defused = |around: [&str; 2]| {
                let text = Text::new(&format!("{}{sign}{}", around[0], around[1]));
                assert_eq!(
                    text.as_str(),
                    format!("{}\u{fffd}{}", around[0], around[1]),
                    "U+{:x}",
                    sign as u32
                );
            };
            defused(["", ""]);
            defused(["LI", "/MEI"]);
        }
        let check = |raw: &str, want: &str| assert_eq!(Text::new(raw).as_str(), want);
        check("\u{301}JOSE", "\u{fffd}JOSE");
        check("JOSE \u{301}", "JOSE \u{fffd}");
        check("\u{1161}", "\u{fffd}");
        // Letters of Vietnamese, Thai, Hindi and old Korean keep what stands on them.
        for name in ["JOSE\u{301}", "NGUYE\u{302}\u{303}N", "กำ้", "हिन्दी", "\u{1112}\u{1161}\u{11ab}"]
        {
            check(name, name);
        }
        check(&format!("E{}N", "\u{301}".repeat(50)), "E\u{301}\u{301}\u{301}\u{fffd}N");
    }

    fn assert_steady(text: &str) {
        let clusters: Vec<usize> = text.graphemes(true).map(UnicodeWidthStr::width).collect();
        assert!(clusters.iter().all(|width| *width > 0), "{text:?} {clusters:?}");
        assert_eq!(text.width(), clusters.iter().sum::<usize>(), "{text:?} {clusters:?}");
    }

    #[test]
    fn every_character_that_there_is_has_a_width_or_stands_on_one_that_has() {
        // Ideographs and syllables by the ten thousand are all alike.
        let alike = |c: char| matches!(c, '\u{3401}'..='\u{9ffe}' | '\u{ac01}'..='\u{d7a2}' | '\u{e001}'..='\u{f8fe}' | '\u{20000}'..='\u{dffff}' | '\u{e1000}'..);
        for c in ('\0'..=char::MAX).filter(|c| !alike(*c)) {
            for around in
                [["", ""], ["e", "e"], ["\u{644}", "\u{627}"], ["\u{1100}", "\u{1161}"], ["👩", "👩"]]
            {
                assert_steady(&Text::new(&format!("{}{c}{}", around[0], around[1])));
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_harmful_survives(raw in "\\PC{0,40}|[\\x00-\\x1f\\u{80}-\\u{9f}\\u{200b}-\\u{206f}a-z]{0,40}") {
            let safe = Text::new(&raw);
            prop_assert!(safe.chars().all(|c| !is_harmful(c)));
            prop_assert!(safe.chars().count() <= raw.chars().count());
        }

        #[test]
        fn a_text_is_as_wide_as_its_characters(
            raw in "\\PC{0,40}|[\\u{300}-\\u{36f}a-c ]{0,40}|[\\u{600}-\\u{6ff}]{0,40}|[\\u{1100}-\\u{11ff}\\u{a960}-\\u{a97c}\\u{d7b0}-\\u{d7fb}]{0,20}|[\\u{900}-\\u{1cff}]{0,30}|[\\u{1f1e6}-\\u{1f1ff}\\u{1f300}-\\u{1faff}\\u{200d}\\u{fe0f}]{0,20}|[\\u{a4f8}-\\u{a4fd}\\u{2d30}-\\u{2d7f}\\u{10c00}-\\u{10c48}\\u{16d40}-\\u{16d79}]{0,20}",
        ) {
            assert_steady(&Text::new(&raw));
        }
    }
}
