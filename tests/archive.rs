//! Closed months in files: what stays in the journal, that nothing is forgotten that money hangs on, and what a crash or a
//! stranger's hand leaves.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod program;
mod sample;
mod year;

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::LazyLock,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use jiff::{Timestamp, civil::Date};
use paydesk::{
    desk::book::{Book, Observation},
    domain::{
        alert::{AlertDid, Cause, Key},
        attempt::{Attempt, Doubt, State},
        baggage::decision::{AcceptanceId, Decision},
        group::Group,
        order::{OrderNo, OrderStatus},
        regeneration,
        seen::Seen,
        stop::{self, Stop, StopId},
        story::OperatorAction,
    },
    journal::{
        BlockingJournal, Entry, Fact, JournalError,
        archive::{ArchiveError, usual},
        redact::RedactError,
        sqlite::SqliteJournal,
        verify::{Verdict, verify},
    },
};
use program::Desk;
use rusqlite::Connection;
use sample::Stands;

/// So many orders are made in a day, in June, July and a part of August.
const A_DAY: u32 = 8;
const ORDERS: u32 = A_DAY * 75;

fn start() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// A folder with their journal. It is made once.
fn filled() -> tempfile::TempDir {
    static MADE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.sqlite").to_string_lossy().into_owned();
        let journal = year::journal_of(start(), ORDERS, A_DAY);
        journal.connection().execute("VACUUM INTO ?", [file]).unwrap();
        folder
    });
    copy(MADE.path())
}

fn now() -> Timestamp {
    "2026-09-03T10:00:00Z".parse().unwrap()
}

fn open(folder: &Path) -> SqliteJournal {
    SqliteJournal::open(folder, "wei@desk").unwrap()
}

fn archive(journal: &mut SqliteJournal, before: Date, now: Timestamp) -> Result<(), ArchiveError> {
    let plan = journal.plan_archive(before, now)?;
    let written = journal.write_archive(plan)?;
    journal.take_out(&written, now)
}

fn august() -> Date {
    "2026-08-01".parse().unwrap()
}

fn entries(journal: &mut SqliteJournal) -> Vec<Entry> {
    let reading = journal.entries_after(0).unwrap();
    assert!(reading.broken.is_none(), "{:?}", reading.broken);
    reading.entries
}

fn about(entries: &[Entry], order: OrderNo) -> Vec<Entry> {
    entries.iter().filter(|entry| entry.order == Some(order)).cloned().collect()
}

fn sound(journal: &mut SqliteJournal) -> Verdict {
    let verdict = verify(journal).unwrap();
    assert_eq!(verdict.faults, []);
    verdict
}

fn faults(folder: &Path) -> Vec<String> {
    verify(&mut open(folder)).unwrap().faults.into_iter().map(|fault| fault.what).collect()
}

fn file(folder: &Path, month: &str) -> PathBuf {
    folder.join("archive").join(format!("{month}.jsonl.gz"))
}

fn folded(entries: &[Entry]) -> Book {
    let mut book = Book::default();
    for entry in entries {
        Observation::of_entry(entry.clone()).map(|observation| book.fold(observation));
    }
    book
}

fn copy(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::copy(folder.join("journal.sqlite"), copy.path().join("journal.sqlite")).unwrap();
    if folder.join("archive").exists() {
        fs::create_dir(copy.path().join("archive")).unwrap();
        for file in fs::read_dir(folder.join("archive")).unwrap().flatten() {
            fs::copy(file.path(), copy.path().join("archive").join(file.file_name())).unwrap();
        }
    }
    copy
}

#[test]
fn archives_and_journal_verify_as_one_chain_and_the_journal_is_small() {
    let folder = filled();
    let (whole, size) = {
        let mut journal = open(folder.path());
        (sound(&mut journal), fs::metadata(folder.path().join("journal.sqlite")).unwrap().len())
    };
    assert_eq!(whole.archived, 0);
    let mut journal = open(folder.path());
    archive(&mut journal, august(), now()).unwrap();
    let verdict = sound(&mut journal);
    assert_eq!(verdict.sound, whole.sound + 1, "one more says what was archived");
    let (june, july) = (file(folder.path(), "2026-06"), file(folder.path(), "2026-07"));
    assert!(june.exists() && july.exists() && !file(folder.path(), "2026-08").exists());
    let left = entries(&mut journal);
    let of_august = left.iter().filter(|entry| entry.seq > verdict.archived).count() as u64;
    assert_eq!(of_august, verdict.sound - verdict.archived);
    let stays = left.len() as u64 - of_august;
    assert!(stays * 3 < verdict.archived, "{stays} of {}", verdict.archived);
    drop(journal);
    let small = fs::metadata(folder.path().join("journal.sqlite")).unwrap().len();
    assert!(small * 2 < size, "{small} of {size} bytes");
    let note = Fact::OperatorAction(OperatorAction::Noted("later".into()));
    open(folder.path()).append(now(), Some(year::number(1)), &note).unwrap();
    assert_eq!(sound(&mut open(folder.path())).sound, whole.sound + 2);
}

#[test]
fn a_desk_believes_the_same_of_all_that_is_unfinished_and_holds_every_lineage_that_was_held() {
    let folder = filled();
    let before = entries(&mut open(folder.path()));
    archive(&mut open(folder.path()), august(), now()).unwrap();
    let mut journal = open(folder.path());
    let after = entries(&mut journal);
    let last = sound(&mut journal).archived;
    let (old, new) = (folded(&before), folded(&after));
    assert_eq!(old.unfinished(), new.unfinished());
    let (mut whole, mut moved) = (0, 0);
    for order in (0..ORDERS).map(year::number) {
        let (was, is) = (old.lineage(order), new.lineage(order));
        assert_eq!(was.attempts, is.attempts, "{order}");
        assert_eq!(was.regenerations, is.regenerations, "{order}");
        let mine = about(&before, order);
        let is_open = old.recorded(order).is_some_and(|seen| seen.status == OrderStatus::Unpaid);
        if is_open || mine.iter().any(|entry| entry.seq > last) {
            whole += 1;
            assert_eq!(mine, about(&after, order), "{order} is unfinished");
            assert_eq!(was, is, "{order}");
            assert_eq!(old.work(order), new.work(order), "{order}");
            assert_eq!(old.remembered(order), new.remembered(order), "{order}");
        } else {
            moved += 1;
            assert!(about(&after, order).len() < mine.len(), "{order} is over");
            if !was.attempts.is_empty() {
                assert_eq!(was.is_ticketed(order), is.is_ticketed(order), "{order}");
                assert_eq!(was.was_seen_ticketed(order), is.was_seen_ticketed(order), "{order}");
            }
        }
    }
    assert!(whole > 100 && moved > 350, "{whole} {moved}");
}

#[test]
fn no_order_can_be_claimed_that_could_not_be_claimed_before() {
    let (whole, moved) = (filled(), tempfile::tempdir().unwrap());
    fs::copy(whole.path().join("journal.sqlite"), moved.path().join("journal.sqlite")).unwrap();
    archive(&mut open(moved.path()), august(), now()).unwrap();
    let claim = |journal: &mut SqliteJournal, attempt: &Attempt| match journal.claim(attempt) {
        Ok(()) => "claimed".to_owned(),
        Err(JournalError::Blocked(holder)) => format!("held by {}", holder.id),
        Err(error) => panic!("{error}"),
    };
    let (mut whole, mut moved) = (open(whole.path()), open(moved.path()));
    let mut held = 0;
    for order in (0..ORDERS).step_by(7).chain(1..60).map(year::number) {
        let attempt = sample::attempt(order, now(), State::Claimed);
        let was = claim(&mut whole, &attempt);
        held += usize::from(was.starts_with("held"));
        assert_eq!(was, claim(&mut moved, &attempt), "{order}");
    }
    assert!(held > 20, "{held}");
    sound(&mut moved);
}

/// Ends an order: it was seen cancelled.
fn cancelled() -> Fact {
    Fact::Seen(Box::new(Seen::bare(OrderStatus::Cancelled, None)))
}

fn regenerated(journal: &mut SqliteJournal, order: OrderNo, state: regeneration::State) {
    let sending = regeneration::State::Sending;
    let call = sample::regeneration(order, sample::moment(start(), 9), sending.clone());
    journal.claim(&call).unwrap();
    journal.advance(&call.in_state(state), &sending).unwrap();
}

#[test]
fn all_of_an_order_stays_while_anything_of_it_is_unfinished() {
    type Begin = fn(&mut SqliteJournal, OrderNo, OrderNo);
    let (order, child) = (sample::number(1), sample::number(2));
    let append = |journal: &mut SqliteJournal, order, fact: Fact| {
        journal.append(start(), Some(order), &fact).unwrap();
    };
    let unfinished: [(&str, Begin); 9] = [
        ("an attempt in doubt", |journal, order, _| {
            let attempt = sample::attempt(order, start(), State::Claimed);
            journal.claim(&attempt).unwrap();
            let sending = sample::sent(&attempt, sample::moment(start(), 9));
            journal.advance(&sending, &State::Claimed).unwrap();
            journal.advance(&sending.in_state(State::InDoubt(Doubt::NoAnswer)), &State::Sending).unwrap();
        }),
        ("an attempt whose money is open", |journal, order, _| {
            let attempt = sample::attempt(order, start(), State::Claimed);
            journal.claim(&attempt).unwrap();
            let sending = sample::sent(&attempt, sample::moment(start(), 9));
            journal.advance(&sending, &State::Claimed).unwrap();
            journal.advance(&sending.in_state(State::Reversed), &State::Sending).unwrap();
        }),
        ("a regeneration in doubt", |journal, order, _| {
            regenerated(journal, order, regeneration::State::InDoubt(Doubt::NoAnswer));
        }),
        ("an order made from it that is not over", |journal, order, child| {
            regenerated(journal, order, regeneration::State::Made(child));
            let seen = Fact::Seen(Box::new(Seen::bare(OrderStatus::Unpaid, None)));
            journal.append(start(), Some(child), &seen).unwrap();
        }),
        ("a request to stop in doubt", |journal, order, _| {
            let state = stop::State::InDoubt(Doubt::NoAnswer);
            let (id, sent) = (StopId::generate(), sample::moment(start(), 9));
            let stop = Stop::restore(stop::Snapshot { id, order, sent, changed_at: start(), state });
            journal.append(start(), Some(order), &Fact::Stop(Box::new(stop))).unwrap();
        }),
        ("a loss that may have been accepted", |journal, order, _| {
            let decision =
                Decision::Accepting { id: AcceptanceId::generate(), sent: sample::moment(start(), 9) };
            let fact = Fact::OperatorAction(OperatorAction::BaggageLoss(decision));
            journal.append(start(), Some(order), &fact).unwrap();
        }),
        ("an alert that nobody has acknowledged", |journal, order, _| {
            let key = Key { cause: Cause::Deadline(order), step: 1 };
            journal.append(start(), Some(order), &Fact::Alert(key, AlertDid::Raised)).unwrap();
        }),
        ("an order that is put off", |journal, order, _| {
            let until = "2026-12-01T00:00:00Z".parse().unwrap();
            let action = OperatorAction::Snoozed { until, reason: "voucher".into() };
            journal.append(start(), Some(order), &Fact::OperatorAction(action)).unwrap();
        }),
        ("an order that was set aside", |journal, order, _| {
            let action = OperatorAction::Handled { group: Group::MoneyOpen };
            journal.append(start(), Some(order), &Fact::OperatorAction(action)).unwrap();
        }),
    ];
    for (what, begin) in unfinished {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        append(&mut journal, order, Fact::Seen(Box::new(Seen::bare(OrderStatus::Unpaid, None))));
        begin(&mut journal, order, child);
        append(&mut journal, order, cancelled());
        append(&mut journal, sample::number(9), Fact::Seen(Box::new(Seen::bare(OrderStatus::Unpaid, None))));
        append(&mut journal, sample::number(8), cancelled());
        journal.append(now(), Some(sample::number(7)), &cancelled()).unwrap();
        let before = entries(&mut journal);
        archive(&mut journal, august(), now()).unwrap();
        let after = entries(&mut journal);
        for order in [order, child, sample::number(9)] {
            assert_eq!(about(&before, order), about(&after, order), "{what}");
        }
        assert_eq!(about(&after, sample::number(8)), [], "{what}");
        assert_eq!(folded(&before).unfinished(), folded(&after).unfinished(), "{what}");
        sound(&mut journal);
    }
}

#[test]
fn a_program_that_dies_at_any_step_leaves_a_journal_that_is_whole() {
    let folder = filled();
    let before = entries(&mut open(folder.path()));
    let untouched = |step: &str| {
        let mut journal = open(folder.path());
        assert_eq!(entries(&mut journal).len(), before.len(), "{step}");
        assert_eq!(sound(&mut journal).archived, 0, "{step}");
    };
    drop(open(folder.path()).plan_archive(august(), now()).unwrap());
    untouched("planned");
    // Within a file, and between two.
    fs::create_dir(folder.path().join("archive")).unwrap();
    fs::write(folder.path().join("archive/2026-06.jsonl.gz.new"), "torn").unwrap();
    untouched("half a file");
    fs::write(file(folder.path(), "2026-06"), "of an earlier try").unwrap();
    untouched("a file under its name");
    {
        let journal = open(folder.path());
        let plan = journal.plan_archive(august(), now()).unwrap();
        drop(journal.write_archive(plan).unwrap());
    }
    untouched("all files, and nothing taken out");
    // The same file written again: what stood under its name is gone.
    archive(&mut open(folder.path()), august(), now()).unwrap();
    assert!(sound(&mut open(folder.path())).archived > 0);
    assert!(!folder.path().join("archive/2026-06.jsonl.gz.new").exists());
    // The log of the database has the transaction whole or not at all.
    let again = open(folder.path()).plan_archive(august(), now()).unwrap();
    assert_eq!(again.parts(), []);
}

#[test]
fn what_cannot_be_written_or_taken_out_changes_nothing() {
    let folder = filled();
    fs::write(folder.path().join("archive"), "in the way").unwrap();
    let refused = archive(&mut open(folder.path()), august(), now());
    assert!(matches!(refused, Err(ArchiveError::File { file, .. }) if file == "2026-06.jsonl.gz"));
    fs::remove_file(folder.path().join("archive")).unwrap();
    {
        let (mut journal, _other) = (open(folder.path()), open(folder.path()));
        assert!(matches!(archive(&mut journal, august(), now()), Err(ArchiveError::InUse)));
    }
    {
        let mut journal = open(folder.path());
        let plan = journal.plan_archive(august(), now()).unwrap();
        let written = journal.write_archive(plan).unwrap();
        journal.append(now(), Some(year::number(1)), &cancelled()).unwrap();
        assert!(
            matches!(journal.take_out(&written, now()), Err(ArchiveError::Journal(JournalError::Overtaken))),
            "an order that was over may be open again"
        );
    }
    let mut journal = open(folder.path());
    let refused = archive(&mut journal, "2026-10-01".parse().unwrap(), now());
    assert!(matches!(refused, Err(ArchiveError::NotEnded(_))));
    assert_eq!(sound(&mut journal).archived, 0);
    assert_eq!(
        usual("2026-09-30T23:00:00Z".parse().unwrap()),
        august(),
        "August ended less than 30 days ago"
    );
    assert_eq!(usual("2026-10-01T01:00:00Z".parse().unwrap()), "2026-09-01".parse().unwrap());
}

/// Changes one line of an archive.
fn tamper(path: &Path, change: impl Fn(&str) -> Option<String>) {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let mut out = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
    for line in text.lines().filter_map(change) {
        writeln!(out, "{line}").unwrap();
    }
    out.finish().unwrap();
}

#[test]
fn an_archive_that_was_altered_cut_or_lost_is_named_and_the_journal_goes_on() {
    let folder = filled();
    archive(&mut open(folder.path()), august(), now()).unwrap();
    let check = |what: &str, change: &dyn Fn(&Path), says: &str| {
        let copy = copy(folder.path());
        change(&file(copy.path(), "2026-06"));
        let found = faults(copy.path());
        assert!(found.iter().any(|fault| fault.contains(says)), "{what}: {found:?}");
        // Money rests on the journal alone.
        assert!(open(copy.path()).entries_after(0).unwrap().broken.is_none(), "{what}");
    };
    check("lost", &|path| fs::remove_file(path).unwrap(), "2026-06.jsonl.gz");
    let (text, other) = ("called, will pay after lunch", "called, will pay after dinner");
    check("altered", &|path| tamper(path, |line| Some(line.replace(text, other))), "its hash differs");
    let cut = |line: &str| (!line.starts_with("{\"seq\":7,")).then(|| line.to_owned());
    check("an entry is gone", &|path| tamper(path, cut), "entry 7 is missing");
    check(
        "cut",
        &|path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        },
        "2026-06.jsonl.gz",
    );
    let early = |line: &str| (!line.starts_with("{\"seq\":9")).then(|| line.to_owned());
    check("its end is gone", &|path| tamper(path, early), "is missing");
}

#[test]
fn what_stayed_of_archived_entries_can_neither_be_altered_nor_removed_nor_added_to() {
    let folder = filled();
    archive(&mut open(folder.path()), august(), now()).unwrap();
    let check = |what: &str, sql: &str| {
        let copy = copy(folder.path());
        let db = Connection::open(copy.path().join("journal.sqlite")).unwrap();
        db.pragma_update(None, "foreign_keys", false).unwrap();
        db.execute_batch("DROP TRIGGER entries_are_never_changed; DROP TRIGGER entries_are_never_deleted")
            .unwrap();
        db.execute_batch(sql).unwrap();
        drop(db);
        let reading = open(copy.path()).entries_after(0).unwrap();
        assert!(matches!(reading.broken, Some(JournalError::Broken { .. })), "{what}: {:?}", reading.broken);
        assert_ne!(faults(copy.path()), Vec::<String>::new(), "{what}");
    };
    let one = "(SELECT min(seq) FROM kept WHERE seq > 40)";
    check("altered", &format!("UPDATE entries SET body = replace(body, ':', ': ') WHERE seq = {one}"));
    check("removed", &format!("DELETE FROM entries WHERE seq = {one}; DELETE FROM kept WHERE seq = {one}"));
    check("half removed", &format!("DELETE FROM kept WHERE seq = {one}"));
    let gap = "(SELECT min(seq) + 1 FROM kept WHERE seq + 1 NOT IN (SELECT seq FROM kept))";
    check(
        "added",
        &format!(
            "INSERT INTO entries SELECT {gap}, at, program, operator, order_no, kind, body, hash FROM entries WHERE seq = {one}"
        ),
    );
    check("said to end earlier", "UPDATE archives SET last = last - 1 WHERE file LIKE '2026-07%'");
    check("forgotten", "DELETE FROM kept; DELETE FROM archives");
    check("without the entry that says so", "DELETE FROM entries WHERE kind = 'archived'");
}

#[test]
fn what_is_over_by_then_goes_with_the_next_archive() {
    let folder = filled();
    let mut journal = open(folder.path());
    archive(&mut journal, "2026-07-01".parse().unwrap(), now()).unwrap();
    let order = year::number(year::LEFT_OPEN);
    assert_eq!(about(&entries(&mut journal), order).len(), 2);
    let at = "2026-08-20T00:00:00Z".parse().unwrap();
    journal.append(at, Some(order), &cancelled()).unwrap();
    archive(&mut journal, august(), now()).unwrap();
    assert_eq!(about(&entries(&mut journal), order).len(), 3, "something was written of it in August");
    let october = "2026-10-05T00:00:00Z".parse().unwrap();
    archive(&mut journal, "2026-10-01".parse().unwrap(), october).unwrap();
    assert_eq!(about(&entries(&mut journal), order).len(), 0);
    let verdict = sound(&mut journal);
    assert!(
        verdict.sound > verdict.archived,
        "the entry that says so is never archived with what it speaks of"
    );
    // Two archives spoke of what they left; only the newest one is right about it now.
    assert_eq!(fs::read_dir(folder.path().join("archive")).unwrap().count(), 4);
}

#[test]
fn a_clock_that_was_set_back_makes_no_month_twice_and_one_of_the_future_ends_the_archive() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    let mut append = |at: &str, n| {
        journal.append(at.parse().unwrap(), Some(sample::number(n)), &cancelled()).unwrap();
    };
    append("2026-06-10T00:00:00Z", 1);
    append("2026-07-10T00:00:00Z", 2);
    append("2026-06-11T00:00:00Z", 3);
    append("2026-12-01T00:00:00Z", 4);
    append("2026-07-12T00:00:00Z", 5);
    let plan = journal.plan_archive(august(), now()).unwrap();
    let parts: Vec<_> = plan.parts().iter().map(|part| (&*part.file, part.first, part.last)).collect();
    assert_eq!(parts, [("2026-06.jsonl.gz", 1, 1), ("2026-07.jsonl.gz", 2, 3)]);
    archive(&mut journal, august(), now()).unwrap();
    sound(&mut journal);
    let later = "2027-01-05T00:00:00Z".parse().unwrap();
    let plan = journal.plan_archive("2027-01-01".parse().unwrap(), later).unwrap();
    let parts: Vec<_> = plan.parts().iter().map(|part| (&*part.file, part.first, part.last)).collect();
    assert_eq!(parts, [("2026-12.jsonl.gz", 4, 5)], "the newest entry stays");
}

#[test]
fn what_was_redacted_stays_so_in_an_archive() {
    let folder = filled();
    let mut journal = open(folder.path());
    let is_note = |entry: &&Entry| matches!(&entry.fact, Fact::OperatorAction(OperatorAction::Noted(_)));
    let notes: Vec<u64> = entries(&mut journal).iter().filter(is_note).map(|entry| entry.seq).collect();
    journal.redact(notes[0], now()).unwrap();
    archive(&mut journal, august(), now()).unwrap();
    assert_eq!(sound(&mut journal).redacted, 1);
}

/// A journal of which four entries lie in an archive; the second one is a note on an order that is over, and lies there
/// alone. The third one is on an order of which nobody knows what became of it, and stays in the journal as well.
fn with_notes() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    let mut append = |at: &str, n, fact: Fact| {
        journal.append(at.parse().unwrap(), Some(sample::number(n)), &fact).unwrap();
    };
    let note = |text: &str| Fact::OperatorAction(OperatorAction::Noted(text.into()));
    append("2026-06-10T00:00:00Z", 1, cancelled());
    append("2026-06-11T00:00:00Z", 1, note("call Rafael"));
    append("2026-06-12T00:00:00Z", 2, note("call Maria"));
    append("2026-06-13T00:00:00Z", 3, cancelled());
    append("2026-09-01T00:00:00Z", 4, cancelled());
    archive(&mut journal, august(), now()).unwrap();
    assert_eq!(entries(&mut journal).iter().map(|entry| entry.seq).collect::<Vec<_>>(), [3, 5, 6]);
    drop(journal);
    folder
}

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_archived_entry_loses_its_text_in_every_file_and_the_chain_holds() {
    let folder = with_notes();
    let file = file(folder.path(), "2026-06");
    let mut journal = open(folder.path());
    let mut archived = Vec::new();
    journal.archived_entries(|entry| archived.push(entry.seq)).unwrap();
    assert_eq!(archived, [1, 2, 4], "what stays is read from the journal");
    assert!(unpacked(&file).contains("Rafael") && unpacked(&file).contains("Maria"));
    for (entry, redacted) in [(2, 1), (3, 2)] {
        assert!(journal.redact(entry, now()).unwrap());
        let verdict = sound(&mut journal);
        assert_eq!((verdict.sound, verdict.archived, verdict.redacted), (6 + redacted, 4, redacted));
        assert!(!journal.redact(entry, now()).unwrap(), "once");
    }
    assert!(matches!(journal.redact(4, now()), Err(RedactError::Money(4))));
    let note = Fact::OperatorAction(OperatorAction::Noted("[redacted: entry 3]".into()));
    assert_eq!(entries(&mut journal)[0].fact, note);
    drop(journal);
    assert!(unpacked(&file).contains("[redacted: entry 2]"));
    let whole =
        [fs::read(folder.path().join("journal.sqlite")).unwrap(), unpacked(&file).into_bytes()].concat();
    for name in ["Rafael", "Maria"] {
        assert!(!whole.windows(name.len()).any(|text| text == name.as_bytes()), "{name}");
    }
    assert_eq!(fs::read_dir(folder.path().join("archive")).unwrap().count(), 1);
}

#[test]
fn a_redaction_in_an_archive_that_was_broken_off_is_named_and_goes_on() {
    for entry in [2, 3] {
        let folder = with_notes();
        let file = file(folder.path(), "2026-06");
        let unnamed = file.with_extension("gz.new");
        let old = fs::read(&file).unwrap();
        // It died before the journal said so: nothing has happened.
        fs::write(&unnamed, &old[..old.len() / 2]).unwrap();
        sound(&mut open(folder.path()));
        assert!(open(folder.path()).redact(entry, now()).unwrap());
        assert!(!unnamed.exists());
        // It died after the journal said so, before the new file had its name.
        fs::write(&file, &old).unwrap();
        let found = verify(&mut open(folder.path())).unwrap().faults;
        assert_eq!(found.iter().map(|fault| fault.entry).collect::<Vec<_>>(), [Some(entry)]);
        let mut journal = open(folder.path());
        assert!(journal.redact(entry, now()).unwrap());
        let verdict = sound(&mut journal);
        assert_eq!((verdict.sound, verdict.redacted), (7, 1), "it is said once");
    }
}

#[test]
fn an_archive_that_somebody_has_tampered_with_is_not_written_anew() {
    for text in ["Rafael", "Maria"] {
        let folder = with_notes();
        let file = file(folder.path(), "2026-06");
        tamper(&file, |line| Some(line.replace(text, "nobody")));
        let before = fs::read(&file).unwrap();
        let refused = open(folder.path()).redact(2, now()).unwrap_err();
        assert!(matches!(refused, RedactError::Journal(JournalError::Broken { .. })), "{refused}");
        assert_eq!(fs::read(&file).unwrap(), before);
    }
    let folder = with_notes();
    fs::remove_file(file(folder.path(), "2026-06")).unwrap();
    assert!(matches!(open(folder.path()).redact(2, now()), Err(RedactError::Archive(_))));
}

#[test]
fn the_command_says_what_it_would_move_moves_it_once_and_is_refused_where_it_may_not() {
    let desk = Desk::at("http://127.0.0.1:9");
    let folder = Path::new(&desk.path("data")).join("test");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(filled().path().join("journal.sqlite"), folder.join("journal.sqlite")).unwrap();
    let archive = |arguments: &[&str]| {
        let ran = desk.run(&[&["journal", "archive", "--json"], arguments].concat(), "");
        (ran.code, ran.json())
    };
    let (code, planned) = archive(&["--before", "2026-08", "--dry-run"]);
    assert_eq!(
        (code, &planned["isDone"], &planned["files"][0]["file"]),
        (Some(0), &false.into(), &"2026-06.jsonl.gz".into())
    );
    assert!(!folder.join("archive").exists(), "nothing but words");
    let (code, error) = archive(&["--before", "2096-08"]);
    assert_eq!((code, &error["error"]["code"]), (Some(1), &"not_ended".into()));
    let ran = desk.run(&["--read-only", "journal", "archive", "--json"], "");
    assert_eq!(ran.json()["error"]["code"], "read_only");
    assert_eq!(desk.run(&["journal", "archive", "--before", "august"], "").code, Some(2));
    let other = open(&folder);
    let (code, error) = archive(&["--before", "2026-08"]);
    assert_eq!((code, &error["error"]["code"]), (Some(1), &"journal_in_use".into()));
    drop(other);
    let (code, done) = archive(&["--before", "2026-08"]);
    assert_eq!((code, &done["isDone"], &done["moved"]), (Some(0), &true.into(), &planned["moved"]));
    let again = desk.run(&["--lang", "zh-CN", "journal", "archive", "--before", "2026-08"], "");
    assert!(
        again.code == Some(0) && again.stdout.contains("2026-08-01 之前没有可归档的流水"),
        "{}",
        again.stdout
    );
    let verdict = desk.run(&["journal", "verify", "--json"], "").json();
    assert_eq!(verdict["sound"], true, "{verdict}");
    assert_eq!(verdict["archived"], done["files"][1]["lastEntry"]);
    let refused = desk.run(&["journal", "redact", "7", "--yes", "--json"], "").json();
    assert_eq!(refused["error"]["code"], "entry_of_money");
    let listed = desk.run(&["journal", "redact", "--json"], "").json();
    let note = listed["entries"][0]["entry"].as_u64().unwrap();
    let archived = done["files"][0]["lastEntry"].as_u64().unwrap();
    assert!(note < archived, "the oldest one lies in an archive: {listed}");
    let redacted = desk.run(&["journal", "redact", &note.to_string(), "--yes", "--json"], "").json();
    assert_eq!((&redacted["redacted"], &redacted["isNew"]), (&note.into(), &true.into()), "{redacted}");
    let verdict = desk.run(&["journal", "verify", "--json"], "").json();
    assert_eq!((&verdict["sound"], &verdict["redacted"]), (&true.into(), &1.into()), "{verdict}");
}
