//! What comes back of a command to whoever asked.

use jiff::Timestamp;

use crate::{
    atlas::ReadError,
    domain::{
        attempt::{Attempt, AttemptId, Doubt, NotSent},
        baggage::{decision::AcceptanceId, trouble::NotNow as NotNowLoss},
        committable,
        find::Find,
        order::OrderNo,
        regenerable::NotNow,
        regeneration::{Regeneration, RegenerationId},
        stop::StopId,
        stoppable,
        text::Text,
        work::Owner,
    },
};

/// The number that a mailbox gives to a command; its reply comes under it, into the same mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommandId(pub u64);

/// What became of a command. Each one that was asked through a mailbox gets exactly one, whatever happens. What it speaks
/// of was published before it.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// It was carried out, and there is nothing more to say of it.
    Done,
    /// A query that was sent after the command has answered.
    Answered(OrderNo),
    /// The query failed, or must wait for long.
    Unanswered {
        /// The order.
        order: OrderNo,
        /// Why.
        error: ReadError,
        /// An attempt of its lineage of which it is not known whether it charged.
        unsettled: Option<Box<Attempt>>,
    },
    /// The vendor was asked for what was looked for.
    Found {
        /// What was.
        find: Find,
        /// The orders that it shows, newest first; perhaps none.
        orders: Vec<OrderNo>,
        /// There are more than one answer holds.
        more: bool,
    },
    /// It could not be, or did not answer. It is not asked again.
    NotFound {
        /// What was looked for.
        find: Find,
        /// Why.
        error: ReadError,
    },
    /// The lineage is claimed for this payment; its attempt says how it goes on.
    Begun(AttemptId),
    /// The payment was not begun: nothing was sent, and no attempt exists.
    NotBegun {
        /// The id that was given with the command.
        id: AttemptId,
        /// The order.
        order: OrderNo,
        /// Why.
        reason: NotBegun,
    },
    /// A new order is asked for; its regeneration says how that goes on.
    Regenerating {
        /// The dead order.
        order: OrderNo,
        /// The regeneration.
        id: RegenerationId,
    },
    /// No new order was asked for: nothing was sent.
    NotRegenerated {
        /// The order that was to be regenerated.
        order: OrderNo,
        /// Why.
        reason: NotRegenerated,
    },
    /// The vendor is asked to take the acceptance of a loss; the order's story says how that goes on.
    Accepting {
        /// The order.
        order: OrderNo,
        /// The acceptance.
        id: AcceptanceId,
    },
    /// The loss on an order's baggage was neither accepted nor refused: nothing was sent.
    LossNotDecided {
        /// The order.
        order: OrderNo,
        /// Why.
        reason: LossNotDecided,
    },
    /// Where the traveller confirms. That the link was given is on disk; the link itself is not.
    Link {
        /// The order.
        order: OrderNo,
        /// The address of the airline's page.
        link: Text,
        /// When it was asked for, by the vendor's clock.
        asked_at: Timestamp,
    },
    /// No link was given, or nothing was said of it.
    NotCommitted {
        /// The order.
        order: OrderNo,
        /// Why.
        reason: NotCommitted,
    },
    /// The vendor is asked to stop issuance; the request says how that goes on.
    Stopping {
        /// The order.
        order: OrderNo,
        /// The request.
        id: StopId,
    },
    /// The vendor was not asked to stop: nothing was sent.
    NotStopped {
        /// The order.
        order: OrderNo,
        /// Why.
        reason: NotStopped,
    },
    /// A decision was not taken: the evidence for it is not there (any more).
    NotDecided {
        /// The order.
        order: OrderNo,
    },
    /// Nothing was left on an order: what was wanted is not ours to do.
    NotWorked {
        /// The order.
        order: OrderNo,
        /// Why.
        reason: NotWorked,
    },
    /// The journal did not take what was to be left on an order.
    NotRecorded {
        /// The order.
        order: OrderNo,
        /// The text of a note: nobody types it twice.
        note: Option<Text>,
        /// Why, in the journal's words.
        reason: String,
    },
    /// Alerts were not acknowledged: why the journal did not take it; nothing where the desk only looks.
    NotAcknowledged(Option<String>),
    /// The desk had ended before it took the command: nothing was done, and nothing sent.
    NotTaken,
    /// The desk ended, or broke off, with the command in hand: what came of it is in the journal.
    Ended,
}

/// Why this desk begins nothing, whatever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The program runs read-only.
    ReadOnly,
    /// The program is leaving.
    Leaving,
    /// The journal has failed or refuses, in its words: nothing may rest on it.
    Journal(String),
}

impl Closed {
    /// The stable word for JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::ReadOnly => "read_only",
            Self::Leaving => "leaving",
            Self::Journal(_) => "journal",
        }
    }
}

/// Why a payment was not begun.
#[derive(Clone, Debug, PartialEq)]
pub enum NotBegun {
    /// Another attempt holds the lineage.
    Blocked(Box<Attempt>),
    /// A new order was, or may have been, made from this one.
    Regenerated(Box<Regeneration>),
    /// Nothing is begun here, or not just now.
    Closed(Closed),
}

/// Why no new order was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum NotRegenerated {
    /// The rules are against it.
    NotNow(NotNow),
    /// Another program has asked, or is asking.
    ByAnother(Box<Regeneration>),
    /// The order could not be asked for.
    Unanswered(ReadError),
    /// Nothing is begun here, or not just now.
    Closed(Closed),
}

/// Why a loss was neither accepted nor refused.
#[derive(Clone, Debug, PartialEq)]
pub enum LossNotDecided {
    /// The rules are against it.
    NotNow(NotNowLoss),
    /// The order could not be asked for.
    Unanswered(ReadError),
    /// Nothing is begun here, or not just now.
    Closed(Closed),
}

/// Why there is no link, or nothing was said of one.
#[derive(Clone, Debug, PartialEq)]
pub enum NotCommitted {
    /// The rules are against it.
    NotNow(committable::NotNow),
    /// The vendor refused: its status.
    Refused(i64),
    /// Nothing was sent.
    NotSent(NotSent),
    /// No answer that holds a link. Asking again costs nothing.
    Unanswered(Doubt),
    /// Nothing is begun here, or not just now.
    Closed(Closed),
}

/// Why nothing was left on an order.
#[derive(Clone, Debug, PartialEq)]
pub enum NotWorked {
    /// Another person has it.
    Held(Owner),
    /// No reason was given, or no note.
    NoReason,
    /// The program runs read-only.
    ReadOnly,
}

/// Why the vendor was not asked to stop.
#[derive(Clone, Debug, PartialEq)]
pub enum NotStopped {
    /// The rules are against it.
    NotNow(stoppable::NotNow),
    /// The order could not be asked for.
    Unanswered(ReadError),
    /// Nothing is begun here, or not just now.
    Closed(Closed),
}
