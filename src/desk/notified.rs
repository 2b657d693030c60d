//! Notifications, as far as they are remembered: one that comes twice is recognised, and strangers do not pile up.

use std::collections::{HashMap, VecDeque};

use crate::domain::{notification::Notification, order::OrderNo};

/// So many notifications of an order are remembered to tell repeats by.
const KNOWN: usize = 16;

/// So many strangers are remembered. Anybody may name orders, and the journal keeps notifications for years.
pub(super) const STRANGERS: usize = 256;

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
