//! Carries out a regeneration: ask, write ahead, send once, record; after a doubt, look for the new order.
//!
//! What an observation means is decided in [`crate::domain::regeneration`]; here is only the order of the steps.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    check,
    executed::{Executed, Found, ParentChecked, Searched},
    executor::Executor,
    look::{AHEAD, look, others},
};
use crate::{
    clock::Clock,
    desk::{
        book::Bookkeeper,
        gateway::{Gateway, Window, guarded, guarded_effect},
        hub::{Closed, NotRegenerated, Reply, ReplyTo},
    },
    domain::{
        deadline::REGENERABLE_FOR,
        moment::Moment,
        order::{Order, OrderNo},
        recovery::PaymentPath,
        regenerable::{self, NotNow},
        regeneration::{self, Begin, Called, Event, Regeneration, RegenerationId, Search, may_be_child},
        story::OperatorAction,
        text::Text,
    },
    journal::{Journal, JournalError},
};

impl<G: Gateway> Executor<G> {
    /// Asks for the dead order once more.
    pub(in crate::desk) fn begin_regeneration<J: Journal, C: Clock>(
        &mut self,
        keeper: &Bookkeeper<J, C>,
        (order, path, reason): (OrderNo, PaymentPath, Option<Text>),
        reply_to: ReplyTo,
    ) {
        if let Err(closed) = self.open(keeper) {
            let reason = NotRegenerated::Closed(closed);
            return self.outbox.replies.push((reply_to, Reply::NotRegenerated { order, reason }));
        }
        let is_second_press = self.regenerations.contains_key(&order);
        self.regenerations.entry(order).or_default().push(reply_to);
        if is_second_press {
            return; // the first one is on its way, and its reply is for both
        }
        let asked = keeper.clocks.moment();
        let gateway = Arc::clone(&self.gateway);
        let known = others(&keeper.book().lineage(order), order);
        self.requests.spawn(async move {
            let check = async move {
                let answer = gateway.query(order).await?;
                let old = &answer.value;
                let since = old.created.unwrap_or(asked.now.at - REGENERABLE_FOR);
                // By the vendor's own date too: our idea of it may just have been mended.
                let latest =
                    answer.server_time.map_or(asked.now.latest(), |dated| dated.max(asked.now.latest()));
                let window = Window { from: since, to: latest + AHEAD };
                let likely = |order: &Order| !known.contains(&order.no) && may_be_child(order, old, since);
                let found = look(&*gateway, window, likely).await?;
                Ok((answer, found))
            };
            let answers = guarded(check).await;
            Executed::ParentChecked(Box::new(ParentChecked { order, path, reason, asked, answers }))
        });
    }

    /// The order is dead by a fresh answer: the request is recorded, and leaves once.
    pub(in crate::desk) async fn on_parent_checked<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        checked: ParentChecked,
    ) {
        let order = checked.order;
        let begun = match self.begin(keeper, checked).await {
            Ok(begun) => begun,
            Err(reason) => {
                let waiting = self.regenerations.remove(&order).unwrap_or_default();
                return self.outbox.reply_all(waiting, &Reply::NotRegenerated { order, reason });
            }
        };
        let waiting = self.regenerations.insert(order, Vec::new()).unwrap_or_default();
        self.outbox.reply_all(waiting, &Reply::Regenerating { order, id: begun });
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let called = guarded_effect(async move { gateway.regenerate(order).await }, Called::Doubt).await;
            Executed::Called { id: begun, parent: order, called }
        });
    }

    /// Records that the request is about to leave, if everything still speaks for it.
    async fn begin<J: Journal, C: Clock>(
        &self,
        keeper: &mut Bookkeeper<J, C>,
        checked: ParentChecked,
    ) -> Result<RegenerationId, NotRegenerated> {
        let ParentChecked { order, path, reason, asked, answers } = checked;
        let (answer, Found { is_whole, orders: children, .. }) =
            answers.map_err(NotRegenerated::Unanswered)?;
        let old = answer.value.clone();
        let was_dead = keeper.book().is_dead(order, keeper.clocks.moment().now);
        keeper.on_query_answer(answer.value, asked).await;
        let now = keeper.clocks.moment();
        self.open(keeper).map_err(NotRegenerated::Closed)?;
        check::in_time(asked, now).map_err(NotRegenerated::Unanswered)?;
        // What another program may have done in the meantime counts too.
        keeper.sync().await;
        let lineage = keeper.book().lineage(order);
        regenerable::may_regenerate(&old, &lineage, now.now).map_err(NotRegenerated::NotNow)?;
        if !was_dead {
            return Err(NotRegenerated::NotNow(NotNow::SaidOnce));
        }
        // Somebody else may have made one: that is the one to go on with.
        let since = old.created.unwrap_or(now.now.at);
        let is_alive = |child: &&Order| {
            let names_it = child.details.as_ref().is_some_and(|details| details.original == Some(order));
            may_be_child(child, &old, since) && (names_it || !regeneration::is_dead(child, now.now))
        };
        let adopted = children.iter().find(is_alive).map(|child| child.no);
        if adopted.is_none() && !is_whole {
            return Err(NotRegenerated::NotNow(NotNow::NotAllSeen));
        }
        let begin =
            Begin { lineage: lineage.root, parent: order, reason: reason.clone(), adopted, sent: now };
        let regeneration = Regeneration::begin(begin, keeper.clocks.wall());
        // A journal that does not take it takes no request either.
        let _said = keeper.on_action(order, OperatorAction::Chose { path, reason }).await;
        let claimed = keeper.claim_regeneration(&regeneration).await;
        if let Err(JournalError::Regenerated(_) | JournalError::Blocked(_)) = claimed {
            keeper.sync().await;
        }
        claimed.map_err(|error| match error {
            JournalError::Regenerated(other) => NotRegenerated::ByAnother(other),
            JournalError::Blocked(holder) => {
                NotRegenerated::NotNow(NotNow::AttemptOpen(holder.state.clone()))
            }
            error => NotRegenerated::Closed(Closed::Journal(error.to_string())),
        })?;
        match adopted {
            Some(child) => {
                keeper.follow(order);
                Err(NotRegenerated::NotNow(NotNow::Already(child)))
            }
            None => Ok(regeneration.id),
        }
    }

    /// The one answer, or none: on disk first, on the screen after that.
    pub(in crate::desk) async fn on_called<J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        id: RegenerationId,
        parent: OrderNo,
        called: &Called,
    ) {
        let waiting = self.regenerations.remove(&parent).unwrap_or_default();
        self.outbox.reply_all(waiting, &Reply::Regenerating { order: parent, id });
        let lineage = keeper.book().lineage(parent);
        let Some(regeneration) = lineage.regeneration(id) else { return };
        let known: Vec<OrderNo> = lineage.orders().collect();
        keeper.on_regeneration(regeneration, &Event::Called { called, known: &known }).await;
    }

    /// Lists what was made around the call, and asks for each order that could be the new one. False if there is nothing
    /// to look for any more.
    pub(in crate::desk) fn search<J: Journal, C: Clock>(
        &mut self,
        keeper: &Bookkeeper<J, C>,
        parent: OrderNo,
        asked: Moment,
    ) -> bool {
        let lineage = keeper.book().lineage(parent);
        let Some(regeneration) =
            lineage.regeneration_of(parent).filter(|known| known.state.is_open()).cloned()
        else {
            return false;
        };
        let old = keeper.book().case(parent).map(|case| case.order.clone());
        let known = others(&lineage, parent);
        let gateway = Arc::clone(&self.gateway);
        let window = Window { from: regeneration.born_after(old.as_ref()), to: asked.now.latest() + AHEAD };
        self.requests.spawn(async move {
            let search = async move {
                let old = match old {
                    Some(order) => order,
                    None => gateway.query(parent).await?.value,
                };
                let likely =
                    |order: &Order| !known.contains(&order.no) && regeneration.may_have_made(order, &old);
                look(&*gateway, window, likely).await
            };
            let found = guarded(search).await;
            Executed::Searched(Box::new(Searched { parent, asked, found, until: window.to }))
        });
        true
    }
}

/// What a search proves.
pub(in crate::desk) async fn on_found<J: Journal, C: Clock>(
    keeper: &mut Bookkeeper<J, C>,
    parent: OrderNo,
    asked: Moment,
    (found, until): (Found, Timestamp),
) {
    let Found { is_whole, orders, dated } = found;
    let lineage = keeper.book().lineage(parent);
    let Some(regeneration) = lineage.regeneration_of(parent) else { return keeper.follow(parent) };
    let Some(old) = keeper.book().case(parent).map(|case| case.order.clone()) else {
        return keeper.ask(parent);
    };
    let asked = keeper.clocks.dated(asked);
    let known = others(&lineage, parent);
    // Unless the newest orders were looked at too, what was not found counts for nothing.
    let is_whole = is_whole && asked.now.settled && dated.is_none_or(|dated| dated <= until);
    let search = Search { parent: &old, known: &known, found: &orders, is_whole, asked };
    keeper.on_regeneration(regeneration, &Event::Searched(search)).await;
}
