//! What every answer carries, and the failures.

use serde_json::{Map, Value};

use crate::sim::{endpoint::Endpoint, refusal::Refusal};

/// The business keys of the answer of an endpoint, which are all null in a failure.
pub(in crate::sim) fn keys(endpoint: Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::Search => &["routings"],
        Endpoint::Verify => {
            &["bookingRequirement", "cardChargeList", "maxSeats", "priceChange", "routing", "sessionId"]
        }
        Endpoint::Order | Endpoint::Regenerate => NEW_ORDER,
        Endpoint::Commit => &["confirmationUrl"],
        Endpoint::Pay => PAY,
        Endpoint::Query => QUERY,
        Endpoint::List => &["orders", "page", "pageSize", "totalRecords"],
        Endpoint::Stop | Endpoint::ConfirmLoss | Endpoint::UpdateWebhook | Endpoint::Cancel => &[],
        Endpoint::Balance => &["accountBalance"],
        Endpoint::Incidents => &["pageIndex", "pageSize", "records", "total"],
    }
}

const PAY: &[&str] = &["airlines", "orderNo", "paymentMethod", "pnrCode"];
const QUERY: &[&str] = &[
    "adultTotalFare",
    "airlineBookings",
    "airlineMessage",
    "ancillaryBuyMethod",
    "childTotalFare",
    "contact",
    "createdTime",
    "currency",
    "displayCurrency",
    "displayTotalAncillaryPrice",
    "displayTotalPrice",
    "errorCode",
    "errorMessage",
    "ifSeatOccupied",
    "infantTotalFare",
    "itineraryDownload",
    "locale",
    "orderList",
    "orderNo",
    "orderStatus",
    "originalOrderNo",
    "paxTicketInfos",
    "payTime",
    "payment",
    "paymentAttempted",
    "paymentFee",
    "paymentMethod",
    "paymentOptions",
    "pnrCode",
    "refundRules",
    "routing",
    "subChannelID",
    "supportPaymentMethod",
    "supportPaymentMethods",
    "ticketStatus",
    "tktLimitTime",
    "totalAncillaryPrice",
    "totalPrice",
    "totalTransactionFee",
    "updatedTime",
    "vccStatus",
    "vendorCost",
    "vendorCurrency",
    "vendorTotalAncillaryPrice",
    "vendorTotalPrice",
];
const NEW_ORDER: &[&str] = &[
    "currency",
    "duplicateOrders",
    "includeExtraBaggage",
    "offerId",
    "orderNo",
    "originalOrderNo",
    "paxTicketInfos",
    "paymentOptions",
    "pnrCode",
    "routing",
    "sessionId",
    "ticketOrderNo",
    "tktLimitTime",
    "totalPrice",
    "totalTransactionFee",
    "vendorCurrency",
    "vendorTotalPrice",
];

/// A failure: all business keys null, and the reason.
pub(in crate::sim) fn failure(endpoint: Endpoint, refusal: Refusal) -> Value {
    let nulls = keys(endpoint).iter().map(|key| ((*key).to_owned(), Value::Null));
    let mut body: Map<String, Value> = nulls.collect();
    if !refusal.duplicates.is_empty() {
        let numbers = refusal.duplicates.iter().map(|no| no.as_str().into()).collect();
        body.insert("duplicateOrders".to_owned(), Value::Array(numbers));
    }
    finish(Value::Object(body), refusal.status, Some(refusal.msg))
}

/// What a query says of an unknown order where the switch wants nulls: success, and nothing.
pub(in crate::sim) fn nothing(endpoint: Endpoint) -> Value {
    let nulls = keys(endpoint).iter().map(|key| ((*key).to_owned(), Value::Null));
    success(Value::Object(nulls.collect()))
}

/// Adds what every answer carries.
pub(super) fn finish(mut body: Value, status: i64, msg: Option<String>) -> Value {
    body["status"] = status.into();
    body["msg"] = msg.into();
    body["requestId"] = Value::Null;
    body["clientRequestId"] = Value::Null;
    body
}

pub(super) fn success(body: Value) -> Value {
    finish(body, 0, Some("success".to_owned()))
}
