//! A routing: flights that are sold together, at a price, and how they may be paid.

use jiff::{SignedDuration, Timestamp, civil};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::{
    domain::{
        card::CardBrand,
        method::PaymentMethod,
        money::{Currency, Money},
    },
    sim::cast::{Airline, Airport, Billing},
};

/// Flights with their price.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sim) struct Routing {
    /// Outbound first.
    pub flights: Vec<Flight>,
    /// How many of the flights are outbound.
    pub outbound: usize,
    pub price: Price,
    pub methods: Vec<PaymentMethod>,
    /// All that is left to chance about it comes from here.
    pub seed: u64,
}

/// A flight.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Flight {
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
    pub(in crate::sim) fn arrives(&self) -> civil::DateTime {
        let there = self.minutes + self.to.utc - self.from.utc;
        self.departs.saturating_add(SignedDuration::from_mins(i64::from(there)))
    }
}

impl PartialEq for Flight {
    fn eq(&self, other: &Self) -> bool {
        self.airline == other.airline && self.number == other.number && self.departs == other.departs
    }
}

/// Fare and tax of one passenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Fare {
    pub base: Decimal,
    pub tax: Decimal,
}

impl Fare {
    /// Both together.
    pub(in crate::sim) fn total(self) -> Decimal {
        self.base + self.tax
    }
}

/// What a routing costs, in the two worlds of prices.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sim) struct Price {
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
pub(in crate::sim) const CARD_FEE: Decimal = Decimal::from_parts(3, 0, 0, false, 2);

/// MoR: the brands that the vendor takes.
pub(in crate::sim) const MERCHANT_BRANDS: [CardBrand; 2] = [CardBrand::Visa, CardBrand::MasterCard];

/// Out of what a part of a price is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Source {
    Deposit,
    Card,
    /// The agency's own account at the airline.
    AirlineAccount,
}

impl Source {
    /// `deductFrom`; for an airline account the vendor publishes no word.
    pub(in crate::sim) fn word(self) -> &'static str {
        match self {
            Self::Deposit => "DEPOSIT",
            Self::Card => "CARD",
            Self::AirlineAccount => "ACCOUNT",
        }
    }
}

/// What one method takes from where. The service fee always comes from the deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Bill {
    pub fare: Money,
    pub source: Source,
    pub service_fee: Money,
    /// From the same source as the fare.
    pub payment_fee: Option<Money>,
}

/// How many travel of each type: adults, children, infants.
pub(in crate::sim) type Party = [u8; 3];

impl Routing {
    /// Carriers in the order of travel, without repeats.
    pub(in crate::sim) fn airlines(&self) -> Vec<&'static Airline> {
        let mut airlines: Vec<&'static Airline> = Vec::with_capacity(2);
        for flight in &self.flights {
            if !airlines.contains(&flight.airline) {
                airlines.push(flight.airline);
            }
        }
        airlines
    }

    /// True when that airline flies a part of it.
    pub(in crate::sim) fn flies(&self, code: &str) -> bool {
        self.flights.iter().any(|flight| flight.airline.code == code)
    }

    /// True when the way out and the way back are booked at different airlines.
    pub(in crate::sim) fn is_mixed(&self) -> bool {
        self.airlines().len() > 1
    }

    /// True when its first flight is gone.
    pub(in crate::sim) fn has_left(&self, now: Timestamp) -> bool {
        self.flights.first().is_some_and(|flight| flight.departs <= flight.from.local(now))
    }

    /// The airport at the start and the one at the far end.
    pub(in crate::sim) fn ends(&self) -> Option<(&'static Airport, &'static Airport)> {
        Some((self.flights.first()?.from, self.flights.get(self.outbound.checked_sub(1)?)?.to))
    }

    /// What all its airlines together want to know of a card's billing address.
    pub(in crate::sim) fn billing(&self) -> Billing {
        let all = self.airlines();
        std::array::from_fn(|field| all.iter().any(|airline| airline.billing[field]))
    }

    pub(in crate::sim) fn supports(&self, method: PaymentMethod) -> bool {
        self.methods.contains(&method)
    }

    /// True when a card can be passed through, or the agency's account used: only then vendor prices are
    /// told.
    pub(in crate::sim) fn has_vendor_fare(&self) -> bool {
        self.supports(PaymentMethod::Vcc) || self.supports(PaymentMethod::Byoa)
    }

    /// For all of a party in settlement currency, without fees.
    pub(in crate::sim) fn total(&self, party: Party) -> Money {
        Money::new(sum(&self.price.fares, party), self.price.settlement)
    }

    /// For all of a party in the airline's currency.
    pub(in crate::sim) fn vendor_total(&self, party: Party) -> Money {
        Money::new(sum(&self.price.vendor_fares, party), self.price.vendor)
    }

    /// What the airline really charges.
    pub(in crate::sim) fn vendor_cost(&self, party: Party) -> Money {
        let cost = self.vendor_total(party).amount * (Decimal::ONE + self.price.vendor_drift);
        Money::new(round(cost, self.price.vendor), self.price.vendor)
    }

    /// The technical service fee.
    pub(in crate::sim) fn service_fee(&self, party: Party) -> Money {
        let people: u8 = party.iter().sum();
        Money::new(self.price.fee * Decimal::from(people), self.price.settlement)
    }

    /// What `method` takes from where.
    pub(in crate::sim) fn bill(&self, method: PaymentMethod, party: Party) -> Bill {
        let (fare, source) = match method {
            PaymentMethod::Deposit => (self.total(party), Source::Deposit),
            PaymentMethod::Vcc => (self.vendor_total(party), Source::Card),
            PaymentMethod::Byoa => (self.vendor_total(party), Source::AirlineAccount),
            PaymentMethod::Mor => (self.total(party), Source::Card),
        };
        let payment_fee = match method {
            PaymentMethod::Deposit => Some(Decimal::ZERO),
            PaymentMethod::Vcc | PaymentMethod::Byoa => None,
            PaymentMethod::Mor => Some(round(fare.amount * CARD_FEE, fare.currency)),
        };
        Bill {
            fare,
            source,
            service_fee: self.service_fee(party),
            payment_fee: payment_fee.map(|amount| Money::new(amount, fare.currency)),
        }
    }
}

fn sum(fares: &[Fare; 3], party: Party) -> Decimal {
    fares.iter().zip(party).map(|(fare, people)| fare.total() * Decimal::from(people)).sum()
}

/// Rounds to the smallest unit of the currency.
pub(in crate::sim) fn round(amount: Decimal, currency: Currency) -> Decimal {
    amount.round_dp_with_strategy(currency.decimals(), RoundingStrategy::MidpointAwayFromZero)
}
