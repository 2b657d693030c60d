//! From an accepted payment to a ticket, or to the money given back.

use fastrand::Rng;
use jiff::SignedDuration;
use rust_decimal::Decimal;

use super::{happening::Happening, state::World};
use crate::{
    domain::method::PaymentMethod,
    sim::{
        chance::mix,
        endpoint::Endpoint,
        fault::Target,
        ledger::For,
        notification::Type,
        order::{Failure, Fate, Fingerprint, Order, Paid, Source, State, make},
        scenario::{Deadline, Lapsed},
        story::Kind,
        time::Moment,
        time::secs,
    },
};

/// A passed-through card that the airline has not confirmed by then is given up.
const AIRLINE_CONFIRMS: SignedDuration = secs(2 * 3_600);

/// What hangs ends by itself after so many milliseconds.
const HANGS: i64 = 3 * 3_600_000;

/// The card of a payment: its last digits, and what it is known by when the simulator saw it.
pub(super) struct Used {
    pub tail: String,
    pub card: Option<Fingerprint>,
}

impl World {
    /// Begins ticketing, and decides when money is taken and when the airline answers.
    pub(super) fn accept(
        &mut self,
        index: usize,
        method: PaymentMethod,
        fate: Fate,
        used: Option<Used>,
        at: Moment,
    ) {
        let order = &mut self.orders[index];
        let (card_tail, card) = used.map_or((None, None), |used| (Some(used.tail), used.card));
        order.state = State::Ticketing(Paid {
            method,
            at,
            card_tail,
            card,
            fate,
            charged: false,
            stop_asked: false,
            suspended: None,
        });
        order.updated = at;
        if self.switches.deadline == Deadline::Rewritten {
            order.deadline = at + secs(80 * 60);
        }
        let takes = Rng::with_seed(mix(order.seed, 0x71ce)).i64(20_000..=35_000);
        let by_card = method == PaymentMethod::Vcc;
        self.decide(at, takes / 4, Happening::Charge(index));
        let settles = match fate {
            Fate::Ticket | Fate::Fail(_) | Fate::Suspend(_) => takes,
            Fate::Hang if by_card => i64::try_from(AIRLINE_CONFIRMS.as_millis()).unwrap_or(HANGS),
            Fate::Hang | Fate::WithoutPnr => HANGS,
        };
        self.decide(at, settles, Happening::Settle(index));
        self.record(at, Kind::Paid, Some(index), method.word());
    }

    /// Another desk of the agency pays, if it still can. Where neither a fault nor the story decides how that
    /// ends, it ends as `otherwise`.
    pub(super) fn pay_elsewhere(&mut self, index: usize, method: PaymentMethod, otherwise: Fate, at: Moment) {
        let order = &self.orders[index];
        let is_ready = order.is_payable(at) && order.confirmed;
        if !is_ready || !order.routing.supports(method) || !self.can_afford(order, method) {
            return;
        }
        let target = Target { endpoint: Endpoint::Pay, order: Some(order), method: Some(method) };
        let fate = self.faults.meet_fate(&target, at).or(order.fate_by(method)).unwrap_or(otherwise);
        let tail = format!("{:04}", Rng::with_seed(mix(order.seed, 0xe15e)).u16(..10_000));
        let used = method.needs_card().then_some(Used { tail, card: None });
        self.accept(index, method, fate, used, at);
    }

    /// True when the deposit can pay its part.
    pub(super) fn can_afford(&self, order: &Order, method: PaymentMethod) -> bool {
        let bill = order.bill(method);
        let fare = if bill.source == Source::Deposit { bill.fare.amount } else { Decimal::ZERO };
        self.ledger
            .balance(bill.service_fee.currency)
            .is_some_and(|balance| balance.amount >= fare + bill.service_fee.amount)
    }

    /// Money is taken: at once what the vendor takes, and what the airline takes unless it declines.
    pub(super) fn charge(&mut self, index: usize, at: Moment) {
        let State::Ticketing(paid) = &self.orders[index].state else { return };
        let (method, fate) = (paid.method, paid.fate);
        // Two payments may have been accepted against one balance.
        let falls_short = !self.can_afford(&self.orders[index], method);
        let order = &mut self.orders[index];
        order.updated = at;
        let State::Ticketing(paid) = &mut order.state else { return };
        paid.charged = true;
        if falls_short {
            paid.fate = Fate::Fail(617);
            return;
        }
        let bill = order.bill(method);
        self.ledger.charge(order, For::ServiceFee, Source::Deposit, bill.service_fee, at);
        if let Some(fee) = bill.payment_fee {
            self.ledger.charge(order, For::PaymentFee, bill.source, fee, at);
        }
        let fare = match (bill.source, fate) {
            (Source::Deposit, _) => Some(bill.fare),
            (_, Fate::Ticket | Fate::WithoutPnr | Fate::Suspend(_)) if method == PaymentMethod::Mor => {
                Some(bill.fare)
            }
            (_, Fate::Ticket | Fate::WithoutPnr | Fate::Suspend(_)) => Some(order.vendor_cost()),
            (_, Fate::Fail(_) | Fate::Hang) => None,
        };
        if let Some(fare) = fare {
            self.ledger.charge(order, For::Fare, bill.source, fare, at);
            self.record(at, Kind::Charged, Some(index), format!("{fare} from {}", bill.source.word()));
        }
    }

    /// Ticketing ends as it was fated to.
    pub(super) fn settle(&mut self, index: usize, at: Moment) {
        let order = &mut self.orders[index];
        let State::Ticketing(paid) = &order.state else { return };
        let (fate, card, suspended) = (paid.fate, paid.card, paid.suspended);
        let hung_by_card = fate == Fate::Hang && paid.method == PaymentMethod::Vcc;
        let stopped_in_time = paid.stop_asked && Rng::with_seed(mix(order.seed, 0x5709)).bool();
        match fate {
            Fate::Fail(code) => {
                if let Some(card) = card {
                    self.cards.failed(card, at);
                }
                self.close(index, Some(Failure::of(code)), at);
            }
            Fate::Hang if hung_by_card => self.close(index, Failure::known(634), at),
            Fate::Suspend(code) if suspended.is_none() => self.suspend(index, code, at),
            Fate::Suspend(code) => self.close(index, Some(Failure::of(code)), at),
            _ if stopped_in_time => self.close(index, None, at),
            Fate::Ticket | Fate::Hang | Fate::WithoutPnr => {
                let locators = make::locators(order);
                order.state = State::Ticketed(paid.clone(), locators.clone());
                order.updated = at;
                self.record(at, Kind::Ticketed, Some(index), locators.join(" "));
                self.announce(Type::Ticketed, index, at);
            }
        }
    }

    /// Cancels an order that is being ticketed, and gives the money back.
    pub(super) fn close(&mut self, index: usize, failure: Option<Failure>, at: Moment) {
        let order = &mut self.orders[index];
        let State::Ticketing(paid) = &order.state else { return };
        order.state = State::Cancelled(Some(paid.clone()), failure);
        order.updated = at;
        self.ledger.reverse(order, at);
        let why = failure
            .map_or_else(|| "stopped".to_owned(), |failure| format!("{} {}", failure.code, failure.message));
        self.record(at, Kind::Cancelled, Some(index), why);
        self.announce(Type::Cancelled, index, at);
    }

    /// The payment deadline is over. An order of the Fulfilment API is given up even if it has been paid.
    pub(super) fn lapse(&mut self, index: usize, at: Moment) {
        let cancels = self.switches.lapsed == Lapsed::Cancelled;
        let order = &mut self.orders[index];
        match order.state {
            State::Unpaid if order.fulfilment || cancels => {
                order.state = State::Cancelled(None, None);
                order.updated = at;
                self.record(at, Kind::Lapsed, Some(index), "cancelled");
            }
            State::Unpaid => self.record(at, Kind::Lapsed, Some(index), ""),
            State::Ticketing(_) if order.fulfilment => self.close(index, Failure::known(634), at),
            _ => {}
        }
    }
}
