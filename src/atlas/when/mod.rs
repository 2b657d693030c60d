//! Moments as back ends write them. An offset that is written is honoured; a time without one is local to whoever
//! documents the field; what is not a whole moment is none, and never midnight.

mod scan;
#[cfg(test)]
mod tests;

use jiff::{
    Timestamp, civil,
    tz::{Offset, TimeZone},
};
use rust_decimal::Decimal;

use self::scan::Scan;

/// The vendor's local times are Singapore's, which has had no other offset since 1982.
pub(super) const SINGAPORE_HOURS: i8 = 8;

/// An offset further off than this is no place on earth.
const FURTHEST_HOURS: i32 = 14;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Reads a moment. `naked` is the offset of a time that names none.
///
/// Understood are ISO 8601 in its long and its short form, with a `T` or a blank, with a fraction of a second, with an
/// offset in every spelling (`Z`, `+08`, `+0800`, ` +08:00`, `GMT+8`) or a zone (`[Asia/Singapore]`); seconds and
/// milliseconds since 1970; and the English forms of Java and of HTTP (`Apr 1, 2023 12:36:44 AM`,
/// `Tue, 03 Nov 2026 06:49:37 GMT`).
///
/// `None` for a date alone, for zeros, for the far ends of the calendar that stand for "never", for a zone whose letters
/// mean several (`CST`), and for whatever else has not one reading.
pub(super) fn moment(text: &str, naked: Offset) -> Option<Timestamp> {
    let text = text.trim();
    number(text, naked).or_else(|| spelled(text, naked)).filter(|at| is_plausible(*at))
}

/// The moment of a list of numbers, year first, as Java writes a local time that nobody gave a format.
pub(super) fn listed(numbers: &[i64], naked: Offset) -> Option<Timestamp> {
    let (&[year, month, day, hour, minute], rest) = numbers.split_first_chunk()?;
    let (second, nanosecond) = match rest {
        [] => (0, 0),
        [second] => (*second, 0),
        [second, nanosecond] => (*second, *nanosecond),
        _ => return None,
    };
    let date = date(year, month, day)?;
    let time = civil::Time::new(
        hour.try_into().ok()?,
        minute.try_into().ok()?,
        second.try_into().ok()?,
        nanosecond.try_into().ok()?,
    );
    naked.to_timestamp(date.to_datetime(time.ok()?)).ok().filter(|at| is_plausible(*at))
}

/// Orders are made in this century: other years are sentinels or mistakes.
fn is_plausible(at: Timestamp) -> bool {
    const START_OF_2000: i64 = 946_684_800;
    const START_OF_2100: i64 = 4_102_444_800;
    (START_OF_2000..START_OF_2100).contains(&at.as_second())
}

/// Since 1970, or the digits of a date and a time run together: how many there are tells which.
fn number(text: &str, naked: Offset) -> Option<Timestamp> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+'));
    let number: Decimal =
        is_number.then(|| text.parse().or_else(|_| Decimal::from_scientific(text)).ok())??;
    let whole = number.trunc().normalize().to_string();
    match whole.len() {
        // A date and its hour, or a second in 2033: who can say?
        10 if is_date_and_hour(&whole) => None,
        10 => since_1970(number.checked_mul(Decimal::from(1_000_000_000))?),
        13 => since_1970(number.checked_mul(Decimal::from(1_000_000))?),
        12 | 14 | 17 if number.fract().is_zero() => run_together(&whole, naked),
        _ => None,
    }
}

fn since_1970(nanoseconds: Decimal) -> Option<Timestamp> {
    Timestamp::from_nanosecond(i128::try_from(nanoseconds.trunc()).ok()?).ok()
}

/// `yyyyMMddHHmm`, `…ss`, `…SSS`.
fn is_date_and_hour(digits: &str) -> bool {
    let mut text = Scan(digits);
    let mut read =
        || Some((date(text.digits(4, 4)?, text.digits(2, 2)?, text.digits(2, 2)?)?, text.digits(2, 2)?));
    digits.starts_with("20") && read().is_some_and(|(_, hour)| hour < 24)
}

fn run_together(digits: &str, naked: Offset) -> Option<Timestamp> {
    let mut text = Scan(digits);
    let date = date(text.digits(4, 4)?, text.digits(2, 2)?, text.digits(2, 2)?)?;
    let (hour, minute) = (text.digits(2, 2)?, text.digits(2, 2)?);
    let second = if text.0.is_empty() { 0 } else { text.digits(2, 2)? };
    let millisecond = if text.0.is_empty() { 0 } else { text.digits(3, 3)? };
    naked.to_timestamp(date.to_datetime(time(hour, minute, second, millisecond * 1_000_000)?)).ok()
}

fn date(year: i64, month: i64, day: i64) -> Option<civil::Date> {
    civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn time(hour: i64, minute: i64, second: i64, nanosecond: i64) -> Option<civil::Time> {
    // A leap second is the one before it.
    let second = if second == 60 { 59 } else { second };
    let part = |number: i64| number.try_into().ok();
    civil::Time::new(part(hour)?, part(minute)?, part(second)?, nanosecond.try_into().ok()?).ok()
}

/// What a text says of its offset.
enum Where {
    Nothing,
    Offset(Offset),
    Zone(TimeZone),
}

/// Date, time and zone with marks between them.
fn spelled(text: &str, naked: Offset) -> Option<Timestamp> {
    let (text, bracketed) = without_brackets(text)?;
    let text = text.replace(['年', '月'], "-").replace('日', " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
    let mut text = Scan(&text);
    let day = Day::read(&mut text)?;
    let is_short = matches!(day, Day::Known { is_short: true, .. });
    let time = read_time(&mut text, is_short)?;
    let mut place = read_place(&mut text)?;
    let date = match day {
        Day::Known { date, .. } => date,
        // `Tue Nov 3 14:45:02 SGT 2026`: the year comes last.
        Day::OfYear { month, day } => {
            text.eat(' ').then_some(())?;
            date(text.digits(4, 4)?, month, day)?
        }
    };
    text.0.is_empty().then_some(())?;
    if let (Where::Nothing, Some(zone)) = (&place, bracketed) {
        place = Where::Zone(TimeZone::get(zone).ok()?);
    }
    let local = date.to_datetime(time);
    match place {
        Where::Nothing => naked.to_timestamp(local).ok(),
        Where::Offset(offset) => offset.to_timestamp(local).ok(),
        Where::Zone(zone) => zone.into_ambiguous_zoned(local).unambiguous().ok().map(|at| at.timestamp()),
    }
}

/// Cuts `[Asia/Singapore]`, `[u-ca=iso8601]` and `(Singapore Standard Time)` off. An offset before them says more than
/// they do.
fn without_brackets(text: &str) -> Option<(&str, Option<&str>)> {
    let text = match text.strip_suffix(')') {
        Some(text) => text.split_once(" (")?.0,
        None => text,
    };
    let Some((head, brackets)) = text.split_once('[') else { return Some((text, None)) };
    let brackets = brackets.strip_suffix(']')?;
    let mut zones =
        brackets.split("][").map(|part| part.trim_start_matches('!')).filter(|part| !part.contains('='));
    Some((head, zones.next()))
}

/// The date, or all of it but the year.
enum Day {
    Known { date: civil::Date, is_short: bool },
    OfYear { month: i64, day: i64 },
}

impl Day {
    fn read(text: &mut Scan<'_>) -> Option<Self> {
        if text.0.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Self::in_english(text);
        }
        let known = |date: Option<_>, is_short| Some(Self::Known { date: date?, is_short });
        let digits = text.0.bytes().take_while(u8::is_ascii_digit).count();
        match digits {
            8 => known(date(text.digits(4, 4)?, text.digits(2, 2)?, text.digits(2, 2)?), true),
            4 => {
                let year = text.digits(4, 4)?;
                let mark = text.any(&['-', '/', '.'])?;
                let month = text.digits(1, 2)?;
                text.eat(mark).then_some(())?;
                known(date(year, month, text.digits(1, 2)?), false)
            }
            // `1 Apr 2023`
            _ => known(Self::by_name(text), false),
        }
    }

    /// `Apr 1, 2023`, `Sat, 01 Apr 2023`, `Saturday, 01-Apr-23`, `Sat Apr 1 00:36:44 SGT 2023`.
    fn in_english(text: &mut Scan<'_>) -> Option<Self> {
        let known = |date| Self::Known { date, is_short: false };
        let word = text.word();
        let Some(month) = month(word) else {
            // The name of a day; it says nothing that the date does not.
            text.eat(',');
            text.eat(' ').then_some(())?;
            if text.0.starts_with(|c: char| c.is_ascii_digit()) {
                return Self::by_name(text).map(known);
            }
            let month = month(text.word())?;
            text.eat(' ').then_some(())?;
            let day = text.digits(1, 2)?;
            // `Tue Nov 03 2026 14:45:02 GMT+0800`
            let year = text.after_blank(|text| text.digits(4, 4));
            return year.map_or(Some(Self::OfYear { month, day }), |year| date(year, month, day).map(known));
        };
        text.eat(' ').then_some(())?;
        let day = text.digits(1, 2)?;
        text.eat(',');
        text.eat(' ').then_some(())?;
        date(text.digits(4, 4)?, month, day).map(known)
    }

    /// `01 Apr 2023`, `01-Apr-23`.
    fn by_name(text: &mut Scan<'_>) -> Option<civil::Date> {
        let day = text.digits(1, 2)?;
        let mark = text.any(&[' ', '-'])?;
        let month = month(text.word())?;
        text.eat(mark).then_some(())?;
        let years = text.0.bytes().take_while(u8::is_ascii_digit).count();
        let year = if years == 2 { 2_000 + text.digits(2, 2)? } else { text.digits(4, 4)? };
        date(year, month, day)
    }
}

/// The number of a month by its English name, whole or its first three letters.
fn month(word: &str) -> Option<i64> {
    const WHOLE: [&str; 12] = [
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "MAY",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    ];
    let at = MONTHS.iter().zip(WHOLE).position(|(short, whole)| {
        word == *short || word == whole || word == "SEPT" && whole == "SEPTEMBER"
    })?;
    i64::try_from(at + 1).ok()
}

/// The time of day, with what divides it from the date. Without minutes it is none.
fn read_time(text: &mut Scan<'_>, is_short: bool) -> Option<civil::Time> {
    let comma = text.eat(',');
    (text.eat('T') || text.eat(' ') || comma).then_some(())?;
    let (hour, minute, second);
    let digits = text.0.bytes().take_while(u8::is_ascii_digit).count();
    if is_short && matches!(digits, 4 | 6) {
        (hour, minute) = (text.digits(2, 2)?, text.digits(2, 2)?);
        second = if digits == 6 { text.digits(2, 2) } else { None };
    } else {
        hour = text.digits(1, 2)?;
        text.eat(':').then_some(())?;
        minute = text.digits(2, 2)?;
        second = if text.eat(':') { Some(text.digits(2, 2)?) } else { None };
    }
    let mut nanosecond = 0;
    if second.is_some() && text.any(&['.', ',']).is_some() {
        let fraction = text.run()?;
        nanosecond = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    }
    let half = text.after_blank(|text| match (text.any(&['A', 'P']), text.eat('M')) {
        (Some(half), true) if !text.0.starts_with(|c: char| c.is_ascii_alphabetic()) => Some(half),
        _ => None,
    });
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some('A') => hour % 12,
        Some(_) => hour % 12 + 12,
    };
    time(hour, minute, second.unwrap_or(0), nanosecond)
}

/// An offset or a zone, if one follows. `None` for what is neither.
fn read_place(text: &mut Scan<'_>) -> Option<Where> {
    if let Some(offset) = text.after_blank(|text| read_offset(text, 2)) {
        // `+0800 CST`: with the offset said, its letters mean one thing only.
        text.after_blank(|text| Some(text.word()).filter(|word| (3..=5).contains(&word.len())));
        return Some(Where::Offset(offset));
    }
    if let Some(zone) = text.after_blank(|text| text.zone().map(str::to_owned)) {
        return TimeZone::get(&zone).ok().map(Where::Zone);
    }
    let Some(word) = text.after_blank(|text| Some(text.word().to_owned()).filter(|word| !word.is_empty()))
    else {
        return Some(Where::Nothing);
    };
    match word.as_str() {
        "UTC" | "GMT" => Some(Where::Offset(read_offset(text, 1).unwrap_or(Offset::UTC))),
        "Z" => Some(Where::Offset(Offset::UTC)),
        "SGT" => Offset::from_hours(SINGAPORE_HOURS).ok().map(Where::Offset),
        _ => None,
    }
}

/// `+08`, `+0800`, `+08:00`, `-08:00:00`; with one digit for the hour where `fewest` says so.
fn read_offset(text: &mut Scan<'_>, fewest: usize) -> Option<Offset> {
    let sign = if text.any(&['-', '\u{2212}']).is_some() { -1 } else { i32::from(text.eat('+')) };
    if sign == 0 {
        return None;
    }
    let digits = text.0.bytes().take_while(u8::is_ascii_digit).count();
    let (hours, minutes) = match digits {
        4 => (text.digits(2, 2)?, text.digits(2, 2)?),
        count if (fewest..=2).contains(&count) => {
            let hours = text.digits(1, 2)?;
            (hours, if text.eat(':') { text.digits(2, 2)? } else { 0 })
        }
        _ => return None,
    };
    let seconds = if digits != 4 && text.eat(':') { text.digits(2, 2)? } else { 0 };
    let seconds = i32::try_from(hours * 3_600 + minutes * 60 + seconds).ok()?;
    let is_on_earth = minutes < 60 && seconds <= FURTHEST_HOURS * 3_600;
    is_on_earth.then(|| Offset::from_seconds(sign * seconds).ok())?
}
