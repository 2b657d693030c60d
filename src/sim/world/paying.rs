//! `pay.do`: what is in the way, in the documented order of checks, and what becomes of what is accepted.

use jiff::SignedDuration;

use super::{state::World, ticketing::Used};
use crate::{
    domain::method::PaymentMethod,
    sim::{
        card::{Card, Trigger},
        endpoint::Endpoint,
        fault::Target,
        order::{Fate, Order, State},
        refusal::Refusal,
        scenario::{Reject, Unconfirmed, Unknown},
        story::Kind,
        time::secs,
    },
};

/// `pay.do`, as asked.
pub(in crate::sim) struct Pay {
    pub order_no: String,
    pub method: PaymentMethod,
    pub card: Option<Card>,
}

/// In the first moments after a payment another one gets the answer that the first is still being worked on.
const PAYMENT_RUNS: SignedDuration = secs(5);

impl World {
    /// `pay.do`: accepts the payment, or says what is in the way.
    pub(in crate::sim) fn pay(&mut self, asked: &Pay) -> Result<&Order, Refusal> {
        let now = self.now;
        let index = self.index_of(&asked.order_no).ok_or_else(|| self.unknown_payment())?;
        let order = &self.orders[index];
        match &order.state {
            State::Ticketing(paid) if now < paid.at + PAYMENT_RUNS => {
                return Err(Refusal::new(406, "Payment operation is in progress"));
            }
            State::Ticketing(_) | State::Cancelled(..) => {
                return Err(Refusal::new(402, "Order status does not allow payment"));
            }
            State::Ticketed(..) => return Err(Refusal::new(404, "The order is already paid")),
            State::Unpaid if now >= order.deadline => return Err(Refusal::new(401, "Time out of payment")),
            State::Unpaid => {}
        }
        if order.routing.methods.is_empty() {
            return Err(Refusal::new(412, "No payment method is available"));
        }
        if !order.routing.supports(asked.method) {
            return Err(Refusal::new(403, "Unsupported payment method"));
        }
        if let Some(card) = &asked.card {
            self.check_card(index, asked.method, card)?;
        }
        if !self.orders[index].confirmed {
            if self.switches.unconfirmed == Unconfirmed::Cancelled {
                self.orders[index].state = State::Cancelled(None, None);
                self.orders[index].updated = now;
                self.record(now, Kind::Cancelled, Some(index), "paid before the traveller confirmed");
            }
            return Err(Refusal::new(415, "Order is not confirmed by user"));
        }
        if !self.can_afford(&self.orders[index], asked.method) {
            return Err(Refusal::new(411, "General payment error: the account balance is not enough"));
        }
        let fate = self.fate_of(index, asked);
        let used = asked.card.as_ref().map(|card| Used { tail: card.tail(), card: Some(card.fingerprint()) });
        if let (Some(used), Fate::Ticket) = (&used, fate) {
            self.cards.paid(used.card.unwrap_or_default());
        }
        self.accept(index, asked.method, fate, used, now);
        Ok(&self.orders[index])
    }

    fn unknown_payment(&self) -> Refusal {
        match self.switches.unknown {
            Unknown::NoSuchOrder => Refusal::new(800, "Order does not exist"),
            Unknown::NotFound | Unknown::Nulls => Refusal::new(400, "orderNo is not an order"),
        }
    }

    /// What can be said of a card before the airline is asked. A card that is refused has failed once more.
    fn check_card(&mut self, index: usize, method: PaymentMethod, card: &Card) -> Result<(), Refusal> {
        let now = self.now;
        let fingerprint = card.fingerprint();
        if self.cards.distrusts(fingerprint, now) {
            return Err(Refusal::new(413, "Card declined due to risk control"));
        }
        let known = self.cards.knows(fingerprint);
        let today = self.clock().now();
        let at_once = match card.trigger() {
            Some(Trigger::Status(status)) => Some(status),
            Some(Trigger::Ticketing(Fate::Fail(code))) if self.switches.reject == Reject::AtOnce => {
                Some(i64::from(code))
            }
            _ => None,
        };
        let in_a_field = |refusal: Refusal| match refusal.status {
            413 => Refusal { status: self.switches.card.status(), ..refusal },
            _ => refusal,
        };
        let refused = match at_once {
            Some(status) => Err(Refusal::new(status, format!("The card asks for status {status}"))),
            None => card
                .check_form(method, known, today)
                .map_err(in_a_field)
                .and_then(|()| card.check_brand(&self.orders[index], method)),
        };
        if refused.is_err() {
            self.cards.failed(fingerprint, now);
        }
        refused
    }

    /// How ticketing of an accepted payment will end: as a fault has it, as the story has it, as the card has
    /// it, and else well.
    fn fate_of(&mut self, index: usize, asked: &Pay) -> Fate {
        let order = &self.orders[index];
        let target = Target { endpoint: Endpoint::Pay, order: Some(order), method: Some(asked.method) };
        if let Some(fate) = self.faults.meet_fate(&target, self.now) {
            return fate;
        }
        if let Some(fate) = order.fate_by(asked.method) {
            return fate;
        }
        let Some(card) = &asked.card else { return Fate::Ticket };
        if let Some(Trigger::Ticketing(fate)) = card.trigger()
            && self.switches.reject != Reject::Ignored
        {
            return fate;
        }
        let passed_through = asked.method == PaymentMethod::Vcc;
        if passed_through && !card.satisfies(order.routing.billing()) {
            return Fate::Fail(619);
        }
        if passed_through && card.limit.is_some_and(|limit| limit < order.vendor_cost().amount) {
            return Fate::Fail(601);
        }
        Fate::Ticket
    }
}
