//! How facts are written: JSON of plain words and numbers, which any tool can read. What a newer version might add, a whole
//! kind of facts too, is passed over; what this one needs and does not find makes the record unreadable, never a guess.

mod action;
mod alert;
mod archived;
mod attempt;
mod read_error;
mod redaction;
mod regeneration;
mod seen;
mod state;
mod status;
mod stop;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::state::StateRecord;
use self::{
    action::ActionRecord,
    alert::AlertRecord,
    archived::ArchivedRecord,
    attempt::{AttemptRecord, MomentRecord},
    redaction::RedactionRecord,
    regeneration::RegenerationRecord,
    seen::SeenRecord,
    stop::StopRecord,
};
use super::{error::JournalError, fact::Fact, redact::redaction::Redaction};
use crate::domain::{
    attempt::Attempt,
    mask::mask,
    notification::{Kind, Notification},
    order::OrderNo,
    regeneration::Regeneration,
    text::Text,
};

/// A fact as the columns `kind` and `body`; it must be masked before it goes further.
pub(super) fn written(fact: &Fact) -> Result<(&'static str, Value), JournalError> {
    let (kind, body) = match fact {
        Fact::Attempt(attempt) => ("attempt", serde_json::to_value(AttemptRecord::of(attempt))),
        Fact::Regeneration(regeneration) => {
            ("regeneration", serde_json::to_value(RegenerationRecord::of(regeneration)))
        }
        Fact::Stop(stop) => ("stop", serde_json::to_value(StopRecord::of(stop))),
        Fact::Seen(seen) => ("seen", serde_json::to_value(SeenRecord::of(seen))),
        Fact::Notified(notification) => {
            let record = NotificationRecord {
                kind: notification.kind.word().to_owned(),
                id: notification.id.as_ref().map(ToString::to_string),
                error: notification.error.as_ref().map(ToString::to_string),
                raw: notification.raw.clone(),
            };
            ("told", serde_json::to_value(record))
        }
        Fact::OperatorAction(action) => ("action", serde_json::to_value(ActionRecord::of(action))),
        Fact::Alert(key, did) => ("alert", serde_json::to_value(AlertRecord::of(*key, *did))),
        Fact::Paused(asked, pause) => {
            let record = PausedRecord { asked: (*asked).into(), seconds: pause.as_secs() };
            ("paused", serde_json::to_value(record))
        }
        Fact::Redacted(redaction) => ("redaction", serde_json::to_value(RedactionRecord::of(redaction))),
        Fact::Archived(archived) => ("archived", serde_json::to_value(ArchivedRecord::of(archived))),
        Fact::Foreign(kind) => return Err(JournalError::Record(format!("kind {kind}"))),
    };
    Ok((kind, body.map_err(|error| JournalError::Record(error.to_string()))?))
}

/// The fact of two columns.
pub(super) fn read(kind: &str, order: Option<OrderNo>, body: &str) -> Result<Fact, JournalError> {
    Ok(match kind {
        "attempt" => Fact::Attempt(Box::new(attempt(body)?)),
        "regeneration" => Fact::Regeneration(Box::new(regeneration(body)?)),
        "stop" => {
            let record: StopRecord = parsed(body)?;
            Fact::Stop(Box::new(record.stop().ok_or_else(|| unreadable("request to stop"))?))
        }
        "seen" => {
            let record: SeenRecord = parsed(body)?;
            Fact::Seen(Box::new(record.seen().ok_or_else(|| unreadable("order as it was seen"))?))
        }
        "told" => {
            // Journals of older versions masked the last field alone.
            let record: NotificationRecord = parsed(body)?;
            let text = |text: &str| Text::new(&mask(text));
            Fact::Notified(Box::new(Notification {
                kind: Kind::of_word(&mask(&record.kind)),
                order,
                id: record.id.as_deref().map(text),
                error: record.error.as_deref().map(text),
                raw: record.raw,
            }))
        }
        "action" => {
            let record: ActionRecord = parsed(body)?;
            match record.action() {
                Some(action) => Fact::OperatorAction(action),
                None => Fact::Foreign(kind.to_owned()),
            }
        }
        "alert" => {
            let record: AlertRecord = parsed(body)?;
            match record.alert(order) {
                Some((key, did)) => Fact::Alert(key, did),
                None => Fact::Foreign(kind.to_owned()),
            }
        }
        "redaction" => Fact::Redacted(redaction(body)?),
        "archived" => {
            let record: ArchivedRecord = parsed(body)?;
            Fact::Archived(record.archived().ok_or_else(|| unreadable("archived"))?)
        }
        "paused" => {
            let record: PausedRecord = parsed(body)?;
            Fact::Paused(record.asked.into(), Duration::from_secs(record.seconds))
        }
        other => Fact::Foreign(other.to_owned()),
    })
}

/// The attempt of a body.
pub(super) fn attempt(body: &str) -> Result<Attempt, JournalError> {
    parsed::<AttemptRecord>(body)?.attempt().ok_or_else(|| unreadable("attempt"))
}

/// The regeneration of a body.
pub(super) fn regeneration(body: &str) -> Result<Regeneration, JournalError> {
    parsed::<RegenerationRecord>(body)?.regeneration().ok_or_else(|| unreadable("regeneration"))
}

/// The redaction of a body.
pub(super) fn redaction(body: &str) -> Result<Redaction, JournalError> {
    parsed::<RedactionRecord>(body)?.redaction().ok_or_else(|| unreadable("redaction"))
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, JournalError> {
    serde_json::from_str(body).map_err(|error| JournalError::Record(error.to_string()))
}

fn unreadable(what: &str) -> JournalError {
    JournalError::Record(format!("an {what} that this version does not understand"))
}

#[derive(Serialize, Deserialize)]
struct PausedRecord {
    asked: MomentRecord,
    seconds: u64,
}

#[derive(Serialize, Deserialize)]
struct NotificationRecord {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    error: Option<String>,
    raw: String,
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{
        alert::{AlertDid, Cause, Key},
        attempt::{AttemptId, Claim, Decision, Doubt, Event, NotSent},
        baggage::decision::{self as baggage, AcceptanceId, Called},
        group::Group,
        method::PaymentMethod,
        moment::{Boot, Moment, Now},
        money::{Currency, Money},
        order::{Airline, OrderStatus, TicketingError},
        recovery::PaymentPath,
        regeneration::{self, RegenerationId},
        seen::{Row, Seen, Terms},
        stop::{self, Stop, StopId},
        story::OperatorAction,
    };

    #[test]
    fn what_a_newer_version_wrote_is_passed_over_and_half_of_what_this_one_needs_is_not() {
        let foreign = |kind: &str| Fact::Foreign(kind.to_owned());
        assert_eq!(read("teleport", None, "{}").unwrap(), foreign("teleport"));
        let about = r#"{"did":"raised","about":"teleport","step":1}"#;
        assert_eq!(read("alert", None, about).unwrap(), foreign("alert"));
        assert_eq!(read("action", None, r#"{"did":"teleported","to":"MNL"}"#).unwrap(), foreign("action"));
        assert!(read("action", None, r#"{"did":"gotLink"}"#).is_err());
        assert!(written(&foreign("teleport")).is_err());
    }

    #[test]
    fn an_attempt_without_the_balance_before_it_and_one_with_more_than_is_known_here_are_read() {
        let order: OrderNo = "TESTA20261122135802207".parse().unwrap();
        let at = Timestamp::from_second(1_764_000_000).unwrap();
        let sent = Moment { now: Now::agreed(at), boot: Boot(1), up: Duration::from_secs(9) };
        let money = |amount: &str| Money::new(amount.parse().unwrap(), Currency::parse("USD").unwrap());
        let claim = Claim {
            id: AttemptId::generate(),
            lineage: order,
            order,
            method: PaymentMethod::Deposit,
            amount: money("119.55"),
            card: None,
            reusable: false,
        };
        let sending = |balance| Attempt::claim(claim, at).apply(&Event::Sending(sent, balance), at).unwrap();
        let with = Fact::Attempt(Box::new(sending(Some(money("41111111111111.11")))));
        let (kind, mut body) = written(&with).unwrap();
        body["balanceBefore"]["asOf"] = "later".into();
        body["later"] = 1.into();
        assert_eq!(read(kind, Some(order), &body.to_string()).unwrap(), with);
        body.as_object_mut().unwrap().remove("balanceBefore");
        let without = Fact::Attempt(Box::new(sending(None)));
        assert_eq!(read(kind, Some(order), &body.to_string()).unwrap(), without);
    }

    #[test]
    fn every_fact_is_read_as_it_was_written() {
        let order: OrderNo = "TESTA20261122135802207".parse().unwrap();
        let at = Timestamp::from_second(1_764_000_000).unwrap();
        let moment = Moment {
            now: Now { settled: false, ..Now::agreed(at) },
            boot: Boot(u64::MAX),
            up: std::time::Duration::from_millis(1_234),
        };
        let regeneration = |state| {
            Fact::Regeneration(Box::new(Regeneration::restore(regeneration::Snapshot {
                id: RegenerationId::generate(),
                lineage: order,
                parent: order,
                reason: Some("604".into()),
                sent: moment,
                changed_at: at,
                state,
                searches: (2, Some(moment)),
            })))
        };
        let stop = |state| {
            let snapshot =
                stop::Snapshot { id: StopId::generate(), order, sent: moment, changed_at: at, state };
            Fact::Stop(Box::new(Stop::restore(snapshot)))
        };
        let money = |amount: &str| Money::new(amount.parse().unwrap(), Currency::parse("USD").unwrap());
        let row = Row {
            pnr_code: Some("ABC123".into()),
            from: Some("MNL".into()),
            to: None,
            airlines: vec![Airline::parse("5J").unwrap(), Airline::RYANAIR].into(),
            passengers: vec!["WANG/XIAOMING".into(), "王/小明".into()].into(),
            departs: Some(jiff::civil::date(2026, 12, 1)),
            created: Some(at),
            paid_at: None,
            airline_pnrs: vec!["XYZ789".into()].into(),
            terms: Some(Box::new(Terms {
                deadline: Some(at),
                total: Some(money("119.55")),
                service_fee: Some(money("41200.1")),
                method: Some(PaymentMethod::Vcc),
                original: Some(order),
            })),
        };
        let error = Some(TicketingError { code: "604".into(), message: Some("price changed".into()) }.into());
        let seen = |row| {
            let status = OrderStatus::Unknown(Some(7));
            Fact::Seen(Box::new(Seen { status, error: error.clone(), row, gone: Some(at) }))
        };
        let decided = |attempt, decision, note| {
            Fact::OperatorAction(OperatorAction::Decided { attempt, decision, note })
        };
        let loss = |decision| Fact::OperatorAction(OperatorAction::BaggageLoss(decision));
        let acceptance = AcceptanceId::generate();
        let ended = |called| baggage::Decision::Ended { id: acceptance, called };
        let facts = [
            regeneration(regeneration::State::Sending),
            regeneration(regeneration::State::Made(order)),
            regeneration(regeneration::State::Found(order)),
            regeneration(regeneration::State::InDoubt(Doubt::Http(500))),
            regeneration(regeneration::State::Refused(314)),
            regeneration(regeneration::State::NotSent(NotSent::Interrupted)),
            regeneration(regeneration::State::NotMade),
            seen(None),
            seen(Some(Row { terms: None, ..row.clone() })),
            seen(Some(row)),
            Fact::Notified(Box::new(Notification {
                kind: Kind::Other("order.teleported".into()),
                order: Some(order),
                id: Some("n1".into()),
                error: None,
                raw: "{\"type\":\"order.teleported\"}".into(),
            })),
            Fact::OperatorAction(OperatorAction::Chose {
                path: PaymentPath::NewDeposit,
                reason: Some("604".into()),
            }),
            decided(AttemptId::generate(), Decision::Close, "refunded".into()),
            loss(baggage::Decision::Accepting { id: acceptance, sent: moment }),
            loss(ended(Called::Taken)),
            loss(ended(Called::Declined(402))),
            loss(ended(Called::InDoubt(Doubt::Status(-1)))),
            loss(ended(Called::NotSent(NotSent::Interrupted))),
            loss(baggage::Decision::Refused),
            stop(stop::State::Sending),
            stop(stop::State::Asked),
            stop(stop::State::InDoubt(Doubt::NoAnswer)),
            stop(stop::State::Refused(402)),
            stop(stop::State::NotSent(NotSent::Interrupted)),
            Fact::OperatorAction(OperatorAction::GotLink { asked: moment }),
            Fact::OperatorAction(OperatorAction::StatedConfirmed),
            Fact::OperatorAction(OperatorAction::Noted("王 called".into())),
            Fact::OperatorAction(OperatorAction::Refused("read_only".into())),
            Fact::OperatorAction(OperatorAction::Registered("https://desk.example/hooks".into())),
            Fact::Paused(moment, Duration::from_secs(30)),
        ];
        for fact in facts {
            let (kind, body) = written(&fact).unwrap();
            assert_eq!(read(kind, Some(order), &body.to_string()).unwrap(), fact, "{kind} {body}");
        }
    }

    #[test]
    fn every_alert_is_read_as_it_was_written() {
        let order: OrderNo = "TESTA20261122135802207".parse().unwrap();
        let attempt = AttemptId::generate();
        let alert = |cause, step| Fact::Alert(Key { cause, step }, AlertDid::Raised);
        let facts = [
            alert(Cause::Deadline(order), 5),
            alert(Cause::Declined(order, None), 0),
            alert(Cause::Declined(order, Some(attempt)), 0),
            alert(Cause::TicketingLate(order), 0),
            alert(Cause::InDoubt(order, attempt), 30),
            alert(Cause::Conflict(order, attempt), 0),
            alert(Cause::PaidElsewhere(order, attempt), 0),
            alert(Cause::BalanceLow(Currency::parse("USD").unwrap()), 2),
            alert(Cause::AirlineTrouble(Airline::RYANAIR), 1),
            Fact::Alert(Key { cause: Cause::Deadline(order), step: 1 }, AlertDid::Acknowledged),
        ];
        for fact in facts {
            let (kind, body) = written(&fact).unwrap();
            assert_eq!(read(kind, Some(order), &body.to_string()).unwrap(), fact, "{kind} {body}");
        }
    }

    #[test]
    fn what_is_left_on_an_order_is_read_as_it_was_written() {
        let at = Timestamp::from_second(1_764_000_000).unwrap();
        let facts = [
            Fact::OperatorAction(OperatorAction::Took { until: at }),
            Fact::OperatorAction(OperatorAction::TookOver { until: at, reason: "li is at lunch".into() }),
            Fact::OperatorAction(OperatorAction::Released),
            Fact::OperatorAction(OperatorAction::Snoozed { until: at, reason: "callback".into() }),
            Fact::OperatorAction(OperatorAction::Woken),
            Fact::OperatorAction(OperatorAction::Handled { group: Group::MoneyOpen }),
            Fact::OperatorAction(OperatorAction::Unhandled),
        ];
        for fact in facts {
            let (kind, body) = written(&fact).unwrap();
            assert_eq!(read(kind, None, &body.to_string()).unwrap(), fact, "{kind} {body}");
        }
    }
}
