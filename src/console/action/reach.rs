//! How far an action reaches, and so how sure it must be that a hand struck its key.

use super::Action;

/// How far what an action does reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Over what is on the screen: it selects, scrolls, or goes from field to field.
    Moves,
    /// It opens an input in which nothing can be done.
    Input,
    /// It changes what is seen: the worst that a stray key can do with it is another view.
    View,
    /// The console: what is open, marked or typed, and whether it runs. Nothing of it is sent, written or answered.
    Console,
    /// Others: it asks the vendor, writes, hands out or answers something.
    World,
}

impl Action {
    /// How far it reaches. There is no other place that says so, and none that has to be asked for an action by itself.
    #[expect(clippy::too_many_lines, reason = "a line for each action, so that none is forgotten")]
    pub fn reach(self) -> Reach {
        match self {
            Self::Down
            | Self::Up
            | Self::LineDown
            | Self::LineUp
            | Self::First
            | Self::Last
            | Self::Next
            | Self::Previous
            | Self::PageDown
            | Self::PageUp
            | Self::ScrollDown
            | Self::ScrollUp
            | Self::NextMethod
            | Self::PreviousMethod
            | Self::NextRoute
            | Self::PreviousRoute
            | Self::Redraw
            | Self::NextField
            | Self::PreviousField
            | Self::NextFound
            | Self::PreviousFound
            | Self::NextColumn
            | Self::PreviousColumn => Reach::Moves,
            Self::Filter | Self::Palette | Self::Search => Reach::Input,
            Self::Open
            | Self::Back
            | Self::LeaveDetail
            | Self::Queue(_)
            | Self::OwnQueue(_)
            | Self::NextQueue
            | Self::Sort
            | Self::KeepSearch
            | Self::ClearSearch
            | Self::LastView
            | Self::Columns
            | Self::TogglePane
            | Self::ToggleNarration
            | Self::Language
            | Self::Alerts
            | Self::GoToOrder
            | Self::Log
            | Self::Help
            | Self::Close
            | Self::KeepFilter
            | Self::ClearFilter
            | Self::TickColumn
            | Self::ColumnLater
            | Self::ColumnEarlier
            | Self::Wider
            | Self::Narrower
            | Self::UsualColumns
            | Self::KeepColumns
            | Self::DropColumns => Reach::View,
            // A picture that is frozen, or a mouse that is taken, is more than another view.
            Self::Freeze
            | Self::Mouse
            | Self::Mark
            | Self::Range
            | Self::Find
            | Self::LeaveFind
            | Self::Export
            | Self::Handover
            | Self::CompleteName
            | Self::Complete
            | Self::CompleteBack
            | Self::Fields
            | Self::Method(_)
            | Self::Tick
            | Self::DryRun
            | Self::LeaveDryRun
            | Self::LeaveForm
            | Self::LeavePayment
            | Self::LeavePage
            | Self::LeavePlan
            | Self::Suspend
            | Self::Interrupt
            | Self::Quit => Reach::Console,
            // To open a form asks for its order, and says that it is worked on.
            Self::Pay
            | Self::PayConfirmed
            | Self::Recover
            | Self::Baggage
            | Self::Commit
            | Self::Take
            | Self::Release
            | Self::Snooze
            | Self::Handle
            | Self::Note
            | Self::Decide
            | Self::SaveNote
            | Self::DropNote
            | Self::Refresh
            | Self::RefreshAll
            | Self::AskAgain
            | Self::AskVendor
            | Self::Run
            | Self::Undo
            | Self::Copy
            | Self::CopyLink
            | Self::OpenLink
            | Self::NewLink
            | Self::ExportAs(_)
            | Self::Acknowledge
            | Self::AcknowledgeAll
            | Self::Review
            | Self::Confirm
            | Self::Cancel
            | Self::StateConfirmed
            | Self::GoOn
            | Self::Yes => Reach::World,
        }
    }
}
