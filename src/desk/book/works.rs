//! What people left on orders for each other, whether these were seen since the start or not.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use crate::domain::{author::Author, order::OrderNo, story::OperatorAction, work::Work};

/// The work on each order that has any.
#[derive(Debug, Default)]
pub(super) struct Works(HashMap<OrderNo, Arc<Work>>);

impl Works {
    /// The work on an order.
    pub(super) fn of(&self, order: OrderNo) -> Option<Arc<Work>> {
        self.0.get(&order).cloned()
    }

    /// An order was asked for, and answered. True if it was handled before, and its cause counts again.
    pub(super) fn on_answer(&mut self, order: OrderNo, asked: Timestamp) -> bool {
        let Some(work) = self.0.get_mut(&order).filter(|work| work.is_first_check(asked)) else {
            return false;
        };
        if let Some(handled) = &mut Arc::make_mut(work).handled {
            handled.is_checked = true;
        }
        true
    }

    /// Takes in what somebody did. True if it only makes a lease longer: that is no line of the order's story.
    pub(super) fn on_action(
        &mut self,
        order: OrderNo,
        action: &OperatorAction,
        by: &Author,
        at: Timestamp,
    ) -> bool {
        let known = self.0.get(&order).map(|work| &**work).cloned();
        let mut work = known.unwrap_or_default();
        let is_renewal = work.is_renewed_by(action, by, at);
        if work.on_action(action, by, at) {
            self.0.insert(order, Arc::new(work));
        }
        is_renewal
    }
}
