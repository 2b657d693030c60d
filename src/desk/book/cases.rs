//! The cases as rows and answers have shown them, and which of them have changed. Pure; the time is an argument.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use crate::domain::{
    case::Case,
    case_set::CaseSet,
    freshness::Freshness,
    moment::Moment,
    order::{Order, OrderNo, OrderStatus},
    story::Happening,
};

/// The cases, by order. Whatever changes one notes that it has changed.
#[derive(Debug, Default)]
pub(super) struct Cases {
    seen: CaseSet,
    /// Those of orders that no answer has shown since the start, as the journal remembers them.
    remembered: CaseSet,
    /// How fresh each case is that was asked for.
    fresh: HashMap<OrderNo, Freshness>,
    changed: BTreeSet<OrderNo>,
}

impl Cases {
    /// The case of `order`.
    pub(super) fn get(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.seen.get(order)
    }

    /// What is remembered of an order that was not seen yet.
    pub(super) fn remembered(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.remembered.get(order)
    }

    /// All of those.
    pub(super) fn all_remembered(&self) -> impl Iterator<Item = &Arc<Case>> {
        self.remembered.iter()
    }

    /// The case of an order, seen or remembered.
    pub(super) fn shown(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.get(order).or_else(|| self.remembered(order))
    }

    /// True once `order` was seen.
    pub(super) fn holds(&self, order: OrderNo) -> bool {
        self.seen.holds(order)
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Case>> {
        self.seen.iter()
    }

    /// How fresh what is believed of `order` is; none until a query of it was answered.
    pub(super) fn freshness(&self, order: OrderNo) -> Option<Freshness> {
        self.fresh.get(&order).copied()
    }

    /// Those that have changed since the last call.
    pub(super) fn take_changed(&mut self) -> Vec<OrderNo> {
        std::mem::take(&mut self.changed).into_iter().collect()
    }

    /// An order was seen for the first time. What was remembered of it is believed from now on.
    pub(super) fn open(&mut self, case: Arc<Case>) {
        let no = case.order.no;
        self.remembered.take(no);
        self.seen.put(case);
        self.changed.insert(no);
    }

    /// An order that was not seen yet is remembered.
    pub(super) fn remember(&mut self, case: Arc<Case>) {
        self.remembered.put(case);
    }

    /// Changes the case of `order`, seen or remembered. False if there is none.
    pub(super) fn change(&mut self, order: OrderNo, change: impl FnOnce(&mut Case)) -> bool {
        let (case, is_seen) = match self.seen.take(order) {
            Some(case) => (Some(case), true),
            None => (self.remembered.take(order), false),
        };
        let Some(mut case) = case else { return false };
        change(Arc::make_mut(&mut case));
        if is_seen {
            self.seen.put(case);
            self.changed.insert(order);
        } else {
            self.remembered.put(case);
        }
        true
    }

    /// Adds a line to the story of `order`. What is remembered of one is told in the order in which it happened, whenever the
    /// journal was told. False if there is no case.
    pub(super) fn tell(&mut self, order: OrderNo, happening: &Arc<Happening>) -> bool {
        let is_seen = self.holds(order);
        self.change(order, |case| {
            case.story.push(Arc::clone(happening));
            if !is_seen {
                case.story.sort_by_key(|happening| happening.at);
            }
        })
    }

    /// A row of a list is a hint where the details are known: what differs is kept as a difference until a query answers
    /// it. False if nothing of it is believed.
    pub(super) fn see_listed(&mut self, listed: Order, asked: Moment) -> bool {
        let no = listed.no;
        let Some(case) = self.seen.get(no) else { return false };
        if self.fresh.get(&no).is_some_and(|fresh| fresh.up > asked.up) {
            return false; // an answer that was on its way when a newer one came
        }
        if case.order.details.is_none() {
            let known = &case.order;
            let airline_pnrs =
                if listed.airline_pnrs.is_empty() { known.airline_pnrs.clone() } else { listed.airline_pnrs };
            let ticketing_error = listed.ticketing_error.or_else(|| known.ticketing_error.clone());
            self.replace(Order { airline_pnrs, ticketing_error, ..listed });
            return true;
        }
        let listed_as = Some(listed.status).filter(|status| *status != case.order.status);
        if case.listed_as != listed_as {
            self.change(no, |case| case.listed_as = listed_as);
        }
        false
    }

    /// What is believed of `order` is as fresh as this, from now on. False if it is fresher already.
    pub(super) fn freshen(&mut self, order: OrderNo, fresh: Freshness) -> bool {
        let is_newest = self.fresh.get(&order).is_none_or(|known| known.up <= fresh.up);
        if is_newest {
            self.fresh.insert(order, fresh);
        }
        is_newest
    }

    /// The answer to a query is believed. Not every one repeats what the list knew, but none leaves a list's payment on an
    /// unpaid order.
    pub(super) fn see_queried(&mut self, queried: Order) {
        let no = queried.no;
        let Some(case) = self.seen.get(no) else { return };
        let is_paid = matches!(queried.status, OrderStatus::Ticketing | OrderStatus::Ticketed);
        let merged = Order {
            created: queried.created.or(case.order.created),
            paid_at: queried.paid_at.or(case.order.paid_at.filter(|_| is_paid)),
            ..queried
        };
        if case.listed_as.is_some() {
            self.change(no, |case| case.listed_as = None);
        }
        self.replace(merged);
    }

    /// An order is as it was seen now. One that says the same again is not copied.
    fn replace(&mut self, order: Order) {
        let no = order.no;
        if self.seen.get(no).is_some_and(|case| case.order != order) {
            self.change(no, |case| case.order = order);
        }
    }
}
