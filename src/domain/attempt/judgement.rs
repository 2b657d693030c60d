//! What answers prove about an attempt, and what is left for a person to decide.

use jiff::{SignedDuration, Timestamp};

use super::{
    event::Decision,
    evidence::{AGREEING_ANSWERS, DECISION_WITHIN, PATIENCE, QUARANTINE, UNPAID_ANSWERS},
    snapshot::Snapshot,
    state::State,
};
use crate::domain::{
    codes::{self, Outcome},
    intent::Doubt,
    moment::Moment,
    order::{Order, OrderStatus},
};

impl Snapshot {
    /// With what a query of the order, sent at `asked`, said; `None` when it says nothing new. A query that was on its
    /// way before the attempt was sent, or before another one that said what is believed, proves nothing.
    pub(super) fn after_query(&self, order: &Order, asked: Moment) -> Option<Self> {
        // While its own answer is awaited, only the program that sent it may speak of it.
        let awaited = matches!(self.state, State::Claimed | State::Sending);
        let is_newer = |than: Moment| !asked.since(than).is_negative();
        if awaited || !self.sent.is_some_and(is_newer) || !self.evidence.last.is_none_or(is_newer) {
            return None;
        }
        let evidence = self.evidence.and(order.status, asked);
        let weighing = Self { evidence, ..self.clone() };
        match weighing.proven_by(order, asked) {
            Some(state) => Some(Self { state, ..weighing }),
            // Elsewhere one more answer like the last says nothing.
            None => matches!(self.state, State::InDoubt(_) | State::Conflict).then_some(weighing),
        }
    }

    /// The state that the answer proves, with the attempt's memory of answers already counting it.
    fn proven_by(&self, order: &Order, asked: Moment) -> Option<State> {
        use OrderStatus::{Cancelled, Ticketed, Ticketing, Unknown, Unpaid};
        let has_lapsed = || order.has_surely_lapsed(asked.now);
        Some(match (&self.state, order.status) {
            (State::Refused(_), Ticketing | Ticketed) => State::PaidElsewhere,
            (State::InDoubt(Doubt::Status(said)), Ticketing | Ticketed)
                if codes::pay(*said).outcome.speaks_of_another() =>
            {
                State::PaidElsewhere
            }
            (State::InDoubt(_), Ticketing | Ticketed) if self.is_paid_otherwise(order) => {
                State::PaidElsewhere
            }
            (State::Refused(code), Unpaid) => State::Rejected(*code),
            // Closed without ever having been paid, as an order is whose deadline has passed.
            (State::Refused(code), Cancelled) if !order.shows_payment() => State::Rejected(*code),
            (State::Accepted | State::InDoubt(_), Ticketing) => State::Paid,
            (State::Accepted | State::InDoubt(_) | State::Paid, Ticketed) => State::Ticketed,
            (State::Accepted | State::Paid | State::Refused(_), Cancelled) => State::Reversed,
            // It may still be on its way: one answer, or an early one, ends nothing.
            (State::InDoubt(_) | State::Conflict, Cancelled) if self.is_agreed_after_quarantine() => {
                State::Reversed
            }
            // An answer said that it is paid or accepted: no clock can settle that.
            (State::Accepted, Unpaid) if has_lapsed() => State::Conflict,
            (State::InDoubt(Doubt::Status(said)), Unpaid)
                if has_lapsed() && codes::pay(*said).outcome.says_paid() =>
            {
                State::Conflict
            }
            // What was seen is taken back.
            (State::Paid, Unpaid)
            | (State::Reversed, Unpaid | Ticketing | Ticketed)
            | (State::Ticketed, Unpaid | Ticketing | Cancelled) => State::Conflict,
            (State::Conflict, Ticketing | Ticketed)
                if self.is_agreed() && (self.points_to_another() || self.is_paid_otherwise(order)) =>
            {
                State::PaidElsewhere
            }
            (State::Conflict, Ticketing) if self.is_agreed() => State::Paid,
            (State::Conflict, Ticketed) if self.is_agreed() => State::Ticketed,
            (State::InDoubt(_), Unpaid) if has_lapsed() && self.was_quiet(asked) => State::NotApplied,
            (_, Unpaid | Ticketing | Ticketed | Cancelled | Unknown(_)) => return None,
        })
    }

    /// True when its own answer was a refusal, or spoke of another payment: what is paid now was not paid by this one.
    fn points_to_another(&self) -> bool {
        let outcome = self.answer.map(|status| codes::pay(status).outcome);
        outcome.is_some_and(|outcome| outcome == Outcome::Refused || outcome.speaks_of_another())
    }

    /// True when the vendor says that the order was paid by another method: somebody has, and not by this attempt.
    fn is_paid_otherwise(&self, order: &Order) -> bool {
        order.paid_by().is_some_and(|by| by != self.method)
    }

    /// True when spaced answers say the same.
    fn is_agreed(&self) -> bool {
        self.evidence.answers >= AGREEING_ANSWERS
    }

    /// The same, the last of them asked when nothing can be on its way any more.
    fn is_agreed_after_quarantine(&self) -> bool {
        let is_late = |(counted, sent): (Moment, Moment)| counted.since(sent) >= QUARANTINE;
        self.is_agreed() && self.evidence.counted.zip(self.sent).is_some_and(is_late)
    }

    /// The time and the number of answers "unpaid" that a doubt must have lasted before it can be cleared.
    fn was_quiet(&self, now: Moment) -> bool {
        self.evidence.said == Some(OrderStatus::Unpaid)
            && self.evidence.answers >= UNPAID_ANSWERS
            && self.sent.is_some_and(|sent| now.since(sent) >= QUARANTINE)
            && self
                .evidence
                .counted
                .zip(self.sent)
                .is_some_and(|(last, sent)| last.since(sent) >= QUARANTINE / 2)
    }

    /// So many spaced answers that say what the last one said end it, other things being as they must.
    pub fn answers_needed(&self) -> u32 {
        if self.evidence.said == Some(OrderStatus::Cancelled) { AGREEING_ANSWERS } else { UNPAID_ANSWERS }
    }

    /// True when a person may decide that it did not happen: asked long enough and often enough, answered unpaid
    /// each time, and just now again.
    pub fn may_be_denied(&self, now: Moment) -> bool {
        // How long it was quiet is known from the answers themselves.
        matches!(self.state, State::InDoubt(_))
            && self
                .evidence
                .last
                .is_some_and(|last| self.was_quiet(last) && now.is_within(DECISION_WITHIN, last))
    }

    /// True when asking has had its time and says nothing that could end this: no answer at all, or none that anybody
    /// understands, `passed` after the send and `silent` after the last answer. A person must find out elsewhere.
    fn is_stuck(&self, passed: SignedDuration, silent: Option<SignedDuration>) -> bool {
        let is_open = matches!(self.state, State::InDoubt(_) | State::Refused(_));
        let says_nothing = matches!(self.evidence.said, None | Some(OrderStatus::Unknown(_)))
            || silent.is_none_or(|silent| silent >= QUARANTINE);
        is_open && says_nothing && passed >= QUARANTINE + PATIENCE
    }

    /// The same at `now` by the vendor's clock, as screens know it.
    pub fn needs_a_person(&self, now: Timestamp) -> bool {
        let since = |then: Moment| now.duration_since(then.now.at);
        self.sent.is_some_and(|sent| self.is_stuck(since(sent), self.evidence.last.map(since)))
    }

    /// The decision that a screen may offer at `now`. A screen knows the vendor's clock alone; whoever carries the
    /// decision out judges it once more, by the event.
    pub fn decision_to_offer(&self, now: Timestamp) -> Option<Decision> {
        let is_fresh = |last: Moment| now.duration_since(last.now.at) < DECISION_WITHIN;
        if self.state.is_break() || self.needs_a_person(now) {
            return Some(Decision::Close);
        }
        let last = self.evidence.last.filter(|_| matches!(self.state, State::InDoubt(_)))?;
        (self.was_quiet(last) && is_fresh(last)).then_some(Decision::DidNotHappen)
    }

    /// The state after a person's decision at `now`; `None` if it is not theirs to take.
    pub(super) fn after_decision(&self, decision: Decision, now: Moment) -> Option<State> {
        match decision {
            Decision::DidNotHappen => self.may_be_denied(now).then_some(State::NotApplied),
            Decision::Close => {
                let since = |then: Moment| now.since(then);
                let stuck = |sent| self.is_stuck(since(sent), self.evidence.last.map(since));
                (self.state.is_break() || self.sent.is_some_and(stuck)).then_some(State::Closed)
            }
        }
    }
}
