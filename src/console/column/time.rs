//! Times as a table has room for them: as exact as it matters.

use jiff::{SignedDuration, Timestamp};

use crate::lang::Lang;

/// `23h`, `9h25`, `29:12`, `00:48`.
pub fn countdown(left: SignedDuration) -> String {
    let seconds = left.as_secs();
    match seconds / 3_600 {
        0 => format!("{:02}:{:02}", seconds / 60, seconds % 60),
        hours @ 10..100 => format!("{hours}h"),
        hours @ 1..10 => format!("{hours}h{:02}", seconds / 60 % 60),
        hours => format!("{}d", hours / 24),
    }
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

/// The whole minute that `now` lies in.
pub fn whole_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() / 60 * 60).unwrap_or(now)
}
