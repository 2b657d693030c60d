//! `paydesk journal archive`: what of the journal would go to files, and moving it there.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{
    exit::{Exit, Failure},
    output::{line, print_json},
    pay,
    session::{self, journal_failed},
};
use crate::{
    config::Settings,
    domain::subject::Subject,
    journal::archive::{ArchiveError, usual},
    lang::Lang,
};

/// One file, as `--json` has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileDocument {
    file: String,
    first_entry: u64,
    last_entry: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    /// True once it is done; false for a dry run, and where nothing was old enough.
    is_done: bool,
    before: Date,
    files: Vec<FileDocument>,
    moved: u64,
    kept: u64,
}

/// Says what goes and what stays, and moves it unless it is only to be said.
pub(super) fn run(
    json: bool,
    before: Option<Date>,
    dry_run: bool,
    settings: &Settings,
) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only && !dry_run {
        return Err(pay::read_only(lang));
    }
    let now = Timestamp::now();
    let before = before.unwrap_or_else(|| usual(now));
    let mut journal = session::journal(settings)?;
    let refused = |error: ArchiveError| refused(lang, &error);
    let plan = journal.plan_archive(before, now).map_err(refused)?;
    let files = plan.parts().iter().map(|part| FileDocument {
        file: part.file.clone(),
        first_entry: part.first,
        last_entry: part.last,
    });
    let (files, moved, kept): (Vec<_>, _, _) = (files.collect(), plan.leaving(), plan.staying());
    let is_done = !dry_run && !files.is_empty();
    if is_done {
        let written = journal.write_archive(plan).map_err(refused)?;
        journal.take_out(&written, now).map_err(refused)?;
        tracing::info!(%before, moved, kept, "months were archived");
    }
    if json {
        return print_json(&Document { is_done, before, files, moved, kept });
    }
    if files.is_empty() {
        line(lang.fill("archive.nothing", &[("before", &before)]))?;
        return Ok(Exit::Done);
    }
    for FileDocument { file, first_entry, last_entry } in &files {
        line(format_args!("archive/{file}  {first_entry}–{last_entry}"))?;
    }
    let key = if is_done { "archive.moved" } else { "archive.would_move" };
    line(lang.fill(key, &[("moved", &moved), ("kept", &kept)]))?;
    Ok(Exit::Done)
}

fn refused(lang: Lang, error: &ArchiveError) -> Failure {
    let (code, message, mend) = match error {
        ArchiveError::InUse => {
            ("journal_in_use", lang.text("archive.in_use").to_owned(), "archive.in_use_mend")
        }
        ArchiveError::NotEnded(before) => {
            ("not_ended", lang.fill("archive.not_ended", &[("before", before)]), "archive.not_ended_mend")
        }
        ArchiveError::File { file, cause } => {
            ("archive", lang.fill("archive.file", &[("file", file), ("cause", cause)]), "archive.file_mend")
        }
        ArchiveError::Journal(error) => return journal_failed(error),
        ArchiveError::NoFolder => ("archive", error.to_string(), "archive.file_mend"),
    };
    Failure::new(Exit::Refused, code, message, lang.text(mend)).about(lang, Subject::Journal)
}
