//! What is believed about orders: observations go in, and what they changed comes out.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;

use super::case::Case;
use crate::domain::{
    attempt::{Attempt, AttemptId, State},
    order::{Order, OrderNo, OrderStatus},
    story::{Happening, What},
};

/// The cases of the desk.
#[derive(Debug, Default)]
pub struct Book {
    cases: HashMap<OrderNo, Arc<Case>>,
    changed: BTreeSet<OrderNo>,
    /// What the journal remembers of orders that have not been seen since the start.
    remembered: HashMap<OrderNo, (Vec<Attempt>, Vec<Happening>)>,
}

impl Book {
    /// A book that remembers what the journal holds.
    pub fn recall(attempts: Vec<Attempt>, happenings: Vec<(OrderNo, Happening)>) -> Self {
        let mut book = Self::default();
        for attempt in attempts {
            book.remembered.entry(attempt.order).or_default().0.push(attempt);
        }
        for (order, happening) in happenings {
            book.remembered.entry(order).or_default().1.push(happening);
        }
        book
    }

    /// Orders whose attempts are still open: they are asked for although no list has shown them yet.
    pub fn unfinished(&self) -> impl Iterator<Item = OrderNo> {
        let is_open = |attempts: &[Attempt]| attempts.iter().any(|attempt| attempt.state.is_open());
        self.remembered.iter().filter(move |(_, (attempts, _))| is_open(attempts)).map(|(order, _)| *order)
    }

    /// The case of `order`.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.cases.get(&order)
    }

    /// What a list said of an order at `asked_at`. Returns a status that was news.
    pub fn see_listed(&mut self, listed: Order, asked_at: Timestamp) -> Option<Happening> {
        let no = listed.no;
        let Some(case) = self.cases.get_mut(&no) else {
            self.open_case(listed);
            return None;
        };
        let known = &case.order;
        if known.details.as_ref().is_some_and(|details| details.asked_at > asked_at) {
            return None; // an answer that was on its way when a newer one came
        }
        let status = if goes_back(known.status, listed.status) { known.status } else { listed.status };
        let details_rule = known.details.is_some();
        let pick =
            |ours: &Option<_>, theirs| if details_rule && ours.is_some() { ours.clone() } else { theirs };
        let merged = Order {
            status,
            from: pick(&known.from, listed.from),
            to: pick(&known.to, listed.to),
            airlines: if details_rule && !known.airlines.is_empty() {
                known.airlines.clone()
            } else {
                listed.airlines
            },
            passengers: if details_rule { known.passengers.clone() } else { listed.passengers },
            departs: known.departs.filter(|_| details_rule).or(listed.departs),
            airline_pnrs: if listed.airline_pnrs.is_empty() {
                known.airline_pnrs.clone()
            } else {
                listed.airline_pnrs
            },
            ticketing_error: listed.ticketing_error.or_else(|| known.ticketing_error.clone()),
            details: known.details.clone(),
            ..listed
        };
        self.replace(merged, asked_at)
    }

    /// What a query said of an order. Returns a status that was news.
    pub fn see_queried(&mut self, queried: Order, asked_at: Timestamp) -> Option<Happening> {
        let Some(case) = self.cases.get(&queried.no) else {
            self.open_case(queried);
            return None;
        };
        let known = &case.order;
        if known.details.as_ref().is_some_and(|details| details.asked_at > asked_at) {
            return None;
        }
        let status = if goes_back(known.status, queried.status) { known.status } else { queried.status };
        let merged = Order {
            status,
            created: queried.created.or(known.created),
            paid_at: queried.paid_at.or(known.paid_at),
            ..queried
        };
        self.replace(merged, asked_at)
    }

    fn open_case(&mut self, order: Order) {
        let no = order.no;
        let mut case = Case::new(order);
        let record = |at: Option<Timestamp>, what| at.map(|at| Happening { at, what });
        case.story.extend(record(case.order.created, What::Created));
        case.story.extend(record(case.order.paid_at, What::PaidAt));
        if let Some((attempts, story)) = self.remembered.remove(&no) {
            case.attempts = attempts;
            case.story.extend(story);
            case.story.sort_by_key(|happening| happening.at);
        }
        self.cases.insert(no, Arc::new(case));
        self.changed.insert(no);
    }

    fn replace(&mut self, order: Order, asked_at: Timestamp) -> Option<Happening> {
        let no = order.no;
        let case = self.cases.get_mut(&no)?;
        if case.order.says_the_same(&order) {
            // Nothing that anybody could see has changed; only how fresh it is.
            if let (Some(new), false) = (&order.details, case.order == order) {
                let asked_at = new.asked_at;
                Arc::make_mut(case).order.details.as_mut()?.asked_at = asked_at;
                self.changed.insert(no);
            }
            return None;
        }
        let news = (case.order.status != order.status).then(|| Happening {
            at: asked_at,
            what: What::Seen {
                status: order.status,
                error: order.ticketing_error.as_ref().map(|error| error.code.clone()),
            },
        });
        let case = Arc::make_mut(case);
        case.order = order;
        case.story.extend(news.clone());
        self.changed.insert(no);
        news
    }

    /// The attempt `id` of `order`.
    pub fn attempt(&self, order: OrderNo, id: AttemptId) -> Option<&Attempt> {
        self.attempts(order).iter().find(|attempt| attempt.id == id)
    }

    /// The attempts of `order`, oldest first, seen or remembered.
    pub fn attempts(&self, order: OrderNo) -> &[Attempt] {
        match self.cases.get(&order) {
            Some(case) => &case.attempts,
            None => self.remembered.get(&order).map(|(attempts, _)| attempts.as_slice()).unwrap_or_default(),
        }
    }

    /// An attempt as it now stands: a new one, or one that moved on.
    pub fn put_attempt(&mut self, attempt: Attempt) {
        let order = attempt.order;
        let Some(case) = self.cases.get_mut(&order).map(Arc::make_mut) else {
            let (attempts, _) = self.remembered.entry(order).or_default();
            attempts.retain(|known| known.id != attempt.id);
            attempts.push(attempt);
            return;
        };
        let known = case.attempts.iter().position(|known| known.id == attempt.id);
        let number = known.unwrap_or(case.attempts.len()) + 1;
        let is_news = known.is_none_or(|at| case.attempts[at].state != attempt.state);
        if is_news {
            let what = What::Attempt { number, state: attempt.state.clone() };
            case.story.push(Happening { at: attempt.changed_at, what });
        }
        match known {
            Some(at) => case.attempts[at] = attempt,
            None => case.attempts.push(attempt),
        }
        self.changed.insert(order);
    }

    /// Attempts of `order` that its last query moved on, with the state that each left.
    pub fn judge(&self, order: OrderNo, asked_at: Timestamp, now: Timestamp) -> Vec<(Attempt, State)> {
        let Some(case) = self.cases.get(&order) else { return Vec::new() };
        let judge = |attempt: &Attempt| {
            let mut next = attempt.clone();
            if let Some(state) = attempt.after_query(&case.order, asked_at) {
                next.state = state;
                next.changed_at = now;
            }
            let said_unpaid = case.order.status == OrderStatus::Unpaid
                && attempt.state.is_open()
                && attempt.sent_at.is_some_and(|sent| sent <= asked_at);
            next.unpaid_answers += u32::from(said_unpaid);
            (next != *attempt).then_some((next, attempt.state.clone()))
        };
        case.attempts.iter().filter_map(judge).collect()
    }

    /// The cases that changed since the last call.
    pub fn take_changed(&mut self) -> Vec<Arc<Case>> {
        let changed = std::mem::take(&mut self.changed);
        changed.iter().filter_map(|order| self.cases.get(order).map(Arc::clone)).collect()
    }
}

/// True when a status would undo one that the vendor has already given: its list may lag behind its query, and a
/// ticket does not vanish. Only cancellation follows everything.
fn goes_back(known: OrderStatus, seen: OrderStatus) -> bool {
    matches!(
        (known, seen),
        (OrderStatus::Ticketing, OrderStatus::Unpaid)
            | (OrderStatus::Ticketed, OrderStatus::Unpaid | OrderStatus::Ticketing)
            | (OrderStatus::Cancelled, OrderStatus::Unpaid | OrderStatus::Ticketing | OrderStatus::Ticketed)
    )
}
