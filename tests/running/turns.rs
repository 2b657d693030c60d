//! What the loop does in a turn, and when it takes none.

use std::time::Duration;

use crossterm::event::Event;
use paydesk::{
    console::{End, backend::Ready},
    domain::order::OrderStatus,
    lang::Lang,
};

use crate::{
    rig::{Sketch, case, number, strokes},
    runner::Runner,
};

const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

fn ticketed(n: u32) -> Sketch {
    Sketch { n, status: OrderStatus::Ticketed, ..Sketch::default() }
}

/// A loop that has drawn all there is, with one order that is over.
fn at_rest() -> Runner {
    let mut runner = Runner::new((80, 24), Lang::En);
    let update = runner.cases(vec![case(&ticketed(1))]);
    runner.news(&update);
    runner.pass(SECOND);
    runner
}

#[test]
fn what_is_ready_together_is_drawn_once() {
    let mut runner = at_rest();
    let before = runner.frames();
    for n in 2..200 {
        let update = runner.cases(vec![case(&ticketed(n))]);
        runner.publish(&update);
    }
    runner.events(strokes("j j j k").into_iter().map(Event::Key));
    assert_eq!(runner.frames(), before + 1);
    assert!(runner.screen().contains("199 orders"), "{}", runner.screen());
}

#[test]
fn news_is_drawn_thirty_times_a_second_at_most_and_a_key_at_once() {
    let mut runner = at_rest();
    let before = runner.frames();
    for n in 0..1_000 {
        let update = runner.cases(vec![case(&ticketed(2 + n))]);
        runner.news(&update);
        runner.pass(MILLISECOND);
    }
    let drawn = runner.frames() - before;
    assert!((25..=31).contains(&drawn), "{drawn} frames in a second of news");
    let update = runner.cases(vec![case(&ticketed(5_000))]);
    runner.pass(SECOND);
    runner.news(&update);
    let update = runner.cases(vec![case(&ticketed(5_001))]);
    runner.news(&update);
    let before = runner.frames();
    runner.events(strokes("Down").into_iter().map(Event::Key));
    assert_eq!(runner.frames(), before + 1, "the key waited for the news");
}

#[test]
fn nothing_is_drawn_and_nothing_woken_while_nothing_changes() {
    let mut runner = at_rest();
    runner.health(|health| health.stale_after = jiff::SignedDuration::from_hours(1));
    runner.pass(SECOND);
    let (frames, turns) = (runner.frames(), runner.turns);
    runner.pass(SECOND * 600);
    assert_eq!((runner.frames(), runner.turns), (frames, turns));
    // An answer that only says the same again.
    let update = runner.cases(vec![case(&ticketed(1))]);
    runner.news(&update);
    runner.pass(SECOND);
    assert_eq!(runner.frames(), frames);
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let mut runner = at_rest();
    runner.turn(Ready { gone: true, input: true, ..Ready::default() });
    assert_eq!(runner.ended(true), End::HungUp);
}

#[test]
fn a_signal_ends_it() {
    let mut runner = at_rest();
    runner.turn(Ready { stop: true, ..Ready::default() });
    assert_eq!(runner.ended(true), End::Stopped);
}

#[test]
fn leaving_gives_the_terminal_back_and_waits_for_what_is_in_flight() {
    let leave = || {
        let mut runner = at_rest();
        runner.health(|health| health.in_flight = 1);
        runner.press("q y");
        assert!(runner.glass().is_given_back);
        assert!(runner.glass().last_words.as_ref().is_some_and(|words| words.contains('1')));
        assert!(!runner.has_ended(), "it left with a payment in flight");
        runner
    };
    assert_eq!(leave().ended(true), End::Quit);
    assert_eq!(leave().ended(false), End::Broken(1));
}

#[test]
fn an_order_number_is_copied_to_the_clipboard() {
    let mut runner = at_rest();
    runner.press("y");
    assert_eq!(runner.glass().clipboard, [number(1).to_string()]);
}
