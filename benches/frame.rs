//! What a frame costs, by how many orders there are: it must not depend on it.
//!
//! `cargo bench --bench frame`

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should say so and stop")]

mod work;

use divan::Bencher;
use paydesk::console::column::Column;
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

/// A key and the last picture that follows from it, after these were typed into the filter.
fn filter_key(bencher: Bencher, orders: u32, before: &str, key: &str) {
    let mut buffer = work::screen();
    bencher
        .with_inputs(|| work::filtered(orders, before))
        .bench_local_values(|mut rig| work::press_and_settle(&mut rig, key, &mut buffer));
}

#[divan::bench(args = ORDERS, sample_count = 10)]
fn filter_first_letter(bencher: Bencher, orders: u32) {
    filter_key(bencher, orders, "", "a");
}

#[divan::bench(args = ORDERS, sample_count = 10)]
fn filter_third_letter(bencher: Bencher, orders: u32) {
    filter_key(bencher, orders, "lin", "m");
}

#[divan::bench(args = ORDERS, sample_count = 10)]
fn filter_letter_deleted(bencher: Bencher, orders: u32) {
    filter_key(bencher, orders, "lin", "Backspace");
}

/// The last letter of a filter that asks for much, and of which a term goes by the time.
#[divan::bench(args = ORDERS, sample_count = 10)]
fn filter_key_after_terms(bencher: Bencher, orders: u32) {
    let terms =
        "airline:QG,5J Space !status:ticketed Space due:<30m Space amount:>20USD Space pax:lin Space 1";
    filter_key(bencher, orders, terms, "9");
}

/// By the amount, from the order by urgency.
#[divan::bench(args = ORDERS)]
fn sort_by_another_column(bencher: Bencher, orders: u32) {
    let mut rig = work::filled(orders);
    let columns = ['u', 'a', 'p', 'o'].map(|letter| Column::of_letter(letter).unwrap());
    let mut next = columns.into_iter().cycle();
    bencher.bench_local(|| rig.console.ui.list.sort_by(next.next().unwrap(), false));
}

#[divan::bench(args = ORDERS)]
fn sort_the_other_way_round(bencher: Bencher, orders: u32) {
    let mut rig = work::filled(orders);
    let (sort, _) = rig.console.ui.list.sorted_by();
    bencher.bench_local(|| rig.console.ui.list.sort(sort));
}

/// From what is known of so many orders to the first picture.
#[divan::bench(args = ORDERS)]
fn first_picture(bencher: Bencher, orders: u32) {
    bencher.bench_local(work::first_picture(orders));
}
