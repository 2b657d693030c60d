//! How long the vendor asks to be left alone: seconds or a date, in a header or in the body.

use std::time::Duration;

use jiff::{Timestamp, tz::Offset};
use rust_decimal::Decimal;

use super::when;

/// Whoever asks for more is not obeyed further: a desk that is blind for longer than this helps nobody.
pub const LONGEST: Duration = Duration::from_secs(600);

/// Whole seconds, at most [`LONGEST`], that one wish asks for at `now`: `120`, `"120"`, `1.5`, or a date in any form of
/// HTTP or ISO 8601. A date in the past asks for nothing; what is neither asks for nothing that could be understood.
pub(super) fn seconds(wish: &str, now: Timestamp) -> Option<u32> {
    let wish = wish.trim();
    let until =
        || when::moment(wish, Offset::UTC).map(|until| until.duration_since(now).as_secs_f64().ceil());
    // So few digits are seconds and no date.
    let is_number = wish.len() < 10 && wish.starts_with(|c: char| c.is_ascii_digit());
    let number = || wish.parse::<Decimal>().ok().filter(|_| is_number);
    let asked = number().map(|number| number.ceil()).or_else(|| Decimal::try_from(until()?).ok());
    // A number of too many digits is more than any limit.
    let is_huge = wish.len() >= 10 && wish.bytes().all(|b| b.is_ascii_digit());
    let longest = Decimal::from(LONGEST.as_secs());
    let asked = asked.or_else(|| is_huge.then_some(longest))?;
    u32::try_from(asked.clamp(Decimal::ZERO, longest)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_wish_is_understood_and_none_is_obeyed_for_ever() {
        let now: Timestamp = "2026-11-06T08:49:37Z".parse().unwrap();
        let check = |wish: &str, want: Option<u32>| assert_eq!(seconds(wish, now), want, "{wish}");
        check("0", Some(0));
        check("120", Some(120));
        check(" 7 ", Some(7));
        check("1.5", Some(2));
        check("601", Some(600));
        check("999999999", Some(600));
        check("99999999999999999999", Some(600));
        check("Fri, 06 Nov 2026 08:51:37 GMT", Some(120));
        check("Friday, 06-Nov-26 08:51:37 GMT", Some(120));
        check("Fri Nov  6 08:51:37 2026", Some(120));
        check("2026-11-06T08:51:37Z", Some(120));
        check("Fri, 06 Nov 2026 08:49:00 GMT", Some(0));
        check("Fri, 06 Nov 2026 23:59:59 GMT", Some(600));
        for wish in ["", "soon", "-5", "null", "Fri, 06 Nov"] {
            check(wish, None);
        }
    }
}
