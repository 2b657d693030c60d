//! What it takes to confirm a payment.

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    console::{Effect, Message},
    desk::hub::{Command, Update},
    domain::{
        attempt::{Attempt, AttemptId, Snapshot, State},
        order::OrderStatus,
    },
};

use crate::{
    rig::{self, Rig, case, money, number, sample},
    scenes::{SECOND, asks_for_the_amount, card_form, confirmation, flat, form, pays, sketch},
};

#[test]
fn what_is_typed_before_a_confirmation_takes_keys_is_not_taken_and_that_is_said() {
    let mut rig = form();
    rig.press("Enter");
    let screen = rig.screen();
    assert!(screen.contains("not taking keys yet"), "{screen}");
    rig.pass(SignedDuration::from_millis(299));
    rig.press("1");
    let screen = rig.screen();
    assert!(
        screen.contains("Type the amount from its first digit") && screen.contains("not taking keys"),
        "{screen}"
    );
    // The rest of what came too early is not taken for the amount.
    rig.pass(SignedDuration::from_millis(100));
    rig.press("19");
    let screen = rig.screen();
    assert!(screen.contains("Type the amount from its first digit"), "{screen}");
    rig.pass(SignedDuration::from_millis(300));
    assert!(rig.screen().contains("nothing typed yet"), "{}", rig.screen());
    rig.pass(SECOND);
    rig.press("119 Enter");
    assert!(pays(&rig));
}

#[test]
fn digits_that_came_too_early_are_missed_aloud_until_the_amount_is_typed_from_its_first() {
    let mut rig = form();
    rig.press("Enter");
    rig.draw();
    rig.pass(SignedDuration::from_millis(200));
    rig.press("1");
    rig.pass(SignedDuration::from_millis(400));
    // A slow hand goes on: these count, and the amount lacks its beginning.
    for digit in ["1", "9"] {
        rig.press(digit);
        rig.pass(SECOND);
        let screen = rig.screen();
        assert!(screen.contains("The first digits came too soon") && screen.contains("differs"), "{screen}");
    }
    rig.press("Enter");
    assert!(!pays(&rig));
    rig.press("Backspace Backspace");
    assert!(rig.screen().contains("nothing typed yet"), "{}", rig.screen());
    assert!(!rig.screen().contains("too soon"), "{}", rig.screen());
    rig.press("119");
    assert!(!rig.screen().contains("too soon"), "{}", rig.screen());
    rig.press("Enter");
    assert!(pays(&rig));
}

#[test]
fn the_foot_of_a_payment_says_what_goes_on_and_what_does_not() {
    use paydesk::domain::attempt::{Doubt, NotSent};
    let refused = NotSent::CheckFailed(paydesk::atlas::ReadError::NoSuchOrder);
    let rows = [
        (State::Accepted, "the payment goes on"),
        (State::InDoubt(Doubt::NoAnswer), "the payment goes on"),
        (State::NotSent(refused), "Nothing was sent"),
        (State::Rejected(604), "Nothing was charged"),
        (State::NotApplied, "Nothing was charged"),
        (State::Ticketed, "nothing is left to do"),
        (State::Reversed, "a person must find out"),
        (State::PaidElsewhere, "a person must find out"),
        (State::Closed, "Closed by a person"),
    ];
    for (state, says) in rows {
        let mut rig = confirmation();
        rig.press("119 Enter");
        let paid = rig.effects.iter().find_map(|effect| match effect {
            Effect::Send(Command::Pay { id, .. }) => Some(*id),
            _ => None,
        });
        let goes_on = says.contains("goes on");
        let attempt = sample::attempt(number(1), rig.now, state);
        let attempt = Attempt::restore(Snapshot { id: paid.unwrap(), ..attempt.snapshot() });
        let lineage = sample::lineage(number(1), vec![attempt]);
        rig.publish(vec![sample::case(case(&sketch()).order, lineage)]);
        let screen = rig.screen();
        assert!(screen.contains(says), "{screen}");
        assert_eq!(screen.contains("the payment goes on"), goes_on, "{screen}");
    }
}

#[test]
fn enter_counts_once_a_confirmation_could_be_read_and_not_before() {
    for (age, paid) in [(300, false), (699, false), (700, true)] {
        let mut rig = form();
        rig.press("Enter");
        rig.draw();
        rig.pass(SignedDuration::from_millis(300));
        rig.press("119");
        rig.pass(SignedDuration::from_millis(age - 300));
        rig.press("Enter");
        assert_eq!(pays(&rig), paid, "{age} ms");
        assert_eq!(rig.screen().contains("too soon"), !paid, "{}", rig.screen());
    }
}

#[test]
fn no_part_of_the_amount_is_taken_for_the_amount() {
    for typed in ["1", "11", "119.", "119.5", "119.550", "0119", "19.55", "9.55", ".55", "1.19", ","] {
        let mut rig = confirmation();
        rig.press(typed);
        rig.press("Enter");
        assert!(!pays(&rig), "{typed}");
    }
}

#[test]
fn nothing_but_what_was_reviewed_is_confirmed_wherever_the_change_comes_from() {
    type Change = fn(&mut paydesk::domain::case::Case);
    let changes: [(&str, Change); 5] = [
        ("nothing", |_| {}),
        ("fare", |case| {
            case.order.details.as_mut().unwrap().options[0].ticket_fare.as_mut().unwrap().money =
                money("117.54", "USD");
        }),
        ("deadline", |case| case.order.details.as_mut().unwrap().deadline = Some(rig::noon() + SECOND * 300)),
        ("status", |case| case.order.status = OrderStatus::Ticketing),
        ("fee", |case| case.order.details.as_mut().unwrap().options[0].service_fee = None),
    ];
    for (what, change) in changes {
        let mut rig = confirmation();
        rig.press("119.55");
        let mut changed = case(&sketch());
        change(&mut changed);
        let now = rig.now;
        let paydesk::console::Console { model, ui, .. } = &mut rig.console;
        let form = ui.layers.form_mut().unwrap();
        let confirmed = form.confirm(&model.payment_context(&changed), now, AttemptId::generate()).is_some();
        assert_eq!(confirmed, what == "nothing", "{what}");
    }
}

#[test]
fn nothing_is_confirmed_on_a_screen_that_is_too_small_to_show_it() {
    let mut rig = confirmation();
    rig.message(Message::Resized(79, 24));
    rig.press("119 Enter");
    assert!(!pays(&rig));
    assert!(flat(&mut rig).contains("paydesk needs 80x24"), "{}", rig.screen());
    rig.message(Message::Resized(80, 24));
    rig.press("119 Enter");
    assert!(pays(&rig));
}

#[test]
fn no_amount_of_the_form_is_cut_at_its_edge() {
    for (balance, left) in [("18342.67", Some("18,223.12 left then")), ("9912308007.89", None)] {
        let mut rig = form();
        let balance = money(balance, "USD");
        let balances = Arc::new([(balance.currency, balance)].into());
        rig.news(Update { balances: Some(balances), ..Update::default() });
        let screen = rig.screen();
        assert!(screen.contains("USD 119.55 (fee 2.00)"), "{screen}");
        // What has no room is left out.
        assert_eq!(screen.contains("left then"), left.is_some(), "{screen}");
        assert!(left.is_none_or(|left| screen.contains(left)), "{screen}");
    }
}

#[test]
fn old_money_is_ticked_by_key_and_only_then_a_new_payment_is_confirmed() {
    let mut rig = Rig::new((80, 24));
    let with_old_money = |rig: &Rig| {
        let attempt = sample::attempt(number(9), rig.now, State::Reversed);
        sample::case(case(&sketch()).order, sample::lineage(number(9), vec![attempt]))
    };
    let first = with_old_money(&rig);
    rig.publish(vec![first]);
    rig.press("$");
    rig.pass(SECOND);
    let again = with_old_money(&rig);
    rig.publish(vec![again]);
    rig.press("Enter");
    assert!(!asks_for_the_amount(&rig) && rig.screen().contains("old order's hold"), "{}", rig.screen());
    rig.press("Space");
    assert!(rig.screen().contains("[x]"), "{}", rig.screen());
    rig.press("Enter");
    assert!(asks_for_the_amount(&rig), "{}", rig.screen());
}

#[test]
fn a_ceiling_above_the_desks_limit_never_reaches_the_confirmation() {
    let fill = |ceiling: &str| {
        let mut rig = card_form();
        let limit = money("7000", "PHP");
        rig.console.model.setup.limits.insert(limit.currency, limit);
        rig.message(Message::Paste("4532015112830366 09/28 123 RAFAEL SANTOS".into()));
        for value in ["", "", "", "", "", "PH", "MM", "Makati", "12260", "88ExampleAvenue"] {
            rig.press("Tab");
            rig.press(value);
        }
        rig.press("Tab");
        (0..8).for_each(|_| rig.press("Backspace"));
        rig.press(ceiling);
        rig.press("Enter");
        rig
    };
    let mut rig = fill("7001");
    let screen = rig.screen();
    assert!(!asks_for_the_amount(&rig) && screen.contains("over the limit PHP 7,000.00"), "{screen}");
    assert!(asks_for_the_amount(&fill("7000")));
    assert!(asks_for_the_amount(&fill("７０００")), "full width");
}
