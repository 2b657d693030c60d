//! What a frame costs, by how many orders there are: it must not depend on it.
//!
//! `cargo bench --bench frame`

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should say so and stop")]

mod work;

use divan::Bencher;
use work::ORDERS;

fn main() {
    divan::main();
}

#[divan::bench(args = ORDERS)]
fn frame_120x40(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::frame(orders));
}

#[divan::bench(args = ORDERS)]
fn key_and_frame_120x40(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::key_and_frame(work::filled(orders)));
}

/// The same while one order in ten waits for somebody.
#[divan::bench(args = ORDERS)]
fn key_and_frame_with_alerts_120x40(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::key_and_frame(work::with_alerts(orders)));
}

#[divan::bench(args = ORDERS, consts = [1, 10, 100])]
fn changed_orders<const CHANGED: u32>(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::update(orders, CHANGED));
}

#[divan::bench(args = ORDERS)]
fn filter_key(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::filter_letter(orders));
}

/// The last letter of a filter that asks for much, and of which a term goes by the time.
#[divan::bench(args = ORDERS)]
fn filter_key_after_terms(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::filter_letter_after_terms(orders));
}

#[divan::bench(args = ORDERS)]
fn sort(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::sort(orders));
}

/// From what is known of so many orders to the first picture.
#[divan::bench(args = ORDERS)]
fn first_picture(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::first_picture(orders));
}
