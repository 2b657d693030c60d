//! One leaf of an answer, read as what is needed whatever it was written as: numbers as strings and back, nulls,
//! things that should not be there. A leaf that cannot be read is absent; it never spoils the rest.

use std::{borrow::Cow, fmt, marker::PhantomData, str::FromStr};

use jiff::{
    Timestamp, civil,
    tz::{self, Offset},
};
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use super::when::{self, SINGAPORE_HOURS};
use crate::domain::{
    amount::{self, Amount},
    mask::mask,
    money::{Currency, Money},
    text::Text,
};

/// Reads a whole body: one JSON object in UTF-8, with nothing after it. Left to itself a derived reader would pass over
/// what it does not need whatever its encoding.
pub(super) fn document<'a, T: Deserialize<'a>>(body: &'a [u8]) -> serde_json::Result<T> {
    object(std::str::from_utf8(body).map_err(serde_json::Error::custom)?)
}

/// Reads an object, and nothing else: a derived reader would take a list too, by position.
fn object<'a, T: Deserialize<'a>>(raw: &'a str) -> serde_json::Result<T> {
    if raw.trim_start().starts_with('{') {
        serde_json::from_str(raw)
    } else {
        Err(serde_json::Error::custom("not a JSON object"))
    }
}

/// An object that is read where it stands, and nothing else: a list is none, whatever a derived reader would make of it.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Map<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(Map(PhantomData))
    }
}

/// A value as it stands in the answer, borrowed from it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Field<'a>(Option<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Field<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw)))
    }
}

impl<'a> Field<'a> {
    pub(super) fn raw(self) -> Option<&'a str> {
        self.0.map(RawValue::get).filter(|raw| *raw != "null")
    }

    /// The characters of a string, or of a bare number or truth value, where they stand: only a string with escapes is
    /// written out.
    fn scalar(self) -> Option<Cow<'a, str>> {
        let raw = self.raw()?;
        match raw.bytes().next()? {
            b'"' if raw.contains('\\') => serde_json::from_str(raw).ok(),
            b'"' => raw.get(1..raw.len() - 1).map(Cow::Borrowed),
            b'{' | b'[' => None,
            _ => Some(Cow::Borrowed(raw)),
        }
    }

    /// A text made safe; an empty one is none.
    pub(super) fn text(self) -> Option<Text> {
        self.scalar().map(|text| Text::new(&text)).filter(|text| !text.is_empty())
    }

    /// Words for people, made safe. They may quote what they like: a card number in them is masked.
    pub(super) fn words(self) -> Option<Text> {
        self.scalar().map(|words| Text::new(&mask(&words))).filter(|words| !words.is_empty())
    }

    /// Anything that is read from a text.
    pub(super) fn parse<T: FromStr>(self) -> Option<T> {
        self.scalar()?.trim().parse().ok()
    }

    /// A whole number; `1`, `"1"`, `1.0`.
    pub(super) fn integer(self) -> Option<i64> {
        let decimal = self.decimal()?;
        decimal.fract().is_zero().then(|| i64::try_from(decimal.trunc()).ok())?
    }

    /// A number from its digits, never by way of a float.
    pub(super) fn decimal(self) -> Option<Decimal> {
        let text = self.scalar()?;
        let text = text.trim();
        text.parse().or_else(|_| Decimal::from_scientific(text)).ok()
    }

    /// A truth value; `true`, `"true"`, `1`, `"1"`.
    pub(super) fn flag(self) -> Option<bool> {
        match self.scalar()?.trim() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// True unless it is absent or null.
    pub(super) fn is_there(self) -> bool {
        self.raw().is_some()
    }

    /// The elements of a list; none for anything else. A single value counts as a list of one.
    pub(super) fn list(self) -> Vec<Field<'a>> {
        match self.raw() {
            Some(raw) if raw.starts_with('[') => serde_json::from_str(raw).unwrap_or_default(),
            Some(raw) if !raw.starts_with('{') => vec![self],
            _ => Vec::new(),
        }
    }

    /// An object read into `T`, or `T` with everything absent.
    pub(super) fn object<T: Deserialize<'a> + Default>(self) -> T {
        self.raw().and_then(|raw| object(raw).ok()).unwrap_or_default()
    }

    /// A list of objects; those that are none are left out.
    pub(super) fn objects<T: Deserialize<'a>>(self) -> Vec<T> {
        self.list().into_iter().filter_map(|item| object(item.raw()?).ok()).collect()
    }

    /// The texts of a list; each may hold several, joined by `|` or a comma, and repeats are left out.
    pub(super) fn texts(self) -> Vec<Text> {
        let mut texts: Vec<Text> = Vec::new();
        for joined in self.list().into_iter().filter_map(Field::scalar) {
            for text in joined.split(['|', ',']).map(Text::new).filter(|text| !text.is_empty()) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        texts
    }

    /// The characters of an amount. In a bare number a point never divides thousands, whatever it may do in a text: one
    /// more zero behind it leaves no doubt.
    fn amount(self) -> Option<String> {
        let mut text = self.scalar()?.into_owned();
        let is_text = self.raw()?.starts_with('"');
        if !is_text && text.contains('.') && !text.contains(['e', 'E']) {
            text.push('0');
        }
        Some(text)
    }

    /// An amount with the currency that stands beside it, for show: as exact as it is written, and of either sign.
    pub(super) fn shown_money(self, currency: Option<Currency>) -> Option<Money> {
        let currency = currency?;
        let text = self.amount()?;
        let exact = || Decimal::from_str(text.trim()).ok();
        amount::written(&text, currency)
            .map_or_else(exact, |amount| Some(amount.value))
            .map(|value| Money::new(value, currency))
    }

    /// A price with the currency that stands beside it: what a payment may rest on.
    pub(super) fn price(self, currency: Option<Currency>) -> Price {
        let text = match self.amount() {
            Some(text) if text.trim().is_empty() => return Price::Absent,
            Some(text) => text,
            None if self.is_there() => return Price::Unclear,
            None => return Price::Absent,
        };
        match currency.and_then(|currency| Some((amount::written(&text, currency)?, currency))) {
            Some((Amount { value, had_noise }, currency)) if value >= Decimal::ZERO => {
                Price::Clear { money: Money::new(value, currency), had_noise }
            }
            // Nothing of no currency is nothing.
            None if currency.is_none() && self.decimal().is_some_and(|value| value.is_zero()) => {
                Price::Absent
            }
            _ => Price::Unclear,
        }
    }

    /// A currency.
    pub(super) fn currency(self) -> Option<Currency> {
        Currency::parse(&self.scalar()?)
    }

    /// A moment; without an offset (`yyyy-MM-dd HH:mm:ss`) in Singapore time.
    pub(super) fn singapore_time(self) -> Option<Timestamp> {
        self.moment(tz::offset(SINGAPORE_HOURS))
    }

    /// A moment; without an offset in UTC (`yyyy-MM-ddTHH:mm:ssZ`).
    pub(super) fn utc_time(self) -> Option<Timestamp> {
        self.moment(Offset::UTC)
    }

    fn moment(self, naked: Offset) -> Option<Timestamp> {
        if self.raw()?.starts_with('[') {
            let numbers: Option<Vec<i64>> = self.list().into_iter().map(Field::integer).collect();
            return when::listed(&numbers?, naked);
        }
        when::moment(&self.scalar()?, naked)
    }

    /// `yyyyMMddHHmm`, local time of an airport.
    pub(super) fn airport_time(self) -> Option<civil::DateTime> {
        let text = self.scalar()?;
        civil::DateTime::strptime("%Y%m%d%H%M", text.trim()).or_else(|_| text.trim().parse()).ok()
    }

    /// `yyyyMMdd`.
    pub(super) fn date(self) -> Option<civil::Date> {
        let text = self.scalar()?;
        civil::Date::strptime("%Y%m%d", text.trim()).or_else(|_| text.trim().parse()).ok()
    }
}

/// What stands where a price is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Price {
    /// Nothing.
    Absent,
    /// An amount, in no more decimals than its currency has.
    Clear {
        /// The amount.
        money: Money,
        /// It was written with digits that mean nothing, and has been rounded.
        had_noise: bool,
    },
    /// Something that is not understood: nothing may be paid that rests on it.
    Unclear,
}

/// False for the far ends of the calendar, which stand for "never" and leave no room to reckon with.
pub(super) fn is_near(at: &Timestamp) -> bool {
    const YEAR: i64 = 366 * 86_400;
    at.as_second().abs() < 1_000 * YEAR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_at_the_end_of_the_calendar_is_none() {
        for text in ["9999-12-30 23:59:59", "9999-12-31 00:00:00", "-009999-01-02 01:59:59"] {
            let raw = RawValue::from_string(format!("\"{text}\"")).unwrap();
            assert_eq!(Field(Some(&raw)).singapore_time(), None, "{text}");
        }
    }

    fn field(raw: &str) -> Field<'_> {
        serde_json::from_str(raw).unwrap()
    }

    #[test]
    fn a_price_is_clear_or_absent_or_nothing_to_pay_by() {
        let usd = Currency::parse("USD");
        let clear = |amount: &str, had_noise| Price::Clear {
            money: Money::new(amount.parse().unwrap(), usd.unwrap()),
            had_noise,
        };
        let check = |raw: &str, want: Price| assert_eq!(field(raw).price(usd), want, "{raw}");
        for raw in ["151.2", "\"151.20\"", "1.512e2", "\"USD 151.20\"", "151.200"] {
            check(raw, clear("151.2", false));
        }
        check("151.20000000000002", clear("151.2", true));
        check("0", clear("0", false));
        for raw in ["null", "\"\"", "\" \""] {
            check(raw, Price::Absent);
        }
        for raw in ["151.204", "-1", "\"x\"", "true", "{}", "[1]", "1e99", "\"151.20 EUR\""] {
            check(raw, Price::Unclear);
        }
        assert_eq!(field("0.00").price(None), Price::Absent);
        assert_eq!(field("7").price(None), Price::Unclear);
        let vnd = Currency::parse("VND");
        assert_eq!(field("\"850.000\"").price(vnd), Price::Unclear, "850, or 850 thousand");
        let money = Money::new(Decimal::from(850), vnd.unwrap());
        assert_eq!(
            field("850.000").price(vnd),
            Price::Clear { money, had_noise: false },
            "a number has no thousands"
        );
        assert_eq!(field("-0.125").shown_money(usd).unwrap().to_string(), "USD -0.125", "for show as it is");
    }

    #[test]
    fn numbers_and_strings_are_read_as_each_other() {
        for raw in ["-3", "\"-3\"", "-3.0", "\" -3 \""] {
            assert_eq!(field(raw).integer(), Some(-3), "{raw}");
        }
        for raw in ["null", "\"\"", "true", "{}", "[1]", "1.5", "\"x\"", "99999999999999999999999"] {
            assert_eq!(field(raw).integer(), None, "{raw}");
        }
        assert_eq!(field("1234567").text().as_deref(), Some("1234567"));
    }

    #[test]
    fn amounts_keep_every_digit() {
        let check =
            |raw: &str, want: &str| assert_eq!(field(raw).decimal(), Some(want.parse().unwrap()), "{raw}");
        check("12308007.89", "12308007.89");
        check("0.1", "0.1");
        check("\"954.020\"", "954.020");
        check("1e3", "1000");
        check("123456789012345.67", "123456789012345.67");
    }

    #[test]
    fn the_vendors_local_times_are_singapores() {
        let at = field("\"2026-11-03 14:45:02\"").singapore_time().unwrap();
        assert_eq!(at.to_string(), "2026-11-03T06:45:02Z");
        assert_eq!(field("\"202612180540\"").airport_time(), Some(civil::date(2026, 12, 18).at(5, 40, 0, 0)));
        assert_eq!(field("\"2026-11-03T06:20:48Z\"").utc_time().unwrap().to_string(), "2026-11-03T06:20:48Z");
        assert_eq!(field("\"20261205\"").date(), Some(civil::date(2026, 12, 5)));
    }

    #[test]
    fn words_for_people_hold_no_card_number() {
        let words = field("\"Card 4532 0151 1283 0366 was declined\"").words().unwrap();
        assert_eq!(words.as_str(), "Card **** **** **** 0366 was declined");
        assert_eq!(field("\" \"").words(), None);
    }

    #[test]
    fn joined_texts_are_taken_apart_once() {
        assert_eq!(
            field("[\"8HFT67|8HFT67\", \"Q8TM3A,V71QXM\"]").texts(),
            ["8HFT67".into(), "Q8TM3A".into(), "V71QXM".into()] as [Text; 3]
        );
        assert!(field("null").texts().is_empty());
    }

    #[test]
    fn what_is_no_object_is_not_read_by_position() {
        #[derive(Debug, Default, PartialEq, Deserialize)]
        #[serde(default)]
        struct Pair {
            first: i32,
            second: i32,
        }
        let check = |raw: &str, want: &[Pair]| assert_eq!(field(raw).objects::<Pair>(), want, "{raw}");
        check(r#"[{"first":1,"second":2}, [3,4], 5, null, "x"]"#, &[Pair { first: 1, second: 2 }]);
        assert_eq!(field("[1,2]").object::<Pair>(), Pair::default());
        assert_eq!(field(r#"{"second":2}"#).object::<Pair>(), Pair { first: 0, second: 2 });
    }

    proptest::proptest! {
        #[test]
        fn no_value_is_an_error_or_a_panic(raw in r#"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,20})?|"(\\PC|\\\\u[0-9a-f]{4}){0,30}""#) {
            if let Ok(field) = serde_json::from_str::<Field<'_>>(&raw) {
                let _ = (field.text(), field.integer(), field.decimal(), field.flag(), field.texts());
                let _ = (field.price(Currency::parse("USD")), field.shown_money(Currency::parse("JPY")));
                let _ = (field.singapore_time(), field.utc_time(), field.airport_time(), field.date(), field.currency());
            }
        }
    }
}
