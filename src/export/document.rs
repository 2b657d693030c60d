//! The JSON documents of `orders` and `show`. Keys are the API's own words where it has one; times are RFC 3339 in UTC,
//! times at an airport are local without a zone, money carries its currency, and what is not known is `null`.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{
    airline_trouble::{AirlineTrouble, AirlineTroubles, SaidBy},
    attempt::{Attempt, Charged, State},
    baggage::trouble::Trouble,
    card::CardBrand,
    case::Case,
    codes::Baggage,
    lineage::Lineage,
    method::{Part, PaymentOption, TakenFrom},
    moment::Now,
    money::Money as Amount,
    order::{Airline, Order, OrderNo, OrderStatus, Segment, Traveller, TravellerKind},
    outlay::Outlay,
    regeneration::Regeneration,
    story::{Happening, OperatorAction, What},
    text::Text,
    time_limit::{TimeLimit, time_limits},
    work::{Handled, Note, Owner, Snooze},
};
use crate::lang::{Lang, time_limit};

/// `{"amount": "120.50", "currency": "USD"}`
#[derive(Serialize)]
pub struct Money {
    amount: String,
    currency: String,
}

impl From<Amount> for Money {
    fn from(money: Amount) -> Self {
        Self { amount: money.plain(), currency: money.currency.to_string() }
    }
}

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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BaggageDocument {
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
struct AirlineTroubleDocument {
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

/// What leaves by one method.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutlayDocument {
    payment_method: &'static str,
    /// What is confirmed: `--confirm-amount`.
    amount: Money,
    service_fee: Option<Money>,
    /// Else it comes from the deposit besides.
    service_fee_included: bool,
}

impl From<Outlay> for OutlayDocument {
    fn from(outlay: Outlay) -> Self {
        Self {
            payment_method: outlay.method.word(),
            amount: outlay.amount.into(),
            service_fee: outlay.fee.map(Money::from),
            service_fee_included: outlay.is_fee_included,
        }
    }
}

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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NoteDocument<'a> {
    time: Timestamp,
    by: &'a str,
    note: &'a str,
}

impl<'a> From<&'a Note> for NoteDocument<'a> {
    fn from(note: &'a Note) -> Self {
        Self { time: note.at, by: &note.by, note: &note.text }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OwnerDocument<'a> {
    who: &'a str,
    since: Timestamp,
    until: Timestamp,
}

impl<'a> From<&'a Owner> for OwnerDocument<'a> {
    fn from(owner: &'a Owner) -> Self {
        Self { who: &owner.who, since: owner.since, until: owner.until }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SnoozeDocument<'a> {
    until: Timestamp,
    reason: &'a str,
    by: &'a str,
    time: Timestamp,
}

impl<'a> From<&'a Snooze> for SnoozeDocument<'a> {
    fn from(snooze: &'a Snooze) -> Self {
        Self { until: snooze.until, reason: &snooze.reason, by: &snooze.by, time: snooze.at }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HandledDocument<'a> {
    by: &'a str,
    time: Timestamp,
    group: &'static str,
}

impl<'a> From<&'a Handled> for HandledDocument<'a> {
    fn from(handled: &'a Handled) -> Self {
        Self { by: &handled.by, time: handled.at, group: handled.cause.word() }
    }
}

/// A time that runs for an order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LimitDocument {
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

/// A new order that was asked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegenerationDocument {
    original_order_no: OrderNo,
    order_no: Option<OrderNo>,
    state: &'static str,
    reason: Option<String>,
    sent_time: Timestamp,
    changed_time: Timestamp,
}

impl From<&Regeneration> for RegenerationDocument {
    fn from(regeneration: &Regeneration) -> Self {
        Self {
            original_order_no: regeneration.parent,
            order_no: regeneration.state.child(),
            state: regeneration.state.word(),
            reason: regeneration.reason.as_ref().map(ToString::to_string),
            sent_time: regeneration.sent.now.at,
            changed_time: regeneration.changed_at,
        }
    }
}

/// An attempt to pay.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptDocument {
    attempt_id: String,
    order_no: String,
    payment_method: &'static str,
    amount: Money,
    card: Option<String>,
    state: &'static str,
    status: Option<i64>,
    charged: Charged,
    claimed_time: Timestamp,
    sent_time: Option<Timestamp>,
    changed_time: Timestamp,
}

impl From<&Attempt> for AttemptDocument {
    fn from(attempt: &Attempt) -> Self {
        Self {
            attempt_id: attempt.id.to_string(),
            order_no: attempt.order.to_string(),
            payment_method: attempt.method.word(),
            amount: attempt.amount.into(),
            card: attempt.card.map(|card| card.to_string()),
            state: attempt.state.word(),
            status: attempt.state.vendor_status(),
            charged: attempt.state.charged(),
            claimed_time: attempt.claimed_at,
            sent_time: attempt.sent.map(|sent| sent.now.at),
            changed_time: attempt.changed_at,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HappeningDocument {
    time: Timestamp,
    what: &'static str,
    status: Option<&'static str>,
    error_code: Option<String>,
    attempt: Option<usize>,
    state: Option<&'static str>,
    new_order_no: Option<OrderNo>,
    #[serde(rename = "type")]
    kind: Option<String>,
    note: Option<String>,
    /// Who did it, where it is a person's doing.
    by: Option<String>,
}

impl HappeningDocument {
    pub(super) fn new(lineage: &Lineage, happening: &Happening) -> Self {
        let mut document = Self {
            time: happening.at,
            what: "created",
            status: None,
            error_code: None,
            attempt: None,
            state: None,
            new_order_no: None,
            kind: None,
            note: None,
            by: happening.by.as_ref().map(|by| by.who.to_string()),
        };
        match &happening.what {
            What::Created => {}
            What::PaidAt => document.what = "paid",
            What::Seen { status, error } => {
                document.what = "seen";
                document.status = Some(status.word());
                document.error_code = error.as_ref().map(ToString::to_string);
            }
            What::Attempt { attempt, state } => {
                document.what = "attempt";
                document.attempt = lineage.number_of(*attempt);
                document.state = Some(state.word());
            }
            What::Regeneration(state) => {
                document.what = "regeneration";
                document.state = Some(state.word());
                document.new_order_no = state.child();
            }
            What::Stop(state) => {
                document.what = "stop";
                document.state = Some(state.word());
            }
            What::Notified { kind, error, .. } => {
                document.what = "told";
                document.kind = Some(kind.to_string());
                document.error_code = error.as_ref().map(ToString::to_string);
            }
            What::OperatorAction(action) => {
                document.what = "action";
                let (kind, note) = match action {
                    OperatorAction::Chose { path, .. } => (path.word(), None),
                    OperatorAction::Decided { decision, note, .. } => (decision.word(), Some(note)),
                    OperatorAction::BaggageLoss(decision) => {
                        document.state = Some(decision.word());
                        ("baggageLoss", None)
                    }
                    OperatorAction::GotLink { .. } => ("gotLink", None),
                    OperatorAction::StatedConfirmed => ("statedConfirmed", None),
                    OperatorAction::Noted(note) => ("note", Some(note)),
                    OperatorAction::Refused(reason) => ("refused", Some(reason)),
                    OperatorAction::Registered(url) => ("registered", Some(url)),
                    OperatorAction::Took { .. } => ("took", None),
                    OperatorAction::TookOver { reason, .. } => ("tookOver", Some(reason)),
                    OperatorAction::Released => ("released", None),
                    OperatorAction::Snoozed { reason, .. } => ("snoozed", Some(reason)),
                    OperatorAction::Woken => ("woken", None),
                    OperatorAction::Handled { group } => {
                        document.state = Some(group.word());
                        ("handled", None)
                    }
                    OperatorAction::Unhandled => ("unhandled", None),
                };
                document.kind = Some(kind.to_owned());
                document.note = note.map(ToString::to_string);
            }
        }
        document
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SegmentDocument<'a> {
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
struct TravellerDocument<'a> {
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
struct OptionDocument {
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartDocument {
    #[serde(flatten)]
    money: Money,
    deduct_from: &'static str,
}

impl From<Part> for PartDocument {
    fn from(part: Part) -> Self {
        let deduct_from = match part.from {
            TakenFrom::Deposit => "DEPOSIT",
            TakenFrom::Card => "CARD",
            TakenFrom::Other => "OTHER",
        };
        Self { money: part.money.into(), deduct_from }
    }
}
