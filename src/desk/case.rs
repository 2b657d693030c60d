//! A case: one order with everything that the desk knows around it.

use jiff::Timestamp;

use crate::domain::{
    attempt::{Attempt, State},
    order::Order,
    text::Text,
};

/// One order, the attempts to pay it, and its story so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The order as last seen.
    pub order: Order,
    /// Attempts of its lineage, oldest first.
    pub attempts: Vec<Attempt>,
    /// What happened, oldest first.
    pub story: Vec<Happening>,
}

impl Case {
    /// The attempt that counts: the last one that blocks, else the last one.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.state.blocks()).or(self.attempts.last())
    }

    /// The state of the attempt that counts.
    pub fn attempt_state(&self) -> Option<&State> {
        self.attempt().map(|attempt| &attempt.state)
    }
}

/// One line of an order's story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When, in UTC.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What can happen to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It was made (from the vendor's record).
    Created,
    /// It was paid (from the vendor's record).
    PaidAt,
    /// A list or query showed a new status; the word of [`crate::domain::order::OrderStatus::word`] and a failure code.
    Seen {
        /// Status word.
        status: &'static str,
        /// 6xx, if any.
        error: Option<Text>,
    },
    /// An attempt entered a state.
    Attempt {
        /// The attempt's number within the lineage, from 1.
        number: usize,
        /// The state it entered.
        state: State,
    },
}
