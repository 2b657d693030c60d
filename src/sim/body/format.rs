//! Numbers and times in the vendor's forms.

use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use serde_json::{Number, Value, json};

use crate::{domain::money::Money, sim::order::SINGAPORE};

pub(super) fn amount(money: Money) -> Value {
    json!({ "amount": number(money.amount), "currency": money.currency.code() })
}

/// A JSON number with just the digits of the decimal.
pub(super) fn number(amount: Decimal) -> Value {
    amount.normalize().to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}

/// `yyyy-MM-dd HH:mm:ss` in Singapore.
pub(super) fn singapore(at: Timestamp) -> String {
    let at = SINGAPORE.to_datetime(at);
    let (date, time) = (at.date(), at.time());
    format!("{date} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

/// `yyyy-MM-ddTHH:mm:ssZ`.
pub(super) fn utc(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// `yyyyMMdd`.
pub(super) fn day(date: civil::Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// `yyyyMMddHHmm`.
pub(super) fn minute(at: civil::DateTime) -> String {
    format!("{}{:02}{:02}", day(at.date()), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_have_the_vendors_form() {
        let at: Timestamp = "2026-11-03T16:15:02.317Z".parse().unwrap();
        assert_eq!(singapore(at), "2026-11-04 00:15:02");
        assert_eq!(utc(at), "2026-11-03T16:15:02Z");
        assert_eq!(minute(civil::date(2026, 1, 2).at(3, 4, 0, 0)), "202601020304");
        let check = |amount: &str, want: &str| assert_eq!(number(amount.parse().unwrap()).to_string(), want);
        check("114.99", "114.99");
        check("1346.00", "1346");
        check("12308007.89", "12308007.89");
        check("2410000", "2410000");
    }
}
