//! What an operator decides about a loss, and how the request ends by which it is accepted.
//!
//! `confirmBaggageLoss.do` costs money once a month, and an answer to it proves that it was asked for, nothing more. So it
//! is treated as a payment is: on disk before its first byte leaves, sent once, and asked again only when a query that was
//! sent long enough after it still shows the loss.

use jiff::SignedDuration;

use crate::domain::{
    intent::{Doubt, NotSent, name},
    moment::Moment,
};

name! {
    /// Names one acceptance for ever.
    AcceptanceId
}

/// From the first sign of a loss until the vendor cancels the order by itself.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(30);

/// A request to accept takes effect within this time, or never: it is longer than its own time-out. Only then does a
/// query that still shows the loss allow another one.
pub const SETTLES: SignedDuration = SignedDuration::from_mins(2);

/// One line of a decision, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The loss is accepted: on disk before the first byte, so that from here on it may have been sent.
    Accepting {
        /// The acceptance.
        id: AcceptanceId,
        /// When it was about to leave.
        sent: Moment,
    },
    /// The request of an acceptance ended.
    Ended {
        /// The acceptance.
        id: AcceptanceId,
        /// How.
        called: Called,
    },
    /// The loss is not borne. Nothing is sent: the vendor cancels the order by itself.
    Refused,
}

/// How the request to accept ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// Proof that no byte of it left.
    NotSent(NotSent),
    /// The vendor has taken it.
    Taken,
    /// Any other `status`.
    Declined(i64),
    /// It may have been taken.
    InDoubt(Doubt),
}

impl Decision {
    /// The stable word for journal and JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepting { .. } => "accepting",
            Self::Ended { called, .. } => called.word(),
            Self::Refused => "refused",
        }
    }
}

impl Called {
    /// The stable word for journal and JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotSent(_) => "notSent",
            Self::Taken => "taken",
            Self::Declined(_) => "declined",
            Self::InDoubt(_) => "inDoubt",
        }
    }
}
