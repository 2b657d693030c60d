//! The gateway seam: what the desk asks of the API. Real over HTTP, simulated in tests of whole desk days.

use std::future::Future;

use jiff::Timestamp;

use crate::{
    atlas::{Answer, CallOutcome, Client, ListQuery, OrderPage, ReadError},
    domain::{
        attempt::{Doubt, Sent},
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

/// A span of creation times; the list is asked for one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Window {
    /// From this moment on.
    pub from: Timestamp,
    /// Up to this moment.
    pub to: Timestamp,
}

/// One page of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The orders on it, newest first.
    pub orders: Vec<Order>,
    /// A further page may follow.
    pub more: bool,
}

/// Orders on a full page: the most that the API gives.
pub const PAGE_SIZE: usize = 100;

/// Runs a read in a task of its own. Should it panic, that is one more way in which no answer came.
pub(super) async fn guarded<T: Send + 'static>(
    read: impl Future<Output = Result<T, ReadError>> + Send + 'static,
) -> Result<T, ReadError> {
    tokio::spawn(read).await.unwrap_or_else(|_| Err(ReadError::NoAnswer(BROKE_OFF.into())))
}

/// Runs a request that has an effect in a task of its own. Should it panic, the outcome is unknown and not lost: it is
/// what `in_doubt` makes of that.
pub(super) async fn guarded_effect<T: Send + 'static>(
    effect: impl Future<Output = T> + Send + 'static,
    in_doubt: fn(Doubt) -> T,
) -> T {
    tokio::spawn(effect).await.unwrap_or_else(|_| in_doubt(Doubt::Cut(BROKE_OFF.into())))
}

/// What a request that panicked leaves behind. Its own words may hold anything, and are not repeated.
const BROKE_OFF: &str = "the request broke off within the program";

/// The API as the desk needs it.
pub trait Gateway: Send + Sync + 'static {
    /// One page (from 1) of the orders created in `window`.
    fn list(&self, window: Window, page: u32)
    -> impl Future<Output = Result<Answer<Page>, ReadError>> + Send;

    /// The first page of the orders that the list holds of what is looked for, whenever they were created.
    fn find(&self, find: &Find) -> impl Future<Output = Result<Answer<Page>, ReadError>> + Send;

    /// One order with its details.
    fn query(&self, order: OrderNo) -> impl Future<Output = Result<Answer<Order>, ReadError>> + Send;

    /// The balance of the Atlas account in `currency`.
    fn balance(&self, currency: Currency) -> impl Future<Output = Result<Answer<Money>, ReadError>> + Send;

    /// Sends `pay.do`, once.
    fn pay(&self, payment: &Payment) -> impl Future<Output = Sent> + Send;

    /// Sends `regenerateOrder.do`, once.
    fn regenerate(&self, original: OrderNo) -> impl Future<Output = Called> + Send;

    /// Sends `confirmBaggageLoss.do`, once.
    fn accept_loss(&self, order: OrderNo) -> impl Future<Output = baggage::Called> + Send;

    /// Sends `orderCommit.do`: where the traveller confirms.
    fn commit(&self, order: OrderNo) -> impl Future<Output = CallOutcome<Text>> + Send;

    /// Sends `stopTicket.do`, once.
    fn stop(&self, order: OrderNo) -> impl Future<Output = CallOutcome<()>> + Send;

    /// The newest incidents that the vendor lists, as notifications.
    fn incidents(&self) -> impl Future<Output = Result<Answer<Vec<Notification>>, ReadError>> + Send;
}

/// What the answer to a request for this page says.
fn page_of(answer: Answer<OrderPage>, page: u32) -> Answer<Page> {
    let OrderPage { orders, total, skipped } = answer.value;
    let seen = u64::from(page) * PAGE_SIZE as u64;
    let full = orders.len() + skipped >= PAGE_SIZE;
    Answer {
        value: Page { orders, more: full && total.is_none_or(|total| seen < total) },
        server_time: answer.server_time,
    }
}

impl Gateway for Client {
    async fn list(&self, window: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        let query = ListQuery {
            created_from: Some(window.from),
            created_to: Some(window.to),
            page,
            page_size: PAGE_SIZE,
            find: None,
        };
        Ok(page_of(Client::list(self, &query).await?, page))
    }

    async fn find(&self, find: &Find) -> Result<Answer<Page>, ReadError> {
        let query =
            ListQuery { page: 1, page_size: PAGE_SIZE, find: Some(find.clone()), ..ListQuery::default() };
        Ok(page_of(Client::list(self, &query).await?, 1))
    }

    async fn query(&self, order: OrderNo) -> Result<Answer<Order>, ReadError> {
        Client::query(self, order).await
    }

    async fn balance(&self, currency: Currency) -> Result<Answer<Money>, ReadError> {
        Client::balance(self, currency).await
    }

    async fn pay(&self, payment: &Payment) -> Sent {
        Client::pay(self, payment).await
    }

    async fn regenerate(&self, original: OrderNo) -> Called {
        match Client::regenerate(self, original).await {
            CallOutcome::Done(child) => Called::Made(child),
            CallOutcome::Refused { status, .. } => Called::Refused(status),
            CallOutcome::NotSent(reason) => Called::Not(reason),
            CallOutcome::Doubt(doubt) => Called::Doubt(doubt),
        }
    }

    async fn accept_loss(&self, order: OrderNo) -> baggage::Called {
        match Client::confirm_baggage_loss(self, order).await {
            CallOutcome::Done(()) => baggage::Called::Taken,
            CallOutcome::Refused { status, .. } => baggage::Called::Declined(status),
            CallOutcome::NotSent(reason) => baggage::Called::NotSent(reason),
            CallOutcome::Doubt(doubt) => baggage::Called::InDoubt(doubt),
        }
    }

    async fn commit(&self, order: OrderNo) -> CallOutcome<Text> {
        Client::commit(self, order).await
    }

    async fn stop(&self, order: OrderNo) -> CallOutcome<()> {
        Client::stop(self, order).await
    }

    async fn incidents(&self) -> Result<Answer<Vec<Notification>>, ReadError> {
        Client::incidents(self).await
    }
}
