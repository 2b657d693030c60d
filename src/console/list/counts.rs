//! The queues that an order is in, and how many orders each queue has.

use super::queue::Tab;

/// Some of the queues, by their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Queues(u64);

const _: () = assert!(Tab::MOST <= 64, "each queue has its bit");

impl Queues {
    pub(super) fn insert(&mut self, tab: Tab) {
        self.0 |= 1 << tab.place();
    }

    pub(super) fn has(self, tab: Tab) -> bool {
        self.0 & 1 << tab.place() != 0
    }

    /// The places of all of them.
    fn places(self) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(self.0).filter(|bits| *bits != 0), |bits| {
            Some(bits & (bits - 1)).filter(|rest| *rest != 0)
        })
        .map(|bits| bits.trailing_zeros() as usize)
    }
}

/// How many orders there are, whatever the filter leaves of them.
pub(super) struct Counts {
    by_queue: [usize; Tab::MOST],
    snoozed: usize,
}

impl Default for Counts {
    fn default() -> Self {
        Self { by_queue: [0; Tab::MOST], snoozed: 0 }
    }
}

impl Counts {
    /// In a queue.
    pub(super) fn of(&self, tab: Tab) -> usize {
        self.by_queue.get(tab.place()).copied().unwrap_or_default()
    }

    /// Snoozed.
    pub(super) fn snoozed(&self) -> usize {
        self.snoozed
    }

    /// An order is in these queues now, and was in those.
    pub(super) fn move_order(&mut self, from: Queues, to: Queues) {
        for place in Queues(to.0 & !from.0).places() {
            self.by_queue[place] += 1;
        }
        for place in Queues(from.0 & !to.0).places() {
            self.by_queue[place] = self.by_queue[place].saturating_sub(1);
        }
    }

    /// An order is snoozed now or not, and was or was not.
    pub(super) fn snooze(&mut self, was: bool, is: bool) {
        self.snoozed = (self.snoozed + usize::from(is)).saturating_sub(usize::from(was));
    }
}
