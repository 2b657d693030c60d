//! `paydesk journal`.

use clap::{Args, ValueEnum};

/// `paydesk journal`
#[derive(Args, Debug)]
pub struct JournalArgs {
    /// What to do with it; without this: list the attempts
    #[arg(value_enum)]
    pub what: Option<JournalArg>,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// What to do with the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum JournalArg {
    /// Check the file, the chain of entries, and what stands against what was written
    Verify,
}
