//! `show --json`: one order with its story.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    attempt::{AttemptDocument, RegenerationDocument},
    list::OrderDocument,
    money::PartDocument,
    story::HappeningDocument,
    work::{HandledDocument, NoteDocument, OwnerDocument, SnoozeDocument},
};
use crate::{
    domain::{
        airline_trouble::AirlineTroubles,
        card::CardBrand,
        case::Case,
        method::PaymentOption,
        moment::Now,
        order::{OrderNo, Segment, Traveller, TravellerKind},
        text::Text,
        time_limit::{TimeLimit, time_limits},
    },
    lang::{Lang, time_limit},
};

/// `paydesk show --json`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShowDocument<'a> {
    order: OrderDocument<'a>,
    lineage: Vec<String>,
    attempts: Vec<AttemptDocument>,
    regenerations: Vec<RegenerationDocument>,
    timeline: Vec<HappeningDocument>,
    segments: Vec<SegmentDocument<'a>>,
    travellers: Vec<TravellerDocument<'a>>,
    payment_options: Vec<OptionDocument>,
    payment: Option<OptionDocument>,
    payment_attempted: Option<bool>,
    notes: Vec<NoteDocument<'a>>,
    /// Who has it now.
    owner: Option<OwnerDocument<'a>>,
    snooze: Option<SnoozeDocument<'a>>,
    handled: Option<HandledDocument<'a>>,
    /// The times that run for it, and those that are over and still count, the one that ends first before the others.
    time_limits: Vec<LimitDocument>,
    next_step: String,
    as_of: Timestamp,
}

impl<'a> ShowDocument<'a> {
    /// One order, with the sentence for what to do next.
    pub fn new(
        case: &'a Case,
        troubles: &AirlineTroubles,
        next_step: String,
        (lang, now): (Lang, Now),
    ) -> Self {
        let (details, work, as_of) = (case.order.details.as_deref(), case.work(), now.at);
        Self {
            order: OrderDocument::new(case, troubles, as_of),
            lineage: lineage(case).iter().map(ToString::to_string).collect(),
            attempts: case.lineage.attempts.iter().map(AttemptDocument::from).collect(),
            regenerations: case.lineage.regenerations.iter().map(RegenerationDocument::from).collect(),
            timeline: case
                .story()
                .iter()
                .map(|happening| HappeningDocument::new(&case.lineage, happening))
                .collect(),
            segments: details.map_or(&[][..], |details| &details.segments).iter().map(Into::into).collect(),
            travellers: details
                .map_or(&[][..], |details| &details.travellers)
                .iter()
                .map(Into::into)
                .collect(),
            payment_options: details
                .map_or(&[][..], |details| &details.options)
                .iter()
                .map(Into::into)
                .collect(),
            payment: details.and_then(|details| details.payment.as_ref()).map(Into::into),
            payment_attempted: details.and_then(|details| details.payment_attempted),
            notes: work.notes.iter().map(NoteDocument::from).collect(),
            owner: work.owner_at(as_of).map(OwnerDocument::from),
            snooze: work.snooze_at(as_of).map(SnoozeDocument::from),
            handled: work.handled.as_ref().map(HandledDocument::from),
            time_limits: time_limits(case, now)
                .into_iter()
                .map(|limit| LimitDocument::new(limit, lang, as_of))
                .collect(),
            next_step,
            as_of,
        }
    }
}

/// A time that runs for an order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LimitDocument {
    limit: &'static str,
    /// `running` or `over`.
    state: &'static str,
    ends_at: Timestamp,
    /// Negative once it is over.
    seconds_left: i64,
    at_end: &'static str,
}

impl LimitDocument {
    fn new(limit: TimeLimit, lang: Lang, now: Timestamp) -> Self {
        Self {
            limit: limit.kind.word(),
            state: if limit.left(now).is_some() { "running" } else { "over" },
            ends_at: limit.ends,
            seconds_left: limit.ends.duration_since(now).as_secs(),
            at_end: time_limit::at_end(lang, limit.kind),
        }
    }
}

/// The orders that belong together, the first one first.
pub fn lineage(case: &Case) -> Vec<OrderNo> {
    case.lineage_orders()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentDocument<'a> {
    flight_number: &'a str,
    dep_airport: &'a str,
    arr_airport: &'a str,
    dep_time: Option<String>,
    arr_time: Option<String>,
    inbound: bool,
}

impl<'a> From<&'a Segment> for SegmentDocument<'a> {
    fn from(segment: &'a Segment) -> Self {
        Self {
            flight_number: &segment.flight,
            dep_airport: &segment.from,
            arr_airport: &segment.to,
            dep_time: segment.departs.map(|time| time.to_string()),
            arr_time: segment.arrives.map(|time| time.to_string()),
            inbound: segment.inbound,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TravellerDocument<'a> {
    name: &'a str,
    passenger_type: &'static str,
    document_tail: Option<&'a str>,
    ticket_nos: Vec<&'a str>,
}

impl<'a> From<&'a Traveller> for TravellerDocument<'a> {
    fn from(traveller: &'a Traveller) -> Self {
        Self {
            name: &traveller.name,
            passenger_type: match traveller.kind {
                TravellerKind::Adult => "adult",
                TravellerKind::Child => "child",
                TravellerKind::Infant => "infant",
            },
            document_tail: traveller.document_tail.as_deref(),
            ticket_nos: traveller.tickets.iter().map(Text::as_str).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OptionDocument {
    payment_method: &'static str,
    ticket_fare: Option<PartDocument>,
    service_fee: Option<PartDocument>,
    payment_fee: Option<PartDocument>,
    card_type: Option<&'static str>,
}

impl From<&PaymentOption> for OptionDocument {
    fn from(option: &PaymentOption) -> Self {
        Self {
            payment_method: option.method.word(),
            ticket_fare: option.ticket_fare.map(PartDocument::from),
            service_fee: option.service_fee.map(PartDocument::from),
            payment_fee: option.payment_fee.map(PartDocument::from),
            card_type: option.card_brand.map(CardBrand::word),
        }
    }
}
