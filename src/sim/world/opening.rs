//! How a world begins: its first orders, and what they have been through.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use fastrand::Rng;
use jiff::Timestamp;

use super::{happening::Happening, hooks::Hooks, sessions::Sessions, setup::Setup, state::World};
use crate::sim::{
    card::Memory,
    chance::{FAULTS, mix},
    fault::Faults,
    ledger::{For, Ledger},
    order::{
        Order, Part, Source, State,
        make::{self, Wishes},
    },
    scenario::Lapsed,
    story::{Kind, Story},
    time::{Clock, Moment},
};

impl World {
    /// A world as it stands at `start`.
    pub(in crate::sim) fn new(setup: Setup, start: Timestamp) -> Self {
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
            sessions: Sessions::default(),
            hooks: Hooks::new(setup.webhook.clone()),
            awaiting: Vec::new(),
            script,
            setup,
        };
        world.fill();
        let opened = format!("{} orders, seed {}", world.orders.len(), world.setup.seed);
        world.record(Moment::START, Kind::Opened, None, opened);
        world.rehearse();
        if world.script.arrivals.is_some() {
            world.expect_arrival(0, Moment::START);
        }
        world.expect_reissue(0, Moment::START);
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
}
