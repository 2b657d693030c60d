//! The journal on a real disk: what it refuses, what it survives, and what it notices.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod sample;

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    sync::Barrier,
    thread,
};

use jiff::Timestamp;
use paydesk::{
    desk::book::{Book, Observation},
    domain::{
        attempt::{self, Attempt, AttemptId, Doubt, Evidence, NotSent, Snapshot, State},
        card::{CardBrand, MaskedCard},
        method::PaymentMethod,
        moment::Moment,
        order::{OrderNo, OrderStatus},
        regeneration::{self, Regeneration},
        seen::{Row, Seen},
        story::{Happening, OperatorAction, What},
    },
    journal::{
        BlockingJournal, Entry, Fact, JournalError,
        redact::{RedactError, has_text},
        sqlite::SqliteJournal,
        thread::Threaded,
        verify::verify,
    },
};
use rusqlite::Connection;
use sample::Stands;

const ORDER: &str = "TESTA20261122135802207";
const CHILD: &str = "TESTA20261122140002999";

fn now() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().unwrap()
}

fn moment() -> Moment {
    sample::moment(now(), 1_234)
}

fn attempt(order: &str) -> Attempt {
    Attempt::restore(Snapshot {
        lineage: ORDER.parse().unwrap(),
        method: PaymentMethod::Vcc,
        amount: sample::money("501.90", "EUR"),
        card: MaskedCard::from_parts(Some(CardBrand::Visa), "1111"),
        ..sample::claimed(order.parse().unwrap(), now())
    })
}

fn regeneration(state: regeneration::State) -> Regeneration {
    sample::regeneration(ORDER.parse().unwrap(), moment(), state)
}

fn open(folder: &Path) -> SqliteJournal {
    SqliteJournal::open(folder, "wei@desk").unwrap()
}

/// Claims, sends and concludes an attempt.
fn settled(journal: &mut SqliteJournal, order: &str, state: State) -> Attempt {
    let made = attempt(order);
    journal.claim(&made).unwrap();
    let sending = sample::sent(&made, moment());
    journal.advance(&sending, &State::Claimed).unwrap();
    let settled = sending.in_state(state);
    journal.advance(&settled, &State::Sending).unwrap();
    settled
}

#[test]
fn what_was_written_is_read_back_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let made = settled(&mut open(folder.path()), ORDER, State::InDoubt(Doubt::NoAnswer));
    let seen = Fact::Seen(Box::new(Seen::bare(OrderStatus::Cancelled, Some("604".into()))));
    open(folder.path()).append(now(), Some(made.order), &seen).unwrap();
    let mut journal = open(folder.path());
    let reading = journal.entries_after(0).unwrap();
    assert!(reading.broken.is_none());
    let words: Vec<_> = reading
        .entries
        .iter()
        .map(|entry| match &entry.fact {
            Fact::Attempt(attempt) => attempt.state.word(),
            Fact::Seen(seen) => seen.status.word(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(words, ["claimed", "sending", "inDoubt", "cancelled"]);
    assert!(reading.entries.iter().all(|entry| !entry.is_ours && &*entry.author.who == "wei@desk"));
    assert_eq!(journal.attempt(made.id).unwrap(), Some(made));
    assert_eq!(journal.entries_after(4).unwrap().entries.len(), 0, "only what is new");
    for name in ["journal.sqlite", &reserves(folder.path())[0]] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read {name}");
    }
}

#[test]
fn a_lineage_is_held_by_whatever_may_still_be_charged() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    let reversed = settled(&mut journal, ORDER, State::Accepted);
    let blocked = journal.claim(&attempt(CHILD));
    assert!(matches!(blocked, Err(JournalError::Blocked(holder)) if holder.id == reversed.id));
    let gone = reversed.in_state(State::Reversed);
    journal.advance(&gone, &State::Accepted).unwrap();
    // Its own number is never paid again; the new order's is.
    assert!(matches!(journal.claim(&attempt(ORDER)), Err(JournalError::Blocked(_))));
    journal.claim(&attempt(CHILD)).unwrap();
}

#[test]
fn an_order_is_held_even_by_one_who_knows_it_under_another_lineage() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    // One program knows that the child was made from another order, one does not know that yet.
    let unaware = Attempt::restore(Snapshot { lineage: CHILD.parse().unwrap(), ..attempt(CHILD).snapshot() });
    journal.claim(&unaware).unwrap();
    assert!(
        matches!(journal.claim(&attempt(CHILD)), Err(JournalError::Blocked(holder)) if holder.id == unaware.id)
    );
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    journal.claim(&attempt(CHILD)).unwrap();
    assert!(matches!(journal.claim(&unaware), Err(JournalError::Blocked(_))));
}

#[test]
fn an_order_is_regenerated_once_and_not_paid_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ours, mut theirs) = (open(folder.path()), open(folder.path()));
    let first = regeneration(regeneration::State::Sending);
    ours.claim(&first).unwrap();
    let second = theirs.claim(&regeneration(regeneration::State::Sending));
    assert!(matches!(second, Err(JournalError::Regenerated(known)) if known.id == first.id));
    assert!(matches!(theirs.claim(&attempt(ORDER)), Err(JournalError::Regenerated(_))));
    assert!(
        matches!(theirs.claim(&attempt(CHILD)), Err(JournalError::Regenerated(_))),
        "nor any of its lineage"
    );
    let made = first.in_state(regeneration::State::Made(CHILD.parse().unwrap()));
    ours.advance(&made, &first.state).unwrap();
    assert!(matches!(ours.advance(&made, &first.state), Err(JournalError::Overtaken)));
    assert!(
        matches!(theirs.claim(&attempt(ORDER)), Err(JournalError::Regenerated(_))),
        "the old number never again"
    );
    theirs.claim(&attempt(CHILD)).unwrap();
    assert!(matches!(ours.claim(&regeneration(regeneration::State::Sending)), Err(JournalError::Blocked(_))));
}

#[test]
fn what_was_decided_is_written_unless_another_program_has_written_about_the_order_since() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ours, mut theirs) = (open(folder.path()), open(folder.path()));
    let (order, child): (OrderNo, OrderNo) = (ORDER.parse().unwrap(), CHILD.parse().unwrap());
    let note = Fact::OperatorAction(OperatorAction::Noted("seen".into()));
    ours.append_after(0, now(), &[(order, note.clone())]).unwrap();
    ours.append_after(0, now(), &[(order, note.clone())]).unwrap(); // what this program wrote itself is no news to it
    theirs.append(now(), Some(child), &note).unwrap();
    ours.append_after(2, now(), &[(order, note.clone())]).unwrap();
    assert!(matches!(theirs.append_after(3, now(), &[(order, note.clone())]), Err(JournalError::Overtaken)));
    assert_eq!(theirs.entries_after(0).unwrap().entries.len(), 4, "nothing was written");
    theirs.append_after(4, now(), &[(order, note.clone())]).unwrap();
    assert!(matches!(ours.append_after(4, now(), &[(order, note.clone())]), Err(JournalError::Overtaken)));
}

#[test]
fn a_contradiction_beside_another_attempt_is_written_and_holds_the_lineage() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    let denied = settled(&mut journal, ORDER, State::NotApplied);
    let mut next = settled(&mut journal, ORDER, State::Refused(403));
    let conflict = denied.in_state(State::Conflict);
    journal.advance(&conflict, &State::NotApplied).unwrap();
    let holder = |journal: &mut SqliteJournal, order| match journal.claim(&attempt(order)) {
        Err(JournalError::Blocked(holder)) => Some(holder.id),
        _ => None,
    };
    assert!(holder(&mut journal, ORDER).is_some());
    // The other one came to nothing: the contradiction alone still holds the order, and every one made from it.
    next = next.in_state(State::Rejected(403));
    journal.advance(&next, &State::Refused(403)).unwrap();
    for order in [ORDER, CHILD] {
        assert_eq!(holder(&mut journal, order), Some(conflict.id), "{order}");
    }
    let again = journal.claim(&regeneration(regeneration::State::Sending));
    assert!(matches!(again, Err(JournalError::Blocked(holder)) if holder.id == conflict.id));
    assert!(verify(&mut journal).unwrap().faults.is_empty());
    journal.advance(&conflict.in_state(State::Closed), &State::Conflict).unwrap();
    journal.claim(&attempt(ORDER)).unwrap();
}

#[test]
fn the_journal_and_the_rules_agree_on_what_holds_an_order() {
    let states = [
        State::Sending,
        State::Accepted,
        State::Refused(403),
        State::InDoubt(Doubt::NoAnswer),
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        State::Reversed,
        State::Rejected(403),
        State::NotSent(NotSent::Interrupted),
        State::NotApplied,
        State::Closed,
    ];
    for state in states {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        settled(&mut journal, ORDER, state.clone());
        let blocked = matches!(journal.claim(&attempt(CHILD)), Err(JournalError::Blocked(_)));
        assert_eq!(blocked, state.blocks(), "{state:?}");
        let again = journal.claim(&regeneration(regeneration::State::Sending));
        // The claim just made holds it where nothing else did.
        assert!(matches!(again, Err(JournalError::Blocked(_))), "{state:?}");
    }
    let doubt = Doubt::NoAnswer;
    for state in [
        regeneration::State::Sending,
        regeneration::State::InDoubt(doubt),
        regeneration::State::Made(CHILD.parse().unwrap()),
        regeneration::State::Found(CHILD.parse().unwrap()),
        regeneration::State::Refused(314),
        regeneration::State::NotSent(NotSent::Interrupted),
        regeneration::State::NotMade,
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        journal.claim(&regeneration(state.clone())).unwrap();
        let paid = journal.claim(&attempt(ORDER));
        assert_eq!(matches!(paid, Err(JournalError::Regenerated(_))), state.blocks(), "{state:?}");
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        journal.claim(&regeneration(state.clone())).unwrap();
        let again = journal.claim(&regeneration(regeneration::State::Sending));
        assert_eq!(matches!(again, Err(JournalError::Regenerated(_))), state.blocks(), "{state:?}");
    }
}

#[test]
fn the_file_itself_refuses_a_second_claim_and_a_second_new_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    journal.claim(&attempt(ORDER)).unwrap();
    let (other, elsewhere) = ("TESTA20261122150000001", "TESTA20261122150000002");
    let sending = regeneration::State::Sending;
    journal.claim(&sample::regeneration(other.parse().unwrap(), moment(), sending)).unwrap();
    // Whoever forgets to look is stopped by the indexes.
    let put = |table: &str, id: &str, lineage: &str, order: &str| {
        let sql = format!("INSERT INTO {table} SELECT ?, owner, ?, ?, state, entry FROM {table} LIMIT 1");
        journal.connection().execute(&sql, [id, lineage, order])
    };
    assert!(put("attempts", "1", ORDER, CHILD).is_err(), "its lineage is held");
    assert!(put("attempts", "2", CHILD, ORDER).is_err(), "so is the order");
    assert!(put("regenerations", "3", elsewhere, other).is_err(), "it is being regenerated");
    assert_eq!(put("attempts", "4", elsewhere, elsewhere), Ok(1));
}

#[test]
fn what_was_written_is_on_disk_before_anybody_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path());
    let pragma = |name: &str| {
        journal
            .connection()
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .unwrap()
    };
    assert_eq!(pragma("synchronous"), 2.into(), "FULL: after a power cut too");
    assert_eq!(pragma("journal_mode"), "wal".to_owned().into());
}

#[test]
fn whoever_leaves_leaves_a_file_that_is_whole_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    settled(&mut journal, ORDER, State::Accepted);
    drop(journal);
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join("journal.sqlite"), copy.path().join("journal.sqlite")).unwrap();
    assert_eq!(verify(&mut open(copy.path())).unwrap().sound, 3, "people copy it");
}

#[test]
fn a_program_whose_claim_was_released_cannot_go_on_to_send() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ours, mut theirs) = (open(folder.path()), open(folder.path()));
    let mut mine = attempt(ORDER);
    ours.claim(&mine).unwrap();
    let released = mine.in_state(State::NotSent(NotSent::Interrupted));
    theirs.advance(&released, &State::Claimed).unwrap();
    mine = mine.in_state(State::Sending);
    assert!(matches!(ours.advance(&mine, &State::Claimed), Err(JournalError::Overtaken)));
    assert_eq!(verify(&mut ours).unwrap().sound, 2, "what was overtaken left no entry");
}

#[test]
fn only_what_programs_that_have_died_left_behind_is_judged() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = open(folder.path());
    let mut mine = attempt(ORDER);
    running.claim(&mine).unwrap();
    mine = mine.in_state(State::Sending);
    running.advance(&mine, &State::Claimed).unwrap();
    let mut second = open(folder.path());
    assert!(second.lease(now()).unwrap().is_empty(), "its program still runs");
    drop(running);
    assert_eq!(second.lease(now()).unwrap().len(), 1);
    assert_eq!(second.attempt(mine.id).unwrap().unwrap().state, State::InDoubt(Doubt::Crash));
    assert!(second.lease(now()).unwrap().is_empty(), "once");
}

#[test]
fn a_program_that_cannot_be_proven_dead_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut died = open(folder.path());
    let mut mine = attempt(ORDER);
    died.claim(&mine).unwrap();
    mine = mine.in_state(State::Sending);
    died.advance(&mine, &State::Claimed).unwrap();
    let sql = "SELECT owner FROM attempts";
    let name: String = died.connection().query_row(sql, [], |row| row.get(0)).unwrap();
    drop(died);
    // Its mark cannot be opened.
    let mark = folder.path().join("running").join(&name);
    fs::remove_file(&mark).unwrap();
    symlink(&mark, &mark).unwrap();
    let mut second = open(folder.path());
    assert!(second.lease(now()).unwrap().is_empty());
    assert_eq!(second.attempt(mine.id).unwrap().unwrap().state, State::Sending);
    fs::remove_file(&mark).unwrap();
    assert_eq!(second.lease(now()).unwrap().len(), 1, "no mark: it has died");
}

#[test]
fn a_changed_removed_or_invented_entry_is_named() {
    let tamper = |sql: &str, entry: u64| {
        let folder = tempfile::tempdir().unwrap();
        settled(&mut open(folder.path()), ORDER, State::Accepted);
        let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
        for forbidden in ["UPDATE entries SET at = ''", "DELETE FROM entries"] {
            assert!(db.execute(forbidden, []).is_err(), "{forbidden}");
        }
        db.pragma_update(None, "foreign_keys", false).unwrap();
        db.execute_batch("DROP TRIGGER entries_are_never_changed; DROP TRIGGER entries_are_never_deleted;")
            .unwrap();
        db.execute_batch(sql).unwrap();
        drop(db);
        let mut journal = open(folder.path());
        let verdict = verify(&mut journal).unwrap();
        assert_eq!(verdict.faults.first().and_then(|fault| fault.entry), Some(entry), "{sql}: {verdict:?}");
        verdict
    };
    assert_eq!(tamper("UPDATE entries SET body = replace(body, '501.90', '5.90') WHERE seq = 2", 2).sound, 1);
    assert_eq!(tamper("UPDATE entries SET operator = 'eve' WHERE seq = 1", 1).sound, 0);
    assert_eq!(tamper("DELETE FROM entries WHERE seq = 2", 2).sound, 1);
    tamper(
        "INSERT INTO entries SELECT 4, at, program, operator, order_no, kind, body, hash FROM entries WHERE seq = 3",
        4,
    );
    // The last entry cut off leaves a whole chain, but not where things stand.
    tamper("DELETE FROM entries WHERE seq = 3", 3);
    tamper("UPDATE attempts SET state = 'notApplied'", 3);
    tamper("DELETE FROM attempts", 3);
}

#[test]
fn a_damaged_a_newer_and_an_unreachable_journal_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    settled(&mut open(folder.path()), ORDER, State::Accepted);
    let file = folder.path().join("journal.sqlite");
    let db = Connection::open(&file).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let newer = SqliteJournal::open(folder.path(), "").err().unwrap();
    assert!(matches!(newer, JournalError::Newer { found: 99, .. }), "{newer}");
    let garbage = vec![0x5a_u8; 20_000];
    fs::write(&file, &garbage).unwrap();
    assert!(SqliteJournal::open(folder.path(), "").is_err());
    assert_eq!(fs::read(&file).unwrap(), garbage, "never rewritten over what it may still hold");
    let elsewhere = tempfile::tempdir().unwrap();
    symlink("/dev/null", elsewhere.path().join("data")).unwrap();
    assert!(matches!(
        SqliteJournal::open(&elsewhere.path().join("data"), ""),
        Err(JournalError::Folder { .. })
    ));
}

#[test]
fn a_full_disk_refuses_the_claim_and_keeps_the_outcome_for_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    let mut made = attempt(ORDER);
    journal.claim(&made).unwrap();
    made = sample::sent(&made, moment());
    journal.advance(&made, &State::Claimed).unwrap();
    // SQLite says "full" without the disk being so.
    let db = journal.connection();
    let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    for length in [1_900, 300, 1] {
        let note = Fact::OperatorAction(OperatorAction::Noted("x".repeat(length).as_str().into()));
        while journal.append(now(), None, &note).is_ok() {}
    }
    assert!(
        journal
            .claim(&Attempt::restore(Snapshot {
                lineage: CHILD.parse().unwrap(),
                ..attempt(CHILD).snapshot()
            }))
            .is_err()
    );
    made = made.in_state(State::Accepted);
    made = Attempt::restore(Snapshot { answer: Some(0), ..made.snapshot() });
    assert!(matches!(journal.advance(&made, &State::Sending), Err(JournalError::Store(_))));
    drop(journal);
    // A line of another program that was torn in the middle hinders nothing, and is put aside.
    fs::write(folder.path().join("torn.reserve"), "{\"body\":\"{").unwrap();
    let mut again = open(folder.path());
    assert_eq!(again.attempt(made.id).unwrap().unwrap().state, State::Accepted, "from the reserve");
    assert!(verify(&mut again).unwrap().faults.is_empty());
    assert!(folder.path().join("torn.unread").exists());
    assert_eq!(reserves(folder.path()).len(), 1, "its own");
    drop(again);
    assert_eq!(reserves(folder.path()).len(), 0);
}

#[test]
fn a_reserve_moves_only_what_may_still_be_on_its_way() {
    let check = |stands: State, want: &State| {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        let mut known = settled(&mut journal, ORDER, State::Accepted);
        // What a program kept that has died since: that it was accepted.
        let accepted = "SELECT body FROM entries ORDER BY seq DESC LIMIT 1";
        let body: String = journal.connection().query_row(accepted, [], |row| row.get(0)).unwrap();
        let line = serde_json::json!({ "body": body });
        known = known.in_state(stands.clone());
        journal.advance(&known, &State::Accepted).unwrap();
        drop(journal);
        fs::write(folder.path().join("dead.reserve"), format!("{line}\n\0\0")).unwrap();
        let mut again = open(folder.path());
        assert_eq!(&again.attempt(known.id).unwrap().unwrap().state, want, "it stood as {stands:?}");
        assert!(!folder.path().join("dead.reserve").exists());
    };
    for open in [State::Sending, State::InDoubt(Doubt::Crash)] {
        check(open, &State::Accepted);
    }
    for known_better in [
        State::Refused(403),
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        State::Reversed,
        State::Rejected(403),
        State::NotApplied,
        State::Closed,
    ] {
        check(known_better.clone(), &known_better);
    }
}

#[test]
fn a_program_that_starts_leaves_the_reserves_of_those_that_run() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let second = open(folder.path());
    assert_eq!(reserves(folder.path()).len(), 2, "each has its own");
    drop((first, second));
    assert!(reserves(folder.path()).is_empty());
}

/// The names of the reserves in a folder.
fn reserves(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".reserve")).collect()
}

/// The words that the condition of an index leaves out.
fn left_out(db: &Connection, index: &str) -> Vec<String> {
    let sql = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?";
    let sql: String = db.query_row(sql, [index], |row| row.get(0)).unwrap();
    let (_, list) = sql.split_once("NOT IN (").unwrap();
    list.trim_end_matches(')').split(", ").map(|word| word.trim_matches('\'').to_owned()).collect()
}

#[test]
fn the_indexes_know_every_state_that_holds_an_order() {
    let sorted = |mut words: Vec<String>| {
        words.sort();
        words
    };
    for old in ["", include_str!("first_journal.sql"), include_str!("second_journal.sql")] {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
        db.execute_batch(old).unwrap();
        drop(db);
        let journal = open(folder.path());
        // A contradiction holds too, but may arise beside another attempt.
        let free = |kind: &&attempt::Kind| !kind.blocks() || **kind == attempt::Kind::Conflict;
        let free = attempt::Kind::ALL.iter().filter(free).map(|kind| kind.word().to_owned()).collect();
        let free = sorted(free);
        for index in ["one_blocking_attempt_a_lineage", "one_blocking_attempt_an_order"] {
            assert_eq!(sorted(left_out(journal.connection(), index)), free, "{index}");
        }
        let free = regeneration::Kind::ALL.iter().filter(|kind| !kind.blocks());
        let free = sorted(free.map(|kind| kind.word().to_owned()).collect());
        assert_eq!(sorted(left_out(journal.connection(), "one_regeneration_an_order")), free);
    }
}

#[test]
fn an_entry_that_no_event_explains_is_a_fault_however_well_its_hash_fits() {
    type Change = fn(&mut Snapshot);
    let faults = |first: State, change: Change| {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        let known = settled(&mut journal, ORDER, first);
        let mut next = known.snapshot();
        change(&mut next);
        // The journal takes down what it is given: the rules are kept by those who write.
        journal.advance(&Attempt::restore(next), &known.state).unwrap();
        let verdict = verify(&mut journal).unwrap();
        assert_eq!(verdict.sound, 4, "the chain holds");
        verdict.faults.iter().map(|fault| (fault.entry, fault.what.clone())).collect::<Vec<_>>()
    };
    let check = |first: State, change: Change, words: &str| {
        let faults = faults(first, change);
        assert!(matches!(&*faults, [(Some(4), what)] if what.ends_with(words)), "{words}: {faults:?}");
    };
    check(State::Rejected(403), |next| next.state = State::Paid, "nothing makes `paid` of `rejected`");
    check(
        State::Closed,
        |next| next.state = State::InDoubt(Doubt::Crash),
        "nothing makes `inDoubt` of `closed`",
    );
    check(State::Accepted, |next| next.state = State::NotApplied, "nothing makes `notApplied` of `accepted`");
    check(
        State::Refused(403),
        |next| next.state = State::Rejected(401),
        "nothing makes `rejected` of `refused`",
    );
    let cheaper: Change = |next| {
        next.amount.amount /= rust_decimal::Decimal::TWO;
        next.state = State::Paid;
    };
    check(State::Accepted, cheaper, "its amount is not what it was");
    check(State::Accepted, |next| next.sent = None, "its time of sending is not what it was");
    let early: Change = |next| {
        let mut before = next.sent.unwrap();
        before.up -= std::time::Duration::from_millis(1);
        next.evidence.last = Some(before);
    };
    check(State::Accepted, early, "an answer to a query from before the send counts");
    assert_eq!(faults(State::Accepted, |next| next.state = State::Paid), []);
}

#[test]
fn a_journal_of_the_first_version_is_brought_over_after_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    let db = Connection::open(&file).unwrap();
    db.execute_batch(include_str!("first_journal.sql")).unwrap();
    drop(db);
    let mut journal = open(folder.path());
    let reading = journal.entries_after(0).unwrap();
    assert!(reading.broken.is_none(), "{:?}", reading.broken);
    assert_eq!(reading.entries.len(), 4);
    let id = AttemptId("0190b2c4-0000-7000-8000-000000000001".parse().unwrap());
    let known = journal.attempt(id).unwrap().unwrap();
    assert_eq!(known.state, State::Rejected(403));
    assert_eq!(known.card.unwrap().to_string(), "Visa **** 1111");
    assert!(verify(&mut journal).unwrap().faults.is_empty());
    assert!(folder.path().join("journal.v1.sqlite").exists());
    drop(journal);
    assert_eq!(open(folder.path()).entries_after(0).unwrap().entries.len(), 4, "once");
}

#[test]
fn a_journal_of_the_second_version_is_brought_over_and_takes_a_contradiction_beside_a_doubt() {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.execute_batch(include_str!("second_journal.sql")).unwrap();
    drop(db);
    let mut journal = open(folder.path());
    let reading = journal.entries_after(0).unwrap();
    assert!(reading.broken.is_none(), "{:?}", reading.broken);
    assert_eq!(reading.entries.len(), 8);
    let stored = |journal: &mut SqliteJournal, nth: u32| {
        let id = format!("0190b2c4-0000-7000-8000-00000000000{nth}");
        journal.attempt(AttemptId(id.parse().unwrap())).unwrap().unwrap()
    };
    let (denied, doubtful) = (stored(&mut journal, 1), stored(&mut journal, 2));
    assert_eq!((&denied.state, &doubtful.state), (&State::NotApplied, &State::InDoubt(Doubt::NoAnswer)));
    // It counted the answers that said unpaid, and knew no other word.
    let evidence = doubtful.evidence;
    assert_eq!((evidence.said, evidence.answers), (Some(OrderStatus::Unpaid), 2));
    let seconds = |moment: Option<Moment>| moment.unwrap().since(doubtful.sent.unwrap()).as_secs();
    assert_eq!((seconds(evidence.counted), seconds(evidence.last)), (99, 109));
    assert_eq!(stored(&mut journal, 1).evidence.answers, 3);
    let never_asked = reading.entries.iter().find_map(|entry| match &entry.fact {
        Fact::Attempt(attempt) => Some(attempt.evidence),
        _ => None,
    });
    assert_eq!(never_asked, Some(Evidence::default()));
    let conflict = denied.in_state(State::Conflict);
    journal.advance(&conflict, &State::NotApplied).unwrap();
    assert!(matches!(journal.claim(&attempt(ORDER)), Err(JournalError::Blocked(_))));
    assert!(verify(&mut journal).unwrap().faults.is_empty());
    assert!(folder.path().join("journal.v2.sqlite").exists());
    // The claim is an index still, of the lineage and of the order.
    let twice = |id: &str, lineage: &str, order: &str| {
        let sql = "INSERT INTO attempts SELECT ?, owner, ?, ?, 'claimed', entry FROM attempts LIMIT 1";
        journal.connection().execute(sql, [id, lineage, order])
    };
    assert!(twice("1", ORDER, CHILD).is_err() && twice("2", CHILD, ORDER).is_err());
    drop(journal);
    assert_eq!(open(folder.path()).entries_after(0).unwrap().entries.len(), 9, "once");
}

/// A book that knows nothing but these entries.
fn folded(entries: Vec<Entry>) -> Book {
    let mut book = Book::default();
    for observation in entries.into_iter().filter_map(Observation::of_entry) {
        book.fold(observation);
    }
    book
}

#[test]
fn a_journal_of_the_third_version_is_brought_over_with_every_entry_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    let db = Connection::open(&file).unwrap();
    db.execute_batch(include_str!("third_journal.sql")).unwrap();
    let hashes = |db: &Connection| -> Vec<Vec<u8>> {
        let mut query = db.prepare("SELECT hash FROM entries ORDER BY seq").unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let before = hashes(&db);
    drop(db);
    let mut journal = open(folder.path());
    let reading = journal.entries_after(0).unwrap();
    assert!(reading.broken.is_none(), "{:?}", reading.broken);
    assert_eq!((reading.entries.len(), hashes(journal.connection())), (13, before));
    assert!(verify(&mut journal).unwrap().faults.is_empty());
    assert!(folder.path().join("journal.v3.sqlite").exists(), "a copy first");
    // It kept a status alone: that is a line of the order's story, and nothing to show the order by.
    let seen: Vec<_> = reading
        .entries
        .iter()
        .filter_map(|entry| match &entry.fact {
            Fact::Seen(seen) => Some((&**seen, entry.order.unwrap())),
            _ => None,
        })
        .collect();
    let bare = Seen::bare(OrderStatus::Ticketed, None);
    assert_eq!(seen.iter().map(|(seen, _)| *seen).collect::<Vec<_>>(), [&bare, &bare]);
    let child = seen[1].1;
    let book = folded(reading.entries.clone());
    assert!(book.remembered(child).is_none());
    assert_eq!(book.lineage(child).attempts[0].state, State::Ticketed);
    assert_eq!(book.lineage(child).regenerations[0].state, regeneration::State::Made(child));
    // What is seen from now on is kept in full beside it.
    let row = Row { pnr_code: Some("K7QW2D".into()), ..Row::default() };
    let full = Fact::Seen(Box::new(Seen { row: Some(row), ..bare }));
    journal.append(now(), Some(child), &full).unwrap();
    drop(journal);
    let mut again = open(folder.path());
    let reading = again.entries_after(0).unwrap();
    assert_eq!(reading.entries.last().map(|entry| &entry.fact), Some(&full));
    let book = folded(reading.entries);
    let remembered = book.remembered(child).unwrap();
    assert_eq!(remembered.order.pnr_code.as_deref(), Some("K7QW2D"));
    let ticketed = |happening: &&std::sync::Arc<Happening>| matches!(happening.what, What::Seen { .. });
    assert_eq!(remembered.story.iter().filter(ticketed).count(), 1, "the same status is no news");
}

/// A card number of `length` digits that begins with `head`.
fn card_number(head: &str, length: usize) -> String {
    let body: String = head.chars().take(length - 1).collect();
    let sum = |digits: &str| -> u32 {
        let weighed = digits.chars().rev().enumerate().map(|(i, c)| {
            let digit = c.to_digit(10).unwrap();
            if i % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        });
        weighed.sum()
    };
    let digit = (0..10).find(|digit| sum(&format!("{body}{digit}")).is_multiple_of(10)).unwrap();
    format!("{body}{digit}")
}

/// Every byte of every file in a folder.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).flat_map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn a_card_number_in_any_field_of_a_webhook_is_nowhere_in_the_journal() {
    use proptest::prelude::*;
    let folder = tempfile::tempdir().unwrap();
    let journal = std::cell::RefCell::new(open(folder.path()));
    let marks = ["", " ", "-", ".", "/", "_", "\u{a0}", "\u{202f}", "\\u00a0", " - ", "  "];
    let fields = [
        r#"{"type":"@","data":{}}"#,
        r#"{"type":"order.void","notificationId":"@"}"#,
        r#"{"type":"order.void","orderNo":"@"}"#,
        r#"{"type":"order.void","data":{"orderNo":"TESTA@"}}"#,
        r#"{"type":"order.cancelled","errorCode":"@"}"#,
        r#"{"type":"order.cancelled","data":{"orderNo":"TESTA20261122135802207","ticketErrorCode":"@"}}"#,
        r#"{"type":"email.all","data":{"subject":"paid by @ today","list":["@"],"@":1}}"#,
    ];
    let cases = (13_usize..=19, "[3-6][0-9]{18}", 0..marks.len(), 0..fields.len(), any::<bool>());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(100));
    let ran = runner.run(&cases, |(length, head, mark, field, is_bare)| {
        let number = card_number(&head, length);
        let groups: Vec<&str> =
            number.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).unwrap()).collect();
        let spaced = groups.join(marks[mark]);
        let body = fields[field].replace('@', &spaced);
        // A number, not a string.
        let body =
            if is_bare { body.replace(&format!("\"{number}\"}}"), &format!("{number}}}")) } else { body };
        let notification = paydesk::atlas::notification::webhook(body.as_bytes()).unwrap();
        let order = notification.order;
        journal.borrow_mut().append(now(), order, &Fact::Notified(Box::new(notification))).unwrap();
        let kept = bytes_in(folder.path());
        // All but the last digits, with their marks: what a person would read off.
        let read_off: String = groups[..groups.len() - 2].join(marks[mark]);
        let head = number.get(..length - 4).unwrap();
        for secret in [number.as_str(), &spaced, head, &read_off] {
            let found = kept.windows(secret.len()).any(|window| window == secret.as_bytes());
            prop_assert!(secret.len() < 8 || !found, "{secret} of {body}");
        }
        Ok(())
    });
    ran.unwrap();
    assert!(journal.into_inner().entries_after(0).unwrap().broken.is_none());
}

#[test]
fn a_note_a_reason_and_the_name_of_the_operator_hold_no_card_number_either() {
    let folder = tempfile::tempdir().unwrap();
    let card = "4000001234567899";
    let mut journal = SqliteJournal::open(folder.path(), card).unwrap();
    let made = attempt(ORDER);
    journal.claim(&made).unwrap();
    let doubt = State::InDoubt(Doubt::Unreadable(format!("invalid type: string \"{card}\"")));
    journal.advance(&made.in_state(State::Sending), &State::Claimed).unwrap();
    journal.advance(&made.in_state(doubt), &State::Sending).unwrap();
    let order = Some(made.order);
    journal.append(now(), order, &Fact::OperatorAction(OperatorAction::Noted(card.into()))).unwrap();
    journal
        .append(now(), order, &Fact::Seen(Box::new(Seen::bare(OrderStatus::Cancelled, Some(card.into())))))
        .unwrap();
    let kept = bytes_in(folder.path());
    assert!(!kept.windows(12).any(|window| window == &card.as_bytes()[..12]));
    assert_eq!(journal.attempt(made.id).unwrap().unwrap().state.word(), "inDoubt", "and it is still read");
}

/// The journal of version 4 whose notes hold a card number in clear.
fn with_card_numbers() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.execute_batch(include_str!("fourth_journal.sql")).unwrap();
    folder
}

fn holds(folder: &Path, text: &str) -> bool {
    bytes_in(folder).windows(text.len()).any(|window| window == text.as_bytes())
}

const NOTED: u64 = 14;
const DECIDED: u64 = 15;
const MAILED: u64 = 18;

#[test]
fn a_journal_of_version_4_is_verified_as_it_is_and_rewritten_by_nobody() {
    let folder = with_card_numbers();
    let mut journal = open(folder.path());
    let verdict = verify(&mut journal).unwrap();
    assert_eq!((verdict.sound, verdict.redacted, verdict.faults), (19, 0, Vec::new()));
    let version: i64 =
        journal.connection().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!((version, journal.copies().len()), (4, 0));
}

#[test]
fn what_is_redacted_is_in_no_file_and_the_chain_holds() {
    let folder = with_card_numbers();
    let copy = folder.path().join("journal.v3.sqlite");
    fs::copy(folder.path().join("journal.sqlite"), &copy).unwrap();
    let mut journal = open(folder.path());
    assert_eq!(journal.copies().as_slice(), std::slice::from_ref(&copy));
    let numbers = ["4929123456789015", "4929 1234 5678 9015"];
    assert!(numbers.iter().all(|number| holds(folder.path(), number)));
    for entry in [NOTED, DECIDED, MAILED] {
        assert!(journal.redact(entry, now()).unwrap());
    }
    for text in [numbers[0], numbers[1], "exp 09/28", "says the bank", "9015"] {
        assert!(!holds(folder.path(), text), "{text} is left while the program runs");
    }
    assert!(!copy.exists());
    // The next one finds all of it, the attempts included, and goes on with it.
    drop(journal);
    let mut journal = open(folder.path());
    let verdict = verify(&mut journal).unwrap();
    assert_eq!((verdict.sound, verdict.redacted, verdict.faults), (22, 3, Vec::new()));
    let entries = journal.entries_after(0).unwrap().entries;
    let said = |entry: u64| entries.iter().find(|found| found.seq == entry).unwrap().fact.clone();
    let noted = Fact::OperatorAction(OperatorAction::Noted("[redacted: entry 14]".into()));
    assert_eq!(said(NOTED), noted);
    let Fact::OperatorAction(OperatorAction::Decided { decision, note, .. }) = said(DECIDED) else {
        panic!()
    };
    assert_eq!((decision, &*note), (attempt::Decision::Close, "[redacted: entry 15]"), "the decision stays");
    let Fact::Notified(mail) = said(MAILED) else { panic!() };
    assert_eq!((mail.kind.word(), &*mail.raw), ("email.all", "[redacted: entry 18]"));
    let note = Fact::OperatorAction(OperatorAction::Noted("next".into()));
    journal.append(now(), None, &note).unwrap();
    assert!(verify(&mut journal).unwrap().faults.is_empty());
    for text in numbers {
        assert!(!holds(folder.path(), text), "{text}");
    }
    // Again is no second entry, and the file says what it needs.
    assert!(!journal.redact(NOTED, now()).unwrap());
    assert_eq!(verify(&mut journal).unwrap().sound, 23);
    let version: i64 =
        journal.connection().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 5, "a program that knows no redactions refuses it");
}

#[test]
fn batches_make_up_the_whole_and_none_is_large() {
    let mut journal = SqliteJournal::in_memory().unwrap();
    let note = Fact::OperatorAction(OperatorAction::Noted("called".into()));
    let notes: Vec<_> = (0..2_500).map(|_| (ORDER.parse().unwrap(), note.clone())).collect();
    journal.append_all(now(), &notes).unwrap();
    let (mut read, mut batches) = (Vec::new(), 0);
    loop {
        let batch = journal.batch_after(read.last().copied().unwrap_or(0)).unwrap();
        assert!(batch.entries.len() <= 1_000 && batch.broken.is_none());
        read.extend(batch.entries.iter().map(|entry| entry.seq));
        batches += 1;
        if !batch.more {
            break;
        }
    }
    assert_eq!((read, batches), ((1..=2_500).collect(), 3));
    assert_eq!(journal.entries_after(0).unwrap().entries.len(), 2_500);
    assert_eq!(journal.entries_after(2_400).unwrap().entries.len(), 100);
}

#[test]
fn what_was_redacted_can_neither_be_put_back_nor_altered_nor_forged() {
    let tampered = |sql: &str| {
        let folder = with_card_numbers();
        open(folder.path()).redact(NOTED, now()).unwrap();
        let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
        db.execute_batch("DROP TRIGGER entries_are_never_changed; DROP TRIGGER entries_are_never_deleted")
            .unwrap();
        db.execute_batch(sql).unwrap();
        drop(db);
        let faults = verify(&mut open(folder.path())).unwrap().faults;
        faults.first().and_then(|fault| fault.entry)
    };
    assert_eq!(tampered(""), None);
    let original = include_str!("fourth_journal.sql");
    let line = original.lines().find(|line| line.starts_with("INSERT INTO entries VALUES(14,")).unwrap();
    let put_back = format!("DELETE FROM entries WHERE seq = 14; {line}");
    assert_eq!(tampered(&put_back), Some(NOTED), "put back");
    let other = r#"{"did":"noted","note":"nothing"}"#;
    assert_eq!(tampered(&format!("UPDATE entries SET body = '{other}' WHERE seq = 14")), Some(NOTED));
    assert_eq!(tampered("UPDATE entries SET operator = 'li@desk' WHERE seq = 14"), Some(NOTED));
    assert_eq!(tampered("UPDATE entries SET hash = zeroblob(32) WHERE seq = 14"), Some(NOTED));
    // One that nobody redacted is not excused by the words alone.
    let mark = r#"{"did":"noted","note":"[redacted: entry 19]"}"#;
    assert_eq!(tampered(&format!("UPDATE entries SET body = '{mark}' WHERE seq = 19")), Some(19));
    // Without its redaction it is one that was altered.
    assert_eq!(tampered("DELETE FROM entries WHERE seq = 20"), Some(NOTED));
    assert_eq!(tampered("UPDATE entries SET body = replace(body, '14', '17') WHERE seq = 20"), Some(NOTED));
}

#[test]
fn what_money_depends_on_is_not_redacted_nor_what_others_are_using_nor_what_is_broken() {
    let folder = with_card_numbers();
    let mut journal = open(folder.path());
    let before = bytes_in(folder.path());
    let entries = journal.entries_after(0).unwrap().entries;
    for entry in entries[..13].iter().filter(|entry| !has_text(&entry.fact)) {
        let refused = journal.redact(entry.seq, now()).unwrap_err();
        assert!(matches!(refused, RedactError::Money(seq) if seq == entry.seq), "{refused}");
    }
    assert!(matches!(journal.redact(17, now()), Err(RedactError::NoText(17))), "a choice without a reason");
    assert!(matches!(journal.redact(20, now()), Err(RedactError::NoEntry(20))));
    assert_eq!(verify(&mut journal).unwrap().sound, 19, "nothing was written");
    assert!(bytes_in(folder.path()).len() >= before.len());
    let other = open(folder.path());
    assert!(matches!(journal.redact(NOTED, now()), Err(RedactError::InUse)));
    drop(other);
    let db = Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.execute_batch(
        "DROP TRIGGER entries_are_never_changed; UPDATE entries SET operator = 'x' WHERE seq = 3",
    )
    .unwrap();
    let refused = journal.redact(NOTED, now()).unwrap_err();
    assert!(matches!(refused, RedactError::Journal(JournalError::Broken { seq: 3, .. })), "{refused}");
    assert!(holds(folder.path(), "4929123456789015"));
}

#[test]
fn what_others_write_is_news_until_it_is_read_and_what_one_writes_oneself_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut ours = SqliteJournal::open(folder.path(), "li").unwrap();
    let mut theirs = SqliteJournal::open(folder.path(), "mei").unwrap();
    let note = Fact::OperatorAction(OperatorAction::Noted("call back".into()));
    ours.entries_after(0).unwrap();
    BlockingJournal::append(&mut ours, now(), ORDER.parse().ok(), &note).unwrap();
    assert!(!ours.has_news().unwrap());
    BlockingJournal::append(&mut theirs, now(), ORDER.parse().ok(), &note).unwrap();
    assert!(ours.has_news().unwrap());
    ours.entries_after(0).unwrap();
    assert!(!ours.has_news().unwrap());
}

/// The system tells before the disk has it all.
#[tokio::test]
async fn what_another_program_is_writing_just_now_is_noticed_as_well() {
    use paydesk::journal::Journal;
    let folder = tempfile::tempdir().unwrap();
    let mut theirs = SqliteJournal::open(folder.path(), "mei").unwrap();
    let mut ours = Threaded::start(SqliteJournal::open(folder.path(), "li").unwrap()).unwrap();
    Journal::batch_after(&mut ours, 0).await.unwrap();
    for round in 0..30 {
        let writing = std::thread::spawn(move || {
            let note = Fact::OperatorAction(OperatorAction::Noted("call back".into()));
            BlockingJournal::append(&mut theirs, now(), ORDER.parse().ok(), &note).unwrap();
            theirs
        });
        let noticed = tokio::time::timeout(std::time::Duration::from_secs(5), ours.written()).await;
        assert!(noticed.is_ok(), "round {round}");
        Journal::batch_after(&mut ours, 0).await.unwrap();
        theirs = writing.join().unwrap();
    }
}

#[tokio::test]
async fn a_journal_in_a_file_tells_when_another_program_has_written() {
    use paydesk::journal::Journal;
    let folder = tempfile::tempdir().unwrap();
    let mut theirs = SqliteJournal::open(folder.path(), "mei").unwrap();
    let mut ours = Threaded::start(SqliteJournal::open(folder.path(), "li").unwrap()).unwrap();
    let note = Fact::OperatorAction(OperatorAction::Noted("call back".into()));
    Journal::batch_after(&mut ours, 0).await.unwrap();
    for _ in 0..3 {
        Journal::append(&mut ours, now(), ORDER.parse().ok(), &note).await.unwrap();
        BlockingJournal::append(&mut theirs, now(), ORDER.parse().ok(), &note).unwrap();
        tokio::time::timeout(std::time::Duration::from_secs(30), ours.written()).await.unwrap();
        Journal::batch_after(&mut ours, 0).await.unwrap();
    }
}
#[test]
fn programs_that_make_the_same_journal_at_once_wait_for_each_other() {
    for round in 0..25 {
        let folder = tempfile::tempdir().unwrap();
        let start = Barrier::new(12);
        thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    start.wait();
                    let opened = SqliteJournal::open(folder.path(), "");
                    assert!(opened.is_ok(), "round {round}: {:?}", opened.err());
                });
            }
        });
    }
}
