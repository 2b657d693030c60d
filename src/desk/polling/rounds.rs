//! The rounds over the list. Fresh orders that can move are looked at in every round, late ones in every fourth, slow ones in
//! every tenth, and what is over, in which only a mistake would be found, a few times a day; all of them less often where the
//! budget is too small, by what it costs to be late. Pure; the time is an argument.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    census::Census,
    economy::{Round, periods, weight},
    sweep::Sweep,
};
use crate::{
    desk::{gateway::Window, health::Odd},
    domain::{moment::Now, order::OrderNo},
};

/// Until they are so old, orders that can move are looked at in every round: so long most of them may be paid.
const FRESH: SignedDuration = SignedDuration::from_mins(40);

/// Until they are so old, in every fourth: most of those that are still in ticketing are late.
const LATE: SignedDuration = SignedDuration::from_hours(2);

/// How many times less often each kind of round is made than that of fresh orders: of late ones, of slow ones, of everything.
const TIMES: [u32; 4] = [1, 4, 10, 720];

/// Every round reaches back so far behind the beginning of the last one: an order may be in the list late.
const BEHIND: SignedDuration = SignedDuration::from_mins(15);

/// The vendor's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// The round of fresh orders, and that of everything.
const FIRST: usize = 0;
const WHOLE: usize = 3;

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

/// Which kind of round looks at an order that moves and is so old.
pub(super) fn kind_of_age(age: Duration) -> usize {
    [FRESH, LATE].iter().take_while(|limit| age >= limit.unsigned_abs()).count()
}

/// Where each kind of round has to look, the newest orders first: fresh orders that move, and those that nobody has seen yet;
/// late ones; slow ones; everything.
#[derive(Clone, Debug)]
pub struct Windows([Vec<Window>; 4]);

impl Windows {
    /// Where to look for the orders of this census, when a round that was read to its end began at `looked`.
    pub fn new(census: &Census, now: Now, looked: Option<Now>, lookback: SignedDuration) -> Self {
        // An order is dated by a clock that may be any of those that we know of.
        let (earliest, latest) = now.span();
        let border = earliest - FRESH;
        let since = looked.map_or(border, |looked| looked.span().0.min(earliest) - BEHIND);
        let newest = Window { from: since, to: latest + AHEAD };
        let made_in = |from: Timestamp, to: Timestamp| Window { from: from.min(since), to: to.min(since) };
        let end = earliest - lookback;
        let late = (earliest - LATE).max(end);
        let whole = made_in(end, since);
        Self([
            census.windows(made_in(border, since), Some(newest)),
            census.windows(made_in(late, border), None),
            census.windows(made_in(end, late), None),
            if lookback > FRESH && whole.from < whole.to { vec![whole] } else { Vec::new() },
        ])
    }

    /// What each kind costs and is worth, and how often it is made at most.
    pub fn rounds(&self, census: &Census, every: Duration) -> [Round; 4] {
        let weights = [weight::MOVING, weight::LATE, weight::SLOW, weight::CLOSED];
        std::array::from_fn(|kind| {
            let windows = &self.0[kind];
            let counted = |window| if kind == WHOLE { census.all(window) } else { census.moving(window) };
            // Orders that nobody has seen yet are fresh.
            let orders: u32 =
                windows.iter().map(|window| counted(*window)).sum::<u32>() + u32::from(kind == FIRST);
            Round {
                pages: windows.iter().map(|window| census.pages(*window)).sum(),
                weight: f64::from(orders) * weights[kind],
                soonest: every * TIMES[kind],
            }
        })
    }
}

/// The rounds.
#[derive(Debug)]
pub(super) struct Rounds {
    every: Duration,
    lookback: SignedDuration,
    census: Census,
    kinds: [Sweep; 4],
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
            self.kinds[..WHOLE].iter_mut().for_each(|kind| kind.hasten(uptime));
        }
        let is_whole = self.kinds[WHOLE].is_due(uptime);
        for (kind, (windows, period)) in windows.0.into_iter().zip(periods).enumerate() {
            if self.kinds[kind].is_due(uptime) {
                let is_covered = is_whole && kind != FIRST && kind != WHOLE;
                self.kinds[kind].begin(if is_covered { Vec::new() } else { windows }, now, uptime, period);
            }
        }
    }

    /// The kind whose page is asked for next. Until everything was looked at, that has every second page.
    fn next_kind(&self) -> Option<usize> {
        let is_start = self.kinds[WHOLE].ended().is_none();
        let order = if is_start && self.had_fresh { [WHOLE, 0, 1, 2] } else { [0, 1, 2, WHOLE] };
        order.into_iter().find(|kind| self.kinds[*kind].page().is_some())
    }

    /// The page that is asked for next.
    pub(super) fn page(&self) -> Option<(Window, u32)> {
        self.next_kind().and_then(|kind| self.kinds[kind].page())
    }

    /// It is asked for now.
    pub(super) fn take_page(&mut self) {
        if let Some(kind) = self.next_kind() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::polling::sweep::MOST_PAGES;

    const EVERY: Duration = Duration::from_secs(30);
    const PLENTY: f64 = 1_000.0;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1_000)
    }

    /// The time when the uptime is this.
    fn then(uptime: Duration) -> Timestamp {
        now() + uptime
    }

    fn rounds() -> Rounds {
        Rounds::new(EVERY, SignedDuration::from_hours(24), at(0))
    }

    /// A hundred orders for every ten minutes of a day; those that move by the hours that they are old.
    fn census(moving: &[i64]) -> Census {
        let mut census = Census::default();
        for minute in 1..24 * 60 {
            (0..10).for_each(|_| census.count(now() - SignedDuration::from_mins(minute), false));
        }
        for hours in moving {
            census.count(now() - SignedDuration::from_hours(*hours), true);
        }
        census
    }

    /// Begins what is due; which pages are asked for.
    fn begin(rounds: &mut Rounds, uptime: Duration) -> Vec<(Window, u32)> {
        rounds.begin_if_due(Now::agreed(then(uptime)), uptime, PLENTY);
        std::iter::from_fn(|| {
            let page = rounds.page();
            rounds.take_page();
            page
        })
        .collect()
    }

    /// Plays what is due to its end; the windows that were asked for.
    fn round(rounds: &mut Rounds, uptime: Duration) -> Vec<Window> {
        let pages = begin(rounds, uptime);
        for page in &pages {
            let _end = rounds.came(*page, &[], false, uptime);
        }
        pages.into_iter().map(|(window, _)| window).collect()
    }

    fn hours(window: Window) -> i64 {
        window.to.duration_since(window.from).as_hours()
    }

    fn holds(windows: &[Window], hours: i64) -> bool {
        let made = now() - SignedDuration::from_hours(hours);
        windows.iter().any(|window| window.from <= made && made < window.to)
    }

    #[test]
    fn closed_windows_are_not_swept_again_without_cause() {
        let mut rounds = rounds();
        rounds.take_census(census(&[1, 5]));
        let all: Vec<_> = (0..730).map(|n| round(&mut rounds, at(n * 30))).collect();
        let rounds_with =
            |hours: i64| -> Vec<usize> { (0..all.len()).filter(|n| holds(&all[*n], hours)).collect() };
        assert_eq!(rounds_with(12), [0, 720], "nothing of these moves");
        assert_eq!(rounds_with(5), (0..730).step_by(10).collect::<Vec<_>>(), "one may move still");
        let late: Vec<_> = rounds_with(1).into_iter().filter(|round| *round < 120).collect();
        assert_eq!(late, (0..120).step_by(4).collect::<Vec<_>>(), "one moves, and is not two hours old");
        let newest = |windows: &Vec<Window>| windows.iter().any(|window| hours(*window) < 3);
        let without: Vec<_> = (0..all.len()).filter(|n| !newest(&all[*n])).collect();
        assert_eq!(without, Vec::<usize>::new(), "orders that nobody knows of yet");
        let pages: usize = all.iter().map(Vec::len).sum();
        assert!(pages <= 730 + 30 + 2 * 73 + 2, "{pages}");
        assert_eq!(round(&mut rounds, at(729 * 30 + 29)), [], "not before its time");
    }

    #[test]
    fn a_round_that_was_put_off_is_made_up_for_when_there_are_requests_again() {
        let mut rounds = rounds();
        rounds.take_census(census(&[]));
        round(&mut rounds, at(0));
        // Hardly any: what is late waits for hours.
        rounds.take_census(census(&[1]));
        for second in (30..600).step_by(30) {
            rounds.begin_if_due(Now::agreed(then(at(second))), at(second), 0.01);
            while let Some(page) = rounds.page() {
                rounds.take_page();
                let _end = rounds.came(page, &[], false, at(second));
            }
        }
        let then: Vec<_> = (20..30).map(|n| round(&mut rounds, at(n * 30))).collect();
        assert!(then.iter().any(|windows| holds(windows, 1)), "{then:?}");
    }

    #[test]
    fn an_order_that_was_just_made_is_seen_whatever_clock_is_wrong() {
        for hours in [-9, -8, -1, 1, 8, 9] {
            let off = now() + SignedDuration::from_hours(hours);
            for (vendor, wall) in [(off, now()), (now(), off)] {
                let mut rounds = rounds();
                rounds.begin_if_due(Now { at: vendor, wall, settled: true }, at(0), PLENTY);
                let (window, _) = rounds.page().unwrap();
                assert!(window.from <= now() && now() < window.to, "{hours} h: {window:?}");
            }
        }
        // A clock that was never set moves nothing.
        let mut rounds = rounds();
        rounds.begin_if_due(Now { at: now(), wall: Timestamp::UNIX_EPOCH, settled: true }, at(0), PLENTY);
        assert_eq!(rounds.page().unwrap().0, Window { from: now() - FRESH, to: now() + AHEAD });
    }

    #[test]
    fn after_a_gap_a_round_begins_where_it_was_looked_last() {
        let mut rounds = rounds();
        rounds.take_census(census(&[5]));
        round(&mut rounds, at(0));
        assert_eq!(round(&mut rounds, at(30)).len(), 1);
        let slept = round(&mut rounds, at(3_000));
        assert!(slept[0].from <= then(at(30)) - BEHIND, "the machine slept: {slept:?}");
        assert!(holds(&slept, 5), "and what is slow may have moved");
        assert_eq!(begin(&mut rounds, at(3_030)).len(), 1);
        let only = rounds.kinds[0].page();
        assert_eq!(only, None);
        // An outage: every page fails.
        let pages: Vec<_> = rounds.kinds[0].windows().iter().map(|window| (*window, 1)).collect();
        rounds.failed(pages[0], at(3_032));
        assert!(!holds(&round(&mut rounds, at(3_032)), 5), "one failure is no gap");
        for second in (3_062..3_240).step_by(30) {
            for page in begin(&mut rounds, at(second)) {
                rounds.failed(page, at(second + 30));
            }
        }
        let after = round(&mut rounds, at(3_242));
        assert!(holds(&after, 5) && after[0].from <= then(at(3_032)) - BEHIND, "an outage is");
        assert!(!holds(&after, 12), "what is closed stays closed");
    }

    #[test]
    fn a_page_that_failed_at_the_start_is_made_up_for_at_once() {
        let mut rounds = rounds();
        let pages = begin(&mut rounds, at(0));
        assert_eq!(pages.len(), 2);
        for page in pages {
            rounds.failed(page, at(2));
        }
        assert_eq!(round(&mut rounds, at(2)).len(), 2);
        assert_eq!(round(&mut rounds, at(32)).len(), 1);
    }

    #[test]
    fn a_long_round_goes_on_where_a_page_failed_and_is_given_up_when_that_one_never_comes() {
        let mut rounds = rounds();
        let whole = begin(&mut rounds, at(0))[1];
        assert!(!rounds.came(whole, &hundred(1), true, at(1)).is_round);
        let (window, page) = rounds.page().unwrap();
        assert_eq!((window, page), (whole.0, 2));
        for _ in 0..3 {
            rounds.take_page();
            rounds.failed((window, page), at(2));
            assert_eq!(rounds.page(), Some((window, page)));
        }
        rounds.take_page();
        rounds.failed((window, page), at(2));
        assert_eq!(rounds.page(), None);
        assert_eq!(rounds.kinds[WHOLE].next_round(), Some(EVERY * 720));
    }

    #[test]
    fn a_page_that_comes_after_its_round_was_given_up_begins_nothing() {
        let mut rounds = rounds();
        let pages = begin(&mut rounds, at(0));
        rounds.begin_now(at(1));
        assert_eq!(rounds.came(pages[1], &[], true, at(1)), PageEnd::default());
        assert_eq!(rounds.page(), None);
    }

    #[test]
    fn a_small_budget_makes_all_rounds_slower_and_leaves_none_out() {
        let mut rounds = rounds();
        rounds.take_census(census(&[0, 1, 5]));
        round(&mut rounds, at(0));
        let mut begun = [0; 4];
        for second in 1..100_000 {
            rounds.begin_if_due(Now::agreed(now()), at(second), 1.0);
            let mut pages = 0;
            while let Some(page) = rounds.page() {
                begun[rounds.next_kind().unwrap()] += u32::from(page.1 == 1);
                rounds.take_page();
                rounds.came(page, &[], false, at(second));
                pages += 1;
            }
            assert!(pages < 20);
        }
        let [fresh, late, slow, whole] = begun;
        assert!(fresh > late && late > slow && slow > whole && whole >= 1, "{begun:?}");
        assert!(fresh < 1_667, "no more than a page a minute: {begun:?}");
    }

    /// A hundred orders, the `n`th hundred.
    fn hundred(n: u32) -> Vec<OrderNo> {
        (0..100).map(|i| format!("TESTA20261103{:09}", 100_000_000 + n * 100 + i).parse().unwrap()).collect()
    }

    /// Plays a whole round against a list that never says that it ends; the pages that were asked for.
    fn pages_of(list: impl Fn(Window, u32) -> Vec<OrderNo>) -> (usize, Vec<Odd>) {
        let mut rounds = rounds();
        let (mut asked, mut odd) = (0, Vec::new());
        let mut due = begin(&mut rounds, at(0));
        while let Some((window, page)) = due.pop() {
            asked += 1;
            odd.extend(rounds.came((window, page), &list(window, page), true, at(1)).odd);
            while let Some(page) = rounds.page() {
                rounds.take_page();
                due.push(page);
            }
        }
        assert!(rounds.next_round().is_some(), "the round has ended");
        (asked, odd)
    }

    #[test]
    fn a_page_that_brings_nothing_new_ends_its_window() {
        assert_eq!(pages_of(|_, _| hundred(1)), (4, vec![Odd::Repeats; 2]), "page and window are ignored");
        assert_eq!(pages_of(|_, page| hundred(page.min(5))).0, 2 * 6, "the last page again and again");
        assert_eq!(pages_of(|_, _| Vec::new()), (2, vec![Odd::Repeats; 2]));
    }

    #[test]
    fn a_list_without_end_is_read_to_a_limit() {
        let older = |window: Window| u32::from(window.to < now());
        let (asked, odd) = pages_of(|window, page| hundred(page * 2 + older(window)));
        assert!(asked <= 2 * MOST_PAGES as usize && odd.contains(&Odd::Endless), "{asked} {odd:?}");
    }
}
