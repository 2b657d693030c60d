//! What is needed to tell of an order.

use super::format::{singapore, utc};
use crate::sim::{
    chance::mix,
    order::Order,
    scenario::{Cancelled, Switches, Tickets},
    time::{Clock, Moment},
    world::World,
};

/// What is needed to tell of an order over the wire: story time as wall time, and the variants in play.
#[derive(Clone, Copy)]
pub(in crate::sim) struct Encoder<'a> {
    pub clock: &'a Clock,
    pub switches: Switches,
}

impl<'a> Encoder<'a> {
    /// As the world stands.
    pub(in crate::sim) fn of(world: &'a World) -> Self {
        Self { clock: world.clock(), switches: world.switches }
    }

    /// `yyyy-MM-dd HH:mm:ss` in Singapore.
    pub(super) fn singapore(&self, at: Moment) -> String {
        singapore(self.clock.wall(at))
    }

    /// `yyyy-MM-ddTHH:mm:ssZ`.
    pub(super) fn utc(&self, at: Moment) -> String {
        utc(self.clock.wall(at))
    }

    /// The tickets of the `nth` traveller, one of each airline. Low-cost carriers often have none of their own:
    /// then the locator stands for them.
    pub(super) fn tickets(&self, order: &Order, nth: usize) -> Vec<String> {
        let locators = order.locators().iter();
        match self.switches.tickets {
            Tickets::Shared => locators.cloned().collect(),
            Tickets::Each => {
                let first = |airline: u64| mix(order.seed, 0x71c7 + airline) % 9_999_999_999_900;
                let number = |(_, airline)| format!("{:013}", first(airline) + nth as u64);
                locators.zip(0..).map(number).collect()
            }
        }
    }

    /// `orderStatus`.
    pub(super) fn status(&self, order: &Order) -> i8 {
        match (order.status(), self.switches.cancelled) {
            (-3, Cancelled::Older) => 3,
            (status, _) => status,
        }
    }
}
