//! The book as the journal alone has it: what was recorded of orders, lineages, attempts and stories is believed
//! again at the next start, or by another program that asks the vendor nothing.

use std::{path::Path, time::Duration};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    atlas::notification::airline_status,
    desk::{
        book::{Book, Deltas, Observation, Observed},
        first_page,
        hub::Command,
    },
    domain::{
        attempt::{Attempt, AttemptId, Doubt, NotSent, Snapshot, State},
        case::Case,
        method::PaymentMethod,
        moment::Moment,
        notification::{Kind, Notification},
        order::{Airline, Details, Order, OrderNo, OrderStatus, TicketingError},
        regeneration::{self, Regeneration, RegenerationId},
        seen::Seen,
        story::{OperatorAction, What},
        triage::{NextStep, next_step},
    },
    journal::{BlockingJournal, Entry, Fact, sqlite::SqliteJournal},
};
use proptest::prelude::*;

use crate::{
    airlines,
    sample::{self, Stands, number},
    server::{Fake, Pays, Rig, memory, no, options, start, unpaid, usd},
};

fn moment(second: u32) -> Moment {
    let at = start() + SignedDuration::from_secs(second.into());
    sample::moment(at, 1_000 + u64::from(second))
}

/// A desk's book and journal, without the desk: each thing is recorded when the book says that it is news.
struct Writer {
    book: Book,
    journal: SqliteJournal,
    second: u32,
    random: fastrand::Rng,
}

impl Writer {
    fn new(seed: u64) -> Self {
        Self { book: Book::default(), journal: memory(), second: 0, random: fastrand::Rng::with_seed(seed) }
    }

    fn now(&self) -> Timestamp {
        moment(self.second).now.at
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.random.usize(..all.len())].clone()
    }

    /// An order as the vendor has it just now.
    fn order(&mut self, no: OrderNo, original: Option<OrderNo>) -> Order {
        use OrderStatus::{Cancelled, Ticketed, Ticketing, Unpaid};
        let status = self.pick(&[Unpaid, Unpaid, Ticketing, Ticketed, Cancelled]);
        let is_paid = matches!(status, Ticketing | Ticketed);
        let error = TicketingError { code: "604".into(), message: Some("card declined".into()) }.into();
        Order {
            no,
            status,
            airlines: vec![self.pick(&[Airline::RYANAIR, Airline::parse("5J").unwrap()])].into(),
            passengers: vec![self.pick(&["SANTOS/RAFAEL", "王/小明", "4111 1111 1111 1111"]).into()].into(),
            departs: Some(jiff::civil::date(2026, 12, self.pick(&[1, 2, 3]))),
            paid_at: is_paid.then_some(start()),
            airline_pnrs: if status == Ticketed { vec!["XYZ789".into()].into() } else { Vec::new().into() },
            ticketing_error: (status == Cancelled).then_some(error),
            details: Some(Box::new(Details {
                total: Some(usd(self.pick(&["117.55", "99", "1234567.89"]))),
                payment: None,
                original,
                contact: Some("santos@example.com".into()),
                ..*unpaid().details.unwrap()
            })),
            ..unpaid()
        }
    }

    /// Believes it, and records what is to be recorded, as the desk does.
    fn fold(&mut self, no: OrderNo, what: Observed) {
        let at = self.now();
        let Deltas { record, attempts, regeneration, .. } =
            self.book.fold(Observation { at, by: None, what });
        let facts: Vec<_> = record.into_iter().map(|fact| (no, fact)).collect();
        self.journal.append_all(at, &facts).unwrap();
        for (attempt, from) in attempts {
            self.journal.advance(&attempt, &from).unwrap();
            self.fold(no, Observed::Attempt(Box::new(attempt)));
        }
        if let Some((regeneration, from)) = regeneration {
            self.journal.advance(&regeneration, &from).unwrap();
            self.fold(no, Observed::Regeneration(Box::new(regeneration)));
        }
    }

    fn list(&mut self, no: OrderNo) {
        let known = self.order(no, None);
        // Of a query's answer that nobody understands an attempt keeps nothing.
        let status = self.pick(&[known.status, known.status, OrderStatus::Unknown(Some(7))]);
        let order = Box::new(Order { details: None, status, ..known });
        self.fold(no, Observed::Listed { order, asked: moment(self.second) });
    }

    fn query(&mut self, no: OrderNo, original: Option<OrderNo>) {
        // Not every answer repeats when it was made.
        let created = self.pick(&[Some(start() - SignedDuration::from_mins(1)), None]);
        let order = Box::new(Order { created, ..self.order(no, original) });
        self.fold(no, Observed::Queried { order, asked: moment(self.second), shown: self.now() });
    }

    /// An attempt, from its claim to some end.
    fn attempt(&mut self, no: OrderNo) {
        let at = self.now();
        let lineage = self.book.lineage(no).root;
        let id = AttemptId(uuid::Uuid::from_u128(self.random.u128(..)));
        let mut attempt = Attempt::restore(Snapshot { id, lineage, ..sample::claimed(no, at) });
        if self.journal.claim(&attempt).is_err() {
            return;
        }
        self.fold(no, Observed::Attempt(Box::new(attempt.clone())));
        let end = self.pick(&[
            State::Refused(403),
            State::Accepted,
            State::Rejected(1),
            State::InDoubt(Doubt::NoAnswer),
        ]);
        for state in [State::Sending, end] {
            let from = attempt.state.clone();
            let sent = Some(moment(self.second));
            attempt = Attempt::restore(Snapshot { state, sent, ..attempt.snapshot() });
            self.journal.advance(&attempt, &from).unwrap();
            self.fold(no, Observed::Attempt(Box::new(attempt.clone())));
        }
    }

    fn regenerate(&mut self, parent: OrderNo, child: OrderNo) {
        let regeneration = Regeneration::restore(regeneration::Snapshot {
            id: RegenerationId(uuid::Uuid::from_u128(self.random.u128(..))),
            lineage: self.book.lineage(parent).root,
            ..sample::regeneration(parent, moment(self.second), regeneration::State::Sending).snapshot()
        });
        if self.journal.claim(&regeneration).is_err() {
            return;
        }
        self.fold(parent, Observed::Regeneration(Box::new(regeneration.clone())));
        let state = self.pick(&[
            regeneration::State::Made(child),
            regeneration::State::Refused(314),
            regeneration::State::InDoubt(Doubt::Crash),
        ]);
        let made = regeneration.in_state(state);
        self.journal.advance(&made, &regeneration.state).unwrap();
        self.fold(parent, Observed::Regeneration(Box::new(made)));
    }

    /// One more thing happens to one of `orders` orders.
    fn step(&mut self, no: u32, orders: u32, what: u8) {
        self.second += 1;
        let at = self.now();
        let (order, next) = (number(no), number((no + 1) % orders));
        match what {
            0..=2 => self.list(order),
            3..=5 => self.query(order, None),
            6 => self.query(next, Some(order)),
            7 => self.attempt(order),
            8 => self.regenerate(order, next),
            9 => {
                let action = OperatorAction::Noted("called the traveller".into());
                self.journal.append(at, Some(order), &Fact::OperatorAction(action.clone())).unwrap();
                self.fold(order, Observed::OperatorAction { order, action });
            }
            10 => {
                let word = self.pick(&["Maintenance", "Inactive", "Active"]);
                let notification = airlines::status(&["FR"], word);
                let status = airline_status(&notification).unwrap();
                self.journal.append(at, None, &Fact::Notified(Box::new(notification))).unwrap();
                self.fold(order, Observed::AirlineStatus(status));
            }
            _ => {
                let raw = format!("{{\"n\":{}}}", self.second);
                let notification =
                    Notification { kind: Kind::Ticketed, order: Some(order), id: None, error: None, raw };
                self.fold(order, Observed::Notified { order, notification: Box::new(notification) });
            }
        }
    }

    /// A book that knows nothing but the journal.
    fn folded(&mut self) -> Book {
        let reading = self.journal.entries_after(0).unwrap();
        assert!(reading.broken.is_none(), "{:?}", reading.broken);
        folded(reading.entries)
    }
}

/// A book that knows nothing but these entries.
fn folded(entries: Vec<Entry>) -> Book {
    let mut book = Book::default();
    for observation in entries.into_iter().filter_map(Observation::of_entry) {
        book.fold(observation);
    }
    book
}

/// What happened to an order, without what is read off the vendor's own dates whenever a case is opened.
fn story(case: &Case) -> Vec<What> {
    let dates = [What::Created, What::PaidAt];
    case.story.iter().map(|happening| happening.what.clone()).filter(|what| !dates.contains(what)).collect()
}

/// Everything that the journal knows of each order is the same in both.
fn assert_equal(written: &Book, folded: &Book, orders: u32) -> usize {
    let mut remembered = 0;
    for no in (0..orders).map(number) {
        assert_eq!(written.recorded(no), folded.recorded(no), "{no}");
        assert_eq!(written.lineage(no), folded.lineage(no), "{no}");
        let Some(believed) = written.case(no) else {
            assert!(folded.remembered(no).is_none(), "{no} was never seen");
            continue;
        };
        let memory = folded.remembered(no).unwrap();
        remembered += 1;
        assert_eq!(Some(&Seen::of(&believed.order)), folded.recorded(no).as_deref(), "{no}");
        assert_eq!(memory.order, Seen::of(&believed.order).order(no).unwrap());
        assert_eq!(memory.lineage, believed.lineage, "{no}");
        assert_eq!(memory.attempt(), believed.attempt(), "{no}");
        assert_eq!(story(memory), story(believed), "{no}");
        assert!(folded.case(no).is_none(), "nothing is believed of {no} before an answer came");
        assert!(memory.order.details.is_none() && folded.freshness(no).is_none(), "{no} is no evidence");
    }
    assert_eq!(written.refusals(), folded.refusals());
    assert_eq!(written.troubles(), folded.troubles());
    assert_eq!(folded.all_remembered().count(), remembered);
    remembered
}

#[test]
fn ten_thousand_orders_folded_from_a_journal_are_those_that_were_written() {
    const ORDERS: u32 = 10_000;
    let mut writer = Writer::new(11);
    for no in 0..ORDERS {
        writer.second += 1;
        writer.list(number(no));
        let what = writer.random.u8(..12);
        writer.step(no, ORDERS, what);
    }
    let folded = writer.folded();
    assert_eq!(assert_equal(&writer.book, &folded, ORDERS), ORDERS as usize);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happens_the_folded_book_is_the_one_that_wrote(
        seed: u64,
        steps in prop::collection::vec((0_u32..6, 0_u8..12), 1..60),
    ) {
        let mut writer = Writer::new(seed);
        for (no, what) in steps {
            writer.step(no, 6, what);
        }
        let folded = writer.folded();
        assert_equal(&writer.book, &folded, 6);
    }

    #[test]
    fn the_first_page_shows_orders_as_the_whole_journal_does(
        seed: u64,
        steps in prop::collection::vec((0_u32..6, 0_u8..12), 1..60),
    ) {
        let mut writer = Writer::new(seed);
        for (no, what) in steps {
            writer.step(no, 6, what);
        }
        let entries = writer.journal.entries_after(0).unwrap().entries;
        let whole = writer.folded();
        let entries_of =
            |order| entries.iter().filter(|entry| entry.order == Some(order)).cloned().collect();
        let orders: Vec<OrderNo> = (0..6).map(number).collect();
        let mut page = first_page(&orders, Timestamp::MIN, entries_of);
        page.sort_unstable_by_key(|case| case.order.no);
        let page: Vec<Case> = page.iter().map(|case| Case::clone(case)).collect();
        let mut all: Vec<Case> =
            whole.remembered_since(Timestamp::MIN).map(|case| Case::clone(case)).collect();
        all.sort_unstable_by_key(|case| case.order.no);
        assert_eq!(page, all);
        // By itself an order may not say that it was made from another one; what it was is the same.
        for case in all.iter().filter(|case| case.order.created.is_some()) {
            let page = first_page(&[case.order.no], Timestamp::MIN, entries_of);
            let shown: Vec<_> = page.iter().map(|case| &case.order).collect();
            assert_eq!(shown, [&case.order]);
        }
    }
}

/// What is to be recorded of the answer to a query.
fn queried(book: &mut Book, order: Order, second: u32) -> Option<Fact> {
    let (order, asked) = (Box::new(order), moment(second));
    book.fold(Observation {
        at: asked.now.at,
        by: None,
        what: Observed::Queried { order, asked, shown: asked.now.at },
    })
    .record
}

#[test]
fn a_sweep_that_brings_nothing_new_writes_nothing() {
    let mut book = Book::default();
    let row = |n| Order { no: number(n), details: None, ..unpaid() };
    let list = |book: &mut Book, row: Order, second| {
        let (order, asked) = (Box::new(row), moment(second));
        book.fold(Observation { at: asked.now.at, by: None, what: Observed::Listed { order, asked } }).record
    };
    let sweep = |book: &mut Book, second| (0..1_000).filter_map(|n| list(book, row(n), second)).count();
    assert_eq!(sweep(&mut book, 1), 1_000, "each is recorded when it is first seen");
    assert_eq!(sweep(&mut book, 2), 0);
    let query = |book: &mut Book, second| queried(book, Order { no: number(1), ..unpaid() }, second);
    let fact = query(&mut book, 3).unwrap();
    let Fact::Seen(seen) = &fact else { panic!("{fact:?}") };
    assert_eq!(seen.terms().and_then(|terms| terms.total), Some(usd("117.55")));
    assert_eq!(query(&mut book, 4), None, "it is fresher, and that is all");
    // The next program: a list that knows less takes nothing away, and brings nothing.
    let mut journal = memory();
    journal.append(start(), Some(number(1)), &fact).unwrap();
    let mut next = folded(journal.entries_after(0).unwrap().entries);
    let city = Order { from: Some("MNL-city".into()), ..row(1) };
    assert_eq!(list(&mut next, city, 5), None);
    assert_eq!(query(&mut next, 6), None);
    assert_eq!(next.recorded(number(1)).as_deref(), Some(&**seen));
}

#[tokio::test(start_paused = true)]
async fn the_next_program_records_what_changed_meanwhile_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let open = || SqliteJournal::open(folder.path(), "").unwrap();
    let entries = || open().entries_after(0).unwrap().entries.len();
    let server = Fake::new(Pays::Accepts);
    let run = async || {
        let mut rig = Rig::start(&server, open(), options());
        // Some sweeps, and queries that say the same.
        tokio::time::sleep(Duration::from_secs(60)).await;
        rig.mailbox.ask(Command::Leave);
        rig.until(|update| update.ended.then_some(())).await;
        rig.seen.iter().rev().find_map(|update| update.cases.last().cloned()).unwrap()
    };
    run().await;
    assert_eq!(entries(), 2, "the row, and what the query added");
    run().await;
    assert_eq!(entries(), 2, "nothing was new");
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled);
    let case = run().await;
    assert_eq!(entries(), 3);
    let cancelled = What::Seen { status: OrderStatus::Cancelled, error: None };
    assert_eq!(story(&case), [cancelled], "what changed while nobody looked is part of its story");
}

#[test]
fn of_customers_and_cards_no_more_is_recorded_than_names() {
    let mut order = unpaid();
    order.passengers.extend(["4111 1111 1111 1111".into()]);
    let details = order.details.as_mut().unwrap();
    details.contact = Some("santos@example.com +63 917 555 0100".into());
    details.payment = details.options.first().cloned();
    let mut book = Book::default();
    let fact = queried(&mut book, order, 1).unwrap();
    let Fact::Seen(seen) = &fact else { panic!("{fact:?}") };
    assert_eq!(seen.terms().and_then(|terms| terms.method), Some(PaymentMethod::Deposit));
    let mut journal = memory();
    journal.append(start(), None, &fact).unwrap();
    let body: String =
        journal.connection().query_row("SELECT body FROM entries", [], |row| row.get(0)).unwrap();
    for secret in ["santos@", "+63", "4111 1111"] {
        assert!(!body.contains(secret), "{secret} in {body}");
    }
    assert!(body.contains("SANTOS/RAFAEL") && body.contains("**** 1111"), "{body}");
    let read = journal.entries_after(0).unwrap().entries.pop().unwrap().fact;
    assert_eq!(read, fact, "it is read as it was kept");
}

#[test]
fn a_ticket_that_somebody_else_paid_for_is_known_from_the_journal_alone() {
    let (parent, child) = (number(1), number(2));
    let mut writer = Writer::new(3);
    let seen = |writer: &mut Writer, no, status, original| {
        writer.second += 1;
        let mut order = Order { no, status, ..unpaid() };
        order.details.as_mut().unwrap().original = original;
        let what =
            Observed::Queried { order: Box::new(order), asked: moment(writer.second), shown: writer.now() };
        writer.fold(no, what);
    };
    let next = |book: &Book| {
        let order = Order { status: OrderStatus::Cancelled, ..unpaid() };
        next_step(&Order { no: parent, ..order }, &book.lineage(parent), moment(900).now)
    };
    seen(&mut writer, parent, OrderStatus::Cancelled, None);
    for (status, want) in [
        (OrderStatus::Unpaid, NextStep::FollowNewOrder),
        (OrderStatus::Ticketed, NextStep::TicketedAs(child)),
        (OrderStatus::Cancelled, NextStep::FollowNewOrder),
    ] {
        seen(&mut writer, child, status, Some(parent));
        assert_eq!((next(&writer.book), next(&writer.folded())), (want, want), "{status:?}");
    }
    // It had been seen ticketed before anybody knew where it came from.
    let other = number(3);
    seen(&mut writer, other, OrderStatus::Ticketed, None);
    seen(&mut writer, other, OrderStatus::Ticketed, Some(child));
    assert_eq!(
        (next(&writer.book), next(&writer.folded())),
        (NextStep::TicketedAs(other), NextStep::TicketedAs(other))
    );
}

/// A journal in `folder` that remembers the one order of the vendor, unpaid.
async fn remembers(server: &Fake, folder: &Path) -> SqliteJournal {
    let open = || SqliteJournal::open(folder, "").unwrap();
    let mut rig = Rig::start(server, open(), options());
    rig.until_details().await;
    rig.mailbox.ask(Command::Leave);
    rig.until(|update| update.ended.then_some(())).await;
    open()
}

#[tokio::test(start_paused = true)]
async fn what_the_journal_remembers_is_shown_before_any_answer_and_pays_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::new(Pays::Accepts);
    let journal = remembers(&server, folder.path()).await;
    server.with(|server| server.failing = true);
    let mut rig = Rig::start(&server, journal, options());
    tokio::task::yield_now().await;
    let first = rig.until(|update| (!update.is_empty()).then(|| update.clone())).await;
    let [case] = &first.remembered[..] else { panic!("{first:?}") };
    assert_eq!((case.order.no, case.order.status), (no(), OrderStatus::Unpaid));
    assert!(case.order.details.is_none() && first.fresh.is_empty(), "it is no evidence");
    assert!(first.cases.is_empty() && first.health.is_none_or(|health| health.last_success.is_none()));
    let id = rig.pay("119.55");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let ended = SqliteJournal::open(folder.path(), "").unwrap().attempt(id).unwrap().unwrap();
    assert!(matches!(ended.state, State::NotSent(NotSent::CheckFailed(_))), "{:?}", ended.state);
    server.with(|server| {
        assert_eq!(server.pay_requests, 0);
        server.failing = false;
    });
    rig.until_details().await;
    let late = rig.handle.subscribe().take();
    assert!(late.remembered.is_empty() && late.cases.len() == 1, "an answer takes its place: {late:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_remembered_and_not_listed_any_more_is_asked_for_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::new(Pays::Accepts);
    let journal = remembers(&server, folder.path()).await;
    let before = server.with(|server| {
        server.unlisted.insert(no());
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketed;
        server.queries
    });
    let mut rig = Rig::start(&server, journal, options());
    let seen = rig.until(|update| update.cases.first().map(|case| case.order.status)).await;
    assert_eq!(seen, OrderStatus::Ticketed);
    tokio::time::sleep(Duration::from_secs(300)).await;
    server.with(|server| assert_eq!(server.queries, before + 1));
}

/// The orders that a desk shows from this journal before any answer, and whether it may pay.
async fn shown_at_the_start(server: &Fake, folder: &Path) -> (usize, bool) {
    let mut rig = Rig::start(server, SqliteJournal::open(folder, "").unwrap(), options());
    let first = rig.until(|update| (!update.is_empty()).then(|| update.clone())).await;
    let off = rig.until(|update| update.health.as_ref().map(|health| health.paying_off.is_some())).await;
    (first.remembered.len(), off)
}

#[tokio::test(start_paused = true)]
async fn what_a_later_batch_disproves_is_not_remembered() {
    const ORDERS: u32 = 2_500;
    let folder = tempfile::tempdir().unwrap();
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.failing = true);
    let mut journal = SqliteJournal::open(folder.path(), "").unwrap();
    let seen = |n| (number(n), Fact::Seen(Box::new(Seen::of(&Order { no: number(n), ..unpaid() }))));
    let (four, others): (Vec<_>, Vec<_>) = ((0..4).map(seen).collect(), (4..ORDERS).map(seen).collect());
    journal.append_all(start(), &four).unwrap();
    let note = Fact::OperatorAction(OperatorAction::Noted("call Rafael".into()));
    journal.append(start(), Some(number(0)), &note).unwrap();
    journal.append_all(start(), &others).unwrap();
    let row = "SELECT body FROM entries WHERE seq = 5";
    let body: String = journal.connection().query_row(row, [], |row| row.get(0)).unwrap();
    journal.redact(5, start()).unwrap();
    drop(journal);
    assert_eq!(shown_at_the_start(&server, folder.path()).await, (ORDERS as usize, false));
    // Somebody puts the text back: its hash is right again, and only the redaction, in the last batch, says otherwise.
    let db = rusqlite::Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.execute_batch("DROP TRIGGER entries_are_never_changed").unwrap();
    db.execute("UPDATE entries SET body = ? WHERE seq = 5", [body]).unwrap();
    drop(db);
    assert_eq!(shown_at_the_start(&server, folder.path()).await, (4, true));
}

#[test]
fn what_is_long_over_is_not_shown_from_memory() {
    let mut writer = Writer::new(5);
    for (n, age) in [(1, SignedDuration::from_hours(1)), (2, SignedDuration::from_hours(99))] {
        let created = Some(start() - age);
        let order = Box::new(Order { no: number(n), created, details: None, ..unpaid() });
        writer.second += 1;
        writer.fold(number(n), Observed::Listed { order, asked: moment(writer.second) });
    }
    let shown = |writer: &mut Writer| {
        let book = writer.folded();
        let day = start() - SignedDuration::from_hours(24);
        let mut orders: Vec<_> = book.remembered_since(day).map(|case| case.order.no).collect();
        orders.sort_unstable();
        orders
    };
    assert_eq!(shown(&mut writer), [number(1)]);
    let open = sample::claimed(number(2), start());
    writer.journal.claim(&Attempt::restore(open)).unwrap();
    assert_eq!(shown(&mut writer), [number(1), number(2)], "of this one something is open");
}
