//! What leaves when an order is paid: the amount from its source, and the service fee, which is part of that or comes from
//! the deposit besides.

use super::{
    method::PaymentMethod,
    money::Money,
    order::{Order, OrderStatus},
    payable::{amount_due, service_fee_due},
};

/// What one method takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlay {
    /// The method.
    pub method: PaymentMethod,
    /// What leaves the source; this is what is confirmed.
    pub amount: Money,
    /// What the ticket alone costs, if the vendor says.
    pub ticket: Option<Money>,
    /// What is added for paying by card, if anything is.
    pub card_fee: Option<Money>,
    /// Atlas's technical service fee, if there is one.
    pub fee: Option<Money>,
    /// The fee is part of the amount; else it comes from the deposit besides.
    pub is_fee_included: bool,
}

impl Outlay {
    /// What `method` would take for `order`; none while that is not known.
    pub fn by(method: PaymentMethod, order: &Order) -> Option<Self> {
        let amount = amount_due(method, order)?;
        let besides = service_fee_due(method, order);
        let details = order.details.as_ref()?;
        let named = details.option(method).and_then(|option| option.service_fee).map(|fee| fee.money);
        let fee = besides.or(named).or(details.service_fee);
        let option = details.option(method);
        let ticket = option.and_then(|option| option.ticket_fare).map(|fare| fare.money);
        let card_fee = option.and_then(|option| option.payment_fee).map(|fee| fee.money);
        Some(Self {
            method,
            amount,
            ticket: ticket.or(details.total.filter(|_| method == PaymentMethod::Deposit)),
            card_fee: card_fee.filter(|fee| !fee.amount.is_zero()),
            fee: fee.filter(|fee| !fee.amount.is_zero()),
            is_fee_included: besides.is_none(),
        })
    }

    /// What the deposit holds after it: less the amount where that comes from it, else less the fee.
    pub fn balance_after(&self, balance: Money) -> Option<Money> {
        let besides = self.fee.filter(|_| !self.is_fee_included);
        let taken = if self.method == PaymentMethod::Deposit { Some(self.amount) } else { besides };
        taken.map_or(Some(balance), |taken| balance.minus(taken))
    }

    /// What each method on offer would take for an order that can still be paid, deposit first.
    pub fn all(order: &Order) -> impl Iterator<Item = Self> {
        let details = order.details.as_deref().filter(|_| order.status == OrderStatus::Unpaid);
        let offered =
            move |method: &PaymentMethod| details.is_some_and(|details| details.methods.contains(method));
        PaymentMethod::ALL.into_iter().filter(offered).filter_map(|method| Self::by(method, order))
    }

    /// What was taken for `order` if it was paid, else what its first method would take, deposit before all.
    pub fn of(order: &Order) -> Option<Self> {
        Self::taken(order)
            .or_else(|| Self::all(order).next())
            .or_else(|| Self::by(PaymentMethod::Deposit, order))
    }

    fn taken(order: &Order) -> Option<Self> {
        let payment = order.details.as_ref()?.payment.as_ref()?;
        let source = payment.ticket_fare?.from;
        let fee = payment.service_fee.filter(|fee| !fee.money.amount.is_zero());
        Some(Self {
            method: payment.method,
            amount: payment.taken_from(source)?,
            ticket: payment.ticket_fare.map(|fare| fare.money),
            card_fee: payment.payment_fee.map(|fee| fee.money).filter(|fee| !fee.amount.is_zero()),
            fee: fee.map(|fee| fee.money),
            is_fee_included: fee.is_none_or(|fee| fee.from == source),
        })
    }
}
