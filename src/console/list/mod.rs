//! The list of orders as it is looked at. The rows (`rows`), how they stand (`arrangement`), which queues and which filter
//! leave them (`scope`), how many there are (`counts`), what of them turns by time (`turns`), and the selection, which follows
//! the order, are kept in step here.
//!
//! Work grows with what changed: a few changed orders patch the sorted rows in place, many have them sorted again. Which rows
//! are shown is found in slices (`looking`), with the help of what is written down while a filter is typed (`texts`). Orders
//! whose urgency changes by the mere passing of time, or whether a queue or the filter leaves them, are kept by that moment.
//! Only at midnight all are looked at again.

use std::sync::Arc;
mod arrangement;
pub(super) mod bulk;
pub mod changed;
mod counts;
mod looking;
pub mod marks;
pub mod queue;
mod rows;
mod scope;
mod selection;
mod texts;
mod turns;
pub mod views;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

pub use self::scope::Hits;
use self::{
    arrangement::{Arrangement, Standing},
    counts::{Counts, Queues},
    looking::Looking,
    queue::{OwnQueue, Tab},
    rows::{Row, Rows},
    scope::Scope,
    selection::Selection,
    turns::ByTime,
};
use super::{column::Column, filter::Filter, standstill::Standstill};
use crate::domain::{
    case::Case,
    order::OrderNo,
    triage::{Day, Group, Queue},
};

/// From so many changed rows on, all rows are sorted again instead of patched.
const PATCH_AT_MOST: usize = 64;

/// The list.
#[derive(Default)]
pub struct List {
    rows: Rows,
    arrangement: Arrangement,
    scope: Scope,
    counts: Counts,
    by_time: ByTime,
    selection: Selection,
    looking: Looking,
}

impl List {
    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when no order is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows the queue and the filter leave, of those that were looked at.
    pub fn shown(&self) -> usize {
        self.arrangement.shown().len()
    }

    /// How many orders are in a queue, whatever the filter.
    pub fn count(&self, tab: impl Into<Tab>) -> usize {
        self.counts.of(tab.into())
    }

    /// How many orders are snoozed.
    pub fn snoozed(&self) -> usize {
        self.counts.snoozed()
    }

    /// The queue that is looked at.
    pub fn tab(&self) -> Tab {
        self.scope.tab()
    }

    /// All queues that there are, in their order.
    pub fn tabs(&self) -> impl Iterator<Item = Tab> + use<> {
        (0..Queue::ALL.len() + self.own().len()).map(Tab::at)
    }

    /// The user's own queues.
    pub fn own(&self) -> &[OwnQueue] {
        self.scope.own()
    }

    /// What was looked for, while only that is looked at.
    pub fn hits(&self) -> Option<&Hits> {
        self.scope.hits()
    }

    /// The filter in force.
    pub fn filtered_by(&self) -> &Filter {
        self.scope.filter()
    }

    /// True while a filter is set.
    pub fn is_filtered(&self) -> bool {
        !self.filtered_by().is_empty()
    }

    /// The day that it is at the desk.
    pub fn today(&self) -> &Day {
        self.scope.today()
    }

    /// What the rows are sorted by, and whether the other way round.
    pub fn sorted_by(&self) -> (&'static Column, bool) {
        self.arrangement.sorted_by()
    }

    /// The case in row `at` of the view, with its group.
    pub fn row(&self, at: usize) -> Option<(&Arc<Case>, Group)> {
        let row = self.rows.at(*self.arrangement.shown().get(at)?);
        Some((&row.case, row.group))
    }

    /// All cases with their groups, in no order.
    pub fn cases(&self) -> impl Iterator<Item = (&Case, Group)> {
        self.rows.iter().map(|row| (&*row.case, row.group))
    }

    /// The case of an order, shown or not.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.rows.of(order).map(|row| &row.case)
    }

    /// The row in which an order stands.
    pub fn place_of(&self, order: OrderNo) -> Option<usize> {
        self.arrangement.position(&self.rows, self.rows.place_of(order)?)
    }

    /// True for an order that stands in a row, or will once that was looked at.
    pub fn shows(&self, order: OrderNo) -> bool {
        let is_ahead = || self.rows.of(order).is_some_and(|row| self.scope.wants(row));
        self.place_of(order).is_some() || self.is_looking() && is_ahead()
    }

    /// The selected order. It may be in no row: the queue or the filter leaves it out.
    pub fn selected(&self) -> Option<OrderNo> {
        self.selection.order()
    }

    /// The row in which the selected order stands.
    pub fn position(&self) -> Option<usize> {
        self.selection.position(&self.rows, &self.arrangement)
    }

    /// Selects the order in row `at`, or in the last row.
    pub fn select_row(&mut self, at: usize) {
        self.selection.select_row(at, &self.rows, &self.arrangement);
    }

    /// Selects an order.
    pub fn select(&mut self, order: OrderNo) {
        self.selection.select(order);
    }

    /// Selects the neighbour of a selected order that is in no row: the one that now stands where it stood, or the last.
    pub fn select_neighbour(&mut self) {
        if !self.is_looking() {
            self.selection.select_neighbour(&self.rows, &self.arrangement, self.scope.now());
        }
    }

    /// Moves the selection by rows; from an order that is in no row, by those around the place where it stood. False at
    /// the end.
    pub fn step(&mut self, by: isize) -> bool {
        self.selection.step(by, &self.rows, &self.arrangement, self.scope.now())
    }

    /// Takes in cases that are new or have changed, each as its clocks are shown.
    pub fn put(&mut self, cases: Vec<Arc<Case>>, now: Timestamp, standstill: &Standstill) {
        let shown = self.selected().filter(|order| self.shows(*order));
        self.turn_to(now);
        if !cases.is_empty() {
            self.looking.forget_found();
        }
        let patch = cases.len() <= PATCH_AT_MOST;
        for case in cases {
            let row = self.scope.row(case, standstill);
            if shown == Some(row.order())
                && !self.scope.wants(&row)
                && let Some(was) = self.rows.of(row.order())
            {
                self.selection.on_left(was);
            }
            self.put_one(row, now, patch);
        }
        if !patch {
            self.arrangement.sort(&self.rows);
            self.look_again(false);
        }
        if self.selected().is_none() {
            self.select_row(0);
        }
    }

    fn put_one(&mut self, row: Row, now: Timestamp, patch: bool) {
        let (order, turns, queues, is_snoozed) =
            (row.order(), row.turns.next(), row.queues, row.turns.is_snoozed());
        let is_wanted = patch && self.scope.wants(&row);
        let head = self.scope.head(&row, self.sorted_by().0);
        let Some(place) = self.rows.place_of(order) else {
            self.by_time.put(order, turns, None, now);
            self.counts.move_order(Queues::default(), queues);
            self.counts.snooze(false, is_snoozed);
            let place = self.rows.push(row, head);
            if patch {
                self.arrangement.reposition(&self.rows, place, Standing::default(), is_wanted);
            } else {
                self.arrangement.push(place);
            }
            return;
        };
        let standing = patch.then(|| self.arrangement.standing(&self.rows, place));
        let was = self.rows.replace(place, row, head);
        self.looking.forget_text(place);
        self.by_time.put(order, turns, was.turns.next(), now);
        self.counts.move_order(was.queues, queues);
        self.counts.snooze(was.turns.is_snoozed(), is_snoozed);
        if let Some(standing) = standing {
            self.arrangement.reposition(&self.rows, place, standing, is_wanted);
        }
    }

    /// The vendor's clock is so far ahead of this machine's: what is snoozed comes back at another time by it.
    pub fn on_clock(&mut self, ahead: SignedDuration, now: Timestamp, standstill: &Standstill) {
        if !self.scope.on_clock(ahead) || self.snoozed() == 0 {
            return;
        }
        let snoozed = self.rows.iter().filter(|row| row.turns.is_snoozed());
        let cases = snoozed.map(|row| Arc::clone(&row.case)).collect();
        self.put(cases, now, standstill);
    }

    /// Looks at another queue. One that there is not has no orders.
    pub fn look_at(&mut self, tab: impl Into<Tab>) {
        self.look_at_hits(tab, None);
    }

    /// Looks at another queue, or at what of it was found.
    pub fn look_at_hits(&mut self, tab: impl Into<Tab>, hits: Option<Hits>) {
        self.scope.look_at(tab.into(), hits);
        self.look_again(true);
    }

    /// Has these queues behind those that are built in, at a desk of that zone. One that is looked at stays open under its
    /// name; if it is gone, everything is shown.
    pub fn set_up(&mut self, own: Vec<OwnQueue>, zone: TimeZone, now: Timestamp) {
        self.scope.set_up(own, zone, now);
        self.begin_day(true);
    }

    /// It is `now`, perhaps on another day than before.
    fn turn_to(&mut self, now: Timestamp) {
        if self.scope.turn_to(now) {
            self.begin_day(false);
        }
    }

    /// Whatever goes by the day is looked at again, for all rows; a row is selected, if that is said and none that is shown is.
    fn begin_day(&mut self, selects: bool) {
        let selected = self.selected().filter(|order| self.shows(*order));
        for row in self.rows.iter_mut() {
            let was = row.queues;
            self.scope.put_in_queues(row);
            self.counts.move_order(was, row.queues);
        }
        self.look_again(selects);
        self.time_filter();
        if let Some(order) = selected.filter(|order| !self.shows(*order))
            && let Some(row) = self.rows.of(order)
        {
            self.selection.on_left(row);
        }
    }

    /// Shows only the orders that `filter` leaves, at `now`: the first of them, if there are many. The others follow with
    /// [`Self::go_on`].
    pub fn filter(&mut self, filter: Filter, now: Timestamp, standstill: &Standstill) {
        self.turn_to(now);
        if filter == *self.filtered_by() && !filter.is_timed() {
            return self.select_any();
        }
        let before = self.scope.filter_by(filter);
        let ends_timed = before.is_timed() && !self.filtered_by().is_timed();
        self.looking.begin(before, &mut self.arrangement, &self.scope);
        if ends_timed {
            self.time_filter();
        }
        self.look(standstill);
    }

    /// True while not all rows were looked at: those that are shown are the first of them.
    pub fn is_looking(&self) -> bool {
        self.arrangement.is_looking()
    }

    /// True while not all rows were looked at, or written down for the filter that is typed.
    pub fn has_more_to_do(&self) -> bool {
        self.is_looking() || self.looking.has_more_to_write(self.len())
    }

    /// Does a slice of what is still to be done.
    pub fn go_on(&mut self, standstill: &Standstill) {
        if self.is_looking() {
            self.look(standstill);
        } else {
            self.looking.write_on(&self.rows, &self.arrangement, self.scope.now());
        }
    }

    /// Looks at all rows that are left: what follows is about all of them.
    pub fn look_to_the_end(&mut self, standstill: &Standstill) {
        while self.is_looking() {
            self.look(standstill);
        }
    }

    /// A filter is typed, or is not any more.
    pub fn on_typing(&mut self, is_typed: bool) {
        self.looking.on_typing(is_typed);
    }

    /// Looks for the rows that are to be shown anew, after something that decides about it has changed. One of them is selected,
    /// if that is said and the selected one is not to be shown.
    fn look_again(&mut self, selects: bool) {
        self.looking.begin_again(&mut self.arrangement, &self.scope, selects);
        // Only a filter that has just begun goes by what stands still.
        if !self.looking.times {
            self.look(&Standstill::default());
        }
    }

    /// Looks at a slice of the rows.
    fn look(&mut self, standstill: &Standstill) {
        self.looking.look(&mut self.rows, &mut self.arrangement, &self.scope, standstill);
        let is_looking = self.is_looking();
        if self.looking.times && !is_looking {
            self.looking.times = false;
            self.put_by_time();
        }
        if self.looking.selects {
            self.looking.selects = is_looking;
            self.select_any();
        }
    }

    /// Finds out when the filter takes in or leaves out each row by the mere passing of time.
    fn time_filter(&mut self) {
        self.rows.iter_mut().for_each(|row| self.scope.time_filter(row));
        self.put_by_time();
    }

    /// Keeps all orders whose rows turn by time by that moment.
    fn put_by_time(&mut self) {
        self.by_time.put_all(self.rows.iter().filter_map(|row| Some((row.turns.next()?, row.order()))));
    }

    /// Selects the first row, if the selected order stands in none.
    fn select_any(&mut self) {
        if self.selected().is_none_or(|order| !self.shows(order)) {
            self.select_row(0);
        }
    }

    /// Sorts by another column, or the other way round by the same.
    pub fn sort(&mut self, sort: &'static Column) {
        let (sorted_by, reversed) = self.sorted_by();
        self.sort_by(sort, sort == sorted_by && !reversed);
    }

    /// Sorts by a column, the other way round if `reversed`. Rows with equal keys stand by order number in either direction.
    pub fn sort_by(&mut self, sort: &'static Column, reversed: bool) {
        self.looking.forget_found();
        if self.sorted_by() == (sort, !reversed) {
            return self.arrangement.turn_round(&self.rows);
        }
        self.arrangement.sort_by(sort, reversed);
        let Self { rows, scope, .. } = self;
        rows.sort_by(|row| scope.head(row, sort));
        self.arrangement.sort(&self.rows);
    }

    /// Takes in what has changed by the passing of time: urgency, and which queues have what. True if anything has.
    pub fn pass_time(&mut self, now: Timestamp, standstill: &Standstill) -> bool {
        let is_another_day = !self.today().holds(now);
        let due = self.by_time.take_due(now);
        let turned: Vec<_> = due.into_iter().filter_map(|order| self.case(order).map(Arc::clone)).collect();
        let any = is_another_day || !turned.is_empty();
        self.put(turned, now, standstill);
        any
    }

    /// The next moment at which `pass_time` has something to do.
    pub fn next_change(&self) -> Option<Timestamp> {
        let midnight = (!self.is_empty()).then(|| self.today().ends_at());
        self.by_time.next().into_iter().chain(midnight).min()
    }
}
