//! The bodies of answers, in the vendor's shapes: every documented key is there, with null where there is
//! nothing.

mod details;

use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

use super::{
    Refusal,
    ledger::{Entry, Ledger},
    make::mix,
    order::{Order, SINGAPORE, Traveller},
    world::{Filter, Page},
};
use crate::domain::money::Money;

pub(in crate::sim) use self::details::query;
use self::details::{payment_options, routing, travellers};

/// The business keys of the answer of each endpoint, which are all null in a failure.
pub(in crate::sim) const PAY: &[&str] = &["airlines", "orderNo", "paymentMethod", "pnrCode"];
pub(in crate::sim) const QUERY: &[&str] = &[
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
pub(in crate::sim) const REGENERATE: &[&str] = &[
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
pub(in crate::sim) const LIST: &[&str] = &["orders", "page", "pageSize", "totalRecords"];
pub(in crate::sim) const BALANCE: &[&str] = &["accountBalance"];
pub(in crate::sim) const STOP: &[&str] = &[];

/// A failure: all business keys null, and the reason.
pub(in crate::sim) fn failure(keys: &[&str], refusal: Refusal) -> Value {
    let nulls: Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), Value::Null)).collect();
    finish(Value::Object(nulls), refusal.status, Some(refusal.msg))
}

/// Adds what every answer carries.
fn finish(mut body: Value, status: i64, msg: Option<String>) -> Value {
    body["status"] = status.into();
    body["msg"] = msg.into();
    body["requestId"] = Value::Null;
    body["clientRequestId"] = Value::Null;
    body
}

fn success(body: Value) -> Value {
    finish(body, 0, Some("success".to_owned()))
}

/// `pay.do`.
pub(in crate::sim) fn pay(order: &Order) -> Value {
    success(json!({
        "orderNo": order.no.as_str(),
        "pnrCode": order.pnr_code,
        "paymentMethod": order.paid().map(|paid| paid.method.number()),
        "airlines": airlines(order),
    }))
}

/// `orderList.do`: states are integers here, times UTC.
pub(in crate::sim) fn list(page: &Page<'_>, asked: &Filter) -> Value {
    let orders: Vec<Value> = page.orders.iter().map(|order| list_item(order)).collect();
    success(json!({
        "page": asked.page,
        "pageSize": asked.page_size,
        "totalRecords": page.total,
        "orders": orders,
    }))
}

fn list_item(order: &Order) -> Value {
    let failure = order.failure();
    let locators = order.locators();
    let ends = order.ends();
    json!({
        "orderNo": order.no.as_str(),
        "pnrCode": order.pnr_code,
        "airlinePNRs": if locators.is_empty() { vec![] } else { vec![locators.join("|")] },
        "orderStatus": order.status(),
        "depDate": order.flights.first().map(|flight| day(flight.departs.date())),
        "airlines": airlines(order),
        "orderCreateTimestamp": utc(order.created),
        "paymentTimestamp": order.paid().map(|paid| utc(paid.at)),
        "paxNames": order.travellers.iter().map(Traveller::name).collect::<Vec<_>>(),
        "contactEmail": order.mailbox,
        "fromCity": ends.map(|(from, _)| from.city),
        "toCity": ends.map(|(_, to)| to.city),
        "errorCode": failure.map(|failure| failure.code.to_string()),
        "errorMessage": failure.map(|failure| failure.message),
    })
}

/// `regenerateOrder.do`.
pub(in crate::sim) fn regenerate(order: &Order) -> Value {
    let vendor = order.has_vendor_fare();
    success(json!({
        "sessionId": session(order.seed),
        "offerId": null,
        "orderNo": order.no.as_str(),
        "originalOrderNo": order.original.map(|no| no.to_string()),
        "ticketOrderNo": null,
        "totalPrice": number(order.total().amount),
        "totalTransactionFee": number(order.service_fee().amount),
        "currency": order.price.settlement.code(),
        "vendorTotalPrice": vendor.then(|| number(order.vendor_total().amount)),
        "vendorCurrency": vendor.then(|| order.price.vendor.code()),
        "tktLimitTime": singapore(order.deadline),
        "pnrCode": order.pnr_code,
        "includeExtraBaggage": 0,
        "paxTicketInfos": travellers(order, false),
        "routing": routing(order),
        "duplicateOrders": null,
        "paymentOptions": payment_options(order),
    }))
}

/// `balance.do`.
pub(in crate::sim) fn balance(balance: Option<Money>) -> Value {
    success(json!({ "accountBalance": balance.map(amount) }))
}

/// `stopTicket.do`.
pub(in crate::sim) fn stop() -> Value {
    finish(
        json!({}),
        0,
        Some("Interception requested, please check the order status after 8 minutes".to_owned()),
    )
}

/// `/_sim/ledger`, which is ours: charges by order, lineages that were charged twice, and what is left.
pub(in crate::sim) fn ledger(ledger: &Ledger) -> Value {
    let entry = |entry: &Entry| {
        json!({
            "at": entry.at.to_string(),
            "kind": if entry.reversal { "reversal" } else { "charge" },
            "for": entry.of.word(),
            "source": entry.source.word(),
            "amount": number(entry.money.amount),
            "currency": entry.money.currency.code(),
        })
    };
    let orders: Map<String, Value> = ledger
        .accounts()
        .map(|(no, account)| {
            let entries: Vec<Value> = account.entries.iter().map(entry).collect();
            let value = json!({
                "lineage": account.root.map(|root| root.to_string()),
                "faresHeld": account.fares_held(),
                "entries": entries,
            });
            (no.to_string(), value)
        })
        .collect();
    let doubles: Map<String, Value> =
        ledger.double_charges().into_iter().map(|(root, fares)| (root.to_string(), fares.into())).collect();
    let balances: Map<String, Value> =
        ledger.balances().map(|money| (money.currency.to_string(), number(money.amount))).collect();
    json!({ "orders": orders, "doubleCharges": doubles, "balances": balances })
}

fn airlines(order: &Order) -> Vec<&'static str> {
    order.airlines().into_iter().map(|airline| airline.code).collect()
}

fn methods(order: &Order) -> Vec<u8> {
    order.methods.iter().map(|method| method.number()).collect()
}

fn amount(money: Money) -> Value {
    json!({ "amount": number(money.amount), "currency": money.currency.code() })
}

/// A JSON number with just the digits of the decimal.
fn number(amount: Decimal) -> Value {
    amount.normalize().to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}

/// `yyyy-MM-dd HH:mm:ss` in Singapore.
fn singapore(at: Timestamp) -> String {
    let at = SINGAPORE.to_datetime(at);
    let (date, time) = (at.date(), at.time());
    format!("{date} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

/// `yyyy-MM-ddTHH:mm:ssZ`.
fn utc(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// `yyyyMMdd`.
fn day(date: civil::Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// `yyyyMMddHHmm`.
fn minute(at: civil::DateTime) -> String {
    format!("{}{:02}{:02}", day(at.date()), at.hour(), at.minute())
}

/// A made-up session identifier, always the same for the same order.
fn session(seed: u64) -> String {
    let (a, b) = (mix(seed, 0x5e55), mix(seed, 0x1015));
    uuid::Builder::from_random_bytes((u128::from(a) << 64 | u128::from(b)).to_be_bytes())
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::make;

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn a_failure_has_the_keys_of_a_success() {
        let at: Timestamp = "2026-11-03T06:00:00Z".parse().unwrap();
        let order = make::order(1, 1, make::Part::Ticketed, at, make::HOLD);
        let page = Page { orders: vec![&order], total: 1 };
        let check = |success: &Value, business: &[&str]| {
            let failure = failure(business, Refusal::new(9, "why"));
            assert_eq!(keys(success), keys(&failure));
            assert!(business.iter().all(|key| failure[key].is_null()));
            assert_eq!((&failure["status"], &failure["msg"]), (&json!(9), &json!("why")));
        };
        check(&pay(&order), PAY);
        check(&query(&order), QUERY);
        check(&regenerate(&order), REGENERATE);
        check(&list(&page, &Filter::default()), LIST);
        check(&balance(None), BALANCE);
        check(&stop(), STOP);
    }

    #[test]
    fn numbers_and_times_have_the_vendors_form() {
        let at: Timestamp = "2026-11-03T16:15:02.317Z".parse().unwrap();
        assert_eq!(singapore(at), "2026-11-04 00:15:02");
        assert_eq!(utc(at), "2026-11-03T16:15:02Z");
        assert_eq!(minute(civil::date(2026, 1, 2).at(3, 4, 0, 0)), "202601020304");
        let check = |amount: &str, want: &str| assert_eq!(number(amount.parse().unwrap()).to_string(), want);
        check("114.99", "114.99");
        check("1346.00", "1346");
        check("12308007.89", "12308007.89");
        check("2410000", "2410000");
    }
}
