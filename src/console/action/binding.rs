//! Which actions may have other keys than their own, and which of them lead to money.

use super::Action;

/// What the configuration may do with the keys of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Others, or none.
    Free,
    /// Others, but not none: it is the way out, or to help.
    Needed,
    /// Nothing: it answers a question, or is the way out of everything.
    Fixed,
}

impl Action {
    /// What the configuration may do with its keys.
    pub fn binding(self) -> Binding {
        match self {
            Self::Confirm
            | Self::Cancel
            | Self::Yes
            | Self::Review
            | Self::GoOn
            | Self::StateConfirmed
            | Self::SaveNote
            | Self::DropNote
            | Self::Run
            | Self::Interrupt => Binding::Fixed,
            Self::Back
            | Self::LeaveDetail
            | Self::Close
            | Self::KeepFilter
            | Self::ClearFilter
            | Self::KeepSearch
            | Self::ClearSearch
            | Self::LeaveForm
            | Self::LeaveDryRun
            | Self::LeavePayment
            | Self::LeavePage
            | Self::LeavePlan
            | Self::Help
            | Self::Palette
            | Self::Quit => Binding::Needed,
            _ => Binding::Free,
        }
    }

    /// True when it opens a form in which money may move. It never moves any by itself.
    pub fn opens_money(self) -> bool {
        matches!(self, Self::Pay | Self::PayConfirmed | Self::Recover)
    }
}
