//! Tickets that airlines issue anew: the list shows another locator, and nothing else changes.

use fastrand::Rng;

use super::{happening::Happening, state::World};
use crate::sim::{
    chance::{REISSUES, letters, mix},
    order::State,
    time::Moment,
};

impl World {
    pub(super) fn expect_reissue(&mut self, nth: u64, from: Moment) {
        let Some(reissues) = &self.script.reissues else { return };
        let [least, most] = reissues.every.map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        let gap = Rng::with_seed(mix(!self.setup.seed, REISSUES + nth)).i64(least..=most);
        // Two never come at once: the world would not get past the moment.
        self.decide(from, gap.max(1), Happening::Reissue(nth));
    }

    /// Any order may be chosen; one that has no ticket keeps what it has. There may be hundreds in a second, so the story does
    /// not tell of them.
    pub(super) fn reissue(&mut self, nth: u64, at: Moment) {
        let rng = &mut Rng::with_seed(mix(self.setup.seed, REISSUES + nth));
        let index = rng.usize(..self.orders.len().max(1));
        if let Some(order) = self.orders.get_mut(index)
            && let State::Ticketed(_, locators) = &mut order.state
        {
            for locator in locators {
                *locator = letters(rng.u64(..), 6);
            }
            order.updated = at;
        }
        self.expect_reissue(nth + 1, at);
    }
}
