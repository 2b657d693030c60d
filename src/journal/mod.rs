//! The journal seam: what must survive the program. Attempts and regenerations with their states, what was seen and
//! told of orders, what operators did; of a card never more than its brand and last four digits.

mod chain;
mod door;
mod emergency;
mod migration;
mod place;
pub mod presence;
pub mod record;
pub mod sqlite;
pub mod unusable;
pub mod verify;

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::{
    attempt::{Attempt, AttemptId, State},
    moment::Moment,
    notice::Notice,
    order::{OrderNo, OrderStatus},
    regeneration::{self, Regeneration},
    story::Action,
    text::Text,
};

/// Why the journal did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another attempt holds the lineage: nothing may be sent.
    #[error("attempt {} on order {} still holds this lineage ({})", .0.id, .0.order, .0.state.word())]
    Blocked(Box<Attempt>),
    /// The order has been made anew, or may have been: nothing may be sent.
    #[error("order {} was or may have been regenerated already ({})", .0.parent, .0.state.word())]
    Remade(Box<Regeneration>),
    /// The record is no longer where this program left it: another one took it over.
    #[error("the record was changed by another program")]
    Overtaken,
    /// The store failed. Paying is off until it works again.
    #[error("the journal cannot be written or read: {0}")]
    Store(#[from] rusqlite::Error),
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

/// What an entry says.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// An attempt, as it stood from then on.
    Attempt(Box<Attempt>),
    /// A regeneration, as it stood from then on.
    Regeneration(Box<Regeneration>),
    /// A list or a query showed a status that was new.
    Seen {
        /// The status.
        status: OrderStatus,
        /// Why ticketing failed (6xx), if it did.
        error: Option<Text>,
    },
    /// The vendor told something unasked.
    Told(Box<Notice>),
    /// An operator did something.
    Action(Action),
    /// The vendor asked at a moment to be left alone for so long.
    Paused(Moment, Duration),
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The program that wrote it was this one.
    pub is_ours: bool,
    /// Who sat there.
    pub operator: Text,
    /// The order that it is about, if it is about one.
    pub order: Option<OrderNo>,
    /// What it says.
    pub fact: Fact,
}

impl Entry {
    /// What it says how it stands: the attempt or the regeneration.
    pub fn subject(&self) -> Option<Uuid> {
        match &self.fact {
            Fact::Attempt(attempt) => Some(attempt.id.0),
            Fact::Regeneration(regeneration) => Some(regeneration.id.0),
            Fact::Seen { .. } | Fact::Told(_) | Fact::Action(_) | Fact::Paused(..) => None,
        }
    }
}

/// What was read, and whether all of it could be trusted.
#[derive(Debug, Default)]
pub struct Reading {
    /// The entries, oldest first.
    pub entries: Vec<Entry>,
    /// The first thing that does not hold.
    pub broken: Option<JournalError>,
}

/// Durable memory. Every method that returns `Ok` has its effect on disk (fsync).
pub trait Journal: Send + 'static {
    /// Judges attempts and regenerations whose program has died; those of programs that run are theirs. Returns what
    /// it wrote.
    fn recover(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError>;

    /// The entries after `seq`, whoever wrote them.
    fn read_after(&mut self, seq: u64) -> Result<Reading, JournalError>;

    /// One attempt as it is on disk.
    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError>;

    /// Begins an attempt ([`State::Claimed`]). Refused while any attempt of its lineage blocks, whoever made it, while
    /// a regeneration of the lineage is open, and on an order whose own payment was reversed.
    fn claim(&mut self, attempt: &Attempt) -> Result<(), JournalError>;

    /// Writes down where `attempt` now stands, if it is still in `from`. This is what makes the claim a fence: a
    /// program whose claim was released by another one cannot go on to send.
    fn advance(&mut self, attempt: &Attempt, from: &State) -> Result<(), JournalError>;

    /// Begins a regeneration. Refused if its parent was or may have been made anew, or while any attempt of the
    /// lineage blocks.
    fn begin(&mut self, regeneration: &Regeneration) -> Result<(), JournalError>;

    /// Writes down where `regeneration` now stands, if it is still in `from`.
    fn conclude(
        &mut self,
        regeneration: &Regeneration,
        from: &regeneration::State,
    ) -> Result<(), JournalError>;

    /// Writes down what was seen, told or done. `at` is our clock.
    fn write(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError>;
}
