//! What it costs to publish one change: it must not depend on how many orders there are, and grow with the listeners
//! alone.
//!
//! `cargo bench --bench hub`

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

#[path = "../tests/rig/mod.rs"]
mod rig;

use std::sync::Arc;

use divan::Bencher;
use paydesk::desk::hub::{Handle, Subscription, Update};
use rig::{Sketch, case};

fn main() {
    divan::main();
}

fn cases(numbers: impl Iterator<Item = u32>) -> Update {
    let cases = numbers.map(|n| Arc::new(case(&Sketch { n, ..Sketch::default() }))).collect();
    Update { cases, ..Update::default() }
}

fn publish_one_change(bencher: Bencher, orders: u32, listeners: usize) {
    let (handle, _commands, hub) = Handle::pair();
    hub.publish(&cases(0..orders));
    let listeners: Vec<Subscription> = (0..listeners).map(|_| handle.subscribe()).collect();
    let change = cases(std::iter::once(orders / 2));
    for listener in &listeners {
        listener.take();
    }
    bencher.bench_local(|| {
        hub.publish(&change);
        listeners.iter().map(|listener| listener.take().cases.len()).sum::<usize>()
    });
}

#[divan::bench(args = [100, 10_000, 100_000])]
fn to_nobody(bencher: Bencher, orders: u32) {
    publish_one_change(bencher, orders, 0);
}

#[divan::bench(args = [100, 10_000, 100_000])]
fn to_one(bencher: Bencher, orders: u32) {
    publish_one_change(bencher, orders, 1);
}

#[divan::bench(args = [100, 10_000, 100_000])]
fn to_three(bencher: Bencher, orders: u32) {
    publish_one_change(bencher, orders, 3);
}

#[divan::bench(args = [100, 10_000, 100_000])]
fn subscribe_late(bencher: Bencher, orders: u32) {
    let (handle, _commands, hub) = Handle::pair();
    hub.publish(&cases(0..orders));
    bencher.bench_local(|| handle.subscribe().take().cases.len());
}
