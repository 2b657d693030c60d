use super::*;
use crate::sim::{
    card::Card,
    fault::Fault,
    ledger::Ledger,
    order::{
        Fate, HOLD, Source,
        failure::{FAILURES, Failure},
    },
    scenario::{Deadline, Lapsed, Regenerations, Reject, Unconfirmed},
};
use PaymentMethod::{Byoa, Deposit, Mor, Vcc};

/// Pays and gives the status of the answer.
fn pay(world: &mut World, request: &Pay) -> i64 {
    world.pay(request).map_or_else(|refusal| refusal.status, |_| 0)
}

#[test]
fn each_method_is_accepted_then_charged_then_ticketed_once() {
    for method in PaymentMethod::ALL {
        let mut world = desk();
        let no = ready(&world, method);
        let request = of_brand(&world, request(no, method));
        after(&mut world, 1);
        assert_eq!(world.pay(&request).map(|order| (order.no, order.status())), Ok((no, 1)));
        let fares = |world: &World| {
            let account = world.ledger.accounts().find(|(of, _)| *of == no);
            account.map_or(0, |(_, account)| account.fares_held())
        };
        assert_eq!((fares(&world), get(&world, no).paid().unwrap().charged), (0, false), "accepted only");
        after(&mut world, 20);
        let paid = get(&world, no).paid().unwrap();
        assert_eq!((get(&world, no).status(), fares(&world), paid.charged), (1, 1, true), "charged only");
        after(&mut world, 37);
        assert_eq!((get(&world, no).status(), fares(&world)), (2, 1), "{method}");
        let order = get(&world, no);
        let (_, account) = world.ledger.accounts().find(|(of, _)| *of == no).unwrap();
        let deposit = account.entries.iter().filter(|entry| entry.source == Source::Deposit);
        let from_deposit: rust_decimal::Decimal = deposit.map(|entry| entry.money.amount).sum();
        let fare = if method == Deposit { order.total().amount } else { 0.into() };
        assert_eq!(from_deposit, fare + order.bill(method).service_fee.amount, "{method}");
        let lineage = &world.ledger.lineages()[&no];
        let held: rust_decimal::Decimal = lineage
            .held
            .iter()
            .filter(|(source, _)| *source == Source::Deposit)
            .map(|(_, money)| money.amount)
            .sum();
        assert_eq!((lineage.fares, held), (1, from_deposit));
    }
}

#[test]
fn a_card_that_is_declined_cancels_the_order_and_nothing_stays_charged() {
    let check = |change: &dyn Fn(&mut Card, &Order), want: Option<u16>| {
        let mut world = desk();
        let no = find(&world, |order| {
            order.is_payable(at(840))
                && order.routing.supports(Vcc)
                && order.routing.billing()[4]
                && order.confirmed
        });
        let mut request = request(no, Vcc);
        change(request.card.as_mut().unwrap(), get(&world, no));
        let currency = get(&world, no).routing.price.settlement;
        let before = world.ledger.balance(currency);
        after(&mut world, 1);
        world.pay(&request).unwrap();
        after(&mut world, 40);
        let order = get(&world, no);
        assert_eq!(order.failure().map(|failure| failure.code), want);
        assert!(order.paid().unwrap().charged, "the airline was asked");
        if want.is_some() {
            assert_eq!(world.ledger.balance(currency), before, "the service fee came back");
        }
    };
    check(&|_, _| {}, None);
    check(&|card, _| card.first_name = "Reject".into(), Some(604));
    check(&|card, _| card.first_name = "Three DS".into(), Some(616));
    check(&|card, _| card.number = "5476850000000002".into(), Some(604));
    check(&|card, _| card.street = None, Some(619));
    check(&|card, order| card.limit = Some(order.vendor_cost().amount), None);
    check(
        &|card, order| card.limit = Some(order.vendor_cost().amount - rust_decimal::Decimal::ONE),
        Some(601),
    );
}

#[test]
fn each_documented_obstacle_has_its_status_and_moves_no_money() {
    let world = desk();
    let now = Moment::START;
    let lapsed = find(&world, |order| order.status() == 0 && order.deadline < now);
    let ticketing =
        find(&world, |order| order.paid().is_some_and(|paid| paid.at < at(-60)) && order.status() == 1);
    let ticketed = find(&world, |order| order.status() == 2);
    let cancelled = find(&world, |order| order.status() == -3);
    let plain = find(&world, |order| order.is_payable(at(840)) && order.routing.methods == [Deposit]);
    let unconfirmed = find(&world, |order| !order.confirmed);
    let dear = find(&world, |order| order.routing.price.settlement.code() == "GBP");
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
        after(&mut world, 1);
        let before = world.ledger.clone();
        assert_eq!(pay(&mut world, &request), want, "{}", request.order_no);
        assert_eq!(world.ledger, before, "a refusal moves no money");
    };
    check(Pay { order_no: "TESTA20260101000000000".into(), method: Deposit, card: None }, 400);
    check(request(lapsed, Deposit), 401);
    check(request(ticketing, Deposit), 402);
    check(request(cancelled, Deposit), 402);
    check(request(ticketed, Deposit), 404);
    check(request(plain, Vcc), 403);
    check(with_card("4111111111111112"), 413);
    check(with_card("4000000000004061"), 406);
    check(wrong_brand, 414);
    check(request(unconfirmed, Deposit), 415);
    check(request(dear, Deposit), 411);
}

#[test]
fn an_order_without_methods_cannot_be_paid_at_all() {
    let mut world = played_world("[[order]]\nname = 'hero'\npart = 'open deposit'\nmethods = []");
    let hero = named(&world, "hero").no;
    assert_eq!(pay(&mut world, &request(hero, Deposit)), 412);
}

#[test]
fn a_second_payment_is_in_progress_then_not_allowed_then_already_made() {
    let mut world = desk();
    let order = ready(&world, Deposit);
    for (second, want) in [(10, 0), (11, 406), (16, 402), (46, 404)] {
        after(&mut world, second);
        assert_eq!(pay(&mut world, &request(order, Deposit)), want, "after {second} s");
    }
    assert!(world.ledger().double_charges().is_empty());
}

#[test]
fn a_card_that_fails_too_often_is_refused_by_risk_control() {
    let mut world = desk();
    let order = ready(&world, Vcc);
    let mut bad = request(order, Vcc);
    bad.card.as_mut().unwrap().month = "13".into();
    for _ in 0..6 {
        assert!(world.pay(&bad).unwrap_err().msg.contains("cardExpireMonth"));
    }
    let good = request(order, Vcc);
    assert_eq!(world.pay(&good).unwrap_err().msg, "Card declined due to risk control");
    let mut other = request(order, Vcc);
    other.card.as_mut().unwrap().number = "4532015112830366".into();
    assert!(world.pay(&other).is_ok());
}

#[test]
fn two_payments_against_one_balance_fall_short_at_ticketing() {
    let mut world = played_world(
        "[deposits]\nEUR = '1000'\n\
         [[order]]\nname = 'one'\npart = 'open deposit'\ncurrency = 'EUR'\n\
         [[order]]\nname = 'two'\npart = 'open deposit'\ncurrency = 'EUR'",
    );
    let (one, two) = (named(&world, "one").clone(), named(&world, "two").clone());
    let each = one.total().amount.max(two.total().amount) + rust_decimal::Decimal::TEN;
    world.ledger = Ledger::open([(one.total().currency, each)]);
    let (one, two) = (one.no, two.no);
    assert_eq!(pay(&mut world, &request(one, Deposit)), 0);
    assert_eq!(pay(&mut world, &request(two, Deposit)), 0, "nothing has been taken yet");
    after(&mut world, 40);
    let mut ends =
        [get(&world, one), get(&world, two)].map(|order| order.failure().map(|failure| failure.code));
    ends.sort_unstable();
    assert_eq!(ends, [None, Some(617)]);
    assert!(world.ledger().balances().all(|balance| balance.amount >= 0.into()));
}

#[test]
fn the_story_of_a_declined_card_ends_with_the_deposit() {
    let mut world = played_world(
        "[[order]]\nname = 'hero'\npart = 'open vcc'\nmethods = ['deposit', 'vcc']\ndeclines = 604",
    );
    let hero = named(&world, "hero").no;
    assert_eq!(pay(&mut world, &request(hero, Vcc)), 0);
    after(&mut world, 40);
    assert_eq!(get(&world, hero).status(), -3);
    let new = world.regenerate(hero.as_str()).unwrap();
    assert_eq!((new.original, new.root, new.status(), &*new.name), (Some(hero), hero, 0, "hero/1"));
    assert_eq!(new.deadline, new.made + HOLD);
    let new = new.no;
    assert_eq!(pay(&mut world, &request(new, Deposit)), 0);
    after(&mut world, 80);
    assert_eq!((get(&world, new).status(), get(&world, hero).status()), (2, -3));
    let lineage = &world.ledger().lineages()[&hero];
    assert_eq!((lineage.orders.as_slice(), lineage.fares), ([hero, new].as_slice(), 1));
}

#[test]
fn every_ticketing_code_can_be_had_by_card_by_story_and_by_fault() {
    for Failure { code, .. } in FAILURES {
        let ends = |world: &mut World, no: OrderNo| {
            after(world, 50);
            let order = get(world, no);
            (order.status(), order.failure().map(|failure| failure.code))
        };
        let want = if matches!(code, 309 | 615 | 3011) { (1, Some(*code)) } else { (-3, Some(*code)) };
        let mut by_story = played_world(&format!(
            "[[order]]\nname = 'hero'\npart = 'open byoa'\nmethods = ['byoa']\nticketing = {code}"
        ));
        let no = named(&by_story, "hero").no;
        assert_eq!(pay(&mut by_story, &request(no, Byoa)), 0);
        assert_eq!(ends(&mut by_story, no), want, "by story");

        let mut by_card = desk();
        let no = ready(&by_card, Vcc);
        let mut asked = request(no, Vcc);
        asked.card.as_mut().unwrap().number = telling_card(*code);
        assert_eq!(pay(&mut by_card, &asked), 0);
        assert_eq!(ends(&mut by_card, no), want, "by card");

        let mut by_fault = desk();
        let fault: Fault =
            serde_json::from_value(serde_json::json!({ "fault": "ticketing", "code": code })).unwrap();
        by_fault.faults.arm(fault, Moment::START);
        let no = ready(&by_fault, Deposit);
        assert_eq!(pay(&mut by_fault, &request(no, Deposit)), 0);
        assert_eq!(ends(&mut by_fault, no), want, "by fault");
    }
}

/// The card of ours that asks for a code.
fn telling_card(code: u16) -> String {
    use crate::domain::card::CardNumber;
    let first = format!("40000000000{code:04}");
    let last = (0..10).find(|digit| CardNumber::parse(&format!("{first}{digit}")).unwrap().passes_luhn());
    format!("{first}{}", last.unwrap())
}

#[test]
fn what_hangs_ends_after_hours_and_a_card_is_given_up_after_two() {
    let mut world = played_world(
        "[[order]]\nname = 'card'\npart = 'open vcc'\nmethods = ['deposit', 'vcc']\nticketing = 'hang'\n\
         [[order]]\nname = 'deposit'\npart = 'open deposit'\nticketing = 615",
    );
    let (card, deposit) = (named(&world, "card").no, named(&world, "deposit").no);
    assert_eq!(pay(&mut world, &request(card, Vcc)), 0);
    assert_eq!(pay(&mut world, &request(deposit, Deposit)), 0);
    after(&mut world, 7_100);
    assert_eq!((get(&world, card).status(), get(&world, deposit).status()), (1, 1));
    after(&mut world, 7_300);
    assert_eq!((get(&world, card).status(), get(&world, deposit).status()), (-3, 1));
    assert_eq!(world.ledger().lineages()[&card].fares, 0);
    after(&mut world, 11_000);
    assert_eq!(get(&world, deposit).status(), 2);
}

#[test]
fn a_fulfilment_order_is_given_up_after_five_minutes_paid_or_not() {
    let mut world = played_world(
        "[[order]]\nname = 'slow'\npart = 'fulfilment'\nleft = '5m'\nmethods = ['deposit']\nticketing = 'hang'\n\
         [[order]]\nname = 'idle'\npart = 'fulfilment'\nleft = '5m'\n\
         [[order]]\nname = 'quick'\npart = 'fulfilment'\nleft = '5m'\nmethods = ['deposit']",
    );
    let (slow, quick) = (named(&world, "slow").no, named(&world, "quick").no);
    after(&mut world, 240);
    assert_eq!(pay(&mut world, &request(slow, Deposit)), 0);
    assert_eq!(pay(&mut world, &request(quick, Deposit)), 0);
    after(&mut world, 301);
    let status = |name| named(&world, name).status();
    assert_eq!((status("slow"), status("idle"), status("quick")), (-3, -3, 2));
    assert!(
        world
            .ledger()
            .lineages()
            .values()
            .all(|lineage| lineage.fares == usize::from(lineage.orders == [quick]))
    );
}

#[test]
fn the_switches_of_paying_are_played() {
    let mut refused = desk();
    refused.switches.reject = Reject::AtOnce;
    let no = ready(&refused, Vcc);
    let mut asked = request(no, Vcc);
    asked.card.as_mut().unwrap().first_name = "Reject".into();
    assert_eq!((pay(&mut refused, &asked), get(&refused, no).status()), (604, 0));
    asked.card.as_mut().unwrap().first_name = "Three DS".into();
    assert_eq!((pay(&mut refused, &asked), get(&refused, no).status()), (616, 0));

    let mut ignored = desk();
    ignored.switches.reject = Reject::Ignored;
    assert_eq!(pay(&mut ignored, &asked), 0);
    after(&mut ignored, 50);
    assert_eq!(get(&ignored, no).status(), 2);

    let mut unconfirmed = desk();
    unconfirmed.switches.unconfirmed = Unconfirmed::Cancelled;
    let no = find(&unconfirmed, |order| !order.confirmed);
    assert_eq!((pay(&mut unconfirmed, &request(no, Deposit)), get(&unconfirmed, no).status()), (415, -3));

    let mut rewritten = desk();
    rewritten.switches.deadline = Deadline::Rewritten;
    let no = ready(&rewritten, Deposit);
    assert_eq!(pay(&mut rewritten, &request(no, Deposit)), 0);
    assert_eq!(get(&rewritten, no).deadline, at(80 * 60));

    let mut lapses = World::new(setup("calm-desk", 20, 40), start());
    lapses.switches.lapsed = Lapsed::Cancelled;
    let no = ready(&lapses, Deposit);
    after(&mut lapses, 1_900);
    assert_eq!((get(&lapses, no).status(), pay(&mut lapses, &request(no, Deposit))), (-3, 402));
}

#[test]
fn only_what_can_be_made_anew_is_regenerated() {
    let world = desk();
    let of = |test: &dyn Fn(&Order) -> bool| find(&world, test).to_string();
    let check = |order: &str, seconds: i64, want: Option<i64>| {
        let mut world = desk();
        after(&mut world, seconds);
        let got = world.regenerate(order).map(|order| order.no).err().map(|refusal| refusal.status);
        assert_eq!(got, want, "{order}");
    };
    let declined = of(&|order| order.failure().is_some_and(|failure| failure.code == 604));
    check(&declined, 1, None);
    check(&declined, 86_400, Some(301));
    check(&of(&|order| order.status() == 0 && order.deadline < Moment::START), 1, None);
    check(&of(&|order| order.status() == 1), 1, Some(314));
    check(&of(&|order| order.status() == 2), 1, Some(314));
    check(&of(&|order| order.failure().is_some_and(|failure| failure.code == 603)), 1, Some(302));
    check("TESTA20260101000000000", 1, Some(800));
}

#[test]
fn a_second_regeneration_makes_another_order_or_is_refused() {
    let declined = find(&desk(), |order| order.failure().is_some_and(|failure| failure.code == 604));
    let second = |regenerations| {
        let mut world = desk();
        world.switches.regenerations = regenerations;
        let first = world.regenerate(declined.as_str()).unwrap().no;
        let again = world.regenerate(declined.as_str()).map(|order| order.no);
        again
            .map(|second| assert_ne!(first, second))
            .map_err(|refusal| (refusal.status, refusal.duplicates == [first]))
    };
    assert_eq!(second(Regenerations::Another), Ok(()));
    assert_eq!(second(Regenerations::Duplicate), Err((318, true)));
    assert_eq!(second(Regenerations::InProgress), Err((330, false)));
}

#[test]
fn stopping_is_tried_and_gives_the_money_back() {
    let mut world = desk();
    let late =
        find(&world, |order| order.paid().is_some_and(|paid| paid.at < at(-600)) && order.status() == 1);
    after(&mut world, 1);
    assert_eq!(world.stop(late.as_str()), Ok(()));
    assert_eq!(world.stop(late.as_str()), Ok(()));
    after(&mut world, 482);
    let status = get(&world, late).status();
    assert!(matches!(status, -3 | 2), "{status}");
    assert_eq!(world.ledger().lineages()[&late].fares, usize::from(status == 2));
    assert_eq!(world.stop(late.as_str()).unwrap_err().status, 402);
    assert_eq!(world.stop("TESTA20260101000000000").unwrap_err().status, 800);
}

#[test]
fn what_another_desk_pays_goes_as_the_story_has_it() {
    let mut world = played_world(
        "[[order]]\nname = 'hero'\npart = 'open vcc'\nmethods = ['vcc']\ndeclines = 623\n\
         [[timeline]]\nat = '1s'\npay = { order = 'hero', method = 'vcc' }\n\
         [[timeline]]\nat = '50s'\npay = { order = 'hero', method = 'vcc' }",
    );
    after(&mut world, 60);
    assert_eq!(named(&world, "hero").failure(), Failure::known(623));
    assert_eq!(named(&world, "hero").paid().map(|paid| paid.fate), Some(Fate::Fail(623)));
}
