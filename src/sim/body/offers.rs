//! `search.do`, `verify.do` and `orderCommit.do`.

use serde_json::{Value, json};

use super::{
    envelope::success,
    format::{number, utc},
    routing::routing,
};
use crate::sim::{
    order::Fare,
    shop::{OFFERED, Offer},
    time::secs,
    world::{SEATS, Verified},
};

/// `search.do`: what is on sale, with the identifiers under which it is verified. The client's own `requestId`
/// comes back.
pub(in crate::sim) fn search(offers: &[Offer], request_id: &Value) -> Value {
    let mut body = success(json!({ "routings": offers.iter().map(offered).collect::<Vec<_>>() }));
    body["requestId"] = request_id.clone();
    body
}

/// `verify.do`: the routing once more, whether its price moved, and what a booking has to say.
pub(in crate::sim) fn verify(verified: &Verified) -> Value {
    let routing = offered(&verified.offer);
    let price = &verified.offer.routing.price;
    let mut change = json!({ "IsPriceChange": false });
    for (name, Fare { base, tax }) in ["Adult", "Child", "Infant"].into_iter().zip(price.fares) {
        for when in ["original", "new"] {
            change[format!("{when}{name}Price")] = number(base);
            change[format!("{when}{name}Tax")] = number(tax);
        }
    }
    success(json!({
        "sessionId": verified.session,
        "maxSeats": SEATS,
        "cardChargeList": routing["cardChargeList"],
        "routing": routing,
        "bookingRequirement": { "passenger": requirement() },
        "priceChange": change,
    }))
}

fn offered(offer: &Offer) -> Value {
    let mut value = routing(&offer.routing, offer.search.party);
    value["routingIdentifier"] = offer.identifier().into();
    value["refreshTime"] = utc(offer.found).into();
    value["expireTime"] = utc(offer.found + secs(OFFERED.as_secs())).into();
    value
}

/// What is asked of each passenger. (`decription` is spelled so.)
fn requirement() -> Value {
    let field = |kind: u8, required: bool, description: &str| json!({ "type": kind, "required": required, "decription": description });
    json!({
        "name": field(0, true, "FAMILY/GIVEN"),
        "passengerType": field(1, true, "0 adult, 1 child, 2 infant"),
        "gender": field(0, true, "M or F"),
        "birthday": field(0, true, "yyyyMMdd"),
        "nationality": field(0, false, "two letters"),
        "cardType": field(0, false, "PP, GA, TW, TB or HY"),
        "cardNum": field(0, false, ""),
        "cardExpired": field(0, false, "yyyyMMdd"),
        "cardIssuePlace": field(0, false, "two letters"),
    })
}

/// `orderCommit.do`: where the traveller confirms.
pub(in crate::sim) fn commit(url: &str) -> Value {
    success(json!({ "confirmationUrl": url }))
}
