//! Which alerts are due of a case, to the second, and when an alert about no order is raised again.

use jiff::{SignedDuration, Timestamp, ToSpan};
use paydesk::domain::{
    alert::{Alert, Cause, Key, due, due_until, recurs},
    attempt::{AttemptId, Doubt, State},
    case::Case,
    money::Currency,
    order::{Order, OrderStatus, TicketingError},
};

use crate::{
    base::{self, case, lineage},
    sample::{attempt, attempt_with, bare_order, now, order},
};

/// The keys that are due so many seconds after now.
fn keys(case: &Case, seconds: i64) -> Vec<Key> {
    due(case, now() + seconds.seconds()).into_iter().map(|due| due.key).collect()
}

fn unpaid() -> Case {
    case(order(), lineage(order().no, Vec::new()))
}

fn deadline(step: u32) -> Vec<Key> {
    vec![Key { cause: Cause::Deadline(order().no), step }]
}

#[test]
fn a_deadline_is_spoken_of_ten_five_and_one_minute_before_it_to_the_second() {
    let case = unpaid();
    // It is thirty minutes away.
    for (seconds, want) in [
        (0, vec![]),
        (20 * 60 - 1, vec![]),
        (20 * 60, deadline(10)),
        (25 * 60 - 1, deadline(10)),
        (25 * 60, deadline(5)),
        (29 * 60 - 1, deadline(5)),
        (29 * 60, deadline(1)),
        (30 * 60 - 1, deadline(1)),
        (30 * 60, vec![]),
        (31 * 60, vec![]),
    ] {
        assert_eq!(keys(&case, seconds), want, "{seconds}");
    }
}

#[test]
fn an_unknown_outcome_is_spoken_of_after_two_ten_and_thirty_minutes_to_the_second() {
    for state in [State::InDoubt(Doubt::NoAnswer), State::Refused(604)] {
        let attempt = attempt(state);
        let id = attempt.id;
        let case = case(order(), lineage(order().no, vec![attempt]));
        let step = |step| vec![Key { cause: Cause::InDoubt(order().no, id), step }];
        for (seconds, want) in [
            (0, vec![]),
            (119, vec![]),
            (120, step(2)),
            (599, step(2)),
            (600, step(10)),
            (1_799, step(10)),
            (1_800, step(30)),
            // Its deadline is nobody's concern while a payment is open.
            (7_200, step(30)),
        ] {
            assert_eq!(keys(&case, seconds), want, "{seconds}");
        }
    }
}

#[test]
fn a_ticket_is_late_ten_minutes_after_the_payment_to_the_second() {
    let paid = Order {
        paid_at: Some(now()),
        created: Some(now() - SignedDuration::from_mins(5)),
        status: OrderStatus::Ticketing,
        ..order()
    };
    let case = case(paid, lineage(order().no, Vec::new()));
    assert_eq!(keys(&case, 599), []);
    assert_eq!(keys(&case, 600), [Key { cause: Cause::TicketingLate(order().no), step: 0 }]);
    assert_eq!(due_until(&case, now()), Some(now() + 600.seconds()));
}

#[test]
fn what_a_person_must_look_into_is_spoken_of_at_once() {
    type Name = fn(paydesk::domain::order::OrderNo, AttemptId) -> Cause;
    let table: [(State, Name); 2] =
        [(State::Conflict, Cause::Conflict), (State::PaidElsewhere, Cause::PaidElsewhere)];
    for (state, cause) in table {
        let attempt = attempt(state);
        let id = attempt.id;
        let case = case(order(), lineage(order().no, vec![attempt]));
        assert_eq!(keys(&case, 0), [Key { cause: cause(order().no, id), step: 0 }]);
    }
}

#[test]
fn a_decline_is_spoken_of_once_for_each_attempt_while_something_can_be_done_about_it() {
    let error = Some(TicketingError { code: "604".into(), message: None }.into());
    let created = Some(now() - SignedDuration::from_hours(1));
    let cancelled =
        Order { status: OrderStatus::Cancelled, ticketing_error: error.clone(), created, ..order() };
    let reversed = attempt(State::Reversed);
    let id = reversed.id;
    let declined = |attempt| vec![Key { cause: Cause::Declined(order().no, attempt), step: 0 }];
    let by_us = case(cancelled.clone(), lineage(order().no, vec![reversed]));
    assert_eq!(keys(&by_us, 0), declined(Some(id)));
    let by_others = case(cancelled.clone(), lineage(order().no, Vec::new()));
    assert_eq!(keys(&by_others, 0), declined(None));
    let old = Order { created: Some(now() - SignedDuration::from_hours(25)), ..cancelled };
    assert_eq!(keys(&case(old, lineage(order().no, Vec::new())), 0), []);
    // The answer to the payment itself; the order can still be paid.
    let refused = attempt(State::Rejected(604));
    let id = refused.id;
    let case = case(order(), lineage(order().no, vec![refused]));
    let is_decline = paydesk::domain::codes::pay(604).is_decline;
    let want = if is_decline { declined(Some(id)) } else { vec![] };
    assert_eq!(keys(&case, 0), want);
}

#[test]
fn nothing_is_said_of_an_order_on_which_nothing_hangs() {
    for status in [OrderStatus::Ticketed, OrderStatus::Cancelled, OrderStatus::Unknown(Some(7))] {
        let case = case(Order { status, ..order() }, lineage(order().no, Vec::new()));
        assert_eq!(keys(&case, 29 * 60), [], "{status:?}");
    }
    let unasked = case(bare_order(OrderStatus::Unpaid), lineage(order().no, Vec::new()));
    assert_eq!(keys(&unasked, 29 * 60), []);
    let paid = attempt(State::Paid);
    assert_eq!(keys(&case(order(), lineage(order().no, vec![paid])), 29 * 60), []);
}

/// Second by second: what is due changes at the moments that were named before, and at no other.
#[test]
fn the_next_moment_is_known_beforehand() {
    let doubt = attempt_with(State::InDoubt(Doubt::NoAnswer), |_| {});
    let late = Order { paid_at: Some(now()), status: OrderStatus::Ticketing, ..order() };
    let cases = [
        unpaid(),
        case(order(), lineage(order().no, vec![doubt])),
        case(late, lineage(order().no, Vec::new())),
        case(order(), lineage(order().no, vec![attempt(State::Conflict)])),
    ];
    for case in cases {
        let mut named = due_until(&case, now());
        let mut before = keys(&case, 0);
        for second in 1..3_700 {
            let at = now() + second.seconds();
            let after = keys(&case, second);
            assert_eq!(after != before, named == Some(at), "{second} s: {before:?} {after:?} {named:?}");
            if named == Some(at) {
                named = due_until(&case, at);
            }
            before = after;
        }
    }
}

#[test]
fn what_comes_and_goes_is_spoken_of_again_only_when_it_was_acknowledged_and_over_or_lasts_for_hours() {
    let cause = Cause::BalanceLow(Currency::parse("USD").unwrap());
    let at = |minutes: i64| now() + SignedDuration::from_mins(minutes);
    let last = |acknowledged: Option<Timestamp>| Alert {
        key: Key { cause, step: 3 },
        raised_at: at(0),
        acknowledged: acknowledged.map(|at| ("mei@desk".into(), at)),
    };
    let next = Some(Key { cause, step: 4 });
    assert_eq!(recurs(cause, None, false, at(0)), Some(Key { cause, step: 1 }));
    assert_eq!(recurs(cause, Some(&last(None)), true, at(600)), None);
    assert_eq!(recurs(cause, Some(&last(Some(at(5)))), false, at(6)), None);
    assert_eq!(recurs(cause, Some(&last(Some(at(5)))), true, at(6)), next);
    assert_eq!(recurs(cause, Some(&last(Some(at(5)))), false, at(244)), None);
    assert_eq!(recurs(cause, Some(&last(Some(at(5)))), false, at(245)), next);
}

#[test]
fn the_words_of_the_journal_are_distinct() {
    let (no, id) = (base::number(1), AttemptId::generate());
    let causes = [
        Cause::Deadline(no),
        Cause::Declined(no, None),
        Cause::TicketingLate(no),
        Cause::InDoubt(no, id),
        Cause::Conflict(no, id),
        Cause::PaidElsewhere(no, id),
        Cause::BalanceLow(Currency::parse("USD").unwrap()),
        Cause::AirlineTrouble(paydesk::domain::order::Airline::RYANAIR),
    ];
    let words: std::collections::BTreeSet<&str> = causes.iter().map(|cause| cause.word()).collect();
    assert_eq!(words.len(), causes.len());
}
