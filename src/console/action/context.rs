//! Where a key is pressed, as far as it decides what the key means.

/// Which keys count: a screen, or a part of one where they mean something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The table of orders.
    Table,
    /// One order on the whole screen.
    Detail,
    /// The filter, while it is typed.
    Filter,
    /// The choice of a column to sort by; its letters are the columns' own.
    Sort,
    /// The choice of a format to export in.
    Export,
    /// The palette of actions, while its words are typed.
    Palette,
    /// What to look for at the vendor, while it is typed.
    Find,
    /// The columns of the table, while they are chosen.
    Columns,
    /// Log and help.
    Overlay,
    /// The list of alerts.
    Alerts,
    /// What the help is searched for, while it is typed.
    Search,
    /// The pay form, on the methods.
    Methods,
    /// The pay form, in a field that takes text.
    Field,
    /// The pay form, on a field that is ticked.
    Tick,
    /// The request that a payment would be, to look at.
    DryRun,
    /// The confirmation of a payment.
    Confirm,
    /// A payment that is followed, or was not begun.
    Following,
    /// The layer that gets a traveller's confirmation.
    Commit,
    /// The recover form.
    Recover,
    /// The decision about a loss on baggage.
    Baggage,
    /// A note or a reason, while it is written.
    Note,
    /// A question on the recover form, or of a traveller's confirmation.
    Question,
    /// The question whether to leave.
    Quit,
}

/// What keys are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysFor {
    /// Characters are text as they are.
    Text,
    /// Digits, which mean the same in full width: card, date, ceiling, address of a device.
    Digits,
    /// The amount of a confirmation: digits are text, Enter answers.
    Amount,
    /// Any key answers.
    Question,
    /// Keys do things.
    Command,
}

impl Context {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::Table,
        Self::Detail,
        Self::Filter,
        Self::Sort,
        Self::Export,
        Self::Palette,
        Self::Find,
        Self::Columns,
        Self::Overlay,
        Self::Alerts,
        Self::Search,
        Self::Methods,
        Self::Field,
        Self::Tick,
        Self::DryRun,
        Self::Confirm,
        Self::Following,
        Self::Commit,
        Self::Recover,
        Self::Baggage,
        Self::Note,
        Self::Question,
        Self::Quit,
    ];

    /// The pay form while it is filled in, wherever the focus is.
    pub const FORM: [Self; 3] = [Self::Methods, Self::Field, Self::Tick];

    /// What keys are for there.
    pub fn keys_for(self) -> KeysFor {
        match self {
            Self::Filter | Self::Palette | Self::Find | Self::Search | Self::Field | Self::Note => {
                KeysFor::Text
            }
            Self::Confirm => KeysFor::Amount,
            Self::Question | Self::Quit => KeysFor::Question,
            Self::Table
            | Self::Detail
            | Self::Sort
            | Self::Export
            | Self::Columns
            | Self::Alerts
            | Self::Overlay
            | Self::Methods
            | Self::Tick
            | Self::DryRun
            | Self::Following
            | Self::Commit
            | Self::Recover
            | Self::Baggage => KeysFor::Command,
        }
    }

    /// True where characters are text, or answer: no other action can be bound to one there.
    pub fn takes_characters(self) -> bool {
        self.keys_for() != KeysFor::Command || matches!(self, Self::Sort | Self::Export)
    }

    /// Key of its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "context.table",
            Self::Detail => "context.detail",
            Self::Filter => "context.filter",
            Self::Sort => "context.sort",
            Self::Export => "context.export",
            Self::Palette => "context.palette",
            Self::Find => "context.find",
            Self::Columns => "context.columns",
            Self::Alerts => "context.alerts",
            Self::Overlay => "context.overlay",
            Self::Search => "context.search",
            Self::Methods | Self::Field | Self::Tick => "context.form",
            Self::DryRun => "context.dry_run",
            Self::Confirm => "context.confirm",
            Self::Following => "context.following",
            Self::Commit => "context.commit",
            Self::Recover => "context.recover",
            Self::Baggage => "context.baggage",
            Self::Note => "context.note",
            Self::Question | Self::Quit => "context.question",
        }
    }
}
