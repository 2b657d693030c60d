//! Payment methods, and what each takes from where.

use std::fmt;

use super::{card::CardBrand, money::Money};

/// How an order is paid (`paymentMethod` of `pay.do`). There is no method 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentMethod {
    /// 1: from the desk's Atlas account; the fare is guaranteed once paid.
    Deposit,
    /// 3: the airline charges the card passed through; the service fee comes from the deposit.
    Vcc,
    /// 4: from the agency's own account at the airline ("bring your own account").
    Byoa,
    /// 5: Atlas charges the card as the merchant of record and adds a card fee.
    Mor,
}

impl PaymentMethod {
    /// All four, in the order in which forms list them.
    pub const ALL: [Self; 4] = [Self::Deposit, Self::Vcc, Self::Byoa, Self::Mor];

    /// The number on the wire.
    pub fn number(self) -> u8 {
        match self {
            Self::Deposit => 1,
            Self::Vcc => 3,
            Self::Byoa => 4,
            Self::Mor => 5,
        }
    }

    /// The method of a number on the wire; a number that no document names is none.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|method| i64::from(method.number()) == number)
    }

    /// The word of the command line and of JSON: `deposit`, `vcc`, `byoa`, `mor`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Vcc => "vcc",
            Self::Byoa => "byoa",
            Self::Mor => "mor",
        }
    }

    /// The method of such a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.word() == word)
    }

    /// True when the method sends card data.
    pub fn needs_card(self) -> bool {
        matches!(self, Self::Vcc | Self::Mor)
    }
}

impl fmt::Display for PaymentMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Where a part of the price is taken from (`deductFrom`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenFrom {
    /// The desk's Atlas account.
    Deposit,
    /// The card.
    Card,
    /// The document names no word for the airline account, and may grow others.
    Other,
}

/// One part of a price and its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How much.
    pub money: Money,
    /// From where.
    pub from: TakenFrom,
}

/// What one method takes from where (an element of `paymentOptions`, or `payment` once paid).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentOption {
    /// The method.
    pub method: PaymentMethod,
    /// The fare itself.
    pub ticket_fare: Option<Part>,
    /// Atlas's technical service fee.
    pub service_fee: Option<Part>,
    /// The card fee (MoR).
    pub payment_fee: Option<Part>,
    /// MoR: the brand that was given to `order.do`; the card must be of it (else 414).
    pub card_brand: Option<CardBrand>,
}

impl PaymentOption {
    /// The parts that exist, fare first.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        [self.ticket_fare, self.service_fee, self.payment_fee].into_iter().flatten()
    }

    /// The sum of the parts taken from `source`, when they are of one currency.
    pub fn taken_from(&self, source: TakenFrom) -> Option<Money> {
        let mut parts = self.parts().filter(|part| part.from == source).map(|part| part.money);
        let first = parts.next()?;
        parts.filter(|money| !money.amount.is_zero()).try_fold(first, Money::plus)
    }
}
