//! What leaves, from where, and what must be the same when it does.

use std::sync::Arc;

use paydesk::{
    desk::{health::Health, hub::Update},
    domain::{field::Field, method::PaymentMethod, vendor_clock::Trust},
};

use crate::{
    rig::{Rig, Sketch, case, money},
    scenes::{SECOND, asks_for_the_amount, card_form, confirmation, flat, form, pays, sketch, with_form},
};

fn balance(rig: &mut Rig, amount: &str) {
    let balance = money(amount, "USD");
    let balances = Some(Arc::new([(balance.currency, balance)].into()));
    rig.news(Update { balances, ..Update::default() });
}

#[test]
fn a_deposit_that_is_short_by_a_cent_is_disabled_with_the_shortfall() {
    let mut rig = form();
    balance(&mut rig, "119.54");
    let seen = flat(&mut rig);
    assert!(seen.contains("USD 0.01"), "{}", rig.screen());
    rig.press("1 Enter");
    assert!(!asks_for_the_amount(&rig), "{}", rig.screen());
    balance(&mut rig, "119.55");
    rig.press("Enter");
    assert!(asks_for_the_amount(&rig), "{}", rig.screen());
}

#[test]
fn a_card_with_too_little_in_the_deposit_for_the_fee_is_disabled_with_the_shortfall() {
    let mut rig = card_form();
    balance(&mut rig, "1.99");
    let lines = rig.draw();
    let row = lines.iter().find(|line| line.contains("3 VCC")).unwrap();
    assert!(row.contains("USD 0.01"), "{lines:#?}");
}

#[test]
fn the_form_and_the_confirmation_part_ticket_service_fee_and_card_fee_and_show_the_balance_before_and_after()
{
    let every = || Sketch { methods: PaymentMethod::ALL.to_vec(), airline: "QG", ..Sketch::default() };
    let parts = [
        ("1", &["ticket 117.55", "fee 2.00", "18,342.67", "18,223.12"][..]),
        ("3", &["ticket 6,860.00", "; fee USD", "18,342.67", "18,340.67"]),
        ("5", &["ticket 117.55", "card fee 3.53", "; fee USD", "18,342.67", "18,340.67"]),
    ];
    for (key, parts) in parts {
        let mut rig = Rig::new((200, 50));
        rig.sketch(&every());
        rig.press("$");
        rig.pass(SECOND);
        rig.publish(vec![case(&every())]);
        rig.press(key);
        let seen = flat(&mut rig);
        for part in parts {
            assert!(seen.contains(part), "no {part} by {key}:\n{}", rig.screen());
        }
    }
    let mut rig = confirmation();
    let seen = flat(&mut rig);
    for part in ["ticket USD 117.55 + service fee USD 2.00", "balance 18,342.67 > USD 18,223.12"] {
        assert!(seen.contains(part), "no {part}:\n{}", rig.screen());
    }
}

#[test]
fn the_ceiling_is_three_per_cent_above_the_price_in_whole_units_with_its_unit_and_never_below() {
    let mut rig = card_form();
    let ceiling = |rig: &mut Rig| {
        let lines = rig.draw();
        lines.into_iter().find(|line| line.contains("7066") || line.contains("eiling")).unwrap_or_default()
    };
    with_form(&mut rig, |form| {
        // 6,860 x 1.03 = 7,065.80
        assert_eq!(form.draft.text(Field::Ceiling), "7066");
        form.focus_on(paydesk::console::layer::pay::Focus::Field(Field::Ceiling));
    });
    assert!(ceiling(&mut rig).contains("PHP"), "{}", rig.screen());
    with_form(&mut rig, |form| {
        form.draft.set(Field::Ceiling, "6859");
        form.complains = true;
    });
    assert!(flat(&mut rig).contains("PHP 6,860.00"), "{}", rig.screen());
    rig.press("Enter");
    assert!(!asks_for_the_amount(&rig));
}

/// Whatever of it changes between the review and Enter: it is asked again, and nothing is paid.
#[test]
fn a_confirmation_is_taken_back_when_price_balance_or_clock_changes_before_enter() {
    type Change = fn(&mut Rig);
    let changes: [(&str, Change); 6] = [
        ("nothing", |_| {}),
        ("price", |rig| {
            let mut dearer = case(&sketch());
            let details = dearer.order.details.as_mut().unwrap();
            details.options[0].ticket_fare.as_mut().unwrap().money = money("118.55", "USD");
            rig.publish(vec![dearer]);
        }),
        ("deadline", |rig| rig.sketch(&Sketch { minutes_left: 19, ..sketch() })),
        ("balance", |rig| balance(rig, "18342.66")),
        ("clock", |rig| {
            let health = Health { clock_offset: SECOND * 3, ..rig.console.model.health.clone() };
            rig.news(Update { health: Some(health), ..Update::default() });
        }),
        ("trust in the clock", |rig| {
            let health = Health { clock: Trust::Unknown, ..rig.console.model.health.clone() };
            rig.news(Update { health: Some(health), ..Update::default() });
        }),
    ];
    for (what, change) in changes {
        let mut rig = confirmation();
        let health = Health { clock: Trust::Settled, ..rig.console.model.health.clone() };
        rig.news(Update { health: Some(health), ..Update::default() });
        if !asks_for_the_amount(&rig) {
            rig.press("Enter");
            rig.draw();
            rig.pass(SECOND);
        }
        rig.press("119");
        change(&mut rig);
        let is_asked_again = flat(&mut rig).contains("review again");
        assert_eq!(is_asked_again, what != "nothing", "{what}:\n{}", rig.screen());
        rig.press("Enter");
        assert_eq!(pays(&rig), what == "nothing", "{what}:\n{}", rig.screen());
        if what == "nothing" {
            rig.press("Enter 119 Enter");
            assert_eq!(rig.payments(), 1, "a confirmation is used once");
        }
    }
}
