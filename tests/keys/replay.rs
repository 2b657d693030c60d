//! The same messages at the same times lead to the same effects: nothing in the core is drawn by lot or read from a
//! clock, so that what happened at a desk can be played again.

use paydesk::{
    console::{Effect, Message},
    desk::hub::Command,
};

use crate::{
    rig::{Rig, Sketch, case, money},
    scenes::{SECOND, sketch},
};

/// A day in short: looking, filtering, typing a card, paying, being stopped, leaving.
fn day() -> Rig {
    let mut rig = Rig::new((120, 40));
    rig.publish((1..9).map(|n| case(&Sketch { n, ..sketch() })).collect());
    rig.press("j j k / 5J Enter r y S o S u g");
    rig.pass(SECOND);
    rig.press("$");
    rig.publish(vec![case(&Sketch { n: 8, ..sketch() })]);
    rig.press("Esc g $");
    rig.pass(SECOND);
    let selected = rig.console.ui.layers.form().unwrap().order;
    let again = (1..9).map(|n| case(&Sketch { n, ..sketch() }));
    rig.publish(again.filter(|case| case.order.no == selected).collect());
    rig.press("1");
    rig.message(Message::Paste("4532015112830366 08/29 123".into()));
    rig.pass(SECOND);
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND);
    rig.press("119.55 Enter");
    rig.pass(SECOND * 10);
    rig.message(Message::Suspending);
    rig.message(Message::Continued(80, 24));
    rig.pass(SECOND);
    rig.press("Esc q");
    rig
}

#[test]
fn the_same_day_leads_to_the_same_effects() {
    let (one, other) = (day(), day());
    assert!(one.payments() == 1 && one.effects.contains(&Effect::Quit), "{:#?}", one.effects);
    assert_eq!(one.effects, other.effects);
}

#[test]
fn effects_that_differ_are_not_equal() {
    let mut day = day();
    let at = |effect: &Effect| matches!(effect, Effect::Send(Command::Pay { .. }));
    let at = day.effects.iter().position(at).unwrap();
    let Effect::Send(Command::Pay { payment, .. }) = &mut day.effects[at] else { unreachable!() };
    payment.amount = money("119.56", "USD");
    assert_ne!(day.effects, self::day().effects);
}
