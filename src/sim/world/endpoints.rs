//! What clients may ask of the world: one function for each endpoint, from a typed question to a typed
//! answer.

use jiff::{SignedDuration, Timestamp};

use super::{
    super::{
        Refusal,
        card::Card,
        cast::Billing,
        ledger::Ledger,
        make::{self, HOLD},
        order::{Failure, Order, State, secs},
    },
    Fate, Happening, World,
};
use crate::domain::{
    method::PaymentMethod,
    money::{Currency, Money},
};

/// `pay.do`, as asked.
pub(in crate::sim) struct Pay {
    pub order_no: String,
    pub method: PaymentMethod,
    pub card: Option<Card>,
}

/// `queryOrderDetails.do`, as asked.
#[derive(Default)]
pub(in crate::sim) struct Find {
    pub order_no: Option<String>,
    pub pnr_code: Option<String>,
    pub airline_pnr: Option<String>,
    pub carrier: Option<String>,
}

/// `orderList.do`, as asked. What is empty does not filter.
#[derive(Default)]
pub(in crate::sim) struct Filter {
    pub order_no: Option<String>,
    pub airline_pnrs: Vec<String>,
    pub pax_name: Option<String>,
    pub contact_email: Option<String>,
    pub from_city: Option<String>,
    pub to_city: Option<String>,
    /// `yyyyMMdd`.
    pub dep_date: Option<String>,
    pub created_from: Option<Timestamp>,
    pub created_to: Option<Timestamp>,
    pub statuses: Vec<i64>,
    pub airlines: Vec<String>,
    /// From 1.
    pub page: usize,
    /// At most 100.
    pub page_size: usize,
}

/// One page of orders, newest first.
pub(in crate::sim) struct Page<'a> {
    pub orders: Vec<&'a Order>,
    /// How many orders there are on all pages.
    pub total: usize,
}

/// In the first moments after a payment another one is told that the first is still being worked on.
const PAYMENT_RUNS: SignedDuration = secs(5);

/// An order can be regenerated for so long.
const REGENERATION: SignedDuration = secs(24 * 3_600);

/// The vendor asks to look again so long after a wish to stop.
const STOPPING: SignedDuration = secs(8 * 60);

impl World {
    fn index_of(&self, order_no: &str) -> Option<usize> {
        self.orders.binary_search_by(|order| order.no.as_str().cmp(order_no)).ok()
    }

    /// `pay.do`: accepts the payment, or says what is in the way, in the documented order of checks.
    pub(in crate::sim) fn pay(&mut self, asked: &Pay, now: Timestamp) -> Result<&Order, Refusal> {
        self.advance(now);
        let now = self.now;
        let index =
            self.index_of(&asked.order_no).ok_or_else(|| Refusal::new(400, "orderNo is not an order"))?;
        let order = &self.orders[index];
        match &order.state {
            State::Ticketing(paid) if now < paid.at + self.setup.speed.shorten(PAYMENT_RUNS) => {
                return Err(Refusal::new(406, "Payment operation is in progress"));
            }
            State::Ticketing(_) | State::Cancelled(..) => {
                return Err(Refusal::new(402, "Order status does not allow payment"));
            }
            State::Ticketed(..) => return Err(Refusal::new(404, "The order is already paid")),
            State::Unpaid if now >= order.deadline => return Err(Refusal::new(401, "Time out of payment")),
            State::Unpaid => {}
        }
        if !order.methods.contains(&asked.method) {
            return Err(Refusal::new(403, "Unsupported payment method"));
        }
        let fingerprint = asked.card.as_ref().map(Card::fingerprint);
        if let (Some(card), Some(fingerprint)) = (&asked.card, fingerprint) {
            if self.cards.distrusts(fingerprint, now) {
                return Err(Refusal::new(413, "Card declined due to risk control"));
            }
            let known = self.cards.knows(fingerprint);
            if let Err(refusal) = card.check(order, asked.method, known, now) {
                self.cards.failed(fingerprint, now);
                return Err(refusal);
            }
        }
        if !order.confirmed {
            return Err(Refusal::new(415, "Order is not confirmed by user"));
        }
        if !self.can_afford(order, asked.method) {
            return Err(Refusal::new(411, "General payment error: the account balance is not enough"));
        }
        let fate = asked.card.as_ref().map_or(Fate::Ticket, |card| fate_of(order, asked.method, card));
        if let (Some(fingerprint), Fate::Ticket) = (fingerprint, fate) {
            self.cards.paid(fingerprint);
        }
        let card = asked.card.as_ref().map(|card| (card.tail(), fingerprint));
        self.accept(index, asked.method, fate, card, now);
        Ok(&self.orders[index])
    }

    /// `queryOrderDetails.do`.
    pub(in crate::sim) fn query(&mut self, asked: &Find, now: Timestamp) -> Result<&Order, Refusal> {
        self.advance(now);
        let unknown = || Refusal::new(703, "No order found, please check the parameter");
        let fits = |order: &Order| {
            asked.pnr_code.as_ref().is_none_or(|code| *code == order.pnr_code)
                && asked.airline_pnr.as_ref().is_none_or(|pnr| order.locators().contains(pnr))
                && asked
                    .carrier
                    .as_ref()
                    .is_none_or(|code| order.airlines().iter().any(|one| one.code == code))
        };
        if let Some(order_no) = &asked.order_no {
            let order = &self.orders[self.index_of(order_no).ok_or_else(unknown)?];
            return if fits(order) {
                Ok(order)
            } else {
                Err(Refusal::new(704, "The parameters do not match each other"))
            };
        }
        if asked.pnr_code.is_none() && (asked.airline_pnr.is_none() || asked.carrier.is_none()) {
            return Err(Refusal::new(702, "orderNo, or airlinePNR and carrier are required"));
        }
        let mut found = self.orders.iter().filter(|order| fits(order));
        match (found.next(), found.next()) {
            (Some(order), None) => Ok(order),
            (None, _) => Err(unknown()),
            (Some(_), Some(_)) => Err(Refusal::new(701, "Several orders match")),
        }
    }

    /// `orderList.do`.
    pub(in crate::sim) fn list(&mut self, asked: &Filter, now: Timestamp) -> Page<'_> {
        self.advance(now);
        let first =
            asked.created_from.map_or(0, |from| self.orders.partition_point(|order| order.created < from));
        // The filter speaks in seconds, so the last second is meant whole.
        let end = asked.created_to.map_or(self.orders.len(), |to| {
            self.orders.partition_point(|order| order.created < to + secs(1))
        });
        let range = self.orders.get(first..end).unwrap_or_default();
        let skipped = asked.page.saturating_sub(1).saturating_mul(asked.page_size);
        if asked.is_of_time_only() {
            let orders = range.iter().rev().skip(skipped).take(asked.page_size).collect();
            return Page { orders, total: range.len() };
        }
        let matching = || range.iter().rev().filter(|order| asked.admits(order));
        Page { orders: matching().skip(skipped).take(asked.page_size).collect(), total: matching().count() }
    }

    /// `regenerateOrder.do`: a new order at today's fare. Asking twice makes two.
    pub(in crate::sim) fn regenerate(&mut self, order_no: &str, now: Timestamp) -> Result<&Order, Refusal> {
        self.advance(now);
        let original =
            &self.orders[self.index_of(order_no).ok_or_else(|| Refusal::new(800, "Order does not exist"))?];
        if matches!(original.state, State::Ticketing(_) | State::Ticketed(..)) {
            return Err(Refusal::new(
                314,
                "Unable to regenerate order: the original order is ticketing or ticketed",
            ));
        }
        if self.now.duration_since(original.created) > REGENERATION {
            return Err(Refusal::new(301, "Source data expired"));
        }
        if original.failure().is_some_and(Failure::is_of_flight) {
            return Err(Refusal::new(302, "The flight is no longer available"));
        }
        let earlier = self.orders.iter().filter(|order| order.original == Some(original.no)).count();
        let (created, hold) = (self.free_moment(self.now), self.setup.speed.shorten(HOLD));
        let new = make::regenerated(original, earlier as u64, created, hold);
        let index = self.orders.len();
        self.orders.push(new);
        Ok(&self.orders[index])
    }

    /// `stopTicket.do`: tries.
    pub(in crate::sim) fn stop(&mut self, order_no: &str, now: Timestamp) -> Result<(), Refusal> {
        self.advance(now);
        let index = self.index_of(order_no).ok_or_else(|| Refusal::new(800, "Order does not exist"))?;
        let State::Ticketing(paid) = &mut self.orders[index].state else {
            return Err(Refusal::new(402, "The order is not in ticketing"));
        };
        if !std::mem::replace(&mut paid.stop_asked, true) {
            let wait = STOPPING.as_secs() * 1_000;
            self.decide(self.now, wait, Happening::Stop(index));
        }
        Ok(())
    }

    /// `balance.do`: what is on the account in that currency, if there is one.
    pub(in crate::sim) fn balance(&mut self, currency: Currency, now: Timestamp) -> Option<Money> {
        self.advance(now);
        self.ledger.balance(currency)
    }

    /// Where the money went until `now`.
    pub(in crate::sim) fn ledger(&mut self, now: Timestamp) -> &Ledger {
        self.advance(now);
        &self.ledger
    }
}

impl Filter {
    fn is_of_time_only(&self) -> bool {
        self.statuses.is_empty()
            && self.airlines.is_empty()
            && self.airline_pnrs.is_empty()
            && [
                &self.order_no,
                &self.pax_name,
                &self.contact_email,
                &self.from_city,
                &self.to_city,
                &self.dep_date,
            ]
            .iter()
            .all(|filter| filter.is_none())
    }

    fn admits(&self, order: &Order) -> bool {
        fn admits<T: PartialEq>(wanted: &[T], has: impl Fn(&T) -> bool) -> bool {
            wanted.is_empty() || wanted.iter().any(has)
        }
        let ends = order.ends();
        admits(&self.statuses, |status| *status == i64::from(order.status()))
            && self.order_no.as_ref().is_none_or(|no| no == order.no.as_str())
            && admits(&self.airlines, |code| order.flights.iter().any(|flight| flight.airline.code == code))
            && admits(&self.airline_pnrs, |pnr| order.locators().contains(pnr))
            && self
                .pax_name
                .as_ref()
                .is_none_or(|name| order.travellers.iter().any(|one| one.name() == *name))
            && self.contact_email.as_ref().is_none_or(|mail| mail == order.mailbox)
            && self.from_city.as_ref().is_none_or(|city| ends.is_some_and(|(from, _)| from.city == city))
            && self.to_city.as_ref().is_none_or(|city| ends.is_some_and(|(_, to)| to.city == city))
            && self.dep_date.as_ref().is_none_or(|day| {
                order
                    .flights
                    .first()
                    .is_some_and(|flight| flight.departs.strftime("%Y%m%d").to_string() == *day)
            })
    }
}

/// What becomes of a card payment that was accepted. The first names are those of the vendor's test system.
fn fate_of(order: &Order, method: PaymentMethod, card: &Card) -> Fate {
    let too_dear = card.limit.is_some_and(|limit| limit < order.vendor_cost().amount);
    match (card.first_name.as_str(), method) {
        ("Reject", _) => Fate::Fail(604),
        ("Three DS", _) => Fate::Fail(616),
        (_, PaymentMethod::Vcc) if !card.satisfies(billing(order)) => Fate::Fail(619),
        (_, PaymentMethod::Vcc) if order.declines_cards => Fate::Fail(604),
        (_, PaymentMethod::Vcc) if too_dear => Fate::Fail(601),
        _ => Fate::Ticket,
    }
}

/// What all the airlines of an order together want to know of the billing address.
fn billing(order: &Order) -> Billing {
    let all = order.airlines();
    std::array::from_fn(|field| all.iter().any(|airline| airline.billing[field]))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Setup, Speed},
        *,
    };
    use crate::{
        domain::order::OrderNo,
        sim::{card::tests::good_card, order::Source, scenario::Scenario},
    };
    use proptest::prelude::*;

    fn start() -> Timestamp {
        "2026-11-03T06:00:00Z".parse().unwrap()
    }

    fn after(seconds: i64) -> Timestamp {
        start() + secs(seconds)
    }

    fn world(scenario: Scenario) -> World {
        World::new(Setup { seed: 20, speed: Speed(1.0), orders: 40, scenario }, start())
    }

    fn desk() -> World {
        world(Scenario::CalmDesk)
    }

    /// The first order of which `test` holds.
    fn find(world: &World, test: impl Fn(&Order) -> bool) -> OrderNo {
        world.orders.iter().find(|order| test(order)).unwrap().no
    }

    /// An order that can be paid so for a quarter of an hour.
    fn ready(world: &World, method: PaymentMethod) -> OrderNo {
        find(world, |order| {
            order.is_payable(after(840))
                && order.methods.contains(&method)
                && order.confirmed
                && order.price.fee < 90.into()
        })
    }

    fn request(order: OrderNo, method: PaymentMethod) -> Pay {
        let card = method.needs_card().then(good_card);
        Pay { order_no: order.to_string(), method, card }
    }

    /// Gives the card the brand that the order was made with.
    fn of_brand(world: &World, mut request: Pay) -> Pay {
        let order = &world.orders[world.index_of(&request.order_no).unwrap()];
        if let Some(card) = &mut request.card {
            card.number =
                if order.brand.word() == "Visa" { "4054695723100768" } else { "5162774114974622" }.into();
        }
        request
    }

    fn status_of(world: &mut World, order: OrderNo, now: Timestamp) -> i8 {
        let asked = Find { order_no: Some(order.to_string()), ..Find::default() };
        world.query(&asked, now).unwrap().status()
    }

    #[test]
    fn each_method_is_accepted_then_ticketed_and_charged_once() {
        for method in PaymentMethod::ALL {
            let mut world = desk();
            let order = ready(&world, method);
            let request = of_brand(&world, request(order, method));
            let paid = world.pay(&request, after(1)).unwrap();
            assert_eq!((paid.no, paid.status()), (order, 1));
            assert_eq!(status_of(&mut world, order, after(20)), 1);
            let attempted = world.orders[world.index_of(order.as_str()).unwrap()].paid().unwrap().attempted;
            assert_eq!(attempted, method == PaymentMethod::Vcc, "{method}");
            assert_eq!(status_of(&mut world, order, after(37)), 2);
            let (_, account) = world.ledger.accounts().find(|(no, _)| *no == order).unwrap();
            assert_eq!(account.fares_held(), 1, "{method}");
            let ticketed = world.orders[world.index_of(order.as_str()).unwrap()].clone();
            let deposit = account.entries.iter().filter(|entry| entry.source == Source::Deposit);
            let from_deposit: rust_decimal::Decimal = deposit.map(|entry| entry.money.amount).sum();
            let fare = if method == PaymentMethod::Deposit { ticketed.total().amount } else { 0.into() };
            assert_eq!(from_deposit, fare + ticketed.service_fee().amount, "{method}");
        }
    }

    #[test]
    fn a_card_that_is_declined_cancels_the_order_and_nothing_stays_charged() {
        let check = |change: &dyn Fn(&mut Card, &Order), want: Option<u16>| {
            let mut world = desk();
            let order = find(&world, |order| {
                order.is_payable(after(840))
                    && order.methods.contains(&PaymentMethod::Vcc)
                    && order.airlines()[0].billing[4]
                    && order.confirmed
            });
            let mut request = request(order, PaymentMethod::Vcc);
            let details = world.orders[world.index_of(order.as_str()).unwrap()].clone();
            change(request.card.as_mut().unwrap(), &details);
            let before = world.ledger.balance(details.price.settlement);
            world.pay(&request, after(1)).unwrap();
            world.advance(after(40));
            let after_it = &world.orders[world.index_of(order.as_str()).unwrap()];
            assert_eq!(after_it.failure().map(|failure| failure.code), want);
            assert!(after_it.paid().unwrap().attempted, "the airline was asked");
            if want.is_some() {
                assert_eq!(
                    world.ledger.balance(details.price.settlement),
                    before,
                    "the service fee came back"
                );
            }
        };
        let limit = |card: &mut Card, amount: rust_decimal::Decimal| card.limit = Some(amount);
        check(&|_, _| {}, None);
        check(&|card, _| card.first_name = "Reject".into(), Some(604));
        check(&|card, _| card.first_name = "Three DS".into(), Some(616));
        check(&|card, _| card.street = None, Some(619));
        check(&|card, order| limit(card, order.vendor_cost().amount), None);
        check(&|card, order| limit(card, order.vendor_cost().amount - rust_decimal::Decimal::ONE), Some(601));
    }

    #[test]
    fn each_documented_obstacle_has_its_status() {
        use PaymentMethod::{Deposit, Mor, Vcc};
        let world = desk();
        let lapsed = find(&world, |order| order.status() == 0 && order.deadline < start());
        let ticketing = find(&world, |order| order.status() == 1 && order.paid().unwrap().at < after(-60));
        let ticketed = find(&world, |order| order.status() == 2);
        let cancelled = find(&world, |order| order.status() == -3);
        let plain = find(&world, |order| order.is_payable(after(840)) && order.methods == [Deposit]);
        let unconfirmed = find(&world, |order| !order.confirmed);
        let dear = find(&world, |order| order.price.settlement.code() == "GBP");
        let (vcc, mor) = (ready(&world, Vcc), ready(&world, Mor));
        let wrong_brand = {
            let mut request = of_brand(&world, request(mor, Mor));
            let card = request.card.as_mut().unwrap();
            card.number =
                if card.number.starts_with('4') { "5555555555554444" } else { "4111111111111111" }.into();
            request
        };
        let with_card = |number: &str| {
            let mut request = request(vcc, Vcc);
            request.card.as_mut().unwrap().number = number.into();
            request
        };
        let check = |request: Pay, want: i64| {
            let mut world = desk();
            let before = world.ledger.clone();
            let order = request.order_no.clone();
            assert_eq!(
                world.pay(&request, after(1)).map(|order| order.no).unwrap_err().status,
                want,
                "{order}"
            );
            assert_eq!(world.ledger, before, "a refusal moves no money");
        };
        check(Pay { order_no: "TESTA20260101000000000".into(), method: Deposit, card: None }, 400);
        check(request(lapsed, Deposit), 401);
        check(request(ticketing, Deposit), 402);
        check(request(cancelled, Deposit), 402);
        check(request(ticketed, Deposit), 404);
        check(request(plain, Vcc), 403);
        check(with_card("4111111111111112"), 413);
        check(wrong_brand, 414);
        check(request(unconfirmed, Deposit), 415);
        check(request(dear, Deposit), 411);
    }

    #[test]
    fn a_second_payment_is_in_progress_then_not_allowed_then_already_made() {
        let mut world = desk();
        let order = ready(&world, PaymentMethod::Deposit);
        let again = |world: &mut World, at| {
            world
                .pay(&request(order, PaymentMethod::Deposit), at)
                .map(|order| order.no)
                .map_err(|refusal| refusal.status)
        };
        assert_eq!(again(&mut world, after(10)), Ok(order));
        assert_eq!(again(&mut world, after(11)), Err(406));
        assert_eq!(again(&mut world, after(16)), Err(402));
        assert_eq!(again(&mut world, after(46)), Err(404));
        assert!(world.ledger(after(50)).double_charges().is_empty());
    }

    #[test]
    fn a_card_that_fails_too_often_is_refused_by_risk_control() {
        let mut world = desk();
        let order = ready(&world, PaymentMethod::Vcc);
        let mut bad = request(order, PaymentMethod::Vcc);
        bad.card.as_mut().unwrap().month = "13".into();
        for _ in 0..6 {
            assert!(world.pay(&bad, after(1)).unwrap_err().msg.contains("cardExpireMonth"));
        }
        let good = request(order, PaymentMethod::Vcc);
        assert_eq!(world.pay(&good, after(2)).unwrap_err().msg, "Card declined due to risk control");
        let mut other = request(order, PaymentMethod::Vcc);
        other.card.as_mut().unwrap().number = "4532015112830366".into();
        assert!(world.pay(&other, after(3)).is_ok());
    }

    #[test]
    fn the_story_of_a_declined_card_ends_with_the_deposit() {
        let mut world = world(Scenario::VccDecline);
        let order = find(&world, |order| order.declines_cards);
        assert!(
            world
                .orders
                .iter()
                .filter(|other| other.no > order && other.confirmed)
                .all(|other| { !other.is_payable(start()) || !other.methods.contains(&PaymentMethod::Vcc) })
        );
        world.pay(&request(order, PaymentMethod::Vcc), after(1)).unwrap();
        assert_eq!(status_of(&mut world, order, after(40)), -3);
        let new = world.regenerate(order.as_str(), after(41)).unwrap();
        assert_eq!((new.original, new.root, new.status()), (Some(order), order, 0));
        assert_eq!(new.deadline, new.created + HOLD);
        let new = new.no;
        world.pay(&request(new, PaymentMethod::Deposit), after(42)).unwrap();
        assert_eq!(status_of(&mut world, new, after(80)), 2);
        assert_eq!(status_of(&mut world, order, after(80)), -3);
        assert!(world.ledger(after(80)).double_charges().is_empty());
    }

    #[test]
    fn only_what_can_be_made_anew_is_regenerated() {
        let world = desk();
        let of = |test: &dyn Fn(&Order) -> bool| find(&world, test).to_string();
        let check = |order: &str, at: Timestamp, want: Option<i64>| {
            let got = desk().regenerate(order, at).map(|order| order.no).err().map(|refusal| refusal.status);
            assert_eq!(got, want, "{order}");
        };
        let declined = of(&|order| order.failure().is_some_and(|failure| failure.code == 604));
        check(&declined, after(1), None);
        check(&declined, after(86_400), Some(301));
        check(&of(&|order| order.status() == 0 && order.deadline < start()), after(1), None);
        check(&of(&|order| order.status() == 1), after(1), Some(314));
        check(&of(&|order| order.status() == 2), after(1), Some(314));
        check(&of(&|order| order.failure().is_some_and(|failure| failure.code == 603)), after(1), Some(302));
        check("TESTA20260101000000000", after(1), Some(800));
    }

    #[test]
    fn stopping_is_tried_and_gives_the_money_back() {
        let mut world = desk();
        let late = find(&world, |order| order.status() == 1 && order.paid().unwrap().at < after(-600));
        assert_eq!(world.stop(late.as_str(), after(1)), Ok(()));
        assert_eq!(world.stop(late.as_str(), after(2)), Ok(()));
        let status = status_of(&mut world, late, after(482));
        assert!(matches!(status, -3 | 2), "{status}");
        let held =
            world.ledger.accounts().find(|(no, _)| *no == late).map(|(_, account)| account.fares_held());
        assert_eq!(held, Some(usize::from(status == 2)));
        assert_eq!(world.stop(late.as_str(), after(500)).unwrap_err().status, 402);
        assert_eq!(world.stop("TESTA20260101000000000", after(500)).unwrap_err().status, 800);
    }

    #[test]
    fn an_order_is_found_by_what_belongs_to_it() {
        let mut world = desk();
        let order =
            world.orders[world.index_of(find(&world, |order| order.status() == 2).as_str()).unwrap()].clone();
        let mut check = |asked: Find, want: Result<OrderNo, i64>| {
            let got = world.query(&asked, after(1)).map(|order| order.no).map_err(|refusal| refusal.status);
            assert_eq!(got, want);
        };
        let (no, code) = (Some(order.no.to_string()), Some(order.pnr_code.clone()));
        let (pnr, carrier) = (Some(order.locators()[0].clone()), Some(order.airlines()[0].code.to_owned()));
        check(Find { order_no: no.clone(), ..Find::default() }, Ok(order.no));
        check(Find { pnr_code: code.clone(), ..Find::default() }, Ok(order.no));
        check(Find { airline_pnr: pnr.clone(), carrier, ..Find::default() }, Ok(order.no));
        check(Find { order_no: no.clone(), pnr_code: code, ..Find::default() }, Ok(order.no));
        check(Find { order_no: no, pnr_code: Some("NOTIT0".into()), ..Find::default() }, Err(704));
        check(Find { airline_pnr: pnr, ..Find::default() }, Err(702));
        check(Find::default(), Err(702));
        check(Find { order_no: Some("TESTA20260101000000000".into()), ..Find::default() }, Err(703));
    }

    proptest! {
        #[test]
        fn pages_are_the_whole_list_cut_in_order(
            page_size in 1usize..50,
            statuses in prop::sample::subsequence(vec![0i64, 1, 2, -3], 0..4),
            from in prop::option::of(-40_000i64..0),
            airlines in prop::sample::subsequence(vec!["TR", "5J", "VY", "6E", "FR"], 0..3),
        ) {
            let mut world = desk();
            let from = from.map(after);
            let airlines: Vec<String> = airlines.into_iter().map(str::to_owned).collect();
            let flies = |order: &Order, code: &str| order.airlines().iter().any(|one| one.code == code);
            let want: Vec<OrderNo> = world.orders.iter().rev()
                .filter(|order| statuses.is_empty() || statuses.contains(&i64::from(order.status())))
                .filter(|order| airlines.is_empty() || airlines.iter().any(|code| flies(order, code)))
                .filter(|order| from.is_none_or(|from| order.created >= from))
                .map(|order| order.no)
                .collect();
            let mut got = Vec::new();
            for page in 1.. {
                let (statuses, airlines) = (statuses.clone(), airlines.clone());
                let filter =
                    Filter { statuses, airlines, created_from: from, page, page_size, ..Filter::default() };
                let answer = world.list(&filter, start());
                prop_assert_eq!(answer.total, want.len());
                prop_assert!(answer.orders.len() <= page_size);
                if answer.orders.is_empty() {
                    break;
                }
                got.extend(answer.orders.iter().map(|order| order.no));
            }
            prop_assert_eq!(got, want);
        }
    }

    #[test]
    fn every_filter_of_the_list_narrows_it() {
        let mut world = desk();
        let order =
            world.orders[world.index_of(find(&world, |order| order.status() == 2).as_str()).unwrap()].clone();
        let (from, to) = order.ends().unwrap();
        let all = || Filter { page: 1, page_size: 100, ..Filter::default() };
        let mut check = |filter: Filter, more: bool| {
            let page = world.list(&filter, start());
            assert!(page.orders.iter().any(|one| one.no == order.no));
            assert!(page.total < 40 && (more || page.total == 1), "{} orders", page.total);
        };
        check(Filter { order_no: Some(order.no.to_string()), ..all() }, false);
        check(Filter { airline_pnrs: order.locators().to_vec(), ..all() }, false);
        check(Filter { pax_name: Some(order.travellers[0].name()), ..all() }, true);
        check(Filter { contact_email: Some(order.mailbox.to_owned()), ..all() }, true);
        check(Filter { from_city: Some(from.city.to_owned()), ..all() }, true);
        check(Filter { to_city: Some(to.city.to_owned()), ..all() }, true);
        check(
            Filter { dep_date: Some(order.flights[0].departs.strftime("%Y%m%d").to_string()), ..all() },
            true,
        );
        check(Filter { created_to: Some(order.created), ..all() }, true);
    }
}
