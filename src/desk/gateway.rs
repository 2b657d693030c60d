//! The gateway seam: what the desk asks of the API. Real over HTTP, simulated in tests of whole desk days.

use std::future::Future;

use jiff::Timestamp;

use crate::{
    atlas::{Answer, ReadError},
    domain::{
        attempt::Sent,
        money::{Currency, Money},
        order::{Order, OrderNo},
        payment::Payment,
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

/// The API as the desk needs it.
pub trait Gateway: Send + Sync + 'static {
    /// One page (from 1) of the orders created in `window`.
    fn list(&self, window: Window, page: u32) -> impl Future<Output = Result<Answer<Page>, ReadError>> + Send;

    /// One order with its details. `asked_at` is noted in them.
    fn query(&self, order: OrderNo, asked_at: Timestamp)
    -> impl Future<Output = Result<Answer<Order>, ReadError>> + Send;

    /// The balance of the Atlas account in `currency`.
    fn balance(&self, currency: Currency) -> impl Future<Output = Result<Answer<Money>, ReadError>> + Send;

    /// Sends `pay.do`, once.
    fn pay(&self, payment: &Payment) -> impl Future<Output = Sent> + Send;
}
