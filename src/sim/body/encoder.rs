//! What is needed to tell of an order.

use super::format::{singapore, utc};
use crate::sim::{
    order::Order,
    scenario::{Cancelled, Switches},
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

    /// `orderStatus`.
    pub(super) fn status(&self, order: &Order) -> i8 {
        match (order.status(), self.switches.cancelled) {
            (-3, Cancelled::Older) => 3,
            (status, _) => status,
        }
    }
}
