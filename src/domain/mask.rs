//! The last line of defence for card numbers: whatever looks like one is masked before it is written anywhere.
//!
//! A card number is 13 to 19 digits that pass the Luhn check, however they are written: in the digits of any script,
//! and with spaces, dashes, dots or other marks between their groups, several in a row too. In doubt a number is
//! masked; what is known to be none (an order number, a date with its time) is left whole.

use std::ops::Range;

use super::card::CardBrand;

/// So many digits make a card number.
const LENGTHS: Range<usize> = 13..20;

/// The last digits, which may be shown.
const SHOWN: usize = 4;

/// At most so many marks stand between two groups of one number.
const MARKS: usize = 4;

/// Where the decimal digits of a script begin (Unicode general category Nd); each has ten in a row.
const ZEROS: [u32; 35] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0xa620, 0xa8d0,
    0xff10, 0x1_d7ce, 0x1_d7d8, 0x1_d7e2, 0x1_d7ec, 0x1_d7f6, 0x1_fbf0,
];

/// `text` with every card number in it replaced by stars and its last four digits.
pub fn mask(text: &str) -> String {
    masked(text).unwrap_or_else(|| text.to_owned())
}

/// True when [`mask`] would change `text`.
pub fn holds_card_number(text: &str) -> bool {
    !is_numbered_by_time(text.as_bytes()) && !hidden(text).1.is_empty()
}

/// True for letters with one number by time between them, and nothing else: what most order numbers are, of which a journal
/// holds millions. They hold no card number by the rule of [`numbered_by_time`].
fn is_numbered_by_time(text: &[u8]) -> bool {
    let Some(start) = text.iter().position(|byte| !byte.is_ascii_alphabetic()) else { return false };
    let (_, rest) = text.split_at(start);
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, tail) = rest.split_at(length);
    let has_letter = start > 0 || !tail.is_empty();
    let value = |part: Range<usize>| {
        let digits = number.get(part)?;
        digits.iter().try_fold(0, |value, digit| Some(value * 10 + u32::from(digit.checked_sub(b'0')?)))
    };
    let [year, month, day] = [0..4, 4..6, 6..8].map(|part| value(part).unwrap_or_default());
    (13..=17).contains(&length)
        && has_letter
        && tail.iter().all(u8::is_ascii_alphabetic)
        && is_date(year, month, day)
}

/// The last four digits of the first card number in `text`, in ASCII, if there is one.
pub fn last_four(text: &str) -> Option<String> {
    let (chars, hidden) = hidden(text);
    let mut places = hidden.iter().copied();
    let first = places.next()?;
    // Digits of the same number have nothing but marks between them.
    let last = places.fold(first, |last, place| {
        let between = chars.get(last..place).unwrap_or_default();
        if between.iter().skip(1).all(|c| digit(*c).is_none()) { place } else { last }
    });
    let tail = chars.iter().skip(last + 1).filter_map(|c| digit(*c)).take(SHOWN);
    Some(tail.filter_map(|digit| char::from_digit(digit, 10)).collect())
}

/// What [`mask`] makes of `text`, if that is anything else.
pub fn masked(text: &str) -> Option<String> {
    let (mut chars, hidden) = hidden(text);
    for place in &hidden {
        chars[*place] = '*';
    }
    (!hidden.is_empty()).then(|| chars.into_iter().collect())
}

/// The characters of `text`, and the places of those that [`mask`] hides, in order.
fn hidden(text: &str) -> (Vec<char>, Vec<usize>) {
    // Every digit of a card number takes a byte at least: short texts are most of them.
    if text.len() < LENGTHS.start || text.chars().filter(|c| digit(*c).is_some()).count() < LENGTHS.start {
        return Default::default();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut hidden = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let run = Run::read(&chars, at);
        at = run.end.max(at + 1);
        hidden.extend(run.card_numbers());
    }
    (chars, hidden)
}

/// The value of a decimal digit of any script.
fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = u32::from(c);
    ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10))
}

/// The length of one mark between groups that begins at `at`, written out or escaped (`\u00a0`, `\u{a0}`, `\t`, `%20`).
fn mark(chars: &[char], at: usize) -> Option<usize> {
    let rest = chars.get(at..)?;
    let is_hex = |digits: &[char]| digits.iter().all(char::is_ascii_hexdigit);
    match rest {
        ['\\', 'u', '{', tail @ ..] => {
            let end = tail.iter().take(7).position(|c| *c == '}')?;
            is_hex(&tail[..end]).then_some(end + 4)
        }
        ['\\', 'u', a, b, c, d, ..] if is_hex(&[*a, *b, *c, *d]) => Some(6),
        ['\\', 'n' | 'r' | 't', ..] => Some(2),
        ['%', '2', '0' | 'C' | 'D' | 'E' | 'F', ..] => Some(3),
        // What was masked before stays apart from what follows.
        [c, ..] if *c != '*' && !c.is_alphanumeric() => Some(1),
        _ => None,
    }
}

/// Digits that belong together: groups with nothing but a few marks between them.
struct Run {
    /// Value and place of each digit, and whether it begins a group.
    digits: Vec<(u32, usize, bool)>,
    /// Where the next run may begin.
    end: usize,
}

impl Run {
    fn read(chars: &[char], start: usize) -> Self {
        let mut run = Self { digits: Vec::new(), end: start };
        let mut at = start;
        loop {
            if let Some(end) = known_whole(chars, at) {
                // It stands for itself: what comes before and after it are two runs.
                run.end = if run.digits.is_empty() { end } else { at };
                return run;
            }
            let group = at;
            while let Some(value) = chars.get(at).copied().and_then(digit) {
                run.digits.push((value, at, at == group));
                at += 1;
            }
            if at == group {
                return run;
            }
            run.end = at;
            let marks = (0..MARKS).map_while(|_| mark(chars, at).inspect(|length| at += length)).count();
            if marks == 0 {
                return run;
            }
        }
    }

    /// The places to mask: all but the last four digits of each stretch that could be a card number. It consists of whole
    /// groups, or begins and is as long as the cards of a brand; in a group that is too long to be a number itself, one
    /// may hide anywhere.
    fn card_numbers(&self) -> Vec<usize> {
        let begins = |i: usize| self.digits.get(i).is_none_or(|(_, _, begins)| *begins);
        let is_long = (0..self.digits.len())
            .any(|i| i + LENGTHS.end <= self.digits.len() && (i + 1..i + LENGTHS.end).all(|i| !begins(i)));
        let mut hidden = vec![false; self.digits.len()];
        for from in 0..self.digits.len() {
            for end in LENGTHS.map(|length| from + length) {
                let Some(stretch) = self.digits.get(from..end) else { break };
                let is_whole = begins(from) && begins(end);
                if (is_whole || is_long || is_of_a_brand(stretch)) && passes_luhn(stretch) {
                    hidden[from..end - SHOWN].fill(true);
                }
            }
        }
        self.digits
            .iter()
            .zip(hidden)
            .filter_map(|((_, place, _), hidden)| hidden.then_some(*place))
            .collect()
    }
}

/// True when cards with these first digits have this many.
fn is_of_a_brand(digits: &[(u32, usize, bool)]) -> bool {
    let head: Vec<u8> = digits
        .iter()
        .take(4)
        .filter_map(|(digit, ..)| u8::try_from(*digit).ok().map(|digit| b'0' + digit))
        .collect();
    match CardBrand::of_digits(&head) {
        Some(CardBrand::Visa) => matches!(digits.len(), 13 | 16 | 19),
        Some(CardBrand::Amex) => digits.len() == 15,
        Some(CardBrand::MasterCard) => digits.len() == 16,
        Some(CardBrand::DinersClub) => digits.len() >= 14,
        Some(CardBrand::Discover | CardBrand::Jcb) => digits.len() >= 16,
        // UnionPay, which no method here takes.
        None => head.starts_with(b"62") && digits.len() >= 16,
    }
}

fn passes_luhn(digits: &[(u32, usize, bool)]) -> bool {
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, (digit, ..))| if i % 2 == 0 { *digit } else { doubled(*digit) })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|(digit, ..)| *digit != 0)
}

/// The end of what begins at `at`, if it is known to be no card number.
fn known_whole(chars: &[char], at: usize) -> Option<usize> {
    if at > 0 && chars.get(at - 1).is_some_and(char::is_ascii_digit) {
        return None;
    }
    numbered_by_time(chars, at).or_else(|| date_and_time(chars, at))
}

/// Orders and notifications are numbered by their moment of creation: `yyyyMMddHHmmss` and a fraction of up to three digits,
/// with letters before or behind, in any case; while one is typed its last digit may be missing. People search for them
/// without their letters too, and then the time of day must be one. One in ten of them passes the check by chance.
fn numbered_by_time(chars: &[char], at: usize) -> Option<usize> {
    let length = chars.get(at..)?.iter().take_while(|c| c.is_ascii_digit()).count();
    let number = chars.get(at..at + length).filter(|_| (13..=17).contains(&length))?;
    let is_letter =
        |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_alphabetic);
    let has_letter = is_letter(at.checked_sub(1)) || is_letter(Some(at + length));
    let [year, month, day, hour, minute] =
        [0..4, 4..6, 6..8, 8..10, 10..12].map(|part| number.get(part).and_then(two_or_four));
    let is_moment = is_date(year?, month?, day?) && (has_letter || (hour? < 24 && minute? < 60));
    is_moment.then_some(at + length)
}

/// `2026-11-22 13:58:02`, with other marks or `T`, and with a fraction.
fn date_and_time(chars: &[char], at: usize) -> Option<usize> {
    const SHAPE: &[u8] = b"0000-00-00 00:00:00";
    let found = chars.get(at..at + SHAPE.len())?;
    let fits = found.iter().zip(SHAPE).all(|(c, shape)| match shape {
        b'0' => c.is_ascii_digit(),
        b'-' => matches!(c, '-' | '/' | '.'),
        b' ' => matches!(c, ' ' | 'T' | 't'),
        _ => *c == ':',
    });
    let [year, month, day] = [0..4, 5..7, 8..10].map(|part| found.get(part).and_then(two_or_four));
    let end = at + SHAPE.len();
    let fraction = match chars.get(end..) {
        Some(['.' | ',', rest @ ..]) => fraction(rest).map_or(0, |length| 1 + length),
        _ => 0,
    };
    (fits && is_date(year?, month?, day?)).then_some(end + fraction)
}

/// How many digits of a fraction of a second stand here. None where they may as well begin a number of their own, as in a
/// line of values that commas divide.
fn fraction(rest: &[char]) -> Option<usize> {
    let length = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = length;
    let marks = (0..MARKS).map_while(|_| mark(rest, at).inspect(|length| at += length)).count();
    let goes_on = marks > 0 && rest.get(at).copied().and_then(digit).is_some();
    ((1..=9).contains(&length) && !goes_on).then_some(length)
}

fn two_or_four(digits: &[char]) -> Option<u32> {
    digits.iter().try_fold(0, |number, c| Some(number * 10 + c.to_digit(10)?))
}

/// No card number begins with 19 or 20.
fn is_date(year: u32, month: u32, day: u32) -> bool {
    (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_by_time_is_known_by_a_look_at_its_bytes_as_it_is_by_the_rule(
            text in "[A-Z]{0,3}(19|20|21)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3,11}[a-z]{0,2}[-1]?",
        ) {
            if is_numbered_by_time(text.as_bytes()) {
                prop_assert!(hidden(&text).1.is_empty(), "{}", text);
            }
        }
    }

    #[test]
    fn an_order_number_is_none_while_it_is_typed_in_any_case() {
        for n in 0..200 {
            let number = format!("TESTA20261127{:09}", 93_013_183 + n * 7_919);
            for end in 1..=number.len() {
                let typed = number.get(..end).unwrap();
                assert!(!holds_card_number(typed), "{typed}");
                assert!(!holds_card_number(&typed.to_ascii_lowercase()), "{typed}");
            }
        }
    }

    #[test]
    fn the_digits_of_an_order_number_are_none_without_its_letters_but_a_time_that_is_none_is() {
        for n in 0..200 {
            let number = format!("20261127{:09}", 93_013_183 + n * 7_919 % 10_000_000);
            assert!(!holds_card_number(&number), "{number}");
        }
        let no_time = (0..10).filter(|check| holds_card_number(&format!("2026112793013183{check}")));
        assert_eq!(no_time.count(), 1);
    }

    #[test]
    fn the_last_four_digits_are_those_of_the_first_number() {
        let check = |text: &str, want: Option<&str>| assert_eq!(last_four(text).as_deref(), want, "{text}");
        check("card 4532 0151 1283 0366, not 4111111111111111", Some("0366"));
        check("４５３２０１５１１２８３０３６６", Some("0366"));
        check("4532-0151-1283-0366 and 378282246310005", Some("0366"));
        check("TESTA20261103141502317", None);
        check("", None);
    }

    #[test]
    fn card_numbers_are_masked_and_other_numbers_are_not() {
        let check = |line: &str, want: &str| assert_eq!(mask(line), want);
        check("card 4111111111111111 sent", "card ************1111 sent");
        check("card 4111 1111 1111 1111, 王", "card **** **** **** 1111, 王");
        check("4111-1111-1111-1111", "****-****-****-1111");
        check("amex 378282246310005", "amex ***********0005");
        check("4111111111111112 fails the check", "4111111111111112 fails the check");
        check("12 4111 1111 1111 1111 35", "12 **** **** **** 1111 35");
        check("TESTA20261103141502317 asked", "TESTA20261103141502317 asked");
        check("TESTA20261103141502310 asked", "TESTA20261103141502310 asked");
        check("20261103141502310ABCDE told", "20261103141502310ABCDE told");
        check("TESTA20261103141502 TESTA2026110314150237", "TESTA20261103141502 TESTA2026110314150237");
        check("TESTA4111111111111111", "TESTA************1111");
        check("TESTA41111111111111110", "TESTA************11110");
        check("94111111111111111", "9************1111");
        check("at 2026-11-23T03:26:39Z, 12 orders", "at 2026-11-23T03:26:39Z, 12 orders");
        check("", "");
    }

    #[test]
    fn a_card_number_is_known_however_it_is_spaced_and_in_the_digits_of_any_script() {
        for mark in [
            " ", "-", ".", "_", "/", ",", ":", "\t", "\n", "\u{a0}", "\u{2007}", "\u{202f}", "\u{3000}",
            "\u{2013}", "\u{2212}", "\u{200b}", "\u{feff}", "  ", " - ", "- -", "....", "\\u00a0", "\\u{a0}",
            "%20", "\\n",
        ] {
            let spaced = ["4111", "1111", "1111", "1111"].join(mark);
            let want = ["****", "****", "****", "1111"].join(mark);
            assert_eq!(mask(&format!("x{spaced}x")), format!("x{want}x"), "{mark:?}");
        }
        for zero in ZEROS {
            let digits: String =
                "4111111111111111".chars().filter_map(|c| char::from_u32(zero + c.to_digit(10)?)).collect();
            assert!(mask(&digits).starts_with("************"), "{digits}");
        }
    }

    #[test]
    fn a_card_number_right_behind_a_time_is_no_fraction_of_its_second() {
        for mark in [",", "."] {
            for number in
                ["4532015112830366", "4532 0151 1283 0366", "4532-0151-1283-0366", "378282 246310005"]
            {
                let masked = mask(&format!("2026-11-22 13:58:02{mark}{number}{mark}09/28"));
                let stars = masked.chars().filter(|c| *c == '*').count();
                assert!(masked.starts_with("2026-11-22 13:58:02") && stars >= 11, "{masked}");
            }
        }
    }

    #[test]
    fn a_time_is_never_taken_for_a_card_number() {
        for second in 0..60 {
            for line in [
                format!("due 2026-11-22 13:58:{second:02}, then 2026/11/22T14:00:{second:02}.123"),
                format!("at 2026-11-22T13:58:{second:02}.1234567{second:02}Z"),
                format!("TESTA202611221358{second:02}207, TESTA202611221400{second:02}999"),
            ] {
                assert_eq!(mask(&line), line);
            }
        }
    }

    /// A number of 13 to 19 digits whose last one is right. None begins with the year of a moment.
    fn card_number() -> impl Strategy<Value = String> {
        (13_usize..=19, "(1[0-8]|2[1-9]|[3-9][0-9])[0-9]{17}").prop_map(|(length, digits)| {
            let body: String = digits.chars().take(length - 1).collect();
            let check = (0..10).find(|check| {
                let digits: Vec<_> = format!("{body}{check}")
                    .chars()
                    .filter_map(|c| Some((c.to_digit(10)?, 0, false)))
                    .collect();
                passes_luhn(&digits)
            });
            format!("{body}{}", check.unwrap_or_default())
        })
    }

    proptest! {
        #[test]
        fn no_card_number_survives_whatever_stands_around_it(
            number in card_number(), cuts in proptest::collection::btree_set(1_usize..18, 0..5),
            mark in "[ ./_\u{a0}-]{1,3}", before in "[a-z0-9 ]{0,9}[a-z]|([0-9]{1,4} ){0,6}", after in "[a-z ][a-z0-9 ]{0,9}",
        ) {
            let mut spaced = String::new();
            for (i, c) in number.chars().enumerate() {
                if cuts.contains(&i) {
                    spaced.push_str(&mark);
                }
                spaced.push(c);
            }
            let masked = mask(&format!("{before}{spaced}{after}"));
            let digits: String = masked.chars().filter(char::is_ascii_digit).collect();
            let hidden = number.get(..number.len() - SHOWN).unwrap_or_default();
            prop_assert!(!digits.contains(hidden), "{masked}");
        }
    }
}
