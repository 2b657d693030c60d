//! Marked orders: what marks them, what keeps their marks, and what is done with all of them.

use jiff::SignedDuration;
use paydesk::{
    console::{
        Effect,
        action::{ACTIONS, Action, Context},
        theme::Signs,
    },
    desk::hub::{Command, CommandId, Reply, Update},
    domain::order::{OrderNo, OrderStatus},
    export::Format,
    lang::Lang,
};

use crate::rig::{Rig, Sketch, case, number};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

fn sketch(n: u32) -> Sketch {
    let airline = if n.is_multiple_of(2) { "TR" } else { "QG" };
    Sketch { n, airline, minutes_left: 12 + i64::from(n), ..Sketch::default() }
}

/// Forty unpaid orders, the nearest to its end first.
fn desk(size: (u16, u16)) -> Rig {
    let mut rig = Rig::new(size);
    rig.publish((1..=40).map(|n| case(&sketch(n))).collect());
    rig.press("2");
    rig.draw();
    rig.effects.clear();
    rig
}

/// The first twenty are marked.
fn twenty(size: (u16, u16)) -> Rig {
    let mut rig = desk(size);
    rig.press(&"Space ".repeat(20));
    rig
}

fn marked(rig: &Rig) -> Vec<OrderNo> {
    rig.console.picture().marked()
}

fn numbers(numbers: impl IntoIterator<Item = u32>) -> Vec<OrderNo> {
    numbers.into_iter().map(number).collect()
}

fn remark(rig: &Rig) -> &str {
    rig.console.ui.remark.as_ref().map_or("", |remark| remark.text.as_str())
}

fn asked(rig: &Rig) -> Vec<OrderNo> {
    let asked = rig.effects.iter().filter_map(|effect| match effect {
        Effect::Send(Command::Refresh(order) | Command::Inspect(order)) => Some(*order),
        _ => None,
    });
    asked.collect()
}

fn answer(rig: &mut Rig, reply: Reply) {
    rig.news(Update { replies: vec![(CommandId(1), reply)], ..Update::default() });
}

#[test]
fn twenty_marked_orders_are_refreshed_and_exported_and_none_is_paid_recovered_or_stopped() {
    for size in SIZES {
        let mut rig = twenty(size);
        assert_eq!(marked(&rig), numbers(1..=20));
        for action in [Action::Pay, Action::Recover, Action::Baggage, Action::Commit, Action::Take] {
            let chord = action.row().unwrap().chords(Context::Table)[0];
            rig.press(&chord.label());
            assert_eq!(remark(&rig), Lang::En.text("message.one_at_a_time"), "{action:?}");
            assert!(rig.console.ui.layers.is_empty() && asked(&rig).is_empty(), "{action:?}");
        }
        rig.press("r");
        assert_eq!(asked(&rig), numbers(1..=20));
        assert!(rig.effects.iter().all(|effect| !matches!(effect, Effect::Send(Command::Inspect(_)))));
        rig.press("m call Space back Enter");
        let noted = rig.effects.iter().filter_map(|effect| match effect {
            Effect::Send(Command::Note(order, text)) if text.as_str() == "call back" => Some(*order),
            _ => None,
        });
        assert_eq!(noted.collect::<Vec<_>>(), numbers(1..=20));
        assert_eq!(remark(&rig), "Noted on 20 orders.");
        rig.press("x c");
        let file = rig.effects.iter().find_map(|effect| match effect {
            Effect::Export(file) => Some(file),
            _ => None,
        });
        let file = file.unwrap();
        assert_eq!((file.format, file.text.lines().count()), (Format::Csv, 21));
        assert!(numbers(1..=20).iter().all(|order| file.text.contains(order.as_str())), "{}", file.text);
    }
}

#[test]
fn esc_clears_the_marks_and_one_order_is_acted_on_as_before() {
    let mut rig = twenty((80, 24));
    rig.press("$");
    rig.press("Esc");
    assert!(marked(&rig).is_empty(), "the remedy works at once");
    rig.press("$");
    assert!(rig.console.ui.layers.form().is_some());
    // The selected order alone is no bulk.
    let mut rig = desk((80, 24));
    rig.press("Space k $");
    assert!(rig.console.ui.layers.form().is_some());
    // But one beside it is: which of both is meant?
    let mut rig = desk((80, 24));
    rig.press("Space $");
    assert!(rig.console.ui.layers.form().is_none());
}

#[test]
fn no_action_reaches_money_while_orders_are_marked() {
    for row in ACTIONS {
        for chord in row.chords(Context::Table) {
            let mut rig = twenty((120, 40));
            rig.press(&chord.label());
            rig.pass(SignedDuration::from_secs(1));
            let layers = &rig.console.ui.layers;
            let is_open = layers.form().is_some()
                || layers.recover().is_some()
                || layers.baggage().is_some()
                || layers.commit().is_some();
            assert!(!is_open && rig.payments() == 0, "{} by {}", row.id, chord.label());
        }
    }
}

#[test]
fn space_marks_goes_on_and_unmarks() {
    let mut rig = desk((80, 24));
    rig.press("Space Space");
    assert_eq!((marked(&rig), rig.selected()), (numbers([1, 2]), number(3)));
    rig.press("k Space");
    assert_eq!((marked(&rig), rig.selected()), (numbers([1]), number(3)));
    rig.press("G Space Space");
    assert_eq!(rig.selected(), number(40), "there is nothing below the last");
    assert_eq!(marked(&rig), numbers([1]));
}

#[test]
fn a_range_is_what_lies_between_and_is_kept_by_v_or_space_and_dropped_by_esc() {
    for keep in ["v", "Space"] {
        let mut rig = desk((80, 24));
        rig.press("jj v jjj");
        assert_eq!(marked(&rig), numbers(3..=6), "it is seen before it is kept");
        rig.press(keep);
        rig.press("G");
        assert_eq!(marked(&rig), numbers(3..=6), "{keep}");
    }
    let mut rig = desk((80, 24));
    rig.press("Space G v kk Esc");
    assert_eq!(marked(&rig), numbers([1]), "only the range goes");
    rig.press("Esc");
    assert!(marked(&rig).is_empty());
    // What is done with it keeps it.
    rig.press("g jj v kk r");
    assert_eq!(asked(&rig), numbers(1..=3));
    rig.press("G");
    assert_eq!(marked(&rig), numbers(1..=3));
}

#[test]
fn marks_follow_their_orders_through_sorts_and_inserts_and_outlast_queue_and_filter() {
    let mut rig = desk((80, 24));
    rig.press("jj Space jj Space");
    let want = numbers([3, 6]);
    rig.press("S o");
    rig.press("S o");
    assert_eq!(marked(&rig), numbers([6, 3]), "as they stand in the rows");
    rig.press("S u");
    rig.publish((50..60).map(|n| case(&Sketch { n, minutes_left: 11, ..Sketch::default() })).collect());
    assert_eq!(marked(&rig), want);
    rig.press("/ TR Enter");
    assert_eq!(marked(&rig), numbers([6, 3]), "those that are not shown come last");
    let frame =
        |rig: &mut Rig| rig.draw().iter().find(|line| line.contains("marked")).cloned().unwrap_or_default();
    assert!(frame(&mut rig).contains("marked 2, 1 not shown"), "{}", rig.screen());
    rig.press("5");
    assert!(frame(&mut rig).contains("marked 2, 2 not shown"), "{}", rig.screen());
    rig.press("2 Esc");
    assert_eq!(marked(&rig), Vec::<OrderNo>::new(), "Esc takes the marks before the filter");
}

#[test]
fn an_order_that_is_not_shown_is_counted_before_it_is_acted_on() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk((80, 24));
        rig.console.ui.lang = lang;
        rig.press("Space Space / QG Enter");
        let said = lang.fill("status.marked_hidden", &[("count", &2), ("hidden", &1)]);
        assert!(rig.screen().contains(&said), "{}", rig.screen());
        rig.press("r");
        assert!(remark(&rig).contains(&said), "{}", remark(&rig));
        rig.press("x");
        assert!(rig.screen().contains(&said), "{}", rig.screen());
    }
}

#[test]
fn the_mark_is_one_cell_at_the_left_in_both_sets_of_signs_and_differs_without_colour() {
    for (signs, edges) in [(Signs::Ascii, ['*', '#', '>', ' ']), (Signs::Unicode, ['⣿', '█', '▌', ' '])]
    {
        for size in SIZES {
            let mut rig = desk(size);
            rig.console.model.setup.signs = signs;
            rig.press("Space Space k");
            let edge = |rig: &mut Rig, n: u32| {
                let tail = number(n).as_str().split_at(18).1.to_owned();
                let is_row = |line: &String| line.contains(&tail) && line.starts_with(['|', '│']);
                let line = rig.draw().into_iter().find(is_row).unwrap();
                line.chars().nth(2).unwrap()
            };
            let seen = [1, 2, 3, 4].map(|n| edge(&mut rig, n));
            assert_eq!(seen, [edges[0], edges[1], edges[3], edges[3]], "{}", rig.screen());
            rig.press("j");
            assert_eq!(edge(&mut rig, 3), edges[2], "{}", rig.screen());
        }
    }
}

#[test]
fn how_far_a_refresh_is_is_said_and_what_was_not_answered() {
    let mut rig = twenty((80, 24));
    rig.press("r");
    for n in 1..=7 {
        answer(&mut rig, Reply::Answered(number(n)));
    }
    assert!(rig.screen().contains("asked 7 of 20"), "{}", rig.screen());
    // Again while it lasts asks again for those that have been answered, and for no other.
    rig.effects.clear();
    rig.press("r");
    assert_eq!(asked(&rig), numbers(1..=7));
    assert!(rig.screen().contains("asked 7 of 27"), "{}", rig.screen());
    let error = paydesk::atlas::ReadError::NoSuchOrder;
    answer(&mut rig, Reply::Unanswered { order: number(8), error, unsettled: None });
    assert!(!remark(&rig).contains("0008"), "twenty remarks would say nothing: {}", remark(&rig));
    for n in (1..=20).filter(|n| *n != 8) {
        answer(&mut rig, Reply::Answered(number(n)));
    }
    assert_eq!(remark(&rig), "Asked 27, 1 of them without an answer.");
    assert!(!rig.screen().contains("asked 27 of"), "{}", rig.screen());
}

#[test]
fn with_one_order_alone_on_the_screen_keys_mean_that_one() {
    let mut rig = twenty((80, 24));
    rig.press("G Enter r");
    assert_eq!(asked(&rig), numbers([40]));
    rig.press("x j");
    let file = rig.effects.iter().find_map(|effect| match effect {
        Effect::Export(file) => Some(file),
        _ => None,
    });
    assert!(file.unwrap().text.contains(number(40).as_str()));
    rig.press("$");
    assert!(rig.console.ui.layers.form().is_none());
}

#[test]
fn marks_stay_on_orders_that_leave_the_queue() {
    let mut rig = desk((80, 24));
    rig.press("Space Space");
    rig.sketch(&Sketch { status: OrderStatus::Ticketed, ..sketch(1) });
    assert_eq!(marked(&rig), numbers([2, 1]));
    assert!(rig.screen().contains("marked 2, 1 not shown"), "{}", rig.screen());
}

#[test]
fn a_burst_or_a_paste_marks_nothing() {
    let mut rig = desk((80, 24));
    for key in crate::rig::strokes("Space Space v Space Space x c") {
        rig.strike(key, std::time::Duration::ZERO);
    }
    rig.wait(std::time::Duration::from_secs(1));
    rig.message(paydesk::console::Message::Paste("  v  x c".into()));
    assert!(marked(&rig).is_empty());
    assert!(rig.effects.iter().all(|effect| !matches!(effect, Effect::Export(_))));
}
