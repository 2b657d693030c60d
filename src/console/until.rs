//! Until when, and why: `15m callback`, `1h30`, `14:30 airline opens`, `tomorrow 9:00`, `15分钟回电`, `明天9点`.

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};
use winnow::{
    Parser, Result as Parsed,
    ascii::{Caseless, space0},
    combinator::{alt, fail, not, opt, preceded, repeat},
    token::{one_of, take_while},
};

use crate::{
    console::filter::{hours, span},
    domain::{
        fold::{fold, fold_text},
        text::Text,
    },
    lang::{Lang, words},
};

/// Nobody remembers for longer what an order waits for.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Until when, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Until {
    /// The time.
    pub at: Timestamp,
    /// The reason, if one was given.
    pub reason: Text,
}

/// A time as it is written.
enum When {
    /// So long from now.
    After(SignedDuration),
    /// The next time at which clocks show it, or that of the day so many days ahead.
    At(Option<i64>, Time),
}

impl Until {
    /// What is written, at `now`; else the key of what is wrong with it. A time by itself is the next one of the zone.
    pub fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("prompt.empty_snooze");
        }
        let folded = fold_text(text);
        let mut rest = folded.as_str();
        let when = when.parse_next(&mut rest).map_err(|_| "prompt.no_time")?;
        // Between Chinese words nobody types a blank.
        if rest.starts_with(|c: char| c.is_ascii() && !c.is_whitespace() && c != ',') {
            return Err("prompt.no_time");
        }
        let at = match when {
            When::After(span) => now.checked_add(span).ok(),
            When::At(day, time) => at(day, time, now, zone),
        };
        let at = at.filter(|at| *at > now).ok_or("prompt.no_time")?;
        if at.duration_since(now) > LONGEST {
            return Err("prompt.too_long");
        }
        // A sign folds to one sign.
        let reason: String = text.chars().skip(folded.chars().count() - rest.chars().count()).collect();
        let reason = reason.trim_start_matches(|c: char| c.is_whitespace() || fold(c) == ',');
        Ok(Self { at, reason: Text::new(reason) })
    }
}

fn when(input: &mut &str) -> Parsed<When> {
    let day = alt((
        alt(("今天", Caseless("today"))).value(0),
        alt(("明天", "明日", Caseless("tomorrow"))).value(1),
        "后天".value(2),
    ));
    let at = (opt(day), space0, clock).map(|(day, _, time)| When::At(day, time));
    alt((at, after.map(When::After))).parse_next(input)
}

/// `90s`, `1h30m`, `1h 30m`, `1h30`, `1小时30`, `半小时`.
fn after(input: &mut &str) -> Parsed<SignedDuration> {
    let half = ("半", opt("个"), "小时").value(1_800);
    let with_minutes = (number, hours, number, not(one_of(|c: char| c.is_ascii_alphanumeric() || c == ':')))
        .map(|(hours, _, minutes, ())| i64::from(hours) * 3_600 + i64::from(minutes) * 60);
    let part = alt((half, with_minutes, span));
    let parts: Vec<i64> = repeat(1..=4, preceded(space0, part)).parse_next(input)?;
    Ok(SignedDuration::from_secs(parts.into_iter().sum()))
}

/// `14:30`, `9:05`, `9点`, `9点半`, `9点05`.
fn clock(input: &mut &str) -> Parsed<Time> {
    let two = take_while(2, |c: char| c.is_ascii_digit()).try_map(str::parse::<i8>);
    let behind_colon = preceded(':', (two, not(one_of(('0'..='9', ':'))))).map(|(minute, ())| minute);
    let behind_point =
        preceded('点', alt(("半".value(30), (number, opt('分')).map(|(minute, _)| minute), "".value(0))));
    let (hour, minute) = (number, alt((behind_colon, behind_point))).parse_next(input)?;
    match Time::new(hour, minute, 0, 0) {
        Ok(time) => Ok(time),
        Err(_) => fail(input),
    }
}

fn number(input: &mut &str) -> Parsed<i8> {
    take_while(1..=2, |c: char| c.is_ascii_digit()).try_map(str::parse::<i8>).parse_next(input)
}

/// A time as people say it at `now`: with its day if that is another one.
pub fn shown(at: Timestamp, now: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let [at, now] = [at, now].map(|time| time.to_zoned(zone.clone()));
    let time = at.strftime("%H:%M");
    if at.date() == now.date() {
        time.to_string()
    } else {
        format!("{} {time}", words::date(lang, at.date()))
    }
}

/// The time on that day of the zone, or the next one after `now`.
fn at(day: Option<i64>, time: Time, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let today = now.to_zoned(zone.clone()).date();
    let on = |day: Date| zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().ok();
    match day {
        Some(days) => on(today.checked_add(days.days()).ok()?),
        None => on(today).filter(|at| *at > now).or_else(|| on(today.tomorrow().ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, String), &'static str> {
        let now = "2026-11-03T06:22:10Z".parse().unwrap();
        let until = Until::read(text, now, &TimeZone::get("Asia/Singapore").unwrap())?;
        Ok((until.at.to_string(), until.reason.to_string()))
    }

    #[test]
    fn a_span_or_a_time_comes_first_and_then_the_reason() {
        for (text, at, reason) in [
            ("15m callback", "2026-11-03T06:37:10Z", "callback"),
            ("2h", "2026-11-03T08:22:10Z", ""),
            (" 1h30m   call  back ", "2026-11-03T07:52:10Z", "call  back"),
            ("１５m　回电", "2026-11-03T06:37:10Z", "回电"),
            ("15分钟 回电", "2026-11-03T06:37:10Z", "回电"),
            ("14:30 airline opens", "2026-11-03T06:30:00Z", "airline opens"),
            ("14：30", "2026-11-03T06:30:00Z", ""),
            ("14:22", "2026-11-04T06:22:00Z", ""),
            ("9:05", "2026-11-04T01:05:00Z", ""),
            ("7d", "2026-11-10T06:22:10Z", ""),
            ("1h30", "2026-11-03T07:52:10Z", ""),
            ("1h30 call back", "2026-11-03T07:52:10Z", "call back"),
            ("1h 30m call back", "2026-11-03T07:52:10Z", "call back"),
            ("1小时30回电", "2026-11-03T07:52:10Z", "回电"),
            ("15分钟回电", "2026-11-03T06:37:10Z", "回电"),
            ("半小时，回电", "2026-11-03T06:52:10Z", "回电"),
            ("30min callback", "2026-11-03T06:52:10Z", "callback"),
            ("2hours", "2026-11-03T08:22:10Z", ""),
            ("14:30航司上班", "2026-11-03T06:30:00Z", "航司上班"),
            ("15点半 回电", "2026-11-03T07:30:00Z", "回电"),
            ("９点", "2026-11-04T01:00:00Z", ""),
            ("9点05分回电", "2026-11-04T01:05:00Z", "回电"),
            ("tomorrow 9:00 airline", "2026-11-04T01:00:00Z", "airline"),
            ("Tomorrow 17:00", "2026-11-04T09:00:00Z", ""),
            ("明天9:00回电", "2026-11-04T01:00:00Z", "回电"),
            ("后天 9点", "2026-11-05T01:00:00Z", ""),
            ("today 14:30", "2026-11-03T06:30:00Z", ""),
        ] {
            assert_eq!(read(text), Ok((at.into(), reason.into())), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_ahead_is_refused() {
        for text in [
            "callback",
            "15",
            "15mcallback",
            "25:00",
            "14:3",
            "14:60",
            "0m",
            "-5m",
            "1:2:3",
            ":30",
            "14:30:00",
            "today 9:00",
            "tomorrow",
            "明天",
            "24:00",
            "1h30x",
            "9点99",
        ] {
            assert_eq!(read(text), Err("prompt.no_time"), "{text}");
        }
        assert_eq!(read("  "), Err("prompt.empty_snooze"));
        assert_eq!(read("8d"), Err("prompt.too_long"));
        assert_eq!(read("999999d"), Err("prompt.too_long"));
    }
}
