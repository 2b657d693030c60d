//! `orders --json`: a row for each order.

use jiff::Timestamp;
use serde::Serialize;

use super::money::{Money, OutlayDocument};
use crate::domain::{
    airline_trouble::{AirlineTrouble, AirlineTroubles, SaidBy},
    attempt::State,
    baggage::trouble::Trouble,
    case::Case,
    codes::Baggage,
    order::{Airline, Order, OrderStatus},
    outlay::Outlay,
    text::Text,
};

/// `paydesk orders --json`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrdersDocument<'a> {
    /// The orders, the newest first.
    pub orders: Vec<OrderDocument<'a>>,
    /// When they were read.
    pub as_of: Timestamp,
}

/// One order of the list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderDocument<'a> {
    order_no: &'a str,
    pnr_code: Option<&'a str>,
    status: &'static str,
    /// What the list calls it, while that is not what the last query said.
    #[serde(skip_serializing_if = "Option::is_none")]
    listed_status: Option<&'static str>,
    airlines: Vec<&'a str>,
    passengers: Vec<&'a str>,
    from_city: Option<&'a str>,
    to_city: Option<&'a str>,
    departs: Option<String>,
    created_time: Option<Timestamp>,
    pay_time: Option<Timestamp>,
    tkt_limit_time: Option<Timestamp>,
    total_price: Option<Money>,
    service_fee: Option<Money>,
    vendor_total_price: Option<Money>,
    /// What each method takes, while the order can be paid; empty after that.
    amounts_due: Vec<OutlayDocument>,
    #[serde(rename = "airlinePNRs")]
    airline_pnrs: Vec<&'a str>,
    error_code: Option<&'a str>,
    error_message: Option<&'a str>,
    /// What is the matter with the baggage, while ticketing is suspended over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    baggage: Option<BaggageDocument>,
    payment_state: Option<&'static str>,
    attempts: usize,
    /// Those of its airlines that are in trouble.
    airline_trouble: Vec<AirlineTroubleDocument>,
}

impl<'a> OrderDocument<'a> {
    /// An order as it stands at `now`.
    pub fn new(case: &'a Case, troubles: &AirlineTroubles, now: Timestamp) -> Self {
        let order: &Order = &case.order;
        let details = order.details.as_deref();
        let error = order.ticketing_error.as_ref();
        Self {
            order_no: order.no.as_str(),
            pnr_code: order.pnr_code.as_deref(),
            status: order.status.word(),
            listed_status: case.listed_as.map(OrderStatus::word),
            airlines: order.airlines.iter().map(Airline::code).collect(),
            passengers: order.passengers.iter().map(Text::as_str).collect(),
            from_city: order.from.as_deref(),
            to_city: order.to.as_deref(),
            departs: order.departs.map(|date| date.to_string()),
            created_time: order.created,
            pay_time: order.paid_at,
            tkt_limit_time: order.deadline(),
            total_price: details.and_then(|details| details.total).map(Money::from),
            service_fee: details.and_then(|details| details.service_fee).map(Money::from),
            vendor_total_price: details.and_then(|details| details.vendor_total).map(Money::from),
            amounts_due: Outlay::all(order).map(Into::into).collect(),
            airline_pnrs: order.airline_pnrs.iter().map(Text::as_str).collect(),
            error_code: error.map(|error| &*error.code),
            error_message: error.and_then(|error| error.message.as_deref()),
            baggage: case.baggage().map(Into::into),
            payment_state: case.attempt_state().map(State::word),
            attempts: case.lineage.attempts.len(),
            airline_trouble: troubles.of_all(&order.airlines, now).into_iter().map(Into::into).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BaggageDocument {
    state: &'static str,
    since: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    decision: &'static str,
}

impl From<Trouble> for BaggageDocument {
    fn from(trouble: Trouble) -> Self {
        Self {
            state: match trouble.what {
                Baggage::Loss => "loss",
                Baggage::CannotBeBought => "cannotBeBought",
            },
            since: trouble.since.map(|since| since.at),
            ends_at: trouble.ends_at(),
            decision: trouble.standing.word(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AirlineTroubleDocument {
    airline: String,
    said_by: &'static str,
    /// The vendor's word, if it says so.
    airline_status: Option<String>,
    /// How many orders were declined, if this desk says so, and when the mark ends by itself.
    declines: Option<usize>,
    since: Timestamp,
    until: Option<Timestamp>,
    /// For so many hours the vendor has not said it again, once that is long.
    #[serde(skip_serializing_if = "Option::is_none")]
    unconfirmed_hours: Option<i64>,
}

impl From<AirlineTrouble> for AirlineTroubleDocument {
    fn from(trouble: AirlineTrouble) -> Self {
        let AirlineTrouble { airline, said_by, since, unconfirmed_hours } = trouble;
        let (said_by, airline_status, declines, until) = match said_by {
            SaidBy::Vendor(word) => ("vendor", Some(word.to_string()), None, None),
            SaidBy::Desk { declines, until } => ("desk", None, Some(declines), Some(until)),
        };
        let unconfirmed_hours = Some(unconfirmed_hours).filter(|hours| *hours > 0);
        Self {
            airline: airline.to_string(),
            said_by,
            airline_status,
            declines,
            since,
            until,
            unconfirmed_hours,
        }
    }
}
