//! The list of orders as it is looked at: queue, filter, order of rows, and a selection that follows the order.
//!
//! Work grows with what changed: a few changed orders patch the sorted view in place, many re-sort it. Orders whose
//! urgency changes by the mere passing of time are kept in a heap by that moment.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashMap},
    sync::Arc,
};

use jiff::Timestamp;

use crate::domain::{
    case::Case,
    fold::fold_text,
    moment::Now,
    order::OrderNo,
    triage::{self, Group, Queue, Triage, triage},
};

/// From so many changed rows on, the view is sorted anew instead of patched.
const PATCH_AT_MOST: usize = 64;

/// What the rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Who needs a person next.
    #[default]
    Urgency,
    /// Payment deadline.
    Deadline,
    /// Order number.
    Order,
    /// Route.
    Route,
    /// Airline.
    Airline,
    /// First passenger.
    Passengers,
    /// Amount, currency by currency.
    Amount,
    /// Payment method.
    Method,
    /// Payment state.
    Payment,
    /// Ticketing state.
    Ticketing,
    /// When it was made; the newest first.
    Age,
}

impl SortBy {
    /// All, each with the letter that chooses it and the key of its name.
    pub const ALL: [(Self, char, &'static str); 11] = [
        (Self::Urgency, 'u', "sort.urgency"),
        (Self::Deadline, 'd', "column.due"),
        (Self::Order, 'o', "column.order"),
        (Self::Route, 'r', "column.route"),
        (Self::Airline, 'l', "column.airline"),
        (Self::Passengers, 'p', "column.passengers"),
        (Self::Amount, 'a', "column.amount"),
        (Self::Method, 'm', "column.method"),
        (Self::Payment, 's', "column.payment"),
        (Self::Ticketing, 't', "column.ticketing"),
        (Self::Age, 'g', "column.age"),
    ];
}

/// What a row is compared by; only keys of one kind are ever compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Urgency(triage::SortKey),
    Number(i64),
    Text(Box<str>),
    Amount(Option<(Box<str>, rust_decimal::Decimal)>),
}

struct Row {
    case: Arc<Case>,
    group: Group,
    key: Key,
    shown: bool,
    /// When its group changes by itself; it lies in the heap for that moment.
    turns_at: Option<Timestamp>,
}

/// The list.
#[derive(Default)]
pub struct List {
    rows: Vec<Row>,
    places: HashMap<OrderNo, u32>,
    view: Vec<u32>,
    counts: HashMap<Group, usize>,
    by_time: BinaryHeap<Reverse<(Timestamp, OrderNo)>>,
    queue: Queue,
    filter: Vec<[String; 2]>,
    sort: SortBy,
    reversed: bool,
    selected: Option<OrderNo>,
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
        self.view.len()
    }

    /// How many orders are in `queue`, whatever the filter.
    pub fn count(&self, queue: Queue) -> usize {
        self.counts.iter().filter(|(group, _)| queue.holds(**group)).map(|(_, count)| count).sum()
    }

    /// The queue that is looked at.
    pub fn queue(&self) -> Queue {
        self.queue
    }

    /// What the rows are sorted by, and whether the other way round.
    pub fn sorted_by(&self) -> (SortBy, bool) {
        (self.sort, self.reversed)
    }

    /// The case in row `at` of the view, with its group.
    pub fn row(&self, at: usize) -> Option<(&Arc<Case>, Group)> {
        let row = self.rows.get(*self.view.get(at)? as usize)?;
        Some((&row.case, row.group))
    }

    /// The case of an order, shown or not.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        Some(&self.rows.get(*self.places.get(&order)? as usize)?.case)
    }

    /// The selected order.
    pub fn selected(&self) -> Option<OrderNo> {
        self.selected
    }

    /// The selected order's case.
    pub fn selected_case(&self) -> Option<&Arc<Case>> {
        self.case(self.selected?)
    }

    /// The row in which the selected order stands.
    pub fn position(&self) -> Option<usize> {
        self.find(*self.places.get(&self.selected?)?)
    }

    /// Selects the order in row `at`, or in the last row.
    pub fn select_row(&mut self, at: usize) {
        let at = at.min(self.view.len().saturating_sub(1));
        self.selected = self.row(at).map(|(case, _)| case.order.no).or(self.selected);
    }

    /// Selects an order.
    pub fn select(&mut self, order: OrderNo) {
        self.selected = Some(order);
    }

    /// Moves the selection by rows; from an order that is not shown it goes to the first row. False at the end.
    pub fn step(&mut self, by: isize) -> bool {
        let Some(at) = self.position() else {
            self.select_row(0);
            return !self.view.is_empty();
        };
        let next = at.saturating_add_signed(by).min(self.view.len().saturating_sub(1));
        self.select_row(next);
        next != at
    }

    /// Takes in cases that are new or have changed.
    pub fn put(&mut self, cases: Vec<Arc<Case>>, now: Timestamp) {
        let patch = cases.len() <= PATCH_AT_MOST;
        for case in cases {
            self.put_one(case, now, patch);
        }
        if !patch {
            self.rebuild();
        }
        if self.selected.is_none() {
            self.select_row(0);
        }
    }

    fn put_one(&mut self, case: Arc<Case>, now: Timestamp, patch: bool) {
        let order = case.order.no;
        let Triage { group, until: turns_at, .. } = triage(&case, Now::agreed(now));
        let known = self.places.get(&order).and_then(|at| self.rows[*at as usize].turns_at);
        if let Some(at) = turns_at.filter(|at| known.is_none_or(|known| known != *at || known <= now)) {
            self.by_time.push(Reverse((at, order)));
        }
        let key = key(&case, self.sort, group);
        let shown = self.queue.holds(group) && self.matches(&case);
        let row = Row { case, group, key, shown, turns_at };
        *self.counts.entry(group).or_default() += 1;
        let at = if let Some(&at) = self.places.get(&order) {
            if patch {
                self.take_out(at);
            }
            let old = std::mem::replace(&mut self.rows[at as usize], row);
            if let Some(count) = self.counts.get_mut(&old.group) {
                *count -= 1;
            }
            at
        } else {
            let at = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
            self.places.insert(order, at);
            self.rows.push(row);
            at
        };
        if patch && self.rows[at as usize].shown {
            let place = self.view.partition_point(|&other| self.compare(other, at) == Ordering::Less);
            self.view.insert(place, at);
        }
    }

    fn take_out(&mut self, at: u32) {
        if let Some(place) = self.find(at) {
            self.view.remove(place);
        }
    }

    fn find(&self, at: u32) -> Option<usize> {
        if !self.rows.get(at as usize)?.shown {
            return None;
        }
        let place = self.view.partition_point(|&other| self.compare(other, at) == Ordering::Less);
        (self.view.get(place) == Some(&at)).then_some(place)
    }

    /// Total: rows with equal keys stand by order number.
    fn compare(&self, a: u32, b: u32) -> Ordering {
        let (a, b) = (&self.rows[a as usize], &self.rows[b as usize]);
        let by_key = if self.reversed { b.key.cmp(&a.key) } else { a.key.cmp(&b.key) };
        by_key.then_with(|| a.case.order.no.cmp(&b.case.order.no))
    }

    fn rebuild(&mut self) {
        let mut view = std::mem::take(&mut self.view);
        view.clear();
        view.extend(
            (0..self.rows.len()).filter(|&at| self.rows[at].shown).filter_map(|at| u32::try_from(at).ok()),
        );
        view.sort_unstable_by(|&a, &b| self.compare(a, b));
        self.view = view;
    }

    fn show_anew(&mut self) {
        for at in 0..self.rows.len() {
            let row = &self.rows[at];
            let shown = self.queue.holds(row.group) && self.matches(&row.case);
            self.rows[at].shown = shown;
        }
        self.rebuild();
    }

    /// Looks at another queue.
    pub fn look_at(&mut self, queue: Queue) {
        self.queue = queue;
        self.show_anew();
        if self.position().is_none() {
            self.select_row(0);
        }
    }

    /// Keeps only orders in which every word of `text` stands somewhere, in full width or not.
    pub fn filter(&mut self, text: &str) {
        let words = text.split_whitespace().map(str::to_lowercase);
        self.filter = words.map(|word| [fold_text(&word), word]).collect();
        self.show_anew();
        if self.position().is_none() {
            self.select_row(0);
        }
    }

    /// True while a filter is set.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Sorts by another column, or the other way round by the same.
    pub fn sort(&mut self, sort: SortBy) {
        self.reversed = sort == self.sort && !self.reversed;
        self.sort = sort;
        for row in &mut self.rows {
            row.key = key(&row.case, sort, row.group);
        }
        self.rebuild();
    }

    /// Moves orders whose urgency has changed by the passing of time. True if any did.
    pub fn pass_time(&mut self, now: Timestamp) -> bool {
        let mut due = Vec::new();
        while self.by_time.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            due.extend(self.by_time.pop().map(|Reverse((_, order))| order));
        }
        let moved: Vec<_> = due.into_iter().filter_map(|order| self.case(order).map(Arc::clone)).collect();
        let any = !moved.is_empty();
        self.put(moved, now);
        any
    }

    /// The next moment at which `pass_time` has something to do.
    pub fn next_change(&self) -> Option<Timestamp> {
        self.by_time.peek().map(|Reverse((at, _))| *at)
    }

    fn matches(&self, case: &Case) -> bool {
        self.filter.iter().all(|forms| forms.iter().any(|word| holds_word(case, word)))
    }
}

/// True when `word` (lower case) stands in anything that the table shows of the order.
fn holds_word(case: &Case, word: &str) -> bool {
    let order = &case.order;
    let has = |text: &str| contains(text, word);
    has(order.no.as_str())
        || order.airlines.iter().any(|airline| has(airline.code()))
        || order.passengers.iter().any(|name| has(name))
        || [&order.from, &order.to, &order.pnr_code].into_iter().flatten().any(|text| has(text))
        || order.airline_pnrs.iter().any(|pnr| has(pnr))
        || has(order.status.word())
        || order.ticketing_error.as_ref().is_some_and(|error| has(&error.code))
        || route(case).is_some_and(|route| has(&route))
        || case.attempt().is_some_and(|attempt| has(attempt.state.word()) || has(attempt.method.word()))
}

/// Case-insensitive for ASCII without an allocation; other letters must match as they are.
fn contains(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    word.is_empty() || text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

fn route(case: &Case) -> Option<String> {
    Some(format!("{}-{}", case.order.from.as_ref()?, case.order.to.as_ref()?))
}

fn key(case: &Case, sort: SortBy, group: Group) -> Key {
    let order = &case.order;
    let text = |text: Option<&str>| Key::Text(text.unwrap_or("\u{10ffff}").into());
    let late = i64::MAX;
    match sort {
        SortBy::Urgency => Key::Urgency(triage::sort_key(order, group)),
        // It may be any moment.
        SortBy::Deadline if group == Group::Undated => Key::Number(i64::MIN),
        SortBy::Deadline => Key::Number(order.deadline().map_or(late, Timestamp::as_second)),
        SortBy::Order => text(Some(order.no.as_str())),
        SortBy::Route => text(route(case).as_deref()),
        SortBy::Airline => text(order.airlines.first().map(|airline| airline.code())),
        SortBy::Passengers => text(order.passengers.first().map(|name| name.as_str())),
        SortBy::Amount => {
            let total = order.details.as_ref().and_then(|details| details.total);
            Key::Amount(total.map(|total| (total.currency.code().into(), total.amount)))
        }
        SortBy::Method => text(super::view::table::method_of(case).map(|method| method.word())),
        SortBy::Payment => text(case.attempt_state().map(|state| state.word()).or(Some(order.status.word()))),
        SortBy::Ticketing => text(Some(order.status.word())),
        SortBy::Age => Key::Number(order.created.map_or(late, |created| -created.as_second())),
    }
}
