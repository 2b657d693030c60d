//! Who is asked next, and when: one queue with lanes, under one budget. Pure; the time is an argument.
//!
//! State comes from sweeps of the list, which gives 100 orders a request; details, which alone hold price and
//! deadline, are asked once for a new unpaid order and then only where money is at stake or somebody looks.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use super::{
    budget::{Budget, Urgency},
    followed::Followed,
    hints::{HINT_GAP, Hints},
    holds::Holds,
    questions::{Difference, Questions},
    queue::{Lane, Nearness, Queue},
    rounds::{PageEnd, Rounds, census::Census, sweep::Sweep},
    searches::Searches,
    turns::Turns,
    watched::Watched,
};
use crate::{
    desk::gateway::Window,
    domain::{
        case::Case,
        freshness::Freshness,
        missing::{Missing, SPACED_BY},
        moment::Now,
        money::Currency,
        order::{OrderNo, OrderStatus},
    },
};

/// Requests that may wait for their answers at one time.
const AT_ONCE: usize = 4;

/// At least so long between two queries of orders that nobody here knows.
const STRANGER_GAP: Duration = Duration::from_secs(60);

/// An order with an open attempt that no answer has shown yet is asked for no more often than this, and no less often
/// than that.
const UNSEEN_GAPS: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(60)];

/// What may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// A page of the list.
    List(Window, u32),
    /// An order's details.
    Query(OrderNo),
    /// The account balance.
    Balance(Currency),
    /// The new order that may have been made from this one.
    Search(OrderNo),
    /// The vendor's list of incidents.
    Incidents,
    /// What an operator looks for, by the number that it waits under.
    Find(u32),
}

/// The polling schedule.
#[derive(Debug)]
pub struct Schedule {
    budget: Budget,
    rounds: Rounds,
    turns: Turns,
    queue: Queue,
    followed: Followed,
    questions: Questions,
    watched: Watched,
    balances: VecDeque<Currency>,
    /// Orders that are refreshed together, in their order; one that was named twice is asked for once.
    refreshed: VecDeque<OrderNo>,
    /// What operators look for, by number.
    finds: VecDeque<u32>,
    /// Unpaid orders of which nobody knows for how much and until when.
    unpriced: HashSet<OrderNo>,
    waiting: HashSet<Ask>,
    failures: u32,
    /// A page of the list was what failed last.
    list_failed: bool,
    random: fastrand::Rng,
    /// Orders that are left alone for a while, longer each time.
    holds: Holds,
    hints: Hints,
    strangers_from: Duration,
    searches: Searches,
    incidents: Option<(Duration, Duration)>,
}

impl Schedule {
    /// A schedule that begins with a whole sweep. `seed` spreads the queries of many orders (jitter of 20 %).
    pub fn new(
        per_minute: u32,
        sweep_every: Duration,
        lookback: SignedDuration,
        seed: u64,
        uptime: Duration,
    ) -> Self {
        Self {
            budget: Budget::new(per_minute),
            rounds: Rounds::new(sweep_every, lookback, uptime),
            turns: Turns::new(uptime),
            queue: Queue::default(),
            followed: Followed::default(),
            questions: Questions::default(),
            watched: Watched::default(),
            balances: VecDeque::new(),
            refreshed: VecDeque::new(),
            finds: VecDeque::new(),
            unpriced: HashSet::new(),
            waiting: HashSet::new(),
            failures: 0,
            list_failed: false,
            random: fastrand::Rng::with_seed(seed),
            holds: Holds::default(),
            hints: Hints::default(),
            strangers_from: uptime,
            searches: Searches::default(),
            incidents: None,
        }
    }

    /// Asks for the vendor's list of incidents at every interval, from now on.
    pub fn ask_incidents(&mut self, every: Duration, uptime: Duration) {
        self.incidents = Some((uptime, every));
    }

    /// The budget, for the health line.
    pub fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }

    /// Queries and pages that are due or on their way.
    pub fn pending(&mut self, uptime: Duration) -> usize {
        self.queue.pass_time(uptime);
        let asked = self.queue.count_due() + self.refreshed.len() + self.finds.len();
        asked + self.rounds.pages() + self.waiting.len()
    }

    /// Unpaid orders whose price and deadline are still to come.
    pub fn unpriced(&self) -> usize {
        self.unpriced.len()
    }

    /// These orders are on screen; the first is the selected one. Returns those that came or went.
    pub fn watch(&mut self, orders: &[OrderNo]) -> Vec<OrderNo> {
        self.watched.set(orders)
    }

    /// Sweeps again from the newest order on, at once.
    pub fn sweep_now(&mut self, uptime: Duration) {
        self.rounds.begin_now(uptime);
    }

    /// True when the next call of `next` begins a round, which wants a census of the orders.
    pub fn is_round_due(&self, uptime: Duration) -> bool {
        self.rounds.is_due(uptime)
    }

    /// The orders as they stand: where the rounds look.
    pub fn take_census(&mut self, census: Census) {
        self.rounds.take_census(census);
    }

    /// Begins what is due, with what the others have left for pages lately.
    fn begin_rounds(&mut self, now: Now, uptime: Duration) {
        if !self.rounds.is_due(uptime) {
            return;
        }
        let rate = self.turns.page_rate(self.budget.per_minute(), self.queue.count_due(), uptime);
        self.rounds.begin_if_due(now, uptime, rate);
    }

    /// Puts an order at the head of the operator's lane.
    pub fn ask_now(&mut self, order: OrderNo, lane: Lane, uptime: Duration) {
        self.place(order, Some((lane, uptime)));
    }

    /// When an order is asked for next, as it is planned now.
    pub fn planned(&self, order: OrderNo) -> Option<Duration> {
        self.queue.place(order).map(|(_, at)| at)
    }

    /// When each order is asked for next of which it is asked what became of a payment.
    pub fn planned_for_doubts(&self) -> impl Iterator<Item = (OrderNo, Duration)> {
        self.followed.in_doubt().filter_map(|order| Some((order, self.planned(order)?)))
    }

    /// Asks for an order that nothing is known of but an attempt that is open.
    pub fn ask_unseen(&mut self, order: OrderNo, uptime: Duration) {
        let [soonest, latest] = UNSEEN_GAPS.map(|gap| uptime + gap);
        let held = self.holds.until(order).unwrap_or(soonest);
        self.place(order, Some((Lane::Doubt, held.clamp(soonest, latest))));
    }

    /// Asks for an order that is only remembered, and that the list does not show, until it is known to be gone.
    pub fn ask_missing(&mut self, order: OrderNo, missing: &Missing, uptime: Duration) {
        let said = is_open_question(missing).then_some(Difference::Unlisted);
        let at = self.questions.due(order, said, uptime).or(self.asked_apart(order, missing));
        if !self.is_asking(order) {
            self.place(order, at.map(|at| (Lane::Details, at)));
        }
    }

    /// When an order is asked for again that one answer has called unknown: the next one must lie apart.
    fn asked_apart(&self, order: OrderNo, missing: &Missing) -> Option<Duration> {
        let apart = missing.counted()?.up + SPACED_BY.unsigned_abs();
        Some(apart.max(self.holds.until(order).unwrap_or_default()))
    }

    /// An order is not left alone any longer, whatever came of asking for it.
    pub(super) fn lift_hold(&mut self, order: OrderNo) {
        self.holds.lift(order);
    }

    /// The round that ended last.
    pub(super) fn sweep(&self) -> &Sweep {
        self.rounds.ended()
    }

    /// A notification names an order that the desk follows: it is asked for soon, but no sooner than two
    /// seconds after the last time, however many come.
    pub fn hint(&mut self, order: OrderNo, uptime: Duration) {
        self.hints.on_hint(order, self.is_asking(order), uptime);
        self.place(order, self.queue.place(order));
    }

    /// True while a query of `order` is on its way.
    pub fn is_asking(&self, order: OrderNo) -> bool {
        self.waiting.contains(&Ask::Query(order))
    }

    /// Nobody knows `order`: a notification that came while it was looked up is no reason to look again.
    pub fn drop_hint(&mut self, order: OrderNo) {
        self.hints.forget(order);
    }

    /// A notification names an order that nobody here knows: it may be looked up, once a minute at most, so that
    /// a stranger cannot spend the budget. False if not now.
    pub fn hint_unknown(&mut self, order: OrderNo, uptime: Duration) -> bool {
        if self.strangers_from > uptime {
            return false;
        }
        self.strangers_from = uptime + STRANGER_GAP;
        self.place(order, Some((Lane::Details, uptime)));
        true
    }

    /// A new order may have been made from this one: it is looked for, at growing intervals.
    pub fn search(&mut self, parent: OrderNo, uptime: Duration) {
        self.searches.plan(parent, uptime, &mut self.random);
    }

    /// It was found, or there is none.
    pub fn end_search(&mut self, parent: OrderNo) {
        self.searches.end(parent);
    }

    /// Asks for an order after those that were named so before, when nothing more urgent is due.
    pub fn refresh(&mut self, order: OrderNo) {
        self.refreshed.push_back(order);
    }

    /// The order that is refreshed next.
    fn next_refreshed(&self) -> Option<OrderNo> {
        self.refreshed.iter().copied().find(|order| !self.is_asking(*order))
    }

    /// Asks for a balance in the operator's lane; once more if it is just being asked for, since that answer may be older
    /// than the wish.
    pub fn ask_balance(&mut self, currency: Currency) {
        if !self.balances.contains(&currency) {
            self.balances.push_back(currency);
        }
    }

    /// An operator looks for something, which waits under this number. It is asked for once, however that ends.
    pub fn find(&mut self, number: u32) {
        self.finds.push_back(number);
    }

    /// Nobody waits for any of that any more.
    pub fn drop_finds(&mut self) {
        self.finds.clear();
    }

    /// The balance that is asked for next.
    fn next_balance(&self) -> Option<Currency> {
        self.balances.iter().copied().find(|currency| !self.waiting.contains(&Ask::Balance(*currency)))
    }

    /// Decides again when `case` is asked for, after anything about it has changed. `remembered` is the deadline that was
    /// known of it before the program began.
    pub fn plan(
        &mut self,
        case: &Case,
        fresh: Option<Freshness>,
        remembered: Option<Timestamp>,
        now: Timestamp,
        uptime: Duration,
    ) {
        let order = case.order.no;
        let is_gone = case.is_gone();
        if case.order.status == OrderStatus::Unpaid && case.order.details.is_none() && !is_gone {
            self.unpriced.insert(order);
        } else {
            self.unpriced.remove(&order);
        }
        let is_unlisted = case.missing().is_some_and(is_open_question);
        let unlisted = is_unlisted.then_some(Difference::Unlisted);
        let difference = unlisted.or(case.listed_as.filter(|_| !is_gone).map(Difference::ListedAs));
        let next = match (
            self.questions.due(order, difference, uptime),
            self.next_for(case, fresh, remembered, now, uptime),
        ) {
            (Some(at), Some((lane, planned))) => Some((lane, planned.min(at))),
            (Some(at), None) => Some((Lane::Details, at)),
            (None, next) => next,
        };
        // What a person waits for is not taken back by a change that arrives meanwhile, and an order whose answer is
        // on its way is planned again when that is here.
        let awaited = self.queue.place(order).is_some_and(|(lane, _)| lane == Lane::Operator);
        if awaited || self.is_asking(order) {
            return;
        }
        self.place(order, next);
    }

    fn next_for(
        &mut self,
        case: &Case,
        fresh: Option<Freshness>,
        remembered: Option<Timestamp>,
        now: Timestamp,
        uptime: Duration,
    ) -> Option<(Lane, Duration)> {
        let followed = self.followed.next(case, uptime, &mut self.random);
        followed.or_else(|| {
            let order = case.order.no;
            // As soon as a list shows it again it is asked for like any other.
            if case.is_gone() {
                return None;
            }
            if let Some(at) = case.missing().and_then(|missing| self.asked_apart(order, missing)) {
                return Some((Lane::Details, at));
            }
            let held = self.holds.until(order).unwrap_or_default();
            let is_swept = case.order.created.is_none_or(|created| self.rounds.reaches(created, now));
            let (lane, at) = self.watched.next(case, fresh, (remembered, is_swept), now, uptime)?;
            Some((lane, at.max(held)))
        })
    }

    /// Plans the next query of an order, or none. A hint that waits brings it nearer.
    fn place(&mut self, order: OrderNo, planned: Option<(Lane, Duration)>) {
        let next = match (planned, self.hints.due(order)) {
            (Some((lane, at)), Some(due)) => Some((lane.min(Lane::InFlight), at.min(due))),
            (None, Some(due)) => Some((Lane::InFlight, due)),
            (planned, None) => planned,
        };
        self.queue.put(order, next);
    }

    /// What to ask now, if anything is due and the budget allows it. It counts as asked.
    pub fn next(&mut self, now: Now, uptime: Duration) -> Option<Ask> {
        self.queue.pass_time(uptime);
        self.begin_rounds(now, uptime);
        if self.is_full() {
            return None;
        }
        let may_leave = |(_, urgency): &(Ask, Urgency)| self.budget.ready_at(*urgency, uptime) <= uptime;
        let (ask, _) = self.due(uptime).into_iter().flatten().find(may_leave)?;
        // A search makes more requests than one, and each counts when it leaves.
        if !matches!(ask, Ask::Search(_)) {
            self.budget.spend(uptime);
        }
        self.waiting.insert(ask);
        let is_unpriced = matches!(ask, Ask::Query(order) if self.unpriced.contains(&order));
        self.turns.count(matches!(ask, Ask::List(..)), is_unpriced);
        match ask {
            Ask::Balance(currency) => self.balances.retain(|other| *other != currency),
            Ask::List(..) => self.rounds.take_page(uptime),
            Ask::Search(parent) => self.search(parent, uptime),
            Ask::Incidents => self.incidents = self.incidents.map(|(_, every)| (uptime + every, every)),
            Ask::Find(number) => self.finds.retain(|other| *other != number),
            Ask::Query(order) => {
                let hinted = self.hints.asked(order, uptime);
                self.place(order, None);
                self.refreshed.retain(|other| *other != order);
                self.followed.asked(order, uptime, hinted);
                self.questions.asked(order, uptime);
            }
        }
        Some(ask)
    }

    /// True while enough wait for their answers; after a failure one does, until it is known how it ends.
    fn is_full(&self) -> bool {
        self.waiting.len() >= if self.failures == 0 { AT_ONCE } else { 1 }
    }

    /// What is due, the most urgent first: doubt, operator, what operators look for, balance, unpaid orders without a price,
    /// in flight; then orders that are refreshed together, which leave a share of the budget to all of those; then details
    /// and pages in turn. What may not leave yet does not stand in the way of what may.
    fn due(&self, uptime: Duration) -> [Option<(Ask, Urgency)>; 11] {
        let head = |lane: Lane| {
            let order = self.queue.first_due(lane)?;
            Some((Ask::Query(order), lane.urgency()))
        };
        let page = self.rounds.page(uptime).map(|(window, page)| (Ask::List(window, page), Urgency::Later));
        let balance = self.next_balance().map(|currency| (Ask::Balance(currency), Urgency::Now));
        let search = self.next_search().filter(|(at, _)| *at <= uptime);
        let search = search.map(|(_, parent)| (Ask::Search(parent), Urgency::Now));
        let is_due = self.incidents.is_some_and(|(at, _)| at <= uptime);
        let incidents = is_due && !self.waiting.contains(&Ask::Incidents);
        // What failed may be one order's trouble: whether it is everybody's, a page of the list shows.
        let probes = self.failures > 0 && !self.list_failed;
        // Neither a sweep nor a payment that is followed is starved by a backlog of queries.
        let turn = page.filter(|_| self.turns.is_page()).map(|(page, _)| (page, Urgency::Soon));
        let in_flight = head(Lane::InFlight);
        let turn = turn.or(in_flight.filter(|_| self.turns.is_followed()));
        let details = head(Lane::Details);
        let rest = if self.waiting.len().is_multiple_of(2) { [page, details] } else { [details, page] };
        [
            page.filter(|_| probes),
            head(Lane::Doubt),
            search,
            head(Lane::Operator),
            self.finds.front().map(|number| (Ask::Find(*number), Urgency::Now)),
            balance,
            turn.or_else(|| head(Lane::Unpriced(Nearness::UNKNOWN))),
            in_flight,
            self.next_refreshed().map(|order| (Ask::Query(order), Urgency::Later)),
            rest[0].or(rest[1]),
            incidents.then_some((Ask::Incidents, Urgency::Later)),
        ]
    }

    /// When `next` should be called again, if nothing else happens before.
    pub fn wake_at(&mut self, uptime: Duration) -> Option<Duration> {
        self.queue.pass_time(uptime);
        if self.is_full() {
            return None; // an answer will come first
        }
        let due = self.due(uptime).into_iter().flatten();
        let ready = due.map(|(_, urgency)| self.budget.ready_at(urgency, uptime));
        // What is due and must wait may be overtaken by what is due later and need not.
        let search = self.next_search().map(|(at, _)| at).filter(|at| *at > uptime);
        let incidents = self.incidents.filter(|_| !self.waiting.contains(&Ask::Incidents));
        let incidents = incidents.map(|(at, _)| at).filter(|at| *at > uptime);
        let later = [self.queue.next_after(), self.rounds.next_round(), search, incidents];
        ready.chain(later.into_iter().flatten()).min()
    }

    /// The next search that is not under way, and when it is due.
    fn next_search(&self) -> Option<(Duration, OrderNo)> {
        self.searches.next(|parent| self.waiting.contains(&Ask::Search(parent)))
    }

    /// An answer came for `ask`.
    pub fn answered(&mut self, ask: Ask) {
        self.failures = 0;
        self.came_back(ask);
        if let Ask::Query(order) = ask {
            self.holds.lift(order);
        }
    }

    /// A page of the list came: which orders it shows, and whether it says that another follows. Returns what this
    /// ended, if anything.
    pub(super) fn page_came(
        &mut self,
        (window, page): (Window, u32),
        orders: &[OrderNo],
        more: bool,
        uptime: Duration,
    ) -> PageEnd {
        self.answered(Ask::List(window, page));
        self.rounds.came((window, page), orders, more, uptime)
    }

    /// `ask` failed. Everything pauses for a while that doubles up to 30 s, so that an outage is probed and not
    /// stormed.
    pub fn failed(&mut self, ask: Ask, uptime: Duration) {
        self.waiting.remove(&ask);
        let pause = Duration::from_secs(1 << self.failures.min(5)).min(Duration::from_secs(30));
        self.list_failed = matches!(ask, Ask::List(..));
        if let Ask::List(window, page) = ask {
            self.rounds.failed((window, page), uptime + pause);
        }
        if let Ask::Balance(currency) = ask {
            self.ask_balance(currency);
        }
        if let Ask::Query(order) = ask {
            let gap = self.holds.failed(order, uptime, &mut self.random);
            self.hints.failed(order, uptime + gap.max(HINT_GAP));
            self.place(order, self.queue.place(order));
        }
        self.failures = self.failures.saturating_add(1);
        self.budget.be_silent_until(uptime + pause);
        self.rounds.hasten(uptime + pause);
    }

    /// A query was refused for this one order only (it does not exist): others go on, and this one waits longer each
    /// time. Returns how long.
    pub fn refused(&mut self, ask: Ask, uptime: Duration) -> Option<Duration> {
        self.waiting.remove(&ask);
        self.came_back(ask);
        let Ask::Query(order) = ask else { return None };
        Some(self.holds.refused(order, uptime, &mut self.random))
    }

    /// An answer is here, of whatever kind: what a notification named while it was on its way is asked about next.
    fn came_back(&mut self, ask: Ask) {
        self.waiting.remove(&ask);
        if let Ask::Query(order) = ask {
            self.hints.answered(order);
            self.place(order, self.queue.place(order));
        }
    }
}

/// True while no answer that counts has said what became of an order that the list does not show.
fn is_open_question(missing: &Missing) -> bool {
    !missing.is_proven() && missing.counted().is_none()
}
