//! The request budget: one token bucket for everything, with a reserve that only urgent lanes may touch.

use std::{collections::VecDeque, time::Duration};

/// Share of the bucket kept for doubt and for the operator.
const RESERVE: f64 = 0.2;

/// A token bucket. Times are uptimes; see [`crate::clock::Clock::uptime`].
#[derive(Debug)]
pub struct Budget {
    per_minute: u32,
    tokens: f64,
    filled_at: Duration,
    silent_until: Duration,
    spent: VecDeque<Duration>,
}

impl Budget {
    /// `per_minute` requests a minute, a sixth of them at once.
    pub fn new(per_minute: u32, now: Duration) -> Self {
        let per_minute = per_minute.max(1);
        let mut budget = Self {
            per_minute,
            tokens: 0.0,
            filled_at: now,
            silent_until: Duration::ZERO,
            spent: VecDeque::new(),
        };
        budget.tokens = budget.burst();
        budget
    }

    /// Requests allowed in a minute.
    pub fn per_minute(&self) -> u32 {
        self.per_minute
    }

    fn burst(&self) -> f64 {
        f64::from(self.per_minute).max(60.0) / 6.0
    }

    fn per_second(&self) -> f64 {
        f64::from(self.per_minute) / 60.0
    }

    /// When the next request may leave: `now`, or later.
    pub fn ready_at(&self, urgent: bool, now: Duration) -> Duration {
        let floor = if urgent { 0.0 } else { self.burst() * RESERVE };
        let have = self.tokens + now.saturating_sub(self.filled_at).as_secs_f64() * self.per_second();
        let missing = (1.0 + floor - have.min(self.burst())).max(0.0);
        let ready =
            if missing > 0.0 { now + Duration::from_secs_f64(missing / self.per_second()) } else { now };
        ready.max(self.silent_until)
    }

    /// Spends one request.
    pub fn spend(&mut self, now: Duration) {
        let gained = now.saturating_sub(self.filled_at).as_secs_f64() * self.per_second();
        self.tokens = (self.tokens + gained).min(self.burst()) - 1.0;
        self.filled_at = now;
        self.forget(now);
        self.spent.push_back(now);
    }

    /// Nothing leaves until `until`: the vendor's limiter asked for it, or nothing answers.
    pub fn be_silent_until(&mut self, until: Duration) {
        self.silent_until = self.silent_until.max(until);
    }

    /// Requests spent in the last minute.
    pub fn spent_last_minute(&mut self, now: Duration) -> u32 {
        self.forget(now);
        u32::try_from(self.spent.len()).unwrap_or(u32::MAX)
    }

    fn forget(&mut self, now: Duration) {
        while self.spent.front().is_some_and(|at| *at + Duration::from_secs(60) <= now) {
            self.spent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spends as fast as allowed for ten minutes; returns the most spent in any minute.
    fn busiest_minute(per_minute: u32, urgent: bool) -> u32 {
        let mut now = Duration::from_secs(1_000);
        let mut budget = Budget::new(per_minute, now);
        let mut most = 0;
        while now < Duration::from_secs(1_600) {
            now = budget.ready_at(urgent, now);
            budget.spend(now);
            most = most.max(budget.spent_last_minute(now));
        }
        most
    }

    #[test]
    fn a_minute_never_holds_more_than_the_budget_and_one_burst() {
        for (per_minute, urgent) in [(60, true), (60, false), (600, true), (10, false)] {
            let most = busiest_minute(per_minute, urgent);
            let bound = per_minute + (per_minute.max(60) / 6) + 1;
            assert!(most >= per_minute - 1 && most <= bound, "{per_minute}: {most} > {bound}");
        }
    }

    #[test]
    fn the_reserve_is_left_for_urgent_requests() {
        let now = Duration::from_secs(5);
        let mut budget = Budget::new(60, now);
        while budget.ready_at(false, now) == now {
            budget.spend(now);
        }
        assert_eq!(budget.ready_at(true, now), now);
        assert!(budget.spent_last_minute(now) >= 8);
    }

    #[test]
    fn silence_that_was_asked_for_is_kept_by_every_lane() {
        let now = Duration::from_secs(5);
        let mut budget = Budget::new(60, now);
        budget.be_silent_until(Duration::from_secs(35));
        assert_eq!(budget.ready_at(true, now), Duration::from_secs(35));
    }
}
