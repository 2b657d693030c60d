//! Values as they are written: amounts, durations, times and days.

use std::ops::Bound;

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use rust_decimal::Decimal;
use winnow::{
    Parser, Result,
    ascii::Caseless,
    combinator::{alt, repeat},
    token::take_while,
};

use super::syntax::{Side, Value};
use crate::domain::money::Currency;

/// What relative and local times are read by.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Now, by the vendor's clock.
    pub now: Timestamp,
    /// The zone of times without one.
    pub zone: TimeZone,
}

/// From here to there.
pub(super) type Bounds<T> = (Bound<T>, Bound<T>);

/// A moment: one that stands, or one that moves along with the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// This one.
    Fixed(Timestamp),
    /// So long after now.
    FromNow(SignedDuration),
}

impl Edge {
    /// The moment itself at `now`.
    pub(super) fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Fixed(at) => at,
            Self::FromNow(span) if span.is_negative() => now.checked_add(span).unwrap_or(Timestamp::MIN),
            Self::FromNow(span) => now.checked_add(span).unwrap_or(Timestamp::MAX),
        }
    }
}

/// Why a value is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It has none of the forms that its field takes.
    Form,
    /// Its end lies before its beginning.
    Backwards,
}

/// A number, or numbers.
pub(super) fn numbers(value: &Value) -> Result<Bounds<i64>, Unread> {
    let read = |text: &str| text.parse().map_err(|_| Unread::Form);
    let bounds = bounds(value, |text| Ok((read(text)?, read(text)?)))?;
    forwards(bounds)
}

/// An amount, or amounts, with the currency that is given at either end.
pub(super) fn amounts(value: &Value) -> Result<(Bounds<Decimal>, Option<Currency>), Unread> {
    let mut currency = None;
    let bounds = bounds(value, |text| {
        let (amount, of) = amount(text).ok_or(Unread::Form)?;
        if currency.is_some() && of.is_some() && currency != of {
            return Err(Unread::Form);
        }
        currency = currency.or(of);
        Ok((amount, amount))
    })?;
    Ok((forwards(bounds)?, currency))
}

/// Moments, by the time from now or as times.
pub(super) fn ahead(value: &Value, reading: &Reading) -> Result<Bounds<Edge>, Unread> {
    if let Some(spans) = spans(value) {
        return Ok(spans?.map_both(Edge::FromNow));
    }
    moments(value, reading)
}

/// Moments, by the time that has passed since.
pub(super) fn ago(value: &Value) -> Result<Bounds<Edge>, Unread> {
    let (low, high) = spans(value).ok_or(Unread::Form)??;
    // The older, the earlier.
    Ok((high, low).map_both(|span: SignedDuration| Edge::FromNow(-span)))
}

/// Moments, as times or days.
pub(super) fn moments(value: &Value, reading: &Reading) -> Result<Bounds<Edge>, Unread> {
    let bounds = bounds(value, |text| moment(text, reading).ok_or(Unread::Form))?;
    // A time stands for a point, but for one that is asked for by itself: nothing happens at a point.
    let bounds = match (value, bounds) {
        (Value::Is(piece), (Bound::Included(start), _)) => {
            let (_, end) = stretch(&piece.text, reading).ok_or(Unread::Form)?;
            (Bound::Included(start), Bound::Excluded(end))
        }
        (_, bounds) => bounds,
    };
    Ok(forwards(bounds)?.map_both(Edge::Fixed))
}

/// All moments from one on: a time, a day, or so long ago.
pub(super) fn since(value: &Value, reading: &Reading) -> Result<Bounds<Edge>, Unread> {
    let Value::Is(piece) = value else { return Err(Unread::Form) };
    let ago = || duration(&piece.text).map(|span| Edge::FromNow(-span));
    let start = || stretch(&piece.text, reading).map(|(start, _)| Edge::Fixed(start));
    let edge = ago().or_else(start).ok_or(Unread::Form)?;
    Ok((Bound::Included(edge), Bound::Unbounded))
}

/// What lies between the ends of a value, each of which is read as its first and last point.
fn bounds<T>(
    value: &Value,
    mut read: impl FnMut(&str) -> Result<(T, T), Unread>,
) -> Result<Bounds<T>, Unread> {
    Ok(match value {
        Value::Is(piece) => {
            let (start, end) = read(&piece.text)?;
            (Bound::Included(start), Bound::Included(end))
        }
        Value::Between(low, high) => {
            (Bound::Included(read(&low.text)?.0), Bound::Included(read(&high.text)?.1))
        }
        Value::Than(side, piece) => {
            let (start, end) = read(&piece.text)?;
            match side {
                Side::Above => (Bound::Excluded(end), Bound::Unbounded),
                Side::From => (Bound::Included(start), Bound::Unbounded),
                Side::Below => (Bound::Unbounded, Bound::Excluded(start)),
                Side::To => (Bound::Unbounded, Bound::Included(end)),
            }
        }
    })
}

fn forwards<T: PartialOrd>(bounds: Bounds<T>) -> Result<Bounds<T>, Unread> {
    match &bounds {
        (Bound::Included(low), Bound::Included(high)) if low > high => Err(Unread::Backwards),
        _ => Ok(bounds),
    }
}

/// What lies within both.
pub(super) fn within(one: Bounds<i64>, other: Bounds<i64>) -> Bounds<i64> {
    // An excluded end is the next number, which is included.
    let ends = |(low, high): Bounds<i64>| {
        let low = match low {
            Bound::Included(low) => low,
            Bound::Excluded(low) => low.saturating_add(1),
            Bound::Unbounded => i64::MIN,
        };
        let high = match high {
            Bound::Included(high) => high,
            Bound::Excluded(high) => high.saturating_sub(1),
            Bound::Unbounded => i64::MAX,
        };
        (low, high)
    };
    let ((low, high), (other_low, other_high)) = (ends(one), ends(other));
    (Bound::Included(low.max(other_low)), Bound::Included(high.min(other_high)))
}

/// The durations of a value that is made of them; one by itself says nothing of more or less.
fn spans(value: &Value) -> Option<Result<Bounds<SignedDuration>, Unread>> {
    let is_one = |text: &str| duration(text).is_some();
    let are = match value {
        Value::Is(piece) | Value::Than(_, piece) => is_one(&piece.text),
        Value::Between(low, high) => is_one(&low.text) && is_one(&high.text),
    };
    let read = |text: &str| duration(text).map(|span| (span, span)).ok_or(Unread::Form);
    are.then(|| match value {
        Value::Is(_) => Err(Unread::Form),
        _ => bounds(value, read).and_then(forwards),
    })
}

trait MapBoth<T> {
    fn map_both<U>(self, map: impl Fn(T) -> U) -> Bounds<U>;
}

impl<T> MapBoth<T> for Bounds<T> {
    fn map_both<U>(self, map: impl Fn(T) -> U) -> Bounds<U> {
        (self.0.map(&map), self.1.map(&map))
    }
}

/// `200`, `200.50CNY`, `CNY200`.
fn amount(text: &str) -> Option<(Decimal, Option<Currency>)> {
    fn digits<'a>(input: &mut &'a str) -> Result<&'a str> {
        take_while(1.., |c: char| c.is_ascii_digit() || c == '.').parse_next(input)
    }
    fn letters<'a>(input: &mut &'a str) -> Result<&'a str> {
        take_while(3, |c: char| c.is_ascii_alphabetic()).parse_next(input)
    }
    let mut forms = alt((
        (digits, letters).map(|(amount, currency)| (amount, Some(currency))),
        (letters, digits).map(|(currency, amount)| (amount, Some(currency))),
        digits.map(|amount| (amount, None)),
    ));
    let (amount, currency) = forms.parse(text).ok()?;
    // More digits mean nothing, and would not fit.
    let amount = Some(amount).filter(|amount| amount.len() <= 20)?.parse().ok()?;
    let currency = currency.map(Currency::parse);
    currency.map_or(Some((amount, None)), |currency| Some((amount, Some(currency?))))
}

/// `90s`, `10m`, `1h30m`, `2d`; `10分`, `1小时`.
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
    let parts: Vec<i64> = repeat(1..=4, span).parse(text).ok()?;
    Some(SignedDuration::from_secs(parts.into_iter().sum()))
}

/// A number of days, hours, minutes or seconds, in seconds.
pub fn span(input: &mut &str) -> Result<i64> {
    let number = take_while(1..=6, |c: char| c.is_ascii_digit()).try_map(str::parse::<i64>);
    let unit = alt((
        alt(("天", Caseless("days"), Caseless("day"), Caseless("d"))).value(86_400),
        hours.value(3_600),
        alt(("分钟", "分", Caseless("minutes"), Caseless("mins"), Caseless("min"), Caseless("m"))).value(60),
        alt(("秒", Caseless("s"))).value(1),
    ));
    (number, unit).map(|(number, unit): (i64, i64)| number * unit).parse_next(input)
}

/// The unit of hours.
pub fn hours<'a>(input: &mut &'a str) -> Result<&'a str> {
    alt(("小时", "时", Caseless("hours"), Caseless("hour"), Caseless("h"))).parse_next(input)
}

/// The first and the last point of a moment: a time is one, a day goes on.
fn moment(text: &str, reading: &Reading) -> Option<(Timestamp, Timestamp)> {
    let (start, end) = stretch(text, reading)?;
    let is_day = text.parse::<civil::Date>().is_ok() && !text.contains(':');
    Some((start, if is_day { end - SignedDuration::from_nanos(1) } else { start }))
}

/// A moment and the end of what it stands for: `14:05` (today) and `2026-11-03T14:05` are a minute, a day is a day.
fn stretch(text: &str, reading: &Reading) -> Option<(Timestamp, Timestamp)> {
    let local = |at: civil::DateTime| reading.zone.to_ambiguous_timestamp(at).compatible().ok();
    let unit = if text.matches(':').count() > 1 { 1 } else { 60 };
    let until = |at: Timestamp| Some((at, at.checked_add(SignedDuration::from_secs(unit)).ok()?));
    let today = || reading.now.to_zoned(reading.zone.clone()).date();
    if !text.contains(':') {
        let day: civil::Date = Some(text).filter(|text| text.len() == 10)?.parse().ok()?;
        return Some((local(day.into())?, local(day.tomorrow().ok()?.into())?));
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return until(at);
    }
    // People leave the zero of 9:05 out.
    let zero = if text.find(':') == Some(1) { "0" } else { "" };
    let time = || [zero, text].concat().parse().ok().map(|time| today().to_datetime(time));
    // A time by itself is of today.
    let at = if text.contains('-') { text.parse().ok()? } else { time()? };
    until(local(at)?)
}
