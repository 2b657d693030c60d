//! What a form or standard input gathered, and the payment that it becomes.

use paydesk::domain::{
    card::CardBrand,
    card_input::{CardInputError, Expected},
    draft::Draft,
    field::Field,
    method::PaymentMethod,
    obstacle::Obstacle,
    order::Airline,
    payable,
    payment::{Means, Payment},
};

use crate::sample::{self, Desk, money, usd};

const INPUT: &str = r#"{
    "cardNumber": "4111 1111 1111 1111", "cardCVV": "737", "cardExpireMonth": "08", "cardExpireYear": "2029",
    "cardHolderFirstName": "ANA", "cardHolderLastName": "LIM", "cardHolderCountry": "SG",
    "cardHolderProvince": "CA", "cardHolderCity": "Singapore", "cardHolderPostCode": "018956",
    "cardHolderAddress": "8 Sample Walk", "reusable": true, "paymentLimit": 5768, "threeDS": { "ip": "203.0.113.9" }
}"#;

const ORDER: &str = "TESTA20261103141502317";

fn read(input: impl AsRef<[u8]>) -> Result<Draft, CardInputError> {
    Draft::from_json(Some(PaymentMethod::Vcc), ORDER.parse().unwrap(), input.as_ref())
}

fn payment(draft: Draft, desk: &Desk) -> Payment {
    draft.into_payment(&desk.context()).unwrap_or_else(|refused| panic!("{:?}", refused.1))
}

#[test]
fn a_draft_becomes_a_payment_with_what_its_method_needs() {
    let desk = Desk::new();
    let check = |method, amount| {
        let payment = payment(sample::draft(method), &desk);
        assert_eq!((payment.order, payment.means.method(), payment.amount), (desk.order.no, method, amount));
        payment.means
    };
    assert!(matches!(check(PaymentMethod::Deposit, usd("105")), Means::Deposit));
    assert!(matches!(check(PaymentMethod::Byoa, money("5600", "PHP")), Means::Byoa));
    let Means::Vcc { card, ceiling } = check(PaymentMethod::Vcc, money("5600", "PHP")) else { panic!("VCC") };
    assert_eq!(ceiling, Some(money("5768", "PHP")));
    assert_eq!(card.number.expose(), sample::VISA.as_bytes());
    assert!(card.cvv.is_some_and(|cvv| cvv.expose() == b"737") && !card.reusable);
    assert_eq!((card.first_name.as_str(), card.last_name.as_str()), ("JOSÉ-LUIS", "DE LEÓN"));
    assert_eq!((card.expiry.year, card.expiry.month), (2029, 8));
    assert_eq!(card.billing.country.as_deref(), Some("SG"), "as the vendor wants it");
    assert_eq!(card.billing.province, None);
    assert_eq!(card.billing.street.as_deref(), Some("8 Sample Walk"));
    let mut mor = sample::draft(PaymentMethod::Mor);
    sample::type_cvv(&mut mor, "");
    mor.set(Field::DeviceIp, " 203.0.113.9 ");
    let Means::Mor { card, device_ip } = payment(mor, &desk).means else { panic!("MoR") };
    assert!(card.cvv.is_none(), "left out, not empty");
    assert_eq!(device_ip, Some([203, 0, 113, 9].into()));
}

#[test]
fn a_draft_with_something_against_it_is_given_back_and_a_warning_is_not() {
    let mut desk = Desk::new();
    desk.balance = None;
    assert_eq!(payment(sample::draft(PaymentMethod::Deposit), &desk).amount, usd("105"));
    let mut draft = sample::draft(PaymentMethod::Vcc);
    draft.set(Field::LastName, "");
    let Err((draft, obstacles)) = draft.into_payment(&desk.context()).map_err(|refused| *refused) else {
        panic!("a payment without a name")
    };
    assert_eq!(obstacles, [Obstacle::BalanceUnknown, Obstacle::Missing { field: Field::LastName }]);
    assert_eq!(draft.number.expose(), sample::VISA.as_bytes(), "nothing typed is lost");
}

#[test]
fn the_card_object_is_read_with_the_vendors_names() {
    let draft = read(INPUT).expect("a good object");
    assert_eq!(draft.number.expose(), b"4111111111111111");
    assert_eq!(draft.number.brand(), Some(CardBrand::Visa));
    assert_eq!(draft.cvv.expose(), b"737");
    assert!(draft.reusable);
    let texts = [
        (Field::ExpiryMonth, "08"),
        (Field::ExpiryYear, "2029"),
        (Field::FirstName, "ANA"),
        (Field::LastName, "LIM"),
        (Field::Country, "SG"),
        (Field::Province, "CA"),
        (Field::City, "Singapore"),
        (Field::PostCode, "018956"),
        (Field::Street, "8 Sample Walk"),
        (Field::Ceiling, "5768"),
        (Field::DeviceIp, "203.0.113.9"),
    ];
    for (field, want) in texts {
        assert_eq!(draft.text(field), want, "{field:?}");
    }
    assert_eq!(draft.obstacles(&Desk::new().context()), []);
}

#[test]
fn spellings_and_types_that_the_vendor_has_used_are_read_too() {
    let check = |from: &str, to: &str, field: Field, want: &str| {
        assert!(INPUT.contains(from), "{from}");
        let input = INPUT.replace(from, to);
        let draft = read(input).expect(to);
        assert_eq!(draft.text(field), want, "{to}");
    };
    check("cardHolderProvince", "cardHoldProvince", Field::Province, "CA");
    check("5768", "\"5768\"", Field::Ceiling, "5768");
    check("5768", "5768.5", Field::Ceiling, "5768.5");
    check("5768", "null", Field::Ceiling, "");
    check("{ \"ip\": \"203.0.113.9\" }", "null", Field::DeviceIp, "");
    check("\"CA\"", "null", Field::Province, "");
    let minimal = read(r#"{"cardNumber":"4111111111111111"}"#);
    assert!(minimal.is_ok_and(|draft| draft.cvv.is_empty() && !draft.reusable));
}

#[test]
fn a_mistake_in_the_card_object_has_its_position_and_is_never_quoted() {
    let check = |input: &str, want: Option<CardInputError>| {
        let Err(error) = read(input) else { panic!("{input}") };
        if let Some(want) = want {
            assert_eq!(error, want);
        }
        let said = format!("{error} {error:?}");
        for secret in ["4111", "737", "SECRET"] {
            assert!(!said.contains(secret), "{said}");
        }
    };
    let at = |line, column, after| Some(CardInputError::NotAnObject { line, column, after });
    check("", at(1, 0, None));
    check("SECRET", at(1, 1, None));
    check("{\n  \"cardNumber\": SECRET", at(2, 17, Some("cardNumber")));
    check(
        "{\"cardNumber\": \"4111111111111111\", \"cardExpireMonth\": 09}",
        at(1, 56, Some("cardExpireMonth")),
    );
    check("{\"cardNumber\": \"4111111111111111\"} SECRET", None);
    let with = |field: &str, value: &str, expected| {
        let input = if field == "cardNumber" {
            format!("{{\"cardNumber\": {value}}}")
        } else {
            format!("{{\"cardNumber\": \"4111111111111111\", \"{field}\": {value}}}")
        };
        let Err(CardInputError::Field { field: named, expected: accepts }) = read(&input) else {
            panic!("{input}")
        };
        assert_eq!((named, accepts), (field, expected), "{input}");
        check(&input, None);
    };
    for number in ["\"4111x\"", "\"41111111111111111111\"", "null", "4.111e15", "{}", "\"\\u00344111\""] {
        with("cardNumber", number, Expected::CardNumber);
    }
    for cvv in ["\"73737\"", "12", "7", "\"SECRET\"", "737.0", "[737]"] {
        with("cardCVV", cvv, Expected::Cvv);
    }
    for month in ["9.5", "true", "{}", "[9]"] {
        with("cardExpireMonth", month, Expected::Month);
    }
    for year in ["2029.5", "false", "{}"] {
        with("cardExpireYear", year, Expected::Year);
    }
    with("cardHolderPostCode", "2134", Expected::Text);
    with("cardHolderFirstName", "[\"SECRET\"]", Expected::Text);
    with("reusable", "\"SECRET\"", Expected::Flag);
    with("paymentLimit", "[\"SECRET\"]", Expected::Number);
    with("threeDS", "\"SECRET\"", Expected::Object);
    check("{\"cardCVV\": \"737\"}", None);
    let unknown = |name: &str| Some(CardInputError::Unknown(name.to_owned()));
    check("{\"cardNumber\": \"4111111111111111\", \"cvv\": \"737\"}", unknown("cvv"));
    check("{\"4111111111111111\": \"737\"}", unknown("****************"));
    check(
        "{\"cardNumber\": \"4111111111111111\", \"cardCVV\": \"737\", \"cardCVV\": \"738\"}",
        Some(CardInputError::Twice("cardCVV")),
    );
    check("[{\"cardNumber\": \"4111111111111111\"}]", None);
}

#[test]
fn what_editors_and_programs_write_is_read_where_it_is_unambiguous() {
    let check = |input: &[u8]| {
        let draft = read(input).unwrap_or_else(|error| panic!("{error}: {}", input.escape_ascii()));
        assert_eq!((draft.number.expose(), draft.cvv.expose()), (&b"4111111111111111"[..], &b"737"[..]));
        assert_eq!(draft.text(Field::ExpiryMonth).trim().parse::<u8>(), Ok(8));
        assert_eq!(draft.obstacles(&Desk::new().context()), [], "{}", input.escape_ascii());
    };
    let changed = |from: &str, to: &str| {
        assert!(INPUT.contains(from), "{from}");
        check(INPUT.replace(from, to).as_bytes());
    };
    check(format!("\u{feff}{INPUT}\r\n").as_bytes());
    for unit in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        check(&format!("\u{feff}{INPUT}").encode_utf16().flat_map(unit).collect::<Vec<u8>>());
    }
    changed("\"08\"", "8");
    changed("\"08\"", "\" 8 \"");
    changed("\"2029\"", "2029");
    changed("\"2029\"", "29");
    changed("\"737\"", "737");
    changed("\"4111 1111 1111 1111\"", "4111111111111111");
    changed("true", "\"true\"");
    changed("\"reusable\"", "\"cardHolderPhone\": null, \"reusable\"");
    let body = |around: &str| format!("{{ {around} \"creditCard\": {INPUT} }}");
    check(body("").as_bytes());
    check(
        body(&format!(
            "\"orderNo\": \"{ORDER}\", \"paymentMethod\": 3, \"supportCreditTransPayment\": \"1\","
        ))
        .as_bytes(),
    );
    check(body("\"orderNo\": null, \"paymentMethod\": \"3\", \"clientOrderNo\": null,").as_bytes());
    let refused = |around: &str| read(body(around)).err().unwrap();
    assert_eq!(refused("\"orderNo\": \"TESTA20261103141502318\","), CardInputError::OtherOrder);
    assert_eq!(refused("\"paymentMethod\": 5,"), CardInputError::OtherMethod);
    assert_eq!(
        refused("\"cardNumber\": \"4111111111111111\","),
        CardInputError::Unknown("cardNumber".into())
    );
    let none = read("{\"orderNo\": null, \"creditCard\": null}").err();
    assert_eq!(none, Some(CardInputError::Field { field: "creditCard", expected: Expected::Object }));
}

#[test]
fn a_form_asks_for_what_method_and_airline_want() {
    let check = |method, airline: &str, country: &str, want: &[(Field, bool)]| {
        let mut desk = Desk::new();
        desk.order.airlines = vec![Airline::parse(airline).unwrap()].into();
        let mut draft = Draft::new(method);
        draft.set(Field::Country, country);
        assert_eq!(draft.fields(&desk.context()), want, "{method} {airline} {country}");
    };
    let card = |cvv: bool, rest: &[(Field, bool)]| {
        let mut fields = vec![(Field::Number, true), (Field::ExpiryMonth, true), (Field::ExpiryYear, true)];
        fields.extend([(Field::Cvv, cvv), (Field::FirstName, true), (Field::LastName, true)]);
        fields.extend(rest);
        fields
    };
    let address =
        [(Field::Country, true), (Field::City, true), (Field::PostCode, true), (Field::Street, true)];
    let vcc = [(Field::Ceiling, true), (Field::Reusable, false)];
    let mor = [(Field::DeviceIp, false), (Field::Reusable, false)];
    check(PaymentMethod::Deposit, "TR", "", &[]);
    // What the traveller has to do is nothing that is ticked here.
    check(PaymentMethod::Byoa, "FR", "", &[]);
    check(PaymentMethod::Vcc, "TR", "", &card(true, &[&address[..], &vcc].concat()));
    check(PaymentMethod::Mor, "TR", "", &card(false, &[&address[..], &mor].concat()));
    check(PaymentMethod::Vcc, "F9", "US", &card(true, &[&address[..], &vcc].concat()));
    check(PaymentMethod::Vcc, "F9", "CA", &card(true, &[&[(Field::Country, false)][..], &vcc].concat()));
}

#[test]
fn the_ceiling_begins_three_per_cent_above_the_price_and_not_above_the_desks_limit() {
    let begins = |desk: &Desk| Draft::default_ceiling(&desk.context());
    assert_eq!(begins(&Desk::new()), Some(money("5768", "PHP")));
    let mut desk = Desk::new();
    desk.details().vendor_total = Some(money("5601", "PHP"));
    assert_eq!(begins(&desk), Some(money("5770", "PHP")), "rounded up to a whole unit");
    let mut limited = |limit: &str| {
        desk.limits.insert(money("0", "PHP").currency, money(limit, "PHP"));
        begins(&desk)
    };
    assert_eq!(limited("5700.50"), Some(money("5700", "PHP")), "a whole unit within the limit");
    assert_eq!(limited("5601"), Some(money("5601", "PHP")));
    assert_eq!(limited("5600"), Some(money("5770", "PHP")), "the price itself is above the limit");
    assert_eq!(limited("9000"), Some(money("5770", "PHP")));
    desk.order.details = None;
    assert_eq!(begins(&desk), None);
}

#[test]
fn a_ceiling_above_the_desks_limit_makes_no_payment_and_one_already_made_is_not_sent() {
    let mut desk = Desk::new();
    let limit = money("5700", "PHP");
    desk.limits.insert(limit.currency, limit);
    let ceiling = |units: &str| {
        let mut draft = sample::draft(PaymentMethod::Vcc);
        draft.set(Field::Ceiling, units);
        draft
    };
    let refused = |units: &str| ceiling(units).into_payment(&desk.context()).err().map(|refused| refused.1);
    assert_eq!(refused("5701"), Some(vec![Obstacle::CeilingAboveLimit { limit }]));
    assert_eq!(refused("5700"), None);
    assert_eq!(Obstacle::CeilingAboveLimit { limit }.field(), Some(Field::Ceiling));
    // Whoever made it: the check before the send holds the same rule.
    let made = payment(ceiling("5701"), &Desk::new());
    assert_eq!(payable::payment_obstacles(&made, &desk.context()), [Obstacle::CeilingAboveLimit { limit }]);
}
