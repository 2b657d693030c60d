//! What an operator did, as it is written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{attempt::MomentRecord, state::StateRecord};
use crate::domain::{
    attempt::{AttemptId, Decision},
    baggage::decision::{self as baggage, AcceptanceId},
    group::Group,
    recovery::PaymentPath,
    story::OperatorAction,
    text::Text,
};

#[derive(Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum ActionRecord {
    Chose {
        #[serde(rename = "route")]
        path: String,
        reason: Option<String>,
    },
    Decided {
        attempt_id: uuid::Uuid,
        decision: String,
        note: String,
    },
    BaggageLoss(Box<LossRecord>),
    GotLink {
        asked: MomentRecord,
    },
    StatedConfirmed,
    Noted {
        note: String,
    },
    Refused {
        reason: String,
    },
    Registered {
        url: String,
    },
    Took {
        until: Timestamp,
    },
    TookOver {
        until: Timestamp,
        reason: String,
    },
    Released,
    Snoozed {
        until: Timestamp,
        reason: String,
    },
    Woken,
    Handled {
        group: String,
    },
    Unhandled,
    /// Of a newer version.
    #[serde(other, skip_serializing)]
    Foreign,
}

/// What was decided about a loss on baggage.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LossRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    acceptance_id: Option<uuid::Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<MomentRecord>,
    #[serde(flatten)]
    state: StateRecord,
}

impl LossRecord {
    fn of(decision: &baggage::Decision) -> Self {
        let (id, sent) = match decision {
            baggage::Decision::Accepting { id, sent } => (Some(*id), Some(*sent)),
            baggage::Decision::Ended { id, .. } => (Some(*id), None),
            baggage::Decision::Refused => (None, None),
        };
        Self {
            acceptance_id: id.map(|id| id.0),
            sent: sent.map(Into::into),
            state: StateRecord::of_baggage_loss(decision),
        }
    }

    fn decision(self) -> Option<baggage::Decision> {
        let id = self.acceptance_id.map(AcceptanceId);
        Some(match &*self.state.state {
            "accepting" => baggage::Decision::Accepting { id: id?, sent: self.sent?.into() },
            "refused" => baggage::Decision::Refused,
            _ => baggage::Decision::Ended { id: id?, called: self.state.read_baggage_loss()? },
        })
    }
}

impl ActionRecord {
    pub(super) fn of(action: &OperatorAction) -> Self {
        match action {
            OperatorAction::Chose { path, reason } => {
                Self::Chose { path: path.word().to_owned(), reason: reason.as_ref().map(ToString::to_string) }
            }
            OperatorAction::Decided { attempt, decision, note } => Self::Decided {
                attempt_id: attempt.0,
                decision: decision.word().to_owned(),
                note: note.to_string(),
            },
            OperatorAction::BaggageLoss(decision) => Self::BaggageLoss(Box::new(LossRecord::of(decision))),
            OperatorAction::GotLink { asked } => Self::GotLink { asked: (*asked).into() },
            OperatorAction::StatedConfirmed => Self::StatedConfirmed,
            OperatorAction::Noted(note) => Self::Noted { note: note.to_string() },
            OperatorAction::Refused(reason) => Self::Refused { reason: reason.to_string() },
            OperatorAction::Registered(url) => Self::Registered { url: url.to_string() },
            OperatorAction::Took { until } => Self::Took { until: *until },
            OperatorAction::TookOver { until, reason } => {
                Self::TookOver { until: *until, reason: reason.to_string() }
            }
            OperatorAction::Released => Self::Released,
            OperatorAction::Snoozed { until, reason } => {
                Self::Snoozed { until: *until, reason: reason.to_string() }
            }
            OperatorAction::Woken => Self::Woken,
            OperatorAction::Handled { group } => Self::Handled { group: group.word().to_owned() },
            OperatorAction::Unhandled => Self::Unhandled,
        }
    }

    /// What was done; none if it has no word here, or holds what this version does not understand.
    pub(super) fn action(self) -> Option<OperatorAction> {
        Some(match self {
            Self::Foreign => return None,
            Self::Chose { path, reason } => OperatorAction::Chose {
                path: PaymentPath::ALL.into_iter().find(|known| known.word() == path)?,
                reason: reason.as_deref().map(Text::new),
            },
            Self::Decided { attempt_id, decision, note } => OperatorAction::Decided {
                attempt: AttemptId(attempt_id),
                decision: [Decision::DidNotHappen, Decision::Close]
                    .into_iter()
                    .find(|known| known.word() == decision)?,
                note: Text::new(&note),
            },
            Self::BaggageLoss(record) => OperatorAction::BaggageLoss(record.decision()?),
            Self::GotLink { asked } => OperatorAction::GotLink { asked: asked.into() },
            Self::StatedConfirmed => OperatorAction::StatedConfirmed,
            Self::Noted { note } => OperatorAction::Noted(Text::new(&note)),
            Self::Refused { reason } => OperatorAction::Refused(Text::new(&reason)),
            Self::Registered { url } => OperatorAction::Registered(Text::new(&url)),
            Self::Took { until } => OperatorAction::Took { until },
            Self::TookOver { until, reason } => {
                OperatorAction::TookOver { until, reason: Text::new(&reason) }
            }
            Self::Released => OperatorAction::Released,
            Self::Snoozed { until, reason } => OperatorAction::Snoozed { until, reason: Text::new(&reason) },
            Self::Woken => OperatorAction::Woken,
            Self::Handled { group } => {
                OperatorAction::Handled { group: Group::ALL.into_iter().find(|known| known.word() == group)? }
            }
            Self::Unhandled => OperatorAction::Unhandled,
        })
    }
}
