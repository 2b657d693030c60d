//! What is on sale: the routings that `search.do` finds, and the identifier under which one is verified.
//!
//! The same question has the same answer, whenever it is asked and whatever the seed: an offer is made from
//! the question alone, and its identifier is the question, written down.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, civil};

use super::{
    cast::{AIRLINES, Airline, Airport, places},
    chance::mix,
    order::{Flight, Party, Routing, quote},
    time::secs,
};
use crate::domain::{
    method::PaymentMethod::{self, Byoa, Deposit, Mor, Vcc},
    money::Currency,
};

/// A routing can be verified for so long after it was found.
pub(super) const OFFERED: SignedDuration = secs(6 * 3_600);

/// So many routings are found at least, where the places are known.
const FOUND: usize = 4;

/// What somebody is looking for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search {
    /// IATA codes of airports or cities.
    pub from: String,
    pub to: String,
    pub leaves: civil::Date,
    /// None for one way.
    pub returns: Option<civil::Date>,
    pub party: Party,
    pub currency: Option<Currency>,
    /// Only these; all when it is empty.
    pub airlines: Vec<String>,
}

/// A routing that was found, and where it stands in the answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    pub search: Search,
    pub place: usize,
    pub found: Timestamp,
    pub routing: Routing,
}

/// What the methods of payment are on the first offers of a search, one row each and then from the start: the
/// first takes everything, and one the deposit alone.
const METHODS: [&[PaymentMethod]; FOUND] =
    [&[Deposit, Vcc, Byoa, Mor], &[Deposit, Vcc], &[Deposit], &[Deposit, Mor]];

impl Search {
    /// All that is on sale: each airline's first flight of the day, and later ones until there is a choice.
    /// Nothing between unknown places.
    pub(super) fn offers(&self, now: Timestamp) -> Vec<Offer> {
        let published: Vec<Leg> = AIRLINES.iter().filter_map(|airline| self.published_leg(airline)).collect();
        let mut legs = if published.is_empty() { self.made_up_legs() } else { published };
        legs.retain(|leg| self.admits(leg.airline));
        let all_day = (0..FOUND).flat_map(|nth| legs.iter().map(move |leg| leg.later(nth)));
        let sold = all_day.take(FOUND).enumerate();
        let mut found: Vec<Routing> = sold.map(|(place, leg)| self.routing(leg, place)).collect();
        if let (Some(_), [first, second, ..]) = (self.returns, &found[..])
            && let ([out, _], [_, back]) = (&first.flights[..], &second.flights[..])
            && out.airline != back.airline
        {
            let seed = self.seed(found.len() as u64 + 1);
            found.push(Routing::separate(vec![*out, *back], self.currency(), seed));
        }
        // As its identifier says.
        let found_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let offer = |(place, routing)| Offer { search: self.clone(), place, found: found_at, routing };
        found.into_iter().enumerate().map(offer).collect()
    }

    /// The date where the journey begins; nobody knows it of an unknown place, and nothing is on sale there.
    pub(super) fn today(&self, now: Timestamp) -> civil::Date {
        places(&self.from).first().map_or(civil::Date::MIN, |from| from.local(now).date())
    }

    fn admits(&self, airline: &Airline) -> bool {
        self.airlines.is_empty() || self.airlines.iter().any(|code| code == airline.code)
    }

    /// A route that the airline publishes, in either direction.
    fn published_leg(&self, airline: &'static Airline) -> Option<Leg> {
        let joins = |one: &str, other: &str| {
            let find = |at: &str, wanted: &str| places(wanted).into_iter().find(|place| place.code == at);
            Some((find(one, &self.from)?, find(other, &self.to)?))
        };
        airline.routes.iter().find_map(|route| {
            let (out, back) = (route.number, route.number + 1);
            let there = joins(route.from, route.to).map(|(from, to)| (from, to, [out, back]));
            let (from, to, numbers) =
                there.or_else(|| joins(route.to, route.from).map(|(from, to)| (from, to, [back, out])))?;
            Some(Leg { airline, numbers, from, to, departs: route.departs, minutes: route.minutes })
        })
    }

    /// Where no airline of the cast flies, those fly all the same that are at home not much further from both
    /// ends than the nearest one. Ryanair keeps to its routes: whoever books it has to confirm.
    fn made_up_legs(&self) -> Vec<Leg> {
        let (Some(from), Some(to)) = (places(&self.from).first().copied(), places(&self.to).first().copied())
        else {
            return Vec::new();
        };
        if from.city == to.city {
            return Vec::new();
        }
        let rng = &mut Rng::with_seed(self.seed(0xa112));
        let minutes = rng.i32(10..50) * 5;
        let hours = |airline: &Airline| airline.hours_from(from) + airline.hours_from(to);
        let willing = |airline: &&Airline| airline.code != "FR" && self.admits(airline);
        let mut airlines: Vec<&'static Airline> = AIRLINES.iter().filter(willing).collect();
        rng.shuffle(&mut airlines);
        airlines.sort_by_key(|airline| hours(airline));
        let furthest = airlines.first().map_or(0, |nearest| hours(nearest) + 3);
        airlines.retain(|airline| hours(airline) <= furthest);
        let leg = |airline| {
            let number = rng.u16(100..4_000);
            let departs = (rng.i8(6..21), rng.i8(0..12) * 5);
            Leg { airline, numbers: [number, number + 1], from, to, departs, minutes }
        };
        airlines.into_iter().take(FOUND).map(leg).collect()
    }

    fn routing(&self, leg: Leg, place: usize) -> Routing {
        let mut flights = vec![leg.on(self.leaves)];
        if let Some(day) = self.returns {
            flights.push(leg.reversed().on(day));
        }
        let methods = if leg.airline.code == "FR" { METHODS[1] } else { METHODS[place % METHODS.len()] };
        self.finish(flights, methods, place)
    }

    fn finish(&self, flights: Vec<Flight>, methods: &[PaymentMethod], place: usize) -> Routing {
        let seed = self.seed(place as u64 + 1);
        let price = quote(&flights, self.currency(), &mut Rng::with_seed(seed));
        Routing { flights, outbound: 1, price, methods: methods.to_vec(), seed }
    }

    fn currency(&self) -> Option<Currency> {
        self.currency.or_else(|| Currency::parse("USD"))
    }

    /// From the places and days only: who travels and in what currency does not move flights.
    fn seed(&self, salt: u64) -> u64 {
        let text = format!("{}{}{}{:?}", self.from, self.to, self.leaves, self.returns);
        text.bytes().fold(mix(7, salt), |seed, byte| mix(seed, u64::from(byte)))
    }
}

/// A flight of every day.
#[derive(Clone, Copy)]
struct Leg {
    airline: &'static Airline,
    /// There and back.
    numbers: [u16; 2],
    from: &'static Airport,
    to: &'static Airport,
    departs: (i8, i8),
    minutes: i32,
}

impl Leg {
    fn on(self, day: civil::Date) -> Flight {
        let Self { airline, numbers: [number, _], from, to, departs: (hour, minute), minutes } = self;
        Flight { airline, number, from, to, departs: day.at(hour, minute, 0, 0), minutes }
    }

    /// The way back, some hours later.
    fn reversed(self) -> Self {
        let (hour, minute) = self.departs;
        let [number, back] = self.numbers;
        let later = (hour + 6) % 17 + 6;
        Self { numbers: [back, number], from: self.to, to: self.from, departs: (later, minute), ..self }
    }

    /// The airline's `nth` flight of the day on this route: the next odd or even numbers, four hours apart.
    fn later(self, nth: usize) -> Self {
        let mut leg = self;
        for _ in 0..nth {
            let (hour, minute) = leg.departs;
            leg.departs = ((hour + 15) % 17 + 6, minute);
            leg.numbers = leg.numbers.map(|number| number + 2);
        }
        leg
    }
}

impl Offer {
    /// `routingIdentifier`: everything from which the offer can be made again, in hexadecimal digits.
    pub(super) fn identifier(&self) -> String {
        let Search { from, to, leaves, returns, party: [adults, children, infants], currency, airlines } =
            &self.search;
        let text = format!(
            "1|{from}|{to}|{leaves}|{}|{adults}|{children}|{infants}|{}|{}|{}|{}",
            returns.map(|day| day.to_string()).unwrap_or_default(),
            currency.map(|currency| currency.code().to_owned()).unwrap_or_default(),
            airlines.join(","),
            self.place,
            self.found.as_second(),
        );
        text.bytes().fold(String::with_capacity(2 * text.len()), |mut digits, byte| {
            digits.extend(
                [byte >> 4, byte & 15].iter().filter_map(|half| char::from_digit(u32::from(*half), 16)),
            );
            digits
        })
    }

    /// The offer of an identifier; none when nothing was ever offered under it.
    pub(super) fn of_identifier(identifier: &str) -> Option<Self> {
        let bytes = identifier.as_bytes().chunks(2).map(|pair| {
            let text = std::str::from_utf8(pair).ok().filter(|text| text.len() == 2)?;
            u8::from_str_radix(text, 16).ok()
        });
        let text = String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()?;
        let parts: Vec<&str> = text.split('|').collect();
        let ["1", from, to, leaves, returns, adults, children, infants, currency, airlines, place, found] =
            parts[..]
        else {
            return None;
        };
        let returns = if returns.is_empty() { None } else { Some(returns.parse().ok()?) };
        let currency = if currency.is_empty() { None } else { Some(Currency::parse(currency)?) };
        let search = Search {
            from: from.to_owned(),
            to: to.to_owned(),
            leaves: leaves.parse().ok()?,
            returns,
            party: [adults.parse().ok()?, children.parse().ok()?, infants.parse().ok()?],
            currency,
            airlines: airlines.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        };
        let found = Timestamp::from_second(found.parse().ok()?).ok()?;
        let place: usize = place.parse().ok()?;
        search.offers(found).into_iter().nth(place)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use proptest::prelude::*;

    use super::*;
    use crate::sim::cast::Route;

    fn now() -> Timestamp {
        "2026-11-03T06:00:00Z".parse().unwrap()
    }

    fn search(from: &str, to: &str) -> Search {
        Search {
            from: from.into(),
            to: to.into(),
            leaves: civil::date(2026, 12, 1),
            returns: None,
            party: [1, 0, 0],
            currency: None,
            airlines: Vec::new(),
        }
    }

    #[test]
    fn an_airlines_own_route_is_found_both_ways_and_by_city() {
        let first = |from, to| search(from, to).offers(now()).remove(0).routing.flights[0];
        assert_eq!((first("CGK", "SUB").airline.code, first("CGK", "SUB").number), ("QG", 716));
        assert_eq!((first("SUB", "CGK").airline.code, first("SUB", "CGK").number), ("QG", 717));
        let flight = first("DUB", "LON");
        assert_eq!((flight.airline.code, flight.to.code), ("FR", "STN"));
    }

    #[test]
    fn a_published_route_is_flown_by_those_who_publish_it_several_times_a_day() {
        for airline in AIRLINES {
            for route in airline.routes {
                for (from, to) in [(route.from, route.to), (route.to, route.from)] {
                    let there_and_back =
                        Search { returns: Some(civil::date(2026, 12, 9)), ..search(from, to) };
                    let offers = there_and_back.offers(now());
                    let plain: Vec<&Offer> =
                        offers.iter().filter(|offer| !offer.routing.is_mixed()).collect();
                    let flights: Vec<Flight> = plain.iter().map(|offer| offer.routing.flights[0]).collect();
                    assert_eq!(flights.len(), FOUND, "{from}-{to}");
                    for (at, flight) in flights.iter().enumerate() {
                        let publishes = |route: &Route| {
                            [(route.from, route.to), (route.to, route.from)]
                                .contains(&(flight.from.code, flight.to.code))
                        };
                        assert!(flight.airline.routes.iter().any(publishes), "{flight:?}");
                        assert!(!flights[..at].contains(flight), "{flight:?} is sold twice");
                    }
                    for offer in plain {
                        let [out, back] = offer.routing.flights[..] else { unreachable!() };
                        assert_eq!((out.from, out.to), (back.to, back.from));
                        assert_eq!(out.number.abs_diff(back.number), 1);
                    }
                }
            }
        }
        let elsewhere = Search { airlines: vec!["VY".into()], ..search("SIN", "BKK") };
        assert!(elsewhere.offers(now()).is_empty(), "Vueling does not fly there");
    }

    #[test]
    fn nobody_flies_far_from_home() {
        for (from, to) in [("MAD", "FAO"), ("HAN", "MNL"), ("BOS", "ORD"), ("AYT", "TLV")] {
            for Offer { routing, .. } in search(from, to).offers(now()) {
                let airline = routing.flights[0].airline;
                let nearest = |code| airline.hours_from(crate::sim::cast::airport(code));
                assert!(nearest(from) + nearest(to) <= 3, "{} from {from} to {to}", airline.name);
            }
        }
    }

    #[test]
    fn between_known_places_there_is_always_a_choice_and_elsewhere_nothing() {
        let offers = search("HEL", "AKL").offers(now());
        assert_eq!(offers.len(), FOUND);
        assert_eq!(offers[0].routing.methods, [Deposit, Vcc, Byoa, Mor]);
        assert_eq!(offers[2].routing.methods, [Deposit]);
        assert!(offers.iter().all(|offer| !offer.routing.flies("FR")));
        for (from, to) in [("ZZZ", "SIN"), ("SIN", "ZZZ"), ("SIN", "SIN"), ("LGW", "STN")] {
            assert!(search(from, to).offers(now()).is_empty(), "{from}-{to}");
        }
        let only = Search { airlines: vec!["TR".into()], ..search("HEL", "AKL") };
        assert!(only.offers(now()).iter().all(|offer| offer.routing.flies("TR")));
    }

    #[test]
    fn a_return_can_be_flown_by_two_airlines_at_the_sum_of_their_prices() {
        let there_and_back = Search { returns: Some(civil::date(2026, 12, 9)), ..search("HEL", "AKL") };
        let offers = there_and_back.offers(now());
        let mixed = &offers.last().unwrap().routing;
        let legs = mixed.legs().unwrap();
        let sum: rust_decimal::Decimal = legs.iter().map(|leg| leg.total([2, 1, 0]).amount).sum();
        assert_eq!((mixed.total([2, 1, 0]).amount, mixed.is_mixed()), (sum, true));
        assert_eq!(offers[0].routing.legs(), None);
    }

    proptest! {
        #[test]
        fn an_identifier_is_the_offer(
            (from, to) in prop::sample::select(vec![("SIN", "BKK"), ("TYO", "OSA"), ("DUB", "LON"), ("MAD", "LIM")]),
            days in 0i64..300,
            back in prop::option::of(0i64..30),
            party in [1u8..9, 0u8..8, 0u8..2],
            currency in prop::option::of(prop::sample::select(vec!["EUR", "CNY"])),
        ) {
            let leaves = civil::date(2026, 11, 3).saturating_add(days.days());
            let search = Search {
                leaves,
                returns: back.map(|days| leaves.saturating_add(days.days())),
                party,
                currency: currency.and_then(Currency::parse),
                ..search(from, to)
            };
            for offer in search.offers(now()) {
                prop_assert_eq!(Offer::of_identifier(&offer.identifier()), Some(offer));
            }
        }

        #[test]
        fn what_is_no_identifier_is_no_offer(text in "\\PC{0,60}") {
            prop_assert_eq!(Offer::of_identifier(&text), None);
        }
    }
}
