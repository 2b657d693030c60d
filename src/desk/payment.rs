//! Carries out a payment: claim, check again, write ahead, send once, write down, then tell.
//!
//! What an observation means is decided in [`crate::domain::attempt`]; here is only the order of the steps. The
//! payment lives in the desk, so closing a form, a view or the whole console never drops one that is on its way.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{
    Done, Task,
    gateway::{BROKE_OFF, Gateway, guarded},
    handle::Reply,
    health::NotBegun,
};
use crate::{
    atlas::{Answer, ReadError},
    clock::Clock,
    domain::{
        attempt::{Attempt, AttemptId, Claim, Doubt, Event, Gate, NotSent, Sent, State},
        context::{PaymentContext, PaymentRules},
        moment::Moment,
        money::Money,
        order::{Order, OrderNo},
        payable,
        payment::Payment,
        regeneration,
        subject::{Subject, kept},
    },
    journal::{Journal, JournalError},
};

/// The second check may be so old when the request leaves.
const CHECK_LIVES: SignedDuration = SignedDuration::from_secs(10);

/// The answer to the second check.
pub(super) struct Checked {
    id: AttemptId,
    payment: Box<Payment>,
    asked: Moment,
    order: Result<Answer<Order>, ReadError>,
    /// The order that it was made from, which must be dead.
    parent: Option<Result<Answer<Order>, ReadError>>,
    balance: Option<Result<Answer<Money>, ReadError>>,
}

/// What an answer is worth that is not needed in every case.
async fn if_any<T>(answer: Option<impl Future<Output = T>>) -> Option<T> {
    match answer {
        Some(answer) => Some(answer.await),
        None => None,
    }
}

impl<G: Gateway, J: Journal, C: Clock> Task<G, J, C> {
    /// Claims the lineage, durably, and asks the server once more.
    pub(super) async fn begin_payment(&mut self, id: AttemptId, payment: Box<Payment>) -> Reply {
        let order = payment.order;
        match self.claim(id, &payment).await {
            Ok(attempt) => self.book.put_attempt(attempt),
            Err(reason) => return Reply::NotBegun { id, order, reason },
        }
        self.in_hand.insert(id, order);
        let currency = self.settlement_currency(order);
        let parent = self.book.lineage(order).parent_of(order);
        let (gateway, asked, shown_at) = (Arc::clone(&self.gateway), self.moment(), self.shown_now());
        self.requests.spawn(async move {
            let query = |order| {
                let gateway = Arc::clone(&gateway);
                guarded(async move { gateway.query(order, shown_at).await })
            };
            let balance = |currency| {
                let gateway = Arc::clone(&gateway);
                guarded(async move { gateway.balance(currency).await })
            };
            let (order, parent, balance) =
                tokio::join!(query(order), if_any(parent.map(query)), if_any(currency.map(balance)));
            Done::Checked(Box::new(Checked { id, payment, asked, order, parent, balance }))
        });
        Reply::Begun(id)
    }

    async fn claim(&mut self, id: AttemptId, payment: &Payment) -> Result<Attempt, NotBegun> {
        if self.options.read_only {
            return Err(NotBegun::ReadOnly);
        }
        if self.leaving.is_some() {
            return Err(NotBegun::Leaving);
        }
        if let Some(reason) = &self.health.paying_off {
            return Err(NotBegun::Journal(reason.clone()));
        }
        // Another program may have made this order from another one just now: then it belongs to that lineage.
        self.share().await;
        if let Some(remade) = self.may_be_new(payment.order) {
            return Err(NotBegun::Remade(Box::new(remade)));
        }
        let now = self.clock.now();
        let claim = Claim {
            id,
            lineage: self.book.lineage(payment.order).root,
            order: payment.order,
            method: payment.means.method(),
            amount: payment.amount,
            card: payment.means.masked_card(),
            reusable: payment.means.card().is_some_and(|card| card.reusable),
        };
        let attempt = Attempt::claim(claim, now);
        match self.journal.claim(&attempt).await {
            Ok(()) => Ok(attempt),
            Err(JournalError::Blocked(holder)) => {
                // Perhaps another program's: from now on it is shown and followed here too.
                self.share().await;
                self.replan(holder.order);
                Err(NotBegun::Blocked(holder))
            }
            Err(JournalError::Remade(regeneration)) => {
                self.share().await;
                Err(NotBegun::Remade(regeneration))
            }
            Err(error) => {
                self.turn_paying_off(&error);
                Err(NotBegun::Journal(error.to_string()))
            }
        }
    }

    /// The second check is in: if it still says what was confirmed, the request leaves, once.
    pub(super) async fn go_on_after_check(&mut self, checked: Checked) {
        let Checked { id, payment, asked, order, parent, balance } = checked;
        let no = payment.order;
        if let Some(Ok(balance)) = balance {
            self.put_balance(balance.value);
        }
        let verdict = match order {
            Err(error) => {
                self.heed(&error).await;
                Err(NotSent::CheckFailed(error))
            }
            Ok(answer) => {
                self.note_success(asked, answer.server_time);
                self.observe(answer.value, self.dated(asked)).await;
                let parent = self.judge_parent(no, parent, asked).await;
                parent.and_then(|()| self.judge_check(id, &payment, asked))
            }
        };
        let Some(claimed) = self.book.attempt(no, id) else { return };
        let now = self.clock.now();
        let Ok(sending) = claimed.apply(&Event::Sending(self.moment()), now) else {
            // Another program took us for dead and has ended it: it was not sent, and is not sent now.
            self.in_hand.remove(&id);
            return self.replan(no);
        };
        // On disk before the first byte leaves; a claim that somebody released stops here.
        let (standing, verdict) = match verdict {
            Ok(()) => match self.journal.advance(&sending, &claimed.state).await {
                // The write may have waited, or the machine slept over it: the gate is looked at once more, last of all.
                Ok(()) => (&sending, self.gate(no, asked)),
                Err(error) => {
                    let gate = if matches!(error, JournalError::Overtaken) {
                        Gate::Overtaken
                    } else {
                        self.turn_paying_off(&error);
                        Gate::PayingOff(error.to_string())
                    };
                    (&claimed, Err(NotSent::Gate(gate)))
                }
            },
            Err(reason) => (&claimed, Err(reason)),
        };
        let Err(reason) = verdict else {
            self.book.put_attempt(sending);
            return self.send(id, payment);
        };
        match standing.apply(&Event::NotSent(reason), now) {
            Ok(not_sent) => self.advance(not_sent, &standing.state).await,
            Err(illegal) => tracing::error!(attempt = %id, %illegal, "not sent"),
        }
        self.in_hand.remove(&id);
        self.replan(no);
    }

    /// What must hold in the moment of the send.
    fn gate(&self, order: OrderNo, asked: Moment) -> Result<(), NotSent> {
        if self.moment().since(asked) > CHECK_LIVES {
            return Err(NotSent::Gate(Gate::CheckTooOld));
        }
        let case = self.book.case(order);
        if case.is_none_or(|case| !case.order.has_time_left(self.server_now())) {
            let is_undated = case.is_some_and(|case| case.order.is_undated());
            return Err(NotSent::Gate(if is_undated { Gate::DeadlineUnknown } else { Gate::DeadlinePassed }));
        }
        if self.leaving.is_some() {
            return Err(NotSent::Gate(Gate::Leaving));
        }
        match &self.health.paying_off {
            Some(reason) => Err(NotSent::Gate(Gate::PayingOff(reason.clone()))),
            None => Ok(()),
        }
    }

    /// The order that this one was made from must be dead by an answer as fresh as the other, else both could be paid.
    async fn judge_parent(
        &mut self,
        order: OrderNo,
        parent: Option<Result<Answer<Order>, ReadError>>,
        asked: Moment,
    ) -> Result<(), NotSent> {
        let Some(answer) = parent else {
            // That there is one may have been news of the very answer that was asked for.
            let is_first = self.book.lineage(order).parent_of(order).is_none();
            return if is_first { Ok(()) } else { Err(NotSent::Gate(Gate::ParentNotAsked)) };
        };
        let answer = answer.map_err(NotSent::CheckFailed)?;
        self.note_success(asked, answer.server_time);
        let no = answer.value.no;
        let is_dead = self.is_known_dead(no) && regeneration::is_dead(&answer.value, self.moment().now);
        self.observe(answer.value, self.dated(asked)).await;
        if is_dead { Ok(()) } else { Err(NotSent::Obstacle(kept(Subject::OrderNo, "original_alive"))) }
    }

    /// May it still be sent? Everything is held against the answer that just came.
    fn judge_check(&self, id: AttemptId, payment: &Payment, asked: Moment) -> Result<(), NotSent> {
        let Some(case) = self.book.case(payment.order) else {
            return Err(NotSent::Gate(Gate::UnknownOrder));
        };
        let others = case.lineage.without(id);
        let rules = PaymentRules {
            billing: &self.options.billing,
            lenient_luhn: self.options.lenient_luhn,
            limits: &self.options.limits,
            refusals: self.book.refusals(),
        };
        let context = PaymentContext::new(self.server_now(), &case.order, &others, &self.balances, rules);
        if let Some(obstacle) =
            payable::payment_obstacles(payment, &context).into_iter().find(|obstacle| !obstacle.is_warning())
        {
            return Err(NotSent::Obstacle(obstacle.kept()));
        }
        // An answer that an older one had overtaken is not the one that was believed.
        if case.read_up != asked.up {
            return Err(NotSent::Gate(Gate::NewerAnswer));
        }
        self.gate(payment.order, asked)
    }

    fn send(&mut self, id: AttemptId, payment: Box<Payment>) {
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            // In a task of its own: should it panic, the outcome is unknown and not lost.
            let sent = tokio::spawn(async move { gateway.pay(&payment).await }).await;
            let sent = sent.unwrap_or_else(|_| Sent::Doubt(Doubt::Cut(BROKE_OFF.into())));
            Done::Sent { id, sent }
        });
    }

    /// The one answer, or none: on disk first, on the screen after that.
    pub(super) async fn hear_send(&mut self, id: AttemptId, sent: &Sent) {
        let Some(order) = self.in_hand.remove(&id) else { return };
        let Some(known) = self.book.attempt(order, id) else { return };
        match known.apply(&Event::Ended(sent, self.moment()), self.clock.now()) {
            Ok(ended) => self.advance(ended, &known.state).await,
            Err(illegal) => tracing::error!(attempt = %id, %illegal, "its send ended"),
        }
        self.replan(order);
    }

    /// Writes down where an attempt now stands, and only then believes it. A journal that fails turns paying off;
    /// the outcome itself is never dropped.
    pub(super) async fn advance(&mut self, attempt: Attempt, from: &State) {
        let (id, order, state) = (attempt.id, attempt.order, attempt.state.word());
        let known = self.book.attempt(order, id);
        let is_like_the_last =
            |known: Attempt| known.heard.counted == attempt.heard.counted && known.answer == attempt.answer;
        if attempt.state == *from && known.is_some_and(is_like_the_last) {
            // One more answer like the last: of interest for the next seconds only.
            return self.book.put_attempt(attempt);
        }
        let written = match self.journal.advance(&attempt, from).await {
            Err(JournalError::Overtaken) => self.advance_overtaken(&attempt, from).await,
            done => done.map(|()| attempt.clone()),
        };
        match written {
            Ok(attempt) => {
                tracing::info!(attempt = %id, %order, state = attempt.state.word(), "attempt");
                self.book.put_attempt(attempt);
            }
            Err(error) => {
                tracing::error!(attempt = %id, %order, state, %error, "the journal failed");
                self.turn_paying_off(&error);
                self.health.unwritten += 1;
                self.book.put_attempt(attempt);
            }
        }
    }

    /// Another program has moved the attempt on meanwhile. What we know of our own request outweighs what another
    /// could only doubt; otherwise what is on disk holds.
    async fn advance_overtaken(&mut self, attempt: &Attempt, from: &State) -> Result<Attempt, JournalError> {
        let Some(stored) = self.journal.attempt(attempt.id).await? else {
            return Err(JournalError::Overtaken);
        };
        let is_outcome = *from == State::Sending && attempt.state != State::Sending;
        // The journal had failed to take what we knew: it is behind, and still says what only we may end.
        let is_behind = matches!(stored.state, State::Claimed | State::Sending)
            && !matches!(attempt.state, State::Claimed | State::Sending);
        if is_behind || is_outcome && matches!(stored.state, State::InDoubt(_)) {
            self.journal.advance(attempt, &stored.state).await?;
            return Ok(attempt.clone());
        }
        if is_outcome && attempt.state == State::Accepted && stored.state == State::NotApplied {
            let accepted = Sent::Answered { status: 0, msg: None };
            let ended = attempt.heard.last.unwrap_or_else(|| self.moment());
            if let Ok(contradicted) = stored.apply(&Event::Ended(&accepted, ended), attempt.changed_at) {
                self.journal.advance(&contradicted, &stored.state).await?;
                return Ok(contradicted);
            }
        }
        Ok(stored)
    }
}
