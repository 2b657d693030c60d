//! How far the traveller's confirmation of an order is, and what may be done about it now.

use jiff::Timestamp;

use super::{
    commit::is_denied,
    lineage::Lineage,
    missing::Missing,
    order::{Order, OrderStatus},
};

/// How far the confirmation of an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// No link was asked for.
    NoLink,
    /// The link holds until then; nobody has said that the traveller confirmed.
    Waiting(Timestamp),
    /// The link has held no longer than until then, whatever was said of it.
    Expired(Timestamp),
    /// The traveller has confirmed, an operator says; that holds until then.
    Confirmed(Timestamp),
}

impl Progress {
    /// How far it is with `order` at `now`, by the vendor's clock; `None` for an order that wants no confirmation.
    pub fn of(order: &Order, lineage: &Lineage, now: Timestamp) -> Option<Self> {
        if !is_wanted(order, lineage) {
            return None;
        }
        Some(match lineage.commit(order.no) {
            None => Self::NoLink,
            Some(commit) if commit.until() <= now => Self::Expired(commit.until()),
            Some(commit) if commit.is_stated() => Self::Confirmed(commit.until()),
            Some(commit) => Self::Waiting(commit.until()),
        })
    }

    /// True once an operator has said that the traveller has confirmed, and while that holds.
    pub const fn is_confirmed(self) -> bool {
        matches!(self, Self::Confirmed(_))
    }

    /// The stable word for JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoLink => "noLink",
            Self::Waiting(_) => "waiting",
            Self::Expired(_) => "expired",
            Self::Confirmed(_) => "confirmed",
        }
    }

    /// Until when the link holds, or has held.
    pub const fn until(self) -> Option<Timestamp> {
        match self {
            Self::NoLink => None,
            Self::Waiting(until) | Self::Expired(until) | Self::Confirmed(until) => Some(until),
        }
    }
}

/// The airline is known to want it, or the vendor said so when the order was last paid.
fn is_wanted(order: &Order, lineage: &Lineage) -> bool {
    order.needs_traveller_confirmation() || lineage.attempts_on(order.no).next_back().is_some_and(is_denied)
}

/// Why no link is asked for, or nothing is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// Nothing was seen of the order yet.
    NotSeen,
    /// The airline wants no confirmation.
    NotWanted,
    /// The order cannot be paid any more, or not yet: there is nothing to confirm.
    NotPayable(OrderStatus),
    /// The vendor has no such order any more.
    Gone,
    /// No link was given.
    NoLink,
    /// The link holds no longer.
    Expired,
}

/// May a link be asked for?
pub fn may_ask(order: &Order, lineage: &Lineage, now: Timestamp) -> Result<(), NotNow> {
    progress(order, lineage, now).map(drop)
}

/// May an operator say that the traveller has confirmed?
pub fn may_state(order: &Order, lineage: &Lineage, now: Timestamp) -> Result<(), NotNow> {
    match progress(order, lineage, now)? {
        Progress::NoLink => Err(NotNow::NoLink),
        Progress::Expired(_) => Err(NotNow::Expired),
        Progress::Waiting(_) | Progress::Confirmed(_) => Ok(()),
    }
}

fn progress(order: &Order, lineage: &Lineage, now: Timestamp) -> Result<Progress, NotNow> {
    let progress = Progress::of(order, lineage, now).ok_or(NotNow::NotWanted)?;
    if lineage.missing(order).is_some_and(Missing::is_proven) {
        return Err(NotNow::Gone);
    }
    if order.status != OrderStatus::Unpaid || order.has_lapsed(now) || lineage.is_paid_beside(order.no) {
        return Err(NotNow::NotPayable(order.status));
    }
    Ok(progress)
}
