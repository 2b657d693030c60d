//! Holds the vendor's ledger against the journal at the end of a day.

use std::collections::{BTreeMap, BTreeSet};

use paydesk::{
    domain::{
        attempt::{Attempt, AttemptId, NotSent, State},
        method::PaymentMethod,
        order::OrderNo,
        story::OperatorAction,
    },
    journal::{BlockingJournal, Entry, Fact, sqlite::SqliteJournal, verify},
};

use super::{
    server::Charge,
    world::{Day, Event},
};

/// Everything that is wrong with the day.
pub(crate) fn check(day: &Day, journal: &mut SqliteJournal) -> Vec<String> {
    let mut wrong: Vec<String> = day.world().violations().map(str::to_owned).collect();
    match verify::verify(journal) {
        Ok(verdict) => wrong.extend(verdict.faults.iter().map(|fault| format!("I11: {}", fault.what))),
        Err(error) => wrong.push(format!("I11: {error}")),
    }
    let entries = journal.entries_after(0).map(|reading| reading.entries).unwrap_or_default();
    let mut attempts: BTreeMap<AttemptId, Attempt> = BTreeMap::new();
    for entry in &entries {
        if let Fact::Attempt(next) = &entry.fact {
            check_step(day, &entries, attempts.get(&next.id), next, &attempts, &mut wrong);
            attempts.insert(next.id, (**next).clone());
        }
    }
    check_answers(day, &entries, &mut wrong);
    check_ledger(day, &attempts, &mut wrong);
    check_orders_made(day, &mut wrong);
    for attempt in attempts.values() {
        let is_settled = !matches!(
            attempt.state,
            State::Claimed | State::Sending | State::InDoubt(_) | State::Refused(_) | State::Accepted
        );
        if !is_settled {
            wrong.push(format!("L1: {} on {} is still {:?}", attempt.id, attempt.order, attempt.state));
        }
    }
    wrong
}

/// One step of an attempt: from nothing, or from where it stood.
fn check_step(
    day: &Day,
    entries: &[Entry],
    before: Option<&Attempt>,
    next: &Attempt,
    all: &BTreeMap<AttemptId, Attempt>,
    wrong: &mut Vec<String>,
) {
    let Some(before) = before else {
        if next.state != State::Claimed {
            wrong.push(format!("{} begins as {:?}", next.id, next.state));
        }
        // By the vendor's own idea of which orders belong together.
        let world = day.world();
        let root = |order| world.server.orders.get(&order).map(|sold| sold.root);
        let others = all.values().filter(|other| root(other.order) == root(next.order));
        for other in others.filter(|other| {
            other.state.blocks() || other.state == State::Reversed && other.order == next.order
        }) {
            wrong.push(format!("I1/I4: {} was claimed while {} was {:?}", next.id, other.id, other.state));
        }
        return;
    };
    if before.state == next.state {
        return;
    }
    let may = match (&before.state, &next.state) {
        // The gate closed because nobody said that "sending" was written, although it was: nothing had left. If the
        // disk did not take that either, another program came to a doubt meanwhile.
        (State::Sending | State::InDoubt(_), State::NotSent(reason)) => {
            matches!(reason, NotSent::NoConnection(_) | NotSent::Gate(_))
        }
        (State::Refused(a), State::Rejected(b)) => a == b,
        (State::Claimed, State::Sending | State::NotSent(_))
        // Our own answer says more than another program's doubt.
        | (
            State::InDoubt(_),
            State::Accepted
            | State::Refused(_)
            | State::InDoubt(_)
            | State::Paid
            | State::Ticketed
            | State::PaidElsewhere,
        )
        | (State::Refused(_), State::PaidElsewhere | State::Reversed)
        | (State::Accepted, State::Paid | State::Ticketed | State::Reversed | State::Conflict)
        | (State::Paid, State::Ticketed | State::Reversed | State::Conflict)
        | (State::Conflict, State::Closed)
        | (
            State::NotApplied
            | State::InDoubt(_)
            | State::Reversed
            | State::Ticketed
            | State::Rejected(_),
            State::Conflict,
        ) => true,
        // Not by an attempt whose answer spoke of another payment.
        (State::Conflict, State::Paid | State::Ticketed) => {
            next.evidence.answers >= 2 && !matches!(next.answer, Some(402 | 404 | 406))
        }
        (State::Conflict, State::PaidElsewhere) => next.evidence.answers >= 2,
        // Cancelled, and still perhaps on its way.
        (State::InDoubt(_) | State::Conflict, State::Reversed) => {
            let waited = next.sent.zip(next.evidence.counted);
            next.evidence.answers >= 2 && waited.is_some_and(|(sent, last)| last.since(sent).as_secs() >= 180)
        }
        (State::InDoubt(_) | State::Sending, State::NotApplied) => {
            let decided = entries.iter().any(|entry| {
                matches!(&entry.fact, Fact::OperatorAction(OperatorAction::Decided { attempt, .. }) if *attempt == next.id)
            });
            let waited = next.sent.zip(next.evidence.last);
            // A person decides a little after the last answer.
            let needed = if decided { 170 } else { 180 };
            let long = waited.is_some_and(|(sent, last)| last.since(sent).as_secs() >= needed);
            next.evidence.answers >= 3 && long
        }
        // The disk may not have taken what came between; what was known of it went on.
        (State::Sending, next) => !matches!(next, State::Claimed | State::Closed),
        _ => false,
    };
    if !may {
        wrong.push(format!("{} went from {:?} to {:?}", next.id, before.state, next.state));
    }
}

/// Accepted and refused are what the vendor's own `status` said, and nothing else (I6, I8).
fn check_answers(day: &Day, entries: &[Entry], wrong: &mut Vec<String>) {
    let world = day.world();
    let answered = |order: OrderNo, wanted: i64| {
        let is_it = |event: &&Event| matches!(event, Event::Answered(of, status) if *of == order && *status == wanted);
        world.events.iter().filter(is_it).count()
    };
    let mut believed: BTreeMap<(OrderNo, i64), BTreeSet<AttemptId>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Attempt(attempt) = &entry.fact {
            let status = match attempt.state {
                State::Accepted => 0,
                State::Refused(code) | State::Rejected(code) => code,
                _ => continue,
            };
            believed.entry((attempt.order, status)).or_default().insert(attempt.id);
        }
    }
    for ((order, status), attempts) in believed {
        let answers = answered(order, status);
        if attempts.len() > answers {
            wrong.push(format!(
                "I8: {status} was believed {} times of {order}, answered {answers} times",
                attempts.len()
            ));
        }
    }
}

/// Charges against attempts, order by order and trip by trip.
fn check_ledger(day: &Day, attempts: &BTreeMap<AttemptId, Attempt>, wrong: &mut Vec<String>) {
    let world = day.world();
    let server = &world.server;
    let mut live: BTreeMap<OrderNo, usize> = BTreeMap::new();
    for charge in server.charges.iter().filter(|charge| !charge.returned) {
        if let Some(sold) = server.orders.get(&charge.order) {
            *live.entry(sold.root).or_default() += 1;
        }
    }
    for (root, charges) in live.iter().filter(|(_, charges)| **charges > 1) {
        wrong.push(format!("DOUBLE CHARGE: {charges} live charges on the trip of {root}"));
    }
    for order in server.orders.keys() {
        let of_it = || attempts.values().filter(|attempt| attempt.order == *order);
        for method in PaymentMethod::ALL {
            let is_it = |charge: &&Charge| charge.order == *order && charge.method == method;
            let charged = server.charges.iter().filter(is_it).count();
            let by_it = || of_it().filter(|attempt| attempt.method == method);
            let knows = by_it().filter(|attempt| {
                matches!(
                    attempt.state,
                    State::Paid | State::Ticketed | State::Reversed | State::Conflict | State::PaidElsewhere
                )
            });
            if charged > knows.count() {
                let states: Vec<_> = by_it().map(|attempt| &attempt.state).collect();
                wrong.push(format!(
                    "LOST: {order} was charged {charged} times by {method}, the journal says {states:?}"
                ));
            }
            let says =
                by_it().filter(|attempt| matches!(attempt.state, State::Paid | State::Ticketed)).count();
            if says > charged {
                wrong.push(format!(
                    "I10: {order} is paid {says} times by {method} in the journal, charged {charged} times"
                ));
            }
        }
        let left =
            world.events.iter().filter(|event| matches!(event, Event::PayLeft(of) if of == order)).count();
        let sent = of_it().filter(|attempt| attempt.sent.is_some()).count();
        if left > sent {
            wrong.push(format!("I2: {left} requests left for {order}, {sent} attempts were sent"));
        }
    }
}

/// An order is regenerated once, whoever asks and whatever was lost.
fn check_orders_made(day: &Day, wrong: &mut Vec<String>) {
    let world = day.world();
    let mut made: BTreeMap<OrderNo, usize> = BTreeMap::new();
    for parent in world.server.orders.values().filter_map(|sold| sold.original) {
        *made.entry(parent).or_default() += 1;
    }
    for (parent, children) in made.into_iter().filter(|(_, children)| *children > 1) {
        wrong.push(format!("D19: {children} orders were made from {parent}"));
    }
}

/// The day as the journal has it.
pub(crate) fn story(journal: &mut SqliteJournal) -> Vec<String> {
    let entries = journal.entries_after(0).map(|reading| reading.entries).unwrap_or_default();
    let line = |entry: &Entry| {
        let what = match &entry.fact {
            Fact::Attempt(attempt) => {
                format!(
                    "{} {:?} answer {:?} {:?}",
                    attempt.id, attempt.state, attempt.answer, attempt.evidence
                )
            }
            Fact::Regeneration(one) => format!("{} {:?} {:?}", one.id, one.state, one.searches),
            other => format!("{other:?}"),
        };
        format!("{} {} {:?} {what}", entry.seq, entry.at, entry.order)
    };
    entries.iter().map(line).collect()
}
