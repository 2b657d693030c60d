//! `paydesk journal redact`: which entries have text, and taking that of one out.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    confirm::Asker,
    exit::{Exit, Failure},
    output::{line, print_json},
    pay,
    session::{self, journal_failed},
};
use crate::{
    config::Settings,
    domain::{
        lineage::Lineage, mask::mask, order::OrderNo, story::What, stray_card::StrayCard, subject::Subject,
    },
    export::times::local,
    journal::{
        BlockingJournal, Entry, Fact,
        redact::{RedactError, has_text},
        sqlite::SqliteJournal,
    },
    lang::{Lang, recovery},
};

/// So much of a text is enough to know an entry by.
const SHOWN: usize = 60;

/// An entry with text, as `--json` has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryDocument {
    entry: u64,
    at: Timestamp,
    operator: String,
    order_no: Option<OrderNo>,
    what: String,
}

#[derive(Serialize)]
struct ListDocument {
    entries: Vec<EntryDocument>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DoneDocument {
    redacted: u64,
    /// False if the text had been taken out before, and its traces were looked after again.
    is_new: bool,
    removed_copies: Vec<String>,
}

/// What an entry says, short and without any card number.
fn what(lang: Lang, entry: &Entry) -> String {
    let what = match &entry.fact {
        Fact::OperatorAction(action) => What::OperatorAction(action.clone()),
        Fact::Notified(notification) => {
            let kind = notification.kind.word().into();
            What::Notified { kind, error: notification.error.clone(), times: 1 }
        }
        _ => return String::new(),
    };
    let lineage = Lineage::new(entry.order.unwrap_or(OrderNo::MIN));
    let text = mask(&recovery::happening(lang, &lineage, &what));
    let short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn shown(settings: &Settings, entry: &Entry) -> String {
    let (at, lang) = (local(entry.at, &settings.time_zone.time_zone()), *settings.lang);
    let order = entry.order.map_or_else(|| "-".to_owned(), |order| order.to_string());
    format!("{:>6}  {at}  {}  {order}  {}", entry.seq, entry.author.who, what(lang, entry))
}

/// Every entry whose text can be taken out, of archives too. An archive that is not there any more keeps none of the others
/// from being seen.
fn entries(journal: &mut SqliteJournal) -> Result<Vec<Entry>, Failure> {
    let reading = journal.entries_after(0).map_err(|error| journal_failed(&error))?;
    if let Some(error) = reading.broken {
        return Err(journal_failed(&error));
    }
    let mut found = Vec::new();
    if let Err(error) =
        journal.archived_entries(|entry| found.extend(Some(entry).filter(|entry| has_text(&entry.fact))))
    {
        tracing::warn!(%error, "an archive was not read");
    }
    found.extend(reading.entries.into_iter().filter(|entry| has_text(&entry.fact)));
    found.sort_by_key(|entry| entry.seq);
    Ok(found)
}

/// Every entry whose text can be taken out.
pub(super) fn list(json: bool, settings: &Settings) -> Result<Exit, Failure> {
    let found = entries(&mut session::journal(settings)?)?;
    if json {
        let document = |entry: &Entry| EntryDocument {
            entry: entry.seq,
            at: entry.at,
            operator: entry.author.who.to_string(),
            order_no: entry.order,
            what: what(*settings.lang, entry),
        };
        return print_json(&ListDocument { entries: found.iter().map(document).collect() });
    }
    for entry in &found {
        line(shown(settings, entry))?;
    }
    if found.is_empty() {
        line(settings.lang.text("journal.no_text"))?;
    }
    Ok(Exit::Done)
}

/// Says what goes, asks, and takes it out.
pub(super) fn run(json: bool, seq: u64, yes: bool, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only {
        return Err(pay::read_only(lang));
    }
    let mut journal = session::journal(settings)?;
    let entries = entries(&mut journal)?;
    let copies: Vec<String> = journal.copies().iter().map(|path| path.display().to_string()).collect();
    if let Some(entry) = entries.iter().find(|entry| entry.seq == seq) {
        eprintln!("{}\n{}", lang.text("journal.will_redact"), shown(settings, entry));
        if let Fact::Notified(notification) = &entry.fact
            && StrayCard::find(&notification.raw).is_some()
        {
            eprintln!("{}", lang.text("journal.holds_card"));
        }
        for copy in &copies {
            eprintln!("{}", lang.fill("journal.copy_goes", &[("path", copy)]));
        }
        if !yes {
            agree(lang)?;
        }
    }
    let is_new = journal.redact(seq, Timestamp::now()).map_err(|error| refused(lang, &error))?;
    tracing::info!(entry = seq, is_new, "the text of an entry was taken out");
    if json {
        return print_json(&DoneDocument { redacted: seq, is_new, removed_copies: copies });
    }
    let key = if is_new { "journal.redacted" } else { "journal.redacted_before" };
    line(lang.fill(key, &[("entry", &seq)]))?;
    Ok(Exit::Done)
}

fn agree(lang: Lang) -> Result<(), Failure> {
    let Some(mut asker) = Asker::open(false) else {
        let (message, mend) = (lang.text("pay.nobody_to_ask"), lang.text("journal.nobody_mend"));
        return Err(Failure::new(Exit::Usage, "confirmation_needed", message, mend));
    };
    if asker.agrees(lang.text("journal.ask"))? {
        return Ok(());
    }
    Err(Failure::new(Exit::Refused, "not_confirmed", lang.text("pay.not_confirmed"), ""))
}

fn refused(lang: Lang, error: &RedactError) -> Failure {
    let entry: &dyn std::fmt::Display = match error {
        RedactError::NoEntry(entry) | RedactError::Money(entry) | RedactError::NoText(entry) => entry,
        _ => &"",
    };
    let (code, message, mend) = match error {
        RedactError::NoEntry(_) => ("no_entry", "journal.no_entry", "journal.list_mend"),
        RedactError::Money(_) => ("entry_of_money", "journal.money", "journal.list_mend"),
        RedactError::NoText(_) => ("entry_without_text", "journal.entry_without_text", "journal.list_mend"),
        RedactError::InUse => ("journal_in_use", "journal.in_use", "journal.in_use_mend"),
        RedactError::Archive(_) | RedactError::Copy { .. } | RedactError::Journal(_) => {
            return Failure::new(
                Exit::Refused,
                "journal",
                error.to_string(),
                lang.text("journal.again_mend"),
            );
        }
    };
    let message = lang.fill(message, &[("entry", entry)]);
    Failure::new(Exit::Refused, code, message, lang.text(mend)).about(lang, Subject::Journal)
}
