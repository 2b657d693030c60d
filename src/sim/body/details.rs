//! One order in full: `queryOrderDetails.do`, and the parts of it that a new order shows too.

use serde_json::{Map, Value, json};

use super::{day, methods, minute, number, session, singapore, success};
use crate::{
    domain::{
        card::CardBrand,
        method::PaymentMethod,
        money::{Currency, Money},
    },
    sim::order::{Bill, CARD_FEE, Fare, Flight, Kind, Order, Source, State, Traveller},
};

/// `queryOrderDetails.do`: states are strings here.
pub(in crate::sim) fn query(order: &Order) -> Value {
    let mut body = Map::new();
    for part in [standing(order), prices(order), payment(order), people(order)] {
        if let Value::Object(part) = part {
            body.extend(part);
        }
    }
    success(Value::Object(body))
}

/// What the order is, and where it stands.
fn standing(order: &Order) -> Value {
    let failure = order.failure();
    json!({
        "orderNo": order.no.as_str(),
        "orderList": null,
        "originalOrderNo": order.original.map(|no| no.to_string()),
        "pnrCode": order.pnr_code,
        "orderStatus": order.status().to_string(),
        "ticketStatus": if matches!(order.state, State::Ticketed(..)) { "1" } else { "0" },
        "tktLimitTime": singapore(order.deadline),
        "createdTime": singapore(order.created),
        "updatedTime": singapore(order.updated),
        "errorCode": failure.map(|failure| failure.code.to_string()),
        "errorMessage": failure.map(|failure| failure.message),
        "airlineMessage": failure.and_then(|failure| failure.airline_message),
        "routing": routing(order),
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
    let vendor = order.has_vendor_fare();
    let charged_by_airline = match &order.state {
        State::Ticketed(paid, _) => matches!(paid.method, PaymentMethod::Vcc | PaymentMethod::Byoa),
        _ => false,
    };
    let [adult, child, infant] = order.price.fares.map(|fare| number(fare.total()));
    json!({
        "totalPrice": number(order.total().amount),
        "currency": order.price.settlement.code(),
        "adultTotalFare": adult,
        "childTotalFare": child,
        "infantTotalFare": infant,
        "totalAncillaryPrice": 0,
        "totalTransactionFee": number(order.service_fee().amount),
        "vendorTotalPrice": vendor.then(|| number(order.vendor_total().amount)),
        "vendorCost": charged_by_airline.then(|| number(order.vendor_cost().amount)),
        "vendorTotalAncillaryPrice": vendor.then_some(0),
        "vendorCurrency": vendor.then(|| order.price.vendor.code()),
        "displayCurrency": null,
        "displayTotalPrice": null,
        "displayTotalAncillaryPrice": null,
    })
}

/// How it can be paid, or was.
fn payment(order: &Order) -> Value {
    let paid = order.paid();
    let by_vcc = paid.filter(|paid| paid.method == PaymentMethod::Vcc);
    let card_fee =
        paid.and_then(|paid| order.bill(paid.method).payment_fee).filter(|fee| !fee.amount.is_zero());
    json!({
        "payTime": paid.map(|paid| singapore(paid.at)),
        "paymentMethod": paid.map(|paid| paid.method.number()),
        "paymentFee": card_fee.map(|fee| number(fee.amount)),
        "supportPaymentMethod": if order.methods.contains(&PaymentMethod::Vcc) { 3 } else { 1 },
        "supportPaymentMethods": methods(order),
        "paymentOptions": paid.is_none().then(|| payment_options(order)),
        "payment": paid.map(|paid| payment_option(order, paid.method)),
        "paymentAttempted": by_vcc.map(|paid| paid.attempted),
        "vccStatus": "0",
    })
}

/// Who travels, and who asked for it.
fn people(order: &Order) -> Value {
    json!({
        "paxTicketInfos": travellers(order, true),
        "contact": {
            "name": order.travellers.first().map(Traveller::name),
            "address": null, "postcode": null, "companyName": null,
            "email": order.mailbox, "mobile": order.phone,
        },
        "ancillaryBuyMethod": null,
        "ifSeatOccupied": "SIMILAR_SEAT",
    })
}

/// Passengers. Before ticketing the query gives empty lists, and a new order gives nulls.
pub(super) fn travellers(order: &Order, in_query: bool) -> Vec<Value> {
    let locators = order.locators();
    let tickets = if in_query { json!(locators) } else { Value::Null };
    let given_to_airline =
        |value: &str| if locators.is_empty() { Value::Null } else { json!(vec![value; locators.len()]) };
    let one = |traveller: &Traveller| {
        json!({
            "name": traveller.name(),
            "passengerType": traveller.kind as u8,
            "birthday": day(traveller.birthday),
            "gender": if traveller.female { "F" } else { "M" },
            "cardNum": traveller.document,
            "cardType": "PP",
            "cardIssuePlace": traveller.country,
            "cardExpired": day(traveller.document_expires),
            "nationality": traveller.country,
            "ticketNos": tickets,
            "airlinePNRs": tickets,
            "contactEmails": given_to_airline(order.mailbox),
            "contactPhones": given_to_airline(&order.phone),
            "ticketStatus": null,
            "ancillaries": [],
        })
    };
    order.travellers.iter().map(one).collect()
}

/// None before payment, without locator while ticketing.
fn airline_bookings(order: &Order) -> Vec<Value> {
    let (State::Ticketing(paid) | State::Ticketed(paid, _)) = &order.state else { return Vec::new() };
    let locators = order.locators();
    let tail = paid.card_tail.as_ref().filter(|_| paid.method == PaymentMethod::Vcc && !locators.is_empty());
    order
        .airlines()
        .into_iter()
        .enumerate()
        .map(|(at, airline)| {
            json!({
                "airlineCode": airline.code,
                "airlineName": airline.name,
                "airlinePnr": locators.get(at),
                "airlineWebSiteAddress": airline.site,
                "mmbEmail": order.mailbox,
                "tailDigitsOfPaymentCard": tail,
                "extras": null,
            })
        })
        .collect()
}

pub(super) fn payment_options(order: &Order) -> Vec<Value> {
    order.methods.iter().map(|method| payment_option(order, *method)).collect()
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
        "cardType": (method == PaymentMethod::Mor).then(|| order.brand.word()),
    })
}

pub(super) fn routing(order: &Order) -> Value {
    let (out, back) = order.flights.split_at_checked(order.outbound).unwrap_or((&order.flights, &[]));
    let segments = |flights: &[Flight], before: usize| -> Vec<Value> {
        flights.iter().enumerate().map(|(at, flight)| segment(flight, before + at + 1)).collect()
    };
    let price = &order.price;
    let [adult, child, infant] = price.fares;
    let brands =
        order.methods.contains(&PaymentMethod::Mor).then_some([CardBrand::Visa, CardBrand::MasterCard]);
    let charge = |brand: CardBrand| {
        json!({
            "cardType": brand.word(),
            "percentage": number(CARD_FEE),
            "charge": null,
            "currency": "",
        })
    };
    let baggage: Vec<Value> = (1..=order.flights.len())
        .map(|segment| {
            json!({
                "segmentNo": segment, "baggageType": "CabinBaggageUnderSeat", "passengerType": 0,
                "baggagePiece": 1, "baggageWeight": 7, "baggageSize": "", "isAllWeight": null,
            })
        })
        .collect();
    json!({
        "fid": null,
        "routingIdentifier": session(order.seed ^ 1).replace('-', ""),
        "supportCreditTransPayment": if order.methods.contains(&PaymentMethod::Vcc) { "1" } else { "0" },
        "supportPaymentMethods": methods(order),
        "currency": price.settlement.code(),
        "adultPrice": number(adult.base), "adultTax": number(adult.tax),
        "adultDetails": fare_details(adult),
        "childPrice": number(child.base), "childTax": number(child.tax),
        "childDetails": fare_details(child),
        "infantPrice": number(infant.base), "infantTax": number(infant.tax),
        "infantDetails": fare_details(infant),
        "infantAllowed": order.travellers.iter().any(|one| one.kind == Kind::Infant),
        "childMandatorySeatingFee": null,
        "transactionFee": number(price.fee),
        "transactionFeeMode": "PER_PAX",
        "transactionFeePerPax": number(price.fee),
        "fromSegments": segments(out, 0),
        "retSegments": segments(back, out.len()),
        "rule": {
            "hasBaggage": 1, "baggageElements": baggage, "refundRules": [],
            "changesRules": [], "serviceElements": null,
        },
        "ancillaryProductElements": [],
        "vendorFare": order.has_vendor_fare().then(|| vendor_fare(price.vendor_fares, price.vendor)),
        "separateBookings": order.is_mixed(),
        "refreshTime": null,
        "expireTime": null,
        "ancillarySupported": ["luggage"],
        "cardChargeList": brands.map(|brands| brands.map(charge)),
        "links": [],
    })
}

fn fare_details(fare: Fare) -> Value {
    json!([
        { "code": "farePrice", "type": "base", "amount": number(fare.base), "description": "" },
        { "code": "tax", "type": "tax", "amount": number(fare.tax), "description": "" },
    ])
}

fn vendor_fare([adult, child, infant]: [Fare; 3], currency: Currency) -> Value {
    json!({
        "vendorAdultPrice": number(adult.base), "vendorAdultTax": number(adult.tax),
        "vendorChildPrice": number(child.base), "vendorChildTax": number(child.tax),
        "vendorInfantPrice": number(infant.base), "vendorInfantTax": number(infant.tax),
        "vendorCurrency": currency.code(),
    })
}

fn segment(flight: &Flight, index: usize) -> Value {
    json!({
        "segmentIndex": index,
        "carrier": flight.airline.code,
        "flightNumber": format!("{}{}", flight.airline.code, flight.number),
        "depAirport": flight.from.code,
        "depTime": minute(flight.departs),
        "arrAirport": flight.to.code,
        "arrTime": minute(flight.arrives()),
        "stopCities": "",
        "duration": flight.minutes,
        "codeShare": false,
        "cabin": "",
        "cabinClass": 1,
        "seatCount": 9,
        "aircraftCode": "320",
        "depTerminal": "",
        "arrTerminal": "",
        "operatingCarrier": "",
        "operatingFlightnumber": "",
        "fareFamily": flight.airline.fare_family,
    })
}
