//! Why a way is closed, and what that is about.

use crate::domain::{attempt::State, field::Field, money::Money, order::OrderNo, subject::Subject};

/// Why a path is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// An attempt of the trip is not over.
    AttemptOpen(State),
    /// The order is paid, or being paid.
    Paid,
    /// The vendor has no such order any more.
    Gone,
    /// The order is cancelled: its number is never paid again.
    Cancelled,
    /// The payment deadline has passed.
    DeadlinePassed,
    /// The order can still be paid itself.
    StillPayable,
    /// Its deadline is past by one clock only, or the vendor's clock is in doubt.
    ClockInDoubt,
    /// It is called dead by one answer alone.
    SaidOnce,
    /// Not all orders made since could be looked through for one that somebody made already.
    NotAllSeen,
    /// Made more than a day ago.
    TooOld,
    /// A new order was made already; it has not been read yet.
    ChildNotSeen(OrderNo),
    /// The new order is closed as well: it is the one to recover.
    ChildClosed(OrderNo),
    /// It is not known whether a new order exists.
    Regenerating,
    /// No card was tried on this order.
    NoCardYet,
    /// The card was declined.
    CardDeclined,
    /// The card is single-use and was tried.
    CardUsedUp,
    /// A charge was begun with it: not at once again.
    ChargeBegun,
    /// This method was refused.
    MethodRefused,
    /// The order does not offer it.
    NotOffered,
    /// The deposit lacks this much.
    BalanceShort(Money),
    /// Nothing says what would be charged.
    NoAmount,
    /// The passenger's other booking must be found first.
    FindOtherBooking,
    /// Perhaps paid: only the vendor knows.
    AskVendor,
    /// The booking itself is at fault; a new one is needed.
    BookingUnfit,
    /// A fulfilment order in its last minute.
    TooLate,
    /// The vendor is asked to stop issuance: a new order waits for the cancellation, and so does another request.
    Stopping,
    /// Not known well enough.
    Unclear,
}

impl Why {
    /// A stable word for JSON and the texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AttemptOpen(_) => "attempt_open",
            Self::Paid => "paid",
            Self::Gone => "gone",
            Self::Cancelled => "cancelled",
            Self::DeadlinePassed => "deadline_passed",
            Self::StillPayable => "still_payable",
            Self::ClockInDoubt => "clock_in_doubt",
            Self::SaidOnce => "said_once",
            Self::NotAllSeen => "not_all_seen",
            Self::TooOld => "too_old",
            Self::ChildNotSeen(_) => "child_not_seen",
            Self::ChildClosed(_) => "child_closed",
            Self::Regenerating => "regenerating",
            Self::NoCardYet => "no_card_yet",
            Self::CardDeclined => "card_declined",
            Self::CardUsedUp => "card_used_up",
            Self::ChargeBegun => "charge_begun",
            Self::MethodRefused => "method_refused",
            Self::NotOffered => "not_offered",
            Self::BalanceShort(_) => "balance_short",
            Self::NoAmount => "no_amount",
            Self::FindOtherBooking => "find_other_booking",
            Self::AskVendor => "ask_vendor",
            Self::BookingUnfit => "booking_unfit",
            Self::TooLate => "too_late",
            Self::Stopping => "stopping",
            Self::Unclear => "unclear",
        }
    }

    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::AttemptOpen(_)
            | Self::Gone
            | Self::ChildNotSeen(_)
            | Self::ChildClosed(_)
            | Self::Regenerating => Subject::OrderNo,
            Self::Paid
            | Self::Cancelled
            | Self::StillPayable
            | Self::SaidOnce
            | Self::NotAllSeen
            | Self::Stopping
            | Self::Unclear => Subject::OrderStatus,
            Self::DeadlinePassed | Self::ClockInDoubt | Self::TooLate => Subject::Deadline,
            Self::TooOld => Subject::Created,
            Self::NoCardYet => Subject::Card,
            Self::CardDeclined | Self::CardUsedUp | Self::ChargeBegun => Subject::Entered(Field::Number),
            Self::MethodRefused | Self::NotOffered => Subject::Method,
            Self::BalanceShort(_) => Subject::Balance,
            Self::NoAmount => Subject::Price,
            Self::FindOtherBooking | Self::AskVendor | Self::BookingUnfit => Subject::ErrorCode,
        }
    }
}
