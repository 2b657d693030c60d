//! A moment as two clocks of the machine tell it, so that how long something took is never misjudged.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// One start of a machine. Uptimes of different boots have nothing to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Boot(pub u64);

/// When something was: by the vendor's clock, and by the time that this machine had been up.
///
/// People and deadlines go by the first. Waiting times go by the second, which neither steps nor stops while the
/// machine sleeps; only across a restart of the machine is the first all that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The vendor's clock as well as the desk knew it, in UTC.
    pub at: Timestamp,
    /// The boot that `up` belongs to.
    pub boot: Boot,
    /// Time since the machine was started, sleep included.
    pub up: Duration,
}

impl Moment {
    /// How long after `earlier` this was; negative if it was before.
    pub fn since(self, earlier: Self) -> SignedDuration {
        if self.boot != earlier.boot {
            return self.at.duration_since(earlier.at);
        }
        let signed = |up: Duration| SignedDuration::try_from(up).unwrap_or(SignedDuration::MAX);
        signed(self.up).saturating_sub(signed(earlier.up))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(at: &str, boot: u64, up: u64) -> Moment {
        Moment { at: at.parse().unwrap(), boot: Boot(boot), up: Duration::from_secs(up) }
    }

    #[test]
    fn a_wall_clock_that_steps_changes_no_duration_of_one_boot() {
        let sent = moment("2026-11-03T06:16:00Z", 1, 100);
        assert_eq!(moment("2026-11-03T04:16:00Z", 1, 160).since(sent).as_secs(), 60);
        assert_eq!(moment("2026-11-04T06:16:00Z", 1, 90).since(sent).as_secs(), -10);
        assert_eq!(moment("2026-11-03T06:20:00Z", 2, 5).since(sent).as_secs(), 240, "after a restart");
    }
}
