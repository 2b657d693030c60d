//! The seam between the desk and what the journal is kept in.

use std::{
    future::{Future, ready},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    claim::Claim,
    error::JournalError,
    fact::{Entry, Fact, Reading},
    watch::Watch,
};
use crate::domain::{
    attempt::{Attempt, AttemptId},
    author::Author,
    order::OrderNo,
};

/// Durable memory, asked without holding up the thread that asks. Every call that ends in `Ok` has its effect on disk.
///
/// The lock on money is a row that can exist once ([`Journal::claim`]), never a lease and never a leader: a lease only
/// says whose unfinished work may be judged.
pub trait Journal: Send + 'static {
    /// Who writes here: this program, and who sits at it.
    fn author(&self) -> Arc<Author>;

    /// Waits until another program has written something that was not read yet: for ever where nobody tells. To be asked
    /// again it need not have ended.
    fn written(&mut self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }

    /// Breaks off what is only being looked through or read, since nobody wants it any more. Whatever was being written is
    /// written whole or not at all.
    fn interrupt(&mut self) {}

    /// Shows that this program lives, and judges the attempts and regenerations of programs that no longer do; those of
    /// programs that live are theirs. Returns what it wrote.
    fn lease(&mut self, now: Timestamp) -> impl Future<Output = Result<Vec<Entry>, JournalError>> + Send;

    /// The entries after `seq`, whoever wrote them: so many as are read at once, the oldest ones.
    fn batch_after(&mut self, seq: u64) -> impl Future<Output = Result<Reading, JournalError>> + Send;

    /// One attempt as it is on disk.
    fn attempt(
        &mut self,
        id: AttemptId,
    ) -> impl Future<Output = Result<Option<Attempt>, JournalError>> + Send;

    /// Begins an attempt, or a regeneration. Both are refused while any attempt of the lineage blocks, whoever made it.
    /// An attempt is refused too while a regeneration of the lineage is open, and on an order that was regenerated or
    /// whose own payment was reversed; a regeneration if its parent was or may have been regenerated.
    fn claim<C: Claim>(&mut self, claim: &C) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Records where `claim` now stands, if it is still in `from`. This is what makes the claim a fence: a program whose
    /// claim was released by another one cannot go on to send.
    fn advance<C: Claim>(
        &mut self,
        claim: &C,
        from: &C::State,
    ) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Records what was seen, notified or done. `at` is our clock.
    fn append(
        &mut self,
        at: Timestamp,
        order: Option<OrderNo>,
        fact: &Fact,
    ) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Records what was decided about orders by what was read up to entry `seq`, all of it or nothing; refused as overtaken
    /// if another program has written about one of the orders since. So of two that decide in the same moment only one goes
    /// on to send.
    fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Records several facts at once: all of them or none.
    fn append_all(
        &mut self,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> impl Future<Output = Result<(), JournalError>> + Send;
}

/// What breaks off what a journal is doing on another thread.
pub type Interrupter = Box<dyn Fn() + Send>;

/// The same on the thread of whoever asks: what a store implements. [`super::thread::Threaded`] asks it from async code;
/// where a wait for the disk holds up nobody (a command of one step, memory, a test whose clock stands still) it is a
/// journal as it is.
pub trait BlockingJournal: Send + 'static {
    /// See [`Journal::author`].
    fn author(&self) -> Arc<Author>;

    /// What tells that the store was written to, by whomever; none where nothing does.
    fn watch(&self) -> Option<Watch> {
        None
    }

    /// What breaks off a call that takes long, from another thread; see [`Journal::interrupt`].
    fn interrupter(&self) -> Option<Interrupter> {
        None
    }

    /// True if another program has written since the entries were read last. Costs no more than a look.
    fn has_news(&mut self) -> Result<bool, JournalError> {
        Ok(true)
    }

    /// True while something of what was written stands in a log beside the file, and not in the file itself.
    fn has_log(&self) -> bool {
        false
    }

    /// Copies the log into the file. Both are on disk: it is done for those who copy the file, and so that whoever leaves does
    /// not wait for it. If it does not succeed now, it does when the journal is closed.
    fn file_log(&mut self) {}

    /// See [`Journal::lease`].
    fn lease(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError>;

    /// See [`Journal::batch_after`].
    fn batch_after(&mut self, seq: u64) -> Result<Reading, JournalError>;

    /// All entries after `seq`, as far as they hold.
    fn entries_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        let mut all = self.batch_after(seq)?;
        while all.more {
            let last = all.entries.last().map_or(seq, |entry| entry.seq);
            all.put(self.batch_after(last)?);
        }
        Ok(all)
    }

    /// See [`Journal::attempt`].
    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError>;

    /// See [`Journal::claim`].
    fn claim<C: Claim>(&mut self, claim: &C) -> Result<(), JournalError>;

    /// See [`Journal::advance`].
    fn advance<C: Claim>(&mut self, claim: &C, from: &C::State) -> Result<(), JournalError>;

    /// See [`Journal::append`].
    fn append(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError>;

    /// See [`Journal::append_after`].
    fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> Result<(), JournalError>;

    /// See [`Journal::append_all`].
    fn append_all(&mut self, at: Timestamp, facts: &[(OrderNo, Fact)]) -> Result<(), JournalError>;
}

impl<B: BlockingJournal> Journal for B {
    fn author(&self) -> Arc<Author> {
        BlockingJournal::author(self)
    }

    fn lease(&mut self, now: Timestamp) -> impl Future<Output = Result<Vec<Entry>, JournalError>> + Send {
        ready(BlockingJournal::lease(self, now))
    }

    fn batch_after(&mut self, seq: u64) -> impl Future<Output = Result<Reading, JournalError>> + Send {
        ready(BlockingJournal::batch_after(self, seq))
    }

    fn attempt(
        &mut self,
        id: AttemptId,
    ) -> impl Future<Output = Result<Option<Attempt>, JournalError>> + Send {
        ready(BlockingJournal::attempt(self, id))
    }

    fn claim<C: Claim>(&mut self, claim: &C) -> impl Future<Output = Result<(), JournalError>> + Send {
        ready(BlockingJournal::claim(self, claim))
    }

    fn advance<C: Claim>(
        &mut self,
        claim: &C,
        from: &C::State,
    ) -> impl Future<Output = Result<(), JournalError>> + Send {
        ready(BlockingJournal::advance(self, claim, from))
    }

    fn append(
        &mut self,
        at: Timestamp,
        order: Option<OrderNo>,
        fact: &Fact,
    ) -> impl Future<Output = Result<(), JournalError>> + Send {
        ready(BlockingJournal::append(self, at, order, fact))
    }

    fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> impl Future<Output = Result<(), JournalError>> + Send {
        ready(BlockingJournal::append_after(self, seq, at, facts))
    }

    fn append_all(
        &mut self,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> impl Future<Output = Result<(), JournalError>> + Send {
        ready(BlockingJournal::append_all(self, at, facts))
    }
}
