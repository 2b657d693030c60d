//! `queryOrderDetails.do`: an order in full. `regenerateOrder.do` answers in the same shape.

use serde::Deserialize;

use super::payment::{card_fees, option};
use crate::{
    atlas::{
        field::{Field, document},
        odd::{Odd, Oddity},
    },
    domain::{
        method::PaymentMethod,
        order::{
            Airline, AirlineBooking, Details, Order, OrderNo, OrderStatus, Segment, TicketingError,
            Traveller, TravellerKind, Unclear,
        },
        text::Text,
    },
};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct QueryAnswer<'a> {
    #[serde(borrow)]
    order_no: Field<'a>,
    pnr_code: Field<'a>,
    order_status: Field<'a>,
    ticket_status: Field<'a>,
    pax_ticket_infos: Field<'a>,
    total_price: Field<'a>,
    currency: Field<'a>,
    tkt_limit_time: Field<'a>,
    pay_time: Field<'a>,
    created_time: Field<'a>,
    vendor_total_price: Field<'a>,
    vendor_cost: Field<'a>,
    vendor_currency: Field<'a>,
    total_transaction_fee: Field<'a>,
    support_payment_method: Field<'a>,
    support_payment_methods: Field<'a>,
    routing: Field<'a>,
    airline_bookings: Field<'a>,
    contact: Field<'a>,
    // Older documents spell the failure of ticketing out.
    error_code: Field<'a>,
    ticket_error_code: Field<'a>,
    error_message: Field<'a>,
    ticket_error_message: Field<'a>,
    airline_message: Field<'a>,
    payment_options: Field<'a>,
    payment: Field<'a>,
    payment_attempted: Field<'a>,
    original_order_no: Field<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RoutingAnswer<'a> {
    #[serde(borrow)]
    support_payment_methods: Field<'a>,
    from_segments: Field<'a>,
    ret_segments: Field<'a>,
    vendor_fare: Field<'a>,
    separate_bookings: Field<'a>,
    card_charge_list: Field<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct SegmentAnswer<'a> {
    #[serde(borrow)]
    carrier: Field<'a>,
    flight_number: Field<'a>,
    dep_airport: Field<'a>,
    dep_time: Field<'a>,
    arr_airport: Field<'a>,
    arr_time: Field<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct TravellerAnswer<'a> {
    #[serde(borrow)]
    name: Field<'a>,
    passenger_type: Field<'a>,
    card_num: Field<'a>,
    ticket_nos: Field<'a>,
    #[serde(rename = "airlinePNRs")]
    airline_pnrs: Field<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct BookingAnswer<'a> {
    #[serde(borrow)]
    airline_code: Field<'a>,
    airline_pnr: Field<'a>,
    tail_digits_of_payment_card: Field<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ContactAnswer<'a> {
    #[serde(borrow)]
    name: Field<'a>,
    email: Field<'a>,
    mobile: Field<'a>,
}

/// Reads an answer of `queryOrderDetails.do`, with what is odd in it. `None` when it holds no order (all keys null).
pub(in crate::atlas) fn order(body: &[u8]) -> serde_json::Result<Option<(Order, Vec<Oddity>)>> {
    let answer: QueryAnswer<'_> = document(body)?;
    let Some(no) = answer.order_no.parse::<OrderNo>() else { return Ok(None) };
    let mut odd = Odd::default();
    let routing: RoutingAnswer<'_> = answer.routing.object();
    let segments = segments(&routing);
    let people: Vec<TravellerAnswer<'_>> = answer.pax_ticket_infos.objects();
    let bookings = bookings(answer.airline_bookings);
    let error_code = if answer.error_code.is_there() { answer.error_code } else { answer.ticket_error_code };
    let error_message =
        if answer.error_message.is_there() { answer.error_message } else { answer.ticket_error_message };
    let outbound_end = segments.iter().rfind(|segment| !segment.inbound);
    let order = Order {
        no,
        pnr_code: answer.pnr_code.text(),
        status: OrderStatus::from_number(answer.order_status.integer()),
        from: segments.first().map(|segment| segment.from.clone()),
        to: outbound_end.map(|segment| segment.to.clone()),
        airlines: carriers(&segments).into(),
        passengers: people.iter().filter_map(|person| person.name.text()).collect(),
        departs: segments.first().and_then(|segment| segment.departs).map(|at| at.date()),
        created: answer.created_time.singapore_time(),
        paid_at: answer.pay_time.singapore_time(),
        airline_pnrs: pnrs(&people, &bookings).into(),
        ticketing_error: ticketing_error(error_code, error_message),
        details: Some(Box::new(Details {
            segments,
            bookings,
            ..details(&answer, &routing, &people, &mut odd)
        })),
    };
    Ok(Some((order, odd.found)))
}

/// Everything but segments and bookings.
fn details(
    answer: &QueryAnswer<'_>,
    routing: &RoutingAnswer<'_>,
    people: &[TravellerAnswer<'_>],
    odd: &mut Odd,
) -> Details {
    let currency = answer.currency.currency();
    let vendor_currency = answer.vendor_currency.currency();
    let deadline = answer.tkt_limit_time.singapore_time();
    if deadline.is_none() && answer.tkt_limit_time.is_there() {
        odd.note("tktLimitTime", answer.tkt_limit_time, true);
    }
    let total = odd.price("totalPrice", answer.total_price, currency, Unclear::Total);
    let service_fee =
        odd.price("totalTransactionFee", answer.total_transaction_fee, currency, Unclear::ServiceFee);
    let vendor_total =
        odd.price("vendorTotalPrice", answer.vendor_total_price, vendor_currency, Unclear::VendorTotal);
    let options = answer.payment_options.objects().iter().filter_map(|answer| option(answer, odd)).collect();
    Details {
        deadline,
        total,
        service_fee,
        vendor_total,
        vendor_cost: answer.vendor_cost.shown_money(vendor_currency),
        // The fare by passenger or its sum: either says that the airline's price is known.
        has_vendor_fare: routing.vendor_fare.is_there() || vendor_total.is_some(),
        methods: methods(answer, routing),
        options,
        // How it was paid is for show, and decides nothing.
        payment: option(&answer.payment.object(), &mut Odd::default()),
        payment_attempted: answer.payment_attempted.flag(),
        ticket_issued: answer.ticket_status.integer() == Some(1),
        travellers: people.iter().filter_map(traveller).collect(),
        separate_bookings: routing.separate_bookings.flag().unwrap_or(false),
        card_fees: card_fees(routing.card_charge_list),
        original: answer.original_order_no.parse(),
        airline_message: answer.airline_message.words(),
        contact: contact(&answer.contact.object()),
        unclear: std::mem::take(&mut odd.unclear),
        ..Details::default()
    }
}

/// The order's own list wins over the routing's; the deprecated single field is the last resort (1 deposit only,
/// 3 deposit and VCC).
fn methods(answer: &QueryAnswer<'_>, routing: &RoutingAnswer<'_>) -> Vec<PaymentMethod> {
    let read = |field: Field<'_>| -> Vec<PaymentMethod> {
        field.list().into_iter().filter_map(|number| PaymentMethod::from_number(number.integer()?)).collect()
    };
    for field in [answer.support_payment_methods, routing.support_payment_methods] {
        if field.is_there() {
            return read(field);
        }
    }
    match answer.support_payment_method.integer() {
        Some(1) => vec![PaymentMethod::Deposit],
        Some(3) => vec![PaymentMethod::Deposit, PaymentMethod::Vcc],
        _ => Vec::new(),
    }
}

fn segments(routing: &RoutingAnswer<'_>) -> Vec<Segment> {
    let read = |field: Field<'_>, inbound| -> Vec<Segment> {
        let segments: Vec<SegmentAnswer<'_>> = field.objects();
        let segment = |segment: SegmentAnswer<'_>| {
            Some(Segment {
                flight: segment.flight_number.text().unwrap_or_default(),
                carrier: segment.carrier.text().and_then(|code| Airline::parse(&code)),
                from: segment.dep_airport.text()?,
                to: segment.arr_airport.text()?,
                departs: segment.dep_time.airport_time(),
                arrives: segment.arr_time.airport_time(),
                inbound,
            })
        };
        segments.into_iter().filter_map(segment).collect()
    };
    let mut all = read(routing.from_segments, false);
    all.extend(read(routing.ret_segments, true));
    all
}

fn carriers(segments: &[Segment]) -> Vec<Airline> {
    let mut carriers: Vec<Airline> = Vec::new();
    for carrier in segments.iter().filter_map(|segment| segment.carrier) {
        if !carriers.contains(&carrier) {
            carriers.push(carrier);
        }
    }
    carriers
}

fn pnrs(people: &[TravellerAnswer<'_>], bookings: &[AirlineBooking]) -> Vec<Text> {
    let mut pnrs: Vec<Text> = bookings.iter().filter_map(|booking| booking.pnr.clone()).collect();
    for pnr in people.iter().flat_map(|person| person.airline_pnrs.texts()) {
        if !pnrs.contains(&pnr) {
            pnrs.push(pnr);
        }
    }
    pnrs
}

fn traveller(person: &TravellerAnswer<'_>) -> Option<Traveller> {
    let document = person.card_num.text();
    let tail = |text: &Text| {
        let count = text.chars().count();
        let tail: String = text.chars().skip(count.saturating_sub(3)).collect();
        Text::new(&tail)
    };
    Some(Traveller {
        name: person.name.text()?,
        kind: match person.passenger_type.integer() {
            Some(1) => TravellerKind::Child,
            Some(2) => TravellerKind::Infant,
            _ => TravellerKind::Adult,
        },
        document_tail: document.as_ref().map(tail),
        tickets: person.ticket_nos.texts().into(),
    })
}

fn bookings(field: Field<'_>) -> Vec<AirlineBooking> {
    let bookings: Vec<BookingAnswer<'_>> = field.objects();
    let booking = |booking: &BookingAnswer<'_>| AirlineBooking {
        airline: booking.airline_code.text().and_then(|code| Airline::parse(&code)),
        pnr: booking.airline_pnr.texts().into_iter().next(),
        card_tail: booking.tail_digits_of_payment_card.text(),
    };
    bookings.iter().map(booking).collect()
}

fn contact(contact: &ContactAnswer<'_>) -> Option<Text> {
    let parts: Vec<String> = [contact.name, contact.email, contact.mobile]
        .into_iter()
        .filter_map(|part| Some(part.text()?.to_string()))
        .collect();
    (!parts.is_empty()).then(|| Text::new(&parts.join("  ")))
}

pub(super) fn ticketing_error(code: Field<'_>, message: Field<'_>) -> Option<Box<TicketingError>> {
    let code = code.words().filter(|code| &**code != "0")?;
    Some(TicketingError { code, message: message.words() }.into())
}

/// A new order that `regenerateOrder.do` made.
pub(in crate::atlas) fn regenerated(body: &[u8]) -> serde_json::Result<Option<OrderNo>> {
    let answer: QueryAnswer<'_> = document(body)?;
    Ok(answer.order_no.parse())
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct CommitAnswer<'a> {
    #[serde(borrow)]
    confirmation_url: Field<'a>,
}

/// Where the traveller confirms, as `orderCommit.do` says.
pub(in crate::atlas) fn confirmation_url(body: &[u8]) -> serde_json::Result<Option<Text>> {
    let answer: CommitAnswer<'_> = document(body)?;
    Ok(answer.confirmation_url.text())
}
