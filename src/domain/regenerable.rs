//! May a new order be made from this one, by what its lineage says?

use super::{
    attempt::State as Paying,
    lineage::Lineage,
    missing::Missing,
    moment::Now,
    order::{Order, OrderNo, OrderStatus},
};

/// Why an order may not be regenerated now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// A new order was made from it already.
    Already(OrderNo),
    /// It may have been regenerated: the new order is being looked for.
    InDoubt,
    /// It is unpaid and can still be paid itself.
    StillPayable,
    /// Its deadline is past by one clock, and not by every clock at hand; or the vendor's clock is in doubt.
    ClockInDoubt,
    /// It is called dead by one answer alone.
    SaidOnce,
    /// Not all orders made since could be looked through: somebody may have made a new one already.
    NotAllSeen,
    /// The vendor has no such order any more.
    Gone,
    /// It is being ticketed or is ticketed (the vendor would say 314).
    Alive,
    /// What the vendor says of it is not understood, or not yet known.
    Unclear,
    /// Made more than a day ago, or nobody knows when.
    TooOld,
    /// An attempt to pay it or one of its trip is not over.
    AttemptOpen(Paying),
}

/// May a new order be made from `order`, by what its lineage says?
pub fn may_regenerate(order: &Order, lineage: &Lineage, now: Now) -> Result<(), NotNow> {
    if let Some(child) = lineage.child_of(order.no) {
        return Err(NotNow::Already(child));
    }
    if lineage.regeneration_of(order.no).is_some() {
        return Err(NotNow::InDoubt);
    }
    if let Some(holder) = lineage.attempts.iter().find(|attempt| attempt.state.blocks()) {
        return Err(NotNow::AttemptOpen(holder.state.clone()));
    }
    if lineage.missing(order).is_some_and(Missing::is_proven) {
        return Err(NotNow::Gone);
    }
    match order.status {
        OrderStatus::Cancelled => {}
        OrderStatus::Unpaid if order.has_surely_lapsed(now) => {}
        OrderStatus::Unpaid if order.has_lapsed(now.at) => return Err(NotNow::ClockInDoubt),
        OrderStatus::Unpaid if order.deadline().is_some() => return Err(NotNow::StillPayable),
        OrderStatus::Unpaid | OrderStatus::Unknown(_) => return Err(NotNow::Unclear),
        OrderStatus::Ticketing | OrderStatus::Ticketed => return Err(NotNow::Alive),
    }
    if order.is_young(now.at) { Ok(()) } else { Err(NotNow::TooOld) }
}
