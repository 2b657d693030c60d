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
    /// Ticketing is suspended over the baggage, with this `errorCode`.
    pub suspended: Option<u16>,
}

/// How ticketing will end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Fate {
    Ticket,
    Fail(u16),
    /// Not for hours.
    Hang,
    /// Suspended over the baggage with this code (309, 3011) until somebody accepts the loss; given up after half an hour.
    Suspend(u16),
    /// Not for hours, and the vendor says that the airline has been paid (615).
    WithoutPnr,
}

impl Fate {
    /// The fate that an `errorCode` stands for.
    pub(in crate::sim) fn of(code: u16) -> Self {
        match code {
            615 => Self::WithoutPnr,
            309 | 3011 => Self::Suspend(code),
            code => Self::Fail(code),
        }
    }
}
