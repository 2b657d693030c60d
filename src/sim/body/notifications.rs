//! Webhooks and the incident list.

use jiff::{SignedDuration, civil};
use serde_json::{Value, json};

use super::{details::traveller_of, encoder::Encoder, envelope::success};
use crate::sim::{
    chance::mix,
    notification::{State, Type},
    order::{Flight, Order, SINGAPORE},
    scenario::HookForm,
    time::Moment,
    time::secs,
    world::{Delivery, Incident, IncidentPage, World},
};

/// The type as it goes over the wire.
fn name(kind: Type, form: HookForm) -> String {
    match (kind, form) {
        (Type::Cancelled, HookForm::Legacy) => "order.cancel".to_owned(),
        _ => kind.name(),
    }
}

/// A notification: the envelope and what is in it. It says what is true when it leaves. Its `status` is no result.
pub(in crate::sim) fn notification(world: &World, delivery: &Delivery) -> Value {
    let encoder = &Encoder::of(world);
    let (client, order) = (world.client(), delivery.order.map(|index| &world.orders()[index]));
    let form = encoder.switches.hook;
    let mut envelope = json!({
        "cid": client,
        "type": name(delivery.kind, form),
        "status": if delivery.kind.is_incident() { 0 } else { -1 },
    });
    let Some(order) = order else {
        let codes: Vec<&str> = delivery.airlines.iter().map(|airline| airline.0.code).collect();
        return json!({
            "type": envelope["type"],
            "status": -1,
            "data": { "airline": codes, "airlineStatus": delivery.state },
        });
    };
    if delivery.kind == Type::RefundComplete {
        envelope["orderNo"] = order.no.as_str().into();
        envelope["refundCode"] = code(encoder, delivery.of, order).into();
        envelope["refundStatus"] = 2.into();
        return envelope;
    }
    let data = data(encoder, delivery, order);
    if delivery.kind == Type::Cancelled && form == HookForm::Guide {
        return json!({ "type": "order.cancelled", "data": data });
    }
    envelope["data"] = data;
    if delivery.kind.is_incident() || delivery.kind == Type::Mail {
        envelope["notificationId"] = delivery.id.as_str().into();
    }
    envelope
}

fn data(encoder: &Encoder<'_>, delivery: &Delivery, order: &Order) -> Value {
    let no = order.no.as_str();
    let subject = |text: &str| format!("{text} {}", order.locators().join(" "));
    let link = format!("https://mail.example/{}.eml", delivery.id);
    match delivery.kind {
        Type::Ticketed => {
            json!({ "orderNo": no, "orderStatus": 2, "paxTicketInfos": ticketed(encoder, order) })
        }
        Type::Cancelled => cancelled(order, encoder.switches.hook),
        Type::Baggage => super::baggage::exception(order),
        Type::Void => {
            let (status, message) = match delivery.state {
                State::Failed => (4, "Automatic processing failed after 10 attempts"),
                _ => (2, "Airline confirmed the void"),
            };
            json!({
                "orderNo": no, "voidCode": code(encoder, delivery.of, order), "voidStatus": status,
                "message": message,
            })
        }
        Type::ScheduleChange => {
            let later = SignedDuration::from_mins(195);
            let segments = |shift: SignedDuration| -> Vec<Value> {
                let flights = order.routing.flights.iter().enumerate();
                flights.map(|(at, flight)| segment(flight, shift, at < order.routing.outbound)).collect()
            };
            let cancelled = delivery.state == State::Cancelled;
            json!({
                "orderNo": no,
                "scheduleChangeType": if cancelled { 2 } else { 1 },
                "previousSegs": segments(SignedDuration::ZERO),
                "revisedSegs": if cancelled { Vec::new() } else { segments(later) },
                "originalSegs": segments(SignedDuration::ZERO),
            })
        }
        Type::ScheduleMail => json!({
            "orderNo": no, "emailSubject": subject("Flight time change for booking"), "emailLink": link,
        }),
        Type::Abnormal => json!({ "orderNo": no, "vendorRefundInformation": "FULLY" }),
        Type::Mail => json!({
            "orderNo": no,
            "emailReceivingDate": encoder.singapore(delivery.of),
            "uniqueCode": format!("{:016x}", mix(order.seed, 0x3a11)),
            "emailCategory": "Payment Success",
            "from": "noreply@airline.example",
            "to": order.contact.email,
            "emailSubject": subject("Your booking"),
            "emailLink": link,
            "createTime": encoder.singapore(delivery.of + secs(6)),
        }),
        Type::AddonComplete => json!({
            "addonOrderNo": no.replacen("TESTA", "TESTB", 1), "originalOrderNo": no, "orderStatus": "2",
        }),
        Type::RefundComplete | Type::AirlineStatus => Value::Null,
    }
}

fn ticketed(encoder: &Encoder<'_>, order: &Order) -> Vec<Value> {
    let one = |(nth, traveller)| {
        let mut person = traveller_of(traveller);
        person["ticketNos"] = json!(encoder.tickets(order, nth));
        person["airlinePNRs"] = json!(order.locators());
        person["ancillaries"] = json!([]);
        person
    };
    order.travellers.iter().enumerate().map(one).collect()
}

fn cancelled(order: &Order, form: HookForm) -> Value {
    let failure = order.failure();
    let (code, message) = (failure.map(|one| one.code.to_string()), failure.map(|one| one.message));
    let no = order.no.as_str();
    match form {
        HookForm::Guide => json!({ "orderNo": no, "errorCode": code, "errorMessage": message }),
        HookForm::Legacy => json!({
            "orderNo": no, "orderStatus": -3, "ticketErrorCode": code, "ticketErrorMessage": message,
        }),
        HookForm::Current | HookForm::Never => json!({
            "orderNo": no, "orderStatus": -3, "errorCode": code, "errorMessage": message,
        }),
    }
}

fn segment(flight: &Flight, shift: SignedDuration, outbound: bool) -> Value {
    let at = |time: civil::DateTime| time.saturating_add(shift).strftime("%Y-%m-%d %H:%M:%S").to_string();
    json!({
        "depAirport": flight.from.code, "arrAirport": flight.to.code,
        "depTime": at(flight.departs), "arrTime": at(flight.arrives()),
        "carrier": flight.airline.code,
        "flightNumber": format!("{}{}", flight.airline.code, flight.number),
        "depTerminal": "", "arrTerminal": "", "direction": if outbound { 1 } else { 2 },
    })
}

/// `voidCode` and `refundCode`: `yyyyMM-NNNN`.
fn code(encoder: &Encoder<'_>, at: Moment, order: &Order) -> String {
    let month = SINGAPORE.to_datetime(encoder.clock.wall(at)).strftime("%Y%m").to_string();
    format!("{month}-{:04}", mix(order.seed, 0xc0de) % 10_000)
}

/// `event/getPageList.do`. (`updateIme` is spelled so.)
pub(in crate::sim) fn incidents(
    encoder: &Encoder<'_>,
    page: &IncidentPage<'_>,
    (index, size): (usize, usize),
) -> Value {
    let words = |time: civil::DateTime| time.strftime("%b %-d, %Y %-I:%M:%S %p").to_string();
    let record = |(incident, order): &(&Incident, &Order)| {
        let at = words(SINGAPORE.to_datetime(encoder.clock.wall(incident.at)));
        let names: Vec<&str> = order.travellers.iter().map(|one| one.name.as_str()).collect();
        let first = order.routing.flights.first();
        json!({
            "eventId": incident.id,
            "orderNo": order.no.as_str(),
            "subOrderNo": format!("{}_1", order.no),
            "eventType": incident.kind,
            "eventStatus": 0,
            "eventTime": at,
            "extraInfo": null,
            "confirmedResult": null,
            "confirmedRemark": null,
            "clientCode": "SIM00001",
            "createTime": at,
            "updateIme": at,
            "airline": first.map(|flight| flight.airline.code),
            "depTime": first.map(|flight| words(flight.departs)),
            "confirmTime": null,
            "confirmUsr": null,
            "notified": 1,
            "pnr": order.locators().first(),
            "paxName": names.join(","),
            "paxEmail": order.contact.email,
        })
    };
    success(json!({
        "records": page.incidents.iter().map(record).collect::<Vec<_>>(),
        "pageIndex": index,
        "pageSize": size,
        "total": page.total,
    }))
}
