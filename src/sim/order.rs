//! An order as the vendor's own system would hold it.

use jiff::{SignedDuration, Timestamp, civil, tz::Offset};
use rust_decimal::{Decimal, RoundingStrategy};

use super::cast::{Airline, Airport};
use crate::domain::{
    card::CardBrand,
    method::PaymentMethod,
    money::{Currency, Money},
    order::OrderNo,
};

/// Singapore, in whose time the vendor writes deadlines and numbers its orders.
pub(super) const SINGAPORE: Offset = Offset::constant(8);

/// An order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub no: OrderNo,
    /// The vendor's own booking reference.
    pub pnr_code: String,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// Until then it can be paid.
    pub deadline: Timestamp,
    /// Outbound first.
    pub flights: Vec<Flight>,
    /// How many of the flights are outbound.
    pub outbound: usize,
    pub travellers: Vec<Traveller>,
    pub mailbox: &'static str,
    pub phone: String,
    pub price: Price,
    pub methods: &'static [PaymentMethod],
    /// MoR: the brand that was named when the order was made.
    pub brand: CardBrand,
    /// Ryanair only sells what the traveller has confirmed on its own page.
    pub confirmed: bool,
    /// The airline will decline any card passed through.
    pub declines_cards: bool,
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
    /// With the airlines' locators, in the order of [`Order::airlines`].
    Ticketed(Paid, Vec<String>),
    /// With the payment, if there was one, and the reason, if ticketing failed.
    Cancelled(Option<Paid>, Option<Failure>),
}

/// How an order was paid.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Paid {
    pub method: PaymentMethod,
    pub at: Timestamp,
    /// Last four digits of the card.
    pub card_tail: Option<String>,
    /// VCC: a charge at the airline has been started.
    pub attempted: bool,
    /// Somebody asked to stop ticketing.
    pub stop_asked: bool,
}

/// Why ticketing failed (`errorCode` and the texts that come with it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub code: u16,
    pub message: &'static str,
    pub airline_message: Option<&'static str>,
}

impl Failure {
    /// The failure of a 6xx code.
    pub(super) fn of(code: u16) -> Self {
        let (message, airline_message) = match code {
            601 => ("Fare changed after payment", Some("FARE NO LONGER AVAILABLE")),
            603 => ("Flight sold out", None),
            604 => ("Payment declined by airline", Some("Card issuer declined the transaction")),
            606 => ("Flight schedule changed", None),
            607 => ("Seat sold out", None),
            611 => ("PNR cancelled by airline", None),
            613 => ("Refused by risk control of airline", Some("TRANSACTION NOT PERMITTED")),
            616 => ("3DS authentication required", Some("Payer authentication required")),
            617 => ("Insufficient deposit", None),
            619 => ("Payment data missing or wrong", Some("Billing address incomplete")),
            623 => ("Insufficient card balance", Some("INSUFFICIENT FUNDS/LIMIT")),
            633 => ("Payment declined by risk control of airline", None),
            _ => ("Airline system error", None),
        };
        Self { code, message, airline_message }
    }

    /// True when the flight itself is gone, so that no order for it can be made again.
    pub(super) fn is_of_flight(self) -> bool {
        matches!(self.code, 602 | 603 | 606 | 607 | 611)
    }
}

/// A flight of an order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    pub airline: &'static Airline,
    pub number: u16,
    pub from: &'static Airport,
    pub to: &'static Airport,
    /// Local time at the airport.
    pub departs: civil::DateTime,
    pub minutes: i32,
}

impl Flight {
    /// Local time at the airport of arrival.
    pub(super) fn arrives(&self) -> civil::DateTime {
        let there = self.minutes + self.to.utc - self.from.utc;
        self.departs.saturating_add(SignedDuration::from_mins(i64::from(there)))
    }
}

impl PartialEq for Flight {
    fn eq(&self, other: &Self) -> bool {
        self.airline.code == other.airline.code
            && self.number == other.number
            && self.departs == other.departs
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
    pub family: &'static str,
    pub given: &'static str,
    pub kind: Kind,
    pub birthday: civil::Date,
    pub female: bool,
    pub document: String,
    pub document_expires: civil::Date,
    pub country: &'static str,
}

impl Traveller {
    /// `FAMILY/GIVEN`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.family, self.given)
    }
}

/// Fare and tax of one passenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fare {
    pub base: Decimal,
    pub tax: Decimal,
}

impl Fare {
    /// Both together.
    pub(super) fn total(self) -> Decimal {
        self.base + self.tax
    }
}

/// What an order costs, in the two worlds of prices.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Price {
    /// In which the deposit pays.
    pub settlement: Currency,
    /// In which the airline charges.
    pub vendor: Currency,
    /// By passenger type, in settlement currency.
    pub fares: [Fare; 3],
    /// By passenger type, in vendor currency.
    pub vendor_fares: [Fare; 3],
    /// Technical service fee of one passenger, in settlement currency.
    pub fee: Decimal,
    /// What the airline charges in the end, above the price it named.
    pub vendor_drift: Decimal,
}

/// MoR: the share of the fare that paying by card costs.
pub(super) const CARD_FEE: Decimal = Decimal::from_parts(3, 0, 0, false, 2);

/// Out of what a part of a price is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Deposit,
    Card,
    /// The agency's own account at the airline.
    AirlineAccount,
}

impl Source {
    /// `deductFrom`; for an airline account the vendor publishes no word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Deposit => "DEPOSIT",
            Self::Card => "CARD",
            Self::AirlineAccount => "ACCOUNT",
        }
    }
}

/// What one method takes from where. The service fee always comes from the deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bill {
    pub fare: Money,
    pub source: Source,
    pub service_fee: Money,
    /// From the same source as the fare.
    pub payment_fee: Option<Money>,
}

impl Order {
    /// Carriers in the order of travel, without repeats.
    pub(super) fn airlines(&self) -> Vec<&'static Airline> {
        let mut airlines: Vec<&'static Airline> = Vec::with_capacity(2);
        for flight in &self.flights {
            if airlines.iter().all(|one| one.code != flight.airline.code) {
                airlines.push(flight.airline);
            }
        }
        airlines
    }

    /// True when the way out and the way back are booked at different airlines.
    pub(super) fn is_mixed(&self) -> bool {
        self.airlines().len() > 1
    }

    /// The airport at the start and the one at the far end.
    pub(super) fn ends(&self) -> Option<(&'static Airport, &'static Airport)> {
        Some((self.flights.first()?.from, self.flights.get(self.outbound.checked_sub(1)?)?.to))
    }

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

    /// Why ticketing failed, if it did.
    pub(super) fn failure(&self) -> Option<Failure> {
        if let State::Cancelled(_, failure) = self.state { failure } else { None }
    }

    /// True while it can be paid.
    pub(super) fn is_payable(&self, now: Timestamp) -> bool {
        self.state == State::Unpaid && now < self.deadline
    }

    /// True when a card can be passed through, or the agency's account used: only then vendor prices are
    /// told.
    pub(super) fn has_vendor_fare(&self) -> bool {
        self.methods.iter().any(|method| matches!(method, PaymentMethod::Vcc | PaymentMethod::Byoa))
    }

    fn sum(&self, fares: &[Fare; 3]) -> Decimal {
        self.travellers.iter().map(|one| fares[one.kind as usize].total()).sum()
    }

    /// The whole order in settlement currency, without fees.
    pub(super) fn total(&self) -> Money {
        Money::new(self.sum(&self.price.fares), self.price.settlement)
    }

    /// The whole order in the airline's currency.
    pub(super) fn vendor_total(&self) -> Money {
        Money::new(self.sum(&self.price.vendor_fares), self.price.vendor)
    }

    /// What the airline really charges.
    pub(super) fn vendor_cost(&self) -> Money {
        let cost = self.vendor_total().amount * (Decimal::ONE + self.price.vendor_drift);
        Money::new(round(cost, self.price.vendor), self.price.vendor)
    }

    /// The technical service fee.
    pub(super) fn service_fee(&self) -> Money {
        Money::new(self.price.fee * Decimal::from(self.travellers.len()), self.price.settlement)
    }

    /// What `method` takes from where.
    pub(super) fn bill(&self, method: PaymentMethod) -> Bill {
        let (fare, source) = match method {
            PaymentMethod::Deposit => (self.total(), Source::Deposit),
            PaymentMethod::Vcc => (self.vendor_total(), Source::Card),
            PaymentMethod::Byoa => (self.vendor_total(), Source::AirlineAccount),
            PaymentMethod::Mor => (self.total(), Source::Card),
        };
        let payment_fee = match method {
            PaymentMethod::Deposit => Some(Decimal::ZERO),
            PaymentMethod::Vcc | PaymentMethod::Byoa => None,
            PaymentMethod::Mor => Some(round(fare.amount * CARD_FEE, fare.currency)),
        };
        Bill {
            fare,
            source,
            service_fee: self.service_fee(),
            payment_fee: payment_fee.map(|amount| Money::new(amount, fare.currency)),
        }
    }
}

/// Rounds to the smallest unit of the currency.
pub(super) fn round(amount: Decimal, currency: Currency) -> Decimal {
    amount.round_dp_with_strategy(currency.decimals(), RoundingStrategy::MidpointAwayFromZero)
}

/// A number of seconds, for tables of durations.
pub(super) const fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}
