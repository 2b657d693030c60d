//! Notes, and whose an order is, by keys alone.

use std::sync::Arc;

use jiff::{SignedDuration, tz::TimeZone};
use paydesk::{
    console::{
        Effect, Message,
        action::Context,
        aside::Aside,
        filter::Reading,
        list::queue::{OwnQueue, Tab},
        reload::Reload,
    },
    desk::hub::{Command, CommandId, NotBegun, NotWorked, Reply, Update},
    domain::{
        author::Author,
        case::Case,
        story::{Happening, OperatorAction, What},
        work::LEASE,
    },
    lang::Lang,
};

use crate::{
    rig::{Rig, case, noon, number, sample},
    scenes::{SECOND, asks_for_the_amount, pays, sends, sketch, table},
};

/// A person at their program; `li elsewhere` is Li at another one.
fn author(who: &str) -> Author {
    match who.split_once(' ') {
        Some((who, place)) => Author { program: place.into(), ..sample::author(who) },
        None => sample::author(who),
    }
}

/// The order of the scenes after what these did.
fn after(did: &[(&str, OperatorAction)]) -> Case {
    let mut case = case(&sketch());
    let mut work = case.work().clone();
    for (who, action) in did {
        work.on_action(action, &author(who), noon());
    }
    case.work = Some(Arc::new(work));
    case
}

fn took() -> OperatorAction {
    OperatorAction::Took { until: noon() + LEASE }
}

fn commands(rig: &Rig) -> Vec<&Command> {
    let sent = rig.effects.iter().filter_map(|effect| match effect {
        Effect::Send(command) => Some(command),
        _ => None,
    });
    sent.filter(|command| !matches!(command, Command::Watch(_) | Command::Inspect(_))).collect()
}

#[test]
fn a_note_is_written_on_the_selected_order_from_the_table_and_from_the_detail() {
    for open in ["m", "Enter m"] {
        let mut rig = table();
        rig.press(open);
        assert_eq!(rig.console.ui.layers.context(), Context::Note);
        rig.press("c a l l");
        rig.press("Enter");
        assert_eq!(commands(&rig), [&Command::Note(number(1), "call".into())], "{open}");
        assert_ne!(rig.console.ui.layers.context(), Context::Note);
    }
}

#[test]
fn an_empty_note_is_refused_a_card_number_is_masked_as_it_is_typed_and_esc_drops_it() {
    let mut rig = table();
    rig.press("m Enter");
    assert!(rig.screen().contains("Nothing is written"), "{}", rig.screen());
    rig.press("paid Space with Space 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1");
    assert!(rig.screen().contains("A card number does not belong"), "{}", rig.screen());
    assert!(!rig.screen().contains("4111"), "{}", rig.screen());
    assert!(rig.screen().contains("paid with ************1111 "), "the note stays: {}", rig.screen());
    rig.press("x Esc");
    assert_eq!(rig.console.ui.layers.context(), Context::Table);
    assert!(commands(&rig).is_empty(), "{:?}", rig.effects);
    rig.press("m 4 1 1 1 - 1 1 1 1 - 1 1 1 1 - 1 1 1 1 Enter");
    assert_eq!(commands(&rig), [&Command::Note(number(1), "****-****-****-1111".into())]);
}

#[test]
fn a_note_that_is_longer_than_what_is_kept_is_not_cut_in_silence() {
    let mut rig = table();
    rig.press("m");
    rig.message(Message::Paste("x".repeat(2_001)));
    rig.wait(SECOND.unsigned_abs());
    rig.press("Enter");
    assert!(rig.screen().contains("2000 characters at most"), "{}", rig.screen());
    assert!(commands(&rig).is_empty(), "{:?}", rig.effects);
    rig.press("Backspace Enter");
    assert_eq!(commands(&rig).len(), 1);
}

#[test]
fn notes_stand_in_the_detail_with_who_and_when() {
    for (lang, want) in [(Lang::En, "Notes"), (Lang::ZhCn, "备注")] {
        let mut rig = Rig::new((120, 40));
        rig.healthy();
        rig.publish(vec![after(&[("mei", OperatorAction::Noted("call back".into()))])]);
        rig.console.ui.lang = lang;
        let screen = rig.screen();
        assert!(screen.contains(want) && screen.contains("06:22:00  mei  call back"), "{screen}");
    }
}

#[test]
fn an_order_is_taken_and_released_and_taking_it_over_asks_for_a_reason() {
    let mut rig = table();
    rig.press("c");
    assert_eq!(commands(&rig), [&Command::Take(number(1))]);
    rig.publish(vec![after(&[("li", took())])]);
    assert!(rig.screen().contains("yours, 10 min"), "{}", rig.screen());
    rig.press("C");
    assert!(sends(&rig, |command| *command == Command::Release(number(1))));
    let mut rig = table();
    rig.publish(vec![after(&[("mei", took())])]);
    assert!(rig.screen().contains("mei since 06:22"), "{}", rig.screen());
    rig.press("C");
    assert!(rig.screen().contains("mei has it"), "{}", rig.screen());
    rig.press("c Enter");
    assert!(rig.screen().contains("A reason is needed"), "{}", rig.screen());
    rig.press("l u n c h Enter");
    let over = Command::TakeOver { order: number(1), reason: "lunch".into() };
    assert_eq!(commands(&rig), [&over]);
}

#[test]
fn a_console_that_only_looks_takes_notes_and_releases_nothing() {
    let mut rig = table();
    rig.console.model.setup.read_only = true;
    for key in ["m", "c", "C"] {
        rig.press(key);
        assert_eq!(rig.console.ui.layers.context(), Context::Table, "{key}");
        assert!(rig.screen().contains("Read-only"), "{key}: {}", rig.screen());
    }
    rig.press("t");
    assert!(commands(&rig).is_empty(), "{:?}", rig.effects);
}

#[test]
fn a_form_takes_a_free_order_and_makes_the_lease_longer_while_it_is_open() {
    for keys in ["$", "t"] {
        let mut rig = table();
        rig.press(keys);
        assert_eq!(commands(&rig), [&Command::Take(number(1))], "{keys}");
        rig.publish(vec![after(&[("li", took())])]);
        rig.pass(SECOND);
        assert_eq!(commands(&rig).len(), 1, "{keys}");
        rig.pass(SignedDuration::from_mins(5));
        assert_eq!(commands(&rig).len(), 2, "{keys}: by itself, and once");
        rig.pass(SignedDuration::from_mins(1));
        assert_eq!(commands(&rig).len(), 2, "{keys}");
    }
}

#[test]
fn what_another_person_has_is_not_paid_until_it_is_taken_over() {
    let mut rig = table();
    rig.publish(vec![after(&[("mei", took())])]);
    rig.press("$");
    assert!(commands(&rig).is_empty(), "{:?}", rig.effects);
    rig.pass(SECOND);
    rig.publish(vec![after(&[("mei", took())])]);
    rig.press("Enter");
    assert!(!asks_for_the_amount(&rig), "{}", rig.screen());
    assert!(rig.screen().contains("mei has the order since"), "{}", rig.screen());
    rig.press("c l u n c h Enter");
    let over = Command::TakeOver { order: number(1), reason: "lunch".into() };
    assert_eq!(commands(&rig), [&over]);
    rig.publish(vec![after(&[("mei", took()), ("li", took())])]);
    rig.press("Enter");
    assert!(asks_for_the_amount(&rig), "{}", rig.screen());
}

#[test]
fn an_owner_who_changes_between_review_and_enter_is_asked_about_again() {
    let mut rig = crate::scenes::confirmation();
    rig.press("119");
    rig.publish(vec![after(&[("mei", took())])]);
    rig.press("Enter");
    assert!(!pays(&rig) && !asks_for_the_amount(&rig), "{}", rig.screen());
    let mut rig = crate::scenes::confirmation();
    rig.press("119");
    rig.publish(vec![after(&[("li", took())])]);
    rig.press("Enter");
    assert!(pays(&rig), "our own lease changes nothing: {}", rig.screen());
}

#[test]
fn who_loses_a_race_for_an_order_sees_who_has_begun_it_when_and_how_far_it_is() {
    let mut rig = crate::scenes::confirmation();
    rig.press("119 Enter");
    let ours = rig.effects.iter().find_map(|effect| match effect {
        Effect::Send(Command::Pay { id, .. }) => Some(*id),
        _ => None,
    });
    let held = sample::attempt(number(1), noon(), paydesk::domain::attempt::State::Sending);
    let mut case = case(&sketch());
    let what = What::Attempt { attempt: held.id, state: held.state.clone() };
    let by = Some(Arc::new(sample::author("mei")));
    case.story.push(Arc::new(Happening { at: noon(), by, what }));
    rig.publish(vec![case]);
    let reason = NotBegun::Blocked(Box::new(held));
    let lost = Reply::NotBegun { id: ours.unwrap(), order: number(1), reason };
    rig.news(Update { replies: vec![(CommandId(1), lost)], ..Update::default() });
    let screen = crate::scenes::flat(&mut rig);
    assert!(screen.contains("mei began it") && screen.contains("since"), "{screen}");
}

fn said(rig: &Rig) -> String {
    rig.console.ui.remark.as_ref().map(|remark| remark.text.clone()).unwrap_or_default()
}

#[test]
fn taking_and_releasing_are_taken_back_with_u() {
    let mut rig = table();
    rig.press("c");
    rig.publish(vec![after(&[("li", took())])]);
    rig.press("C");
    rig.publish(vec![after(&[("li", took()), ("li", OperatorAction::Released)])]);
    rig.effects.clear();
    rig.press("u");
    assert_eq!(commands(&rig), [&Command::Take(number(1))]);
    assert_eq!(said(&rig), "Undone: TESTA~0001 is yours again.");
    rig.publish(vec![after(&[("li", took())])]);
    rig.effects.clear();
    rig.press("u");
    assert_eq!(commands(&rig), [&Command::Release(number(1))]);
    assert_eq!(said(&rig), "Undone: TESTA~0001 is released.");
    rig.press("u");
    assert_eq!(said(&rig), "Nothing to undo.");
}

#[test]
fn what_was_taken_over_is_released_by_u_and_it_says_whose_it_was() {
    let mut rig = table();
    rig.publish(vec![after(&[("mei", took())])]);
    rig.press("c lunch Enter");
    let over = OperatorAction::TookOver { until: noon() + LEASE, reason: "lunch".into() };
    rig.publish(vec![after(&[("mei", took()), ("li", over)])]);
    rig.effects.clear();
    rig.press("u");
    assert_eq!(commands(&rig), [&Command::Release(number(1))]);
    assert_eq!(said(&rig), "Undone: TESTA~0001 is released. mei had it before.");
}

#[test]
fn what_somebody_else_has_taken_since_is_neither_released_nor_taken_by_u() {
    // Another person, and the same one at another console.
    for who in ["mei", "li elsewhere"] {
        let theirs = |rig: &mut Rig, release: bool| {
            rig.press("c");
            rig.publish(vec![after(&[("li", took())])]);
            if release {
                rig.press("C");
            }
            rig.publish(vec![after(&[("li", OperatorAction::Released), (who, took())])]);
            rig.effects.clear();
            rig.press("u");
            assert!(commands(rig).is_empty(), "{who} {release}: {:?}", rig.effects);
        };
        for release in [false, true] {
            let mut rig = table();
            theirs(&mut rig, release);
            let want = if who == "mei" {
                "Not undone: mei has taken TESTA~0001 since."
            } else {
                "Not undone: you have taken TESTA~0001 at another console since."
            };
            assert_eq!(said(&rig), want);
        }
    }
}

#[test]
fn ones_own_order_is_taken_from_another_console_without_a_reason() {
    let mut rig = table();
    rig.publish(vec![after(&[("li elsewhere", took())])]);
    assert!(rig.screen().contains("yours at another console"), "{}", rig.screen());
    rig.press("c");
    assert_eq!(commands(&rig), [&Command::Take(number(1))]);
    assert!(said(&rig).contains("from your other console"), "{}", said(&rig));
}

#[test]
fn what_the_desk_did_not_do_is_nothing_to_take_back() {
    let held = NotWorked::Held(after(&[("mei", took())]).work().owner.clone().unwrap());
    let full =
        || Reply::NotRecorded { order: number(1), note: None, reason: "database or disk is full".into() };
    for (keys, reply) in [
        ("s 2h Enter", full()),
        ("d", full()),
        ("c", full()),
        ("c", Reply::NotWorked { order: number(1), reason: held }),
    ] {
        let mut rig = table();
        rig.press(keys);
        rig.news(Update { replies: vec![(CommandId(1), reply)], ..Update::default() });
        assert!(!said(&rig).contains("note") && said(&rig).contains("TESTA~0001"), "{keys}: {}", said(&rig));
        rig.effects.clear();
        rig.press("u");
        assert!(commands(&rig).is_empty(), "{keys}: {:?}", rig.effects);
        assert_eq!(said(&rig), "Nothing to undo.", "{keys}");
    }
}

#[test]
fn a_note_that_was_not_recorded_is_not_typed_twice() {
    let mut rig = table();
    rig.press("m call Space back Enter");
    let [&Command::Note(order, ref text)] = commands(&rig)[..] else { panic!("{:?}", rig.effects) };
    let reply =
        Reply::NotRecorded { order, note: Some(text.clone()), reason: "database or disk is full".into() };
    rig.news(Update { replies: vec![(CommandId(1), reply)], ..Update::default() });
    assert!(said(&rig).contains("m has its text"), "{}", said(&rig));
    rig.press("m");
    assert!(rig.screen().contains("call back"), "{}", rig.screen());
    rig.effects.clear();
    rig.press("Enter");
    assert!(matches!(commands(&rig)[..], [Command::Note(..)]), "{:?}", rig.effects);
    rig.press("m");
    assert!(!rig.screen().contains("call back"), "once: {}", rig.screen());
}

#[test]
fn an_owner_whose_lease_is_over_is_none_to_filters_words_queues_completion_and_sorting() {
    let shown = |rig: &Rig| -> Vec<_> {
        (0..).map_while(|at| Some(rig.console.ui.list.row(at)?.0.order.no)).collect()
    };
    let desk = || {
        let mut rig = Rig::new((120, 40));
        let mut taken = after(&[("mei", took())]);
        taken.order.no = number(2);
        rig.publish(vec![case(&sketch()), taken]);
        rig.pass(SECOND);
        rig
    };
    for (filter, before, after) in [
        ("owner:mei", vec![number(2)], vec![]),
        ("!owner:mei", vec![number(1)], vec![number(1), number(2)]),
        ("mei@", vec![number(2)], vec![]),
        ("!mei@", vec![number(1)], vec![number(1), number(2)]),
    ] {
        let mut rig = desk();
        let reading = Reading { now: rig.now, zone: TimeZone::UTC };
        let queues = Some(vec![OwnQueue::read("theirs", filter, &reading).unwrap()]);
        rig.message(Message::Aside(Aside::Reloaded(Box::new(Reload { queues, ..Reload::default() }))));
        rig.press(&format!("/ {filter} Enter"));
        assert_eq!(shown(&rig), before, "{filter}");
        rig.pass(LEASE - SECOND * 2);
        assert_eq!(shown(&rig), before, "{filter}");
        assert_eq!(rig.console.ui.list.count(Tab::Own(0)), before.len(), "{filter}");
        rig.pass(SECOND * 2);
        assert_eq!(shown(&rig), after, "{filter}");
        assert_eq!(rig.console.ui.list.count(Tab::Own(0)), after.len(), "{filter}");
        rig.press("Esc");
        rig.press(&format!("/ {filter} Enter"));
        assert_eq!(shown(&rig), after, "{filter}, typed later");
    }
    let mut rig = desk();
    rig.press("S w");
    assert_eq!(shown(&rig), [number(2), number(1)], "whoever is somebody's first");
    rig.press("/ owner:me Tab");
    assert!(rig.console.ui.filter.value().starts_with("owner:mei"), "{}", rig.console.ui.filter.value());
    rig.press("Esc");
    rig.pass(LEASE);
    assert_eq!(shown(&rig), [number(1), number(2)]);
    rig.press("/ owner:me Tab");
    assert_eq!(rig.console.ui.filter.value(), "owner:me", "nobody has one");
}
