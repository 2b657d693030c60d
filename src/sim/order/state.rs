//! Where an order stands, how it was paid, and how ticketing will end.

use super::failure::Failure;
use crate::{domain::method::PaymentMethod, sim::time::Moment};

/// Where an order stands.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sim) enum State {
    Unpaid,
    Ticketing(Paid),
    /// With the airlines' locators, in the order of [`Routing::airlines`].
    Ticketed(Paid, Vec<String>),
    /// With the payment, if there was one, and the reason, if ticketing failed.
    Cancelled(Option<Paid>, Option<Failure>),
}

/// What a card is known by: never its number.
pub(in crate::sim) type Fingerprint = u64;

/// How an order was paid.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sim) struct Paid {
    pub method: PaymentMethod,
    pub at: Moment,
    /// Last four digits of the card.
    pub card_tail: Option<String>,
    pub card: Option<Fingerprint>,
    /// How ticketing will end.
    pub fate: Fate,
    /// A charge has been started.
    pub charged: bool,
    /// Somebody asked to stop ticketing.
    pub stop_asked: bool,
}

/// How ticketing will end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Fate {
    Ticket,
    Fail(u16),
    /// Not for hours.
    Hang,
    /// Not for hours, and the vendor says that the airline has been paid (615).
    WithoutPnr,
}

impl Fate {
    /// The fate that an `errorCode` stands for.
    pub(in crate::sim) fn of(code: u16) -> Self {
        if code == 615 { Self::WithoutPnr } else { Self::Fail(code) }
    }
}
