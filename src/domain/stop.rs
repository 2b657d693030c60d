//! Stopping issuance (`stopTicket.do`): one request, and what became of it.
//!
//! The vendor's 0 says only that it tries. What came of it a query tells, within about eight minutes: cancelled (-3) is
//! stopped, ticketed (2) is too late. So the request is on disk before it leaves; after a lost answer the order is asked for
//! like after a 0; and nobody asks again while one may still work.

use std::ops::Deref;

use jiff::{SignedDuration, Timestamp};

use super::{
    intent::{Doubt, NotSent, kinds, name},
    moment::Moment,
    order::OrderNo,
};

name! {
    /// Names one request for ever.
    StopId
}

/// The vendor asks to look again after so long.
pub const WORKS_FOR: SignedDuration = SignedDuration::from_mins(8);

kinds! {
    /// Where a request stands, without what belongs to it.
    Kind {
        /// See [`State::Sending`].
        Sending => "sending",
        /// See [`State::Asked`].
        Asked => "asked",
        /// See [`State::InDoubt`].
        InDoubt => "inDoubt",
        /// See [`State::Refused`].
        Refused => "refused",
        /// See [`State::NotSent`].
        NotSent => "notSent",
    }
}

/// Where a request stands. What became of the order is the order's own state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// On disk before the first byte: from here on it may have been sent. Its program may have died over it.
    Sending,
    /// The vendor tries.
    Asked,
    /// No answer that decides: it may be trying.
    InDoubt(Doubt),
    /// Refused: nothing is tried.
    Refused(i64),
    /// Nothing was sent.
    NotSent(NotSent),
}

impl State {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Sending => Kind::Sending,
            Self::Asked => Kind::Asked,
            Self::InDoubt(_) => Kind::InDoubt,
            Self::Refused(_) => Kind::Refused,
            Self::NotSent(_) => Kind::NotSent,
        }
    }

    /// The stable word for journal and JSON.
    pub const fn word(&self) -> &'static str {
        self.kind().word()
    }

    /// True when the vendor tries, or may.
    pub const fn may_work(&self) -> bool {
        matches!(self, Self::Sending | Self::Asked | Self::InDoubt(_))
    }
}

/// A request as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name.
    pub id: StopId,
    /// The order.
    pub order: OrderNo,
    /// When it was about to be sent.
    pub sent: Moment,
    /// When its state last changed, by this machine's clock.
    pub changed_at: Timestamp,
    /// Where it stands.
    pub state: State,
}

/// One request. Everything of it can be read, as the fields of its [`Snapshot`]; only [`Stop::ended`] changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop(Snapshot);

impl Deref for Stop {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

impl Stop {
    /// A new one, which leaves at `sent`.
    pub fn begin(order: OrderNo, sent: Moment, now: Timestamp) -> Self {
        Self(Snapshot { id: StopId::generate(), order, sent, changed_at: now, state: State::Sending })
    }

    /// The request as the journal kept it.
    pub fn restore(snapshot: Snapshot) -> Self {
        Self(snapshot)
    }

    /// The request after its own call has ended so. What is known of it already is not taken back.
    #[must_use]
    pub fn ended(&self, state: State, at: Timestamp) -> Self {
        match self.state {
            State::Sending => Self(Snapshot { state, changed_at: at, ..self.0.clone() }),
            _ => self.clone(),
        }
    }

    /// Until when the vendor may be at it, by the vendor's clock.
    pub fn until(&self) -> Timestamp {
        self.sent.now.at + WORKS_FOR
    }
}
