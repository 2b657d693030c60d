//! The queues that the desk brings along, and when an order belongs into one.

use std::ops::Range;

use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::domain::group::Group;
use crate::domain::{attempt::State, case::Case, story::What};

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
    /// Ticketed, cancelled, lapsed or gone, since the day began.
    Done,
    /// Everything.
    #[default]
    All,
}

impl Queue {
    /// All queues, in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Action, Self::Unpaid, Self::Ticketing, Self::Recover, Self::InDoubt, Self::Done, Self::All];

    /// True when orders of `group` wait here, or rest here on the day on which they have ended.
    pub fn holds(self, group: Group) -> bool {
        match self {
            Self::Action => {
                matches!(
                    group,
                    Group::InDoubt
                        | Group::Due
                        | Group::Undated
                        | Group::Baggage
                        | Group::Recoverable
                        | Group::MoneyOpen
                        | Group::TicketingLate
                )
            }
            Self::Unpaid => matches!(group, Group::Due | Group::Undated | Group::Unpaid | Group::Unclear),
            Self::Ticketing => matches!(group, Group::Baggage | Group::Ticketing | Group::TicketingLate),
            Self::Recover => group == Group::Recoverable,
            Self::InDoubt => group == Group::InDoubt,
            Self::Done => {
                matches!(group, Group::Ticketed | Group::Cancelled | Group::Lapsed | Group::Gone)
            }
            Self::All => true,
        }
    }

    /// True when `case`, which is in `group`, is in this queue on `today`.
    pub fn has(self, case: &Case, group: Group, today: &Day) -> bool {
        // What nobody knows the end of is rather shown.
        self.holds(group)
            && (self != Self::Done || ended_at(case, group).is_none_or(|ended| today.has_begun_at(ended)))
    }

    /// True when it stands in this queue and is counted there: one that is put away is so in that of all alone.
    pub fn shows(self, case: &Case, group: Group, today: &Day, is_away: bool) -> bool {
        self.has(case, group, today) && (!is_away || self == Self::All)
    }
}

/// When an order of `group` ended, as far as anybody knows: when it was seen to, else the last that the vendor says of it.
/// None for one that has not ended.
pub fn ended_at(case: &Case, group: Group) -> Option<Timestamp> {
    let order = &case.order;
    match group {
        Group::Gone => case.missing().map(|missing| missing.since),
        Group::Lapsed => order.deadline(),
        Group::Ticketed | Group::Cancelled => {
            let ends = |what: &What| match what {
                What::Seen { status, .. } => *status == order.status,
                What::Attempt { state, .. } => *state == State::Ticketed,
                What::Regeneration(state) => state.child().is_some_and(|child| child != order.no),
                _ => false,
            };
            let seen = case.story.iter().rev().find(|happening| ends(&happening.what));
            seen.map(|happening| happening.at).or(order.paid_at).or(order.created)
        }
        _ => None,
    }
}

/// A day of a desk, from midnight to midnight by its own zone: 23 or 25 hours where the clocks are changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day(Range<Timestamp>);

impl Day {
    /// The day that it is at `now` in `zone`.
    pub fn of(now: Timestamp, zone: &TimeZone) -> Self {
        let today = now.to_zoned(zone.clone());
        let midnight = |days: i64| {
            let date = today.date().checked_add(days.days()).ok()?;
            // Where the clocks are put forward at midnight, the day begins an hour later.
            date.to_zoned(zone.clone()).ok().map(|start| start.timestamp())
        };
        Self(midnight(0).unwrap_or(Timestamp::MIN)..midnight(1).unwrap_or(Timestamp::MAX))
    }

    /// When it begins.
    pub fn begins_at(&self) -> Timestamp {
        self.0.start
    }

    /// When it ends.
    pub fn ends_at(&self) -> Timestamp {
        self.0.end
    }

    /// True for a moment of it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.0.contains(&at)
    }

    /// True for a moment that does not lie before it; a clock that is ahead of ours makes no other day.
    fn has_begun_at(&self, at: Timestamp) -> bool {
        at >= self.0.start
    }
}
