//! An airline that declines payment after payment: in the header, on its rows, as an alert, and in the form, until it ends.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    console::{Effect, Message},
    desk::hub::{Command, Update},
    domain::{
        airline_trouble::AirlineTroubles,
        alert::{Alert, Cause, Key},
        method::PaymentMethod,
        order::Airline,
    },
    lang::{Lang, words},
};

use crate::{
    rig::{Rig, Sketch, case, number},
    scenes::{SECOND, asks_for_the_amount, flat, page},
};

fn scoot() -> Airline {
    Airline::parse("TR").unwrap()
}

/// An order that can still be paid.
fn open(n: u32, airline: &'static str) -> Sketch {
    Sketch { n, airline, methods: vec![PaymentMethod::Deposit, PaymentMethod::Vcc], ..Sketch::default() }
}

/// The desk has seen orders of Scoot declined at these minutes before `now`.
fn declines(rig: &mut Rig, minutes: &[i64]) {
    let mut known = AirlineTroubles::default();
    for (n, minutes) in (100..).zip(minutes) {
        let at = rig.now - SignedDuration::from_mins(*minutes);
        known.on_refusal(number(n), &[scoot()], 604, at);
    }
    rig.news(Update { troubles: Some(Arc::new(known)), ..Update::default() });
}

/// What the console asked the desk to raise.
fn raised(rig: &Rig) -> Vec<Key> {
    let keys = |effect: &Effect| match effect {
        Effect::Send(Command::Raise(keys)) => Some(keys.clone()),
        _ => None,
    };
    rig.effects.iter().filter_map(keys).flatten().collect()
}

fn trouble() -> Key {
    Key { cause: Cause::AirlineTrouble(scoot()), step: 1 }
}

fn raise(rig: &mut Rig, key: Key, at: Timestamp) {
    let alert = Alert { key, raised_at: at, acknowledged: None };
    rig.news(Update { alerts: vec![alert], ..Update::default() });
}

fn desk(lang: Lang) -> Rig {
    let mut rig = Rig::new((120, 40));
    rig.console.ui.lang = lang;
    rig.pass(SECOND * 6);
    rig.healthy();
    rig.publish(vec![case(&open(1, "TR")), case(&open(2, "5J"))]);
    rig.message(Message::Focus(false));
    rig.press("g");
    rig.effects.clear();
    rig
}

/// A text that was wrapped, in either language.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '|').collect()
}

fn row(rig: &mut Rig, n: u32) -> String {
    let no = number(n);
    let tail = no.as_str().split_at(18).1.to_owned();
    rig.rows().into_iter().find(|row| row.contains(&tail)).unwrap()
}

#[test]
fn three_declines_in_ten_minutes_are_in_the_header_on_the_row_an_alert_and_in_the_form_until_they_end() {
    for lang in [Lang::En, Lang::ZhCn] {
        let banner = lang.fill("header.troubles", &[("airlines", &"TR")]);
        let mut rig = desk(lang);
        // Two, and a third that is older than ten minutes before the last, are none.
        for few in [&[4, 1][..], &[12, 4, 1]] {
            declines(&mut rig, few);
            assert!(!rig.screen().contains(&banner) && raised(&rig).is_empty(), "{few:?}: {}", rig.screen());
            assert!(!row(&mut rig, 1).contains("TR!"), "{}", row(&mut rig, 1));
        }
        declines(&mut rig, &[9, 4, 1]);
        assert!(rig.draw()[0].contains(&banner), "{}", rig.screen());
        assert!(row(&mut rig, 1).contains("TR!"), "{}", rig.screen());
        assert!(!row(&mut rig, 2).contains("5J!"), "{}", rig.screen());
        // It is raised once, told of while nobody looks, and listed.
        assert_eq!(raised(&rig), [trouble()]);
        let at = rig.now;
        raise(&mut rig, trouble(), at);
        let said = lang.fill("alert.airline_trouble", &[("airline", &"TR")]);
        let is_notice = |effect: &Effect| matches!(effect, Effect::Notify(text) if text.contains(&said));
        assert!(
            rig.effects.contains(&Effect::Ring) && rig.effects.iter().any(is_notice),
            "{:?}",
            rig.effects
        );
        rig.press("a");
        assert!(flat(&mut rig).contains(&said), "{}", rig.screen());
        rig.press("Esc");
        // In the form of its order, which it hinders in nothing, and in no other.
        for (n, is_hers) in [(1, true), (2, false)] {
            rig.press("g");
            while rig.selected() != number(n) {
                rig.press("j");
            }
            rig.press("$");
            rig.pass(SECOND);
            rig.publish(vec![case(&open(n, if is_hers { "TR" } else { "5J" }))]);
            let known = rig.console.model.troubles.of(scoot(), rig.now).unwrap();
            let says = squeezed(&page(&mut rig)).contains(&squeezed(&words::airline_trouble(lang, &known)));
            assert_eq!(says, is_hers, "{}", rig.screen());
            rig.press("Esc");
        }
        // Thirty minutes after the last decline it ends by itself.
        rig.pass(SignedDuration::from_mins(29));
        assert!(!rig.draw()[0].contains(&banner), "{}", rig.screen());
        assert!(!rig.console.ui.alerts.watch.is_there(trouble().cause));
    }
}

#[test]
fn the_form_of_an_order_whose_airline_is_in_trouble_still_pays() {
    let mut rig = desk(Lang::En);
    declines(&mut rig, &[9, 4, 1]);
    rig.press("$");
    rig.pass(SECOND);
    rig.publish(vec![case(&open(1, "TR"))]);
    rig.press("1 Enter");
    rig.draw();
    assert!(asks_for_the_amount(&rig), "{}", rig.screen());
    assert!(flat(&mut rig).contains("TR"), "{}", rig.screen());
}
