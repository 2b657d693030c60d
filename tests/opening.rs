//! A journal is shown before it was looked through, and relied on only after: what opening reads does not grow with what the
//! journal holds, and what is damaged takes no payment.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod sample;

use std::{fs, path::Path};

use jiff::Timestamp;
use paydesk::{
    domain::{
        attempt::{Doubt, State},
        order::{OrderNo, OrderStatus},
        seen::Seen,
    },
    journal::{
        BlockingJournal, Entry, Fact, JournalError,
        opening::{Opening, deferred::Deferred},
        sqlite::SqliteJournal,
    },
};
use rusqlite::Connection;
use sample::{Stands, number};

/// A page of a SQLite file.
const PAGE: u64 = 4_096;

fn now() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().unwrap()
}

fn seen(status: OrderStatus) -> Fact {
    Fact::Seen(Box::new(Seen::bare(status, None)))
}

/// A journal in which each of so many orders was seen twice.
fn journal_of(orders: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), "li").unwrap();
    for status in [OrderStatus::Unpaid, OrderStatus::Cancelled] {
        let facts: Vec<(OrderNo, Fact)> = (0..orders).map(|n| (number(n), seen(status))).collect();
        journal.append_all(now(), &facts).unwrap();
    }
    drop(journal);
    // All of it is in the file, whatever was left in the log.
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    folder
}

fn deferred(folder: &Path) -> Deferred {
    Deferred::new(Opening::begin(folder, "li").unwrap(), ToString::to_string)
}

/// Bytes that this thread has read so far, by the system's own count.
fn bytes_read() -> u64 {
    let counts = fs::read_to_string("/proc/thread-self/io").unwrap();
    counts.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap()
}

/// What it reads to begin a journal, and to read a page of it.
fn cost(folder: &Path, page: &[OrderNo]) -> (u64, u64) {
    let before = bytes_read();
    let begun = Opening::begin(folder, "li").unwrap();
    let opened = bytes_read();
    for order in page {
        assert_eq!(begun.entries_of(*order).len(), 2);
    }
    (opened - before, bytes_read() - opened)
}

#[test]
fn what_is_read_for_the_first_picture_does_not_grow_with_the_journal() {
    let page: Vec<OrderNo> = (10..50).map(number).collect();
    let (small, large) = (journal_of(100), journal_of(10_000));
    let ((begin_small, page_small), (begin_large, page_large)) =
        (cost(small.path(), &page), cost(large.path(), &page));
    assert!(begin_large <= begin_small + PAGE, "{begin_small} bytes to begin, {begin_large}");
    // The trees are one level deeper, and the two sights of an order lie further apart.
    let more = 3 * PAGE * page.len() as u64;
    assert!(page_large <= page_small + more, "{page_small} bytes for a page, {page_large}");
    let whole = fs::metadata(large.path().join("journal.sqlite")).unwrap().len();
    assert!(begin_large + page_large < whole / 4, "{begin_large} and {page_large} of {whole}");
}

#[test]
fn a_journal_that_is_up_to_date_is_opened_without_a_write() {
    let folder = journal_of(10);
    let file = folder.path().join("journal.sqlite");
    let before = fs::read(&file).unwrap();
    let journal = SqliteJournal::open(folder.path(), "li").unwrap();
    let log = fs::metadata(folder.path().join("journal.sqlite-wal")).unwrap().len();
    drop(journal);
    assert_eq!((log, fs::read(&file).unwrap() == before), (0, true));
}

#[test]
fn what_a_page_shows_is_what_the_entries_say() {
    let folder = journal_of(5);
    let mut journal = SqliteJournal::open(folder.path(), "li").unwrap();
    let attempt = sample::claimed(number(3), now());
    let attempt = paydesk::domain::attempt::Attempt::restore(attempt);
    journal.claim(&attempt).unwrap();
    journal.advance(&attempt.in_state(State::InDoubt(Doubt::NoAnswer)), &State::Claimed).unwrap();
    let all = journal.entries_after(0).unwrap().entries;
    let begun = Opening::begin(folder.path(), "mei").unwrap();
    for order in (0..6).map(number) {
        let of_order: Vec<Entry> = all.iter().filter(|entry| entry.order == Some(order)).cloned().collect();
        let page: Vec<Entry> = begun
            .entries_of(order)
            .into_iter()
            .map(|entry| Entry {
                is_ours: of_order.iter().any(|one| one.seq == entry.seq && one.is_ours),
                ..entry
            })
            .collect();
        assert_eq!(page, of_order, "{order}");
    }
}

#[test]
fn a_journal_of_an_older_program_gets_its_index_and_stays_one_for_that_program() {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.execute_batch(include_str!("fourth_journal.sql")).unwrap();
    let order: String = db
        .query_row("SELECT order_no FROM entries WHERE order_no IS NOT NULL LIMIT 1", [], |row| row.get(0))
        .unwrap();
    let order: OrderNo = order.parse().unwrap();
    let begin = || Opening::begin(folder.path(), "li").unwrap();
    assert!(begin().entries_of(order).is_empty(), "without an index nothing is read");
    drop(SqliteJournal::open(folder.path(), "li").unwrap());
    assert!(!begin().entries_of(order).is_empty());
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 4);
    // Who does not know the index writes it all the same.
    db.execute(
        "INSERT INTO entries SELECT seq + 1000, at, program, operator, 'TESTA20261103999999999', kind, body, hash
         FROM entries WHERE kind = 'seen' LIMIT 1",
        [],
    )
    .unwrap();
    assert_eq!(begin().entries_of("TESTA20261103999999999".parse().unwrap()).len(), 1);
}

/// Whatever needs a record is refused, and nothing is read that could be relied on.
fn refuses(journal: &mut Deferred) -> String {
    let attempt = paydesk::domain::attempt::Attempt::restore(sample::claimed(number(1), now()));
    let order = number(1);
    let mut why = Vec::new();
    why.extend(journal.claim(&attempt).err());
    why.extend(journal.lease(now()).err());
    why.extend(journal.entries_after(0).err());
    why.extend(journal.append(now(), Some(order), &seen(OrderStatus::Unpaid)).err());
    why.extend(journal.append_all(now(), &[(order, seen(OrderStatus::Unpaid))]).err());
    why.extend(journal.append_after(0, now(), &[(order, seen(OrderStatus::Unpaid))]).err());
    why.extend(journal.advance(&attempt.in_state(State::Sending), &State::Claimed).err());
    why.extend(journal.attempt(attempt.id).err());
    why.extend(journal.has_news().err());
    assert_eq!(why.len(), 9);
    assert!(why.iter().all(|error| matches!(error, JournalError::Unusable(_))), "{why:?}");
    why.remove(0).to_string()
}

#[test]
fn a_damaged_file_takes_nothing_whatever_is_asked_of_it_first_and_is_left_as_it_is() {
    // One page in the middle: what lies before it can still be read, and is not relied on either.
    let folder = journal_of(2_000);
    let file = folder.path().join("journal.sqlite");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2 / 4_096 * 4_096;
    bytes.get_mut(middle..middle + 4_096).unwrap().fill(0x5a);
    fs::write(&file, &bytes).unwrap();
    let why = refuses(&mut deferred(folder.path()));
    assert!(why.contains("damaged") || why.contains("malformed"), "{why}");
    assert!(fs::read(&file).unwrap() == bytes, "never rewritten over what it may still hold");
    // Nothing of ours at all.
    let garbage = vec![0x5a_u8; 20_000];
    fs::write(&file, &garbage).unwrap();
    assert!(Opening::begin(folder.path(), "li").unwrap().entries_of(number(1)).is_empty());
    refuses(&mut deferred(folder.path()));
    assert_eq!(fs::read(&file).unwrap(), garbage);
}

#[test]
fn a_newer_journal_is_refused_and_nothing_of_it_is_shown_wrongly() {
    let folder = journal_of(3);
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    let why = refuses(&mut deferred(folder.path()));
    assert!(why.contains("99"), "{why}");
}

#[test]
fn a_sound_journal_that_is_opened_late_is_a_journal() {
    let folder = journal_of(3);
    let mut journal = deferred(folder.path());
    let attempt = paydesk::domain::attempt::Attempt::restore(sample::claimed(number(1), now()));
    journal.claim(&attempt).unwrap();
    assert!(matches!(journal.claim(&attempt), Err(JournalError::Blocked(_))));
    assert_eq!(journal.entries_after(0).unwrap().entries.len(), 7);
    let author = BlockingJournal::author(&journal);
    assert_eq!(journal.entries_after(6).unwrap().entries.remove(0).author, author);
    drop(journal);
    // Its program has died: what it had claimed was not sent.
    let mut next = deferred(folder.path());
    assert_eq!(next.lease(now()).unwrap().len(), 1);
    assert_eq!(next.attempt(attempt.id).unwrap().unwrap().state.word(), "notSent");
}
