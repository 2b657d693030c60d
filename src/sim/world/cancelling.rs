//! `cancelOrder.do`, which no public page names.

use super::state::World;
use crate::sim::{order::State, refusal::Refusal, scenario::Cancelling, story::Kind};

impl World {
    /// True where the account may cancel orders.
    pub(in crate::sim) fn may_cancel(&self) -> bool {
        self.switches.cancelling == Cancelling::On
    }

    /// `cancelOrder.do`: gives up an order that is held. Only the numbers of its refusals are known: which is
    /// which is made up.
    pub(in crate::sim) fn cancel(&mut self, order_no: &str) -> Result<(), Refusal> {
        let now = self.now;
        let index = self.known(order_no)?;
        let order = &mut self.orders[index];
        match order.state {
            State::Ticketing(_) => return Err(Refusal::new(360, "The order is paid and in ticketing")),
            State::Ticketed(..) => return Err(Refusal::new(361, "The order is ticketed")),
            State::Unpaid if now < order.deadline => {}
            State::Unpaid | State::Cancelled(..) => {
                return Err(Refusal::new(362, "The order is not held any more"));
            }
        }
        order.state = State::Cancelled(None, None);
        order.updated = now;
        self.record(now, Kind::Cancelled, Some(index), "by cancelOrder.do");
        Ok(())
    }
}
