//! An attempt as it stands.

use jiff::Timestamp;

use super::{evidence::Evidence, state::State};
use crate::domain::{
    card::MaskedCard,
    intent::{Illegal, name},
    method::PaymentMethod,
    moment::Moment,
    money::Money,
    order::OrderNo,
};

name! {
    /// Names one attempt for ever.
    AttemptId
}

/// An attempt as it stands, and all that was learnt about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name.
    pub id: AttemptId,
    /// Root order of the trip: one attempt at a time for all orders regenerated from it.
    pub lineage: OrderNo,
    /// The order it pays.
    pub order: OrderNo,
    /// How.
    pub method: PaymentMethod,
    /// The amount that was confirmed.
    pub amount: Money,
    /// The card, masked.
    pub card: Option<MaskedCard>,
    /// A multi-use card.
    pub reusable: bool,
    /// When it was claimed.
    pub claimed_at: Timestamp,
    /// When it was about to be sent.
    pub sent: Option<Moment>,
    /// What the account held then, in the order's currency; none if it was not known.
    pub balance_before: Option<Money>,
    /// When its state last changed.
    pub changed_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// `status` of the one answer, if a whole one came.
    pub answer: Option<i64>,
    /// What the queries since then have said.
    pub evidence: Evidence,
}

impl Snapshot {
    /// May an attempt begin like this?
    pub fn may_begin(&self) -> Result<(), Illegal> {
        if self.state != State::Claimed || self.sent.is_some() {
            return Err(Illegal::Step { from: "nothing", to: self.state.word() });
        }
        Ok(())
    }

    /// Can an event, or several of which only the last was written, explain that this one stands like `next` afterwards?
    /// Wall clocks are not asked: people set them.
    pub fn may_become(&self, next: &Self) -> Result<(), Illegal> {
        let fixed = [
            ("name", self.id == next.id),
            ("lineage", self.lineage == next.lineage),
            ("order", self.order == next.order),
            ("method", self.method == next.method),
            ("amount", self.amount == next.amount),
            ("card", self.card == next.card && self.reusable == next.reusable),
            ("time of claiming", self.claimed_at == next.claimed_at),
        ];
        if let Some((what, _)) = fixed.into_iter().find(|(_, is_same)| !is_same) {
            return Err(Illegal::Altered(what));
        }
        let is_step = self.state == next.state || self.state.kind().may_become(next.state.kind());
        let keeps_its_status = match (&self.state, &next.state) {
            (State::Refused(before), State::Rejected(after)) => before == after,
            _ => true,
        };
        if !is_step || !keeps_its_status {
            return Err(Illegal::Step { from: self.state.word(), to: next.state.word() });
        }
        let keeps_its_send = match (self.sent, &next.state) {
            (None, State::Sending) => next.sent.is_some(),
            (Some(_), State::NotSent(_)) => next.sent.is_none() || next.sent == self.sent,
            (before, _) => before == next.sent,
        };
        if !keeps_its_send {
            return Err(Illegal::Altered("time of sending"));
        }
        let is_early = |(sent, evidence): (Moment, Moment)| evidence.since(sent).is_negative();
        if next.sent.zip(next.evidence.last).is_some_and(is_early) {
            return Err(Illegal::EarlyAnswer);
        }
        Ok(())
    }
}
