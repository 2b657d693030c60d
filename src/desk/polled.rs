//! What the requests of the schedule bring back.

use super::gateway::{Page, Window};
use crate::{
    atlas::{Answer, ReadError},
    domain::{
        moment::Moment,
        money::{Currency, Money},
        notification::Notification,
        order::{Order, OrderNo},
    },
};

/// An answer, or none, to what was asked at `asked`.
pub(super) struct Polled {
    pub(super) asked: Moment,
    pub(super) brought: Brought,
}

/// What came.
pub(super) enum Brought {
    Page(Window, u32, Result<Answer<Page>, ReadError>),
    Order(OrderNo, Box<Result<Answer<Order>, ReadError>>),
    Balance(Currency, Result<Answer<Money>, ReadError>),
    Incidents(Result<Answer<Vec<Notification>>, ReadError>),
}
