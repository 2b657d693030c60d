//! Searches for orders that may have been made: when each is looked for again. Pure; the time is an argument.

use std::{collections::HashMap, time::Duration};

use super::gap::{nth, spread};
use crate::domain::order::OrderNo;

/// Seconds between the searches for one order; the last one repeats.
const GAPS: [u64; 5] = [2, 5, 15, 30, 60];

/// By the order that the new one may have been made from: when it is looked for next, and for the how-many-th time. Times
/// are uptimes.
#[derive(Debug, Default)]
pub(super) struct Searches(HashMap<OrderNo, (Duration, usize)>);

impl Searches {
    /// A new order may have been made from `parent`, and was not found so far.
    pub(super) fn plan(&mut self, parent: OrderNo, uptime: Duration, random: &mut fastrand::Rng) {
        let round = self.0.get(&parent).map_or(0, |(_, round)| round + 1);
        self.0.insert(parent, (uptime + spread(nth(&GAPS, round), random), round));
    }

    /// It was found, or there is none.
    pub(super) fn end(&mut self, parent: OrderNo) {
        self.0.remove(&parent);
    }

    /// The next search that is not under way, and when it is due.
    pub(super) fn next(&self, is_under_way: impl Fn(OrderNo) -> bool) -> Option<(Duration, OrderNo)> {
        let searches = self.0.iter().map(|(parent, (at, _))| (*at, *parent));
        searches.filter(|(_, parent)| !is_under_way(*parent)).min()
    }
}
