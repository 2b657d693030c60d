//! Why the journal did not do what it was asked. What it is kept in stays behind it: no caller needs to know a database.

use std::error::Error;

use crate::domain::{attempt::Attempt, regeneration::Regeneration};

/// What the store behind the journal said, in its own words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(Box<dyn Error + Send + Sync>);

impl StoreError {
    /// Takes any error of a store, or words.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

/// Why the journal did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another attempt holds the lineage: nothing may be sent.
    #[error("attempt {} on order {} still holds this lineage ({})", .0.id, .0.order, .0.state.word())]
    Blocked(Box<Attempt>),
    /// The order has been regenerated, or may have been: nothing may be sent.
    #[error("order {} was or may have been regenerated already ({})", .0.parent, .0.state.word())]
    Regenerated(Box<Regeneration>),
    /// The record is no longer where this program left it: another one took it over.
    #[error("the record was changed by another program")]
    Overtaken,
    /// The store failed. Paying is off until it works again.
    #[error("the journal cannot be written or read: {0}")]
    Store(#[from] StoreError),
    /// The journal's folder cannot be made or opened.
    #[error("the journal's folder {folder} cannot be used: {cause}")]
    Folder {
        /// The folder.
        folder: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The folder is on a drive whose locks cannot be relied on.
    #[error(
        "the journal's folder {folder} is not on a disk of this machine ({kind}): two desks could claim the same order"
    )]
    OtherMachine {
        /// The folder.
        folder: String,
        /// The kind of drive, in a word.
        kind: &'static str,
    },
    /// A newer program has written it.
    #[error("the journal is of version {found}, this program knows {known}: use the newer program")]
    Newer {
        /// Its version.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
    /// A record that this version does not understand.
    #[error("a record of the journal cannot be read: {0}")]
    Record(String),
    /// The chain of hashes does not hold: somebody or something has changed an entry.
    #[error("entry {seq} of the journal is not as it was written ({what}); see `paydesk journal verify`")]
    Broken {
        /// The first entry that does not fit.
        seq: u64,
        /// In which way.
        what: &'static str,
    },
    /// It could not even be opened.
    #[error("{0}")]
    Unusable(String),
}
