//! A request to stop issuance as it is written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{attempt::MomentRecord, state::StateRecord};
use crate::domain::{
    order::OrderNo,
    stop::{Snapshot, Stop, StopId},
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StopRecord {
    stop_id: uuid::Uuid,
    order_no: OrderNo,
    sent: MomentRecord,
    changed_at: Timestamp,
    #[serde(flatten)]
    state: StateRecord,
}

impl StopRecord {
    pub(super) fn of(stop: &Stop) -> Self {
        Self {
            stop_id: stop.id.0,
            order_no: stop.order,
            sent: stop.sent.into(),
            changed_at: stop.changed_at,
            state: StateRecord::of_stop(&stop.state),
        }
    }

    pub(super) fn stop(self) -> Option<Stop> {
        Some(Stop::restore(Snapshot {
            id: StopId(self.stop_id),
            order: self.order_no,
            sent: self.sent.into(),
            changed_at: self.changed_at,
            state: self.state.read_stop()?,
        }))
    }
}
