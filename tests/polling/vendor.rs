//! A vendor in memory whose orders live as usual: what state each is in follows from the time alone. It remembers when it
//! showed each order last, and so knows how old is what a desk shows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    atlas::{Answer, CallOutcome, ReadError},
    clock::{Clock as _, TokioClock},
    desk::{
        gateway::{Gateway, PAGE_SIZE, Page, Window},
        polling::life::Life,
    },
    domain::{
        attempt::Sent,
        baggage::decision as baggage,
        find::Find,
        method::PaymentMethod,
        money::{Currency, Money},
        notification::Notification,
        order::{Details, Order, OrderNo, OrderStatus},
        payment::Payment,
        regeneration::Called,
        text::Text,
    },
};

use crate::sample::{bare_order, start, usd};

const LATENCY: Duration = Duration::from_millis(200);

/// An order, and when it was shown. Times are seconds since the start of the simulation.
pub(crate) struct Placed {
    pub(crate) no: OrderNo,
    pub(crate) created: f64,
    pub(crate) life: Life,
    /// When it was first shown, last, and last with its details.
    pub(crate) seen: Option<f64>,
    pub(crate) shown: Option<f64>,
    pub(crate) priced: Option<f64>,
    /// When it was first shown as it is in the end.
    pub(crate) known_over: Option<f64>,
}

impl Placed {
    pub(crate) fn age(&self, now: f64) -> f64 {
        now - self.created
    }

    pub(crate) fn is_moving(&self, now: f64) -> bool {
        self.status(now) != OrderStatus::Ticketed && self.status(now) != OrderStatus::Cancelled
    }

    pub(crate) fn over_at(&self) -> f64 {
        self.created + self.life.over.as_secs_f64()
    }

    fn status(&self, now: f64) -> OrderStatus {
        let age = self.age(now);
        match self.life.paid {
            _ if age >= self.life.over.as_secs_f64() && self.life.paid.is_some() => OrderStatus::Ticketed,
            _ if age >= self.life.over.as_secs_f64() => OrderStatus::Cancelled,
            Some(paid) if age >= paid.as_secs_f64() => OrderStatus::Ticketing,
            _ => OrderStatus::Unpaid,
        }
    }

    fn row(&self, now: f64) -> Order {
        Order { created: Some(at(self.created)), ..bare_order(self.no, self.status(now)) }
    }

    fn show(&mut self, now: f64) {
        self.seen.get_or_insert(now);
        self.shown = Some(now);
        if !self.is_moving(now) {
            self.known_over.get_or_insert(now);
        }
    }
}

fn at(seconds: f64) -> Timestamp {
    start() + SignedDuration::from_secs_f64(seconds)
}

#[derive(Default)]
pub(crate) struct State {
    /// By the time at which they are made.
    pub(crate) orders: Vec<Placed>,
    by_number: HashMap<OrderNo, usize>,
    pub(crate) pages: u32,
    pub(crate) queries: u32,
    /// Refuses with 429 until then.
    pub(crate) limited_until: Option<f64>,
    /// When each request came.
    pub(crate) arrivals: Vec<f64>,
}

#[derive(Clone)]
pub(crate) struct Vendor {
    state: Arc<Mutex<State>>,
    pub(crate) clock: TokioClock,
}

impl Vendor {
    /// So many orders within any `lookback`, from that long ago until `run` has passed.
    pub(crate) fn new(orders: u32, lookback: SignedDuration, run: Duration, seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let span = lookback.as_secs_f64();
        let count = (f64::from(orders) * (1.0 + run.as_secs_f64() / span)).round();
        let mut made: Vec<(f64, f64, f64)> = (0..count as u32)
            .map(|_| (random.f64() * (span + run.as_secs_f64()) - span, random.f64(), random.f64()))
            .collect();
        made.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut state = State::default();
        for (n, (created, fate, speed)) in made.into_iter().enumerate() {
            let no: OrderNo = format!("SIMUL{n:07}").parse().unwrap();
            state.by_number.insert(no, n);
            let life = Life::new(fate, speed);
            state.orders.push(Placed {
                no,
                created,
                life,
                seen: None,
                shown: None,
                priced: None,
                known_over: None,
            });
        }
        Self { state: Arc::new(Mutex::new(state)), clock: TokioClock::starting_at(start()) }
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap())
    }

    /// Seconds since the start.
    pub(crate) fn now(&self) -> f64 {
        self.clock.now().duration_since(start()).as_secs_f64()
    }

    fn arrives(&self) -> Result<(), ReadError> {
        let now = self.now();
        self.with(|state| {
            state.arrivals.push(now);
            match state.limited_until {
                Some(until) if now < until => {
                    Err(ReadError::Limited { retry_after_s: (until - now).ceil() as u32 })
                }
                _ => Ok(()),
            }
        })
    }

    fn answer<T>(&self, value: T) -> Answer<T> {
        Answer { value, server_time: Some(self.clock.now()) }
    }
}

impl Gateway for Vendor {
    async fn list(&self, window: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        self.arrives()?;
        tokio::time::sleep(LATENCY).await;
        let now = self.now();
        let seconds = |at: Timestamp| at.duration_since(start()).as_secs_f64();
        let found = self.with(|state| {
            state.pages += 1;
            let first = state.orders.partition_point(|order| order.created < seconds(window.from));
            let end = state.orders.partition_point(|order| order.created < seconds(window.to).min(now));
            // Newest first.
            let skipped = (page as usize - 1) * PAGE_SIZE;
            let last = end.saturating_sub(skipped).max(first);
            let from = last.saturating_sub(PAGE_SIZE).max(first);
            let rows = state.orders[from..last].iter_mut().rev().map(|order| {
                order.show(now);
                order.row(now)
            });
            Page { orders: rows.collect(), more: from > first }
        });
        Ok(self.answer(found))
    }

    async fn find(&self, _: &Find) -> Result<Answer<Page>, ReadError> {
        Ok(self.answer(Page::default()))
    }

    async fn query(&self, no: OrderNo) -> Result<Answer<Order>, ReadError> {
        self.arrives()?;
        tokio::time::sleep(LATENCY).await;
        let now = self.now();
        let found = self.with(|state| {
            state.queries += 1;
            let order = &mut state.orders[state.by_number[&no]];
            order.show(now);
            order.priced.get_or_insert(now);
            let details = Details {
                deadline: Some(at(order.created + 1_800.0)),
                total: Some(usd("117.55")),
                methods: vec![PaymentMethod::Deposit],
                ..Details::default()
            };
            Order { details: Some(Box::new(details)), ..order.row(now) }
        });
        Ok(self.answer(found))
    }

    async fn balance(&self, currency: Currency) -> Result<Answer<Money>, ReadError> {
        Ok(self.answer(Money { currency, ..usd("500") }))
    }

    async fn regenerate(&self, _: OrderNo) -> Called {
        Called::Refused(314)
    }

    async fn accept_loss(&self, _: OrderNo) -> baggage::Called {
        baggage::Called::Declined(402)
    }

    async fn commit(&self, _: OrderNo) -> CallOutcome<Text> {
        CallOutcome::Refused { status: 307, msg: Text::default() }
    }

    async fn stop(&self, _: OrderNo) -> CallOutcome<()> {
        CallOutcome::Refused { status: 402, msg: Text::default() }
    }

    async fn incidents(&self) -> Result<Answer<Vec<Notification>>, ReadError> {
        Ok(self.answer(Vec::new()))
    }

    async fn pay(&self, _: &Payment) -> Sent {
        panic!("nobody pays here");
    }
}
