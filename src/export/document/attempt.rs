//! What was done to pay an order: attempts, and new orders that were asked for.

use jiff::Timestamp;
use serde::Serialize;

use super::money::Money;
use crate::domain::{
    attempt::{Attempt, Charged},
    order::OrderNo,
    regeneration::Regeneration,
};

/// A new order that was asked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegenerationDocument {
    original_order_no: OrderNo,
    order_no: Option<OrderNo>,
    state: &'static str,
    reason: Option<String>,
    sent_time: Timestamp,
    changed_time: Timestamp,
}

impl From<&Regeneration> for RegenerationDocument {
    fn from(regeneration: &Regeneration) -> Self {
        Self {
            original_order_no: regeneration.parent,
            order_no: regeneration.state.child(),
            state: regeneration.state.word(),
            reason: regeneration.reason.as_ref().map(ToString::to_string),
            sent_time: regeneration.sent.now.at,
            changed_time: regeneration.changed_at,
        }
    }
}

/// An attempt to pay.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptDocument {
    attempt_id: String,
    order_no: String,
    payment_method: &'static str,
    amount: Money,
    card: Option<String>,
    state: &'static str,
    status: Option<i64>,
    charged: Charged,
    claimed_time: Timestamp,
    sent_time: Option<Timestamp>,
    changed_time: Timestamp,
}

impl From<&Attempt> for AttemptDocument {
    fn from(attempt: &Attempt) -> Self {
        Self {
            attempt_id: attempt.id.to_string(),
            order_no: attempt.order.to_string(),
            payment_method: attempt.method.word(),
            amount: attempt.amount.into(),
            card: attempt.card.map(|card| card.to_string()),
            state: attempt.state.word(),
            status: attempt.state.vendor_status(),
            charged: attempt.state.charged(),
            claimed_time: attempt.claimed_at,
            sent_time: attempt.sent.map(|sent| sent.now.at),
            changed_time: attempt.changed_at,
        }
    }
}
