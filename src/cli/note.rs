//! `paydesk note`: a note on an order, kept in the journal; running programs read it there.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    args::NoteArgs,
    exit::{Exit, Failure},
    output::print_json,
    pay,
    session::{self, journal_failed},
};
use crate::{
    clock::{Clock, SystemClock},
    config::Settings,
    domain::{mask::mask, order::OrderNo, story::OperatorAction, text::Text},
    journal::{BlockingJournal, Fact},
};

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    order_no: OrderNo,
    note: &'a str,
    at: Timestamp,
    operator: String,
}

/// Keeps the note; the vendor is not asked for anything.
pub(super) fn run(args: &NoteArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only {
        return Err(pay::read_only(lang));
    }
    let (note, at) = (Text::new(&mask(&args.text)), SystemClock.now());
    let fact = Fact::OperatorAction(OperatorAction::Noted(note.clone()));
    let mut journal = session::journal(settings)?;
    journal.append(at, Some(args.order), &fact).map_err(|error| journal_failed(&error))?;
    if args.json {
        let operator = session::operator();
        print_json(&Document { order_no: args.order, note: &note, at, operator })?;
    } else {
        writeln!(io::stdout(), "{}", lang.fill("note.kept", &[("order", &args.order), ("note", &note)]))?;
    }
    Ok(Exit::Done)
}
