//! From a search to a ticket, as an outsider plays it.

use serde_json::{Value, json};

use crate::client::{Client, card, options, pay};

/// Thirty days from now, `yyyyMMdd`, and a week later.
fn days() -> (String, String) {
    let day =
        |days: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days)).strftime("%Y%m%d");
    (day(30).to_string(), day(37).to_string())
}

pub(crate) fn search(from: &str, to: &str, returns: bool) -> Value {
    let (there, back) = days();
    json!({
        "cid": "ABC12345_api_1", "tripType": if returns { "2" } else { "1" }, "adultNum": 1, "childNum": 0,
        "infantNum": 0, "fromCity": from, "toCity": to, "fromDate": there,
        "retDate": if returns { back } else { String::new() }, "requestId": "r-1",
    })
}

pub(crate) fn booking(session: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut order = json!({
        "sessionId": session,
        "passengers": [{
            "name": "LIN/MEIYU", "passengerType": 0, "gender": "F", "birthday": "19880412",
            "cardType": "PP", "cardNum": "E40218837", "cardIssuePlace": "SG", "cardExpired": "20310630",
            "nationality": "SG", "ancillaries": [],
        }],
        "contact": { "name": "LIN/MEIYU", "email": "desk@agency.example", "mobile": "0065-81234567" },
    });
    change(&mut order);
    order
}

impl Client {
    pub(crate) async fn verified(&self, from: &str, to: &str, returns: bool, nth: usize) -> Value {
        let found = self.ask("search.do", search(from, to, returns)).await;
        assert_eq!(found["status"], 0, "{found}");
        let identifier = &found["routings"][nth]["routingIdentifier"];
        let verified = self.ask("verify.do", json!({ "routingIdentifier": identifier })).await;
        assert_eq!(verified["status"], 0, "{verified}");
        verified
    }

    pub(crate) async fn booked(&self, from: &str, to: &str, nth: usize) -> Value {
        let verified = self.verified(from, to, false, nth).await;
        let order = self.ask("order.do", booking(&verified["sessionId"], |_| {})).await;
        assert_eq!(order["status"], 0, "{order}");
        order
    }
}

/// What clients of the vendor are known to need of a routing.
fn assert_routing(routing: &Value) {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    assert!(text(&routing["routingIdentifier"]) && text(&routing["currency"]), "{routing}");
    for number in ["adultPrice", "adultTax", "transactionFee"] {
        assert!(routing[number].is_number(), "{number} of {routing}");
    }
    assert_eq!(routing["transactionFeeMode"], "PER_PAX");
    for segment in routing["fromSegments"].as_array().unwrap() {
        for key in ["carrier", "flightNumber", "depAirport", "arrAirport", "depTime", "arrTime"] {
            assert!(text(&segment[key]), "{key} of {segment}");
        }
    }
}

#[tokio::test]
async fn search_verify_order_pay_query_ends_with_a_ticket() {
    let client = Client::new(options(100.0));
    let found = client.ask("search.do", search("SIN", "BKK", false)).await;
    assert_eq!(found["requestId"], "r-1");
    assert!(found["status"].is_i64() && found["routings"].as_array().unwrap().len() >= 3);
    for routing in found["routings"].as_array().unwrap() {
        assert_routing(routing);
    }
    let identifier = &found["routings"][0]["routingIdentifier"];
    let verified = client.ask("verify.do", json!({ "routingIdentifier": identifier })).await;
    assert_routing(&verified["routing"]);
    assert_eq!(verified["sessionId"].as_str().unwrap().len(), 36);
    assert!(verified["maxSeats"].as_u64().unwrap() >= 1);
    assert_eq!(verified["bookingRequirement"]["passenger"]["name"]["required"], true);
    assert_eq!(verified["priceChange"]["IsPriceChange"], false);

    let order = client.ask("order.do", booking(&verified["sessionId"], |_| {})).await;
    assert_eq!(order["status"], 0, "{order}");
    let no = order["orderNo"].as_str().unwrap().to_owned();
    assert!(order["totalPrice"].is_number() && order["totalTransactionFee"].is_number());
    assert_eq!(order["sessionId"], verified["sessionId"]);
    assert_eq!(order["pnrCode"].as_str().unwrap().len(), 6);
    assert!(
        order["paymentOptions"].as_array().unwrap().iter().all(|option| option["paymentMethod"].is_u64())
    );

    let unpaid = client.query(&no).await;
    assert_eq!((&unpaid["orderStatus"], &unpaid["ticketStatus"]), (&json!("0"), &json!("0")));
    assert_eq!(unpaid["totalPrice"], order["totalPrice"]);
    assert_eq!(unpaid["paxTicketInfos"][0]["name"], "LIN/MEIYU");
    assert_eq!(unpaid["paxTicketInfos"][0]["airlinePNRs"], json!([]));
    assert_eq!(unpaid["paxTicketInfos"][0]["ticketNos"], json!([]));
    assert_eq!(unpaid["contact"]["email"], "desk@agency.example");

    // The published happy path names no method: then the deposit pays.
    let paid = client.ask("pay.do", json!({ "orderNo": no })).await;
    assert_eq!((&paid["status"], &paid["paymentMethod"]), (&json!(0), &json!(1)), "{paid}");
    let ticketed = client.settled(&no).await;
    assert_eq!((&ticketed["orderStatus"], &ticketed["ticketStatus"]), (&json!("2"), &json!("1")));
    assert!(!ticketed["paxTicketInfos"][0]["ticketNos"][0].as_str().unwrap().is_empty());

    let listed = client.ask("orderList.do", json!({ "orderNo": no })).await;
    assert_eq!((&listed["totalRecords"], &listed["orders"][0]["orderStatus"]), (&json!(1), &json!(2)));
    let ledger = client.get("/_sim/ledger").await;
    assert_eq!(ledger["lineages"][&no]["faresHeld"], 1);
    assert_eq!(ledger["orders"][&no]["entries"][1]["amount"], order["totalPrice"]);
    assert_eq!(ledger["doubleCharges"], json!({}));

    // The same traveller may rehearse again.
    let again = client.booked("SIN", "BKK", 0).await;
    assert_ne!(again["orderNo"], json!(no));
}

#[tokio::test]
async fn a_duplicate_of_an_open_order_is_refused_with_its_number() {
    let client = Client::new(options(1.0));
    let first = client.booked("SIN", "BKK", 0).await;
    let verified = client.verified("SIN", "BKK", false, 0).await;
    let refused = client.ask("order.do", booking(&verified["sessionId"], |_| {})).await;
    assert_eq!((&refused["status"], &refused["duplicateOrders"]), (&json!(318), &json!([first["orderNo"]])));
    assert_eq!((refused.get("orderNo"), &refused["sessionId"]), (Some(&Value::Null), &verified["sessionId"]));
}

#[tokio::test]
async fn ryanair_is_confirmed_on_a_page_and_paid_afterwards() {
    let client = Client::new(options(1.0));
    let order = client.booked("DUB", "KIR", 0).await;
    let no = order["orderNo"].as_str().unwrap();
    let deposit = json!({ "orderNo": no, "paymentMethod": 1 });
    assert_eq!(client.ask("pay.do", deposit.clone()).await["status"], 415);
    let commit = json!({ "orderNo": no, "redirectUri": "http://agency.example/done?x=1", "iframe": false });
    let ready = client.ask("orderCommit.do", commit).await;
    let url = ready["confirmationUrl"].as_str().unwrap();
    let http =
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = http.get(url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let text = String::from_utf8(page.bytes().await.unwrap().to_vec()).unwrap();
    assert!(text.contains(no) && text.contains("simulated"), "{text}");
    assert_eq!(client.ask("pay.do", deposit.clone()).await["status"], 415, "reading is not confirming");
    let confirmed = http.post(url).send().await.unwrap();
    assert_eq!(confirmed.status(), 303);
    assert_eq!(
        confirmed.headers()["location"],
        format!("http://agency.example/done?x=1&AtlasOrderNumber={no}")
    );
    assert_eq!(client.ask("pay.do", deposit).await["status"], 0);
    assert_eq!(http.post(url).send().await.unwrap().status(), 409, "too late");
    assert_eq!(
        client.ask("orderCommit.do", json!({ "orderNo": "TESTA20200101000000000" })).await["status"],
        800
    );
    assert_eq!(client.ask("orderCommit.do", json!({})).await["status"], 307);
}

#[tokio::test]
async fn merchant_payment_wants_the_brand_that_was_named_with_the_order() {
    let client = Client::new(options(1.0));
    let order = |brand: Option<&'static str>| {
        let client = &client;
        async move {
            let verified = client.verified("SIN", "BKK", false, 0).await;
            let request = booking(&verified["sessionId"], |order| {
                order["passengers"][0]["name"] = json!(format!("LIN/{}", brand.unwrap_or("none")));
                if let Some(brand) = brand {
                    order["payment"] = json!({ "cardType": brand });
                }
            });
            client.ask("order.do", request).await
        }
    };
    let named = order(Some("MasterCard")).await;
    let option =
        named["paymentOptions"].as_array().unwrap().iter().find(|option| option["paymentMethod"] == 5);
    let fee = option.unwrap()["paymentFee"]["amount"].as_f64().unwrap();
    assert!((fee / named["totalPrice"].as_f64().unwrap() - 0.03).abs() < 0.001);
    let pay = |order: &Value, brand: &str| json!({ "orderNo": order["orderNo"], "paymentMethod": 5, "creditCard": card(brand) });
    assert_eq!(client.ask("pay.do", pay(&named, "Visa")).await["status"], 414);
    assert_eq!(client.ask("pay.do", pay(&named, "MasterCard")).await["status"], 0);
    let unnamed = order(None).await;
    assert_eq!(client.ask("pay.do", pay(&unnamed, "Visa")).await["status"], 414);
}

#[tokio::test]
async fn a_return_with_two_airlines_is_split_when_that_is_allowed() {
    let client = Client::new(options(100.0));
    let found = client.ask("search.do", search("HEL", "AKL", true)).await;
    let mixed =
        found["routings"].as_array().unwrap().iter().position(|one| one["separateBookings"] == true).unwrap();
    let verified = client.verified("HEL", "AKL", true, mixed).await;
    let order = client
        .ask(
            "order.do",
            booking(&verified["sessionId"], |order| order["allowGenerateMultipleOrders"] = json!(true)),
        )
        .await;
    let numbers: Vec<&str> = order["orderNo"].as_str().unwrap().split(',').collect();
    assert_eq!((numbers.len(), order["pnrCode"].as_str().unwrap().split(',').count()), (2, 2));
    for no in numbers {
        let one = client.query(no).await;
        assert_eq!(one["supportPaymentMethods"], json!([1, 3]));
        assert_eq!(client.ask("pay.do", pay(&one, 3)).await["status"], 0);
        assert_eq!(client.settled(no).await["orderStatus"], "2");
    }
}

#[tokio::test]
async fn nothing_is_on_sale_between_unknown_airports() {
    let client = Client::new(options(1.0));
    let found = client.ask("search.do", search("ZZZ", "BKK", false)).await;
    assert_eq!((&found["status"], &found["routings"]), (&json!(0), &json!([])));
    assert_eq!(client.ask("search.do", json!({})).await["status"], 102);
    assert_eq!(client.ask("verify.do", json!({})).await["status"], 212);
    assert_eq!(client.ask("verify.do", json!({ "routingIdentifier": "7b7d" })).await["status"], 200);
    assert_eq!(client.ask("order.do", json!({})).await["status"], 100);
}

#[tokio::test]
async fn too_many_searches_in_a_second_wait() {
    let client = Client::new(options(1.0));
    let mut limited = None;
    for _ in 0..200 {
        let answer = client.post("search.do", search("SIN", "BKK", false).to_string()).send().await.unwrap();
        if answer.status() == 429 {
            limited = Some(answer);
            break;
        }
    }
    let limited = limited.unwrap();
    assert_eq!(limited.headers()["retry-after"], "1");
    let body: Value = serde_json::from_slice(&limited.bytes().await.unwrap()).unwrap();
    assert_eq!(
        (&body["code"], &body["limitType"], body.get("status")),
        (&json!(429), &json!("SEARCH_QPS"), None)
    );
    assert_eq!(body["retryAfter"], 1);
}
