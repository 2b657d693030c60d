//! Times as a table has room for them: as exact as it matters.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::lang::Lang;

/// `23h`, `9h25`, `29:12`, `00:48`.
pub fn countdown(left: SignedDuration) -> String {
    Countdown(left).to_string()
}

/// `29m`, `5h`, `3d`; `29分`, `5时`, `3天`.
pub fn age(lang: Lang, age: SignedDuration) -> String {
    let (count, unit) = match age.as_mins().max(0) {
        minutes @ 0..100 => (minutes, "age.minutes"),
        minutes @ 100..2_880 => (minutes / 60, "age.hours"),
        minutes => (minutes / 1_440, "age.days"),
    };
    lang.fill(unit, &[("count", &count)])
}

/// What is left, to be written.
pub(super) struct Countdown(pub(super) SignedDuration);

impl fmt::Display for Countdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match seconds / 3_600 {
            0 => write!(f, "{:02}:{:02}", seconds / 60, seconds % 60),
            hours @ 10..100 => write!(f, "{hours}h"),
            hours @ 1..10 => write!(f, "{hours}h{:02}", seconds / 60 % 60),
            hours => write!(f, "{}d", hours / 24),
        }
    }
}

/// The whole minute that `now` lies in.
pub fn whole_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() / 60 * 60).unwrap_or(now)
}
