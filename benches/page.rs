//! What a page of a hundred orders costs to read.
//!
//! `cargo bench --bench page`

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should say so and stop")]

mod work;

use divan::{Bencher, counter::BytesCount};

fn main() {
    divan::main();
}

#[divan::bench]
fn decode(bencher: Bencher) {
    bencher.counter(BytesCount::new(work::page_body().len())).bench_local(work::page_decode());
}
