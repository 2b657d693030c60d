//! Whatever is wrong at once: each reason names its field, and none is given twice.

use std::collections::HashSet;

use jiff::ToSpan;
use paydesk::domain::{
    attempt::{Doubt, State},
    draft::Draft,
    field::Field,
    method::PaymentMethod,
    obstacle::Obstacle,
    order::{Airline, OrderStatus},
    payable::payment_obstacles,
    subject::Subject,
};
use proptest::{option, prelude::*, sample::select};

use crate::sample::{self, Desk, money, usd};

/// What people and programs put into a field, good and bad.
fn text() -> impl Strategy<Value = String> {
    let known = select(vec![
        "",
        " ",
        "O'BRIEN",
        "JOSE\u{301}",
        "ŁUCJA",
        "李",
        "R2D2",
        "08",
        "13",
        "29",
        "2020",
        "x",
        "SG",
        "sgp",
        "1",
        "12345",
        "0189-56",
        "018.956",
        "5768",
        "5599.5",
        "99999999",
        "203.0.113.9",
        "4111111111111111",
        "\u{202e}",
    ]);
    prop_oneof![known.prop_map(str::to_owned), ".{0,12}"]
}

fn status() -> impl Strategy<Value = OrderStatus> {
    select(vec![
        OrderStatus::Unpaid,
        OrderStatus::Ticketing,
        OrderStatus::Ticketed,
        OrderStatus::Cancelled,
        OrderStatus::Unknown(Some(9)),
    ])
}

fn spoilt_desk() -> impl Strategy<Value = Desk> {
    let attempts = select(vec![None, Some(State::Accepted), Some(State::InDoubt(Doubt::NoAnswer))]);
    let amounts = (option::of(0_i64..200), option::of(1_i64..9000));
    (status(), 0_i64..3600, attempts, amounts, any::<[bool; 6]>()).prop_map(
        |(status, seconds, state, (balance, limit), [bare, timeless, fareless, several, ryanair, split])| {
            let mut desk = Desk::new();
            desk.order.status = status;
            desk.now += seconds.seconds();
            desk.lineage.attempts.extend(state.map(sample::attempt));
            desk.balance = balance.map(|balance| usd(&balance.to_string()));
            for currency in ["USD", "PHP"] {
                let limit = limit.map(|limit| money(&limit.to_string(), currency));
                desk.limits.extend(limit.map(|limit| (limit.currency, limit)));
            }
            desk.details().has_vendor_fare = !fareless;
            desk.details().separate_bookings = split;
            if timeless {
                desk.details().deadline = None;
            }
            desk.order.airlines.extend(several.then(|| Airline::parse("5J").unwrap()));
            if ryanair {
                desk.order.airlines = vec![Airline::RYANAIR].into();
            }
            if bare {
                desk.order.details = None;
            }
            desk
        },
    )
}

fn assert_each_once(obstacles: &[Obstacle]) {
    let mut seen = HashSet::new();
    for obstacle in obstacles {
        let reason = (obstacle.subject(), obstacle.code());
        assert_eq!(Subject::from_word(reason.0.word()), Some(reason.0));
        assert!(seen.insert(reason), "{reason:?} twice in {obstacles:?}");
    }
}

proptest! {
    #[test]
    fn every_reason_has_a_field_and_none_comes_twice(
        desk in spoilt_desk(),
        method in select(PaymentMethod::ALL.to_vec()),
        texts in proptest::collection::vec(option::weighted(0.6, text()), Field::ALL.len()),
        digits in "[0-9]{0,19}",
        cvv in "[0-9]{0,4}",
    ) {
        let mut draft = Draft::new(method);
        sample::type_number(&mut draft, &digits);
        sample::type_cvv(&mut draft, &cvv);
        for (field, text) in Field::ALL.into_iter().zip(texts) {
            if let Some(text) = text {
                draft.set(field, &text);
            }
        }
        let obstacles = draft.obstacles(&desk.context());
        assert_each_once(&obstacles);
        // What is said of a field the form has, at the place where it is mended.
        let fields: Vec<Field> = draft.fields(&desk.context()).into_iter().map(|(field, _)| field).collect();
        for field in obstacles.iter().filter_map(Obstacle::field) {
            prop_assert!(fields.contains(&field), "{field:?} is not on the form for {obstacles:?}");
        }
    }

    #[test]
    fn the_second_check_says_nothing_twice_either(
        desk in spoilt_desk(),
        method in select(PaymentMethod::ALL.to_vec()),
    ) {
        let Ok(payment) = sample::draft(method).into_payment(&Desk::new().context()) else {
            panic!("a good draft")
        };
        assert_each_once(&payment_obstacles(&payment, &desk.context()));
    }

    #[test]
    fn no_suggestion_holds_a_digit_that_a_name_cannot_have(name in ".{0,30}") {
        let mut draft = sample::draft(PaymentMethod::Vcc);
        draft.set(Field::LastName, &name);
        for obstacle in draft.obstacles(&Desk::new().context()) {
            if let Obstacle::NameCharacters { unfit, .. } = obstacle {
                let instead = unfit.instead.unwrap_or_default();
                prop_assert!(!instead.chars().any(char::is_numeric), "{instead}");
                let mut mended = sample::draft(PaymentMethod::Vcc);
                mended.set(Field::LastName, if instead.is_empty() { "ANA" } else { &instead });
                prop_assert_eq!(mended.obstacles(&Desk::new().context()), vec![], "{} is no mend", instead);
            }
        }
    }
}

#[test]
fn two_fields_with_the_same_fault_have_a_reason_each() {
    let mut draft = sample::draft(PaymentMethod::Vcc);
    draft.set(Field::FirstName, "D'ARCY");
    draft.set(Field::LastName, "O'BRIEN");
    draft.set(Field::ExpiryMonth, "");
    draft.set(Field::ExpiryYear, "");
    let obstacles = draft.obstacles(&Desk::new().context());
    let reasons: Vec<(&str, &str)> =
        obstacles.iter().map(|obstacle| (obstacle.subject().word(), obstacle.code())).collect();
    assert_eq!(
        reasons,
        [
            ("cardExpireMonth", "field_missing"),
            ("cardExpireYear", "field_missing"),
            ("cardHolderFirstName", "card_name_characters"),
            ("cardHolderLastName", "card_name_characters"),
        ]
    );
}

#[test]
fn a_limit_names_the_price_or_the_ceiling_that_is_above_it() {
    let check = |limit: &str, ceiling: &str, want: &[(&str, &str)]| {
        let mut desk = Desk::new();
        let limit = money(limit, "PHP");
        desk.limits.insert(limit.currency, limit);
        let mut draft = sample::draft(PaymentMethod::Vcc);
        draft.set(Field::Ceiling, ceiling);
        let reasons: Vec<(&str, &str)> = draft
            .obstacles(&desk.context())
            .iter()
            .map(|obstacle| (obstacle.subject().word(), obstacle.code()))
            .collect();
        assert_eq!(reasons, want, "limit {limit}, ceiling {ceiling}");
    };
    check("5800", "5768", &[]);
    check("5700", "5768", &[("paymentLimit", "ceiling_above_limit")]);
    check("5700", "5700", &[]);
    check("5599", "5768", &[("totalPrice", "above_limit")]);
}
