//! A vendor of a week: an order every few seconds, most of them paid by others, ticketed, lapsed or declined, and nothing in it that
//! forbids a second charge. What an order is goes by its number and the time alone, so that it holds next to nothing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    atlas::{Answer, CallOutcome, ReadError},
    clock::Clock,
    desk::gateway::{Gateway, PAGE_SIZE, Page, Window},
    domain::{
        attempt::{Doubt, Sent},
        baggage::decision,
        find::Find,
        method::{Part, PaymentMethod, PaymentOption, TakenFrom},
        moment::Boot,
        money::{Currency, Money},
        notification::Notification,
        order::{Airline, Details, Order, OrderNo, OrderStatus, TicketingError},
        payment::Payment,
        regeneration::Called,
        text::Text,
    },
};

use super::sample::usd;

/// From one order to the next: a thousand in an hour.
pub(crate) const EVERY: Duration = Duration::from_millis(3_600);

/// So long an order may be paid.
const HOLD: Duration = Duration::from_secs(1_800);

/// From a payment to the ticket, or to the airline's refusal.
const TICKETING: Duration = Duration::from_secs(120);

/// What becomes of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Another desk pays so long after it was made, and it is ticketed.
    Ticketed(Duration),
    /// Another desk pays, and the airline declines.
    Declined(Duration),
    /// Nobody pays.
    Lapses,
    /// It is ours to pay.
    Ours,
}

pub(crate) fn number(n: u32) -> OrderNo {
    format!("TESTA20261103{n:09}").parse().expect("an order number")
}

pub(crate) fn nth(order: OrderNo) -> u32 {
    order.as_str().get(13..).and_then(|digits| digits.parse().ok()).expect("a number of this vendor")
}

pub(crate) fn fate(n: u32) -> Fate {
    let after = Duration::from_secs(30 + u64::from(n.wrapping_mul(2_654_435_761) >> 7) % 570);
    match n % 20 {
        0 => Fate::Ours,
        1 | 2 => Fate::Lapses,
        3..=5 => Fate::Declined(after),
        _ => Fate::Ticketed(after),
    }
}

/// What the week's parts share.
pub(crate) struct World {
    random: fastrand::Rng,
    /// So many orders are made in all.
    pub(crate) orders: u32,
    /// When an order of ours was charged, each time.
    pub(crate) charges: BTreeMap<OrderNo, Vec<Duration>>,
    pub(crate) requests: u64,
    pub(crate) doubts: u64,
}

/// The vendor, the net before it, and the clock of everybody.
#[derive(Clone)]
pub(crate) struct Vendor {
    world: Arc<Mutex<World>>,
    started: tokio::time::Instant,
}

impl Vendor {
    pub(crate) fn new(seed: u64, orders: u32) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        let world = World { random, orders, charges: BTreeMap::new(), requests: 0, doubts: 0 };
        Self { world: Arc::new(Mutex::new(world)), started: tokio::time::Instant::now() }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn at(since: Duration) -> Timestamp {
        super::sample::start() + SignedDuration::try_from(since).expect("a week")
    }

    /// So many orders have been made by then.
    pub(crate) fn made(&self, now: Duration) -> u32 {
        let made = now.as_millis() / EVERY.as_millis() + 1;
        u32::try_from(made).unwrap_or(u32::MAX).min(self.world().orders)
    }

    /// When it was paid, if it was by now, and its state.
    pub(crate) fn state(&self, n: u32, now: Duration) -> (OrderStatus, Option<Duration>) {
        let made = EVERY * n;
        let paid = match fate(n) {
            Fate::Ticketed(after) | Fate::Declined(after) => Some(made + after),
            Fate::Lapses => None,
            Fate::Ours => self.world().charges.get(&number(n)).and_then(|charges| charges.first().copied()),
        };
        let paid = paid.filter(|paid| *paid <= now);
        let status = match paid {
            None if now > made + HOLD => OrderStatus::Cancelled,
            None => OrderStatus::Unpaid,
            Some(paid) if now < paid + TICKETING => OrderStatus::Ticketing,
            Some(_) if matches!(fate(n), Fate::Declined(_)) => OrderStatus::Cancelled,
            Some(_) => OrderStatus::Ticketed,
        };
        (status, paid)
    }

    fn row(&self, n: u32, now: Duration) -> Order {
        let (status, paid) = self.state(n, now);
        let decline = TicketingError { code: "604".into(), message: None };
        Order {
            pnr_code: Some("K7QW2D".into()),
            from: Some("MNL".into()),
            to: Some(["SIN", "CEB", "HKG"][n as usize % 3].into()),
            airlines: vec![Airline::parse(["5J", "TR"][n as usize % 2]).expect("an airline")].into(),
            passengers: vec![format!("SANTOS/{n}").as_str().into()].into(),
            created: Some(Self::at(EVERY * n)),
            paid_at: paid.map(Self::at),
            ticketing_error: (status == OrderStatus::Cancelled && paid.is_some())
                .then_some(Box::new(decline)),
            ..super::sample::bare_order(number(n), status)
        }
    }

    fn details(n: u32) -> Details {
        let part = |money, from| Some(Part { money, from });
        let deposit = PaymentOption {
            method: PaymentMethod::Deposit,
            ticket_fare: part(usd("117.55"), TakenFrom::Deposit),
            service_fee: part(usd("2"), TakenFrom::Deposit),
            payment_fee: None,
            card_brand: None,
        };
        Details {
            deadline: Some(Self::at(EVERY * n + HOLD)),
            total: Some(usd("117.55")),
            service_fee: Some(usd("2")),
            methods: vec![PaymentMethod::Deposit],
            options: vec![deposit],
            ..Details::default()
        }
    }

    /// A read takes a twentieth of a second, and one in two hundred fails.
    async fn read<T>(
        &self,
        read: impl FnOnce(Duration) -> Result<T, ReadError>,
    ) -> Result<Answer<T>, ReadError> {
        let fails = {
            let mut world = self.world();
            world.requests += 1;
            world.random.u32(..200) == 0
        };
        tokio::time::sleep(Duration::from_millis(50)).await;
        if fails {
            return Err(ReadError::NoAnswer("cut".into()));
        }
        let now = self.elapsed();
        let value = read(now)?;
        let date = Timestamp::from_second(Self::at(now).as_second()).expect("a time");
        Ok(Answer { value, server_time: Some(date) })
    }
}

impl Gateway for Vendor {
    async fn list(&self, window: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        self.read(|now| {
            let start = super::sample::start();
            let nth_at = |at: Timestamp| {
                let since = at.duration_since(start).as_millis().max(0);
                u32::try_from(since / i128::try_from(EVERY.as_millis()).expect("a time")).unwrap_or(u32::MAX)
            };
            let made = self.made(now);
            let (first, end) = (nth_at(window.from), nth_at(window.to).saturating_add(1).min(made));
            let page_size = u32::try_from(PAGE_SIZE).expect("a page");
            let skipped = (page - 1) * page_size;
            let inside = |n: &u32| {
                let created = Self::at(EVERY * *n);
                window.from <= created && created <= window.to
            };
            let all: Vec<u32> = (first..end).rev().filter(inside).collect();
            let rows = all.iter().skip(skipped as usize).take(PAGE_SIZE);
            let orders = rows.map(|n| self.row(*n, now)).collect();
            Ok(Page { orders, more: all.len() > (skipped + page_size) as usize })
        })
        .await
    }

    async fn query(&self, order: OrderNo) -> Result<Answer<Order>, ReadError> {
        self.read(|now| {
            let n = nth(order);
            if n >= self.made(now) {
                return Err(ReadError::NoSuchOrder);
            }
            Ok(Order { details: Some(Box::new(Self::details(n))), ..self.row(n, now) })
        })
        .await
    }

    /// Asked twice, it charges twice. One answer in forty gets lost, and one request in eighty.
    async fn pay(&self, payment: &Payment) -> Sent {
        let (order, dice) = (payment.order, self.world().random.u32(..80));
        let now = self.elapsed();
        let (status, _) = self.state(nth(order), now);
        let is_lost = dice == 0;
        if !is_lost && status != OrderStatus::Cancelled {
            self.world().charges.entry(order).or_default().push(now);
        }
        if dice < 3 {
            self.world().doubts += 1;
            tokio::time::sleep(Duration::from_secs(60)).await;
            return Sent::Doubt(Doubt::NoAnswer);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        Sent::Answered { status: if status == OrderStatus::Cancelled { 401 } else { 0 }, msg: None }
    }

    async fn balance(&self, _: Currency) -> Result<Answer<Money>, ReadError> {
        self.read(|_| Ok(usd("1000000"))).await
    }

    async fn find(&self, _: &Find) -> Result<Answer<Page>, ReadError> {
        self.read(|_| Ok(Page::default())).await
    }

    async fn incidents(&self) -> Result<Answer<Vec<Notification>>, ReadError> {
        self.read(|_| Ok(Vec::new())).await
    }

    async fn regenerate(&self, _: OrderNo) -> Called {
        Called::Refused(316)
    }

    async fn accept_loss(&self, _: OrderNo) -> decision::Called {
        decision::Called::Declined(402)
    }

    async fn commit(&self, _: OrderNo) -> CallOutcome<Text> {
        CallOutcome::Refused { status: 307, msg: Text::default() }
    }

    async fn stop(&self, _: OrderNo) -> CallOutcome<()> {
        CallOutcome::Refused { status: 402, msg: Text::default() }
    }
}

impl Clock for Vendor {
    fn now(&self) -> Timestamp {
        Self::at(self.elapsed())
    }

    fn uptime(&self) -> Duration {
        Duration::from_secs(1_000) + self.elapsed()
    }

    fn boot(&self) -> Boot {
        Boot(1)
    }

    async fn sleep(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}
