//! A journal's file, of which nothing was checked yet. Who only wants to show what was known reads a page of it; to write, or
//! to rely on anything, it must be opened whole ([`super::sqlite::SqliteJournal::complete`]).

pub(super) mod database;
pub mod deferred;
mod filesystem;
pub(super) mod migration;

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    error::JournalError,
    fact::Entry,
    presence::{Locks, Presence},
    record,
};
use crate::domain::{author::Author, mask::mask, order::OrderNo, text::Text};

/// The database in its folder.
pub(super) const FILE: &str = "journal.sqlite";

/// So many entries of an order are read for a page, the newest.
const OF_AN_ORDER: usize = 100;

/// A journal's folder, file and mark of presence. Nothing in it depends on how many entries there are.
pub struct Opening {
    pub(super) folder: PathBuf,
    pub(super) db: Connection,
    pub(super) presence: Box<dyn Presence>,
    author: Arc<Author>,
}

impl Opening {
    /// Begins to open, or to make, `journal.sqlite` in `folder`. Folder and file are the user's alone (0700, 0600).
    pub fn begin(folder: &Path, operator: &str) -> Result<Self, JournalError> {
        let unusable = |cause| JournalError::Folder { folder: folder.display().to_string(), cause };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        if let Some(kind) = filesystem::refused(folder) {
            return Err(JournalError::OtherMachine { folder: folder.display().to_string(), kind });
        }
        let file = folder.join(FILE);
        fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&file).map_err(unusable)?;
        let presence = Box::new(Locks::show(folder).map_err(unusable)?);
        let db = Connection::open(&file)?;
        let author = author(operator, &*presence);
        Ok(Self { folder: folder.to_owned(), db, presence, author })
    }

    /// Who will write there.
    pub fn author(&self) -> Arc<Author> {
        Arc::clone(&self.author)
    }

    /// Looks at several orders in one moment of the journal, which takes less than as many looks.
    pub fn at_once<T>(&self, look: impl FnOnce(&Self) -> T) -> T {
        // Nobody waits for a page: each order is looked at by itself where that cannot be.
        let _moment = self.db.unchecked_transaction().ok();
        look(self)
    }

    /// What the entries of an order say, oldest first: for the eye alone, since nothing was held against its hash. What
    /// cannot be read, and what is of another version, is not shown.
    pub fn entries_of(&self, order: OrderNo) -> Vec<Entry> {
        self.read(order).unwrap_or_default()
    }

    fn read(&self, order: OrderNo) -> Result<Vec<Entry>, JournalError> {
        // Nobody waits for a page.
        self.db.busy_timeout(Duration::ZERO)?;
        // Without the index nothing is read: the whole journal would be.
        let mut query = self.db.prepare_cached(
            "SELECT seq, at, program, operator, kind, body FROM entries INDEXED BY entries_of_an_order
             WHERE order_no = ? ORDER BY seq DESC",
        )?;
        let mut rows = query.query([order.as_str()])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()?.filter(|_| entries.len() < OF_AN_ORDER) {
            let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
            let Ok(at) = text(1)?.parse::<Timestamp>() else { continue };
            let Ok(fact) = record::read(text(4)?, Some(order), text(5)?) else { continue };
            let seq = u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
            let author = Arc::new(Author { who: Text::new(text(3)?), program: Text::new(text(2)?) });
            entries.push(Entry { seq, at, is_ours: false, author, order: Some(order), fact });
        }
        entries.reverse();
        Ok(entries)
    }
}

/// Who writes at a program.
pub(super) fn author(operator: &str, presence: &dyn Presence) -> Arc<Author> {
    Arc::new(Author { who: Text::new(&mask(operator)), program: Text::new(presence.name()) })
}
