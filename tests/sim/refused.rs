//! Searches and bookings that are refused, with the status that the vendor gives.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    booking::{booking, search},
    client::{Client, options},
};

/// What a search is answered with when one field is another.
async fn searched(client: &Client, field: &str, value: Value) -> Value {
    let mut asked = search("SIN", "BKK", false);
    asked[field] = value;
    client.ask("search.do", asked).await
}

/// A client whose searches are not counted.
async fn unlimited() -> Client {
    let client = Client::new(options(1.0));
    client.control(reqwest::Method::PUT, "switches", &json!({ "limits": "ignored" })).await;
    client
}

#[tokio::test]
async fn whatever_is_wrong_with_a_search_is_102() {
    let client = unlimited().await;
    for (field, value) in [
        ("tripType", json!("3")),
        ("tripType", json!("2")),
        ("fromCity", json!("SINGAPORE")),
        ("toCity", json!(7)),
        ("fromDate", json!("2030-01-31")),
        ("fromDate", Value::Null),
        ("adultNum", Value::Null),
        ("adultNum", json!("two")),
        ("airlines", json!("TR")),
        ("airlines", json!(["TR", "FD", "AK", "QG", "VJ", "6E"])),
        ("currency", json!("dollars")),
    ] {
        let refused = searched(&client, field, value.clone()).await;
        assert_eq!(refused["status"], 102, "{field} {value}: {refused}");
        assert_eq!(refused.get("routings"), Some(&Value::Null));
    }
    let mut back_before = search("SIN", "BKK", true);
    back_before["retDate"] = json!("20200101");
    assert_eq!(client.ask("search.do", back_before).await["status"], 102);
}

#[tokio::test]
async fn nine_adults_and_eight_children_are_the_most_that_are_searched_for() {
    let client = unlimited().await;
    let party = async |adults: u8, children: u8, infants: u8| {
        let mut asked = search("SIN", "BKK", false);
        (asked["adultNum"], asked["childNum"], asked["infantNum"]) =
            (json!(adults), json!(children), json!(infants));
        client.ask("search.do", asked).await["status"].clone()
    };
    for (adults, children, infants) in [(1, 0, 0), (9, 0, 9), (1, 8, 1), (9, 8, 0)] {
        assert_eq!(party(adults, children, infants).await, 0, "{adults} {children} {infants}");
    }
    for (adults, children, infants) in [(0, 1, 0), (10, 0, 0), (1, 9, 0), (2, 0, 3)] {
        assert_eq!(party(adults, children, infants).await, 102, "{adults} {children} {infants}");
    }
}

#[tokio::test]
async fn a_day_that_has_passed_at_the_airport_is_refused_and_today_is_not() {
    // The story goes fast, and the days stay those of the wall.
    let client = Client::new(options(1_000.0));
    client.control(reqwest::Method::PUT, "switches", &json!({ "limits": "ignored" })).await;
    let day =
        |hours: i64| (Timestamp::now() + SignedDuration::from_hours(hours)).strftime("%Y%m%d").to_string();
    // Auckland is thirteen hours ahead of UTC, Honolulu ten behind.
    for (from, zone) in [("AKL", 13), ("HNL", -10), ("SIN", 8)] {
        let on = async |hours: i64| {
            let mut asked = search(from, "BKK", false);
            asked["fromDate"] = json!(day(zone + hours));
            client.ask("search.do", asked).await
        };
        let passed = on(-25).await;
        assert_eq!((&passed["status"], passed.get("routings")), (&json!(102), Some(&Value::Null)), "{from}");
        let now = (Timestamp::now() + SignedDuration::from_hours(zone)).strftime("%Y%m%d%H%M").to_string();
        let today = on(0).await;
        assert_eq!(today["status"], 0, "{from}: {today}");
        for routing in today["routings"].as_array().unwrap() {
            assert!(
                routing["fromSegments"][0]["depTime"].as_str().unwrap() >= now.as_str(),
                "gone: {routing}"
            );
        }
        assert!(!on(48).await["routings"].as_array().unwrap().is_empty());
    }
}

#[tokio::test]
async fn only_currencies_of_settlement_are_priced_in() {
    let client = unlimited().await;
    for currency in ["JPY", "KRW", "AUD", "XXX"] {
        assert_eq!(searched(&client, "currency", json!(currency)).await["status"], 124, "{currency}");
    }
    for currency in [
        "USD", "EUR", "GBP", "SGD", "CNH", "CNY", "CAD", "CHF", "NZD", "HKD", "NOK", "DKK", "CZK", "PLN",
        "AED", "SEK", "HUF",
    ] {
        let found = searched(&client, "currency", json!(currency)).await;
        assert_eq!((&found["status"], &found["routings"][0]["currency"]), (&json!(0), &json!(currency)));
    }
    assert_eq!(searched(&client, "currency", Value::Null).await["routings"][0]["currency"], "USD");
}

#[tokio::test]
async fn each_fault_of_the_people_in_a_booking_has_its_status_and_holds_nothing() {
    let client = Client::new(options(1.0));
    let verified = client.verified("SIN", "BKK", false, 0).await;
    let required = &verified["bookingRequirement"]["passenger"];
    assert_eq!(
        (&required["name"]["required"], &required["birthday"]["required"]),
        (&json!(true), &json!(true))
    );
    let check = async |pointer: &str, value: Value, status: i64| {
        let asked = booking(&verified["sessionId"], |order| {
            *order.pointer_mut(pointer).unwrap() = value.clone();
        });
        let refused = client.ask("order.do", asked).await;
        assert_eq!(refused["status"], status, "{pointer} {value}: {refused}");
        assert_eq!(refused.get("orderNo"), Some(&Value::Null));
        assert_ne!(refused["msg"], "success");
    };
    for nobody in [Value::Null, json!("")] {
        check("/contact/name", nobody, 307).await;
    }
    for name in ["LIN MEIYU", "LIN/", "/MEIYU", "LIN/MEI/YU", "LIN/MEIYU2", "林/美玉", "LIN/MEIYU MR."] {
        check("/passengers/0/name", json!(name), 327).await;
    }
    for birthday in [Value::Null, json!(""), json!("1988-04-12"), json!(19_880_412)] {
        check("/passengers/0/birthday", birthday, 327).await;
    }
    check("/contact/mobile", json!("+65 81234567"), 410).await;
    check("/contact/email", json!("nobody"), 323).await;
    check("/contact", Value::Null, 100).await;
    check("/passengers", json!([]), 100).await;
    let adult = booking(&Value::Null, |_| {})["passengers"][0].clone();
    check("/passengers", json!(vec![adult; 10]), 315).await;
    check("/sessionId", json!("none"), 300).await;
    let made = client.ask("order.do", booking(&verified["sessionId"], |_| {})).await;
    assert_eq!(made["status"], 0, "none of them was a booking: {made}");
}

#[tokio::test]
async fn what_is_bought_with_a_ticket_is_refused_and_not_dropped() {
    let client = Client::new(options(1.0));
    let verified = client.verified("SIN", "BKK", false, 0).await;
    assert_eq!(verified["routing"]["ancillarySupported"], json!([]), "nothing is offered either");
    let product = json!([{ "productCode": "BAG20", "segmentIndex": 1 }]);
    for (place, name) in
        [("/passengers/0", "ancillaries"), ("/passengers/0", "passengerBaggages"), ("", "passengerBaggages")]
    {
        let asked = booking(&verified["sessionId"], |order| {
            order.pointer_mut(place).unwrap()[name] = product.clone();
        });
        let refused = client.ask("order.do", asked).await;
        assert_eq!((&refused["status"], refused.get("orderNo")), (&json!(309), Some(&Value::Null)));
        assert!(refused["msg"].as_str().unwrap().contains(name), "{refused}");
    }
}
