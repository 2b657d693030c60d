//! The alerts that were raised, by whichever program, and who has acknowledged them. The first of two that raise the same
//! one has raised it, and so with acknowledging.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::{
    alert::{Alert, AlertDid, Key},
    author::Author,
    text::Text,
};

/// Every alert that was ever raised here, by its key.
#[derive(Debug, Default)]
pub(super) struct Alerts(BTreeMap<Key, Alert>);

impl Alerts {
    /// Takes in what was done about an alert. True if that is news.
    pub(super) fn on_done(&mut self, key: Key, did: AlertDid, by: &Author, at: Timestamp) -> bool {
        match (did, self.0.get_mut(&key)) {
            (AlertDid::Raised, None) => {
                self.0.insert(key, Alert { key, raised_at: at, acknowledged: None });
                true
            }
            (AlertDid::Acknowledged, Some(alert)) if alert.acknowledged.is_none() => {
                alert.acknowledged = Some((Text::new(by.name()), at));
                true
            }
            _ => false,
        }
    }

    /// One alert.
    pub(super) fn get(&self, key: Key) -> Option<&Alert> {
        self.0.get(&key)
    }

    /// Those that nobody has acknowledged, and of the others those that were raised since then.
    pub(super) fn open_or_since(&self, since: Timestamp) -> impl Iterator<Item = &Alert> {
        self.0.values().filter(move |alert| alert.acknowledged.is_none() || alert.raised_at >= since)
    }
}
