//! A journal that tells of other programs when the test says so.

use std::sync::Arc;

use jiff::Timestamp;
use paydesk::{
    domain::{
        attempt::{Attempt, AttemptId},
        author::Author,
        order::OrderNo,
    },
    journal::{Claim, Entry, Fact, Journal, JournalError, Reading, sqlite::SqliteJournal},
};
use tokio::sync::Notify;

/// A journal that tells when the test says so that another program has written.
pub(crate) struct Noticed {
    pub(crate) inner: SqliteJournal,
    pub(crate) notice: Arc<Notify>,
}

impl Journal for Noticed {
    fn author(&self) -> Arc<Author> {
        Journal::author(&self.inner)
    }

    async fn written(&mut self) {
        self.notice.notified().await;
    }

    async fn lease(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        Journal::lease(&mut self.inner, now).await
    }

    async fn batch_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        Journal::batch_after(&mut self.inner, seq).await
    }

    async fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        Journal::attempt(&mut self.inner, id).await
    }

    async fn claim<C: Claim>(&mut self, claim: &C) -> Result<(), JournalError> {
        Journal::claim(&mut self.inner, claim).await
    }

    async fn advance<C: Claim>(&mut self, claim: &C, from: &C::State) -> Result<(), JournalError> {
        Journal::advance(&mut self.inner, claim, from).await
    }

    async fn append(
        &mut self,
        at: Timestamp,
        order: Option<OrderNo>,
        fact: &Fact,
    ) -> Result<(), JournalError> {
        Journal::append(&mut self.inner, at, order, fact).await
    }

    async fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> Result<(), JournalError> {
        Journal::append_after(&mut self.inner, seq, at, facts).await
    }

    async fn append_all(&mut self, at: Timestamp, facts: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        Journal::append_all(&mut self.inner, at, facts).await
    }
}
