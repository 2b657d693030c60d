//! The traveller's confirmation on the airline's page (`orderCommit.do`): what was done about it for an order.
//!
//! The API never says whether the traveller has confirmed. So a payment rests on two facts of the journal: that the vendor
//! gave the link, not long ago, and that an operator said afterwards that the traveller confirmed on it.

use jiff::{SignedDuration, Timestamp};

use super::{
    attempt::{Attempt, State},
    codes::{self, AfterPay},
    moment::Moment,
};

/// A link holds so long: an order that is not confirmed by then expires.
pub const LINK_HOLDS: SignedDuration = SignedDuration::from_mins(30);

/// The newest link that was given for an order, and whether an operator has said since that the traveller confirmed on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commit {
    asked: Moment,
    is_stated: bool,
}

impl Commit {
    /// A link was given for what was asked at `asked`. Nobody has said anything of it yet, whatever was said of an older one.
    pub fn given(asked: Moment) -> Self {
        Self { asked, is_stated: false }
    }

    /// An operator says that the traveller has confirmed.
    pub fn state(&mut self) {
        self.is_stated = true;
    }

    /// The vendor says that the traveller has not: what an operator said does not hold.
    pub fn contradict(&mut self) {
        self.is_stated = false;
    }

    /// True once an operator has said so.
    pub fn is_stated(&self) -> bool {
        self.is_stated
    }

    /// When the link was asked for, by the vendor's clock.
    pub fn asked_at(&self) -> Timestamp {
        self.asked.now.at
    }

    /// Until when it holds, by the vendor's clock.
    pub fn until(&self) -> Timestamp {
        self.asked_at() + LINK_HOLDS
    }
}

/// The vendor has refused a payment since the traveller had not confirmed.
pub fn is_denied(attempt: &Attempt) -> bool {
    matches!(attempt.state, State::Rejected(status) if codes::pay(status).next == AfterPay::Traveller)
}
