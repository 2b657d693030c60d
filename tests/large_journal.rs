//! A journal of a year: how long it takes until a page of it is shown, until it is looked through, and to verify it.
//!
//! `PAYDESK_ENTRIES=5000000 cargo test --release --test large_journal -- --ignored --nocapture`

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod year;

use std::{
    env,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use paydesk::journal::{BlockingJournal, opening::Opening, sqlite::SqliteJournal, verify::verify};

/// An order is so many entries, by and by.
const OF_AN_ORDER: u32 = 9;

const DAYS: u32 = 365;

/// Goals of a release build.
const SHOWN_IN: Duration = Duration::from_millis(200);
const VERIFIED_A_SECOND: f64 = 200_000.0;

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    let took = began.elapsed();
    println!("{what:48}{:10.1} ms", took.as_secs_f64() * 1_000.0);
    (done, took)
}

#[test]
#[ignore = "minutes, and gigabytes on the disk"]
fn a_year_is_shown_at_once_and_verifies_in_seconds() {
    let entries = env::var("PAYDESK_ENTRIES").map_or(5_000_000, |entries| entries.parse::<u32>().unwrap());
    let orders = entries / OF_AN_ORDER;
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), "").unwrap();
    journal.connection().pragma_update(None, "synchronous", "OFF").unwrap();
    let start: Timestamp = "2025-06-01T00:00:00Z".parse().unwrap();
    timed("written", || year::fill(&mut journal, start, orders, orders.div_ceil(DAYS)));
    drop(journal);
    let size = folder.path().join("journal.sqlite").metadata().unwrap().len();

    let page: Vec<_> = (0..40).map(|n| year::number(orders - 40 + n)).collect();
    let (begun, shown_in) = timed("begun, and a page of 40 orders read", || {
        let begun = Opening::begin(folder.path(), "").unwrap();
        assert!(page.iter().all(|order| !begun.entries_of(*order).is_empty()));
        begun
    });
    let (mut journal, _) =
        timed("looked through, as before anything is paid", || SqliteJournal::complete(begun).unwrap());
    let (read, _) = timed("all of it read, in batches", || {
        let (mut last, mut read) = (0, 0);
        loop {
            let batch = journal.batch_after(last).unwrap();
            assert!(batch.broken.is_none());
            read += batch.entries.len() as u64;
            last = batch.entries.last().map_or(last, |entry| entry.seq);
            if !batch.more {
                return read;
            }
        }
    });
    let (verdict, verified_in) = timed("verified", || verify(&mut journal).unwrap());
    assert_eq!((verdict.sound, verdict.faults), (read, Vec::new()));
    let rate = verdict.sound as f64 / verified_in.as_secs_f64();
    println!("{read} entries, {} MB; {rate:.0} entries verified in a second", size / 1_000_000);
    if !cfg!(debug_assertions) {
        assert!(shown_in < SHOWN_IN, "{shown_in:?}");
        assert!(rate >= VERIFIED_A_SECOND, "{rate:.0}");
    }
}
