//! What the vendor says no with.

use crate::domain::order::OrderNo;

/// A business failure: the `status` and `msg` of an answer. `msg` is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub status: i64,
    pub msg: String,
    /// Earlier bookings of the same passengers on the same flights (318).
    pub duplicates: Vec<OrderNo>,
}

impl Refusal {
    pub(super) fn new(status: i64, msg: impl Into<String>) -> Self {
        Self { status, msg: msg.into(), duplicates: Vec::new() }
    }

    pub(super) fn with_duplicates(self, duplicates: impl IntoIterator<Item = OrderNo>) -> Self {
        Self { duplicates: duplicates.into_iter().collect(), ..self }
    }
}
