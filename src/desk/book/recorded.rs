//! What the journal holds of each order as it was seen, so that a sight which says nothing new is not recorded again. A
//! sweep of orders that have not changed writes nothing.

use std::collections::{HashMap, hash_map::Entry};

use jiff::Timestamp;

use crate::domain::{
    codes,
    order::{Order, OrderNo, OrderStatus},
    seen::Seen,
    story::What,
};

/// The newest record of each order, whoever wrote it. Boxed, since a table has room for twice as many as it holds.
#[derive(Debug, Default)]
pub(super) struct Recorded(HashMap<OrderNo, Box<Seen>>);

impl Recorded {
    /// The newest record of an order.
    pub(super) fn get(&self, order: OrderNo) -> Option<&Seen> {
        self.0.get(&order).map(|seen| &**seen)
    }

    /// Every order of which there is one.
    pub(super) fn orders(&self) -> impl Iterator<Item = OrderNo> {
        self.0.keys().copied()
    }

    /// Takes in a record of the journal. Returns a status that was new by then.
    pub(super) fn read(&mut self, order: OrderNo, seen: Box<Seen>) -> Option<What> {
        // Older versions recorded nothing but what was new.
        let is_first_news = seen.row.is_none();
        match self.0.entry(order) {
            Entry::Occupied(mut known) => {
                let is_news = says_more(Some(known.get()), &seen);
                // A status alone does not take away what is known besides.
                let row = seen.row.or_else(|| known.get().row.clone());
                known.insert(Box::new(Seen { row, ..*seen }));
                is_news.then(|| status(known.get()))
            }
            Entry::Vacant(place) => {
                let is_first_news = is_first_news || says_more(None, &seen);
                let known = place.insert(seen);
                is_first_news.then(|| status(known))
            }
        }
    }

    /// What is to be recorded of an order that the vendor has had no more since then, if that is news.
    pub(super) fn lose(&mut self, order: OrderNo, since: Timestamp) -> Option<Box<Seen>> {
        let known = self.0.get_mut(&order).filter(|known| known.gone.is_none())?;
        known.gone = Some(since);
        Some(known.clone())
    }

    /// What is to be recorded now that `order` was seen, if anything is, and a status that is new.
    pub(super) fn see(&mut self, order: &Order) -> Option<(Box<Seen>, Option<What>)> {
        let known = self.get(order.no);
        let seen = known.map_or_else(|| Seen::of(order), |known| known.seen_again(order));
        if known == Some(&seen) {
            return None;
        }
        let is_news = says_more(known, &seen);
        let news = is_news.then(|| status(&seen));
        let seen = Box::new(seen);
        self.0.insert(order.no, seen.clone());
        Some((seen, news))
    }
}

/// True when `seen` belongs into the story of an order that was `known` so: its status is new, or a time begins to run with
/// the code that it has now, or ends.
fn says_more(known: Option<&Seen>, seen: &Seen) -> bool {
    let baggage = |seen: &Seen| {
        let error = seen.error.as_ref().filter(|_| seen.status == OrderStatus::Ticketing);
        error.and_then(|error| codes::ticketing(&error.code).baggage)
    };
    known.is_some_and(|known| known.status != seen.status) || known.and_then(baggage) != baggage(seen)
}

fn status(seen: &Seen) -> What {
    What::Seen { status: seen.status, error: seen.error.as_ref().map(|error| error.code.clone()) }
}
