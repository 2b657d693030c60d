//! Orders that the vendor does not show any more: when they are put aside, when never, and how they come back.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    clock::Clock as _,
    desk::{Options, hub::Command},
    domain::{
        attempt::{Doubt, State},
        case::Case,
        moment::Now,
        order::{Order, OrderNo, OrderStatus},
        triage::{Group, NextStep, triage},
    },
    journal::sqlite::SqliteJournal,
};

use crate::server::{Fake, Pays, Rig, memory, no, options, unpaid};

fn group(case: &Case, now: Timestamp) -> Group {
    triage(case, Now::agreed(now)).group
}

/// Neither its list nor its queries know it from now on.
fn forget(server: &Fake, order: OrderNo) {
    server.with(|server| server.gone.insert(order));
}

async fn until_gone(rig: &mut Rig) -> Arc<Case> {
    rig.until(|update| update.cases.iter().chain(&update.remembered).find(|case| case.is_gone()).cloned())
        .await
}

/// The newest of the order that the desk has published.
fn newest(rig: &mut Rig) -> Arc<Case> {
    let update = rig.mailbox.take();
    rig.seen.push(update);
    let all = rig.seen.iter().rev().find_map(|update| {
        update.cases.iter().chain(&update.remembered).rev().find(|case| case.order.no == no()).cloned()
    });
    all.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_order_that_neither_list_nor_queries_know_any_more_is_gone_half_a_minute_later_and_costs_nothing_then()
 {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    forget(&server, no());
    let begun = rig.clock.now();
    let gone = until_gone(&mut rig).await;
    let took = rig.clock.now().duration_since(begun);
    assert!(took >= SignedDuration::from_secs(30) && took <= SignedDuration::from_secs(50), "{took}");
    let answer = triage(&gone, Now::agreed(rig.clock.now()));
    assert_eq!((answer.group, answer.next, answer.until), (Group::Gone, NextStep::Gone, None));
    assert!(gone.missing().unwrap().since >= begun, "since when it is missing");
    let queries = server.with(|server| server.queries);
    rig.pass(3_600).await;
    assert_eq!(server.with(|server| server.queries), queries, "nobody asks for it any more");
    // The vendor shows it again: at once it is what it was.
    server.with(|server| server.gone.clear());
    let case = rig.until_case(|case| case.missing().is_none()).await;
    assert_eq!(case.order.status, OrderStatus::Unpaid);
    rig.pass(5).await;
    assert!(newest(&mut rig).missing().is_none());
}

#[tokio::test(start_paused = true)]
async fn one_wrong_answer_or_one_short_list_hides_nothing() {
    for lists_too in [false, true] {
        let server = Fake::new(Pays::Accepts);
        let mut rig = Rig::start(&server, memory(), options());
        rig.until_details().await;
        // Twenty seconds of an amnesia.
        if lists_too {
            forget(&server, no());
            rig.pass(20).await;
        } else {
            server.with(|server| server.unlisted.insert(no()));
            rig.pass(600).await;
        }
        server.with(|server| {
            server.gone.clear();
            server.unlisted.clear();
        });
        rig.pass(60).await;
        let case = newest(&mut rig);
        assert!(
            case.missing().is_none()
                && !rig.seen.iter().any(|update| update.cases.iter().any(|case| case.is_gone()))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_leaves_out_an_order_which_answers_know_is_asked_about_ever_less_often() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled);
    let mut rig = Rig::start(&server, memory(), options());
    rig.pass(60).await;
    server.with(|server| server.unlisted.insert(no()));
    rig.pass(1_200).await;
    let first = server.with(|server| server.queries);
    assert!((4..=9).contains(&first), "{first} queries in twenty minutes");
    rig.pass(7_200).await;
    let later = server.with(|server| server.queries) - first;
    assert!(later <= 13, "{later} in two hours");
}

#[tokio::test(start_paused = true)]
async fn a_payment_in_doubt_or_money_that_may_be_held_keeps_an_order_where_it_was() {
    let server = Fake::new(Pays::AppliesSilently);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Sending).await;
    forget(&server, no());
    rig.until_attempt(|attempt| attempt.state == State::InDoubt(Doubt::NoAnswer)).await;
    rig.pass(900).await;
    let case = newest(&mut rig);
    assert!(!case.is_gone() && case.missing().is_some(), "a person must see it");
    assert_eq!(group(&case, rig.clock.now()), Group::InDoubt);
    // Paid by whomever: the same.
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketing);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_case(|case| case.order.status == OrderStatus::Ticketing).await;
    forget(&server, no());
    let case = rig.until_case(|case| case.lineage.is_lost(&case.order)).await;
    assert_eq!((case.is_gone(), case.order.status), (false, OrderStatus::Ticketing));
}

#[tokio::test(start_paused = true)]
async fn only_a_sweep_that_was_read_to_its_end_leaves_anything_out() {
    for endless in [true, false] {
        let server = Fake::new(Pays::Accepts);
        let mut rig = Rig::start(&server, memory(), options());
        rig.until_details().await;
        // It still answers for others.
        let other = Order { no: "TESTB20261103143000001".parse().unwrap(), ..unpaid() };
        server.with(|server| {
            server.orders.insert(other.no, other);
            server.is_endless = endless;
            server.failing = !endless;
        });
        forget(&server, no());
        rig.pass(300).await;
        assert!(newest(&mut rig).missing().is_none(), "endless: {endless}");
    }
}

fn reopened(path: &std::path::Path) -> SqliteJournal {
    SqliteJournal::open(path, "mei").unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_gone_order_comes_back_at_the_next_start_as_what_it_is_and_is_found_gone_by_memory_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, reopened(path), options());
    rig.until_details().await;
    rig.handle.send(Command::Leave);
    rig.pass(30).await;
    drop(rig);
    // While no program runs the vendor forgets it; what is remembered is then asked about like any other.
    forget(&server, no());
    let mut rig = Rig::start(&server, reopened(path), options());
    let remembered = rig.until(|update| update.remembered.first().cloned()).await;
    assert!(!remembered.is_gone());
    until_gone(&mut rig).await;
    rig.handle.send(Command::Leave);
    rig.pass(30).await;
    drop(rig);
    let queries = server.with(|server| server.queries);
    let mut rig = Rig::start(&server, reopened(path), Options { read_only: true, ..options() });
    let remembered = rig.until(|update| update.remembered.first().cloned()).await;
    assert!(remembered.is_gone() && group(&remembered, rig.clock.now()) == Group::Gone);
    rig.pass(300).await;
    assert_eq!(server.with(|server| server.queries), queries, "it is known to be gone");
    // And back, for this start and for the next one.
    server.with(|server| server.gone.clear());
    rig.until_case(|case| case.missing().is_none() && case.order.details.is_some()).await;
    rig.handle.send(Command::Leave);
    rig.pass(30).await;
    drop(rig);
    let mut rig = Rig::start(&server, reopened(path), options());
    let remembered = rig.until(|update| update.remembered.first().cloned()).await;
    assert!(!remembered.is_gone());
}
