//! Is the journal what was written? The file, the chain, and where things stand are each held against the entries.

use std::collections::HashMap;

use rusqlite::Connection;
use uuid::Uuid;

use super::{
    archive::{tables, verify::InArchives},
    chain::replay::Replay,
    error::JournalError,
    opening::database::integrity,
    sqlite::SqliteJournal,
};

pub use super::chain::replay::Fault;

/// What a look at the whole journal found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Entries whose hash holds, from the first on.
    pub sound: u64,
    /// How many of them lie in archives.
    pub archived: u64,
    /// How many of them had their text taken out, by an entry that says so.
    pub redacted: u64,
    /// Everything that does not hold, in words.
    pub faults: Vec<Fault>,
}

/// Looks through everything: archives and journal as one chain.
pub fn verify(journal: &mut SqliteJournal) -> Result<Verdict, JournalError> {
    let mut verdict = Verdict::default();
    for what in integrity(journal.connection())? {
        verdict.faults.push(Fault { entry: None, what });
    }
    let mut replay = Replay::default();
    let mut files = InArchives::of(journal.connection(), journal.folder())?;
    let archived = tables::end(journal.connection())?.map_or(0, |(last, _)| last);
    let unread = files.read(&mut replay);
    verdict.archived = files.read;
    let broken = journal.walk(|entry| {
        if entry.seq > archived {
            files.redacted(&entry);
            replay.take(entry);
        } else if unread.is_some() {
            // It stays for what comes of it; the steps that led there are in an archive.
            replay.adopt(entry);
        }
    })?;
    verdict.sound = match (&unread, &broken) {
        (Some(_), _) => files.read,
        (None, Some(JournalError::Broken { seq, .. })) => seq - 1,
        _ => replay.entries,
    };
    verdict.redacted = replay.redactions.iter().filter(|seq| **seq <= verdict.sound).count() as u64;
    let has_archives = unread.is_none();
    verdict.faults.extend(unread);
    if let Some(error) = broken {
        let entry = match error {
            JournalError::Broken { seq, .. } => seq,
            _ => replay.entries + 1,
        };
        verdict.faults.push(Fault { entry: Some(entry), what: error.to_string() });
        // Beyond a break nothing can be held against the tables.
        return Ok(verdict);
    }
    if has_archives {
        verdict.faults.extend(files.unexplained());
    }
    let Replay { attempts, regenerations, faults, .. } = replay;
    verdict.faults.extend(faults);
    let standing = attempts.values().map(|(seq, attempt)| (attempt.id.0, attempt.state.word(), *seq));
    verdict.faults.extend(compare(journal.connection(), "attempts", standing)?);
    let standing = regenerations.values().map(|(seq, known)| (known.id.0, known.state.word(), *seq));
    verdict.faults.extend(compare(journal.connection(), "regenerations", standing)?);
    Ok(verdict)
}

/// What a table says, held against where the entries say that each of its rows stands.
fn compare(
    db: &Connection,
    table: &str,
    entries: impl Iterator<Item = (Uuid, &'static str, u64)>,
) -> Result<Vec<Fault>, JournalError> {
    let mut newest: HashMap<String, (&str, u64)> =
        entries.map(|(id, word, seq)| (id.to_string(), (word, seq))).collect();
    let mut faults = Vec::new();
    for (id, state, entry) in standing(db, table)? {
        match newest.remove(&id) {
            Some((word, seq)) if word == state && seq == entry => {}
            written => {
                let written =
                    written.map_or("nothing".to_owned(), |(word, seq)| format!("{word} (entry {seq})"));
                let what =
                    format!("{table}: {id} stands as {state} (entry {entry}), its entries say {written}");
                faults.push(Fault { entry: Some(entry), what });
            }
        }
    }
    let missing = newest.into_iter().map(|(id, (_, seq))| {
        let what = format!("{table}: {id} is missing, its entries are there");
        Fault { entry: Some(seq), what }
    });
    faults.extend(missing);
    Ok(faults)
}

fn standing(db: &Connection, table: &str) -> Result<Vec<(String, String, u64)>, JournalError> {
    let mut query = db.prepare(&format!("SELECT id, state, entry FROM {table} ORDER BY entry"))?;
    let rows = query.query_map([], |row| {
        let entry: i64 = row.get(2)?;
        Ok((row.get(0)?, row.get(1)?, u64::try_from(entry).unwrap_or_default()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
