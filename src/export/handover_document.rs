//! The JSON document of a handover: words and moments, no language.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    document::{
        AttemptDocument, HandledDocument, HappeningDocument, NoteDocument, OrderDocument, OwnerDocument,
        RegenerationDocument, SnoozeDocument,
    },
    handover::Pack,
};
use crate::domain::{
    alert::{Cause, Listed},
    handover::{Deed, Done, Handed, InFlight},
    order::OrderNo,
    triage::{Queue, triage},
};

/// `paydesk handover --format json`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HandoverDocument<'a> {
    environment: String,
    by: &'a str,
    since: Timestamp,
    as_of: Timestamp,
    counts: CountsDocument,
    /// The queue of those that need a person, by who loses money first.
    action: Vec<HandedDocument<'a>>,
    in_doubt: Vec<DoubtDocument<'a>>,
    due_within30_minutes: Vec<HandedDocument<'a>>,
    in_flight: Vec<FlightDocument>,
    alerts: Vec<AlertDocument>,
    notes: Vec<OfOrder<NoteDocument<'a>>>,
    snoozed: Vec<OfOrder<SnoozeDocument<'a>>>,
    handled: Vec<OfOrder<HandledDocument<'a>>>,
    done: Vec<OfOrder<DeedDocument>>,
}

/// As many as each part holds; the queues are those of the console.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CountsDocument {
    action: usize,
    unpaid: usize,
    ticketing: usize,
    recover: usize,
    in_doubt: usize,
    done_today: usize,
    all: usize,
    due_within30_minutes: usize,
    in_flight: usize,
    alerts: usize,
    notes: usize,
    snoozed: usize,
    handled: usize,
    done: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HandedDocument<'a> {
    #[serde(flatten)]
    order: OrderDocument<'a>,
    group: &'static str,
    next_step: &'static str,
    new_order_no: Option<OrderNo>,
    owner: Option<OwnerDocument<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DoubtDocument<'a> {
    #[serde(flatten)]
    order: HandedDocument<'a>,
    attempt: Option<AttemptDocument>,
    answers: Option<u32>,
    answers_needed: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FlightDocument {
    order_no: OrderNo,
    attempt: Option<AttemptDocument>,
    regeneration: Option<RegenerationDocument>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AlertDocument {
    cause: &'static str,
    order_no: Option<OrderNo>,
    currency: Option<String>,
    airline: Option<String>,
    step: u32,
    urgent: bool,
    raised_time: Timestamp,
    over: bool,
}

/// Something of an order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfOrder<T> {
    order_no: OrderNo,
    #[serde(flatten)]
    of: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeedDocument {
    begun_time: Timestamp,
    attempt: Option<AttemptDocument>,
    /// What else it is, as its last line in the timeline of `show --json`.
    became: Option<HappeningDocument>,
}

impl<'a> HandoverDocument<'a> {
    /// The document of what is handed over.
    pub fn new(pack: &'a Pack<'_>) -> Self {
        let handover = &pack.handover;
        let handed = |order: &Handed<'a>| HandedDocument::new(order, pack);
        let no = |order: &Handed<'_>| order.case.order.no;
        let count = |queue| handover.count(queue);
        Self {
            environment: pack.stage.to_ascii_lowercase(),
            by: pack.who,
            since: pack.since,
            as_of: pack.now.at,
            counts: CountsDocument {
                action: count(Queue::Action),
                unpaid: count(Queue::Unpaid),
                ticketing: count(Queue::Ticketing),
                recover: count(Queue::Recover),
                in_doubt: count(Queue::InDoubt),
                done_today: count(Queue::Done),
                all: count(Queue::All),
                due_within30_minutes: handover.due.len(),
                in_flight: handover.in_flight.len(),
                alerts: pack.alerts.len(),
                notes: handover.notes.len(),
                snoozed: handover.snoozed.len(),
                handled: handover.handled.len(),
                done: handover.done.len(),
            },
            action: handover.action.iter().map(handed).collect(),
            in_doubt: handover.in_doubt.iter().map(|order| DoubtDocument::new(order, pack)).collect(),
            due_within30_minutes: handover.due.iter().map(handed).collect(),
            in_flight: handover
                .in_flight
                .iter()
                .map(|(order, flight)| FlightDocument::new(no(order), *flight))
                .collect(),
            alerts: pack.alerts.iter().map(AlertDocument::from).collect(),
            notes: handover
                .notes
                .iter()
                .map(|(order, note)| OfOrder { order_no: no(order), of: (*note).into() })
                .collect(),
            snoozed: handover
                .snoozed
                .iter()
                .map(|(order, snooze)| OfOrder { order_no: no(order), of: (*snooze).into() })
                .collect(),
            handled: handover
                .handled
                .iter()
                .map(|(order, handled)| OfOrder { order_no: no(order), of: (*handled).into() })
                .collect(),
            done: handover
                .done
                .iter()
                .map(|deed| OfOrder { order_no: no(&deed.order), of: deed.into() })
                .collect(),
        }
    }
}

impl<'a> HandedDocument<'a> {
    fn new(order: &Handed<'a>, pack: &Pack<'a>) -> Self {
        let case = order.case;
        Self {
            order: OrderDocument::new(case, pack.troubles, order.now.at),
            group: order.group().word(),
            next_step: triage(case, order.now).next.word(),
            new_order_no: case.lineage.child_of(case.order.no),
            owner: case.work().owner_at(pack.now.wall).map(OwnerDocument::from),
        }
    }
}

impl<'a> DoubtDocument<'a> {
    fn new(order: &Handed<'a>, pack: &Pack<'a>) -> Self {
        let attempt = order.case.attempt();
        Self {
            order: HandedDocument::new(order, pack),
            attempt: attempt.map(AttemptDocument::from),
            answers: attempt.map(|attempt| attempt.evidence.answers),
            answers_needed: attempt.map(|attempt| attempt.answers_needed()),
        }
    }
}

impl FlightDocument {
    fn new(order_no: OrderNo, flight: InFlight<'_>) -> Self {
        let (attempt, regeneration) = match flight {
            InFlight::Payment(attempt) => (Some(attempt.into()), None),
            InFlight::Regeneration(regeneration) => (None, Some(regeneration.into())),
        };
        Self { order_no, attempt, regeneration }
    }
}

impl From<&Listed> for AlertDocument {
    fn from(listed: &Listed) -> Self {
        let (key, cause) = (listed.alert.key, listed.cause());
        let (currency, airline) = match cause {
            Cause::BalanceLow(currency) => (Some(currency.to_string()), None),
            Cause::AirlineTrouble(airline) => (None, Some(airline.to_string())),
            _ => (None, None),
        };
        Self {
            cause: cause.word(),
            order_no: cause.order(),
            currency,
            airline,
            step: key.step,
            urgent: key.is_urgent(),
            raised_time: listed.alert.raised_at,
            over: listed.is_over,
        }
    }
}

impl From<&Deed<'_>> for DeedDocument {
    fn from(deed: &Deed<'_>) -> Self {
        let (attempt, became) = match deed.what {
            Done::Paid(attempt) => (Some(attempt.into()), None),
            Done::Other(happening) => {
                (None, Some(HappeningDocument::new(&deed.order.case.lineage, happening)))
            }
        };
        Self { begun_time: deed.at, attempt, became }
    }
}
