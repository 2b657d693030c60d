//! What the state of an attempt says to other programs: whether money moved, and by which status.

use serde::Serialize;

use super::state::State;
use crate::domain::intent::Doubt;

/// Whether money moved, as JSON has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Charged {
    /// Certainly not by this command.
    No,
    /// Not known, or not final.
    Unknown,
    /// Certainly: there is a ticket.
    Yes,
}

impl State {
    /// Whether money moved by the attempt.
    pub fn charged(&self) -> Charged {
        match self {
            Self::Ticketed => Charged::Yes,
            // Paid elsewhere: the order is paid, but what this attempt asked for was refused.
            Self::NotSent(_) | Self::PaidElsewhere | Self::Rejected(_) | Self::NotApplied => Charged::No,
            // Accepted is not charged, and charged is not final before there is a ticket.
            Self::Accepted
            | Self::Paid
            | Self::Claimed
            | Self::Sending
            | Self::Refused(_)
            | Self::InDoubt(_)
            | Self::Conflict
            | Self::Reversed
            | Self::Closed => Charged::Unknown,
        }
    }

    /// The vendor's `status` that the state rests on, if one came.
    pub fn vendor_status(&self) -> Option<i64> {
        match self {
            Self::Accepted => Some(0),
            Self::Refused(status) | Self::Rejected(status) | Self::InDoubt(Doubt::Status(status)) => {
                Some(*status)
            }
            _ => None,
        }
    }
}
