//! What staleness a budget buys: for a desk with so many orders, how old what it shows of each class of order will be. Pure,
//! and made of the poller's own numbers: its windows, its periods, its gaps.

mod class;
pub mod life;
mod waiting;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

pub use self::class::{Age, Class, Staleness};
use self::{life::Life, waiting::Waiting};
use super::{
    budget::{Budget, Urgency},
    followed::{DOUBT_GAPS, FOLLOW_GAPS, LATE_FOLLOW_GAPS, queries_within},
    rounds::{
        census::Census,
        economy::{PAGE_TURN, page_rate, periods},
        windows::{KINDS, Kind, Windows},
    },
    watched::SELECTED_GAP,
};
use crate::domain::moment::Now;

/// A payment that is made here takes so many requests besides those that follow it: its order is looked at and looked at once
/// more, it is sent, and the balance is asked for whenever it may have moved.
const CHECKS: f64 = 8.0;

/// A desk, as far as its requests go.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    /// Orders made within `lookback`.
    pub orders: u32,
    /// How far back the rounds look.
    pub lookback: SignedDuration,
    /// The shortest time between two rounds.
    pub every: Duration,
    /// Requests allowed in a minute.
    pub per_minute: u32,
    /// Payments that are made here in an hour.
    pub payments_per_hour: u32,
    /// An order that can change is selected all the time, and so asked for.
    pub is_watched: bool,
}

/// What a budget buys.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// By class.
    pub classes: Vec<Staleness>,
    /// Requests a minute for pages of the list.
    pub pages: f64,
    /// Requests a minute for details: prices, states that the list shows, the selected order, payments that are followed.
    pub details: f64,
    /// How many of those are for payments that are made here.
    pub payments: f64,
    /// Requests a minute that asking for each open order alone would cost, for the same age of fresh orders; the pages in
    /// which new orders are found count too.
    pub one_by_one: f64,
    /// The smallest budget with which everything fits.
    pub fits_from: u32,
}

impl Forecast {
    /// What the budget of this desk buys.
    pub fn new(desk: &Desk) -> Self {
        let (census, counts) = usual(desk);
        let details = details_per_minute(desk);
        // As it stands while the rounds go on: the last one began a while ago.
        let now = Now::agreed(NOW);
        let looked = Now::agreed(NOW - SignedDuration::try_from(desk.every).unwrap_or_default());
        let rounds = Windows::new(&census, now, Some(looked), desk.lookback).rounds(&census, desk.every);
        let later = f64::from(Budget::share_of(Urgency::Later, desk.per_minute));
        let prices = f64::from(desk.orders) / minutes(desk);
        let rate = page_rate(desk.per_minute, details);
        let got = periods(rounds, rate);
        let best = rounds.map(|round| round.soonest);
        let cost = |periods: [Duration; KINDS]| -> f64 {
            let each = rounds.iter().zip(periods);
            each.map(|(round, period)| 60.0 * f64::from(round.pages) / period.as_secs_f64()).sum()
        };
        // Pages have their turn, and what that leaves is what there is for details.
        let keeps_up = details + cost(best).min(later / f64::from(PAGE_TURN + 1)) <= later;
        let waiting = Waiting::new(later, cost(got), details);
        let ages = got.map(|period| Age::of(period).late_by(waiting.of_oldest(period)));
        let best_ages = best.map(Age::of);
        // The orders that a round finds wait for each other.
        let priced = |age: Age| {
            let new = prices * age.median.as_secs_f64() * 2.0 / 60.0;
            age.and(Duration::from_secs_f64(60.0 * new / later))
        };
        let gap = |seconds: u64| Age::of(Duration::from_secs(seconds));
        let last = |gaps: &[u64]| gap(gaps.last().copied().unwrap_or_default());
        let classes = Class::ALL.map(|class| {
            let fixed = |age: Age| (None, (Some(age), age));
            let seen_by = |kind: Kind| (Some(ages[kind.nth()]), best_ages[kind.nth()]);
            let counted = |kind: Kind| Some(counts[kind.nth()]);
            let (orders, (age, at_best)) = match class {
                Class::Doubt => fixed(last(&DOUBT_GAPS)),
                Class::Selected => fixed(Age::of(SELECTED_GAP)),
                Class::Followed => fixed(last(&FOLLOW_GAPS)),
                Class::FollowedLong => fixed(last(&LATE_FOLLOW_GAPS)),
                Class::Unseen => (None, seen_by(Kind::Fresh)),
                Class::Unpriced => {
                    let (fresh, best) = (ages[Kind::Fresh.nth()], best_ages[Kind::Fresh.nth()]);
                    (None, (keeps_up.then(|| priced(fresh)), priced(best)))
                }
                Class::Fresh => (counted(Kind::Fresh), seen_by(Kind::Fresh)),
                Class::Late => (counted(Kind::Late), seen_by(Kind::Late)),
                Class::Slow => (counted(Kind::Slow), seen_by(Kind::Slow)),
                Class::ListedLate => (None, seen_by(Kind::LastHour)),
                Class::Closed => (counted(Kind::Whole), seen_by(Kind::Whole)),
            };
            Staleness { class, orders, age, at_best }
        });
        let open = prices * mean(LIVES, |life| Some(life.over.as_secs_f64())) / 60.0;
        Self {
            classes: classes.to_vec(),
            pages: cost(got),
            details,
            payments: payments_per_minute(desk),
            one_by_one: 60.0 * (open + pages_of_new(desk)) / got[0].as_secs_f64(),
            fits_from: budget_for(details + cost(best)),
        }
    }

    /// True when more requests would make nothing younger.
    pub fn fits(&self) -> bool {
        self.classes.iter().all(Staleness::fits)
    }
}

/// Any moment will do.
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn minutes(desk: &Desk) -> f64 {
    (desk.lookback.as_secs_f64() / 60.0).max(1.0)
}

/// The smallest budget of which so many requests a minute may be taken by what can wait.
fn budget_for(per_minute: f64) -> u32 {
    (1..u32::MAX)
        .find(|budget| f64::from(Budget::share_of(Urgency::Later, *budget)) >= per_minute)
        .unwrap_or(u32::MAX)
}

/// The orders of a desk on which everything goes as usual, and how many each kind of round is made for.
fn usual(desk: &Desk) -> (Census, [u32; KINDS]) {
    let mut census = Census::default();
    let mut counts = [0; KINDS];
    for n in 0..desk.orders {
        let age = desk.lookback.as_secs_f64() * (f64::from(n) + 0.5) / f64::from(desk.orders);
        let age = Duration::from_secs_f64(age);
        let is_moving = Life::nth(n).over > age;
        census.count(NOW - age, is_moving);
        let kind = if is_moving { Kind::of_age(age) } else { Kind::Whole };
        counts[kind.nth()] += 1;
    }
    (census, counts)
}

/// The pages of one round in which new orders are found.
fn pages_of_new(desk: &Desk) -> f64 {
    let new = f64::from(desk.orders) / minutes(desk) * desk.every.as_secs_f64() / 60.0;
    (new / 100.0).ceil().max(1.0)
}

/// Requests a minute that are no pages.
fn details_per_minute(desk: &Desk) -> f64 {
    let each = mean(LIVES, |life| Some(f64::from(life.details())));
    let selected = if desk.is_watched { 60.0 / SELECTED_GAP.as_secs_f64() } else { 0.0 };
    each * f64::from(desk.orders) / minutes(desk) + selected + payments_per_minute(desk)
}

fn payments_per_minute(desk: &Desk) -> f64 {
    requests_of_payment() * f64::from(desk.payments_per_hour) / 60.0
}

/// What a payment that is made here costs besides what its order costs anyway: it is checked, and followed until it is ticketed.
fn requests_of_payment() -> f64 {
    let followed = mean(LIVES, |life| Some(f64::from(queries_within(life.over.checked_sub(life.paid?)?))));
    // That it is in ticketing and ticketed is known before the list shows it.
    CHECKS + followed - 2.0
}

/// So many lives are as good as all.
const LIVES: u32 = 1_000;

/// What these lives come to on average, those that have it.
fn mean(lives: u32, of: impl Fn(Life) -> Option<f64>) -> f64 {
    let (sum, count) = (0..lives)
        .filter_map(|n| of(Life::nth(n)))
        .fold((0.0, 0.0), |(sum, count), one| (sum + one, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(orders: u32, per_minute: u32) -> Desk {
        Desk {
            orders,
            lookback: SignedDuration::from_hours(24),
            every: Duration::from_secs(30),
            per_minute,
            payments_per_hour: 0,
            is_watched: false,
        }
    }

    fn p99(forecast: &Forecast, class: Class) -> Option<Duration> {
        forecast.classes.iter().find(|is| is.class == class).unwrap().age.map(|age| age.p99)
    }

    #[test]
    fn a_larger_budget_makes_nothing_older_and_the_named_one_fits() {
        for orders in [1, 100, 1_000, 10_000, 100_000] {
            let mut last = Forecast::new(&desk(orders, 10));
            for per_minute in [20, 30, 60, 120, 300, 600] {
                let next = Forecast::new(&desk(orders, per_minute));
                for class in Class::ALL {
                    let [old, new] = [&last, &next].map(|of| p99(of, class).unwrap_or(Duration::MAX));
                    assert!(
                        new <= old.saturating_add(Duration::from_millis(5)),
                        "{orders} {per_minute} {class:?}"
                    );
                }
                last = next;
            }
            let needed = last.fits_from;
            assert!(Forecast::new(&desk(orders, needed)).fits(), "{orders}: {needed}");
            assert!(
                !Forecast::new(&desk(orders, needed * 3 / 4)).fits() || needed <= 12,
                "{orders}: {needed}"
            );
        }
    }

    #[test]
    fn it_costs_a_half_a_fifth_and_a_tenth_of_asking_for_each_order() {
        for (orders, share) in [(100, 2.0), (1_000, 5.0), (10_000, 10.0)] {
            let forecast = Forecast::new(&desk(orders, 60));
            let ours = forecast.pages + forecast.details;
            assert!(ours * share <= forecast.one_by_one, "{orders}: {ours} of {}", forecast.one_by_one);
        }
    }
}
