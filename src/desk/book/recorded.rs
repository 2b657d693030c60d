//! What the journal holds of each order as it was seen, so that a sight which says nothing new is not recorded again. A
//! sweep of orders that have not changed writes nothing.
//!
//! Of an order whose case says the same as its record, nothing is kept here: that is nearly every one, whether it was seen
//! since the start or is remembered.

use std::{borrow::Cow, collections::HashMap};

use jiff::Timestamp;

use crate::domain::{
    codes,
    order::{Order, OrderNo, OrderStatus},
    seen::{Row, Seen, Terms},
    story::What,
};

/// The newest record of each order, whoever wrote it, as far as its case does not say the same.
#[derive(Debug, Default)]
pub(super) struct Recorded(HashMap<OrderNo, Kept>);

/// What a record says that the case of its order does not. Boxed, since a table has room for twice as many as it holds.
#[derive(Debug)]
enum Kept {
    /// The case says all but what only a query tells.
    Terms(Box<Terms>),
    /// It says something else, or there is no case.
    Whole(Box<Seen>),
}

impl Recorded {
    /// The newest record of an order that its case `shows` so, if there is one.
    pub(super) fn of<'a>(&'a self, order: OrderNo, shown: Option<&Order>) -> Option<Cow<'a, Seen>> {
        match (self.0.get(&order), shown) {
            (Some(Kept::Whole(seen)), _) => Some(Cow::Borrowed(seen)),
            (Some(Kept::Terms(terms)), Some(shown)) => {
                let mut seen = Seen::of(shown);
                if let Some(row) = &mut seen.row {
                    row.terms = Some(terms.clone());
                }
                Some(Cow::Owned(seen))
            }
            (None, Some(shown)) => Some(Cow::Owned(Seen::of(shown))),
            (_, None) => None,
        }
    }

    /// What a query said of an order, as far as its case does not say it.
    pub(super) fn terms(&self, order: OrderNo) -> Option<&Terms> {
        match self.0.get(&order)? {
            Kept::Terms(terms) => Some(terms),
            Kept::Whole(seen) => seen.terms(),
        }
    }

    /// The record of an order of which the case does not say the same, or of which there is none.
    pub(super) fn whole(&self, order: OrderNo) -> Option<&Seen> {
        match self.0.get(&order)? {
            Kept::Whole(seen) => Some(seen),
            Kept::Terms(_) => None,
        }
    }

    /// Keeps a record, as far as the order does not say the same as its case `shows` it.
    fn keep(&mut self, order: OrderNo, mut seen: Box<Seen>, shown: Option<&Order>) {
        let shown = shown.map(Seen::of);
        if shown.as_ref() == Some(&*seen) {
            self.0.remove(&order);
            if self.0.len() < self.0.capacity() / 8 {
                self.0.shrink_to_fit();
            }
            return;
        }
        let mut terms = seen.row.as_mut().and_then(|row| row.terms.take());
        let kept = match terms.take_if(|_| shown.as_ref() == Some(&*seen)) {
            Some(terms) => Kept::Terms(terms),
            None => {
                if let Some(row) = &mut seen.row {
                    row.terms = terms;
                }
                Kept::Whole(seen)
            }
        };
        self.0.insert(order, kept);
    }

    /// Takes in a record of the journal, of an order that was seen since the start, and is `believed` so; it was `known` so.
    /// Returns a status that was new by then.
    pub(super) fn read(
        &mut self,
        mut seen: Box<Seen>,
        known: Option<Seen>,
        believed: &Order,
    ) -> Option<What> {
        let news = news(known.as_ref(), &seen);
        seen.keep_row(known);
        self.keep(believed.no, seen, Some(believed));
        news
    }

    /// The same of an order that is only remembered. Returns how it is to be shown now, too, if the record holds enough.
    pub(super) fn remember(
        &mut self,
        order: OrderNo,
        mut seen: Box<Seen>,
        known: Option<Seen>,
    ) -> (Option<Order>, Option<What>) {
        let news = news(known.as_ref(), &seen);
        seen.keep_row(known);
        let shown = seen.order(order);
        match *seen {
            Seen { row: Some(Row { terms: None, .. }), gone: None, .. } => drop(self.0.remove(&order)),
            Seen { row: Some(Row { terms: Some(terms), .. }), gone: None, .. } => {
                self.0.insert(order, Kept::Terms(terms));
            }
            seen => drop(self.0.insert(order, Kept::Whole(seen.into()))),
        }
        (shown, news)
    }

    /// What is to be recorded of an order that the vendor has had no more since then, if that is news.
    pub(super) fn lose(
        &mut self,
        order: OrderNo,
        since: Timestamp,
        shown: Option<&Order>,
    ) -> Option<Box<Seen>> {
        let known = self.of(order, shown).filter(|known| known.gone.is_none())?;
        let lost = Box::new(Seen { gone: Some(since), ..known.into_owned() });
        self.keep(order, lost.clone(), shown);
        Some(lost)
    }

    /// What is to be recorded now that `order` was seen, and was shown to be so `before`, if anything is: with what was
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

/// What a record says that is new beside what was known.
fn news(known: Option<&Seen>, seen: &Seen) -> Option<What> {
    // Older versions recorded nothing but what was new.
    let is_first_news = known.is_none() && seen.row.is_none();
    (is_first_news || says_more(known, seen)).then(|| status(seen))
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
