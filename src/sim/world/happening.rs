//! What is going to happen.

use super::hooks::Delivery;

/// Something that will happen, to the order at an index or in the world.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    /// The `n`th new order comes in.
    Arrival(u64),
    /// The `n`th ticket is issued anew.
    Reissue(u64),
    /// Another desk of the agency pays by card.
    PaidElsewhere(usize),
    /// Money is asked for.
    Charge(usize),
    /// Ticketing ends.
    Settle(usize),
    /// A wish to stop takes effect.
    Stop(usize),
    /// The payment deadline is over.
    Lapse(usize),
    /// A line of the scenario is played.
    Cue(usize),
    /// A notification leaves.
    Deliver(Box<Delivery>),
}
