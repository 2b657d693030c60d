//! A journal that could not be opened. The desk still shows what the vendor says; whatever needs a record is refused.

use jiff::Timestamp;

use super::{Entry, Fact, Journal, JournalError, Reading};
use crate::domain::{
    attempt::{Attempt, AttemptId, State},
    order::OrderNo,
    regeneration::{self, Regeneration},
};

/// Stands in for a journal that could not be opened, and says why.
pub struct Unusable(pub String);

impl Unusable {
    fn refusal<T>(&self) -> Result<T, JournalError> {
        Err(JournalError::Unusable(self.0.clone()))
    }
}

impl Journal for Unusable {
    fn recover(&mut self, _: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.refusal()
    }

    fn read_after(&mut self, _: u64) -> Result<Reading, JournalError> {
        self.refusal()
    }

    fn attempt(&mut self, _: AttemptId) -> Result<Option<Attempt>, JournalError> {
        self.refusal()
    }

    fn claim(&mut self, _: &Attempt) -> Result<(), JournalError> {
        self.refusal()
    }

    fn advance(&mut self, _: &Attempt, _: &State) -> Result<(), JournalError> {
        self.refusal()
    }

    fn begin(&mut self, _: &Regeneration) -> Result<(), JournalError> {
        self.refusal()
    }

    fn conclude(&mut self, _: &Regeneration, _: &regeneration::State) -> Result<(), JournalError> {
        self.refusal()
    }

    fn write(&mut self, _: Timestamp, _: Option<OrderNo>, _: &Fact) -> Result<(), JournalError> {
        self.refusal()
    }
}
