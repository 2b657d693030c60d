//! Baggage that the airline does not sell as it was booked: since when, until when, what was decided, and when it may be
//! decided again.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use paydesk::domain::{
    attempt::{Doubt, NotSent, State},
    baggage::{
        decision::{AcceptanceId, Called, Decision, SETTLES, WINDOW},
        trouble::{NotNow, Standing, Trouble},
    },
    case::Case,
    codes::Baggage,
    moment::Now,
    order::{Order, OrderStatus, TicketingError},
    story::{Happening, OperatorAction, What},
    triage::{Cause, Group, NextStep, Queue, triage},
};

use crate::{base, sample};

const LOSS: &str = "3011";

fn at(seconds: i64) -> Timestamp {
    sample::now() + SignedDuration::from_secs(seconds)
}

fn moment(seconds: i64) -> paydesk::domain::moment::Moment {
    base::moment(at(seconds), u64::try_from(1_000 + seconds).unwrap())
}

fn order(status: OrderStatus, code: &str) -> Order {
    let error = TicketingError { code: code.into(), message: None }.into();
    Order {
        created: Some(at(-600)),
        paid_at: Some(at(-60)),
        ticketing_error: Some(error),
        ..sample::bare_order(status)
    }
}

/// An order in ticketing with this code, and this story; times are seconds.
fn case(code: &str, story: Vec<(i64, What)>) -> Case {
    let mut case = Case::new(order(OrderStatus::Ticketing, code));
    case.story = story.into_iter().map(|(second, what)| Arc::new(Happening::new(at(second), what))).collect();
    case
}

fn seen(code: Option<&str>) -> What {
    What::Seen { status: OrderStatus::Ticketing, error: code.map(Into::into) }
}

fn notified(code: &str) -> What {
    What::Notified { kind: "order.whatever".into(), error: Some(code.into()), times: 1 }
}

fn decided(decision: Decision) -> What {
    What::OperatorAction(OperatorAction::BaggageLoss(decision))
}

fn accepted(second: i64, id: AcceptanceId, called: Option<Called>) -> Vec<(i64, What)> {
    let mut lines =
        vec![(0, seen(Some(LOSS))), (second, decided(Decision::Accepting { id, sent: moment(second) }))];
    lines.extend(called.map(|called| (second + 1, decided(Decision::Ended { id, called }))));
    lines
}

fn trouble(case: &Case) -> Trouble {
    case.baggage().unwrap()
}

#[test]
fn only_two_codes_of_an_order_in_ticketing_are_about_baggage() {
    for (status, code, want) in [
        (OrderStatus::Ticketing, LOSS, Some(Baggage::Loss)),
        (OrderStatus::Ticketing, " 309 ", Some(Baggage::CannotBeBought)),
        (OrderStatus::Ticketing, "615", None),
        (OrderStatus::Ticketing, "odd", None),
        (OrderStatus::Cancelled, LOSS, None),
        (OrderStatus::Ticketed, LOSS, None),
        (OrderStatus::Unpaid, LOSS, None),
    ] {
        assert_eq!(order(status, code).baggage(), want, "{status:?} {code}");
    }
}

#[test]
fn the_half_hour_is_counted_from_the_first_sign_whoever_gave_it() {
    let check = |story: Vec<(i64, What)>, want: Option<(i64, bool)>| {
        let trouble = trouble(&case(LOSS, story.clone()));
        let since = trouble.since.map(|since| (since.at.duration_since(at(0)).as_secs(), since.notified));
        assert_eq!(since, want, "{story:?}");
        assert_eq!(trouble.ends_at(), want.map(|(second, _)| at(second) + WINDOW));
    };
    check(Vec::new(), None);
    check(vec![(10, seen(Some(LOSS)))], Some((10, false)));
    check(vec![(7, notified(LOSS)), (10, seen(Some(LOSS)))], Some((7, true)));
    check(vec![(10, seen(Some(LOSS))), (12, notified(LOSS))], Some((10, false)));
    check(vec![(7, notified("604")), (10, seen(Some(LOSS)))], Some((10, false)));
    check(vec![(10, seen(Some(LOSS))), (50, seen(None)), (90, seen(Some(LOSS)))], Some((90, false)));
    let never = trouble(&case("309", vec![(10, seen(Some("309")))]));
    assert_eq!(never.ends_at(), None, "nobody has promised that this one ends by itself");
}

#[test]
fn what_was_decided_is_the_last_word_of_the_story_about_this_very_loss() {
    let id = AcceptanceId::generate();
    let check = |story: Vec<(i64, What)>, want: Standing| {
        assert_eq!(trouble(&case(LOSS, story.clone())).standing, want, "{story:?}");
    };
    check(accepted(5, id, None), Standing::Accepted(id, moment(5), None));
    check(accepted(5, id, Some(Called::Taken)), Standing::Accepted(id, moment(5), Some(Called::Taken)));
    check(accepted(5, id, Some(Called::NotSent(NotSent::Interrupted))), Standing::Open);
    check(vec![(0, seen(Some(LOSS))), (3, decided(Decision::Refused))], Standing::Refused);
    // Refused after something may have left: that is not taken back by it.
    let mut story = accepted(5, id, Some(Called::InDoubt(Doubt::NoAnswer)));
    story.push((9, decided(Decision::Refused)));
    check(story, Standing::Accepted(id, moment(5), Some(Called::InDoubt(Doubt::NoAnswer))));
    // A second loss on the same order is decided about anew.
    let mut story = accepted(5, id, Some(Called::Taken));
    story.extend([(60, seen(None)), (90, seen(Some(LOSS)))]);
    check(story, Standing::Open);
    // The end of another program's acceptance says nothing of this one.
    let mut story = accepted(5, id, None);
    let other = AcceptanceId::generate();
    story.push((6, decided(Decision::Ended { id: other, called: Called::Taken })));
    check(story, Standing::Accepted(id, moment(5), None));
}

#[test]
fn a_loss_is_accepted_again_only_by_an_answer_from_after_the_request_should_have_taken_effect() {
    let id = AcceptanceId::generate();
    let settles = SETTLES.as_secs();
    for called in
        [None, Some(Called::Taken), Some(Called::Declined(-1)), Some(Called::InDoubt(Doubt::NoAnswer))]
    {
        let trouble = trouble(&case(LOSS, accepted(5, id, called.clone())));
        for (asked, want) in
            [(1, Err(NotNow::Asked)), (5 + settles - 1, Err(NotNow::Asked)), (5 + settles, Ok(()))]
        {
            assert_eq!(trouble.may_accept(moment(asked)), want, "{called:?} asked at {asked}");
        }
    }
    let not_sent = accepted(5, id, Some(Called::NotSent(NotSent::Interrupted)));
    assert_eq!(trouble(&case(LOSS, not_sent)).may_accept(moment(7)), Ok(()), "nothing had left");
    let unsold = trouble(&case("309", vec![(0, seen(Some("309")))]));
    assert_eq!(unsold.may_accept(moment(7)), Err(NotNow::CannotBeBought));
}

#[test]
fn a_list_that_lags_takes_nothing_back() {
    let id = AcceptanceId::generate();
    let mut story = accepted(5, id, Some(Called::Taken));
    story.push((20, What::Seen { status: OrderStatus::Unpaid, error: None }));
    story.push((21, seen(Some(LOSS))));
    let lagged = trouble(&case(LOSS, story.clone()));
    assert_eq!(lagged.standing, Standing::Accepted(id, moment(5), Some(Called::Taken)));
    assert_eq!(lagged.since.map(|since| since.at), Some(at(0)));
    // Even what looks like a new loss is not accepted before the last request should have taken effect.
    story.extend([(22, seen(None)), (23, seen(Some(LOSS)))]);
    let anew = trouble(&case(LOSS, story));
    assert_eq!((anew.standing.clone(), anew.may_accept(moment(30))), (Standing::Open, Err(NotNow::Asked)));
    assert_eq!(anew.may_accept(moment(5 + SETTLES.as_secs())), Ok(()));
}

#[test]
fn it_needs_a_person_until_somebody_decides_and_says_what_is_next() {
    let id = AcceptanceId::generate();
    let check = |case: &Case, second: i64, group: Group, next: NextStep| {
        let answer = triage(case, Now::agreed(at(second)));
        assert_eq!((answer.group, answer.next), (group, next), "{:?}", case.story);
    };
    let open = case(LOSS, vec![(0, seen(Some(LOSS)))]);
    check(&open, 10, Group::Baggage, NextStep::DecideBaggageLoss);
    check(&open, 3_600, Group::Baggage, NextStep::DecideBaggageLoss);
    check(&case("309", Vec::new()), 10, Group::Baggage, NextStep::CancelForBaggage);
    let lost = case(LOSS, accepted(5, id, Some(Called::InDoubt(Doubt::NoAnswer))));
    check(&lost, 10, Group::Baggage, NextStep::WaitForBaggage);
    check(&lost, 5 + SETTLES.as_secs(), Group::Baggage, NextStep::DecideBaggageLoss);
    assert_eq!(triage(&lost, Now::agreed(at(10))).until, Some(at(5) + SETTLES));
    let refused = case(LOSS, vec![(0, seen(Some(LOSS))), (3, decided(Decision::Refused))]);
    check(&refused, 10, Group::Ticketing, NextStep::WaitForCancellation);
    for queue in [Queue::Action, Queue::Ticketing, Queue::All] {
        assert!(queue.holds(Group::Baggage), "{queue:?}");
    }
    // A payment in doubt goes before it.
    let doubtful = sample::lineage(vec![sample::attempt(State::InDoubt(Doubt::NoAnswer))]);
    let both = Case { lineage: Arc::new(doubtful), ..open };
    check(&both, 10, Group::InDoubt, NextStep::WaitForOutcome);
}

#[test]
fn once_it_is_cancelled_a_loss_is_searched_for_again_and_never_regenerated() {
    for code in [LOSS, "309"] {
        let answer = triage(&Case::new(order(OrderStatus::Cancelled, code)), Now::agreed(at(60)));
        assert_eq!((answer.group, answer.next), (Group::Cancelled, NextStep::BookAnew), "{code}");
        assert!(matches!(answer.reason, Cause::Cancelled(Some(_))));
    }
}
