//! Orders that somebody has put away from the queues: until a time, or until what they were handled for shows again; and
//! how they come back. It is for the eye alone: nobody pays more, or less, because of it.

use jiff::Timestamp;

use super::{
    case::Case,
    group::Group,
    work::{Handled, Snooze},
};

/// How an order is put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away<'a> {
    /// Until a time.
    Snoozed(&'a Snooze),
    /// Until its cause shows again.
    Handled(&'a Handled),
}

/// Why an order cannot be put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nobody knows what became of its money.
    InDoubt,
    /// It waits for nobody.
    Over,
}

/// Whether an order of `group` may be put away.
pub fn may_put_away(group: Group) -> Result<(), Kept> {
    match group {
        Group::InDoubt => Err(Kept::InDoubt),
        Group::Lapsed | Group::Cancelled | Group::Ticketed | Group::Gone => Err(Kept::Over),
        Group::Due
        | Group::Undated
        | Group::Baggage
        | Group::Recoverable
        | Group::MoneyOpen
        | Group::Unclear
        | Group::Unpaid
        | Group::TicketingLate
        | Group::Ticketing => Ok(()),
    }
}

impl Case {
    /// How it is put away from the queues at `wall`, by this machine's clock, being of `group`: whoever comes to be in
    /// doubt is not, nor whoever needs somebody for something else than it was handled for.
    pub fn away(&self, group: Group, wall: Timestamp) -> Option<Away<'_>> {
        let work = self.work.as_deref()?;
        if may_put_away(group).is_err() {
            return None;
        }
        let handled = work.handled.as_ref().filter(|handled| handled.cause == group && !handled.is_checked);
        work.snooze_at(wall).map(Away::Snoozed).or(handled.map(Away::Handled))
    }

    /// True when it was put away, and is back at `wall` in `group`.
    pub fn is_back(&self, group: Group, wall: Timestamp) -> bool {
        let was_away = || self.work().snooze.is_some() || self.work().handled.is_some();
        was_away() && group_waits(group) && self.away(group, wall).is_none()
    }

    /// Until when it is snoozed at most, whatever its group.
    pub fn snoozed_until(&self) -> Option<Timestamp> {
        Some(self.work.as_deref()?.snooze.as_ref()?.until)
    }
}

/// True for an order that waits for somebody, whoever that is.
pub fn group_waits(group: Group) -> bool {
    may_put_away(group) != Err(Kept::Over)
}
