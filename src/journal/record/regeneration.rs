//! A regeneration as it is written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{attempt::MomentRecord, state::StateRecord};
use crate::domain::{
    order::OrderNo,
    regeneration::{Regeneration, RegenerationId, Snapshot},
    text::Text,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegenerationRecord {
    regeneration_id: uuid::Uuid,
    lineage: OrderNo,
    original_order_no: OrderNo,
    reason: Option<String>,
    sent: MomentRecord,
    changed_at: Timestamp,
    searches: u32,
    searched: Option<MomentRecord>,
    #[serde(flatten)]
    state: StateRecord,
}

impl RegenerationRecord {
    pub(super) fn of(regeneration: &Regeneration) -> Self {
        Self {
            regeneration_id: regeneration.id.0,
            lineage: regeneration.lineage,
            original_order_no: regeneration.parent,
            reason: regeneration.reason.as_ref().map(ToString::to_string),
            sent: regeneration.sent.into(),
            changed_at: regeneration.changed_at,
            searches: regeneration.searches.0,
            searched: regeneration.searches.1.map(Into::into),
            state: StateRecord::of_regeneration(&regeneration.state),
        }
    }

    pub(super) fn regeneration(self) -> Option<Regeneration> {
        Some(Regeneration::restore(Snapshot {
            id: RegenerationId(self.regeneration_id),
            lineage: self.lineage,
            parent: self.original_order_no,
            reason: self.reason.as_deref().map(Text::new),
            sent: self.sent.into(),
            changed_at: self.changed_at,
            state: self.state.read_regeneration()?,
            searches: (self.searches, self.searched.map(Into::into)),
        }))
    }
}
