//! A journal that could not be opened. The desk still shows what the vendor says; whatever needs a record is refused.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    claim::Claim,
    error::JournalError,
    fact::{Entry, Fact, Reading},
    seam::BlockingJournal,
};
use crate::domain::{
    attempt::{Attempt, AttemptId},
    author::Author,
    order::OrderNo,
};

/// Stands in for a journal that could not be opened, and says why.
pub struct Unusable(pub String);

impl Unusable {
    fn refusal<T>(&self) -> Result<T, JournalError> {
        Err(JournalError::Unusable(self.0.clone()))
    }
}

impl BlockingJournal for Unusable {
    fn author(&self) -> Arc<Author> {
        Arc::default()
    }

    fn lease(&mut self, _: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.refusal()
    }

    fn batch_after(&mut self, _: u64) -> Result<Reading, JournalError> {
        self.refusal()
    }

    fn attempt(&mut self, _: AttemptId) -> Result<Option<Attempt>, JournalError> {
        self.refusal()
    }

    fn claim<C: Claim>(&mut self, _: &C) -> Result<(), JournalError> {
        self.refusal()
    }

    fn advance<C: Claim>(&mut self, _: &C, _: &C::State) -> Result<(), JournalError> {
        self.refusal()
    }

    fn append(&mut self, _: Timestamp, _: Option<OrderNo>, _: &Fact) -> Result<(), JournalError> {
        self.refusal()
    }

    fn append_after(&mut self, _: u64, _: Timestamp, _: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        self.refusal()
    }

    fn append_all(&mut self, _: Timestamp, _: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        self.refusal()
    }
}
