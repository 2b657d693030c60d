//! Taking the text of one entry out of an archive. Its file is written anew, each hash as it was, and brought to disk; the journal
//! says so, as of any other entry; and only then does the new file take the place of the old one. A program that dies in
//! between leaves a journal that verifies, or one that names this entry: the next try goes on from there.

use std::{io, path::Path, sync::Arc};

use rusqlite::Connection;

use super::{RedactError, Redacted, redaction::Redaction, stored, without_text};
use crate::journal::{
    archive::{
        file::{self, Complete, Writer},
        tables::{self, Archive},
    },
    chain::{
        self, Row,
        entries::{self, place},
    },
    error::JournalError,
    fact::Entry,
};

/// What an entry in an archive becomes; none if its text was taken out before. The whole file is held against its hashes:
/// what somebody has tampered with stays as it is.
pub(in crate::journal) fn find(
    db: &Connection,
    folder: &Path,
    archive: &Archive,
    entry: u64,
) -> Result<Option<Redacted>, RedactError> {
    let mut link = tables::all(db)?
        .into_iter()
        .take_while(|other| other.last < archive.last)
        .last()
        .map_or(chain::START, |before| before.hash);
    let broken = |seq: u64, what: &'static str| RedactError::Journal(JournalError::Broken { seq, what });
    let mut found = Err(RedactError::NoEntry(entry));
    file::read(&file::path(folder, &archive.file), |row, stored| {
        let (seq, before) = (place(row), std::mem::replace(&mut link, stored));
        let now = row.after(&before);
        if now != stored && !stored::explains(db, seq, &stored, &now)? {
            return Err(broken(seq, "its hash differs"));
        }
        if seq == entry {
            let Some(body) = without_text(entry, row.kind, row.body)? else {
                found = Ok(None);
                return Ok(true);
            };
            let order = row.order_no.and_then(|order| order.parse().ok());
            let redacted =
                Redacted { redaction: Redaction { entry, old_hash: stored, new_hash: stored }, order, body };
            let new_hash = redacted.row(row).after(&before);
            found =
                Ok(Some(Redacted { redaction: Redaction { new_hash, ..redacted.redaction }, ..redacted }));
        }
        Ok(true)
    })?;
    if link == archive.hash { found } else { Err(broken(archive.last, "its archive ends otherwise")) }
}

/// Writes the archive with the entry as it is to be.
pub(in crate::journal) fn rewrite(
    folder: &Path,
    archive: &Archive,
    redacted: &Redacted,
) -> io::Result<Complete> {
    let mut writer = Writer::begin(folder, &archive.file)?;
    file::read(&file::path(folder, &archive.file), |row, stored| {
        if place(row) == redacted.redaction.entry {
            writer.write(&redacted.row(row), &stored)?;
        } else {
            writer.write(row, &stored)?;
        }
        Ok::<_, io::Error>(true)
    })?;
    writer.complete()
}

/// Hands over what lies in archives alone, for the eye: nothing is held against its hash.
pub(in crate::journal) fn entries(
    db: &Connection,
    folder: &Path,
    mut take: impl FnMut(Entry),
) -> Result<(), RedactError> {
    let kept = tables::kept(db)?;
    let mut author = Arc::default();
    for archive in tables::all(db)? {
        file::read(&file::path(folder, &archive.file), |row, _| {
            if !kept.contains_key(&place(row)) {
                take(entries::entry(place(row), row, "", &mut author)?);
            }
            Ok::<_, RedactError>(true)
        })?;
    }
    Ok(())
}

impl Redacted {
    fn row<'a>(&'a self, row: &Row<'a>) -> Row<'a> {
        Row { body: &self.body, order_no: self.order.as_ref().map(|order| order.as_str()), ..*row }
    }
}
