//! Alerts as the console knows them: which causes are there just now, which alerts were raised and await somebody, and when
//! time brings the next one.
//!
//! Work grows with what changed: what is due of an order is found out when something of it changes, and at the moments
//! that were known beforehand, which lie in a heap.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet},
};

use jiff::{SignedDuration, Timestamp};

use super::standstill::Standstill;
use crate::{
    config,
    domain::{
        airline_trouble::AirlineTroubles,
        alert::{Alert, Cause, Due, Key, Listed, due, due_until, recurs, recurs_at},
        case::Case,
        method::PaymentMethod,
        money::{Currency, Money},
        order::OrderNo,
        payable::amount_due,
        text::Text,
    },
};

/// An alert that somebody has acknowledged is still listed for so long.
pub const LISTED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How an alert is told while nobody looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertWays {
    /// The bell rings.
    pub bell: bool,
    /// The terminal tells of it beside the screen.
    pub notify: bool,
    /// The window is called by what waits.
    pub title: bool,
}

impl From<&config::Alerts> for AlertWays {
    fn from(alerts: &config::Alerts) -> Self {
        Self { bell: *alerts.bell, notify: *alerts.notify, title: *alerts.title }
    }
}

/// The alerts that were raised, by whomever: what the desk said.
#[derive(Clone, Debug, Default)]
pub struct Raised {
    all: BTreeMap<Key, Alert>,
    /// Those of them that nobody has acknowledged.
    open: BTreeSet<Key>,
    /// How often anything of that has changed.
    changes: u64,
}

impl Raised {
    /// Takes in an alert as it now stands. True if it is new.
    pub fn put(&mut self, alert: Alert) -> bool {
        self.changes += 1;
        if alert.acknowledged.is_some() {
            self.open.remove(&alert.key);
        } else {
            self.open.insert(alert.key);
        }
        self.all.insert(alert.key, alert).is_none()
    }

    /// The last one of a cause that comes and goes.
    fn last_step(&self, cause: Cause) -> Option<&Alert> {
        let steps = Key { cause, step: 0 }..=Key { cause, step: u32::MAX };
        self.all.range(steps).next_back().map(|(_, alert)| alert)
    }

    /// Those of a cause that nobody has acknowledged.
    pub fn open_of(&self, cause: Cause) -> Vec<Key> {
        self.open.range(Key { cause, step: 0 }..=Key { cause, step: u32::MAX }).copied().collect()
    }

    /// The newest of these.
    fn newest_of(&self, cause: Cause) -> Option<&Alert> {
        let alerts = self.open_of(cause).into_iter().filter_map(|key| self.all.get(&key));
        alerts.max_by_key(|alert| alert.raised_at)
    }

    fn open_causes(&self) -> impl Iterator<Item = Cause> {
        let mut last = None;
        self.open.iter().map(|key| key.cause).filter(move |cause| last.replace(*cause) != Some(*cause))
    }
}

/// What is known of one order.
#[derive(Debug, Default, PartialEq)]
struct Known {
    causes: Vec<Cause>,
    /// It has come to its status before the eyes of this console.
    has_turned: bool,
    turns_at: Option<Timestamp>,
    /// What it would take from the deposit.
    open: Option<Money>,
}

/// What is watched for alerts, and how they are told.
#[derive(Debug, Default)]
pub struct Alerting {
    /// What is watched.
    pub watch: Watch,
    /// How many causes wait for somebody, and whether one of them is urgent.
    pub waiting: (usize, bool),
    /// The newest alert of each, the newest first: as many as a screen has room for.
    pub newest: Vec<Alert>,
    /// How often the alerts, and what is watched, had changed when that was found.
    found_at: Option<(u64, u64)>,
    /// Whether the terminal has the focus, once it has said so. One that never says is taken for one without.
    pub has_focus: Option<bool>,
    /// What the window is called.
    pub title: Option<Text>,
    /// Alerts that are told of together, when this moment has come.
    pub gathered: Gathered,
}

impl Alerting {
    /// Finds what waits, if that may be something else now. True if it is.
    pub fn find_waiting(&mut self, raised: &Raised) -> bool {
        let changes = (raised.changes, self.watch.changes);
        if self.found_at.replace(changes) == Some(changes) {
            return false;
        }
        let mut newest: Vec<Alert> = self.watch.waiting(raised).cloned().collect();
        let is_urgent =
            |alert: &Alert| raised.open_of(alert.key.cause).into_iter().any(|key| key.is_urgent());
        let waiting = (newest.len(), newest.iter().any(is_urgent));
        newest.sort_by_key(newest_first);
        newest.truncate(BESIDE_AT_MOST);
        let differs = waiting != self.waiting || newest != self.newest;
        (self.waiting, self.newest) = (waiting, newest);
        differs
    }
}

/// No screen has room for more alerts beside each other.
const BESIDE_AT_MOST: usize = 16;

/// Alerts that are told of together.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Which.
    pub keys: Vec<Key>,
    /// When.
    pub until: Option<Timestamp>,
}

/// What is watched for alerts.
#[derive(Debug, Default)]
pub struct Watch {
    /// Those of which anything is known here.
    orders: HashMap<OrderNo, Known>,
    by_time: BinaryHeap<Reverse<(Timestamp, OrderNo)>>,
    /// The causes that are there just now, of orders,
    there: HashSet<Cause>,
    /// and of what no order names.
    around: BTreeSet<Cause>,
    /// Those of the latter that were over since they were last spoken of.
    was_away: BTreeSet<Cause>,
    /// What all orders together would take from the deposit.
    open: BTreeMap<Currency, Money>,
    /// What this console has asked the desk to raise.
    asked: HashSet<Key>,
    /// When a cause that lasts is to be spoken of again.
    recurs_at: Option<Timestamp>,
    due: Vec<Due>,
    /// What was so of a row of the table before the console was there: the table says it, and nobody is alerted of it.
    stood: BTreeSet<Cause>,
    /// How often other causes may have come to be there.
    changes: u64,
}

/// True for what the row of an order says itself, and no money hangs on.
fn is_said_by_row(cause: Cause) -> bool {
    matches!(cause, Cause::Deadline(_) | Cause::Declined(..) | Cause::TicketingLate(_))
}

impl Watch {
    /// Takes in a case that is new or has changed, with what it was `before`, if an answer has shown that; the console is there
    /// since `started`, by the same clock as `now`.
    pub fn put(
        &mut self,
        case: &Case,
        before: Option<&Case>,
        (now, started): (Timestamp, Timestamp),
        standstill: &Standstill,
    ) {
        self.changes += 1;
        let (no, shown) = (case.order.no, standstill.now_for(case, now));
        let behind = now.duration_since(shown);
        let due = due(case, shown);
        let turns_at = due_until(case, shown).map(|at| at + behind);
        let mut known = self.orders.remove(&no).unwrap_or_default();
        for cause in &known.causes {
            self.there.remove(cause);
        }
        self.there.extend(due.iter().map(|due| due.key.cause));
        known.causes = due.iter().map(|due| due.key.cause).collect();
        if let Some(at) = turns_at.filter(|at| known.turns_at != Some(*at) || *at <= now) {
            self.by_time.push(Reverse((at, no)));
        }
        known.turns_at = turns_at;
        known.has_turned |= before.is_some_and(|before| before.order.status != case.order.status);
        let has_turned = known.has_turned;
        let open = of_deposit(case, shown);
        let before = std::mem::replace(&mut known.open, open);
        if known != Known::default() {
            self.orders.insert(no, known);
        }
        self.sum_up(before, open);
        let was_there = case.order.created.is_none_or(|created| created + behind < started);
        for due in due.into_iter().filter(|due| !self.asked.contains(&due.key)) {
            let stood =
                !has_turned && is_said_by_row(due.key.cause) && due.since + behind < started && was_there;
            if stood {
                self.stood.insert(due.key.cause);
            } else {
                self.due.push(due);
            }
        }
    }

    /// How many orders needed somebody before the console was there, and still do.
    pub fn stood(&self) -> usize {
        self.stood
            .iter()
            .filter(|cause| self.there.contains(cause))
            .filter_map(|cause| cause.order())
            .collect::<HashSet<_>>()
            .len()
    }

    fn sum_up(&mut self, before: Option<Money>, open: Option<Money>) {
        if before == open {
            return;
        }
        let changes = before.map(|money| Money { amount: -money.amount, ..money }).into_iter().chain(open);
        for change in changes {
            let sum = self.open.entry(change.currency).or_insert(Money { amount: 0.into(), ..change });
            *sum = sum.plus(change).unwrap_or(*sum);
        }
    }

    /// Looks at what is due by now of the orders whose moment has come.
    pub fn pass_time<'a>(
        &mut self,
        now: Timestamp,
        started: Timestamp,
        standstill: &Standstill,
        case: impl Fn(OrderNo) -> Option<&'a Case>,
    ) {
        while let Some(Reverse((_, no))) = self.by_time.peek().filter(|Reverse((at, _))| *at <= now) {
            let no = *no;
            self.by_time.pop();
            if let Some(case) = case(no) {
                // What stands in the heap no more must be put there again.
                if let Some(known) = self.orders.get_mut(&no) {
                    known.turns_at = None;
                }
                self.put(case, None, (now, started), standstill);
            }
        }
    }

    /// Looks at what no order names: what the deposit holds, and which airlines are in trouble. `now` is our own clock.
    pub fn look_around(
        &mut self,
        balances: &BTreeMap<Currency, Money>,
        troubles: &AirlineTroubles,
        raised: &Raised,
        now: Timestamp,
    ) {
        let is_low =
            |money: &&Money| self.open.get(&money.currency).is_some_and(|open| open.amount > money.amount);
        let low = balances.values().filter(is_low).map(|money| (Cause::BalanceLow(money.currency), now));
        let troubled =
            troubles.all(now).map(|trouble| (Cause::AirlineTrouble(trouble.airline), trouble.since.min(now)));
        let around: BTreeMap<Cause, Timestamp> = low.chain(troubled).collect();
        let over = self.around.iter().filter(|cause| !around.contains_key(cause));
        self.was_away.extend(over.copied().collect::<Vec<_>>());
        if !around.keys().eq(&self.around) {
            self.changes += 1;
            self.around = around.keys().copied().collect();
        }
        self.recurs_at = None;
        for (cause, since) in around {
            let last = raised.last_step(cause);
            if last.is_some_and(|last| last.acknowledged.is_none()) {
                // It speaks of this time, too.
                self.was_away.remove(&cause);
            }
            match recurs(cause, last, self.was_away.contains(&cause), now) {
                Some(key) if !self.asked.contains(&key) => self.due.push(Due { key, since }),
                Some(_) => {}
                None => {
                    let again = last.and_then(recurs_at);
                    self.recurs_at = self.recurs_at.into_iter().chain(again).min();
                }
            }
        }
    }

    /// What is to be raised: all that is due, and was neither raised nor asked for.
    pub fn take_due(&mut self, raised: &Raised) -> Vec<Due> {
        let due = std::mem::take(&mut self.due);
        let is_new = |due: &Due| !raised.all.contains_key(&due.key) && self.asked.insert(due.key);
        let due: Vec<Due> = due.into_iter().filter(is_new).collect();
        for Due { key, .. } in &due {
            self.was_away.remove(&key.cause);
        }
        due
    }

    /// True while the cause lasts.
    pub fn is_there(&self, cause: Cause) -> bool {
        self.there.contains(&cause) || self.around.contains(&cause)
    }

    /// When [`Self::pass_time`] has something to do, by the vendor's clock.
    pub fn next_change(&self) -> Option<Timestamp> {
        self.by_time.peek().map(|Reverse((at, _))| *at)
    }

    /// When [`Self::look_around`] has, by our own.
    pub fn looks_around_at(&self) -> Option<Timestamp> {
        self.recurs_at
    }

    /// The newest alert of each cause that lasts and waits for somebody.
    fn waiting<'a>(&'a self, raised: &'a Raised) -> impl Iterator<Item = &'a Alert> {
        let causes = raised.open_causes().filter(|cause| self.is_there(*cause));
        causes.filter_map(|cause| raised.newest_of(cause))
    }

    /// Those that nobody has acknowledged.
    pub fn unacknowledged(&self, raised: &Raised, now: Timestamp) -> Vec<Listed> {
        let mut lines = self.lines(raised, now);
        lines.retain(|line| line.alert.acknowledged.is_none());
        lines
    }

    /// The list, the newest first: what waits, then what is over and nobody has acknowledged, then what somebody has, lately.
    pub fn lines(&self, raised: &Raised, now: Timestamp) -> Vec<Listed> {
        let mut lines: Vec<Listed> = raised
            .open_causes()
            .filter_map(|cause| {
                let alert = raised.newest_of(cause)?.clone();
                Some(Listed { alert, is_over: !self.is_there(cause) })
            })
            .collect();
        let lately = |alert: &&Alert| {
            let at = alert.acknowledged.as_ref().map(|(_, at)| *at);
            at.is_some_and(|at| now.duration_since(at) < LISTED_FOR)
        };
        let mut known: BTreeMap<Cause, &Alert> = BTreeMap::new();
        for alert in raised.all.values().filter(lately) {
            let last = known.entry(alert.key.cause).or_insert(alert);
            if last.raised_at < alert.raised_at {
                *last = alert;
            }
        }
        let is_open: BTreeSet<Cause> = lines.iter().map(Listed::cause).collect();
        let known = known.into_iter().filter(|(cause, _)| !is_open.contains(cause));
        lines.extend(
            known.map(|(cause, alert)| Listed { alert: alert.clone(), is_over: !self.is_there(cause) }),
        );
        lines
            .sort_by_key(|line| (line.alert.acknowledged.is_some(), line.is_over, newest_first(&line.alert)));
        lines
    }
}

/// The newest is the first, and of those of one second an urgent one.
fn newest_first(Alert { key, raised_at, .. }: &Alert) -> (Reverse<(i64, bool)>, u32) {
    (Reverse((raised_at.as_second(), key.is_urgent())), key.step)
}

/// What an order that can still be paid would take from the deposit, if that is offered.
fn of_deposit(case: &Case, now: Timestamp) -> Option<Money> {
    let order = &case.order;
    let methods = &order.details.as_ref()?.methods;
    let blocks = || case.attempt_state().is_some_and(|state| state.blocks());
    let is_open = order.has_time_left(now)
        && methods.contains(&PaymentMethod::Deposit)
        && !case.is_replaced()
        && !case.is_gone()
        && !blocks();
    amount_due(PaymentMethod::Deposit, order).filter(|_| is_open)
}
