//! The bodies of answers, in the vendor's shapes: every documented key is there, with null where there is
//! nothing.

mod control;
mod details;
mod notices;
mod offers;
mod routing;

use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

pub(in crate::sim) use self::{
    control::{faults, ledger, order, orders, scenario, webhooks},
    details::query,
    notices::{incidents, notice},
    offers::{commit, search, verify},
};
use self::{
    details::{payment_options, travellers},
    routing::routing,
};
use super::{
    Refusal,
    chance::session,
    endpoint::Endpoint,
    order::{Order, Routing, SINGAPORE},
    scenario::{Cancelled, Switches},
    time::{Clock, Moment},
    world::{Filter, Page, World},
};
use crate::domain::money::Money;

/// What is needed to tell of an order over the wire: story time as wall time, and the variants in play.
#[derive(Clone, Copy)]
pub(in crate::sim) struct Teller<'a> {
    pub clock: &'a Clock,
    pub switches: Switches,
}

impl<'a> Teller<'a> {
    /// As the world stands.
    pub(in crate::sim) fn of(world: &'a World) -> Self {
        Self { clock: world.clock(), switches: world.switches }
    }

    /// `yyyy-MM-dd HH:mm:ss` in Singapore.
    fn singapore(&self, at: Moment) -> String {
        singapore(self.clock.wall(at))
    }

    /// `yyyy-MM-ddTHH:mm:ssZ`.
    fn utc(&self, at: Moment) -> String {
        utc(self.clock.wall(at))
    }

    /// `orderStatus`.
    fn status(&self, order: &Order) -> i8 {
        match (order.status(), self.switches.cancelled) {
            (-3, Cancelled::Older) => 3,
            (status, _) => status,
        }
    }
}

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
        Endpoint::Stop | Endpoint::UpdateWebhook => &[],
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
        "airlines": airlines(&order.routing),
    }))
}

/// `orderList.do`: states are integers here, times UTC.
pub(in crate::sim) fn list(teller: &Teller<'_>, page: &Page<'_>, asked: &Filter) -> Value {
    let orders: Vec<Value> = page.orders.iter().map(|order| list_item(teller, order)).collect();
    success(json!({
        "page": asked.page,
        "pageSize": asked.page_size,
        "totalRecords": page.total,
        "orders": orders,
    }))
}

fn list_item(teller: &Teller<'_>, order: &Order) -> Value {
    let failure = order.failure();
    let locators = order.locators();
    let ends = order.routing.ends();
    json!({
        "orderNo": order.no.as_str(),
        "pnrCode": order.pnr_code,
        "airlinePNRs": if locators.is_empty() { vec![] } else { vec![locators.join("|")] },
        "orderStatus": teller.status(order),
        "depDate": order.routing.flights.first().map(|flight| day(flight.departs.date())),
        "airlines": airlines(&order.routing),
        "orderCreateTimestamp": utc(order.created),
        "paymentTimestamp": order.paid().map(|paid| teller.utc(paid.at)),
        "paxNames": order.travellers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        "contactEmail": order.contact.email,
        "fromCity": ends.map(|(from, _)| from.city),
        "toCity": ends.map(|(_, to)| to.city),
        "errorCode": failure.map(|failure| failure.code.to_string()),
        "errorMessage": failure.map(|failure| failure.message),
    })
}

/// `regenerateOrder.do` and `order.do`: a new order, or several in one, numbers and references joined by a
/// comma.
pub(in crate::sim) fn new_order(teller: &Teller<'_>, orders: &[&Order], session_id: Option<&str>) -> Value {
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
        "tktLimitTime": teller.singapore(order.deadline),
        "pnrCode": joined(&|order| order.pnr_code.clone()),
        "includeExtraBaggage": 0,
        "paxTicketInfos": travellers(order, false),
        "routing": routing(routing_of, party),
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

/// `updateWebhookURL.do`.
pub(in crate::sim) fn registered() -> Value {
    success(json!({}))
}

fn airlines(routing: &Routing) -> Vec<&'static str> {
    routing.airlines().into_iter().map(|airline| airline.code).collect()
}

fn methods(routing: &Routing) -> Vec<u8> {
    routing.methods.iter().map(|method| method.number()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{
        order::{Part, make::tests::sample},
        time::Speed,
        world::IncidentPage,
    };

    fn keys_of(value: &Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn a_failure_has_the_keys_of_a_success() {
        let at: Timestamp = "2026-11-03T06:00:00Z".parse().unwrap();
        let clock = Clock::new(at, Speed::new(1.0).unwrap());
        let teller = Teller { clock: &clock, switches: Switches::default() };
        let order = sample(Part::Ticketed);
        let page = Page { orders: vec![&order], total: 1 };
        let check = |success: &Value, endpoint: Endpoint| {
            let failure = failure(endpoint, Refusal::new(9, "why"));
            assert_eq!(keys_of(success), keys_of(&failure), "{endpoint:?}");
            assert!(keys(endpoint).iter().all(|key| failure[key].is_null()));
            assert_eq!((&failure["status"], &failure["msg"]), (&json!(9), &json!("why")));
        };
        check(&pay(&order), Endpoint::Pay);
        check(&query(&teller, &order), Endpoint::Query);
        check(&new_order(&teller, &[&order], None), Endpoint::Order);
        check(&new_order(&teller, &[&order], None), Endpoint::Regenerate);
        check(&list(&teller, &page, &Filter::default()), Endpoint::List);
        check(&balance(None), Endpoint::Balance);
        check(&stop(), Endpoint::Stop);
        check(&registered(), Endpoint::UpdateWebhook);
        check(&commit("http://sim/confirm"), Endpoint::Commit);
        check(&search(&[], &Value::Null), Endpoint::Search);
        check(
            &incidents(&teller, &IncidentPage { incidents: Vec::new(), total: 0 }, (1, 10)),
            Endpoint::Incidents,
        );
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
