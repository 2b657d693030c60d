//! Making orders: believable ones, and the same ones from the same seed.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, ToSpan, civil};

use super::{
    Order,
    failure::{Failure, is_of_card},
    number::{SINGAPORE, number, pnr_code},
    part::{HOLD, Part},
    price,
    routing::{Flight, MERCHANT_BRANDS, Routing},
    state::{Fate, Paid, State},
    traveller::{Contact, Document, Kind, Traveller},
};
use crate::{
    domain::{
        method::PaymentMethod::{self, Byoa, Deposit, Mor, Vcc},
        money::Currency,
    },
    sim::{
        cast::{self, Airline},
        chance::{letters, mix, pick},
        time::{Moment, secs},
    },
};

/// When an order is made, in the story and on the wall. No two orders of a world share the latter.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Birth {
    pub story: Moment,
    pub wall: Timestamp,
}

/// What is asked of an order besides its part; the rest is left to chance.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Wishes {
    pub airline: Option<&'static Airline>,
    pub currency: Option<Currency>,
    pub methods: Option<Vec<PaymentMethod>>,
    /// To the payment deadline.
    pub left: Option<SignedDuration>,
    pub card_fate: Option<Fate>,
    pub fate: Option<Fate>,
    pub fulfilment: bool,
}

/// Locators of so many airlines, as they would come from the order's own chance.
pub(in crate::sim) fn locators(order: &Order) -> Vec<String> {
    (1..).map(|salt| letters(mix(order.seed, salt), 6)).take(order.routing.airlines().len()).collect()
}

/// What somebody books.
pub(in crate::sim) struct Booking {
    pub name: Box<str>,
    pub routing: Routing,
    pub travellers: Vec<Traveller>,
    pub contact: Contact,
}

impl Booking {
    /// The order that it makes.
    pub(in crate::sim) fn order(self, birth: Birth, hold: SignedDuration, seed: u64) -> Order {
        let no = number(birth.wall);
        let Self { name, routing, travellers, contact } = self;
        Order {
            no,
            name,
            pnr_code: pnr_code(birth.wall),
            created: birth.wall,
            made: birth.story,
            updated: birth.story,
            deadline: birth.story + hold,
            confirmed: !routing.flies("FR"),
            routing,
            travellers,
            contact,
            brand: None,
            fulfilment: false,
            card_fate: None,
            fate: None,
            original: None,
            root: no,
            state: State::Unpaid,
            seed,
        }
    }
}

/// A new order with a part to play. `nth` tells it from the other orders of its world.
pub(in crate::sim) fn order(
    seed: u64,
    nth: u64,
    (part, wishes): (Part, &Wishes),
    name: Box<str>,
    birth: Birth,
) -> Order {
    let seed = mix(seed, nth);
    let rng = &mut Rng::with_seed(seed);
    let today = SINGAPORE.to_datetime(birth.wall).date();
    let flights = flights(part, wishes.airline, today, rng);
    let people = if nth % 11 == 3 { &cast::PEOPLE[0] } else { pick(rng, &cast::PEOPLE[1..]) };
    let travellers = travellers(people, part, today, rng);
    let by_chance = methods(part, flights[0].airline, rng);
    let settlement = if part == Part::Dear { Currency::parse("GBP") } else { wishes.currency };
    let routing = Routing {
        outbound: flights.len().div_ceil(2),
        price: price::quote(&flights, settlement, rng),
        methods: wishes.methods.clone().unwrap_or_else(|| by_chance.to_vec()),
        flights,
        seed,
    };
    let contact = Contact {
        name: travellers.first().map(|one| one.name.clone()).unwrap_or_default(),
        email: Some((*pick::<&str>(rng, cast::MAILBOXES)).to_owned()),
        mobile: Some(format!("{}-{:08}", people.phone, rng.u32(10_000_000..100_000_000))),
    };
    let brand = Some(*pick(rng, &MERCHANT_BRANDS));
    let mut order = Booking { name, routing, travellers, contact }.order(birth, part.hold(), seed);
    order.brand = brand;
    order.confirmed = part != Part::Unconfirmed;
    order.fulfilment = wishes.fulfilment || part == Part::Fulfilment;
    (order.card_fate, order.fate) = (wishes.card_fate, wishes.fate);
    order
}

/// Puts an order into the state that its part had at the start of the story. An order still in ticketing
/// stays without outcome.
pub(in crate::sim) fn play(order: &mut Order, part: Part) {
    let rng = &mut Rng::with_seed(mix(order.seed, 0x9a1d));
    let after_a_while = order.made + SignedDuration::from_millis(rng.i64(45_000..600_000));
    let paid_at = match part {
        Part::Ticketing => Moment::START - SignedDuration::from_millis(rng.i64(500..15_000)),
        Part::Late => order.made + secs(rng.i64(3 * 60..25 * 60)),
        _ => after_a_while,
    };
    let ticketed_at = paid_at + SignedDuration::from_millis(rng.i64(20_000..35_000));
    let paid = |method: PaymentMethod, rng: &mut Rng| Paid {
        method,
        at: paid_at,
        card_tail: method.needs_card().then(|| format!("{:04}", rng.u16(..10_000))),
        card: None,
        fate: Fate::Ticket,
        charged: true,
        stop_asked: false,
        suspended: None,
    };
    let methods = order.routing.methods.clone();
    let any = |rng: &mut Rng| methods.get(rng.usize(..methods.len().max(1))).copied().unwrap_or(Deposit);
    let (state, updated) = match part {
        Part::Ticketing | Part::Late => (State::Ticketing(paid(any(rng), rng)), paid_at),
        Part::Ticketed => (State::Ticketed(paid(any(rng), rng), locators(order)), ticketed_at),
        Part::Stopped => (State::Cancelled(Some(paid(methods[0], rng)), None), ticketed_at),
        Part::Cancelled(code) => {
            let code = code.unwrap_or(699);
            let method = if is_of_card(code) { Vcc } else { methods[0] };
            (State::Cancelled(Some(paid(method, rng)), Some(Failure::of(code))), ticketed_at)
        }
        _ => return,
    };
    (order.state, order.updated) = (state, updated);
}

/// The order regenerated at today's fare: a few per cent dearer or cheaper, or as many thousandths as are asked
/// for.
pub(in crate::sim) fn regenerated(original: &Order, nth: u64, permille: Option<i64>, birth: Birth) -> Order {
    let seed = mix(original.seed, 0xb007 + nth);
    let permille = permille.unwrap_or_else(|| Rng::with_seed(seed).i64(970..=1080));
    let hold = original.deadline.since(original.made);
    let hold = if original.fulfilment { hold } else { HOLD };
    Order {
        no: number(birth.wall),
        name: format!("{}/{}", original.name, nth + 1).into(),
        pnr_code: pnr_code(birth.wall),
        created: birth.wall,
        made: birth.story,
        updated: birth.story,
        deadline: birth.story + hold,
        routing: Routing { price: original.routing.price.repriced(permille), ..original.routing.clone() },
        card_fate: None,
        fate: None,
        original: Some(original.no),
        state: State::Unpaid,
        seed,
        ..original.clone()
    }
}

fn methods(part: Part, airline: &Airline, rng: &mut Rng) -> &'static [PaymentMethod] {
    let choice: &[&'static [PaymentMethod]] = match part {
        Part::Open(Some(Deposit)) => &[&[Deposit], &[Deposit, Vcc], &[Deposit, Mor]],
        Part::Open(Some(Vcc)) | Part::Urgent(_) | Part::Fulfilment => {
            &[&[Deposit, Vcc], &[Deposit, Vcc, Byoa], &[Deposit, Vcc, Mor]]
        }
        Part::Open(Some(Byoa)) => {
            &[&[Deposit, Byoa], &[Deposit, Vcc, Byoa], &[Byoa], &[Deposit, Vcc, Byoa, Mor]]
        }
        Part::Open(Some(Mor)) => &[&[Deposit, Mor], &[Deposit, Vcc, Mor], &[Mor]],
        Part::Mixed => &[&[Deposit]],
        Part::Cancelled(Some(code)) if is_of_card(code) => &[&[Deposit, Vcc], &[Deposit, Vcc, Byoa]],
        _ if airline.code == "FR" => &[&[Deposit, Vcc]],
        _ => &[&[Deposit], &[Deposit, Vcc], &[Deposit, Vcc, Byoa], &[Deposit, Mor], &[Deposit, Byoa]],
    };
    pick::<&[PaymentMethod]>(rng, choice)
}

fn flights(part: Part, wanted: Option<&'static Airline>, today: civil::Date, rng: &mut Rng) -> Vec<Flight> {
    let (out, back) = match part {
        Part::Mixed => ("TR", Some("FD")),
        Part::Unconfirmed => ("FR", None),
        _ => (wanted.map_or_else(|| any_airline(part, rng), |airline| airline.code), None),
    };
    let airline = cast::airline(out).unwrap_or(&cast::AIRLINES[0]);
    let route = if part == Part::Mixed { &airline.routes[0] } else { pick(rng, airline.routes) };
    let day = today.saturating_add(rng.i32(3..120).days());
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

/// A comfortable unpaid order is never Ryanair's, which would have to be confirmed first. Two airlines do not
/// take part in the Fulfilment API.
fn any_airline(part: Part, rng: &mut Rng) -> &'static str {
    loop {
        let code = pick(rng, cast::AIRLINES).code;
        let is_excluded = match code {
            "FR" => !matches!(part, Part::Ticketed | Part::Cancelled(_) | Part::Stopped | Part::Lapsed),
            "U2" | "9C" => part == Part::Fulfilment,
            _ => false,
        };
        if !is_excluded {
            return code;
        }
    }
}

fn travellers(people: &cast::People, part: Part, today: civil::Date, rng: &mut Rng) -> Vec<Traveller> {
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
            let in_days = |days: i32| Some(today.saturating_add(days.days()));
            Traveller {
                name: format!("{family}/{given}"),
                kind: *kind,
                birthday: in_days(-years * 365 - rng.i32(0..300)),
                female,
                document: Some(Document {
                    kind: "PP".to_owned(),
                    number: format!("{}{:08}", letters(rng.u64(..26), 1), rng.u32(..100_000_000)),
                    expires: in_days(rng.i32(300..3_300)),
                    issued_in: Some(people.country.to_owned()),
                }),
                nationality: Some(people.country.to_owned()),
            }
        })
        .collect()
}

#[cfg(test)]
pub(in crate::sim) mod tests {
    use rust_decimal::Decimal;

    use super::*;

    fn birth() -> Birth {
        Birth { story: Moment::START, wall: "2026-11-03T06:00:00Z".parse().unwrap() }
    }

    fn made(serial: u64, part: Part) -> Order {
        order(serial, serial, (part, &Wishes::default()), "one".into(), birth())
    }

    /// An order that plays a part.
    pub(in crate::sim) fn sample(part: Part) -> Order {
        let mut order = made(1, part);
        play(&mut order, part);
        order
    }

    #[test]
    fn every_part_is_payable_by_the_method_it_promises() {
        for serial in 0..400 {
            for method in PaymentMethod::ALL {
                let order = made(serial, Part::Open(Some(method)));
                let routing = &order.routing;
                assert!(routing.supports(method));
                assert!(!routing.is_mixed() && !routing.flies("FR"));
                assert!(order.total().amount > Decimal::TEN, "{:?}", order.total());
                assert!(routing.flights.is_sorted_by_key(|flight| flight.departs));
            }
        }
    }

    #[test]
    fn prices_have_the_decimals_of_their_currency() {
        for serial in 0..400 {
            let order = made(serial, Part::Open(Some(Vcc)));
            let (routing, party) = (&order.routing, order.party());
            let all =
                [order.total(), routing.vendor_total(party), order.vendor_cost(), routing.service_fee(party)];
            for money in all {
                assert!(money.amount.normalize().scale() <= money.currency.decimals(), "{money:?}");
            }
        }
    }

    #[test]
    fn what_is_wished_for_is_made() {
        let wishes = Wishes {
            airline: cast::airline("VY"),
            currency: Currency::parse("EUR"),
            methods: Some(vec![Vcc]),
            card_fate: Some(Fate::Fail(604)),
            ..Wishes::default()
        };
        let order = order(1, 2, (Part::Open(Some(Vcc)), &wishes), "hero".into(), birth());
        assert_eq!((&*order.name, order.card_fate), ("hero", Some(Fate::Fail(604))));
        assert!(order.routing.flies("VY") && order.routing.methods == [Vcc]);
        assert_eq!(order.total().currency.code(), "EUR");
    }

    #[test]
    fn a_regenerated_order_keeps_its_travellers_and_takes_the_fare_of_the_day() {
        let old = sample(Part::Cancelled(Some(604)));
        let later =
            |seconds| Birth { story: birth().story + secs(seconds), wall: birth().wall + secs(seconds) };
        let new = regenerated(&old, 0, None, later(60));
        assert_eq!((new.original, new.root), (Some(old.no), old.no));
        assert_eq!((&new.travellers, &new.routing.flights), (&old.travellers, &old.routing.flights));
        assert_ne!(new.pnr_code, old.pnr_code);
        assert_ne!(new.total(), old.total());
        let third = regenerated(&new, 1, Some(2_000), later(90));
        assert_eq!((third.original, third.root, &*third.name), (Some(new.no), old.no, "one/1/2"));
        assert!(third.total().amount > new.total().amount);
    }
}
