//! Every obstacle, produced on purpose by its own cause and by nothing else; and the amounts that leave.

use jiff::ToSpan;
use paydesk::domain::{
    attempt::{Attempt, Doubt, NotSent, State},
    card::{CardBrand, CardNumber},
    committable::Progress,
    draft::Draft,
    field::Field,
    method::{PaymentMethod, TakenFrom},
    money::Money,
    obstacle::Obstacle,
    order::{Airline, CardFee, OrderStatus, Unclear},
    outlay::Outlay,
    payable::{amount_due, payment_obstacles, service_fee_due},
    payment::Means,
    spelling::Unfit,
    story::OperatorAction::{self, GotLink},
};
use rust_decimal::Decimal;

use crate::sample::{self, Desk, VISA, money, usd};

const DEPOSIT: PaymentMethod = PaymentMethod::Deposit;
const VCC: PaymentMethod = PaymentMethod::Vcc;
const BYOA: PaymentMethod = PaymentMethod::Byoa;
const MOR: PaymentMethod = PaymentMethod::Mor;

/// Spoils one thing and expects just these obstacles.
#[track_caller]
fn check(method: PaymentMethod, spoil: impl FnOnce(&mut Desk, &mut Draft), want: &[Obstacle]) {
    let (mut desk, mut draft) = (Desk::new(), sample::draft(method));
    spoil(&mut desk, &mut draft);
    assert_eq!(draft.obstacles(&desk.context()), want);
}

#[test]
fn nothing_is_against_a_good_draft() {
    for method in PaymentMethod::ALL {
        check(method, |_, _| {}, &[]);
    }
}

#[test]
fn the_order_itself() {
    let status = |status| move |desk: &mut Desk, _: &mut Draft| desk.order.status = status;
    check(DEPOSIT, status(OrderStatus::Ticketing), &[Obstacle::AlreadyPaid]);
    check(DEPOSIT, status(OrderStatus::Ticketed), &[Obstacle::AlreadyTicketed]);
    check(DEPOSIT, status(OrderStatus::Cancelled), &[Obstacle::Cancelled]);
    check(DEPOSIT, status(OrderStatus::Unknown(Some(7))), &[Obstacle::UnknownStatus(Some(7))]);
    check(DEPOSIT, status(OrderStatus::Unknown(None)), &[Obstacle::UnknownStatus(None)]);
    check(DEPOSIT, |desk, _| desk.order.details = None, &[Obstacle::DetailsMissing]);
    for method in PaymentMethod::ALL {
        check(method, |desk, _| desk.details().deadline = None, &[Obstacle::DeadlineUnknown]);
    }
    let at = sample::now() + 30.minutes();
    check(DEPOSIT, |desk, _| desk.now = at, &[Obstacle::DeadlinePassed { at }]);
    check(DEPOSIT, |desk, _| desk.now = at - 1.second(), &[]);
}

#[test]
fn another_attempt_holds_the_lineage_until_it_came_to_nothing() {
    let holds = [
        State::Claimed,
        State::Sending,
        State::Accepted,
        State::Refused(413),
        State::InDoubt(Doubt::NoAnswer),
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        // On this very order: its money may be on its way back.
        State::Reversed,
    ];
    for state in holds {
        let open = Obstacle::AttemptOpen { state: state.clone() };
        check(DEPOSIT, |desk, _| desk.lineage.attempts.push(sample::attempt(state)), &[open]);
    }
    for state in
        [State::Rejected(413), State::NotSent(NotSent::Interrupted), State::NotApplied, State::Closed]
    {
        check(DEPOSIT, |desk, _| desk.lineage.attempts.push(sample::attempt(state)), &[]);
    }
}

#[test]
fn the_method() {
    let offered = vec![DEPOSIT, MOR];
    let not_offered = Obstacle::MethodNotOffered { offered: offered.clone() };
    check(BYOA, |desk, _| desk.details().methods = offered, &[not_offered]);
    check(VCC, |desk, _| desk.details().has_vendor_fare = false, &[Obstacle::NoVendorFare]);
    check(MOR, |desk, _| desk.details().has_vendor_fare = false, &[]);
    let second = Airline::parse("ZZ").unwrap();
    check(VCC, |desk, _| desk.order.airlines.extend([second]), &[Obstacle::SeveralAirlines]);
    check(VCC, |desk, _| desk.details().separate_bookings = true, &[Obstacle::SeveralAirlines]);
    check(DEPOSIT, |desk, _| desk.details().separate_bookings = true, &[]);
    for method in PaymentMethod::ALL {
        let ryanair = |desk: &mut Desk, _: &mut Draft| desk.order.airlines = vec![Airline::RYANAIR].into();
        check(method, ryanair, &[Obstacle::TravellerNotConfirmed(Progress::NoLink)]);
        let confirmed = |desk: &mut Desk, _: &mut Draft| {
            desk.order.airlines = vec![Airline::RYANAIR].into();
            desk.lineage.put_action(sample::no(), &GotLink { asked: sample::moment(0) });
            desk.lineage.put_action(sample::no(), &OperatorAction::StatedConfirmed);
        };
        check(method, confirmed, &[]);
    }
}

#[test]
fn a_price_that_is_not_understood_is_never_guessed_from_another() {
    let unclear = |what: Unclear| move |desk: &mut Desk, _: &mut Draft| desk.details().unclear = vec![what];
    let rows = [
        (Unclear::Total, vec![DEPOSIT, BYOA]),
        (Unclear::ServiceFee, PaymentMethod::ALL.to_vec()),
        (Unclear::VendorTotal, vec![VCC, BYOA]),
        (Unclear::Option(DEPOSIT), vec![DEPOSIT]),
        (Unclear::Option(MOR), vec![MOR]),
    ];
    for (what, hit) in rows {
        for method in PaymentMethod::ALL {
            let want = if hit.contains(&method) { vec![Obstacle::AmountUnknown] } else { Vec::new() };
            check(method, unclear(what), &want);
        }
    }
}

#[test]
fn the_money() {
    let no_price = |desk: &mut Desk, _: &mut Draft| {
        desk.details().options.clear();
        desk.details().total = None;
    };
    check(DEPOSIT, no_price, &[Obstacle::AmountUnknown]);
    let limit = |limit: Money| {
        move |desk: &mut Desk, _: &mut Draft| {
            desk.limits.insert(limit.currency, limit);
        }
    };
    check(DEPOSIT, limit(usd("104.99")), &[Obstacle::AboveLimit { limit: usd("104.99") }]);
    check(DEPOSIT, limit(usd("105")), &[]);
    check(DEPOSIT, limit(money("1", "PHP")), &[]);
    check(VCC, limit(money("5599", "PHP")), &[Obstacle::AboveLimit { limit: money("5599", "PHP") }]);

    let balance = |balance: Option<Money>| move |desk: &mut Desk, _: &mut Draft| desk.balance = balance;
    check(DEPOSIT, balance(Some(usd("105"))), &[]);
    check(DEPOSIT, balance(Some(usd("104.50"))), &[Obstacle::BalanceShort { shortfall: usd("0.50") }]);
    for method in [VCC, BYOA, MOR] {
        check(method, balance(Some(usd("5"))), &[]);
        check(method, balance(Some(usd("4"))), &[Obstacle::FeeBalanceShort { shortfall: usd("1") }]);
        let no_fee = |desk: &mut Desk, _: &mut Draft| {
            desk.balance = None;
            desk.option(method).service_fee = Some(sample::part(usd("0"), TakenFrom::Deposit));
        };
        check(method, no_fee, &[]);
    }
    for method in PaymentMethod::ALL {
        check(method, balance(None), &[Obstacle::BalanceUnknown]);
        check(method, balance(Some(money("9000", "EUR"))), &[Obstacle::BalanceUnknown]);
    }
}

#[test]
fn little_time_is_a_warning_for_cards_only() {
    let left = |seconds: i64| {
        move |desk: &mut Desk, _: &mut Draft| {
            desk.details().deadline = Some(sample::now() + seconds.seconds());
        }
    };
    for method in [VCC, MOR] {
        check(method, left(180), &[]);
        check(method, left(179), &[Obstacle::LittleTimeForCard]);
    }
    for method in [DEPOSIT, BYOA] {
        check(method, left(1), &[]);
    }
}

#[test]
fn the_number_of_the_card() {
    let number =
        |digits: &'static str| move |_: &mut Desk, draft: &mut Draft| sample::type_number(draft, digits);
    let wrong = Obstacle::NumberCheckDigit { lenient: false };
    check(VCC, number(""), &[Obstacle::Missing { field: Field::Number }]);
    check(VCC, number("411111111111"), &[Obstacle::NumberLength]);
    check(VCC, number("4111111111111112"), &[wrong]);
    let lenient = |desk: &mut Desk, draft: &mut Draft| {
        desk.lenient_luhn = true;
        sample::type_number(draft, "4111111111111112");
    };
    check(VCC, lenient, &[Obstacle::NumberCheckDigit { lenient: true }]);
    let wanted = CardBrand::MasterCard;
    let booked_with = |desk: &mut Desk, _: &mut Draft| desk.option(MOR).card_brand = Some(wanted);
    check(MOR, booked_with, &[Obstacle::BrandMismatch { wanted }]);
    let unrecognised = |desk: &mut Desk, draft: &mut Draft| {
        booked_with(desk, draft);
        sample::type_number(draft, "9999999999999995");
    };
    check(MOR, unrecognised, &[Obstacle::BrandMismatch { wanted }]);
    let matching = |desk: &mut Desk, draft: &mut Draft| {
        booked_with(desk, draft);
        sample::type_number(draft, "5555555555554444");
    };
    check(MOR, matching, &[]);
    let fees = |desk: &mut Desk| {
        desk.details().card_fees = vec![CardFee { brand: wanted, share: None, charge: None }];
    };
    let not_accepted = [Obstacle::BrandNotAccepted { accepted: vec![wanted] }];
    check(MOR, |desk, _| fees(desk), &not_accepted);
    let of_no_brand = |desk: &mut Desk, draft: &mut Draft| {
        fees(desk);
        sample::type_number(draft, "9999999999999995");
    };
    check(MOR, of_no_brand, &not_accepted);
    let brand_unknown = |desk: &mut Desk, draft: &mut Draft| {
        fees(desk);
        sample::type_number(draft, "5");
    };
    check(MOR, brand_unknown, &[Obstacle::NumberLength]);
    check(VCC, |desk, _| fees(desk), &[]);
}

#[test]
fn a_card_is_used_up_by_a_decline_or_by_one_use() {
    let card = CardNumber::parse(VISA).unwrap().masked();
    let used = |state: State, reusable: bool, is_used: bool| {
        let mut earlier = sample::attempt(state).snapshot();
        (earlier.card, earlier.reusable) = (Some(card), reusable);
        let want = is_used.then_some(Obstacle::CardUsed { card });
        let spoil = |desk: &mut Desk, draft: &mut Draft| {
            // What holds this order itself is tested above.
            if earlier.state == State::Reversed {
                earlier.order = "DEMOA20261103101500999".parse().unwrap();
                draft.old_payment_seen = true;
            }
            desk.lineage.attempts.push(Attempt::restore(earlier));
        };
        check(VCC, spoil, want.as_slice());
    };
    for reusable in [true, false] {
        used(State::NotSent(NotSent::Interrupted), reusable, false);
        used(State::Rejected(400), reusable, false);
        used(State::Rejected(604), reusable, true);
        used(State::Reversed, reusable, true);
        used(State::NotApplied, reusable, false);
    }
    // It did not happen, but a charge was begun with it: a single-use card is gone.
    let begun = sample::attempt_with(State::NotApplied, |attempt| attempt.card = Some(card));
    let spoil = |desk: &mut Desk, _: &mut Draft| {
        desk.details().payment_attempted = Some(true);
        desk.lineage.attempts.push(begun);
    };
    check(VCC, spoil, &[Obstacle::CardUsed { card }]);
    let other = CardNumber::parse("5555555555554444").unwrap().masked();
    let earlier = sample::attempt_with(State::Rejected(604), |attempt| attempt.card = Some(other));
    check(VCC, |desk, _| desk.lineage.attempts.push(earlier), &[]);
}

#[test]
fn a_warning_comes_before_the_fifth_refusal_in_half_an_hour() {
    let card = CardNumber::parse(VISA).unwrap().masked();
    let refused = |code: i64, times: usize, minutes_ago: i64, warns: bool| {
        let spoil = |desk: &mut Desk, _: &mut Draft| {
            for _ in 0..times {
                // On orders that have nothing to do with this one.
                let earlier = sample::attempt_with(State::Rejected(code), |attempt| {
                    (attempt.card, attempt.changed_at) = (Some(card), sample::now() - minutes_ago.minutes());
                });
                desk.refusals.note(&earlier);
                assert!(!desk.refusals.note(&earlier), "the same attempt counts once");
            }
        };
        let warning = warns.then_some(Obstacle::CardOftenRefused { card, times });
        check(VCC, spoil, warning.as_slice());
    };
    refused(413, 3, 1, false);
    refused(413, 4, 29, true);
    refused(400, 5, 1, true);
    refused(413, 4, 30, false);
    refused(429, 4, 1, false);
}

#[test]
fn the_other_fields_of_the_card() {
    let typed = |field, text: &'static str| move |_: &mut Desk, draft: &mut Draft| draft.set(field, text);
    let cvv = |digits: &'static str| move |_: &mut Desk, draft: &mut Draft| sample::type_cvv(draft, digits);
    for field in [Field::ExpiryMonth, Field::ExpiryYear, Field::FirstName, Field::LastName, Field::Ceiling] {
        check(VCC, typed(field, ""), &[Obstacle::Missing { field }]);
    }
    for (field, text) in [(Field::ExpiryMonth, "13"), (Field::ExpiryYear, "229"), (Field::ExpiryYear, "x")] {
        check(VCC, typed(field, text), &[Obstacle::ExpiryMalformed { field }]);
    }
    check(VCC, typed(Field::ExpiryYear, "25"), &[Obstacle::Expired { field: Field::ExpiryYear }]);
    let this_year = |_: &mut Desk, draft: &mut Draft| {
        draft.set(Field::ExpiryYear, "26");
        draft.set(Field::ExpiryMonth, "10");
    };
    check(VCC, this_year, &[Obstacle::Expired { field: Field::ExpiryMonth }]);
    check(VCC, cvv(""), &[Obstacle::Missing { field: Field::Cvv }]);
    check(MOR, cvv(""), &[]);
    check(VCC, cvv("73"), &[Obstacle::CvvLength { digits: 3 }]);
    check(MOR, cvv("7373"), &[Obstacle::CvvLength { digits: 3 }]);
    let amex = |_: &mut Desk, draft: &mut Draft| sample::type_number(draft, "378282246310005");
    check(VCC, amex, &[Obstacle::CvvLength { digits: 4 }]);
    for field in [Field::FirstName, Field::LastName] {
        let unfit = [
            ("王", '王', 1, None),
            ("O'NEIL", '\'', 2, Some("ONEIL")),
            (" O'NEIL", '\'', 3, Some("ONEIL")),
            ("ANN3", '3', 4, None),
            ("A×B", '×', 2, None),
            ("A÷B", '÷', 2, None),
        ];
        for (name, sign, at, instead) in unfit {
            let unfit = Unfit { sign, at, instead: instead.map(Into::into) };
            check(VCC, typed(field, name), &[Obstacle::NameCharacters { field, unfit }]);
        }
        check(VCC, typed(field, "JOSE\u{301} N\u{303}"), &[]);
        check(VCC, typed(field, " ÀÖØöøÿ-Zz "), &[]);
    }
    check(VCC, typed(Field::Ceiling, "5768.5"), &[Obstacle::CeilingNotWhole]);
    check(VCC, typed(Field::Ceiling, "-1"), &[Obstacle::CeilingNotWhole]);
    check(VCC, typed(Field::Ceiling, "5599"), &[Obstacle::CeilingBelowPrice { price: money("5600", "PHP") }]);
    check(VCC, typed(Field::Ceiling, "5600"), &[]);
    let limited = |desk: &mut Desk, _: &mut Draft| {
        let limit = money("5700", "PHP");
        desk.limits.insert(limit.currency, limit);
    };
    check(VCC, limited, &[Obstacle::CeilingAboveLimit { limit: money("5700", "PHP") }]);
    check(MOR, typed(Field::Ceiling, ""), &[]);
    check(MOR, typed(Field::DeviceIp, "203.0.113"), &[Obstacle::DeviceIpMalformed]);
    check(MOR, typed(Field::DeviceIp, "2001:db8::7"), &[]);
    check(VCC, typed(Field::DeviceIp, "nowhere"), &[]);
}

#[test]
fn the_billing_address() {
    let typed = |field, text: &'static str| move |_: &mut Desk, draft: &mut Draft| draft.set(field, text);
    let airline = Airline::parse("TR").unwrap();
    for field in [Field::Country, Field::City, Field::PostCode, Field::Street] {
        check(MOR, typed(field, "  "), &[Obstacle::BillingMissing { field, airline }]);
    }
    check(VCC, typed(Field::Province, ""), &[]);
    for field in [Field::Country, Field::Province] {
        for text in ["S", "SGP", "S1", "新"] {
            check(VCC, typed(field, text), &[Obstacle::NotTwoLetters { field }]);
        }
    }
    check(VCC, typed(Field::City, "12345"), &[Obstacle::CityDigitsOnly]);
    check(VCC, typed(Field::PostCode, "1234"), &[Obstacle::PostCodeTooShort]);
    let signs = |sign, at, instead: Option<&str>| {
        [Obstacle::PostCodeCharacters { unfit: Unfit { sign, at, instead: instead.map(Into::into) } }]
    };
    check(VCC, typed(Field::PostCode, "SW1A_1AA"), &signs('_', 5, None));
    check(VCC, typed(Field::PostCode, "018\u{2013}956"), &signs('\u{2013}', 4, Some("018-956")));
    // A card number in the wrong field is not said again.
    check(VCC, typed(Field::PostCode, "4111.1111.1111.1111"), &signs('.', 5, None));
    check(VCC, typed(Field::PostCode, "SW1A 1AA"), &[]);
    check(VCC, typed(Field::Street, "6 Walk"), &[Obstacle::StreetTooShort]);
    check(VCC, typed(Field::Street, "16 Walk"), &[]);
}

#[test]
fn an_address_that_only_an_old_page_refuses_is_paid_with() {
    let check = |field: Field, text: &str, warning: Obstacle, refused: Option<i64>| {
        let (mut desk, mut draft) = (Desk::new(), sample::draft(VCC));
        draft.set(field, text);
        desk.lineage.attempts.extend(refused.map(|status| sample::attempt(State::Rejected(status))));
        let said = draft.obstacles(&desk.context());
        assert!(said.contains(&warning) && said.iter().all(Obstacle::is_warning), "{text}: {said:?}");
        // What the vendor has refused before may have been this: said once more, and louder.
        let asked = refused.filter(|status| [400, 413].contains(status));
        let louder = asked.map(|status| Obstacle::AddressDoubted { status });
        assert_eq!(said.iter().find(|o| matches!(o, Obstacle::AddressDoubted { .. })), louder.as_ref());
        let payment = draft.into_payment(&desk.context());
        assert!(payment.is_ok_and(|payment| {
            payment_obstacles(&payment, &desk.context()).iter().all(Obstacle::is_warning)
        }));
    };
    for refused in [None, Some(413), Some(400), Some(429)] {
        // Norway, Denmark, Switzerland, Belgium, Australia.
        check(Field::PostCode, "0150", Obstacle::PostCodeTooShort, refused);
        check(Field::Street, "1 Via", Obstacle::StreetTooShort, refused);
        check(Field::City, "12345", Obstacle::CityDigitsOnly, refused);
    }
}

#[test]
fn several_carriers_by_card_are_a_risk_and_no_wall_where_the_vendor_offers_it() {
    let two = |desk: &mut Desk| desk.order.airlines.extend([Airline::parse("ZZ").unwrap()]);
    let apart = |desk: &mut Desk| desk.details().separate_bookings = true;
    for spoil in [&two as &dyn Fn(&mut Desk), &apart] {
        let mut desk = Desk::new();
        spoil(&mut desk);
        assert!(sample::draft(VCC).into_payment(&desk.context()).is_ok());
        desk.details().methods.retain(|method| *method != VCC);
        let refused = sample::draft(VCC).obstacles(&desk.context());
        assert!(refused.iter().any(|obstacle| matches!(obstacle, Obstacle::MethodNotOffered { .. })));
    }
}

#[test]
fn what_decides_first_comes_first() {
    let spoil = |desk: &mut Desk, draft: &mut Draft| {
        desk.order.status = OrderStatus::Cancelled;
        desk.lineage.attempts.push(sample::attempt(State::Accepted));
        desk.now += 1.hour();
        desk.details().has_vendor_fare = false;
        desk.balance = Some(usd("0"));
        sample::type_number(draft, "41");
        sample::type_cvv(draft, "7");
        draft.set(Field::ExpiryYear, "20");
        draft.set(Field::LastName, "");
        draft.set(Field::City, "1");
        draft.set(Field::Ceiling, "1");
    };
    let want = [
        Obstacle::Cancelled,
        Obstacle::AttemptOpen { state: State::Accepted },
        Obstacle::DeadlinePassed { at: sample::now() + 30.minutes() },
        Obstacle::NoVendorFare,
        Obstacle::FeeBalanceShort { shortfall: usd("5") },
        Obstacle::NumberLength,
        Obstacle::Expired { field: Field::ExpiryYear },
        Obstacle::CvvLength { digits: 3 },
        Obstacle::Missing { field: Field::LastName },
        Obstacle::CityDigitsOnly,
        Obstacle::CeilingBelowPrice { price: money("5600", "PHP") },
    ];
    check(VCC, spoil, &want);
}

#[test]
fn warnings_hinder_nothing_and_all_else_does() {
    let card = CardNumber::parse(VISA).unwrap().masked();
    let warnings = [
        Obstacle::BalanceUnknown,
        Obstacle::LittleTimeForCard,
        Obstacle::CardOftenRefused { card, times: 4 },
        Obstacle::NumberCheckDigit { lenient: true },
        Obstacle::SeveralAirlines,
        Obstacle::CityDigitsOnly,
        Obstacle::PostCodeTooShort,
        Obstacle::StreetTooShort,
        Obstacle::AddressDoubted { status: 413 },
    ];
    assert!(warnings.iter().all(Obstacle::is_warning));
    let field = Field::Country;
    let hindrances = [
        Obstacle::NumberCheckDigit { lenient: false },
        Obstacle::AlreadyPaid,
        Obstacle::NotTwoLetters { field },
    ];
    assert!(!hindrances.iter().any(Obstacle::is_warning));
}

#[test]
fn what_leaves_by_each_method_with_and_without_the_vendors_options() {
    let check = |method, spoil: fn(&mut Desk), due: Option<Money>, fee: Option<Money>| {
        let mut desk = Desk::new();
        spoil(&mut desk);
        assert_eq!(amount_due(method, &desk.order), due, "due by {method}");
        assert_eq!(service_fee_due(method, &desk.order), fee, "fee by {method}");
    };
    let php = Some(money("5600", "PHP"));
    let fee = Some(usd("5"));
    let as_given: fn(&mut Desk) = |_| {};
    check(DEPOSIT, as_given, Some(usd("105")), None);
    check(VCC, as_given, php, fee);
    check(BYOA, as_given, php, fee);
    check(MOR, as_given, Some(usd("103")), fee);
    let no_options: fn(&mut Desk) = |desk| desk.details().options.clear();
    check(DEPOSIT, no_options, Some(usd("105")), None);
    check(VCC, no_options, php, fee);
    check(BYOA, no_options, php, fee);
    // Nothing else says what the card fee is.
    check(MOR, no_options, None, fee);
    let fees_only: fn(&mut Desk) = |desk| {
        desk.details().options.iter_mut().for_each(|option| option.ticket_fare = None);
    };
    check(DEPOSIT, fees_only, Some(usd("105")), None);
    check(MOR, fees_only, None, fee);
    // Were a fare whose source is a new word left out, the fees alone would be confirmed.
    let odd_source: fn(&mut Desk) = |desk| {
        for option in &mut desk.details().options {
            let fare = option.ticket_fare.as_mut().expect("the sample has fares");
            fare.from = TakenFrom::Other;
        }
    };
    check(DEPOSIT, odd_source, Some(usd("105")), None);
    check(VCC, odd_source, php, fee);
    check(MOR, odd_source, None, fee);
    let no_vendor_total: fn(&mut Desk) = |desk| desk.details().vendor_total = None;
    check(VCC, no_vendor_total, php, fee);
    check(BYOA, no_vendor_total, php, fee);
    let no_price: fn(&mut Desk) = |desk| {
        let details = desk.details();
        (details.total, details.vendor_total, details.service_fee) = (None, None, None);
        details.options.clear();
    };
    let nothing: fn(&mut Desk) = |desk| desk.order.details = None;
    for method in PaymentMethod::ALL {
        check(method, no_price, None, None);
        check(method, nothing, None, None);
        check(method, costs_nothing, None, None);
    }
    let fee_on_card: fn(&mut Desk) = |desk| {
        desk.option(MOR).service_fee = Some(sample::part(usd("5"), TakenFrom::Card));
    };
    check(MOR, fee_on_card, Some(usd("108")), None);
    let no_fee: fn(&mut Desk) = |desk| {
        desk.details().options.clear();
        desk.details().service_fee = None;
    };
    check(DEPOSIT, no_fee, Some(usd("100")), None);
    let two_currencies: fn(&mut Desk) = |desk| {
        desk.details().options.clear();
        desk.details().service_fee = Some(money("5", "EUR"));
    };
    check(DEPOSIT, two_currencies, None, None);
}

fn costs_nothing(desk: &mut Desk) {
    let details = desk.details();
    details.options.clear();
    (details.total, details.vendor_total, details.service_fee) = (Some(usd("0")), Some(usd("0")), None);
}

#[test]
fn a_payment_is_judged_once_more_on_a_fresh_answer() {
    for method in PaymentMethod::ALL {
        let mut desk = Desk::new();
        let Ok(payment) = sample::draft(method).into_payment(&desk.context()) else { panic!("{method}") };
        assert_eq!(payment_obstacles(&payment, &desk.context()), [], "{method}");
        desk.order.airlines = vec![Airline::RYANAIR].into();
        assert_eq!(
            payment_obstacles(&payment, &desk.context()),
            [Obstacle::TravellerNotConfirmed(Progress::NoLink)]
        );
        desk.order.airlines = Vec::new().into();
        desk.details().vendor_total = Some(money("5700", "PHP"));
        let fare = desk.option(method).ticket_fare.as_mut().expect("the sample has fares");
        fare.money.amount += Decimal::new(1, 2);
        let now = amount_due(method, &desk.order).unwrap();
        let changed = Obstacle::AmountChanged { confirmed: payment.amount, now };
        assert_eq!(payment_obstacles(&payment, &desk.context()), [changed], "{method}");
        desk.details().vendor_total = None;
        desk.details().total = None;
        desk.details().options.clear();
        assert_eq!(payment_obstacles(&payment, &desk.context()), [Obstacle::AmountUnknown], "{method}");
    }
}

#[test]
fn the_card_of_a_payment_is_judged_again_too() {
    let check = |spoil: &dyn Fn(&mut Desk, &mut Means), want: Obstacle| {
        let mut desk = Desk::new();
        let Ok(mut payment) = sample::draft(VCC).into_payment(&desk.context()) else {
            panic!("a good draft")
        };
        spoil(&mut desk, &mut payment.means);
        assert_eq!(payment_obstacles(&payment, &desk.context()), [want]);
    };
    let price = money("5600", "PHP");
    let lower = |below: Money| {
        move |_: &mut Desk, means: &mut Means| {
            if let Means::Vcc { ceiling, .. } = means {
                *ceiling = Some(below);
            }
        }
    };
    check(&lower(money("5599", "PHP")), Obstacle::CeilingBelowPrice { price });
    check(&lower(usd("9000")), Obstacle::CeilingBelowPrice { price });
    let no_cvv = |_: &mut Desk, means: &mut Means| {
        if let Means::Vcc { card, .. } = means {
            card.cvv = None;
        }
    };
    check(&no_cvv, Obstacle::Missing { field: Field::Cvv });
    let card = CardNumber::parse(VISA).unwrap().masked();
    let used_meanwhile = |desk: &mut Desk, _: &mut Means| {
        let earlier = sample::attempt_with(State::Rejected(604), |attempt| attempt.card = Some(card));
        desk.lineage.attempts.push(earlier);
    };
    check(&used_meanwhile, Obstacle::CardUsed { card });
}

#[test]
fn what_leaves_is_shown_with_its_fee_within_or_besides() {
    let shown = |outlay: Outlay| (outlay.method, outlay.amount, outlay.fee, outlay.is_fee_included);
    let order = sample::order();
    let rows: Vec<_> = Outlay::all(&order).map(shown).collect();
    let fee = Some(usd("5"));
    let want = [
        (DEPOSIT, usd("105"), fee, true),
        (VCC, money("5600", "PHP"), fee, false),
        (BYOA, money("5600", "PHP"), fee, false),
        (MOR, usd("103"), fee, false),
    ];
    assert_eq!(rows, want);
    for outlay in Outlay::all(&order) {
        assert_eq!(
            Some(outlay.amount),
            amount_due(outlay.method, &order),
            "what is shown is what is confirmed"
        );
    }
    let of = |change: fn(&mut Desk)| {
        let mut desk = Desk::new();
        change(&mut desk);
        Outlay::of(&desk.order).map(shown)
    };
    assert_eq!(of(|_| {}), Some(want[0]));
    assert_eq!(of(|desk| desk.details().methods = vec![VCC]), Some(want[1]), "no deposit is on offer");
    // Paid: what was taken, whatever the first method would take.
    let pay = |desk: &mut Desk| {
        desk.order.status = OrderStatus::Ticketed;
        desk.details().payment = desk.details().options.pop();
        desk.details().options.clear();
    };
    assert_eq!(of(pay), Some(want[3]));
    assert_eq!(of(|desk| desk.details().service_fee = Some(usd("0"))).unwrap().2, fee, "the option names it");
    assert_eq!(of(|desk| desk.order.details = None), None);
}
