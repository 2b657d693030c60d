//! What is believed about orders: observations go in, and what they changed comes out.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;

use super::lineages::Lineages;
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
    /// What the journal remembers of orders that have not been seen since the start.
    remembered: HashMap<OrderNo, Vec<Happening>>,
    refusals: Arc<Refusals>,
    refusals_changed: bool,
    /// The last notices of each order, so that one told twice is known again.
    told: HashMap<OrderNo, Vec<Notice>>,
    /// Orders of which nothing is known but what was told of them, the last one told of at the end.
    strangers: VecDeque<OrderNo>,
}

/// So many notices of an order are remembered to tell repeats by.
const NOTICES_KNOWN: usize = 16;

/// So many strangers are remembered. Anybody may name orders, and the journal keeps what is told for years.
const STRANGERS: usize = 256;

impl Book {
    /// Takes in what the journal says. Entries of an order that has a case are believed of it at once.
    pub fn remember(&mut self, entry: Entry) {
        let Entry { at, order, fact, .. } = entry;
        match (fact, order) {
            (Fact::Attempt(attempt), _) => self.put_attempt(*attempt),
            (Fact::Regeneration(regeneration), _) => self.put_regeneration(*regeneration),
            (Fact::Seen { status, error }, Some(order)) => {
                self.tell(order, Happening { at, what: What::Seen { status, error } });
            }
            (Fact::Told(notice), Some(order)) => {
                self.hear_notice(order, &notice, at);
            }
            (Fact::Action(action), Some(order)) => self.note_action(order, at, action),
            (Fact::Seen { .. } | Fact::Told(_) | Fact::Action(_), None) | (Fact::Paused(..), _) => {}
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
    /// differs is kept as a difference until a query answers it. Returns a status that was news.
    pub fn see_listed(&mut self, listed: Order, asked: Moment, asked_at: Timestamp) -> Option<Happening> {
        let no = listed.no;
        let Some(case) = self.cases.get_mut(&no) else {
            self.open_case(listed, Duration::ZERO);
            return None;
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
            return self.replace(merged, read_up, asked_at);
        }
        let listed_as = Some(listed.status).filter(|status| *status != case.order.status);
        if case.listed_as != listed_as {
            Arc::make_mut(case).listed_as = listed_as;
            self.changed.insert(no);
        }
        None
    }

    /// What a query said of an order. Returns a status that was news.
    pub fn see_queried(&mut self, queried: Order, asked: Moment, asked_at: Timestamp) -> Option<Happening> {
        let no = queried.no;
        if let Some(parent) = queried.details.as_ref().and_then(|details| details.original)
            && self.lineages.link(no, parent)
        {
            self.share_lineage(no);
        }
        let Some(case) = self.cases.get_mut(&no) else {
            self.open_case(queried, asked.up);
            return None;
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
        self.replace(merged, asked.up, asked_at)
    }

    fn open_case(&mut self, order: Order, read_up: Duration) {
        let no = order.no;
        let mut case = Case { read_up, lineage: self.lineages.of(no), ..Case::new(order) };
        let record = |at: Option<Timestamp>, what| at.map(|at| Happening { at, what });
        case.story.extend(record(case.order.created, What::Created));
        case.story.extend(record(case.order.paid_at, What::PaidAt));
        if let Some(story) = self.remembered.remove(&no) {
            case.story.extend(story);
            case.story.sort_by_key(|happening| happening.at);
        }
        self.cases.insert(no, Arc::new(case));
        self.changed.insert(no);
    }

    fn replace(&mut self, order: Order, read_up: Duration, asked_at: Timestamp) -> Option<Happening> {
        let no = order.no;
        let case = self.cases.get_mut(&no)?;
        if case.order.says_the_same(&order) {
            // Nothing that anybody could see has changed; only how fresh it is.
            if let (Some(new), false) = (&order.details, case.order == order) {
                let asked_at = new.asked_at;
                let case = Arc::make_mut(case);
                case.read_up = read_up;
                case.order.details.as_mut()?.asked_at = asked_at;
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
        case.read_up = read_up;
        case.story.extend(news.clone());
        self.changed.insert(no);
        news
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
        let (order, id, at, state) = (attempt.order, attempt.id, attempt.changed_at, attempt.state.clone());
        self.refusals_changed |= Arc::make_mut(&mut self.refusals).note(&attempt);
        if self.lineages.put_attempt(attempt) {
            self.tell(order, Happening { at, what: What::Attempt { attempt: id, state } });
        }
        self.share_lineage(order);
    }

    /// A regeneration as it now stands.
    pub fn put_regeneration(&mut self, regeneration: Regeneration) {
        let (parent, changed_at, state) =
            (regeneration.parent, regeneration.changed_at, regeneration.state.clone());
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
        if !self.is_known(order) {
            self.remember_stranger(order);
        }
        true
    }

    /// True when anything is known of `order` but what the vendor told of it unasked.
    pub fn is_known(&self, order: OrderNo) -> bool {
        let says_more = |happening: &Happening| !matches!(happening.what, What::Told { .. });
        self.cases.contains_key(&order)
            || !self.lineages.of(order).attempts.is_empty()
            || self.remembered.get(&order).is_some_and(|story| story.iter().any(says_more))
    }

    /// Something was told of an order that nobody knows. Beyond so many, those are forgotten that were told of first.
    fn remember_stranger(&mut self, order: OrderNo) {
        self.strangers.retain(|known| *known != order);
        self.strangers.push_back(order);
        if self.strangers.len() > STRANGERS {
            let mut strangers = std::mem::take(&mut self.strangers);
            strangers.retain(|stranger| !self.is_known(*stranger));
            if strangers.len() > STRANGERS
                && let Some(oldest) = strangers.pop_front()
            {
                self.told.remove(&oldest);
                self.remembered.remove(&oldest);
            }
            self.strangers = strangers;
        }
    }

    /// Attempts of `order` that its last query moved on, with the state that each left.
    pub fn judge(&self, order: OrderNo, asked: Moment, now: Timestamp) -> Vec<(Attempt, State)> {
        let Some(case) = self.cases.get(&order) else { return Vec::new() };
        case.lineage.judge(&case.order, asked, now)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notice::Kind;

    fn no(n: usize) -> OrderNo {
        format!("TESTA20261103{n:09}").parse().unwrap()
    }

    /// The journal says that an order was named.
    fn told(n: usize) -> Entry {
        let notice = Notice {
            kind: Kind::Void,
            order: Some(no(n)),
            id: None,
            error: None,
            raw: format!("{{\"n\":{n}}}"),
        };
        Entry {
            seq: n as u64,
            at: Timestamp::UNIX_EPOCH,
            order: Some(no(n)),
            operator: "mei".into(),
            fact: Fact::Told(Box::new(notice)),
            is_ours: false,
        }
    }

    #[test]
    fn a_journal_full_of_strangers_is_not_remembered_without_end() {
        let mut book = Book::default();
        let note = Fact::Action(Action::Noted("ours".into()));
        book.remember(told(0));
        book.remember(Entry { fact: note, ..told(0) });
        for n in 1..5_000 {
            book.remember(told(n));
        }
        assert!(book.told.len() <= STRANGERS + 1 && book.remembered.len() <= STRANGERS + 1);
        assert!(book.strangers.len() <= STRANGERS);
        assert_eq!(book.remembered[&no(0)].len(), 2, "of an order that somebody worked on all is kept");
        assert!(book.remembered.contains_key(&no(4_999)), "the last ones are");
    }
}
