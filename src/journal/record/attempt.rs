//! An attempt as it is written, and moments.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{read_error::ReadErrorRecord, state::StateRecord, status::status_number};
use crate::domain::{
    attempt::{Attempt, AttemptId, Evidence, Snapshot},
    card::{CardBrand, MaskedCard},
    method::PaymentMethod,
    moment::{Boot, Moment, Now},
    money::{Currency, Money},
    order::{OrderNo, OrderStatus},
};

/// A moment on both clocks.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MomentRecord {
    /// The vendor's clock, the machine's own, and whether the first was known beyond doubt.
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wall: Option<Timestamp>,
    #[serde(default)]
    settled: bool,
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
        let Now { at, wall, settled } = moment.now;
        Self { at, wall: Some(wall), settled, boot: Hex(moment.boot.0), up_ms }
    }
}

impl From<MomentRecord> for Moment {
    fn from(record: MomentRecord) -> Self {
        let now = Now { at: record.at, wall: record.wall.unwrap_or(record.at), settled: record.settled };
        Self { now, boot: Boot(record.boot.0), up: std::time::Duration::from_millis(record.up_ms) }
    }
}

/// Money, in a record that has more than one.
#[derive(Serialize, Deserialize)]
struct MoneyRecord {
    amount: String,
    currency: String,
}

impl MoneyRecord {
    fn of(money: Money) -> Self {
        Self { amount: money.plain(), currency: money.currency.code().to_owned() }
    }

    fn money(&self) -> Option<Money> {
        Some(Money::new(self.amount.parse().ok()?, Currency::parse(&self.currency)?))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttemptRecord {
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    balance_before: Option<MoneyRecord>,
    changed_at: Timestamp,
    answer: Option<i64>,
    /// What the answers since the send agree on; older records count those that said unpaid.
    #[serde(default)]
    said: Option<i64>,
    #[serde(alias = "unpaidAnswers")]
    answers: u32,
    /// The last answer that counted, and the last one of all.
    #[serde(alias = "unpaidAt")]
    answered_at: Option<MomentRecord>,
    #[serde(default, alias = "unpaidLast")]
    answered_last: Option<MomentRecord>,
    // What a state is written as: see `StateRecord`. Flattened it would be read into a tree first.
    state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<ReadErrorRecord>,
}

impl AttemptRecord {
    pub(super) fn of(attempt: &Attempt) -> Self {
        // Answers that nobody understands agree on nothing.
        let evidence = match attempt.evidence.said {
            Some(OrderStatus::Unknown(_)) => Evidence { last: attempt.evidence.last, ..Evidence::default() },
            _ => attempt.evidence,
        };
        let StateRecord { state, code, cause, note, error, child: _ } = StateRecord::of(&attempt.state);
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
            balance_before: attempt.balance_before.map(MoneyRecord::of),
            changed_at: attempt.changed_at,
            answer: attempt.answer,
            said: evidence.said.and_then(status_number),
            answers: evidence.answers,
            answered_at: evidence.counted.map(Into::into),
            answered_last: evidence.last.map(Into::into),
            state,
            code,
            cause,
            note,
            error,
        }
    }

    pub(super) fn attempt(self) -> Option<Attempt> {
        let amount = Money::new(self.amount.parse().ok()?, Currency::parse(&self.currency)?);
        let card = self.card_last_four.as_deref().map(|last_four| {
            MaskedCard::from_parts(self.card_brand.as_deref().and_then(CardBrand::from_word), last_four)
        });
        let Self { state, code, cause, note, error, .. } = self;
        let state = StateRecord { state, code, cause, note, error, child: None };
        Some(Attempt::restore(Snapshot {
            id: AttemptId(self.attempt_id),
            lineage: self.lineage,
            order: self.order_no,
            method: PaymentMethod::from_number(self.payment_method)?,
            amount,
            card: card.flatten(),
            reusable: self.reusable,
            claimed_at: self.claimed_at,
            sent: self.sent.map(Into::into),
            balance_before: self.balance_before.and_then(|record| record.money()),
            changed_at: self.changed_at,
            state: state.read()?,
            answer: self.answer,
            evidence: Evidence {
                said: match self.said {
                    Some(number) => Some(OrderStatus::from_number(Some(number))),
                    None => (self.answers > 0).then_some(OrderStatus::Unpaid),
                },
                answers: self.answers,
                last: self.answered_last.map(Into::into),
                counted: self.answered_at.map(Into::into),
            },
        }))
    }
}
