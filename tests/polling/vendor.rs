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
        polling::forecast::life::Life,
    },
    domain::{
        attempt::Sent,
        baggage::decision as baggage,
        find::Find,
        method::{Part, PaymentMethod, PaymentOption, TakenFrom},
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

/// What an order costs.
const FARE: &str = "117.55";
const FEE: &str = "2";
pub(crate) const AMOUNT: &str = "119.55";

/// An order, and when it was shown. Times are seconds since the start of the simulation.
pub(crate) struct Placed {
    pub(crate) no: OrderNo,
    pub(crate) created: f64,
    pub(crate) life: Life,
    /// The list shows it so many seconds after it was made.
    pub(crate) listed_after: f64,
    /// It is paid at this desk, when the vendor is told so, and by nobody else.
    pub(crate) is_ours: bool,
    pub(crate) paid_here: Option<f64>,
    /// When it was first shown, and last; with its details first, and last.
    pub(crate) seen: Option<f64>,
    pub(crate) shown: Option<f64>,
    pub(crate) priced: Option<f64>,
    pub(crate) detailed: Option<f64>,
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

    /// When it is paid, if it is: by somebody else, or here.
    pub(crate) fn paid_at(&self) -> Option<f64> {
        let by_others = self.life.paid.map(|paid| self.created + paid.as_secs_f64());
        if self.is_ours { self.paid_here } else { by_others }
    }

    pub(crate) fn over_at(&self) -> f64 {
        let over = self.life.over.as_secs_f64();
        match (self.life.paid, self.paid_here) {
            (Some(paid), Some(here)) => here + over - paid.as_secs_f64(),
            _ => self.created + over,
        }
    }

    pub(crate) fn status(&self, now: f64) -> OrderStatus {
        match self.paid_at() {
            Some(paid) if now >= paid && now >= self.over_at() => OrderStatus::Ticketed,
            Some(paid) if now >= paid => OrderStatus::Ticketing,
            // One that is to be paid here waits for that.
            None if now >= self.over_at() && !self.is_ours => OrderStatus::Cancelled,
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
    pub(crate) balances: u32,
    pub(crate) payments: u32,
    /// Refuses with 429 until then.
    pub(crate) limited_until: Option<f64>,
    /// When each request came.
    pub(crate) arrivals: Vec<f64>,
}

impl State {
    /// Pages, queries, balances, payments so far.
    pub(crate) fn counts(&self) -> (u32, u32, u32, u32) {
        (self.pages, self.queries, self.balances, self.payments)
    }
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
                listed_after: 0.0,
                is_ours: false,
                paid_here: None,
                seen: None,
                shown: None,
                priced: None,
                detailed: None,
                known_over: None,
            });
        }
        Self { state: Arc::new(Mutex::new(state)), clock: TokioClock::starting_at(start()) }
    }

    /// So many orders an hour are paid at this desk instead of by others.
    pub(crate) fn pay_here(&self, per_hour: u32) {
        self.with(|state| {
            let span = state.orders.last().map_or(0.0, |order| order.created - state.orders[0].created);
            let wanted = f64::from(per_hour) * span / 3_600.0;
            let mut paid: Vec<_> =
                state.orders.iter_mut().filter(|order| order.life.paid.is_some()).collect();
            let every = paid.len() as f64 / wanted.max(1.0);
            assert!(wanted == 0.0 || every >= 1.0, "more than are paid at all");
            for n in 0..wanted as usize {
                // Those that were paid before the simulation began are nobody's any more.
                let order = &mut *paid[(n as f64 * every) as usize];
                order.is_ours = order.created > 0.0;
            }
        });
    }

    /// Of the orders so many of a thousand are in the list only a quarter of an hour to an hour after they were made.
    pub(crate) fn list_late(&self, of_thousand: usize, seed: u64) {
        let mut random = fastrand::Rng::with_seed(seed);
        self.with(|state| {
            for order in &mut state.orders {
                if random.usize(..1_000) < of_thousand {
                    order.listed_after = 900.0 + 2_700.0 * random.f64();
                }
            }
        });
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
            let listed = state.orders[first..end].iter_mut().rev();
            let mut listed = listed.filter(|order| order.age(now) >= order.listed_after);
            let skipped = (page as usize - 1) * PAGE_SIZE;
            let rows = listed.by_ref().skip(skipped).take(PAGE_SIZE).map(|order| {
                order.show(now);
                order.row(now)
            });
            Page { orders: rows.collect(), more: listed.next().is_some() }
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
            order.detailed = Some(now);
            let deposit = |money| Some(Part { money: usd(money), from: TakenFrom::Deposit });
            let option = PaymentOption {
                method: PaymentMethod::Deposit,
                ticket_fare: deposit(FARE),
                service_fee: deposit(FEE),
                payment_fee: None,
                card_brand: None,
            };
            let details = Details {
                deadline: Some(at(order.created + 1_800.0)),
                total: Some(usd(FARE)),
                service_fee: Some(usd(FEE)),
                methods: vec![PaymentMethod::Deposit],
                options: vec![option],
                ..Details::default()
            };
            Order { details: Some(Box::new(details)), ..order.row(now) }
        });
        Ok(self.answer(found))
    }

    async fn balance(&self, currency: Currency) -> Result<Answer<Money>, ReadError> {
        self.arrives()?;
        self.with(|state| state.balances += 1);
        Ok(self.answer(Money { currency, ..usd("5000000") }))
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

    async fn pay(&self, payment: &Payment) -> Sent {
        let now = self.now();
        self.with(|state| {
            state.arrivals.push(now);
            state.payments += 1;
            let order = &mut state.orders[state.by_number[&payment.order]];
            assert!(order.is_ours && order.paid_here.is_none(), "it is paid once, and by one");
            order.paid_here = Some(now);
        });
        tokio::time::sleep(LATENCY).await;
        Sent::Answered { status: 0, msg: None }
    }
}
