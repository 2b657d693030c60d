//! What an operator did, as it is written.

use serde::{Deserialize, Serialize};

use crate::domain::{
    attempt::{AttemptId, Decision},
    recovery::Route,
    story::Action,
    text::Text,
};

#[derive(Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum ActionRecord {
    Chose { route: String, reason: Option<String> },
    Decided { attempt_id: uuid::Uuid, decision: String, note: String },
    Noted { note: String },
    Refused { reason: String },
    Registered { url: String },
}

impl ActionRecord {
    pub(super) fn of(action: &Action) -> Self {
        match action {
            Action::Chose { route, reason } => Self::Chose {
                route: route.word().to_owned(),
                reason: reason.as_ref().map(ToString::to_string),
            },
            Action::Decided { attempt, decision, note } => Self::Decided {
                attempt_id: attempt.0,
                decision: decision.word().to_owned(),
                note: note.to_string(),
            },
            Action::Noted(note) => Self::Noted { note: note.to_string() },
            Action::Refused(reason) => Self::Refused { reason: reason.to_string() },
            Action::Registered(url) => Self::Registered { url: url.to_string() },
        }
    }

    pub(super) fn action(self) -> Option<Action> {
        Some(match self {
            Self::Chose { route, reason } => Action::Chose {
                route: Route::ALL.into_iter().find(|known| known.word() == route)?,
                reason: reason.as_deref().map(Text::new),
            },
            Self::Decided { attempt_id, decision, note } => Action::Decided {
                attempt: AttemptId(attempt_id),
                decision: [Decision::DidNotHappen, Decision::Close]
                    .into_iter()
                    .find(|known| known.word() == decision)?,
                note: Text::new(&note),
            },
            Self::Noted { note } => Action::Noted(Text::new(&note)),
            Self::Refused { reason } => Action::Refused(Text::new(&reason)),
            Self::Registered { url } => Action::Registered(Text::new(&url)),
        })
    }
}
