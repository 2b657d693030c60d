//! Taking the text of one entry out of the journal for good. The chain stays whole: the entry keeps the hash that the
//! next one follows, and a later entry, the redaction, says what the entry's hash was and what its row comes to now. An
//! entry whose hash differs is as it was left only if a redaction says exactly so, and one that was redacted is so for
//! ever: neither its old text nor another one fits.
//!
//! What money depends on is not taken out: attempts, regenerations, stops, agreed losses, and orders as they were seen. Of
//! what an operator did, only what was written in free words goes.

pub(super) mod in_archive;
pub mod redaction;
pub(super) mod stored;

use std::{fs, io, path::PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use serde_json::Value;

use self::{redaction::Redaction, stored::Stored};
use super::{chain::entries, error::JournalError, fact::Fact, opening::migration::WITH_REDACTIONS};
use crate::domain::{author::Author, notification::Kind, order::OrderNo, story::OperatorAction};

/// Why an entry is not redacted.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// There is no such entry.
    #[error("there is no entry {0}")]
    NoEntry(u64),
    /// It lies in an archive, which cannot be read or written anew.
    #[error("the archive of this entry: {0}")]
    Archive(#[from] io::Error),
    /// Money depends on what it says.
    #[error(
        "entry {0} says where a payment or an order stands: money depends on it, and it has no text to take out"
    )]
    Money(u64),
    /// It holds nothing that was written in free words.
    #[error("entry {0} holds no text")]
    NoText(u64),
    /// Another program has the journal open, and may hold the text in memory and in the log of the database.
    #[error("another paydesk has this journal open")]
    InUse,
    /// A copy cannot be removed.
    #[error("{}: {cause}", path.display())]
    Copy {
        /// The copy.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The journal itself.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<rusqlite::Error> for RedactError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Journal(error.into())
    }
}

/// What stands in the place of a text. It names its entry, so that two of them are not taken for the same text.
fn mark(entry: u64) -> String {
    format!("[redacted: entry {entry}]")
}

/// True if the entry of this fact has text that may be taken out.
pub fn has_text(fact: &Fact) -> bool {
    match fact {
        Fact::Notified(_) => true,
        Fact::OperatorAction(action) => match action {
            OperatorAction::Chose { reason, .. } => reason.is_some(),
            OperatorAction::Decided { .. }
            | OperatorAction::Noted(_)
            | OperatorAction::Refused(_)
            | OperatorAction::Registered(_)
            | OperatorAction::TookOver { .. }
            | OperatorAction::Snoozed { .. } => true,
            _ => false,
        },
        Fact::Attempt(_)
        | Fact::Regeneration(_)
        | Fact::Stop(_)
        | Fact::Seen(_)
        | Fact::Alert(..)
        | Fact::Paused(..)
        | Fact::Redacted(_)
        | Fact::Archived(_)
        | Fact::Foreign(_) => false,
    }
}

/// True for what an operator did that has free words in it and decides nothing by them. What else they do, such as
/// agreeing to a loss, is a matter of money.
fn is_written_freely(body: &str) -> bool {
    let did =
        serde_json::from_str::<Value>(body).ok().and_then(|body| Some(body["did"].as_str()?.to_owned()));
    did.is_some_and(|did| {
        matches!(&*did, "chose" | "decided" | "noted" | "refused" | "registered" | "tookOver" | "snoozed")
    })
}

/// A body without its text. None if nothing is left to take out.
fn without_text(entry: u64, kind: &str, body: &str) -> Result<Option<String>, RedactError> {
    let texts: &[&str] = match kind {
        "action" if is_written_freely(body) => &["note", "reason", "url"],
        "told" => &["type", "id", "error", "raw"],
        "paused" | "redaction" | "archived" => return Err(RedactError::NoText(entry)),
        _ => return Err(RedactError::Money(entry)),
    };
    let mut value: Value =
        serde_json::from_str(body).map_err(|error| JournalError::Record(error.to_string()))?;
    let mark = mark(entry);
    let (mut found, mut changed) = (false, false);
    for (field, held) in value.as_object_mut().into_iter().flatten() {
        let Value::String(text) = held else { continue };
        // A kind of the vendor's that we know is a word, and no text.
        let is_word = field == "type" && !matches!(Kind::of_word(text), Kind::Other(_));
        if !texts.contains(&field.as_str()) || is_word {
            continue;
        }
        found = true;
        if *text != mark {
            text.clone_from(&mark);
            changed = true;
        }
    }
    match (found, changed) {
        (false, _) => Err(RedactError::NoText(entry)),
        (true, changed) => Ok(changed.then(|| value.to_string())),
    }
}

/// An entry as it is to be, and what is to be said of it.
pub(super) struct Redacted {
    redaction: Redaction,
    order: Option<OrderNo>,
    body: String,
}

impl Redacted {
    /// Leaves it so in the journal, and says so in a new entry, unless that was done before.
    pub(super) fn record(
        &self,
        tx: &Transaction<'_>,
        author: &Author,
        at: Timestamp,
    ) -> Result<(), RedactError> {
        let Self { redaction: Redaction { entry, old_hash, new_hash }, order, body } = self;
        if stored::explains(tx, *entry, old_hash, new_hash)? {
            return Ok(());
        }
        let trigger = "entries_are_never_changed";
        let sql: String =
            tx.query_row("SELECT sql FROM sqlite_master WHERE name = ?", [trigger], |row| row.get(0))?;
        tx.execute_batch(&format!("DROP TRIGGER {trigger}"))?;
        tx.execute(
            "UPDATE entries SET body = ?, order_no = ? WHERE seq = ?",
            (body, order.as_ref().map(OrderNo::as_str), i64::try_from(*entry).unwrap_or(i64::MAX)),
        )?;
        tx.execute_batch(&sql)?;
        // A program that knows nothing of redactions would take the entry for a forged one.
        let version: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
        tx.pragma_update(None, "user_version", version.max(WITH_REDACTIONS))?;
        entries::append(tx, author, at, *order, &Fact::Redacted(self.redaction.clone()))?;
        Ok(())
    }
}

/// Takes the text out of an entry that lies in no archive, and says so in a new one. False if it was taken out before.
pub(super) fn take_out(
    tx: &Transaction<'_>,
    author: &Author,
    at: Timestamp,
    entry: u64,
) -> Result<bool, RedactError> {
    let mut stored = Stored::find(tx, entry)?.ok_or(RedactError::NoEntry(entry))?;
    let Some(body) = without_text(entry, &stored.kind, &stored.body)? else { return Ok(false) };
    stored.body.clone_from(&body);
    // Older versions took any number for an order's in what a stranger sent.
    let order = stored.order_no.take().and_then(|order| order.parse::<OrderNo>().ok());
    stored.order_no = order.map(|order| order.to_string());
    let redaction = Redaction { entry, old_hash: stored.hash, new_hash: stored.recomputed() };
    Redacted { redaction, order, body }.record(tx, author, at)?;
    Ok(true)
}

/// Leaves nothing of what was taken out in the file and in the log beside it: the file is written anew, and the log is
/// taken into it and emptied.
pub(super) fn scrub(db: &Connection) -> Result<(), RedactError> {
    db.execute_batch("VACUUM")?;
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(RedactError::InUse) }
}

/// Copies of the journal that were made when a new version was begun: they hold what it held then.
pub(super) fn copies(db: &Connection) -> Vec<PathBuf> {
    let file = db.path().filter(|path| !path.is_empty()).map(PathBuf::from);
    let folder = file.as_ref().and_then(|file| fs::read_dir(file.parent()?).ok());
    let is_copy = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.strip_prefix("journal").is_some_and(|rest| rest.starts_with(".v") && rest.ends_with(".sqlite"))
    };
    folder.into_iter().flatten().flatten().map(|entry| entry.path()).filter(is_copy).collect()
}
