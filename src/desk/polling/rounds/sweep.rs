//! One kind of round over the list: which of its pages are asked for, and when the next round begins. Pure; the time is an
//! argument.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    desk::{gateway::Window, health::Odd},
    domain::{moment::Now, order::OrderNo},
};

/// An order is in the list at the latest so long after it was made.
const LISTED_WITHIN: SignedDuration = SignedDuration::from_secs(30);

/// A window with more pages than this is not read to its end: 200,000 orders are more than any desk makes in a month.
pub(super) const MOST_PAGES: u32 = 2_000;

/// So many pages of a round that is resumed may fail; then it is given up.
const MOST_FAILURES: u32 = 3;

/// A round that is under way, or the last one. All times but `began` are uptimes.
#[derive(Debug)]
pub(in crate::desk) struct Sweep {
    next: Duration,
    pages: VecDeque<(Window, u32)>,
    /// Pages that were asked for and have not come yet.
    out: HashSet<(Window, u32)>,
    /// The windows of this round, and the orders that it has shown.
    windows: Vec<Window>,
    shown: HashSet<OrderNo>,
    /// When it began, by the clocks and in uptime; none before the first one.
    began: Option<(Now, Duration)>,
    /// The list says that more follows than was read.
    is_cut: bool,
    is_under_way: bool,
    failures: u32,
    /// Pages of this round that were asked for, and of the last one that ended.
    taken: u32,
    cost: Option<u32>,
    /// When a round ended last.
    ended: Option<Duration>,
    /// When the last one began that was read to its end.
    looked: Option<Now>,
}

impl Sweep {
    /// The first round begins at `uptime`.
    pub(super) fn new(uptime: Duration) -> Self {
        Self {
            next: uptime,
            pages: VecDeque::new(),
            out: HashSet::new(),
            windows: Vec::new(),
            shown: HashSet::new(),
            began: None,
            is_cut: false,
            is_under_way: false,
            failures: 0,
            taken: 0,
            cost: None,
            ended: None,
            looked: None,
        }
    }

    /// The next round begins at once, as if it were the first.
    pub(super) fn begin_now(&mut self, uptime: Duration) {
        self.give_up(uptime);
        self.ended = None;
        self.looked = None;
    }

    /// The round that is under way is not read to its end; the next one begins at `next`.
    fn give_up(&mut self, next: Duration) {
        self.pages.clear();
        self.out.clear();
        self.is_under_way = false;
        self.next = next;
    }

    /// True when it is time for a round, and none is under way.
    pub(super) fn is_due(&self, uptime: Duration) -> bool {
        uptime >= self.next && !self.is_under_way
    }

    /// Begins a round over these windows. The next one is due after `period`. Without any it has ended at once.
    pub(super) fn begin(&mut self, windows: Vec<Window>, now: Now, uptime: Duration, period: Duration) {
        self.next = uptime + period;
        self.pages.extend(windows.iter().map(|window| (*window, 1)));
        self.is_under_way = !windows.is_empty();
        if windows.is_empty() {
            self.ended = Some(uptime);
        }
        self.windows = windows;
        // What the last one has shown is not kept beside what this one will.
        self.shown = HashSet::new();
        self.out.clear();
        self.began = Some((now, uptime));
        self.is_cut = false;
        self.failures = 0;
        self.taken = 0;
    }

    /// Where it looks.
    #[cfg(test)]
    pub(super) fn windows(&self) -> &[Window] {
        &self.windows
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
        let page = self.pages.pop_front();
        self.taken += u32::from(page.is_some());
        self.out.extend(page);
    }

    /// So many pages the last round took.
    pub(super) fn cost(&self) -> Option<u32> {
        self.cost
    }

    /// When the next round begins, if none is under way.
    pub(super) fn next_round(&self) -> Option<Duration> {
        (!self.is_under_way).then_some(self.next)
    }

    /// When a round ended last.
    pub(super) fn ended(&self) -> Option<Duration> {
        self.ended
    }

    /// When the last round began that was read to its end, by the clocks.
    pub(super) fn looked(&self) -> Option<Now> {
        self.looked
    }

    /// True while this page is on its way.
    pub(super) fn awaits(&self, page: (Window, u32)) -> bool {
        self.out.contains(&page)
    }

    /// By how many times its period a round that is under way is late; nothing while its time has not run out.
    pub(super) fn lateness(&self, uptime: Duration) -> f64 {
        let Some((_, began)) = self.began else { return 0.0 };
        let period = self.next.saturating_sub(began).as_secs_f64().max(1.0);
        (uptime.saturating_sub(began).as_secs_f64() / period - 1.0).max(0.0)
    }

    /// A page has come that is awaited; another may follow, if this one brought an order that the round had not shown yet.
    /// True if it ended the round; and in which way its window has no end, if the list says that more follows.
    pub(super) fn came(
        &mut self,
        (window, page): (Window, u32),
        orders: &[OrderNo],
        more: bool,
        uptime: Duration,
    ) -> (bool, Option<Odd>) {
        if !self.out.remove(&(window, page)) {
            return (false, None);
        }
        let before = self.shown.len();
        self.shown.extend(orders);
        let odd = match (self.shown.len() == before, page >= MOST_PAGES) {
            _ if !more => None,
            (true, _) => Some(Odd::Repeats),
            (false, true) => Some(Odd::Endless),
            (false, false) => {
                // Before the next window: the orders that follow have moved on by little meanwhile.
                self.pages.push_front((window, page + 1));
                None
            }
        };
        self.is_cut |= odd.is_some();
        let is_round = self.pages.is_empty() && self.out.is_empty();
        if is_round {
            self.is_under_way = false;
            self.ended = Some(uptime);
            self.cost = Some(self.taken);
            self.looked = self.complete().map(|(now, _)| now).or(self.looked);
        }
        (is_round, odd)
    }

    /// When the round began that has just ended; none if the list was not read to its end.
    pub(in crate::desk) fn complete(&self) -> Option<(Now, Duration)> {
        self.began.filter(|_| !self.is_under_way && !self.is_cut)
    }

    /// True for an order made at `created` that the round should have shown, and has not. One that was only just made may
    /// not be in the list yet.
    pub(in crate::desk) fn leaves_out(&self, order: OrderNo, created: Timestamp) -> bool {
        let is_in = |window: &Window| window.from <= created && created < window.to;
        let is_settled = self.began.is_some_and(|(began, _)| created + LISTED_WITHIN <= began.span().0);
        is_settled && self.windows.iter().any(is_in) && !self.shown.contains(&order)
    }

    /// A page did not come. The next round begins at the start, no later than `at`; what this one had brought is kept by the
    /// book.
    pub(super) fn failed(&mut self, at: Duration) {
        self.give_up(self.next.min(at));
    }

    /// A page did not come that is asked for once more: a long round is not begun again for one answer. If it fails again
    /// and again, the next one is due at its time.
    pub(super) fn put_back(&mut self, page: (Window, u32)) {
        self.failures += 1;
        if self.failures > MOST_FAILURES {
            self.give_up(self.next);
        } else if self.out.remove(&page) {
            self.pages.push_front(page);
        }
    }

    /// The next round begins no later than so long after the last one.
    pub(super) fn put_off_no_longer_than(&mut self, period: Duration) {
        if let Some((_, began)) = self.began {
            self.hasten(began + period);
        }
    }

    /// The next round begins no later than this.
    pub(super) fn hasten(&mut self, at: Duration) {
        self.next = self.next.min(at);
    }
}
