//! The life of an attempt: it begins with a claim, and events alone change it.

use std::ops::Deref;

use jiff::Timestamp;

use super::{
    event::{Event, Sent},
    evidence::Evidence,
    snapshot::{AttemptId, Snapshot},
    state::State,
};
use crate::domain::{
    card::MaskedCard,
    intent::{Doubt, Illegal, NotSent},
    method::PaymentMethod,
    moment::Moment,
    money::Money,
    order::OrderNo,
};

/// What is claimed: who pays which order, how, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The name of the attempt.
    pub id: AttemptId,
    /// Root order of the trip.
    pub lineage: OrderNo,
    /// The order to be paid.
    pub order: OrderNo,
    /// How.
    pub method: PaymentMethod,
    /// The amount that was confirmed.
    pub amount: Money,
    /// The card, masked.
    pub card: Option<MaskedCard>,
    /// A multi-use card.
    pub reusable: bool,
}

/// One attempt. Everything of it can be read, as the fields of its [`Snapshot`]; only [`Attempt::apply`] changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt(Snapshot);

impl Deref for Attempt {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

impl Attempt {
    /// A new attempt, at `now` by this machine's clock; nothing of it was sent.
    pub fn claim(claim: Claim, now: Timestamp) -> Self {
        let Claim { id, lineage, order, method, amount, card, reusable } = claim;
        Self(Snapshot {
            id,
            lineage,
            order,
            method,
            amount,
            card,
            reusable,
            claimed_at: now,
            sent: None,
            balance_before: None,
            changed_at: now,
            state: State::Claimed,
            answer: None,
            evidence: Evidence::default(),
        })
    }

    /// The attempt as the journal kept it; not for anything that has yet to happen.
    pub fn restore(snapshot: Snapshot) -> Self {
        Self(snapshot)
    }

    /// A copy of all its fields.
    pub fn snapshot(&self) -> Snapshot {
        self.0.clone()
    }

    /// The attempt after an event that was learnt of at `at` (this machine's clock). A query or a late answer that says
    /// nothing new leaves it as it is.
    pub fn apply(&self, event: &Event<'_>, at: Timestamp) -> Result<Self, Illegal> {
        let illegal = || Illegal::Event { state: self.state.word(), event: event.word() };
        let changed = |state| Snapshot { state, changed_at: at, ..self.snapshot() };
        let next = match (event, &self.state) {
            (Event::Sending(moment, balance), State::Claimed) => {
                Snapshot { sent: Some(*moment), balance_before: *balance, ..changed(State::Sending) }
            }
            (Event::NotSent(reason), State::Claimed | State::Sending) => {
                Snapshot { sent: None, ..changed(State::NotSent(reason.clone())) }
            }
            (Event::Ended(..), State::Claimed | State::NotSent(_)) => return Err(illegal()),
            (Event::Ended(sent, now), _) => self.after_send(sent, *now, at),
            (Event::Queried { order, asked, beside }, before) => {
                let Some(mut next) = self.after_query(order, *asked) else { return Ok(self.clone()) };
                let is_ended_beside = *before == State::Conflict && next.state.blocks() && beside.is_held;
                if is_ended_beside || next.state == State::PaidElsewhere && beside.was_denied {
                    next.state = State::Conflict;
                }
                if next.state != *before {
                    next.changed_at = at;
                }
                next
            }
            (Event::Contradicted, State::NotApplied | State::Rejected(_)) => changed(State::Conflict),
            (Event::Decided(decision, now), _) => {
                changed(self.after_decision(*decision, *now).ok_or_else(illegal)?)
            }
            // What was only claimed was never sent; whatever may have been sent is in doubt.
            (Event::OwnerDied, State::Claimed) => changed(State::NotSent(NotSent::Interrupted)),
            (Event::OwnerDied, State::Sending) => changed(State::InDoubt(Doubt::Crash)),
            (Event::Sending(..) | Event::NotSent(_) | Event::Contradicted | Event::OwnerDied, _) => {
                return Err(illegal());
            }
        };
        Ok(Self(next))
    }

    /// What other programs have learnt of it meanwhile by asking outweighs the answer, but for one that was taken for
    /// "did not happen" and was accepted.
    fn after_send(&self, sent: &Sent, now: Moment, at: Timestamp) -> Snapshot {
        let state = match (&self.state, State::after_send(sent)) {
            (State::Sending | State::InDoubt(_), outcome) => outcome,
            (State::NotApplied, State::Accepted) => State::Conflict,
            (known, _) => known.clone(),
        };
        let answer = match sent {
            Sent::Answered { status, .. } => Some(*status),
            Sent::Not(_) | Sent::Doubt(_) => self.answer,
        };
        // A query that was on its way before says nothing of what this one did.
        let evidence = Evidence { last: Some(now), ..self.evidence };
        Snapshot { state, answer, evidence, changed_at: at, ..self.snapshot() }
    }
}
