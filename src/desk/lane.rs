//! Lanes of the schedule: why an order is asked for.

/// Why an order is asked for; the first lanes go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The outcome of a payment is unknown.
    Doubt,
    /// A person waits for the answer.
    Operator,
    /// A payment was accepted and is followed until ticketed.
    InFlight,
    /// Price and deadline are not known yet.
    Details,
}

impl Lane {
    pub(super) const ALL: [Self; 4] = [Self::Doubt, Self::Operator, Self::InFlight, Self::Details];

    pub(super) fn is_urgent(self) -> bool {
        self != Self::Details
    }
}
