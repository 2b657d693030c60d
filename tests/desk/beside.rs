//! What other programs and other orders of the trip have to do with a payment.

use std::time::Duration;

use jiff::SignedDuration;
use paydesk::{
    clock::Clock,
    desk::Options,
    domain::{
        attempt::{Attempt, AttemptId, Doubt, NotSent, Snapshot, State},
        lineage::Lineage,
        moment::Now,
        order::{Order, OrderNo, OrderStatus},
        subject::{Subject, kept},
        triage::{NextStep, next_step},
    },
    journal::{BlockingJournal, sqlite::SqliteJournal},
};

use crate::{
    sample::Stands,
    server::{Fake, Pays, Rig, memory, no, options, unpaid},
};

/// Another order of the same trip.
fn other() -> OrderNo {
    "TESTA20261103141802411".parse().unwrap()
}

/// A desk that learns of other programs only when it looks.
fn rarely() -> Options {
    Options { sweep_every: Duration::from_secs(600), ..options() }
}

fn is_paying_off(rig: &Rig) -> bool {
    rig.seen.iter().filter_map(|update| update.health.as_ref()).any(|health| health.paying_off.is_some())
}

impl Rig {
    async fn passes(&mut self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        self.seen.push(self.mailbox.take());
    }

    /// The attempts of the lineage, as last published.
    fn states(&self) -> Vec<State> {
        let mut cases = self.seen.iter().rev().flat_map(|update| update.cases.iter().rev());
        cases.next().unwrap().lineage.attempts.iter().map(|attempt| attempt.state.clone()).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_contradiction_does_not_end_beside_a_payment_that_another_program_has_begun() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.ticketed_after = 0);
    let mut rig = Rig::start(&server, SqliteJournal::open(folder.path(), "here").unwrap(), rarely());
    rig.until_details().await;
    server.with(|server| server.answers.extend([OrderStatus::Unpaid, OrderStatus::Cancelled]));
    rig.pay("119.55");
    let reversed = rig.until_attempt(|attempt| attempt.state == State::Reversed).await;
    let mut theirs = SqliteJournal::open(folder.path(), "there").unwrap();
    let begun = Attempt::restore(Snapshot {
        id: AttemptId::generate(),
        order: other(),
        state: State::Claimed,
        sent: None,
        ..reversed.snapshot()
    });
    theirs.claim(&begun).unwrap();
    rig.passes(120).await;
    assert_eq!(rig.states(), [State::Conflict, State::Claimed], "the first order is ticketed after all");
    assert!(!is_paying_off(&rig), "the journal has not failed");
}

#[tokio::test(start_paused = true)]
async fn accepted_after_another_program_took_it_for_one_that_did_not_happen_is_a_contradiction() {
    for options in [options(), rarely()] {
        let folder = tempfile::tempdir().unwrap();
        let server = Fake::new(Pays::AcceptsLate(Duration::from_secs(40)));
        let mut rig = Rig::start(&server, SqliteJournal::open(folder.path(), "here").unwrap(), options);
        rig.until_details().await;
        server.with(|server| server.answers.extend([OrderStatus::Unpaid; 60]));
        rig.pay("119.55");
        let sending = rig.until_attempt(|attempt| attempt.state == State::Sending).await;
        let mut theirs = SqliteJournal::open(folder.path(), "there").unwrap();
        let doubt = State::InDoubt(Doubt::Crash);
        theirs.advance(&sending.in_state(doubt.clone()), &State::Sending).unwrap();
        theirs.advance(&sending.in_state(State::NotApplied), &doubt).unwrap();
        let ended = rig.until_attempt(|attempt| attempt.state == State::Conflict).await;
        assert_eq!(ended.answer, Some(0), "by its answer, before any query has shown it paid");
        assert_eq!(theirs.attempt(sending.id).unwrap().unwrap().state, State::Conflict);
        assert!(!is_paying_off(&rig));
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_turns_out_to_be_made_from_another_one_is_not_paid_before_that_one_was_asked_for() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    // Until now no answer had named it; and it can still be paid itself.
    server.with(|server| {
        server.orders.insert(other(), Order { no: other(), ..unpaid() });
        server.orders.get_mut(&no()).unwrap().details.as_mut().unwrap().original = Some(other());
    });
    rig.pay("119.55");
    let first = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
    assert!(matches!(first.state, State::NotSent(NotSent::Gate(_))), "{first:?}");
    let again = rig.pay("119.55");
    let second =
        rig.until_attempt(|attempt| attempt.id == again && matches!(attempt.state, State::NotSent(_))).await;
    assert_eq!(second.state, State::NotSent(NotSent::Obstacle(kept(Subject::OrderNo, "original_alive"))));
    server.with(|server| assert_eq!(server.pay_requests, 0));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_paid_beside_another_one_of_its_trip_needs_a_person() {
    let server = Fake::new(Pays::Refuses(604));
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    let refused = rig.until_attempt(|attempt| matches!(attempt.state, State::Rejected(604))).await;
    let child = Attempt::restore(Snapshot {
        id: AttemptId::generate(),
        order: other(),
        claimed_at: refused.claimed_at + SignedDuration::from_secs(60),
        state: State::Ticketed,
        ..refused.snapshot()
    });
    let mut lineage = Lineage { attempts: vec![refused, child], ..Lineage::new(no()) };
    lineage.links.push((other(), no()));
    let seen = |status| Order { status, ..unpaid() };
    let (now, asked) = (rig.clock.now(), lineage.attempts[0].sent.unwrap());
    for status in [OrderStatus::Ticketing, OrderStatus::Ticketed] {
        assert_eq!(next_step(&seen(status), &lineage, Now::agreed(now)), NextStep::Investigate, "{status:?}");
        assert!(lineage.contradicted(&seen(status), asked).is_some(), "refused, and paid all the same");
    }
    assert_eq!(
        next_step(&seen(OrderStatus::Cancelled), &lineage, Now::agreed(now)),
        NextStep::TicketedAs(other())
    );
    let paid = Order { no: other(), ..seen(OrderStatus::Ticketed) };
    assert_eq!(next_step(&paid, &lineage, Now::agreed(now)), NextStep::Done, "the one that was to be paid");
    // Paid by somebody else when nothing else of the trip is: no contradiction.
    lineage.attempts.pop();
    assert!(lineage.contradicted(&seen(OrderStatus::Ticketed), asked).is_none());
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_written_although_whoever_asked_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::new(Pays::AcceptsLate(Duration::from_secs(5)));
    let mut rig = Rig::start(&server, SqliteJournal::open(folder.path(), "here").unwrap(), rarely());
    rig.until_details().await;
    rig.pay("119.55");
    let sending = rig.until_attempt(|attempt| attempt.state == State::Sending).await;
    drop(rig);
    tokio::time::sleep(Duration::from_secs(8)).await;
    let mut journal = SqliteJournal::open(folder.path(), "there").unwrap();
    assert_eq!(journal.attempt(sending.id).unwrap().unwrap().state, State::Accepted);
}
