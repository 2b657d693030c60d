//! How the simulator is reached, and what it remembers.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use paydesk::sim::{Options, SimError, spawn};
use serde_json::{Value, json};

use crate::client::{Client, PATIENCE, options, pay};

#[tokio::test]
async fn requests_are_checked_for_credentials_json_size_and_address() {
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
