//! Orders whose queries brought nothing: each is left alone for longer every time, so that it takes nothing from the
//! others. Pure; the time is an argument.

use std::{collections::HashMap, time::Duration};

use super::gap::{nth, spread};
use crate::domain::order::OrderNo;

/// Seconds before an order is asked for again by itself whose details were refused or not found; the last one repeats.
const REFUSED_GAPS: [u64; 5] = [5, 15, 60, 300, 900];

/// The same after a query that failed otherwise, which may be everybody's trouble.
const FAILED_GAPS: [u64; 5] = [1, 5, 15, 30, 60];

/// How often in a row, and until when.
#[derive(Clone, Copy, Debug, Default)]
struct Hold {
    times: usize,
    until: Duration,
}

/// The orders that are left alone. Times are uptimes.
#[derive(Debug, Default)]
pub(super) struct Holds(HashMap<OrderNo, Hold>);

impl Holds {
    /// Until when an order is left alone, if its last query brought nothing.
    pub(super) fn until(&self, order: OrderNo) -> Option<Duration> {
        self.0.get(&order).map(|hold| hold.until)
    }

    /// An answer came.
    pub(super) fn lift(&mut self, order: OrderNo) {
        self.0.remove(&order);
    }

    /// Its details were refused, or there is no such order. Returns for how long it is left alone.
    pub(super) fn refused(
        &mut self,
        order: OrderNo,
        uptime: Duration,
        random: &mut fastrand::Rng,
    ) -> Duration {
        self.hold(order, &REFUSED_GAPS, uptime, random)
    }

    /// A query of it failed otherwise. Returns for how long it is left alone.
    pub(super) fn failed(
        &mut self,
        order: OrderNo,
        uptime: Duration,
        random: &mut fastrand::Rng,
    ) -> Duration {
        self.hold(order, &FAILED_GAPS, uptime, random)
    }

    fn hold(
        &mut self,
        order: OrderNo,
        gaps: &[u64],
        uptime: Duration,
        random: &mut fastrand::Rng,
    ) -> Duration {
        let times = self.0.get(&order).map_or(0, |hold| hold.times);
        let gap = spread(nth(gaps, times), random);
        self.0.insert(order, Hold { times: times + 1, until: uptime + gap });
        gap
    }
}
