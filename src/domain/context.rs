//! What a payment is judged by.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    airline_trouble::AirlineTroubles,
    billing::BillingRules,
    lineage::Lineage,
    money::{Currency, Money},
    order::Order,
    refusals::Refusals,
    work::Owner,
};

/// The desk's own rules, the same for every order.
#[derive(Clone, Copy, Debug)]
pub struct PaymentRules<'a> {
    /// Which airline wants which part of the billing address.
    pub billing: &'a BillingRules,
    /// A wrong check digit is a warning only: four of the vendor's own test cards have one. Never on a live environment.
    pub lenient_luhn: bool,
    /// The most that one payment may be, by currency.
    pub limits: &'a BTreeMap<Currency, Money>,
    /// Which cards were refused lately, on any order.
    pub refusals: &'a Refusals,
    /// Which airlines are in trouble.
    pub troubles: &'a AirlineTroubles,
}

/// What a payment of one order is judged by.
#[derive(Clone, Copy, Debug)]
pub struct PaymentContext<'a> {
    /// Now, by the vendor's clock.
    pub now: Timestamp,
    /// How far the vendor's clock is ahead of this machine's; none while that is not known, or in doubt.
    pub ahead: Option<SignedDuration>,
    /// The order as last seen.
    pub order: &'a Order,
    /// When it was asked for, by the vendor's clock; none if it never was, or where that is not looked at.
    pub asked_at: Option<Timestamp>,
    /// What was done so far for it and the orders that belong to it.
    pub lineage: &'a Lineage,
    /// Balance of the Atlas account in settlement currency, if known.
    pub balance: Option<Money>,
    /// Who has the order at another program, where that is looked at. It proves nothing.
    pub elsewhere: Option<Elsewhere<'a>>,
    /// The desk's own rules.
    pub rules: PaymentRules<'a>,
}

/// Who has an order at another program.
#[derive(Clone, Copy, Debug)]
pub struct Elsewhere<'a> {
    /// Who, and until when.
    pub owner: &'a Owner,
    /// Another person, who is to be asked or overruled first.
    pub is_another: bool,
}

impl<'a> PaymentContext<'a> {
    /// The context of `order` and its `lineage` at `now` (the vendor's clock), with the balance of the order's currency out
    /// of all `balances`.
    pub fn new(
        now: Timestamp,
        order: &'a Order,
        lineage: &'a Lineage,
        balances: &BTreeMap<Currency, Money>,
        rules: PaymentRules<'a>,
    ) -> Self {
        let balance = order.settlement_currency().and_then(|currency| balances.get(&currency).copied());
        Self { now, ahead: None, order, asked_at: None, lineage, balance, elsewhere: None, rules }
    }

    /// The same by clocks that are so far apart.
    #[must_use]
    pub fn by_clock(self, ahead: Option<SignedDuration>) -> Self {
        Self { ahead, ..self }
    }

    /// The same, of an order that was asked for then.
    #[must_use]
    pub fn asked(self, asked_at: Option<Timestamp>) -> Self {
        Self { asked_at, ..self }
    }
}
