//! An attempt to pay, and what each event proves about it.
//!
//! An *attempt* is one `pay.do` that was or may have been sent, and is at most one request for ever. The API has no
//! idempotency key, so a lost answer is never answered by sending again: only a complete, typed answer or a query of
//! the order moves an attempt on. The files here decide; they send and store nothing.

mod charged;
mod event;
mod evidence;
mod judgement;
mod life;
mod snapshot;
mod state;

pub use self::{
    charged::Charged,
    event::{Beside, Decision, Event, Sent},
    evidence::{DECISION_WITHIN, Evidence, PATIENCE, QUARANTINE, UNPAID_ANSWERS},
    life::{Attempt, Claim},
    snapshot::{AttemptId, Snapshot},
    state::{Kind, State, is_definite_refusal},
};
pub use super::intent::{Doubt, Gate, Illegal, NotSent};
