//! How long a page of the list waits for its turn. Pure.

use std::time::Duration;

/// Each request takes one of so many places, and keeps it for a minute: the budget is a queue with that many servers, and how
/// often one who comes finds all of them taken, and for how long, is Erlang's. Pages come evenly and so keep their places;
/// prices and changes come by chance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// So many of those who come find no place.
    share: f64,
    /// So long these wait on average.
    mean_s: f64,
}

/// The age that is exceeded one time of a hundred.
const TAIL: f64 = 0.01;

/// What is looked at once in every period, at any moment of it, is no older than so many periods 99 times of a hundred: the
/// time between two looks is spread like a triangle from none to two periods, and `(2 - x)^3 / 6 = 0.01`.
const AT_ANY_MOMENT: f64 = 1.61;

impl Waiting {
    /// With so many places in a minute, of which so many requests a minute are made steadily and so many by chance.
    pub(super) fn new(places: f64, steady: f64, chance: f64) -> Self {
        // A page that comes gives its last place back.
        let free = (places - steady + 1.0).floor().max(0.0);
        if chance >= free {
            return Self { share: 1.0, mean_s: f64::INFINITY };
        }
        // What is found full without a queue (Erlang's B), one place after the other.
        let (mut full, mut servers) = (1.0, 0.0);
        while servers < free {
            servers += 1.0;
            full = chance * full / (servers + chance * full);
        }
        let load = chance / free;
        Self {
            share: full / (1.0 - load * (1.0 - full)),
            // A service that always takes as long makes half of the queue of one that takes any time.
            mean_s: 60.0 / (2.0 * (free - chance)),
        }
    }

    /// What it adds to the age of the oldest of a hundred that are asked for every `period`. A round is not begun while the
    /// last one is under way, so it is never more than that of one that is looked at at any moment of its period.
    pub(super) fn of_oldest(self, period: Duration) -> Duration {
        let period_s = period.as_secs_f64();
        let most_s = (AT_ANY_MOMENT - 1.0) * period_s;
        if self.mean_s.is_infinite() {
            return Duration::from_secs_f64(most_s);
        }
        let over = self.share * self.mean_s / (TAIL * period_s);
        let wait_s = if over > 1.0 { self.mean_s * over.ln() } else { 0.0 };
        Duration::from_secs_f64(wait_s.min(most_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_taken_as_often_as_erlang_says() {
        // One server: as often as it is busy. Two that are half busy: one time of three.
        for (free, chance, share) in [(1.0, 0.5, 0.5), (2.0, 1.0, 1.0 / 3.0), (10.0, 8.0, 0.409)] {
            let waiting = Waiting::new(free - 1.0, 0.0, chance);
            assert!((waiting.share - share).abs() < 0.001, "{free} {chance}: {}", waiting.share);
        }
    }

    #[test]
    fn nobody_waits_while_much_is_left_and_no_longer_than_a_period_when_nothing_is() {
        let quarter = Duration::from_secs(15);
        assert_eq!(Waiting::new(50.0, 19.0, 19.0).of_oldest(quarter), Duration::ZERO);
        let full = Waiting::new(30.0, 11.0, 20.0).of_oldest(quarter);
        assert!(full > quarter / 2 && full < quarter, "{full:?}");
        let mut last = Duration::MAX;
        for places in 22..60 {
            let wait = Waiting::new(f64::from(places), 11.0, 11.0).of_oldest(quarter);
            assert!(wait <= last, "{places}");
            last = wait;
        }
    }
}
