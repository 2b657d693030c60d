//! What is believed about orders: observations go in, and what they changed comes out. Pure; the time is in the observation.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    lineages::Lineages,
    notified::Notified,
    observation::{Deltas, Observation, Observed},
    recorded::Recorded,
};
use crate::{
    domain::{
        attempt::{Attempt, AttemptId},
        case::Case,
        freshness::Freshness,
        lineage::Lineage,
        moment::{Moment, Now},
        money::{Currency, Money},
        notification::Notification,
        order::{Order, OrderNo, OrderStatus},
        refusals::Refusals,
        regeneration::{self, Regeneration},
        seen::Seen,
        story::{Happening, What},
    },
    journal::Fact,
};

/// The cases of the desk, the lineages that they belong to, and what concerns all of them.
#[derive(Debug, Default)]
pub struct Book {
    cases: HashMap<OrderNo, Arc<Case>>,
    /// How fresh each case is that was asked for.
    fresh: HashMap<OrderNo, Freshness>,
    lineages: Lineages,
    /// What the journal holds of each order as it was seen. Remembered, not believed: see [`Book::remembered`].
    recorded: Recorded,
    /// What is known of orders that have not been seen since the start.
    remembered: HashMap<OrderNo, Vec<Arc<Happening>>>,
    notified: Notified,
    refusals: Arc<Refusals>,
    balances: Arc<BTreeMap<Currency, Money>>,
    /// The cases that the observation in hand has changed.
    changed: BTreeSet<OrderNo>,
}

impl Book {
    /// Takes in what was learnt. Whoever asks for it records what is to be recorded, and puts in what comes of that.
    pub fn fold(&mut self, observation: Observation) -> Deltas {
        let Observation { at, what } = observation;
        let mut deltas = Deltas::default();
        match what {
            Observed::Listed { order, asked } => {
                let no = order.no;
                let is_taken_in = self.see_listed(*order, asked);
                deltas.record = if is_taken_in { self.record(no, at) } else { None };
            }
            Observed::Queried { order, asked, shown } => {
                let no = order.no;
                let is_taken_in = self.see_queried(*order, Freshness { asked_at: shown, up: asked.up });
                deltas.fresh = is_taken_in.then_some(no);
                deltas.record = if is_taken_in { self.record(no, at) } else { None };
                if let Some(case) = self.cases.get(&no) {
                    deltas.attempts = case.lineage.judge(&case.order, asked, at);
                    deltas.regeneration = named(case, at);
                }
            }
            Observed::Recorded { order, seen } => {
                if let Some(original) = seen.terms().and_then(|terms| terms.original) {
                    self.link(order, original);
                }
                if let Some(what) = self.recorded.read(order, seen) {
                    self.happen(order, Happening { at, what });
                }
            }
            Observed::Notified { order, notification } => {
                deltas.record =
                    self.see_notification(order, &notification, at).then_some(Fact::Notified(notification));
            }
            Observed::Attempt(attempt) => {
                deltas.refusals = Arc::make_mut(&mut self.refusals).note(&attempt);
                self.put_attempt(*attempt);
            }
            Observed::Regeneration(regeneration) => self.put_regeneration(*regeneration),
            Observed::OperatorAction { order, action } => {
                self.happen(order, Happening { at, what: What::OperatorAction(action) });
            }
            Observed::Balance(balance) => {
                let known = self.balances.get(&balance.currency) == Some(&balance);
                if !known {
                    Arc::make_mut(&mut self.balances).insert(balance.currency, balance);
                    deltas.balances = true;
                }
            }
        }
        deltas.changed = std::mem::take(&mut self.changed).into_iter().collect();
        deltas
    }

    /// Orders of which something is still open: they are asked for although no list has shown them yet.
    pub fn unfinished(&self) -> Vec<OrderNo> {
        let mut orders = Vec::new();
        for lineage in self.lineages.all() {
            let open = lineage.attempts.iter().filter(|attempt| attempt.state.is_open());
            orders.extend(open.map(|attempt| attempt.order));
            let regenerating = lineage.regenerations.iter().filter(|known| known.state.is_open());
            orders.extend(regenerating.map(|regeneration| regeneration.parent));
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
    pub fn regenerating(&self) -> Vec<Regeneration> {
        let all = self.lineages.all().flat_map(|lineage| &lineage.regenerations);
        all.filter(|regeneration| regeneration.state.is_open()).cloned().collect()
    }

    /// The regeneration that may have made `order`, while it is not known what it has made: until then the order belongs
    /// to no lineage, and nobody would ask whether the old one is dead.
    pub fn may_be_new(&self, order: OrderNo) -> Option<Regeneration> {
        let order = &self.case(order)?.order;
        self.regenerating().into_iter().find(|regeneration| {
            let parent = self.case(regeneration.parent);
            parent.is_some_and(|parent| regeneration.may_have_made(order, &parent.order))
        })
    }

    /// The case of `order`.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.cases.get(&order)
    }

    /// How fresh what is believed of `order` is; none until a query of it was answered.
    pub fn freshness(&self, order: OrderNo) -> Option<Freshness> {
        self.fresh.get(&order).copied()
    }

    /// The lineage of `order`.
    pub fn lineage(&self, order: OrderNo) -> Arc<Lineage> {
        self.lineages.of(order)
    }

    /// The attempt `id` of the lineage of `order`.
    pub fn attempt(&self, order: OrderNo, id: AttemptId) -> Option<Attempt> {
        self.lineages.of(order).attempt(id).cloned()
    }

    /// True when what was believed of `order` before says that it is dead: no answer alone is relied on.
    pub fn is_dead(&self, order: OrderNo, now: Now) -> bool {
        let asked = self.case(order).filter(|case| case.order.details.is_some());
        asked.is_some_and(|case| regeneration::is_dead(&case.order, now))
    }

    /// Which cards were refused lately.
    pub fn refusals(&self) -> &Arc<Refusals> {
        &self.refusals
    }

    /// The balances that were asked for.
    pub fn balances(&self) -> &Arc<BTreeMap<Currency, Money>> {
        &self.balances
    }

    /// The currency that `order` is settled in, once its details are known.
    pub fn settlement_currency(&self, order: OrderNo) -> Option<Currency> {
        let details = self.case(order)?.order.details.as_ref()?;
        Some(details.total?.currency)
    }

    /// True when anything is known of `order` but notifications.
    pub fn is_known(&self, order: OrderNo) -> bool {
        let says_more = |happening: &Arc<Happening>| !matches!(happening.what, What::Notified { .. });
        self.cases.contains_key(&order)
            || !self.lineages.of(order).attempts.is_empty()
            || self.recorded.get(order).is_some()
            || self.remembered.get(&order).is_some_and(|story| story.iter().any(says_more))
    }

    /// A row of a list is a hint where the details are known: what differs is kept as a difference until a query answers
    /// it. False if nothing of it is believed.
    fn see_listed(&mut self, listed: Order, asked: Moment) -> bool {
        let no = listed.no;
        let Some(case) = self.cases.get_mut(&no) else {
            self.open_case(listed);
            return true;
        };
        if self.fresh.get(&no).is_some_and(|fresh| fresh.up > asked.up) {
            return false; // an answer that was on its way when a newer one came
        }
        if case.order.details.is_none() {
            let known = &case.order;
            let airline_pnrs =
                if listed.airline_pnrs.is_empty() { known.airline_pnrs.clone() } else { listed.airline_pnrs };
            let ticketing_error = listed.ticketing_error.or_else(|| known.ticketing_error.clone());
            self.replace(Order { airline_pnrs, ticketing_error, ..listed });
            return true;
        }
        let listed_as = Some(listed.status).filter(|status| *status != case.order.status);
        if case.listed_as != listed_as {
            Arc::make_mut(case).listed_as = listed_as;
            self.changed.insert(no);
        }
        false
    }

    /// False if nothing of the answer is believed.
    fn see_queried(&mut self, queried: Order, fresh: Freshness) -> bool {
        let no = queried.no;
        if let Some(parent) = queried.details.as_ref().and_then(|details| details.original) {
            self.link(no, parent);
        }
        if self.fresh.get(&no).is_some_and(|known| known.up > fresh.up) {
            return false;
        }
        self.fresh.insert(no, fresh);
        let Some(case) = self.cases.get_mut(&no) else {
            self.open_case(queried);
            return true;
        };
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
        self.replace(merged);
        true
    }

    /// What the journal remembers of an order that no answer has shown since the start, as a list would have shown it: it
    /// has no details, so nothing can be paid or judged on it. None without a record that holds enough.
    pub fn remembered(&self, order: OrderNo) -> Option<Case> {
        let is_seen = self.cases.contains_key(&order);
        let seen = self.recorded.get(order).filter(|_| !is_seen)?;
        let story = self.remembered.get(&order).cloned().unwrap_or_default();
        Some(self.new_case(seen.order(order)?, story))
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
    fn record(&mut self, order: OrderNo, at: Timestamp) -> Option<Fact> {
        let (seen, news) = self.recorded.see(&self.cases.get(&order)?.order)?;
        if let Some(what) = news {
            self.happen(order, Happening { at, what });
        }
        Some(Fact::Seen(seen))
    }

    fn new_case(&self, order: Order, story: Vec<Arc<Happening>>) -> Case {
        let mut case = Case { lineage: self.lineages.of(order.no), ..Case::new(order) };
        let happened = |at: Option<Timestamp>, what| at.map(|at| Arc::new(Happening { at, what }));
        case.story.extend(happened(case.order.created, What::Created));
        case.story.extend(happened(case.order.paid_at, What::PaidAt));
        if !story.is_empty() {
            case.story.extend(story);
            case.story.sort_by_key(|happening| happening.at);
        }
        case
    }

    fn open_case(&mut self, order: Order) {
        let no = order.no;
        let story = self.remembered.remove(&no).unwrap_or_default();
        let case = self.new_case(order, story);
        self.cases.insert(no, Arc::new(case));
        self.changed.insert(no);
    }

    /// An order is as it was seen now. One that says the same again is not copied.
    fn replace(&mut self, order: Order) {
        let no = order.no;
        if let Some(case) = self.cases.get_mut(&no).filter(|case| case.order != order) {
            Arc::make_mut(case).order = order;
            self.changed.insert(no);
        }
    }

    /// `child` was made from `parent`.
    fn link(&mut self, child: OrderNo, parent: OrderNo) {
        if self.lineages.link(child, parent) {
            self.hand_out_lineage(child);
        }
    }

    /// Adds a line to an order's story.
    fn happen(&mut self, order: OrderNo, happening: Happening) {
        let happening = Arc::new(happening);
        match self.cases.get_mut(&order) {
            Some(case) => {
                Arc::make_mut(case).story.push(happening);
                self.changed.insert(order);
            }
            None => self.remembered.entry(order).or_default().push(happening),
        }
    }

    /// Gives every order of a lineage that has changed its new state.
    fn hand_out_lineage(&mut self, order: OrderNo) {
        let lineage = self.lineages.of(order);
        for order in lineage.orders() {
            if let Some(case) = self.cases.get_mut(&order) {
                Arc::make_mut(case).lineage = Arc::clone(&lineage);
                self.changed.insert(order);
            }
        }
    }

    fn put_attempt(&mut self, attempt: Attempt) {
        let (order, id, at, state) = (attempt.order, attempt.id, attempt.changed_at, attempt.state.clone());
        if self.lineages.put_attempt(attempt) {
            self.happen(order, Happening { at, what: What::Attempt { attempt: id, state } });
        }
        self.hand_out_lineage(order);
    }

    fn put_regeneration(&mut self, regeneration: Regeneration) {
        let (parent, at, state) = (regeneration.parent, regeneration.changed_at, regeneration.state.clone());
        if self.lineages.put_regeneration(regeneration) {
            let happening = Happening { at, what: What::Regeneration(state.clone()) };
            for order in [Some(parent), state.child()].into_iter().flatten() {
                self.happen(order, happening.clone());
            }
        }
        self.hand_out_lineage(parent);
    }

    /// False if the very same came before: then only its count grows.
    fn see_notification(&mut self, order: OrderNo, notification: &Notification, at: Timestamp) -> bool {
        let (kind, error) = (notification.kind.word().into(), notification.error.clone());
        if self.notified.repeats(order, notification) {
            let story = match self.cases.get_mut(&order) {
                Some(case) => &mut Arc::make_mut(case).story,
                None => self.remembered.entry(order).or_default(),
            };
            let same = |happening: &&mut Arc<Happening>| matches!(&happening.what, What::Notified { kind: k, .. } if *k == kind);
            if let Some(line) = story.iter_mut().rev().find(same)
                && let What::Notified { times, .. } = &mut Arc::make_mut(line).what
            {
                *times += 1;
                self.changed.insert(order);
            }
            return false;
        }
        self.happen(order, Happening { at, what: What::Notified { kind, error, times: 1 } });
        if !self.is_known(order) {
            let mut notified = std::mem::take(&mut self.notified);
            if let Some(oldest) = notified.stranger(order, |stranger| self.is_known(stranger)) {
                self.remembered.remove(&oldest);
            }
            self.notified = notified;
        }
        true
    }
}

/// An order says that it was made from another one: if that one's regeneration was in doubt, it no longer is.
fn named(case: &Case, at: Timestamp) -> Option<(Regeneration, regeneration::State)> {
    let child = case.order.no;
    let known = case.lineage.regeneration_of(case.lineage.parent_of(child)?)?;
    if !matches!(known.state, regeneration::State::InDoubt(_)) {
        return None;
    }
    let next = known.apply(&regeneration::Event::Named(child), at).ok()?;
    Some((next, known.state.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desk::notified::STRANGERS,
        domain::{notification::Kind, story::OperatorAction},
        journal::Entry,
    };

    fn no(n: usize) -> OrderNo {
        format!("TESTA20261103{n:09}").parse().unwrap()
    }

    fn remember(book: &mut Book, entry: Entry) {
        book.fold(Observation::of_entry(entry).unwrap());
    }

    /// The journal says that an order was named.
    fn notified(n: usize) -> Entry {
        let notification = Notification {
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
            fact: Fact::Notified(Box::new(notification)),
            is_ours: false,
        }
    }

    #[test]
    fn a_journal_full_of_strangers_is_not_remembered_without_end() {
        let mut book = Book::default();
        let note = Fact::OperatorAction(OperatorAction::Noted("ours".into()));
        remember(&mut book, notified(0));
        remember(&mut book, Entry { fact: note, ..notified(0) });
        for n in 1..5_000 {
            remember(&mut book, notified(n));
        }
        assert!(book.notified.len() <= STRANGERS + 1 && book.remembered.len() <= STRANGERS + 1);
        assert_eq!(book.remembered[&no(0)].len(), 2, "of an order that somebody worked on all is kept");
        assert!(book.remembered.contains_key(&no(4_999)), "the last ones are");
    }
}
