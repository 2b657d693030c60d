//! What the loop does in a turn, and when it takes none.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::SignedDuration;
use paydesk::{
    config::{self, Stage},
    console::{
        End, Setup,
        terminal::backend::Ready,
        theme::{Looks, Surroundings, Theme},
    },
    domain::order::OrderStatus,
    lang::Lang,
};
use ratatui::style::Color;

use crate::{
    rig::{self, Sketch, case, number, strokes},
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
fn the_first_picture_stands_before_anything_is_started_behind_it() {
    let runner = at_rest();
    assert_eq!(runner.glass().frames_at_start, 1);
}

#[test]
fn a_countdown_wakes_it_once_a_second_and_nothing_else_does() {
    let mut runner = at_rest();
    runner.health(|health| health.stale_after = SignedDuration::from_hours(1));
    let update = runner.cases(vec![case(&Sketch { n: 2, minutes_left: 8, ..Sketch::default() })]);
    runner.news(&update);
    runner.pass(SECOND);
    let (turns, frames) = (runner.turns, runner.frames());
    runner.pass(SECOND * 60);
    let (turns, frames) = (runner.turns - turns, runner.frames() - frames);
    assert!((59..=61).contains(&turns) && frames <= turns, "{turns} turns, {frames} frames");
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

/// A loop on a terminal that may be asked for its background.
fn by_background() -> Runner {
    let around = Surroundings::of(|name| match name {
        "TERM" => Some("xterm".into()),
        "COLORTERM" => Some("truecolor".into()),
        _ => None,
    });
    let Looks { theme, by_background, .. } =
        Looks::new(&config::Theme::Auto, config::Signs::Auto, &around).unwrap();
    Runner::set_up((80, 24), Lang::En, Setup { theme, by_background, ..rig::setup(Stage::Demo) })
}

/// A terminal's answer, as the keys that it is read as.
fn answer(text: &str) -> Vec<Event> {
    let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
    let alt = |letter| key(KeyCode::Char(letter), KeyModifiers::ALT);
    let letters = text.chars().map(|letter| key(KeyCode::Char(letter), KeyModifiers::NONE));
    [alt(']')].into_iter().chain(letters).chain([alt('\\')]).collect()
}

#[test]
fn the_background_is_asked_once_and_waited_for_by_nobody_and_its_answer_is_no_key() {
    let mut runner = by_background();
    let update = runner.cases((1..9).map(|n| case(&ticketed(n))).collect());
    runner.news(&update);
    runner.pass(SECOND);
    let asked = runner.glass().asked_background;
    assert_eq!((asked, runner.glass().frame[(0, 5)].bg), (1, Color::Reset));
    runner.press("j");
    runner.pass(SECOND);
    let (screen, before) = (runner.screen(), runner.frames());
    let mut first = answer("11;rgb:1e1e/1e1e/2e2e");
    let rest = first.split_off(9);
    runner.events(first);
    assert_eq!((runner.screen(), runner.frames()), (screen.clone(), before), "half an answer is nothing");
    runner.events(rest);
    assert_eq!(runner.frames(), before + 1, "drawn once in the looks that it asks for");
    assert_eq!(runner.screen(), screen, "and in the same words");
    let dark = Theme::built_in(config::BuiltIn::Dark);
    let cell = runner.glass().frame[(76, 12)].clone();
    assert_eq!((Some(cell.fg), Some(cell.bg)), (dark.ground().fg, dark.ground().bg));
    runner.press("k");
    assert_eq!(runner.glass().asked_background, 1);
}

#[test]
fn a_terminal_whose_looks_are_chosen_is_not_asked() {
    let runner = at_rest();
    assert_eq!(runner.glass().asked_background, 0);
}
