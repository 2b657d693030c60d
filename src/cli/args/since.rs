//! A moment as the command line gives it.

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

/// A moment as the command line gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// So long ago.
    Ago(SignedDuration),
    /// Today at this time.
    Today(civil::Time),
    /// The beginning of this day.
    Day(civil::Date),
    /// This very moment.
    At(Timestamp),
}

impl Since {
    /// The moment itself, for a desk in `zone`.
    pub fn moment(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let local = |date: civil::Date, time: civil::Time| {
            zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible()
        };
        match self {
            Self::Ago(duration) => now.checked_sub(duration).unwrap_or(Timestamp::MIN),
            Self::Today(time) => local(now.to_zoned(zone.clone()).date(), time).unwrap_or(now),
            Self::Day(date) => local(date, civil::Time::midnight()).unwrap_or(now),
            Self::At(moment) => moment,
        }
    }
}

pub(super) fn since(text: &str) -> Result<Since, String> {
    let ago =
        || text.parse::<SignedDuration>().ok().filter(|duration| !duration.is_negative()).map(Since::Ago);
    let at = || text.parse().ok().map(Since::At);
    let today = || text.parse().ok().map(Since::Today);
    let day = || text.parse().ok().map(Since::Day);
    let length = text.len();
    let found = if length == 10 { day() } else { at().or_else(ago).or_else(today) };
    found.ok_or_else(|| "expected 2h, 45m, 14:05, 2026-11-03 or 2026-11-03T14:05:00Z".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_every_form() {
        let now: Timestamp = "2026-11-03T10:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let check = |text: &str, want: &str| {
            assert_eq!(since(text).unwrap().moment(now, &zone), want.parse().unwrap(), "{text}");
        };
        check("2h", "2026-11-03T08:00:00Z");
        check("45m", "2026-11-03T09:15:00Z");
        check("14:05", "2026-11-03T06:05:00Z");
        check("2026-11-02", "2026-11-01T16:00:00Z");
        check("2026-11-03T09:00:00Z", "2026-11-03T09:00:00Z");
        for text in ["", "yesterday", "-2h", "25:00", "2026-13-01"] {
            assert!(since(text).is_err(), "{text}");
        }
    }
}
