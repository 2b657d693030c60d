//! Flights and their price.

use serde_json::{Value, json};

use super::format::{minute, number};
use crate::{
    domain::{card::CardBrand, method::PaymentMethod, money::Currency},
    sim::{
        chance::session,
        order::{CARD_FEE, Fare, Flight, MERCHANT_BRANDS, Party, Routing},
    },
};

/// A routing, as searches, verifications and orders show it.
pub(super) fn routing(routing: &Routing, party: Party) -> Value {
    let flights = &routing.flights;
    let (out, back) = flights.split_at_checked(routing.outbound).unwrap_or((flights, &[]));
    let segments = |flights: &[Flight], before: usize| -> Vec<Value> {
        flights.iter().enumerate().map(|(at, flight)| segment(flight, before + at + 1)).collect()
    };
    let price = &routing.price;
    let [adult, child, infant] = price.fares;
    let brands = routing.supports(PaymentMethod::Mor).then_some(MERCHANT_BRANDS);
    let charge = |brand: CardBrand| {
        json!({
            "cardType": brand.word(),
            "percentage": number(CARD_FEE),
            "charge": null,
            "currency": "",
        })
    };
    let baggage: Vec<Value> = (1..=flights.len())
        .map(|segment| {
            json!({
                "segmentNo": segment, "baggageType": "CabinBaggageUnderSeat", "passengerType": 0,
                "baggagePiece": 1, "baggageWeight": 7, "baggageSize": "", "isAllWeight": null,
            })
        })
        .collect();
    json!({
        "fid": null,
        "routingIdentifier": identifier(routing),
        "supportCreditTransPayment": if routing.supports(PaymentMethod::Vcc) { "1" } else { "0" },
        "supportPaymentMethods": methods(routing),
        "currency": price.settlement.code(),
        "adultPrice": number(adult.base), "adultTax": number(adult.tax),
        "adultDetails": fare_details(adult),
        "childPrice": number(child.base), "childTax": number(child.tax),
        "childDetails": fare_details(child),
        "infantPrice": number(infant.base), "infantTax": number(infant.tax),
        "infantDetails": fare_details(infant),
        "infantAllowed": party[2] > 0,
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
        "vendorFare": routing.has_vendor_fare().then(|| vendor_fare(price.vendor_fares, price.vendor)),
        "separateBookings": routing.is_mixed(),
        "refreshTime": null,
        "expireTime": null,
        "ancillarySupported": [],
        "cardChargeList": brands.map(|brands| brands.map(charge)),
        "links": [],
    })
}

/// For an order it opens nothing: it is there because the vendor shows one.
fn identifier(routing: &Routing) -> String {
    session(routing.seed ^ 1).replace('-', "")
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

pub(super) fn airlines(routing: &Routing) -> Vec<&'static str> {
    routing.airlines().into_iter().map(|airline| airline.code).collect()
}

pub(super) fn methods(routing: &Routing) -> Vec<u8> {
    routing.methods.iter().map(|method| method.number()).collect()
}
