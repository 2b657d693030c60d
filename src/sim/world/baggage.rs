//! Baggage that the airline does not sell as it was booked: ticketing is suspended, and `confirmBaggageLoss.do` lets it go on.

use fastrand::Rng;

use super::{happening::Happening, state::World};
use crate::sim::{
    chance::mix,
    notification::Type,
    order::{Fate, State},
    refusal::Refusal,
    story::Kind,
    time::Moment,
};

/// An order that nobody decides about is given up after so many milliseconds.
const GIVEN_UP: i64 = 30 * 60_000;

/// The code of a loss that may be accepted.
const LOSS: u16 = 3011;

impl World {
    /// The airline sells the baggage at another price, or not at all: somebody is asked.
    pub(super) fn suspend(&mut self, index: usize, code: u16, at: Moment) {
        let order = &mut self.orders[index];
        let State::Ticketing(paid) = &mut order.state else { return };
        paid.suspended = Some(code);
        order.updated = at;
        self.decide(at, GIVEN_UP, Happening::Settle(index));
        self.record(at, Kind::Suspended, Some(index), code.to_string());
        self.announce(Type::Baggage, index, at);
    }

    /// `confirmBaggageLoss.do`: ticketing goes on at the airline's price. A second one finds nothing to accept.
    pub(in crate::sim) fn confirm_loss(&mut self, order_no: &str) -> Result<(), Refusal> {
        let index = self.known(order_no)?;
        let now = self.now;
        let order = &mut self.orders[index];
        let takes = Rng::with_seed(mix(order.seed, 0xba66)).i64(20_000..=35_000);
        let State::Ticketing(paid) = &mut order.state else {
            return Err(Refusal::new(402, "The order is not in ticketing"));
        };
        match paid.suspended {
            Some(LOSS) => {
                (paid.suspended, paid.fate) = (None, Fate::Ticket);
                order.updated = now;
                self.decide(now, takes, Happening::Settle(index));
                self.record(now, Kind::LossAccepted, Some(index), "");
                Ok(())
            }
            Some(_) => Err(Refusal::new(309, "The baggage cannot be purchased; accepting does not help")),
            None => Err(Refusal::new(402, "The order waits for no decision about baggage")),
        }
    }
}
