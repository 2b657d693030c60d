//! Marked orders that are being asked for, one after the other.

use std::collections::BTreeSet;

use crate::domain::order::OrderNo;

/// A refresh of several orders, until each has been answered or will not be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkRefresh {
    waiting: BTreeSet<OrderNo>,
    total: usize,
    unanswered: usize,
}

impl BulkRefresh {
    /// These are asked for as well; returns those of them that were not waited for already.
    pub fn add(&mut self, orders: &[OrderNo]) -> Vec<OrderNo> {
        let added: Vec<OrderNo> =
            orders.iter().copied().filter(|order| self.waiting.insert(*order)).collect();
        self.total += added.len();
        added
    }

    /// True while the answer for an order is still to come.
    pub fn waits_for(&self, order: OrderNo) -> bool {
        self.waiting.contains(&order)
    }

    /// What was asked of an order has ended.
    pub fn on_end(&mut self, order: OrderNo, is_answered: bool) {
        let was_waiting = self.waiting.remove(&order);
        self.unanswered += usize::from(was_waiting && !is_answered);
    }

    /// How many were asked, and of how many.
    pub fn asked(&self) -> (usize, usize) {
        (self.total - self.waiting.len(), self.total)
    }

    /// How many were not answered.
    pub fn unanswered(&self) -> usize {
        self.unanswered
    }
}
