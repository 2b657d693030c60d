//! Stopping issuance: only what is being ticketed, once in eight minutes, and only a query tells what came of it.

use jiff::{Timestamp, ToSpan};
use paydesk::domain::{
    attempt::{Doubt, NotSent},
    lineage::Lineage,
    moment::Now,
    order::{Order, OrderStatus},
    recovery::{self, Advice, Facts, PaymentPath, StepKind, StepState, Why, steps},
    stop::{State, Stop},
    stoppable::{NotNow, Outcome, may_stop},
    triage::{NextStep, triage},
};

use crate::{base, sample};

const TICKETING: OrderStatus = OrderStatus::Ticketing;

fn at(minute: i64) -> Timestamp {
    sample::now() + minute.minutes()
}

fn order(status: OrderStatus) -> Order {
    Order {
        created: Some(sample::now()),
        paid_at: Some(sample::now()),
        ..Order { status, ..sample::order() }
    }
}

/// A lineage whose order was to be stopped at that minute.
fn stopped(minute: i64, state: Option<State>) -> Lineage {
    let mut lineage = sample::lineage(Vec::new());
    let stop = Stop::begin(sample::no(), sample::moment(minute * 60), at(minute));
    lineage.put_stop(match state {
        None => stop,
        Some(state) => stop.ended(state, at(minute)),
    });
    lineage
}

/// Every state in which the vendor may be at it.
fn at_work() -> [Option<State>; 3] {
    [None, Some(State::Asked), Some(State::InDoubt(Doubt::NoAnswer))]
}

#[test]
fn only_what_is_being_ticketed_is_stopped() {
    let nobody = sample::lineage(Vec::new());
    let check = |status: OrderStatus, want: Result<(), NotNow>| {
        assert_eq!(may_stop(&order(status), &nobody, at(1)), want, "{status:?}");
    };
    check(TICKETING, Ok(()));
    check(OrderStatus::Ticketed, Err(NotNow::Ticketed));
    for status in [OrderStatus::Unpaid, OrderStatus::Cancelled, OrderStatus::Unknown(Some(7))] {
        check(status, Err(NotNow::NotTicketing(status)));
    }
    assert_eq!(Outcome::of(&order(TICKETING), &nobody, at(1)), None);
}

#[test]
fn nobody_asks_twice_before_the_eight_minutes_are_over() {
    for state in at_work() {
        let lineage = stopped(0, state.clone());
        for minute in [0, 1, 7] {
            assert_eq!(
                may_stop(&order(TICKETING), &lineage, at(minute)),
                Err(NotNow::Working(at(8))),
                "{state:?}"
            );
        }
        assert_eq!(may_stop(&order(TICKETING), &lineage, at(8)), Ok(()), "{state:?}");
    }
    // Nothing is tried, so it may be asked for again at once.
    for state in [State::Refused(402), State::NotSent(NotSent::Interrupted)] {
        assert_eq!(may_stop(&order(TICKETING), &stopped(0, Some(state)), at(0)), Ok(()));
    }
}

#[test]
fn the_order_tells_what_came_of_it() {
    let check = |state: Option<State>, status: OrderStatus, minute: i64, want: Outcome| {
        let lineage = stopped(0, state.clone());
        assert_eq!(Outcome::of(&order(status), &lineage, at(minute)), Some(want), "{state:?} {status:?}");
    };
    for state in at_work() {
        check(state.clone(), TICKETING, 7, Outcome::Working(at(8)));
        check(state.clone(), TICKETING, 8, Outcome::Unanswered(at(8)));
        check(state.clone(), OrderStatus::Cancelled, 3, Outcome::Stopped);
        check(state.clone(), OrderStatus::Cancelled, 9, Outcome::Stopped);
        check(state, OrderStatus::Ticketed, 3, Outcome::TooLate);
    }
    check(Some(State::Refused(402)), TICKETING, 1, Outcome::Refused(402));
    check(Some(State::Refused(402)), OrderStatus::Ticketed, 1, Outcome::TooLate);
    let not_sent = || NotSent::Interrupted;
    check(Some(State::NotSent(not_sent())), TICKETING, 1, Outcome::NotSent(not_sent()));
}

#[test]
fn what_is_known_of_a_request_is_not_taken_back() {
    let stop = Stop::begin(sample::no(), sample::moment(0), at(0));
    let refused = stop.ended(State::Refused(402), at(0));
    assert_eq!(refused.ended(State::Asked, at(1)), refused);
    let mut lineage = sample::lineage(Vec::new());
    assert!(lineage.put_stop(stop.clone()));
    let later = Stop::begin(sample::no(), sample::moment(600), at(10));
    assert!(lineage.put_stop(later.clone()));
    // A late answer to the first one says nothing of the second.
    lineage.put_stop(stop.ended(State::Asked, at(11)));
    assert_eq!(lineage.stop(sample::no()), Some(&later));
}

fn facts<'a>(order: &'a Order, lineage: &'a Lineage, minute: i64) -> Facts<'a> {
    Facts { now: Now::agreed(at(minute)), order, lineage, child: None, balance: None }
}

#[test]
fn the_plan_offers_it_follows_it_and_lets_a_new_order_wait_for_the_cancellation() {
    let ticketing = order(TICKETING);
    let nobody = sample::lineage(Vec::new());
    let plan = recovery::plan(&facts(&ticketing, &nobody, 1));
    assert!(plan.is_open(PaymentPath::StopIssuance));
    assert_ne!(plan.suggested(), Some(PaymentPath::StopIssuance), "never by itself");
    let unpaid = order(OrderStatus::Unpaid);
    assert_eq!(recovery::plan(&facts(&unpaid, &nobody, 1)).choice(PaymentPath::StopIssuance), None);

    let states = |lineage: &Lineage, order: &Order, minute| {
        let facts = facts(order, lineage, minute);
        let steps = steps::steps(PaymentPath::StopIssuance, &facts, true, false);
        assert_eq!(
            steps.iter().map(|step| step.kind).collect::<Vec<_>>(),
            [StepKind::Ask, StepKind::Stop, StepKind::FollowStop]
        );
        (steps[1].state, steps[2].state)
    };
    let (done, yours, later) = (StepState::Done, StepState::Yours, StepState::Later);
    assert_eq!(states(&nobody, &ticketing, 1), (yours, later));
    let asked = stopped(0, Some(State::Asked));
    assert_eq!(states(&asked, &ticketing, 1), (done, StepState::Running));
    assert_eq!(states(&asked, &ticketing, 8), (yours, later), "you may ask once more");
    assert_eq!(states(&asked, &order(OrderStatus::Cancelled), 3), (done, done));
    assert_eq!(states(&asked, &order(OrderStatus::Ticketed), 3), (done, StepState::Stuck));

    let plan = recovery::plan(&facts(&ticketing, &asked, 1));
    let closed = |path| plan.choice(path).unwrap().open.clone().expect_err("closed");
    assert_eq!(plan.first, Advice::WaitForStop);
    assert_eq!(closed(PaymentPath::StopIssuance), Why::Stopping);
    assert_eq!(closed(PaymentPath::NewDeposit), Why::Stopping);
    let cancelled = order(OrderStatus::Cancelled);
    assert!(recovery::plan(&facts(&cancelled, &asked, 3)).is_open(PaymentPath::NewDeposit));
}

#[test]
fn the_table_says_that_it_is_being_stopped_until_the_time_is_over() {
    let case = base::case(order(TICKETING), stopped(0, Some(State::Asked)));
    let said = triage(&case, Now::agreed(at(1)));
    assert_eq!((said.next, said.until), (NextStep::WaitForStop, Some(at(8))));
    assert_eq!(triage(&case, Now::agreed(at(8))).next, NextStep::WaitForTicket);
}
