//! The kinds of rounds: for which orders each is made, where it has to look for them, how often, and what that is worth.
//! Pure; the time is an argument.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    census::Census,
    economy::{Round, weight},
};
use crate::{desk::gateway::Window, domain::moment::Now};

/// How many kinds of rounds there are.
pub const KINDS: usize = 6;

/// A kind of round; those that matter most come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// For orders that can move and were made lately, and those that nobody has seen yet.
    Fresh,
    /// For orders that can move: most of those that are still in ticketing are late.
    Late,
    /// For orders that can move and have not for hours.
    Slow,
    /// For what was made in the last hour, whatever is known of it: an order may come into the list late.
    LastHour,
    /// The same, within the last hours.
    LastHours,
    /// For everything.
    Whole,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; KINDS] =
        [Self::Fresh, Self::Late, Self::Slow, Self::LastHour, Self::LastHours, Self::Whole];

    /// Those that are made for orders that can move.
    pub(super) const OF_MOVING: [Self; 3] = [Self::Fresh, Self::Late, Self::Slow];

    /// Its place among them.
    pub fn nth(self) -> usize {
        match self {
            Self::Fresh => 0,
            Self::Late => 1,
            Self::Slow => 2,
            Self::LastHour => 3,
            Self::LastHours => 4,
            Self::Whole => 5,
        }
    }

    /// Which kind of round looks at an order that moves and is so old.
    pub fn of_age(age: Duration) -> Self {
        match SignedDuration::try_from(age) {
            Ok(age) if age < FRESH => Self::Fresh,
            Ok(age) if age < LATE => Self::Late,
            _ => Self::Slow,
        }
    }

    /// How many times less often it is made than that of fresh orders.
    fn times(self) -> u32 {
        match self {
            Self::Fresh => 1,
            Self::Late => 4,
            Self::Slow => 10,
            Self::LastHour => 60,
            Self::LastHours => 240,
            Self::Whole => 720,
        }
    }

    /// What the age of one order weighs for which it is made.
    fn weight(self) -> f64 {
        match self {
            Self::Fresh => weight::MOVING,
            Self::Late => weight::LATE,
            Self::Slow => weight::SLOW,
            // As often as each is made beside that of everything, so much more is it worth.
            Self::LastHour | Self::LastHours | Self::Whole => {
                let often = f64::from(Self::Whole.times()) / f64::from(self.times());
                weight::CLOSED * often * often
            }
        }
    }

    /// True if a round of this kind looks everywhere where one of `other` would.
    pub(super) fn covers(self, other: Self) -> bool {
        match self {
            // That of fresh orders looks further than everything: at those that nobody has seen yet.
            Self::Whole => other != Self::Fresh && other != Self::Whole,
            Self::LastHours => other == Self::LastHour,
            _ => false,
        }
    }
}

/// Until they are so old, orders that can move are looked at in every round: so long most of them may be paid.
pub(super) const FRESH: SignedDuration = SignedDuration::from_mins(40);

/// Until they are so old, in every fourth.
const LATE: SignedDuration = SignedDuration::from_hours(2);

/// How far back the rounds reach that look for orders which came into the list late: for those that are late by up to an hour
/// and by up to three, and so much further that each is still within reach when its round comes.
const LAST_HOUR: SignedDuration = SignedDuration::from_mins(60 + 15);
const LAST_HOURS: SignedDuration = SignedDuration::from_mins(180 + 60);

/// Every round reaches back so far behind the beginning of the last one: an order may be in the list late.
pub(super) const BEHIND: SignedDuration = SignedDuration::from_mins(15);

/// The vendor's clock may be ahead of ours.
pub(super) const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// Where each kind of round has to look, the newest orders first.
#[derive(Clone, Debug)]
pub struct Windows(pub(super) [Vec<Window>; KINDS]);

impl Windows {
    /// Where to look for the orders of this census, when a round that was read to its end began at `looked`.
    pub fn new(census: &Census, now: Now, looked: Option<Now>, lookback: SignedDuration) -> Self {
        // An order is dated by a clock that may be any of those that we know of.
        let (earliest, latest) = now.span();
        let border = earliest - FRESH;
        let since = looked.map_or(border, |looked| looked.span().0.min(earliest) - BEHIND);
        let newest = Window { from: since, to: latest + AHEAD };
        let made_in = |from: Timestamp, to: Timestamp| Window { from: from.min(since), to: to.min(since) };
        let end = earliest - lookback;
        let late = (earliest - LATE).max(end);
        let all_since = |from: Timestamp| {
            let all = made_in(from.max(end), since);
            if lookback > FRESH && all.from < all.to { vec![all] } else { Vec::new() }
        };
        Self(Kind::ALL.map(|kind| match kind {
            Kind::Fresh => census.windows(made_in(border, since), Some(newest)),
            Kind::Late => census.windows(made_in(late, border), None),
            Kind::Slow => census.windows(made_in(end, late), None),
            Kind::LastHour => all_since(earliest - LAST_HOUR),
            Kind::LastHours => all_since(earliest - LAST_HOURS),
            Kind::Whole => all_since(end),
        }))
    }

    /// What each kind costs and is worth, and how often it is made at most.
    pub fn rounds(&self, census: &Census, every: Duration) -> [Round; KINDS] {
        Kind::ALL.map(|kind| {
            let windows = &self.0[kind.nth()];
            let is_for_moving = Kind::OF_MOVING.contains(&kind);
            let counted = |window| if is_for_moving { census.moving(window) } else { census.all(window) };
            // Orders that nobody has seen yet are fresh.
            let unseen = u32::from(kind == Kind::Fresh);
            let orders: u32 = windows.iter().map(|window| counted(*window)).sum::<u32>() + unseen;
            Round {
                pages: windows.iter().map(|window| census.pages(*window)).sum(),
                weight: f64::from(orders) * kind.weight(),
                soonest: every * kind.times(),
            }
        })
    }
}
