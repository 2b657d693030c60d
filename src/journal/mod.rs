//! What must survive the program: attempts and regenerations with their states, what was seen of orders, what notifications said of them, what
//! operators did; of a card never more than its brand and last four digits.

pub mod archive;
mod archive_file;
pub mod archived;
mod archives;
mod chain;
mod claim;
mod claims;
mod database;
pub mod deferred;
mod entries;
mod error;
mod fact;
mod filesystem;
mod in_archives;
mod masked;
mod migration;
pub mod opening;
pub mod presence;
pub mod record;
pub mod redact;
pub mod redaction;
mod remains;
mod replay;
mod reserve;
mod seam;
pub mod sqlite;
mod stored;
pub mod thread;
pub mod unusable;
pub mod verify;
mod watch;

pub use self::{
    claim::{Claim, Claimed},
    error::{JournalError, StoreError},
    fact::{Entry, Fact, Reading},
    seam::{BlockingJournal, Interrupter, Journal},
    watch::Watch,
};
