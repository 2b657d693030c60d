//! An order's story: what happened to it, in order, as the journal can tell it alone.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    attempt::{AttemptId, Decision, State},
    author::Author,
    baggage::decision as baggage,
    group::Group,
    moment::Moment,
    order::OrderStatus,
    recovery::path::PaymentPath,
    regeneration, stop,
    text::Text,
};

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When, in UTC.
    pub at: Timestamp,
    /// Who wrote it, where it is a person's doing, and the journal knows it.
    pub by: Option<Arc<Author>>,
    /// What.
    pub what: What,
}

impl Happening {
    /// Something that is nobody's doing, or of which it is not known whose.
    pub fn new(at: Timestamp, what: What) -> Self {
        Self { at, by: None, what }
    }
}

/// What can happen to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It was made (the vendor's record).
    Created,
    /// It was paid (the vendor's record).
    PaidAt,
    /// A list or a query showed a status that was new to the desk.
    Seen {
        /// The status.
        status: OrderStatus,
        /// Why ticketing failed (6xx), if it did.
        error: Option<Text>,
    },
    /// An attempt to pay entered a state.
    Attempt {
        /// The attempt; [`super::lineage::Lineage::number_of`] gives the number by which people know it.
        attempt: AttemptId,
        /// The state.
        state: State,
    },
    /// Making a new order from it, or its being made, entered a state.
    Regeneration(regeneration::State),
    /// A request to stop its issuance entered a state.
    Stop(stop::State),
    /// A notification from the vendor: a hint, never a fact.
    Notified {
        /// What kind of event, in the vendor's word.
        kind: Text,
        /// The error code that it gave, if any.
        error: Option<Text>,
        /// How often the very same came.
        times: u32,
    },
    /// An operator did something that counts.
    OperatorAction(OperatorAction),
}

/// What an operator did, besides paying itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperatorAction {
    /// Chose a way to recover the order.
    Chose {
        /// The way.
        path: PaymentPath,
        /// What had failed: the first reason, kept.
        reason: Option<Text>,
    },
    /// Decided what asking alone did not resolve.
    Decided {
        /// The attempt.
        attempt: AttemptId,
        /// The decision.
        decision: Decision,
        /// Why.
        note: Text,
    },
    /// Decided, or began to carry out a decision, about a loss on baggage.
    BaggageLoss(baggage::Decision),
    /// Got the link by which the traveller confirms at the airline.
    GotLink {
        /// When it was asked for.
        asked: Moment,
    },
    /// Said, with the link given, that the traveller has confirmed.
    StatedConfirmed,
    /// Left a note.
    Noted(Text),
    /// Wanted something that was refused before anything was sent: the reason's word.
    Refused(Text),
    /// Registered the address that the vendor sends its events to, for the whole account.
    Registered(Text),
    /// Took the order, to work on it, or took it again for longer.
    Took {
        /// It is theirs until then.
        until: Timestamp,
    },
    /// Took the order from somebody else who had it.
    TookOver {
        /// It is theirs until then.
        until: Timestamp,
        /// Why.
        reason: Text,
    },
    /// Released the order: it is nobody's.
    Released,
    /// Put the order off.
    Snoozed {
        /// Until then.
        until: Timestamp,
        /// Why.
        reason: Text,
    },
    /// Took that back.
    Woken,
    /// Set the order aside until what it was set aside for shows again.
    Handled {
        /// The group that it was in.
        group: Group,
    },
    /// Took that back.
    Unhandled,
}

impl OperatorAction {
    /// True when the rules about its order go by it, and not its story alone.
    pub fn is_of_lineage(&self) -> bool {
        matches!(self, Self::GotLink { .. } | Self::StatedConfirmed)
    }
}
