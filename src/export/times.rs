//! Moments as lines for people.

use jiff::{Timestamp, tz::TimeZone};

/// `4:05` left, or `-0:12` past it.
pub fn time_left(deadline: Timestamp, now: Timestamp) -> String {
    let seconds = deadline.duration_since(now).as_secs();
    let sign = if seconds < 0 { "-" } else { "" };
    let (minutes, seconds) = (seconds.abs() / 60, seconds.abs() % 60);
    if minutes < 60 {
        format!("{sign}{minutes}:{seconds:02}")
    } else {
        format!("{sign}{}:{:02}:{seconds:02}", minutes / 60, minutes % 60)
    }
}

/// A moment in the desk's zone, with the zone.
pub fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_read_at_a_glance() {
        let deadline: Timestamp = "2026-11-03T10:00:00Z".parse().unwrap();
        let check = |now: &str, want: &str| assert_eq!(time_left(deadline, now.parse().unwrap()), want);
        check("2026-11-03T09:55:55Z", "4:05");
        check("2026-11-03T10:00:12Z", "-0:12");
        check("2026-11-03T08:58:59Z", "1:01:01");
        check("2026-11-03T10:00:00Z", "0:00");
    }
}
