//! `regenerateOrder.do`, `cancelOrder.do` and `stopTicket.do`.

use serde_json::Value;

use super::fields::Fields;
use crate::sim::refusal::Refusal;

/// `regenerateOrder.do`.
pub(in crate::sim) fn regenerate(body: &Value) -> Result<String, Refusal> {
    Fields::of(body)?.required("originalOrderNo", 307)
}

/// `cancelOrder.do`.
pub(in crate::sim) fn cancel(body: &Value) -> Result<String, Refusal> {
    Fields::of(body)?.required("orderNo", 100)
}

/// `stopTicket.do`.
pub(in crate::sim) fn stop(body: &Value) -> Result<String, Refusal> {
    Fields::of(body)?.required("orderNo", 100)
}
