//! Hours of a desk in virtual time: what it asks for, and how old is what it shows.

use std::{collections::BTreeMap, ops::Range, time::Duration};

use jiff::SignedDuration;
use paydesk::{
    clock::TokioClock,
    desk::{
        self, Options,
        hub::{Command, Handle, Subscription},
        polling::forecast::{Class, Desk},
    },
    domain::{
        attempt::AttemptId,
        notification::{Kind, Notification},
        order::{OrderNo, OrderStatus},
        payment::{Means, Payment},
    },
    journal::sqlite::SqliteJournal,
};

use crate::{
    sample::{self, usd},
    vendor::{AMOUNT, Placed, Vendor},
};

/// What is simulated.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) desk: Desk,
    /// Before it is measured, and while it is.
    pub(crate) warm: Duration,
    pub(crate) measured: Duration,
    /// The vendor notifies of every order that is ticketed or cancelled.
    pub(crate) webhooks: bool,
    /// So many of a thousand orders are in the list only a quarter of an hour to an hour after they were made.
    pub(crate) listed_late: usize,
    pub(crate) seed: u64,
}

impl Run {
    pub(crate) fn new(orders: u32, per_minute: u32) -> Self {
        Self {
            desk: desk(orders, per_minute),
            warm: hours(1),
            measured: hours(2),
            webhooks: false,
            listed_late: 0,
            seed: 7,
        }
    }
}

pub(crate) fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3_600)
}

/// A desk whose rounds reach back a day.
pub(crate) fn desk(orders: u32, per_minute: u32) -> Desk {
    Desk {
        orders,
        lookback: SignedDuration::from_hours(24),
        every: Duration::from_secs(15),
        per_minute,
        payments_per_hour: 0,
        is_watched: false,
    }
}

/// Ages in seconds, the youngest first.
#[derive(Default)]
pub(crate) struct Ages(Vec<f64>);

impl Ages {
    pub(crate) fn share(&self, percent: usize) -> Option<f64> {
        self.0.get((self.0.len() * percent / 100).min(self.0.len().saturating_sub(1))).copied()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

/// What came of it.
pub(crate) struct Measured {
    pub(crate) ages: BTreeMap<&'static str, Ages>,
    /// Price and deadline of unpaid orders: how old the answer is that told them.
    pub(crate) terms: Ages,
    /// Requests a minute.
    pub(crate) pages: f64,
    pub(crate) queries: f64,
    /// Balances, and payments themselves.
    pub(crate) others: f64,
    /// Payments made here, in an hour.
    pub(crate) payments: f64,
    /// From the moment in which an order was over until that was shown.
    pub(crate) delays: Ages,
    /// Orders that move, on average.
    pub(crate) open: f64,
}

impl Measured {
    pub(crate) fn of(&self, class: Class) -> Option<&Ages> {
        self.ages.get(class.word())
    }

    pub(crate) fn requests(&self) -> f64 {
        self.pages + self.queries + self.others
    }
}

/// A desk on this vendor, and who listens to it.
pub(crate) fn begin(vendor: &Vendor, options: Options) -> (Handle, Subscription) {
    let (handle, commands, hub) = Handle::pair();
    let mailbox = handle.subscribe();
    let clock: TokioClock = vendor.clock;
    let journal = SqliteJournal::in_memory().unwrap();
    tokio::spawn(desk::run(vendor.clone(), journal, clock, options, commands, hub));
    (handle, mailbox)
}

pub(crate) fn options(desk: &Desk, seed: u64) -> Options {
    Options {
        requests_per_minute: desk.per_minute,
        sweep_every: desk.every,
        lookback: desk.lookback,
        seed,
        ..sample::options()
    }
}

/// Who pays orders at this desk: looks at each as it is due, and pays it when what was asked for is there.
#[derive(Default)]
struct Cashier {
    looked: BTreeMap<OrderNo, f64>,
}

impl Cashier {
    fn work(&mut self, vendor: &Vendor, mailbox: &Subscription, now: f64) {
        let is_due = |order: &&Placed| {
            let due = order.life.paid.map(|paid| order.created + paid.as_secs_f64());
            order.is_ours && order.paid_here.is_none() && due.is_some_and(|due| due <= now)
        };
        let due: Vec<OrderNo> = vendor.with(|state| {
            let made = state.orders.partition_point(|order| order.created < now - 3_600.0);
            let made = state.orders[made..].iter().take_while(|order| order.created < now);
            made.filter(is_due).map(|order| order.no).collect()
        });
        for order in due {
            match self.looked.get(&order) {
                None => {
                    self.looked.insert(order, now);
                    mailbox.ask(Command::Inspect(order));
                }
                Some(at) if *at >= 0.0 && now - at >= 5.0 => {
                    self.looked.insert(order, f64::NEG_INFINITY);
                    let payment = Payment {
                        order,
                        means: Means::Deposit,
                        amount: usd(AMOUNT),
                        old_payment_seen: false,
                    };
                    let id = AttemptId::generate();
                    mailbox.ask(Command::Pay { id, payment: Box::new(payment) });
                }
                Some(_) => {}
            }
        }
    }
}

/// Runs it, in virtual time.
pub(crate) fn simulate(run: Run) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(play(run))
}

async fn play(run: Run) -> Measured {
    let vendor = Vendor::new(run.desk.orders, run.desk.lookback, run.warm + run.measured, run.seed);
    vendor.pay_here(run.desk.payments_per_hour);
    vendor.list_late(run.listed_late, run.seed);
    let (handle, mailbox) = begin(&vendor, options(&run.desk, run.seed));
    let mut cashier = Cashier::default();
    let from = run.warm.as_secs_f64();
    let end = from + run.measured.as_secs_f64();
    let mut ages: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    let mut terms = Vec::new();
    let mut counts = (0, 0, 0, 0);
    let mut open = Vec::new();
    let (mut notified, mut sampled) = (0.0, 0);
    let is_busy = run.webhooks || run.desk.payments_per_hour > 0;
    let step = Duration::from_millis(if is_busy { 1_000 } else { 7_300 });
    while vendor.now() < end {
        tokio::time::sleep(step).await;
        let now = vendor.now();
        // What a console would take in.
        drop(mailbox.take());
        if run.webhooks {
            notify(&vendor, &handle, notified..now);
            notified = now;
        }
        cashier.work(&vendor, &mailbox, now);
        if now < from {
            counts = vendor.with(|state| state.counts());
            continue;
        }
        sampled += 1;
        vendor.with(|state| {
            let mut moving = 0;
            let lookback = run.desk.lookback.as_secs_f64();
            let first = state.orders.partition_point(|order| order.created < now - lookback + 60.0);
            let end = state.orders.partition_point(|order| order.created < now);
            for (n, order) in state.orders[first..end].iter().enumerate() {
                let is_moving = order.is_moving(now);
                moving += u32::from(is_moving);
                // The closed ones are many, and change little.
                if !is_moving && (n + sampled) % 500 != 0 {
                    continue;
                }
                let age = Duration::from_secs_f64(order.age(now));
                let class = if is_moving { Class::of_age(age) } else { Class::Closed };
                if let (OrderStatus::Unpaid, Some(detailed)) = (order.status(now), order.detailed) {
                    terms.push(now - detailed);
                }
                if let Some(shown) = order.shown {
                    ages.entry(class.word()).or_default().push(now - shown);
                }
            }
            open.push(f64::from(moving));
        });
    }
    let minutes = run.measured.as_secs_f64() / 60.0;
    vendor.with(|state| {
        let mut delays = Vec::new();
        for order in &state.orders {
            let listed = order.created + order.listed_after;
            let is_new = listed >= from && listed < end - 600.0;
            if order.listed_after > 0.0 {
                if is_new {
                    ages.entry(Class::ListedLate.word())
                        .or_default()
                        .push(order.seen.unwrap_or(end) - listed);
                }
                continue;
            }
            if is_new {
                ages.entry(Class::Unseen.word()).or_default().push(order.seen.unwrap_or(end) - order.created);
            }
            // Of an order that was paid before anybody could ask, nobody wants the price.
            let unpaid_for = order.paid_at().unwrap_or(order.over_at()) - order.created;
            if is_new && unpaid_for > 120.0 {
                let priced = order.priced.unwrap_or(end);
                ages.entry(Class::Unpriced.word()).or_default().push(priced - order.created);
            }
            let over = order.over_at();
            if over >= from && over < end - 600.0 && order.created < over - 60.0 {
                delays.push(order.known_over.unwrap_or(end) - over);
            }
        }
        let sorted = |mut ages: Vec<f64>| {
            ages.sort_by(f64::total_cmp);
            Ages(ages)
        };
        Measured {
            ages: ages.into_iter().map(|(class, ages)| (class, sorted(ages))).collect(),
            terms: sorted(terms),
            pages: f64::from(state.pages - counts.0) / minutes,
            queries: f64::from(state.queries - counts.1) / minutes,
            others: f64::from(state.balances - counts.2 + state.payments - counts.3) / minutes,
            payments: f64::from(state.payments - counts.3) / minutes * 60.0,
            delays: sorted(delays),
            open: open.iter().sum::<f64>() / open.len() as f64,
        }
    })
}

/// Tells the desk which orders were over in that time, as the vendor's notifications do.
fn notify(vendor: &Vendor, handle: &Handle, during: Range<f64>) {
    let over = vendor.with(|state| {
        let over = state.orders.iter().filter(|order| during.contains(&order.over_at()));
        over.map(|order| (order.no, order.life.paid.is_some())).collect::<Vec<_>>()
    });
    for (no, is_ticketed) in over {
        handle.send(Command::Notification(Box::new(Notification {
            kind: if is_ticketed { Kind::Ticketed } else { Kind::Cancelled },
            order: Some(no),
            id: Some(format!("n{no}").as_str().into()),
            error: None,
            raw: format!("{{\"orderNo\":\"{no}\"}}"),
        })));
    }
}

/// Requests a minute of a program that asks for each open order by itself, as often as that takes to show each class as young
/// as was measured, and finds new ones on the newest page of the list; played against the same orders.
pub(crate) fn one_by_one(run: Run, measured: &Measured) -> f64 {
    // What is asked for every so often is half of that old on average.
    let period = |class: Class| {
        measured.of(class).and_then(|ages| ages.share(50)).map_or(f64::INFINITY, |median| 2.0 * median)
    };
    let [fresh, late, slow] = [Class::Fresh, Class::Late, Class::Slow].map(period);
    let vendor = Vendor::new(run.desk.orders, run.desk.lookback, run.warm + run.measured, run.seed);
    let (from, until) = (run.warm.as_secs_f64(), (run.warm + run.measured).as_secs_f64());
    let (mut requests, mut now, mut last) = (0.0, from, from - fresh);
    vendor.with(|state| {
        while now < until {
            let new = state.orders.iter().filter(|order| (last..now).contains(&order.created)).count();
            requests += new.div_ceil(100).max(1) as f64;
            for order in state.orders.iter().filter(|order| order.created < now && order.is_moving(now)) {
                requests += match Class::of_age(Duration::from_secs_f64(order.age(now))) {
                    Class::Fresh => 1.0,
                    Class::Late => fresh / late,
                    _ => fresh / slow,
                };
            }
            (last, now) = (now, now + fresh);
        }
    });
    requests / (run.measured.as_secs_f64() / 60.0)
}
