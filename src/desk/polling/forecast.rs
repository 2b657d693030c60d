//! What staleness a budget buys: for a desk with so many orders, how old what it shows of each class of order will be. Pure,
//! and made of the poller's own numbers: its windows, its periods, its gaps.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    budget::{Budget, Urgency},
    census::Census,
    economy::{PAGE_TURN, page_rate, periods},
    followed::{DOUBT_GAPS, FOLLOW_GAPS, LATE_FOLLOW_GAPS},
    life::Life,
    rounds::{Windows, kind_of_age},
    watched::SELECTED_GAP,
};
use crate::domain::moment::Now;

/// A payment that is made here is checked, and its balance asked for, with so many requests.
const CHECKS: usize = 4;

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

/// Orders that are asked for in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The outcome of a payment is unknown.
    Doubt,
    /// The selected one.
    Selected,
    /// A payment made here within the last ten minutes.
    Followed,
    /// The same, older than an hour.
    FollowedLong,
    /// New: until it is seen at all.
    Unseen,
    /// New and unpaid: until price and deadline are known.
    Unpriced,
    /// Unpaid, or in ticketing, and made lately.
    Fresh,
    /// Still in ticketing, made within the last hours.
    Late,
    /// Still in ticketing, made before that.
    Slow,
    /// Ticketed or cancelled.
    Closed,
}

impl Class {
    /// All, those first that matter most.
    pub const ALL: [Self; 10] = [
        Self::Doubt,
        Self::Selected,
        Self::Followed,
        Self::FollowedLong,
        Self::Unseen,
        Self::Unpriced,
        Self::Fresh,
        Self::Late,
        Self::Slow,
        Self::Closed,
    ];

    /// Its name in documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Doubt => "doubt",
            Self::Selected => "selected",
            Self::Followed => "followed",
            Self::FollowedLong => "followedLong",
            Self::Unseen => "unseen",
            Self::Unpriced => "unpriced",
            Self::Fresh => "fresh",
            Self::Late => "late",
            Self::Slow => "slow",
            Self::Closed => "closed",
        }
    }
}

/// The class of an order that is unpaid or in ticketing, and was made so long ago.
pub fn class_of_age(age: Duration) -> Class {
    match kind_of_age(age) {
        0 => Class::Fresh,
        1 => Class::Late,
        _ => Class::Slow,
    }
}

/// How old what is shown of a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staleness {
    /// The class.
    pub class: Class,
    /// Orders of this class at any moment, where that follows from how many there are.
    pub orders: Option<u32>,
    /// How old it is, half of the time at most, and 99 times of a hundred; none if it falls ever further behind.
    pub age: Option<Age>,
    /// What it would be with any budget.
    pub at_best: Age,
}

impl Staleness {
    /// True when it is asked for as often as it may be.
    pub fn fits(&self) -> bool {
        // A tenth more is nothing that anybody notices.
        self.age.is_some_and(|age| age.median <= self.at_best.median.mul_f64(1.1) + Duration::from_secs(1))
    }
}

/// An age by its median and its 99th percentile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// Half of the time it is no older.
    pub median: Duration,
    /// 99 times of a hundred it is no older.
    pub p99: Duration,
}

impl Age {
    /// Of what is asked for every `period`.
    fn of(period: Duration) -> Self {
        Self { median: period / 2, p99: period.mul_f64(0.99) }
    }

    /// The same when it is late by so much now and then.
    fn late_by(self, wait: Duration) -> Self {
        Self { p99: self.p99 + wait, ..self }
    }

    fn and(self, wait: Duration) -> Self {
        Self { median: self.median + wait / 2, p99: self.p99 + wait }
    }
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
        let rate = page_rate(desk.per_minute, details);
        let got = periods(rounds, rate);
        let best = rounds.map(|round| round.soonest);
        let cost = |periods: [Duration; 4]| -> f64 {
            let each = rounds.iter().zip(periods);
            each.map(|(round, period)| 60.0 * f64::from(round.pages) / period.as_secs_f64()).sum()
        };
        let later = f64::from(Budget::share_of(Urgency::Later, desk.per_minute));
        // Pages have their turn, and what that leaves is what there is for details.
        let keeps_up = details + cost(best).min(later / f64::from(PAGE_TURN + 1)) <= later;
        let taken = ((cost(got) + details) / later).min(1.0);
        // Pages wait for other requests, by as much as the time of a fresh round when the budget is taken up; how much in
        // between was found by simulation.
        let wait = got[0].mul_f64(taken * taken);
        let [fresh, late, slow, closed] = got.map(|period| Age::of(period).late_by(wait));
        let [fresh_best, late_best, slow_best, closed_best] = best.map(Age::of);
        // The orders that a round finds wait for each other.
        let priced = |age: Age| {
            let new = f64::from(desk.orders) / minutes(desk) * age.median.as_secs_f64() * 2.0 / 60.0;
            age.and(Duration::from_secs_f64(60.0 * new / later))
        };
        let gap = |seconds: u64| Age::of(Duration::from_secs(seconds));
        let last = |gaps: &[u64]| gap(gaps.last().copied().unwrap_or_default());
        let classes = Class::ALL.map(|class| {
            let fixed = |age: Age| (None, Some(age), age);
            let (orders, age, at_best) = match class {
                Class::Doubt => fixed(last(&DOUBT_GAPS)),
                Class::Selected => fixed(Age::of(SELECTED_GAP)),
                Class::Followed => fixed(last(&FOLLOW_GAPS)),
                Class::FollowedLong => fixed(last(&LATE_FOLLOW_GAPS)),
                Class::Unseen => (None, Some(fresh), fresh_best),
                Class::Unpriced => (None, keeps_up.then(|| priced(fresh)), priced(fresh_best)),
                Class::Fresh => (Some(counts[0]), Some(fresh), fresh_best),
                Class::Late => (Some(counts[1]), Some(late), late_best),
                Class::Slow => (Some(counts[2]), Some(slow), slow_best),
                Class::Closed => (Some(counts[3]), Some(closed), closed_best),
            };
            Staleness { class, orders, age, at_best }
        });
        let lives = (0..1_000).map(|n| Life::nth(n).over.as_secs_f64()).sum::<f64>() / 1_000.0;
        let open = f64::from(desk.orders) / minutes(desk) * lives / 60.0;
        Self {
            classes: classes.to_vec(),
            pages: cost(got),
            details,
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

/// The orders of a desk on which everything goes as usual, and how many are fresh, late, slow and closed.
fn usual(desk: &Desk) -> (Census, [u32; 4]) {
    let mut census = Census::default();
    let mut counts = [0; 4];
    for n in 0..desk.orders {
        let age = desk.lookback.as_secs_f64() * (f64::from(n) + 0.5) / f64::from(desk.orders);
        let age = Duration::from_secs_f64(age);
        let is_moving = Life::nth(n).over > age;
        census.count(NOW - age, is_moving);
        let class = if is_moving { kind_of_age(age) } else { 3 };
        counts[class] += 1;
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
    let lives = (0..1_000).map(|n| Life::nth(n).details()).sum::<u32>();
    let each = f64::from(lives) / 1_000.0;
    let selected = if desk.is_watched { 60.0 / SELECTED_GAP.as_secs_f64() } else { 0.0 };
    // A payment is followed until it is ticketed, within five minutes as a rule: the gaps that fit in half of that.
    let half_s = 150;
    let gaps = FOLLOW_GAPS.iter().copied().chain(std::iter::repeat(FOLLOW_GAPS[FOLLOW_GAPS.len() - 1]));
    let asked = gaps
        .scan(0, |sum, gap| {
            *sum += gap;
            Some(*sum)
        })
        .take_while(|at| *at <= half_s)
        .count();
    let payment = f64::from(u32::try_from(asked + CHECKS).unwrap_or(u32::MAX));
    each * f64::from(desk.orders) / minutes(desk)
        + selected
        + payment * f64::from(desk.payments_per_hour) / 60.0
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
