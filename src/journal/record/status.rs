//! A status as it is written: the number of the wire.

use crate::domain::order::OrderStatus;

/// The number of a status, as on the wire; none for an answer without one.
pub(super) fn status_number(status: OrderStatus) -> Option<i64> {
    match status {
        OrderStatus::Unpaid => Some(0),
        OrderStatus::Ticketing => Some(1),
        OrderStatus::Ticketed => Some(2),
        OrderStatus::Cancelled => Some(-3),
        OrderStatus::Unknown(number) => number,
    }
}
