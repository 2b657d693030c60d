//! What a frame costs, by how many orders there are: it must not depend on it.
//!
//! `cargo bench --bench frame`

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

#[path = "../tests/rig/mod.rs"]
mod rig;

use divan::Bencher;
use paydesk::{
    console::column::Column,
    desk::hub::Update,
    domain::{
        alert::{Alert, Cause, Key},
        order::OrderStatus,
    },
};
use ratatui::{buffer::Buffer, layout::Rect};
use rig::{Rig, Sketch, case};

fn main() {
    divan::main();
}

fn filled(orders: u32, size: (u16, u16)) -> Rig {
    let mut rig = Rig::new(size);
    let status = |n: u32| match n % 5 {
        0 => OrderStatus::Unpaid,
        1 => OrderStatus::Ticketing,
        2 => OrderStatus::Cancelled,
        _ => OrderStatus::Ticketed,
    };
    rig.publish((0..orders).map(|n| case(&Sketch { n, status: status(n), ..Sketch::default() })).collect());
    rig
}

#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn frame_120x40(bencher: Bencher, orders: u32) {
    let rig = filled(orders, (120, 40));
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    bencher.bench_local(|| {
        buffer.reset();
        rig.console.draw(&mut buffer)
    });
}

/// A key and its frame, over and over.
fn press_and_draw(bencher: Bencher, mut rig: Rig) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    let mut down = true;
    bencher.bench_local(|| {
        rig.press(if down { "j" } else { "k" });
        rig.effects.clear();
        down = !down;
        buffer.reset();
        rig.console.draw(&mut buffer)
    });
}

#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn key_and_frame_120x40(bencher: Bencher, orders: u32) {
    press_and_draw(bencher, filled(orders, (120, 40)));
}

/// The same while one order in ten waits for somebody.
#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn key_and_frame_with_alerts_120x40(bencher: Bencher, orders: u32) {
    let mut rig = filled(orders, (120, 40));
    let cause = |n: u32| Cause::Deadline(rig::number(n * 10));
    let alert =
        |n| Alert { key: Key { cause: cause(n), step: 10 }, raised_at: rig::noon(), acknowledged: None };
    let due = |n: u32| case(&Sketch { n: n * 10, minutes_left: 8, ..Sketch::default() });
    rig.publish((0..orders / 10).map(due).collect());
    rig.news(Update { alerts: (0..orders / 10).map(alert).collect(), ..Update::default() });
    press_and_draw(bencher, rig);
}

#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn ten_changed_orders(bencher: Bencher, orders: u32) {
    let mut rig = filled(orders, (120, 40));
    let mut minutes = 0;
    bencher.bench_local(|| {
        minutes = (minutes + 1) % 25;
        let change = |n: u32| case(&Sketch { n: n * 5, minutes_left: minutes, ..Sketch::default() });
        rig.publish((0..10).map(change).collect());
        rig.effects.clear();
    });
}

/// From a key to the last picture that follows from it.
fn press_and_settle(rig: &mut Rig, key: &str, buffer: &mut Buffer) {
    rig.press(key);
    rig.settle();
    rig.effects.clear();
    buffer.reset();
    rig.console.draw(buffer);
}

/// Typed and deleted again and again, each key with its last picture. The first letter looks at all orders.
fn type_and_delete(bencher: Bencher, orders: u32, before: &str, typed: &str) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    bencher
        .with_inputs(|| {
            let mut rig = filled(orders, (120, 40));
            rig.press("/");
            rig.press(before);
            while rig.console.has_more_to_do() {
                rig.settle();
            }
            rig
        })
        .bench_local_values(|mut rig| press_and_settle(&mut rig, typed, &mut buffer));
}

/// What is written down is there, as it is a moment after the filter was opened.
#[divan::bench(args = [100, 1_000, 10_000, 100_000], sample_count = 10)]
fn filter_first_letter(bencher: Bencher, orders: u32) {
    type_and_delete(bencher, orders, "", "a");
}

#[divan::bench(args = [100, 1_000, 10_000, 100_000], sample_count = 10)]
fn filter_third_letter(bencher: Bencher, orders: u32) {
    type_and_delete(bencher, orders, "lin", "m");
}

#[divan::bench(args = [100, 1_000, 10_000, 100_000], sample_count = 10)]
fn filter_letter_deleted(bencher: Bencher, orders: u32) {
    type_and_delete(bencher, orders, "lin", "Backspace");
}

/// The last letter of a filter that asks for much, and of which a term goes by the time.
#[divan::bench(args = [100, 1_000, 10_000, 100_000], sample_count = 10)]
fn filter_key_after_terms(bencher: Bencher, orders: u32) {
    let terms =
        "airline:QG,5J Space !status:ticketed Space due:<30m Space amount:>20USD Space pax:lin Space 1";
    type_and_delete(bencher, orders, terms, "9");
}

/// By the amount, from the order by urgency.
#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn sort_by_another_column(bencher: Bencher, orders: u32) {
    let mut rig = filled(orders, (120, 40));
    let columns =
        ["u", "a", "p", "o"].map(|letter| Column::of_letter(letter.chars().next().unwrap()).unwrap());
    let mut next = columns.into_iter().cycle();
    bencher.bench_local(|| rig.console.ui.list.sort_by(next.next().unwrap(), false));
}

#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn sort_the_other_way_round(bencher: Bencher, orders: u32) {
    let mut rig = filled(orders, (120, 40));
    let (sort, _) = rig.console.ui.list.sorted_by();
    bencher.bench_local(|| rig.console.ui.list.sort(sort));
}
