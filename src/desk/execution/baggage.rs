//! Carries out a decision about a loss on baggage: ask, write ahead, send once, record; what came of it is asked for.
//!
//! What an answer means is decided in [`crate::domain::baggage`]; here is only the order of the steps.

use std::sync::Arc;

use super::{
    check,
    executed::{Executed, LossChecked},
    executor::Executor,
};
use crate::{
    clock::Clock,
    desk::{
        book::Bookkeeper,
        gateway::{Gateway, guarded, guarded_effect},
        hub::{Closed, LossNotDecided, Reply, ReplyTo},
    },
    domain::{
        baggage::{
            decision::{AcceptanceId, Called, Decision},
            trouble::{NotNow, Standing},
        },
        codes::Baggage,
        order::OrderNo,
    },
    journal::{Journal, JournalError},
};

impl<G: Gateway> Executor<G> {
    /// Refuses the loss, which only the journal hears of; or asks for the order once more, to accept it.
    pub(in crate::desk) async fn decide_loss<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        (order, accept): (OrderNo, bool),
        reply_to: ReplyTo,
    ) {
        if let Err(closed) = self.open(keeper) {
            let reason = LossNotDecided::Closed(closed);
            return self.outbox.replies.push((reply_to, Reply::LossNotDecided { order, reason }));
        }
        if !accept {
            let reply = match refuse(keeper, order).await {
                Ok(()) => Reply::Done,
                Err(reason) => Reply::LossNotDecided { order, reason },
            };
            return self.outbox.replies.push((reply_to, reply));
        }
        let is_second_press = self.losses.contains_key(&order);
        self.losses.entry(order).or_default().push(reply_to);
        if is_second_press {
            return; // the first one is on its way, and its reply is for both
        }
        let asked = keeper.clocks.moment();
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let answer = guarded(async move { gateway.query(order).await }).await;
            Executed::LossChecked(Box::new(LossChecked { order, asked, answer }))
        });
    }

    /// A fresh answer shows the loss, or not: the request is recorded, and leaves once.
    pub(in crate::desk) async fn on_loss_checked<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        checked: LossChecked,
    ) {
        let order = checked.order;
        let begun = self.begin_acceptance(keeper, checked).await;
        let id = match begun {
            Ok(id) => id,
            Err(reason) => {
                let waiting = self.losses.remove(&order).unwrap_or_default();
                return self.outbox.reply_all(waiting, &Reply::LossNotDecided { order, reason });
            }
        };
        let waiting = self.losses.insert(order, Vec::new()).unwrap_or_default();
        self.outbox.reply_all(waiting, &Reply::Accepting { order, id });
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let called =
                guarded_effect(async move { gateway.accept_loss(order).await }, Called::InDoubt).await;
            Executed::LossAnswered { id, order, called }
        });
    }

    /// Records that the request is about to leave, if everything still speaks for it.
    async fn begin_acceptance<J: Journal, C: Clock>(
        &self,
        keeper: &mut Bookkeeper<J, C>,
        LossChecked { order, asked, answer }: LossChecked,
    ) -> Result<AcceptanceId, LossNotDecided> {
        let answer = answer.map_err(LossNotDecided::Unanswered)?;
        keeper.on_query_answer(answer.value, asked).await;
        loop {
            // What another program has decided in the meantime counts too.
            keeper.sync().await;
            let now = keeper.clocks.moment();
            self.open(keeper).map_err(LossNotDecided::Closed)?;
            check::in_time(asked, now).map_err(LossNotDecided::Unanswered)?;
            let trouble = keeper.book().case(order).and_then(|case| case.baggage());
            let trouble = trouble.ok_or(LossNotDecided::NotNow(NotNow::NoLoss))?;
            trouble.may_accept(asked).map_err(LossNotDecided::NotNow)?;
            let id = AcceptanceId::generate();
            match keeper.decide_loss(order, Decision::Accepting { id, sent: now }).await {
                Ok(()) => return Ok(id),
                Err(JournalError::Overtaken) => {}
                Err(error) => return Err(LossNotDecided::Closed(Closed::Journal(error.to_string()))),
            }
        }
    }

    /// The one answer, or none: on disk first, on the screen after that. Whether the loss is gone, the next queries tell.
    pub(in crate::desk) async fn on_loss_answered<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        (id, order): (AcceptanceId, OrderNo),
        called: Called,
    ) {
        let waiting = self.losses.remove(&order).unwrap_or_default();
        self.outbox.reply_all(waiting, &Reply::Accepting { order, id });
        keeper.on_loss_answer(order, id, called).await;
    }
}

/// Nothing is sent: it is kept who left the order to its end, and when.
async fn refuse<J: Journal, C: Clock>(
    keeper: &mut Bookkeeper<J, C>,
    order: OrderNo,
) -> Result<(), LossNotDecided> {
    loop {
        keeper.sync().await;
        let trouble = keeper.book().case(order).and_then(|case| case.baggage());
        match trouble.map(|trouble| (trouble.what, trouble.standing)) {
            Some((Baggage::Loss, Standing::Open)) => {}
            Some((Baggage::Loss, Standing::Refused)) => return Ok(()),
            Some((Baggage::Loss, Standing::Accepted(..))) => {
                return Err(LossNotDecided::NotNow(NotNow::Asked));
            }
            Some((Baggage::CannotBeBought, _)) => return Err(LossNotDecided::NotNow(NotNow::CannotBeBought)),
            None => return Err(LossNotDecided::NotNow(NotNow::NoLoss)),
        }
        match keeper.decide_loss(order, Decision::Refused).await {
            Ok(()) => return Ok(()),
            Err(JournalError::Overtaken) if keeper.records.paying_off().is_none() => {}
            Err(error) => return Err(LossNotDecided::Closed(Closed::Journal(error.to_string()))),
        }
    }
}
