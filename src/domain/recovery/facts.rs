//! What the planner goes by.

use jiff::SignedDuration;

use super::Route;
use crate::domain::{
    attempt::Attempt,
    lineage::Lineage,
    method::PaymentMethod,
    moment::Now,
    money::Money,
    order::{Order, OrderStatus},
    payable,
    regeneration::REGENERABLE_FOR,
};

/// With less time left than this a declined card could not be recovered any more: a deposit goes first.
pub const CARD_MARGIN: SignedDuration = SignedDuration::from_mins(3);

/// An order that is held for no longer than this is a fulfilment order: its whole retry fits inside, or is given up.
const FULFILMENT_HOLD: SignedDuration = SignedDuration::from_mins(5);

/// With less of that time left, no further retry is begun.
const FULFILMENT_MARGIN: SignedDuration = SignedDuration::from_mins(1);

/// What the planner goes by.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What time it is.
    pub now: Now,
    /// The order, as a fresh query showed it.
    pub order: &'a Order,
    /// What was done so far for it and the orders that belong to it.
    pub lineage: &'a Lineage,
    /// The order that was made from it, once it was seen.
    pub child: Option<&'a Order>,
    /// Balance of the Atlas account in settlement currency, if known.
    pub balance: Option<Money>,
}

impl<'a> Facts<'a> {
    /// The last attempt on the order itself.
    pub fn last(&self) -> Option<&'a Attempt> {
        self.lineage.attempts.iter().rev().find(|attempt| attempt.order == self.order.no)
    }

    /// The route that the last attempt took.
    pub(super) fn same_path(&self) -> Route {
        match self.last().map(|attempt| attempt.method) {
            Some(PaymentMethod::Vcc | PaymentMethod::Mor) => Route::SameCard,
            Some(PaymentMethod::Byoa) => Route::Account,
            Some(PaymentMethod::Deposit) | None => Route::Deposit,
        }
    }

    pub(super) fn is_young(&self) -> bool {
        self.order.created.is_some_and(|created| self.now.at < created + REGENERABLE_FOR)
    }

    pub(super) fn charge_begun(&self) -> bool {
        self.order.details.as_ref().is_some_and(|details| details.payment_attempted == Some(true))
    }

    fn time_left(&self) -> Option<SignedDuration> {
        Some(self.order.deadline()?.duration_since(self.now.at))
    }

    pub(super) fn has_little_time(&self) -> bool {
        self.time_left().is_some_and(|left| left < CARD_MARGIN)
    }

    /// A fulfilment order in the last minute of its five.
    pub(super) fn is_too_late_for_retries(&self) -> bool {
        let order = self.order;
        let hold =
            order.deadline().zip(order.created).map(|(deadline, created)| deadline.duration_since(created));
        hold.is_some_and(|hold| hold <= FULFILMENT_HOLD)
            && !self.lineage.attempts.is_empty()
            && matches!(order.status, OrderStatus::Unpaid | OrderStatus::Cancelled)
            && self.time_left().is_some_and(|left| left < FULFILMENT_MARGIN)
    }

    pub(super) fn needs_several_cards(order: &Order) -> bool {
        order.airlines.len() > 1 || order.details.as_ref().is_some_and(|details| details.separate_bookings)
    }

    /// What the deposit lacks to pay `order` by `method`, if it is known to lack anything.
    pub(super) fn shortfall(&self, method: PaymentMethod, order: &Order) -> Option<Money> {
        let needed = match method {
            PaymentMethod::Deposit => payable::amount_due(method, order)?,
            _ => payable::service_fee_due(method, order)?,
        };
        let missing = needed.minus(self.balance?)?;
        (missing.amount.is_sign_positive() && !missing.amount.is_zero()).then_some(missing)
    }
}
