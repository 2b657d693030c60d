//! How names and post codes are written: composed where they are taken in, and what of them a field does not take.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// A longer text has no suggestion: what long text somebody put into a field is nothing to say again.
const LONGEST_SUGGESTION: usize = 40;

/// `text` in Unicode's composed form (NFC): who types or sends `JOSE` and an accent of its own means `JOSÉ`.
pub fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// The first character that a field does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The character.
    pub sign: char,
    /// Where it stands, counted in characters from 1.
    pub at: usize,
    /// The whole text as the field takes it, where there is one plain way to write it.
    pub instead: Option<Box<str>>,
}

impl Unfit {
    /// Looks for it; `fits` says which characters the field takes. The suggestion has no digit that `text` has not.
    pub fn find(text: &str, fits: impl Fn(char) -> bool) -> Option<Self> {
        let (at, sign) = (1..).zip(text.chars()).find(|(_, c)| !fits(*c))?;
        Some(Self { sign, at, instead: respelled(text, fits) })
    }
}

fn respelled(text: &str, fits: impl Fn(char) -> bool) -> Option<Box<str>> {
    let apart = DecomposingNormalizerBorrowed::new_nfkd();
    let mut plain = String::new();
    for c in text.chars() {
        if fits(c) {
            plain.push(c);
            continue;
        }
        // An accent without a letter comes apart into a blank and the accent.
        if is_left_out(c) {
            continue;
        }
        // A letter and its accents, or the plain form of a wide one.
        for part in apart.normalize(c.encode_utf8(&mut [0; 4])).chars() {
            if fits(part) {
                plain.push(part);
            } else {
                plain.push_str(spelled(part)?);
            }
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    let plain = words.join(" ");
    (!plain.is_empty() && plain.chars().count() <= LONGEST_SUGGESTION).then(|| plain.into_boxed_str())
}

/// A character by plainer ones, as machine-readable documents spell it (ICAO Doc 9303, part 3, section 6), which is
/// how cards are embossed. `None` where a person must decide, as for another script.
fn spelled(c: char) -> Option<&'static str> {
    let plain = match c {
        _ if is_left_out(c) => "",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        'Đ' => "D",
        'đ' => "d",
        'Ħ' => "H",
        'ħ' => "h",
        'ı' => "i",
        'Ł' => "L",
        'ł' => "l",
        'Œ' => "OE",
        'œ' => "oe",
        'Ŧ' => "T",
        'ŧ' => "t",
        'ẞ' => "SS",
        _ if c.is_whitespace() => " ",
        _ => return None,
    };
    Some(plain)
}

/// Apostrophes, stops, accents, and what has no width.
fn is_left_out(c: char) -> bool {
    matches!(c,
        '\'' | '`' | '´' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2b9}'..='\u{2bf}'
        | '.' | ',' | '·'
        | '\u{300}'..='\u{36f}'
        | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_letter(c: char) -> bool {
        c.is_ascii_alphabetic() || matches!(c, '-' | ' ' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ')
    }

    #[test]
    fn a_letter_and_its_accent_are_one_letter() {
        assert_eq!(composed("JOSE\u{301}"), "JOSÉ");
        assert_eq!(composed("n\u{303}A\u{30a}u\u{308}"), "ñÅü");
        assert_eq!(composed("e\u{302}\u{301}"), "ế");
        assert_eq!(composed("Q\u{303}"), "Q\u{303}", "there is no such letter");
        assert_eq!(composed("plain 李"), "plain 李");
    }

    #[test]
    fn what_does_not_fit_is_placed_and_spelled_where_there_is_one_way() {
        let check = |text: &str, sign: char, at: usize, instead: Option<&str>| {
            let found = Unfit::find(&composed(text), is_letter);
            assert_eq!(found, Some(Unfit { sign, at, instead: instead.map(Into::into) }), "{text}");
        };
        check("O'BRIEN", '\'', 2, Some("OBRIEN"));
        check("O\u{2019}Brien", '\u{2019}', 2, Some("OBrien"));
        check("D`ARC", '`', 2, Some("DARC"));
        check("D´ARC", '´', 2, Some("DARC"));
        check("ST. JOHN", '.', 3, Some("ST JOHN"));
        check("SMITH, JR", ',', 6, Some("SMITH JR"));
        check("SMITH\u{2013}JONES", '\u{2013}', 6, Some("SMITH-JONES"));
        check("DE\u{a0}LEÓN", '\u{a0}', 3, Some("DE LEÓN"));
        check("A\tB", '\t', 2, Some("A B"));
        check("ERDŐS", 'Ő', 4, Some("ERDOS"));
        check("Wałęsa", 'ł', 3, Some("Walesa"));
        check("Nguyễn", 'ễ', 5, Some("Nguyen"));
        check("ĐẶNG", 'Đ', 1, Some("DANG"));
        check("Œuvre", 'Œ', 1, Some("OEuvre"));
        check("YILDIZ\u{200b}", '\u{200b}', 7, Some("YILDIZ"));
        check("İnci Işık", 'İ', 1, Some("Inci Isik"));
        check("Q\u{303}A", '\u{303}', 2, Some("QA"));
        check("ＬＩＭ", 'Ｌ', 1, Some("LIM"));
        check("O＇NEIL", '＇', 2, Some("ONEIL"));
        check("ﬁeld", 'ﬁ', 1, Some("field"));
        // A person decides.
        check("李小龙", '李', 1, None);
        check("IVANOV Пётр", 'П', 8, None);
        check("R2D2", '2', 2, None);
        check("R２D", '２', 2, None);
        check("SANTOS/ANA", '/', 7, None);
        check("\u{202e}ANA", '\u{202e}', 1, None);
        check("'", '\'', 1, None);
        check(&"O'".repeat(41), '\'', 2, None);
    }
}
