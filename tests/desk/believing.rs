//! What is believed when answers overtake each other, and when two attempts of a lineage both claim to explain them.

use std::time::Duration;

use jiff::SignedDuration;
use paydesk::{
    desk::book::Book,
    domain::{
        attempt::{Attempt, AttemptId, Snapshot, State},
        moment::{Boot, Moment, Now},
        order::{Order, OrderStatus},
    },
};

use crate::{
    others::claimed,
    server::{no, start, unpaid},
};

fn moment(seconds: u64) -> Moment {
    let at = start() + SignedDuration::from_secs(i64::try_from(seconds).unwrap());
    Moment { now: Now::agreed(at), boot: Boot(1), up: Duration::from_secs(1_000 + seconds) }
}

fn attempt(state: State) -> Attempt {
    Attempt::restore(Snapshot {
        id: AttemptId::generate(),
        sent: Some(moment(0)),
        state,
        ..claimed().snapshot()
    })
}

/// The states of these attempts after queries at these seconds that call the order so.
fn judged(attempts: &[Attempt], answers: &[(u64, OrderStatus)]) -> Vec<State> {
    let mut book = Book::default();
    for attempt in attempts {
        book.put_attempt(attempt.clone());
    }
    for (second, status) in answers {
        let asked = moment(*second);
        book.see_queried(Order { status: *status, ..unpaid() }, asked, asked.now.at);
        for (attempt, _) in book.judge(no(), asked, asked.now.at) {
            book.put_attempt(attempt);
        }
    }
    book.lineage(no()).attempts.iter().map(|attempt| attempt.state.clone()).collect()
}

#[test]
fn a_contradiction_stays_while_another_attempt_of_the_lineage_may_have_charged() {
    use OrderStatus::{Cancelled, Ticketed, Ticketing};
    let (conflict, paid) = (attempt(State::Conflict), attempt(State::Paid));
    let rejected = attempt(State::Rejected(403));
    for (said, alone) in [(Ticketed, State::Ticketed), (Ticketing, State::Paid)] {
        let answers = [(200, said), (230, said), (260, said)];
        let beside = judged(&[conflict.clone(), paid.clone()], &answers);
        assert_eq!(beside[0], State::Conflict, "{said:?}: one of two charged, and nobody knows which");
        assert_eq!(judged(&[conflict.clone(), rejected.clone()], &answers)[0], alone, "{said:?}");
    }
    // Cancelled for good frees it all the same: whose money is open is asked of the vendor.
    let answers = [(200, Cancelled), (230, Cancelled)];
    assert_eq!(judged(&[conflict, paid], &answers), [State::Reversed, State::Reversed]);
}

#[test]
fn an_order_paid_by_another_one_may_have_been_paid_by_the_attempt_that_was_denied() {
    let refused = attempt(State::Refused(403));
    let ticketing = [(5, OrderStatus::Ticketing)];
    assert_eq!(judged(std::slice::from_ref(&refused), &ticketing), [State::PaidElsewhere]);
    let both = judged(&[attempt(State::NotApplied), refused], &ticketing);
    assert_eq!(both, [State::NotApplied, State::Conflict]);
    let denied = judged(&[attempt(State::NotApplied)], &ticketing);
    assert_eq!(denied, [State::Conflict], "it is the only one that can have");
}

#[test]
fn an_answer_that_a_newer_one_has_overtaken_is_not_believed() {
    let mut book = Book::default();
    let said = |status| Order { status, ..unpaid() };
    book.see_queried(said(OrderStatus::Ticketing), moment(10), start());
    assert_eq!(book.see_queried(said(OrderStatus::Unpaid), moment(9), start()), None);
    assert_eq!(book.case(no()).unwrap().order.status, OrderStatus::Ticketing);
    let row = |status| Order { details: None, ..said(status) };
    book.see_listed(row(OrderStatus::Unpaid), moment(9), start());
    assert_eq!(book.case(no()).unwrap().listed_as, None, "an old list is no difference");
    book.see_listed(row(OrderStatus::Unpaid), moment(11), start());
    assert_eq!(book.case(no()).unwrap().listed_as, Some(OrderStatus::Unpaid));
}

#[test]
fn a_payment_that_only_a_list_told_of_is_not_kept_on_an_unpaid_order() {
    let mut book = Book::default();
    let paid_at = Some(start());
    let row = Order { details: None, paid_at, status: OrderStatus::Ticketing, ..unpaid() };
    book.see_listed(row.clone(), moment(1), start());
    book.see_queried(Order { status: OrderStatus::Ticketing, ..unpaid() }, moment(2), start());
    assert_eq!(book.case(no()).unwrap().order.paid_at, paid_at, "not every answer repeats it");
    book.see_queried(unpaid(), moment(3), start());
    assert_eq!(book.case(no()).unwrap().order.paid_at, None);
}
