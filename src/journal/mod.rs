//! The journal seam: what must survive the program. Attempts with their states, and what was seen of orders; of a
//! card never more than its brand and last four digits.

mod presence;
pub mod record;
pub mod sqlite;

use jiff::Timestamp;

use crate::domain::{
    attempt::{Attempt, AttemptId, State},
    order::OrderNo,
    story::Happening,
};

/// Why the journal did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another attempt holds the lineage: nothing may be sent.
    #[error("attempt {} on order {} still holds this lineage ({})", .0.id, .0.order, .0.state.word())]
    Blocked(Box<Attempt>),
    /// The attempt is no longer where this program left it: another one took it over.
    #[error("the attempt was changed by another program")]
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
    /// A record that this version does not understand.
    #[error("a record of the journal cannot be read: {0}")]
    Record(String),
}

/// Durable memory. Every method that returns `Ok` has its effect on disk (fsync).
pub trait Journal: Send + 'static {
    /// Judges attempts whose program has died (see [`Attempt::after_restart`]); those of programs that run are theirs.
    fn recover(&mut self, now: Timestamp) -> Result<(), JournalError>;

    /// One attempt as it is on disk.
    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError>;

    /// All attempts, oldest first.
    fn attempts(&mut self) -> Result<Vec<Attempt>, JournalError>;

    /// What happened to orders, oldest first.
    fn happenings(&mut self) -> Result<Vec<(OrderNo, Happening)>, JournalError>;

    /// Begins an attempt ([`State::Claimed`]). Refused while any attempt of its lineage blocks, whoever made it.
    fn claim(&mut self, attempt: &Attempt) -> Result<(), JournalError>;

    /// Writes down the state that `attempt` entered, if it is still in `from`. This is what makes the claim a fence:
    /// a program whose claim was released by another one cannot go on to send.
    fn advance(&mut self, attempt: &Attempt, from: &State) -> Result<(), JournalError>;

    /// Writes down what was seen of an order.
    fn note(&mut self, order: OrderNo, happening: &Happening) -> Result<(), JournalError>;
}
