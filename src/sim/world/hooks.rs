//! What the vendor sends by itself, and what has been sent.

use std::collections::VecDeque;

use crate::sim::{
    notification::{State, Type},
    time::Moment,
    words::Carrier,
};

/// The account's client id until a client has named its own.
const ACCOUNT: &str = "SIM00001_api_1";

/// So many deliveries are remembered for `/_sim/webhooks`.
const REMEMBERED: usize = 10_000;

/// What the vendor sends, and where.
pub(super) struct Hooks {
    pub url: Option<String>,
    pub client: String,
    pub outbox: Vec<Delivery>,
    pub sent: VecDeque<Delivery>,
    pub incidents: Vec<Incident>,
}

/// One notification on its way.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Delivery {
    /// `notificationId`, the same for a notification that comes twice, and the `eventId` of an incident.
    pub id: String,
    pub kind: Type,
    pub state: State,
    pub order: Option<usize>,
    pub airlines: Vec<Carrier>,
    /// When that happened.
    pub of: Moment,
}

/// An entry of the incident list.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Incident {
    pub id: String,
    pub kind: Type,
    pub order: usize,
    pub at: Moment,
}

impl Hooks {
    pub(super) fn new(url: Option<String>) -> Self {
        Self {
            url,
            client: ACCOUNT.to_owned(),
            outbox: Vec::new(),
            sent: VecDeque::new(),
            incidents: Vec::new(),
        }
    }

    pub(super) fn deliver(&mut self, delivery: Delivery) {
        if self.sent.len() == REMEMBERED {
            self.sent.pop_front();
        }
        self.sent.push_back(delivery.clone());
        self.outbox.push(delivery);
    }
}
