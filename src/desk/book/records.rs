//! The journal as the desk uses it. A journal that fails turns paying off, whatever it failed at; nothing else does.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::{
    domain::{
        attempt::{Attempt, AttemptId},
        order::OrderNo,
    },
    journal::{Claim, Entry, Fact, Journal, JournalError, Reading},
};

/// The journal, and how it is with it.
pub(in crate::desk) struct Records<J> {
    journal: J,
    /// The last entry that was read.
    read_to: u64,
    /// All that was there at the start was.
    is_read: bool,
    /// Why paying is off: the first reason, which is the one to mend.
    failed: Option<String>,
    /// Outcomes that it did not take.
    unwritten: usize,
    /// News that nobody waits for alone, and when the last of it was learnt: see [`Records::defer`].
    waiting: Vec<(OrderNo, Fact)>,
    learnt_at: Timestamp,
}

/// What the journal held that was not known here.
#[derive(Debug, Default)]
pub(super) struct News {
    /// The entries, oldest first.
    pub(super) entries: Vec<Entry>,
    /// It was read for the first time.
    pub(super) is_start: bool,
    /// What was handed over before does not hold: these are all that do.
    pub(super) is_anew: bool,
    /// The next ones are to be asked for, once these were taken in.
    pub(super) more: bool,
}

impl<J: Journal> Records<J> {
    pub(super) fn new(journal: J) -> Self {
        Self {
            journal,
            read_to: 0,
            is_read: false,
            failed: None,
            unwritten: 0,
            waiting: Vec::new(),
            learnt_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// Why nothing may be paid, if so.
    pub(in crate::desk) fn paying_off(&self) -> Option<&String> {
        self.failed.as_ref()
    }

    /// Outcomes that it did not take.
    pub(in crate::desk) fn unwritten(&self) -> usize {
        self.unwritten
    }

    /// It did not take an outcome.
    pub(super) fn lost_an_outcome(&mut self, error: &JournalError) {
        self.failed.get_or_insert_with(|| error.to_string());
        self.unwritten += 1;
    }

    fn turn_paying_off(&mut self, error: &JournalError) {
        tracing::error!(%error, "the journal failed; paying is off");
        self.failed.get_or_insert_with(|| error.to_string());
    }

    /// Passes on what came of a call. That somebody else was first, or knows more, is no failure.
    fn checked<T>(&mut self, done: Result<T, JournalError>) -> Result<T, JournalError> {
        done.inspect_err(|error| match error {
            JournalError::Blocked(_) | JournalError::Regenerated(_) | JournalError::Overtaken => {}
            error => self.turn_paying_off(error),
        })
    }

    /// Nobody wants what is being read any more; see [`Journal::interrupt`].
    pub(in crate::desk) fn interrupt(&mut self) {
        self.journal.interrupt();
    }

    /// Waits until another program has written; see [`Journal::written`].
    pub(in crate::desk) async fn written(&mut self) {
        self.journal.written().await;
    }

    /// Takes in news that nobody waits for alone: it is written with what else is learnt in the same moment, so that all of it
    /// waits for the disk once. Nothing of it may be shown or answered before [`Records::flush`].
    pub(super) fn defer(&mut self, at: Timestamp, facts: impl IntoIterator<Item = (OrderNo, Fact)>) {
        self.waiting.extend(facts);
        self.learnt_at = at;
    }

    /// So many facts wait to be written.
    pub(in crate::desk) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Writes what waits. Where that fails, paying is off and no more is lost. Whatever else is written comes after it: the
    /// journal has everything in the order in which it was learnt.
    pub(in crate::desk) async fn flush(&mut self) {
        if !self.waiting.is_empty() {
            let facts = std::mem::take(&mut self.waiting);
            let done = self.journal.append_all(self.learnt_at, &facts).await;
            let _recorded = self.checked(done);
        }
    }

    /// Appends a fact.
    pub(in crate::desk) async fn append(
        &mut self,
        at: Timestamp,
        order: Option<OrderNo>,
        fact: &Fact,
    ) -> Result<(), JournalError> {
        self.flush().await;
        let done = self.journal.append(at, order, fact).await;
        self.checked(done)
    }

    /// Appends facts that were decided on by what was read so far, all or none; refused as overtaken if another program has
    /// written about one of the orders since.
    pub(super) async fn append_upon_news(
        &mut self,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> Result<(), JournalError> {
        self.flush().await;
        let done = self.journal.append_after(self.read_to, at, facts).await;
        self.checked(done)
    }

    /// Begins an attempt or a regeneration.
    pub(super) async fn claim(&mut self, claim: &impl Claim) -> Result<(), JournalError> {
        self.flush().await;
        let done = self.journal.claim(claim).await;
        self.checked(done)
    }

    /// Records where it now stands.
    pub(in crate::desk) async fn advance<K: Claim>(
        &mut self,
        claim: &K,
        from: &K::State,
    ) -> Result<(), JournalError> {
        self.flush().await;
        let done = self.journal.advance(claim, from).await;
        self.checked(done)
    }

    /// One attempt as it is on disk.
    pub(in crate::desk) async fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        let done = self.journal.attempt(id).await;
        self.checked(done)
    }

    /// Reads what is not known here yet: at the start all of it, as much at once as need be in memory together; later what
    /// other programs have recorded. What those left behind that have died is judged first.
    pub(super) async fn news(&mut self, now: Timestamp) -> News {
        self.read(now).await.unwrap_or_default()
    }

    async fn read(&mut self, now: Timestamp) -> Result<News, JournalError> {
        self.flush().await;
        if !self.is_read && self.read_to > 0 {
            return self.begin().await;
        }
        let judged = self.journal.lease(now).await;
        let judged = self.checked(judged)?;
        if !self.is_read {
            return self.begin().await; // what was judged is among it
        }
        let reading = self.all_after(self.read_to).await?;
        self.read_to = reading.entries.last().map_or(self.read_to, |entry| entry.seq);
        // Our own entries were believed when they were recorded, and say more than what others had recorded before them.
        let ours: HashMap<_, _> = reading
            .entries
            .iter()
            .filter(|entry| entry.is_ours)
            .map(|entry| (entry.subject(), entry.seq))
            .collect();
        let is_news = |entry: &Entry| {
            let outdone = || entry.subject().is_some() && ours.get(&entry.subject()) > Some(&entry.seq);
            !entry.is_ours && !outdone()
        };
        let entries = reading.entries.into_iter().filter(is_news).chain(judged).collect();
        Ok(News { entries, ..News::default() })
    }

    /// Reads on from the start.
    async fn begin(&mut self) -> Result<News, JournalError> {
        let mut reading = self.batch_after(self.read_to).await?;
        let is_anew = matches!(reading.broken, Some(JournalError::Broken { seq, .. }) if seq <= self.read_to);
        if is_anew {
            self.read_to = 0;
            reading = self.all_after(0).await?;
        }
        self.read_to = reading.entries.last().map_or(self.read_to, |entry| entry.seq);
        self.is_read = !reading.more;
        Ok(News { entries: reading.entries, is_start: true, is_anew, more: reading.more })
    }

    async fn all_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        let mut all = self.batch_after(seq).await?;
        while all.more {
            let last = all.entries.last().map_or(seq, |entry| entry.seq);
            all.put(self.batch_after(last).await?);
        }
        Ok(all)
    }

    async fn batch_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        let reading = self.journal.batch_after(seq).await;
        let reading = self.checked(reading)?;
        if let Some(error) = &reading.broken {
            self.turn_paying_off(error);
        }
        Ok(reading)
    }
}
