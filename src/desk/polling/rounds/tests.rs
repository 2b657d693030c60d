//! Which rounds begin when, and where they look.

use super::*;
use super::{
    sweep::MOST_PAGES,
    windows::{AHEAD, BEHIND, FRESH},
};

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
        let page = rounds.page(uptime);
        rounds.take_page(uptime);
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
    let for_late_ones = 730 / 60 + 730 / 240;
    assert!(pages <= 730 + 30 + 2 * 73 + 2 + for_late_ones, "{pages}");
    assert_eq!(round(&mut rounds, at(729 * 30 + 29)), [], "not before its time");
}

#[test]
fn where_an_order_may_have_come_into_the_list_late_it_is_looked_again_ever_less_often() {
    let mut rounds = rounds();
    rounds.take_census(census(&[]));
    let all: Vec<_> = (0..=720).map(|n| round(&mut rounds, at(n * 30))).collect();
    let looked: Vec<_> = (0..all.len()).filter(|n| holds(&all[*n], 0)).collect();
    let (at_first, later): (Vec<usize>, Vec<usize>) = looked.into_iter().partition(|round| *round < 40);
    assert_eq!(at_first, (0..=31).collect::<Vec<_>>(), "a quarter of an hour in every round");
    assert_eq!(later, [60, 120, 240, 480, 720], "then after half an hour, one hour, two, four, six");
}

#[test]
fn a_round_whose_time_has_run_out_waits_no_longer_behind_those_that_matter_more() {
    let mut rounds = rounds();
    rounds.take_census(census(&[1, 5]));
    round(&mut rounds, at(0));
    // A page every 30 s is just what the fresh rounds want.
    let mut asked = [0; KINDS];
    for second in (30..3_600).step_by(30) {
        rounds.begin_if_due(Now::agreed(then(at(second))), at(second), PLENTY);
        asked[rounds.next_kind(at(second)).unwrap()] += 1;
        let page = rounds.page(at(second)).unwrap();
        rounds.take_page(at(second));
        rounds.came(page, &[], false, at(second));
    }
    let [fresh, late, slow, ..] = asked;
    assert!(late >= 3_600 / 120 / 2 && slow >= 3_600 / 300 / 2, "{asked:?}");
    assert!(fresh > late + slow, "{asked:?}");
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
        while let Some(page) = rounds.page(at(second)) {
            rounds.take_page(at(second));
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
            let (window, _) = rounds.page(at(0)).unwrap();
            assert!(window.from <= now() && now() < window.to, "{hours} h: {window:?}");
        }
    }
    // A clock that was never set moves nothing.
    let mut rounds = rounds();
    rounds.begin_if_due(Now { at: now(), wall: Timestamp::UNIX_EPOCH, settled: true }, at(0), PLENTY);
    assert_eq!(rounds.page(at(0)).unwrap().0, Window { from: now() - FRESH, to: now() + AHEAD });
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
    let (window, page) = rounds.page(at(1)).unwrap();
    assert_eq!((window, page), (whole.0, 2));
    for _ in 0..3 {
        rounds.take_page(at(2));
        rounds.failed((window, page), at(2));
        assert_eq!(rounds.page(at(2)), Some((window, page)));
    }
    rounds.take_page(at(2));
    rounds.failed((window, page), at(2));
    assert_eq!(rounds.page(at(2)), None);
    assert_eq!(rounds.kinds[WHOLE].next_round(), Some(EVERY * 720));
}

#[test]
fn a_page_that_comes_after_its_round_was_given_up_begins_nothing() {
    let mut rounds = rounds();
    let pages = begin(&mut rounds, at(0));
    rounds.begin_now(at(1));
    assert_eq!(rounds.came(pages[1], &[], true, at(1)), PageEnd::default());
    assert_eq!(rounds.page(at(1)), None);
}

#[test]
fn a_small_budget_makes_all_rounds_slower_and_leaves_none_out() {
    let mut rounds = rounds();
    rounds.take_census(census(&[0, 1, 5]));
    round(&mut rounds, at(0));
    let mut begun = [0; KINDS];
    for second in 1..100_000 {
        rounds.begin_if_due(Now::agreed(now()), at(second), 1.0);
        let mut pages = 0;
        while let Some(page) = rounds.page(at(second)) {
            begun[rounds.next_kind(at(second)).unwrap()] += u32::from(page.1 == 1);
            rounds.take_page(at(second));
            rounds.came(page, &[], false, at(second));
            pages += 1;
        }
        assert!(pages < 20);
    }
    let [fresh, late, slow, hour, hours, whole] = begun;
    assert!(
        fresh > late && late > slow && slow > hour && hour > hours && hours > whole && whole >= 1,
        "{begun:?}"
    );
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
        while let Some(page) = rounds.page(at(1)) {
            rounds.take_page(at(1));
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
