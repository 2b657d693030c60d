//! Publishes what has changed, to every listener at once: cases, health, balances, notices; then the replies that speak of
//! them.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{
    book::Bookkeeper,
    execution::Executor,
    gateway::Gateway,
    health::Health,
    hub::{Hub, Outbox, Update},
    options::Options,
    polling::Poller,
};
use crate::{
    clock::Clock,
    domain::{notification::Refusal, order::OrderNo},
    journal::Journal,
};

/// What is published, and what was.
pub(super) struct Publisher {
    hub: Arc<Hub>,
    published: Health,
    /// When the vendor's last notification came.
    pub(super) last_notification: Option<Timestamp>,
    /// Calls that the receiver of webhooks refused since the start, and when and why the last one was.
    calls_refused: u64,
    call_refused: Option<(Timestamp, Refusal)>,
}

impl Publisher {
    pub(super) fn new(hub: Arc<Hub>, options: &Options) -> Self {
        let published = options.health_at_start();
        Self { hub, published, last_notification: None, calls_refused: 0, call_refused: None }
    }

    /// The receiver of webhooks refused a call.
    pub(super) fn on_call_refused(&mut self, at: Timestamp, refusal: Refusal) {
        self.calls_refused += 1;
        self.call_refused = Some((at, refusal));
    }

    /// Publishes what has changed since the last call.
    pub(super) fn publish<G: Gateway, J: Journal, C: Clock>(
        &mut self,
        keeper: &mut Bookkeeper<J, C>,
        poller: &mut Poller<G>,
        executor: &mut Executor<G>,
    ) {
        let health = self.health(keeper, poller, executor);
        let outboxes = [poller.take_outbox(), executor.take_outbox()];
        let changed = (health != self.published).then(|| health.clone());
        let mut update = Update { health: changed, ..keeper.take_changes() };
        self.published = health;
        let mut replies = Vec::new();
        for outbox in outboxes {
            let Outbox { notices, replies: waiting } = outbox;
            update.notices.extend(notices);
            replies.extend(waiting);
        }
        self.hub.publish(&update);
        for (reply_to, reply) in replies {
            reply_to.reply(reply);
        }
    }

    fn health<G: Gateway, J: Journal, C: Clock>(
        &self,
        keeper: &Bookkeeper<J, C>,
        poller: &mut Poller<G>,
        executor: &Executor<G>,
    ) -> Health {
        let (clock, clock_offset) = keeper.clocks.vendor();
        let (requests_last_minute, pending) = poller.load(keeper.clocks.uptime());
        // By the clock that the last query was dated by, so that a plan which stands says the same again.
        let next_query = |(order, up): (OrderNo, Duration)| {
            let fresh = keeper.book().freshness(order)?;
            Some((order, fresh.asked_at + SignedDuration::try_from(up.checked_sub(fresh.up)?).ok()?))
        };
        let next_queries = poller.planned_for_doubts().filter_map(next_query).collect();
        let sight = poller.sight();
        Health {
            is_reading: false,
            next_queries,
            last_success: sight.last_success,
            last_sweep: sight.last_sweep,
            failures: sight.failures,
            error: sight.error.clone(),
            silent_until: sight.silent_until,
            requests_last_minute,
            pending,
            unpriced: poller.unpriced(),
            clock,
            clock_offset,
            in_flight: executor.in_flight(),
            paying_off: keeper.records.paying_off().cloned(),
            unwritten: keeper.records.unwritten(),
            last_notification: self.last_notification,
            calls_refused: self.calls_refused,
            call_refused: self.call_refused,
            stale_after: self.published.stale_after,
            budget_per_minute: self.published.budget_per_minute,
        }
    }
}
