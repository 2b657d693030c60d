//! The orders that wait to be asked for, each in a lane and for a moment. Pure; the time is an argument.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use crate::domain::order::OrderNo;

/// Why an order is asked for; the first lanes go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The outcome of a payment is unknown.
    Doubt,
    /// A person waits for the answer.
    Operator,
    /// A payment was accepted and is followed until ticketed.
    InFlight,
    /// Price and deadline are not known yet.
    Details,
}

impl Lane {
    const ALL: [Self; 4] = [Self::Doubt, Self::Operator, Self::InFlight, Self::Details];

    pub(super) fn is_urgent(self) -> bool {
        self != Self::Details
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

    /// The orders of a lane, the first one due first.
    fn lane(&self, lane: Lane) -> impl Iterator<Item = (Duration, OrderNo)> {
        let from = self.sorted.range((lane, Duration::ZERO, OrderNo::MIN)..);
        from.take_while(move |(other, ..)| *other == lane).map(|(_, at, order)| (*at, *order))
    }

    /// The orders of a lane that are due.
    fn due(&self, lane: Lane, uptime: Duration) -> impl Iterator<Item = OrderNo> {
        self.lane(lane).take_while(move |(at, _)| *at <= uptime).map(|(_, order)| order)
    }

    /// The order that is due first in a lane, if it is due.
    pub(super) fn first_due(&self, lane: Lane, uptime: Duration) -> Option<OrderNo> {
        self.due(lane, uptime).next()
    }

    /// How many are due.
    pub(super) fn count_due(&self, uptime: Duration) -> usize {
        Lane::ALL.into_iter().map(|lane| self.due(lane, uptime).count()).sum()
    }

    /// When the next one is due, in whatever lane.
    pub(super) fn next_at(&self) -> Option<Duration> {
        Lane::ALL.into_iter().filter_map(|lane| self.lane(lane).next()).map(|(at, _)| at).min()
    }
}
