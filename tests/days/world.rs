//! One simulated day: the vendor, the net between, the journal's disk, and whoever is at work. Everything that is left
//! to chance comes from one seed, and all of it happens on one paused clock.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    clock::Clock,
    domain::{
        attempt::Attempt,
        method::PaymentMethod,
        moment::Boot,
        money::Money,
        order::{Order, OrderNo, OrderStatus},
    },
    journal::presence::Presence,
};
use tokio::sync::Notify;

use super::{
    liar::{Dates, Liar},
    mutants::Mutant,
    sample,
    server::Server,
};

/// What happened that a checker looks at.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A request of `pay.do` left a program.
    PayLeft(OrderNo),
    /// A whole answer of `pay.do` came back, with this `status`.
    Answered(OrderNo, i64),
    /// Something that must never be.
    Violation(String),
}

/// The day's shared state.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) random: fastrand::Rng,
    pub(crate) server: Server,
    pub(crate) events: Vec<Event>,
    /// Faults happen only while this is on.
    pub(crate) stormy: bool,
    /// Names of the programs that live.
    pub(crate) running: BTreeSet<String>,
    /// Outcomes that the disk did not take, kept in its reserve.
    pub(crate) reserve: Vec<Attempt>,
    /// Payments that operators have confirmed and that have not left yet.
    pub(crate) confirmed: Vec<(OrderNo, PaymentMethod, Money)>,
    /// What ails the vendor or its net for long.
    pub(crate) ill: Ill,
    /// When each order was last shown to anybody, and the longest time that it was not.
    pub(crate) shown: BTreeMap<OrderNo, (Duration, Duration)>,
    /// When requests left, of whatever kind.
    pub(crate) asked: Vec<Duration>,
    pub(crate) mutant: Option<Mutant>,
    /// First answers, for the mutant that asks no second time; and what webhooks said, for the one that believes them.
    pub(crate) remembered: BTreeMap<OrderNo, Order>,
    pub(crate) notified: BTreeMap<OrderNo, OrderStatus>,
    /// The new order's own answers name the old one.
    pub(crate) echoes: bool,
    pub(crate) liar: Liar,
    /// The desk's own wall clock is right all day.
    pub(crate) is_clock_witness: bool,
    /// How far the last date was off, for the mutant that sets its clock by it.
    last_date_was_off: SignedDuration,
    started: tokio::time::Instant,
    /// Time that machines slept through: the world went on.
    slept: Duration,
    /// Notified when machines wake.
    pub(crate) woken: Arc<Notify>,
}

/// An ailment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ill {
    /// None.
    Nothing,
    /// Nothing is reached from the first moment to the second.
    Outage(Range<Duration>),
    /// Queries of these orders never end well, and each takes so long to fail.
    Orders(Vec<OrderNo>, Duration),
}

/// The day as its parts hold it.
#[derive(Clone)]
pub(crate) struct Day(Arc<Mutex<World>>);

impl Day {
    pub(crate) fn new(seed: u64, mutant: Option<Mutant>) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let start = sample::start();
        let guards = random.u8(..4) == 0;
        let lag = Duration::from_secs(*random.choice(&[0, 0, 3, 15]).unwrap_or(&0));
        let mut server = Server::new(start, guards, lag);
        let liar = Liar::of(&mut random);
        let is_clock_witness = liar.dates != Dates::Honest || random.bool();
        // By clocks alone it is over only where they agree.
        server.closes = liar.dates != Dates::Honest || !is_clock_witness || random.bool();
        Self(Arc::new(Mutex::new(World {
            seed,
            echoes: random.bool(),
            liar,
            is_clock_witness,
            last_date_was_off: SignedDuration::ZERO,
            random,
            server,
            events: Vec::new(),
            stormy: true,
            running: BTreeSet::new(),
            reserve: Vec::new(),
            confirmed: Vec::new(),
            ill: Ill::Nothing,
            shown: BTreeMap::new(),
            asked: Vec::new(),
            mutant,
            remembered: BTreeMap::new(),
            notified: BTreeMap::new(),
            started: tokio::time::Instant::now(),
            slept: Duration::ZERO,
            woken: Arc::default(),
        })))
    }

    /// A day on which nothing fails unless a test wants it, and the vendor shows at once what is.
    pub(crate) fn calm(seed: u64, mutant: Option<Mutant>) -> Self {
        let day = Self::new(seed, mutant);
        {
            let mut world = day.world();
            world.stormy = false;
            world.server.lag = Duration::ZERO;
            world.server.closes = true;
            world.liar = Liar::honest();
        }
        day
    }

    /// The world; a program that was killed while it held it has left it whole.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    /// The vendor's clock.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed() + self.slept
    }

    /// A row of the list, as this vendor gives it.
    pub(crate) fn list_row(&mut self, order: Order) -> Order {
        self.liar.row(&mut self.random, self.stormy, order)
    }

    /// An answer to a query, as this vendor gives it.
    pub(crate) fn query_answer(&mut self, order: Order) -> Order {
        if self.stormy { self.liar.answer(&mut self.random, order) } else { order }
    }

    /// The date that an answer bears now: whole seconds, as the header has it.
    pub(crate) fn date(&mut self) -> Timestamp {
        let now = self.now();
        let off = self.liar.date_is_off(&mut self.random, self.stormy, now);
        let date = self.server.at(now) + off;
        self.last_date_was_off = off;
        Timestamp::from_second(date.as_second()).unwrap_or(date)
    }

    /// Everybody's machine sleeps; the vendor does not.
    pub(crate) fn sleep(&mut self, time: Duration) {
        self.slept += time;
        self.woken.notify_waiters();
    }

    /// An answer shows `order`.
    pub(crate) fn show(&mut self, order: OrderNo) {
        let now = self.now();
        let (last, longest) = self.shown.entry(order).or_insert((now, Duration::ZERO));
        *longest = now.saturating_sub(*last).max(*longest);
        *last = now;
    }

    /// True with a chance of one in `n`, in a storm.
    pub(crate) fn strikes(&mut self, n: u32) -> bool {
        self.stormy && self.random.u32(..n) == 0
    }

    pub(crate) fn must_not(&mut self, what: impl Into<String>) {
        let at = self.now();
        self.events.push(Event::Violation(format!("{} s: {}", at.as_secs_f32(), what.into())));
    }

    pub(crate) fn violations(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| match event {
            Event::Violation(what) => Some(what.as_str()),
            _ => None,
        })
    }
}

/// A machine's clocks: its wall clock may be wrong and may step, its boot clock may not.
#[derive(Clone)]
pub(crate) struct Machine {
    pub(crate) day: Day,
    /// Seconds that the wall clock is ahead, and the number of the boot with the world's time at its start.
    pub(crate) state: Arc<Mutex<(i64, u64, Duration)>>,
}

impl Machine {
    pub(crate) fn new(day: &Day, ahead: i64) -> Self {
        Self { day: day.clone(), state: Arc::new(Mutex::new((ahead, 1, Duration::ZERO))) }
    }

    fn state(&self) -> (i64, u64, Duration) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The wall clock is set.
    pub(crate) fn step(&self, seconds: i64) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0 += seconds;
    }

    /// The machine is started again.
    pub(crate) fn reboot(&self) {
        let now = self.day.world().now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = (state.0, state.1 + 1, now);
    }
}

impl Clock for Machine {
    fn now(&self) -> Timestamp {
        let world = self.day.world();
        let off = match world.mutant {
            Some(Mutant::TrustsTheLastDate) => world.last_date_was_off,
            _ => SignedDuration::from_secs(self.state().0),
        };
        world.server.at(world.now()) + off
    }

    fn uptime(&self) -> Duration {
        let now = self.day.world().now();
        let (_, boot, started) = self.state();
        // A machine has been up for a while when the day begins.
        let before = Duration::from_secs(if boot == 1 { 1_000 } else { 0 });
        before + now.saturating_sub(started)
    }

    fn boot(&self) -> Boot {
        Boot(self.state().1)
    }

    async fn sleep(&self, pause: Duration) {
        let until = self.uptime() + pause;
        let woken = Arc::clone(&self.day.world().woken);
        loop {
            let left = until.saturating_sub(self.uptime());
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                () = woken.notified() => {}
            }
        }
    }
}

/// Presence in a world of simulated programs.
pub(crate) struct Present {
    pub(crate) name: String,
    pub(crate) day: Day,
}

impl Presence for Present {
    fn name(&self) -> &str {
        &self.name
    }

    fn is_running(&self, name: &str) -> bool {
        self.day.world().running.contains(name)
    }

    fn has_others(&self) -> bool {
        self.day.world().running.iter().any(|name| *name != self.name)
    }
}
