//! What a key may do, and where: one row of data for each action, from which the footers, the help and the meaning of
//! every key are read. Characters that are typed into a field are no actions.
//!
//! A new action is a variant, how far it reaches, a row of [`ACTIONS`], its name in the language files, and what it does in
//! `update`.

mod binding;
mod context;
mod possible;
mod reach;
mod table;

pub use self::{
    binding::Binding,
    context::{Context, KeysFor},
    possible::{ONE_AT_A_TIME, Possible, Selection, Standing},
    reach::Reach,
    table::{ACTIONS, Row},
};
use crate::{
    domain::{method::PaymentMethod, triage::Queue},
    export::Format,
};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Next row.
    Down,
    /// Previous row.
    Up,
    /// One line further in what is read.
    LineDown,
    /// One line back.
    LineUp,
    /// First row.
    First,
    /// Last row.
    Last,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// Scroll the detail down beside the table.
    ScrollDown,
    /// Scroll it up.
    ScrollUp,
    /// Show the selected order on the whole screen.
    Open,
    /// Take an error away, or the filter.
    Back,
    /// Back from the detail to the table; an error goes first.
    LeaveDetail,
    /// Next order of the queue, in the detail too.
    Next,
    /// Previous order of the queue.
    Previous,
    /// Look at a queue.
    Queue(Queue),
    /// Look at a queue of the user's own, by its place among them.
    OwnQueue(usize),
    /// Look at the next queue, or at the first after the last.
    NextQueue,
    /// Type a filter.
    Filter,
    /// Choose the column to sort by.
    Sort,
    /// Find an action by its name.
    Palette,
    /// Do what is chosen in the palette.
    Run,
    /// The line before in what the palette has found; above the first, what was run before.
    PreviousFound,
    /// The line after.
    NextFound,
    /// Put the whole name into the palette's field.
    CompleteName,
    /// Search the help.
    Search,
    /// Go on with what the search has left of the help.
    KeepSearch,
    /// Close the search, and show the whole help.
    ClearSearch,
    /// Take the mouse from the terminal, or give it back.
    Mouse,
    /// Go back to the view before.
    LastView,
    /// Choose the columns of the table.
    Columns,
    /// Look for orders at the vendor, or go to one.
    Find,
    /// Open the pay form.
    Pay,
    /// Open the recover form.
    Recover,
    /// Open the decision about the baggage of the selected order.
    Baggage,
    /// Get the traveller's confirmation at the airline.
    Commit,
    /// Take the selected order, to work on it; from somebody who has it with a reason.
    Take,
    /// Release it.
    Release,
    /// Put the selected order away until a time.
    Snooze,
    /// Put it away as handled.
    Handle,
    /// Ask for the selected order now.
    Refresh,
    /// Sweep the whole list now.
    RefreshAll,
    /// Hold the rows still, or let them move again.
    Freeze,
    /// Show or hide the detail pane.
    TogglePane,
    /// Show or hide what a demo's presenter says.
    ToggleNarration,
    /// Copy the order number.
    Copy,
    /// Take back what was done last.
    Undo,
    /// The other language.
    Language,
    /// The alerts that wait for somebody.
    Alerts,
    /// Go to the order of the selected alert.
    GoToOrder,
    /// Acknowledge the selected alert.
    Acknowledge,
    /// Acknowledge all of them.
    AcknowledgeAll,
    /// What happened lately, and how the desk is.
    Log,
    /// The keys.
    Help,
    /// Draw everything anew.
    Redraw,
    /// Mark the selected order, or take its mark away, and go on to the next row.
    Mark,
    /// Begin a range of marks that ends at the selected order, or keep it.
    Range,
    /// Choose a format to export what is marked, or what is shown.
    Export,
    /// Export in a format.
    ExportAs(Format),
    /// Choose a format to write what the next shift must know.
    Handover,
    /// Leave from any screen, when it is meant twice.
    Interrupt,
    /// Stop the program; the shell's `fg` brings it back.
    Suspend,
    /// Leave.
    Quit,
    /// Close what lies over the table.
    Close,
    /// Go on with the filter as it was typed.
    KeepFilter,
    /// Close the filter, and show everything.
    ClearFilter,
    /// Complete what is typed of a filter, or take the next choice.
    Complete,
    /// The choice before.
    CompleteBack,
    /// List the fields of a filter, where a term begins.
    Fields,
    /// Ask the vendor for what is typed.
    AskVendor,
    /// Ask nothing.
    LeaveFind,
    /// Next column in the choice of them.
    NextColumn,
    /// Previous column.
    PreviousColumn,
    /// Show a column, or hide it.
    TickColumn,
    /// Move a column to the right.
    ColumnLater,
    /// Move it to the left.
    ColumnEarlier,
    /// Make it wider.
    Wider,
    /// Make it narrower.
    Narrower,
    /// The columns that fit best again.
    UsualColumns,
    /// Keep the columns as they are chosen.
    KeepColumns,
    /// Leave them as they were.
    DropColumns,
    /// Next field of a form.
    NextField,
    /// Previous field.
    PreviousField,
    /// Next payment method.
    NextMethod,
    /// Previous payment method.
    PreviousMethod,
    /// Choose a payment method and go to its fields.
    Method(PaymentMethod),
    /// Tick a field, or take the tick away.
    Tick,
    /// Look at what would be paid.
    Review,
    /// Look at the request that the payment would be; nothing is sent.
    DryRun,
    /// Back from that to the form.
    LeaveDryRun,
    /// Leave the pay form.
    LeaveForm,
    /// Pay what is confirmed.
    Confirm,
    /// Take a confirmation back.
    Cancel,
    /// Leave a payment that goes on.
    LeavePayment,
    /// Copy the link for the traveller.
    CopyLink,
    /// Open it on this machine.
    OpenLink,
    /// Ask for another link.
    NewLink,
    /// Say that the traveller has confirmed.
    StateConfirmed,
    /// Go on to the pay form.
    PayConfirmed,
    /// Leave the page about one order, of which nothing is kept.
    LeavePage,
    /// Next way to recover.
    NextRoute,
    /// Previous way.
    PreviousRoute,
    /// Do the next step of the plan.
    GoOn,
    /// Write a note on the order.
    Note,
    /// Decide about a payment that only a person can end.
    Decide,
    /// Ask for the order of the plan now.
    AskAgain,
    /// Leave the plan.
    LeavePlan,
    /// Keep what was written.
    SaveNote,
    /// Throw away what was written.
    DropNote,
    /// Answer yes; any other key answers no.
    Yes,
}

impl Action {
    /// True when it moves the selection, or does something with the selected order: that one stays selected from then on.
    pub fn chooses(self) -> bool {
        matches!(
            self,
            Self::Down
                | Self::Up
                | Self::First
                | Self::Last
                | Self::Next
                | Self::Previous
                | Self::PageDown
                | Self::PageUp
                | Self::Open
                | Self::Palette
                | Self::Pay
                | Self::Recover
                | Self::Baggage
                | Self::Commit
                | Self::Note
                | Self::Take
                | Self::Release
                | Self::Snooze
                | Self::Handle
                | Self::Refresh
                | Self::Copy
                | Self::Mark
                | Self::Range
        )
    }
}
