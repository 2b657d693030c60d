//! What has changed in a row is marked until it was seen.

use jiff::SignedDuration;
use paydesk::{
    console::{Console, Message},
    desk::{health::Health, hub::Update},
    domain::{case::Case, order::OrderStatus},
};

use crate::rig::{Rig, Sketch, case, money, number};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn sketch(n: u32) -> Sketch {
    Sketch { n, minutes_left: 20 + i64::from(n), ..Sketch::default() }
}

/// Three unpaid orders; the first one is selected, and nothing is news.
fn desk() -> Rig {
    let mut rig = Rig::new((120, 40));
    rig.publish([1, 2, 3].map(|n| case(&sketch(n))).into());
    rig.pass(SECOND);
    rig
}

fn ticketed(n: u32) -> Case {
    case(&Sketch { status: OrderStatus::Ticketed, ..sketch(n) })
}

fn row(rig: &mut Rig, n: u32) -> String {
    let (rows, no) = (rig.rows(), number(n));
    rows.into_iter().find(|row| row.contains(no.as_str().split_at(18).1)).unwrap_or_default()
}

fn is_marked(rig: &mut Rig, n: u32) -> bool {
    row(rig, n).contains(['\'', '*'])
}

#[test]
fn a_changed_cell_keeps_its_mark_until_its_row_stood_on_the_screen_for_30_s() {
    let mut rig = desk();
    rig.publish(vec![ticketed(2)]);
    let shown = row(&mut rig, 2);
    assert!(shown.contains("'v") && !shown.contains('*'), "{shown}");
    assert!(!is_marked(&mut rig, 1) && !is_marked(&mut rig, 3), "{}", rig.screen());
    rig.pass(SECOND * 29);
    assert!(is_marked(&mut rig, 2), "{}", rig.screen());
    // At that second it is woken for it.
    let wake = rig.console.next_wake().unwrap();
    assert!(wake <= rig.now + SECOND, "{wake}");
    rig.pass(SECOND);
    assert!(!is_marked(&mut rig, 2), "{}", rig.screen());
}

#[test]
fn what_changes_in_a_frozen_picture_is_marked_when_it_moves_again() {
    let mut rig = desk();
    rig.press("f");
    rig.publish(vec![ticketed(2)]);
    rig.pass(SECOND * 60);
    rig.press("f");
    assert!(is_marked(&mut rig, 2), "{}", rig.screen());
    rig.pass(SECOND * 30);
    assert!(!is_marked(&mut rig, 2), "{}", rig.screen());
}

#[test]
fn a_changed_cell_keeps_its_mark_until_the_order_was_selected() {
    let mut rig = desk();
    rig.publish(vec![ticketed(2)]);
    assert!(is_marked(&mut rig, 2));
    while rig.selected() != number(2) {
        assert!(is_marked(&mut rig, 2), "only its own selection counts");
        rig.press("j");
    }
    assert!(!is_marked(&mut rig, 2), "{}", rig.screen());
}

#[test]
fn the_selected_order_that_changes_while_nobody_is_there_is_marked_until_the_next_key() {
    let mut rig = desk();
    rig.press("j");
    rig.publish(vec![ticketed(2)]);
    assert!(is_marked(&mut rig, 2));
    rig.press("p");
    assert!(!is_marked(&mut rig, 2));
}

#[test]
fn a_row_that_is_not_on_the_screen_is_not_seen() {
    let mut rig = Rig::new((80, 24));
    rig.publish((1..=40).map(|n| case(&sketch(n))).collect());
    rig.publish(vec![case(&Sketch { names: vec!["ANY/BODY"], ..sketch(40) })]);
    rig.pass(SECOND * 60);
    assert_eq!(rig.console.ui.changed.next_seen(), None);
    rig.press("G k");
    assert!(!is_marked(&mut rig, 40), "it was selected: {}", rig.screen());

    let mut rig = Rig::new((80, 24));
    rig.publish((1..=40).map(|n| case(&sketch(n))).collect());
    rig.publish(vec![case(&Sketch { names: vec!["ANY/BODY"], ..sketch(39) })]);
    rig.pass(SECOND * 60);
    rig.press("G");
    assert!(is_marked(&mut rig, 39), "{}", rig.screen());
    // Nor while something covers the table.
    rig.press("Enter");
    rig.pass(SECOND * 60);
    rig.press("Esc");
    assert!(is_marked(&mut rig, 39), "{}", rig.screen());
}

#[test]
fn a_new_order_is_marked_as_new_and_what_was_not_known_before_is_no_change() {
    let mut rig = desk();
    let mut unpriced = case(&sketch(4));
    unpriced.order.details = None;
    rig.publish(vec![unpriced]);
    let shown = row(&mut rig, 4);
    assert!(shown.contains('*') && !shown.contains('\''), "{shown}");
    rig.pass(SECOND * 30);
    rig.publish(vec![case(&sketch(4))]);
    assert!(!is_marked(&mut rig, 4), "{}", rig.screen());
}

#[test]
fn each_cell_that_says_something_else_is_marked() {
    let mut rig = desk();
    let mut dearer = case(&sketch(2));
    dearer.order.details.as_mut().unwrap().total = Some(money("120.55", "USD"));
    let options = &mut dearer.order.details.as_mut().unwrap().options;
    options[0].ticket_fare.as_mut().unwrap().money = money("118.55", "USD");
    rig.publish(vec![dearer]);
    let shown = row(&mut rig, 2);
    assert!(shown.contains("'USD") && shown.matches('\'').count() == 1, "{shown}");
    let mut later = case(&sketch(3));
    later.order.details.as_mut().unwrap().deadline = Some(rig.now + SECOND * 2_400);
    rig.publish(vec![later]);
    let shown = row(&mut rig, 3);
    assert!(shown.contains("'==== 40:00"), "{shown}");
    assert_eq!(shown.matches('\'').count(), 1, "{shown}");
}

#[test]
fn what_comes_in_at_the_start_is_no_news_and_costs_nothing() {
    let mut rig = Rig::new((120, 40));
    rig.console = Console::new(crate::rig::setup(paydesk::config::Stage::Demo), (120, 40), rig.now, || {
        unreachable!("nothing is paid")
    });
    // Until the list was read once, its pages come in.
    for n in 1..5 {
        rig.publish(vec![case(&sketch(n))]);
    }
    let health = Health { last_success: Some(rig.now), last_sweep: Some(rig.now), ..Health::default() };
    let last = Update { cases: vec![case(&sketch(5)).into()], health: Some(health), ..Update::default() };
    rig.news(last);
    assert!(rig.console.ui.changed.is_empty(), "{}", rig.screen());
    // What the journal remembered is told afresh by the first answer.
    let mut rig = Rig::new((120, 40));
    rig.news(Update {
        remembered: vec![case(&sketch(1)).into(), case(&sketch(2)).into()],
        ..Update::default()
    });
    rig.publish(vec![ticketed(1)]);
    assert!(rig.console.ui.changed.is_empty(), "{}", rig.screen());
    // The same again is no change, and nothing wakes the console for it.
    rig.publish(vec![ticketed(1)]);
    rig.message(Message::Woke);
    assert_eq!(rig.console.ui.changed.next_seen(), None);
}
