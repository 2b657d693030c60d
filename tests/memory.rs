//! What an order costs: how many bytes lie in memory for each, in every part of the program that knows of it, and that one
//! which has not changed costs none when it comes again.
//!
//! `cargo test --test memory -- --nocapture` shows the table.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::alloc::System;

use jiff::SignedDuration;
use paydesk::{
    desk::{
        book::{Book, Observation, Observed},
        hub::{Handle, Update},
    },
    domain::{
        case::Case,
        few::Few,
        order::{Airline, Details, Order, OrderNo, OrderStatus, Traveller},
        seen::{Seen, Terms},
        text::Text,
    },
};
use rig::{Rig, Sketch, case, noon, number, sample};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ORDERS: u32 = 20_000;

/// An allocation takes at least so much, and its length is kept beside it.
const BESIDE: usize = 8;

/// What is allocated now, with what the allocator keeps beside it.
fn taken() -> usize {
    let stats = MEMORY.stats();
    let alive = stats.allocations - stats.deallocations;
    stats.bytes_allocated - stats.bytes_deallocated + alive * BESIDE
}

/// Bytes an order that `work` leaves behind.
fn bytes_an_order(work: impl FnOnce()) -> usize {
    let before = taken();
    work();
    taken().saturating_sub(before) / ORDERS as usize
}

/// A row of the list: most orders are ticketed, some are to be paid, some are over.
fn listed(n: u32) -> Order {
    let (status, is_paid) = match n % 10 {
        0..=1 => (OrderStatus::Unpaid, false),
        2 => (OrderStatus::Ticketing, true),
        3 => (OrderStatus::Cancelled, false),
        _ => (OrderStatus::Ticketed, true),
    };
    let created = noon() - SignedDuration::from_mins(30);
    Order {
        pnr_code: Some("K7QW2D".into()),
        from: Some("CGK".into()),
        to: Some("SUB".into()),
        airlines: vec![Airline::parse("QG").unwrap()].into(),
        passengers: vec!["HARTONO/BUDI".into(), "KUSUMAWARDHANI/SRI DEWI".into()].into(),
        departs: Some(jiff::civil::date(2026, 12, 18)),
        created: Some(created),
        paid_at: is_paid.then_some(created),
        airline_pnrs: if status == OrderStatus::Ticketed {
            vec!["XYZ789".into()].into()
        } else {
            Vec::new().into()
        },
        ..sample::bare_order(number(n), status)
    }
}

/// Each part takes what the one before it has made, as in the program.
#[test]
fn an_order_costs_no_more_than_it_did() {
    let asked = sample::moment(noon(), 1_000);
    let mut orders: Vec<Order> = Vec::new();
    let row = bytes_an_order(|| orders = (0..ORDERS).map(listed).collect());

    let mut asked_of = Vec::new();
    let details = bytes_an_order(|| {
        let asked = |n| case(&Sketch { n, ..Sketch::default() }).order.details;
        asked_of = (0..ORDERS).map(asked).collect();
    });
    drop(asked_of);

    let mut book = Book::default();
    let believed = row
        + bytes_an_order(|| {
            for order in std::mem::take(&mut orders) {
                let what = Observed::Listed { order: Box::new(order), asked };
                drop(book.fold(Observation { at: noon(), by: None, what }));
            }
        });

    let (handle, _commands, hub) = Handle::pair();
    let mailbox = handle.subscribe();
    let mut update = Update::default();
    let published = bytes_an_order(|| {
        for n in 0..ORDERS {
            let cases = vec![book.case(number(n)).unwrap().clone()];
            hub.publish(&Update { cases, ..Update::default() });
        }
        update = mailbox.take();
    });

    let mut rig = Rig::new((120, 40));
    let shown = bytes_an_order(|| {
        rig.news(std::mem::take(&mut update));
        rig.effects.clear();
    });

    let table = [
        ("a row as it was read", row, 360),
        ("what a query adds", details, 1_600),
        ("the book, with a row", believed, 500),
        ("the hub", published, 30),
        ("the console", shown, 260),
    ];
    for (part, bytes, most) in table {
        println!("{part:24}{bytes:6}");
        assert!(bytes <= most, "{part}: {bytes} bytes an order");
    }
    println!("together                {:6}", believed + published + shown);
    same_again(&mut book);
}

/// What is kept a hundred thousand times is no larger than this.
#[test]
fn what_is_kept_of_every_order_is_small() {
    let table = [
        ("a case", size_of::<Case>(), 320),
        ("an order", size_of::<Order>(), 256),
        ("its number", size_of::<OrderNo>(), 32),
        ("its airlines", size_of::<Few<Airline>>(), 16),
        ("a list of texts", size_of::<Few<Text>>(), 24),
        ("a text", size_of::<Option<Text>>(), 24),
        ("what a query adds", size_of::<Details>(), 528),
        ("a traveller", size_of::<Traveller>(), 80),
        ("a record", size_of::<Seen>(), 264),
        ("what a record says of a query", size_of::<Terms>(), 120),
    ];
    for (what, bytes, most) in table {
        println!("{what:32}{bytes:6}");
        assert!(bytes <= most, "{what}: {bytes} bytes");
    }
}

/// A sweep of orders that have not changed costs a comparison of each.
fn same_again(book: &mut Book) {
    let asked = sample::moment(noon() + SignedDuration::from_secs(30), 1_030);
    let orders: Vec<Box<Order>> = (0..ORDERS).map(listed).map(Box::new).collect();
    let before = MEMORY.stats().allocations;
    for order in orders {
        let deltas = book.fold(Observation { at: noon(), by: None, what: Observed::Listed { order, asked } });
        assert!(deltas.changed.is_empty() && deltas.record.is_none());
    }
    assert_eq!(MEMORY.stats().allocations - before, 0);
}
