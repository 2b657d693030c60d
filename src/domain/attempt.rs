//! The states of an attempt to pay, and what each observation proves about it.
//!
//! An *attempt* is one `pay.do` that was or may have been sent, and is at most one request for ever. The API has no
//! idempotency key, so a lost answer is never answered by sending again: only a complete, typed answer or a query of
//! the order moves an attempt on. This file decides; it sends and stores nothing.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{
    card::MaskedCard,
    codes::{self, Outcome},
    method::PaymentMethod,
    moment::Moment,
    money::Money,
    order::{Order, OrderNo, OrderStatus},
};

/// Names one attempt for ever (UUID, version 7, so that they sort by time).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId(pub Uuid);

impl AttemptId {
    /// A new one.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How the single send of `pay.do` ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Proof that no byte of the request left: the connection was never made.
    Not(NotSent),
    /// One complete, typed answer over HTTP 200 with a numeric `status`.
    Answered {
        /// `status` of the body.
        status: i64,
        /// The vendor's words, for people only.
        msg: Option<super::text::Text>,
    },
    /// Anything else: it may have been applied.
    Doubt(Doubt),
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// Refused, no route, no such host, failed handshake, or no connection in time.
    NoConnection(String),
    /// The second check found a reason not to pay; see [`super::subject::kept`].
    Obstacle(String),
    /// The price, the currency or the passengers are not those that were confirmed.
    Changed(String),
    /// The gate before the send was closed: the last query was too old, or the program was leaving.
    Gate(String),
    /// The program ended between claiming and sending.
    Interrupted,
}

/// Why the outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No answer in time.
    NoAnswer,
    /// The connection was cut, or the body ended early.
    Cut(String),
    /// Not a JSON document of the documented form, or of another order.
    Unreadable(String),
    /// An HTTP status that is not 200; a body that says 0 does not heal it.
    Http(u16),
    /// A `status` that decides nothing (see [`super::codes`]), or an unknown number.
    Status(i64),
    /// The program ended while the request may have been on its way.
    Crash,
}

/// Where an attempt stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The intent is on disk; nothing has been sent.
    Claimed,
    /// On disk before the first byte: from here on it may have been sent.
    Sending,
    /// `status` 0: accepted. Not yet charged.
    Accepted,
    /// A definite refusal, not yet confirmed by a query that shows the order unpaid.
    Refused(i64),
    /// The outcome is unknown; only asking resolves it.
    InDoubt(Doubt),
    /// A query says ticketing: paid, or being paid.
    Paid,
    /// A query says ticketed.
    Ticketed,
    /// The order is paid, but not by this attempt.
    PaidElsewhere,
    /// The evidence contradicts itself; a person must decide.
    Conflict,
    /// Was accepted or in doubt, and the order is now cancelled: whether money moved is still open.
    Reversed,
    /// Refused, and a later query shows the order unpaid or closed: nothing was charged.
    Rejected(i64),
    /// Nothing was sent.
    NotSent(NotSent),
    /// The doubt was cleared: it did not happen.
    NotApplied,
    /// A person has looked into it with the vendor and closed it: nothing of it is open any more.
    Closed,
}

impl State {
    /// True while no other attempt may be made on this lineage.
    pub fn blocks(&self) -> bool {
        !matches!(
            self,
            Self::Reversed | Self::Rejected(_) | Self::NotSent(_) | Self::NotApplied | Self::Closed
        )
    }

    /// True when the evidence contradicts itself, or money is somewhere that only a person can find out.
    pub fn is_break(&self) -> bool {
        matches!(self, Self::Conflict | Self::PaidElsewhere | Self::Reversed)
    }

    /// True while queries are needed to learn more.
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Claimed
                | Self::Sending
                | Self::Accepted
                | Self::Refused(_)
                | Self::InDoubt(_)
                | Self::Paid
                | Self::Conflict
        )
    }

    /// True when an order that is called `status` is what an attempt in this state leads one to expect. Where it is not,
    /// the order is asked for, whoever called it that.
    pub fn fits(&self, status: OrderStatus) -> bool {
        match self {
            Self::Ticketed => status == OrderStatus::Ticketed,
            Self::Reversed => status == OrderStatus::Cancelled,
            _ => true,
        }
    }

    /// True when a charge is possible and not yet known.
    pub fn is_doubtful(&self) -> bool {
        matches!(self, Self::Sending | Self::InDoubt(_) | Self::Refused(_) | Self::Conflict)
    }

    /// The stable word for journal and JSON; texts for people are in the language files.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Refused(_) => "refused",
            Self::InDoubt(_) => "inDoubt",
            Self::Paid => "paid",
            Self::Ticketed => "ticketed",
            Self::PaidElsewhere => "paidElsewhere",
            Self::Conflict => "conflict",
            Self::Reversed => "reversed",
            Self::Rejected(_) => "rejected",
            Self::NotSent(_) => "notSent",
            Self::NotApplied => "notApplied",
            Self::Closed => "closed",
        }
    }

    /// What the send proves. Legal from [`State::Sending`] only.
    pub fn after_send(sent: &Sent) -> Self {
        match sent {
            Sent::Not(reason) => Self::NotSent(reason.clone()),
            Sent::Doubt(doubt) => Self::InDoubt(doubt.clone()),
            Sent::Answered { status: 0, .. } => Self::Accepted,
            Sent::Answered { status, .. } if is_definite_refusal(*status) => Self::Refused(*status),
            Sent::Answered { status, .. } => Self::InDoubt(Doubt::Status(*status)),
        }
    }
}

/// The statuses of `pay.do` that refuse; each still wants a query that shows the order unpaid before it is believed.
/// All others leave the outcome open.
pub fn is_definite_refusal(status: i64) -> bool {
    codes::pay(status).outcome == Outcome::Refused
}

/// At least so long after the send a doubt may be cleared: twice the client's total time-out of 60 s, and a minute.
pub const QUARANTINE: SignedDuration = SignedDuration::from_secs(180);

/// So many spaced answers "unpaid" are needed to clear a doubt.
pub const UNPAID_ANSWERS: u32 = 3;

/// So long after the quarantine a doubt that no answer ends is a person's.
pub const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

/// So many spaced answers that agree end a contradiction, or a doubt about an order that they call cancelled.
const AGREEING_ANSWERS: u32 = 2;

/// Answers count as spaced when the later query was sent so long after the one that counted before.
const SPACED_BY: SignedDuration = SignedDuration::from_secs(20);

/// A person may decide only while the last answer "unpaid" is younger than this.
pub const DECISION_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// What the queries since the send have said, as far as they agree with each other: each word that differs from the
/// last one begins anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// The status that they agree on.
    pub said: Option<OrderStatus>,
    /// Spaced queries that said so.
    pub answers: u32,
    /// When the last query that said so was sent, spaced or not.
    pub last: Option<Moment>,
    /// When the last one that counted was sent.
    pub counted: Option<Moment>,
}

impl Heard {
    /// With one more answer, to a query sent at `asked`.
    fn and(self, said: OrderStatus, asked: Moment) -> Self {
        let before = if self.said == Some(said) { self } else { Self::default() };
        let counts = before.counted.is_none_or(|counted| asked.since(counted) >= SPACED_BY);
        Self {
            said: Some(said),
            answers: before.answers + u32::from(counts),
            last: Some(asked),
            counted: if counts { Some(asked) } else { before.counted },
        }
    }
}

/// One attempt and all that was learnt about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
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
    /// When its state last changed.
    pub changed_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// `status` of the one answer, if a whole one came.
    pub answer: Option<i64>,
    /// What the queries since then have said.
    pub heard: Heard,
}

impl Attempt {
    /// The attempt when its own send has ended, at `now`. What other programs have learnt of it meanwhile by asking
    /// outweighs the answer, but for one that was taken for "did not happen" and was accepted.
    #[must_use]
    pub fn after_send(&self, sent: &Sent, now: Moment) -> Self {
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
        let heard = Heard { last: Some(now), ..self.heard };
        Self { state, answer, heard, ..self.clone() }
    }

    /// The attempt after a query of its order, sent at `asked`; `None` when it tells nothing new. A query that was on
    /// its way before the attempt was sent, or before another one that said what is believed, proves nothing.
    pub fn after_query(&self, order: &Order, asked: Moment) -> Option<Self> {
        // While its own answer is awaited, only the program that sent it may speak of it.
        let awaited = matches!(self.state, State::Claimed | State::Sending);
        let is_newer = |than: Moment| !asked.since(than).is_negative();
        if awaited || !self.sent.is_some_and(is_newer) || !self.heard.last.is_none_or(is_newer) {
            return None;
        }
        let heard = self.heard.and(order.status, asked);
        let weighing = Self { heard, ..self.clone() };
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
            // It was told that it is paid or accepted: no clock can settle that.
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
            (State::Conflict, Ticketing | Ticketed) if self.is_agreed() && self.was_told_of_another() => {
                State::PaidElsewhere
            }
            (State::Conflict, Ticketing) if self.is_agreed() => State::Paid,
            (State::Conflict, Ticketed) if self.is_agreed() => State::Ticketed,
            (State::InDoubt(_), Unpaid) if has_lapsed() && self.was_quiet(asked) => State::NotApplied,
            (_, Unpaid | Ticketing | Ticketed | Cancelled | Unknown(_)) => return None,
        })
    }

    /// True when its own answer was a refusal, or spoke of another payment: what is paid now was not paid by this one.
    fn was_told_of_another(&self) -> bool {
        let outcome = self.answer.map(|status| codes::pay(status).outcome);
        outcome.is_some_and(|outcome| outcome == Outcome::Refused || outcome.speaks_of_another())
    }

    /// True when spaced answers say the same.
    fn is_agreed(&self) -> bool {
        self.heard.answers >= AGREEING_ANSWERS
    }

    /// The same, the last of them asked when nothing can be on its way any more.
    fn is_agreed_after_quarantine(&self) -> bool {
        let is_late = |(counted, sent): (Moment, Moment)| counted.since(sent) >= QUARANTINE;
        self.is_agreed() && self.heard.counted.zip(self.sent).is_some_and(is_late)
    }

    /// The time and the number of answers "unpaid" that a doubt must have lasted before it can be cleared.
    fn was_quiet(&self, now: Moment) -> bool {
        self.heard.said == Some(OrderStatus::Unpaid)
            && self.heard.answers >= UNPAID_ANSWERS
            && self.sent.is_some_and(|sent| now.since(sent) >= QUARANTINE)
            && self
                .heard
                .counted
                .zip(self.sent)
                .is_some_and(|(last, sent)| last.since(sent) >= QUARANTINE / 2)
    }

    /// So many spaced answers that say what the last one said end it, other things being as they must.
    pub fn answers_needed(&self) -> u32 {
        if self.heard.said == Some(OrderStatus::Cancelled) { AGREEING_ANSWERS } else { UNPAID_ANSWERS }
    }

    /// True when a person may decide that it did not happen: asked long enough and often enough, answered unpaid
    /// each time, and just now again.
    pub fn may_be_denied(&self, now: Moment) -> bool {
        // How long it was quiet is told by the answers themselves.
        matches!(self.state, State::InDoubt(_))
            && self
                .heard
                .last
                .is_some_and(|last| self.was_quiet(last) && now.is_within(DECISION_WITHIN, last))
    }

    /// True when asking has had its time and says nothing that could end this: no answer at all, or none that anybody
    /// understands, `passed` after the send and `silent` after the last answer. A person must find out elsewhere.
    fn is_stuck(&self, passed: SignedDuration, silent: Option<SignedDuration>) -> bool {
        let is_open = matches!(self.state, State::InDoubt(_) | State::Refused(_));
        let says_nothing = matches!(self.heard.said, None | Some(OrderStatus::Unknown(_)))
            || silent.is_none_or(|silent| silent >= QUARANTINE);
        is_open && says_nothing && passed >= QUARANTINE + PATIENCE
    }

    /// The same at `now` by the vendor's clock, as screens know it.
    pub fn needs_a_person(&self, now: Timestamp) -> bool {
        let since = |then: Moment| now.duration_since(then.now.at);
        self.sent.is_some_and(|sent| self.is_stuck(since(sent), self.heard.last.map(since)))
    }

    /// The decision that a screen may offer at `now`. A screen knows the vendor's clock alone; whoever carries the
    /// decision out judges it once more, by [`Self::after_decision`].
    pub fn decision_to_offer(&self, now: Timestamp) -> Option<Decision> {
        let is_fresh = |last: Moment| now.duration_since(last.now.at) < DECISION_WITHIN;
        if self.state.is_break() || self.needs_a_person(now) {
            return Some(Decision::Close);
        }
        let last = self.heard.last.filter(|_| matches!(self.state, State::InDoubt(_)))?;
        (self.was_quiet(last) && is_fresh(last)).then_some(Decision::DidNotHappen)
    }

    /// The state after a person's decision at `now`; `None` if it is not theirs to take.
    pub fn after_decision(&self, decision: Decision, now: Moment) -> Option<State> {
        match decision {
            Decision::DidNotHappen => self.may_be_denied(now).then_some(State::NotApplied),
            Decision::Close => {
                let since = |then: Moment| now.since(then);
                let stuck = |sent| self.is_stuck(since(sent), self.heard.last.map(since));
                (self.state.is_break() || self.sent.is_some_and(stuck)).then_some(State::Closed)
            }
        }
    }

    /// What is right for an attempt found in the journal after the program that made it has died: whatever may have
    /// been sent is in doubt, and what was only claimed was never sent.
    pub fn after_death(&self) -> Option<State> {
        match self.state {
            State::Claimed => Some(State::NotSent(NotSent::Interrupted)),
            State::Sending => Some(State::InDoubt(Doubt::Crash)),
            _ => None,
        }
    }
}

/// What a person decides where asking the vendor's API alone does not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The doubt is over: it did not happen.
    DidNotHappen,
    /// The contradiction, or the money that was open, has been settled with the vendor.
    Close,
}

impl Decision {
    /// The stable word for the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::DidNotHappen => "didNotHappen",
            Self::Close => "close",
        }
    }
}
