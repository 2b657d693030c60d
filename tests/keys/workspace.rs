//! What an operator finds again at the next start.

use jiff::SignedDuration;
use paydesk::{
    console::{Effect, Message, workspace::Workspace},
    domain::triage::Queue,
    lang::Lang,
};

use crate::{
    rig::{Rig, Sketch, case},
    scenes::SECOND,
};

/// A console that keeps its workspace, and begins as one was left.
fn started(before: Option<&Workspace>) -> Rig {
    let mut rig = Rig::new((120, 40));
    rig.console.restore(before);
    let amounts =
        (1..=8).map(|n| case(&Sketch { n, airline: if n < 4 { "TR" } else { "5J" }, ..Sketch::default() }));
    rig.publish(amounts.collect());
    rig.pass(SignedDuration::from_secs(5));
    rig.effects.clear();
    rig
}

fn kept(rig: &Rig) -> Vec<Workspace> {
    let kept = rig.effects.iter().filter_map(|effect| match effect {
        Effect::Keep(workspace) => Some((**workspace).clone()),
        _ => None,
    });
    kept.collect()
}

/// Left and started again, by way of the file.
fn again(rig: &mut Rig) -> Rig {
    let left = rig.console.left().or_else(|| kept(rig).pop()).unwrap();
    started(Some(&Workspace::read(&left.text()).unwrap()))
}

#[test]
fn sort_columns_queue_filter_pane_and_language_survive_a_restart() {
    let mut rig = started(None);
    rig.press("2 / airline:TR Enter S a S a p L + Space j J > Enter");
    let mut again = again(&mut rig);
    let (ui, before) = (&again.console.ui, &rig.console.ui);
    assert_eq!(ui.list.tab(), Queue::Unpaid.into());
    assert_eq!(ui.filter.value(), "airline:TR");
    assert_eq!(ui.list.shown(), 3);
    let (sort, reversed) = ui.list.sorted_by();
    assert_eq!((sort.id, reversed), ("amount", true));
    assert!(!ui.pane);
    assert_eq!(ui.lang, Lang::ZhCn);
    assert_eq!(ui.columns, before.columns);
    assert!(ui.columns.is_some());
    assert_eq!(again.screen(), rig.screen());
}

#[test]
fn changes_are_kept_together_and_only_when_there_are_any() {
    let mut rig = started(None);
    rig.pass(SignedDuration::from_mins(5));
    assert_eq!(kept(&rig), [], "nothing has changed");
    rig.press("2 p S a");
    assert_eq!(kept(&rig), []);
    rig.pass(2 * SECOND);
    assert_eq!(kept(&rig).len(), 1);
    rig.pass(SignedDuration::from_mins(5));
    assert_eq!(kept(&rig).len(), 1);
    assert_eq!(rig.console.left(), None, "it is kept already");
    rig.press("7");
    assert!(rig.console.left().is_some(), "whoever leaves at once loses nothing");
    rig.effects.clear();
    rig.press("p p");
    rig.pass(2 * SECOND);
    assert_eq!(kept(&rig), [], "as it was");
}

#[test]
fn what_is_being_typed_or_chosen_is_not_kept_before_it_is_done() {
    let mut rig = started(None);
    rig.press("/ airl");
    rig.pass(SignedDuration::from_mins(1));
    rig.press("Esc + Space");
    rig.pass(SignedDuration::from_mins(1));
    assert_eq!(kept(&rig), []);
    rig.press("Enter");
    rig.pass(5 * SECOND);
    assert_eq!(kept(&rig).len(), 1);
}

#[test]
fn no_card_number_and_no_control_sequence_gets_into_it() {
    let mut rig = started(None);
    rig.console.ui.filter.set("note:4532015112830366\u{1b}[2J");
    rig.press("2");
    rig.pass(2 * SECOND);
    let kept = kept(&rig);
    let text = kept[0].text();
    assert!(
        !text.contains("4532015112830366") && !text.contains("\\u001b") && !text.contains('\u{1b}'),
        "{text}"
    );
    assert!(text.contains("0366"), "{text}");
    rig.effects.clear();
    rig.pass(SignedDuration::from_mins(1));
    assert!(rig.effects.iter().all(|effect| !matches!(effect, Effect::Keep(_))), "it comes to rest");
}

#[test]
fn what_is_not_known_any_more_is_passed_over_and_the_log_says_so() {
    let text = "version = 1\nqueue = \"of_mine\"\nfilter = \"colour:red\"\nsort = \"taste\"\nreversed = true\npane = false\n\
        [[columns]]\nid = \"smell\"\nshown = true\n[[columns]]\nid = \"amount\"\nshown = true\nwidth = 9999\n";
    let rig = started(Some(&Workspace::read(text).unwrap()));
    let ui = &rig.console.ui;
    assert_eq!((ui.list.tab(), ui.filter.value()), (Queue::All.into(), ""));
    assert_eq!(ui.list.sorted_by().0.id, "urgency");
    assert!(!ui.pane, "what is understood is taken");
    let widths = ui.columns.as_ref().unwrap().picks().iter().filter_map(|pick| pick.width);
    assert_eq!(widths.collect::<Vec<_>>(), [40]);
    assert!(ui.log.iter().any(|line| line.text.contains("not known any more")));
}

#[test]
fn a_language_that_was_switched_holds_as_long_as_the_configuration_says_the_same() {
    let text = |from: &str, to: &str| {
        format!(
            "version = 1\nqueue = \"all\"\nfilter = \"\"\nsort = \"urgency\"\nreversed = false\npane = true\n[lang]\nfrom = \"{from}\"\nto = \"{to}\"\n"
        )
    };
    let lang = |text: &str| started(Some(&Workspace::read(text).unwrap())).console.ui.lang;
    assert_eq!(lang(&text("en", "zh-CN")), Lang::ZhCn);
    assert_eq!(lang(&text("zh-CN", "en")), Lang::En);
    assert_eq!(lang(&text("zh-CN", "zh-CN")), Lang::En, "the configuration has changed since");
}

#[test]
fn what_was_found_is_not_kept_but_what_was_looked_at_before() {
    let mut rig = started(None);
    rig.press("2 / airline:TR Enter");
    rig.pass(2 * SECOND);
    rig.effects.clear();
    rig.press("F zhang/san Enter");
    let find = paydesk::domain::find::Find::by_form("zhang/san").unwrap();
    let orders = vec![crate::rig::number(1)];
    let reply = paydesk::desk::hub::Reply::Found { find, orders, more: false };
    rig.news(paydesk::desk::hub::Update {
        replies: vec![(paydesk::desk::hub::CommandId(1), reply)],
        ..paydesk::desk::hub::Update::default()
    });
    assert!(rig.console.ui.list.hits().is_some());
    rig.message(Message::Woke);
    rig.pass(5 * SECOND);
    assert_eq!(kept(&rig), []);
    assert_eq!(rig.console.left(), None);
}

#[test]
fn a_filter_that_cannot_be_read_is_left_as_the_one_in_force() {
    let mut rig = started(None);
    rig.press("/ airline:TR Space zz:1");
    assert!(rig.console.ui.filter.mistake.is_some());
    let left = rig.console.left().unwrap();
    assert_eq!(left.filter, "airline:TR");
    assert_eq!(started(Some(&left)).console.ui.list.shown(), 3);
}
