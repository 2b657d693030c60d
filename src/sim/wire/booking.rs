//! The requests from a search to an order.

use serde_json::Value;

use super::fields::Fields;
use crate::{
    domain::{card::CardBrand, money::Currency},
    sim::{
        order::{Contact, Document, Kind, Traveller},
        refusal::Refusal,
        shop::Search,
        world::{BAD_SEARCH, Book},
    },
};

/// What is missing or ill-formed in the data of a passenger.
const PASSENGER_DATA: i64 = 327;

/// `search.do`. Whatever is wrong with it has the same status.
pub(in crate::sim) fn search(body: &Value) -> Result<Search, Refusal> {
    read_search(body).map_err(|refusal| Refusal { status: BAD_SEARCH, ..refusal })
}

fn read_search(body: &Value) -> Result<Search, Refusal> {
    let fields = Fields::of(body)?;
    let wrong = |message: &str| Refusal::new(BAD_SEARCH, message);
    let returns = match fields.count("tripType", None, BAD_SEARCH)? {
        1 => None,
        2 => Some(fields.day("retDate", BAD_SEARCH)?.ok_or_else(|| wrong("retDate is required"))?),
        _ => return Err(wrong("tripType must be \"1\" or \"2\"")),
    };
    let place = |name: &str| {
        let code = fields.required(name, BAD_SEARCH)?;
        let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_code {
            Ok(code.to_ascii_uppercase())
        } else {
            Err(wrong(&format!("{name} must be a code of three letters")))
        }
    };
    let airlines = fields.texts("airlines")?;
    if airlines.len() > 5 {
        return Err(wrong("airlines are at most 5"));
    }
    let currency = fields.filter("currency")?;
    Ok(Search {
        from: place("fromCity")?,
        to: place("toCity")?,
        leaves: fields.day("fromDate", BAD_SEARCH)?.ok_or_else(|| wrong("fromDate is required"))?,
        returns,
        party: [
            fields.count("adultNum", None, BAD_SEARCH)?,
            fields.count("childNum", Some(0), BAD_SEARCH)?,
            fields.count("infantNum", Some(0), BAD_SEARCH)?,
        ],
        currency: currency
            .map(|code| Currency::parse(&code).ok_or_else(|| wrong("currency must be a three-letter code")))
            .transpose()?,
        airlines,
    })
}

/// `verify.do`.
pub(in crate::sim) fn verify(body: &Value) -> Result<String, Refusal> {
    Fields::of(body)?.required("routingIdentifier", 212)
}

/// `order.do`.
pub(in crate::sim) fn order(body: &Value) -> Result<Book, Refusal> {
    let fields = Fields::of(body)?;
    let session = match fields.filter("sessionId")? {
        Some(session) => session,
        None => fields.filter("offerId")?.ok_or_else(|| Refusal::new(100, "sessionId is required"))?,
    };
    refuse_ancillaries(&fields)?;
    let people = fields.list("passengers", "a list of objects", |item| item.as_object().cloned())?;
    if people.is_empty() {
        return Err(Refusal::new(100, "passengers is required"));
    }
    let travellers = people
        .iter()
        .map(|map| traveller(&Fields { map, within: "passengers." }))
        .collect::<Result<_, _>>()?;
    let contact =
        fields.object("contact", "contact.")?.ok_or_else(|| Refusal::new(100, "contact is required"))?;
    let contact = Contact {
        name: contact.required("name", 307)?,
        email: contact.filter("email")?,
        mobile: contact.filter("mobile")?,
    };
    let brand = match fields.object("payment", "payment.")? {
        None => None,
        Some(payment) => payment
            .filter("cardType")?
            .map(|word| {
                CardBrand::from_word(&word).ok_or_else(|| payment.ill_typed("cardType", "a card brand"))
            })
            .transpose()?,
    };
    let may_split = match fields.given("allowGenerateMultipleOrders") {
        None => false,
        Some(value) => {
            value.as_bool().ok_or_else(|| fields.ill_typed("allowGenerateMultipleOrders", "a boolean"))?
        }
    };
    Ok(Book { session, travellers, contact, brand, may_split })
}

/// Nothing is sold with a ticket. Whoever asks for it is not left to believe that it was.
fn refuse_ancillaries(fields: &Fields<'_>) -> Result<(), Refusal> {
    for name in ["ancillaries", "passengerBaggages"] {
        if !fields.list(name, "a list of objects", |item| item.as_object().cloned())?.is_empty() {
            let msg = format!("{}{name} must be empty: none are on sale", fields.within);
            return Err(Refusal::new(309, msg));
        }
    }
    Ok(())
}

fn traveller(fields: &Fields<'_>) -> Result<Traveller, Refusal> {
    refuse_ancillaries(fields)?;
    let kind = match fields.count("passengerType", None, 100)? {
        0 => Kind::Adult,
        1 => Kind::Child,
        2 => Kind::Infant,
        _ => return Err(fields.ill_typed("passengerType", "0, 1 or 2")),
    };
    let female = match fields.required("gender", 100)?.as_str() {
        "F" => true,
        "M" => false,
        _ => return Err(fields.ill_typed("gender", "M or F")),
    };
    let birthday = fields
        .day("birthday", PASSENGER_DATA)?
        .ok_or_else(|| Refusal::new(PASSENGER_DATA, "passengers.birthday is required"))?;
    let number = fields.filter("cardNum")?;
    let document = match number {
        None => None,
        Some(number) => Some(Document {
            kind: fields.filter("cardType")?.unwrap_or_else(|| "PP".to_owned()),
            number,
            expires: fields.day("cardExpired", 100)?,
            issued_in: fields.filter("cardIssuePlace")?,
        }),
    };
    Ok(Traveller {
        name: fields.required("name", 100)?,
        kind,
        birthday: Some(birthday),
        female,
        document,
        nationality: fields.filter("nationality")?,
    })
}

/// `orderCommit.do`: the order, and where the traveller goes afterwards. In a frame nobody goes anywhere.
pub(in crate::sim) fn commit(body: &Value) -> Result<(String, Option<String>), Refusal> {
    let fields = Fields::of(body)?;
    let redirect = fields.filter("redirectUri")?;
    if redirect
        .as_deref()
        .is_some_and(|uri| !["http://", "https://"].iter().any(|scheme| uri.starts_with(scheme)))
    {
        return Err(Refusal::new(307, "redirectUri must be a URL"));
    }
    // The schema says a text, the samples show a boolean.
    let in_frame = match fields.given("iframe") {
        None => false,
        Some(Value::Bool(in_frame)) => *in_frame,
        Some(Value::String(text)) if text == "true" || text == "false" => text == "true",
        Some(_) => return Err(Refusal::new(307, "iframe must be a boolean")),
    };
    Ok((fields.required("orderNo", 307)?, redirect.filter(|_| !in_frame)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_search_is_read_as_clients_write_it() {
        let plain = json!({
            "tripType": "1", "adultNum": 2, "childNum": 0, "infantNum": 0, "fromCity": "sin",
            "toCity": "BKK", "fromDate": "20261201", "retDate": "", "cid": "ABC12345_api_1",
        });
        let search = search(&plain).unwrap();
        assert_eq!((search.from.as_str(), search.party, search.returns), ("SIN", [2, 0, 0], None));
        let check = |field: &str, value: Value, word: &str| {
            let mut body = plain.clone();
            body[field] = value;
            let refusal = super::search(&body).unwrap_err();
            assert_eq!(refusal.status, BAD_SEARCH);
            assert!(refusal.msg.contains(word), "{}", refusal.msg);
        };
        check("tripType", json!("2"), "retDate is required");
        check("tripType", json!("3"), "tripType must be");
        check("fromDate", json!("2026-12-01"), "fromDate must be a date");
        check("fromCity", json!("SINGAPORE"), "three letters");
        check("adultNum", Value::Null, "adultNum is required");
        check("currency", json!("dollars"), "three-letter code");
        check("airlines", json!(["TR", "FD", "AK", "QG", "VJ", "6E"]), "at most 5");
    }

    #[test]
    fn a_confirmation_in_a_frame_leads_nowhere_else() {
        let redirect = |iframe: Value| {
            let body = json!({ "orderNo": "A", "redirectUri": "https://a.example/", "iframe": iframe });
            commit(&body).map(|(_, redirect)| redirect.is_some()).map_err(|refusal| refusal.status)
        };
        assert_eq!(redirect(Value::Null), Ok(true));
        assert_eq!(redirect(json!(false)), Ok(true));
        assert_eq!((redirect(json!(true)), redirect(json!("true"))), (Ok(false), Ok(false)));
        assert_eq!(redirect(json!(1)), Err(307));
        let elsewhere = json!({ "orderNo": "A", "redirectUri": "javascript:alert(1)" });
        assert_eq!(commit(&elsewhere).err().map(|refusal| refusal.status), Some(307));
    }

    #[test]
    fn the_first_fault_of_a_booking_is_named() {
        let whole = json!({
            "sessionId": "s", "contact": { "name": "LIN/MEI" },
            "passengers": [{ "name": "LIN/MEI", "passengerType": 0, "gender": "F", "birthday": "19880412" }],
        });
        assert!(order(&whole).is_ok());
        let check = |field: &str, value: Value, want: (i64, &str)| {
            let mut body = whole.clone();
            body[field] = value;
            let refusal = order(&body).err().unwrap();
            assert_eq!((refusal.status, refusal.msg.as_str()), want);
        };
        check("sessionId", Value::Null, (100, "sessionId is required"));
        check("passengers", json!([]), (100, "passengers is required"));
        check("passengers", json!([{ "name": "A/B" }]), (100, "passengers.passengerType is required"));
        check("contact", Value::Null, (100, "contact is required"));
        check("contact", json!({}), (307, "contact.name is required"));
        check(
            "passengers",
            json!([{ "name": "LIN/MEI", "passengerType": 0, "gender": "F" }]),
            (327, "passengers.birthday is required"),
        );
        check("payment", json!({ "cardType": "Maestro" }), (400, "payment.cardType must be a card brand"));
        check(
            "allowGenerateMultipleOrders",
            json!("yes"),
            (400, "allowGenerateMultipleOrders must be a boolean"),
        );
    }
}
