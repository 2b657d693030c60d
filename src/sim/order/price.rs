//! What flights cost: a start price and some for each minute in the air, in the mood of the day.

use fastrand::Rng;
use rust_decimal::Decimal;

use super::routing::{Fare, Flight, Price, Routing, round};
use crate::{
    domain::{method::PaymentMethod, money::Currency},
    sim::{cast, chance::mix},
};

/// In what agencies settle, as often as each is here.
const SETTLEMENTS: [&str; 10] = ["CNY", "CNY", "CNY", "CNY", "USD", "USD", "USD", "EUR", "SGD", "HKD"];

/// A price of the flights, in that settlement currency or any.
pub(in crate::sim) fn quote(flights: &[Flight], settlement: Option<Currency>, rng: &mut Rng) -> Price {
    let settlement = settlement.or_else(|| Currency::parse(SETTLEMENTS[rng.usize(..SETTLEMENTS.len())]));
    let settlement = settlement.unwrap_or_else(dollars);
    let vendor = flights.first().map_or("USD", |flight| flight.airline.currency);
    let minutes: i32 = flights.iter().map(|flight| flight.minutes).sum();
    // In US cents.
    let base =
        i64::from(1_500 * i32::try_from(flights.len()).unwrap_or(1) + minutes * 22) * rng.i64(70..190) / 100;
    let adult = (base, 900 + base / 7);
    let infant = (2_000 + base / 20, 300);
    let fare = |(base, tax): (i64, i64), code: &str, step: i64| {
        let (rate, _) = cast::rate(code);
        let in_currency = |cents: i64| {
            let step = Decimal::new(step, 2);
            ((Decimal::new(cents, 2) * rate / step).round() * step).normalize()
        };
        Fare { base: in_currency(base), tax: in_currency(tax) }
    };
    let fares = |code: &str, step: i64| {
        let adult = fare(adult, code, step);
        [adult, adult, fare(infant, code, step)]
    };
    let (rate, _) = cast::rate(settlement.code());
    Price {
        settlement,
        vendor: Currency::parse(vendor).unwrap_or_else(dollars),
        fares: fares(settlement.code(), 1),
        vendor_fares: fares(vendor, cast::rate(vendor).1),
        fee: round(Decimal::new([150, 200, 200, 250][rng.usize(..4)], 2) * rate, settlement).normalize(),
        vendor_drift: if rng.u8(..8) == 0 { Decimal::new(5, 3) } else { Decimal::ZERO },
    }
}

impl Routing {
    /// Flights of different airlines, each booked at its own airline, at the sum of their prices.
    pub(in crate::sim) fn separate(flights: Vec<Flight>, settlement: Option<Currency>, seed: u64) -> Self {
        let mut prices =
            flights.iter().zip(1..).map(|(flight, leg)| leg_price(*flight, settlement, seed, leg));
        let first = prices.next().unwrap_or_else(|| quote(&[], settlement, &mut Rng::with_seed(seed)));
        let price = prices.fold(first, |sum, one| {
            let add = |a: [Fare; 3], b: [Fare; 3]| {
                std::array::from_fn(|at| Fare { base: a[at].base + b[at].base, tax: a[at].tax + b[at].tax })
            };
            Price { fares: add(sum.fares, one.fares), fee: sum.fee + one.fee, ..sum }
        });
        Self {
            outbound: flights.len().div_ceil(2),
            flights,
            price,
            methods: vec![PaymentMethod::Deposit],
            seed,
        }
    }

    /// Way out and way back as orders of their own, when different airlines fly them.
    pub(in crate::sim) fn legs(&self) -> Option<[Self; 2]> {
        let [out, back] = self.flights[..] else { return None };
        if out.airline == back.airline {
            return None;
        }
        let settlement = Some(self.price.settlement);
        let leg = |flight: Flight, leg: u64| Self {
            flights: vec![flight],
            outbound: 1,
            price: leg_price(flight, settlement, self.seed, leg),
            methods: vec![PaymentMethod::Deposit, PaymentMethod::Vcc],
            seed: mix(self.seed, leg),
        };
        Some([leg(out, 1), leg(back, 2)])
    }
}

fn leg_price(flight: Flight, settlement: Option<Currency>, seed: u64, leg: u64) -> Price {
    quote(&[flight], settlement, &mut Rng::with_seed(mix(seed, leg)))
}

impl Price {
    /// The fare of another day: `permille` of this one. Taxes stay.
    pub(super) fn repriced(&self, permille: i64) -> Self {
        let factor = Decimal::new(permille, 3);
        let reprice = |fares: [Fare; 3], currency: Currency| {
            fares.map(|fare| Fare { base: round(fare.base * factor, currency), ..fare })
        };
        Self {
            fares: reprice(self.fares, self.settlement),
            vendor_fares: reprice(self.vendor_fares, self.vendor),
            ..self.clone()
        }
    }
}

fn dollars() -> Currency {
    Currency::parse("USD").unwrap_or_else(|| unreachable!("three letters"))
}
