//! The archives of a journal, read as the beginning of its chain and held against what the journal knows of them.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::Connection;

use super::{
    file,
    tables::{self, Archive},
};
use crate::{
    domain::author::Author,
    journal::{
        chain::{
            self, Link, Row, entries,
            replay::{Fault, Replay},
        },
        error::JournalError,
        fact::{Entry, Fact},
    },
};

/// Archives, as far as they were read.
pub(in crate::journal) struct InArchives {
    folder: Option<PathBuf>,
    archives: Vec<Archive>,
    /// Of each archived entry that stays in the journal, the hash before it and its own.
    kept: HashMap<u64, (Link, Link)>,
    /// Entries that do not come to their hash, and what they come to: a later redaction is to say so.
    altered: HashMap<u64, (Link, Link)>,
    /// Redactions that do not fit the entry that they name.
    unfit: Vec<u64>,
    /// So many entries hold.
    pub(in crate::journal) read: u64,
}

impl InArchives {
    /// Those of the journal in `folder`.
    pub(in crate::journal) fn of(db: &Connection, folder: Option<&Path>) -> Result<Self, JournalError> {
        let archives = tables::all(db)?;
        Ok(Self {
            folder: folder.map(PathBuf::from),
            kept: tables::kept(db)?,
            archives,
            altered: HashMap::new(),
            unfit: Vec::new(),
            read: 0,
        })
    }

    /// Reads all of them, as far as they hold.
    pub(in crate::journal) fn read(&mut self, replay: &mut Replay) -> Option<Fault> {
        let mut link = chain::START;
        for archive in std::mem::take(&mut self.archives) {
            let first = self.read + 1;
            if let Err(cause) = self.read_one(&archive, &mut link, replay) {
                let entry = Some(if self.read < first { first } else { self.read + 1 });
                return Some(Fault { entry, what: format!("{}: {cause}", archive.file) });
            }
        }
        let missing = self.kept.keys().min();
        missing.map(|seq| Fault { entry: Some(*seq), what: format!("entry {seq} is in no archive") })
    }

    fn read_one(&mut self, archive: &Archive, link: &mut Link, replay: &mut Replay) -> io::Result<()> {
        let odd = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let folder = self.folder.clone().ok_or_else(|| odd("the journal lies in no folder"))?;
        let mut author = Arc::<Author>::default();
        file::read(&file::path(&folder, &archive.file), |row, stored| {
            let here = self.read + 1;
            if u64::try_from(row.seq) != Ok(here) {
                return Err(odd(&format!("entry {here} is missing")));
            }
            let now = row.after(link);
            if now != stored {
                self.altered.insert(here, (stored, now));
            }
            if self.kept.remove(&here).is_some_and(|kept| kept != (*link, stored)) {
                return Err(odd(&format!("entry {here} is not what stayed of it in the journal")));
            }
            *link = stored;
            self.take(here, row, &mut author, replay)?;
            self.read = here;
            Ok(true)
        })?;
        if self.read == archive.last && *link == archive.hash {
            Ok(())
        } else {
            Err(odd("it does not end where the journal goes on"))
        }
    }

    fn take(
        &mut self,
        here: u64,
        row: &Row<'_>,
        author: &mut Arc<Author>,
        replay: &mut Replay,
    ) -> io::Result<()> {
        let entry = entries::entry(here, row, "", author).map_err(io::Error::other)?;
        self.redacted(&entry);
        replay.take(entry);
        Ok(())
    }

    /// A redaction of an archived entry explains what that comes to.
    pub(in crate::journal) fn redacted(&mut self, entry: &Entry) {
        let Fact::Redacted(redaction) = &entry.fact else { return };
        if redaction.entry > self.read {
            return; // not in an archive
        }
        if self.altered.remove(&redaction.entry) != Some((redaction.old_hash, redaction.new_hash)) {
            self.unfit.push(redaction.entry);
        }
    }

    /// What no redaction explains, or another one than was made.
    pub(in crate::journal) fn unexplained(self) -> Vec<Fault> {
        let fault = |entry: u64, what: &'static str| {
            let what = JournalError::Broken { seq: entry, what }.to_string();
            Fault { entry: Some(entry), what }
        };
        let mut faults: Vec<Fault> = self
            .altered
            .into_keys()
            .map(|entry| fault(entry, "its hash differs"))
            .chain(
                self.unfit
                    .into_iter()
                    .map(|entry| fault(entry, "it was redacted, and is not as it was left")),
            )
            .collect();
        faults.sort_by_key(|fault| fault.entry);
        faults
    }
}
