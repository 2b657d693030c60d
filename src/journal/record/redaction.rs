//! A redaction, as it is written.

use serde::{Deserialize, Serialize};

use crate::journal::{
    chain::{hex, link},
    redact::redaction::Redaction,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RedactionRecord {
    entry: u64,
    old_hash: String,
    new_hash: String,
}

impl RedactionRecord {
    pub(super) fn of(redaction: &Redaction) -> Self {
        Self {
            entry: redaction.entry,
            old_hash: hex(&redaction.old_hash),
            new_hash: hex(&redaction.new_hash),
        }
    }

    pub(super) fn redaction(&self) -> Option<Redaction> {
        Some(Redaction {
            entry: self.entry,
            old_hash: link(&self.old_hash)?,
            new_hash: link(&self.new_hash)?,
        })
    }
}
