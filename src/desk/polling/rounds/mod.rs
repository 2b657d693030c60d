//! The rounds over the list: which are due, and which page of them is asked for next. Fresh orders that can move are looked at
//! in every round, late ones in every fourth, slow ones in every tenth; what is over, in which only a mistake or an order that
//! was listed late would be found, the less often the older it is; all of them less often where the budget is too small, by
//! what it costs to be late. Pure; the time is an argument.

pub mod census;
pub mod economy;
pub(super) mod sweep;
#[cfg(test)]
mod tests;
pub mod windows;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use self::{
    census::Census,
    economy::periods,
    sweep::Sweep,
    windows::{KINDS, Kind, Windows},
};
use crate::{
    desk::{gateway::Window, health::Odd},
    domain::{moment::Now, order::OrderNo},
};

/// The round of fresh orders, and that of everything.
const FIRST: usize = 0;
const WHOLE: usize = KINDS - 1;

/// What a page ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::desk) struct PageEnd {
    /// A round.
    pub(in crate::desk) is_round: bool,
    /// A round, and by now everything was looked at.
    pub(in crate::desk) is_all: bool,
    /// Its window, although the list says that more follows.
    pub(in crate::desk) odd: Option<Odd>,
}

/// The rounds.
#[derive(Debug)]
pub(super) struct Rounds {
    every: Duration,
    lookback: SignedDuration,
    census: Census,
    /// By kind.
    kinds: [Sweep; KINDS],
    /// Which kind ended last.
    last: usize,
    /// The page before was one of fresh orders.
    had_fresh: bool,
}

impl Rounds {
    /// Rounds that begin `every` so often at most, the first at once, over all orders made within `lookback`.
    pub(super) fn new(every: Duration, lookback: SignedDuration, uptime: Duration) -> Self {
        Self {
            every,
            lookback,
            census: Census::default(),
            kinds: std::array::from_fn(|_| Sweep::new(uptime)),
            last: 0,
            had_fresh: false,
        }
    }

    /// Looks at everything at once.
    pub(super) fn begin_now(&mut self, uptime: Duration) {
        self.kinds.iter_mut().for_each(|kind| kind.begin_now(uptime));
    }

    /// True when a round begins with the next call of `begin_if_due`: it wants a new census.
    pub(super) fn is_due(&self, uptime: Duration) -> bool {
        self.kinds.iter().any(|kind| kind.is_due(uptime))
    }

    /// The orders as they stand.
    pub(super) fn take_census(&mut self, census: Census) {
        self.census = census;
    }

    /// Begins the rounds that are due, when pages may take so many requests a minute.
    pub(super) fn begin_if_due(&mut self, now: Now, uptime: Duration, page_rate: f64) {
        if !self.is_due(uptime) {
            return;
        }
        // The newest window begins where it was looked last, also after a gap: an outage, a machine that slept.
        let windows = Windows::new(&self.census, now, self.kinds[FIRST].looked(), self.lookback);
        let mut rounds = windows.rounds(&self.census, self.every);
        // What a round took the last time is known better than what the counts say, unless there was or is none.
        for (round, sweep) in rounds.iter_mut().zip(&self.kinds) {
            round.pages = sweep.cost().filter(|_| round.pages > 0).unwrap_or(round.pages);
        }
        let periods = periods(rounds, page_rate);
        // A round that was put off for want of requests is not, once they are there.
        for (kind, period) in self.kinds.iter_mut().zip(periods) {
            kind.put_off_no_longer_than(period);
        }
        let is_gap = self.kinds[FIRST].is_due(uptime)
            && self.kinds[FIRST].ended().is_some_and(|ended| uptime >= ended + periods[FIRST] * 2);
        if is_gap {
            // What was late or slow may have moved; what is over has not.
            for kind in Kind::OF_MOVING {
                self.kinds[kind.nth()].hasten(uptime);
            }
        }
        let due = Kind::ALL.map(|kind| self.kinds[kind.nth()].is_due(uptime));
        for (kind, (windows, period)) in Kind::ALL.into_iter().zip(windows.0.into_iter().zip(periods)) {
            if due[kind.nth()] {
                let is_covered = Kind::ALL.iter().any(|other| due[other.nth()] && other.covers(kind));
                let windows = if is_covered { Vec::new() } else { windows };
                self.kinds[kind.nth()].begin(windows, now, uptime, period);
            }
        }
    }

    /// The kind whose page is asked for next: that which matters most, unless the time of a round has run out; then that which
    /// is latest by its own measure. So none waits for ever behind one that matters more. Until everything was looked at, that
    /// has every second page.
    fn next_kind(&self, uptime: Duration) -> Option<usize> {
        let wants = |kind: &usize| self.kinds[*kind].page().is_some();
        let is_start = self.kinds[WHOLE].ended().is_none();
        if is_start && self.had_fresh && wants(&WHOLE) {
            return Some(WHOLE);
        }
        // Of those that are equally late the first one.
        (0..KINDS).filter(wants).rev().max_by(|a, b| {
            let [a, b] = [a, b].map(|kind| self.kinds[*kind].lateness(uptime));
            a.total_cmp(&b)
        })
    }

    /// The page that is asked for next.
    pub(super) fn page(&self, uptime: Duration) -> Option<(Window, u32)> {
        self.next_kind(uptime).and_then(|kind| self.kinds[kind].page())
    }

    /// It is asked for now.
    pub(super) fn take_page(&mut self, uptime: Duration) {
        if let Some(kind) = self.next_kind(uptime) {
            self.kinds[kind].take_page();
            self.had_fresh = kind == FIRST;
        }
    }

    /// How many are still to be asked for, as far as that is known.
    pub(super) fn pages(&self) -> usize {
        self.kinds.iter().map(Sweep::pages).sum()
    }

    /// When the next round begins.
    pub(super) fn next_round(&self) -> Option<Duration> {
        self.kinds.iter().filter_map(Sweep::next_round).min()
    }

    /// A page has come; of a round that was given up it says nothing.
    pub(super) fn came(
        &mut self,
        page: (Window, u32),
        orders: &[OrderNo],
        more: bool,
        uptime: Duration,
    ) -> PageEnd {
        let Some(kind) = self.kind_of(page) else { return PageEnd::default() };
        let (is_round, odd) = self.kinds[kind].came(page, orders, more, uptime);
        if is_round {
            self.last = kind;
        }
        let is_all = is_round && self.kinds.iter().all(|kind| kind.ended().is_some());
        PageEnd { is_round, is_all, odd }
    }

    fn kind_of(&self, page: (Window, u32)) -> Option<usize> {
        self.kinds.iter().position(|kind| kind.awaits(page))
    }

    /// The round that ended last.
    pub(super) fn ended(&self) -> &Sweep {
        &self.kinds[self.last]
    }

    /// A page did not come. A round of fresh orders begins again at `at`; of the others the page is asked for once more.
    pub(super) fn failed(&mut self, page: (Window, u32), at: Duration) {
        match self.kind_of(page) {
            Some(FIRST) => self.kinds[FIRST].failed(at),
            Some(kind) => self.kinds[kind].put_back(page),
            None => {}
        }
    }

    /// The next round begins no later than this.
    pub(super) fn hasten(&mut self, at: Duration) {
        self.kinds[FIRST].hasten(at);
    }

    /// False for an order made at `created` that is too old for every round.
    pub(super) fn reaches(&self, created: Timestamp, now: Timestamp) -> bool {
        created >= now - self.lookback
    }
}
