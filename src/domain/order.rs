//! An order as the desk believes it to be: what the list says of every order and, once asked, its details.

use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use jiff::{Timestamp, civil};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{
    card::CardBrand,
    few::Few,
    fold::fold_text,
    mask::holds_card_number,
    method::{PaymentMethod, PaymentOption},
    money::{Currency, Money},
    text::Text,
};

/// An order number, as documented five capital letters and 17 digits (the moment of creation in Singapore time).
/// Other numbers of ASCII letters and digits are accepted as they come, since production letters vary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderNo {
    // After the number come zeros.
    bytes: [u8; Self::LONGEST],
    len: u8,
}

/// Not an order number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an order number: 6 to 31 letters and digits are expected, such as TESTA20261103141502317")]
pub struct NotAnOrderNo;

impl OrderNo {
    const LONGEST: usize = 31;

    /// Sorts before every order number.
    pub const MIN: Self = Self { bytes: [0; Self::LONGEST], len: 0 };

    /// The number as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.bytes.get(..usize::from(self.len)).unwrap_or_default()).unwrap_or_default()
    }

    /// True when these are its last four characters, as a hand types them to say which order is meant.
    pub fn is_tail(&self, typed: &str) -> bool {
        let tail = fold_text(typed).to_ascii_uppercase();
        tail.chars().count() == 4 && self.as_str().to_ascii_uppercase().ends_with(&tail)
    }

    /// The number cut in the middle for running text, never for tables or titles: `TESTA~2317`.
    pub fn short(&self) -> String {
        let text = self.as_str();
        match (text.get(..5), text.get(text.len().saturating_sub(4)..)) {
            (Some(head), Some(tail)) if text.len() > 12 => format!("{head}~{tail}"),
            _ => text.to_owned(),
        }
    }
}

impl FromStr for OrderNo {
    type Err = NotAnOrderNo;

    fn from_str(text: &str) -> Result<Self, NotAnOrderNo> {
        let text = text.trim();
        // Whoever writes a card number where an order number belongs names no order: it would be kept and shown.
        if holds_card_number(text) {
            return Err(NotAnOrderNo);
        }
        let text = text.as_bytes();
        if !(6..=Self::LONGEST).contains(&text.len()) || !text.iter().all(u8::is_ascii_alphanumeric) {
            return Err(NotAnOrderNo);
        }
        let mut bytes = [0; Self::LONGEST];
        bytes[..text.len()].copy_from_slice(text);
        Ok(Self { bytes, len: u8::try_from(text.len()).map_err(|_| NotAnOrderNo)? })
    }
}

/// The number without what is behind it, in one piece: every table of orders asks for this.
impl Hash for OrderNo {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.bytes.get(..usize::from(self.len)).unwrap_or_default());
        state.write_u8(self.len);
    }
}

impl fmt::Display for OrderNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for OrderNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for OrderNo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for OrderNo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// An airline by its IATA designator (`5J`, `TR`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Airline([u8; 2]);

impl Airline {
    /// Reads `tr`, `TR`; anything but two ASCII letters or digits is no designator.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphanumeric).then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// Ryanair, whose orders the traveller confirms before they are paid (`orderCommit.do`).
    pub const RYANAIR: Self = Self(*b"FR");

    /// The two characters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Airline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Airline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// `orderStatus`. A number that no document names stays itself, and nothing is paid on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// 0: unpaid; payable until the deadline.
    Unpaid,
    /// 1: paid or being paid; the airline has not confirmed.
    Ticketing,
    /// 2: airline PNR and ticket numbers are there.
    Ticketed,
    /// -3 (3 in older documents): closed; regenerate.
    Cancelled,
    /// Anything else, or nothing at all.
    Unknown(Option<i64>),
}

impl OrderStatus {
    /// Reads the number of the wire.
    pub fn from_number(number: Option<i64>) -> Self {
        match number {
            Some(0) => Self::Unpaid,
            Some(1) => Self::Ticketing,
            Some(2) => Self::Ticketed,
            Some(-3 | 3) => Self::Cancelled,
            other => Self::Unknown(other),
        }
    }

    /// The word of the command line and of JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Ticketing => "ticketing",
            Self::Ticketed => "ticketed",
            Self::Cancelled => "cancelled",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Why ticketing failed (`errorCode` 6xx and its message), on cancelled orders only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketingError {
    /// The code as sent; see [`super::codes`].
    pub code: Text,
    /// The vendor's short explanation.
    pub message: Option<Text>,
}

/// One order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its number, the key to everything.
    pub no: OrderNo,
    /// Atlas's own booking reference (not the airline's).
    pub pnr_code: Option<Text>,
    /// What the vendor says of it.
    pub status: OrderStatus,
    /// First departure: IATA city from the list, airport from the details.
    pub from: Option<Text>,
    /// Destination, likewise.
    pub to: Option<Text>,
    /// Carriers, in order of travel, without repeats.
    pub airlines: Few<Airline>,
    /// Passenger names as booked (`FAMILY/GIVEN`).
    pub passengers: Few<Text>,
    /// Day of departure, at the airport.
    pub departs: Option<civil::Date>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was paid, if it was.
    pub paid_at: Option<Timestamp>,
    /// The airlines' record locators, once ticketed.
    pub airline_pnrs: Few<Text>,
    /// Why ticketing failed, if it did.
    pub ticketing_error: Option<Box<TicketingError>>,
    /// What only a query of this very order gives; none until it was asked for.
    pub details: Option<Box<Details>>,
}

impl Order {
    /// The currency in which the account pays for it, if the details are known.
    pub fn settlement_currency(&self) -> Option<Currency> {
        Some(self.details.as_ref()?.total?.currency)
    }

    /// From and to, `MNL-SIN`; `---` stands for a place that is not known.
    pub fn route(&self) -> String {
        let [from, to] = [&self.from, &self.to].map(|place| place.as_ref().map_or("---", Text::as_str));
        format!("{from}-{to}")
    }

    /// The method that it was paid by, once the vendor says so.
    pub fn paid_by(&self) -> Option<PaymentMethod> {
        Some(self.details.as_deref()?.payment.as_ref()?.method)
    }

    /// True when anything in it says that a payment was taken: then it is not known to be free of charges.
    pub fn shows_payment(&self) -> bool {
        let charge_begun =
            |details: &Details| details.payment.is_some() || details.payment_attempted == Some(true);
        self.paid_at.is_some()
            || self.ticketing_error.is_some()
            || self.details.as_deref().is_some_and(charge_begun)
    }

    /// True when several carriers fly it, or it is ticketed in parts: one card may not pay for all of it.
    pub fn is_mixed(&self) -> bool {
        self.airlines.len() > 1 || self.details.as_deref().is_some_and(|details| details.separate_bookings)
    }

    /// True when the traveller must confirm on the airline's page before the order is paid.
    pub fn needs_traveller_confirmation(&self) -> bool {
        self.airlines.contains(&Airline::RYANAIR)
    }
}

/// What `queryOrderDetails.do` adds to the list.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Details {
    /// The payment deadline (`tktLimitTime`, Singapore time on the wire). Binding only while unpaid.
    pub deadline: Option<Timestamp>,
    /// The whole order in settlement currency, without the service fee.
    pub total: Option<Money>,
    /// The technical service fee.
    pub service_fee: Option<Money>,
    /// The price in the airline's currency: what a passed-through card is charged.
    pub vendor_total: Option<Money>,
    /// What the airline really charged.
    pub vendor_cost: Option<Money>,
    /// `routing.vendorFare` is there: without it no card can be passed through.
    pub has_vendor_fare: bool,
    /// The methods that this order supports.
    pub methods: Vec<PaymentMethod>,
    /// What each method takes from where; empty once paid.
    pub options: Vec<PaymentOption>,
    /// How it was paid.
    pub payment: Option<PaymentOption>,
    /// VCC only: Atlas has started a charge at the airline (says nothing of its success).
    pub payment_attempted: Option<bool>,
    /// `ticketStatus` says issued.
    pub ticket_issued: bool,
    /// Flights, outbound first.
    pub segments: Vec<Segment>,
    /// Passengers with their documents and tickets.
    pub travellers: Vec<Traveller>,
    /// The airlines' bookings.
    pub bookings: Vec<AirlineBooking>,
    /// Outbound and inbound are ticketed apart.
    pub separate_bookings: bool,
    /// MoR card fees by brand: the brands that are accepted.
    pub card_fees: Vec<CardFee>,
    /// The order that this one was regenerated from.
    pub original: Option<OrderNo>,
    /// The airline's own words on a failure.
    pub airline_message: Option<Text>,
    /// Contact name and e-mail of the customer.
    pub contact: Option<Text>,
    /// Prices that stand in the answer and are not understood. They are nowhere above, and nothing is paid that rests on
    /// one of them.
    pub unclear: Vec<Unclear>,
}

/// A price that is not understood: more exact than its currency, negative, absurdly large, not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// `totalPrice`
    Total,
    /// `totalTransactionFee`
    ServiceFee,
    /// `vendorTotalPrice`
    VendorTotal,
    /// A part of what this method takes (`paymentOptions`).
    Option(PaymentMethod),
}

impl Details {
    /// What `method` takes from where, if the vendor says.
    pub fn option(&self, method: PaymentMethod) -> Option<&PaymentOption> {
        self.options.iter().find(|option| option.method == method)
    }
}

/// One flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Carrier and number as one word (`QG716`).
    pub flight: Text,
    /// The marketing carrier.
    pub carrier: Option<Airline>,
    /// IATA airport of departure.
    pub from: Text,
    /// IATA airport of arrival.
    pub to: Text,
    /// Local time at the airport.
    pub departs: Option<civil::DateTime>,
    /// Local time at the airport.
    pub arrives: Option<civil::DateTime>,
    /// On the way back.
    pub inbound: bool,
}

/// Passenger type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TravellerKind {
    /// 0.
    Adult,
    /// 1.
    Child,
    /// 2.
    Infant,
}

/// One passenger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traveller {
    /// `FAMILY/GIVEN`.
    pub name: Text,
    /// Adult, child or infant.
    pub kind: TravellerKind,
    /// Last three characters of the travel document; the rest is not kept.
    pub document_tail: Option<Text>,
    /// Ticket numbers; for low-cost carriers often the PNR again.
    pub tickets: Few<Text>,
}

/// One booking at an airline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AirlineBooking {
    /// The airline.
    pub airline: Option<Airline>,
    /// Its record locator; none until it has made one.
    pub pnr: Option<Text>,
    /// Last four digits of the card that the airline was paid with.
    pub card_tail: Option<Text>,
}

/// The fee for paying by one brand of card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFee {
    /// The brand.
    pub brand: CardBrand,
    /// 0.03 = 3 %.
    pub share: Option<rust_decimal::Decimal>,
    /// A fixed charge.
    pub charge: Option<Money>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_numbers_are_letters_and_digits() {
        let check = |text: &str, ok: bool| assert_eq!(text.parse::<OrderNo>().is_ok(), ok, "{text}");
        check("TESTA20261103141502317", true);
        check(" AFKMN20250819153129241\n", true);
        check("", false);
        check("TESTA2026110314150231;", false);
        check("TESTA20261103141502317TESTA20261103141502317", false);
        check("4111111111111111", false);
        check("TESTA4111111111111111", false);
        check("TESTA41111111111111112", false);
        assert_eq!("TESTA20261103141502317".parse::<OrderNo>().unwrap().short(), "TESTA~2317");
    }

    #[test]
    fn an_undocumented_status_stays_unknown() {
        assert_eq!(OrderStatus::from_number(Some(3)), OrderStatus::Cancelled);
        assert_eq!(OrderStatus::from_number(Some(7)), OrderStatus::Unknown(Some(7)));
        assert_eq!(OrderStatus::from_number(None), OrderStatus::Unknown(None));
    }
}
