//! An attempt as it is written, and moments.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::StateRecord;
use crate::domain::{
    attempt::{Attempt, AttemptId, Quiet},
    card::{CardBrand, MaskedCard},
    method::PaymentMethod,
    moment::{Boot, Moment},
    money::{Currency, Money},
    order::OrderNo,
};

/// A moment on both clocks.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MomentRecord {
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
    pub(super) fn of(attempt: &Attempt) -> Self {
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

    pub(super) fn attempt(self) -> Option<Attempt> {
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
