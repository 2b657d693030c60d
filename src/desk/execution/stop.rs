//! Asks the vendor to stop issuance: ask for the order, write ahead, send once, record. What came of it the order tells.

use std::sync::Arc;

use super::{check, executed::Executed, executor::Executor};
use crate::{
    atlas::{Answer, CallOutcome, ReadError},
    clock::Clock,
    desk::{
        book::Bookkeeper,
        gateway::{Gateway, guarded, guarded_effect},
        hub::{Closed, NotStopped, Reply, ReplyTo},
    },
    domain::{
        moment::Moment,
        order::{Order, OrderNo},
        stop::{State, Stop, StopId},
        stoppable::may_stop,
    },
    journal::{Journal, JournalError},
};

impl<G: Gateway> Executor<G> {
    /// Asks for the order once more.
    pub(in crate::desk) fn begin_stop<J: Journal, C: Clock>(
        &mut self,
        keeper: &Bookkeeper<J, C>,
        order: OrderNo,
        reply_to: ReplyTo,
    ) {
        if let Err(closed) = self.open(keeper) {
            let reason = NotStopped::Closed(closed);
            return self.outbox.replies.push((reply_to, Reply::NotStopped { order, reason }));
        }
        let is_second_press = self.stops.contains_key(&order);
        self.stops.entry(order).or_default().push(reply_to);
        if is_second_press {
            return; // the first one is on its way, and its reply is for both
        }
        let asked = keeper.clocks.moment();
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let answer = Box::new(guarded(async move { gateway.query(order).await }).await);
            Executed::StopChecked { order, asked, answer }
        });
    }

    /// The order is in ticketing by a fresh answer: the request is recorded, and leaves once.
    pub(in crate::desk) async fn on_stop_checked<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        (order, asked): (OrderNo, Moment),
        answer: Result<Answer<Order>, ReadError>,
    ) {
        let begun = self.write_stop(keeper, (order, asked), answer).await;
        let id = match begun {
            Ok(id) => id,
            Err(reason) => {
                let waiting = self.stops.remove(&order).unwrap_or_default();
                return self.outbox.reply_all(waiting, &Reply::NotStopped { order, reason });
            }
        };
        let waiting = self.stops.insert(order, Vec::new()).unwrap_or_default();
        self.outbox.reply_all(waiting, &Reply::Stopping { order, id });
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let outcome = guarded_effect(async move { gateway.stop(order).await }, CallOutcome::Doubt).await;
            Executed::Stopped { order, id, outcome }
        });
    }

    /// Records that the request is about to leave, if everything still speaks for it.
    async fn write_stop<J: Journal, C: Clock>(
        &self,
        keeper: &mut Bookkeeper<J, C>,
        (order, asked): (OrderNo, Moment),
        answer: Result<Answer<Order>, ReadError>,
    ) -> Result<StopId, NotStopped> {
        let answer = answer.map_err(NotStopped::Unanswered)?;
        let fresh = answer.value.clone();
        keeper.on_query_answer(answer.value, asked).await;
        loop {
            // What another program has asked for meanwhile counts too.
            keeper.sync().await;
            let now = keeper.clocks.moment();
            self.open(keeper).map_err(NotStopped::Closed)?;
            check::in_time(asked, now).map_err(NotStopped::Unanswered)?;
            may_stop(&fresh, &keeper.book().lineage(order), now.now.at).map_err(NotStopped::NotNow)?;
            let stop = Stop::begin(order, now, keeper.clocks.wall());
            let id = stop.id;
            match keeper.begin_stop(stop).await {
                Ok(()) => return Ok(id),
                Err(JournalError::Overtaken) => {}
                Err(error) => return Err(NotStopped::Closed(Closed::Journal(error.to_string()))),
            }
        }
    }

    /// The one answer, or none: on disk first, on the screen after that.
    pub(in crate::desk) async fn on_stopped<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        (order, id): (OrderNo, StopId),
        outcome: CallOutcome<()>,
    ) {
        let waiting = self.stops.remove(&order).unwrap_or_default();
        self.outbox.reply_all(waiting, &Reply::Stopping { order, id });
        let lineage = keeper.book().lineage(order);
        let Some(stop) = lineage.stop(order).filter(|stop| stop.id == id) else { return };
        let state = match outcome {
            CallOutcome::Done(()) => State::Asked,
            CallOutcome::Refused { status, .. } => State::Refused(status),
            CallOutcome::NotSent(reason) => State::NotSent(reason),
            CallOutcome::Doubt(doubt) => State::InDoubt(doubt),
        };
        let ended = stop.ended(state, keeper.clocks.wall());
        keeper.on_stop_ended(ended).await;
        // Whatever the answer was, only the order tells.
        keeper.ask(order);
        keeper.replan(order);
    }
}
