//! What the gateway refuses: endpoints that the documents name and nobody plays, and the one that no document names.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, PATIENCE, options, pay};

/// As it is observed for endpoints that a client has not been given.
fn assert_closed(answer: &Value) {
    let want =
        json!({ "status": 900, "msg": "Unauthorized access: the client is not allowed to use this API" });
    assert_eq!(answer, &want);
}

#[tokio::test]
async fn what_the_guide_says_is_left_out_is_answered_by_the_gateway() {
    let client = Client::new(options(1.0));
    let guide = std::fs::read_to_string("docs/simulator.md").unwrap();
    let (_, left_out) = guide.split_once("## What is left out").unwrap();
    let endpoints: Vec<&str> =
        left_out.split('`').skip(1).step_by(2).filter(|name| name.strip_suffix(".do").is_some()).collect();
    assert!(endpoints.len() > 10, "{endpoints:?}");
    for endpoint in endpoints {
        assert_closed(&client.ask(endpoint, json!({ "orderNo": "TESTA20200101000000000" })).await);
        let anonymous = client.http.post(format!("http://{}/{endpoint}", client.sim.addr)).body("{}");
        let anonymous = anonymous.send().await.unwrap().bytes().await.unwrap();
        let anonymous: Value = serde_json::from_slice(&anonymous).unwrap();
        assert_eq!(anonymous["msg"], "Unauthorized access: missing authentication");
        let noted =
            client.get("/_sim/requests").await["requests"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&noted["endpoint"], &noted["status"]), (&json!(endpoint), &json!(900)));
        assert_eq!(noted["orderNo"], "TESTA20200101000000000");
    }
    let nowhere = client.post("stopTicketIssuance.do", "{}").send().await.unwrap();
    assert_eq!(nowhere.status(), 404, "a name that no document has");
}

#[test]
fn an_endpoint_that_is_not_played_names_itself_in_the_log() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_paydesk"))
        .args(["sim", "--scenario", "quiet", "--orders", "1", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(program.stderr.take().unwrap()).lines().map(Result::unwrap);
    let started = log.next().unwrap();
    let (_, address) = started.split_once("http://").unwrap();
    let address = address.split(' ').next().unwrap();
    for (endpoint, why) in [("getLuggage.do", "not played"), ("cancelOrder.do", "switched off")] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "POST /{endpoint} HTTP/1.1\r\nhost: sim\r\nx-atlas-client-id: a\r\nx-atlas-client-secret: b\r\n\
             content-length: 2\r\nconnection: close\r\n\r\n{{}}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("900"), "{answer}");
        let line = log.next().unwrap();
        assert!(line.ends_with(&format!(" {endpoint} - 900 ({why})")), "{line}");
    }
    program.kill().unwrap();
    program.wait().unwrap();
}

#[tokio::test]
async fn an_order_is_cancelled_only_where_the_undocumented_endpoint_is_switched_on() {
    let client = Client::new(options(100.0));
    let order = client.ready(1).await;
    let no = order["orderNo"].as_str().unwrap();
    let cancel = async |no: &str| client.ask("cancelOrder.do", json!({ "orderNo": no })).await;
    assert_closed(&cancel(no).await);
    assert_eq!(client.query(no).await["orderStatus"], "0");

    let (_, set) = client.control(Method::PUT, "switches", &json!({ "cancelling": "on" })).await;
    assert_eq!(set["switches"]["cancelling"], "on");
    assert_eq!(cancel("TESTA20200101000000000").await["status"], 800);
    assert_eq!(client.ask("cancelOrder.do", json!({})).await["status"], 100);
    assert_eq!(cancel(no).await["status"], 0);
    let cancelled = client.query(no).await;
    assert_eq!((&cancelled["orderStatus"], &cancelled["errorCode"]), (&json!("-3"), &Value::Null));
    assert_eq!(client.ask("pay.do", pay(&order, 1)).await["status"], 402);
    assert_eq!(cancel(no).await["status"], 362, "nothing is held any more");
    assert_eq!(client.get("/_sim/ledger").await["orders"].get(no), None, "no money ever moved");

    let other = client.ready(1).await;
    let no = other["orderNo"].as_str().unwrap();
    client.arm(json!({ "fault": "ticketing", "code": "hang", "order": no })).await;
    assert_eq!(client.ask("pay.do", pay(&other, 1)).await["status"], 0);
    assert_eq!(cancel(no).await["status"], 360, "it is in ticketing");
    let ticketed = client.ask("orderList.do", json!({ "orderStatus": [2], "pageSize": 1 })).await;
    let no = ticketed["orders"][0]["orderNo"].as_str().unwrap().to_owned();
    assert_eq!(cancel(&no).await["status"], 361, "it is ticketed");
    let listed = client.ask("orderList.do", json!({ "orderNo": no })).await;
    assert_eq!(listed["orders"][0]["orderStatus"], 2);
}
