//! Notifications as they come: webhook bodies and rows of the incident list. Read as leniently as any
//! other answer, since nothing in it is believed.

use serde::Deserialize;

use super::field::{Field, document};
use crate::domain::{
    airline_trouble::AirlineStatus,
    mask::{holds_card_number, mask},
    notification::{Kind, Notification},
    order::Airline,
    text::Text,
};

/// The longest body that is kept of a notification, in characters.
const KEPT: usize = 8_000;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Field<'a>,
    /// What some events call their type.
    notification_type: Field<'a>,
    notification_id: Field<'a>,
    data: Field<'a>,
    // Older events are flat.
    order_no: Field<'a>,
    error_code: Field<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data<'a> {
    #[serde(borrow)]
    order_no: Field<'a>,
    original_order_no: Field<'a>,
    error_code: Field<'a>,
    ticket_error_code: Field<'a>,
}

/// Reads the body of a webhook; `None` unless it is one JSON object with a `type`.
pub fn webhook(body: &[u8]) -> Option<Notification> {
    let envelope: Envelope<'_> = document(body).ok()?;
    let kind = text(envelope.kind).or_else(|| text(envelope.notification_type))?;
    let data: Data<'_> = envelope.data.object();
    let first = |fields: [Field<'_>; 3]| fields.into_iter().find_map(text);
    let orders = [data.order_no, data.original_order_no, envelope.order_no];
    Some(Notification {
        kind: Kind::of_word(&kind),
        order: orders.into_iter().find_map(|order| order.parse()),
        id: text(envelope.notification_id),
        error: first([data.error_code, data.ticket_error_code, envelope.error_code]),
        raw: kept(body),
    })
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OfAirlines<'a> {
    #[serde(borrow)]
    airline: Field<'a>,
    #[serde(rename = "airlines")]
    several: Field<'a>,
    airline_status: Field<'a>,
}

/// What a notification says of airlines; nothing, unless it names some and says how they are.
pub fn airline_status(notification: &Notification) -> Option<AirlineStatus> {
    if notification.kind != Kind::AirlineStatus {
        return None;
    }
    let raw = notification.raw.as_bytes();
    let (flat, envelope): (OfAirlines<'_>, Envelope<'_>) = (document(raw).ok()?, document(raw).ok()?);
    let said: OfAirlines<'_> = envelope.data.object();
    let mut airlines = Vec::new();
    for code in [said.airline, said.several, flat.airline, flat.several].into_iter().flat_map(Field::texts) {
        airlines.extend(Airline::parse(&code).filter(|airline| !airlines.contains(airline)));
    }
    let word = text(said.airline_status).or_else(|| text(flat.airline_status))?;
    (!airlines.is_empty()).then_some(AirlineStatus { airlines, word })
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IncidentsAnswer<'a> {
    #[serde(borrow)]
    records: Field<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Incident<'a> {
    #[serde(borrow)]
    event_id: Field<'a>,
    event_type: Field<'a>,
    order_no: Field<'a>,
}

/// Reads an answer of `event/getPageList.do`; rows without a type are passed over.
pub(super) fn incidents(body: &[u8]) -> serde_json::Result<Vec<Notification>> {
    let answer: IncidentsAnswer<'_> = document(body)?;
    let notification = |row: Field<'_>| {
        let incident: Incident<'_> = row.object();
        Some(Notification {
            kind: Kind::of_word(&text(incident.event_type)?),
            order: incident.order_no.parse(),
            id: text(incident.event_id),
            error: None,
            raw: kept(row.raw()?.as_bytes()),
        })
    };
    Ok(answer.records.list().into_iter().filter_map(notification).collect())
}

/// A text of a notification: strangers write them too, and screens show them.
fn text(field: Field<'_>) -> Option<Text> {
    field.text().map(|text| Text::new(&mask(&text))).filter(|text| !text.is_empty())
}

/// The words of a notification as the journal keeps them: whatever looks like a card number is masked, before they are cut.
fn kept(body: &[u8]) -> String {
    let masked = mask(&String::from_utf8_lossy(body));
    // Digits may be written as escapes: then the body is written again from what they say.
    let decoded = masked.contains("\\u").then(|| serde_json::from_str(&masked).ok()).flatten();
    let rewritten =
        decoded.map(|value: serde_json::Value| value.to_string()).filter(|text| holds_card_number(text));
    rewritten.map_or(masked, |text| mask(&text)).chars().take(KEPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO: &str = "TESTA20261122135802207";

    #[test]
    fn every_shape_of_the_documents_names_its_kind_and_its_order() {
        let check = |body: &str, kind: Kind, order: Option<&str>, error: Option<&str>| {
            let notification = webhook(body.as_bytes()).expect(body);
            assert_eq!(notification.kind, kind, "{body}");
            assert_eq!(notification.order.map(|order| order.to_string()).as_deref(), order, "{body}");
            assert_eq!(notification.error.as_deref(), error, "{body}");
        };
        check(
            r#"{"cid":"x","type":"order.cancelled","status":-1,"data":{"orderNo":"TESTA20261122135802207","errorCode":"604"}}"#,
            Kind::Cancelled,
            Some(NO),
            Some("604"),
        );
        check(
            r#"{"type":"order.cancel","data":{"orderNo":"TESTA20261122135802207","ticketErrorCode":623}}"#,
            Kind::Cancelled,
            Some(NO),
            Some("623"),
        );
        check(
            r#"{"type":"order.refundComplete","orderNo":"TESTA20261122135802207","refundStatus":2}"#,
            Kind::RefundComplete,
            Some(NO),
            None,
        );
        check(r#"{"type":"airline.status","data":{"airline":["5J"]}}"#, Kind::AirlineStatus, None, None);
        check(r#"{"type":"order.new","data":[1]}"#, Kind::Other("order.new".into()), None, None);
        for kind in ["", r#""type":null,"#, r#""type":" ","#] {
            let body =
                format!(r#"{{{kind}"notificationType":"order.ticketed","data":{{"orderNo":"{NO}"}}}}"#);
            check(&body, Kind::Ticketed, Some(NO), None);
        }
        let both = r#"{"type":"order.void","notificationType":"order.ticketed"}"#;
        check(both, Kind::Void, None, None);
    }

    #[test]
    fn the_status_of_airlines_is_read_in_every_shape_and_from_nothing_else() {
        let said = |body: &str| {
            let status = airline_status(&webhook(body.as_bytes()).expect(body))?;
            Some((status.airlines.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), status.word))
        };
        let check = |data: &str, want: Option<(&str, &str)>| {
            let got = said(&format!(r#"{{"type":"airline.status",{data}}}"#));
            assert_eq!(got, want.map(|(airlines, word)| (airlines.to_owned(), word.into())), "{data}");
        };
        check(
            r#""data":{"airline":["TR","5J"],"airlineStatus":"Maintenance"}"#,
            Some(("TR 5J", "Maintenance")),
        );
        check(r#""data":{"airline":"tr","airlineStatus":"ACTIVE"}"#, Some(("TR", "ACTIVE")));
        check(r#""data":{"airline":"TR,5J, TR","airlineStatus":"Inactive"}"#, Some(("TR 5J", "Inactive")));
        check(r#""airlines":["VY"],"airlineStatus":"On strike""#, Some(("VY", "On strike")));
        for nothing in [
            r#""data":{"airline":[],"airlineStatus":"Active"}"#,
            r#""data":{"airline":["TIGERAIR",7],"airlineStatus":"Active"}"#,
            r#""data":{"airline":["TR"]}"#,
            r#""data":null"#,
        ] {
            check(nothing, None);
        }
        assert_eq!(said(r#"{"type":"order.void","data":{"airline":["TR"],"airlineStatus":"Active"}}"#), None);
    }

    #[test]
    fn what_is_no_notice_is_none() {
        for body in ["", "null", "[]", "{}", r#"{"type":""}"#, r#"{"type":null}"#, r#"{"data":{}}"#, "<html>"]
        {
            assert_eq!(webhook(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn a_card_number_in_a_notice_is_masked_before_it_is_kept() {
        let notification =
            webhook(br#"{"type":"email.all","data":{"emailSubject":"card 4111 1111 1111 1111"}}"#).unwrap();
        assert!(notification.raw.contains("**** **** **** 1111"), "{}", notification.raw);
    }
}
