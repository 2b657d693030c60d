//! `confirmBaggageLoss.do`, and the notice that asks for it.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{envelope::success, format::number};
use crate::sim::{chance::mix, order::Order};

/// `confirmBaggageLoss.do`
pub(in crate::sim) fn loss_confirmed() -> Value {
    success(json!({}))
}

/// What a notice says of an order whose ticketing is suspended. It alone names the amount; its form is not published.
pub(super) fn exception(order: &Order) -> Value {
    let failure = order.failure();
    let cents = i64::try_from(mix(order.seed, 0x1055) % 2_500).unwrap_or_default() + 300;
    let total = order.total();
    json!({
        "orderNo": order.no.as_str(),
        "orderStatus": 1,
        "errorCode": failure.map(|one| one.code.to_string()),
        "errorMessage": failure.map(|one| one.message),
        "lossAmount": number(Decimal::new(cents, 2)),
        "currency": total.currency.code(),
    })
}
