//! Everything that can break, seen from the client's side of the connection.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::client::{Client, PATIENCE, options, pay};

/// One request over a connection of its own, and everything that came back until its end.
fn exchange(addr: SocketAddr, endpoint: &str, body: &str) -> (Vec<u8>, Option<ErrorKind>) {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "POST /{endpoint} HTTP/1.1\r\nhost: sim\r\nx-atlas-client-id: a\r\nx-atlas-client-secret: b\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // The connection may be reset while this is on its way.
    let sent = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    (answer, sent.err().or(read.err()).map(|error| error.kind()))
}

fn split(answer: &[u8]) -> (String, Vec<u8>) {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    (String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase(), answer[end..].to_vec())
}

const BALANCE: &str = r#"{"currency":"USD"}"#;

impl Client {
    pub(crate) async fn control(&self, method: reqwest::Method, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("http://{}/_sim/{path}", self.sim.addr);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.http.request(method, url).body(body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
    }

    /// Arms a fault.
    pub(crate) async fn arm(&self, fault: Value) -> Value {
        let (status, armed) = self.control(reqwest::Method::POST, "faults", &fault).await;
        assert_eq!(status, 200, "{fault}: {armed}");
        armed
    }

    async fn fares_held(&self, order: &Value) -> i64 {
        let no = order["orderNo"].as_str().unwrap();
        self.get("/_sim/ledger").await["lineages"][no]["faresHeld"].as_i64().unwrap_or(0)
    }
}

#[tokio::test]
async fn an_answer_is_cut_at_every_byte() {
    let client = Client::new(options(1.0));
    let addr = client.sim.addr;
    let (whole, error) = exchange(addr, "balance.do", BALANCE);
    assert_eq!(error, None);
    // The date may have changed, the length does not.
    for bytes in 0..whole.len() {
        client.arm(json!({ "fault": "cut", "bytes": bytes, "endpoint": "balance.do" })).await;
        let (cut, _) = exchange(addr, "balance.do", BALANCE);
        assert_eq!(cut.len(), bytes);
    }
    assert_eq!(exchange(addr, "balance.do", BALANCE).0.len(), whole.len());
}

#[tokio::test]
async fn a_request_is_reset_at_every_byte_before_anybody_reads_it() {
    let client = Client::new(options(1.0));
    let order = client.ready(1).await;
    let body = json!({ "orderNo": order["orderNo"], "paymentMethod": 1 }).to_string();
    for bytes in (0..150).step_by(7) {
        client.arm(json!({ "fault": "reset", "bytes": bytes })).await;
        // The control request's connection is kept, so the next new one is ours.
        let (answer, error) = exchange(client.sim.addr, "pay.do", &body);
        assert_eq!(answer, b"", "after {bytes}");
        assert!(error.is_some(), "after {bytes}");
    }
    assert_eq!(client.query(order["orderNo"].as_str().unwrap()).await["orderStatus"], "0");
}

#[tokio::test]
async fn a_payment_that_is_never_answered_was_carried_out_or_not() {
    for applied in [true, false] {
        for fault in [
            json!({ "fault": "reset" }),
            json!({ "fault": "hang", "seconds": 1 }),
            json!({ "fault": "html" }),
            json!({ "fault": "http" }),
            json!({ "fault": "limit" }),
            json!({ "fault": "gzip-bomb", "mebibytes": 1 }),
            json!({ "fault": "status", "status": 9999 }),
        ] {
            let client = Client::new(options(100.0));
            let order = client.ready(1).await;
            let mut fault = fault.clone();
            fault["applied"] = json!(applied);
            fault["endpoint"] = json!("pay.do");
            fault["order"] = order["orderNo"].clone();
            client.arm(fault.clone()).await;
            let began = Instant::now();
            let (answer, error) = exchange(client.sim.addr, "pay.do", &pay(&order, 1).to_string());
            let text = String::from_utf8_lossy(&answer).into_owned();
            match fault["fault"].as_str().unwrap() {
                "reset" => assert_eq!((text.as_str(), error), ("", Some(ErrorKind::ConnectionReset))),
                "hang" => {
                    assert!(began.elapsed() >= Duration::from_secs(1));
                    assert_eq!(text.contains("\"status\":0"), applied, "{text}");
                }
                "html" => assert!(text.starts_with("HTTP/1.1 502 ") && text.contains("<html>"), "{text}"),
                "http" => assert!(text.starts_with("HTTP/1.1 503 ") && text.ends_with("\r\n\r\n"), "{text}"),
                "limit" => {
                    assert!(text.starts_with("HTTP/1.1 429 ") && text.contains("retry-after: 1"), "{text}");
                    assert!(text.contains("\"code\":429") && text.contains("\"retryAfter\":1"), "{text}");
                    assert!(!text.contains("\"status\""), "the body says `code`: {text}");
                }
                "gzip-bomb" => assert!(text.to_lowercase().contains("content-encoding: gzip"), "{text}"),
                _ => assert!(text.contains("\"status\":9999"), "{text}"),
            }
            let no = order["orderNo"].as_str().unwrap();
            if applied {
                assert_eq!(client.settled(no).await["orderStatus"], "2", "{fault}");
            } else {
                assert_eq!(client.query(no).await["orderStatus"], "0", "{fault}");
            }
            assert_eq!(client.fares_held(&order).await, i64::from(applied), "{fault}");
            let requests = client.get("/_sim/requests").await;
            let paid =
                requests["requests"].as_array().unwrap().iter().find(|one| one["endpoint"] == "pay.do");
            let noted = match fault["fault"].as_str().unwrap() {
                "status" => json!(9999),
                "hang" if applied => json!(0),
                _ => Value::Null,
            };
            assert_eq!(paid.unwrap()["status"], noted, "{fault}: what the client received");
        }
    }
}

#[tokio::test]
async fn nobody_listens_for_a_while_and_then_again_at_the_same_address() {
    let client = Client::new(options(1.0));
    let addr = client.sim.addr;
    let mut kept = TcpStream::connect(addr).unwrap();
    kept.set_read_timeout(Some(PATIENCE)).unwrap();
    client.arm(json!({ "fault": "refuse", "seconds": 1 })).await;
    assert_eq!(kept.read(&mut [0; 8]).unwrap_or(0), 0, "open connections end");
    let until = Instant::now() + PATIENCE;
    let mut refused = false;
    loop {
        match TcpStream::connect(addr) {
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
                refused = true;
            }
            Ok(_) if refused => break,
            Ok(_) => {}
        }
        assert!(Instant::now() < until);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(client.ask("balance.do", json!({ "currency": "USD" })).await["status"], 0);
}

#[tokio::test]
async fn a_slow_answer_takes_its_time_and_is_whole() {
    let client = Client::new(options(1.0));
    let (whole, _) = exchange(client.sim.addr, "balance.do", BALANCE);
    client.arm(json!({ "fault": "slow", "bytes": whole.len(), "endpoint": "balance.do" })).await;
    let began = Instant::now();
    let (slow, error) = exchange(client.sim.addr, "balance.do", BALANCE);
    assert_eq!((slow.len(), error), (whole.len(), None));
    assert!(began.elapsed() > Duration::from_millis(700), "{:?}", began.elapsed());

    // Over one connection that is kept: the next answer is as fast as ever.
    client.arm(json!({ "fault": "slow", "bytes": whole.len() / 2, "endpoint": "balance.do" })).await;
    let took = async || {
        let began = Instant::now();
        client.ask("balance.do", json!({ "currency": "USD" })).await;
        began.elapsed()
    };
    let (slow, next) = (took().await, took().await);
    assert!(next < slow / 2, "{next:?} after {slow:?}");
}

#[tokio::test]
async fn a_bomb_is_small_on_the_wire() {
    let client = Client::new(options(1.0));
    client.arm(json!({ "fault": "gzip-bomb", "mebibytes": 8, "endpoint": "balance.do" })).await;
    let (head, packed) = split(&exchange(client.sim.addr, "balance.do", BALANCE).0);
    assert!(head.contains("content-encoding: gzip") && packed.len() < 100_000, "{} bytes", packed.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked.len(), 8 << 20);
}

#[tokio::test]
async fn answers_are_spoilt_in_four_ways() {
    let client = Client::new(options(1.0));
    let order = client.ready(3).await;
    let no = order["orderNo"].as_str().unwrap();
    let spoilt = |fault: &'static str| {
        let client = &client;
        async move {
            client.arm(json!({ "fault": fault, "endpoint": "queryOrderDetails.do" })).await;
            client.query(no).await
        }
    };
    let nulls = spoilt("nulls").await;
    assert_eq!((&nulls["status"], nulls.get("orderNo")), (&json!(0), Some(&Value::Null)));
    assert_eq!(nulls.as_object().unwrap().len(), order.as_object().unwrap().len());
    let types = spoilt("types").await;
    assert_eq!((&types["status"], &types["orderNo"]), (&json!(0), &json!([no])));
    assert!(types["totalPrice"].is_string() && types["paxTicketInfos"].is_object());
    let unknown = spoilt("unknown").await;
    assert_eq!((&unknown["orderStatus"], &unknown["orderNo"]), (&json!("7"), &json!(no)));
    assert_eq!(unknown["paymentOptions"][0]["paymentMethod"], 7);
    let extra = spoilt("extra").await;
    assert_eq!(extra["orderStatus"], "0");
    assert!(extra["zzUnlisted"]["text"].as_str().unwrap().starts_with('\u{1b}'));
    assert_eq!(client.query(no).await, order, "and afterwards all is well");
}

#[tokio::test]
async fn a_price_fault_moves_the_fare_of_a_regenerated_order() {
    let client = Client::new(options(1.0));
    let declined = client.ask("orderList.do", json!({ "orderStatus": [-3], "pageSize": 100 })).await;
    let declined =
        declined["orders"].as_array().unwrap().iter().find(|order| order["errorCode"] == "604").unwrap();
    let old = client.query(declined["orderNo"].as_str().unwrap()).await;
    client.arm(json!({ "fault": "price", "permille": 2000 })).await;
    let new = client.ask("regenerateOrder.do", json!({ "originalOrderNo": old["orderNo"] })).await;
    let fare = |order: &Value| order["routing"]["adultPrice"].as_f64().unwrap();
    assert!((fare(&new) / fare(&old) - 2.0).abs() < 0.01, "{} and {}", fare(&old), fare(&new));
    assert_eq!(new["routing"]["adultTax"], old["routing"]["adultTax"]);
}

#[tokio::test]
async fn faults_are_listed_counted_and_mended() {
    let client = Client::new(options(1.0));
    let first = client.arm(json!({ "fault": "http", "endpoint": "balance.do", "times": 3 })).await;
    let second = client.arm(json!({ "fault": "hang", "share": 50, "lasts": "10m" })).await;
    assert_eq!((&first["number"], &second["number"]), (&json!(1), &json!(2)));
    assert_eq!(second["fault"]["lasts"], "10m");
    let (head, _) = split(&exchange(client.sim.addr, "balance.do", BALANCE).0);
    assert!(head.starts_with("http/1.1 503 "));
    let listed = client.get("/_sim/faults").await;
    assert_eq!((&listed["faults"][0]["met"], &listed["faults"][1]["met"]), (&json!(1), &json!(0)));
    let delete = reqwest::Method::DELETE;
    assert_eq!(client.control(delete.clone(), "faults/2", &Value::Null).await.0, 200);
    assert_eq!(client.control(delete.clone(), "faults/2", &Value::Null).await.0, 404);
    let (_, left) = client.control(delete, "faults", &Value::Null).await;
    assert_eq!(left["faults"], json!([]));
    assert_eq!(client.ask("balance.do", json!({ "currency": "USD" })).await["status"], 0);
    let requests = client.get("/_sim/requests").await;
    let met: Vec<&Value> = requests["requests"].as_array().unwrap().iter().map(|one| &one["fault"]).collect();
    assert_eq!(met, [&json!("http"), &Value::Null]);
    for (wrong, word) in [
        (json!({ "fault": "storm" }), "no fault is called `storm`"),
        (json!({ "fault": "cut" }), "needs `bytes`"),
        (json!("hang"), "invalid type"),
    ] {
        let (status, answer) = client.control(reqwest::Method::POST, "faults", &wrong).await;
        assert_eq!(status, 422);
        assert!(answer["error"].as_str().unwrap().contains(word), "{answer}");
    }
}
