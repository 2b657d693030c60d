//! A redaction, as it is written.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::journal::{chain::Link, redaction::Redaction};

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

fn hex(link: &Link) -> String {
    link.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn link(text: &str) -> Option<Link> {
    let mut link = Link::default();
    for (at, byte) in link.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    (text.len() == 64).then_some(link)
}
