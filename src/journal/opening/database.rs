//! The database under the journal: how it is opened, and whether its file is sound.

use std::{
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode};

use crate::journal::error::{JournalError, StoreError};

/// Pages that a connection keeps in memory, in KiB. The journal is written at its end and read from front to back, so
/// that more of them would not be asked for again.
const CACHE: i64 = 256;

/// So long a program waits for another one that is writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// How soon a program that was turned away tries again.
const ASKED_AGAIN: Duration = Duration::from_millis(5);

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(StoreError::new(error))
    }
}

/// Sets a connection up: what is committed is on disk.
pub(in crate::journal) fn prepare(db: &Connection) -> Result<(), JournalError> {
    db.busy_timeout(PATIENCE)?;
    write_ahead(db)?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // Negative means KiB.
    db.pragma_update(None, "cache_size", -CACHE)?;
    Ok(())
}

/// Turns the write-ahead log on, which the file remembers. Of two programs that do it to the same new file SQLite turns
/// one away at once, however patient it was told to be: each would wait for the other.
fn write_ahead(db: &Connection) -> rusqlite::Result<()> {
    let until = Instant::now() + PATIENCE;
    loop {
        match db.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < until =>
            {
                thread::sleep(ASKED_AGAIN);
            }
            done => return done,
        }
    }
}

/// Copies the log into the file, as far as nobody still reads what stands there, and waits for nobody.
pub(in crate::journal) fn file_log(db: &Connection) -> rusqlite::Result<()> {
    db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

/// SQLite's own opinion of the file; nothing when it is sound.
pub(in crate::journal) fn integrity(db: &Connection) -> Result<Vec<String>, JournalError> {
    let mut query = db.prepare("PRAGMA quick_check")?;
    let lines = query.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// A number that is another one once another connection has written.
pub(in crate::journal) fn version(db: &Connection) -> Result<i64, JournalError> {
    Ok(db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}
