//! What is on its way from a search to an order, and from an order to its confirmation.

use std::collections::{BTreeMap, VecDeque};

use crate::sim::{shop::Offer, time::Moment};

/// So many verified routings are remembered.
const REMEMBERED: usize = 20_000;

/// What was verified and can be booked, by session.
#[derive(Default)]
pub(super) struct Sessions {
    verified: BTreeMap<String, (Moment, Offer)>,
    in_order: VecDeque<String>,
    counted: u64,
    /// Where the traveller goes after confirming an order.
    redirects: BTreeMap<usize, String>,
}

impl Sessions {
    /// The number of the next verification or booking.
    pub(super) fn count(&mut self) -> u64 {
        self.counted += 1;
        self.counted
    }

    /// Remembers what was verified, and forgets the oldest beyond so many.
    pub(super) fn remember(&mut self, session: String, at: Moment, offer: Offer) {
        if self.in_order.len() == REMEMBERED
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.verified.remove(&oldest);
        }
        self.in_order.push_back(session.clone());
        self.verified.insert(session, (at, offer));
    }

    /// What was verified under a session, and when.
    pub(super) fn find(&self, session: &str) -> Option<(Moment, Offer)> {
        self.verified.get(session).cloned()
    }

    /// Where the traveller goes after confirming the order at an index.
    pub(super) fn redirect(&mut self, order: usize, to: String) {
        self.redirects.insert(order, to);
    }

    pub(super) fn redirect_of(&self, order: usize) -> Option<String> {
        self.redirects.get(&order).cloned()
    }
}
