//! A journal as a desk writes it over months: orders that are seen, priced, paid, ticketed or cancelled, with notes,
//! notifications and alerts, a day at a time. The same numbers make the same journal, but for the names of attempts.
#![allow(dead_code, reason = "each test and bench uses a part of it")]

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    domain::{
        alert::{AlertDid, Cause, Key},
        attempt::{Attempt, AttemptId, Evidence, Snapshot, State},
        card::{CardBrand, MaskedCard},
        method::PaymentMethod,
        moment::{Boot, Moment, Now},
        money::{Currency, Money},
        notification::{Kind, Notification},
        order::{Airline, OrderNo, OrderStatus, TicketingError},
        seen::{Row, Seen, Terms},
        story::OperatorAction,
    },
    journal::{BlockingJournal, Fact, sqlite::SqliteJournal},
};

/// So many orders are made in a day.
pub(crate) const A_DAY: u32 = 250;

/// Of the orders of a day every so many-eth is left as it was seen first: nobody knows what became of it.
pub(crate) const LEFT_OPEN: u32 = 40;

/// The `n`th order of all.
pub(crate) fn number(n: u32) -> OrderNo {
    format!("TESTA20260601{n:09}").parse().expect("an order number")
}

/// When the `n`th order was made, if the first one was made at `start`, and so many are made in a day.
pub(crate) fn made(start: Timestamp, n: u32, a_day: u32) -> Timestamp {
    let second = i64::from(n) * 86_400 / i64::from(a_day);
    start + SignedDuration::from_secs(second)
}

fn money(cents: u32) -> Money {
    let amount = format!("{}.{:02}", cents / 100, cents % 100).parse().expect("a decimal number");
    Money::new(amount, Currency::parse("USD").expect("a currency"))
}

fn seen(n: u32, at: Timestamp, status: OrderStatus, is_priced: bool) -> Fact {
    let departs = (at + SignedDuration::from_hours(24 * 20)).to_zoned(jiff::tz::TimeZone::UTC).date();
    let is_paid = matches!(status, OrderStatus::Ticketing | OrderStatus::Ticketed);
    let terms = is_priced.then(|| {
        Box::new(Terms {
            deadline: Some(at + SignedDuration::from_mins(90)),
            total: Some(money(10_000 + n % 9_000)),
            service_fee: Some(money(150)),
            method: is_paid.then_some(PaymentMethod::Vcc),
            original: None,
        })
    });
    let decline =
        TicketingError { code: "604".into(), message: Some("The fare of this booking has changed".into()) };
    Fact::Seen(Box::new(Seen {
        status,
        error: (status == OrderStatus::Cancelled).then_some(Box::new(decline)),
        row: Some(Row {
            pnr_code: Some(format!("P{n:05}").as_str().into()),
            from: Some("MNL".into()),
            to: Some(["CEB", "HKG", "SIN", "NRT"][n as usize % 4].into()),
            airlines: vec![Airline::parse(["5J", "Z2", "TR"][n as usize % 3]).expect("an airline")].into(),
            passengers: vec!["SANTOS/RAFAEL CRUZ".into(), "SANTOS/MARIA ELENA".into()].into(),
            departs: Some(departs),
            created: Some(at),
            paid_at: is_paid.then(|| at + SignedDuration::from_mins(21)),
            airline_pnrs: if status == OrderStatus::Ticketed {
                vec!["XYZ789".into()].into()
            } else {
                Vec::new().into()
            },
            terms,
        }),
        gone: None,
    }))
}

fn moment(at: Timestamp) -> Moment {
    let up = Duration::from_secs(u64::try_from(at.as_second()).unwrap_or_default() - 1_700_000_000);
    Moment { now: Now::agreed(at), boot: Boot(0x0123_4567_89ab_cdef), up }
}

/// A payment of the `n`th order from its claim to `end`.
fn paid(journal: &mut SqliteJournal, n: u32, at: Timestamp, end: &[State]) {
    let minute = |minutes: i64| at + SignedDuration::from_mins(minutes);
    let (order, claimed_at) = (number(n), minute(20));
    let mut attempt = Attempt::restore(Snapshot {
        id: AttemptId::generate(),
        lineage: order,
        order,
        method: PaymentMethod::Vcc,
        amount: money(10_000 + n % 9_000),
        card: MaskedCard::from_parts(Some(CardBrand::Visa), &format!("{:04}", n % 10_000)),
        reusable: n.is_multiple_of(2),
        claimed_at,
        sent: None,
        balance_before: None,
        changed_at: claimed_at,
        state: State::Claimed,
        answer: None,
        evidence: Evidence::default(),
    });
    journal.claim(&attempt).expect("a claim");
    let mut last = 20;
    for state in [State::Sending].iter().chain(end) {
        last += 1;
        let before = attempt.state.clone();
        let answered = (!matches!(state, State::Sending)).then(|| moment(minute(last)));
        let evidence = Evidence { said: None, answers: 0, last: answered, counted: answered };
        attempt = Attempt::restore(Snapshot {
            sent: Some(moment(minute(20))),
            changed_at: minute(last),
            state: state.clone(),
            answer: answered.map(|_| 0),
            evidence,
            ..attempt.snapshot()
        });
        journal.advance(&attempt, &before).expect("a step");
    }
}

/// Writes what became of the `n`th order, which was made at `at`.
fn write(journal: &mut SqliteJournal, n: u32, at: Timestamp) {
    let order = number(n);
    let minute = |minutes: i64| at + SignedDuration::from_mins(minutes);
    let append = |journal: &mut SqliteJournal, minutes: i64, fact: Fact| {
        journal.append(minute(minutes), Some(order), &fact).expect("an entry");
    };
    append(journal, 0, seen(n, at, OrderStatus::Unpaid, false));
    append(journal, 1, seen(n, at, OrderStatus::Unpaid, true));
    if n.is_multiple_of(LEFT_OPEN) {
        return;
    }
    if n.is_multiple_of(4) {
        append(
            journal,
            2,
            Fact::OperatorAction(OperatorAction::Noted("called, will pay after lunch".into())),
        );
        append(journal, 2, Fact::OperatorAction(OperatorAction::Took { until: minute(12) }));
    }
    if n.is_multiple_of(5) {
        let key = Key { cause: Cause::Deadline(order), step: 1 };
        append(journal, 15, Fact::Alert(key, AlertDid::Raised));
        append(journal, 16, Fact::Alert(key, AlertDid::Acknowledged));
    }
    if n.is_multiple_of(3) {
        append(journal, 90, seen(n, at, OrderStatus::Cancelled, true));
        return;
    }
    if n.is_multiple_of(7) {
        paid(journal, n, at, &[State::Refused(606), State::Rejected(606)]);
        append(journal, 40, seen(n, at, OrderStatus::Cancelled, true));
        return;
    }
    paid(journal, n, at, &[State::Accepted, State::Paid, State::Ticketed]);
    append(journal, 24, seen(n, at, OrderStatus::Ticketing, true));
    let raw = format!("{{\"type\":\"order.ticketed\",\"orderNo\":\"{order}\",\"pnr\":\"P{n:05}\"}}");
    let notification = Notification { kind: Kind::Ticketed, order: Some(order), id: None, error: None, raw };
    append(journal, 25, Fact::Notified(Box::new(notification)));
    append(journal, 26, seen(n, at, OrderStatus::Ticketed, true));
}

/// A journal in memory, of so many orders since `start`.
pub(crate) fn journal(start: Timestamp, orders: u32) -> SqliteJournal {
    journal_of(start, orders, A_DAY)
}

/// The same, of so many orders a day.
pub(crate) fn journal_of(start: Timestamp, orders: u32, a_day: u32) -> SqliteJournal {
    let mut journal = SqliteJournal::in_memory().expect("a journal");
    fill(&mut journal, start, orders, a_day);
    journal
}

/// Writes so many orders a day into a journal.
pub(crate) fn fill(journal: &mut SqliteJournal, start: Timestamp, orders: u32, a_day: u32) {
    for n in 0..orders {
        write(journal, n, made(start, n, a_day));
    }
}

/// How many entries it has.
pub(crate) fn count(journal: &SqliteJournal) -> u64 {
    let sql = "SELECT count(*) FROM entries";
    let count: i64 = journal.connection().query_row(sql, [], |row| row.get(0)).expect("a count");
    u64::try_from(count).unwrap_or_default()
}
