//! Airlines in trouble: what the vendor says of them, and what the desk sees, over a restart.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use paydesk::{
    atlas::notification::webhook,
    desk::hub::Command,
    domain::{
        airline_trouble::{AirlineTroubles, SaidBy},
        notification::Notification,
        order::{Airline, Order, OrderStatus, TicketingError},
    },
    journal::sqlite::SqliteJournal,
};

use crate::{
    sample::number,
    server::{Fake, Pays, Rig, options, start, unpaid},
};

/// What the vendor sends of airlines.
pub(crate) fn status(airlines: &[&str], word: &str) -> Notification {
    let data = serde_json::json!({ "airline": airlines, "airlineStatus": word });
    let body = serde_json::json!({ "type": "airline.status", "status": -1, "data": data });
    webhook(body.to_string().as_bytes()).unwrap()
}

/// The airlines in trouble a minute from the start.
fn marked(troubles: &AirlineTroubles) -> Vec<String> {
    let now = start() + SignedDuration::from_mins(1);
    troubles.all(now).map(|trouble| trouble.airline.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_the_vendor_says_of_airlines_is_known_until_it_takes_it_back_also_by_the_next_program() {
    let folder = tempfile::tempdir().unwrap();
    let open = || SqliteJournal::open(folder.path(), "").unwrap();
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, open(), options());
    for (airlines, word) in [(&["TR", "5J"][..], "Maintenance"), (&["5J"], "Active")] {
        rig.mailbox.ask(Command::Notification(Box::new(status(airlines, word))));
    }
    let known = rig.until(|update| update.troubles.clone().filter(|known| marked(known) == ["TR"])).await;
    rig.mailbox.ask(Command::Leave);
    rig.until(|update| update.ended.then_some(())).await;
    let mut next = Rig::start(&server, open(), options());
    assert_eq!(next.until(|update| update.troubles.clone()).await, known);
}

#[tokio::test(start_paused = true)]
async fn three_declines_that_the_desk_sees_mark_their_airline() {
    let folder = tempfile::tempdir().unwrap();
    let open = || SqliteJournal::open(folder.path(), "").unwrap();
    let server = Fake::new(Pays::Accepts);
    let flies = Airline::parse("TR").unwrap();
    let order = |n| Order { no: number(n), airlines: vec![flies].into(), ..unpaid() };
    server.with(|server| server.orders = (1..=3).map(|n| (number(n), order(n))).collect());
    let mut rig = Rig::start(&server, open(), options());
    let mut seen = BTreeSet::new();
    rig.until(|update| {
        seen.extend(update.cases.iter().map(|case| case.order.no));
        (seen.len() == 3).then_some(())
    })
    .await;
    server.with(|server| {
        for order in server.orders.values_mut() {
            order.status = OrderStatus::Cancelled;
            order.paid_at = Some(start());
            order.ticketing_error = Some(TicketingError { code: "604".into(), message: None }.into());
        }
    });
    let known = rig.until(|update| update.troubles.clone()).await;
    assert_eq!(marked(&known), ["TR"]);
    let trouble = known.of(flies, start() + SignedDuration::from_mins(1)).unwrap();
    assert!(matches!(trouble.said_by, SaidBy::Desk { declines: 3, .. }), "{trouble:?}");
    rig.mailbox.ask(Command::Leave);
    rig.until(|update| update.ended.then_some(())).await;
    let mut next = Rig::start(&server, open(), options());
    assert_eq!(next.until(|update| update.troubles.clone()).await, known);
}
