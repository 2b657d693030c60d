//! The rows as they stand one below the other: all of them sorted, and those of them that are shown.

use std::cmp::Ordering;

use super::rows::{Row, Rows};
use crate::{
    console::column::{self, Column, Key},
    domain::order::OrderNo,
};

/// Where a row stands among all, and among those that are shown while not all are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    all: Option<usize>,
    shown: Option<usize>,
}

/// How the rows stand, each by where it lies in memory.
pub(super) struct Arrangement {
    sort: &'static Column,
    reversed: bool,
    all: Vec<u32>,
    /// Those that are shown, while any is not.
    shown: Option<Vec<u32>>,
}

impl Default for Arrangement {
    fn default() -> Self {
        Self { sort: &column::URGENCY, reversed: false, all: Vec::new(), shown: None }
    }
}

impl Arrangement {
    /// What the rows are sorted by, and whether the other way round.
    pub(super) fn sorted_by(&self) -> (&'static Column, bool) {
        (self.sort, self.reversed)
    }

    /// The rows that are shown, from the top.
    pub(super) fn shown(&self) -> &[u32] {
        self.shown.as_ref().unwrap_or(&self.all)
    }

    /// Where a row stands among those that are shown, if it does.
    pub(super) fn position(&self, rows: &Rows, place: u32) -> Option<usize> {
        self.find(self.shown(), rows, place)
    }

    /// How many of the rows that are shown stand before an order with this key, whether it has a row or not.
    pub(super) fn before(&self, rows: &Rows, key: &Key, order: OrderNo) -> usize {
        self.shown().partition_point(|&place| {
            let row = rows.at(place);
            self.ordering((&row.key, row.order()), (key, order)) == Ordering::Less
        })
    }

    /// Where a row stands that is about to change.
    pub(super) fn standing(&self, rows: &Rows, place: u32) -> Standing {
        let shown = self.shown.as_ref().and_then(|shown| self.find(shown, rows, place));
        Standing { all: self.find(&self.all, rows, place), shown }
    }

    /// Puts a row that is new or has changed where it belongs, given where it stood.
    pub(super) fn reposition(&mut self, rows: &Rows, place: u32, before: Standing) {
        let mut all = std::mem::take(&mut self.all);
        self.move_row(&mut all, rows, place, before.all, true);
        self.all = all;
        if let Some(mut shown) = self.shown.take() {
            self.move_row(&mut shown, rows, place, before.shown, rows.at(place).is_wanted);
            self.shown = Some(shown);
        }
    }

    /// Takes in a row that is new; [`Self::sort`] follows.
    pub(super) fn push(&mut self, place: u32) {
        self.all.push(place);
    }

    /// Sorts by a column, the other way round if `reversed`. [`Self::sort`] follows, once all rows have their keys.
    pub(super) fn sort_by(&mut self, sort: &'static Column, reversed: bool) {
        (self.sort, self.reversed) = (sort, reversed);
    }

    /// Sorts all rows. [`Self::gather`] follows.
    pub(super) fn sort(&mut self, rows: &Rows) {
        let mut all = std::mem::take(&mut self.all);
        // Stable, since that is the faster one where most rows stand in their places already.
        all.sort_by(|&a, &b| self.compare(rows.at(a), rows.at(b)));
        self.all = all;
    }

    /// Gathers the rows that are to be shown; all, if that is said.
    pub(super) fn gather(&mut self, rows: &Rows, is_all: bool) {
        let wanted = || self.all.iter().copied().filter(|&place| rows.at(place).is_wanted).collect();
        self.shown = (!is_all).then(wanted);
    }

    /// Looks again at those rows that are shown, and at no others: fewer are to be, if any. False if that cannot be, since all
    /// are shown.
    pub(super) fn narrow(&mut self, rows: &mut Rows, look: impl Fn(&mut Row)) -> bool {
        let Some(shown) = &mut self.shown else { return false };
        shown.retain(|&place| {
            let row = rows.at_mut(place);
            look(row);
            row.is_wanted
        });
        true
    }

    fn move_row(&self, standing: &mut Vec<u32>, rows: &Rows, place: u32, from: Option<usize>, is_in: bool) {
        let row = rows.at(place);
        let before = |standing: &[u32]| self.before_row(standing, rows, row);
        match (from, is_in) {
            // What stands between the old and the new place gives way.
            (Some(from), true)
                if from > 0 && self.compare(rows.at(standing[from - 1]), row) == Ordering::Greater =>
            {
                let to = before(&standing[..from]);
                standing[to..=from].rotate_right(1);
            }
            (Some(from), true) => {
                let to = from + before(&standing[from + 1..]);
                standing[from..=to].rotate_left(1);
            }
            (Some(from), false) => drop(standing.remove(from)),
            (None, true) => standing.insert(before(standing), place),
            (None, false) => {}
        }
    }

    /// Where a row stands among these, if it does.
    fn find(&self, standing: &[u32], rows: &Rows, place: u32) -> Option<usize> {
        let at = self.before_row(standing, rows, rows.at(place));
        (standing.get(at) == Some(&place)).then_some(at)
    }

    /// How many of these stand before a row.
    fn before_row(&self, standing: &[u32], rows: &Rows, row: &Row) -> usize {
        standing.partition_point(|&other| self.compare(rows.at(other), row) == Ordering::Less)
    }

    fn compare(&self, a: &Row, b: &Row) -> Ordering {
        self.ordering((&a.key, a.order()), (&b.key, b.order()))
    }

    /// Total: rows with equal keys stand by order number, in either direction.
    fn ordering(&self, a: (&Key, OrderNo), b: (&Key, OrderNo)) -> Ordering {
        let by_key = if self.reversed { b.0.cmp(a.0) } else { a.0.cmp(b.0) };
        by_key.then_with(|| a.1.cmp(&b.1))
    }
}
