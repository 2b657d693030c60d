//! What somebody wants to leave on an order, and what that comes to as the order stands.

use jiff::Timestamp;

use crate::{
    desk::hub::NotWorked,
    domain::{
        author::Author,
        group::Group,
        mask::mask,
        story::OperatorAction,
        text::Text,
        work::{LEASE, Work},
    },
};

/// What is to be left on an order.
#[derive(Clone, Debug)]
pub(in crate::desk) enum Wish {
    Note(Text),
    Take,
    TakeOver(Text),
    Release,
    Snooze { until: Timestamp, reason: Text },
    Wake,
    Handle(Group),
    Unhandle,
}

impl Wish {
    /// Without what looks like a card number, and so fit to be kept.
    pub(super) fn masked(self) -> Self {
        let masked = |text: Text| Text::new(&mask(&text));
        match self {
            Self::Note(text) => Self::Note(masked(text)),
            Self::TakeOver(reason) => Self::TakeOver(masked(reason)),
            Self::Snooze { until, reason } => Self::Snooze { until, reason: masked(reason) },
            other => other,
        }
    }

    /// What is to be recorded; nothing if it is so already.
    pub(super) fn action(
        &self,
        work: &Work,
        us: &Author,
        now: Timestamp,
    ) -> Result<Option<OperatorAction>, NotWorked> {
        let held = work.held_by_another(us, now);
        let until = now + LEASE;
        Ok(Some(match self {
            Self::Note(text) | Self::TakeOver(text) if text.is_empty() => return Err(NotWorked::NoReason),
            Self::Note(text) => OperatorAction::Noted(text.clone()),
            Self::Take => match held {
                Some(owner) => return Err(NotWorked::Held(owner.clone())),
                None => OperatorAction::Took { until },
            },
            Self::TakeOver(reason) if held.is_some() => {
                OperatorAction::TookOver { until, reason: reason.clone() }
            }
            // Meanwhile it is nobody's, or their own.
            Self::TakeOver(_) => OperatorAction::Took { until },
            Self::Release => match (held, work.owner_at(now)) {
                (Some(owner), _) => return Err(NotWorked::Held(owner.clone())),
                (None, Some(_)) => OperatorAction::Released,
                (None, None) => return Ok(None),
            },
            Self::Snooze { until, reason } => {
                OperatorAction::Snoozed { until: *until, reason: reason.clone() }
            }
            Self::Wake if work.snooze.is_none() => return Ok(None),
            Self::Wake => OperatorAction::Woken,
            Self::Handle(group) => OperatorAction::Handled { group: *group },
            Self::Unhandle if work.handled.is_none() => return Ok(None),
            Self::Unhandle => OperatorAction::Unhandled,
        }))
    }
}
