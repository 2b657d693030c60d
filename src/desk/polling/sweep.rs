//! Sweeps of the list: which pages are asked for, and when the next round begins. Pure; the time is an argument.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    desk::{gateway::Window, health::Odd},
    domain::{moment::Now, order::OrderNo},
};

/// Orders made within this time are taken in by every sweep, older ones by every tenth.
const FRESH: SignedDuration = SignedDuration::from_hours(2);

/// The vendor's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// An order is in the list at the latest so long after it was made.
const LISTED_WITHIN: SignedDuration = SignedDuration::from_secs(30);

/// A window with more pages than this is not read to its end: 20,000 orders are more than any desk makes in a month.
const MOST_PAGES: u32 = 200;

/// What a page ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PageEnd {
    /// The round.
    pub(super) is_round: bool,
    /// Its window, although the list says that more follows.
    pub(super) odd: Option<Odd>,
}

/// The rounds. All durations but `every` are uptimes.
#[derive(Debug)]
pub(super) struct Sweep {
    every: Duration,
    lookback: SignedDuration,
    next: Duration,
    pages: VecDeque<(Window, u32)>,
    /// The windows of this round, and the orders that it has shown.
    windows: Vec<Window>,
    shown: HashSet<OrderNo>,
    /// When it began, by the clocks and in uptime; none before the first one.
    began: Option<(Now, Duration)>,
    /// The list says that more follows than was read.
    is_cut: bool,
    /// Pages that were asked for and have not come yet.
    out: usize,
    /// A round is under way; true when it takes in the older orders.
    under_way: Option<bool>,
    /// When a round ended last, and when one did that took in the older orders.
    ended: Option<Duration>,
    ended_whole: Option<Duration>,
}

impl Sweep {
    /// Rounds that begin `every` so often, the first at once, over all orders made within `lookback`.
    pub(super) fn new(every: Duration, lookback: SignedDuration, uptime: Duration) -> Self {
        Self {
            every,
            lookback,
            next: uptime,
            pages: VecDeque::new(),
            windows: Vec::new(),
            shown: HashSet::new(),
            began: None,
            is_cut: false,
            out: 0,
            under_way: None,
            ended: None,
            ended_whole: None,
        }
    }

    /// Begins a whole round at once.
    pub(super) fn begin_now(&mut self, uptime: Duration) {
        self.next = uptime;
        self.ended_whole = None;
        self.pages.clear();
        self.under_way = None;
    }

    /// Begins a round if it is time. After a gap (an outage, a machine that slept) it takes in the older orders too.
    pub(super) fn begin_if_due(&mut self, now: Now, uptime: Duration) {
        if uptime < self.next || self.under_way.is_some() {
            return;
        }
        let long_ago = |at: Option<Duration>, rounds| at.is_none_or(|at| uptime >= at + self.every * rounds);
        let whole = self.lookback > FRESH && (long_ago(self.ended_whole, 10) || long_ago(self.ended, 2));
        // An order is dated by a clock that may be any of those that we know of.
        let (earliest, latest) = now.span();
        let border = earliest - FRESH;
        self.windows = vec![Window { from: border, to: latest + AHEAD }];
        self.windows.extend(whole.then(|| Window { from: earliest - self.lookback, to: border }));
        self.pages.extend(self.windows.iter().map(|window| (*window, 1)));
        self.shown.clear();
        self.began = Some((now, uptime));
        self.is_cut = false;
        self.under_way = Some(whole);
        self.next = uptime + self.every;
    }

    /// The page that is asked for next.
    pub(super) fn page(&self) -> Option<(Window, u32)> {
        self.pages.front().copied()
    }

    /// How many are still to be asked for, as far as that is known.
    pub(super) fn pages(&self) -> usize {
        self.pages.len()
    }

    /// It is asked for now.
    pub(super) fn take_page(&mut self) {
        self.out += usize::from(self.pages.pop_front().is_some());
    }

    /// When the next round begins, if none is under way.
    pub(super) fn next_round(&self) -> Option<Duration> {
        self.under_way.is_none().then_some(self.next)
    }

    /// A page has come; another may follow, if this one brought an order that the round had not shown yet.
    pub(super) fn came(
        &mut self,
        (window, page): (Window, u32),
        orders: &[OrderNo],
        more: bool,
        uptime: Duration,
    ) -> PageEnd {
        self.out = self.out.saturating_sub(1);
        let Some(whole) = self.under_way else { return PageEnd::default() };
        // A page of a round that was given up says nothing about where this one ends.
        let is_ours = self.windows.contains(&window);
        let before = self.shown.len();
        if is_ours {
            self.shown.extend(orders);
        }
        let odd = match (self.shown.len() == before, page >= MOST_PAGES) {
            _ if !more || !is_ours => None,
            (true, _) => Some(Odd::Repeats),
            (false, true) => Some(Odd::Endless),
            (false, false) => {
                self.pages.push_back((window, page + 1));
                None
            }
        };
        self.is_cut |= odd.is_some();
        let is_round = self.pages.is_empty() && self.out == 0;
        if is_round {
            self.under_way = None;
            self.ended = Some(uptime);
            self.ended_whole = self.ended.filter(|_| whole).or(self.ended_whole);
        }
        PageEnd { is_round, odd }
    }

    /// When the round began that has just ended; none if the list was not read to its end.
    pub(super) fn complete(&self) -> Option<(Now, Duration)> {
        self.began.filter(|_| self.under_way.is_none() && !self.is_cut)
    }

    /// True for an order made at `created` that the round should have shown, and has not. One that was only just made may
    /// not be in the list yet.
    pub(super) fn leaves_out(&self, order: OrderNo, created: Timestamp) -> bool {
        let is_in = |window: &Window| window.from <= created && created < window.to;
        let is_settled = self.began.is_some_and(|(began, _)| created + LISTED_WITHIN <= began.span().0);
        is_settled && self.windows.iter().any(is_in) && !self.shown.contains(&order)
    }

    /// False for an order made at `created` that is too old for every round.
    pub(super) fn reaches(&self, created: Timestamp, now: Timestamp) -> bool {
        created >= now - self.lookback
    }

    /// A page did not come. The next round begins at the start; what this one had brought is kept by the book.
    pub(super) fn failed(&mut self) {
        self.out = self.out.saturating_sub(1);
        self.pages.clear();
        self.under_way = None;
    }

    /// The next round begins no later than this.
    pub(super) fn hasten(&mut self, at: Duration) {
        self.next = self.next.min(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_secs(30);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1_000)
    }

    fn sweep() -> Sweep {
        Sweep::new(EVERY, SignedDuration::from_hours(24), at(0))
    }

    /// Begins a round; how many pages are asked for.
    fn begin(sweep: &mut Sweep, uptime: Duration) -> Vec<(Window, u32)> {
        sweep.begin_if_due(Now::agreed(now()), uptime);
        std::iter::from_fn(|| {
            let page = sweep.page();
            sweep.take_page();
            page
        })
        .collect()
    }

    /// Plays a round to its end.
    fn round(sweep: &mut Sweep, uptime: Duration) -> usize {
        let pages = begin(sweep, uptime);
        let ended = pages.iter().filter(|page| sweep.came(**page, &[], false, uptime).is_round).count();
        assert_eq!(ended, usize::from(!pages.is_empty()), "a round ends once");
        pages.len()
    }

    #[test]
    fn older_orders_are_taken_in_by_every_tenth_round() {
        let mut sweep = sweep();
        let rounds: Vec<_> = (0..21).map(|n| round(&mut sweep, at(n * 30))).collect();
        let whole: Vec<_> = (0..21).filter(|n| rounds[*n] == 2).collect();
        assert_eq!(whole, [0, 10, 20]);
        assert_eq!(round(&mut sweep, at(601)), 0, "not before its time");
    }

    #[test]
    fn an_order_that_was_just_made_is_seen_whatever_clock_is_wrong() {
        for hours in [-9, -8, -1, 1, 8, 9] {
            let off = now() + SignedDuration::from_hours(hours);
            for (vendor, wall) in [(off, now()), (now(), off)] {
                let mut sweep = sweep();
                sweep.begin_if_due(Now { at: vendor, wall, settled: true }, at(0));
                let (window, _) = sweep.page().unwrap();
                assert!(window.from <= now() && now() < window.to, "{hours} h: {window:?}");
            }
        }
        // A clock that was never set moves nothing.
        let mut sweep = sweep();
        sweep.begin_if_due(Now { at: now(), wall: Timestamp::UNIX_EPOCH, settled: true }, at(0));
        assert_eq!(sweep.page().unwrap().0, Window { from: now() - FRESH, to: now() + AHEAD });
    }

    #[test]
    fn after_a_gap_a_round_is_whole() {
        let mut sweep = sweep();
        round(&mut sweep, at(0));
        round(&mut sweep, at(30));
        assert_eq!(round(&mut sweep, at(5_000)), 2, "the machine slept");
        assert_eq!(begin(&mut sweep, at(5_030)).len(), 1);
        sweep.failed();
        sweep.hasten(at(5_032));
        assert_eq!(round(&mut sweep, at(5_032)), 1, "one failure is no gap");
        for second in (5_062..5_200).step_by(30) {
            for _ in begin(&mut sweep, at(second)) {
                sweep.failed();
            }
            sweep.hasten(at(second + 30));
        }
        assert_eq!(round(&mut sweep, at(5_212)), 2, "an outage is");
    }

    #[test]
    fn a_whole_round_that_failed_is_made_up_for_at_once() {
        let mut sweep = sweep();
        assert_eq!(begin(&mut sweep, at(0)).len(), 2);
        sweep.failed();
        sweep.failed();
        sweep.hasten(at(2));
        assert_eq!(round(&mut sweep, at(2)), 2);
    }

    #[test]
    fn a_page_that_comes_after_its_round_was_given_up_begins_nothing() {
        let mut sweep = sweep();
        let pages = begin(&mut sweep, at(0));
        sweep.failed();
        assert_eq!(sweep.came(pages[1], &[], true, at(1)), PageEnd::default());
        assert_eq!(sweep.page(), None);
    }

    /// A hundred orders, the `n`th hundred.
    fn hundred(n: u32) -> Vec<OrderNo> {
        (0..100).map(|i| format!("TESTA20261103{:09}", 100_000_000 + n * 100 + i).parse().unwrap()).collect()
    }

    /// Plays a whole round against a list that never says that it ends; the pages that were asked for.
    fn pages_of(list: impl Fn(Window, u32) -> Vec<OrderNo>) -> (usize, Vec<Odd>) {
        let mut sweep = sweep();
        let (mut asked, mut odd) = (0, Vec::new());
        let mut due = begin(&mut sweep, at(0));
        while let Some((window, page)) = due.pop() {
            asked += 1;
            odd.extend(sweep.came((window, page), &list(window, page), true, at(1)).odd);
            while let Some(page) = sweep.page() {
                sweep.take_page();
                due.push(page);
            }
        }
        assert!(sweep.next_round().is_some(), "the round has ended");
        (asked, odd)
    }

    #[test]
    fn a_page_that_brings_nothing_new_ends_its_window() {
        assert_eq!(pages_of(|_, _| hundred(1)), (3, vec![Odd::Repeats; 2]), "page and window are ignored");
        assert_eq!(pages_of(|_, page| hundred(page.min(5))).0, 6 + 1, "the last page again and again");
        assert_eq!(pages_of(|_, _| Vec::new()), (2, vec![Odd::Repeats; 2]));
    }

    #[test]
    fn a_list_without_end_is_read_to_a_limit() {
        let older = |window: Window| u32::from(window.to < window.from + AHEAD + FRESH);
        let (asked, odd) = pages_of(|window, page| hundred(page * 2 + older(window)));
        assert!(asked <= 2 * MOST_PAGES as usize && odd.contains(&Odd::Endless), "{asked} {odd:?}");
    }
}
