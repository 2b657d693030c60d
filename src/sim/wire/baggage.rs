//! `confirmBaggageLoss.do`.

use serde_json::Value;

use super::fields::Fields;
use crate::sim::refusal::Refusal;

/// Which order's loss is accepted.
pub(in crate::sim) fn confirm_loss(body: &Value) -> Result<String, Refusal> {
    Fields::of(body)?.required("orderNo", 100)
}
