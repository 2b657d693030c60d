//! When an order that the vendor does not show any more is put aside, and what then may not be done with it.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use paydesk::domain::{
    attempt::{Doubt, NotSent, State},
    case::Case,
    committable::{self, NotNow as NoLink},
    missing::Missing,
    moment::Now,
    obstacle::Obstacle,
    order::{Airline, Order, OrderStatus, TicketingError},
    payable,
    recovery::{Facts, PaymentPath, Why, plan},
    regenerable::{NotNow, may_regenerate},
    regeneration,
    triage::{Cause, Group, Means, NextStep, Queue, triage},
};

use crate::{
    base,
    sample::{self, Desk, moment, now},
};

/// That many minutes after the sweep.
fn at(minutes: i64) -> Timestamp {
    now() + minutes.minutes()
}

fn order(status: OrderStatus) -> Order {
    Order { status, created: Some(now()), ..sample::order() }
}

/// What is known of an order that no list shows after answers "no such order" to queries at these seconds.
fn after(denials: &[i64]) -> Missing {
    denials.iter().fold(Missing::unlisted(moment(0)), |missing, second| missing.denied(moment(*second)))
}

fn case_of(order: Order, missing: Missing, attempt: Option<State>) -> Case {
    let mut lineage = sample::lineage(attempt.map(sample::attempt).into_iter().collect());
    lineage.missing.insert(order.no, missing);
    base::case(order, lineage)
}

#[test]
fn only_a_complete_sweep_and_two_answers_that_lie_apart_prove_that_there_is_no_such_order() {
    for (denials, proven) in [
        (&[][..], false),
        (&[1], false),
        (&[1, 2, 3, 30], false),
        (&[1, 31], true),
        (&[1, 20, 31], true),
        (&[1, 300], true),
    ] {
        assert_eq!(after(denials).is_proven(), proven, "{denials:?}");
    }
    let late = Missing::unlisted(moment(100));
    assert!(
        !late.denied(moment(10)).denied(moment(60)).is_proven(),
        "what was asked before the sweep says nothing"
    );
}

#[test]
fn an_order_is_gone_only_where_no_money_can_hang_on_it() {
    let lost = || after(&[1, 31]);
    let gone = |order: Order, attempt: Option<State>| {
        let case = case_of(order, lost(), attempt);
        assert_ne!(case.is_gone(), case.lineage.is_lost(&case.order), "one or the other");
        case.is_gone()
    };
    for status in [OrderStatus::Unpaid, OrderStatus::Cancelled] {
        assert!(gone(order(status), None), "{status:?}");
        for over in [
            State::Rejected(403),
            State::NotSent(NotSent::Obstacle("x".into())),
            State::NotApplied,
            State::Closed,
        ] {
            assert!(gone(order(status), Some(over.clone())), "{status:?} {over:?}");
        }
    }
    for status in [OrderStatus::Ticketing, OrderStatus::Ticketed, OrderStatus::Unknown(Some(7))] {
        assert!(!gone(order(status), None), "{status:?}");
    }
    let open = [
        State::Claimed,
        State::Sending,
        State::InDoubt(Doubt::NoAnswer),
        State::Refused(403),
        State::Accepted,
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        State::Reversed,
    ];
    for state in open {
        for status in [OrderStatus::Unpaid, OrderStatus::Cancelled] {
            assert!(!gone(order(status), Some(state.clone())), "{status:?} {state:?}");
        }
    }
    let mut begun = order(OrderStatus::Unpaid);
    begun.details.as_mut().unwrap().payment_attempted = Some(true);
    assert!(!gone(begun, None), "a charge was begun");
    let mut case = case_of(order(OrderStatus::Cancelled), lost(), None);
    let call = sample::regeneration(regeneration::State::InDoubt(Doubt::NoAnswer));
    Arc::make_mut(&mut case.lineage).regenerations.push(call);
    assert!(!case.is_gone(), "a new order may be being made");
}

#[test]
fn a_gone_order_stands_with_what_is_done_and_nothing_is_left_to_do_with_it() {
    let error = TicketingError { code: "604".into(), message: None }.into();
    let failed = Order { ticketing_error: Some(error), ..order(OrderStatus::Cancelled) };
    let unread = Order { details: None, ..order(OrderStatus::Unpaid) };
    for order in [order(OrderStatus::Unpaid), unread, failed] {
        let case = case_of(order, after(&[1, 31]), None);
        let answer = triage(&case, Now::agreed(at(25)));
        assert_eq!((answer.group, answer.reason, answer.next), (Group::Gone, Cause::Gone, NextStep::Gone));
        assert_eq!((answer.next.means(), answer.until), (Means::Wait, None), "no countdown runs");
        let queues: Vec<Queue> = Queue::ALL.into_iter().filter(|queue| queue.holds(answer.group)).collect();
        assert_eq!(queues, [Queue::Done, Queue::All]);
    }
    // Half proven, or with money open, it stays what it was.
    let one = triage(&case_of(order(OrderStatus::Unpaid), after(&[1]), None), Now::agreed(at(25)));
    assert_eq!((one.group, one.next), (Group::Due, NextStep::Pay));
    let doubt = case_of(order(OrderStatus::Unpaid), after(&[1, 31]), Some(State::InDoubt(Doubt::NoAnswer)));
    assert_eq!(triage(&doubt, Now::agreed(at(25))).group, Group::InDoubt);
}

#[test]
fn a_gone_order_is_neither_paid_nor_recovered_nor_confirmed() {
    let ryanair = Order { airlines: vec![Airline::RYANAIR].into(), ..order(OrderStatus::Unpaid) };
    for (denials, is_gone) in [(&[1][..], false), (&[1, 31], true)] {
        let case = case_of(ryanair.clone(), after(denials), None);
        let desk = Desk { order: case.order.clone(), lineage: (*case.lineage).clone(), ..Desk::new() };
        let context = desk.context();
        let said = payable::order_obstacles(&context);
        assert_eq!(said.contains(&Obstacle::Gone { since: moment(0).now.at }), is_gone, "{said:?}");
        let link = committable::may_ask(&case.order, &case.lineage, at(0));
        assert_eq!(link, if is_gone { Err(NoLink::Gone) } else { Ok(()) });
        let facts = Facts {
            now: Now::agreed(at(0)),
            order: &case.order,
            lineage: &case.lineage,
            child: None,
            balance: None,
        };
        let choice = plan(&facts).choice(PaymentPath::Deposit).unwrap().open.clone();
        assert_eq!(choice == Err(Why::Gone), is_gone, "{choice:?}");
        let dead = case_of(order(OrderStatus::Cancelled), after(denials), None);
        let again = may_regenerate(&dead.order, &dead.lineage, Now::agreed(at(40)));
        assert_eq!(again, if is_gone { Err(NotNow::Gone) } else { Ok(()) });
    }
}
