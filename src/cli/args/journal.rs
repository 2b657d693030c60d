//! `paydesk journal`.

use clap::{Args, Subcommand};
use jiff::civil::Date;

/// `paydesk journal`
#[derive(Args, Debug)]
#[command(override_usage = "paydesk journal [OPTIONS] [verify | redact [ENTRY] | archive]")]
pub struct JournalArgs {
    /// What to do with it; without this: list the attempts
    #[command(subcommand)]
    pub what: Option<JournalCommand>,
    /// One JSON document on standard output
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do with the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum JournalCommand {
    /// Check the file, the chain of entries, and what stands against what was written
    Verify,
    /// Take the text of one entry out for good: a note, a reason, a notification; the chain still verifies
    ///
    /// Leave every other paydesk on this journal first. What a payment or an order stands at is never taken out. Copies
    /// that an upgrade left beside the journal go as well; backups of your own do not.
    Redact {
        /// Its number; without one: list the entries whose text can be taken out
        entry: Option<u64>,
        /// Without asking
        #[arg(long)]
        yes: bool,
    },
    /// Move months that have ended to files beside it, which `verify` reads as the beginning of the same chain
    ///
    /// Leave every other paydesk on this journal first. What belongs to anything unfinished stays, and of the rest what
    /// money hangs on. Months are those of UTC.
    Archive {
        /// What was written before this month, such as 2026-10; without it: months that ended more than 30 days ago
        #[arg(long, value_name = "MONTH", value_parser = month)]
        before: Option<Date>,
        /// Say what would be moved, and move nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// The first day of a month.
fn month(text: &str) -> Result<Date, String> {
    format!("{text}-01").parse().map_err(|_| "a month such as 2026-10".to_owned())
}
