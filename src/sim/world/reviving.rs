//! `regenerateOrder.do` and `stopTicket.do`.

use jiff::SignedDuration;

use super::{happening::Happening, state::World};
use crate::sim::{
    endpoint::Endpoint,
    fault::Target,
    order::{Failure, Order, State, make},
    refusal::Refusal,
    scenario::Regenerations,
    story::Kind,
    time::secs,
};

/// An order can be regenerated for so long.
const REGENERATION: SignedDuration = secs(24 * 3_600);

/// The vendor asks to look again so long after a wish to stop.
const STOPPING: SignedDuration = secs(8 * 60);

impl World {
    /// `regenerateOrder.do`: a new order at today's fare. Asking twice makes two, unless the switch says
    /// otherwise.
    pub(in crate::sim) fn regenerate(&mut self, order_no: &str) -> Result<&Order, Refusal> {
        let now = self.now;
        let original = self.known(order_no)?;
        let original = &self.orders[original];
        if matches!(original.state, State::Ticketing(_) | State::Ticketed(..)) {
            return Err(Refusal::new(
                314,
                "Unable to regenerate order: the original order is ticketing or ticketed",
            ));
        }
        if now.since(original.made) > REGENERATION {
            return Err(Refusal::new(301, "Source data expired"));
        }
        if original.failure().is_some_and(Failure::is_of_flight) {
            return Err(Refusal::new(302, "The flight is no longer available"));
        }
        let children: Vec<&Order> =
            self.orders.iter().filter(|order| order.original == Some(original.no)).collect();
        let alive = children.iter().find(|child| !matches!(child.state, State::Cancelled(..)));
        match (self.switches.regenerations, alive) {
            (Regenerations::Duplicate, Some(child)) => {
                return Err(Refusal::new(318, "Duplicate booking").with_duplicates([child.no]));
            }
            (Regenerations::InProgress, Some(_)) => {
                return Err(Refusal::new(330, "Regeneration is already in progress"));
            }
            _ => {}
        }
        let target = Target { endpoint: Endpoint::Regenerate, order: Some(original), method: None };
        let permille = self.faults.meet_price(&target, now);
        let new = make::regenerated(original, children.len() as u64, permille, self.birth(now));
        let old = original.name.clone();
        let index = self.push(new);
        let detail = format!("from {old} at {}", self.orders[index].total());
        self.record(now, Kind::Regenerated, Some(index), detail);
        Ok(&self.orders[index])
    }

    /// `stopTicket.do`: tries.
    pub(in crate::sim) fn stop(&mut self, order_no: &str) -> Result<(), Refusal> {
        let index = self.known(order_no)?;
        self.ask_to_stop(index)
    }

    pub(super) fn ask_to_stop(&mut self, index: usize) -> Result<(), Refusal> {
        let now = self.now;
        let State::Ticketing(paid) = &mut self.orders[index].state else {
            return Err(Refusal::new(402, "The order is not in ticketing"));
        };
        if !std::mem::replace(&mut paid.stop_asked, true) {
            self.decide(now, STOPPING.as_secs() * 1_000, Happening::Stop(index));
            self.record(now, Kind::StopAsked, Some(index), "");
        }
        Ok(())
    }
}
