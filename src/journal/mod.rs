//! What must survive the program: attempts and regenerations with their states, what was seen of orders, what notifications said of them, what
//! operators did; of a card never more than its brand and last four digits.

pub mod archive;
mod chain;
mod claim;
mod claims;
mod error;
mod fact;
mod masked;
pub mod opening;
pub mod presence;
pub mod record;
pub mod redact;
mod reserve;
mod seam;
pub mod sqlite;
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
