//! What the journal holds of each order as it was seen, so that a sight which says nothing new is not recorded again. A
//! sweep of orders that have not changed writes nothing.
//!
//! Of an order whose case says the same as its record, nothing is kept here: that is nearly every one that was seen since
//! the start.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map},
};

use jiff::Timestamp;

use crate::domain::{
    codes,
    order::{Order, OrderNo, OrderStatus},
    seen::Seen,
    story::What,
};

/// The newest record of each order, whoever wrote it, unless the order as it is believed says the same. Boxed, since a table
/// has room for twice as many as it holds.
#[derive(Debug, Default)]
pub(super) struct Recorded(HashMap<OrderNo, Box<Seen>>);

impl Recorded {
    /// The newest record of an order that is `believed` so, if it was seen since the start.
    pub(super) fn of<'a>(&'a self, order: OrderNo, believed: Option<&Order>) -> Option<Cow<'a, Seen>> {
        let kept = self.0.get(&order).map(|seen| Cow::Borrowed(&**seen));
        kept.or_else(|| believed.map(|order| Cow::Owned(Seen::of(order))))
    }

    /// The newest record of an order of which the case does not say the same.
    pub(super) fn get(&self, order: OrderNo) -> Option<&Seen> {
        self.0.get(&order).map(|seen| &**seen)
    }

    /// Every order of which there is such a record: all that were not seen since the start are among them.
    pub(super) fn orders(&self) -> hash_map::Keys<'_, OrderNo, Box<Seen>> {
        self.0.keys()
    }

    /// Keeps a record, if the order as it is `believed` does not say the same.
    fn keep(&mut self, order: OrderNo, seen: Box<Seen>, believed: Option<&Order>) {
        if believed.is_some_and(|believed| Seen::of(believed) == *seen) {
            self.0.remove(&order);
            if self.0.len() < self.0.capacity() / 8 {
                self.0.shrink_to_fit();
            }
        } else {
            self.0.insert(order, seen);
        }
    }

    /// Takes in a record of the journal, of an order that is `believed` so. Returns a status that was new by then.
    pub(super) fn read(&mut self, order: OrderNo, seen: Box<Seen>, believed: Option<&Order>) -> Option<What> {
        let known = self.of(order, believed);
        // Older versions recorded nothing but what was new.
        let is_first_news = known.is_none() && seen.row.is_none();
        let is_news = is_first_news || says_more(known.as_deref(), &seen);
        let news = is_news.then(|| status(&seen));
        // A status alone does not take away what is known besides.
        let row = seen.row.or_else(|| known.and_then(|known| known.row.clone()));
        self.keep(order, Box::new(Seen { row, ..*seen }), believed);
        news
    }

    /// What is to be recorded of an order that the vendor has had no more since then, if that is news.
    pub(super) fn lose(
        &mut self,
        order: OrderNo,
        since: Timestamp,
        believed: Option<&Order>,
    ) -> Option<Box<Seen>> {
        let known = self.of(order, believed).filter(|known| known.gone.is_none())?;
        let lost = Box::new(Seen { gone: Some(since), ..known.into_owned() });
        self.keep(order, lost.clone(), believed);
        Some(lost)
    }

    /// What is to be recorded now that `order` was seen, and was believed to be so `before`, if anything is: with what was
    /// known, and a status that is new.
    pub(super) fn see(&mut self, order: &Order, before: Option<&Order>) -> Option<News> {
        if before == Some(order) && !self.0.contains_key(&order.no) {
            return None;
        }
        let known = self.of(order.no, before).map(Cow::into_owned);
        let seen = Box::new(known.as_ref().map_or_else(|| Seen::of(order), |known| known.seen_again(order)));
        self.keep(order.no, seen.clone(), Some(order));
        if known.as_ref() == Some(&*seen) {
            return None;
        }
        let what = says_more(known.as_ref(), &seen).then(|| status(&seen));
        Some(News { known, seen, what })
    }
}

/// What is new of an order.
pub(super) struct News {
    pub(super) known: Option<Seen>,
    pub(super) seen: Box<Seen>,
    pub(super) what: Option<What>,
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
