//! How large a world may be.

use super::error::SimError;

/// So many orders at the start fit into an ordinary machine.
const MOST_ORDERS: usize = 200_000;

/// The number of orders, if it is one that fits.
pub(super) fn check_orders(orders: usize) -> Result<usize, SimError> {
    if orders <= MOST_ORDERS { Ok(orders) } else { Err(SimError::Orders { orders, most: MOST_ORDERS }) }
}
