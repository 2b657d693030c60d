//! What a frame costs, by how many orders there are: it must not depend on it.
//!
//! `cargo bench --bench frame`

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

#[path = "../tests/rig/mod.rs"]
mod rig;

use divan::Bencher;
use paydesk::{
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

#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn filter_key(bencher: Bencher, orders: u32) {
    let mut rig = filled(orders, (120, 40));
    rig.press("/");
    let mut typed = false;
    bencher.bench_local(|| {
        rig.press(if typed { "Backspace" } else { "9" });
        typed = !typed;
        rig.effects.clear();
    });
}

/// The last letter of a filter that asks for much, and of which a term goes by the time.
#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn filter_key_after_terms(bencher: Bencher, orders: u32) {
    let mut rig = filled(orders, (120, 40));
    rig.press(
        "/ airline:QG,5J Space !status:ticketed Space due:<30m Space amount:>20USD Space pax:lin Space 1",
    );
    let mut typed = false;
    bencher.bench_local(|| {
        rig.press(if typed { "Backspace" } else { "9" });
        typed = !typed;
        rig.effects.clear();
    });
}
