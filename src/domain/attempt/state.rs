//! The states of an attempt, and which may follow which.

use super::event::Sent;
use crate::domain::{
    codes::{self, Outcome},
    intent::{Doubt, NotSent, kinds},
    order::OrderStatus,
};

kinds! {
    /// Where an attempt stands, without what belongs to it.
    Kind {
        /// See [`State::Claimed`].
        Claimed => "claimed",
        /// See [`State::Sending`].
        Sending => "sending",
        /// See [`State::Accepted`].
        Accepted => "accepted",
        /// See [`State::Refused`].
        Refused => "refused",
        /// See [`State::InDoubt`].
        InDoubt => "inDoubt",
        /// See [`State::Paid`].
        Paid => "paid",
        /// See [`State::Ticketed`].
        Ticketed => "ticketed",
        /// See [`State::PaidElsewhere`].
        PaidElsewhere => "paidElsewhere",
        /// See [`State::Conflict`].
        Conflict => "conflict",
        /// See [`State::Reversed`].
        Reversed => "reversed",
        /// See [`State::Rejected`].
        Rejected => "rejected",
        /// See [`State::NotSent`].
        NotSent => "notSent",
        /// See [`State::NotApplied`].
        NotApplied => "notApplied",
        /// See [`State::Closed`].
        Closed => "closed",
    }
}

impl Kind {
    /// True while no other attempt may be made on this lineage.
    pub const fn blocks(self) -> bool {
        !matches!(self, Self::Reversed | Self::Rejected | Self::NotSent | Self::NotApplied | Self::Closed)
    }

    /// True when an event can make `next` of an attempt that stands here.
    ///
    /// Where a program knows of its own request what it could not write down, the journal may be several events behind:
    /// all of them are then written as one step from [`Kind::Sending`], or from the doubt that another program has made
    /// of it.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Claimed => matches!(next, Self::Sending | Self::NotSent),
            Self::Sending => !matches!(next, Self::Claimed | Self::Sending),
            Self::InDoubt => !matches!(next, Self::Claimed | Self::Sending),
            Self::Accepted => matches!(next, Self::Paid | Self::Ticketed | Self::Reversed | Self::Conflict),
            Self::Refused => matches!(
                next,
                Self::Rejected | Self::PaidElsewhere | Self::Reversed | Self::Conflict | Self::Closed
            ),
            Self::Paid => matches!(next, Self::Ticketed | Self::Reversed | Self::Conflict),
            Self::Ticketed | Self::Rejected | Self::NotApplied => next == Self::Conflict,
            Self::Conflict => matches!(
                next,
                Self::Paid | Self::Ticketed | Self::PaidElsewhere | Self::Reversed | Self::Closed
            ),
            Self::Reversed => matches!(next, Self::Conflict | Self::Closed),
            Self::PaidElsewhere => next == Self::Closed,
            Self::NotSent | Self::Closed => false,
        }
    }
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
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Claimed => Kind::Claimed,
            Self::Sending => Kind::Sending,
            Self::Accepted => Kind::Accepted,
            Self::Refused(_) => Kind::Refused,
            Self::InDoubt(_) => Kind::InDoubt,
            Self::Paid => Kind::Paid,
            Self::Ticketed => Kind::Ticketed,
            Self::PaidElsewhere => Kind::PaidElsewhere,
            Self::Conflict => Kind::Conflict,
            Self::Reversed => Kind::Reversed,
            Self::Rejected(_) => Kind::Rejected,
            Self::NotSent(_) => Kind::NotSent,
            Self::NotApplied => Kind::NotApplied,
            Self::Closed => Kind::Closed,
        }
    }

    /// True while no other attempt may be made on this lineage.
    pub fn blocks(&self) -> bool {
        self.kind().blocks()
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
    pub const fn word(&self) -> &'static str {
        self.kind().word()
    }

    /// What the send proves.
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
