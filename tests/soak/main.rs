//! A desk that works for long: a thousand orders an hour, some of which it pays, on a net that loses an answer now and then.
//! Afterwards nothing is lost, nothing was charged twice, the journal verifies, and nothing has grown but the orders.
//!
//! `just soak-week` plays a whole week on a paused clock; a test of every run plays its first quarter of an hour.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

#[path = "../sample/mod.rs"]
mod sample;
mod vendor;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use paydesk::{
    desk::{
        self, Options,
        hub::{Command, Handle, Subscription},
    },
    domain::{
        attempt::{AttemptId, State},
        case::Case,
        method::PaymentMethod,
        order::{OrderNo, OrderStatus},
        payable::amount_due,
        payment::{Means, Payment},
    },
    journal::{sqlite::SqliteJournal, verify::verify},
};

use self::vendor::{EVERY, Fate, Vendor, fate, nth, number};

/// After the last order, so long nothing new comes: every doubt must be over by then, and every state known.
const CALM: Duration = Duration::from_secs(2_700);

/// How a listener looks at the desk: it takes what is new once in two seconds, and pays what is ours.
struct Operator {
    vendor: Vendor,
    handle: Handle,
    mailbox: Subscription,
    /// The state of each order as it was last published.
    states: Vec<Option<OrderStatus>>,
    ours: BTreeMap<OrderNo, Arc<Case>>,
    sent: u64,
    /// The most that ever waited in the mailbox.
    waited: usize,
}

impl Operator {
    fn look(&mut self) {
        let update = self.mailbox.take();
        self.waited = self.waited.max(update.cases.len());
        for case in update.cases {
            let order = case.order.no;
            let n = nth(order);
            self.states[n as usize] = Some(case.order.status);
            if fate(n) == Fate::Ours {
                self.pay(&case);
                self.ours.insert(order, case);
            }
        }
        assert!(!update.ended, "the desk ended");
    }

    /// Once, as soon as its price is known.
    fn pay(&mut self, case: &Case) {
        let is_open = case.order.status == OrderStatus::Unpaid && case.lineage.attempts.is_empty();
        let is_known = self.ours.get(&case.order.no).is_some_and(|known| known.order.details.is_some());
        let due = case.order.details.as_ref().and_then(|_| amount_due(PaymentMethod::Deposit, &case.order));
        if let Some(amount) = due.filter(|_| is_open && !is_known) {
            let payment =
                Payment { order: case.order.no, means: Means::Deposit, amount, old_payment_seen: false };
            self.handle.send(Command::Pay { id: AttemptId::generate(), payment: Box::new(payment) });
            self.sent += 1;
        }
    }
}

/// Resident memory of this process, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// Works for so many minutes. Returns memory in KiB and orders made, at a third and at the end.
fn work(minutes: u64) -> [(u64, u32); 2] {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let begun = std::time::Instant::now();
        let lasts = Duration::from_secs(minutes * 60);
        let orders = u32::try_from(lasts.as_millis() / EVERY.as_millis()).unwrap();
        let vendor = Vendor::new(7, orders);
        let folder = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(folder.path(), "soak").unwrap();
        let options = Options { requests_per_minute: 600, ..sample::options() };
        let (handle, commands, hub) = Handle::pair();
        let mailbox = handle.subscribe();
        let desk = tokio::spawn(desk::run(vendor.clone(), journal, vendor.clone(), options, commands, hub));
        let states = vec![None; orders as usize];
        let (ours, handle_too) = (BTreeMap::new(), handle.clone());
        let mut operator =
            Operator { vendor: vendor.clone(), handle, mailbox, states, ours, sent: 0, waited: 0 };
        let mut held = Vec::new();
        let mut hour = 0;
        while vendor.elapsed() < lasts + CALM {
            tokio::time::sleep(Duration::from_secs(2)).await;
            operator.look();
            if vendor.elapsed().as_secs() / 3_600 >= hour {
                let known = vendor.made(vendor.elapsed());
                held.push((resident(), known));
                if hour % 12 == 0 {
                    let (requests, seconds) = (vendor.world().requests, begun.elapsed().as_secs());
                    println!("hour {hour}: {known} orders, {} KiB, {requests} requests, {seconds} s", resident());
                }
                hour += 1;
            }
        }
        operator.handle.send(Command::Leave);
        desk.await.unwrap();
        drop(handle_too);
        check(&operator);
        let mut journal = SqliteJournal::open(folder.path(), "soak").unwrap();
        let verdict = verify(&mut journal).unwrap();
        assert!(verdict.faults.is_empty(), "{:?}", verdict.faults);
        let world = operator.vendor.world();
        println!(
            "{orders} orders, {} payments, {} in doubt for a while, {} requests, {} entries that verify, at most {} orders waited \
             in the mailbox, {} s",
            operator.sent,
            world.doubts,
            world.requests,
            verdict.sound,
            operator.waited,
            begun.elapsed().as_secs(),
        );
        [held[held.len() / 3], held[held.len() - 1]]
    })
}

/// Nothing is lost, and nothing was charged twice.
fn check(operator: &Operator) {
    let (vendor, now) = (&operator.vendor, operator.vendor.elapsed());
    let mut wrong = Vec::new();
    for (n, state) in (0..).zip(&operator.states) {
        let (truth, _) = vendor.state(n, now);
        // What the list calls unpaid past its deadline is cancelled by the vendor's own word at last.
        if *state != Some(truth) {
            wrong.push(format!("LOST: {} is {truth:?}, shown as {state:?}", number(n)));
        }
    }
    let world = vendor.world();
    for (order, charges) in world.charges.iter().filter(|(_, charges)| charges.len() > 1) {
        wrong.push(format!("DOUBLE CHARGE: {order}, {charges:?}"));
    }
    for (order, case) in &operator.ours {
        let is_charged = world.charges.contains_key(order);
        for attempt in &case.lineage.attempts {
            let says = matches!(attempt.state, State::Ticketed);
            // Of a payment that got lost on the way a cancelled order says that no money stays with it.
            let denies = matches!(
                attempt.state,
                State::NotApplied | State::NotSent(_) | State::Rejected(_) | State::Reversed
            );
            if is_charged && !says || !is_charged && !denies {
                wrong.push(format!("{order}: charged {is_charged}, the journal says {:?}", attempt.state));
            }
        }
        if is_charged && case.lineage.attempts.is_empty() {
            wrong.push(format!("LOST: {order} was charged, and nobody knows"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert!(operator.sent > 0);
}

#[test]
fn a_quarter_of_an_hour_of_a_busy_desk_loses_nothing_and_charges_nothing_twice() {
    work(15);
}

/// What an order costs for as long as the program runs, in KiB: the desk, what waits for who comes late, and this listener.
const AN_ORDER: u64 = 8;

#[test]
#[ignore = "half an hour: just soak-week"]
fn a_week_of_a_thousand_orders_an_hour() {
    let hours = std::env::var("PAYDESK_SOAK_HOURS").ok().and_then(|hours| hours.parse().ok()).unwrap_or(168);
    let [(before, few), (after, many)] = work(hours * 60);
    let (more, orders) = (after.saturating_sub(before), u64::from(many - few));
    println!("from {few} to {many} orders: {more} KiB more, {} bytes an order", more * 1_024 / orders.max(1));
    assert!(more <= orders * AN_ORDER, "something grows besides the orders");
}
