//! The pieces of work that are measured: for their time by the benches, for their instructions by `benches/instructions`.
//! Each is made ready once and can then be done over and over.
#![allow(dead_code, reason = "each bench uses a part of it")]

#[path = "../../tests/rig/mod.rs"]
pub(crate) mod rig;
#[path = "../../tests/year/mod.rs"]
pub(crate) mod year;

use std::time::Duration;

use crossterm::event::KeyCode;
use jiff::Timestamp;
use paydesk::{
    atlas,
    console::Message,
    desk::{
        book::{Book, Observation},
        hub::Update,
    },
    domain::{
        alert::{Alert, Cause, Key},
        case::Case,
        order::{OrderNo, OrderStatus},
        seen::Seen,
    },
    journal::{BlockingJournal, Entry, Fact, sqlite::SqliteJournal},
};
use ratatui::{buffer::Buffer, layout::Rect};

use self::rig::{Rig, Sketch};

/// The numbers of orders that a desk may have.
pub(crate) const ORDERS: [u32; 4] = [100, 1_000, 10_000, 100_000];

const SIZE: (u16, u16) = (120, 40);

fn start() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// A screen to draw on.
pub(crate) fn screen() -> Buffer {
    Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1))
}

/// So many orders, of which a fifth is unpaid.
pub(crate) fn cases(orders: u32) -> Vec<Case> {
    let status = |n: u32| match n % 5 {
        0 => OrderStatus::Unpaid,
        1 => OrderStatus::Ticketing,
        2 => OrderStatus::Cancelled,
        _ => OrderStatus::Ticketed,
    };
    (0..orders).map(|n| rig::case(&Sketch { n, status: status(n), ..Sketch::default() })).collect()
}

/// A console that shows them.
pub(crate) fn filled(orders: u32) -> Rig {
    let mut rig = Rig::new(SIZE);
    rig.publish(cases(orders));
    rig
}

/// A picture.
pub(crate) fn frame(orders: u32) -> impl FnMut() {
    let (rig, mut buffer) = (filled(orders), screen());
    move || {
        buffer.reset();
        rig.console.draw(&mut buffer);
    }
}

/// These keys, in turn.
fn keys(mut rig: Rig, one: &'static str, other: &'static str) -> impl FnMut() {
    let mut turn = false;
    move || {
        rig.press(if turn { other } else { one });
        rig.effects.clear();
        turn = !turn;
    }
}

/// A key and its picture.
pub(crate) fn key_and_frame(mut rig: Rig) -> impl FnMut() {
    let (mut buffer, mut is_up) = (screen(), false);
    move || {
        rig.press(if is_up { "k" } else { "j" });
        rig.effects.clear();
        is_up = !is_up;
        buffer.reset();
        rig.console.draw(&mut buffer);
    }
}

/// A key that is held, and its picture: what is drawn of it.
pub(crate) fn held_key_and_frame(mut rig: Rig) -> impl FnMut() {
    let (mut buffer, mut nth) = (screen(), 0_u32);
    let mut held = move || {
        let key = if nth % 20 < 10 { KeyCode::Down } else { KeyCode::Up };
        nth += 1;
        rig.strike(key.into(), Duration::from_millis(33));
        rig.effects.clear();
        if rig.console.is_moving() {
            rig.console.draw_table(&mut buffer);
        } else {
            buffer.reset();
            rig.console.draw(&mut buffer);
        }
        rig.message(Message::Drawn);
    };
    // The first of them are not known to be held yet.
    (0..3).for_each(|_| held());
    held
}

/// A console in which one order in ten waits for somebody.
pub(crate) fn with_alerts(orders: u32) -> Rig {
    let mut rig = filled(orders);
    let cause = |n: u32| Cause::Deadline(rig::number(n * 10));
    let alert =
        |n| Alert { key: Key { cause: cause(n), step: 10 }, raised_at: rig::noon(), acknowledged: None };
    let due = |n: u32| rig::case(&Sketch { n: n * 10, minutes_left: 8, ..Sketch::default() });
    rig.publish((0..orders / 10).map(due).collect());
    rig.news(Update { alerts: (0..orders / 10).map(alert).collect(), ..Update::default() });
    rig
}

/// What the desk has learnt of some orders, taken in: their deadlines moved.
pub(crate) fn update(orders: u32, changed: u32) -> impl FnMut() {
    let mut rig = filled(orders);
    let case = |n: u32, minutes_left| rig::case(&Sketch { n: n * 5, minutes_left, ..Sketch::default() });
    let changes: Vec<Vec<Case>> =
        (0..25).map(|minute| (0..changed).map(|n| case(n, minute)).collect()).collect();
    let mut turn = 0;
    move || {
        turn = (turn + 1) % changes.len();
        rig.publish(changes[turn].clone());
        rig.effects.clear();
    }
}

/// A console with these keys typed into its filter, and nothing left to look through.
pub(crate) fn filtered(orders: u32, typed: &str) -> Rig {
    let mut rig = filled(orders);
    rig.press("/");
    rig.press(typed);
    while rig.console.has_more_to_do() {
        rig.settle();
    }
    rig
}

/// From a key to the last picture that follows from it.
pub(crate) fn press_and_settle(rig: &mut Rig, key: &str, buffer: &mut Buffer) {
    rig.press(key);
    rig.settle();
    rig.effects.clear();
    buffer.reset();
    rig.console.draw(buffer);
}

/// A letter of a filter with its last picture, and its removal.
pub(crate) fn filter_letter(orders: u32) -> impl FnMut() {
    let (mut rig, mut buffer, mut is_typed) = (filtered(orders, ""), screen(), false);
    move || {
        press_and_settle(&mut rig, if is_typed { "Backspace" } else { "9" }, &mut buffer);
        is_typed = !is_typed;
    }
}

/// Sorting by a column, and by another.
pub(crate) fn sort(orders: u32) -> impl FnMut() {
    keys(filled(orders), "S p", "S r")
}

/// A page of a hundred orders, as `orderList.do` gives it.
pub(crate) fn page_body() -> Vec<u8> {
    let order = |n: u32| {
        format!(
            r#"{{"orderNo":"{}","pnrCode":"PN{n:04}","airlinePNRs":["XY{n:04}"],"orderStatus":"{}","depDate":"20261218",
            "airlines":["{}"],"orderCreateTimestamp":"2026-11-03T06:{:02}:48Z","paymentTimestamp":null,
            "paxNames":["SANTOS/RAFAEL","SANTOS/MARIA"],"contactEmail":"desk@agency.example","fromCity":"MNL",
            "toCity":"SIN","errorCode":null,"errorMessage":null}}"#,
            rig::number(n),
            n % 3,
            ["QG", "5J", "TR"][n as usize % 3],
            n % 60,
        )
    };
    let orders: Vec<String> = (0..100).map(order).collect();
    format!(r#"{{"status":0,"msg":null,"totalRecords":100,"orders":[{}]}}"#, orders.join(",")).into_bytes()
}

/// Reading it.
pub(crate) fn page_decode() -> impl FnMut() {
    let body = page_body();
    let page = atlas::page(&body).unwrap();
    assert_eq!((page.orders.len(), page.skipped), (100, 0));
    move || drop(atlas::page(std::hint::black_box(&body)))
}

/// The first entries of a journal of months.
fn entries(count: usize) -> Vec<Entry> {
    let orders = u32::try_from(count / 4).unwrap();
    let mut entries = year::journal(start(), orders).entries_after(0).unwrap().entries;
    assert!(entries.len() >= count);
    entries.truncate(count);
    entries
}

/// A book from so many entries of a journal.
pub(crate) fn fold(count: usize) -> impl FnMut() {
    let entries = entries(count);
    move || {
        let mut book = Book::default();
        for observation in entries.iter().cloned().filter_map(Observation::of_entry) {
            book.fold(observation);
        }
        std::hint::black_box(&book);
    }
}

/// So many entries, written together.
pub(crate) fn append(count: u32) -> impl FnMut() {
    let mut journal = SqliteJournal::in_memory().unwrap();
    let seen = || Fact::Seen(Box::new(Seen::bare(OrderStatus::Unpaid, None)));
    let facts: Vec<(OrderNo, Fact)> = (0..count).map(|n| (year::number(n), seen())).collect();
    move || journal.append_all(start(), &facts).unwrap()
}

/// From what is known of so many orders to the first picture.
pub(crate) fn first_picture(orders: u32) -> impl FnMut() {
    let (cases, mut buffer) = (cases(orders), screen());
    move || {
        let mut rig = Rig::new(SIZE);
        rig.publish(cases.clone());
        buffer.reset();
        rig.console.draw(&mut buffer);
        std::hint::black_box(&rig.effects);
    }
}
