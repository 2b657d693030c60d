//! Is the journal what was written? The file, the chain, and where things stand are each held against the entries.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{
    database::integrity,
    error::JournalError,
    fact::{Entry, Fact},
    seam::BlockingJournal,
    sqlite::SqliteJournal,
};

/// What a look at the whole journal found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Entries whose hash holds, from the first on.
    pub sound: u64,
    /// How many of them had their text taken out, by an entry that says so.
    pub redacted: u64,
    /// Everything that does not hold, in words.
    pub faults: Vec<Fault>,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The entry, if it is one.
    pub entry: Option<u64>,
    /// What is wrong with it.
    pub what: String,
}

/// Looks through everything.
pub fn verify(journal: &mut SqliteJournal) -> Result<Verdict, JournalError> {
    let mut verdict = Verdict::default();
    for what in integrity(journal.connection())? {
        verdict.faults.push(Fault { entry: None, what });
    }
    let reading = journal.entries_after(0)?;
    verdict.sound = reading.entries.len() as u64;
    let redactions = reading.entries.iter().filter(|entry| matches!(entry.fact, Fact::Redacted(_)));
    verdict.redacted = redactions.count() as u64;
    if let Some(error) = reading.broken {
        let entry = match error {
            JournalError::Broken { seq, .. } => Some(seq),
            _ => Some(verdict.sound + 1),
        };
        verdict.faults.push(Fault { entry, what: error.to_string() });
        // Beyond a break nothing can be held against the tables.
        return Ok(verdict);
    }
    let (mut newest, unexplained) = replay(&reading.entries);
    verdict.faults.extend(unexplained);
    for table in ["attempts", "regenerations"] {
        for (id, state, entry) in standing(journal.connection(), table)? {
            match newest.remove(&(table, id.clone())) {
                Some((seq, word)) if word == state && seq == entry => {}
                written => {
                    let written =
                        written.map_or("nothing".to_owned(), |(seq, word)| format!("{word} (entry {seq})"));
                    let what =
                        format!("{table}: {id} stands as {state} (entry {entry}), its entries say {written}");
                    verdict.faults.push(Fault { entry: Some(entry), what });
                }
            }
        }
    }
    for ((table, id), (seq, _)) in newest {
        let what = format!("{table}: {id} is missing, its entries are there");
        verdict.faults.push(Fault { entry: Some(seq), what });
    }
    Ok(verdict)
}

/// Where the entries say that each attempt and regeneration stands, by table and name.
type Newest = HashMap<(&'static str, String), (u64, &'static str)>;

/// Goes through the entries once more by the rules: one that no event explains was not written by this program, however
/// well its hash fits.
fn replay(entries: &[Entry]) -> (Newest, Vec<Fault>) {
    let (mut attempts, mut regenerations) = (HashMap::new(), HashMap::new());
    let (mut newest, mut faults) = (Newest::new(), Vec::new());
    for entry in entries {
        let (key, state, step) = match &entry.fact {
            Fact::Attempt(attempt) => {
                let step = match attempts.insert(attempt.id, attempt) {
                    Some(before) => before.may_become(attempt),
                    None => attempt.may_begin(),
                };
                (("attempts", attempt.id.to_string()), attempt.state.word(), step)
            }
            Fact::Regeneration(regeneration) => {
                let step = match regenerations.insert(regeneration.id, regeneration) {
                    Some(before) => before.may_become(regeneration),
                    None => regeneration.may_begin(),
                };
                (("regenerations", regeneration.id.to_string()), regeneration.state.word(), step)
            }
            Fact::Stop(_)
            | Fact::Seen(_)
            | Fact::Notified(_)
            | Fact::OperatorAction(_)
            | Fact::Alert(..)
            | Fact::Paused(..)
            | Fact::Redacted(_)
            | Fact::Foreign(_) => continue,
        };
        if let Err(illegal) = step {
            let (table, id) = &key;
            faults.push(Fault { entry: Some(entry.seq), what: format!("{table}: {id}: {illegal}") });
        }
        newest.insert(key, (entry.seq, state));
    }
    (newest, faults)
}

fn standing(db: &Connection, table: &str) -> Result<Vec<(String, String, u64)>, JournalError> {
    let mut query = db.prepare(&format!("SELECT id, state, entry FROM {table} ORDER BY entry"))?;
    let rows = query.query_map([], |row| {
        let entry: i64 = row.get(2)?;
        Ok((row.get(0)?, row.get(1)?, u64::try_from(entry).unwrap_or_default()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
