//! The request budget: so many requests in any minute, at most twice as fast for a moment, and a share of each kept for what
//! is urgent. A desk that begins may spend at once what it needs to see; the minute still holds no more than it may.

use std::{collections::VecDeque, time::Duration};

/// How soon a request must leave. What can wait leaves a share of the budget to what cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// An outcome is unknown, a person waits, or it is about money.
    Now,
    /// A payment is followed, or somebody looks.
    Soon,
    /// Everything else.
    Later,
}

impl Urgency {
    /// Of what the budget allows, in twelfths.
    fn share(self) -> u32 {
        match self {
            Self::Now => 12,
            Self::Soon => 11,
            Self::Later => 10,
        }
    }
}

/// The minute in which no more may leave than the budget.
const MINUTE: Duration = Duration::from_secs(60);

/// The moment in which as much may leave as twice the budget gives to it.
const BURST: Duration = Duration::from_secs(6);

/// So many requests may leave in such a moment, however small the budget is.
const SMALLEST_BURST: u32 = 12;

/// What left lately, and what may. Times are uptimes; see [`crate::clock::Clock::uptime`].
#[derive(Debug)]
pub struct Budget {
    per_minute: u32,
    silent_until: Duration,
    /// Until then nothing goes in bursts: the limiter has spoken.
    calm_until: Duration,
    /// When each request of the last minute left, the first one first.
    spent: VecDeque<Duration>,
}

impl Budget {
    /// `per_minute` requests in any minute, a fifth of them at once.
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute: per_minute.max(1),
            silent_until: Duration::ZERO,
            calm_until: Duration::ZERO,
            spent: VecDeque::new(),
        }
    }

    /// Requests allowed in a minute.
    pub fn per_minute(&self) -> u32 {
        self.per_minute
    }

    /// What requests of this urgency may take of so many.
    pub fn share_of(urgency: Urgency, requests: u32) -> u32 {
        (requests * urgency.share() / 12).max(1)
    }

    /// When the next request may leave: `now`, or later.
    pub fn ready_at(&self, urgency: Urgency, now: Duration) -> Duration {
        let shared = |requests: u32| Self::share_of(urgency, requests);
        let at_once = (self.per_minute / 5).max(SMALLEST_BURST);
        let burst = if now < self.calm_until { (self.per_minute / 10).max(1) } else { at_once };
        let limits = [(shared(self.per_minute), MINUTE), (shared(burst), BURST)];
        let free = limits.into_iter().filter_map(|(limit, span)| {
            let first = self.spent.len().checked_sub(usize::try_from(limit).ok()?)?;
            Some(*self.spent.get(first)? + span)
        });
        free.fold(now.max(self.silent_until), Duration::max)
    }

    /// Spends one request.
    pub fn spend(&mut self, now: Duration) {
        self.forget(now);
        self.spent.push_back(now);
    }

    /// Nothing leaves until `until`: the vendor's limiter asked for it, or nothing answers.
    pub fn be_silent_until(&mut self, until: Duration) {
        self.silent_until = self.silent_until.max(until);
    }

    /// The limiter asked for silence until `until`. For a minute after that nothing that had to wait is made up for: requests
    /// leave as evenly as if they all had to leave.
    pub fn be_calm_after(&mut self, until: Duration) {
        self.be_silent_until(until);
        self.calm_until = self.calm_until.max(until + MINUTE);
    }

    /// Requests spent in the last minute.
    pub fn spent_last_minute(&mut self, now: Duration) -> u32 {
        self.forget(now);
        u32::try_from(self.spent.len()).unwrap_or(u32::MAX)
    }

    fn forget(&mut self, now: Duration) {
        while self.spent.front().is_some_and(|at| *at + MINUTE <= now) {
            self.spent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spends as fast as allowed for ten minutes; returns the most spent in any minute.
    fn busiest_minute(per_minute: u32, urgency: Urgency) -> u32 {
        let mut now = Duration::from_secs(1_000);
        let mut budget = Budget::new(per_minute);
        let mut most = 0;
        while now < Duration::from_secs(1_600) {
            now = budget.ready_at(urgency, now);
            budget.spend(now);
            most = most.max(budget.spent_last_minute(now));
        }
        most
    }

    #[test]
    fn no_minute_ever_holds_more_than_the_budget() {
        for per_minute in [1, 10, 59, 60, 600, 1_200] {
            assert_eq!(busiest_minute(per_minute, Urgency::Now), per_minute);
            let most = busiest_minute(per_minute, Urgency::Later);
            assert!(most <= per_minute && most >= per_minute * 5 / 6, "{per_minute}: {most}");
        }
    }

    #[test]
    fn five_sixths_of_the_first_minute_are_at_hand_in_its_first_half() {
        let mut budget = Budget::new(60);
        let (mut now, mut spent) = (Duration::ZERO, 0);
        while now < Duration::from_secs(28) {
            budget.spend(now);
            spent += 1;
            now = budget.ready_at(Urgency::Later, now);
        }
        assert_eq!(spent, 50);
    }

    #[test]
    fn what_can_wait_leaves_room_for_what_cannot() {
        let now = Duration::from_secs(5);
        let mut budget = Budget::new(60);
        while budget.ready_at(Urgency::Later, now) == now {
            budget.spend(now);
        }
        assert_eq!(budget.ready_at(Urgency::Now, now), now);
        assert!(budget.spent_last_minute(now) >= 8);
        // However much was asked for, and for how long.
        let (mut now, until) = (now, Duration::from_secs(600));
        while now < until {
            now = budget.ready_at(Urgency::Later, now);
            budget.spend(now);
            assert_eq!(budget.ready_at(Urgency::Soon, now), now);
        }
    }

    #[test]
    fn after_the_limiter_has_spoken_nothing_is_made_up_for() {
        for (per_minute, urgency) in [(60, Urgency::Later), (60, Urgency::Now), (600, Urgency::Now)] {
            let until = Duration::from_secs(35);
            let mut budget = Budget::new(per_minute);
            budget.be_calm_after(until);
            let (mut now, mut left) = (Duration::from_secs(5), Vec::new());
            while now < until + MINUTE {
                now = budget.ready_at(urgency, now);
                budget.spend(now);
                left.push(now);
            }
            assert!(left.iter().all(|at| *at >= until));
            let within = |from: Duration| left.iter().filter(|at| (from..from + BURST).contains(at)).count();
            let most = left.iter().filter(|at| **at < until + MINUTE).map(|at| within(*at)).max().unwrap();
            assert!(most <= per_minute as usize / 10, "{per_minute}: {most} in six seconds");
        }
    }

    #[test]
    fn silence_that_was_asked_for_is_kept_by_every_lane() {
        let now = Duration::from_secs(5);
        let mut budget = Budget::new(60);
        budget.be_silent_until(Duration::from_secs(35));
        assert_eq!(budget.ready_at(Urgency::Now, now), Duration::from_secs(35));
    }
}
