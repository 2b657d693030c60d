//! What is believed about orders: observations go in, and what they changed comes out. Pure; the time is in the
//! observation. The bookkeeper beside it keeps it in step with the journal.

mod alerts;
mod bookkeeper;
mod cases;
mod clocks;
mod lineages;
mod notified;
mod observation;
mod recorded;
mod records;
mod wish;
mod works;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;

pub use self::observation::{Deltas, Observation, Observed};
use self::{
    alerts::Alerts,
    cases::Cases,
    lineages::Lineages,
    notified::Notified,
    recorded::{News, Recorded},
    works::Works,
};
pub(in crate::desk) use self::{bookkeeper::Bookkeeper, wish::Wish};
use crate::{
    domain::{
        airline_trouble::AirlineTroubles,
        alert::{self, Alert},
        attempt::{self, Attempt, AttemptId},
        author::Author,
        case::Case,
        deadline::is_moving,
        freshness::Freshness,
        lineage::Lineage,
        missing::Missing,
        moment::{Moment, Now},
        money::{Currency, Money},
        notification::Notification,
        order::{Order, OrderNo, OrderStatus},
        refusals::Refusals,
        regeneration::{self, Regeneration},
        seen::Seen,
        stop::Stop,
        story::{Happening, OperatorAction, What},
        text::Text,
        work::Work,
    },
    journal::Fact,
};

/// The cases of the desk, the lineages that they belong to, and what concerns all of them.
#[derive(Debug, Default)]
pub struct Book {
    cases: Cases,
    lineages: Lineages,
    /// What the journal holds of each order as it was seen.
    recorded: Recorded,
    /// What happened to orders of which there is no case, since nothing says how they look.
    unseen: HashMap<OrderNo, Vec<Arc<Happening>>>,
    alerts: Alerts,
    /// What people left on orders, for each other.
    works: Works,
    notified: Notified,
    refusals: Arc<Refusals>,
    troubles: Arc<AirlineTroubles>,
    balances: Arc<BTreeMap<Currency, Money>>,
}

impl Book {
    /// Takes in what was learnt. Whoever asks for it records what is to be recorded, and puts in what comes of that.
    pub fn fold(&mut self, observation: Observation) -> Deltas {
        let Observation { at, by, what } = observation;
        let mut deltas = Deltas::default();
        match what {
            Observed::Listed { order, asked } => {
                let no = order.no;
                self.reappear(no, asked);
                let before = self.cases.shown(no).cloned();
                let is_believed = if self.cases.holds(no) {
                    self.cases.see_listed(*order, asked)
                } else {
                    self.open_case(*order);
                    true
                };
                if is_believed {
                    deltas.record = self.record(no, before.as_deref(), at, &mut deltas.troubles);
                }
            }
            Observed::Queried { order, asked, shown } => {
                self.see_answer(*order, asked, shown, at, &mut deltas);
            }
            Observed::Unlisted { order, asked } => {
                // What was asked for since the sweep began is newer than that.
                let is_older = |fresh: Freshness| fresh.up <= asked.up;
                if self.freshness(order).is_none_or(is_older) && self.lineages.missing(order).is_none() {
                    deltas.missing = self.miss(order, Some(Missing::unlisted(asked))).then_some(order);
                }
            }
            Observed::Denied { order, asked } => {
                if let Some(missing) = self.lineages.missing(order) {
                    let missing = missing.denied(asked);
                    deltas.missing = self.miss(order, Some(missing)).then_some(order);
                    if let Some(case) = self.cases.shown(order).filter(|case| case.is_gone()) {
                        let lost = self.recorded.lose(order, missing.since, Some(&case.order));
                        deltas.record = lost.map(Fact::Seen);
                    }
                }
            }
            Observed::Recorded { order, seen } => {
                if let Some(original) = seen.terms().and_then(|terms| terms.original) {
                    self.link(order, original);
                }
                deltas.troubles = self.read_record(order, seen, at);
            }
            Observed::Notified { order, notification } => {
                deltas.record =
                    self.see_notification(order, &notification, at).then_some(Fact::Notified(notification));
            }
            Observed::AirlineStatus(status) => {
                deltas.troubles = Arc::make_mut(&mut self.troubles).on_status(&status, at);
            }
            Observed::Attempt(attempt) => {
                deltas.troubles = self.see_refusal(&attempt);
                deltas.refusals = Arc::make_mut(&mut self.refusals).note(&attempt);
                self.put_attempt(*attempt, by);
            }
            Observed::Regeneration(regeneration) => self.put_regeneration(*regeneration, by),
            Observed::Stop(stop) => self.put_stop(*stop, by),
            Observed::OperatorAction { order, action } => {
                self.put_action(order, action, by.unwrap_or_default(), at);
            }
            Observed::Alert { key, did } => {
                let is_news = self.alerts.on_done(key, did, &by.unwrap_or_default(), at);
                deltas.alert = is_news.then_some(key);
            }
            Observed::Balance(balance) => deltas.balances = self.see_balance(balance),
        }
        deltas.changed = self.cases.take_changed();
        deltas
    }

    /// Takes in how an order was seen, by a record of the journal. It is shown so as long as no answer has shown it. True if it
    /// tells of the order's airline.
    fn read_record(&mut self, order: OrderNo, seen: Box<Seen>, at: Timestamp) -> bool {
        let (status, gone) = (seen.status, seen.gone);
        let known = self.recorded(order).map(Cow::into_owned);
        let is_trouble = Arc::make_mut(&mut self.troubles).on_seen(order, known.as_ref(), &seen, at);
        let news = if let Some(case) = self.cases.get(order) {
            self.recorded.read(seen, known, &case.order)
        } else {
            let (shown, news) = self.recorded.remember(order, seen, known);
            if let Some(shown) = shown {
                self.remember(shown);
            }
            news
        };
        if let Some(what) = news {
            self.happen(order, Happening::new(at, what));
        }
        if !self.cases.holds(order) {
            self.see_ticket(order, status);
            self.miss(order, gone.map(Missing::remembered));
        }
        is_trouble
    }

    /// True if a balance is not what it was.
    fn see_balance(&mut self, balance: Money) -> bool {
        let is_news = self.balances.get(&balance.currency) != Some(&balance);
        if is_news {
            Arc::make_mut(&mut self.balances).insert(balance.currency, balance);
        }
        is_news
    }

    /// Orders of which something is still open: they are asked for although no list has shown them yet.
    pub fn unfinished(&self) -> Vec<OrderNo> {
        let is_ticketing = |order: &OrderNo| self.last_status(*order) == Some(OrderStatus::Ticketing);
        let mut orders = self.lineages.unfinished();
        orders.extend(self.lineages.stopping().filter(is_ticketing));
        orders.sort_unstable();
        orders.dedup();
        orders
    }

    /// Regenerations that are not known to have made an order or none.
    pub fn regenerating(&self) -> Vec<Regeneration> {
        self.lineages.regenerating().cloned().collect()
    }

    /// The regeneration that may have made `order`, while it is not known what it has made: until then the order belongs
    /// to no lineage, and nobody would ask whether the old one is dead.
    pub fn may_be_new(&self, order: OrderNo) -> Option<Regeneration> {
        let order = &self.case(order)?.order;
        let may_have_made = |regeneration: &&Regeneration| {
            let parent = self.case(regeneration.parent);
            parent.is_some_and(|parent| regeneration.may_have_made(order, &parent.order))
        };
        self.lineages.regenerating().find(may_have_made).cloned()
    }

    /// An answer about an order, to a query that was sent at `asked`, which is `shown` by the vendor's clock.
    fn see_answer(
        &mut self,
        order: Order,
        asked: Moment,
        shown: Timestamp,
        at: Timestamp,
        deltas: &mut Deltas,
    ) {
        let no = order.no;
        self.reappear(no, asked);
        if let Some(original) = order.details.as_ref().and_then(|details| details.original) {
            self.link(no, original);
        }
        if self.cases.freshen(no, Freshness { asked_at: shown, up: asked.up }) {
            deltas.fresh = Some(no);
            let before = self.cases.shown(no).cloned();
            if self.cases.holds(no) {
                self.cases.see_queried(order);
            } else {
                self.open_case(order);
            }
            deltas.record = self.record(no, before.as_deref(), at, &mut deltas.troubles);
        }
        if self.works.on_answer(no, asked.now.wall) {
            self.hand_out_work(no);
        }
        if let Some(case) = self.cases.get(no) {
            deltas.attempts = case.lineage.judge(&case.order, asked, at);
            deltas.regeneration = named(case, at);
        }
    }

    /// The case of `order`.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.cases.get(order)
    }

    /// How fresh what is believed of `order` is; none until a query of it was answered.
    pub fn freshness(&self, order: OrderNo) -> Option<Freshness> {
        self.cases.freshness(order)
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

    /// What people left on an order.
    pub fn work(&self, order: OrderNo) -> Option<Arc<Work>> {
        self.works.of(order)
    }

    /// Which cards were refused lately.
    pub fn refusals(&self) -> &Arc<Refusals> {
        &self.refusals
    }

    /// Which airlines are in trouble.
    pub fn troubles(&self) -> &Arc<AirlineTroubles> {
        &self.troubles
    }

    /// An alert, if it was raised.
    pub fn alert(&self, key: alert::Key) -> Option<&Alert> {
        self.alerts.get(key)
    }

    /// The alerts that nobody has acknowledged, and of the others those that were raised since then.
    pub fn alerts_since(&self, since: Timestamp) -> impl Iterator<Item = &Alert> {
        self.alerts.open_or_since(since)
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
        self.cases.shown(order).is_some()
            || !self.lineages.of(order).attempts.is_empty()
            || self.recorded.whole(order).is_some()
            || self.unseen.get(&order).is_some_and(|story| story.iter().any(says_more))
    }

    /// What the journal remembers of an order that no answer has shown since the start, as a list would have shown it: it
    /// has no details, so nothing can be paid or judged on it. None without a record that holds enough.
    pub fn remembered(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.cases.remembered(order)
    }

    /// All of those.
    pub fn all_remembered(&self) -> impl Iterator<Item = &Arc<Case>> {
        self.cases.all_remembered()
    }

    /// Those of them that were made since then, or of which something is open.
    pub fn remembered_since(&self, since: Timestamp) -> impl Iterator<Item = &Arc<Case>> {
        let open: BTreeSet<OrderNo> = self.unfinished().into_iter().collect();
        let is_recent = move |order: &Order| {
            order.created.is_some_and(|created| created >= since) || open.contains(&order.no)
        };
        self.all_remembered().filter(move |case| is_recent(&case.order))
    }

    /// What speaks for it that the vendor has `order` no more.
    pub fn missing(&self, order: OrderNo) -> Option<Missing> {
        self.lineages.missing(order)
    }

    /// Orders that are shown, or remembered, and when each was made; without those that are ticketed, on which nothing hangs
    /// any more.
    pub fn not_ticketed(&self) -> impl Iterator<Item = (OrderNo, Timestamp)> {
        let shown = self.cases.all().chain(self.all_remembered()).map(|case| &case.order);
        let is_open = shown.filter(|order| order.status != OrderStatus::Ticketed);
        is_open.filter_map(|order| Some((order.no, order.created?)))
    }

    /// When each order was made that is shown, or remembered, and whether it can change by itself at `now`, by what an answer
    /// or the list says.
    pub fn made(&self, now: Timestamp) -> impl Iterator<Item = (Timestamp, bool)> {
        let seen = self.cases.all().filter_map(move |case| {
            let (created, deadline) = (case.order.created?, case.order.deadline());
            let mut said = case.listed_as.into_iter().chain([case.order.status]);
            Some((created, said.any(|status| is_moving(status, deadline, Some(created), now))))
        });
        let remembered = self.all_remembered().filter_map(move |case| {
            let (created, deadline) = (case.order.created?, self.recorded_deadline(case.order.no));
            Some((created, is_moving(case.order.status, deadline, Some(created), now)))
        });
        seen.chain(remembered)
    }

    /// The newest record of an order.
    pub fn recorded(&self, order: OrderNo) -> Option<Cow<'_, Seen>> {
        self.recorded.of(order, self.cases.shown(order).map(|case| &case.order))
    }

    /// The status that an order was last seen in.
    fn last_status(&self, order: OrderNo) -> Option<OrderStatus> {
        let shown = self.cases.shown(order).map(|case| case.order.status);
        shown.or_else(|| Some(self.recorded.whole(order)?.status))
    }

    /// The deadline that the journal holds of an order.
    pub fn recorded_deadline(&self, order: OrderNo) -> Option<Timestamp> {
        match self.recorded.terms(order) {
            Some(terms) => terms.deadline,
            None => self.case(order)?.order.details.as_ref()?.deadline,
        }
    }

    /// What is to be recorded of an order that was just seen; a new status enters its story, and may tell of its airline.
    fn record(
        &mut self,
        order: OrderNo,
        before: Option<&Case>,
        at: Timestamp,
        troubles: &mut bool,
    ) -> Option<Fact> {
        self.see_ticket(order, self.cases.get(order)?.order.status);
        let before = before.map(|case| &case.order);
        let News { known, seen, what } = self.recorded.see(&self.cases.get(order)?.order, before)?;
        *troubles = Arc::make_mut(&mut self.troubles).on_seen(order, known.as_ref(), &seen, at);
        if let Some(what) = what {
            self.happen(order, Happening::new(at, what));
        }
        Some(Fact::Seen(seen))
    }

    fn new_case(&mut self, order: Order) -> Arc<Case> {
        let (lineage, work) = (self.lineages.shown_with(order.no), self.works.of(order.no));
        let mut story = self.unseen.remove(&order.no).unwrap_or_default();
        story.sort_by_key(|happening| happening.at);
        Arc::new(Case { order, listed_as: None, lineage, story, is_dated: true, work })
    }

    fn open_case(&mut self, order: Order) {
        let case = match self.cases.remembered(order.no).cloned() {
            Some(case) if case.order == order => case,
            Some(case) => Arc::new(Case { order, ..Case::clone(&case) }),
            None => self.new_case(order),
        };
        self.cases.open(case);
    }

    /// An order that was not seen yet is shown so.
    fn remember(&mut self, order: Order) {
        let no = order.no;
        if self.cases.remembered(no).is_some() {
            self.cases.change(no, |case| case.order = order);
        } else {
            let case = self.new_case(order);
            self.cases.remember(case);
        }
    }

    /// `child` was made from `parent`.
    fn link(&mut self, child: OrderNo, parent: OrderNo) {
        if self.lineages.link(child, parent) {
            self.hand_out_lineage(child);
        }
    }

    /// The lineage of an order knows whether it was last seen ticketed, whoever paid it.
    fn see_ticket(&mut self, order: OrderNo, status: OrderStatus) {
        if self.lineages.see_ticket(order, status == OrderStatus::Ticketed) {
            self.hand_out_lineage(order);
        }
    }

    /// That an order is missing, or not any more. True if that is news.
    fn miss(&mut self, order: OrderNo, missing: Option<Missing>) -> bool {
        let is_news = self.lineages.put_missing(order, missing);
        if is_news {
            self.hand_out_lineage(order);
        }
        is_news
    }

    /// The vendor shows an order, by what was asked at `asked`.
    fn reappear(&mut self, order: OrderNo, asked: Moment) {
        if self.lineages.missing(order).is_some_and(|missing| !missing.is_newer_than(asked)) {
            self.miss(order, None);
        }
    }

    /// The refusal of a payment may tell of the order's airline. True if that is news.
    fn see_refusal(&mut self, attempt: &Attempt) -> bool {
        let attempt::State::Rejected(status) = attempt.state else { return false };
        let Some(row) = self.recorded(attempt.order).and_then(|seen| seen.into_owned().row) else {
            return false;
        };
        let troubles = Arc::make_mut(&mut self.troubles);
        troubles.on_refusal(attempt.order, &row.airlines, status, attempt.changed_at)
    }

    /// Adds a line to an order's story.
    fn happen(&mut self, order: OrderNo, happening: Happening) {
        let happening = Arc::new(happening);
        if !self.cases.tell(order, &happening) {
            self.unseen.entry(order).or_default().push(happening);
        }
    }

    /// Gives an order what was left on it.
    fn hand_out_work(&mut self, order: OrderNo) {
        let work = self.works.of(order);
        self.cases.change(order, |case| case.work = work);
    }

    /// Gives every order of a lineage that has changed its new state.
    fn hand_out_lineage(&mut self, order: OrderNo) {
        let lineage = self.lineages.of(order);
        if !lineage.links.is_empty() {
            for order in lineage.orders() {
                if let Some(status) = self.last_status(order) {
                    self.lineages.see_ticket(order, status == OrderStatus::Ticketed);
                }
            }
        }
        let lineage = self.lineages.of(order);
        for order in lineage.orders() {
            self.cases.change(order, |case| case.lineage = Arc::clone(&lineage));
        }
    }

    fn put_attempt(&mut self, attempt: Attempt, by: Option<Arc<Author>>) {
        let (order, id, at, state) = (attempt.order, attempt.id, attempt.changed_at, attempt.state.clone());
        if self.lineages.put_attempt(attempt) {
            self.happen(order, Happening { at, by, what: What::Attempt { attempt: id, state } });
        }
        self.hand_out_lineage(order);
    }

    fn put_regeneration(&mut self, regeneration: Regeneration, by: Option<Arc<Author>>) {
        let (parent, at, state) = (regeneration.parent, regeneration.changed_at, regeneration.state.clone());
        if self.lineages.put_regeneration(regeneration) {
            let happening = Happening { at, by, what: What::Regeneration(state.clone()) };
            for order in [Some(parent), state.child()].into_iter().flatten() {
                self.happen(order, happening.clone());
            }
        }
        self.hand_out_lineage(parent);
    }

    /// An operator did something: it is a line of the order's story, unless it only makes a lease longer.
    fn put_action(&mut self, order: OrderNo, action: OperatorAction, by: Arc<Author>, at: Timestamp) {
        if self.lineages.put_action(order, &action) {
            self.hand_out_lineage(order);
        }
        if !self.works.on_action(order, &action, &by, at) {
            self.happen(order, Happening { at, by: Some(by), what: What::OperatorAction(action) });
        }
        self.hand_out_work(order);
    }

    fn put_stop(&mut self, stop: Stop, by: Option<Arc<Author>>) {
        let (order, at, state) = (stop.order, stop.changed_at, stop.state.clone());
        if self.lineages.put_stop(stop) {
            self.happen(order, Happening { at, by, what: What::Stop(state) });
        }
        self.hand_out_lineage(order);
    }

    /// False if the very same came before: then only its count grows.
    fn see_notification(&mut self, order: OrderNo, notification: &Notification, at: Timestamp) -> bool {
        let (kind, error) = (notification.kind.word().into(), notification.error.clone());
        if self.notified.repeats(order, notification) {
            if !self.cases.change(order, |case| count_again(&mut case.story, &kind)) {
                count_again(self.unseen.entry(order).or_default(), &kind);
            }
            return false;
        }
        self.happen(order, Happening::new(at, What::Notified { kind, error, times: 1 }));
        if !self.is_known(order) {
            let mut notified = std::mem::take(&mut self.notified);
            if let Some(oldest) = notified.stranger(order, |stranger| self.is_known(stranger)) {
                self.unseen.remove(&oldest);
            }
            self.notified = notified;
        }
        true
    }
}

/// The last notification of a kind came once more.
fn count_again(story: &mut [Arc<Happening>], again: &Text) {
    let same = |happening: &&mut Arc<Happening>| matches!(&happening.what, What::Notified { kind, .. } if kind == again);
    if let Some(line) = story.iter_mut().rev().find(same)
        && let What::Notified { times, .. } = &mut Arc::make_mut(line).what
    {
        *times += 1;
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
    use super::{notified::STRANGERS, *};
    use crate::{domain::notification::Kind, journal::Entry};

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
            author: Arc::default(),
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
        assert!(book.notified.len() <= STRANGERS + 1 && book.unseen.len() <= STRANGERS + 1);
        assert_eq!(book.unseen[&no(0)].len(), 2, "of an order that somebody worked on all is kept");
        assert!(book.unseen.contains_key(&no(4_999)), "the last ones are");
    }
}
