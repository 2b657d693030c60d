//! Which cells of the table say something else than when they were last seen. Such a cell carries a mark, and so does the
//! row of a new order, until the order was selected by hand or its row stood on the screen for a while.
//!
//! Nothing is looked at while nothing is marked. What a row first says of an order (its price, its deadline) is no change,
//! nor is what comes in at the start.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    console::{
        column::{COLUMNS, Column},
        model::Change,
    },
    domain::{case::Case, order::OrderNo, triage::Group},
};

/// A row that stood on the screen for so long was seen.
pub const SEEN_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// What is marked in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// The order is new.
    pub is_new: bool,
    /// A bit for each of [`COLUMNS`].
    columns: u32,
}

const _: () = assert!(COLUMNS.len() <= u32::BITS as usize, "a bit for each column");

impl Cells {
    /// Those that say something else now than before.
    fn between(before: (&Case, Group), now: (&Case, Group)) -> Self {
        // The details say more exactly what a list had said: that is no change.
        let is_learnt = before.0.order.details.is_none() && now.0.order.details.is_some();
        if is_learnt && before.0.order.status == now.0.order.status {
            return Self::default();
        }
        let differs = |(_, column): &(usize, &&Column)| column.says_otherwise(before, now);
        let columns = COLUMNS.iter().enumerate().filter(differs).map(|(at, _)| 1 << at).sum();
        Self { is_new: false, columns }
    }

    /// True when the cell of `column` is marked.
    pub fn holds(self, column: &Column) -> bool {
        self.columns != 0
            && COLUMNS.iter().position(|other| *other == column).is_some_and(|at| self.columns & 1 << at != 0)
    }

    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// All that is marked.
#[derive(Default)]
pub struct Changed {
    marked: HashMap<OrderNo, Cells>,
    /// The marked rows that are on the screen, with since when.
    on_screen: Vec<(OrderNo, Timestamp)>,
}

impl Changed {
    /// Marks what an order says otherwise than before, each with the groups that its rows are shown in.
    pub fn on_change(&mut self, change: &Change, group: impl Fn(&Case) -> Group) {
        if change.was_remembered || !change.is_news() {
            return;
        }
        let cells = match &change.before {
            None => Cells { is_new: true, columns: 0 },
            Some(before) => Cells::between((before, group(before)), (&change.case, group(&change.case))),
        };
        if cells.is_empty() {
            return;
        }
        let order = change.case.order.no;
        let marked = self.marked.entry(order).or_default();
        marked.is_new |= cells.is_new;
        marked.columns |= cells.columns;
        // What has changed again has not been seen for as long.
        self.on_screen.retain(|(other, _)| *other != order);
    }

    /// What is marked in the row of an order.
    pub fn of(&self, order: OrderNo) -> Cells {
        if self.marked.is_empty() {
            Cells::default()
        } else {
            self.marked.get(&order).copied().unwrap_or_default()
        }
    }

    /// True while nothing is marked.
    pub fn is_empty(&self) -> bool {
        self.marked.is_empty()
    }

    /// An order was selected by hand: it was seen. True if anything was marked in it.
    pub fn on_selected(&mut self, order: OrderNo) -> bool {
        self.on_screen.retain(|(other, _)| *other != order);
        self.marked.remove(&order).is_some()
    }

    /// These orders have the rows that are on the screen since `now` or longer. True if one of them has been seen by that.
    pub fn on_rows(&mut self, rows: impl Iterator<Item = OrderNo>, now: Timestamp) -> bool {
        let before = std::mem::take(&mut self.on_screen);
        let mut any_seen = false;
        for order in rows.filter(|order| self.marked.contains_key(order)).collect::<Vec<_>>() {
            let since = before.iter().find(|(other, _)| *other == order).map_or(now, |(_, since)| *since);
            // Not so much later either: the clock on the wall may have been set back.
            let since = since.min(now);
            if now.duration_since(since) >= SEEN_AFTER {
                self.marked.remove(&order);
                any_seen = true;
            } else {
                self.on_screen.push((order, since));
            }
        }
        any_seen
    }

    /// When the next row will have been seen.
    pub fn next_seen(&self) -> Option<Timestamp> {
        self.on_screen.iter().map(|(_, since)| *since + SEEN_AFTER).min()
    }
}
