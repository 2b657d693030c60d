//! Stopping issuance by keys: from the plan of an order in ticketing, with a question; then its clock, and what came of it.

use paydesk::{
    desk::hub::{CommandId, NotStopped, Reply, Update},
    domain::{
        case::Case,
        lineage::Lineage,
        order::{Order, OrderStatus},
        stop::{State, Stop},
        stoppable::NotNow,
    },
};

use crate::{
    rig::{Rig, Sketch, case, noon, number, sample},
    scenes::{SECOND, question_of_stopping, stopping, stops, ticketing},
};

/// The order after a request to stop at noon.
fn asked(status: OrderStatus, state: State) -> Case {
    let order = case(&Sketch::default()).order;
    let mut lineage = Lineage::new(order.no);
    lineage.put_stop(Stop::begin(order.no, sample::moment(noon(), 1_000), noon()).ended(state, noon()));
    sample::case(Order { status, ..order }, lineage)
}

fn flat(rig: &mut Rig) -> String {
    rig.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn it_is_a_way_of_the_plan_of_an_order_in_ticketing_alone_and_asked_first() {
    let mut rig = stopping();
    assert!(rig.screen().contains("> stop issuance"), "{}", rig.screen());
    let mut rig = question_of_stopping();
    assert!(!stops(&rig) && flat(&mut rig).contains("Ask the vendor to stop issuing"), "{}", rig.screen());
    rig.press("n");
    assert!(!stops(&rig));
    rig.press("Enter y");
    assert!(stops(&rig));
    let mut burst = question_of_stopping();
    burst.burst("y y", std::time::Duration::from_millis(5));
    assert!(!stops(&burst), "no hand said so");
    let mut unpaid = Rig::new((80, 24));
    unpaid.sketch(&Sketch::default());
    unpaid.press("t");
    assert!(!unpaid.screen().contains("stop issuance"), "{}", unpaid.screen());
    // The plan itself never suggests it.
    assert!(ticketing().screen().contains("> stop here"));
}

#[test]
fn its_clock_runs_on_the_plan_and_nobody_asks_twice_meanwhile() {
    let mut rig = question_of_stopping();
    rig.press("y");
    // Until the desk says something of it, it goes on.
    rig.effects.clear();
    rig.press("Enter y");
    assert!(!stops(&rig), "{}", rig.screen());
    rig.publish(vec![asked(OrderStatus::Ticketing, State::Asked)]);
    let screen = flat(&mut rig);
    for said in ["the vendor is trying", "it is too late", "waits for the cancellation (-3)", "Look again at"]
    {
        assert!(screen.contains(said), "{said}:\n{}", rig.screen());
    }
    assert!(screen.contains("08:00 left"), "{}", rig.screen());
    rig.pass(SECOND);
    assert!(rig.screen().contains("07:59 left"), "{}", rig.screen());
    rig.press("Enter y");
    assert!(!stops(&rig));
    // A plan that is opened afterwards stands where it was left.
    rig.press("Esc t");
    assert!(rig.screen().contains("> stop issuance"), "{}", rig.screen());
    rig.pass(SECOND * 480);
    assert!(flat(&mut rig).contains("you may ask once more"), "{}", rig.screen());
    rig.healthy();
    rig.publish(vec![asked(OrderStatus::Ticketing, State::Asked)]);
    rig.press("k k k k k k k k j j j j j j j Enter y");
    assert!(stops(&rig), "{}", rig.screen());
}

#[test]
fn the_plan_says_what_came_of_it() {
    let check = |case: Case, said: &str| {
        let mut rig = Rig::new((80, 24));
        rig.publish(vec![case]);
        rig.press("t");
        assert!(flat(&mut rig).contains(said), "{said}:\n{}", rig.screen());
    };
    check(asked(OrderStatus::Cancelled, State::Asked), "Issuance was stopped");
    check(asked(OrderStatus::Ticketed, State::Asked), "Too late to stop");
    check(asked(OrderStatus::Ticketing, State::Refused(402)), "refused (402)");
    check(asked(OrderStatus::Ticketing, State::Sending), "the vendor is trying");
}

#[test]
fn what_was_not_asked_for_says_why_and_may_be_tried_again() {
    let mut rig = question_of_stopping();
    rig.press("y");
    let reason = NotStopped::NotNow(NotNow::Ticketed);
    let reply = Reply::NotStopped { order: number(1), reason };
    rig.news(Update { replies: vec![(CommandId(1), reply)], ..Update::default() });
    assert!(flat(&mut rig).contains("too late, it is ticketed"), "{}", rig.screen());
    rig.effects.clear();
    rig.press("Esc Enter y");
    assert!(stops(&rig), "{}", rig.screen());
}
