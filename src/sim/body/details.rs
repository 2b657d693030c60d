//! One order in full: `queryOrderDetails.do`, and the parts of it that a new order shows too.

use serde_json::{Map, Value, json};

use super::{
    encoder::Encoder,
    envelope::success,
    format::{day, number, singapore},
    routing::{methods, routing},
};
use crate::{
    domain::{method::PaymentMethod, money::Money},
    sim::{
        order::{Bill, Order, Source, State, Traveller},
        scenario::States,
    },
};

/// `queryOrderDetails.do`: states are strings here, unless the switch says otherwise.
pub(in crate::sim) fn query(encoder: &Encoder<'_>, order: &Order) -> Value {
    let mut body = Map::new();
    for part in [standing(encoder, order), prices(order), payment(encoder, order), people(encoder, order)] {
        if let Value::Object(part) = part {
            body.extend(part);
        }
    }
    success(Value::Object(body))
}

/// What the order is, and where it stands.
fn standing(encoder: &Encoder<'_>, order: &Order) -> Value {
    let failure = order.failure();
    let (status, ticketed) = (encoder.status(order), matches!(order.state, State::Ticketed(..)));
    let (status, ticketed) = match encoder.switches.states {
        States::Strings => (json!(status.to_string()), json!(if ticketed { "1" } else { "0" })),
        States::Numbers => (json!(status), json!(u8::from(ticketed))),
    };
    json!({
        "orderNo": order.no.as_str(),
        "orderList": null,
        "originalOrderNo": order.original.map(|no| no.to_string()),
        "pnrCode": order.pnr_code,
        "orderStatus": status,
        "ticketStatus": ticketed,
        "tktLimitTime": encoder.singapore(order.deadline),
        "createdTime": singapore(order.created),
        "updatedTime": encoder.singapore(order.updated),
        "errorCode": failure.map(|failure| failure.code.to_string()),
        "errorMessage": failure.map(|failure| failure.message),
        "airlineMessage": failure.and_then(|failure| failure.airline_message),
        "routing": routing(&order.routing, order.party()),
        "airlineBookings": airline_bookings(order),
        "itineraryDownload": format!("https://itinerary.example/download?orderNo={}", order.no),
        "refundRules": [],
        "subChannelID": "",
        "locale": "",
    })
}

/// What it costs, in both worlds of prices. Fares of types that nobody of travels with are named all the
/// same.
fn prices(order: &Order) -> Value {
    let (routing, party) = (&order.routing, order.party());
    let vendor = routing.has_vendor_fare();
    let charged_by_airline = match &order.state {
        State::Ticketed(paid, _) => matches!(paid.method, PaymentMethod::Vcc | PaymentMethod::Byoa),
        _ => false,
    };
    let [adult, child, infant] = routing.price.fares.map(|fare| number(fare.total()));
    json!({
        "totalPrice": number(order.total().amount),
        "currency": routing.price.settlement.code(),
        "adultTotalFare": adult,
        "childTotalFare": child,
        "infantTotalFare": infant,
        "totalAncillaryPrice": 0,
        "totalTransactionFee": number(routing.service_fee(party).amount),
        "vendorTotalPrice": vendor.then(|| number(routing.vendor_total(party).amount)),
        "vendorCost": charged_by_airline.then(|| number(order.vendor_cost().amount)),
        "vendorTotalAncillaryPrice": vendor.then_some(0),
        "vendorCurrency": vendor.then(|| routing.price.vendor.code()),
        "displayCurrency": null,
        "displayTotalPrice": null,
        "displayTotalAncillaryPrice": null,
    })
}

/// How it can be paid, or was.
fn payment(encoder: &Encoder<'_>, order: &Order) -> Value {
    let paid = order.paid();
    let by_vcc = paid.filter(|paid| paid.method == PaymentMethod::Vcc);
    let card_fee =
        paid.and_then(|paid| order.bill(paid.method).payment_fee).filter(|fee| !fee.amount.is_zero());
    json!({
        "payTime": paid.map(|paid| encoder.singapore(paid.at)),
        "paymentMethod": paid.map(|paid| paid.method.number()),
        "paymentFee": card_fee.map(|fee| number(fee.amount)),
        "supportPaymentMethod": if order.routing.supports(PaymentMethod::Vcc) { 3 } else { 1 },
        "supportPaymentMethods": methods(&order.routing),
        "paymentOptions": paid.is_none().then(|| payment_options(order)),
        "payment": paid.map(|paid| payment_option(order, paid.method)),
        "paymentAttempted": by_vcc.map(|paid| paid.charged),
        "vccStatus": "0",
    })
}

/// Who travels, and who asked for it.
fn people(encoder: &Encoder<'_>, order: &Order) -> Value {
    json!({
        "paxTicketInfos": travellers(encoder, order, true),
        "contact": {
            "name": order.contact.name,
            "address": null, "postcode": null, "companyName": null,
            "email": order.contact.email, "mobile": order.contact.mobile,
        },
        "ancillaryBuyMethod": null,
        "ifSeatOccupied": "SIMILAR_SEAT",
    })
}

/// Passengers. Before ticketing the query gives empty lists, and a new order gives nulls.
pub(super) fn travellers(encoder: &Encoder<'_>, order: &Order, in_query: bool) -> Vec<Value> {
    let locators = order.locators();
    let given_to_airline = |value: &Option<String>| match value {
        Some(value) if !locators.is_empty() => json!(vec![value; locators.len()]),
        _ => Value::Null,
    };
    let (emails, phones) = (given_to_airline(&order.contact.email), given_to_airline(&order.contact.mobile));
    let one = |(nth, traveller): (usize, &Traveller)| {
        let mut person = traveller_of(traveller);
        person["ticketNos"] = if in_query { json!(encoder.tickets(order, nth)) } else { Value::Null };
        person["airlinePNRs"] = if in_query { json!(locators) } else { Value::Null };
        person["contactEmails"] = emails.clone();
        person["contactPhones"] = phones.clone();
        person["ticketStatus"] = Value::Null;
        person["ancillaries"] = json!([]);
        person
    };
    order.travellers.iter().enumerate().map(one).collect()
}

/// What is known of a passenger before any ticket.
pub(super) fn traveller_of(traveller: &Traveller) -> Value {
    let document = traveller.document.as_ref();
    json!({
        "name": traveller.name,
        "passengerType": traveller.kind as u8,
        "birthday": traveller.birthday.map(day),
        "gender": if traveller.female { "F" } else { "M" },
        "cardNum": document.map(|document| &document.number),
        "cardType": document.map(|document| &document.kind),
        "cardIssuePlace": document.and_then(|document| document.issued_in.as_ref()),
        "cardExpired": document.and_then(|document| document.expires).map(day),
        "nationality": traveller.nationality,
    })
}

/// None before payment, without locator while ticketing.
fn airline_bookings(order: &Order) -> Vec<Value> {
    let (State::Ticketing(paid) | State::Ticketed(paid, _)) = &order.state else { return Vec::new() };
    let locators = order.locators();
    let tail = paid.card_tail.as_ref().filter(|_| paid.method == PaymentMethod::Vcc && !locators.is_empty());
    order
        .routing
        .airlines()
        .into_iter()
        .enumerate()
        .map(|(at, airline)| {
            json!({
                "airlineCode": airline.code,
                "airlineName": airline.name,
                "airlinePnr": locators.get(at),
                "airlineWebSiteAddress": airline.site,
                "mmbEmail": order.contact.email.as_deref().unwrap_or_default(),
                "tailDigitsOfPaymentCard": tail,
                "extras": null,
            })
        })
        .collect()
}

pub(super) fn payment_options(order: &Order) -> Vec<Value> {
    order.routing.methods.iter().map(|method| payment_option(order, *method)).collect()
}

fn payment_option(order: &Order, method: PaymentMethod) -> Value {
    let Bill { fare, source, service_fee, payment_fee } = order.bill(method);
    let part = |money: Money, from: Source| {
        json!({
            "amount": number(money.amount),
            "currency": money.currency.code(),
            "deductFrom": from.word(),
            "displayAmount": null,
            "displayCurrency": null,
        })
    };
    json!({
        "paymentMethod": method.number(),
        "ticketFare": part(fare, source),
        "serviceFee": part(service_fee, Source::Deposit),
        "paymentFee": payment_fee.map(|fee| part(fee, source)),
        "cardType": order.brand.filter(|_| method == PaymentMethod::Mor).map(|brand| brand.word()),
    })
}
