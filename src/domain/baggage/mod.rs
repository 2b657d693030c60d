//! Baggage that the airline does not sell as it was booked. The vendor finds that out while the order is in ticketing,
//! and suspends it: the order looks like any other in ticketing, but for a code.
//!
//! One code ends the matter: the baggage cannot be bought. The other asks for a decision within half an hour: to bear
//! the difference between the airline's price and the one that was sold (the loss), or not.

pub mod decision;
pub mod trouble;
