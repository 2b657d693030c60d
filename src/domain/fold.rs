//! Full-width forms and the signs of Chinese keyboard layouts, as the ASCII keys that they were typed with; and texts
//! as a search compares them.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// The signs that an input method puts on a key besides their full-width forms: what is on the key, and the key.
/// `、` is on the key of the slash or beside it, depending on the layout; only the slash has a meaning here.
const SIGNS: [(char, char); 22] = [
    ('\u{3000}', ' '),
    ('￥', '$'),
    ('¥', '$'),
    ('﹩', '$'),
    ('。', '.'),
    ('｡', '.'),
    ('﹒', '.'),
    ('、', '/'),
    ('､', '/'),
    ('﹐', ','),
    ('﹖', '?'),
    ('﹗', '!'),
    ('﹕', ':'),
    ('﹫', '@'),
    ('“', '"'),
    ('”', '"'),
    ('‘', '\''),
    ('’', '\''),
    ('【', '['),
    ('】', ']'),
    ('《', '<'),
    ('》', '>'),
];

/// The ASCII twin of a full-width form or of a sign of a Chinese layout; anything else is itself.
pub fn fold(c: char) -> char {
    match c {
        // The block of full-width forms repeats ASCII from `!` to `~`; its yen stands in the table.
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        _ => SIGNS.iter().find(|(sign, _)| *sign == c).map_or(c, |(_, twin)| *twin),
    }
}

/// A whole text so.
pub fn fold_text(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// A text as a search compares it: without regard to case, width or how accents are composed. Accents themselves count,
/// but for the dot of a Turkish `İ`, which is lost between the cases: `İ`, `I`, `ı` and `i` are one letter.
pub fn caseless(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let plain = ComposingNormalizerBorrowed::new_nfkc().normalize_iter(text.chars().map(fold));
    // By way of the capitals, which join what has two small letters (`ς`, `σ`) and spell out `ß`.
    let small = plain.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let mut last = ' ';
    let undotted = small.filter(|&c| {
        let is_dot = c == '\u{307}' && last == 'i';
        last = if is_dot { last } else { c };
        !is_dot
    });
    Cow::Owned(ComposingNormalizerBorrowed::new_nfc().normalize_iter(undotted).collect())
}

/// True when `word`, which is [`caseless`], stands anywhere in `text`. A text in ASCII costs no allocation.
pub fn holds(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return caseless(text).contains(word);
    }
    let text = text.as_bytes();
    let Some((first, rest)) = word.as_bytes().split_first() else { return true };
    let is_here = |(at, byte): (usize, &u8)| {
        byte.to_ascii_lowercase() == *first
            && text.get(at + 1..at + 1 + rest.len()).is_some_and(|part| part.eq_ignore_ascii_case(rest))
    };
    text.iter().enumerate().any(is_here)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a name is written with: Latin with and without accents, Cyrillic, Greek, Turkish, kana of both widths,
    /// hanzi, full width, and accents of their own.
    const LETTERS: &str =
        "[a-zA-ZàéñÀÉÑßœŒžŽа-яА-ЯёЁα-ωΑ-ΩςίΐİIıişŞğĞアｱﾍが王小明Ａ-Ｚａ-ｚ\u{301}\u{307}\u{308} /]{0,12}";

    proptest! {
        #[test]
        fn a_text_is_compared_alike_in_any_case_and_composition(text in LETTERS) {
            use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
            let form = caseless(&text);
            let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(&text);
            let together = ComposingNormalizerBorrowed::new_nfc().normalize(&text);
            for other in [text.to_uppercase(), text.to_lowercase(), apart.into(), together.into(), form.to_string()] {
                prop_assert_eq!(&caseless(&other), &form, "{:?} as {:?}", text, other);
            }
            prop_assert!(holds(&text, &form));
        }
    }

    #[test]
    fn accents_count_and_so_do_the_characters_of_a_name() {
        let check = |text: &str, word: &str, found: bool| {
            assert_eq!(holds(text, &caseless(word)), found, "{word} in {text}");
        };
        check("GARCÍA", "garcía", true);
        check("GARCÍA", "garcia", false);
        check("İSTANBUL", "istanbul", true);
        check("straße", "STRASSE", true);
        check("ｱﾍﾞ", "アベ", true);
        check("王小明", "小明", true);
        check("王小明", "李", false);
        check("A.B", "a。b", true);
        check("LIN/MEIYU", "", true);
        check("LIN", "линь", false);
    }

    #[test]
    fn every_printable_key_has_its_full_width_form_folded() {
        for ascii in '!'..='~' {
            let wide = char::from_u32(u32::from(ascii) + 0xfee0).unwrap();
            assert_eq!((fold(wide), fold(ascii)), (ascii, ascii), "{wide}");
        }
    }

    #[test]
    fn signs_of_chinese_layouts_are_the_keys_they_stand_on() {
        let check = |typed: &str, want: &str| assert_eq!(fold_text(typed), want);
        check("￥／？：！＠", "$/?:!@");
        check("¥、。，\u{3000}", "$/., ");
        check("１２３．５０", "123.50");
        check("１，２３４。５", "1,234.5");
        check("王小明 é ñ ﾃ", "王小明 é ñ ﾃ");
    }
}
