//! What the planner goes by.

use super::path::PaymentPath;
use crate::domain::{
    attempt::Attempt, lineage::Lineage, method::PaymentMethod, moment::Now, money::Money, order::Order,
    payable, stoppable::is_being_stopped,
};

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
        self.lineage.attempts_on(self.order.no).next_back()
    }

    /// The path that the last attempt took.
    pub(super) fn same_path(&self) -> PaymentPath {
        match self.last().map(|attempt| attempt.method) {
            Some(PaymentMethod::Vcc | PaymentMethod::Mor) => PaymentPath::SameCard,
            Some(PaymentMethod::Byoa) => PaymentPath::Account,
            Some(PaymentMethod::Deposit) | None => PaymentPath::Deposit,
        }
    }

    /// The vendor is at stopping issuance, or may be.
    pub fn is_being_stopped(&self) -> bool {
        is_being_stopped(self.order, self.lineage, self.now.at)
    }

    pub(super) fn charge_begun(&self) -> bool {
        self.order.details.as_ref().is_some_and(|details| details.payment_attempted == Some(true))
    }

    /// True when no further retry is begun.
    pub(super) fn is_too_late_for_retries(&self) -> bool {
        !self.lineage.attempts.is_empty() && self.order.is_too_late_for_retries(self.now.at)
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
