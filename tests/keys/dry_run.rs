//! A dry run of the form: the request is seen and none is sent.

use paydesk::{
    console::Effect,
    desk::hub::Command,
    domain::{
        card::{CardNumber, Cvv},
        field::Field,
    },
};

use crate::{
    rig::{Rig, sample},
    scenes::{SECOND, asks_for_the_amount, card_form, flat, form, with_form},
};

/// Whether anything left but a query, and that the form takes its order.
fn sends(rig: &Rig) -> bool {
    let is_query =
        |command: &Command| matches!(command, Command::Inspect(_) | Command::Watch(_) | Command::Take(_));
    rig.effects.iter().any(|effect| matches!(effect, Effect::Send(command) if !is_query(command)))
}

/// A card with nothing missing.
fn filled() -> Rig {
    let mut rig = card_form();
    with_form(&mut rig, |form| {
        for (field, text) in sample::CARD {
            match field {
                Field::Number => form.draft.number = CardNumber::parse(text).unwrap(),
                Field::Cvv => form.draft.cvv = Cvv::parse(text).unwrap(),
                _ => form.draft.set(field, text),
            }
        }
    });
    rig
}

#[test]
fn it_shows_the_masked_request_and_every_verdict_and_sends_nothing() {
    let mut rig = filled();
    rig.press("C-o");
    let seen = flat(&mut rig);
    let squeezed: String = seen.chars().filter(|c| !c.is_whitespace()).collect();
    for part in [
        r#"{"orderNo":"TESTA20261103140000001","paymentMethod":3,"supportCreditTransPayment":"1","#,
        r#""cardNumber":"************0366","cardCVV":"***","cardExpireMonth":"08","cardExpireYear":"2029""#,
        r#""cardHolderCity":"MANILA""#,
        r#""reusable":false,"paymentLimit":7066"#,
    ] {
        assert!(squeezed.contains(part), "no {part}:\n{}", rig.screen());
    }
    for verdict in ["Nothing sent", "unpaid", "amount", "deadline", "balance", "attempts"] {
        assert!(seen.to_lowercase().contains(&verdict.to_lowercase()), "no {verdict}:\n{}", rig.screen());
    }
    assert!(!seen.contains("4532") && !seen.contains("739"), "{}", rig.screen());
    rig.press("Enter Enter 6860 Enter");
    assert!(!sends(&rig), "{:?}", rig.effects);
}

#[test]
fn esc_goes_back_to_the_form_with_everything_that_was_entered() {
    let mut rig = filled();
    rig.press("C-o Esc");
    with_form(&mut rig, |form| {
        assert_eq!(form.draft.number.masked().last_four(), "0366");
        assert_eq!(form.draft.cvv.len(), 3);
        assert_eq!(form.draft.text(Field::Street), "8 Sample Walk");
    });
    rig.press("Enter");
    rig.draw();
    assert!(asks_for_the_amount(&rig), "{}", rig.screen());
}

#[test]
fn with_something_in_the_way_it_says_what_and_shows_no_request() {
    let mut rig = card_form();
    rig.press("C-o");
    let seen = flat(&mut rig);
    assert!(seen.contains("nothing would be") && !seen.contains("orderNo"), "{}", rig.screen());
    assert!(seen.contains("card number"), "{}", rig.screen());
    assert!(!sends(&rig));
}

/// A card that was typed before another method was chosen is kept, and is in no request.
#[test]
fn a_deposit_takes_no_card_along_and_loses_none() {
    let mut rig = filled();
    with_form(&mut rig, |form| form.focus_on(paydesk::console::layer::pay::Focus::Methods));
    rig.press("1 C-o");
    let seen = flat(&mut rig);
    assert!(seen.contains(r#""paymentMethod":1}"#) && !seen.contains("creditCard"), "{}", rig.screen());
    with_form(&mut rig, |form| assert_eq!(form.draft.number.masked().last_four(), "0366"));
}

#[test]
fn a_card_that_nobody_touches_is_wiped_there_too() {
    let mut rig = filled();
    rig.press("C-o");
    rig.pass(SECOND * 61);
    with_form(&mut rig, |form| assert!(!form.holds_card()));
    assert!(flat(&mut rig).contains("wiped"), "{}", rig.screen());
    let mut plain = form();
    plain.press("C-o");
    plain.pass(SECOND * 61);
    assert!(plain.screen().contains("DRY RUN"), "{}", plain.screen());
}
