//! The selection: an order, wherever its row stands, and the place that it has left if it stands in none.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    arrangement::Arrangement,
    rows::{Row, Rows},
};
use crate::domain::{case::Case, order::OrderNo, triage::Group};

/// The selected order.
#[derive(Default)]
pub(super) struct Selection {
    order: Option<OrderNo>,
    /// The last selected order that has left the rows which are shown, as its row was.
    left_as: Option<(Arc<Case>, Group)>,
}

impl Selection {
    pub(super) fn order(&self) -> Option<OrderNo> {
        self.order
    }

    pub(super) fn select(&mut self, order: OrderNo) {
        self.order = Some(order);
    }

    /// Its row is shown no more; it was like this.
    pub(super) fn on_left(&mut self, row: &Row) {
        self.left_as = Some((Arc::clone(&row.case), row.group));
    }

    /// The row in which it stands, from the top.
    pub(super) fn position(&self, rows: &Rows, arrangement: &Arrangement) -> Option<usize> {
        arrangement.position(rows, rows.place_of(self.order?)?)
    }

    /// Selects the order in row `at`, or in the last row.
    pub(super) fn select_row(&mut self, at: usize, rows: &Rows, arrangement: &Arrangement) {
        let shown = arrangement.shown();
        if let Some(&place) = shown.get(at.min(shown.len().saturating_sub(1))) {
            self.select(rows.at(place).order());
        }
    }

    /// If it stands in no row: the neighbour that now stands where it stood, or the last.
    pub(super) fn select_neighbour(&mut self, rows: &Rows, arrangement: &Arrangement, now: Timestamp) {
        if self.position(rows, arrangement).is_none() {
            self.select_row(self.vacated(rows, arrangement, now), rows, arrangement);
        }
    }

    /// Moves it by rows; from an order that is in no row, by those around the place where it stood. False at the end.
    pub(super) fn step(&mut self, by: isize, rows: &Rows, arrangement: &Arrangement, now: Timestamp) -> bool {
        let vacated = || self.vacated(rows, arrangement, now);
        let (nearest, by) = match self.position(rows, arrangement) {
            Some(at) => (Some(at), by),
            // What follows it stands in its place already.
            None if by > 0 => (Some(vacated()).filter(|at| *at < arrangement.shown().len()), by - 1),
            None => (vacated().checked_sub(1), by + 1),
        };
        let before = self.order;
        if let Some(at) = nearest {
            self.select_row(at.saturating_add_signed(by), rows, arrangement);
        }
        self.order != before
    }

    /// Where the order would stand at `now` that has left.
    fn vacated(&self, rows: &Rows, arrangement: &Arrangement, now: Timestamp) -> usize {
        let Some((case, group)) = &self.left_as else { return 0 };
        let (sort, _) = arrangement.sorted_by();
        arrangement.before(rows, (sort.head(case, *group, now), case, *group))
    }
}
