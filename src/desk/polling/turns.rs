//! Whose turn it is among what can wait, and what that leaves for pages of the list. Pure; the time is an argument.

use std::time::Duration;

use super::{
    budget::{Budget, Urgency},
    rounds::economy::{PAGE_TURN, page_rate},
};

/// After so many orders without a price a payment that is followed has its turn.
const FOLLOWED_TURN: u32 = 3;

/// What was asked for lately.
#[derive(Debug)]
pub(super) struct Turns {
    /// Requests that were no pages, and since when (uptime): what they take is not there for pages.
    others: (u32, Duration),
    /// Other requests since the last page of the list.
    since_page: u32,
    /// Orders without a price since something else was asked for.
    unpriced_in_a_row: u32,
}

impl Turns {
    /// Nothing was asked for before `uptime`.
    pub(super) fn new(uptime: Duration) -> Self {
        Self { others: (0, uptime), since_page: 0, unpriced_in_a_row: 0 }
    }

    /// Something is asked for: a page of the list, or the price of an order, or something else.
    pub(super) fn count(&mut self, is_page: bool, is_unpriced: bool) {
        self.others.0 += u32::from(!is_page);
        self.since_page = if is_page { 0 } else { self.since_page.saturating_add(1) };
        self.unpriced_in_a_row = if is_unpriced { self.unpriced_in_a_row.saturating_add(1) } else { 0 };
    }

    /// A page has waited for long enough.
    pub(super) fn is_page(&self) -> bool {
        self.since_page >= PAGE_TURN
    }

    /// A payment that is followed has.
    pub(super) fn is_followed(&self) -> bool {
        self.unpriced_in_a_row >= FOLLOWED_TURN
    }

    /// Requests a minute that the others have left for pages lately, while so many of them wait.
    pub(super) fn page_rate(&mut self, per_minute: u32, waiting: usize, uptime: Duration) -> f64 {
        let (others, since) = self.others;
        let minutes = uptime.saturating_sub(since).as_secs_f64() / 60.0;
        let made = if minutes > 0.0 { f64::from(others) / minutes } else { 0.0 };
        // Half of what was counted goes on counting, so that one busy moment is not all that is known.
        if minutes >= 1.0 {
            self.others = (others / 2, since + uptime.saturating_sub(since) / 2);
        }
        // What waits and takes more than a minute would have been made too, had there been room: else pages would go on taking
        // it, by chance more or less.
        let a_minute = Budget::share_of(Urgency::Later, per_minute);
        let behind = u32::try_from(waiting).unwrap_or(u32::MAX).saturating_sub(a_minute);
        page_rate(per_minute, made + f64::from(behind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_get_what_others_leave_and_their_turn_when_these_cannot_keep_up() {
        let minute = Duration::from_secs(60);
        let asked = |others: u32| {
            let mut turns = Turns::new(Duration::ZERO);
            (0..others).for_each(|_| turns.count(false, false));
            turns
        };
        let is = |rate: f64, wanted: f64| (rate - wanted).abs() < 0.01;
        assert!(is(asked(20).page_rate(60, 0, minute), 30.0));
        assert!(is(asked(20).page_rate(60, 40, minute), 30.0), "a round has just found them");
        assert!(is(asked(20).page_rate(60, 300, minute), 50.0 / 8.0), "they come too fast");
        let mut turns = asked(PAGE_TURN);
        assert!(turns.is_page() && !turns.is_followed());
        turns.count(true, false);
        (0..FOLLOWED_TURN).for_each(|_| turns.count(false, true));
        assert!(!turns.is_page() && turns.is_followed());
    }
}
