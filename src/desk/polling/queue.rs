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

/// The orders that wait: each has one place. Times are uptimes. Whether there are ten of them or all orders of a desk: what is due,
/// how many that are and when the next one is, is there to be read.
#[derive(Debug, Default)]
pub(super) struct Queue {
    places: HashMap<OrderNo, (Lane, Duration)>,
    /// Those that were due when it was looked last, in the order of their lanes.
    due: BTreeSet<(Lane, Duration, OrderNo)>,
    /// The others, the next one first.
    later: BTreeSet<(Duration, OrderNo)>,
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
            let _is_either = self.due.remove(&(lane, at, order)) || self.later.remove(&(at, order));
        }
        if let Some((_, at)) = place {
            self.later.insert((at, order));
        }
    }

    /// It is `uptime`: finds what has become due.
    pub(super) fn pass_time(&mut self, uptime: Duration) {
        while let Some((at, order)) = self.later.first().copied().filter(|(at, _)| *at <= uptime) {
            self.later.remove(&(at, order));
            if let Some((lane, _)) = self.place(order) {
                self.due.insert((lane, at, order));
            }
        }
    }

    /// The order that is asked for first in a lane, if any is due there: the first one due, but for those without a price.
    pub(super) fn first_due(&self, lane: Lane) -> Option<OrderNo> {
        let first = self.due.range((lane, Duration::ZERO, OrderNo::MIN)..).next();
        first.filter(|(other, ..)| other.is_like(lane)).map(|(.., order)| *order)
    }

    /// How many are due.
    pub(super) fn count_due(&self) -> usize {
        self.due.len()
    }

    /// When the next one is due that is not yet, in whatever lane.
    pub(super) fn next_after(&self) -> Option<Duration> {
        self.later.first().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no(n: u64) -> OrderNo {
        format!("TESTA20261103{n:09}").parse().unwrap()
    }

    /// What a queue of orders, each in a lane for a moment, says at `now`: looked at one by one.
    fn by_hand(orders: &[(OrderNo, (Lane, Duration))], lane: Lane, now: Duration) -> Option<OrderNo> {
        let due = orders.iter().filter(|(_, (other, at))| other.is_like(lane) && *at <= now);
        due.min_by_key(|(order, (lane, at))| (*lane, *at, *order)).map(|(order, _)| *order)
    }

    #[test]
    fn what_is_due_is_what_looking_at_every_order_finds() {
        let mut random = fastrand::Rng::with_seed(7);
        let near = |n: i64| Lane::Unpriced(Nearness(n));
        for _ in 0..50 {
            let (mut queue, mut orders) = (Queue::default(), HashMap::new());
            for second in 0..100_u64 {
                let order = no(random.u64(..30));
                let lanes =
                    [Lane::Doubt, Lane::Operator, near(random.i64(..9)), Lane::InFlight, Lane::Details];
                let place = (lanes[random.usize(..5)], Duration::from_secs(second / 2 + random.u64(..20)));
                let place = Some(place).filter(|_| random.u8(..4) > 0);
                queue.put(order, place);
                let _before = match place {
                    Some(place) => orders.insert(order, place),
                    None => orders.remove(&order),
                };
                let now = Duration::from_secs(second);
                queue.pass_time(now);
                let all: Vec<_> = orders.iter().map(|(order, place)| (*order, *place)).collect();
                for lane in [Lane::Doubt, Lane::Operator, near(i64::MIN), Lane::InFlight, Lane::Details] {
                    assert_eq!(queue.first_due(lane), by_hand(&all, lane, now));
                }
                let is_due = |(_, (_, at)): &&(OrderNo, (Lane, Duration))| *at <= now;
                assert_eq!(queue.count_due(), all.iter().filter(is_due).count());
                let later = all.iter().map(|(_, (_, at))| *at).filter(|at| *at > now).min();
                assert_eq!(queue.next_after(), later);
                assert_eq!(queue.due.len() + queue.later.len(), orders.len(), "each has one place");
            }
        }
    }
}
