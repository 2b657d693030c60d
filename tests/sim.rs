//! The simulator as an outside client meets it: over HTTP on loopback, strictly by the documents.
#![expect(clippy::unwrap_used, reason = "in a test, what is missing is a failure")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use paydesk::sim::{Options, Running, Scenario, SimError, spawn};
use serde_json::{Value, json};

/// Far more than any of these ever takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn options(speed: f64) -> Options {
    Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        seed: 7,
        speed,
        orders: Some(40),
        scenario: "calm-desk".parse::<Scenario>().unwrap(),
        webhook: None,
        log: false,
    }
}

/// A client that knows nothing but the documents.
struct Client {
    sim: Running,
    http: reqwest::Client,
    /// Orders that arrive later are of no interest.
    started: String,
}

impl Client {
    fn new(options: Options) -> Self {
        // One provider for the whole process; the second test to come here finds it in place.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let started = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self {
            sim: spawn(options).unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            started,
        }
    }

    fn post(&self, endpoint: &str, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        self.http
            .post(format!("http://{}/{endpoint}", self.sim.addr))
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("x-atlas-client-id", "ABC12345_api_1")
            .header("x-atlas-client-secret", "any")
            .body(body)
    }

    async fn ask(&self, endpoint: &str, body: Value) -> Value {
        let response = self.post(endpoint, body.to_string()).send().await.unwrap();
        assert_eq!(response.status(), 200, "business failures are HTTP 200 too");
        assert!(response.headers().contains_key("date"));
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let response = self.http.get(format!("http://{}{path}", self.sim.addr)).send().await.unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    async fn query(&self, order: &str) -> Value {
        self.ask("queryOrderDetails.do", json!({ "orderNo": order })).await
    }

    /// The details of every order that was unpaid at the start, newest first.
    async fn unpaid(&self) -> Vec<Value> {
        let unpaid = json!({ "orderStatus": [0], "createTimeRangeTo": self.started, "pageSize": 100 });
        let list = self.ask("orderList.do", unpaid).await;
        let mut details = Vec::new();
        for order in list["orders"].as_array().unwrap() {
            details.push(self.query(order["orderNo"].as_str().unwrap()).await);
        }
        details
    }

    /// An unpaid order of the start, long before its deadline, that one card or none can pay by `method`.
    async fn ready(&self, method: u8) -> Value {
        let soon = in_singapore(Duration::from_secs(4));
        let fits = |order: &Value| {
            order["supportPaymentMethods"].as_array().unwrap().contains(&json!(method))
                && order["tktLimitTime"].as_str().unwrap() > soon.as_str()
                && order["routing"]["fromSegments"][0]["carrier"] != "FR"
                && order["currency"] != "GBP"
                && order["routing"]["separateBookings"] == false
        };
        self.unpaid().await.into_iter().find(fits).unwrap()
    }

    /// Asks until the order is in another state than 0 or 1.
    async fn settled(&self, order: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let details = self.query(order).await;
            if !matches!(details["orderStatus"].as_str(), Some("0" | "1")) {
                return details;
            }
            assert!(Instant::now() < until, "never settled: {details}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn in_singapore(from_now: Duration) -> String {
    let at = jiff::Timestamp::now() + from_now;
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn card(brand: &str) -> Value {
    json!({
        "cardNumber": if brand == "MasterCard" { "5162774114974622" } else { "4054695723100768" },
        "cardCVV": "321", "cardExpireMonth": "11", "cardExpireYear": "2099",
        "cardHolderLastName": "NAVARRO", "cardHolderFirstName": "LUCIA", "cardHolderCountry": "ES",
        "cardHolderProvince": "MD", "cardHolderCity": "Madrid", "cardHolderPostCode": "28013",
        "cardHolderAddress": "Calle Mayor 21", "reusable": false, "paymentLimit": null, "threeDS": null,
    })
}

fn pay(order: &Value, method: u8) -> Value {
    let brand =
        order["paymentOptions"].as_array().unwrap().iter().find_map(|option| option["cardType"].as_str());
    match method {
        3 => {
            json!({
                "orderNo": order["orderNo"], "paymentMethod": 3, "supportCreditTransPayment": "1",
                "creditCard": card(""),
            })
        }
        5 => json!({ "orderNo": order["orderNo"], "paymentMethod": 5, "creditCard": card(brand.unwrap()) }),
        _ => json!({ "orderNo": order["orderNo"], "paymentMethod": method }),
    }
}

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
async fn a_declined_card_cancels_and_the_order_is_made_anew() {
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

        let anew = client.ask("regenerateOrder.do", json!({ "originalOrderNo": no })).await;
        assert_eq!((&anew["status"], &anew["originalOrderNo"]), (&json!(0), &json!(no)), "{anew}");
        let again = client.query(anew["orderNo"].as_str().unwrap()).await;
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
            assert_eq!(anew[key], again[key], "{key}");
        }
        let old = client.ask("pay.do", json!({ "orderNo": no, "paymentMethod": 1 })).await;
        assert_eq!((&old["status"], &old["orderNo"]), (&json!(402), &Value::Null));
    }
}

#[tokio::test]
async fn each_refusal_is_told_by_its_status_and_moves_no_money() {
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

#[tokio::test]
async fn the_door_checks_credentials_json_size_and_address() {
    let client = Client::new(options(1.0));
    let url = |path: &str| format!("http://{}/{path}", client.sim.addr);
    let json_of = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();

    let anonymous = client.http.post(url("balance.do")).body("{}").send().await.unwrap();
    assert_eq!(anonymous.status(), 200);
    assert_eq!(json_of(&anonymous.bytes().await.unwrap())["status"], 900);

    let garbled = client.post("pay.do", "{\"orderNo\":").send().await.unwrap();
    assert_eq!(json_of(&garbled.bytes().await.unwrap())["status"], 901);

    let huge = client.post("pay.do", vec![b' '; (1 << 20) + 1]).send().await.unwrap();
    assert_eq!(huge.status(), 413);

    let nowhere = client.post("payment.do", "{}").send().await.unwrap();
    assert_eq!(nowhere.status(), 404);
    assert_eq!(json_of(&nowhere.bytes().await.unwrap()).get("status"), None);
    assert_eq!(client.http.get(url("pay.do")).send().await.unwrap().status(), 405);

    let balance = client.ask("balance.do", json!({ "currency": "USD" })).await;
    assert_eq!((&balance["status"], &balance["accountBalance"]["currency"]), (&json!(0), &json!("USD")));
    assert_eq!(client.ask("balance.do", json!({})).await["status"], 100);
    assert_eq!(client.ask("balance.do", json!({ "currency": "PLN" })).await["accountBalance"], Value::Null);
    assert_eq!(client.query("TESTA20200101000000000").await["status"], 703);
}

#[tokio::test]
async fn requests_are_remembered_without_what_is_secret() {
    let client = Client::new(options(1.0));
    let order = client.ready(3).await;
    client.ask("pay.do", pay(&order, 3)).await;
    let requests = client.get("/_sim/requests").await;
    let text = requests.to_string();
    assert!(!text.contains("4054695723100768") && !text.contains("NAVARRO"));
    let last = requests["requests"].as_array().unwrap().last().unwrap();
    let kept: Vec<&String> = last.as_object().unwrap().keys().collect();
    assert_eq!(kept, ["at", "creditCardFields", "endpoint", "fault", "fields", "orderNo", "status"]);
    assert_eq!((&last["endpoint"], &last["orderNo"]), (&json!("pay.do"), &order["orderNo"]));
    assert_eq!(
        last["fields"],
        json!(["creditCard", "orderNo", "paymentMethod", "supportCreditTransPayment"])
    );
    assert!(last["creditCardFields"].as_array().unwrap().contains(&json!("cardNumber")));
}

/// One raw exchange: the head and the body as they came.
fn exchange(addr: SocketAddr, accept_encoding: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = r#"{"pageSize":100}"#;
    write!(
        stream,
        "POST /orderList.do HTTP/1.1\r\nhost: sim\r\nx-atlas-client-id: a\r\nx-atlas-client-secret: b\r\n\
         accept-encoding: {accept_encoding}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    (String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase(), answer.split_off(end))
}

#[test]
fn large_answers_are_compressed_for_those_who_accept_it() {
    let sim = spawn(options(1.0)).unwrap();
    let (head, plain) = exchange(sim.addr, "identity");
    assert!(!head.contains("content-encoding") && plain.len() > 1024);
    let (head, packed) = exchange(sim.addr, "br, gzip;q=0.8");
    assert!(head.contains("content-encoding: gzip") && packed.len() < plain.len());
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&unpacked).unwrap()["pageSize"], 100);
}

#[test]
fn it_says_at_once_why_it_cannot_start_and_frees_its_address_when_stopped() {
    let sim = spawn(options(1.0)).unwrap();
    let taken = Options { listen: sim.addr, ..options(1.0) };
    assert!(matches!(spawn(taken.clone()), Err(SimError::Listen { addr, .. }) if addr == sim.addr));
    assert!(matches!(spawn(options(0.0)), Err(SimError::Speed(_))));
    assert!(matches!(spawn(options(f64::NAN)), Err(SimError::Speed(_))));
    sim.stop();
    spawn(taken).unwrap().stop();
}
