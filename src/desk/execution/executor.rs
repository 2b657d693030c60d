//! The payments and regenerations in hand: claimed, and not yet at their end. They stand apart from the polling, and never
//! wait for its budget.

use std::{collections::HashMap, sync::Arc};

use tokio::task::JoinSet;

use super::{executed::Executed, metered::Metered};
use crate::{
    desk::{
        Options,
        book::Bookkeeper,
        gateway::Gateway,
        hub::{Closed, Outbox, ReplyTo},
    },
    domain::{attempt::AttemptId, order::OrderNo},
    journal::Journal,
};

/// See the module. What it does step by step is in the files of payments and of regenerations.
pub(in crate::desk) struct Executor<G> {
    pub(super) gateway: Arc<Metered<G>>,
    pub(in crate::desk) options: Options,
    pub(super) requests: JoinSet<Executed>,
    /// Payments between their claim and their outcome.
    pub(super) payments: HashMap<AttemptId, OrderNo>,
    /// Orders that are just being regenerated, and who waits to learn whether that is begun.
    pub(super) regenerations: HashMap<OrderNo, Vec<ReplyTo>>,
    /// Orders whose loss on baggage is just being accepted, and who waits to learn whether that is begun.
    pub(super) losses: HashMap<OrderNo, Vec<ReplyTo>>,
    /// Orders for which a link is asked for, and who waits for it.
    pub(super) links: HashMap<OrderNo, Vec<ReplyTo>>,
    /// Orders whose issuance is just being stopped, and who waits to learn whether that is begun.
    pub(super) stops: HashMap<OrderNo, Vec<ReplyTo>>,
    /// Nothing new is begun, and nothing sent that has not been.
    pub(super) is_leaving: bool,
    pub(super) outbox: Outbox,
}

impl<G: Gateway> Executor<G> {
    pub(in crate::desk) fn new(gateway: Arc<G>, options: Options) -> Self {
        Self {
            gateway: Arc::new(Metered::new(gateway)),
            options,
            requests: JoinSet::new(),
            payments: HashMap::new(),
            regenerations: HashMap::new(),
            losses: HashMap::new(),
            links: HashMap::new(),
            stops: HashMap::new(),
            is_leaving: false,
            outbox: Outbox::default(),
        }
    }

    /// May anything be begun now?
    pub(super) fn open<J: Journal, C>(&self, keeper: &Bookkeeper<J, C>) -> Result<(), Closed> {
        if self.options.read_only {
            return Err(Closed::ReadOnly);
        }
        if self.is_leaving {
            return Err(Closed::Leaving);
        }
        match keeper.records.paying_off() {
            Some(reason) => Err(Closed::Journal(reason.clone())),
            None => Ok(()),
        }
    }

    /// How many payments, regenerations, acceptances and requests to stop are in hand.
    pub(in crate::desk) fn in_flight(&self) -> usize {
        self.payments.len() + self.regenerations.len() + self.losses.len() + self.stops.len()
    }

    /// Requests that have left since the last call.
    pub(in crate::desk) fn take_requests(&self) -> u32 {
        self.gateway.take()
    }

    /// What it has to say since the last call.
    pub(in crate::desk) fn take_outbox(&mut self) -> Outbox {
        std::mem::take(&mut self.outbox)
    }

    /// The program is leaving: what is in hand goes on to its outcome.
    pub(in crate::desk) fn leave(&mut self) {
        self.is_leaving = true;
    }

    /// The next step that has come to its end; for ever none, if nothing is on its way.
    pub(in crate::desk) async fn outcome(&mut self) -> Executed {
        loop {
            match self.requests.join_next().await {
                Some(Ok(executed)) => return executed,
                Some(Err(_)) => {}
                None => std::future::pending().await,
            }
        }
    }
}
