//! An outside client: it knows nothing but the documents.

use std::time::{Duration, Instant};

use paydesk::sim::{Options, Running, spawn};
use serde_json::{Value, json};

use crate::sample;

/// Far more than any of these ever takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn options(speed: f64) -> Options {
    sample::story("calm-desk", Some(40), speed)
}

/// A client that knows nothing but the documents.
pub(crate) struct Client {
    pub(crate) sim: Running,
    pub(crate) http: reqwest::Client,
    /// Orders that arrive later are of no interest.
    started: String,
}

impl Client {
    pub(crate) fn new(options: Options) -> Self {
        // One provider for the whole process; the second test to come here finds it in place.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let started = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self {
            sim: spawn(options).unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            started,
        }
    }

    pub(crate) fn post(&self, endpoint: &str, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        self.http
            .post(format!("http://{}/{endpoint}", self.sim.addr))
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("x-atlas-client-id", "ABC12345_api_1")
            .header("x-atlas-client-secret", "any")
            .body(body)
    }

    pub(crate) async fn ask(&self, endpoint: &str, body: Value) -> Value {
        let response = self.post(endpoint, body.to_string()).send().await.unwrap();
        assert_eq!(response.status(), 200, "business failures are HTTP 200 too");
        assert!(response.headers().contains_key("date"));
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.http.get(format!("http://{}{path}", self.sim.addr)).send().await.unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    pub(crate) async fn query(&self, order: &str) -> Value {
        self.ask("queryOrderDetails.do", json!({ "orderNo": order })).await
    }

    /// The details of every order that was unpaid at the start, newest first.
    pub(crate) async fn unpaid(&self) -> Vec<Value> {
        let unpaid = json!({ "orderStatus": [0], "createTimeRangeTo": self.started, "pageSize": 100 });
        let list = self.ask("orderList.do", unpaid).await;
        let mut details = Vec::new();
        for order in list["orders"].as_array().unwrap() {
            details.push(self.query(order["orderNo"].as_str().unwrap()).await);
        }
        details
    }

    /// An unpaid order of the start, long before its deadline, that one card or none can pay by `method`.
    pub(crate) async fn ready(&self, method: u8) -> Value {
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
    pub(crate) async fn settled(&self, order: &str) -> Value {
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

pub(crate) fn in_singapore(from_now: Duration) -> String {
    let at = jiff::Timestamp::now() + from_now;
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

pub(crate) fn card(brand: &str) -> Value {
    json!({
        "cardNumber": if brand == "MasterCard" { "5162774114974622" } else { "4054695723100768" },
        "cardCVV": "321", "cardExpireMonth": "11", "cardExpireYear": "2099",
        "cardHolderLastName": "NAVARRO", "cardHolderFirstName": "LUCIA", "cardHolderCountry": "ES",
        "cardHolderProvince": "MD", "cardHolderCity": "Madrid", "cardHolderPostCode": "28013",
        "cardHolderAddress": "Calle Mayor 21", "reusable": false, "paymentLimit": null, "threeDS": null,
    })
}

pub(crate) fn pay(order: &Value, method: u8) -> Value {
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
