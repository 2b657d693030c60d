//! The journal in a SQLite file, written with full synchronisation; in memory for the demo.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{
    archive::{
        ArchiveError, Plan, Written,
        tables::{self, Archive},
    },
    chain::entries::{self, ReadTo},
    claim::{Claim, Claimed},
    claims,
    error::JournalError,
    fact::{Entry, Fact, Reading},
    masked::Masked,
    opening::{self, FILE, Opening, database, migration::migrate},
    presence::{Alone, Presence},
    record,
    redact::{self, RedactError, in_archive},
    reserve::{self, Reserve},
    seam::BlockingJournal,
    watch::Watch,
};
use crate::domain::{
    attempt::{self, Attempt, AttemptId, State},
    author::Author,
    order::OrderNo,
    regeneration,
};

/// A journal in SQLite.
pub struct SqliteJournal {
    db: Connection,
    presence: Box<dyn Presence>,
    author: Arc<Author>,
    reserve: Option<Reserve>,
    read_to: ReadTo,
    /// The folder, where it is a file.
    folder: Option<PathBuf>,
    /// SQLite's number of what others have written, when the entries were read last.
    version: i64,
    /// Something may stand in the log that is not in the file.
    has_log: bool,
}

impl SqliteJournal {
    /// Opens, or makes, the journal in `folder`; see [`Opening::begin`] and [`SqliteJournal::complete`].
    pub fn open(folder: &Path, operator: &str) -> Result<Self, JournalError> {
        Self::complete(Opening::begin(folder, operator)?)
    }

    /// Looks through the whole file, brings it up to date, and enters what earlier programs could only keep beside it. A
    /// file that is damaged is refused as it is: it is never regenerated over what it may still hold.
    pub fn complete(opening: Opening) -> Result<Self, JournalError> {
        let author = opening.author();
        let Opening { folder, mut db, presence, .. } = opening;
        let unusable = |cause| JournalError::Folder { folder: folder.display().to_string(), cause };
        database::prepare(&db)?;
        if let Some(fault) = database::integrity(&db)?.into_iter().next() {
            return Err(JournalError::Record(format!("the file is damaged: {fault}")));
        }
        migrate(&mut db, Some(&folder.join(FILE)))?;
        let mut journal = Self::on(db, presence, author);
        for left in reserve::left_by_the_dead(&folder, &*journal.presence).map_err(unusable)? {
            let is_read = journal.enter(&left.lines)?;
            left.close(is_read).map_err(unusable)?;
        }
        journal.reserve = Some(Reserve::open(&folder, journal.presence.name()).map_err(unusable)?);
        journal.folder = Some(folder);
        Ok(journal)
    }

    /// A journal that ends with the program.
    pub fn in_memory() -> Result<Self, JournalError> {
        Self::with(Connection::open_in_memory()?, Box::new(Alone::new()), "")
    }

    /// A journal on a connection of the caller's, for programs that are simulated.
    pub fn with(
        mut db: Connection,
        presence: Box<dyn Presence>,
        operator: &str,
    ) -> Result<Self, JournalError> {
        database::prepare(&db)?;
        migrate(&mut db, None)?;
        let author = opening::author(operator, &*presence);
        Ok(Self::on(db, presence, author))
    }

    fn on(db: Connection, presence: Box<dyn Presence>, author: Arc<Author>) -> Self {
        Self {
            db,
            presence,
            author,
            reserve: None,
            read_to: ReadTo::START,
            folder: None,
            version: 0,
            // A program that died has left it behind.
            has_log: true,
        }
    }

    /// The database itself, for those who look after it.
    pub fn connection(&self) -> &Connection {
        &self.db
    }

    /// Goes along the whole chain; see [`entries::walk`].
    pub(super) fn walk(&self, take: impl FnMut(Entry)) -> Result<Option<JournalError>, JournalError> {
        entries::walk(&self.db, self.presence.name(), take)
    }

    /// The folder that it lies in, if in one.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// What of the entries of months before `day`, in UTC, would be archived.
    pub fn plan_archive(&self, day: Date, now: Timestamp) -> Result<Plan, ArchiveError> {
        Plan::new(&self.db, self.presence.name(), day, now)
    }

    /// Writes the files of a plan, and reads them back. Nothing of the journal is changed by it.
    pub fn write_archive(&self, plan: Plan) -> Result<Written, ArchiveError> {
        let folder = self.folder.as_ref().ok_or(ArchiveError::NoFolder)?;
        plan.write(&self.db, folder)
    }

    /// Takes what was archived out of the journal, for good. Never while another program has it open: that one would
    /// miss what it goes by.
    pub fn take_out(&mut self, written: &Written, at: Timestamp) -> Result<(), ArchiveError> {
        if self.presence.has_others() {
            return Err(ArchiveError::InUse);
        }
        self.write(|tx, author| written.take_out(tx, author, at))?;
        self.read_to = ReadTo::START;
        // The room that they took goes back to the system; if that fails, the journal is no worse for it.
        if let Err(error) = redact::scrub(&self.db) {
            tracing::warn!(%error, "the journal has not become smaller");
        }
        Ok(())
    }

    /// Copies of an older version beside the journal. What is redacted must be in none of them.
    pub fn copies(&self) -> Vec<PathBuf> {
        redact::copies(&self.db)
    }

    /// Takes the text out of an entry for good, with all its traces: in the file, in the log beside it, and in copies of an
    /// older version, which are removed. False if it was taken out before; its traces are looked after again.
    pub fn redact(&mut self, entry: u64, at: Timestamp) -> Result<bool, RedactError> {
        if self.presence.has_others() {
            return Err(RedactError::InUse);
        }
        // What somebody has tampered with stays as it is.
        if let Some(broken) = self.walk(drop)? {
            return Err(broken.into());
        }
        self.db.pragma_update(None, "secure_delete", true).map_err(JournalError::from)?;
        let archive = tables::all(&self.db)?.into_iter().find(|archive| entry <= archive.last);
        let is_new = match archive {
            Some(archive) => self.redact_archived(&archive, entry, at)?,
            None => self.write(|tx, author| redact::take_out(tx, author, at, entry))?,
        };
        self.read_to = ReadTo::START;
        redact::scrub(&self.db)?;
        for path in self.copies() {
            fs::remove_file(&path).map_err(|cause| RedactError::Copy { path, cause })?;
        }
        Ok(is_new)
    }

    fn redact_archived(&mut self, archive: &Archive, entry: u64, at: Timestamp) -> Result<bool, RedactError> {
        let folder = self.folder.clone().ok_or(RedactError::NoEntry(entry))?;
        let Some(redacted) = in_archive::find(&self.db, &folder, archive, entry)? else { return Ok(false) };
        let rewritten = in_archive::rewrite(&folder, archive, &redacted)?;
        self.write(|tx, author| redacted.record(tx, author, at))?;
        rewritten.name()?;
        Ok(true)
    }

    /// Hands over what lies in archives alone, oldest first: for the eye, since nothing is held against its hash.
    pub fn archived_entries(&self, take: impl FnMut(Entry)) -> Result<(), RedactError> {
        self.folder.as_ref().map_or(Ok(()), |folder| in_archive::entries(&self.db, folder, take))
    }

    /// Enters outcomes that an earlier program could only keep in its reserve. False if one cannot be read.
    fn enter(&mut self, lines: &[String]) -> Result<bool, JournalError> {
        let mut is_read = true;
        for line in lines {
            let kept = reserve::body(line).and_then(|body| record::attempt(&body).ok());
            let Some(attempt) = kept else {
                is_read = false;
                continue;
            };
            let Some(stored) = self.attempt(attempt.id)? else { continue };
            // What was entered meanwhile, or is known better by now, stays.
            if matches!(stored.state, State::Sending | State::InDoubt(_)) {
                self.advance(&attempt, &stored.state)?;
            }
        }
        Ok(is_read)
    }

    /// Writes in one transaction, which is on disk when this returns.
    fn write<T, E: From<JournalError>>(
        &mut self,
        write: impl FnOnce(&Transaction<'_>, &Author) -> Result<T, E>,
    ) -> Result<T, E> {
        let author = Arc::clone(&self.author);
        let tx =
            self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(JournalError::from)?;
        let done = write(&tx, &author)?;
        self.has_log = true;
        tx.commit().map_err(JournalError::from)?;
        Ok(done)
    }

    /// Keeps an outcome that the store did not take where it will be found at the next start.
    fn keep(&mut self, claimed: Claimed<'_>, error: JournalError) -> JournalError {
        if let (JournalError::Store(_), Claimed::Attempt(attempt), Some(reserve)) =
            (&error, claimed, &mut self.reserve)
            && !matches!(attempt.state, State::Claimed | State::Sending)
        {
            let kept = Masked::of(&claimed.fact()).and_then(|masked| reserve.keep(&masked));
            if let Err(error) = kept {
                tracing::error!(attempt = %attempt.id, %error, "the reserve failed too");
            }
        }
        error
    }

    /// Moves the work of a dead program on. None if another program that looked at the same moment was faster.
    fn judge<C: Claim>(
        &mut self,
        judged: &C,
        from: &C::State,
        now: Timestamp,
    ) -> Result<Option<Entry>, JournalError> {
        match BlockingJournal::advance(self, judged, from) {
            Ok(()) => {
                let (author, claimed) = (Arc::clone(&self.author), judged.claimed());
                let (order, fact) = (Some(claimed.order()), claimed.fact());
                Ok(Some(Entry { seq: 0, at: now, is_ours: true, author, order, fact }))
            }
            Err(JournalError::Overtaken) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl BlockingJournal for SqliteJournal {
    fn author(&self) -> Arc<Author> {
        Arc::clone(&self.author)
    }

    fn watch(&self) -> Option<Watch> {
        Watch::on_journal(self.folder.as_ref()?)
    }

    fn has_news(&mut self) -> Result<bool, JournalError> {
        Ok(database::version(&self.db)? != self.version)
    }

    fn has_log(&self) -> bool {
        self.has_log && self.folder.is_some()
    }

    fn file_log(&mut self) {
        // What another program still reads stays in the log until somebody has written again.
        self.has_log = false;
        if let Err(error) = database::file_log(&self.db) {
            tracing::warn!(%error, "the journal's log was not copied into its file");
        }
    }

    /// The lease is a lock that goes with the process, however it ends: nothing is to be renewed.
    fn lease(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        let mut judged = Vec::new();
        for left in claims::orphaned_attempts(&self.db, &*self.presence)? {
            let Ok(attempt) = left.apply(&attempt::Event::OwnerDied, now) else { continue };
            judged.extend(self.judge(&attempt, &left.state, now)?);
        }
        for left in claims::orphaned_regenerations(&self.db, &*self.presence)? {
            let Ok(regeneration) = left.apply(&regeneration::Event::OwnerDied, now) else { continue };
            judged.extend(self.judge(&regeneration, &left.state, now)?);
        }
        Ok(judged)
    }

    fn batch_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        self.version = database::version(&self.db)?;
        entries::read_after(&self.db, self.presence.name(), &mut self.read_to, seq)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        claims::attempt(&self.db, id)
    }

    fn claim<C: Claim>(&mut self, claim: &C) -> Result<(), JournalError> {
        self.write(|tx, author| claims::claim(tx, author, claim.claimed()))
    }

    fn advance<C: Claim>(&mut self, claim: &C, from: &C::State) -> Result<(), JournalError> {
        let claimed = claim.claimed();
        self.write(|tx, author| claims::advance(tx, author, claimed, C::word(from)))
            .map_err(|error| self.keep(claimed, error))
    }

    fn append(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError> {
        self.write(|tx, author| entries::append(tx, author, at, order, fact).map(drop))
    }

    fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> Result<(), JournalError> {
        self.write(|tx, author| {
            for (order, _) in facts {
                if entries::is_overtaken(tx, author, seq, *order)? {
                    return Err(JournalError::Overtaken);
                }
            }
            facts
                .iter()
                .try_for_each(|(order, fact)| entries::append(tx, author, at, Some(*order), fact).map(drop))
        })
    }

    fn append_all(&mut self, at: Timestamp, facts: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        self.write(|tx, author| {
            facts
                .iter()
                .try_for_each(|(order, fact)| entries::append(tx, author, at, Some(*order), fact).map(drop))
        })
    }
}
