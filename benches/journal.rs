//! What the journal costs: holding every entry against the chain, appending, and folding a book from it.
//!
//! `cargo bench --bench journal`

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

#[path = "../tests/year/mod.rs"]
mod year;

use std::path::Path;

use divan::{Bencher, counter::ItemsCount};
use jiff::Timestamp;
use paydesk::{
    desk::book::{Book, Observation},
    domain::{
        order::{OrderNo, OrderStatus},
        seen::Seen,
        story::OperatorAction,
    },
    journal::{BlockingJournal, Fact, sqlite::SqliteJournal, verify::verify},
};

fn main() {
    divan::main();
}

fn start() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// The same in a file, as one program after another would have written it.
fn on_disk(folder: &Path, orders: u32) -> SqliteJournal {
    let file = folder.join("journal.sqlite").to_string_lossy().into_owned();
    year::journal(start(), orders).connection().execute("VACUUM INTO ?", [file]).unwrap();
    SqliteJournal::open(folder, "bench").unwrap()
}

/// Every entry against the chain, its record, and where payments stand.
#[divan::bench(args = [1_000, 10_000])]
fn verified(bencher: Bencher, orders: u32) {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = on_disk(folder.path(), orders);
    let entries = verify(&mut journal).unwrap().sound;
    bencher.counter(ItemsCount::new(entries)).bench_local(|| verify(&mut journal).unwrap());
}

/// A book from all that the journal holds.
#[divan::bench(args = [1_000, 10_000])]
fn folded(bencher: Bencher, orders: u32) {
    let mut journal = year::journal(start(), orders);
    bencher.counter(ItemsCount::new(year::count(&journal))).bench_local(|| {
        let mut book = Book::default();
        for entry in journal.entries_after(0).unwrap().entries {
            Observation::of_entry(entry).map(|observation| book.fold(observation));
        }
        book
    });
}

/// One entry and its fsync.
#[divan::bench]
fn appended_alone(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = on_disk(folder.path(), 10);
    let fact = Fact::OperatorAction(OperatorAction::Noted("called".into()));
    let order = Some(year::number(1));
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| journal.append(start(), order, &fact).unwrap());
}

/// So many entries and one fsync.
#[divan::bench(args = [10, 100, 1_000])]
fn appended_together(bencher: Bencher, entries: u32) {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = on_disk(folder.path(), 10);
    let seen = || Fact::Seen(Box::new(Seen::bare(OrderStatus::Unpaid, None)));
    let facts: Vec<(OrderNo, Fact)> = (0..entries).map(|n| (year::number(n), seen())).collect();
    bencher.counter(ItemsCount::new(entries)).bench_local(|| journal.append_all(start(), &facts).unwrap());
}
