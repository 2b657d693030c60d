//! Orders that come in by themselves.

use fastrand::Rng;

use super::{happening::Happening, state::World};
use crate::{
    domain::method::PaymentMethod,
    sim::{
        chance::{ARRIVALS, GAPS, PARTS, mix, pick},
        order::{
            Order, Part,
            make::{self, Wishes},
        },
        story::Kind,
        time::Moment,
    },
};

impl World {
    pub(super) fn expect_arrival(&mut self, nth: u64, from: Moment) {
        let Some(arrivals) = &self.script.arrivals else { return };
        let [least, most] = arrivals.every.map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        let gap = Rng::with_seed(mix(self.setup.seed, GAPS + nth)).i64(least..=most);
        // Two orders never come at once: the world would not get past the moment.
        self.decide(from, gap.max(1), Happening::Arrival(nth));
    }

    pub(super) fn arrive(&mut self, nth: u64, at: Moment) {
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
    pub(super) fn come_in(&mut self, order: Order, at: Moment) {
        let index = self.push(order);
        let detail = self.describe(index);
        self.record(at, Kind::Arrived, Some(index), detail);
    }
}
