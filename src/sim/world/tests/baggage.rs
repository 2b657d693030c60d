//! Ticketing that is suspended over baggage.

use super::*;
use crate::{
    domain::method::PaymentMethod::Deposit,
    sim::{notification::Type, order::State},
};

/// An order that its story suspends with this code, a minute after it was paid.
fn suspended(code: u16) -> (World, OrderNo) {
    let mut world = played_world(&format!(
        "[[order]]\nname = 'hero'\npart = 'open deposit'\nmethods = ['deposit']\nticketing = {code}"
    ));
    let no = named(&world, "hero").no;
    assert!(world.pay(&request(no, Deposit)).is_ok());
    after(&mut world, 60);
    assert_eq!(stands(&world, no), (1, Some(code)));
    (world, no)
}

fn stands(world: &World, no: OrderNo) -> (i8, Option<u16>) {
    let order = get(world, no);
    (order.status(), order.failure().map(|failure| failure.code))
}

fn confirm(world: &mut World, no: OrderNo) -> i64 {
    world.confirm_loss(no.as_str()).map_or_else(|refusal| refusal.status, |()| 0)
}

#[test]
fn a_loss_that_is_accepted_goes_on_to_a_ticket_and_only_once() {
    let (mut world, no) = suspended(3011);
    assert_eq!((confirm(&mut world, no), confirm(&mut world, no)), (0, 402));
    assert_eq!(stands(&world, no), (1, None), "the code is gone at once");
    after(&mut world, 100);
    assert_eq!(stands(&world, no), (2, None));
    after(&mut world, 40 * 60);
    assert_eq!(stands(&world, no), (2, None), "what would have ended it does not any more");
    assert_eq!(confirm(&mut world, no), 402);
    assert_eq!(world.ledger().lineages()[&no].fares, 1);
}

#[test]
fn what_nobody_decides_about_is_cancelled_after_half_an_hour_and_given_back() {
    for (code, answer) in [(3011, None), (309, Some(309))] {
        let (mut world, no) = suspended(code);
        if let Some(answer) = answer {
            assert_eq!(confirm(&mut world, no), answer, "accepting does not help");
        }
        after(&mut world, 29 * 60);
        assert_eq!(stands(&world, no), (1, Some(code)));
        after(&mut world, 31 * 60);
        assert_eq!(stands(&world, no), (-3, Some(code)));
        assert_eq!(world.ledger().lineages()[&no].fares, 0);
        assert!(matches!(get(&world, no).state, State::Cancelled(Some(_), Some(_))));
    }
}

#[test]
fn a_notice_asks_for_the_decision_and_other_orders_are_refused() {
    let (mut world, _) = suspended(3011);
    let sent: Vec<Type> = world.sent().map(|delivery| delivery.kind).collect();
    assert_eq!(sent, [Type::Baggage]);
    let other = world.orders().iter().find(|order| order.state == State::Unpaid).map(|order| order.no);
    if let Some(other) = other {
        assert_eq!(confirm(&mut world, other), 402);
    }
    let unknown: OrderNo = "TESTA20200101000000000".parse().unwrap();
    assert_eq!(confirm(&mut world, unknown), 800);
}
