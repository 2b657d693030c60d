//! From a search to an order: `search.do`, `verify.do`, `order.do`, and Ryanair's confirmation.

use jiff::SignedDuration;

use super::state::World;
use crate::{
    domain::{card::CardBrand, method::PaymentMethod, order::OrderNo},
    sim::{
        cast,
        chance::{BOOKINGS, mix, session},
        order::{Contact, HOLD, Kind as Type, Order, Routing, State, Traveller, make::Booking},
        refusal::Refusal,
        scenario::Duplicates,
        shop::{OFFERED, Offer, Search},
        story::Kind,
        time::secs,
    },
};

/// Seats that an airline still has; the wire has one digit for them.
pub(in crate::sim) const SEATS: usize = 9;

/// Whatever is wrong with a search.
pub(in crate::sim) const BAD_SEARCH: i64 = 102;

/// A verified routing can be booked for so long.
const VERIFIED: SignedDuration = secs(2 * 3_600);

/// A routing that can be booked.
pub(in crate::sim) struct Verified {
    pub session: String,
    pub offer: Offer,
}

/// `order.do`, as asked.
pub(in crate::sim) struct Book {
    pub session: String,
    pub travellers: Vec<Traveller>,
    pub contact: Contact,
    /// `payment.cardType`.
    pub brand: Option<CardBrand>,
    /// `allowGenerateMultipleOrders`.
    pub may_split: bool,
}

/// A traveller's confirmation: done, and where to go next.
pub(in crate::sim) struct Confirmation<'a> {
    pub order: &'a Order,
    pub redirect: Option<String>,
}

impl World {
    /// `search.do`: what is on sale.
    pub(in crate::sim) fn search(&self, search: &Search) -> Result<Vec<Offer>, Refusal> {
        let [adults, children, infants] = search.party;
        let now = self.clock.now();
        if search.leaves < search.today(now) {
            return Err(Refusal::new(BAD_SEARCH, "fromDate has passed"));
        }
        if search.returns.is_some_and(|day| day < search.leaves) {
            return Err(Refusal::new(BAD_SEARCH, "retDate is before fromDate"));
        }
        if !(1..=9).contains(&adults) || children > 8 || infants > adults {
            return Err(Refusal::new(BAD_SEARCH, "adultNum 1-9, childNum 0-8, at most one infant an adult"));
        }
        if let Some(currency) = search.currency.filter(|currency| !cast::is_settled_in(currency.code())) {
            return Err(Refusal::new(124, format!("{currency} is no currency of settlement")));
        }
        let mut offers = search.offers(now);
        offers.retain(|offer| !offer.routing.has_left(now));
        Ok(offers)
    }

    /// `verify.do`: makes sure of a routing, and of its price.
    pub(in crate::sim) fn verify(&mut self, identifier: &str) -> Result<Verified, Refusal> {
        let offer = Offer::of_identifier(identifier)
            .ok_or_else(|| Refusal::new(200, "The routingIdentifier is not valid"))?;
        if self.clock.now().duration_since(offer.found) > OFFERED {
            return Err(Refusal::new(202, "The routingIdentifier has expired"));
        }
        if offer.routing.has_left(self.clock.now()) {
            return Err(Refusal::new(201, "The flight is no longer available"));
        }
        let nth = self.sessions.count();
        let session = session(mix(self.setup.seed, BOOKINGS + nth));
        self.sessions.remember(session.clone(), self.now, offer.clone());
        Ok(Verified { session, offer })
    }

    /// `order.do`: one order, or one for each airline when that is allowed and needed.
    pub(in crate::sim) fn book(&mut self, asked: &Book) -> Result<Vec<&Order>, Refusal> {
        let now = self.now;
        let known = self.sessions.find(&asked.session);
        let (verified, offer) = known.ok_or_else(|| Refusal::new(300, "The sessionId is not valid"))?;
        if now.since(verified) > VERIFIED {
            return Err(Refusal::new(301, "Source data expired"));
        }
        check_travellers(&asked.travellers)?;
        check_contact(&asked.contact)?;
        let duplicates = self.duplicates_of(&offer.routing, &asked.travellers);
        if !duplicates.is_empty() {
            return Err(Refusal::new(318, "Duplicate booking").with_duplicates(duplicates));
        }
        let routings = match offer.routing.legs() {
            Some(legs) if asked.may_split => legs.to_vec(),
            _ => vec![offer.routing.clone()],
        };
        let first = self.orders.len();
        for routing in routings {
            let nth = self.sessions.count();
            let seed = mix(self.setup.seed, BOOKINGS + nth);
            let name = format!("booking-{nth}").into();
            let (travellers, contact) = (asked.travellers.clone(), asked.contact.clone());
            let booking = Booking { name, routing, travellers, contact };
            let mut order = booking.order(self.birth(now), HOLD, seed);
            order.brand = asked.brand.filter(|_| order.routing.supports(PaymentMethod::Mor));
            let index = self.push(order);
            let detail = self.describe(index);
            self.record(now, Kind::Booked, Some(index), detail);
        }
        Ok(self.orders.iter().skip(first).collect())
    }

    /// Earlier orders of one of these travellers on one of these flights, as far as the switch counts them.
    fn duplicates_of(&self, routing: &Routing, travellers: &[Traveller]) -> Vec<OrderNo> {
        let counts = |order: &Order| match (&order.state, self.switches.duplicates) {
            (_, Duplicates::Allowed) | (State::Cancelled(..), _) => false,
            (State::Unpaid, _) => order.is_payable(self.now),
            (State::Ticketing(_), _) => true,
            (State::Ticketed(..), which) => which == Duplicates::Ticketed,
        };
        let same = |order: &Order| {
            let flight = |flight| order.routing.flights.contains(flight);
            let traveller = |one: &Traveller| order.travellers.iter().any(|other| other.name == one.name);
            routing.flights.iter().any(flight) && travellers.iter().any(traveller)
        };
        self.orders.iter().filter(|order| counts(order) && same(order)).map(|order| order.no).collect()
    }

    /// `orderCommit.do`: the order for whose confirmation a page is ready.
    pub(in crate::sim) fn commit(
        &mut self,
        order_no: &str,
        redirect: Option<String>,
    ) -> Result<&Order, Refusal> {
        let index = self.known(order_no)?;
        let order = &self.orders[index];
        if !order.routing.flies("FR") {
            return Err(Refusal::new(307, "This airline asks for no confirmation"));
        }
        if !order.is_payable(self.now) {
            return Err(Refusal::new(307, "The order can no longer be confirmed"));
        }
        if let Some(redirect) = redirect {
            self.sessions.redirect(index, redirect);
        }
        Ok(&self.orders[index])
    }

    /// The traveller agrees on the airline's page.
    pub(in crate::sim) fn confirm(&mut self, order_no: &str) -> Result<Confirmation<'_>, Refusal> {
        let now = self.now;
        let index = self.known(order_no)?;
        if !self.orders[index].is_payable(now) {
            return Err(Refusal::new(307, "The order can no longer be confirmed"));
        }
        if !std::mem::replace(&mut self.orders[index].confirmed, true) {
            self.record(now, Kind::Confirmed, Some(index), "");
        }
        let redirect = self.sessions.redirect_of(index);
        Ok(Confirmation { order: &self.orders[index], redirect })
    }
}

fn check_travellers(travellers: &[Traveller]) -> Result<(), Refusal> {
    let count = |kind| travellers.iter().filter(|one| one.kind == kind).count();
    if travellers.len() - count(Type::Infant) > SEATS {
        return Err(Refusal::new(315, "Not enough seats for so many passengers"));
    }
    if count(Type::Adult) == 0 {
        return Err(Refusal::new(408, "A child cannot travel without an adult"));
    }
    if count(Type::Infant) > count(Type::Adult) {
        return Err(Refusal::new(310, "At most one infant an adult"));
    }
    let is_name = |name: &str| {
        let letters = |part: &str| {
            part.chars().any(|c| c.is_ascii_alphabetic())
                && part.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\''))
        };
        name.split_once('/').is_some_and(|(family, given)| letters(family) && letters(given))
    };
    match travellers.iter().find(|one| !is_name(&one.name)) {
        Some(one) => Err(Refusal::new(327, format!("Passenger name {} is not FAMILY/GIVEN", one.name))),
        None => Ok(()),
    }
}

fn check_contact(contact: &Contact) -> Result<(), Refusal> {
    let is_phone = |phone: &str| {
        let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        phone.split_once('-').is_some_and(|(code, number)| {
            code.len() == 4 && number.len() >= 5 && digits(code) && digits(number)
        })
    };
    if contact.mobile.as_deref().is_some_and(|mobile| !is_phone(mobile)) {
        return Err(Refusal::new(410, "contact.mobile must be XXXX-XXXXXXXX"));
    }
    let is_mail =
        |mail: &str| mail.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if contact.email.as_deref().is_some_and(|email| !is_mail(email)) {
        return Err(Refusal::new(323, "contact.email is not an e-mail address"));
    }
    Ok(())
}
