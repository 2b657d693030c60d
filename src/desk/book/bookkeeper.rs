//! Keeps the book and the journal in step: observations are folded, and what counts is on disk before it is believed.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jiff::SignedDuration;

use super::{
    Book,
    clocks::Clocks,
    notified::Allowance,
    observation::{Deltas, Observation, Observed},
    records::Records,
    wish::Wish,
};
use crate::{
    atlas::notification::airline_status,
    clock::Clock,
    desk::hub::{NotWorked, Update},
    domain::{
        alert::{self, AlertDid},
        attempt::{self, Attempt, Event, Sent},
        author::Author,
        baggage::decision::{AcceptanceId, Called, Decision},
        case::Case,
        moment::Moment,
        notification::Notification,
        order::{Order, OrderNo},
        regeneration::{self, Regeneration},
        stop::Stop,
        story::OperatorAction,
        work::NOTHING,
    },
    journal::{Fact, Journal, JournalError},
};

/// Other programs write about an order between two looks so often at most.
const OVERTAKEN_TIMES: usize = 5;

/// What is to be asked differently from now on, for whoever asks.
#[derive(Debug, Default)]
pub(in crate::desk) struct Followups {
    /// Anything about these orders has changed.
    pub(in crate::desk) orders: BTreeSet<OrderNo>,
    /// So have regenerations of these.
    pub(in crate::desk) parents: Vec<OrderNo>,
    /// What became of payments of these: the balance that they are paid from may be another one now.
    pub(in crate::desk) charged: BTreeSet<OrderNo>,
    /// These are asked for at once: they were left open when the program began, or an outcome hangs on them.
    pub(in crate::desk) unfinished: Vec<OrderNo>,
    /// The journal was read for the first time.
    pub(in crate::desk) is_start: bool,
    /// The vendor asked some program at a moment to be left alone for so long.
    pub(in crate::desk) pauses: Vec<(Moment, Duration)>,
}

/// What changed since it was last published.
#[derive(Debug, Default)]
pub(in crate::desk) struct Changes {
    orders: BTreeSet<OrderNo>,
    fresh: BTreeSet<OrderNo>,
    remembered: Vec<Arc<Case>>,
    refusals: bool,
    troubles: bool,
    balances: bool,
    alerts: BTreeSet<alert::Key>,
}

/// The book, the journal, and the clocks that both go by.
pub(in crate::desk) struct Bookkeeper<J, C> {
    pub(in crate::desk) clocks: Clocks<C>,
    pub(in crate::desk) records: Records<J>,
    author: Arc<Author>,
    book: Book,
    allowance: Allowance,
    changes: Changes,
    followups: Followups,
    /// What is remembered of orders made within this time is shown at the start.
    lookback: SignedDuration,
    /// The orders that were.
    remembered: Vec<OrderNo>,
}

impl<J: Journal, C: Clock> Bookkeeper<J, C> {
    pub(in crate::desk) fn new(journal: J, clock: C, lookback: SignedDuration) -> Self {
        Self {
            author: journal.author(),
            clocks: Clocks::new(clock),
            records: Records::new(journal),
            book: Book::default(),
            allowance: Allowance::default(),
            changes: Changes::default(),
            followups: Followups::default(),
            lookback,
            remembered: Vec::new(),
        }
    }

    /// What was believed to the last. What the journal was asked for is done.
    pub(in crate::desk) fn into_book(self) -> Book {
        self.book
    }

    /// What is believed.
    pub(in crate::desk) fn book(&self) -> &Book {
        &self.book
    }

    /// An order is to be planned again, whatever has changed around it.
    pub(in crate::desk) fn replan(&mut self, order: OrderNo) {
        self.followups.orders.insert(order);
    }

    /// An order is asked for as it was planned, whatever the last answer has changed.
    pub(in crate::desk) fn keep_plan(&mut self, order: OrderNo) {
        self.followups.orders.remove(&order);
    }

    /// A regeneration of `parent` is to be followed, or no longer.
    pub(in crate::desk) fn follow(&mut self, parent: OrderNo) {
        self.followups.parents.push(parent);
    }

    /// An outcome hangs on this order, of which nothing is known.
    pub(in crate::desk) fn ask(&mut self, order: OrderNo) {
        self.followups.unfinished.push(order);
    }

    /// What whoever asks should know, since the last call.
    pub(in crate::desk) fn take_followups(&mut self) -> Followups {
        std::mem::take(&mut self.followups)
    }

    /// What changed since the last call.
    pub(in crate::desk) fn take_changes(&mut self) -> Update {
        let Changes { orders, fresh, remembered, refusals, troubles, balances, alerts } =
            std::mem::take(&mut self.changes);
        let book = &self.book;
        Update {
            cases: orders.into_iter().filter_map(|order| book.case(order).map(Arc::clone)).collect(),
            remembered,
            fresh: fresh.into_iter().filter_map(|order| Some((order, book.freshness(order)?))).collect(),
            balances: balances.then(|| Arc::clone(book.balances())),
            refusals: refusals.then(|| Arc::clone(book.refusals())),
            troubles: troubles.then(|| Arc::clone(book.troubles())),
            alerts: alerts.into_iter().filter_map(|key| book.alert(key).cloned()).collect(),
            ..Update::default()
        }
    }

    /// Believes what was learnt just now.
    pub(in crate::desk) fn believe(&mut self, what: Observed) -> Deltas {
        self.fold(Observation { at: self.clocks.wall(), by: Some(Arc::clone(&self.author)), what })
    }

    fn fold(&mut self, observation: Observation) -> Deltas {
        let deltas = self.book.fold(observation);
        self.changes.orders.extend(&deltas.changed);
        self.changes.fresh.extend(deltas.fresh);
        self.changes.refusals |= deltas.refusals;
        self.changes.troubles |= deltas.troubles;
        self.changes.balances |= deltas.balances;
        self.changes.alerts.extend(deltas.alert);
        deltas
    }

    /// Takes in what the journal holds that is not known here yet; see [`Records::news`].
    pub(in crate::desk) async fn sync(&mut self) {
        let mut touched = BTreeSet::new();
        let is_start = loop {
            let news = self.records.news(self.clocks.wall()).await;
            if news.is_anew {
                self.book = Book::default();
            }
            for entry in news.entries {
                touched.extend(entry.order.filter(|_| !news.is_start));
                if let Fact::Paused(asked, pause) = entry.fact {
                    self.followups.pauses.push((asked, pause));
                } else if let Some(observation) = Observation::of_entry(entry) {
                    self.fold(observation);
                }
            }
            if !news.more {
                break news.is_start;
            }
        };
        if is_start {
            self.followups.unfinished.extend(self.book.unfinished());
            self.followups.is_start = true;
            let since = self.clocks.wall() - self.lookback;
            self.changes.alerts = self.book.alerts_since(since).map(|alert| alert.key).collect();
            self.changes.remembered = self.book.remembered_since(since).cloned().collect();
            self.remembered = self.changes.remembered.iter().map(|case| case.order.no).collect();
        } else {
            // Of an order that no list has shown here what another program recorded is shown.
            let remembered = touched.iter().filter_map(|order| self.book.remembered(*order));
            self.changes.remembered.extend(remembered.cloned());
            self.followups.parents.extend(&touched);
            self.followups.orders.extend(touched);
        }
    }

    /// The orders that were shown from memory at the start as still there, and that no answer has shown since, when first
    /// called.
    pub(in crate::desk) fn take_unseen(&mut self) -> Vec<OrderNo> {
        let remembered = std::mem::take(&mut self.remembered);
        let is_open = |order: &OrderNo| {
            self.book.case(*order).is_none() && !self.book.missing(*order).is_some_and(|is| is.is_proven())
        };
        remembered.into_iter().filter(is_open).collect()
    }

    /// A complete sweep, which began at `asked`, did not show these orders. Those of which that is news.
    pub(in crate::desk) fn on_unlisted(&mut self, orders: Vec<OrderNo>, asked: Moment) -> Vec<OrderNo> {
        let unlisted = orders.into_iter().map(|order| Observed::Unlisted { order, asked });
        unlisted.filter_map(|what| self.miss(what).missing).collect()
    }

    /// A query, which was sent at `asked`, was answered "no such order".
    pub(in crate::desk) fn on_denied(&mut self, order: OrderNo, asked: Moment) {
        let deltas = self.miss(Observed::Denied { order, asked });
        self.record(deltas.record.map(|fact| (order, fact)));
    }

    /// Believes what says that an order is missing, which shows on one that is only remembered, too.
    fn miss(&mut self, what: Observed) -> Deltas {
        let deltas = self.believe(what);
        if let Some(order) = deltas.missing {
            self.replan(order);
            self.changes.remembered.extend(self.book.remembered(order).cloned());
        }
        deltas
    }

    /// Takes in the rows of a page.
    pub(in crate::desk) fn on_page(&mut self, orders: Vec<Order>, asked: Moment) {
        let mut facts = Vec::new();
        for order in orders {
            let no = order.no;
            let deltas = self.believe(Observed::Listed { order: Box::new(order), asked });
            facts.extend(deltas.record.map(|fact| (no, fact)));
            self.replan(no);
        }
        self.record(facts);
    }

    /// Takes in what a query said, and what it proves about the attempts on the order.
    pub(in crate::desk) async fn on_query_answer(&mut self, order: Order, asked: Moment) {
        let no = order.no;
        let (asked, shown) = (self.clocks.dated(asked), self.clocks.shown(asked));
        // Whether a contradiction may end by itself depends on what other programs have begun beside it.
        let parent = order.details.as_ref().and_then(|details| details.original);
        let is_open = |attempt: &Attempt| attempt.state == attempt::State::Conflict;
        let lineages = [Some(no), parent].into_iter().flatten().map(|order| self.book.lineage(order));
        if lineages.into_iter().any(|lineage| lineage.attempts.iter().any(is_open)) {
            self.sync().await;
        }
        let deltas = self.believe(Observed::Queried { order: Box::new(order), asked, shown });
        self.record(deltas.record.map(|fact| (no, fact)));
        for (attempt, from) in deltas.attempts {
            self.advance(attempt, &from).await;
        }
        if let Some((regeneration, from)) = deltas.regeneration {
            self.advance_regeneration(regeneration, &from).await;
        }
        self.replan(no);
    }

    /// Takes in a notification, and records it if it is news.
    pub(in crate::desk) async fn on_notification(&mut self, notification: Notification) {
        let (order, notification) = (notification.order, Box::new(notification));
        let news = match order {
            None => {
                let said = airline_status(&notification).map(Observed::AirlineStatus);
                said.map(|said| self.believe(said));
                Some(Fact::Notified(notification))
            }
            Some(order) => self.believe(Observed::Notified { order, notification }).record,
        };
        let news = news.filter(|_| self.allowance.take(self.clocks.uptime()));
        match (order, news) {
            (Some(order), Some(fact)) => self.record([(order, fact)]),
            (None, Some(fact)) => {
                let _recorded = self.records.append(self.clocks.wall(), None, &fact).await;
            }
            (_, None) => {}
        }
    }

    /// Records news of orders, with what else is learnt in this moment.
    fn record(&mut self, facts: impl IntoIterator<Item = (OrderNo, Fact)>) {
        self.records.defer(self.clocks.wall(), facts);
    }

    /// Records what an operator did, and believes it.
    pub(in crate::desk) async fn on_action(
        &mut self,
        order: OrderNo,
        action: OperatorAction,
    ) -> Result<(), JournalError> {
        self.records.append(self.clocks.wall(), Some(order), &Fact::OperatorAction(action.clone())).await?;
        self.believe(Observed::OperatorAction { order, action });
        Ok(())
    }

    /// Raises alerts, or acknowledges them: those of which that is news. What other programs have done is read first, so that
    /// of two that do the same at once one does it. What the journal does not take is told here all the same.
    pub(in crate::desk) async fn on_alerts(
        &mut self,
        keys: Vec<alert::Key>,
        did: AlertDid,
    ) -> Result<(), JournalError> {
        self.sync().await;
        let mut done = Ok(());
        // Those of orders at once, so that the first look at a full list waits for the disk once.
        let (of_orders, others): (Vec<_>, Vec<_>) =
            BTreeSet::from_iter(keys).into_iter().partition(|key: &alert::Key| key.cause.order().is_some());
        for _ in 0..OVERTAKEN_TIMES {
            let news: Vec<_> =
                of_orders.iter().copied().filter(|key| self.is_alert_news(*key, did)).collect();
            let fact = |key: &alert::Key| Some((key.cause.order()?, Fact::Alert(*key, did)));
            let facts: Vec<_> = news.iter().filter_map(fact).collect();
            if facts.is_empty() {
                break;
            }
            done = self.records.append_upon_news(self.clocks.wall(), &facts).await;
            if matches!(done, Err(JournalError::Overtaken)) {
                done = Ok(());
                self.sync().await;
                continue;
            }
            self.believe_alerts(&news, did, done.is_ok());
            break;
        }
        // Two that write of no order in the same moment both do; the first one counts.
        for key in others.into_iter().filter(|key| self.is_alert_news(*key, did)).collect::<Vec<_>>() {
            let alone = self.records.append(self.clocks.wall(), None, &Fact::Alert(key, did)).await;
            self.believe_alerts(&[key], did, alone.is_ok());
            done = done.and(alone);
        }
        done
    }

    /// True if an alert was not raised before; or if it was, and nobody has acknowledged it.
    fn is_alert_news(&self, key: alert::Key, did: AlertDid) -> bool {
        let is_acknowledged = self.book.alert(key).map(|alert| alert.acknowledged.is_some());
        is_acknowledged == (did == AlertDid::Acknowledged).then_some(false)
    }

    fn believe_alerts(&mut self, keys: &[alert::Key], did: AlertDid, is_recorded: bool) {
        if is_recorded || did == AlertDid::Raised {
            for key in keys {
                self.believe(Observed::Alert { key: *key, did });
            }
        }
    }

    /// Records what is to be left on an order, and believes it. What another program has written about the order in the
    /// meantime is read first: of two that take it at once, one sees the other.
    pub(in crate::desk) async fn work(
        &mut self,
        order: OrderNo,
        wish: Wish,
    ) -> Result<Result<(), NotWorked>, JournalError> {
        let wish = wish.masked();
        let mut tries = 0;
        loop {
            let now = self.clocks.wall();
            let action =
                match wish.action(self.book.work(order).as_deref().unwrap_or(&NOTHING), &self.author, now) {
                    Ok(Some(action)) => action,
                    Ok(None) => return Ok(Ok(())),
                    Err(reason) => return Ok(Err(reason)),
                };
            let fact = Fact::OperatorAction(action.clone());
            let done = match action {
                // It stands beside whatever others have written.
                OperatorAction::Noted(_) => self.records.append(now, Some(order), &fact).await,
                _ => self.records.append_upon_news(now, &[(order, fact)]).await,
            };
            match done {
                Err(JournalError::Overtaken) if tries < OVERTAKEN_TIMES => {
                    tries += 1;
                    self.sync().await;
                }
                done => {
                    done?;
                    self.fold(Observation {
                        at: now,
                        by: Some(Arc::clone(&self.author)),
                        what: Observed::OperatorAction { order, action },
                    });
                    self.changes.remembered.extend(self.book.remembered(order).cloned());
                    self.replan(order);
                    return Ok(Ok(()));
                }
            }
        }
    }

    /// Records what was decided about a loss on baggage, unless another program has written about the order meanwhile, and
    /// believes it; the order is asked for accordingly.
    pub(in crate::desk) async fn decide_loss(
        &mut self,
        order: OrderNo,
        decision: Decision,
    ) -> Result<(), JournalError> {
        let word = decision.word();
        let action = OperatorAction::BaggageLoss(decision);
        let fact = Fact::OperatorAction(action.clone());
        self.records.append_upon_news(self.clocks.wall(), &[(order, fact)]).await?;
        tracing::info!(%order, decision = word, "loss on baggage");
        self.believe(Observed::OperatorAction { order, action });
        self.replan(order);
        Ok(())
    }

    /// The request that accepts a loss has ended. A journal that fails turns paying off; the outcome is never dropped.
    pub(in crate::desk) async fn on_loss_answer(&mut self, order: OrderNo, id: AcceptanceId, called: Called) {
        tracing::info!(%order, decision = called.word(), "loss on baggage");
        let action = OperatorAction::BaggageLoss(Decision::Ended { id, called });
        if let Err(error) = self.on_action(order, action.clone()).await {
            self.records.lost_an_outcome(&error);
            self.believe(Observed::OperatorAction { order, action });
        }
        self.replan(order);
    }

    /// Records that a request to stop is about to leave, unless another program has written about the order meanwhile.
    pub(in crate::desk) async fn begin_stop(&mut self, stop: Stop) -> Result<(), JournalError> {
        let fact = Fact::Stop(Box::new(stop.clone()));
        self.records.append_upon_news(self.clocks.wall(), &[(stop.order, fact)]).await?;
        tracing::info!(order = %stop.order, "stop");
        self.believe(Observed::Stop(Box::new(stop)));
        Ok(())
    }

    /// What came of a request to stop is recorded, and believed whatever the journal says: paying is off then.
    pub(in crate::desk) async fn on_stop_ended(&mut self, stop: Stop) {
        let (order, state) = (stop.order, stop.state.word());
        let fact = Fact::Stop(Box::new(stop.clone()));
        if let Err(error) = self.records.append(self.clocks.wall(), Some(order), &fact).await {
            tracing::error!(%order, %error, "the answer to a request to stop was not recorded");
        }
        tracing::info!(%order, state, "stop");
        self.believe(Observed::Stop(Box::new(stop)));
    }

    /// Claims a lineage for an attempt.
    pub(in crate::desk) async fn claim(&mut self, attempt: &Attempt) -> Result<(), JournalError> {
        self.records.claim(attempt).await?;
        self.believe(Observed::Attempt(Box::new(attempt.clone())));
        Ok(())
    }

    /// Claims a lineage for a regeneration.
    pub(in crate::desk) async fn claim_regeneration(
        &mut self,
        regeneration: &Regeneration,
    ) -> Result<(), JournalError> {
        self.records.claim(regeneration).await?;
        self.believe(Observed::Regeneration(Box::new(regeneration.clone())));
        Ok(())
    }

    /// Records where an attempt now stands, and only then believes it. A journal that fails turns paying off; the outcome
    /// itself is never dropped.
    pub(in crate::desk) async fn advance(&mut self, attempt: Attempt, from: &attempt::State) {
        let known = self.book.attempt(attempt.order, attempt.id);
        let is_like_the_last = |known: Attempt| {
            known.evidence.counted == attempt.evidence.counted && known.answer == attempt.answer
        };
        if attempt.state == *from && known.is_some_and(is_like_the_last) {
            // One more answer like the last: of interest for the next seconds only.
            self.believe(Observed::Attempt(Box::new(attempt)));
            return;
        }
        let written = match self.records.advance(&attempt, from).await {
            Err(JournalError::Overtaken) => self.advance_overtaken(&attempt, from).await,
            done => done.map(|()| attempt.clone()),
        };
        let (id, order) = (attempt.id, attempt.order);
        if attempt.state != *from && attempt.sent.is_some() {
            self.followups.charged.insert(order);
        }
        let attempt = written.unwrap_or_else(|error| {
            tracing::error!(attempt = %id, %order, %error, "the journal failed");
            self.records.lost_an_outcome(&error);
            attempt
        });
        tracing::info!(attempt = %id, %order, state = attempt.state.word(), "attempt");
        self.believe(Observed::Attempt(Box::new(attempt)));
    }

    /// Another program has moved the attempt on meanwhile. What we know of our own request outweighs what another
    /// could only doubt; otherwise what is on disk holds.
    async fn advance_overtaken(
        &mut self,
        attempt: &Attempt,
        from: &attempt::State,
    ) -> Result<Attempt, JournalError> {
        use attempt::State;
        let Some(stored) = self.records.attempt(attempt.id).await? else {
            return Err(JournalError::Overtaken);
        };
        let is_outcome = *from == State::Sending && attempt.state != State::Sending;
        // The journal had failed to take what we knew: it is behind, and still says what only we may end.
        let is_behind = matches!(stored.state, State::Claimed | State::Sending)
            && !matches!(attempt.state, State::Claimed | State::Sending);
        if is_behind || is_outcome && matches!(stored.state, State::InDoubt(_)) {
            self.records.advance(attempt, &stored.state).await?;
            return Ok(attempt.clone());
        }
        if is_outcome && attempt.state == State::Accepted && stored.state == State::NotApplied {
            let accepted = Sent::Answered { status: 0, msg: None };
            let ended = attempt.evidence.last.unwrap_or_else(|| self.clocks.moment());
            if let Ok(contradicted) = stored.apply(&Event::Ended(&accepted, ended), attempt.changed_at) {
                self.records.advance(&contradicted, &stored.state).await?;
                return Ok(contradicted);
            }
        }
        Ok(stored)
    }

    /// Something happened to a regeneration: if that says anything new, it is recorded and believed.
    pub(in crate::desk) async fn on_regeneration(
        &mut self,
        regeneration: &Regeneration,
        event: &regeneration::Event<'_>,
    ) {
        match regeneration.apply(event, self.clocks.wall()) {
            Ok(next) if next != *regeneration => self.advance_regeneration(next, &regeneration.state).await,
            Ok(_) => {}
            Err(illegal) => tracing::error!(order = %regeneration.parent, %illegal, "regeneration"),
        }
    }

    /// Records where a regeneration now stands, and only then believes it.
    async fn advance_regeneration(&mut self, regeneration: Regeneration, from: &regeneration::State) {
        match self.records.advance(&regeneration, from).await {
            Ok(()) => {}
            // Another program knows more by now.
            Err(JournalError::Overtaken) => return self.sync().await,
            Err(error) => self.records.lost_an_outcome(&error),
        }
        let parent = regeneration.parent;
        tracing::info!(order = %parent, state = regeneration.state.word(), "regeneration");
        self.believe(Observed::Regeneration(Box::new(regeneration)));
        self.follow(parent);
    }
}
