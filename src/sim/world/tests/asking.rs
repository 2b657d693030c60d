use proptest::prelude::*;

use super::{super::Book, *};
use crate::sim::{
    order::{Contact, Kind, Traveller},
    scenario::Duplicates,
    shop::Search,
};

#[test]
fn an_order_is_found_by_what_belongs_to_it() {
    let world = desk();
    let order = get(&world, find(&world, |order| order.status() == 2));
    let check = |asked: Find, want: Result<OrderNo, i64>| {
        let got = world.query(&asked).map(|order| order.no).map_err(|refusal| refusal.status);
        assert_eq!(got, want);
    };
    let (no, code) = (Some(order.no.to_string()), Some(order.pnr_code.clone()));
    let pnr = Some(order.locators()[0].clone());
    let carrier = Some(order.routing.airlines()[0].code.to_owned());
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
        let world = desk();
        let from = from.map(|seconds| start() + secs(seconds));
        let airlines: Vec<String> = airlines.into_iter().map(str::to_owned).collect();
        let want: Vec<OrderNo> = world.orders.iter().rev()
            .filter(|order| statuses.is_empty() || statuses.contains(&i64::from(order.status())))
            .filter(|order| airlines.is_empty() || airlines.iter().any(|code| order.routing.flies(code)))
            .filter(|order| from.is_none_or(|from| order.created >= from))
            .map(|order| order.no)
            .collect();
        let mut got = Vec::new();
        for page in 1.. {
            let (statuses, airlines) = (statuses.clone(), airlines.clone());
            let filter =
                Filter { statuses, airlines, created_from: from, page, page_size, ..Filter::default() };
            let answer = world.list(&filter);
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
    let world = desk();
    let order = get(&world, find(&world, |order| order.status() == 2));
    let (from, to) = order.routing.ends().unwrap();
    let all = || Filter { page: 1, page_size: 100, ..Filter::default() };
    let check = |filter: Filter, more: bool| {
        let page = world.list(&filter);
        assert!(page.orders.iter().any(|one| one.no == order.no));
        assert!(page.total < 40 && (more || page.total == 1), "{} orders", page.total);
    };
    check(Filter { order_no: Some(order.no.to_string()), ..all() }, false);
    check(Filter { airline_pnrs: order.locators().to_vec(), ..all() }, false);
    check(Filter { pax_name: Some(order.travellers[0].name.clone()), ..all() }, true);
    check(Filter { contact_email: order.contact.email.clone(), ..all() }, true);
    check(Filter { from_city: Some(from.city.to_owned()), ..all() }, true);
    check(Filter { to_city: Some(to.city.to_owned()), ..all() }, true);
    let day = order.routing.flights[0].departs.strftime("%Y%m%d").to_string();
    check(Filter { dep_date: Some(day), ..all() }, true);
    check(Filter { created_to: Some(order.created), ..all() }, true);
}

fn traveller(name: &str, kind: Kind) -> Traveller {
    Traveller { name: name.into(), kind, birthday: None, female: true, document: None, nationality: None }
}

fn search(from: &str, to: &str, returns: bool) -> Search {
    let leaves = jiff::civil::date(2026, 12, 1);
    Search {
        from: from.into(),
        to: to.into(),
        leaves,
        returns: returns.then(|| jiff::civil::date(2026, 12, 8)),
        party: [1, 0, 0],
        currency: None,
        airlines: Vec::new(),
    }
}

fn contact() -> Contact {
    Contact {
        name: "LIN/MEI".into(),
        email: Some("a@b.example".into()),
        mobile: Some("0065-81234567".into()),
    }
}

/// Searches, verifies and books.
fn book(
    world: &mut World,
    search: &Search,
    place: usize,
    change: impl FnOnce(&mut Book),
) -> Result<Vec<OrderNo>, i64> {
    let offers = world.search(search).map_err(|refusal| refusal.status)?;
    let verified = world.verify(&offers[place].identifier()).map_err(|refusal| refusal.status)?;
    assert_eq!(verified.offer, offers[place]);
    let mut asked = Book {
        session: verified.session,
        travellers: vec![traveller("LIN/MEI", Kind::Adult)],
        contact: contact(),
        brand: None,
        may_split: false,
    };
    change(&mut asked);
    world
        .book(&asked)
        .map(|orders| orders.iter().map(|order| order.no).collect())
        .map_err(|refusal| refusal.status)
}

#[test]
fn what_is_found_is_booked_at_its_price_and_held_for_half_an_hour() {
    let mut world = desk();
    after(&mut world, 5);
    let way = search("SIN", "BKK", true);
    let price = world.search(&way).unwrap()[0].routing.total([1, 0, 0]);
    let made = book(&mut world, &way, 0, |_| {}).unwrap();
    let order = get(&world, made[0]);
    assert_eq!((made.len(), order.total(), order.status(), order.confirmed), (1, price, 0, true));
    assert_eq!(order.deadline, at(5 + 30 * 60));
}

#[test]
fn each_fault_of_a_booking_has_its_status() {
    let check = |change: fn(&mut Book), want: i64| {
        assert_eq!(book(&mut desk(), &search("SIN", "BKK", false), 0, change), Err(want));
    };
    check(|asked| asked.session = "none".into(), 300);
    check(|asked| asked.travellers = vec![traveller("LIN/MEI", Kind::Child)], 408);
    check(|asked| asked.travellers.extend([0, 1].map(|_| traveller("LIN/BO", Kind::Infant))), 310);
    check(|asked| asked.travellers = vec![traveller("LIN/MEI", Kind::Adult); 10], 315);
    check(|asked| asked.travellers[0].name = "LIN MEI".into(), 327);
    check(|asked| asked.contact.mobile = Some("+65 81234567".into()), 410);
    check(|asked| asked.contact.email = Some("nobody".into()), 323);
    let mut world = desk();
    let offer = world.search(&search("SIN", "BKK", false)).unwrap().remove(0);
    let verify = |world: &mut World, identifier: &str| {
        world.verify(identifier).map(|_| ()).map_err(|refusal| refusal.status)
    };
    assert_eq!(verify(&mut world, "7b7d"), Err(200));
    after(&mut world, 6 * 3_600 + 1);
    assert_eq!(verify(&mut world, &offer.identifier()), Err(202));
    let back_before =
        Search { returns: Some(jiff::civil::date(2026, 11, 30)), ..search("SIN", "BKK", false) };
    assert_eq!(world.search(&back_before).unwrap_err().status, 102);
    let crowd = Search { party: [10, 0, 0], ..search("SIN", "BKK", false) };
    assert_eq!(world.search(&crowd).unwrap_err().status, 102);
}

#[test]
fn a_session_ends_after_two_hours() {
    let mut world = desk();
    let offer = world.search(&search("SIN", "BKK", false)).unwrap().remove(0);
    let session = world.verify(&offer.identifier()).unwrap().session;
    after(&mut world, 7_201);
    let travellers = vec![traveller("LIN/MEI", Kind::Adult)];
    let asked = Book { session, travellers, contact: contact(), brand: None, may_split: false };
    assert_eq!(world.book(&asked).unwrap_err().status, 301);
}

#[test]
fn the_same_traveller_on_the_same_flight_is_a_duplicate_while_the_first_is_open() {
    let way = search("SIN", "BKK", false);
    let mut world = desk();
    let first = book(&mut world, &way, 0, |_| {}).unwrap();
    assert_eq!(book(&mut world, &way, 0, |_| {}), Err(318));
    assert!(book(&mut world, &way, 1, |_| {}).is_ok(), "another flight");
    assert!(book(&mut world, &way, 0, |asked| asked.travellers[0].name = "LIN/BO".into()).is_ok());
    world.pay(&request(first[0], PaymentMethod::Deposit)).unwrap();
    after(&mut world, 60);
    assert_eq!(get(&world, first[0]).status(), 2);
    world.switches.duplicates = Duplicates::Ticketed;
    assert_eq!(book(&mut world, &way, 0, |_| {}), Err(318));
    world.switches.duplicates = Duplicates::Open;
    assert!(book(&mut world, &way, 0, |_| {}).is_ok(), "a rehearsed traveller books again");
}

#[test]
fn a_return_with_two_airlines_becomes_two_orders_when_that_is_allowed() {
    let way = search("HEL", "AKL", true);
    let mut world = desk();
    let mixed = world.search(&way).unwrap().len() - 1;
    let one = book(&mut world, &way, mixed, |_| {}).unwrap();
    assert_eq!((one.len(), &get(&world, one[0]).routing.methods[..]), (1, &[PaymentMethod::Deposit][..]));
    let mut world = desk();
    let two = book(&mut world, &way, mixed, |asked| asked.may_split = true).unwrap();
    assert_eq!(two.len(), 2);
    for no in &two {
        assert!(get(&world, *no).routing.supports(PaymentMethod::Vcc), "each with its own payment support");
        assert_eq!(get(&world, *no).routing.flights.len(), 1);
    }
}

#[test]
fn ryanair_is_paid_only_after_the_traveller_has_confirmed() {
    let mut world = desk();
    let no = book(&mut world, &search("DUB", "KIR", false), 0, |_| {}).unwrap()[0];
    let asked = request(no, PaymentMethod::Deposit);
    let pay = |world: &mut World| world.pay(&asked).map_or_else(|refusal| refusal.status, |_| 0);
    assert_eq!(pay(&mut world), 415);
    let uri = Some("https://agency.example/done".to_owned());
    assert_eq!(world.commit(no.as_str(), uri.clone()).map(|order| order.no), Ok(no));
    assert_eq!(pay(&mut world), 415, "a page is no confirmation");
    assert_eq!(world.confirm(no.as_str()).unwrap().redirect, uri);
    assert_eq!(pay(&mut world), 0);
    let commit =
        |world: &mut World, no: &str| world.commit(no, None).map_or_else(|refusal| refusal.status, |_| 0);
    assert_eq!(commit(&mut world, "TESTA20260101000000000"), 800);
    let other = ready(&world, PaymentMethod::Vcc);
    assert_eq!(commit(&mut world, other.as_str()), 307, "nobody else asks for it");
}
