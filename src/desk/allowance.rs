//! How many of the vendor's notifications are kept in the journal. Pure; the time is an argument.

use std::{collections::VecDeque, time::Duration};

/// So many notices are kept in a minute; a flood beyond that still makes the desk ask, but leaves no trace.
const KEPT_A_MINUTE: usize = 240;

/// When notices were kept in the last minute (uptimes).
#[derive(Debug, Default)]
pub(super) struct Allowance(VecDeque<Duration>);

impl Allowance {
    /// True if one more may be kept now: it counts as kept.
    pub(super) fn take(&mut self, uptime: Duration) -> bool {
        while self.0.front().is_some_and(|at| *at + Duration::from_secs(60) <= uptime) {
            self.0.pop_front();
        }
        let may = self.0.len() < KEPT_A_MINUTE;
        if may {
            self.0.push_back(uptime);
        }
        may
    }
}
