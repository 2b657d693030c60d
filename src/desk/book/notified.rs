//! Notifications, as far as they are remembered and kept: one that comes twice is recognised, strangers do not pile up, and
//! a flood does not fill the journal.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use crate::domain::{notification::Notification, order::OrderNo};

/// So many notifications of an order are remembered to tell repeats by.
const KNOWN: usize = 16;

/// So many strangers are remembered. Anybody may name orders, and the journal keeps notifications for years.
pub(super) const STRANGERS: usize = 256;

/// So many notifications are kept in a minute; a flood beyond that still makes the desk ask, but leaves no trace.
const KEPT_A_MINUTE: usize = 240;

/// The last notifications, by order.
#[derive(Debug, Default)]
pub(super) struct Notified {
    known: HashMap<OrderNo, VecDeque<Notification>>,
    /// Orders of which nothing is known but notifications, the one notified last at the end.
    strangers: VecDeque<OrderNo>,
}

impl Notified {
    /// True if the very same came before; if not, it is remembered.
    pub(super) fn repeats(&mut self, order: OrderNo, notification: &Notification) -> bool {
        let known = self.known.entry(order).or_default();
        if known.iter().any(|known| known.repeats(notification)) {
            return true;
        }
        if known.len() == KNOWN {
            known.pop_front();
        }
        known.push_back(notification.clone());
        false
    }

    /// A notification names an order that nobody knows. Returns the one that is forgotten for it, if one must be: the one
    /// that was notified first of those that are still not known.
    pub(super) fn stranger(&mut self, order: OrderNo, is_known: impl Fn(OrderNo) -> bool) -> Option<OrderNo> {
        self.strangers.retain(|stranger| *stranger != order);
        self.strangers.push_back(order);
        if self.strangers.len() > STRANGERS {
            self.strangers.retain(|stranger| !is_known(*stranger));
        }
        let oldest = if self.strangers.len() > STRANGERS { self.strangers.pop_front() } else { None };
        oldest.inspect(|oldest| drop(self.known.remove(oldest)))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.known.len().max(self.strangers.len())
    }
}

/// How much is kept in the journal: when notifications were in the last minute (uptimes).
#[derive(Debug, Default)]
pub(super) struct Allowance(VecDeque<Duration>);

impl Allowance {
    /// True if one more may be kept now: it counts as kept.
    pub(super) fn take(&mut self, uptime: Duration) -> bool {
        while self.0.front().is_some_and(|at| *at + Duration::from_secs(60) <= uptime) {
            self.0.pop_front();
        }
        let may = self.0.len() < KEPT_A_MINUTE;
        if may {
            self.0.push_back(uptime);
        }
        may
    }
}
