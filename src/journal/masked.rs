//! The one way into the journal. Only what was masked can be written, into the entries and into the reserve: every
//! string that came from a person or over the wire is searched for card numbers, whatever field it stands in.

use serde_json::Value;

use super::{error::JournalError, fact::Fact, record};
use crate::domain::mask::{holds_card_number, mask};

/// Fields that hold no text but an identifier, an amount or a clock's count, checked by its type. Masking one by chance
/// (one long number in ten passes the check) would make a record of money unreadable. Any other field is masked, which
/// leaves dates with their times whole.
const EXACT: [&str; 15] = [
    "attemptId",
    "regenerationId",
    "stopId",
    "acceptanceId",
    "lineage",
    "orderNo",
    "originalOrderNo",
    "child",
    "amount",
    "boot",
    "upMs",
    "oldHash",
    "newHash",
    "lastHash",
    "keptHash",
];

/// Stands for a number that looks like a card's: no vendor's status or code is negative and long.
const NO_NUMBER: i64 = -1;

/// What may be written: the kind of a fact and its body, in which nothing looks like a card number.
pub(super) struct Masked {
    kind: &'static str,
    body: String,
}

impl Masked {
    /// Masks a fact.
    pub(super) fn of(fact: &Fact) -> Result<Self, JournalError> {
        let (kind, body) = record::written(fact)?;
        Ok(Self::body(kind, body))
    }

    /// Masks a body that is in the form of its kind already.
    pub(super) fn body(kind: &'static str, mut body: Value) -> Self {
        mask_leaves(None, &mut body);
        Self { kind, body: body.to_string() }
    }

    /// The column `kind`.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    /// The column `body`.
    pub(super) fn text(&self) -> &str {
        &self.body
    }
}

fn mask_leaves(field: Option<&str>, value: &mut Value) {
    if field.is_some_and(|field| EXACT.contains(&field)) && !value.is_object() {
        return;
    }
    match value {
        Value::String(text) => {
            if holds_card_number(text) {
                *text = mask(text);
            }
        }
        Value::Number(number) if holds_card_number(&number.to_string()) => *value = NO_NUMBER.into(),
        Value::Array(items) => items.iter_mut().for_each(|item| mask_leaves(field, item)),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| mask_leaves(Some(name), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        attempt::{AttemptId, Decision, Doubt},
        baggage::decision::{self as baggage, AcceptanceId, Called},
        moment::{Boot, Moment, Now},
        notification::{Kind, Notification},
        order::{OrderNo, OrderStatus},
        recovery::PaymentPath,
        regeneration::{self, Regeneration, RegenerationId, State},
        seen::Seen,
        stop::{self, Stop, StopId},
        story::OperatorAction,
    };

    const CARD: &str = "4111-1111.1111 1111";

    #[test]
    fn no_text_of_any_fact_brings_a_card_number_in() {
        let order = "TESTA20261122135802207".parse().unwrap();
        let at = jiff::Timestamp::from_second(1_764_000_000).unwrap();
        let sent = Moment {
            now: Now::agreed(at),
            boot: Boot(4_111_111_111_111_111),
            up: std::time::Duration::from_secs(9),
        };
        let regeneration = |state| {
            Fact::Regeneration(Box::new(Regeneration::restore(regeneration::Snapshot {
                id: RegenerationId::generate(),
                lineage: order,
                parent: order,
                reason: Some(CARD.into()),
                sent,
                changed_at: at,
                state,
                searches: (0, None),
            })))
        };
        let facts = [
            Fact::Notified(Box::new(Notification {
                kind: Kind::Other(CARD.into()),
                order: None,
                id: Some(CARD.into()),
                error: Some(CARD.into()),
                raw: CARD.into(),
            })),
            Fact::Seen(Box::new(Seen::bare(
                OrderStatus::Unknown(Some(4_111_111_111_111_111)),
                Some(CARD.into()),
            ))),
            Fact::OperatorAction(OperatorAction::Chose {
                path: PaymentPath::NewDeposit,
                reason: Some(CARD.into()),
            }),
            Fact::OperatorAction(OperatorAction::Decided {
                attempt: AttemptId::generate(),
                decision: Decision::Close,
                note: CARD.into(),
            }),
            Fact::OperatorAction(OperatorAction::Noted(CARD.into())),
            Fact::OperatorAction(OperatorAction::Refused(CARD.into())),
            Fact::OperatorAction(OperatorAction::Registered(CARD.into())),
            Fact::OperatorAction(OperatorAction::TookOver {
                until: jiff::Timestamp::UNIX_EPOCH,
                reason: CARD.into(),
            }),
            Fact::OperatorAction(OperatorAction::Snoozed {
                until: jiff::Timestamp::UNIX_EPOCH,
                reason: CARD.into(),
            }),
            regeneration(State::InDoubt(Doubt::Unreadable(CARD.into()))),
            regeneration(State::InDoubt(Doubt::Cut(CARD.into()))),
            regeneration(State::InDoubt(Doubt::Status(4_111_111_111_111_111))),
        ];
        for fact in facts {
            let masked = Masked::of(&fact).unwrap();
            let text = masked.text();
            assert!(!text.contains(CARD) && !text.contains("4111111111111111"), "{text}");
            assert!(record::read(masked.kind(), Some(order), text).is_ok(), "it is still read: {text}");
        }
    }

    #[test]
    fn identifiers_amounts_and_moments_are_written_exactly() {
        // Each passes the check.
        let body = serde_json::json!({
            "attemptId": "41111111-1111-1111-8000-000000000000", "amount": "41111111111111.11",
            "balanceBefore": { "amount": "41111111111111.11", "currency": "JPY" },
            "sent": { "at": "2026-11-22T06:00:00Z", "boot": "4111111111111111", "upMs": 4_111_111_111_111_111_i64 },
        });
        assert_eq!(Masked::body("attempt", body.clone()).text(), body.to_string());
    }

    /// Every kind of fact that has an identifier of ours, with this one.
    fn named(id: uuid::Uuid, order: OrderNo, sent: Moment) -> Vec<Fact> {
        let at = sent.now.at;
        let regeneration = regeneration::Snapshot {
            id: RegenerationId(id),
            lineage: order,
            parent: order,
            reason: Some("604".into()),
            sent,
            changed_at: at,
            state: State::Made(order),
            searches: (1, Some(sent)),
        };
        let stop = stop::Snapshot { id: StopId(id), order, sent, changed_at: at, state: stop::State::Asked };
        let acceptance = AcceptanceId(id);
        let actions = [
            OperatorAction::Decided {
                attempt: AttemptId(id),
                decision: Decision::Close,
                note: "seen".into(),
            },
            OperatorAction::BaggageLoss(baggage::Decision::Accepting { id: acceptance, sent }),
            OperatorAction::BaggageLoss(baggage::Decision::Ended { id: acceptance, called: Called::Taken }),
        ];
        let facts = [
            Fact::Regeneration(Box::new(Regeneration::restore(regeneration))),
            Fact::Stop(Box::new(Stop::restore(stop))),
        ];
        facts.into_iter().chain(actions.map(Fact::OperatorAction)).collect()
    }

    #[test]
    fn an_identifier_that_looks_like_a_card_number_is_read_as_it_was_written() {
        let order = "TESTA20261122135802207".parse().unwrap();
        let now = Now::agreed(jiff::Timestamp::from_second(1_764_000_000).unwrap());
        let sent = Moment { now, boot: Boot(1), up: std::time::Duration::from_secs(9) };
        let id = uuid::Uuid::parse_str("41111111-1111-1111-8000-000000000000").unwrap();
        for fact in named(id, order, sent) {
            let masked = Masked::of(&fact).unwrap();
            assert_eq!(record::read(masked.kind(), Some(order), masked.text()).unwrap(), fact);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_moment_and_name_a_record_has_it_is_read_as_it_was_written(
            seconds in 1_700_000_000_i64..1_900_000_000, nanos in 0_i32..1_000_000_000, boot: u64, up: u64, id: u128,
        ) {
            let order = "TESTA20261122135802207".parse().unwrap();
            let at = jiff::Timestamp::new(seconds, nanos).unwrap();
            let up = std::time::Duration::from_millis(up);
            let sent = Moment { now: Now::agreed(at), boot: Boot(boot), up };
            for fact in named(uuid::Uuid::from_u128(id), order, sent) {
                let masked = Masked::of(&fact).unwrap();
                proptest::prop_assert_eq!(record::read(masked.kind(), Some(order), masked.text()).unwrap(), fact);
            }
        }
    }
}
