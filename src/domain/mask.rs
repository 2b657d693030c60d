//! The last line of defence for card numbers: whatever looks like one is masked before it is written anywhere.

/// Replaces every run of 13 to 19 digits that passes the Luhn check, with single spaces or dashes inside allowed, by
/// stars and its last four digits. Longer runs are searched too: a number may stand right beside other digits.
pub fn mask(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut start = 0;
    while start < chars.len() {
        let end = run_end(&chars, start);
        let places: Vec<usize> = (start..end).filter(|&i| chars[i].is_ascii_digit()).collect();
        mask_run(&mut chars, &places);
        start = end.max(start + 1);
    }
    chars.into_iter().collect()
}

/// The end of the run of digits that starts at `start`; separators count only between two digits.
fn run_end(chars: &[char], start: usize) -> usize {
    let mut end = start;
    loop {
        match chars.get(end..) {
            Some([digit, ..]) if digit.is_ascii_digit() => end += 1,
            Some([' ' | '-', digit, ..]) if end > start && digit.is_ascii_digit() => end += 2,
            _ => return end,
        }
    }
}

/// Masks each stretch of the run that could be a card number, the longest first. A stretch consists of whole groups,
/// except in a group that is too long to be a number itself.
fn mask_run(chars: &mut [char], places: &[usize]) {
    let digits: Vec<u32> = places.iter().filter_map(|&i| chars[i].to_digit(10)).collect();
    if is_order_number(chars, places) {
        return;
    }
    let is_one_group = |from: usize, to: usize| places[to] - places[from] == to - from;
    let begins_group = |i: usize| i == 0 || !is_one_group(i - 1, i);
    // Too long to be one number: one may hide anywhere in it.
    let is_long = (0..places.len()).any(|i| i + 19 < places.len() && is_one_group(i, i + 19));
    let may_begin = |i: usize| is_long || begins_group(i);
    let may_end = |end: usize| is_long || end == places.len() || begins_group(end);
    let mut from = 0;
    while from + 13 <= digits.len() {
        let fits = |length: &usize| {
            let end = from + length;
            end <= digits.len() && may_begin(from) && may_end(end) && passes_luhn(&digits[from..end])
        };
        match (13..=19).rev().find(fits) {
            Some(length) => {
                for &place in &places[from..from + length - 4] {
                    chars[place] = '*';
                }
                from += length;
            }
            None => from += 1,
        }
    }
}

/// An order number ends in its moment of creation, 17 digits of which one in ten passes the check by chance.
fn is_order_number(chars: &[char], places: &[usize]) -> bool {
    let [first, .., last] = places else { return false };
    let follows_a_letter = first.checked_sub(1).is_some_and(|i| chars[i].is_ascii_uppercase());
    follows_a_letter && last - first == 16 && chars.get(*first..first + 2) == Some(&['2', '0'])
}

fn passes_luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &digit)| if i % 2 == 0 { digit } else { doubled(digit) })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|&digit| digit != 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn card_numbers_are_masked_and_other_numbers_are_not() {
        let check = |line: &str, want: &str| assert_eq!(mask(line), want);
        check("card 4111111111111111 sent", "card ************1111 sent");
        check("card 4111 1111 1111 1111, 王", "card **** **** **** 1111, 王");
        check("4111-1111-1111-1111", "****-****-****-1111");
        check("amex 378282246310005", "amex ***********0005");
        check("4111111111111112 fails the check", "4111111111111112 fails the check");
        check("12 4111 1111 1111 1111 35", "12 **** **** **** 1111 35");
        check("0000004111111111111111000", "000***************1111000");
        check("TESTA20261103141502317 asked", "TESTA20261103141502317 asked");
        check("TESTA20261103141502310 asked", "TESTA20261103141502310 asked");
        check("4111  1111  1111  1111", "4111  1111  1111  1111");
        check("at 2026-11-23T03:26:39Z, 12 orders", "at 2026-11-23T03:26:39Z, 12 orders");
        check("", "");
    }

    proptest! {
        #[test]
        fn no_card_number_survives_whatever_stands_around_it(before in "[a-z0-9 ]{0,9}[a-z]", after in "[a-z ][a-z0-9 ]{0,9}") {
            let masked = mask(&format!("{before}4111111111111111{after}"));
            prop_assert!(!masked.contains("411111111111"));
        }
    }
}
