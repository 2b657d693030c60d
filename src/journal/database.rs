//! The database under the journal: how it is opened, and whether its file is sound.

use std::time::Duration;

use rusqlite::Connection;

use super::error::{JournalError, StoreError};

/// Pages that a connection keeps in memory, in KiB. The journal is written at its end and read from front to back, so
/// that more of them would not be asked for again.
const CACHE: i64 = 256;

/// So long a program waits for another one that is writing.
const PATIENCE: Duration = Duration::from_secs(2);

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(StoreError::new(error))
    }
}

/// Sets a connection up: what is committed is on disk.
pub(super) fn prepare(db: &Connection) -> Result<(), JournalError> {
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // Negative means KiB.
    db.pragma_update(None, "cache_size", -CACHE)?;
    Ok(())
}

/// SQLite's own opinion of the file; nothing when it is sound.
pub(super) fn integrity(db: &Connection) -> Result<Vec<String>, JournalError> {
    let mut query = db.prepare("PRAGMA quick_check")?;
    let lines = query.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// A number that is another one once another connection has written.
pub(super) fn version(db: &Connection) -> Result<i64, JournalError> {
    Ok(db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}
