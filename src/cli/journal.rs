//! `paydesk journal`: every attempt with its outcome, whether the journal is as it was written, and what is done to it.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    archive,
    args::{JournalArgs, JournalCommand},
    exit::{Exit, Failure},
    log::Log,
    output::{line, print_json},
    redact,
    session::{self, journal_failed},
};
use crate::{
    config::Settings,
    domain::{lineage::Lineage, order::OrderNo},
    export::{
        document::{AttemptDocument, RegenerationDocument},
        times::local,
    },
    journal::{BlockingJournal, Fact, verify},
    lang::{Lang, recovery, words},
};

/// `paydesk journal --json`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    attempts: Vec<AttemptDocument>,
    regenerations: Vec<RegenerationDocument>,
    entries: usize,
    as_of: Timestamp,
}

/// `paydesk journal verify --json`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerdictDocument {
    sound: bool,
    entries: u64,
    /// So many of them lie in archives.
    archived: u64,
    redacted: u64,
    first_broken_entry: Option<u64>,
    faults: Vec<String>,
}

/// Lists the attempts, verifies, takes a text out, or archives.
pub(super) fn run(args: &JournalArgs, settings: &Settings) -> Result<Exit, Failure> {
    match args.what {
        Some(JournalCommand::Redact { entry: Some(entry), yes }) => {
            return redact::run(args.json, entry, yes, settings);
        }
        Some(JournalCommand::Redact { entry: None, .. }) => return redact::list(args.json, settings),
        Some(JournalCommand::Archive { before, dry_run }) => {
            return archive::run(args.json, before, dry_run, settings);
        }
        Some(JournalCommand::Verify) => {
            let verdict =
                verify::verify(&mut session::journal(settings)?).map_err(|error| journal_failed(&error))?;
            return tell(args.json, *settings.lang, &verdict);
        }
        None => {}
    }
    let mut journal = session::journal(settings)?;
    let reading = journal.entries_after(0).map_err(|error| journal_failed(&error))?;
    let entries = reading.entries.len();
    // Which lineage they belong to does not matter for a list of all.
    let mut all = Lineage::new(OrderNo::MIN);
    for entry in reading.entries {
        match entry.fact {
            Fact::Attempt(attempt) => drop(all.put_attempt(*attempt)),
            Fact::Regeneration(regeneration) => drop(all.put_regeneration(*regeneration)),
            Fact::Stop(_)
            | Fact::Seen(_)
            | Fact::Notified(_)
            | Fact::OperatorAction(_)
            | Fact::Alert(..)
            | Fact::Paused(..)
            | Fact::Redacted(_)
            | Fact::Archived(_)
            | Fact::Foreign(_) => {}
        }
    }
    if args.json {
        print_json(&Document {
            attempts: all.attempts.iter().map(AttemptDocument::from).collect(),
            regenerations: all.regenerations.iter().map(RegenerationDocument::from).collect(),
            entries,
            as_of: Timestamp::now(),
        })?;
    } else {
        list(&all, settings)?;
    }
    match reading.broken {
        Some(error) => Err(journal_failed(&error)),
        None => Ok(Exit::Done),
    }
}

/// What was taken out must be found again, or that it was.
pub(super) fn log(args: &JournalArgs) -> Log {
    match args.what {
        Some(
            JournalCommand::Redact { entry: Some(_), .. } | JournalCommand::Archive { dry_run: false, .. },
        ) => Log::Needed,
        _ => Log::Wanted,
    }
}

fn list(all: &Lineage, settings: &Settings) -> io::Result<()> {
    let (lang, zone) = (*settings.lang, settings.time_zone.time_zone());
    let mut out = io::stdout().lock();
    for attempt in &all.attempts {
        let card = attempt.card.map_or_else(String::new, |card| format!("  {card}"));
        let (at, method) = (local(attempt.claimed_at, &zone), words::method(lang, attempt.method));
        let state = words::attempt_state(lang, &attempt.state);
        writeln!(
            out,
            "{at}  {}  {method}  {}{card}  {state}  {}",
            attempt.order, attempt.amount, attempt.id
        )?;
    }
    for regeneration in &all.regenerations {
        let at = local(regeneration.sent.now.at, &zone);
        let state = recovery::regeneration(lang, &regeneration.state);
        writeln!(out, "{at}  {}  {state}  {}", regeneration.parent, regeneration.id)?;
    }
    if all.attempts.is_empty() && all.regenerations.is_empty() {
        writeln!(out, "{}", lang.text("journal.empty"))?;
    }
    Ok(())
}

fn tell(json: bool, lang: Lang, verdict: &verify::Verdict) -> Result<Exit, Failure> {
    let sound = verdict.faults.is_empty();
    let faults: Vec<String> = verdict.faults.iter().map(|fault| fault.what.clone()).collect();
    let exit = if sound { Exit::Done } else { Exit::Refused };
    if json {
        print_json(&VerdictDocument {
            sound,
            entries: verdict.sound,
            archived: verdict.archived,
            redacted: verdict.redacted,
            first_broken_entry: verdict.faults.iter().find_map(|fault| fault.entry),
            faults,
        })?;
        return Ok(exit);
    }
    let key = match (sound, verdict.redacted) {
        (true, 0) => "journal.sound",
        (true, _) => "journal.sound_but",
        (false, _) => "journal.unsound",
    };
    line(lang.fill(key, &[("entries", &verdict.sound), ("redacted", &verdict.redacted)]))?;
    if verdict.archived > 0 {
        line(lang.fill("archive.in_files", &[("archived", &verdict.archived)]))?;
    }
    for fault in &faults {
        line(format_args!("  {fault}"))?;
    }
    Ok(exit)
}
