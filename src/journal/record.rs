//! How facts are written: JSON of plain words and numbers, which any tool can read. What a newer version might add is
//! passed over; what this one needs and does not find makes the record unreadable, never a guess.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Fact, JournalError};
use crate::domain::{
    attempt::{Attempt, AttemptId, Decision, Doubt, NotSent, Quiet, State},
    card::{CardBrand, MaskedCard},
    method::PaymentMethod,
    moment::{Boot, Moment},
    money::{Currency, Money},
    notice::{Kind, Notice},
    order::{OrderNo, OrderStatus},
    recovery::Route,
    regeneration::{self, Regeneration, RegenerationId},
    story::Action,
    text::Text,
};

/// A fact as the columns `kind` and `body`.
pub(super) fn written(fact: &Fact) -> Result<(&'static str, String), JournalError> {
    let body =
        |body: serde_json::Result<String>| body.map_err(|error| JournalError::Record(error.to_string()));
    Ok(match fact {
        Fact::Attempt(attempt) => ("attempt", body(serde_json::to_string(&AttemptRecord::of(attempt)))?),
        Fact::Regeneration(regeneration) => {
            ("regeneration", body(serde_json::to_string(&RegenerationRecord::of(regeneration)))?)
        }
        Fact::Seen { status, error } => {
            let record =
                SeenRecord { status: status_number(*status), error: error.as_ref().map(ToString::to_string) };
            ("seen", body(serde_json::to_string(&record))?)
        }
        Fact::Told(notice) => {
            let record = ToldRecord {
                kind: notice.kind.word().to_owned(),
                id: notice.id.as_ref().map(ToString::to_string),
                error: notice.error.as_ref().map(ToString::to_string),
                raw: notice.raw.clone(),
            };
            ("told", body(serde_json::to_string(&record))?)
        }
        Fact::Action(action) => ("action", body(serde_json::to_string(&ActionRecord::of(action)))?),
    })
}

/// The fact of two columns.
pub(super) fn read(kind: &str, order: Option<OrderNo>, body: &str) -> Result<Fact, JournalError> {
    Ok(match kind {
        "attempt" => Fact::Attempt(Box::new(attempt(body)?)),
        "regeneration" => Fact::Regeneration(Box::new(regeneration(body)?)),
        "seen" => {
            let record: SeenRecord = parsed(body)?;
            let status = OrderStatus::from_number(record.status);
            Fact::Seen { status, error: record.error.as_deref().map(Text::new) }
        }
        "told" => {
            let record: ToldRecord = parsed(body)?;
            Fact::Told(Box::new(Notice {
                kind: Kind::of_word(&record.kind),
                order,
                id: record.id.as_deref().map(Text::new),
                error: record.error.as_deref().map(Text::new),
                raw: record.raw,
            }))
        }
        "action" => {
            let record: ActionRecord = parsed(body)?;
            Fact::Action(record.action().ok_or_else(|| unreadable("action"))?)
        }
        other => return Err(JournalError::Record(format!("kind {other}"))),
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

fn parsed<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, JournalError> {
    serde_json::from_str(body).map_err(|error| JournalError::Record(error.to_string()))
}

fn unreadable(what: &str) -> JournalError {
    JournalError::Record(format!("an {what} that this version does not understand"))
}

/// A state: its word, a number that belongs to it, the word of its cause, free text, and an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRecord {
    /// The state's own word.
    pub state: String,
    /// Vendor status or HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// The kind of doubt, or why nothing was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Details for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The new order of a regeneration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<OrderNo>,
}

impl StateRecord {
    fn plain(state: &str) -> Self {
        Self { state: state.to_owned(), ..Self::default() }
    }

    fn doubt(state: &str, doubt: &Doubt) -> Self {
        let (code, cause, note) = match doubt {
            Doubt::NoAnswer => (None, "noAnswer", None),
            Doubt::Cut(note) => (None, "cut", Some(note)),
            Doubt::Unreadable(note) => (None, "unreadable", Some(note)),
            Doubt::Http(code) => (Some(i64::from(*code)), "http", None),
            Doubt::Status(code) => (Some(*code), "status", None),
            Doubt::Crash => (None, "crash", None),
        };
        Self { code, cause: Some(cause.to_owned()), note: note.cloned(), ..Self::plain(state) }
    }

    fn not_sent(state: &str, reason: &NotSent) -> Self {
        let (cause, note) = match reason {
            NotSent::NoConnection(note) => ("noConnection", Some(note)),
            NotSent::Obstacle(note) => ("obstacle", Some(note)),
            NotSent::Changed(note) => ("changed", Some(note)),
            NotSent::Gate(note) => ("gate", Some(note)),
            NotSent::Interrupted => ("interrupted", None),
        };
        Self { cause: Some(cause.to_owned()), note: note.cloned(), ..Self::plain(state) }
    }

    /// The record of an attempt's state.
    pub fn of(state: &State) -> Self {
        let word = state.word();
        match state {
            State::Refused(code) | State::Rejected(code) => Self { code: Some(*code), ..Self::plain(word) },
            State::InDoubt(doubt) => Self::doubt(word, doubt),
            State::NotSent(reason) => Self::not_sent(word, reason),
            _ => Self::plain(word),
        }
    }

    /// The record of a regeneration's state.
    pub fn of_regeneration(state: &regeneration::State) -> Self {
        use regeneration::State;
        let word = state.word();
        match state {
            State::Made(child) | State::Found(child) => Self { child: Some(*child), ..Self::plain(word) },
            State::Refused(code) => Self { code: Some(*code), ..Self::plain(word) },
            State::InDoubt(doubt) => Self::doubt(word, doubt),
            State::NotSent(reason) => Self::not_sent(word, reason),
            State::Sending | State::NotMade => Self::plain(word),
        }
    }

    fn read_doubt(&self) -> Option<Doubt> {
        let note = || self.note.clone().unwrap_or_default();
        Some(match self.cause.as_deref()? {
            "noAnswer" => Doubt::NoAnswer,
            "cut" => Doubt::Cut(note()),
            "unreadable" => Doubt::Unreadable(note()),
            "http" => Doubt::Http(u16::try_from(self.code?).ok()?),
            "status" => Doubt::Status(self.code?),
            "crash" => Doubt::Crash,
            _ => return None,
        })
    }

    fn read_not_sent(&self) -> Option<NotSent> {
        let note = self.note.clone().unwrap_or_default();
        Some(match self.cause.as_deref()? {
            "noConnection" => NotSent::NoConnection(note),
            "obstacle" => NotSent::Obstacle(note),
            "changed" => NotSent::Changed(note),
            "gate" => NotSent::Gate(note),
            "interrupted" => NotSent::Interrupted,
            _ => return None,
        })
    }

    /// The attempt's state; `None` if a newer version wrote it.
    pub fn read(&self) -> Option<State> {
        Some(match self.state.as_str() {
            "claimed" => State::Claimed,
            "sending" => State::Sending,
            "accepted" => State::Accepted,
            "refused" => State::Refused(self.code?),
            "rejected" => State::Rejected(self.code?),
            "inDoubt" => State::InDoubt(self.read_doubt()?),
            "paid" => State::Paid,
            "ticketed" => State::Ticketed,
            "paidElsewhere" => State::PaidElsewhere,
            "conflict" => State::Conflict,
            "reversed" => State::Reversed,
            "notSent" => State::NotSent(self.read_not_sent()?),
            "notApplied" => State::NotApplied,
            "closed" => State::Closed,
            _ => return None,
        })
    }

    /// The regeneration's state; `None` if a newer version wrote it.
    pub fn read_regeneration(&self) -> Option<regeneration::State> {
        use regeneration::State;
        Some(match self.state.as_str() {
            "sending" => State::Sending,
            "made" => State::Made(self.child?),
            "found" => State::Found(self.child?),
            "inDoubt" => State::InDoubt(self.read_doubt()?),
            "refused" => State::Refused(self.code?),
            "notSent" => State::NotSent(self.read_not_sent()?),
            "notMade" => State::NotMade,
            _ => return None,
        })
    }
}

/// A moment on both clocks.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MomentRecord {
    at: Timestamp,
    /// Hexadecimal, since JSON numbers of 64 bits are read wrongly by many tools.
    boot: Hex,
    up_ms: u64,
}

#[derive(Clone, Copy)]
struct Hex(u64);

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

impl From<Moment> for MomentRecord {
    fn from(moment: Moment) -> Self {
        let up_ms = u64::try_from(moment.up.as_millis()).unwrap_or(u64::MAX);
        Self { at: moment.at, boot: Hex(moment.boot.0), up_ms }
    }
}

impl From<MomentRecord> for Moment {
    fn from(record: MomentRecord) -> Self {
        Self { at: record.at, boot: Boot(record.boot.0), up: std::time::Duration::from_millis(record.up_ms) }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttemptRecord {
    attempt_id: uuid::Uuid,
    lineage: OrderNo,
    order_no: OrderNo,
    payment_method: i64,
    amount: String,
    currency: String,
    card_brand: Option<String>,
    card_last_four: Option<String>,
    reusable: bool,
    claimed_at: Timestamp,
    sent: Option<MomentRecord>,
    changed_at: Timestamp,
    answer: Option<i64>,
    unpaid_answers: u32,
    /// The last answer that counted, and the last one of all.
    unpaid_at: Option<MomentRecord>,
    #[serde(default)]
    unpaid_last: Option<MomentRecord>,
    #[serde(flatten)]
    state: StateRecord,
}

impl AttemptRecord {
    fn of(attempt: &Attempt) -> Self {
        Self {
            attempt_id: attempt.id.0,
            lineage: attempt.lineage,
            order_no: attempt.order,
            payment_method: i64::from(attempt.method.number()),
            amount: attempt.amount.plain(),
            currency: attempt.amount.currency.code().to_owned(),
            card_brand: attempt.card.and_then(|card| card.brand).map(|brand| brand.word().to_owned()),
            card_last_four: attempt.card.map(|card| card.last_four().to_owned()),
            reusable: attempt.reusable,
            claimed_at: attempt.claimed_at,
            sent: attempt.sent.map(Into::into),
            changed_at: attempt.changed_at,
            answer: attempt.answer,
            unpaid_answers: attempt.quiet.answers,
            unpaid_at: attempt.quiet.counted.map(Into::into),
            unpaid_last: attempt.quiet.last.map(Into::into),
            state: StateRecord::of(&attempt.state),
        }
    }

    fn attempt(self) -> Option<Attempt> {
        let amount = Money::new(self.amount.parse().ok()?, Currency::parse(&self.currency)?);
        let card = self.card_last_four.as_deref().map(|last_four| {
            MaskedCard::from_parts(self.card_brand.as_deref().and_then(CardBrand::from_word), last_four)
        });
        Some(Attempt {
            id: AttemptId(self.attempt_id),
            lineage: self.lineage,
            order: self.order_no,
            method: PaymentMethod::from_number(self.payment_method)?,
            amount,
            card: card.flatten(),
            reusable: self.reusable,
            claimed_at: self.claimed_at,
            sent: self.sent.map(Into::into),
            changed_at: self.changed_at,
            state: self.state.read()?,
            answer: self.answer,
            quiet: Quiet {
                answers: self.unpaid_answers,
                last: self.unpaid_last.map(Into::into),
                counted: self.unpaid_at.map(Into::into),
            },
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegenerationRecord {
    regeneration_id: uuid::Uuid,
    lineage: OrderNo,
    original_order_no: OrderNo,
    reason: Option<String>,
    sent: MomentRecord,
    changed_at: Timestamp,
    searches: u32,
    searched: Option<MomentRecord>,
    #[serde(flatten)]
    state: StateRecord,
}

impl RegenerationRecord {
    fn of(regeneration: &Regeneration) -> Self {
        Self {
            regeneration_id: regeneration.id.0,
            lineage: regeneration.lineage,
            original_order_no: regeneration.parent,
            reason: regeneration.reason.as_ref().map(ToString::to_string),
            sent: regeneration.sent.into(),
            changed_at: regeneration.changed_at,
            searches: regeneration.searches.0,
            searched: regeneration.searches.1.map(Into::into),
            state: StateRecord::of_regeneration(&regeneration.state),
        }
    }

    fn regeneration(self) -> Option<Regeneration> {
        Some(Regeneration {
            id: RegenerationId(self.regeneration_id),
            lineage: self.lineage,
            parent: self.original_order_no,
            reason: self.reason.as_deref().map(Text::new),
            sent: self.sent.into(),
            changed_at: self.changed_at,
            state: self.state.read_regeneration()?,
            searches: (self.searches, self.searched.map(Into::into)),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct SeenRecord {
    status: Option<i64>,
    error: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct ToldRecord {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    error: Option<String>,
    raw: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum ActionRecord {
    Chose { route: String, reason: Option<String> },
    Decided { attempt_id: uuid::Uuid, decision: String, note: String },
    Noted { note: String },
    Refused { reason: String },
    Registered { url: String },
}

impl ActionRecord {
    fn of(action: &Action) -> Self {
        match action {
            Action::Chose { route, reason } => Self::Chose {
                route: route.word().to_owned(),
                reason: reason.as_ref().map(ToString::to_string),
            },
            Action::Decided { attempt, decision, note } => Self::Decided {
                attempt_id: attempt.0,
                decision: decision.word().to_owned(),
                note: note.to_string(),
            },
            Action::Noted(note) => Self::Noted { note: note.to_string() },
            Action::Refused(reason) => Self::Refused { reason: reason.to_string() },
            Action::Registered(url) => Self::Registered { url: url.to_string() },
        }
    }

    fn action(self) -> Option<Action> {
        Some(match self {
            Self::Chose { route, reason } => Action::Chose {
                route: Route::ALL.into_iter().find(|known| known.word() == route)?,
                reason: reason.as_deref().map(Text::new),
            },
            Self::Decided { attempt_id, decision, note } => Action::Decided {
                attempt: AttemptId(attempt_id),
                decision: [Decision::DidNotHappen, Decision::Close]
                    .into_iter()
                    .find(|known| known.word() == decision)?,
                note: Text::new(&note),
            },
            Self::Noted { note } => Action::Noted(Text::new(&note)),
            Self::Refused { reason } => Action::Refused(Text::new(&reason)),
            Self::Registered { url } => Action::Registered(Text::new(&url)),
        })
    }
}

/// The number of a status, as on the wire; none for an answer without one.
fn status_number(status: OrderStatus) -> Option<i64> {
    match status {
        OrderStatus::Unpaid => Some(0),
        OrderStatus::Ticketing => Some(1),
        OrderStatus::Ticketed => Some(2),
        OrderStatus::Cancelled => Some(-3),
        OrderStatus::Unknown(number) => number,
    }
}

#[cfg(test)]
pub(super) fn every_state() -> Vec<State> {
    let note = || "x".to_owned();
    vec![
        State::Claimed,
        State::Sending,
        State::Accepted,
        State::Refused(401),
        State::InDoubt(Doubt::NoAnswer),
        State::InDoubt(Doubt::Cut(note())),
        State::InDoubt(Doubt::Unreadable(note())),
        State::InDoubt(Doubt::Http(502)),
        State::InDoubt(Doubt::Status(9999)),
        State::InDoubt(Doubt::Crash),
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        State::Reversed,
        State::Rejected(403),
        State::NotSent(NotSent::NoConnection(note())),
        State::NotSent(NotSent::Obstacle(note())),
        State::NotSent(NotSent::Changed(note())),
        State::NotSent(NotSent::Gate(note())),
        State::NotSent(NotSent::Interrupted),
        State::NotApplied,
        State::Closed,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_as_it_was_written() {
        for state in every_state() {
            assert_eq!(StateRecord::of(&state).read().as_ref(), Some(&state));
        }
        let newer = StateRecord { state: "teleported".into(), ..StateRecord::default() };
        assert_eq!(newer.read(), None);
    }

    #[test]
    fn every_fact_is_read_as_it_was_written() {
        let order: OrderNo = "TESTA20261122135802207".parse().unwrap();
        let at = Timestamp::from_second(1_764_000_000).unwrap();
        let moment = Moment { at, boot: Boot(u64::MAX), up: std::time::Duration::from_millis(1_234) };
        let regeneration = |state| {
            Fact::Regeneration(Box::new(Regeneration {
                id: RegenerationId::generate(),
                lineage: order,
                parent: order,
                reason: Some("604".into()),
                sent: moment,
                changed_at: at,
                state,
                searches: (2, Some(moment)),
            }))
        };
        let attempt = AttemptId::generate();
        let facts = [
            regeneration(regeneration::State::Sending),
            regeneration(regeneration::State::Made(order)),
            regeneration(regeneration::State::Found(order)),
            regeneration(regeneration::State::InDoubt(Doubt::Http(500))),
            regeneration(regeneration::State::Refused(314)),
            regeneration(regeneration::State::NotSent(NotSent::Interrupted)),
            regeneration(regeneration::State::NotMade),
            Fact::Seen { status: OrderStatus::Unknown(Some(7)), error: Some("604".into()) },
            Fact::Told(Box::new(Notice {
                kind: Kind::Other("order.teleported".into()),
                order: Some(order),
                id: Some("n1".into()),
                error: None,
                raw: "{\"type\":\"order.teleported\"}".into(),
            })),
            Fact::Action(Action::Chose { route: Route::NewDeposit, reason: Some("604".into()) }),
            Fact::Action(Action::Decided { attempt, decision: Decision::Close, note: "refunded".into() }),
            Fact::Action(Action::Noted("王 called".into())),
            Fact::Action(Action::Refused("read_only".into())),
            Fact::Action(Action::Registered("https://desk.example/hooks".into())),
        ];
        for fact in facts {
            let (kind, body) = written(&fact).unwrap();
            assert_eq!(read(kind, Some(order), &body).unwrap(), fact, "{kind} {body}");
        }
    }
}
