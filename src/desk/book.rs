//! What is believed about orders: observations go in, and what they changed comes out.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;

use super::{lineages::Lineages, recorded::Recorded};
use crate::{
    domain::{
        attempt::{Attempt, AttemptId, State},
        case::Case,
        lineage::Lineage,
        moment::Moment,
        notice::Notice,
        order::{Order, OrderNo, OrderStatus},
        refusals::Refusals,
        regeneration::Regeneration,
        seen::Seen,
        story::{Action, Happening, What},
    },
    journal::{Entry, Fact},
};

/// The cases of the desk.
#[derive(Debug, Default)]
pub struct Book {
    cases: HashMap<OrderNo, Arc<Case>>,
    changed: BTreeSet<OrderNo>,
    lineages: Lineages,
    /// What the journal holds of each order as it was seen. Remembered, not believed: see [`Book::remembered`].
    recorded: Recorded,
    /// What the journal remembers of orders that have not been seen since the start.
    remembered: HashMap<OrderNo, Vec<Happening>>,
    refusals: Arc<Refusals>,
    refusals_changed: bool,
    /// The last notices of each order, so that one told twice is known again.
    told: HashMap<OrderNo, Vec<Notice>>,
}

/// So many notices of an order are remembered to tell repeats by.
const NOTICES_KNOWN: usize = 16;

impl Book {
    /// Takes in what the journal says. Entries of an order that has a case are believed of it at once.
    pub fn remember(&mut self, entry: Entry) {
        let Entry { at, order, fact, .. } = entry;
        match (fact, order) {
            (Fact::Attempt(attempt), _) => self.put_attempt(*attempt),
            (Fact::Regeneration(regeneration), _) => self.put_regeneration(*regeneration),
            (Fact::Seen(seen), Some(order)) => {
                if let Some(original) = seen.terms().and_then(|terms| terms.original) {
                    self.link(order, original);
                }
                if let Some(what) = self.recorded.read(order, *seen) {
                    self.tell(order, Happening { at, what });
                }
            }
            (Fact::Told(notice), Some(order)) => {
                self.hear_notice(order, &notice, at);
            }
            (Fact::Action(action), Some(order)) => self.note_action(order, at, action),
            (Fact::Seen(_) | Fact::Told(_) | Fact::Action(_), None) | (Fact::Paused(..), _) => {}
        }
    }

    /// Orders of which something is still open: they are asked for although no list has shown them yet.
    pub fn unfinished(&self) -> Vec<OrderNo> {
        let mut orders = Vec::new();
        for lineage in self.lineages.all() {
            let open = lineage.attempts.iter().filter(|attempt| attempt.state.is_open());
            orders.extend(open.map(|attempt| attempt.order));
            let remaking = lineage.regenerations.iter().filter(|remade| remade.state.is_open());
            orders.extend(remaking.map(|remade| remade.parent));
            // The newest of a lineage that was worked on is where its work goes on.
            if !lineage.links.is_empty() {
                orders.extend(lineage.orders().last());
            }
        }
        orders.sort_unstable();
        orders.dedup();
        orders
    }

    /// Regenerations that are not known to have made an order or none.
    pub fn remaking(&self) -> Vec<Regeneration> {
        let all = self.lineages.all().flat_map(|lineage| &lineage.regenerations);
        all.filter(|regeneration| regeneration.state.is_open()).cloned().collect()
    }

    /// The case of `order`.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.cases.get(&order)
    }

    /// The lineage of `order`.
    pub fn lineage(&self, order: OrderNo) -> Arc<Lineage> {
        self.lineages.of(order)
    }

    /// What a list said of an order to a request sent at `asked`. Of an order whose details are known it is a hint: what
    /// differs is kept as a difference until a query answers it. Returns what is to be recorded.
    pub fn see_listed(&mut self, listed: Order, asked: Moment, asked_at: Timestamp) -> Option<Seen> {
        let no = listed.no;
        let Some(case) = self.cases.get_mut(&no) else {
            self.open_case(listed, Duration::ZERO);
            return self.record(no, asked_at);
        };
        if case.read_up > asked.up {
            return None; // an answer that was on its way when a newer one came
        }
        if case.order.details.is_none() {
            let known = &case.order;
            let merged = Order {
                airline_pnrs: if listed.airline_pnrs.is_empty() {
                    known.airline_pnrs.clone()
                } else {
                    listed.airline_pnrs
                },
                ticketing_error: listed.ticketing_error.or_else(|| known.ticketing_error.clone()),
                ..listed
            };
            let read_up = case.read_up;
            self.replace(merged, read_up);
            return self.record(no, asked_at);
        }
        let listed_as = Some(listed.status).filter(|status| *status != case.order.status);
        if case.listed_as != listed_as {
            Arc::make_mut(case).listed_as = listed_as;
            self.changed.insert(no);
        }
        None
    }

    /// What a query said of an order. Returns what is to be recorded.
    pub fn see_queried(&mut self, queried: Order, asked: Moment, asked_at: Timestamp) -> Option<Seen> {
        let no = queried.no;
        if let Some(parent) = queried.details.as_ref().and_then(|details| details.original) {
            self.link(no, parent);
        }
        let Some(case) = self.cases.get_mut(&no) else {
            self.open_case(queried, asked.up);
            return self.record(no, asked_at);
        };
        if case.read_up > asked.up {
            return None;
        }
        // Not every answer repeats what the list knew, but none leaves a list's payment on an unpaid order.
        let is_paid = matches!(queried.status, OrderStatus::Ticketing | OrderStatus::Ticketed);
        let merged = Order {
            created: queried.created.or(case.order.created),
            paid_at: queried.paid_at.or(case.order.paid_at.filter(|_| is_paid)),
            ..queried
        };
        if case.listed_as.is_some() {
            Arc::make_mut(case).listed_as = None;
            self.changed.insert(no);
        }
        self.replace(merged, asked.up);
        self.record(no, asked_at)
    }

    /// What the journal remembers of an order that no answer has shown since the start, as a list would have shown it: it
    /// has no details, so nothing can be paid or judged on it. None without a record that holds enough.
    pub fn remembered(&self, order: OrderNo) -> Option<Case> {
        let is_seen = self.cases.contains_key(&order);
        let seen = self.recorded.get(order).filter(|_| !is_seen)?;
        let story = self.remembered.get(&order).cloned().unwrap_or_default();
        Some(self.new_case(seen.order(order)?, Duration::ZERO, story))
    }

    /// All of those.
    pub fn all_remembered(&self) -> impl Iterator<Item = Case> {
        self.recorded.orders().filter_map(|order| self.remembered(order))
    }

    /// The newest record of an order.
    pub fn recorded(&self, order: OrderNo) -> Option<&Seen> {
        self.recorded.get(order)
    }

    /// What is to be recorded of an order that was just seen; a new status enters its story.
    fn record(&mut self, order: OrderNo, at: Timestamp) -> Option<Seen> {
        let (seen, news) = self.recorded.see(&self.cases.get(&order)?.order)?;
        if let Some(what) = news {
            self.tell(order, Happening { at, what });
        }
        Some(seen)
    }

    fn new_case(&self, order: Order, read_up: Duration, story: Vec<Happening>) -> Case {
        let mut case = Case { read_up, lineage: self.lineages.of(order.no), ..Case::new(order) };
        let happened = |at: Option<Timestamp>, what| at.map(|at| Happening { at, what });
        case.story.extend(happened(case.order.created, What::Created));
        case.story.extend(happened(case.order.paid_at, What::PaidAt));
        if !story.is_empty() {
            case.story.extend(story);
            case.story.sort_by_key(|happening| happening.at);
        }
        case
    }

    fn open_case(&mut self, order: Order, read_up: Duration) {
        let no = order.no;
        let story = self.remembered.remove(&no).unwrap_or_default();
        let case = self.new_case(order, read_up, story);
        self.cases.insert(no, Arc::new(case));
        self.changed.insert(no);
    }

    fn replace(&mut self, order: Order, read_up: Duration) {
        let no = order.no;
        let Some(case) = self.cases.get_mut(&no) else { return };
        if case.order.says_the_same(&order) {
            // Nothing that anybody could see has changed; only how fresh it is.
            if let (Some(new), false) = (&order.details, case.order == order) {
                let asked_at = new.asked_at;
                let case = Arc::make_mut(case);
                case.read_up = read_up;
                if let Some(details) = &mut case.order.details {
                    details.asked_at = asked_at;
                }
                self.changed.insert(no);
            }
            return;
        }
        let case = Arc::make_mut(case);
        case.order = order;
        case.read_up = read_up;
        self.changed.insert(no);
    }

    /// Adds a line to an order's story.
    fn tell(&mut self, order: OrderNo, happening: Happening) {
        match self.cases.get_mut(&order) {
            Some(case) => {
                Arc::make_mut(case).story.push(happening);
                self.changed.insert(order);
            }
            None => self.remembered.entry(order).or_default().push(happening),
        }
    }

    /// `child` was made from `parent`.
    fn link(&mut self, child: OrderNo, parent: OrderNo) {
        if self.lineages.link(child, parent) {
            self.share_lineage(child);
        }
    }

    /// Gives every order of a lineage that has changed its new state.
    fn share_lineage(&mut self, order: OrderNo) {
        let lineage = self.lineages.of(order);
        for order in lineage.orders() {
            if let Some(case) = self.cases.get_mut(&order) {
                Arc::make_mut(case).lineage = Arc::clone(&lineage);
                self.changed.insert(order);
            }
        }
    }

    /// The attempt `id` of the lineage of `order`.
    pub fn attempt(&self, order: OrderNo, id: AttemptId) -> Option<Attempt> {
        self.lineages.of(order).attempt(id).cloned()
    }

    /// An attempt as it now stands: a new one, or one that moved on.
    pub fn put_attempt(&mut self, attempt: Attempt) {
        let (order, at, state) = (attempt.order, attempt.changed_at, attempt.state.clone());
        self.refusals_changed |= Arc::make_mut(&mut self.refusals).note(&attempt);
        let (number, is_news) = self.lineages.put_attempt(attempt);
        if is_news {
            self.tell(order, Happening { at, what: What::Attempt { number, state } });
        }
        self.share_lineage(order);
    }

    /// A regeneration as it now stands.
    pub fn put_regeneration(&mut self, regeneration: Regeneration) {
        let Regeneration { parent, changed_at, state, .. } = regeneration.clone();
        if self.lineages.put_regeneration(regeneration) {
            let happening = Happening { at: changed_at, what: What::Regeneration(state.clone()) };
            for order in [Some(parent), state.child()].into_iter().flatten() {
                self.tell(order, happening.clone());
            }
        }
        self.share_lineage(parent);
    }

    /// What an operator did to an order.
    pub fn note_action(&mut self, order: OrderNo, at: Timestamp, action: Action) {
        self.tell(order, Happening { at, what: What::Action(action) });
    }

    /// A notice about an order. False if the very same was told before: then only its count grows.
    pub fn hear_notice(&mut self, order: OrderNo, notice: &Notice, at: Timestamp) -> bool {
        let (kind, error) = (notice.kind.word().into(), notice.error.clone());
        let known = self.told.entry(order).or_default();
        if known.iter().any(|known| known.repeats(notice)) {
            let story = match self.cases.get_mut(&order) {
                Some(case) => &mut Arc::make_mut(case).story,
                None => self.remembered.entry(order).or_default(),
            };
            let same = |happening: &&mut Happening| matches!(&happening.what, What::Told { kind: k, .. } if *k == kind);
            if let Some(Happening { what: What::Told { times, .. }, .. }) = story.iter_mut().rev().find(same)
            {
                *times += 1;
                self.changed.insert(order);
            }
            return false;
        }
        if known.len() == NOTICES_KNOWN {
            known.remove(0);
        }
        known.push(notice.clone());
        self.tell(order, Happening { at, what: What::Told { kind, error, times: 1 } });
        true
    }

    /// Forgets what was told of an order that turned out to be none of ours.
    pub fn forget(&mut self, order: OrderNo) {
        self.told.remove(&order);
        self.remembered.remove(&order);
    }

    /// Attempts of `order` that its last query moved on, with the state that each left.
    pub fn judge(&self, order: OrderNo, asked: Moment, now: Timestamp) -> Vec<(Attempt, State)> {
        let Some(case) = self.cases.get(&order) else { return Vec::new() };
        // One that was taken for "did not happen" may be the one that paid after all.
        let denied = || case.lineage.attempts_on(order).any(|attempt| attempt.state == State::NotApplied);
        let is_held = |attempt: &Attempt| {
            case.lineage.attempts.iter().any(|other| other.id != attempt.id && other.state.blocks())
        };
        let judge = |attempt: &Attempt| {
            let mut next = attempt.after_query(&case.order, asked)?;
            // Beside another attempt of the lineage no answer ends a contradiction: a person does.
            if attempt.state == State::Conflict && next.state.blocks() && is_held(attempt) {
                next.state = State::Conflict;
            }
            if next.state == State::PaidElsewhere && denied() {
                next.state = State::Conflict;
            }
            if next.state != attempt.state {
                next.changed_at = now;
            }
            Some((next, attempt.state.clone()))
        };
        let mut moved: Vec<_> = case.lineage.attempts_on(order).filter_map(judge).collect();
        if let Some(denied) = case.lineage.contradicted(&case.order, asked) {
            let next = Attempt { state: State::Conflict, changed_at: now, ..denied.clone() };
            moved.push((next, denied.state.clone()));
        }
        moved
    }

    /// Which cards were refused lately.
    pub fn refusals(&self) -> &Arc<Refusals> {
        &self.refusals
    }

    /// The same, if that changed since the last call.
    pub fn take_refusals(&mut self) -> Option<Arc<Refusals>> {
        std::mem::take(&mut self.refusals_changed).then(|| Arc::clone(&self.refusals))
    }

    /// The cases that changed since the last call.
    pub fn take_changed(&mut self) -> Vec<Arc<Case>> {
        let changed = std::mem::take(&mut self.changed);
        changed.iter().filter_map(|order| self.cases.get(order).map(Arc::clone)).collect()
    }
}
