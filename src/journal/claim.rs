//! What is claimed before it is sent: an attempt to pay, or a regeneration.

use jiff::Timestamp;
use uuid::Uuid;

use super::fact::Fact;
use crate::domain::{
    attempt::{Attempt, State},
    order::OrderNo,
    regeneration::{self, Regeneration},
};

/// Something that may happen once: it is claimed for a lineage, and moves from state to state until it has ended.
pub trait Claim: Clone + Send + Sync + 'static {
    /// Where it can stand.
    type State: Clone + Send + Sync + 'static;

    /// Which of the two it is.
    fn claimed(&self) -> Claimed<'_>;

    /// A state in a word.
    fn word(state: &Self::State) -> &'static str;
}

impl Claim for Attempt {
    type State = State;

    fn claimed(&self) -> Claimed<'_> {
        Claimed::Attempt(self)
    }

    fn word(state: &State) -> &'static str {
        state.word()
    }
}

impl Claim for Regeneration {
    type State = regeneration::State;

    fn claimed(&self) -> Claimed<'_> {
        Claimed::Regeneration(self)
    }

    fn word(state: &regeneration::State) -> &'static str {
        state.word()
    }
}

/// What can be claimed.
#[derive(Clone, Copy, Debug)]
pub enum Claimed<'a> {
    /// An attempt to pay an order.
    Attempt(&'a Attempt),
    /// The making of a new order from a dead one.
    Regeneration(&'a Regeneration),
}

impl Claimed<'_> {
    /// Its name, given once.
    pub(super) fn id(&self) -> Uuid {
        match self {
            Self::Attempt(attempt) => attempt.id.0,
            Self::Regeneration(regeneration) => regeneration.id.0,
        }
    }

    /// The first order of the lineage that it holds.
    pub(super) fn lineage(&self) -> OrderNo {
        match self {
            Self::Attempt(attempt) => attempt.lineage,
            Self::Regeneration(regeneration) => regeneration.lineage,
        }
    }

    /// The order that is paid, or that a new one is made from.
    pub(super) fn order(&self) -> OrderNo {
        match self {
            Self::Attempt(attempt) => attempt.order,
            Self::Regeneration(regeneration) => regeneration.parent,
        }
    }

    /// Where it stands, in a word.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Attempt(attempt) => attempt.state.word(),
            Self::Regeneration(regeneration) => regeneration.state.word(),
        }
    }

    /// Since when it stands there, by our clock.
    pub(super) fn changed_at(&self) -> Timestamp {
        match self {
            Self::Attempt(attempt) => attempt.changed_at,
            Self::Regeneration(regeneration) => regeneration.changed_at,
        }
    }

    /// It, as an entry says it.
    pub(super) fn fact(&self) -> Fact {
        match *self {
            Self::Attempt(attempt) => Fact::Attempt(Box::new(attempt.clone())),
            Self::Regeneration(regeneration) => Fact::Regeneration(Box::new(regeneration.clone())),
        }
    }
}
