//! Moving closed months out of the journal into files that still verify, so that a journal of years stays small.
//!
//! The order of the steps is what makes it safe, and the types demand it: [`Plan`] says what would go; `Plan::write` writes
//! the files, brings them to disk under their names, and reads them back; only what was read back ([`Written`]) can be taken
//! out of the journal, in one transaction. A program that dies in between leaves the journal whole, and at most files that
//! the next try writes anew.

pub mod archived;
pub(super) mod file;
mod staying;
pub(super) mod tables;
pub(super) mod verify;

use std::{io, path::Path};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use rusqlite::{Connection, Transaction};

use self::{
    archived::Archived,
    file::Complete,
    staying::{Remains, Staying},
    tables::{Archive, Kept},
};
use super::{
    chain::{self, Link, Row, entries},
    error::JournalError,
    fact::{Entry, Fact},
};
use crate::domain::author::Author;

/// A month stays in the journal for so long after its end, unless it is named.
const AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Why nothing was archived.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Another program has the journal open, and would miss what is taken out.
    #[error("another paydesk has this journal open")]
    InUse,
    /// A journal in memory has no place for files.
    #[error("the journal lies in no folder")]
    NoFolder,
    /// A month that has not ended.
    #[error("{0} has not begun: only months that have ended are archived")]
    NotEnded(Date),
    /// A file cannot be written, or does not hold what was written.
    #[error("{file}: {cause}")]
    File {
        /// The file.
        file: String,
        /// What the system said.
        cause: io::Error,
    },
    /// The journal itself.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<rusqlite::Error> for ArchiveError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Journal(error.into())
    }
}

/// The first day of a month, in UTC.
fn first_of_month(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date().first_of_month()
}

/// Entries of the months before this day are archived if nothing else is said: of those that ended more than thirty days ago.
pub fn usual(now: Timestamp) -> Date {
    first_of_month(now - AFTER)
}

/// One file that would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub file: String,
    /// The first entry in it.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

/// What would go, and what of it would stay.
pub struct Plan {
    parts: Vec<Part>,
    staying: Staying,
    /// The hash that the first entry of the first part follows.
    before: Link,
    /// Of the entries up to the last part's end, those that are in the journal now, and those that stay.
    held: u64,
    stays: u64,
    /// The newest entry by then.
    newest: u64,
}

impl Plan {
    /// What of the journal lies before `day`, in UTC. Ends at the first entry that does not, whatever clocks have done
    /// since.
    pub(super) fn new(
        db: &Connection,
        program: &str,
        day: Date,
        now: Timestamp,
    ) -> Result<Self, ArchiveError> {
        if day > first_of_month(now) {
            return Err(ArchiveError::NotEnded(day));
        }
        let cutoff = day.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |day| day.timestamp());
        let known = tables::all(db)?;
        let (end, before) = known.last().map_or((0, chain::START), |archive| (archive.last, archive.hash));
        let (mut remains, mut parts, mut has_ended) = (Remains::default(), Vec::<Part>::new(), false);
        let (mut month, mut newest) = (Date::MIN, 0);
        let take = |entry: Entry| {
            remains.take(&entry);
            newest = entry.seq;
            has_ended |= entry.seq > end && entry.at >= cutoff;
            if entry.seq <= end || has_ended {
                return;
            }
            // A clock that was set back makes no month a second time.
            let this = first_of_month(entry.at).max(month);
            if let Some(part) = parts.last_mut().filter(|_| this == month) {
                part.last = entry.seq;
            } else {
                let file = name(this, |file| known.iter().any(|archive| archive.file == file));
                parts.push(Part { file, first: entry.seq, last: entry.seq });
            }
            month = this;
        };
        let broken = entries::walk(db, program, take)?;
        // What somebody has tampered with stays as it is.
        if let Some(broken) = broken {
            return Err(broken.into());
        }
        // The newest one stays: whatever is written next follows it.
        if parts.last().is_some_and(|part| part.last == newest) {
            let part = parts.pop_if(|part| part.first == newest);
            if let (None, Some(last)) = (part, parts.last_mut()) {
                last.last -= 1;
            }
        }
        let last = parts.last().map_or(end, |part| part.last);
        let mut plan = Self { parts, staying: remains.staying(last, now), before, held: 0, stays: 0, newest };
        entries::rows(db, 0, last, |row, _| {
            plan.held += 1;
            plan.stays += u64::from(plan.stays(row));
            Ok::<_, ArchiveError>(())
        })?;
        Ok(plan)
    }

    /// The files, oldest first; none if nothing has become old enough.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// So many entries leave the journal.
    pub fn leaving(&self) -> u64 {
        self.held - self.stays
    }

    /// So many that are archived stay in it as well.
    pub fn staying(&self) -> u64 {
        self.stays
    }

    fn stays(&self, row: &Row<'_>) -> bool {
        let order = row.order_no.and_then(|order| order.parse().ok());
        self.staying.has(u64::try_from(row.seq).unwrap_or_default(), order)
    }

    /// Writes the files and reads them back.
    pub(super) fn write(self, db: &Connection, folder: &Path) -> Result<Written, ArchiveError> {
        let mut archives = Vec::new();
        let mut before = self.before;
        for part in &self.parts {
            let failed = |cause| ArchiveError::File { file: part.file.clone(), cause };
            let mut writer = file::Writer::begin(folder, &part.file).map_err(failed)?;
            let mut hash = before;
            entries::rows(db, part.first - 1, part.last, |row, stored| {
                hash = stored;
                writer.write(row, &stored).map_err(failed)
            })?;
            writer.complete().and_then(Complete::name).map_err(failed)?;
            read_back(db, folder, part, before).map_err(failed)?;
            archives.push(Archive { last: part.last, file: part.file.clone(), hash });
            before = hash;
        }
        Ok(Written { plan: self, archives })
    }
}

/// The file of a month: another one if there is one already, since a clock was set back.
fn name(month: Date, is_taken: impl Fn(&str) -> bool) -> String {
    let month = month.strftime("%Y-%m");
    let mut file = format!("{month}.jsonl.gz");
    let mut number = 1;
    while is_taken(&file) {
        number += 1;
        file = format!("{month}-{number}.jsonl.gz");
    }
    file
}

/// Holds a file against the journal, entry by entry: every column, and every hash.
fn read_back(db: &Connection, folder: &Path, part: &Part, before: Link) -> io::Result<()> {
    let differs = || io::Error::new(io::ErrorKind::InvalidData, "what was read back is not what was written");
    let (mut hashes, mut link) = (Vec::new(), before);
    entries::rows(db, part.first - 1, part.last, |row, stored| {
        // What a redaction explains has another hash than its row comes to: the two of the file are to be the same.
        hashes.push((row.seq, row.after(&link), stored));
        link = stored;
        Ok::<_, ArchiveError>(())
    })
    .map_err(io::Error::other)?;
    let (mut expected, mut link) = (hashes.into_iter(), before);
    file::read(&file::path(folder, &part.file), |row, stored| {
        let same = expected.next() == Some((row.seq, row.after(&link), stored));
        link = stored;
        if same { Ok(true) } else { Err(differs()) }
    })?;
    if expected.next().is_none() { Ok(()) } else { Err(differs()) }
}

/// Archives that are on disk and were read back, of entries that are still in the journal.
pub struct Written {
    plan: Plan,
    archives: Vec<Archive>,
}

impl Written {
    /// Takes the entries out of the journal that do not stay in it, and says so in a new one. All of it or nothing.
    pub(super) fn take_out(
        &self,
        tx: &Transaction<'_>,
        author: &Author,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let Some(end) = self.archives.last() else { return Ok(()) };
        let (last, last_hash) = (end.last, end.hash);
        // What was written since may have made something unfinished that was over.
        if entries::newest(tx)? != self.plan.newest {
            return Err(JournalError::Overtaken);
        }
        let (mut kept, mut hash) = (Vec::new(), Kept::default());
        entries::rows(tx, 0, last, |row, stored| {
            if self.plan.stays(row) {
                let before = tables::before(tx, row.seq)?;
                hash.take(row.seq, &before, &stored);
                kept.push((row.seq, before));
            }
            Ok::<_, JournalError>(())
        })?;
        tables::take_out(tx, &self.archives, &kept)?;
        let files = self.archives.iter().map(|archive| archive.file.clone()).collect();
        let archived = Archived { last, files, last_hash, kept_hash: hash.hash() };
        entries::append(tx, author, at, None, &Fact::Archived(archived)).map(drop)
    }
}
