//! Where an order stands among those that need somebody: groups, and the order of rows.

use jiff::{SignedDuration, Timestamp};

use super::cause::mends;
use crate::domain::{
    attempt::State,
    baggage::trouble::Standing,
    case::Case,
    codes::Mends,
    deadline::DUE_BELOW,
    group::Group,
    order::{Order, OrderStatus},
};

impl Group {
    /// The group of a case at `now` (the vendor's clock).
    pub fn of(case: &Case, now: Timestamp) -> Self {
        let order = &case.order;
        let is_replaced = case.is_replaced();
        if case.lineage.is_gone(order) {
            return Self::Gone;
        }
        match case.attempt_state() {
            Some(State::InDoubt(_) | State::Refused(_) | State::Conflict) => return Self::InDoubt,
            Some(State::PaidElsewhere) => return Self::MoneyOpen,
            _ => {}
        }
        match order.status {
            // The order that was made from it counts; its payment came up before that one was paid, and whatever is left
            // of its own time is nobody's.
            OrderStatus::Unpaid | OrderStatus::Cancelled if is_replaced => Self::Cancelled,
            OrderStatus::Unpaid => match order.time_left(now) {
                None if order.is_undated() => Self::Undated,
                None => Self::Unclear,
                Some(left) if !left.is_positive() => Self::Lapsed,
                Some(left) if left < DUE_BELOW => Self::Due,
                Some(_) => Self::Unpaid,
            },
            OrderStatus::Ticketing
                if case.baggage().is_some_and(|baggage| baggage.standing != Standing::Refused) =>
            {
                Self::Baggage
            }
            OrderStatus::Ticketing if order.is_late(now) => Self::TicketingLate,
            OrderStatus::Ticketing => Self::Ticketing,
            OrderStatus::Ticketed => Self::Ticketed,
            OrderStatus::Cancelled if is_recoverable(order, now) => Self::Recoverable,
            OrderStatus::Cancelled if case.attempt_state() == Some(&State::Reversed) => Self::MoneyOpen,
            OrderStatus::Cancelled => Self::Cancelled,
            OrderStatus::Unknown(_) => Self::Unclear,
        }
    }

    /// When that group changes by the mere passing of time.
    pub fn until(case: &Case, now: Timestamp) -> Option<Timestamp> {
        let group = Self::of(case, now);
        let deadline = case.order.deadline();
        let turns = [deadline.map(due_from), deadline, case.order.late_at(), case.order.regenerable_until()];
        let differs = |turn: &Timestamp| *turn > now && Self::of(case, *turn) != group;
        turns.into_iter().flatten().filter(differs).min()
    }
}

/// Exactly ten minutes left are not yet less than ten.
fn due_from(deadline: Timestamp) -> Timestamp {
    deadline - DUE_BELOW + SignedDuration::from_nanos(1)
}

/// Cancelled for a reason that regenerating mends, and young enough for that.
fn is_recoverable(order: &Order, now: Timestamp) -> bool {
    mends(order).is_some_and(Mends::by_regeneration) && order.is_young(now)
}

/// What rows are sorted by; ties are broken by the order number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey(Group, i64);

impl SortKey {
    /// Which group, and where within it: two numbers that are compared one after the other.
    pub fn parts(self) -> (u8, i64) {
        (self.0 as u8, self.1)
    }
}

/// The key of an order in `group`: what loses money first stands first. A doubt counts like an unpaid order that is due,
/// by the deadline after which asking is all that is left. Within the other groups the one whose time runs out first, the
/// longest waiting where none runs, the newest where all is over.
pub fn sort_key(order: &Order, group: Group) -> SortKey {
    let second = |at: Option<Timestamp>| at.map_or(i64::MAX, Timestamp::as_second);
    let within = match group {
        // A doubt without a deadline may be lost at any moment.
        Group::InDoubt => order.deadline().map_or(i64::MIN, Timestamp::as_second),
        Group::Due | Group::Unpaid => second(order.deadline()),
        // A new order can be made for a day from then.
        Group::Undated | Group::Recoverable => second(order.created),
        Group::Baggage | Group::MoneyOpen | Group::TicketingLate | Group::Ticketing => {
            second(order.paid_at.or(order.created))
        }
        Group::Unclear | Group::Lapsed | Group::Cancelled | Group::Ticketed | Group::Gone => {
            order.created.map_or(i64::MAX, |created| -created.as_second())
        }
    };
    SortKey(if group == Group::InDoubt { Group::Due } else { group }, within)
}
