//! Every request counts: those that a payment or a regeneration makes out of turn hold back the asking that can wait.

use std::time::Duration;

use paydesk::{
    desk::{Options, hub::Command},
    domain::{
        attempt::{Doubt, State},
        order::{Order, OrderNo, OrderStatus},
        recovery::PaymentPath,
        regeneration::Called,
    },
};

use crate::{
    regenerating::{cancelled_with_child, child},
    server::{Fake, Pays, Rig, memory, no, options, start, unpaid},
};

/// Swept once, so that what follows is asked for one order's sake.
fn rarely() -> Options {
    Options { sweep_every: Duration::from_secs(86_400), ..options() }
}

impl Rig {
    /// All requests so far have been counted, of which the server says how many came.
    async fn has_counted_all_of(&mut self, server: &Fake) {
        tokio::time::sleep(Duration::from_millis(500)).await;
        // The count is published with the next thing that happens.
        self.handle.send(Command::Note(no(), "seen".into()));
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.seen.push(self.mailbox.take());
        let health = self.seen.iter().rev().find_map(|update| update.health.clone()).unwrap();
        assert_eq!(health.requests_last_minute, server.with(|server| server.requests));
    }
}

#[tokio::test(start_paused = true)]
async fn every_request_that_a_payment_makes_is_counted() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), rarely());
    rig.until_details().await;
    rig.has_counted_all_of(&server).await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Accepted).await;
    rig.has_counted_all_of(&server).await;
}

#[tokio::test(start_paused = true)]
async fn every_request_that_a_regeneration_and_a_search_make_is_counted() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        cancelled_with_child(server, None);
        server.unlisted.insert(child());
        server.pages = 3;
        server.calls.push_back(Called::Doubt(Doubt::NoAnswer));
    });
    let mut rig = Rig::start(&server, memory(), rarely());
    rig.shows(no()).await;
    rig.has_counted_all_of(&server).await;
    // Some that look like the new one are asked for themselves.
    server.with(|server| {
        for n in 0..3 {
            let other: OrderNo = format!("TESTA2026110314200{n:04}").parse().unwrap();
            let order =
                Order { no: other, created: Some(start()), status: OrderStatus::Cancelled, ..unpaid() };
            server.orders.insert(other, order);
        }
    });
    rig.handle.send(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason: None });
    tokio::time::sleep(Duration::from_secs(12)).await;
    assert_eq!(server.with(|server| server.regenerated), 1);
    rig.has_counted_all_of(&server).await;
}

#[tokio::test(start_paused = true)]
async fn payments_go_first_and_the_asking_waits_for_them() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.pages = 200);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    let mut pages = Vec::new();
    for _ in 0..60 {
        // Each asks for order and balance again and is not sent: two requests a second, where one is allowed.
        rig.pay("1.00");
        tokio::time::sleep(Duration::from_secs(1)).await;
        pages.push(server.with(|server| server.lists));
    }
    let checked = server.with(|server| server.queries);
    assert!(checked >= 60, "{checked} payments were checked");
    assert_eq!(pages[20], pages[59], "no page of the list meanwhile");
}
