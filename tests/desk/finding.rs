//! Looking for orders at the vendor, and opening one that is in no list.

use jiff::SignedDuration;
use paydesk::{
    atlas::ReadError,
    clock::Clock as _,
    desk::{
        Options,
        gateway::Page,
        hub::{Command, Reply},
    },
    domain::{
        find::Find,
        order::{Order, OrderNo, OrderStatus},
    },
};

use crate::server::{Fake, Pays, Rig, memory, no, options, unpaid};

fn old() -> OrderNo {
    "TESTA20260901090000001".parse().unwrap()
}

/// An order that was made long before every window of a sweep.
fn old_order(rig: &Rig) -> Order {
    Order {
        status: OrderStatus::Ticketing,
        created: Some(rig.clock.now() - SignedDuration::from_hours(24 * 60)),
        ..Order { no: old(), ..unpaid() }
    }
}

fn find(text: &str) -> Find {
    Find::by_form(text).unwrap()
}

async fn reply(rig: &mut Rig, command: Command) -> Reply {
    let asked = rig.mailbox.ask(command);
    rig.until(|update| update.replies.iter().find(|(id, _)| *id == asked).map(|(_, reply)| reply.clone()))
        .await
}

/// The vendor knows the order, whatever its list of a window shows.
fn knows(server: &Fake, order: &Order) {
    server.with(|server| {
        server.orders.insert(order.no, order.clone());
        server.unlisted.insert(order.no);
        server.found = Page { orders: vec![Order { details: None, ..order.clone() }], more: false };
    });
}

#[tokio::test(start_paused = true)]
async fn what_is_looked_for_is_asked_once_and_joins_the_other_orders() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    let order = old_order(&rig);
    knows(&server, &order);
    let found = reply(&mut rig, Command::Find(find("ZHANG/SAN"))).await;
    assert_eq!(found, Reply::Found { find: find("ZHANG/SAN"), orders: vec![old()], more: false });
    assert!(rig.seen.iter().any(|update| update.cases.iter().any(|case| case.order.no == old())));
    rig.pass(600).await;
    assert_eq!(server.with(|server| server.finds.clone()), [find("ZHANG/SAN")], "once, and never again");
}

#[tokio::test(start_paused = true)]
async fn an_order_outside_every_window_that_was_looked_for_or_opened_is_neither_forgotten_nor_called_gone() {
    let commands: [fn() -> Command; 2] = [|| Command::Find(find("ZHANG/SAN")), || Command::Inspect(old())];
    for command in commands {
        let server = Fake::new(Pays::Accepts);
        let mut rig =
            Rig::start(&server, memory(), Options { lookback: SignedDuration::from_hours(24), ..options() });
        rig.until_details().await;
        let order = old_order(&rig);
        knows(&server, &order);
        reply(&mut rig, command()).await;
        rig.pass(3_600).await;
        assert!(server.with(|server| server.lists) > 100, "many sweeps have not shown it");
        let mut cases = rig.seen.iter().flat_map(|update| &update.cases);
        let newest = cases.rfind(|case| case.order.no == old()).expect("it was published");
        assert!(newest.missing().is_none() && !newest.is_gone());
        // And it is still asked for like every other: it was followed until it was ticketed.
        assert_eq!(newest.order.status, OrderStatus::Ticketed);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_found_and_no_answer_are_two_replies_and_neither_is_asked_again() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    let nothing = reply(&mut rig, Command::Find(find("ABC123"))).await;
    assert_eq!(nothing, Reply::Found { find: find("ABC123"), orders: Vec::new(), more: false });
    server.with(|server| server.failing = true);
    let failed = reply(&mut rig, Command::Find(find("a@b.c"))).await;
    assert!(
        matches!(&failed, Reply::NotFound { find, error: ReadError::NoAnswer(_) } if find.to_string() == "a@b.c")
    );
    server.with(|server| server.failing = false);
    rig.pass(300).await;
    assert_eq!(server.with(|server| server.finds.len()), 2);
}

#[tokio::test(start_paused = true)]
async fn rows_that_the_vendor_was_not_asked_for_are_no_finds() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    let order = Order { departs: Some("2026-12-18".parse().unwrap()), ..old_order(&rig) };
    knows(&server, &order);
    let reply = reply(&mut rig, Command::Find(find("2026-12-03"))).await;
    assert_eq!(reply, Reply::Found { find: find("2026-12-03"), orders: Vec::new(), more: false });
    assert!(!rig.seen.iter().any(|update| update.cases.iter().any(|case| case.order.no == old())));
}

#[tokio::test(start_paused = true)]
async fn an_order_that_nobody_knows_is_said_to_be_unknown_and_leaves_nothing_behind() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    server.with(|server| server.gone.insert(old()));
    let reply = reply(&mut rig, Command::Inspect(old())).await;
    assert!(
        matches!(reply, Reply::Unanswered { order, error: ReadError::NoSuchOrder, .. } if order == old())
    );
    let queries = server.with(|server| server.queries);
    rig.pass(60).await;
    assert!(!rig.seen.iter().any(|update| update.cases.iter().any(|case| case.order.no == old())));
    assert!(rig.seen.iter().all(|update| update.notices.is_empty()), "it is not asked for again");
    assert!(server.with(|server| server.queries) - queries <= 4, "but for {}", no());
}
