//! Orders that are marked, to do the same harmless thing with all of them. Marks are by order number: they follow their
//! orders through every sorting, and outlast the queue and the filter that they were made in.

use std::collections::BTreeSet;

use crate::domain::order::OrderNo;

/// Which orders are marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    kept: BTreeSet<OrderNo>,
    /// Where a range was begun; it ends at the selected order.
    range_from: Option<OrderNo>,
}

impl Marks {
    /// True when nothing is marked, and no range was begun.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.range_from.is_none()
    }

    /// Marks an order, or takes its mark away.
    pub fn toggle(&mut self, order: OrderNo) {
        if !self.kept.remove(&order) {
            self.kept.insert(order);
        }
    }

    /// Begins a range at an order.
    pub fn begin_range(&mut self, order: OrderNo) {
        self.range_from = Some(order);
    }

    /// Drops the range. False if none was begun.
    pub fn drop_range(&mut self) -> bool {
        self.range_from.take().is_some()
    }

    /// Ends the range, and marks these orders.
    pub fn keep(&mut self, orders: impl IntoIterator<Item = OrderNo>) {
        self.range_from = None;
        self.kept.extend(orders);
    }

    /// Takes all marks away. False if there were none.
    pub fn clear(&mut self) -> bool {
        let had_any = !self.is_empty();
        *self = Self::default();
        had_any
    }

    /// The orders that are marked, without those of a range.
    pub fn kept(&self) -> &BTreeSet<OrderNo> {
        &self.kept
    }

    /// The order at which a range was begun.
    pub fn range_from(&self) -> Option<OrderNo> {
        self.range_from
    }
}
