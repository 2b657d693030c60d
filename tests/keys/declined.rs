//! A payment that came up again: what had been reached stays, and one key leads from `$` and from its end to the plan.

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    console::Effect,
    desk::hub::Command,
    domain::{
        attempt::{Attempt, Doubt, Snapshot, State},
        case::Case,
        order::{OrderStatus, TicketingError},
        story::{Happening, What},
        vendor_clock::Trust,
    },
};

use crate::{
    rig::{Rig, Sketch, case, number, sample},
    scenes::{confirmation, sketch},
};

/// The order of [`confirmation`], paid by the attempt that it begins, which went through these states.
fn paid(rig: &Rig, status: OrderStatus, states: &[State]) -> Case {
    let id = rig.effects.iter().find_map(|effect| match effect {
        Effect::Send(Command::Pay { id, .. }) => Some(*id),
        _ => None,
    });
    let id = id.unwrap();
    let state = states.last().unwrap().clone();
    let answer = (!matches!(states[1], State::InDoubt(_) | State::Rejected(_))).then_some(0);
    let sent = Some(sample::moment(rig.now, 5_000));
    let attempt =
        Attempt::restore(Snapshot { id, sent, state, answer, ..sample::claimed(number(1), rig.now) });
    let happened = |state: &State| {
        let what = What::Attempt { attempt: id, state: state.clone() };
        Arc::new(Happening::new(rig.now, what))
    };
    let mut case = sample::case(case(&sketch()).order, sample::lineage(number(1), vec![attempt]));
    case.order.status = status;
    if status == OrderStatus::Cancelled {
        case.order.ticketing_error = Some(TicketingError { code: "604".into(), message: None }.into());
    }
    case.story = states.iter().map(happened).collect();
    case
}

/// The payment followed on the screen, after it has gone through `states`.
fn followed(lang: &str, status: OrderStatus, states: &[State]) -> Rig {
    let mut rig = confirmation();
    rig.press("119 Enter");
    assert_eq!(rig.payments(), 1);
    let case = paid(&rig, status, states);
    rig.publish(vec![case]);
    if !lang.is_empty() {
        rig.console.ui.lang = rig.console.ui.lang.other();
    }
    rig
}

#[test]
fn the_marks_keep_what_had_been_reached_and_a_decline_shows_its_code_and_the_way_to_the_plan() {
    let sending = State::Sending;
    let check = |states: &[State], marks: [&str; 2]| {
        for (lang, marks, words) in
            [("", marks[0], ["604", "t opens"]), ("L", marks[1], ["604", "按 t 打开"])]
        {
            let mut rig = followed(lang, OrderStatus::Cancelled, states);
            let screen = rig.screen();
            let mut steps = screen.lines().filter_map(|line| {
                // The marks and words, without the times and the lines between them.
                let words = line
                    .trim_matches(['|', ' '])
                    .split(' ')
                    .filter(|word| !word.is_empty() && !word.starts_with("--") && !word.contains(':'));
                Some(words.collect::<Vec<_>>().join(" ")).filter(|line| line == marks)
            });
            assert!(steps.next().is_some(), "{marks} after {states:?}:\n{screen}");
            assert!(words.iter().all(|word| screen.contains(word)), "{words:?} after {states:?}:\n{screen}");
            assert!(!screen.contains("the payment goes on"), "{screen}");
            rig.press("t");
            assert_eq!(rig.console.ui.layers.recover().map(|form| form.order), Some(number(1)));
            assert!(rig.console.ui.layers.form().is_none());
        }
    };
    check(
        &[sending.clone(), State::Accepted, State::Paid, State::Reversed],
        ["v accepted v paid - ticketed", "v 已受理 v 已支付 - 已出票"],
    );
    check(
        &[sending.clone(), State::Accepted, State::Reversed],
        ["v accepted - paid - ticketed", "v 已受理 - 已支付 - 已出票"],
    );
    // Never answered, and then seen paid: it must have been accepted.
    check(
        &[sending.clone(), State::InDoubt(Doubt::NoAnswer), State::Paid, State::Reversed],
        ["v accepted v paid - ticketed", "v 已受理 v 已支付 - 已出票"],
    );
    check(
        &[sending, State::InDoubt(Doubt::NoAnswer), State::Reversed],
        ["- accepted - paid - ticketed", "- 已受理 - 已支付 - 已出票"],
    );
}

#[test]
fn only_a_payment_that_goes_on_says_that_it_does() {
    let says =
        |status, states: &[State]| followed("", status, states).screen().contains("the payment goes on");
    assert!(says(OrderStatus::Ticketing, &[State::Sending, State::Accepted, State::Paid]));
    assert!(says(OrderStatus::Unpaid, &[State::Sending, State::InDoubt(Doubt::NoAnswer)]));
    assert!(!says(OrderStatus::Unpaid, &[State::Sending, State::Rejected(400)]));
    assert!(!says(OrderStatus::Ticketed, &[State::Sending, State::Accepted, State::Ticketed]));
}

#[test]
fn the_pay_key_on_an_order_that_is_never_paid_again_leads_to_its_plan() {
    let lapsed = Sketch { minutes_left: -2, ..Sketch::default() };
    let failed = |code| Sketch { status: OrderStatus::Cancelled, error: code, ..Sketch::default() };
    for sketch in [failed(Some("604")), failed(Some("608")), failed(Some("601")), failed(None), lapsed] {
        for (keys, words) in [("", "t opens its recovery plan"), ("L", "按 t 打开补救计划")] {
            let mut rig = Rig::new((80, 24));
            rig.press(keys);
            rig.console.model.health.clock = Trust::Settled;
            rig.sketch(&sketch);
            rig.effects.clear();
            rig.press("$");
            rig.pass(SignedDuration::from_secs(1));
            assert!(rig.console.ui.layers.form().is_none(), "no form pays {:?}", sketch.error);
            let screen = rig.screen();
            let foot: String = screen.lines().rev().take(4).collect();
            assert!(foot.contains(words) || screen.replace('\n', "").contains(words), "{screen}");
            assert!(sketch.error.is_none_or(|code| screen.contains(code)), "{screen}");
            let asks =
                |effect: &Effect| matches!(effect, Effect::Send(Command::Inspect(no)) if *no == number(1));
            assert!(rig.effects.iter().any(asks), "whether it is so is asked, too");
            rig.press("t");
            assert_eq!(rig.console.ui.layers.recover().map(|form| form.order), Some(number(1)));
        }
    }
}
