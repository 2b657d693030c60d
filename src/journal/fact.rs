//! What the journal holds: facts, each in an entry of its own.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use uuid::Uuid;

use super::{archive::archived::Archived, error::JournalError, redact::redaction::Redaction};
use crate::domain::{
    alert, attempt::Attempt, author::Author, moment::Moment, notification::Notification, order::OrderNo,
    regeneration::Regeneration, seen::Seen, stop::Stop, story::OperatorAction,
};

/// What an entry says.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// An attempt, as it stood from then on.
    Attempt(Box<Attempt>),
    /// A regeneration, as it stood from then on.
    Regeneration(Box<Regeneration>),
    /// A request to stop issuance, as it stood from then on.
    Stop(Box<Stop>),
    /// A list or a query showed something of an order that was not recorded yet.
    Seen(Box<Seen>),
    /// The vendor sent a notification.
    Notified(Box<Notification>),
    /// An operator did something.
    OperatorAction(OperatorAction),
    /// An alert was raised, or acknowledged.
    Alert(alert::Key, alert::AlertDid),
    /// The vendor asked at a moment to be left alone for so long.
    Paused(Moment, Duration),
    /// The text of an earlier entry was taken out.
    Redacted(Redaction),
    /// The beginning of the journal was moved to files.
    Archived(Archived),
    /// Something that this version has no word for; a newer one wrote it. What must be understood has a version of its own.
    Foreign(String),
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
    /// Who sat there, and at which program.
    pub author: Arc<Author>,
    /// The order that it is about, if it is about one.
    pub order: Option<OrderNo>,
    /// What it says.
    pub fact: Fact,
}

impl Entry {
    /// What it says how it stands: the attempt, the regeneration or the request to stop.
    pub fn subject(&self) -> Option<Uuid> {
        match &self.fact {
            Fact::Attempt(attempt) => Some(attempt.id.0),
            Fact::Regeneration(regeneration) => Some(regeneration.id.0),
            Fact::Stop(stop) => Some(stop.id.0),
            Fact::Seen(_)
            | Fact::Notified(_)
            | Fact::OperatorAction(_)
            | Fact::Alert(..)
            | Fact::Paused(..)
            | Fact::Redacted(_)
            | Fact::Archived(_)
            | Fact::Foreign(_) => None,
        }
    }
}

/// What was read, and whether all of it could be trusted.
#[derive(Debug, Default)]
pub struct Reading {
    /// The entries, oldest first.
    pub entries: Vec<Entry>,
    /// The first thing that does not hold. It may lie before what was read.
    pub broken: Option<JournalError>,
    /// There may be more than was read at once.
    pub more: bool,
}

impl Reading {
    /// Puts the next batch behind it. What does not hold may lie in what was read before.
    pub fn put(&mut self, next: Self) {
        let Self { entries, broken, more } = next;
        self.entries.extend(entries);
        self.more = more;
        self.broken = broken;
        if let Some(JournalError::Broken { seq, .. }) = self.broken {
            self.entries.retain(|entry| entry.seq < seq);
        }
    }
}
