//! What became of an order's payment, and why a way may be closed.

use super::Facts;
use crate::domain::{
    attempt::State,
    codes::{self, Family, Retry},
    money::Money,
    order::{Order, OrderNo, OrderStatus},
    urgency::LATE_AFTER,
};

/// What became of the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Unpaid, and nothing was tried.
    Unpaid,
    /// The last attempt never left this machine.
    NotSent,
    /// The last attempt's outcome was unknown, and it was found not to have happened.
    DidNotHappen {
        /// The vendor says that a charge was begun at the airline (`paymentAttempted`).
        charge_begun: bool,
        /// The status that left it open, if one came.
        answer: Option<i64>,
    },
    /// The last attempt was refused; the order is still unpaid.
    Refused(i64),
    /// An attempt is not settled: its outcome is unknown, contradictory or on its way.
    Unsettled(State),
    /// It is being ticketed; `late` for longer than usual.
    Ticketing {
        /// Longer than usual.
        late: bool,
    },
    /// It is ticketed.
    Ticketed,
    /// Unpaid past its deadline.
    Lapsed,
    /// Cancelled.
    Cancelled(Failure),
    /// A new order may have been made; it is looked for.
    Remaking,
    /// A new order was made from it.
    Remade(OrderNo),
    /// What the vendor says of it is not understood, or not yet known.
    Unclear,
}

/// Why a cancelled order failed, by what mends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The means of payment: 604, 613, 616, 619, 623, 633.
    Means,
    /// The flight, the fare or the place is gone or changed: 601, 602, 603, 606, 607, 611, 631 and their like.
    Flight,
    /// The deposit did not suffice: 617.
    Balance,
    /// The airline has a booking for the passenger already: 608.
    Booked,
    /// Paid, with the airline's answer missing (615), or a code that nobody has explained: never simply pay again.
    Paid,
    /// The booking itself cannot be ticketed: passenger data, ages, baggage.
    Other,
    /// No code: it lapsed, or was stopped.
    None,
}

impl Failure {
    /// The failure of a cancelled order.
    pub fn of(order: &Order) -> Self {
        let Some(error) = &order.ticketing_error else { return Self::None };
        match error.code.trim() {
            "604" | "613" | "616" | "619" | "623" | "633" => Self::Means,
            "601" | "602" | "603" | "606" | "607" | "611" | "631" | "632" | "634" | "699" => Self::Flight,
            "617" => Self::Balance,
            "608" => Self::Booked,
            "615" => Self::Paid,
            code => match code.parse().ok().and_then(|number| codes::look_up(Family::Ticketing, number)) {
                Some(known) if known.retry != Retry::AfterQuery => Self::Other,
                _ => Self::Paid,
            },
        }
    }
}

/// Why a route is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// An attempt of the trip is not over.
    AttemptOpen(State),
    /// The order is paid, or being paid.
    Paid,
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
    Remaking,
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
    /// Several airlines would want several cards.
    SeveralAirlines,
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
    /// Not known well enough.
    Unclear,
}

impl Why {
    /// A stable word for JSON and the texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AttemptOpen(_) => "attempt_open",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::DeadlinePassed => "deadline_passed",
            Self::StillPayable => "still_payable",
            Self::ClockInDoubt => "clock_in_doubt",
            Self::SaidOnce => "said_once",
            Self::NotAllSeen => "not_all_seen",
            Self::TooOld => "too_old",
            Self::ChildNotSeen(_) => "child_not_seen",
            Self::ChildClosed(_) => "child_closed",
            Self::Remaking => "remaking",
            Self::NoCardYet => "no_card_yet",
            Self::CardDeclined => "card_declined",
            Self::CardUsedUp => "card_used_up",
            Self::ChargeBegun => "charge_begun",
            Self::MethodRefused => "method_refused",
            Self::NotOffered => "not_offered",
            Self::SeveralAirlines => "several_airlines",
            Self::BalanceShort(_) => "balance_short",
            Self::NoAmount => "no_amount",
            Self::FindOtherBooking => "find_other_booking",
            Self::AskVendor => "ask_vendor",
            Self::BookingUnfit => "booking_unfit",
            Self::TooLate => "too_late",
            Self::Unclear => "unclear",
        }
    }
}

/// What became of the payment of `facts.order`.
pub(super) fn cause(facts: &Facts<'_>) -> Cause {
    let order = facts.order;
    if let Some(holder) = facts.lineage.attempts.iter().rev().find(|attempt| attempt.state.blocks()) {
        match &holder.state {
            State::Paid | State::Ticketed if holder.order != order.no || is_alive(order) => {}
            state => return Cause::Unsettled(state.clone()),
        }
    }
    for regeneration in
        facts.lineage.regenerations.iter().filter(|regeneration| regeneration.parent == order.no)
    {
        if let Some(child) = regeneration.state.child() {
            return Cause::Remade(child);
        }
        if regeneration.state.is_open() {
            return Cause::Remaking;
        }
    }
    // Somebody else made one: it names this order.
    if let Some(child) = facts.lineage.child_of(order.no) {
        return Cause::Remade(child);
    }
    match order.status {
        OrderStatus::Ticketed => Cause::Ticketed,
        OrderStatus::Ticketing => {
            let late = order.paid_at.is_some_and(|paid| paid + LATE_AFTER <= facts.now.at);
            Cause::Ticketing { late }
        }
        OrderStatus::Cancelled => Cause::Cancelled(Failure::of(order)),
        OrderStatus::Unpaid if order.has_surely_lapsed(facts.now) => Cause::Lapsed,
        OrderStatus::Unpaid if order.has_time_left(facts.now.at) => unpaid(facts),
        OrderStatus::Unpaid | OrderStatus::Unknown(_) => Cause::Unclear,
    }
}

fn is_alive(order: &Order) -> bool {
    matches!(order.status, OrderStatus::Ticketing | OrderStatus::Ticketed)
}

/// What the last attempt on an order came to that can still be paid.
fn unpaid(facts: &Facts<'_>) -> Cause {
    let Some(last) = facts.last() else { return Cause::Unpaid };
    match &last.state {
        State::NotSent(_) => Cause::NotSent,
        State::Rejected(code) => Cause::Refused(*code),
        State::NotApplied => Cause::DidNotHappen { charge_begun: facts.charge_begun(), answer: last.answer },
        // Settled by a person: what they found is in the journal, and the order says that it is unpaid.
        _ => Cause::DidNotHappen { charge_begun: false, answer: None },
    }
}
