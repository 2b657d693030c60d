//! The account: `balance.do` and `updateWebhookURL.do`.

use serde_json::{Value, json};

use super::{envelope::success, format::amount};
use crate::domain::money::Money;

/// `balance.do`.
pub(in crate::sim) fn balance(balance: Option<Money>) -> Value {
    success(json!({ "accountBalance": balance.map(amount) }))
}

/// `updateWebhookURL.do`.
pub(in crate::sim) fn registered() -> Value {
    success(json!({}))
}
