//! A payment as an operator authorised it: what is paid, by which means, and the amount that was confirmed.

use std::{fmt, net::IpAddr};

use super::{
    card::{Card, MaskedCard},
    method::PaymentMethod,
    money::Money,
    order::OrderNo,
};

/// The means of a payment, with exactly the data that the method needs.
pub enum Means {
    /// From the Atlas account.
    Deposit,
    /// A card passed through to the airline, with the highest charge accepted, in vendor currency.
    Vcc {
        /// The card.
        card: Card,
        /// `paymentLimit`: whole units of the vendor currency.
        ceiling: Option<Money>,
    },
    /// From the agency's account at the airline.
    Byoa,
    /// A card charged by Atlas.
    Mor {
        /// The card.
        card: Card,
        /// IP address of the paying person's device, for 3-D Secure.
        device_ip: Option<IpAddr>,
    },
}

impl Means {
    /// The method.
    pub fn method(&self) -> PaymentMethod {
        match self {
            Self::Deposit => PaymentMethod::Deposit,
            Self::Vcc { .. } => PaymentMethod::Vcc,
            Self::Byoa => PaymentMethod::Byoa,
            Self::Mor { .. } => PaymentMethod::Mor,
        }
    }

    /// The card, when there is one.
    pub fn card(&self) -> Option<&Card> {
        match self {
            Self::Vcc { card, .. } | Self::Mor { card, .. } => Some(card),
            Self::Deposit | Self::Byoa => None,
        }
    }

    /// What may be shown of the card.
    pub fn masked_card(&self) -> Option<MaskedCard> {
        self.card().map(|card| card.number.masked())
    }

    /// All that may be shown of it: never digits of a card, its security code, or its holder.
    fn shown(&self) -> impl PartialEq {
        let (ceiling, device_ip) = match self {
            Self::Vcc { ceiling, .. } => (*ceiling, None),
            Self::Mor { device_ip, .. } => (None, *device_ip),
            Self::Deposit | Self::Byoa => (None, None),
        };
        let is_reusable = self.card().map(|card| card.reusable);
        (self.method(), self.masked_card(), is_reusable, ceiling, device_ip)
    }
}

/// Two means are equal when all that may be shown of them is: of a card, brand and last four digits. Commands are told
/// apart by it; it decides nothing about money.
impl PartialEq for Means {
    fn eq(&self, other: &Self) -> bool {
        self.shown() == other.shown()
    }
}

impl fmt::Debug for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.method())?;
        self.masked_card().map_or(Ok(()), |card| write!(f, " {card}"))
    }
}

/// A payment to be made.
#[derive(Debug, PartialEq)]
pub struct Payment {
    /// The order.
    pub order: OrderNo,
    /// How.
    pub means: Means,
    /// What leaves the source, as confirmed: for a deposit fare and fee, for a card what the card is charged.
    pub amount: Money,
    /// The operator has seen that the money of an older order of the trip may still be held.
    pub old_payment_seen: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        card::{BillingAddress, CardNumber, Cvv, Expiry},
        money::Currency,
    };

    fn money(amount: &str, currency: &str) -> Money {
        Money::new(amount.parse().unwrap(), Currency::parse(currency).unwrap())
    }

    /// A payment of an order by a card with this number and code.
    fn by_card(number: &str, cvv: &str, ceiling: &str) -> Payment {
        let card = Card {
            number: CardNumber::parse(number).unwrap(),
            cvv: Cvv::parse(cvv),
            expiry: Expiry { month: 8, year: 2029 },
            first_name: "RAFAEL".into(),
            last_name: "SANTOS".into(),
            billing: BillingAddress::default(),
            reusable: false,
        };
        Payment {
            order: "TESTA20261122135802207".parse().unwrap(),
            means: Means::Vcc { card, ceiling: Some(money(ceiling, "PHP")) },
            amount: money("6860", "PHP"),
            old_payment_seen: false,
        }
    }

    #[test]
    fn payments_are_compared_by_what_may_be_shown_of_them() {
        let payment = || by_card("4532015112830366", "123", "7000");
        assert_eq!(payment(), payment());
        // Neither the digits before the last four nor the code are looked at.
        assert_eq!(payment(), by_card("4000000000000366", "999", "7000"));
        assert_ne!(payment(), by_card("4532015112830367", "123", "7000"));
        assert_ne!(payment(), by_card("4532015112830366", "123", "7001"));
        assert_ne!(payment(), Payment { amount: money("6861", "PHP"), ..payment() });
        assert_ne!(payment(), Payment { means: Means::Deposit, ..payment() });
        let shown = format!("{:?}", payment());
        assert!(shown.contains("0366") && !shown.contains("283036") && !shown.contains("123"), "{shown}");
    }
}
