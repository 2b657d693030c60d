//! What time it is when several clocks say so, and how long something took, so that neither is ever misjudged.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// One start of a machine. Uptimes of different boots have nothing to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Boot(pub u64);

/// Clocks may be off by so much, where they are not known any better.
const ASTRAY: SignedDuration = SignedDuration::from_hours(24);

/// The time by all clocks at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The vendor's clock as well as it is known, in UTC: what people read, and what is worth trying.
    pub at: Timestamp,
    /// This machine's wall clock, in UTC.
    pub wall: Timestamp,
    /// The vendor's clock is known, and its answers do not contradict each other.
    pub settled: bool,
}

impl Now {
    /// The time where all clocks agree.
    pub fn agreed(at: Timestamp) -> Self {
        Self { at, wall: at, settled: true }
    }

    /// The same clocks when the vendor's will show `at`.
    #[must_use]
    pub fn at_later(self, at: Timestamp) -> Self {
        Self { at, wall: self.wall.saturating_add(at.duration_since(self.at)).unwrap_or(self.wall), ..self }
    }

    /// What is past by every clock at hand: the death of an order may rest on this alone. None while the vendor's clock
    /// is not known or in doubt.
    pub fn sure(self) -> Option<Timestamp> {
        self.settled.then(|| self.at.min(self.wall))
    }

    /// The earliest and the latest that it may be by the vendor's clock and the machine's own. One that is a day off is no
    /// clock.
    pub fn span(self) -> (Timestamp, Timestamp) {
        let wall = Some(self.wall).filter(|wall| wall.duration_since(self.at).abs() <= ASTRAY);
        let wall = wall.unwrap_or(self.at);
        (self.at.min(wall), self.at.max(wall))
    }

    /// No clock that is known at all is ahead of this.
    pub fn latest(self) -> Timestamp {
        let latest = self.at.max(self.wall);
        if self.settled { latest } else { latest.checked_add(ASTRAY).unwrap_or(latest) }
    }
}

/// When something was: by the clocks that tell deadlines, and by the time that this machine had been up.
///
/// People and deadlines go by the first. Waiting times go by the second, which neither steps nor stops while the
/// machine sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What the clocks said.
    pub now: Now,
    /// The boot that `up` belongs to.
    pub boot: Boot,
    /// Time since the machine was started, sleep included.
    pub up: Duration,
}

impl Moment {
    /// At least so long after `earlier` this was; negative if it was before. What was before the machine's last start
    /// lies at least as far back as that start: no clock that people set is asked.
    pub fn since(self, earlier: Self) -> SignedDuration {
        let signed = |up: Duration| SignedDuration::try_from(up).unwrap_or(SignedDuration::MAX);
        let before = if self.boot == earlier.boot { signed(earlier.up) } else { SignedDuration::ZERO };
        signed(self.up).saturating_sub(before)
    }

    /// True when this was surely no longer than `span` after `earlier`. Nobody knows that across a start of the machine.
    pub fn is_within(self, span: SignedDuration, earlier: Self) -> bool {
        self.boot == earlier.boot && self.since(earlier) < span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(at: &str, boot: u64, up: u64) -> Moment {
        Moment { now: Now::agreed(at.parse().unwrap()), boot: Boot(boot), up: Duration::from_secs(up) }
    }

    #[test]
    fn what_is_past_is_past_by_the_earliest_clock_and_what_may_be_is_by_the_latest() {
        let at =
            |hour: i8| jiff::civil::date(2026, 11, 3).at(hour, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
        for (vendor, wall) in [(6, 8), (8, 6)] {
            let now = Now { at: at(vendor), wall: at(wall), settled: true };
            assert_eq!((now.sure(), now.latest()), (Some(at(6)), at(8)));
            let doubtful = Now { settled: false, ..now };
            assert_eq!((doubtful.sure(), doubtful.latest()), (None, at(8) + ASTRAY));
        }
    }

    #[test]
    fn a_wall_clock_that_steps_changes_no_duration() {
        let sent = moment("2026-11-03T06:16:00Z", 1, 100);
        assert_eq!(moment("2026-11-03T04:16:00Z", 1, 160).since(sent).as_secs(), 60);
        assert_eq!(moment("2026-11-04T06:16:00Z", 1, 90).since(sent).as_secs(), -10);
        let restarted = moment("2026-11-04T06:16:00Z", 2, 5);
        assert_eq!(restarted.since(sent).as_secs(), 5, "a day later by a clock that anybody may have set");
    }

    #[test]
    fn nothing_is_known_to_be_recent_across_a_start_of_the_machine() {
        let (span, sent) = (SignedDuration::from_secs(10), moment("2026-11-03T06:16:00Z", 1, 100));
        assert!(moment("2026-11-03T06:16:00Z", 1, 109).is_within(span, sent));
        assert!(!moment("2026-11-03T06:16:00Z", 1, 110).is_within(span, sent));
        assert!(!moment("2026-11-03T06:16:05Z", 2, 5).is_within(span, sent));
    }
}
