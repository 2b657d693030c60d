//! An order's story: what happened to it, in order, as the journal can tell it alone.

use jiff::Timestamp;

use super::{attempt::State, order::OrderStatus, text::Text};

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When, in UTC.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What can happen to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It was made (the vendor's record).
    Created,
    /// It was paid (the vendor's record).
    PaidAt,
    /// A list or a query showed a status that was new to the desk.
    Seen {
        /// The status.
        status: OrderStatus,
        /// Why ticketing failed (6xx), if it did.
        error: Option<Text>,
    },
    /// An attempt to pay entered a state.
    Attempt {
        /// The attempt's number within its lineage, from 1.
        number: usize,
        /// The state.
        state: State,
    },
}
