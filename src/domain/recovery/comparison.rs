//! The old price and the new one.

use crate::domain::{method::PaymentMethod, money::Money, order::Order, payable};

/// What became of the price: the same sum on the old order and on the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What the old order would have taken from the source, if it is known in the same currency.
    pub old: Option<Money>,
    /// What the new one takes.
    pub new: Money,
}

impl Comparison {
    /// Compares what `method` takes for either order; `None` while the new one's price is not known.
    pub fn of(method: PaymentMethod, old: &Order, new: &Order) -> Option<Self> {
        let due = payable::amount_due(method, new)?;
        let total = |order: &Order| {
            let details = order.details.as_ref()?;
            let total = details.total?;
            details.service_fee.map_or(Some(total), |fee| total.plus(fee))
        };
        let same_currency = |money: &Money| money.currency == due.currency;
        let before = payable::amount_due(method, old).or_else(|| total(old)).filter(same_currency);
        Some(Self { old: before, new: due })
    }

    /// What it costs more; negative when it became cheaper, none when that cannot be told.
    pub fn rise(&self) -> Option<Money> {
        self.new.minus(self.old?)
    }

    /// True unless the new price is known to be no higher than the old one.
    pub fn asks_again(&self) -> bool {
        self.rise().is_none_or(|rise| rise.amount.is_sign_positive() && !rise.amount.is_zero())
    }

    /// True when the new price is at most `percent` above the old one.
    pub fn is_within(&self, percent: rust_decimal::Decimal) -> bool {
        let hundred = rust_decimal::Decimal::ONE_HUNDRED;
        self.old.is_some_and(|old| self.new.amount * hundred <= old.amount * (hundred + percent))
    }
}
