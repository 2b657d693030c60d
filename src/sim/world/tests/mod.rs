//! The world by itself: no socket, and a wall clock that is set by hand.

mod asking;
mod baggage;
mod paying;
mod stories;

use jiff::{SignedDuration, Timestamp};

use super::{Filter, Find, Pay, Setup, World};
use crate::{
    domain::{method::PaymentMethod, order::OrderNo},
    sim::{
        card::tests::good_card,
        order::Order,
        scenario::{Scenario, tests::parsed},
        time::{Moment, Speed, secs},
    },
};

fn start() -> Timestamp {
    "2026-11-03T06:00:00.250Z".parse().unwrap()
}

fn at(seconds: i64) -> Moment {
    Moment::after(secs(seconds))
}

fn setup(scenario: &str, seed: u64, orders: usize) -> Setup {
    let scenario = scenario.parse().unwrap();
    Setup { seed, speed: Speed::new(1.0).unwrap(), orders: Some(orders), scenario, webhook: None }
}

/// A calm desk of forty orders.
fn desk() -> World {
    World::new(setup("calm-desk", 20, 40), start())
}

/// A world of a story that is written here.
fn played_world(orders_and_timeline: &str) -> World {
    let head = "title = { en = 't', zh-CN = 't' }\nabout = { en = 'a', zh-CN = 'a' }\n";
    let scenario = parsed(&format!("{head}{orders_and_timeline}"));
    World::new(Setup { scenario, orders: None, ..setup("quiet", 7, 0) }, start())
}

/// Lets so many seconds of the story have gone by since its start.
fn after(world: &mut World, seconds: i64) {
    world.advance(start() + secs(seconds));
}

/// The first order of which `test` holds.
fn find(world: &World, test: impl Fn(&Order) -> bool) -> OrderNo {
    world.orders.iter().find(|order| test(order)).unwrap().no
}

fn get(world: &World, no: OrderNo) -> &Order {
    world.find(no.as_str()).unwrap()
}

fn named<'a>(world: &'a World, name: &str) -> &'a Order {
    &world.orders[world.names[name]]
}

/// An order that can be paid so for a quarter of an hour.
fn ready(world: &World, method: PaymentMethod) -> OrderNo {
    find(world, |order| {
        order.is_payable(at(840))
            && order.routing.supports(method)
            && order.confirmed
            && world.can_afford(order, method)
    })
}

fn request(order: OrderNo, method: PaymentMethod) -> Pay {
    Pay { order_no: order.to_string(), method, card: method.needs_card().then(good_card) }
}

/// With a card of the brand that the order was made with.
fn of_brand(world: &World, mut request: Pay) -> Pay {
    let order = world.find(&request.order_no).unwrap();
    if let (Some(card), Some(brand)) = (&mut request.card, order.brand) {
        card.number = if brand.word() == "Visa" { "4054695723100768" } else { "5162774114974622" }.into();
    }
    request
}

/// Everything that a client could learn, as text.
fn everything(world: &World) -> String {
    use crate::sim::body;
    let encoder = body::Encoder::of(world);
    let orders: Vec<String> =
        world.orders.iter().map(|order| body::query(&encoder, order).to_string()).collect();
    format!("{}\n{}", orders.join("\n"), body::ledger(&encoder, &world.ledger))
}

fn count(world: &World, test: impl Fn(&Order) -> bool) -> usize {
    world.orders.iter().filter(|order| test(order)).count()
}

fn later(milliseconds: i64) -> Timestamp {
    start() + SignedDuration::from_millis(milliseconds)
}
