//! What a world is made from.

use crate::sim::{scenario::Scenario, time::Speed};

/// What a world is made from. The same setup makes the same story.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Setup {
    pub seed: u64,
    pub speed: Speed,
    /// How many orders there are at the start; the scenario's own number when it is not given.
    pub orders: Option<usize>,
    pub scenario: Scenario,
    /// Where notifications go until somebody registers another address.
    pub webhook: Option<String>,
}
