//! What people left on orders for each other, whether these were seen since the start or not.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use crate::domain::{author::Author, group::Group, order::OrderNo, story::OperatorAction, work::Work};

/// The work on each order that has any.
#[derive(Debug, Default)]
pub(super) struct Works(HashMap<OrderNo, Arc<Work>>);

impl Works {
    /// The work on an order.
    pub(super) fn of(&self, order: OrderNo) -> Option<Arc<Work>> {
        self.0.get(&order).cloned()
    }

    /// An answer about an order has shown it in `group`. True if that is what it was set aside for: it is back.
    pub(super) fn on_answer(&mut self, order: OrderNo, group: Group, asked: Timestamp) -> bool {
        let Some(work) = self.0.get_mut(&order).filter(|work| work.shows_again(group, asked)) else {
            return false;
        };
        if let Some(handled) = &mut Arc::make_mut(work).handled {
            handled.shows_again = true;
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
