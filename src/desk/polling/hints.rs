//! Hints that wait for their query. One brings a query nearer; none ever pushes one away. Pure; the time is an argument.

use std::{collections::HashMap, time::Duration};

use crate::domain::order::OrderNo;

/// At least so long between two queries of an order that only hints ask for.
pub(super) const HINT_GAP: Duration = Duration::from_secs(2);

/// Beyond so many, the moments of queries that no gap rests on any more are forgotten.
const QUERIES_KNOWN: usize = 256;

/// A hint about an order. Further ones about it are the same wish, unless a query is on its way already: what its answer
/// says may be older than they are.
#[derive(Clone, Copy, Debug)]
struct Hint {
    /// It wants a query no later than this.
    due: Duration,
    is_out: bool,
    again: bool,
}

/// The hints, by order, and when each order was last asked for.
#[derive(Debug, Default)]
pub(super) struct Hints {
    waiting: HashMap<OrderNo, Hint>,
    asked: HashMap<OrderNo, Duration>,
}

impl Hints {
    /// A notification names `order`, of which a query may be on its way.
    pub(super) fn on_hint(&mut self, order: OrderNo, is_out: bool, uptime: Duration) {
        let due = self.asked.get(&order).map_or(uptime, |asked| uptime.max(*asked + HINT_GAP));
        let hint = self.waiting.entry(order).or_insert(Hint { due, is_out, again: false });
        hint.again |= hint.is_out;
    }

    /// When a hint wants `order` asked for, at the latest.
    pub(super) fn due(&self, order: OrderNo) -> Option<Duration> {
        self.waiting.get(&order).filter(|hint| !hint.is_out).map(|hint| hint.due)
    }

    /// `order` is asked for. True if a hint is among the reasons.
    pub(super) fn asked(&mut self, order: OrderNo, uptime: Duration) -> bool {
        self.asked.insert(order, uptime);
        if self.asked.len() > QUERIES_KNOWN {
            self.asked.retain(|_, asked| *asked + HINT_GAP > uptime);
        }
        let hint = self.waiting.get_mut(&order);
        hint.map(|hint| hint.is_out = true).is_some()
    }

    /// The answer has come, or was refused.
    pub(super) fn answered(&mut self, order: OrderNo) {
        let asked = self.asked.get(&order).copied().unwrap_or_default();
        match self.waiting.get_mut(&order) {
            Some(hint) if hint.again => *hint = Hint { due: asked + HINT_GAP, is_out: false, again: false },
            Some(hint) if hint.is_out => drop(self.waiting.remove(&order)),
            Some(_) | None => {}
        }
    }

    /// The order is none of ours: no notification of it counts.
    pub(super) fn forget(&mut self, order: OrderNo) {
        self.waiting.remove(&order);
    }

    /// No answer came: the hint still waits, for `at`.
    pub(super) fn failed(&mut self, order: OrderNo, at: Duration) {
        if let Some(hint) = self.waiting.get_mut(&order) {
            *hint = Hint { due: at, is_out: false, again: false };
        }
    }
}
