//! Carries out a payment: claim, check again, write ahead, send once, record, then publish.
//!
//! What an observation means is decided in [`crate::domain::attempt`]; here is only the order of the steps. The
//! payment lives in the desk, so closing a form, a view or the whole console never drops one that is on its way.

use std::sync::Arc;

use super::{
    check,
    executed::{Checked, Executed},
    executor::Executor,
};
use crate::{
    atlas::{Answer, ReadError},
    clock::Clock,
    desk::{
        book::{Bookkeeper, Observed},
        gateway::{Gateway, guarded, guarded_effect},
        hub::{Closed, NotBegun, Reply},
    },
    domain::{
        attempt::{Attempt, AttemptId, Claim, Event, Gate, NotSent, Sent},
        context::{PaymentContext, PaymentRules},
        moment::Moment,
        order::{Order, OrderNo},
        payable,
        payment::Payment,
        regeneration,
        subject::{Subject, kept},
    },
    journal::{Journal, JournalError},
};

/// What an answer is worth that is not needed in every case.
async fn if_any<T>(answer: Option<impl Future<Output = T>>) -> Option<T> {
    match answer {
        Some(answer) => Some(answer.await),
        None => None,
    }
}

impl<G: Gateway> Executor<G> {
    /// Claims the lineage, durably, and asks the server once more.
    pub(in crate::desk) async fn begin_payment<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        id: AttemptId,
        payment: Box<Payment>,
    ) -> Reply {
        let order = payment.order;
        if let Err(reason) = self.claim(keeper, id, &payment).await {
            return Reply::NotBegun { id, order, reason };
        }
        self.payments.insert(id, order);
        let currency = keeper.book().settlement_currency(order);
        let parent = keeper.book().lineage(order).parent_of(order);
        let asked = keeper.clocks.moment();
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let query = |order| {
                let gateway = Arc::clone(&gateway);
                guarded(async move { gateway.query(order).await })
            };
            let balance = |currency| {
                let gateway = Arc::clone(&gateway);
                guarded(async move { gateway.balance(currency).await })
            };
            let (order, parent, balance) =
                tokio::join!(query(order), if_any(parent.map(query)), if_any(currency.map(balance)));
            Executed::Checked(Box::new(Checked { id, payment, asked, order, parent, balance }))
        });
        Reply::Begun(id)
    }

    async fn claim<J: Journal, C: Clock>(
        &self,
        keeper: &mut Bookkeeper<J, C>,
        id: AttemptId,
        payment: &Payment,
    ) -> Result<(), NotBegun> {
        self.open(keeper).map_err(NotBegun::Closed)?;
        // Another program may have made this order from another one just now: then it belongs to that lineage.
        keeper.sync().await;
        if let Some(regeneration) = keeper.book().may_be_new(payment.order) {
            return Err(NotBegun::Regenerated(Box::new(regeneration)));
        }
        let claim = Claim {
            id,
            lineage: keeper.book().lineage(payment.order).root,
            order: payment.order,
            method: payment.means.method(),
            amount: payment.amount,
            card: payment.means.masked_card(),
            reusable: payment.means.card().is_some_and(|card| card.reusable),
        };
        let claimed = keeper.claim(&Attempt::claim(claim, keeper.clocks.wall())).await;
        if let Err(JournalError::Blocked(_) | JournalError::Regenerated(_)) = claimed {
            // Perhaps another program's: from now on it is shown and followed here too.
            keeper.sync().await;
        }
        claimed.map_err(|error| match error {
            JournalError::Blocked(holder) => {
                keeper.replan(holder.order);
                NotBegun::Blocked(holder)
            }
            JournalError::Regenerated(regeneration) => NotBegun::Regenerated(regeneration),
            error => NotBegun::Closed(Closed::Journal(error.to_string())),
        })
    }

    /// The second check is in: if it still says what was confirmed, the request leaves, once.
    pub(in crate::desk) async fn on_checked<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        checked: Checked,
    ) {
        let Checked { id, payment, asked, order, parent, balance } = checked;
        let no = payment.order;
        if let Some(Ok(balance)) = balance {
            keeper.believe(Observed::Balance(balance.value));
        }
        let verdict = match order {
            Err(error) => Err(NotSent::CheckFailed(error)),
            Ok(answer) => {
                keeper.on_query_answer(answer.value, asked).await;
                let parent = judge_parent(keeper, no, parent, asked).await;
                parent.and_then(|()| self.judge_check(keeper, id, &payment, asked))
            }
        };
        let Some(claimed) = keeper.book().attempt(no, id) else { return };
        let now = keeper.clocks.wall();
        let currency = keeper.book().settlement_currency(no);
        let balance = currency.and_then(|currency| keeper.book().balances().get(&currency).copied());
        let Ok(sending) = claimed.apply(&Event::Sending(keeper.clocks.moment(), balance), now) else {
            // Another program took us for dead and has ended it: it was not sent, and is not sent now.
            self.payments.remove(&id);
            return keeper.replan(no);
        };
        // On disk before the first byte leaves; a claim that somebody released stops here.
        let (standing, verdict) = match verdict {
            Ok(()) => match keeper.records.advance(&sending, &claimed.state).await {
                // The write may have waited, or the machine slept over it: the gate is looked at once more, last of all.
                Ok(()) => (&sending, self.gate(keeper, no, asked)),
                Err(JournalError::Overtaken) => (&claimed, Err(NotSent::Gate(Gate::Overtaken))),
                Err(error) => (&claimed, Err(NotSent::Gate(Gate::PayingOff(error.to_string())))),
            },
            Err(reason) => (&claimed, Err(reason)),
        };
        let Err(reason) = verdict else {
            keeper.believe(Observed::Attempt(Box::new(sending)));
            // While its own answer is awaited, no query says anything of it.
            keeper.keep_plan(no);
            return self.send(id, payment);
        };
        match standing.apply(&Event::NotSent(reason), now) {
            Ok(not_sent) => keeper.advance(not_sent, &standing.state).await,
            Err(illegal) => tracing::error!(attempt = %id, %illegal, "not sent"),
        }
        self.payments.remove(&id);
        keeper.replan(no);
    }

    /// What must hold in the moment of the send.
    fn gate<J: Journal, C: Clock>(
        &self,
        keeper: &Bookkeeper<J, C>,
        order: OrderNo,
        asked: Moment,
    ) -> Result<(), NotSent> {
        let now = keeper.clocks.moment();
        if check::in_time(asked, now).is_err() {
            return Err(NotSent::Gate(Gate::CheckTooOld));
        }
        let case = keeper.book().case(order);
        if case.is_none_or(|case| !case.order.has_time_left(now.now.at)) {
            let is_undated = case.is_some_and(|case| case.order.is_undated());
            return Err(NotSent::Gate(if is_undated { Gate::DeadlineUnknown } else { Gate::DeadlinePassed }));
        }
        if self.is_leaving {
            return Err(NotSent::Gate(Gate::Leaving));
        }
        match keeper.records.paying_off() {
            Some(reason) => Err(NotSent::Gate(Gate::PayingOff(reason.clone()))),
            None => Ok(()),
        }
    }

    /// May it still be sent? Everything is held against the answer that just came.
    fn judge_check<J: Journal, C: Clock>(
        &self,
        keeper: &Bookkeeper<J, C>,
        id: AttemptId,
        payment: &Payment,
        asked: Moment,
    ) -> Result<(), NotSent> {
        let book = keeper.book();
        let Some(case) = book.case(payment.order) else {
            return Err(NotSent::Gate(Gate::UnknownOrder));
        };
        let others = case.lineage.without(id);
        let rules = PaymentRules {
            billing: &self.options.billing,
            lenient_luhn: self.options.lenient_luhn,
            limits: &self.options.limits,
            refusals: book.refusals(),
            troubles: book.troubles(),
        };
        let now = keeper.clocks.moment().now.at;
        let context = PaymentContext::new(now, &case.order, &others, book.balances(), rules);
        if let Some(obstacle) =
            payable::payment_obstacles(payment, &context).into_iter().find(|obstacle| !obstacle.is_warning())
        {
            return Err(NotSent::Obstacle(obstacle.kept()));
        }
        // An answer that an older one had overtaken is not the one that was believed.
        if book.freshness(payment.order).is_none_or(|fresh| fresh.up != asked.up) {
            return Err(NotSent::Gate(Gate::NewerAnswer));
        }
        self.gate(keeper, payment.order, asked)
    }

    fn send(&mut self, id: AttemptId, payment: Box<Payment>) {
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let sent = guarded_effect(async move { gateway.pay(&payment).await }, Sent::Doubt).await;
            Executed::Sent { id, sent }
        });
    }

    /// The one answer, or none: on disk first, on the screen after that.
    pub(in crate::desk) async fn on_sent<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        id: AttemptId,
        sent: &Sent,
    ) {
        let Some(order) = self.payments.remove(&id) else { return };
        let Some(known) = keeper.book().attempt(order, id) else { return };
        match known.apply(&Event::Ended(sent, keeper.clocks.moment()), keeper.clocks.wall()) {
            Ok(ended) => keeper.advance(ended, &known.state).await,
            Err(illegal) => tracing::error!(attempt = %id, %illegal, "its send ended"),
        }
        keeper.replan(order);
    }
}

/// The order that this one was made from must be dead by an answer as fresh as the other, else both could be paid.
async fn judge_parent<J: Journal, C: Clock>(
    keeper: &mut Bookkeeper<J, C>,
    order: OrderNo,
    parent: Option<Result<Answer<Order>, ReadError>>,
    asked: Moment,
) -> Result<(), NotSent> {
    let Some(answer) = parent else {
        // That there is one may have been news of the very answer that was asked for.
        let is_first = keeper.book().lineage(order).parent_of(order).is_none();
        return if is_first { Ok(()) } else { Err(NotSent::Gate(Gate::ParentNotAsked)) };
    };
    let answer = answer.map_err(NotSent::CheckFailed)?;
    let now = keeper.clocks.moment().now;
    let is_dead = keeper.book().is_dead(answer.value.no, now) && regeneration::is_dead(&answer.value, now);
    keeper.on_query_answer(answer.value, asked).await;
    if is_dead { Ok(()) } else { Err(NotSent::Obstacle(kept(Subject::OrderNo, "original_alive"))) }
}
