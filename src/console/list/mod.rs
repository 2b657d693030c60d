//! The list of orders as it is looked at: queue, filter, order of rows, and a selection that follows the order.
//!
//! Work grows with what changed: a few changed orders patch the sorted view in place, many re-sort it. Orders whose
//! urgency changes by the mere passing of time, or whether a queue or the filter leaves them, are kept in a heap by that
//! moment. Only at midnight all are looked at again.

pub(super) mod bulk;
pub mod changed;
pub mod marks;
pub mod queue;
pub mod views;

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeSet, BinaryHeap, HashMap},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use self::queue::{OwnQueue, Tab};
use super::{
    column::{self, Column, Key},
    filter::{Filter, Reading},
    standstill::Standstill,
};
use crate::domain::{
    away::Away,
    case::Case,
    find::Find,
    order::OrderNo,
    triage::{Day, Group, Queue},
};

/// From so many changed rows on, all rows are sorted again instead of patched.
const PATCH_AT_MOST: usize = 64;

struct Entry {
    case: Arc<Case>,
    group: Group,
    key: Key,
    /// The queues that have it.
    queues: Queues,
    /// The queue and the filter leave it.
    is_wanted: bool,
    /// It is put away from every queue but the one of all orders.
    is_away: bool,
    /// When it comes back by itself.
    wakes_at: Option<Timestamp>,
    /// How far the time that it is shown by lies behind the vendor's: its story stands still, or did.
    behind: SignedDuration,
    /// When its group changes by itself.
    regroups_at: Option<Timestamp>,
    /// When a queue of the user's own takes it in or leaves it out by the mere passing of time.
    requeues_at: Option<Timestamp>,
    /// When the filter does.
    refilters_at: Option<Timestamp>,
    /// When it is nobody's again.
    is_free_at: Option<Timestamp>,
}

impl Entry {
    /// When one of these happens: it lies in the heap for that moment.
    fn turns_at(&self) -> Option<Timestamp> {
        let turns = [self.regroups_at, self.requeues_at, self.refilters_at, self.wakes_at, self.is_free_at];
        turns.into_iter().flatten().min()
    }
}

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

/// Some of the queues, by their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Queues(u64);

impl Queues {
    fn insert(&mut self, tab: Tab) {
        self.0 |= 1 << tab.place();
    }

    fn has(self, tab: Tab) -> bool {
        self.0 & 1 << tab.place() != 0
    }

    /// The places of all of them.
    fn places(self) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(self.0).filter(|bits| *bits != 0), |bits| {
            Some(bits & (bits - 1)).filter(|rest| *rest != 0)
        })
        .map(|bits| bits.trailing_zeros() as usize)
    }
}

const _: () = assert!(Tab::MOST <= 64, "each queue has its bit");

/// The list.
pub struct List {
    rows: Vec<Entry>,
    places: HashMap<OrderNo, u32>,
    /// All rows, as they are sorted.
    sorted: Vec<u32>,
    /// Those of them that the queue and the filter leave, while either leaves any out.
    found: Option<Vec<u32>>,
    /// How many orders each queue has.
    counts: [usize; Tab::MOST],
    /// How many are snoozed.
    snoozed: usize,
    /// How far the vendor's clock is ahead of this machine's, by which people count.
    ahead: SignedDuration,
    by_time: BinaryHeap<Reverse<(Timestamp, OrderNo)>>,
    own: Vec<OwnQueue>,
    tab: Tab,
    /// Only these are looked at.
    hits: Option<Hits>,
    filter: Filter,
    zone: TimeZone,
    today: Day,
    /// The time by which the rows were looked at last, by the vendor's clock.
    now: Timestamp,
    sort: &'static Column,
    reversed: bool,
    selected: Option<OrderNo>,
    /// The last selected order that has left the rows which are shown, as its row was.
    left_as: Option<(Arc<Case>, Group)>,
}

impl Default for List {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
            sorted: Vec::new(),
            found: None,
            counts: [0; Tab::MOST],
            snoozed: 0,
            ahead: SignedDuration::ZERO,
            by_time: BinaryHeap::new(),
            own: Vec::new(),
            tab: Tab::default(),
            hits: None,
            filter: Filter::default(),
            zone: TimeZone::UTC,
            today: Day::of(Timestamp::UNIX_EPOCH, &TimeZone::UTC),
            now: Timestamp::UNIX_EPOCH,
            sort: &column::URGENCY,
            reversed: false,
            selected: None,
            left_as: None,
        }
    }
}

impl List {
    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when no order is known.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows the queue and the filter leave.
    pub fn shown(&self) -> usize {
        self.view().len()
    }

    /// The rows that are shown, from the top.
    fn view(&self) -> &[u32] {
        self.found.as_ref().unwrap_or(&self.sorted)
    }

    /// How many orders are in a queue, whatever the filter.
    pub fn count(&self, tab: impl Into<Tab>) -> usize {
        self.counts.get(tab.into().place()).copied().unwrap_or_default()
    }

    /// How many orders are snoozed.
    pub fn snoozed(&self) -> usize {
        self.snoozed
    }

    /// The queue that is looked at.
    pub fn tab(&self) -> Tab {
        self.tab
    }

    /// All queues that there are, in their order.
    pub fn tabs(&self) -> impl Iterator<Item = Tab> + use<> {
        (0..Queue::ALL.len() + self.own.len()).map(Tab::at)
    }

    /// The user's own queues.
    pub fn own(&self) -> &[OwnQueue] {
        &self.own
    }

    /// The day that it is at the desk.
    pub fn today(&self) -> &Day {
        &self.today
    }

    /// What the rows are sorted by, and whether the other way round.
    pub fn sorted_by(&self) -> (&'static Column, bool) {
        (self.sort, self.reversed)
    }

    /// The case in row `at` of the view, with its group.
    pub fn row(&self, at: usize) -> Option<(&Arc<Case>, Group)> {
        let row = self.rows.get(*self.view().get(at)? as usize)?;
        Some((&row.case, row.group))
    }

    /// All cases with their groups, in no order.
    pub fn cases(&self) -> impl Iterator<Item = (&Case, Group)> {
        self.rows.iter().map(|row| (&*row.case, row.group))
    }

    /// The case of an order, shown or not.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        Some(&self.rows.get(*self.places.get(&order)? as usize)?.case)
    }

    /// The selected order. It may be in no row: the queue or the filter leaves it out.
    pub fn selected(&self) -> Option<OrderNo> {
        self.selected
    }

    /// The row in which the selected order stands.
    pub fn position(&self) -> Option<usize> {
        self.place_of(self.selected?)
    }

    /// The row in which an order stands.
    pub fn place_of(&self, order: OrderNo) -> Option<usize> {
        self.find(self.view(), *self.places.get(&order)?)
    }

    /// True for an order that stands in a row.
    pub fn shows(&self, order: OrderNo) -> bool {
        self.places.get(&order).is_some_and(|at| self.rows[*at as usize].is_wanted)
    }

    /// Selects the order in row `at`, or in the last row.
    pub fn select_row(&mut self, at: usize) {
        let at = at.min(self.view().len().saturating_sub(1));
        if let Some(order) = self.row(at).map(|(case, _)| case.order.no) {
            self.select(order);
        }
    }

    /// Selects an order.
    pub fn select(&mut self, order: OrderNo) {
        self.selected = Some(order);
    }

    /// Selects the neighbour of a selected order that is in no row: the one that now stands where it stood, or the last.
    pub fn select_neighbour(&mut self) {
        if self.position().is_none() {
            self.select_row(self.vacated());
        }
    }

    /// Moves the selection by rows; from an order that is in no row, by those around the place where it stood. False at
    /// the end.
    pub fn step(&mut self, by: isize) -> bool {
        let rows = self.view().len();
        let (nearest, by) = match self.position() {
            Some(at) => (Some(at), by),
            // What follows it stands in its place already.
            None if by > 0 => (Some(self.vacated()).filter(|at| *at < rows), by - 1),
            None => (self.vacated().checked_sub(1), by + 1),
        };
        let before = self.selected;
        if let Some(at) = nearest {
            self.select_row(at.saturating_add_signed(by));
        }
        self.selected != before
    }

    /// Where the order would stand that has left.
    fn vacated(&self) -> usize {
        let Some((case, group)) = &self.left_as else { return 0 };
        let left = (self.sort.value.key(case, *group, self.now), case.order.no);
        self.view().partition_point(|&at| {
            let row = &self.rows[at as usize];
            self.ordering((&row.key, row.case.order.no), (&left.0, left.1)) == Ordering::Less
        })
    }

    /// Takes in cases that are new or have changed, each as its clocks are shown.
    pub fn put(&mut self, cases: Vec<Arc<Case>>, now: Timestamp, standstill: &Standstill) {
        self.turn_day(now);
        let patch = cases.len() <= PATCH_AT_MOST;
        for case in cases {
            self.put_one(case, now, standstill, patch);
        }
        if !patch {
            self.sort_all();
        }
        if self.selected.is_none() {
            self.select_row(0);
        }
    }

    fn put_one(&mut self, case: Arc<Case>, now: Timestamp, standstill: &Standstill, patch: bool) {
        let order = case.order.no;
        let shown = standstill.now_for(&case, now);
        let (behind, group) = (now.duration_since(shown), Group::of(&case, shown));
        let known = self.places.get(&order).copied();
        let turned_at = known.and_then(|at| self.rows[at as usize].turns_at());
        let key = self.sort.value.key(&case, group, shown);
        let (away, wakes_at) = self.away(&case, group);
        let (is_away, is_snoozed) = (away.is_some(), wakes_at.is_some());
        let queues = self.queues_of(&case, group, is_away, behind);
        let row = Entry {
            is_wanted: self.wants(&case, group, queues, behind),
            queues,
            is_away,
            wakes_at,
            regroups_at: Group::until(&case, shown).map(|at| at + behind),
            requeues_at: self.requeues_at(&case, group, behind),
            refilters_at: self.filter.turns_at(&case, group, shown).map(|at| at + behind),
            is_free_at: case.work().owner_at(shown).map(|owner| owner.until + behind),
            behind,
            case,
            group,
            key,
        };
        let turns_at = row.turns_at();
        if let Some(at) = turns_at.filter(|at| turned_at.is_none_or(|known| known != *at || known <= now)) {
            self.by_time.push(Reverse((at, order)));
        }
        self.count_row(queues, 1);
        self.snoozed += usize::from(is_snoozed);
        if let Some(at) = known {
            let was = &self.rows[at as usize];
            if self.selected == Some(order) && was.is_wanted && !row.is_wanted {
                self.left_as = Some((Arc::clone(&was.case), was.group));
            }
            let before = patch.then(|| self.places_of(at));
            let old = std::mem::replace(&mut self.rows[at as usize], row);
            self.count_row(old.queues, -1);
            self.snoozed -= usize::from(old.wakes_at.is_some());
            if let Some(before) = before {
                self.reposition(at, before);
            }
        } else {
            let at = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
            self.places.insert(order, at);
            self.rows.push(row);
            if patch {
                self.reposition(at, (None, None));
            } else {
                self.sorted.push(at);
            }
        }
    }

    fn count_row(&mut self, queues: Queues, by: isize) {
        for place in queues.places() {
            self.counts[place] = self.counts[place].saturating_add_signed(by);
        }
    }

    /// The queues that have an order. One that is put away is in that of all, and in those that ask for such.
    fn queues_of(&self, case: &Case, group: Group, is_away: bool, behind: SignedDuration) -> Queues {
        let mut queues = Queues::default();
        let has = |queue: &Queue| queue.shows(case, group, &self.today, is_away);
        for queue in Queue::ALL.into_iter().filter(has) {
            queues.insert(queue.into());
        }
        for (n, own) in self.own.iter().enumerate() {
            let may_have = !is_away || own.filter().asks_for_away();
            if may_have && own.filter().leaves(case, group, self.now - behind) {
                queues.insert(Tab::Own(n));
            }
        }
        queues
    }

    /// When that changes next by the mere passing of time, as long as the order stays in its group and the day lasts.
    fn requeues_at(&self, case: &Case, group: Group, behind: SignedDuration) -> Option<Timestamp> {
        let turns = self.own.iter().filter_map(|own| own.filter().turns_at(case, group, self.now - behind));
        turns.min().map(|at| at + behind)
    }

    /// Where the row stands among all, and among those that are shown.
    fn places_of(&self, at: u32) -> (Option<usize>, Option<usize>) {
        (self.find(&self.sorted, at), self.found.as_ref().and_then(|found| self.find(found, at)))
    }

    /// Puts a row that is new or has changed where it belongs among all, and among those that are shown, given where it
    /// stood.
    fn reposition(&mut self, at: u32, before: (Option<usize>, Option<usize>)) {
        let mut sorted = std::mem::take(&mut self.sorted);
        self.move_row(&mut sorted, before.0, true, at);
        self.sorted = sorted;
        if let Some(mut found) = self.found.take() {
            self.move_row(&mut found, before.1, self.rows[at as usize].is_wanted, at);
            self.found = Some(found);
        }
    }

    fn move_row(&self, rows: &mut Vec<u32>, from: Option<usize>, is_wanted: bool, at: u32) {
        match (from, is_wanted) {
            // What stands between the old and the new place gives way.
            (Some(from), true) if from > 0 && self.compare(rows[from - 1], at) == Ordering::Greater => {
                let to = self.place(&rows[..from], at);
                rows[to..=from].rotate_right(1);
            }
            (Some(from), true) => {
                let to = from + self.place(&rows[from + 1..], at);
                rows[from..=to].rotate_left(1);
            }
            (Some(from), false) => drop(rows.remove(from)),
            (None, true) => rows.insert(self.place(rows, at), at),
            (None, false) => {}
        }
    }

    /// How many of `rows` stand before the row.
    fn place(&self, rows: &[u32], at: u32) -> usize {
        rows.partition_point(|&other| self.compare(other, at) == Ordering::Less)
    }

    /// Where the row stands among `rows`, if it does.
    fn find(&self, rows: &[u32], at: u32) -> Option<usize> {
        let place = self.place(rows, at);
        (rows.get(place) == Some(&at)).then_some(place)
    }

    /// Total: rows with equal keys stand by order number.
    fn compare(&self, a: u32, b: u32) -> Ordering {
        let (a, b) = (&self.rows[a as usize], &self.rows[b as usize]);
        self.ordering((&a.key, a.case.order.no), (&b.key, b.case.order.no))
    }

    fn ordering(&self, a: (&Key, OrderNo), b: (&Key, OrderNo)) -> Ordering {
        let by_key = if self.reversed { b.0.cmp(a.0) } else { a.0.cmp(b.0) };
        by_key.then_with(|| a.1.cmp(&b.1))
    }

    fn sort_all(&mut self) {
        let mut sorted = std::mem::take(&mut self.sorted);
        // Stable, since that is the faster one where most rows stand in their places already.
        sorted.sort_by(|&a, &b| self.compare(a, b));
        self.sorted = sorted;
        self.gather_shown();
    }

    /// Looks at all rows again, and finds those that are to be shown.
    fn find_shown(&mut self) {
        // As they lie in memory, which is much faster than as they are sorted.
        for at in 0..self.rows.len() {
            let row = &self.rows[at];
            self.rows[at].is_wanted = self.wants(&row.case, row.group, row.queues, row.behind);
        }
        self.gather_shown();
    }

    /// Gathers the rows that are to be shown.
    fn gather_shown(&mut self) {
        let leaves_all = self.tab == Queue::All.into() && self.hits.is_none() && self.filter.is_empty();
        self.found = (!leaves_all)
            .then(|| self.sorted.iter().copied().filter(|&at| self.rows[at as usize].is_wanted).collect());
    }

    /// True for an order that the queue and the filter leave.
    fn wants(&self, case: &Case, group: Group, queues: Queues, behind: SignedDuration) -> bool {
        queues.has(self.tab)
            && self.hits.as_ref().is_none_or(|hits| hits.orders.contains(&case.order.no))
            && self.filter.leaves(case, group, self.now - behind)
    }

    /// How a case is put away now, and when it comes back by itself.
    fn away<'a>(&self, case: &'a Case, group: Group) -> (Option<Away<'a>>, Option<Timestamp>) {
        let away = case.away(group, self.now - self.ahead);
        let wakes_at = match away {
            Some(Away::Snoozed(snooze)) => Some(snooze.until + self.ahead),
            _ => None,
        };
        (away, wakes_at)
    }

    /// The vendor's clock is so far ahead of this machine's: what is snoozed comes back at another time by it.
    pub fn on_clock(&mut self, ahead: SignedDuration, now: Timestamp, standstill: &Standstill) {
        if std::mem::replace(&mut self.ahead, ahead) == ahead || self.snoozed == 0 {
            return;
        }
        let snoozed = self.rows.iter().filter(|row| row.wakes_at.is_some());
        let cases = snoozed.map(|row| Arc::clone(&row.case)).collect();
        self.put(cases, now, standstill);
    }

    /// Looks at another queue. One that there is not has no orders.
    pub fn look_at(&mut self, tab: impl Into<Tab>) {
        self.look_at_hits(tab, None);
    }

    /// What was looked for, while only that is looked at.
    pub fn hits(&self) -> Option<&Hits> {
        self.hits.as_ref()
    }

    /// Looks at another queue, or at what of it was found.
    pub fn look_at_hits(&mut self, tab: impl Into<Tab>, hits: Option<Hits>) {
        self.tab = tab.into();
        self.hits = hits;
        self.find_shown();
        if self.position().is_none() {
            self.select_row(0);
        }
    }

    /// Has these queues behind those that are built in, at a desk of that zone. One that is looked at stays open under its
    /// name; if it is gone, everything is shown.
    pub fn set_up(&mut self, own: Vec<OwnQueue>, zone: TimeZone, now: Timestamp) {
        self.tab = self.tab.among(&self.own, &own);
        self.own = own;
        self.own.truncate(Tab::MOST - Queue::ALL.len());
        self.zone = zone;
        self.now = now;
        self.begin_day();
        if self.position().is_none() {
            self.select_row(0);
        }
    }

    /// It is `now`, perhaps on another day than before.
    fn turn_day(&mut self, now: Timestamp) {
        self.now = now;
        if !self.today.holds(now) {
            self.begin_day();
        }
    }

    /// Whatever goes by the day is looked at again, for all rows.
    fn begin_day(&mut self) {
        self.today = Day::of(self.now, &self.zone);
        let reading = Reading { now: self.now, zone: self.zone.clone() };
        self.own.iter_mut().for_each(|own| own.read_again(&reading));
        self.filter.read_again(&reading);
        self.counts = [0; Tab::MOST];
        let shown = self.selected.and_then(|order| self.places.get(&order)).copied();
        let shown = shown.map(|at| at as usize).filter(|at| self.rows[*at].is_wanted);
        for at in 0..self.rows.len() {
            let row = &self.rows[at];
            let queues = self.queues_of(&row.case, row.group, row.is_away, row.behind);
            let requeues_at = self.requeues_at(&row.case, row.group, row.behind);
            let row = &mut self.rows[at];
            (row.queues, row.requeues_at) = (queues, requeues_at);
            self.count_row(queues, 1);
        }
        self.find_shown();
        self.time_filter();
        if let Some(row) = shown.map(|at| &self.rows[at]).filter(|row| !row.is_wanted) {
            self.left_as = Some((Arc::clone(&row.case), row.group));
        }
    }

    /// Shows only the orders that `filter` leaves, at `now`.
    pub fn filter(&mut self, filter: Filter, now: Timestamp, standstill: &Standstill) {
        self.turn_day(now);
        if filter.is_timed() {
            for row in &mut self.rows {
                row.behind = now.duration_since(standstill.now_for(&row.case, now));
            }
        }
        let before = std::mem::replace(&mut self.filter, filter);
        match self.found.take() {
            Some(mut found) if self.filter.narrows(&before) => {
                for &at in &found {
                    let row = &self.rows[at as usize];
                    self.rows[at as usize].is_wanted =
                        self.wants(&row.case, row.group, row.queues, row.behind);
                }
                found.retain(|&at| self.rows[at as usize].is_wanted);
                self.found = Some(found);
            }
            _ => self.find_shown(),
        }
        if before.is_timed() || self.filter.is_timed() {
            self.time_filter();
        }
        if self.position().is_none() {
            self.select_row(0);
        }
    }

    /// Finds out when the filter takes in or leaves out each row by the mere passing of time.
    fn time_filter(&mut self) {
        for row in &mut self.rows {
            let turn = self.filter.turns_at(&row.case, row.group, self.now - row.behind);
            row.refilters_at = turn.map(|at| at + row.behind);
        }
        let turns = self.rows.iter().filter_map(|row| Some(Reverse((row.turns_at()?, row.case.order.no))));
        self.by_time = turns.collect();
    }

    /// The filter in force.
    pub fn filtered_by(&self) -> &Filter {
        &self.filter
    }

    /// True while a filter is set.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Sorts by another column, or the other way round by the same.
    pub fn sort(&mut self, sort: &'static Column) {
        self.sort_by(sort, sort == self.sort && !self.reversed);
    }

    /// Sorts by a column, the other way round if `reversed`. Rows with equal keys stand by order number in either direction.
    pub fn sort_by(&mut self, sort: &'static Column, reversed: bool) {
        self.reversed = reversed;
        self.sort = sort;
        for row in &mut self.rows {
            row.key = sort.value.key(&row.case, row.group, self.now - row.behind);
        }
        self.sort_all();
    }

    /// Takes in what has changed by the passing of time: urgency, and which queues have what. True if anything has.
    pub fn pass_time(&mut self, now: Timestamp, standstill: &Standstill) -> bool {
        let is_another_day = !self.today.holds(now);
        let mut due = Vec::new();
        while self.by_time.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            due.extend(self.by_time.pop().map(|Reverse((_, order))| order));
        }
        let moved: Vec<_> = due.into_iter().filter_map(|order| self.case(order).map(Arc::clone)).collect();
        let any = is_another_day || !moved.is_empty();
        self.put(moved, now, standstill);
        any
    }

    /// The next moment at which `pass_time` has something to do.
    pub fn next_change(&self) -> Option<Timestamp> {
        let midnight = (!self.is_empty()).then(|| self.today.ends_at());
        self.by_time.peek().map(|Reverse((at, _))| *at).into_iter().chain(midnight).min()
    }
}
