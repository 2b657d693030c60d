//! Full-width forms and the signs of Chinese keyboard layouts, as the ASCII keys that they were typed with.

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

#[cfg(test)]
mod tests {
    use super::*;

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
