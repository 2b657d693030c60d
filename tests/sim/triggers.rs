//! Every status and every ticketing code of `assets/codes.toml`, each by the trigger that `docs/simulator.md` names.

use paydesk::domain::codes::{self, Family};
use serde_json::{Value, json};

use crate::client::{Client, options, pay};

/// The statuses of booking, which has no row in the table of codes.
const ORDER: [i64; 8] = [300, 306, 311, 3011, 301, 318, 900, 9999];

/// Every number of the table of codes by which something of this family fails.
fn failures(family: Family) -> Vec<i64> {
    let mut numbers: Vec<i64> = codes::numbers(family).filter(|number| *number != 0).collect();
    numbers.sort_unstable();
    numbers
}

fn ticketing() -> impl Iterator<Item = u16> {
    failures(Family::Ticketing).into_iter().map(|code| u16::try_from(code).unwrap())
}

/// The simulator's card of a code: eleven digits, four of the code, and the check digit.
fn trigger_card(code: i64) -> String {
    let first = format!("40000000000{code:04}");
    let sum: u32 = first
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0') * if at % 2 == 0 { 2 } else { 1 };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    format!("{first}{}", (10 - sum % 10) % 10)
}

#[tokio::test]
async fn every_status_of_every_endpoint_is_answered_on_demand_and_changes_nothing() {
    let client = Client::new(options(1.0));
    let order = client.ready(1).await;
    let no = order["orderNo"].clone();
    let before = client.get("/_sim/ledger").await;
    let all = [
        ("pay.do", failures(Family::Pay), json!({ "orderNo": no, "paymentMethod": 1 })),
        ("regenerateOrder.do", failures(Family::Regenerate), json!({ "originalOrderNo": no })),
        ("queryOrderDetails.do", failures(Family::Query), json!({ "orderNo": no })),
        ("queryOrderDetails.do", failures(Family::General), json!({ "orderNo": no })),
        ("order.do", ORDER.to_vec(), json!({})),
    ];
    for (endpoint, statuses, request) in all {
        for status in statuses {
            client.arm(json!({ "fault": "status", "status": status, "endpoint": endpoint })).await;
            let answer = client.ask(endpoint, request.clone()).await;
            assert_eq!(answer["status"], status, "{endpoint}");
            assert!(answer["msg"].is_string());
            assert_eq!(answer.get("orderNo"), Some(&Value::Null), "a failure has every key");
        }
    }
    assert_eq!(client.get("/_sim/faults").await["faults"], json!([]), "each is met once");
    assert_eq!(client.query(no.as_str().unwrap()).await["orderStatus"], "0");
    assert_eq!(client.get("/_sim/ledger").await, before);
}

#[tokio::test]
async fn a_card_asks_for_a_status_of_a_payment() {
    let client = Client::new(options(1.0));
    let order = client.ready(3).await;
    let statuses =
        failures(Family::Pay).into_iter().filter(|status| !(600..700).contains(status)).chain([800, 107]);
    for status in statuses {
        let mut request = pay(&order, 3);
        request["creditCard"]["cardNumber"] = json!(trigger_card(if status == -1 { 1 } else { status }));
        assert_eq!(client.ask("pay.do", request).await["status"], status);
    }
    assert_eq!(client.query(order["orderNo"].as_str().unwrap()).await["orderStatus"], "0");
}

#[tokio::test]
async fn a_card_asks_for_the_end_of_its_ticketing() {
    let client = Client::new(options(300.0));
    for code in ticketing() {
        let order = client.fresh(3, code).await;
        let mut request = pay(&order, 3);
        request["creditCard"]["cardNumber"] = json!(trigger_card(i64::from(code)));
        client.ends(&order, request, code).await;
    }
}

#[tokio::test]
async fn a_fault_decides_the_end_of_ticketing_by_any_method() {
    let client = Client::new(options(300.0));
    for code in ticketing() {
        let order = client.fresh(1, code).await;
        client.arm(json!({ "fault": "ticketing", "code": code, "order": order["orderNo"] })).await;
        client.ends(&order, pay(&order, 1), code).await;
    }
}

impl Client {
    /// An order that nobody has tried to pay, with much time left: at this speed the first ones lapse soon.
    async fn fresh(&self, method: u8, nth: u16) -> Value {
        let day = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * i64::from(nth % 200 + 3)))
            .strftime("%Y%m%d")
            .to_string();
        let switches = json!({ "limits": "ignored" });
        let url = format!("http://{}/_sim/switches", self.sim.addr);
        self.http.put(url).body(switches.to_string()).send().await.unwrap();
        let search = json!({
            "tripType": "1", "adultNum": 1, "childNum": 0, "fromCity": "SIN", "toCity": "BKK", "fromDate": day,
        });
        let found = self.ask("search.do", search).await;
        let identifier = &found["routings"][0]["routingIdentifier"];
        let verified = self.ask("verify.do", json!({ "routingIdentifier": identifier })).await;
        let booking = json!({
            "sessionId": verified["sessionId"], "contact": { "name": "LIN/MEI" },
            "passengers": [{ "name": "LIN/MEI", "passengerType": 0, "gender": "F", "birthday": "19880412" }],
        });
        let order = self.ask("order.do", booking).await;
        assert_eq!(order["status"], 0, "{order}");
        let order = self.query(order["orderNo"].as_str().unwrap()).await;
        assert!(order["supportPaymentMethods"].as_array().unwrap().contains(&json!(method)));
        order
    }

    /// Pays, and waits until ticketing says the code.
    async fn ends(&self, order: &Value, request: Value, code: u16) {
        let no = order["orderNo"].as_str().unwrap();
        let paid = self.ask("pay.do", request).await;
        assert_eq!(paid["status"], 0, "{code}: {paid}");
        let until = std::time::Instant::now() + crate::client::PATIENCE;
        let end = loop {
            let details = self.query(no).await;
            if details["errorCode"].is_string() {
                break details;
            }
            assert!(std::time::Instant::now() < until, "{code} never came: {details}");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        };
        // These stay in ticketing with their code.
        let goes_on = matches!(code, 309 | 615 | 3011);
        let status = if goes_on { "1" } else { "-3" };
        assert_eq!((&end["errorCode"], &end["orderStatus"]), (&json!(code.to_string()), &json!(status)));
        assert!(end["errorMessage"].as_str().is_some_and(|message| !message.is_empty()));
        let held = i64::from(goes_on);
        assert_eq!(self.get("/_sim/ledger").await["lineages"][no]["faresHeld"].as_i64().unwrap_or(0), held);
    }
}

#[tokio::test]
async fn the_switches_give_what_the_documents_leave_open() {
    let client = Client::new(options(1.0));
    let declined = client.ask("orderList.do", json!({ "orderStatus": [-3], "pageSize": 1 })).await;
    let declined = declined["orders"][0]["orderNo"].as_str().unwrap().to_owned();
    let set = |switches: Value| {
        let request =
            client.http.put(format!("http://{}/_sim/switches", client.sim.addr)).body(switches.to_string());
        async move { assert_eq!(request.send().await.unwrap().status(), 200) }
    };
    set(json!({ "cancelled": "3", "states": "numbers" })).await;
    let query = client.query(&declined).await;
    assert_eq!((&query["orderStatus"], &query["ticketStatus"]), (&json!(3), &json!(0)));
    let nobody = "TESTA20200101000000000";
    set(json!({ "unknown": "nulls" })).await;
    let query = client.query(nobody).await;
    assert_eq!((&query["status"], query.get("orderNo")), (&json!(0), Some(&Value::Null)));
    set(json!({ "unknown": "800" })).await;
    assert_eq!(client.query(nobody).await["status"], 800);
    assert_eq!(client.ask("pay.do", json!({ "orderNo": nobody })).await["status"], 800);
    set(json!({ "credentials": "401" })).await;
    let url = format!("http://{}/balance.do", client.sim.addr);
    assert_eq!(client.http.post(url).body("{}").send().await.unwrap().status(), 401);
}
