//! Entries whose hash differs from their row, because their text was taken out: held against the redactions that say so.

use rusqlite::{Connection, OptionalExtension};

use super::redaction::Redaction;
use crate::journal::{
    archive::tables,
    chain::{Link, Row},
    error::JournalError,
    record,
};

/// An entry as it lies in the file.
pub(in crate::journal) struct Stored {
    pub(in crate::journal) seq: i64,
    at: String,
    program: String,
    operator: String,
    pub(in crate::journal) order_no: Option<String>,
    pub(in crate::journal) kind: String,
    pub(in crate::journal) body: String,
    pub(in crate::journal) hash: Link,
    /// The hash of the entry before it.
    before: Link,
}

impl Stored {
    /// The entry of this place.
    pub(in crate::journal) fn find(db: &Connection, entry: u64) -> Result<Option<Self>, JournalError> {
        let seq = i64::try_from(entry).unwrap_or(i64::MAX);
        let before = tables::before(db, seq)?;
        let found = db.query_row("SELECT * FROM entries WHERE seq = ?", [seq], |row| {
            Ok(Self {
                seq,
                at: row.get("at")?,
                program: row.get("program")?,
                operator: row.get("operator")?,
                order_no: row.get("order_no")?,
                kind: row.get("kind")?,
                body: row.get("body")?,
                hash: row.get("hash")?,
                before,
            })
        });
        Ok(found.optional()?)
    }

    /// What its hash would be as it stands.
    pub(in crate::journal) fn recomputed(&self) -> Link {
        let row = Row {
            seq: self.seq,
            at: &self.at,
            program: &self.program,
            operator: &self.operator,
            order_no: self.order_no.as_deref(),
            kind: &self.kind,
            body: &self.body,
        };
        row.after(&self.before)
    }
}

/// True if a redaction says that an entry with this hash comes to `now`.
pub(in crate::journal) fn explains(
    db: &Connection,
    entry: u64,
    old_hash: &Link,
    now: &Link,
) -> Result<bool, JournalError> {
    let mut query = db.prepare_cached("SELECT body FROM entries WHERE kind = 'redaction' AND seq > ?")?;
    let mut rows = query.query([i64::try_from(entry).unwrap_or(i64::MAX)])?;
    while let Some(row) = rows.next()? {
        let redaction = record::redaction(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
        if redaction.entry == entry && redaction.old_hash == *old_hash && redaction.new_hash == *now {
            return Ok(true);
        }
    }
    Ok(false)
}

/// True while the entry of a redaction is as it was left. One that is in an archive alone is held against it where that
/// is read.
pub(in crate::journal) fn holds(db: &Connection, redaction: &Redaction) -> Result<bool, JournalError> {
    let stored = Stored::find(db, redaction.entry)?;
    if stored.is_none() && tables::end(db)?.is_some_and(|(last, _)| redaction.entry <= last) {
        return Ok(true);
    }
    Ok(stored
        .is_some_and(|stored| stored.hash == redaction.old_hash && stored.recomputed() == redaction.new_hash))
}
