//! Which lineage each order belongs to. All orders of one share it, so that what happens to one is known to all.

use std::{collections::HashMap, sync::Arc};

use crate::domain::{
    attempt::Attempt, lineage::Lineage, missing::Missing, order::OrderNo, regeneration::Regeneration,
    stop::Stop, story::OperatorAction,
};

/// The lineages of the desk; an order that nothing is known of has one of its own, which is not kept.
#[derive(Debug, Default)]
pub(super) struct Lineages(HashMap<OrderNo, Arc<Lineage>>);

impl Lineages {
    /// The lineage of `order`.
    pub(super) fn of(&self, order: OrderNo) -> Arc<Lineage> {
        self.0.get(&order).map_or_else(|| Arc::new(Lineage::new(order)), Arc::clone)
    }

    /// The same to be shown with the order, which knows its own number.
    pub(super) fn shown_with(&self, order: OrderNo) -> Arc<Lineage> {
        self.0.get(&order).map_or_else(Lineage::alone, Arc::clone)
    }

    /// All that are kept, each once.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Lineage>> {
        self.0.iter().filter(|(order, lineage)| **order == lineage.root).map(|(_, lineage)| lineage)
    }

    /// Orders of which something is still open, each once.
    pub(super) fn unfinished(&self) -> Vec<OrderNo> {
        let mut orders = Vec::new();
        for lineage in self.all() {
            let open = lineage.attempts.iter().filter(|attempt| attempt.state.is_open());
            orders.extend(open.map(|attempt| attempt.order));
            let regenerating = lineage.regenerations.iter().filter(|known| known.state.is_open());
            orders.extend(regenerating.map(|regeneration| regeneration.parent));
            // The newest of a lineage that was worked on is where its work goes on.
            if !lineage.links.is_empty() {
                orders.extend(lineage.orders().last());
            }
        }
        orders.sort_unstable();
        orders.dedup();
        orders
    }

    /// Regenerations that are not known to have made an order or none.
    pub(super) fn regenerating(&self) -> impl Iterator<Item = &Regeneration> {
        self.all().flat_map(|lineage| &lineage.regenerations).filter(|known| known.state.is_open())
    }

    /// Orders whose issuance the vendor was asked to stop, if it may have tried.
    pub(super) fn stopping(&self) -> impl Iterator<Item = OrderNo> {
        let stops = self.all().flat_map(|lineage| lineage.stops.values());
        stops.filter(|stop| stop.state.may_work()).map(|stop| stop.order)
    }

    fn change<T>(&mut self, order: OrderNo, change: impl FnOnce(&mut Lineage) -> T) -> T {
        let mut lineage = Arc::unwrap_or_clone(self.of(order));
        let done = change(&mut lineage);
        self.put(lineage);
        done
    }

    fn put(&mut self, lineage: Lineage) {
        let shared = Arc::new(lineage);
        for order in shared.orders() {
            self.0.insert(order, Arc::clone(&shared));
        }
    }

    /// `child` was made from `parent`. False if that was known, or cannot be.
    pub(super) fn link(&mut self, child: OrderNo, parent: OrderNo) -> bool {
        let (below, above) = (self.of(child), self.of(parent));
        // An order that belongs here already stays where it is, whatever an answer claims of its origin.
        if above.holds(child) || below.root != child {
            return false;
        }
        let mut above = Arc::unwrap_or_clone(above);
        above.join(Arc::unwrap_or_clone(below), parent);
        self.put(above);
        true
    }

    /// See [`Lineage::see_ticket`]. Of an order that is alone its status says enough. False if that was known.
    pub(super) fn see_ticket(&mut self, order: OrderNo, is_ticketed: bool) -> bool {
        let Some(lineage) = self.0.get(&order).filter(|lineage| !lineage.links.is_empty()) else {
            return false;
        };
        let known = lineage.was_seen_ticketed(order);
        if known != is_ticketed {
            self.change(order, |lineage| lineage.see_ticket(order, is_ticketed));
        }
        known != is_ticketed
    }

    /// What speaks for it that the vendor has `order` no more.
    pub(super) fn missing(&self, order: OrderNo) -> Option<Missing> {
        self.0.get(&order)?.missing.get(&order).copied()
    }

    /// That it is missing, or not any more. False if that was known.
    pub(super) fn put_missing(&mut self, order: OrderNo, missing: Option<Missing>) -> bool {
        if self.missing(order) == missing {
            return false;
        }
        self.change(order, |lineage| match missing {
            Some(missing) => drop(lineage.missing.insert(order, missing)),
            None => drop(lineage.missing.remove(&order)),
        });
        true
    }

    /// See [`Lineage::put_attempt`].
    pub(super) fn put_attempt(&mut self, attempt: Attempt) -> bool {
        if attempt.lineage != attempt.order {
            self.link(attempt.order, attempt.lineage);
        }
        self.change(attempt.order, |lineage| lineage.put_attempt(attempt))
    }

    /// See [`Lineage::put_action`].
    pub(super) fn put_action(&mut self, order: OrderNo, action: &OperatorAction) -> bool {
        action.is_of_lineage() && self.change(order, |lineage| lineage.put_action(order, action))
    }

    /// See [`Lineage::put_stop`].
    pub(super) fn put_stop(&mut self, stop: Stop) -> bool {
        self.change(stop.order, |lineage| lineage.put_stop(stop))
    }

    /// See [`Lineage::put_regeneration`]. A child that it names belongs to the lineage from now on.
    pub(super) fn put_regeneration(&mut self, regeneration: Regeneration) -> bool {
        let (parent, child) = (regeneration.parent, regeneration.state.child());
        if regeneration.lineage != parent {
            self.link(parent, regeneration.lineage);
        }
        let is_news = self.change(parent, |lineage| lineage.put_regeneration(regeneration));
        if let Some(child) = child {
            self.link(child, parent);
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no(n: u32) -> OrderNo {
        format!("TESTA2026110314150{n:04}").parse().unwrap()
    }

    #[test]
    fn children_of_children_belong_together_however_late_that_is_learnt() {
        let mut lineages = Lineages::default();
        assert!(lineages.link(no(3), no(2)));
        assert!(lineages.link(no(2), no(1)));
        for order in [no(1), no(2), no(3)] {
            assert_eq!(lineages.of(order).orders().collect::<Vec<_>>(), [no(1), no(2), no(3)]);
        }
        assert_eq!(lineages.of(no(1)).parent_of(no(3)), Some(no(2)));
        assert_eq!(lineages.of(no(3)).child_of(no(1)), Some(no(2)));
        assert_eq!(lineages.all().count(), 1);
    }

    #[test]
    fn a_loop_or_a_second_origin_is_not_believed() {
        let mut lineages = Lineages::default();
        assert!(!lineages.link(no(1), no(1)));
        assert!(lineages.link(no(2), no(1)));
        assert!(!lineages.link(no(1), no(2)), "a loop");
        assert!(!lineages.link(no(2), no(9)), "a second origin");
        assert_eq!(lineages.of(no(9)).orders().count(), 1);
    }
}
