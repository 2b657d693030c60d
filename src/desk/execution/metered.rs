//! A gateway that counts what goes through it: the requests that payments, regenerations and searches make out of turn.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use crate::{
    atlas::{Answer, CallOutcome, ReadError},
    desk::gateway::{Gateway, Page, Window},
    domain::{
        attempt::Sent,
        baggage::decision as baggage,
        find::Find,
        money::{Currency, Money},
        notification::Notification,
        order::{Order, OrderNo},
        payment::Payment,
        regeneration::Called,
        text::Text,
    },
};

/// The gateway, and how many requests have left through it since that was last asked. They never wait for the budget,
/// and take from it all the same: what can wait waits for them.
pub(super) struct Metered<G> {
    gateway: Arc<G>,
    left: AtomicU32,
}

impl<G: Gateway> Metered<G> {
    pub(super) fn new(gateway: Arc<G>) -> Self {
        Self { gateway, left: AtomicU32::new(0) }
    }

    /// The requests since the last call.
    pub(super) fn take(&self) -> u32 {
        self.left.swap(0, Ordering::Relaxed)
    }

    fn counted(&self) -> &G {
        self.left.fetch_add(1, Ordering::Relaxed);
        &self.gateway
    }
}

impl<G: Gateway> Gateway for Metered<G> {
    async fn list(&self, window: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        self.counted().list(window, page).await
    }

    async fn find(&self, find: &Find) -> Result<Answer<Page>, ReadError> {
        self.counted().find(find).await
    }

    async fn query(&self, order: OrderNo) -> Result<Answer<Order>, ReadError> {
        self.counted().query(order).await
    }

    async fn balance(&self, currency: Currency) -> Result<Answer<Money>, ReadError> {
        self.counted().balance(currency).await
    }

    async fn pay(&self, payment: &Payment) -> Sent {
        self.counted().pay(payment).await
    }

    async fn regenerate(&self, original: OrderNo) -> Called {
        self.counted().regenerate(original).await
    }

    async fn accept_loss(&self, order: OrderNo) -> baggage::Called {
        self.counted().accept_loss(order).await
    }

    async fn commit(&self, order: OrderNo) -> CallOutcome<Text> {
        self.counted().commit(order).await
    }

    async fn stop(&self, order: OrderNo) -> CallOutcome<()> {
        self.counted().stop(order).await
    }

    async fn incidents(&self) -> Result<Answer<Vec<Notification>>, ReadError> {
        self.counted().incidents().await
    }
}
