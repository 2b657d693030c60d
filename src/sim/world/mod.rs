//! The simulated vendor: its orders, what becomes of them, and one function for each endpoint.
//!
//! A pure core. It knows no socket and no clock: it is told the time on the wall, and whatever was due by
//! then has happened before a question is answered. So the answers do not depend on how often somebody asks.

mod booking;
mod cues;
mod hooks;
mod looking;
mod paying;
mod reviving;
#[cfg(test)]
mod tests;
mod ticketing;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

pub(super) use self::{
    booking::{Book, SEATS, Verified},
    hooks::{Delivery, Incident, IncidentFilter, IncidentPage},
    looking::{Filter, Find, Page},
    paying::Pay,
};
use super::{
    Refusal,
    card::Memory,
    chance::{mix, pick},
    endpoint::Endpoint,
    fault::{Fault, Faults, Target},
    ledger::{For, Ledger},
    order::{
        Fate, Order, Part, Source, State,
        make::{self, Birth, Wishes},
    },
    scenario::{Hooks as Delays, Lapsed, Scenario, Script, Switches},
    story::{Event, Kind, Story},
    time::{Clock, Moment, Speed},
};
use crate::domain::method::PaymentMethod;

/// What a world is made from. The same setup makes the same story.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub seed: u64,
    pub speed: Speed,
    /// How many orders there are at the start; the scenario's own number when it is not given.
    pub orders: Option<usize>,
    pub scenario: Scenario,
    /// Where notices go until somebody registers another address.
    pub webhook: Option<String>,
}

/// Something that will happen, to the order at an index or in the world.
#[derive(Clone, Debug)]
enum Happening {
    /// The `n`th new order comes in.
    Arrival(u64),
    /// Another desk of the agency pays by card.
    PaidElsewhere(usize),
    /// Money is asked for.
    Charge(usize),
    /// Ticketing ends.
    Settle(usize),
    /// A wish to stop takes effect.
    Stop(usize),
    /// The payment deadline is over.
    Lapse(usize),
    /// A line of the scenario is played.
    Cue(usize),
    /// A notice leaves.
    Deliver(Box<Delivery>),
}

/// Sources of chance, far apart, so that what a client does never changes what happens to anybody else.
const ARRIVALS: u64 = 1 << 40;
const GAPS: u64 = 2 << 40;
const PARTS: u64 = 3 << 40;
const BOOKINGS: u64 = 4 << 40;
const CUES: u64 = 5 << 40;
const FAULTS: u64 = 6 << 40;

/// The simulated vendor.
pub(super) struct World {
    setup: Setup,
    script: Arc<Script>,
    clock: Clock,
    /// What is due by then has happened.
    now: Moment,
    /// By number, which is by creation.
    orders: Vec<Order>,
    names: HashMap<Box<str>, usize>,
    /// By time, then in the order in which they were decided.
    happenings: BTreeMap<(Moment, u64), Happening>,
    decided: u64,
    ledger: Ledger,
    cards: Memory,
    pub(super) faults: Faults,
    pub(super) switches: Switches,
    /// How webhooks arrive.
    pub(super) delivery: Delays,
    pub(super) story: Story,
    bookings: booking::Desk,
    hooks: hooks::Hooks,
    /// Lines of the scenario that wait for something to happen to an order, and have not been played.
    awaiting: Vec<usize>,
}

impl World {
    /// A world as it stands at `start`.
    pub(super) fn new(setup: Setup, start: Timestamp) -> Self {
        let script = Arc::clone(setup.scenario.script());
        let mut world = Self {
            clock: Clock::new(start, setup.speed),
            now: Moment::START,
            orders: Vec::new(),
            names: HashMap::new(),
            happenings: BTreeMap::new(),
            decided: 0,
            ledger: Ledger::open(script.deposits()),
            cards: Memory::default(),
            faults: Faults::new(mix(setup.seed, FAULTS)),
            switches: script.switches,
            delivery: script.webhooks,
            story: Story::default(),
            bookings: booking::Desk::default(),
            hooks: hooks::Hooks::new(setup.webhook.clone()),
            awaiting: Vec::new(),
            script,
            setup,
        };
        world.fill();
        let opened = format!("{} orders, seed {}", world.orders.len(), world.setup.seed);
        world.tell(Moment::START, Kind::Opened, None, opened);
        world.rehearse();
        if world.script.arrivals.is_some() {
            world.expect_arrival(0, Moment::START);
        }
        world
    }

    /// Makes the orders of the start: those with a name, those that lead, and the rest by weight.
    fn fill(&mut self) {
        let (script, seed) = (Arc::clone(&self.script), self.setup.seed);
        let named: Vec<_> = script.named().collect();
        let count = self.setup.orders.unwrap_or(script.cast.orders).max(named.len());
        let weights: u32 = script.cast.parts.iter().map(|(_, weight)| weight).sum();
        let by_weight = |rng: &mut Rng| {
            let mut at = rng.u32(..weights.max(1));
            let fits = |(_, weight): &&(Part, u32)| {
                let here = at < *weight;
                at = at.saturating_sub(*weight);
                here
            };
            script.cast.parts.iter().find(fits).map_or(Part::Ticketed, |(part, _)| *part)
        };
        let mut parts: Vec<(Moment, usize, Part, Wishes)> = (0..count)
            .map(|place| {
                let rng = &mut Rng::with_seed(mix(!seed, place as u64));
                let lead = || script.cast.lead.get(place - named.len()).copied();
                let (part, wishes) = match named.get(place) {
                    Some(named) => (named.part, named.wishes()),
                    None => (lead().unwrap_or_else(|| by_weight(rng)), Wishes::default()),
                };
                let part = part.settled(rng);
                let age = match wishes.left {
                    Some(left) => part.hold() - left,
                    None => part.age(rng),
                };
                (Moment::START - age, place, part, wishes)
            })
            .collect();
        parts.sort_by_key(|(made, place, ..)| (*made, *place));
        self.orders.reserve(count);
        for (made, place, part, wishes) in parts {
            let name = named.get(place).map(|named| named.name.clone());
            let name = name.unwrap_or_else(|| format!("order-{}", place + 1).into());
            let mut order = make::order(seed, place as u64, (part, &wishes), name, self.birth(made));
            make::play(&mut order, part);
            self.enter(order, part);
        }
    }

    /// Puts one of the orders of the start in its place.
    fn enter(&mut self, mut order: Order, part: Part) {
        let index = self.orders.len();
        let rng = &mut Rng::with_seed(mix(order.seed, 0x1a7e));
        match part {
            Part::Ticketing => self.decide(Moment::START, rng.i64(3_000..25_000), Happening::Settle(index)),
            Part::Late => self.decide(Moment::START, rng.i64(480_000..2_400_000), Happening::Settle(index)),
            Part::Lapsed if self.switches.lapsed == Lapsed::Cancelled => {
                order.state = State::Cancelled(None, None);
            }
            _ => {}
        }
        if let State::Ticketing(paid) | State::Ticketed(paid, _) = &order.state {
            let bill = order.bill(paid.method);
            self.ledger.recall(&order, For::Fare, bill.source, bill.fare, paid.at);
            self.ledger.recall(&order, For::ServiceFee, Source::Deposit, bill.service_fee, paid.at);
            if let Some(fee) = bill.payment_fee {
                self.ledger.recall(&order, For::PaymentFee, bill.source, fee, paid.at);
            }
        }
        self.push(order);
    }

    /// Adds an order, which lapses unless it is paid.
    fn push(&mut self, order: Order) -> usize {
        let index = self.orders.len();
        if order.state == State::Unpaid && order.deadline > self.now {
            self.decide_at(order.deadline, Happening::Lapse(index));
        }
        self.names.insert(order.name.clone(), index);
        self.orders.push(order);
        index
    }

    /// An order made at that moment: its number is the first millisecond on the wall in which none was made.
    fn birth(&self, story: Moment) -> Birth {
        let taken = self.orders.last().map(|order| order.created + SignedDuration::from_millis(1));
        Birth { story, wall: self.clock.wall(story).max(taken.unwrap_or(Timestamp::MIN)) }
    }

    /// When something will happen by itself next, on the wall; never while the story is paused.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        if self.clock.is_paused() {
            return None;
        }
        self.happenings.first_key_value().map(|((at, _), _)| self.clock.wall(*at))
    }

    /// Carries out all that is due by `now`.
    pub(super) fn advance(&mut self, now: Timestamp) {
        self.clock.tell(now);
        let now = self.clock.story();
        while let Some(next) = self.happenings.first_entry()
            && next.key().0 <= now
        {
            let ((at, _), happening) = next.remove_entry();
            self.now = at;
            self.happen(happening, at);
        }
        self.now = now;
    }

    /// Skips to the next thing that will happen, and lets it happen. False when nothing will.
    pub(super) fn step(&mut self, now: Timestamp) -> bool {
        self.advance(now);
        let Some(((next, _), _)) = self.happenings.first_key_value() else { return false };
        self.clock.skip_to(*next);
        self.advance(now);
        true
    }

    /// Where the story is.
    pub(super) fn moment(&self) -> Moment {
        self.now
    }

    /// What maps the story to the wall.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The same, to change its pace.
    pub(super) fn clock_mut(&mut self) -> &mut Clock {
        &mut self.clock
    }

    pub(super) fn setup(&self) -> &Setup {
        &self.setup
    }

    /// All orders, oldest first.
    pub(super) fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Where the money went.
    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The order of a number.
    pub(super) fn find(&self, order_no: &str) -> Option<&Order> {
        self.index_of(order_no).map(|index| &self.orders[index])
    }

    /// The fault that a request meets.
    pub(super) fn meet(
        &mut self,
        endpoint: Endpoint,
        order_no: Option<&str>,
        method: Option<PaymentMethod>,
    ) -> Option<Fault> {
        let order = order_no.and_then(|no| self.index_of(no)).map(|index| &self.orders[index]);
        self.faults.meet(&Target { endpoint, order, method }, self.now)
    }

    fn index_of(&self, order_no: &str) -> Option<usize> {
        self.orders.binary_search_by(|order| order.no.as_str().cmp(order_no)).ok()
    }

    /// The order of a number, or of a name in the story.
    pub(super) fn find_either(&self, order: &str) -> Option<&Order> {
        self.index_of_either(order).map(|index| &self.orders[index])
    }

    /// The index of an order that must be there, or the refusal of one that is not.
    fn known(&self, order_no: &str) -> Result<usize, Refusal> {
        self.index_of(order_no).ok_or_else(|| Refusal::new(800, "Order does not exist"))
    }

    fn index_of_either(&self, order: &str) -> Option<usize> {
        self.index_of(order).or_else(|| self.names.get(order).copied())
    }

    /// Decides that something will happen so many milliseconds after `from`.
    fn decide(&mut self, from: Moment, milliseconds: i64, happening: Happening) {
        self.decide_at(from + SignedDuration::from_millis(milliseconds), happening);
    }

    fn decide_at(&mut self, at: Moment, happening: Happening) {
        self.decided += 1;
        self.happenings.insert((at, self.decided), happening);
    }

    fn expect_arrival(&mut self, nth: u64, from: Moment) {
        let Some(arrivals) = &self.script.arrivals else { return };
        let [least, most] = arrivals.every.map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        let gap = Rng::with_seed(mix(self.setup.seed, GAPS + nth)).i64(least..=most);
        // Two orders never come at once: the world would not get past the moment.
        self.decide(from, gap.max(1), Happening::Arrival(nth));
    }

    fn happen(&mut self, happening: Happening, at: Moment) {
        match happening {
            Happening::Arrival(nth) => self.arrive(nth, at),
            Happening::PaidElsewhere(index) => {
                let declined = Rng::with_seed(mix(self.orders[index].seed, 0xdec1)).u8(..6) == 0;
                let fate = if declined { Fate::Fail(604) } else { Fate::Ticket };
                self.pay_elsewhere(index, PaymentMethod::Vcc, fate, at);
            }
            Happening::Charge(index) => self.charge(index, at),
            Happening::Settle(index) => self.settle(index, at),
            Happening::Stop(index) => self.close(index, None, at),
            Happening::Lapse(index) => self.lapse(index, at),
            Happening::Cue(index) => self.play(index, at),
            Happening::Deliver(delivery) => self.hooks.deliver(*delivery),
        }
    }

    fn arrive(&mut self, nth: u64, at: Moment) {
        let Some(arrivals) = &self.script.arrivals else { return };
        let rng = &mut Rng::with_seed(mix(self.setup.seed, PARTS + nth));
        let part = match &arrivals.parts[..] {
            [] => Part::Open(None),
            parts => *pick(rng, parts),
        };
        let elsewhere = arrivals.elsewhere;
        let part = part.settled(rng);
        let name = format!("arrival-{}", nth + 1).into();
        let order =
            make::order(self.setup.seed, ARRIVALS + nth, (part, &Wishes::default()), name, self.birth(at));
        let takes_card = order.routing.supports(PaymentMethod::Vcc);
        if takes_card && rng.u8(..100) < elsewhere {
            self.decide(at, rng.i64(15_000..180_000), Happening::PaidElsewhere(self.orders.len()));
        }
        self.come_in(order, at);
        self.expect_arrival(nth + 1, at);
    }

    /// Adds an order that came in by itself.
    fn come_in(&mut self, order: Order, at: Moment) {
        let index = self.push(order);
        let detail = self.describe(index);
        self.tell(at, Kind::Arrived, Some(index), detail);
    }

    /// What an order is, in a line of the story.
    fn describe(&self, index: usize) -> String {
        let order = &self.orders[index];
        let codes: Vec<&str> = order.routing.airlines().iter().map(|airline| airline.code).collect();
        let (from, to) = order.routing.ends().map_or(("?", "?"), |(from, to)| (from.code, to.code));
        format!("{} {from}-{to} {}", codes.join("+"), order.total())
    }

    /// Tells what happened, and plays what waited for it.
    fn tell(&mut self, at: Moment, kind: Kind, index: Option<usize>, detail: impl Into<String>) {
        let order = index.and_then(|index| self.orders.get(index)).map(|order| order.name.clone());
        if let Some(name) = &order {
            self.wake(name, kind, at);
        }
        self.story.tell(Event { at, kind, order, detail: detail.into(), said: None });
    }
}
