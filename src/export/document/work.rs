//! What people left on an order for each other.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::work::{Handled, Note, Owner, Snooze};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::export) struct NoteDocument<'a> {
    time: Timestamp,
    by: &'a str,
    note: &'a str,
}

impl<'a> From<&'a Note> for NoteDocument<'a> {
    fn from(note: &'a Note) -> Self {
        Self { time: note.at, by: &note.by, note: &note.text }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::export) struct OwnerDocument<'a> {
    who: &'a str,
    since: Timestamp,
    until: Timestamp,
}

impl<'a> From<&'a Owner> for OwnerDocument<'a> {
    fn from(owner: &'a Owner) -> Self {
        Self { who: &owner.who, since: owner.since, until: owner.until }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::export) struct SnoozeDocument<'a> {
    until: Timestamp,
    reason: &'a str,
    by: &'a str,
    time: Timestamp,
}

impl<'a> From<&'a Snooze> for SnoozeDocument<'a> {
    fn from(snooze: &'a Snooze) -> Self {
        Self { until: snooze.until, reason: &snooze.reason, by: &snooze.by, time: snooze.at }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::export) struct HandledDocument<'a> {
    by: &'a str,
    time: Timestamp,
    group: &'static str,
}

impl<'a> From<&'a Handled> for HandledDocument<'a> {
    fn from(handled: &'a Handled) -> Self {
        Self { by: &handled.by, time: handled.at, group: handled.cause.word() }
    }
}
