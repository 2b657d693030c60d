//! Amounts as they are written, by a back end or by a person: one reader, from the digits and never by way of a binary
//! fraction.

use rust_decimal::Decimal;

use super::money::Currency;

/// Nothing on a desk costs a million million of any currency: such a number is a mistake of whoever wrote it.
const ABSURD: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);

/// Digits before the point that an amount below [`ABSURD`] has at most.
const WHOLE_DIGITS: usize = 12;

/// Digits after the point that are looked at one by one. That any of the others is not zero is all that matters of them.
const FRACTION_DIGITS: usize = 14;

/// The largest exponent, either way, that is worth shifting by.
const LARGEST_EXPONENT: i32 = 400;

/// An amount that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// In whole units of its currency, with no more decimals than the currency has.
    pub value: Decimal,
    /// It was written with digits far below the smallest unit, which mean nothing and are gone.
    pub had_noise: bool,
}

/// Reads an amount of `currency` as programs write it: a number or a text, with an exponent, grouped in thousands, with
/// a sign, with the code of its currency before or after it. Both the point and the comma may divide off the decimals,
/// where only one reading is possible.
///
/// What lies below a hundredth of the smallest unit is noise of binary fractions (`151.20000000000002`) and is rounded
/// away. `None` for whatever is more exact than that, absurdly large, or not an amount in one reading: who pays must not
/// guess.
pub fn written(text: &str, currency: Currency) -> Option<Amount> {
    let text = text.trim();
    let number = without_code(text, currency)?;
    let (is_negative, number) = match number.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (number, 0),
    };
    // 850.000 of a currency without decimals is 850 or 850 thousand.
    let is_one_point = mantissa.matches('.').count() == 1 && !number.contains(['e', 'E']);
    if currency.decimals() == 0 && is_one_point && grouped(mantissa, '.').is_some() {
        return None;
    }
    let is_grouped = mantissa.contains(|c: char| !c.is_ascii_digit() && c != '.');
    if exponent != 0 && is_grouped {
        return None;
    }
    let (whole, fraction) = parts(mantissa, currency.decimals())?;
    let exact = shifted(&whole, &fraction, exponent)?;
    let value = exact.round_dp(currency.decimals());
    let off = (exact - value).abs();
    let is_clear = off < Decimal::new(1, currency.decimals() + 2) && value < ABSURD;
    let signed = if is_negative && !value.is_zero() { -value } else { value };
    is_clear.then_some(Amount { value: signed, had_noise: !off.is_zero() })
}

/// Reads an amount of `currency` as a person types it: as [`written`], but above all doubt a plain number. No sign but
/// `+`, no exponent.
pub fn typed(text: &str, currency: Currency) -> Option<Decimal> {
    let number = without_code(text.trim(), currency)?;
    let is_plain =
        !number.contains(['e', 'E']) && number.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    written(number, currency).filter(|_| is_plain).map(|amount| amount.value)
}

/// The number without the code of its currency; none if the code is another's.
fn without_code(text: &str, currency: Currency) -> Option<&str> {
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic());
    let is_ours = |code: &str| code.eq_ignore_ascii_case(currency.code());
    let tail = text.len().saturating_sub(3);
    match (text.get(..3), text.get(tail..)) {
        (Some(code), _) if is_code(code) => is_ours(code).then(|| text.get(3..))?.map(str::trim_start),
        (_, Some(code)) if is_code(code) => is_ours(code).then(|| text.get(..tail))?.map(str::trim_end),
        _ => Some(text),
    }
}

/// The digits before and after the point, if there is one way only to tell them apart.
fn parts(number: &str, decimals: u32) -> Option<(String, String)> {
    let marks: Vec<(usize, char)> = number.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    let Some(&(last_at, last)) = marks.last() else {
        return (!number.is_empty()).then(|| (number.to_owned(), String::new()));
    };
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\'' | '\u{2019}');
    let known = |c: char| matches!(c, '.' | ',') || is_space(c);
    if !marks.iter().all(|(_, c)| known(*c)) {
        return None;
    }
    let (head, tail) = (number.get(..last_at)?, number.get(last_at + last.len_utf8()..)?);
    let head_marks = marks.get(..marks.len() - 1)?;
    let all_grouped = || grouped(number, last).map(|whole| (whole, String::new()));
    if head_marks.is_empty() {
        // One mark alone.
        let may_group = grouped(number, last).is_some();
        return match last {
            '.' => divided(head.to_owned(), tail),
            // 1,234 is a thousand and more, unless the currency has three decimals: then nobody can tell.
            ',' if may_group && decimals >= 3 => None,
            ',' if !may_group => divided(head.to_owned(), tail).filter(|(whole, _)| !whole.is_empty()),
            _ => all_grouped(),
        };
    }
    let (_, group) = *head_marks.first()?;
    if head_marks.iter().any(|(_, c)| *c != group) {
        return None;
    }
    if group == last {
        return all_grouped();
    }
    if is_space(last) {
        return None;
    }
    divided(grouped(head, group)?, tail)
}

fn divided(whole: String, fraction: &str) -> Option<(String, String)> {
    (!fraction.is_empty()).then(|| (whole, fraction.to_owned()))
}

/// The digits of thousands that are divided by `mark`: one to three, not beginning with 0, then three at a time.
fn grouped(number: &str, mark: char) -> Option<String> {
    let mut groups = number.split(mark);
    let first = groups.next()?;
    let is_first = (1..=3).contains(&first.len()) && !first.starts_with('0');
    (is_first && groups.all(|group| group.len() == 3)).then(|| number.replace(mark, ""))
}

/// The number of these digits with its point moved by `exponent` places. What lies far behind the point is kept as a
/// trace, so that it still counts as not nothing.
fn shifted(whole: &str, fraction: &str, exponent: i32) -> Option<Decimal> {
    if exponent.abs() > LARGEST_EXPONENT {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let point = i64::try_from(whole.len()).ok()? + i64::from(exponent);
    let (whole, fraction) = match usize::try_from(point) {
        Err(_) => (String::new(), "0".repeat(usize::try_from(point.unsigned_abs()).ok()?) + &digits),
        Ok(point) if point > digits.len() => (format!("{digits:0<point$}"), String::new()),
        Ok(point) => (digits.get(..point)?.to_owned(), digits.get(point..)?.to_owned()),
    };
    let whole = whole.trim_start_matches('0');
    if whole.len() > WHOLE_DIGITS {
        return None;
    }
    let (near, far) = fraction.split_at_checked(FRACTION_DIGITS).unwrap_or((&fraction, ""));
    let trace = if far.bytes().any(|digit| digit != b'0') { "1" } else { "" };
    format!("0{whole}.{near:0<FRACTION_DIGITS$}{trace}").parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn read(text: &str, code: &str) -> Option<String> {
        written(text, currency(code)).map(|amount| amount.value.normalize().to_string())
    }

    #[test]
    fn an_amount_is_read_in_every_form_that_has_one_reading() {
        let check = |text: &str, code: &str, want: &str| {
            assert_eq!(read(text, code).as_deref(), Some(want), "{text}");
        };
        for text in [
            "1234.5",
            "1234.50",
            "+1234.5",
            "1,234.50",
            "1 234.50",
            "1\u{a0}234.50",
            "1\u{202f}234,50",
            "1.234,50",
            "1234,50",
            "1'234.50",
            "1\u{2019}234.50",
            "1.2345e3",
            "1.2345E+3",
            "12345e-1",
            "123450E-2",
            " 1234.5 ",
            "USD 1234.50",
            "usd1234.50",
            "1234.50 USD",
            "1,234.50USD",
            "01234.5",
        ] {
            check(text, "USD", "1234.5");
        }
        check("1,234", "USD", "1234");
        check("1 234 567", "USD", "1234567");
        check("1.234.567", "VND", "1234567");
        check("1,234,567.89", "USD", "1234567.89");
        check("1.234.567,89", "EUR", "1234567.89");
        check("12,5", "EUR", "12.5");
        check(".5", "USD", "0.5");
        check("0", "USD", "0");
        check("-0.00", "USD", "0");
        check("-12.5", "USD", "-12.5");
        check("41200.0", "JPY", "41200");
        check("4.12E4", "JPY", "41200");
        check("12.345", "KWD", "12.345");
        check("0,125", "KWD", "0.125");
        check("1234.56", "CNH", "1234.56");
        check("999999999999.99", "USD", "999999999999.99");
    }

    #[test]
    fn what_has_no_reading_or_two_is_no_amount() {
        for text in [
            "",
            " ",
            "+",
            "-",
            ".",
            ",",
            "x",
            "NaN",
            "Infinity",
            "null",
            "1e",
            "e3",
            "1e999",
            "1e-x",
            "0x10",
            "12.",
            "12,",
            "1,23,456.00",
            "12,34.50",
            "1234,567.00",
            "0,123.00",
            "1.2.3",
            "1,234.567,8",
            "1 23",
            "1,,234",
            "1.234.5678",
            "--1",
            "+-1",
            "(12.50)",
            "12.50-",
            "$12.50",
            "12.50 EUR",
            "EUR 12.50",
            "USD",
            "1_234",
            "1,234e2",
            "1 234 e2",
            "1000000000000",
            "1e12",
            "999999999999999999999999999999",
        ] {
            assert_eq!(read(text, "USD"), None, "{text}");
        }
        assert_eq!(read("1,234", "KWD"), None, "a thousand, or one and a bit");
        assert_eq!(read("850.000", "VND"), None, "850, or 850 thousand");
        assert_eq!(read("850.00", "VND").as_deref(), Some("850"));
        assert_eq!(read("41200.5", "JPY"), None, "half a yen");
        assert_eq!(read("12.3456", "KWD"), None);
    }

    #[test]
    fn noise_is_below_a_hundredth_of_the_smallest_unit_and_nothing_else() {
        let check = |text: &str, code: &str, want: Option<(&str, bool)>| {
            let got = written(text, currency(code));
            let want = want.map(|(value, had_noise)| Amount { value: value.parse().unwrap(), had_noise });
            assert_eq!(got, want, "{text} {code}");
        };
        check("151.20000000000002", "USD", Some(("151.20", true)));
        check("151.199999999999988631316", "USD", Some(("151.20", true)));
        check("151.200000000000017053025658242404460906982421875", "USD", Some(("151.20", true)));
        check("1.5120000000000002e2", "USD", Some(("151.20", true)));
        check("151.20009999", "USD", Some(("151.20", true)));
        check("151.2001", "USD", None);
        check("151.1999", "USD", None);
        check("151.204", "USD", None);
        check("151.205", "USD", None);
        check("151.2000000", "USD", Some(("151.20", false)));
        check("41200.0099", "JPY", Some(("41200", true)));
        check("41200.01", "JPY", None);
        check("12.3450000001", "KWD", Some(("12.345", true)));
        check("12.34501", "KWD", None);
        check("1e-300", "USD", Some(("0", true)));
    }

    #[test]
    fn a_person_types_a_plain_number() {
        let check = |text: &str, want: Option<&str>| {
            assert_eq!(typed(text, currency("USD")), want.map(|want| want.parse().unwrap()), "{text}");
        };
        check("120.50", Some("120.5"));
        check(" usd 1,120.50\n", Some("1120.5"));
        check("120,50", Some("120.5"));
        check("1.205e2", None);
        check("-120.50", None);
        check("0", Some("0"));
        check("", None);
    }

    proptest! {
        /// Whatever form an exact amount takes, it is that amount.
        #[test]
        fn every_form_of_an_exact_amount_is_that_amount(
            cents in 0_i64..1_000_000_000_000,
            code in prop::sample::select(vec!["JPY", "USD", "CNH", "KWD"]),
            form in 0_usize..8,
        ) {
            let currency = currency(code);
            let value = Decimal::new(cents, currency.decimals());
            let money = crate::domain::money::Money::new(value, currency);
            let (plain, grouped) = (money.plain(), money.grouped());
            let swapped: String =
                grouped.chars().map(|c| match c { ',' => '.', '.' => ',', c => c }).collect();
            let text = match form {
                0 => plain,
                1 => grouped,
                2 => grouped.replace(',', " "),
                3 if grouped.contains('.') && grouped.contains(',') => swapped,
                4 => format!("{cents}e-{}", currency.decimals()),
                5 => format!("{}E+{}", Decimal::new(cents, currency.decimals() + 5), 5),
                6 => format!("{plain} {code}"),
                _ if plain.contains('.') => format!("+{plain}0000000"),
                _ => format!("+{plain}.0000000"),
            };
            prop_assert_eq!(written(&text, currency), Some(Amount { value, had_noise: false }), "{}", text);
        }

        /// What a binary fraction makes of an amount is that amount.
        #[test]
        fn a_binary_fraction_of_an_amount_is_that_amount(cents in 0_u32..1_000_000_000) {
            let text = format!("{:?}", f64::from(cents) / 100.0 + f64::EPSILON);
            let amount = written(&text, currency("USD"));
            prop_assert_eq!(amount.map(|amount| amount.value), Some(Decimal::new(i64::from(cents), 2)), "{}", text);
            let sum = format!("{:?}", f64::from(cents) * 0.01);
            let amount = written(&sum, currency("USD"));
            prop_assert_eq!(amount.map(|amount| amount.value), Some(Decimal::new(i64::from(cents), 2)), "{}", sum);
        }

        /// Held against exact decimals: it is rounded only over less than a hundredth of the smallest unit.
        #[test]
        fn nothing_but_noise_is_rounded(
            units in 0_i64..1_000_000_000_000,
            scale in 0_u32..9,
            code in prop::sample::select(vec!["JPY", "USD", "KWD"]),
        ) {
            let (exact, currency) = (Decimal::new(units, scale), currency(code));
            let noise = Decimal::new(1, currency.decimals() + 2);
            let nearest = exact.round_dp(currency.decimals());
            match written(&exact.to_string(), currency) {
                Some(amount) => {
                    prop_assert_eq!(amount.value, nearest);
                    prop_assert!((exact - nearest).abs() < noise);
                    prop_assert_eq!(amount.had_noise, exact != nearest);
                }
                // Three zeros behind a point may be thousands, where there are no decimals.
                None if currency.decimals() == 0 && scale == 3 => {}
                None => prop_assert!((exact - nearest).abs() >= noise || exact >= ABSURD),
            }
        }

        #[test]
        fn no_text_is_a_panic(text in "[0-9.,eE+\\- ]{0,40}|\\PC{0,12}|[0-9]{1,5}e-?[0-9]{1,12}") {
            for code in ["JPY", "USD", "KWD"] {
                let _ = (written(&text, currency(code)), typed(&text, currency(code)));
            }
        }
    }
}
