//! Which part of the journal lies in archives: up to which entry, in which files, and which of those entries stay in the
//! journal as well. The two tables are made with the first archive; a journal without one has neither.
//!
//! Of an entry that stays, the hash before it is kept beside it, since the entry that had it is gone. All of these pairs
//! together come to one hash, which a later entry of the chain holds: so none of them can be altered, added or taken away.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Transaction};
use sha2::{Digest, Sha256};

use crate::journal::{
    chain::{self, Link},
    error::JournalError,
};

/// The version of a journal of which a part was archived. Who does not know archives would find its chain broken.
pub(in crate::journal) const WITH_ARCHIVES: i64 = 6;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS archives (
        last INTEGER PRIMARY KEY,   -- the last entry in it
        file TEXT NOT NULL UNIQUE,
        hash BLOB NOT NULL          -- of the last entry
    ) STRICT;
    CREATE TABLE IF NOT EXISTS kept (
        seq    INTEGER PRIMARY KEY REFERENCES entries (seq),
        before BLOB NOT NULL        -- the hash of the entry before it
    ) STRICT;";

/// An archive, as the journal knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::journal) struct Archive {
    pub(in crate::journal) last: u64,
    pub(in crate::journal) file: String,
    pub(in crate::journal) hash: Link,
}

/// True once there are any.
fn exist(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'archives'")?.exists([])
}

/// All of them, oldest first.
pub(in crate::journal) fn all(db: &Connection) -> Result<Vec<Archive>, JournalError> {
    if !exist(db)? {
        return Ok(Vec::new());
    }
    let mut query = db.prepare("SELECT last, file, hash FROM archives ORDER BY last")?;
    let rows = query.query_map([], |row| {
        let last: i64 = row.get(0)?;
        Ok(Archive { last: u64::try_from(last).unwrap_or_default(), file: row.get(1)?, hash: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The last entry that was archived, with its hash.
pub(in crate::journal) fn end(db: &Connection) -> Result<Option<(u64, Link)>, JournalError> {
    Ok(all(db)?.pop().map(|archive| (archive.last, archive.hash)))
}

/// The hash before the entry `seq`, wherever that lies.
pub(in crate::journal) fn before(db: &Connection, seq: i64) -> Result<Link, JournalError> {
    let previous = seq.saturating_sub(1);
    let mut found = None;
    if exist(db)? {
        let sql =
            "SELECT before FROM kept WHERE seq = ?1 UNION ALL SELECT hash FROM archives WHERE last = ?2";
        found = db.prepare_cached(sql)?.query_row([seq, previous], |row| row.get(0)).optional()?;
    }
    if found.is_none() {
        let sql = "SELECT hash FROM entries WHERE seq = ?";
        found = db.prepare_cached(sql)?.query_row([previous], |row| row.get(0)).optional()?;
    }
    Ok(found.unwrap_or(chain::START))
}

/// Of each archived entry that stays, the hash before it and its own.
pub(in crate::journal) fn kept(db: &Connection) -> Result<HashMap<u64, (Link, Link)>, JournalError> {
    if !exist(db)? {
        return Ok(HashMap::new());
    }
    let mut query = db.prepare("SELECT seq, before, hash FROM kept JOIN entries USING (seq)")?;
    let rows = query.query_map([], |row| {
        let seq: i64 = row.get(0)?;
        Ok((u64::try_from(seq).unwrap_or_default(), (row.get(1)?, row.get(2)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the entries that stay come to.
#[derive(Clone, Default)]
pub(in crate::journal) struct Kept(Sha256);

impl Kept {
    /// Takes in the next one: its place, the hash before it and its own.
    pub(in crate::journal) fn take(&mut self, seq: i64, before: &Link, hash: &Link) {
        self.0.update(seq.to_be_bytes());
        self.0.update(before);
        self.0.update(hash);
    }

    /// What all of them come to.
    pub(in crate::journal) fn hash(self) -> Link {
        self.0.finalize().into()
    }
}

/// Moves what lies in `archives` out of the journal, but for those entries that are `kept`, each with the hash before it.
pub(in crate::journal) fn take_out(
    tx: &Transaction<'_>,
    archives: &[Archive],
    kept: &[(i64, Link)],
) -> Result<(), JournalError> {
    let Some(last) = archives.last().and_then(|archive| i64::try_from(archive.last).ok()) else {
        return Ok(());
    };
    tx.execute_batch(TABLES)?;
    tx.execute("DELETE FROM kept", [])?;
    let mut keep = tx.prepare("INSERT INTO kept VALUES (?, ?)")?;
    for (seq, before) in kept {
        keep.execute((seq, before))?;
    }
    drop(keep);
    for Archive { last, file, hash } in archives {
        let last = i64::try_from(*last).unwrap_or(i64::MAX);
        tx.execute("INSERT INTO archives VALUES (?, ?, ?)", (last, file, hash))?;
    }
    let trigger = "entries_are_never_deleted";
    let sql: String =
        tx.query_row("SELECT sql FROM sqlite_master WHERE name = ?", [trigger], |row| row.get(0))?;
    tx.execute_batch(&format!("DROP TRIGGER {trigger}"))?;
    tx.execute("DELETE FROM entries WHERE seq <= ? AND seq NOT IN (SELECT seq FROM kept)", [last])?;
    tx.execute_batch(&sql)?;
    tx.pragma_update(None, "user_version", WITH_ARCHIVES)?;
    Ok(())
}
