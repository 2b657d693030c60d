//! What becomes of the orders that are there.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};

use crate::client::{Client, card, in_singapore, options, pay};

#[tokio::test]
async fn each_method_goes_from_unpaid_to_ticketed() {
    for method in [1, 3, 4, 5] {
        let client = Client::new(options(100.0));
        let order = client.ready(method).await;
        let no = order["orderNo"].as_str().unwrap();
        assert_eq!((&order["orderStatus"], &order["ticketStatus"]), (&json!("0"), &json!("0")));
        assert_eq!((&order["payment"], &order["payTime"]), (&Value::Null, &Value::Null));

        let accepted = client.ask("pay.do", pay(&order, method)).await;
        assert_eq!(accepted["status"], 0, "{accepted}");
        assert_eq!((&accepted["orderNo"], &accepted["paymentMethod"]), (&json!(no), &json!(method)));

        let ticketed = client.settled(no).await;
        assert_eq!(
            (&ticketed["orderStatus"], &ticketed["ticketStatus"]),
            (&json!("2"), &json!("1")),
            "{ticketed}"
        );
        assert_eq!(
            (&ticketed["payment"]["paymentMethod"], &ticketed["paymentOptions"]),
            (&json!(method), &Value::Null)
        );
        assert_eq!(ticketed["paymentAttempted"], if method == 3 { json!(true) } else { Value::Null });
        for traveller in ticketed["paxTicketInfos"].as_array().unwrap() {
            assert_eq!(traveller["ticketNos"], traveller["airlinePNRs"]);
            assert_eq!(traveller["ticketNos"].as_array().unwrap().len(), 1);
        }
        assert_eq!(
            ticketed["airlineBookings"][0]["airlinePnr"],
            ticketed["paxTicketInfos"][0]["ticketNos"][0]
        );

        let ledger = client.get("/_sim/ledger").await;
        assert_eq!((&ledger["orders"][no]["faresHeld"], &ledger["doubleCharges"]), (&json!(1), &json!({})));
    }
}

#[tokio::test]
async fn a_party_shares_one_ticket_number_or_has_one_each() {
    let client = Client::new(options(1.0));
    let list = client.ask("orderList.do", json!({ "orderStatus": [2], "pageSize": 100 })).await;
    let party = list["orders"].as_array().unwrap().iter();
    let party = party.max_by_key(|order| order["paxNames"].as_array().unwrap().len()).unwrap();
    let no = party["orderNo"].as_str().unwrap();
    let people = async || client.query(no).await["paxTicketInfos"].as_array().unwrap().clone();
    let numbers = |people: &[Value]| -> BTreeSet<String> {
        people.iter().map(|one| one["ticketNos"][0].as_str().unwrap().to_owned()).collect()
    };
    let shared = people().await;
    assert!(shared.len() > 1 && numbers(&shared).len() == 1, "{shared:?}");

    client.control(reqwest::Method::PUT, "switches", &json!({ "tickets": "each" })).await;
    let each = people().await;
    assert_eq!(numbers(&each).len(), each.len(), "{each:?}");
    assert!(numbers(&each).iter().all(|no| no.len() == 13 && no.bytes().all(|byte| byte.is_ascii_digit())));
    for (before, now) in shared.iter().zip(&each) {
        assert_eq!(before["airlinePNRs"], now["airlinePNRs"], "the locator is one all the same");
        assert_eq!(now["ticketNos"].as_array().unwrap().len(), now["airlinePNRs"].as_array().unwrap().len());
    }
    assert_eq!(people().await, each, "the next query says the same");

    client
        .control(reqwest::Method::POST, "webhooks", &json!({ "type": "order.ticketed", "order": no }))
        .await;
    client.control(reqwest::Method::POST, "step", &Value::Null).await;
    let sent = client.get("/_sim/webhooks").await["deliveries"].as_array().unwrap().clone();
    let sent = sent.iter().find(|one| one["body"]["data"]["orderNo"] == no).unwrap();
    assert_eq!(numbers(sent["body"]["data"]["paxTicketInfos"].as_array().unwrap()), numbers(&each));
}

#[tokio::test]
async fn a_declined_card_cancels_and_the_order_is_regenerated() {
    for (first_name, code) in [("Reject", "604"), ("Three DS", "616")] {
        let client = Client::new(options(100.0));
        let order = client.ready(3).await;
        let mut request = pay(&order, 3);
        request["creditCard"]["cardHolderFirstName"] = json!(first_name);
        assert_eq!(client.ask("pay.do", request).await["status"], 0);
        let no = order["orderNo"].as_str().unwrap();
        let cancelled = client.settled(no).await;
        assert_eq!((&cancelled["orderStatus"], &cancelled["errorCode"]), (&json!("-3"), &json!(code)));
        assert_eq!(client.get("/_sim/ledger").await["orders"][no]["faresHeld"], 0);

        let made = client.ask("regenerateOrder.do", json!({ "originalOrderNo": no })).await;
        assert_eq!((&made["status"], &made["originalOrderNo"]), (&json!(0), &json!(no)), "{made}");
        let again = client.query(made["orderNo"].as_str().unwrap()).await;
        assert_eq!((&again["orderStatus"], &again["originalOrderNo"]), (&json!("0"), &json!(no)));
        for key in [
            "totalPrice",
            "currency",
            "vendorTotalPrice",
            "tktLimitTime",
            "pnrCode",
            "paymentOptions",
            "routing",
        ] {
            assert_eq!(made[key], again[key], "{key}");
        }
        let old = client.ask("pay.do", json!({ "orderNo": no, "paymentMethod": 1 })).await;
        assert_eq!((&old["status"], &old["orderNo"]), (&json!(402), &Value::Null));
    }
}

#[tokio::test]
async fn each_refusal_has_its_own_status_and_moves_no_money() {
    let client = Client::new(options(1.0));
    let list = client.ask("orderList.do", json!({ "pageSize": 100 })).await;
    let of_status = |status: i64| {
        let mut orders = list["orders"].as_array().unwrap().iter();
        orders.find(|order| order["orderStatus"] == status).unwrap()["orderNo"].clone()
    };
    let now = in_singapore(Duration::ZERO);
    let unpaid = client.unpaid().await;
    let of =
        |test: &dyn Fn(&Value) -> bool| unpaid.iter().find(|order| test(order)).unwrap()["orderNo"].clone();
    let lapsed = of(&|order| order["tktLimitTime"].as_str().unwrap() < now.as_str());
    let ryanair = of(&|order| order["routing"]["fromSegments"][0]["carrier"] == "FR");
    let dear = of(&|order| order["currency"] == "GBP");
    let (vcc, mor) = (client.ready(3).await, client.ready(5).await);
    let deposit_only = of(&|order| {
        order["supportPaymentMethods"] == json!([1]) && order["tktLimitTime"].as_str().unwrap() > now.as_str()
    });
    let with = |order: &Value, method: u8, field: &str, value: Value| {
        let mut request = pay(order, method);
        request["creditCard"][field] = value;
        request
    };
    let before = client.get("/_sim/ledger").await["balances"].clone();
    let refused = [
        (json!({ "paymentMethod": 1 }), 100, "orderNo"),
        (json!({ "orderNo": lapsed }), 401, ""),
        (json!({ "orderNo": vcc["orderNo"], "paymentMethod": 3 }), 400, "creditCard is required"),
        (json!({ "orderNo": "TESTA20200101000000000", "paymentMethod": 1 }), 400, "orderNo"),
        (with(&vcc, 3, "cardCVV", Value::Null), 400, "creditCard.cardCVV is required"),
        (json!({ "orderNo": lapsed, "paymentMethod": 1 }), 401, ""),
        (json!({ "orderNo": of_status(-3), "paymentMethod": 1 }), 402, ""),
        (json!({ "orderNo": deposit_only, "paymentMethod": 3, "creditCard": card("") }), 403, ""),
        (json!({ "orderNo": of_status(2), "paymentMethod": 1 }), 404, ""),
        (with(&vcc, 3, "cardNumber", json!("4054695723100769")), 413, "cardNumber"),
        (with(&vcc, 3, "cardExpireYear", json!("2020")), 413, "expiration"),
        (with(&mor, 5, "cardNumber", json!("378282246310005")), 413, "not supported"),
        (json!({ "orderNo": ryanair, "paymentMethod": 1 }), 415, "confirmed"),
        (json!({ "orderNo": dear, "paymentMethod": 1 }), 411, "balance"),
    ];
    for (request, status, word) in refused {
        let answer = client.ask("pay.do", request).await;
        assert_eq!(answer["status"], status, "{answer}");
        assert!(answer["msg"].as_str().unwrap().contains(word), "{answer}");
        for key in ["orderNo", "pnrCode", "paymentMethod", "airlines", "requestId", "clientRequestId"] {
            assert_eq!(answer.get(key), Some(&Value::Null), "{key} of {answer}");
        }
    }
    let other = if pay(&mor, 5)["creditCard"]["cardNumber"].as_str().unwrap().starts_with('4') {
        "MasterCard"
    } else {
        "Visa"
    };
    let answer = client
        .ask("pay.do", json!({ "orderNo": mor["orderNo"], "paymentMethod": 5, "creditCard": card(other) }))
        .await;
    assert_eq!(answer["status"], 414, "{answer}");
    assert_eq!(client.get("/_sim/ledger").await["balances"], before);

    assert_eq!(client.ask("pay.do", pay(&vcc, 3)).await["status"], 0);
    assert_eq!(client.ask("pay.do", pay(&vcc, 3)).await["status"], 406);
}

#[tokio::test]
async fn the_list_is_paged_newest_first_in_its_own_types() {
    let client = Client::new(options(1.0));
    let mut seen: Vec<String> = Vec::new();
    for page in 1..=4 {
        let answer = client
            .ask("orderList.do", json!({ "orderNo": "", "airlines": [], "page": page, "pageSize": 12 }))
            .await;
        assert_eq!(
            (&answer["status"], &answer["page"], &answer["pageSize"]),
            (&json!(0), &json!(page), &json!(12))
        );
        assert!(answer["totalRecords"].as_u64().unwrap() >= 40);
        seen.extend(
            answer["orders"]
                .as_array()
                .unwrap()
                .iter()
                .map(|order| order["orderNo"].as_str().unwrap().to_owned()),
        );
    }
    assert!(seen.len() >= 40 && seen.is_sorted_by(|newer, older| newer > older));

    let some = client.ask("orderList.do", json!({ "orderStatus": [2, -3], "pageSize": 100 })).await;
    for order in some["orders"].as_array().unwrap() {
        assert!(matches!(order["orderStatus"].as_i64(), Some(2 | -3)), "an integer here");
        assert_eq!(order["airlinePNRs"].as_array().unwrap().is_empty(), order["orderStatus"] == -3);
        assert!(order["orderCreateTimestamp"].as_str().unwrap().ends_with('Z'));
        assert!(
            order["paymentTimestamp"].is_string() && order["paxNames"][0].as_str().unwrap().contains('/')
        );
        assert_eq!(order.get("totalPrice"), None, "the list names no price");
    }
    let none = client.ask("orderList.do", json!({ "createTimeRangeTo": "2020-01-01T00:00:00Z" })).await;
    assert_eq!((&none["totalRecords"], &none["orders"]), (&json!(0), &json!([])));
}
