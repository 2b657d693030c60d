//! Until when, and why: `15m callback`, `2h`, `14:30 airline opens`.

use jiff::{SignedDuration, Timestamp, civil::Time, tz::TimeZone};

use crate::{
    console::filter::duration,
    domain::{fold::fold, text::Text},
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

impl Until {
    /// What is written, at `now`; else the key of what is wrong with it. A time by itself is the next one of the zone.
    pub fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self, &'static str> {
        let text = text.trim();
        let (when, reason) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if when.is_empty() {
            return Err("prompt.empty_snooze");
        }
        let when: String = when.chars().map(fold).collect();
        let at = duration(&when)
            .and_then(|span| now.checked_add(span).ok())
            .or_else(|| next(time(&when)?, now, zone))
            .ok_or("prompt.no_time")?;
        if at <= now {
            return Err("prompt.no_time");
        }
        if at.duration_since(now) > LONGEST {
            return Err("prompt.too_long");
        }
        Ok(Self { at, reason: Text::new(reason.trim()) })
    }
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

/// `14:30`, `9:05`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = matches!(hour.len(), 1 | 2) && minute.len() == 2 && is_number(hour) && is_number(minute);
    fits.then(|| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()).flatten()
}

/// The next time after `now` at which clocks of the zone show it.
fn next(time: Time, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let today = now.to_zoned(zone.clone()).date();
    let on = |day: jiff::civil::Date| zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().ok();
    on(today).filter(|at| *at > now).or_else(|| on(today.tomorrow().ok()?))
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
        ] {
            assert_eq!(read(text), Ok((at.into(), reason.into())), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_ahead_is_refused() {
        for text in ["callback", "15", "15mcallback", "25:00", "14:3", "14:60", "0m", "-5m", "1:2:3", ":30"] {
            assert_eq!(read(text), Err("prompt.no_time"), "{text}");
        }
        assert_eq!(read("  "), Err("prompt.empty_snooze"));
        assert_eq!(read("8d"), Err("prompt.too_long"));
        assert_eq!(read("999999d"), Err("prompt.too_long"));
    }
}
