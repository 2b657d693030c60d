//! What is believed when answers overtake each other, and when two attempts of a lineage both claim to explain them.

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    desk::book::{Book, Deltas, Observation, Observed},
    domain::{
        attempt::{Attempt, State},
        moment::Moment,
        order::{Order, OrderStatus},
        story::What,
    },
};

use crate::{
    others::claimed,
    regenerating::child,
    sample::{self, Stands},
    server::{no, start, unpaid},
};

fn moment(seconds: u64) -> Moment {
    let at = start() + SignedDuration::from_secs(i64::try_from(seconds).unwrap());
    sample::moment(at, 1_000 + seconds)
}

fn attempt(state: State) -> Attempt {
    sample::sent(&claimed(), moment(0)).in_state(state)
}

/// The book learns of an attempt.
fn put(book: &mut Book, attempt: Attempt) {
    book.fold(Observation { at: start(), by: None, what: Observed::Attempt(Box::new(attempt)) });
}

/// An answer to a query that was sent at `asked`.
fn queried(book: &mut Book, order: Order, asked: Moment) -> Deltas {
    book.fold(Observation {
        by: None,
        at: asked.now.at,
        what: Observed::Queried { order: Box::new(order), asked, shown: asked.now.at },
    })
}

/// A row of a list that was asked for at `asked`.
fn listed(book: &mut Book, order: Order, asked: Moment) -> Deltas {
    book.fold(Observation {
        at: asked.now.at,
        by: None,
        what: Observed::Listed { order: Box::new(order), asked },
    })
}

/// The states of these attempts after queries at these seconds that call the order so.
fn judged(attempts: &[Attempt], answers: &[(u64, OrderStatus)]) -> Vec<State> {
    let mut book = Book::default();
    for attempt in attempts {
        put(&mut book, attempt.clone());
    }
    for (second, status) in answers {
        let asked = moment(*second);
        for (attempt, _) in queried(&mut book, Order { status: *status, ..unpaid() }, asked).attempts {
            put(&mut book, attempt);
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
    queried(&mut book, said(OrderStatus::Ticketing), moment(10));
    assert_eq!(queried(&mut book, said(OrderStatus::Unpaid), moment(9)), Deltas::default());
    assert_eq!(book.case(no()).unwrap().order.status, OrderStatus::Ticketing);
    let row = |status| Order { details: None, ..said(status) };
    listed(&mut book, row(OrderStatus::Unpaid), moment(9));
    assert_eq!(book.case(no()).unwrap().listed_as, None, "an old list is no difference");
    listed(&mut book, row(OrderStatus::Unpaid), moment(11));
    assert_eq!(book.case(no()).unwrap().listed_as, Some(OrderStatus::Unpaid));
}

#[test]
fn a_payment_that_only_a_list_showed_is_not_kept_on_an_unpaid_order() {
    let mut book = Book::default();
    let paid_at = Some(start());
    let row = Order { details: None, paid_at, status: OrderStatus::Ticketing, ..unpaid() };
    listed(&mut book, row.clone(), moment(1));
    queried(&mut book, Order { status: OrderStatus::Ticketing, ..unpaid() }, moment(2));
    assert_eq!(book.case(no()).unwrap().order.paid_at, paid_at, "not every answer repeats it");
    queried(&mut book, unpaid(), moment(3));
    assert_eq!(book.case(no()).unwrap().order.paid_at, None);
}

#[test]
fn attempts_are_numbered_within_their_lineage_however_late_that_is_known() {
    let mut book = Book::default();
    let later = sample::attempt(child(), start() + SignedDuration::from_mins(5), State::Claimed);
    let first = claimed();
    let ids = [first.id, later.id];
    // The later order and its payment are known before the earlier one, and that they belong together last of all.
    put(&mut book, later);
    put(&mut book, first);
    let mut order = unpaid();
    order.no = child();
    queried(&mut book, unpaid(), moment(0));
    queried(&mut book, order.clone(), moment(0));
    order.details.as_mut().unwrap().original = Some(no());
    queried(&mut book, order, moment(0));
    for (number, (order, id)) in [no(), child()].into_iter().zip(ids).enumerate() {
        let case = book.case(order).unwrap();
        let attempt = case.story.iter().find_map(|happening| match happening.what {
            What::Attempt { attempt, .. } => Some(attempt),
            _ => None,
        });
        assert_eq!((attempt, case.lineage.number_of(id)), (Some(id), Some(number + 1)), "{order}");
    }
}

#[test]
fn an_answer_that_says_the_same_again_changes_how_fresh_it_is_and_copies_nothing() {
    let mut book = Book::default();
    let first = queried(&mut book, unpaid(), moment(1));
    assert_eq!((first.changed.as_slice(), first.fresh), ([no()].as_slice(), Some(no())));
    let case = Arc::clone(book.case(no()).unwrap());
    let again = queried(&mut book, unpaid(), moment(30));
    assert_eq!(again, Deltas { fresh: Some(no()), ..Deltas::default() });
    assert!(Arc::ptr_eq(&case, book.case(no()).unwrap()), "the very same case");
    assert_eq!(book.freshness(no()).unwrap().up, moment(30).up);
    let row = Order { details: None, ..unpaid() };
    assert_eq!(listed(&mut book, row, moment(31)), Deltas::default(), "a list says nothing new either");
    assert_eq!(book.freshness(no()).unwrap().up, moment(30).up, "and is no query");
}
