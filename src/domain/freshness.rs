//! How fresh what is believed of an order is. It is no part of the order: an answer that says the same again changes this and
//! nothing else.

use std::time::Duration;

use jiff::Timestamp;

/// When the query was sent from which comes what is believed of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// By the vendor's clock as screens reckoned it then.
    pub asked_at: Timestamp,
    /// How long the machine had been up.
    pub up: Duration,
}
