//! A journal in which something happens before each write.

use std::sync::Arc;

use jiff::Timestamp;
use paydesk::{
    domain::{
        attempt::{Attempt, AttemptId},
        author::Author,
        order::OrderNo,
    },
    journal::{BlockingJournal, Claim, Claimed, Entry, Fact, JournalError, Reading, sqlite::SqliteJournal},
};

/// What is about to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Write<'a> {
    /// Something is claimed,
    Claim(Claimed<'a>),
    /// or moves on to the state that it has here.
    Advance(Claimed<'a>),
    /// A fact,
    Fact(Timestamp, &'a Fact),
    /// or several at once.
    Facts,
}

/// The journal, and what happens before a write: an error is the end of that.
pub(crate) struct Hooked<H> {
    pub(crate) inner: SqliteJournal,
    pub(crate) hook: H,
}

impl<H> BlockingJournal for Hooked<H>
where
    H: FnMut(Write<'_>) -> Result<(), JournalError> + Send + 'static,
{
    fn author(&self) -> Arc<Author> {
        self.inner.author()
    }

    fn lease(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.inner.lease(now)
    }

    fn batch_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        self.inner.batch_after(seq)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        self.inner.attempt(id)
    }

    fn claim<C: Claim>(&mut self, claim: &C) -> Result<(), JournalError> {
        (self.hook)(Write::Claim(claim.claimed()))?;
        self.inner.claim(claim)
    }

    fn advance<C: Claim>(&mut self, claim: &C, from: &C::State) -> Result<(), JournalError> {
        (self.hook)(Write::Advance(claim.claimed()))?;
        self.inner.advance(claim, from)
    }

    fn append(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError> {
        (self.hook)(Write::Fact(at, fact))?;
        self.inner.append(at, order, fact)
    }

    fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> Result<(), JournalError> {
        match facts {
            [(_, fact)] => (self.hook)(Write::Fact(at, fact))?,
            _ => (self.hook)(Write::Facts)?,
        }
        self.inner.append_after(seq, at, facts)
    }

    fn append_all(&mut self, at: Timestamp, facts: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        (self.hook)(Write::Facts)?;
        self.inner.append_all(at, facts)
    }
}
