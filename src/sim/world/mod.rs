//! The simulated vendor: its orders, what becomes of them, and one function for each endpoint.
//!
//! A pure core. It knows no socket and no clock: the time is an argument, and whatever was due by then has
//! happened before a question is answered. So the answers do not depend on how often somebody asks.

mod endpoints;

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

pub(super) use self::endpoints::{Filter, Find, Page, Pay};
use super::{
    Speed,
    card::Memory,
    ledger::{For, Ledger},
    make::{self, HOLD, Part, mix},
    order::{Failure, Order, Paid, Source, State},
    scenario::Scenario,
};
use crate::domain::method::PaymentMethod;

/// What a world is made from. The same setup and the same start make the same world.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setup {
    pub seed: u64,
    pub speed: Speed,
    /// How many orders there are at the start.
    pub orders: usize,
    pub scenario: Scenario,
}

/// Something that will happen to the order at an index, or in the world.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Happening {
    /// The `n`th new order comes in.
    Arrival(u64),
    /// Somebody else at the agency pays.
    PaidElsewhere(usize),
    /// The airline is asked for money.
    Charge(usize, Fate),
    /// The airline has answered; with the fingerprint of the card, if one was used.
    Settle(usize, Fate, Option<u64>),
    /// A wish to stop takes effect.
    Stop(usize),
}

/// How ticketing will end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Ticket,
    Fail(u16),
}

/// Sources of chance, far apart, so that what a client does never changes what happens to anybody else.
const ARRIVALS: u64 = 1 << 40;
const GAPS: u64 = 2 << 40;
const PARTS: u64 = 3 << 40;

/// The simulated vendor.
pub(super) struct World {
    setup: Setup,
    now: Timestamp,
    /// By number, which is by creation.
    orders: Vec<Order>,
    /// By time, then in the order in which they were decided.
    happenings: BTreeMap<(Timestamp, u64), Happening>,
    decided: u64,
    ledger: Ledger,
    cards: Memory,
}

impl World {
    /// A world as it stands at `start`.
    pub(super) fn new(setup: Setup, start: Timestamp) -> Self {
        let start = to_millisecond(start);
        let mut world = Self {
            setup,
            now: start,
            orders: Vec::with_capacity(setup.orders),
            happenings: BTreeMap::new(),
            decided: 0,
            ledger: Ledger::open(),
            cards: Memory::default(),
        };
        let mut parts: Vec<(Timestamp, usize, Part)> = (0..setup.orders)
            .map(|place| {
                let rng = &mut Rng::with_seed(mix(!setup.seed, place as u64));
                let part = if setup.scenario == Scenario::Quiet {
                    make::settled_part(rng)
                } else {
                    make::leading_part(place, rng)
                };
                (start - part.age(rng), place, part)
            })
            .collect();
        parts.sort_unstable_by_key(|(created, place, _)| (*created, *place));
        for (created, place, part) in parts {
            world.enter(place, part, created, start);
        }
        if setup.scenario == Scenario::VccDecline {
            let takes_cards =
                |order: &&mut Order| order.is_payable(start) && order.methods.contains(&PaymentMethod::Vcc);
            if let Some(order) =
                world.orders.iter_mut().rev().filter(|order| order.confirmed).find(takes_cards)
            {
                order.declines_cards = true;
            }
        }
        if setup.scenario.has_arrivals() {
            world.expect_arrival(0, start);
        }
        world
    }

    /// Puts one of the orders of the start in its place.
    fn enter(&mut self, place: usize, part: Part, created: Timestamp, start: Timestamp) {
        let created = self.free_moment(created);
        let mut order = make::order(self.setup.seed, place as u64, part, created, HOLD);
        make::play(&mut order, part, start);
        let index = self.orders.len();
        let rng = &mut Rng::with_seed(mix(order.seed, 0x1a7e));
        match part {
            Part::Ticketing => {
                self.decide(start, rng.i64(3_000..25_000), Happening::Settle(index, Fate::Ticket, None));
            }
            Part::Late => {
                self.decide(start, rng.i64(480_000..2_400_000), Happening::Settle(index, Fate::Ticket, None));
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
        self.orders.push(order);
    }

    /// The first millisecond from `wanted` on in which no order was made yet: order numbers are moments.
    fn free_moment(&self, wanted: Timestamp) -> Timestamp {
        let taken = self.orders.last().map(|order| order.created + SignedDuration::from_millis(1));
        to_millisecond(wanted).max(taken.unwrap_or(Timestamp::MIN))
    }

    /// When something will happen by itself next.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "webhooks will wake by it; without them nobody can see the difference")
    )]
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.happenings.first_key_value().map(|((at, _), _)| *at)
    }

    /// Carries out all that is due by `now`. A clock that is set back stands still instead.
    pub(super) fn advance(&mut self, now: Timestamp) {
        self.now = self.now.max(to_millisecond(now));
        while let Some(next) = self.happenings.first_entry()
            && next.key().0 <= self.now
        {
            let ((at, _), happening) = next.remove_entry();
            self.happen(happening, at);
        }
    }

    /// Decides that something will happen so many milliseconds (at speed 1) after `from`.
    fn decide(&mut self, from: Timestamp, milliseconds: i64, happening: Happening) {
        let at = from + self.setup.speed.shorten(SignedDuration::from_millis(milliseconds));
        self.decided += 1;
        self.happenings.insert((at, self.decided), happening);
    }

    fn expect_arrival(&mut self, nth: u64, from: Timestamp) {
        let gap = Rng::with_seed(mix(self.setup.seed, GAPS + nth)).i64(8_000..20_000);
        self.decide(from, gap, Happening::Arrival(nth));
    }

    fn happen(&mut self, happening: Happening, at: Timestamp) {
        match happening {
            Happening::Arrival(nth) => self.arrive(nth, at),
            Happening::PaidElsewhere(index) => {
                let order = &self.orders[index];
                let rng = &mut Rng::with_seed(mix(order.seed, 0xe15e));
                if order.is_payable(at) && self.can_afford(order, PaymentMethod::Vcc) {
                    let fate = if rng.u8(..6) == 0 { Fate::Fail(604) } else { Fate::Ticket };
                    let tail = format!("{:04}", rng.u16(..10_000));
                    self.accept(index, PaymentMethod::Vcc, fate, Some((tail, None)), at);
                }
            }
            Happening::Charge(index, fate) => self.charge(index, fate, at),
            Happening::Settle(index, fate, card) => self.settle(index, fate, card, at),
            Happening::Stop(index) => self.close(index, None, at),
        }
    }

    fn arrive(&mut self, nth: u64, at: Timestamp) {
        let rng = &mut Rng::with_seed(mix(self.setup.seed, PARTS + nth));
        let part = Part::Open(PaymentMethod::ALL[rng.usize(..4)]);
        let hold = self.setup.speed.shorten(HOLD);
        let order = make::order(self.setup.seed, ARRIVALS + nth, part, self.free_moment(at), hold);
        if order.methods.contains(&PaymentMethod::Vcc) && rng.u8(..3) == 0 {
            self.decide(at, rng.i64(15_000..180_000), Happening::PaidElsewhere(self.orders.len()));
        }
        self.orders.push(order);
        self.expect_arrival(nth + 1, at);
    }

    fn can_afford(&self, order: &Order, method: PaymentMethod) -> bool {
        let bill = order.bill(method);
        let fare = if bill.source == Source::Deposit { bill.fare.amount } else { Decimal::ZERO };
        self.ledger
            .balance(bill.service_fee.currency)
            .is_some_and(|balance| balance.amount >= fare + bill.service_fee.amount)
    }

    /// Takes what is taken at once, and decides when the airline answers.
    fn accept(
        &mut self,
        index: usize,
        method: PaymentMethod,
        fate: Fate,
        card: Option<(String, Option<u64>)>,
        at: Timestamp,
    ) {
        let order = &mut self.orders[index];
        let (card_tail, fingerprint) = card.map_or((None, None), |(tail, print)| (Some(tail), print));
        order.state = State::Ticketing(Paid { method, at, card_tail, attempted: false, stop_asked: false });
        order.updated = at;
        let bill = order.bill(method);
        self.ledger.charge(order, For::ServiceFee, Source::Deposit, bill.service_fee, at);
        if let Some(fee) = bill.payment_fee {
            self.ledger.charge(order, For::PaymentFee, bill.source, fee, at);
        }
        let takes = Rng::with_seed(mix(order.seed, 0x71ce)).i64(20_000..=35_000);
        if matches!(method, PaymentMethod::Deposit | PaymentMethod::Mor) {
            self.ledger.charge(order, For::Fare, bill.source, bill.fare, at);
        } else {
            self.decide(at, takes / 4, Happening::Charge(index, fate));
        }
        self.decide(at, takes, Happening::Settle(index, fate, fingerprint));
    }

    fn charge(&mut self, index: usize, fate: Fate, at: Timestamp) {
        let order = &mut self.orders[index];
        let State::Ticketing(paid) = &mut order.state else { return };
        paid.attempted = paid.method == PaymentMethod::Vcc;
        let method = paid.method;
        order.updated = at;
        if fate == Fate::Ticket {
            self.ledger.charge(order, For::Fare, order.bill(method).source, order.vendor_cost(), at);
        }
    }

    fn settle(&mut self, index: usize, fate: Fate, card: Option<u64>, at: Timestamp) {
        let order = &mut self.orders[index];
        let State::Ticketing(paid) = &order.state else { return };
        let stopped_in_time = paid.stop_asked && Rng::with_seed(mix(order.seed, 0x5709)).bool();
        match fate {
            Fate::Ticket if !stopped_in_time => {
                order.state = State::Ticketed(paid.clone(), make::locators(order));
                order.updated = at;
            }
            Fate::Ticket => self.close(index, None, at),
            Fate::Fail(code) => {
                if let Some(card) = card {
                    self.cards.failed(card, at);
                }
                self.close(index, Some(Failure::of(code)), at);
            }
        }
    }

    /// Cancels an order that is being ticketed, and gives the money back.
    fn close(&mut self, index: usize, failure: Option<Failure>, at: Timestamp) {
        let order = &mut self.orders[index];
        if let State::Ticketing(paid) = &order.state {
            order.state = State::Cancelled(Some(paid.clone()), failure);
            order.updated = at;
            self.ledger.reverse(order, at);
        }
    }
}

/// The wire counts milliseconds in order numbers, and so does this world.
fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{body, order::secs};
    use proptest::prelude::*;

    fn start() -> Timestamp {
        "2026-11-03T06:00:00.250Z".parse().unwrap()
    }

    fn setup(seed: u64, orders: usize) -> Setup {
        Setup { seed, speed: Speed(1.0), orders, scenario: Scenario::CalmDesk }
    }

    /// Everything that a client could learn, as text.
    fn everything(world: &World) -> String {
        let orders: Vec<String> = world.orders.iter().map(|order| body::query(order).to_string()).collect();
        format!("{}\n{}", orders.join("\n"), body::ledger(&world.ledger))
    }

    fn count(world: &World, test: impl Fn(&Order) -> bool) -> usize {
        world.orders.iter().filter(|order| test(order)).count()
    }

    #[test]
    fn the_same_seed_makes_the_same_hour_to_the_byte() {
        let hour = |seed| {
            let mut world = World::new(setup(seed, 60), start());
            world.advance(start() + secs(3_600));
            everything(&world)
        };
        assert_eq!(hour(7), hour(7));
        assert_ne!(hour(7), hour(8));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn it_does_not_matter_how_often_somebody_looks(
            seed: u64,
            steps in prop::collection::vec(0i64..120_000, 1..40),
        ) {
            let total: i64 = steps.iter().sum();
            let mut at_once = World::new(setup(seed, 35), start());
            let mut in_steps = World::new(setup(seed, 35), start());
            at_once.advance(start() + SignedDuration::from_millis(total));
            let mut now = start();
            for step in steps {
                now += SignedDuration::from_millis(step);
                in_steps.advance(now);
                prop_assert!(in_steps.next_due().is_some_and(|due| due > to_millisecond(now)));
            }
            prop_assert_eq!(everything(&at_once), everything(&in_steps));
        }
    }

    #[test]
    fn thirty_orders_show_everything_with_any_seed() {
        for seed in 0..50 {
            let world = World::new(setup(seed, 30), start());
            assert_eq!(world.orders.len(), 30);
            for method in PaymentMethod::ALL {
                let ready = |order: &Order| {
                    order.is_payable(start() + secs(14 * 60))
                        && order.methods.contains(&method)
                        && order.confirmed
                        && !order.is_mixed()
                        && world.can_afford(order, method)
                };
                assert!(count(&world, ready) >= 4, "{method} with seed {seed}");
            }
            let status = |order: &Order, status: i8| order.status() == status;
            let now = start();
            assert!(count(&world, |order| status(order, 0) && order.deadline <= now) >= 1);
            assert!(count(&world, |order| order.is_payable(now) && order.deadline < now + secs(60)) >= 1);
            assert!(count(&world, |order| order.is_payable(now) && !order.confirmed) >= 1);
            assert!(count(&world, |order| order.is_payable(now) && order.is_mixed()) >= 1);
            assert!(
                count(&world, |order| order.is_payable(now)
                    && !world.can_afford(order, PaymentMethod::Deposit))
                    >= 1
            );
            assert!(count(&world, |order| order.failure() == Some(Failure::of(604))) >= 1);
            assert!(count(&world, |order| status(order, 2)) >= 1);
            let late = |order: &Order| {
                status(order, 1)
                    && order.paid().is_some_and(|paid| now.duration_since(paid.at) > secs(10 * 60))
            };
            assert!(count(&world, late) >= 1);
            assert!(world.ledger.double_charges().is_empty());
            for order in &world.orders {
                assert!(order.created <= now && order.updated <= now, "{:?} lies ahead", order.no);
            }
        }
    }

    #[test]
    fn numbers_stay_unique_and_in_order_when_orders_crowd() {
        let mut world = World::new(setup(3, 10_000), start());
        world.advance(start() + secs(600));
        assert!(world.orders.len() > 10_000);
        assert!(world.orders.is_sorted_by(|one, next| one.no < next.no && one.created < next.created));
    }

    #[test]
    fn a_quiet_world_has_nothing_to_do() {
        let mut world = World::new(Setup { scenario: Scenario::Quiet, ..setup(5, 200) }, start());
        assert_eq!(world.next_due(), None);
        let before = everything(&world);
        world.advance(start() + secs(86_400));
        assert_eq!(everything(&world), before);
        assert_eq!(count(&world, |order| matches!(order.status(), 0 | 1)), 0);
    }

    #[test]
    fn a_calm_desk_brings_orders_pays_some_and_lets_others_lapse() {
        let mut world = World::new(setup(11, 40), start());
        world.advance(start() + secs(3_600));
        let arrived = world.orders.split_off(40);
        assert!((180..=450).contains(&arrived.len()), "{} arrived", arrived.len());
        assert!(arrived.iter().any(|order| order.status() == 2), "paid by somebody else");
        assert!(arrived.iter().any(|order| order.status() == -3), "and declined");
        assert!(arrived.iter().any(|order| order.status() == 0 && order.deadline < world.now), "lapsed");
        assert!(world.orders.iter().all(|order| order.status() != 1), "even the late one is done");
    }

    #[test]
    fn speed_shortens_what_lies_ahead_and_nothing_else() {
        let fast = Setup { speed: Speed(10.0), ..setup(11, 40) };
        let (mut slow, mut fast) = (World::new(setup(11, 40), start()), World::new(fast, start()));
        assert_eq!(everything(&slow), everything(&fast));
        slow.advance(start() + secs(3_600));
        fast.advance(start() + secs(360));
        assert!(slow.orders.len().abs_diff(fast.orders.len()) <= 1);
        let newest = fast.orders.last().unwrap();
        assert_eq!(newest.deadline, newest.created + secs(180));
    }
}
