//! What became of stopping an order, and whether the vendor may be asked to now.

use jiff::Timestamp;

use super::{
    intent::NotSent,
    lineage::Lineage,
    order::{Order, OrderStatus},
    stop::State,
};

/// What is known of stopping an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The vendor is at it, or may be, until then.
    Working(Timestamp),
    /// The eight minutes were over then, and the order is still in ticketing as far as is known: a query decides, and
    /// whoever then wants to may ask again.
    Unanswered(Timestamp),
    /// Stopped: the order is cancelled.
    Stopped,
    /// Too late: the order is ticketed.
    TooLate,
    /// The vendor refused the last request.
    Refused(i64),
    /// The last request never left.
    NotSent(NotSent),
}

impl Outcome {
    /// What is known at `now` of stopping `order`; `None` if nobody asked for it.
    pub fn of(order: &Order, lineage: &Lineage, now: Timestamp) -> Option<Self> {
        let stop = lineage.stop(order.no)?;
        Some(match (&stop.state, order.status) {
            (_, OrderStatus::Ticketed) => Self::TooLate,
            (State::Refused(status), _) => Self::Refused(*status),
            (State::NotSent(reason), _) => Self::NotSent(reason.clone()),
            (_, OrderStatus::Cancelled) => Self::Stopped,
            _ if now < stop.until() => Self::Working(stop.until()),
            _ => Self::Unanswered(stop.until()),
        })
    }
}

impl Outcome {
    /// The stable word for JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Working(_) => "working",
            Self::Unanswered(_) => "unanswered",
            Self::Stopped => "stopped",
            Self::TooLate => "tooLate",
            Self::Refused(_) => "refused",
            Self::NotSent(_) => "notSent",
        }
    }
}

/// Why the vendor is not asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// It is ticketed: too late.
    Ticketed,
    /// It is not being ticketed, so that there is nothing to stop.
    NotTicketing(OrderStatus),
    /// It was asked for, and may still work until then.
    Working(Timestamp),
}

/// May the vendor be asked to stop issuing `order`, by an answer about it that is fresh at `now`?
pub fn may_stop(order: &Order, lineage: &Lineage, now: Timestamp) -> Result<(), NotNow> {
    match order.status {
        OrderStatus::Ticketing => {}
        OrderStatus::Ticketed => return Err(NotNow::Ticketed),
        status => return Err(NotNow::NotTicketing(status)),
    }
    match Outcome::of(order, lineage, now) {
        Some(Outcome::Working(until)) => Err(NotNow::Working(until)),
        _ => Ok(()),
    }
}

/// True while the vendor is at stopping `order`, or may be.
pub fn is_being_stopped(order: &Order, lineage: &Lineage, now: Timestamp) -> bool {
    matches!(Outcome::of(order, lineage, now), Some(Outcome::Working(_)))
}
