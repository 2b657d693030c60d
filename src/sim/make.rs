//! Making orders: believable ones, and the same ones from the same seed.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, ToSpan, civil};
use rust_decimal::Decimal;

use super::{
    cast::{self, Airline},
    order::{Failure, Fare, Flight, Kind, Order, Paid, Price, SINGAPORE, State, Traveller, round, secs},
};
use crate::domain::{
    card::CardBrand,
    method::PaymentMethod::{self, Byoa, Deposit, Mor, Vcc},
    money::Currency,
    order::OrderNo,
};

/// From making an order to its payment deadline.
pub(super) const HOLD: SignedDuration = secs(30 * 60);

/// Which part an order plays at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Unpaid, with a quarter of an hour left or more; this method is among those on offer.
    Open(PaymentMethod),
    /// Unpaid, with so many seconds left.
    Urgent(i64),
    /// Unpaid, and the deposit account of its currency is nearly empty.
    Dear,
    /// Ryanair, not confirmed by the traveller.
    Unconfirmed,
    /// Out with one airline, back with another.
    Mixed,
    /// Called unpaid, but its deadline has passed.
    Lapsed,
    /// Paid a moment ago.
    Ticketing,
    /// Paid long ago, and still no ticket.
    Late,
    /// Done.
    Ticketed,
    /// Given up, for this reason; 0 when somebody stopped it.
    Cancelled(u16),
}

/// The parts that are played first, so that every demonstration of 30 orders or more shows all that can
/// happen.
const LEADING: [Part; 30] = [
    Part::Open(Deposit),
    Part::Open(Vcc),
    Part::Open(Byoa),
    Part::Open(Mor),
    Part::Cancelled(604),
    Part::Ticketed,
    Part::Late,
    Part::Lapsed,
    Part::Unconfirmed,
    Part::Mixed,
    Part::Open(Deposit),
    Part::Open(Vcc),
    Part::Open(Byoa),
    Part::Open(Mor),
    Part::Ticketing,
    Part::Urgent(95),
    Part::Open(Deposit),
    Part::Open(Vcc),
    Part::Open(Byoa),
    Part::Open(Mor),
    Part::Dear,
    Part::Cancelled(603),
    Part::Urgent(40),
    Part::Open(Deposit),
    Part::Open(Vcc),
    Part::Open(Byoa),
    Part::Open(Mor),
    Part::Urgent(400),
    Part::Cancelled(616),
    Part::Cancelled(617),
];

const REASONS: [u16; 14] = [601, 603, 604, 604, 604, 606, 607, 611, 613, 617, 619, 623, 633, 0];

/// The part of the order at `place` of the start.
pub(super) fn leading_part(place: usize, rng: &mut Rng) -> Part {
    LEADING.get(place).copied().unwrap_or_else(|| match rng.u8(..100) {
        0..70 => Part::Ticketed,
        70..84 => Part::Cancelled(REASONS[rng.usize(..REASONS.len())]),
        84..94 => Part::Lapsed,
        94..97 => Part::Ticketing,
        _ => Part::Open(PaymentMethod::ALL[rng.usize(..4)]),
    })
}

/// The part of an order at the start of a day on which everything is done.
pub(super) fn settled_part(rng: &mut Rng) -> Part {
    if rng.u8(..100) < 85 { Part::Ticketed } else { Part::Cancelled(REASONS[rng.usize(..REASONS.len())]) }
}

impl Part {
    /// How long before the start such an order was made.
    pub(super) fn age(self, rng: &mut Rng) -> SignedDuration {
        let mut between = |from: i64, to: i64| SignedDuration::from_millis(rng.i64(from * 1_000..to * 1_000));
        match self {
            Self::Open(_) | Self::Dear | Self::Unconfirmed | Self::Mixed => between(60, 15 * 60),
            Self::Urgent(left) => HOLD - secs(left),
            Self::Ticketing => between(2 * 60, 12 * 60),
            Self::Late => between(45 * 60, 75 * 60),
            Self::Lapsed => between(31 * 60, 8 * 3_600),
            Self::Ticketed => between(20 * 60, 10 * 3_600),
            Self::Cancelled(_) => between(15 * 60, 10 * 3_600),
        }
    }
}

/// Two well-mixed numbers from two (the finaliser of `SplitMix64`): orders of one world are independent of
/// each other.
pub(super) fn mix(seed: u64, salt: u64) -> u64 {
    let mut x = seed ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491_4f6c_dd1d);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// `TESTA` and the moment of creation, to the millisecond, in Singapore time.
pub(super) fn number(created: Timestamp) -> OrderNo {
    let at = SINGAPORE.to_datetime(created);
    let text = format!(
        "TESTA{:04}{:02}{:02}{:02}{:02}{:02}{:03}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    );
    text.parse().unwrap_or_else(|_| unreachable!("22 letters and digits"))
}

/// `n` characters `A` to `Z` and `0` to `9`.
fn letters(mut value: u64, n: usize) -> String {
    const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut text = String::with_capacity(n);
    for _ in 0..n {
        text.push(char::from(ALPHABET[usize::try_from(value % 36).unwrap_or(0)]));
        value /= 36;
    }
    text
}

/// Locators of so many airlines, as they would come from the order's own chance.
pub(super) fn locators(order: &Order) -> Vec<String> {
    (1..).map(|salt| letters(mix(order.seed, salt), 6)).take(order.airlines().len()).collect()
}

/// The vendor's booking reference of an order made at that moment. No two orders are made in one millisecond,
/// and multiplying by a number that shares no factor with 36^6 meets every code once before any comes again
/// (25 days).
fn pnr_code(created: Timestamp) -> String {
    letters(created.as_millisecond().unsigned_abs().wrapping_mul(1_234_567_891) % 36_u64.pow(6), 6)
}

/// A new order, made at `created`, held for `hold`. `nth` tells it from the other orders of its world.
pub(super) fn order(seed: u64, nth: u64, part: Part, created: Timestamp, hold: SignedDuration) -> Order {
    let seed = mix(seed, nth);
    let rng = &mut Rng::with_seed(seed);
    let no = number(created);
    let flights = flights(part, created, rng);
    let outbound = flights.len().div_ceil(2);
    let people = if nth % 11 == 3 { &cast::PEOPLE[0] } else { pick(rng, &cast::PEOPLE[1..]) };
    let travellers = travellers(people, part, created, rng);
    let methods = methods(part, flights[0].airline, rng);
    let price = price(&flights, part, rng);
    Order {
        no,
        pnr_code: pnr_code(created),
        created,
        updated: created,
        deadline: created + hold,
        outbound,
        mailbox: pick::<&str>(rng, cast::MAILBOXES),
        phone: format!("{}-{:08}", people.phone, rng.u32(10_000_000..100_000_000)),
        travellers,
        methods,
        price,
        brand: if rng.bool() { CardBrand::Visa } else { CardBrand::MasterCard },
        confirmed: part != Part::Unconfirmed,
        declines_cards: false,
        original: None,
        root: no,
        state: State::Unpaid,
        seed,
        flights,
    }
}

/// Puts an order into the state that its part had at `start`. An order still in ticketing stays without
/// outcome.
pub(super) fn play(order: &mut Order, part: Part, start: Timestamp) {
    let rng = &mut Rng::with_seed(mix(order.seed, 0x9a1d));
    let after_a_while = order.created + SignedDuration::from_millis(rng.i64(45_000..600_000));
    let paid_at = match part {
        Part::Ticketing => start - SignedDuration::from_millis(rng.i64(500..15_000)),
        Part::Late => order.created + secs(rng.i64(3 * 60..25 * 60)),
        _ => after_a_while,
    };
    let ticketed_at = paid_at + SignedDuration::from_millis(rng.i64(20_000..35_000));
    let paid = |method: PaymentMethod, rng: &mut Rng| Paid {
        method,
        at: paid_at,
        card_tail: method.needs_card().then(|| format!("{:04}", rng.u16(..10_000))),
        attempted: method == Vcc,
        stop_asked: false,
    };
    let (state, updated) = match part {
        Part::Ticketing | Part::Late => (State::Ticketing(paid(*pick(rng, order.methods), rng)), paid_at),
        Part::Ticketed => {
            (State::Ticketed(paid(*pick(rng, order.methods), rng), locators(order)), ticketed_at)
        }
        Part::Cancelled(0) => (State::Cancelled(Some(paid(order.methods[0], rng)), None), ticketed_at),
        Part::Cancelled(code) => {
            let method = if is_of_card(code) { Vcc } else { order.methods[0] };
            (State::Cancelled(Some(paid(method, rng)), Some(Failure::of(code))), ticketed_at)
        }
        _ => return,
    };
    (order.state, order.updated) = (state, updated);
}

/// The order made anew at today's fare: a few per cent dearer or cheaper.
pub(super) fn regenerated(original: &Order, nth: u64, created: Timestamp, hold: SignedDuration) -> Order {
    let seed = mix(original.seed, 0xb007 + nth);
    let rng = &mut Rng::with_seed(seed);
    let factor = Decimal::new(rng.i64(970..=1080), 3);
    let price = &original.price;
    let reprice = |fares: [Fare; 3], currency: Currency| {
        fares.map(|fare| Fare { base: round(fare.base * factor, currency), ..fare })
    };
    Order {
        no: number(created),
        pnr_code: pnr_code(created),
        created,
        updated: created,
        deadline: created + hold,
        price: Price {
            fares: reprice(price.fares, price.settlement),
            vendor_fares: reprice(price.vendor_fares, price.vendor),
            ..price.clone()
        },
        declines_cards: false,
        original: Some(original.no),
        state: State::Unpaid,
        seed,
        ..original.clone()
    }
}

fn is_of_card(code: u16) -> bool {
    matches!(code, 601 | 604 | 613 | 616 | 619 | 623 | 633)
}

fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(..from.len())]
}

fn methods(part: Part, airline: &Airline, rng: &mut Rng) -> &'static [PaymentMethod] {
    let choice: &[&'static [PaymentMethod]] = match part {
        Part::Open(Deposit) => &[&[Deposit], &[Deposit, Vcc], &[Deposit, Mor]],
        Part::Open(Vcc) | Part::Urgent(_) => &[&[Deposit, Vcc], &[Deposit, Vcc, Byoa], &[Deposit, Vcc, Mor]],
        Part::Open(Byoa) => &[&[Deposit, Byoa], &[Deposit, Vcc, Byoa], &[Byoa], &[Deposit, Vcc, Byoa, Mor]],
        Part::Open(Mor) => &[&[Deposit, Mor], &[Deposit, Vcc, Mor], &[Mor]],
        Part::Mixed => &[&[Deposit]],
        Part::Cancelled(code) if is_of_card(code) => &[&[Deposit, Vcc], &[Deposit, Vcc, Byoa]],
        _ if airline.code == "FR" => &[&[Deposit, Vcc]],
        _ => &[&[Deposit], &[Deposit, Vcc], &[Deposit, Vcc, Byoa], &[Deposit, Mor], &[Deposit, Byoa]],
    };
    pick::<&[PaymentMethod]>(rng, choice)
}

fn flights(part: Part, created: Timestamp, rng: &mut Rng) -> Vec<Flight> {
    let (out, back) = match part {
        Part::Mixed => ("TR", Some("FD")),
        Part::Unconfirmed => ("FR", None),
        _ => {
            // A comfortable unpaid order is never Ryanair's, which would have to be confirmed first.
            let airlines = cast::AIRLINES;
            let airline = loop {
                let one = pick(rng, airlines);
                if one.code != "FR" || matches!(part, Part::Ticketed | Part::Cancelled(_) | Part::Lapsed) {
                    break one.code;
                }
            };
            (airline, None)
        }
    };
    let airline = cast::airline(out).unwrap_or(&cast::AIRLINES[0]);
    let route = if part == Part::Mixed { &airline.routes[0] } else { pick(rng, airline.routes) };
    let day = SINGAPORE.to_datetime(created).date().saturating_add(rng.i32(3..120).days());
    let (from, to) = (cast::airport(route.from), cast::airport(route.to));
    let departs = day.at(route.departs.0, route.departs.1, 0, 0);
    let mut flights =
        vec![Flight { airline, number: route.number, from, to, departs, minutes: route.minutes }];
    let returns = back.is_some() || rng.u8(..100) < 30;
    if returns {
        let airline = back.and_then(cast::airline).unwrap_or(airline);
        let number = if back.is_some() { 352 } else { route.number + 1 };
        let departs = day.saturating_add(rng.i32(2..15).days()).at(rng.i8(6..22), rng.i8(0..12) * 5, 0, 0);
        flights.push(Flight { airline, number, from: to, to: from, departs, minutes: route.minutes + 5 });
    }
    flights
}

fn travellers(people: &cast::People, part: Part, created: Timestamp, rng: &mut Rng) -> Vec<Traveller> {
    let today = SINGAPORE.to_datetime(created).date();
    let kinds: &[Kind] = if part == Part::Dear {
        &[Kind::Adult, Kind::Adult, Kind::Child, Kind::Child]
    } else {
        match rng.u8(..10) {
            0..5 => &[Kind::Adult],
            5..7 => &[Kind::Adult, Kind::Adult],
            7 => &[Kind::Adult, Kind::Child],
            8 => &[Kind::Adult, Kind::Adult, Kind::Child, Kind::Child],
            _ => &[Kind::Adult, Kind::Adult, Kind::Infant],
        }
    };
    let family = pick(rng, people.families);
    let mut taken = Vec::with_capacity(kinds.len());
    kinds
        .iter()
        .map(|kind| {
            let (female, given) = loop {
                let female = rng.bool();
                let given = *pick(rng, if female { people.women } else { people.men });
                if !taken.contains(&given) {
                    break (female, given);
                }
            };
            taken.push(given);
            let years = match kind {
                Kind::Adult => rng.i32(19..70),
                Kind::Child => rng.i32(3..11),
                Kind::Infant => 1,
            };
            Traveller {
                family,
                given,
                kind: *kind,
                birthday: day_around(today, -years * 365 - rng.i32(0..300)),
                female,
                document: format!("{}{:08}", letters(rng.u64(..26), 1), rng.u32(..100_000_000)),
                document_expires: day_around(today, rng.i32(300..3_300)),
                country: people.country,
            }
        })
        .collect()
}

fn day_around(today: civil::Date, days: i32) -> civil::Date {
    today.saturating_add(days.days())
}

fn price(flights: &[Flight], part: Part, rng: &mut Rng) -> Price {
    let settlement = if part == Part::Dear {
        "GBP"
    } else {
        pick(rng, &["CNY", "CNY", "CNY", "CNY", "USD", "USD", "USD", "EUR", "SGD", "HKD"])
    };
    let vendor = flights[0].airline.currency;
    let minutes: i32 = flights.iter().map(|flight| flight.minutes).sum();
    // US cents: a start price and some for each minute in the air, in the mood of the day.
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
    let (rate, _) = cast::rate(settlement);
    let settlement_currency = Currency::parse(settlement).unwrap_or_else(dollars);
    Price {
        settlement: settlement_currency,
        vendor: Currency::parse(vendor).unwrap_or_else(dollars),
        fares: fares(settlement, 1),
        vendor_fares: fares(vendor, cast::rate(vendor).1),
        fee: round(Decimal::new([150, 200, 200, 250][rng.usize(..4)], 2) * rate, settlement_currency)
            .normalize(),
        vendor_drift: if rng.u8(..8) == 0 { Decimal::new(5, 3) } else { Decimal::ZERO },
    }
}

fn dollars() -> Currency {
    Currency::parse("USD").unwrap_or_else(|| unreachable!("three letters"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn start() -> Timestamp {
        "2026-11-03T06:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_number_is_the_moment_of_creation_in_singapore() {
        let created = "2026-11-03T16:15:02.317Z".parse().unwrap();
        assert_eq!(number(created).as_str(), "TESTA20261104001502317");
    }

    #[test]
    fn booking_references_do_not_repeat() {
        let codes: BTreeSet<String> =
            (0..5_000).map(|ms| pnr_code(start() + SignedDuration::from_millis(ms * 7))).collect();
        assert_eq!(codes.len(), 5_000);
    }

    #[test]
    fn every_part_is_payable_by_the_method_it_promises() {
        for serial in 0..400 {
            for method in PaymentMethod::ALL {
                let order = order(serial, serial, Part::Open(method), start(), HOLD);
                assert!(order.methods.contains(&method));
                assert!(!order.is_mixed() && order.flights[0].airline.code != "FR");
                assert!(order.total().amount > Decimal::TEN, "{:?}", order.total());
                assert!(order.flights.is_sorted_by_key(|flight| flight.departs));
            }
        }
    }

    #[test]
    fn prices_have_the_decimals_of_their_currency() {
        for serial in 0..400 {
            let order = order(1, serial, Part::Open(Vcc), start(), HOLD);
            for money in [order.total(), order.vendor_total(), order.vendor_cost(), order.service_fee()] {
                assert!(money.amount.normalize().scale() <= money.currency.decimals(), "{money:?}");
            }
        }
    }

    #[test]
    fn a_regenerated_order_keeps_its_travellers_and_takes_the_fare_of_the_day() {
        let old = order(3, 9, Part::Cancelled(604), start(), HOLD);
        let new = regenerated(&old, 0, start() + secs(60), HOLD);
        assert_eq!((new.original, new.root), (Some(old.no), old.no));
        assert_eq!((&new.travellers, &new.flights), (&old.travellers, &old.flights));
        assert_ne!(new.pnr_code, old.pnr_code);
        assert_ne!(new.total(), old.total());
        let third = regenerated(&new, 0, start() + secs(90), HOLD);
        assert_eq!((third.original, third.root), (Some(new.no), old.no));
    }
}
