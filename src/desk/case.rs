//! A case: one order with everything that the desk knows around it.

use crate::domain::{
    attempt::{Attempt, State},
    order::Order,
    story::Happening,
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
    /// A case that begins with an order seen for the first time.
    pub fn new(order: Order) -> Self {
        Self { order, attempts: Vec::new(), story: Vec::new() }
    }

    /// The attempt that counts: the last one that blocks, else the last one.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.state.blocks()).or(self.attempts.last())
    }

    /// The state of the attempt that counts.
    pub fn attempt_state(&self) -> Option<&State> {
        self.attempt().map(|attempt| &attempt.state)
    }
}
