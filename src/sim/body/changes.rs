//! The calls that change an order or make one: `order.do`, `regenerateOrder.do`, `pay.do`, `cancelOrder.do` and `stopTicket.do`.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{
    details::{payment_options, travellers},
    encoder::Encoder,
    envelope::{finish, nothing, success},
    format::number,
    routing::{airlines, routing},
};
use crate::sim::{chance::session, endpoint::Endpoint, order::Order};

/// `regenerateOrder.do` and `order.do`: a new order, or several in one, numbers and references joined by a
/// comma.
pub(in crate::sim) fn new_order(encoder: &Encoder<'_>, orders: &[&Order], session_id: Option<&str>) -> Value {
    let Some(order) = orders.first() else { return nothing(Endpoint::Order) };
    let (routing_of, party) = (&order.routing, order.party());
    let vendor = routing_of.has_vendor_fare();
    let joined =
        |of: &dyn Fn(&Order) -> String| orders.iter().map(|order| of(order)).collect::<Vec<_>>().join(",");
    let sum = |of: &dyn Fn(&Order) -> Decimal| number(orders.iter().map(|order| of(order)).sum());
    success(json!({
        "sessionId": session_id.map_or_else(|| session(order.seed), str::to_owned),
        "offerId": null,
        "orderNo": joined(&|order| order.no.to_string()),
        "originalOrderNo": order.original.map(|no| no.to_string()),
        "ticketOrderNo": null,
        "totalPrice": sum(&|order| order.total().amount),
        "totalTransactionFee": sum(&|order| order.routing.service_fee(party).amount),
        "currency": routing_of.price.settlement.code(),
        "vendorTotalPrice": vendor.then(|| sum(&|order| order.routing.vendor_total(party).amount)),
        "vendorCurrency": vendor.then(|| routing_of.price.vendor.code()),
        "tktLimitTime": encoder.singapore(order.deadline),
        "pnrCode": joined(&|order| order.pnr_code.clone()),
        "includeExtraBaggage": 0,
        "paxTicketInfos": travellers(encoder, order, false),
        "routing": routing(routing_of, party),
        "duplicateOrders": null,
        "paymentOptions": payment_options(order),
    }))
}

/// `pay.do`.
pub(in crate::sim) fn pay(order: &Order) -> Value {
    success(json!({
        "orderNo": order.no.as_str(),
        "pnrCode": order.pnr_code,
        "paymentMethod": order.paid().map(|paid| paid.method.number()),
        "airlines": airlines(&order.routing),
    }))
}

/// `cancelOrder.do`.
pub(in crate::sim) fn cancelled() -> Value {
    success(json!({}))
}

/// `stopTicket.do`.
pub(in crate::sim) fn stop() -> Value {
    finish(
        json!({}),
        0,
        Some("Interception requested, please check the order status after 8 minutes".to_owned()),
    )
}
