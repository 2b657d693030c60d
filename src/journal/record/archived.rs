//! That the beginning of the journal was moved to files, as it is written.

use serde::{Deserialize, Serialize};

use crate::journal::{archive::archived::Archived, chain};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArchivedRecord {
    last: u64,
    last_hash: String,
    kept_hash: String,
    files: Vec<String>,
}

impl ArchivedRecord {
    pub(super) fn of(archived: &Archived) -> Self {
        Self {
            last: archived.last,
            last_hash: chain::hex(&archived.last_hash),
            kept_hash: chain::hex(&archived.kept_hash),
            files: archived.files.clone(),
        }
    }

    pub(super) fn archived(self) -> Option<Archived> {
        Some(Archived {
            last: self.last,
            last_hash: chain::link(&self.last_hash)?,
            kept_hash: chain::link(&self.kept_hash)?,
            files: self.files,
        })
    }
}
