//! Hours of a desk in virtual time: what it asks for, and how old is what it shows.

use std::{collections::BTreeMap, time::Duration};

use jiff::SignedDuration;
use paydesk::{
    clock::TokioClock,
    desk::{
        self, Options,
        hub::{Command, Handle, Subscription},
        polling::forecast::{Class, Desk, class_of_age},
    },
    domain::notification::{Kind, Notification},
    journal::sqlite::SqliteJournal,
};

use crate::{sample, vendor::Vendor};

/// What is simulated.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) desk: Desk,
    /// Before it is measured, and while it is.
    pub(crate) warm: Duration,
    pub(crate) measured: Duration,
    /// The vendor notifies of every order that is ticketed or cancelled.
    pub(crate) webhooks: bool,
    pub(crate) seed: u64,
}

impl Run {
    pub(crate) fn new(orders: u32, per_minute: u32) -> Self {
        Self { desk: desk(orders, per_minute), warm: hours(1), measured: hours(2), webhooks: false, seed: 7 }
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
    /// Requests a minute.
    pub(crate) pages: f64,
    pub(crate) queries: f64,
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
        self.pages + self.queries
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

/// Runs it, in virtual time.
pub(crate) fn simulate(run: Run) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(play(run))
}

async fn play(run: Run) -> Measured {
    let vendor = Vendor::new(run.desk.orders, run.desk.lookback, run.warm + run.measured, run.seed);
    let (handle, mailbox) = begin(&vendor, options(&run.desk, run.seed));
    let from = run.warm.as_secs_f64();
    let end = from + run.measured.as_secs_f64();
    let mut ages: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    let mut counts = (0, 0);
    let mut open = Vec::new();
    let (mut notified, mut sampled) = (0.0, 0);
    let step = Duration::from_millis(if run.webhooks { 1_000 } else { 7_300 });
    while vendor.now() < end {
        tokio::time::sleep(step).await;
        let now = vendor.now();
        // What a console would take in.
        drop(mailbox.take());
        if run.webhooks {
            let over = vendor.with(|state| {
                let over = state.orders.iter().filter(|order| (notified..now).contains(&order.over_at()));
                over.map(|order| (order.no, order.life.paid.is_some())).collect::<Vec<_>>()
            });
            notified = now;
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
        if now < from {
            counts = vendor.with(|state| (state.pages, state.queries));
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
                let class = if is_moving { class_of_age(age) } else { Class::Closed };
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
            let is_new = order.created >= from && order.created < end - 600.0;
            if is_new && let Some(seen) = order.seen {
                ages.entry(Class::Unseen.word()).or_default().push(seen - order.created);
            }
            // Of an order that was paid before anybody could ask, nobody wants the price.
            let unpaid_for = order.life.paid.unwrap_or(order.life.over).as_secs_f64();
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
            pages: f64::from(state.pages - counts.0) / minutes,
            queries: f64::from(state.queries - counts.1) / minutes,
            delays: sorted(delays),
            open: open.iter().sum::<f64>() / open.len() as f64,
        }
    })
}

/// Requests a minute of a program that asks for each open order by itself every `period`, and finds new ones on the newest
/// page of the list; played against the same orders.
pub(crate) fn one_by_one(run: Run, period: Duration) -> f64 {
    let vendor = Vendor::new(run.desk.orders, run.desk.lookback, run.warm + run.measured, run.seed);
    let (from, until) = (run.warm.as_secs_f64(), (run.warm + run.measured).as_secs_f64());
    let (mut requests, mut now, mut last) = (0_u32, from, from - period.as_secs_f64());
    vendor.with(|state| {
        while now < until {
            let new = state.orders.iter().filter(|order| (last..now).contains(&order.created)).count();
            let open =
                state.orders.iter().filter(|order| order.created < now && order.is_moving(now)).count();
            requests += u32::try_from(open + new.div_ceil(100).max(1)).unwrap();
            (last, now) = (now, now + period.as_secs_f64());
        }
    });
    f64::from(requests) / (run.measured.as_secs_f64() / 60.0)
}
