//! The orders that wait to be asked for, each in a lane and for a moment. Pure; the time is an argument.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use jiff::Timestamp;

use super::budget::Urgency;
use crate::domain::order::OrderNo;

/// Why an order is asked for; the first lanes go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The outcome of a payment is unknown.
    Doubt,
    /// A person waits for the answer.
    Operator,
    /// Unpaid, and nobody knows for how much and until when; those that may end first go first.
    Unpriced(Nearness),
    /// A payment was accepted and is followed until ticketed.
    InFlight,
    /// More of it is wanted, and it can wait.
    Details,
}

impl Lane {
    /// The first place of each lane.
    const ALL: [Self; 5] =
        [Self::Doubt, Self::Operator, Self::Unpriced(Nearness::UNKNOWN), Self::InFlight, Self::Details];

    pub(super) fn urgency(self) -> Urgency {
        match self {
            Self::Doubt | Self::Operator => Urgency::Now,
            Self::InFlight => Urgency::Soon,
            Self::Unpriced(_) | Self::Details => Urgency::Later,
        }
    }

    fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// How near an unpaid order may be to its end: the nearest first, and after them those that have most likely passed it,
/// the last one to do so first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nearness(i64);

impl Nearness {
    /// It may be any moment.
    pub const UNKNOWN: Self = Self(i64::MIN);

    /// Of an order that may be paid until `end`, as far as anybody can tell.
    pub fn of(end: Option<Timestamp>, now: Timestamp) -> Self {
        end.map_or(Self::UNKNOWN, |end| {
            Self(if end > now { end.as_second() } else { i64::MAX - end.as_second() })
        })
    }
}

/// The orders that wait: each has one place. Times are uptimes.
#[derive(Debug, Default)]
pub(super) struct Queue {
    sorted: BTreeSet<(Lane, Duration, OrderNo)>,
    places: HashMap<OrderNo, (Lane, Duration)>,
}

impl Queue {
    /// The lane in which an order waits, and when it is due.
    pub(super) fn place(&self, order: OrderNo) -> Option<(Lane, Duration)> {
        self.places.get(&order).copied()
    }

    /// Gives an order this place, or none.
    pub(super) fn put(&mut self, order: OrderNo, place: Option<(Lane, Duration)>) {
        let old = match place {
            Some(place) => self.places.insert(order, place),
            None => self.places.remove(&order),
        };
        if let Some((lane, at)) = old {
            self.sorted.remove(&(lane, at, order));
        }
        if let Some((lane, at)) = place {
            self.sorted.insert((lane, at, order));
        }
    }

    /// The orders of a lane, in its order: the first one due first, but for those without a price.
    fn lane(&self, lane: Lane) -> impl Iterator<Item = (Duration, OrderNo)> {
        let from = self.sorted.range((lane, Duration::ZERO, OrderNo::MIN)..);
        from.take_while(move |(other, ..)| other.is_like(lane)).map(|(_, at, order)| (*at, *order))
    }

    /// The orders of a lane that are due.
    fn due(&self, lane: Lane, uptime: Duration) -> impl Iterator<Item = OrderNo> {
        let is_by_time = !matches!(lane, Lane::Unpriced(_));
        let due = self.lane(lane).take_while(move |(at, _)| !is_by_time || *at <= uptime);
        due.filter(move |(at, _)| *at <= uptime).map(|(_, order)| order)
    }

    /// The order that is asked for first in a lane, if any is due there.
    pub(super) fn first_due(&self, lane: Lane, uptime: Duration) -> Option<OrderNo> {
        self.due(lane, uptime).next()
    }

    /// How many are due.
    pub(super) fn count_due(&self, uptime: Duration) -> usize {
        Lane::ALL.into_iter().map(|lane| self.due(lane, uptime).count()).sum()
    }

    /// When the next one is due that is not yet, in whatever lane.
    pub(super) fn next_after(&self, uptime: Duration) -> Option<Duration> {
        let later = |lane| self.lane(lane).map(|(at, _)| at).filter(|at| *at > uptime);
        let first = |lane| match lane {
            Lane::Unpriced(_) => later(lane).min(),
            _ => later(lane).next(),
        };
        Lane::ALL.into_iter().filter_map(first).min()
    }
}
