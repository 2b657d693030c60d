//! The recover form by keys: nothing leaves but what the operator asked for, in the order that the plan gives.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    console::{Effect, Message},
    desk::{
        health::Health,
        hub::{Closed, Command, CommandId, NotRegenerated, Reply, Update},
    },
    domain::{
        attempt::Decision,
        case::Case,
        lineage::Lineage,
        method::PaymentMethod,
        moment::Moment,
        order::OrderStatus,
        recovery::PaymentPath,
        regeneration::{self},
        story::{Happening, OperatorAction, What},
    },
};
use rig::{Rig, Sketch, case, number, sample};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// A card of another desk's was declined: cancelled with 604.
fn declined() -> Sketch {
    Sketch {
        n: 5,
        airline: "VY",
        route: ("BCN", "BRU"),
        status: OrderStatus::Cancelled,
        methods: vec![PaymentMethod::Deposit, PaymentMethod::Vcc],
        error: Some("604"),
        ..Sketch::default()
    }
}

fn desk(size: (u16, u16)) -> Rig {
    let mut rig = Rig::new(size);
    rig.sketch(&declined());
    rig.effects.clear();
    rig
}

fn regenerations(rig: &Rig) -> usize {
    rig.effects.iter().filter(|effect| matches!(effect, Effect::Send(Command::Regenerate { .. }))).count()
}

fn moment(rig: &Rig) -> Moment {
    sample::moment(rig.now, 5_000)
}

/// The order after its child was made, and the child.
fn regenerated(rig: &Rig) -> Vec<Case> {
    let (parent, child) = (number(5), number(9));
    let lineage = Arc::new(Lineage {
        links: vec![(child, parent)],
        regenerations: vec![sample::regeneration(parent, moment(rig), regeneration::State::Made(child))],
        ..Lineage::new(parent)
    });
    let mut old = case(&declined());
    let chose = OperatorAction::Chose { path: PaymentPath::NewDeposit, reason: Some("604".into()) };
    old.story.push(Arc::new(Happening::new(rig.now, What::OperatorAction(chose))));
    let mut new = case(&Sketch { n: 9, status: OrderStatus::Unpaid, error: None, ..declined() });
    old.lineage = Arc::clone(&lineage);
    new.lineage = lineage;
    vec![old, new]
}

#[test]
fn one_key_opens_the_plan_and_only_y_makes_a_new_order() {
    let mut rig = desk((80, 24));
    rig.press("t");
    assert!(
        matches!(rig.effects.first(), Some(Effect::Send(Command::Inspect(order))) if *order == number(5))
    );
    assert!(rig.screen().contains("604"), "{}", rig.screen());
    for refusal in ["Enter n", "Enter Esc", "Enter Enter", "Enter Y"] {
        rig.press(refusal);
        assert_eq!(regenerations(&rig), 0, "{refusal}");
    }
    rig.press("Enter y");
    assert_eq!(regenerations(&rig), 1);
    let sent = rig.effects.iter().find_map(|effect| match effect {
        Effect::Send(Command::Regenerate { order, path, reason }) => Some((*order, *path, reason.clone())),
        _ => None,
    });
    assert_eq!(sent, Some((number(5), PaymentPath::NewDeposit, Some("604".into()))));
}

#[test]
fn what_was_said_yes_to_is_under_way_until_the_desk_says_something_of_it() {
    let mut rig = desk((80, 24));
    rig.press("t Enter y");
    rig.press("Enter y");
    assert_eq!(regenerations(&rig), 1, "asked for once");
    let refused = Reply::NotRegenerated { order: number(5), reason: NotRegenerated::Closed(Closed::Leaving) };
    let news = Update { replies: vec![(CommandId(0), refused)], ..Update::default() };
    rig.news(news);
    rig.press("Enter y");
    assert_eq!(regenerations(&rig), 2, "it did not happen: it may be asked for again");
}

#[test]
fn a_paste_and_a_read_only_desk_make_no_new_order() {
    let mut rig = desk((80, 24));
    rig.press("t Enter");
    rig.message(Message::Paste("y\n".into()));
    assert_eq!(regenerations(&rig), 0);
    let mut rig = desk((80, 24));
    rig.console.model.setup.read_only = true;
    rig.press("t Enter y Enter m d");
    assert_eq!(regenerations(&rig), 0);
    assert!(rig.effects.iter().all(|effect| {
        !matches!(effect, Effect::Send(Command::Pay { .. } | Command::Note(..) | Command::Decide { .. }))
    }));
}

#[test]
fn from_the_plan_to_the_payment_of_the_new_order() {
    let mut rig = desk((80, 24));
    rig.press("t Enter y");
    let cases = regenerated(&rig);
    rig.publish(cases);
    let screen = rig.screen();
    assert!(screen.contains("WAITS FOR YOU") && screen.contains("the same price"), "{screen}");
    rig.press("Enter");
    rig.pass(SECOND);
    let cases = regenerated(&rig);
    rig.publish(cases);
    let screen = rig.screen();
    assert!(screen.contains(number(9).as_str()), "the new order is confirmed: {screen}");
    rig.pass(SECOND);
    let due = rig.console.ui.layers.form().map(|form| form.order);
    assert_eq!(due, Some(number(9)));
    rig.press("1 Enter");
    assert_eq!(rig.payments(), 0, "a wrong amount");
    rig.press("Backspace");
    let amount = paydesk::domain::payable::amount_due(
        PaymentMethod::Deposit,
        &rig.console.model.case(number(9)).unwrap().order,
    );
    rig.press(&amount.unwrap().whole());
    rig.pass(SECOND);
    rig.press("Enter");
    assert_eq!(rig.payments(), 1);
    assert_eq!(regenerations(&rig), 1);
}

#[test]
fn a_recovery_that_was_begun_is_gone_on_with_after_a_restart() {
    let mut rig = Rig::new((80, 24));
    let cases = regenerated(&rig);
    rig.publish(cases);
    while rig.selected() != number(5) {
        rig.press("j");
    }
    rig.press("t");
    let screen = rig.screen();
    let compare = screen.lines().find(|line| line.trim_start_matches(['|', ' ']).starts_with('3')).unwrap();
    assert!(compare.contains("WAITS FOR YOU"), "{screen}");
    rig.press("Enter");
    assert_eq!(regenerations(&rig), 0, "it is not made again");
}

#[test]
fn a_closed_path_says_why_and_does_nothing() {
    let mut rig = desk((80, 24));
    rig.press("t k k");
    let before = rig.effects.len();
    rig.press("Enter");
    assert!(
        rig.screen().contains("This option is closed. Choose an option with a new order."),
        "{}",
        rig.screen()
    );
    rig.press("y");
    assert_eq!((regenerations(&rig), rig.payments()), (0, 0));
    assert!(rig.effects.len() >= before);
    assert!(rig.screen().contains("order is cancelled"), "{}", rig.screen());
}

#[test]
fn a_note_is_kept_and_an_empty_one_is_not() {
    let mut rig = desk((80, 24));
    rig.press("t m Enter Esc m called Enter");
    let notes: Vec<_> = rig
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(Command::Note(order, text)) => Some((*order, text.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(notes, [(number(5), "called".to_owned())]);
}

#[test]
fn a_doubt_is_denied_only_with_evidence_the_last_four_and_a_reason() {
    let doubtful = |rig: &Rig, answers: u32, waited: u32| {
        let attempt = sample::in_doubt(number(1), rig.now, waited, answers);
        sample::case(case(&Sketch::default()).order, sample::lineage(number(1), vec![attempt]))
    };
    let decided = |answers: u32, waited: u32, typed: &str| {
        let mut rig = Rig::new((80, 24));
        let case = doubtful(&rig, answers, waited);
        rig.publish(vec![case]);
        rig.press("t d");
        for word in typed.split(' ') {
            rig.press(word);
            rig.press("Space");
        }
        rig.press("Enter");
        rig.effects.iter().any(|effect| {
            matches!(effect, Effect::Send(Command::Decide { decision: Decision::DidNotHappen, .. }))
        })
    };
    let tail = number(1).as_str().get(18..).unwrap().to_owned();
    assert!(decided(3, 200, &format!("{tail} asked the vendor")));
    assert!(!decided(3, 200, "0000 asked the vendor"), "another order's");
    assert!(!decided(3, 200, &tail), "without a reason");
    assert!(!decided(2, 200, &format!("{tail} asked the vendor")), "too few answers");
    assert!(!decided(3, 100, &format!("{tail} asked the vendor")), "too early");
}

#[test]
fn a_wrong_clock_of_the_desk_hinders_no_payment() {
    for offset in [SignedDuration::from_hours(2), SignedDuration::from_hours(-2)] {
        let mut rig = Rig::new((80, 24));
        let health =
            Health { clock_offset: offset, last_success: Some(rig.now), ..rig.console.model.health.clone() };
        rig.news(Update { health: Some(health), ..Update::default() });
        // Deadlines and dates are the vendor's.
        let vendor = rig.now + offset;
        let dated = || {
            let mut case = case(&Sketch::default());
            let details = case.order.details.as_mut().unwrap();
            details.deadline = Some(vendor + SignedDuration::from_mins(20));
            case
        };
        let first = dated();
        rig.publish(vec![first]);
        rig.press("$");
        rig.pass(SECOND);
        let again = dated();
        rig.publish(vec![again]);
        rig.press("Enter");
        let screen = rig.screen();
        assert!(screen.contains("Confirm payment"), "{offset}: {screen}");
    }
}
