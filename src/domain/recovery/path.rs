//! The ways to get a booking paid.

use crate::domain::{method::PaymentMethod, order::Order};

/// A way to get the booking paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentPath {
    /// Pay this order with the card of the last attempt.
    SameCard,
    /// Pay this order with another card.
    OtherCard,
    /// Pay this order from the deposit.
    Deposit,
    /// Pay this order from the agency's account at the airline.
    Account,
    /// Make a new order and pay it from the deposit.
    NewDeposit,
    /// Make a new order and pay it with another card.
    NewCard,
    /// Make a new order and pay it from the agency's account at the airline.
    NewAccount,
    /// Ask the vendor to stop issuance; what is cancelled by it can be made anew.
    StopIssuance,
    /// Stop here and leave a note.
    Stop,
}

impl PaymentPath {
    /// All, in the order in which a form lists them.
    pub const ALL: [Self; 9] = [
        Self::SameCard,
        Self::OtherCard,
        Self::Deposit,
        Self::Account,
        Self::NewDeposit,
        Self::NewCard,
        Self::NewAccount,
        Self::StopIssuance,
        Self::Stop,
    ];

    /// True when it leads to a payment.
    pub fn pays(self) -> bool {
        !matches!(self, Self::StopIssuance | Self::Stop)
    }

    /// True when it begins with a new order.
    pub fn is_new(self) -> bool {
        matches!(self, Self::NewDeposit | Self::NewCard | Self::NewAccount)
    }

    /// True when a card is asked for.
    pub fn wants_card(self) -> bool {
        matches!(self, Self::SameCard | Self::OtherCard | Self::NewCard)
    }

    /// The method by which it pays `order`.
    pub fn method(self, order: &Order) -> Option<PaymentMethod> {
        let offers = |method| order.details.as_ref().is_some_and(|details| details.methods.contains(&method));
        match self {
            Self::Deposit | Self::NewDeposit => Some(PaymentMethod::Deposit),
            Self::Account | Self::NewAccount => Some(PaymentMethod::Byoa),
            Self::SameCard | Self::OtherCard | Self::NewCard => {
                let merchant = offers(PaymentMethod::Mor) && !offers(PaymentMethod::Vcc);
                Some(if merchant { PaymentMethod::Mor } else { PaymentMethod::Vcc })
            }
            Self::StopIssuance | Self::Stop => None,
        }
    }

    /// The stable word for the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::SameCard => "sameCard",
            Self::OtherCard => "otherCard",
            Self::Deposit => "deposit",
            Self::Account => "account",
            Self::NewDeposit => "newOrderDeposit",
            Self::NewCard => "newOrderOtherCard",
            Self::NewAccount => "newOrderAccount",
            Self::StopIssuance => "stopIssuance",
            Self::Stop => "stop",
        }
    }
}
