//! What the book makes of what it is told, without a desk around it.

use jiff::SignedDuration;
use paydesk::{
    desk::book::Book,
    domain::{
        attempt::{Attempt, AttemptId, Snapshot},
        moment::{Boot, Moment, Now},
        story::What,
    },
};

use crate::{
    others::claimed,
    remaking::child,
    server::{no, start, unpaid},
};

fn moment() -> Moment {
    Moment { now: Now::agreed(start()), boot: Boot(1), up: std::time::Duration::from_secs(1_000) }
}

#[test]
fn attempts_are_numbered_within_their_lineage_however_late_that_is_known() {
    let mut book = Book::default();
    let later = Attempt::restore(Snapshot {
        id: AttemptId::generate(),
        lineage: child(),
        order: child(),
        claimed_at: start() + SignedDuration::from_mins(5),
        ..claimed().snapshot()
    });
    let first = claimed();
    let ids = [first.id, later.id];
    // The later order and its payment are known before the earlier one, and that they belong together last of all.
    book.put_attempt(later);
    book.put_attempt(first);
    let mut order = unpaid();
    order.no = child();
    book.see_queried(unpaid(), moment(), start());
    book.see_queried(order.clone(), moment(), start());
    order.details.as_mut().unwrap().original = Some(no());
    book.see_queried(order, moment(), start());
    for (number, (order, id)) in [no(), child()].into_iter().zip(ids).enumerate() {
        let case = book.case(order).unwrap();
        let told = case.story.iter().find_map(|happening| match happening.what {
            What::Attempt { attempt, .. } => Some(attempt),
            _ => None,
        });
        assert_eq!((told, case.lineage.number_of(id)), (Some(id), Some(number + 1)), "{order}");
    }
}
