//! What a budget buys: how often each kind of round may be made so that, taken together, what is shown is as young as the
//! budget allows, weighed by what it costs to be wrong about it. Pure; the poller and `paydesk plan` reckon with the same
//! numbers.
//!
//! A round of `c` pages that is made every `T` costs `c / T` requests a minute, and what it shows is half of `T` old on
//! average. To make the sum of `weight * T` as small as possible while all rounds together keep to a budget, each `T` must
//! be as the root of `c / weight`: what costs four times as much is asked for half as often.

use std::time::Duration;

use crate::desk::polling::budget::{Budget, Urgency};

/// One page of the list has its turn after so many other requests, whatever can wait.
pub const PAGE_TURN: u32 = 7;

/// What the age of one order weighs that is in the round.
pub mod weight {
    /// It can change at any moment, and somebody waits for it or its time runs out.
    pub const MOVING: f64 = 1.0;
    /// It can change, and is late already.
    pub const LATE: f64 = 0.3;
    /// It can change, and has not for hours.
    pub const SLOW: f64 = 0.1;
    /// It is over: nothing but a mistake is found by looking.
    pub const CLOSED: f64 = 0.000_01;
}

/// A round of the list: what it costs and what it is worth.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// So many requests.
    pub pages: u32,
    /// The weights of all orders that it is made for.
    pub weight: f64,
    /// More often than this it is never made.
    pub soonest: Duration,
}

/// Requests a minute that pages may take, when so many others are made: what the others leave, and never less than their
/// turn.
pub fn page_rate(per_minute: u32, others_per_minute: f64) -> f64 {
    let later = f64::from(Budget::share_of(Urgency::Later, per_minute));
    (later - others_per_minute).max(later / f64::from(PAGE_TURN + 1))
}

/// How often each of these is made with so many requests a minute: no less often than may be, if that fits.
pub fn periods<const N: usize>(rounds: [Round; N], per_minute: f64) -> [Duration; N] {
    let wanted = |round: &Round, stretch: f64| {
        let ideal = stretch * (f64::from(round.pages) / round.weight.max(LEAST_WEIGHT)).sqrt();
        ideal.clamp(round.soonest.as_secs_f64(), LONGEST_S.max(round.soonest.as_secs_f64()))
    };
    let cost = |stretch: f64| -> f64 {
        rounds.iter().map(|round| 60.0 * f64::from(round.pages) / wanted(round, stretch)).sum()
    };
    let (mut low, mut high) = (0.0, 1.0);
    if cost(low) > per_minute {
        while cost(high) > per_minute && high < LONGEST_S * 1e6 {
            high *= 2.0;
        }
        // Sixty halvings are as exact as the number is.
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if cost(middle) > per_minute { low = middle } else { high = middle }
        }
        low = high;
    }
    rounds.map(|round| Duration::from_secs_f64(wanted(&round, low)))
}

/// What nobody waits for still weighs so much.
const LEAST_WEIGHT: f64 = 1e-9;

/// Nothing is asked for less often than once in a day.
const LONGEST_S: f64 = 86_400.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn round(pages: u32, weight: f64, soonest: u64) -> Round {
        Round { pages, weight, soonest: Duration::from_secs(soonest) }
    }

    fn cost<const N: usize>(rounds: [Round; N], periods: [Duration; N]) -> f64 {
        rounds
            .iter()
            .zip(periods)
            .map(|(round, period)| f64::from(round.pages) * 60.0 / period.as_secs_f64())
            .sum()
    }

    fn age<const N: usize>(rounds: [Round; N], periods: [Duration; N]) -> f64 {
        rounds.iter().zip(periods).map(|(round, period)| round.weight * period.as_secs_f64()).sum()
    }

    #[test]
    fn what_fits_is_asked_for_as_often_as_it_may_be() {
        let rounds = [round(1, 20.0, 30), round(1, 1.0, 300), round(10, 0.1, 3_600)];
        assert_eq!(periods(rounds, 50.0), [30, 300, 3_600].map(Duration::from_secs));
    }

    #[test]
    fn no_other_periods_within_the_budget_weigh_less() {
        let rounds = [round(21, 2_000.0, 30), round(4, 10.0, 300), round(1_000, 10.0, 3_600)];
        for per_minute in [1.0, 5.0, 10.0, 20.0, 40.0] {
            let best = periods(rounds, per_minute);
            assert!((cost(rounds, best) - per_minute).abs() < 0.01, "all of {per_minute} is spent: {best:?}");
            // Any other way to spend as much: one round more often, another one less often.
            let mut random = fastrand::Rng::with_seed(7);
            for _ in 0..2_000 {
                let other = best.map(|period| period.mul_f64(0.5 + 1.5 * random.f64()));
                let over = cost(rounds, other) / per_minute;
                let other = other.map(|period| period.mul_f64(over.max(1.0)));
                let is_allowed = |(round, period): (&Round, Duration)| {
                    period >= round.soonest && period.as_secs_f64() <= LONGEST_S
                };
                let may = rounds.iter().zip(other).all(is_allowed);
                assert!(!may || age(rounds, other) >= age(rounds, best) * 0.999, "{best:?} {other:?}");
            }
        }
    }

    #[test]
    fn more_budget_never_makes_anything_older() {
        let rounds = [round(84, 700.0, 30), round(4, 10.0, 300), round(100, 1.0, 3_600)];
        let mut last = [Duration::from_hours(1_000); 3];
        for per_minute in 1..600 {
            let now = periods(rounds, f64::from(per_minute));
            assert!(now.iter().zip(last).all(|(now, last)| *now <= last + Duration::from_millis(1)));
            last = now;
        }
        assert_eq!(last[0], Duration::from_secs(30));
    }

    #[test]
    fn pages_have_their_turn_however_much_else_is_asked() {
        assert!((page_rate(60, 20.0) - 30.0).abs() < 0.01);
        assert!((page_rate(60, 1_000.0) - 50.0 / 8.0).abs() < 0.01);
    }
}
