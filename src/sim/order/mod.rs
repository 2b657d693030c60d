//! An order as the vendor's own system would hold it.

pub(super) mod make;
pub(super) mod part;
mod price;
mod routing;

use jiff::{SignedDuration, Timestamp, civil, tz::Offset};

pub(super) use self::{
    part::Part,
    price::quote,
    routing::{Bill, CARD_FEE, Fare, Flight, MERCHANT_BRANDS, Party, Routing, Source},
};
use super::time::Moment;
use crate::domain::{card::CardBrand, method::PaymentMethod, money::Money, order::OrderNo};

/// Singapore, in whose time the vendor writes deadlines and numbers its orders.
pub(super) const SINGAPORE: Offset = Offset::constant(8);

/// From making an order to its payment deadline.
pub(super) const HOLD: SignedDuration = secs(30 * 60);

/// The same for an order of the Fulfilment API, whose ticket must be there by then as well.
pub(super) const FULFILMENT_HOLD: SignedDuration = secs(5 * 60);

/// An order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub no: OrderNo,
    /// What the story calls it. Unlike its number it is the same whenever the story is told.
    pub name: Box<str>,
    /// The vendor's own booking reference.
    pub pnr_code: String,
    /// On the wall, as its number says.
    pub created: Timestamp,
    /// In the story.
    pub made: Moment,
    pub updated: Moment,
    /// Until then it can be paid.
    pub deadline: Moment,
    pub routing: Routing,
    pub travellers: Vec<Traveller>,
    pub contact: Contact,
    /// MoR: the brand that was named when the order was made.
    pub brand: Option<CardBrand>,
    /// Ryanair only sells what the traveller has confirmed on its own page.
    pub confirmed: bool,
    /// Of the Fulfilment API: ticketed within five minutes or given up.
    pub fulfilment: bool,
    /// How ticketing will end, where the story has decided it; for cards passed through, and for the rest.
    pub card_fate: Option<Fate>,
    pub fate: Option<Fate>,
    pub original: Option<OrderNo>,
    /// First order of the lineage: itself, or the one from which it descends.
    pub root: OrderNo,
    pub state: State,
    /// All that is left to chance about this order comes from here.
    pub seed: u64,
}

/// Where an order stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    Unpaid,
    Ticketing(Paid),
    /// With the airlines' locators, in the order of [`Routing::airlines`].
    Ticketed(Paid, Vec<String>),
    /// With the payment, if there was one, and the reason, if ticketing failed.
    Cancelled(Option<Paid>, Option<Failure>),
}

/// What a card is known by: never its number.
pub(super) type Fingerprint = u64;

/// How an order was paid.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Paid {
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
pub(super) enum Fate {
    Ticket,
    Fail(u16),
    /// Not for hours.
    Hang,
    /// Not for hours, and the vendor says that the airline has been paid (615).
    WithoutPnr,
}

impl Fate {
    /// The fate that an `errorCode` stands for.
    pub(super) fn of(code: u16) -> Self {
        if code == 615 { Self::WithoutPnr } else { Self::Fail(code) }
    }
}

/// Why ticketing failed (`errorCode` and the texts that come with it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub code: u16,
    pub message: &'static str,
    pub airline_message: Option<&'static str>,
}

/// Every code that ticketing fails with.
pub(super) const FAILURES: &[Failure] = &[
    failure(601, "Fare changed after payment", Some("FARE NO LONGER AVAILABLE")),
    failure(602, "Flight not found at the airline", None),
    failure(603, "Flight sold out", None),
    failure(604, "Payment declined by airline", Some("Card issuer declined the transaction")),
    failure(605, "Passenger information wrong", None),
    failure(606, "Flight schedule changed", None),
    failure(607, "Seat sold out", None),
    failure(608, "Duplicate booking found at the airline", None),
    failure(609, "Contact email blocked by the airline", None),
    failure(611, "PNR cancelled by airline", None),
    failure(613, "Refused by risk control of airline", Some("TRANSACTION NOT PERMITTED")),
    failure(614, "Passenger age does not fit the passenger type", None),
    failure(615, "Paid, waiting for the PNR of the airline", None),
    failure(616, "3DS authentication required", Some("Payer authentication required")),
    failure(617, "Insufficient deposit", None),
    failure(618, "Baggage weight not sold by the airline", None),
    failure(619, "Payment data missing or wrong", Some("Billing address incomplete")),
    failure(620, "Abnormal return fare type", None),
    failure(621, "Infants are not supported", None),
    failure(623, "Insufficient card balance", Some("INSUFFICIENT FUNDS/LIMIT")),
    failure(624, "Round trip is not supported at the moment", None),
    failure(625, "Frequent flyer number needs manual issuance", None),
    failure(626, "Unpaid services in the booking of the airline", None),
    failure(627, "Ancillaries after ticketing are not possible", None),
    failure(628, "Flight differs from the original order", None),
    failure(629, "Ticketing failed (629)", None),
    failure(630, "Ticketing failed (630)", None),
    failure(631, "Baggage fare changed", None),
    failure(632, "Ticketing refused by risk control", None),
    failure(633, "Payment declined by risk control of airline", None),
    failure(634, "Airline system error", None),
    failure(698, "Ticketing failed (698)", None),
    failure(699, "System error", None),
    failure(6051, "Passenger is on a government credit blacklist", None),
];

const fn failure(code: u16, message: &'static str, airline_message: Option<&'static str>) -> Failure {
    Failure { code, message, airline_message }
}

impl Failure {
    /// The failure of a documented code.
    pub(super) fn known(code: u16) -> Option<Self> {
        FAILURES.iter().copied().find(|failure| failure.code == code)
    }

    /// The failure of a code, with a plain text for one that nobody has documented.
    pub(super) fn of(code: u16) -> Self {
        Self::known(code).unwrap_or(failure(code, "Ticketing failed", None))
    }

    /// True when the flight itself is gone, so that no order for it can be made again.
    pub(super) fn is_of_flight(self) -> bool {
        matches!(self.code, 602 | 603 | 606 | 607 | 611)
    }
}

/// Passenger types, by their number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Adult = 0,
    Child = 1,
    Infant = 2,
}

/// A passenger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Traveller {
    /// `FAMILY/GIVEN`.
    pub name: String,
    pub kind: Kind,
    pub birthday: Option<civil::Date>,
    pub female: bool,
    pub document: Option<Document>,
    pub nationality: Option<String>,
}

/// A travel document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// `PP` passport, `GA`, `TW`, `TB`, `HY`.
    pub kind: String,
    pub number: String,
    pub expires: Option<civil::Date>,
    pub issued_in: Option<String>,
}

/// Who asked for the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contact {
    pub name: String,
    pub email: Option<String>,
    /// `XXXX-XXXXXXXX`.
    pub mobile: Option<String>,
}

impl Order {
    /// `orderStatus`.
    pub(super) fn status(&self) -> i8 {
        match self.state {
            State::Unpaid => 0,
            State::Ticketing(_) => 1,
            State::Ticketed(..) => 2,
            State::Cancelled(..) => -3,
        }
    }

    /// How it was paid, if it was.
    pub(super) fn paid(&self) -> Option<&Paid> {
        match &self.state {
            State::Unpaid | State::Cancelled(None, _) => None,
            State::Ticketing(paid) | State::Ticketed(paid, _) | State::Cancelled(Some(paid), _) => Some(paid),
        }
    }

    /// The airlines' locators, once ticketed.
    pub(super) fn locators(&self) -> &[String] {
        if let State::Ticketed(_, locators) = &self.state { locators } else { &[] }
    }

    /// Why ticketing failed, or why it takes so long.
    pub(super) fn failure(&self) -> Option<Failure> {
        match &self.state {
            State::Cancelled(_, failure) => *failure,
            State::Ticketing(paid) if paid.charged && paid.fate == Fate::WithoutPnr => Failure::known(615),
            _ => None,
        }
    }

    /// How the story has it end when it is paid so.
    pub(super) fn fate_by(&self, method: PaymentMethod) -> Option<Fate> {
        self.fate.or(self.card_fate.filter(|_| method == PaymentMethod::Vcc))
    }

    /// True while it can be paid.
    pub(super) fn is_payable(&self, now: Moment) -> bool {
        self.state == State::Unpaid && now < self.deadline
    }

    /// Who travels, by type.
    pub(super) fn party(&self) -> Party {
        let mut party = [0; 3];
        for one in &self.travellers {
            party[one.kind as usize] += 1;
        }
        party
    }

    /// The whole order in settlement currency, without fees.
    pub(super) fn total(&self) -> Money {
        self.routing.total(self.party())
    }

    /// What the airline really charges.
    pub(super) fn vendor_cost(&self) -> Money {
        self.routing.vendor_cost(self.party())
    }

    /// What `method` takes from where.
    pub(super) fn bill(&self, method: PaymentMethod) -> Bill {
        self.routing.bill(method, self.party())
    }
}

/// A number of seconds, for tables of durations.
pub(super) const fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}
