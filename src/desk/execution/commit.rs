//! Asks for the link by which a traveller confirms at the airline, and takes an operator's word that they did.
//!
//! The link is for a person and is not kept; that it was given, and when it was asked for, is: a payment rests on it.

use std::sync::Arc;

use super::{executed::Executed, executor::Executor};
use crate::{
    atlas::CallOutcome,
    clock::Clock,
    desk::{
        book::Bookkeeper,
        gateway::{Gateway, guarded_effect},
        hub::{Closed, NotCommitted, Reply, ReplyTo},
    },
    domain::{
        committable::{self, NotNow},
        lineage::Lineage,
        moment::Moment,
        order::{Order, OrderNo},
        story::OperatorAction,
        text::Text,
    },
    journal::Journal,
};

type Rule = fn(&Order, &Lineage, jiff::Timestamp) -> Result<(), NotNow>;

impl<G: Gateway> Executor<G> {
    /// Asks for the link.
    pub(in crate::desk) async fn begin_commit<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        order: OrderNo,
        reply_to: ReplyTo,
    ) {
        if let Err(reason) = self.may_commit(keeper, order, committable::may_ask).await {
            return self.outbox.replies.push((reply_to, Reply::NotCommitted { order, reason }));
        }
        let is_second_press = self.links.contains_key(&order);
        self.links.entry(order).or_default().push(reply_to);
        if is_second_press {
            return; // the first one is on its way, and its reply is for both
        }
        let asked = keeper.clocks.moment();
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let outcome =
                guarded_effect(async move { gateway.commit(order).await }, CallOutcome::Doubt).await;
            Executed::Committed { order, asked, outcome }
        });
    }

    /// A link, or none: that it was given is on disk before anybody sees it.
    pub(in crate::desk) async fn on_committed<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        (order, asked): (OrderNo, Moment),
        outcome: CallOutcome<Text>,
    ) {
        let reply = match outcome {
            CallOutcome::Done(link) => {
                match keeper.on_action(order, OperatorAction::GotLink { asked }).await {
                    Ok(()) => Ok(Reply::Link { order, link, asked_at: asked.now.at }),
                    Err(error) => Err(NotCommitted::Closed(Closed::Journal(error.to_string()))),
                }
            }
            CallOutcome::Refused { status, .. } => Err(NotCommitted::Refused(status)),
            CallOutcome::NotSent(reason) => Err(NotCommitted::NotSent(reason)),
            CallOutcome::Doubt(doubt) => Err(NotCommitted::Unanswered(doubt)),
        };
        let reply = reply.unwrap_or_else(|reason| Reply::NotCommitted { order, reason });
        let waiting = self.links.remove(&order).unwrap_or_default();
        self.outbox.reply_all(waiting, &reply);
        // A refusal may mean that the order is not what it was.
        keeper.ask(order);
    }

    /// An operator says that the traveller has confirmed, which no answer ever does.
    pub(in crate::desk) async fn on_stated<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        order: OrderNo,
    ) -> Reply {
        let stated = match self.may_commit(keeper, order, committable::may_state).await {
            Ok(()) => {
                let said = keeper.on_action(order, OperatorAction::StatedConfirmed).await;
                said.map_err(|error| NotCommitted::Closed(Closed::Journal(error.to_string())))
            }
            Err(reason) => Err(reason),
        };
        keeper.ask(order);
        stated.map_or_else(|reason| Reply::NotCommitted { order, reason }, |()| Reply::Done)
    }

    /// May anything be done about it now? What another program has done meanwhile counts.
    async fn may_commit<J: Journal, C: Clock>(
        &self,
        keeper: &mut Bookkeeper<J, C>,
        order: OrderNo,
        rule: Rule,
    ) -> Result<(), NotCommitted> {
        keeper.sync().await;
        self.open(keeper).map_err(NotCommitted::Closed)?;
        let now = keeper.clocks.moment().now.at;
        match keeper.book().case(order) {
            Some(case) => rule(&case.order, &case.lineage, now).map_err(NotCommitted::NotNow),
            // Nothing was seen of it yet.
            None => Err(NotCommitted::NotNow(NotNow::NotSeen)),
        }
    }
}
