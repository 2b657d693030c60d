//! The groups of orders, by what they need; [`super::triage`] says which one an order is in.

/// Where an order stands among those that need somebody, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The outcome of a payment is unknown, or the evidence contradicts itself.
    InDoubt,
    /// Unpaid, and its deadline is near.
    Due,
    /// Unpaid, and the vendor's answer holds no deadline that can be understood: there may be little time.
    Undated,
    /// Paid, and ticketing is suspended over its baggage until somebody decides.
    Baggage,
    /// Ticketing failed for a reason that regenerating the order mends.
    Recoverable,
    /// Paid by somebody else, or cancelled after it was accepted and lost: where the money is, a person must find out.
    MoneyOpen,
    /// Nobody knows yet until when it may be paid, or what it is: it may be any of those below, or of those above.
    Unclear,
    /// Unpaid, with time.
    Unpaid,
    /// Paid, and longer without a ticket than usual.
    TicketingLate,
    /// Paid, not ticketed.
    Ticketing,
    /// Unpaid, and its deadline has passed.
    Lapsed,
    /// Cancelled, or another order was made in its place.
    Cancelled,
    /// Ticketed.
    Ticketed,
    /// The vendor has no such order any more, and no money can hang on it.
    Gone,
}

impl Group {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 14] = [
        Self::InDoubt,
        Self::Due,
        Self::Undated,
        Self::Baggage,
        Self::Recoverable,
        Self::MoneyOpen,
        Self::Unclear,
        Self::Unpaid,
        Self::TicketingLate,
        Self::Ticketing,
        Self::Lapsed,
        Self::Cancelled,
        Self::Ticketed,
        Self::Gone,
    ];

    /// The stable word for JSON and the journal.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InDoubt => "inDoubt",
            Self::Due => "due",
            Self::Undated => "undated",
            Self::Baggage => "baggage",
            Self::Recoverable => "recoverable",
            Self::MoneyOpen => "moneyOpen",
            Self::Unclear => "unclear",
            Self::Unpaid => "unpaid",
            Self::TicketingLate => "ticketingLate",
            Self::Ticketing => "ticketing",
            Self::Lapsed => "lapsed",
            Self::Cancelled => "cancelled",
            Self::Ticketed => "ticketed",
            Self::Gone => "gone",
        }
    }
}
