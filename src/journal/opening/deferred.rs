//! A journal that is opened whole when it is first asked for anything, on the thread of whoever asks: looking through the
//! file takes the longer the more it holds, and nobody who only looks is to wait for it. Until it is through nothing is read
//! from it that could be relied on, and nothing is written.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;
use rusqlite::InterruptHandle;

use super::Opening;
use crate::{
    domain::{
        attempt::{Attempt, AttemptId},
        author::Author,
        order::OrderNo,
    },
    journal::{
        claim::Claim,
        error::JournalError,
        fact::{Entry, Fact, Reading},
        seam::{BlockingJournal, Interrupter},
        sqlite::SqliteJournal,
        watch::Watch,
    },
};

/// Says why a journal could not be opened.
type Say = Box<dyn Fn(&JournalError) -> String + Send>;

/// See the module.
pub struct Deferred {
    author: Arc<Author>,
    folder: PathBuf,
    interrupt: Arc<InterruptHandle>,
    begun: Option<Opening>,
    /// Or why it is refused; nothing yet while it is only begun.
    opened: Result<SqliteJournal, String>,
    say: Say,
}

impl Deferred {
    /// Opens what was begun when it is needed. `say` puts a failure into words.
    pub fn new(begun: Opening, say: impl Fn(&JournalError) -> String + Send + 'static) -> Self {
        let (author, folder) = (begun.author(), begun.folder.clone());
        let interrupt = Arc::new(begun.db.get_interrupt_handle());
        Self { author, folder, interrupt, begun: Some(begun), opened: Err(String::new()), say: Box::new(say) }
    }

    fn opened(&mut self) -> Result<&mut SqliteJournal, JournalError> {
        if let Some(begun) = self.begun.take() {
            self.opened = SqliteJournal::complete(begun).map_err(|error| (self.say)(&error));
        }
        self.opened.as_mut().map_err(|reason| JournalError::Unusable(reason.clone()))
    }
}

impl BlockingJournal for Deferred {
    fn author(&self) -> Arc<Author> {
        Arc::clone(&self.author)
    }

    fn watch(&self) -> Option<Watch> {
        Watch::on_journal(&self.folder)
    }

    fn interrupter(&self) -> Option<Interrupter> {
        let handle = Arc::clone(&self.interrupt);
        Some(Box::new(move || handle.interrupt()))
    }

    fn has_news(&mut self) -> Result<bool, JournalError> {
        self.opened()?.has_news()
    }

    fn has_log(&self) -> bool {
        self.opened.as_ref().is_ok_and(BlockingJournal::has_log)
    }

    fn file_log(&mut self) {
        if let Ok(journal) = &mut self.opened {
            BlockingJournal::file_log(journal);
        }
    }

    fn lease(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        BlockingJournal::lease(self.opened()?, now)
    }

    fn batch_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        BlockingJournal::batch_after(self.opened()?, seq)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        BlockingJournal::attempt(self.opened()?, id)
    }

    fn claim<C: Claim>(&mut self, claim: &C) -> Result<(), JournalError> {
        BlockingJournal::claim(self.opened()?, claim)
    }

    fn advance<C: Claim>(&mut self, claim: &C, from: &C::State) -> Result<(), JournalError> {
        BlockingJournal::advance(self.opened()?, claim, from)
    }

    fn append(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError> {
        BlockingJournal::append(self.opened()?, at, order, fact)
    }

    fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> Result<(), JournalError> {
        BlockingJournal::append_after(self.opened()?, seq, at, facts)
    }

    fn append_all(&mut self, at: Timestamp, facts: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        BlockingJournal::append_all(self.opened()?, at, facts)
    }
}
