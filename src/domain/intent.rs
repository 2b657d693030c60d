//! What an attempt to pay and a regeneration have in common: names that are never used twice, kinds of states, why nothing
//! was sent, why an outcome is unknown, and what may not happen.
//!
//! Their claims, evidence and rules differ, so that each is a type of its own.

use super::read_error::ReadError;

/// Makes a type of names that are never used twice (UUID, version 7, so that they sort by time).
macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new one.
            pub fn generate() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
pub(super) use name;

/// Makes the kinds of a state with their stable words for journal and JSON. [`ALL`](Self) holds each of them, since it
/// comes from the same list.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $kind:ident => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$about])* $kind,)+
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The stable word for journal and JSON; texts for people are in the language files.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)+
                }
            }
        }
    };
}
pub(super) use kinds;

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The request itself found no connection: [`ReadError::Unreachable`] or [`ReadError::NoProxy`].
    NoConnection(ReadError),
    /// The second check brought nothing that the payment could be held against.
    CheckFailed(ReadError),
    /// The second check found a reason not to pay; see [`super::subject::kept`].
    Obstacle(String),
    /// The gate before the send was closed.
    Gate(Gate),
    /// The program ended between claiming and sending.
    Interrupted,
    /// What a journal of an older version says of it, in words of its own.
    Earlier(String),
}

/// What closes the gate before the send, although nothing speaks against the payment itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The second check is too old to act on.
    CheckTooOld,
    /// The deadline has passed meanwhile.
    DeadlinePassed,
    /// The deadline is no longer known.
    DeadlineUnknown,
    /// The program is leaving.
    Leaving,
    /// The journal does not work, in its own words: nothing is sent that cannot be written down.
    PayingOff(String),
    /// Another program has released the claim.
    Overtaken,
    /// The order was made from another one, as the check alone has found: that one was not asked for yet.
    ParentNotAsked,
    /// A newer answer than that of the check came meanwhile.
    NewerAnswer,
    /// The order is not known any more.
    UnknownOrder,
}

impl Gate {
    /// All but [`Gate::PayingOff`], whose reason is the journal's.
    pub const PLAIN: [Self; 8] = [
        Self::CheckTooOld,
        Self::DeadlinePassed,
        Self::DeadlineUnknown,
        Self::Leaving,
        Self::Overtaken,
        Self::ParentNotAsked,
        Self::NewerAnswer,
        Self::UnknownOrder,
    ];

    /// The stable word for the journal and the key of its text.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::CheckTooOld => "check_too_old",
            Self::DeadlinePassed => "deadline_passed",
            Self::DeadlineUnknown => "deadline_unknown",
            Self::Leaving => "leaving",
            Self::PayingOff(_) => "paying_off",
            Self::Overtaken => "overtaken",
            Self::ParentNotAsked => "parent_not_asked",
            Self::NewerAnswer => "newer_answer",
            Self::UnknownOrder => "unknown_order",
        }
    }
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

/// What may not happen to an attempt or a regeneration as it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// The event has no meaning in this state, or the evidence for it is not there.
    #[error("`{event}` cannot happen to what is `{state}`")]
    Event {
        /// The word of the state.
        state: &'static str,
        /// The word of the event.
        event: &'static str,
    },
    /// No event leads from the one state to the other.
    #[error("nothing makes `{to}` of `{from}`")]
    Step {
        /// The word of the state before; `nothing` for one that was never claimed.
        from: &'static str,
        /// The word of the state after it.
        to: &'static str,
    },
    /// What is fixed by the claim, or by the send, is not what it was.
    #[error("its {0} is not what it was")]
    Altered(&'static str),
    /// A query that was sent before the request counts as evidence about it.
    #[error("an answer to a query from before the send counts")]
    EarlyAnswer,
}
