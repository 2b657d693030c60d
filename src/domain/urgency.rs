//! Who needs a person next, and what that person should do.

use jiff::{SignedDuration, Timestamp};

use super::{
    attempt::State,
    codes::{self, Family, Retry},
    lineage::Lineage,
    method::PaymentMethod,
    order::{Order, OrderStatus},
    regeneration::REGENERABLE_FOR,
};

/// Below so much time left, an unpaid order needs a person now.
pub const DUE_BELOW: SignedDuration = SignedDuration::from_mins(10);

/// A payment that has been ticketing for longer than this is late (the vendor's usual time).
pub const LATE_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// With less time left than this, a declined card could not be recovered: a deposit is the safer way.
const TOO_LATE_FOR_A_CARD: SignedDuration = SignedDuration::from_mins(3);

/// Where an order stands among those that need somebody, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The outcome of a payment is unknown, or the evidence contradicts itself.
    InDoubt,
    /// Unpaid, and its deadline is near.
    Due,
    /// Unpaid, and the vendor's answer holds no deadline that can be understood: there may be little time.
    Undated,
    /// Ticketing failed for a reason that another way of paying mends.
    Recoverable,
    /// Unpaid, with time.
    Unpaid,
    /// Unpaid; its deadline is not known yet.
    Unclear,
    /// Paid, and longer without a ticket than usual.
    TicketingLate,
    /// Paid, not ticketed.
    Ticketing,
    /// Unpaid, and its deadline has passed.
    Lapsed,
    /// Cancelled.
    Cancelled,
    /// Ticketed.
    Ticketed,
}

/// The group of an order at `now` (the vendor's clock), given where the payment that counts stands, and whether a new
/// order was made from it.
pub fn group(order: &Order, attempt: Option<&State>, is_replaced: bool, now: Timestamp) -> Group {
    if attempt.is_some_and(|state| matches!(state, State::InDoubt(_) | State::Refused(_) | State::Conflict)) {
        return Group::InDoubt;
    }
    match order.status {
        OrderStatus::Unpaid => match order.deadline().map(|deadline| deadline.duration_since(now)) {
            None if order.is_undated() => Group::Undated,
            None => Group::Unclear,
            Some(left) if !left.is_positive() => Group::Lapsed,
            Some(left) if left < DUE_BELOW => Group::Due,
            Some(_) => Group::Unpaid,
        },
        OrderStatus::Ticketing if late_at(order).is_some_and(|late| late <= now) => Group::TicketingLate,
        OrderStatus::Ticketing => Group::Ticketing,
        OrderStatus::Ticketed => Group::Ticketed,
        OrderStatus::Cancelled if !is_replaced && is_recoverable(order, now) => Group::Recoverable,
        OrderStatus::Cancelled => Group::Cancelled,
        OrderStatus::Unknown(_) => Group::Unclear,
    }
}

fn late_at(order: &Order) -> Option<Timestamp> {
    order.paid_at.map(|paid| paid + LATE_AFTER)
}

/// Cancelled for a card, a deposit or a fare, and young enough to be regenerated.
fn is_recoverable(order: &Order, now: Timestamp) -> bool {
    let mendable = order.ticketing_error.as_ref().is_some_and(|error| {
        matches!(mends(&error.code), Mends::OtherMeans | Mends::TopUp | Mends::NewPrice)
    });
    mendable && is_young(order, now)
}

/// Young enough to be regenerated.
fn is_young(order: &Order, now: Timestamp) -> bool {
    order.created.is_some_and(|created| now < created + REGENERABLE_FOR)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mends {
    OtherMeans,
    TopUp,
    NewPrice,
    OtherBooking,
    Person,
    Nothing,
}

/// What mends a ticketing error, by its code. What nobody has explained needs a person.
fn mends(code: &str) -> Mends {
    match code.trim() {
        "604" | "613" | "616" | "619" | "623" | "633" => Mends::OtherMeans,
        "617" => Mends::TopUp,
        "601" => Mends::NewPrice,
        "608" => Mends::OtherBooking,
        // Paid, without a PNR yet: whatever the status says, another payment could be a second one.
        "615" => Mends::Person,
        code => match code.parse().ok().and_then(|number| codes::look_up(Family::Ticketing, number)) {
            Some(known) if known.retry != Retry::AfterQuery => Mends::Nothing,
            _ => Mends::Person,
        },
    }
}

/// The next moment at which the group changes by the mere passing of time.
pub fn next_change(order: &Order, now: Timestamp) -> Option<Timestamp> {
    let moments = match order.status {
        OrderStatus::Unpaid => {
            let deadline = order.deadline()?;
            // A nanosecond inside, since exactly ten minutes left is not yet below ten minutes.
            [Some(deadline - DUE_BELOW + SignedDuration::from_nanos(1)), Some(deadline)]
        }
        OrderStatus::Ticketing => [late_at(order), None],
        OrderStatus::Cancelled => [order.created.map(|created| created + REGENERABLE_FOR), None],
        _ => [None, None],
    };
    moments.into_iter().flatten().find(|moment| *moment > now)
}

/// What rows are sorted by; ties are broken by the order number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey(Group, i64);

/// The key of an order in `group`: by deadline where one runs, the longest waiting first where somebody waits, the
/// newest first where all is over.
pub fn sort_key(order: &Order, group: Group) -> SortKey {
    let second = |at: Option<Timestamp>| at.map_or(i64::MAX, Timestamp::as_second);
    let within = match group {
        Group::Due | Group::Unpaid | Group::InDoubt => second(order.deadline()),
        Group::Undated => second(order.created),
        Group::Recoverable | Group::TicketingLate | Group::Ticketing => {
            second(order.paid_at.or(order.created))
        }
        Group::Unclear | Group::Lapsed | Group::Cancelled | Group::Ticketed => {
            order.created.map_or(i64::MAX, |created| -created.as_second())
        }
    };
    SortKey(group, within)
}

/// A queue: orders that wait for the same kind of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Needs a person now.
    Action,
    /// Unpaid and payable.
    Unpaid,
    /// Paid, not ticketed.
    Ticketing,
    /// Failed, and can be saved.
    Recover,
    /// Outcome unknown.
    InDoubt,
    /// Ticketed, cancelled or lapsed.
    Done,
    /// Everything.
    #[default]
    All,
}

impl Queue {
    /// All queues, in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Action, Self::Unpaid, Self::Ticketing, Self::Recover, Self::InDoubt, Self::Done, Self::All];

    /// True when orders of `group` are in this queue.
    pub fn holds(self, group: Group) -> bool {
        match self {
            Self::Action => {
                matches!(
                    group,
                    Group::InDoubt | Group::Due | Group::Undated | Group::Recoverable | Group::TicketingLate
                )
            }
            Self::Unpaid => matches!(group, Group::Due | Group::Undated | Group::Unpaid | Group::Unclear),
            Self::Ticketing => matches!(group, Group::Ticketing | Group::TicketingLate),
            Self::Recover => group == Group::Recoverable,
            Self::InDoubt => group == Group::InDoubt,
            Self::Done => matches!(group, Group::Ticketed | Group::Cancelled | Group::Lapsed),
            Self::All => true,
        }
    }
}

/// The next right action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Wait for the first details.
    Ask,
    /// The deadline is not understood: ask again, and look for it at the vendor's.
    FindDeadline,
    /// Pay, by any way that is open.
    Pay,
    /// Pay by deposit: too little time is left to recover a declined card.
    PayByDeposit,
    /// Get the traveller's confirmation, then pay.
    ConfirmThenPay,
    /// A payment is on its way or its outcome is unknown: only ask.
    WaitForOutcome,
    /// The evidence contradicts itself: a person must look into it with the vendor.
    Investigate,
    /// Paid: wait for the ticket.
    WaitForTicket,
    /// Paid long ago, no ticket: ask the vendor's support, never pay again.
    AskSupport,
    /// A new order was made from this one: follow that.
    FollowNewOrder,
    /// Regenerate, compare the price, then pay by deposit or another card.
    RegenerateOtherMeans,
    /// Top the deposit up, then regenerate.
    TopUpAndRegenerate,
    /// Regenerate at the new price, if the flight is still sold.
    RegenerateNewPrice,
    /// Lapsed: regenerate within a day of its making, else book anew.
    RegenerateLapsed,
    /// The passenger is booked already: find that booking first.
    FindOtherBooking,
    /// Search and book anew.
    BookAnew,
    /// Nothing: it is ticketed.
    Done,
}

/// The next right action on `order` at `now` (the vendor's clock).
pub fn next_step(order: &Order, lineage: &Lineage, now: Timestamp) -> NextStep {
    let states = || lineage.attempts.iter().rev().map(|attempt| &attempt.state);
    if states().any(|state| *state == State::Conflict) {
        return NextStep::Investigate;
    }
    // At most one order of a trip is ever paid.
    let is_paid = matches!(order.status, OrderStatus::Ticketing | OrderStatus::Ticketed);
    if is_paid && lineage.is_paid_beside(order.no) {
        return NextStep::Investigate;
    }
    if lineage.child_of(order.no).is_some() && order.status != OrderStatus::Ticketed {
        return NextStep::FollowNewOrder;
    }
    let holder = lineage.attempts.iter().rev().find(|attempt| attempt.state.blocks());
    if holder.is_some_and(|holder| holder.needs_a_person(now)) {
        return NextStep::Investigate;
    }
    match holder.map(|holder| &holder.state) {
        Some(State::Claimed | State::Sending | State::InDoubt(_) | State::Refused(_) | State::Accepted) => {
            return NextStep::WaitForOutcome;
        }
        // The next answer tells what the cancellation did to it.
        Some(State::Paid) if order.status == OrderStatus::Cancelled => return NextStep::WaitForOutcome,
        // A payment that was seen holds the lineage, whatever this order says of itself: never a reason to pay.
        Some(State::Paid | State::Ticketed | State::PaidElsewhere)
            if matches!(order.status, OrderStatus::Unpaid | OrderStatus::Cancelled) =>
        {
            return NextStep::Investigate;
        }
        _ => {}
    }
    match order.status {
        OrderStatus::Ticketed => NextStep::Done,
        OrderStatus::Ticketing if late_at(order).is_some_and(|late| late <= now) => NextStep::AskSupport,
        OrderStatus::Ticketing => NextStep::WaitForTicket,
        OrderStatus::Unknown(_) => NextStep::Ask,
        OrderStatus::Unpaid => next_step_unpaid(order, now),
        OrderStatus::Cancelled => next_step_cancelled(order, now),
    }
}

fn next_step_unpaid(order: &Order, now: Timestamp) -> NextStep {
    let Some(details) = &order.details else { return NextStep::Ask };
    let Some(deadline) = details.deadline else { return NextStep::FindDeadline };
    let left = deadline.duration_since(now);
    if !left.is_positive() {
        return if is_young(order, now) { NextStep::RegenerateLapsed } else { NextStep::BookAnew };
    }
    if order.needs_traveller_confirmation() {
        return NextStep::ConfirmThenPay;
    }
    let by_deposit = left < TOO_LATE_FOR_A_CARD && details.methods.contains(&PaymentMethod::Deposit);
    if by_deposit { NextStep::PayByDeposit } else { NextStep::Pay }
}

fn next_step_cancelled(order: &Order, now: Timestamp) -> NextStep {
    // Without a code it lapsed or was stopped: nothing speaks against the same booking at today's fare.
    let mends = order.ticketing_error.as_ref().map_or(Mends::NewPrice, |error| mends(&error.code));
    match mends {
        Mends::OtherBooking => NextStep::FindOtherBooking,
        Mends::Person => NextStep::Investigate,
        Mends::Nothing => NextStep::BookAnew,
        _ if !is_young(order, now) => NextStep::BookAnew,
        Mends::OtherMeans => NextStep::RegenerateOtherMeans,
        Mends::TopUp => NextStep::TopUpAndRegenerate,
        Mends::NewPrice => NextStep::RegenerateNewPrice,
    }
}
