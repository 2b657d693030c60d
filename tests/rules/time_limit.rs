//! The times that run for an order: when each applies, and when it ends.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, ToSpan};
use paydesk::domain::{
    attempt::State as Paying,
    baggage::decision::{AcceptanceId, Decision},
    case::Case,
    method::PaymentMethod,
    moment::Now,
    order::{Airline, OrderStatus, TicketingError},
    stop::{self, Stop},
    story::{Happening, OperatorAction, What},
    time_limit::{Kind, TimeLimit, time_limits},
};

use crate::sample::{self, attempt, moment, no, now, order};

fn at(minutes: i64) -> Timestamp {
    now() + minutes.minutes()
}

/// Made and asked for just now.
fn case(status: OrderStatus) -> Case {
    let mut order = order();
    order.status = status;
    order.created = Some(now());
    Case::new(order)
}

/// In ticketing, paid just now.
fn ticketing() -> Case {
    let mut case = case(OrderStatus::Ticketing);
    case.order.paid_at = Some(now());
    case
}

/// When `kind` ends for `case`, asked so many minutes from now; none if it does not apply then.
fn ends(case: &Case, kind: Kind, minutes: i64) -> Option<Timestamp> {
    let limits = time_limits(case, Now::agreed(at(minutes)));
    limits.into_iter().find(|limit| limit.kind == kind).map(|limit| limit.ends)
}

fn is_over(case: &Case, kind: Kind, minutes: i64) -> bool {
    let limits = time_limits(case, Now::agreed(at(minutes)));
    limits.into_iter().any(|limit| limit.kind == kind && limit.left(at(minutes)).is_none())
}

/// It ends at `minutes`: it runs before, is over from then on, and applies to no order in one of these states.
fn check(case: &Case, kind: Kind, minutes: i64, not_for: &[OrderStatus]) {
    assert_eq!(ends(case, kind, minutes - 1), Some(at(minutes)), "{kind:?}");
    assert!(!is_over(case, kind, minutes - 1), "{kind:?}");
    assert!(is_over(case, kind, minutes) || ends(case, kind, minutes).is_none(), "{kind:?}");
    for status in not_for {
        let mut other = case.clone();
        other.order.status = *status;
        assert_eq!(ends(&other, kind, minutes - 1), None, "{kind:?} of an order that is {status:?}");
    }
}

use OrderStatus::{Cancelled, Ticketed, Ticketing, Unpaid};

#[test]
fn a_payment_deadline_runs_thirty_minutes_for_an_unpaid_order() {
    check(&case(Unpaid), Kind::Payment, 30, &[Ticketing, Ticketed, Cancelled]);
    assert_eq!(ends(&case(Unpaid), Kind::Fulfilment, 1), None);
    let mut listed = case(Unpaid);
    listed.order.details = None;
    assert_eq!(ends(&listed, Kind::Payment, 1), None, "nobody has asked for it yet");
}

#[test]
fn a_fulfilment_order_has_five_minutes_for_payment_and_ticket_together() {
    let mut case = case(Unpaid);
    case.order.details.as_mut().unwrap().deadline = Some(at(5));
    check(&case, Kind::Fulfilment, 5, &[Ticketed, Cancelled]);
    assert_eq!(ends(&case, Kind::Payment, 1), None, "it is the same time, said once");
    case.order.status = Ticketing;
    case.order.paid_at = Some(at(2));
    assert_eq!(ends(&case, Kind::Fulfilment, 3), Some(at(5)), "paying does not end it");
    assert_eq!(ends(&case, Kind::LateTicketing, 3), Some(at(7)), "late after five minutes, not ten");
}

#[test]
fn a_ticket_is_late_ten_minutes_after_the_payment() {
    check(&ticketing(), Kind::LateTicketing, 10, &[Unpaid, Ticketed, Cancelled]);
}

#[test]
fn a_ticket_is_for_the_support_an_hour_after_the_payment() {
    check(&ticketing(), Kind::OverdueTicketing, 60, &[Unpaid, Ticketed, Cancelled]);
}

#[test]
fn an_airline_confirms_a_passed_through_card_within_two_hours() {
    let mut case = ticketing();
    assert_eq!(ends(&case, Kind::CardConfirmation, 1), None, "nothing says that a card was used");
    let by = |method: PaymentMethod| {
        let mut case = ticketing();
        let details = case.order.details.as_mut().unwrap();
        details.payment = details.option(method).cloned();
        case
    };
    for method in [PaymentMethod::Deposit, PaymentMethod::Byoa, PaymentMethod::Mor] {
        assert_eq!(ends(&by(method), Kind::CardConfirmation, 1), None, "{method:?}");
    }
    check(&by(PaymentMethod::Vcc), Kind::CardConfirmation, 120, &[Unpaid, Ticketed, Cancelled]);
    Arc::make_mut(&mut case.lineage).attempts.push(attempt(Paying::Accepted));
    assert_eq!(ends(&case, Kind::CardConfirmation, 1), Some(at(120)), "our own payment says so");
}

#[test]
fn a_dead_order_may_be_regenerated_for_a_day_after_it_was_made() {
    const DAY: i64 = 24 * 60;
    check(&case(Cancelled), Kind::Regeneration, DAY, &[Ticketing, Ticketed]);
    assert_eq!(ends(&case(Unpaid), Kind::Regeneration, 29), None);
    assert_eq!(ends(&case(Unpaid), Kind::Regeneration, 30), Some(at(DAY)), "it has lapsed");
}

#[test]
fn the_vendor_tries_to_stop_issuance_for_eight_minutes() {
    let stopped = |state: stop::State| {
        let mut case = ticketing();
        let stop = Stop::begin(no(), moment(0), now()).ended(state, now());
        Arc::make_mut(&mut case.lineage).put_stop(stop);
        case
    };
    assert_eq!(ends(&ticketing(), Kind::Stop, 1), None);
    check(&stopped(stop::State::Asked), Kind::Stop, 8, &[Ticketed, Cancelled]);
    assert_eq!(ends(&stopped(stop::State::Refused(1)), Kind::Stop, 1), None, "nothing is tried");
}

#[test]
fn a_link_to_the_airlines_page_holds_thirty_minutes() {
    let mut case = case(Unpaid);
    case.order.airlines = vec![Airline::RYANAIR].into();
    case.order.details.as_mut().unwrap().deadline = Some(at(60));
    assert_eq!(ends(&case, Kind::CommitLink, 1), None, "nobody has asked for it");
    Arc::make_mut(&mut case.lineage).put_action(no(), &OperatorAction::GotLink { asked: moment(0) });
    check(&case, Kind::CommitLink, 30, &[Ticketing, Ticketed, Cancelled]);
}

#[test]
fn a_loss_on_baggage_waits_thirty_minutes_for_a_decision_by_this_machines_clock() {
    let mut case = ticketing();
    case.order.ticketing_error = Some(TicketingError { code: "3011".into(), message: None }.into());
    let what = What::Seen { status: Ticketing, error: Some("3011".into()) };
    case.story.push(Arc::new(Happening { at: now(), by: None, what }));
    check(&case, Kind::BaggageDecision, 30, &[Unpaid, Ticketed, Cancelled]);
    // The vendor's clock is two minutes ahead, and all that is shown goes by it.
    let clocks = Now { at: at(12), wall: at(10), settled: true };
    let limits = time_limits(&case, clocks);
    let left = |limit: &TimeLimit| (limit.kind == Kind::BaggageDecision).then(|| limit.left(clocks.at));
    assert_eq!(limits.iter().find_map(left), Some(Some(SignedDuration::from_mins(20))));
    let accepting = Decision::Accepting { id: AcceptanceId::generate(), sent: moment(60) };
    let what = What::OperatorAction(OperatorAction::BaggageLoss(accepting));
    case.story.push(Arc::new(Happening { at: at(1), by: None, what }));
    assert_eq!(ends(&case, Kind::BaggageDecision, 2), None, "it was decided");
}

#[test]
fn of_an_order_that_was_replaced_nothing_runs_and_what_ends_first_comes_first() {
    let limits = time_limits(&ticketing(), Now::agreed(now()));
    let kinds: Vec<Kind> = limits.iter().map(|limit| limit.kind).collect();
    assert_eq!(kinds, [Kind::LateTicketing, Kind::OverdueTicketing]);
    let child = sample::no().as_str().replace("DEMOA", "DEMOB").parse().unwrap();
    let mut replaced = case(Unpaid);
    Arc::make_mut(&mut replaced.lineage).links.push((child, no()));
    assert_eq!(time_limits(&replaced, Now::agreed(at(1))), []);
}
