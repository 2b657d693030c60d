//! What can happen to an attempt.

use crate::domain::{
    intent::{Doubt, NotSent},
    moment::Moment,
    money::Money,
    order::Order,
    text::Text,
};

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
        msg: Option<Text>,
    },
    /// Anything else: it may have been applied.
    Doubt(Doubt),
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

/// What else was tried for the same trip, as far as it bears on what an answer proves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Another attempt of the lineage blocks: no answer ends a contradiction beside it, a person does.
    pub is_held: bool,
    /// An attempt on this order was taken for "did not happen": it may be the one that paid after all.
    pub was_denied: bool,
}

/// What can happen to an attempt.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// At this moment it is about to be sent, and the account holds so much, if that is known; to be on disk before the
    /// first byte leaves.
    Sending(Moment, Option<Money>),
    /// It was not sent, and will not be.
    NotSent(NotSent),
    /// Its own send ended, at this moment.
    Ended(&'a Sent, Moment),
    /// A query of its order was answered.
    Queried {
        /// The answer.
        order: &'a Order,
        /// When the query was sent.
        asked: Moment,
        /// The other attempts.
        beside: Beside,
    },
    /// Its order is seen paid, and no other attempt explains that.
    Contradicted,
    /// A person decided, at this moment.
    Decided(Decision, Moment),
    /// The program that made it has died.
    OwnerDied,
}

impl Event<'_> {
    /// A word for errors.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sending(..) => "sending",
            Self::NotSent(_) => "notSent",
            Self::Ended(..) => "ended",
            Self::Queried { .. } => "queried",
            Self::Contradicted => "contradicted",
            Self::Decided(decision, _) => decision.word(),
            Self::OwnerDied => "ownerDied",
        }
    }
}
