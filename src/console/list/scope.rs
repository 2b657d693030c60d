//! What of all orders is looked at: a queue, what was found, a filter; and which queues have an order, as it is now.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    counts::Queues,
    queue::{OwnQueue, Tab},
    rows::Row,
    turns::Moments,
};
use crate::{
    console::{
        column::{Column, Head},
        filter::{Filter, Reading},
        standstill::Standstill,
    },
    domain::{
        away::Away,
        case::Case,
        find::Find,
        order::OrderNo,
        triage::{Day, Group, Queue},
    },
};

/// What the vendor was asked for, and shows of that: looked at by itself, it is all that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// What was looked for.
    pub find: Find,
    /// What was found.
    pub orders: Arc<BTreeSet<OrderNo>>,
    /// The vendor has more of it than one answer holds.
    pub more: bool,
}

/// What is looked at, on which day and at what time.
pub(super) struct Scope {
    own: Vec<OwnQueue>,
    tab: Tab,
    /// Only these are looked at.
    hits: Option<Hits>,
    filter: Filter,
    zone: TimeZone,
    today: Day,
    /// The time by which the rows were looked at last, by the vendor's clock.
    now: Timestamp,
    /// How far the vendor's clock is ahead of this machine's, by which people count.
    ahead: SignedDuration,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            own: Vec::new(),
            tab: Tab::default(),
            hits: None,
            filter: Filter::default(),
            zone: TimeZone::UTC,
            today: Day::of(Timestamp::UNIX_EPOCH, &TimeZone::UTC),
            now: Timestamp::UNIX_EPOCH,
            ahead: SignedDuration::ZERO,
        }
    }
}

impl Scope {
    pub(super) fn own(&self) -> &[OwnQueue] {
        &self.own
    }

    pub(super) fn tab(&self) -> Tab {
        self.tab
    }

    pub(super) fn hits(&self) -> Option<&Hits> {
        self.hits.as_ref()
    }

    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn today(&self) -> &Day {
        &self.today
    }

    /// True when every order is shown.
    pub(super) fn is_all(&self) -> bool {
        self.looks_at_all() && self.filter.is_empty()
    }

    pub(super) fn look_at(&mut self, tab: Tab, hits: Option<Hits>) {
        (self.tab, self.hits) = (tab, hits);
    }

    /// Filters by another filter. The one before.
    pub(super) fn filter_by(&mut self, filter: Filter) -> Filter {
        std::mem::replace(&mut self.filter, filter)
    }

    /// The vendor's clock is so far ahead. True if it was not before.
    pub(super) fn on_clock(&mut self, ahead: SignedDuration) -> bool {
        std::mem::replace(&mut self.ahead, ahead) != ahead
    }

    /// Has these queues behind those that are built in, at a desk of that zone, where a day begins now. One that is looked at
    /// stays open under its name; if it is gone, everything is shown.
    pub(super) fn set_up(&mut self, own: Vec<OwnQueue>, zone: TimeZone, now: Timestamp) {
        self.tab = self.tab.among(&self.own, &own);
        self.own = own;
        self.own.truncate(Tab::MOST - Queue::ALL.len());
        self.zone = zone;
        self.now = now;
        self.begin_day();
    }

    /// It is `now`. True if that is another day than before.
    pub(super) fn turn_to(&mut self, now: Timestamp) -> bool {
        self.now = now;
        let is_another_day = !self.today.holds(now);
        if is_another_day {
            self.begin_day();
        }
        is_another_day
    }

    fn begin_day(&mut self) {
        self.today = Day::of(self.now, &self.zone);
        let reading = Reading { now: self.now, zone: self.zone.clone() };
        self.own.iter_mut().for_each(|own| own.read_again(&reading));
        self.filter.read_again(&reading);
    }

    /// The row of a case.
    pub(super) fn row(&self, case: Arc<Case>, standstill: &Standstill) -> Row {
        let shown = standstill.now_for(&case, self.now);
        let (behind, group) = (self.now.duration_since(shown), Group::of(&case, shown));
        let (is_away, wakes) = self.away(&case, group);
        let turns = Moments {
            regroups: Group::until(&case, shown).map(|at| at + behind),
            wakes,
            frees: case.work().owner_at(shown).map(|owner| owner.until + behind),
            behind,
            ..Moments::default()
        };
        let mut row = Row { case, group, queues: Queues::default(), is_away, turns: turns.into() };
        self.put_in_queues(&mut row);
        self.time_filter(&mut row);
        row
    }

    /// The head of what a row is sorted by in a column.
    pub(super) fn head(&self, row: &Row, sort: &Column) -> Head {
        sort.head(&row.case, row.group, self.now - row.turns.behind())
    }

    /// Whether a case is put away now, and when it comes back by itself.
    fn away(&self, case: &Case, group: Group) -> (bool, Option<Timestamp>) {
        match case.away(group, self.now - self.ahead) {
            Some(Away::Snoozed(snooze)) => (true, Some(snooze.until + self.ahead)),
            away => (away.is_some(), None),
        }
    }

    /// Finds the queues that have an order, and when that changes by the mere passing of time as long as the order stays in its
    /// group and the day lasts. One that is put away is in the queue of all, and in those that ask for such.
    pub(super) fn put_in_queues(&self, row: &mut Row) {
        let (case, group, now) = (&*row.case, row.group, self.now - row.turns.behind());
        let mut queues = Queues::default();
        let has = |queue: &Queue| queue.shows(case, group, &self.today, row.is_away);
        for queue in Queue::ALL.into_iter().filter(has) {
            queues.insert(queue.into());
        }
        let mut requeues = None;
        for (n, own) in self.own.iter().enumerate() {
            let may_have = !row.is_away || own.filter().asks_for_away();
            if may_have && own.filter().leaves(case, group, now) {
                queues.insert(Tab::Own(n));
            }
            requeues = requeues.into_iter().chain(own.filter().turns_at(case, group, now)).min();
        }
        row.turns.requeue(requeues.map(|at| at + row.turns.behind()));
        row.queues = queues;
    }

    /// True when queue, what was found and filter leave an order.
    pub(super) fn wants(&self, row: &Row) -> bool {
        self.looks_at(row) && self.filter.leaves(&row.case, row.group, self.now - row.turns.behind())
    }

    /// True when what the filter asks of fields leaves an order.
    pub(super) fn wants_by_fields(&self, row: &Row) -> bool {
        self.filter.fields_leave(&row.case, row.group, self.now - row.turns.behind())
    }

    /// True when the queue has an order, and it was found if that is looked at.
    pub(super) fn looks_at(&self, row: &Row) -> bool {
        row.queues.has(self.tab) && self.hits.as_ref().is_none_or(|hits| hits.orders.contains(&row.order()))
    }

    /// True when every order is looked at, as far as the filter leaves it.
    pub(super) fn looks_at_all(&self) -> bool {
        self.tab == Queue::All.into() && self.hits.is_none()
    }

    /// Finds when the filter takes an order in or leaves it out by the mere passing of time.
    pub(super) fn time_filter(&self, row: &mut Row) {
        let turn = self.filter.turns_at(&row.case, row.group, self.now - row.turns.behind());
        row.turns.refilter(turn.map(|at| at + row.turns.behind()));
    }

    /// Finds how far the time that a row is shown by lies behind.
    pub(super) fn time(&self, row: &mut Row, standstill: &Standstill) {
        row.turns.fall_behind(self.now.duration_since(standstill.now_for(&row.case, self.now)));
    }
}
