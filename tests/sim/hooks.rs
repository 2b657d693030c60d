//! Webhooks as their receiver meets them, and the incident list.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, PATIENCE, options, pay};

/// What came: the headers in small letters, and the body.
type Notification = (Vec<String>, Value);

/// A receiver that keeps everything and answers shortly.
fn receiver() -> (String, Receiver<Notification>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook/f00d", listener.local_addr().unwrap());
    let (sender, notifications) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut stream = BufReader::new(stream.unwrap());
                loop {
                    let mut head = Vec::new();
                    for line in stream.by_ref().lines() {
                        match line {
                            Ok(line) if line.is_empty() => break,
                            Ok(line) => head.push(line.to_lowercase()),
                            Err(_) => return,
                        }
                    }
                    let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
                    let Some(length) = length else { return };
                    let mut body = vec![0; length.parse().unwrap()];
                    stream.read_exact(&mut body).unwrap();
                    stream
                        .get_mut()
                        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"status\":0}")
                        .unwrap();
                    if sender.send((head, serde_json::from_slice(&body).unwrap())).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (url, notifications)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

impl Client {
    /// Registers the receiver by the vendor's own endpoint.
    async fn registered(&self) -> Receiver<Notification> {
        let (url, notifications) = receiver();
        assert_eq!(self.ask("updateWebhookURL.do", json!({ "url": url })).await["status"], 0);
        assert_eq!(self.get("/_sim/webhooks").await["url"], url);
        notifications
    }

    async fn notify(&self, notification: Value) {
        let (status, answer) = self.control(Method::POST, "webhooks", &notification).await;
        assert_eq!(status, 200, "{notification}: {answer}");
    }
}

/// Waits for the next notification of a type.
fn next(notifications: &Receiver<Notification>, kind: &str) -> Notification {
    loop {
        let notification = notifications.recv_timeout(PATIENCE).unwrap();
        if notification.1["type"] == kind {
            return notification;
        }
    }
}

#[tokio::test]
async fn every_type_arrives_unsigned_in_its_documented_form() {
    let client = Client::new(options(50.0));
    let notifications = client.registered().await;
    let list = client.ask("orderList.do", json!({ "orderStatus": [2], "pageSize": 1 })).await;
    let no = &list["orders"][0]["orderNo"];
    let plain: &[&str] = &["cid", "data", "status", "type"];
    let numbered: &[&str] = &["cid", "data", "notificationId", "status", "type"];
    let all: [(&str, i64, &[&str], &[&str]); 10] = [
        ("order.ticketed", -1, plain, &["orderNo", "orderStatus", "paxTicketInfos"]),
        ("order.cancelled", -1, plain, &["errorCode", "errorMessage", "orderNo", "orderStatus"]),
        ("order.void", -1, plain, &["message", "orderNo", "voidCode", "voidStatus"]),
        (
            "order.schedulechange",
            0,
            numbered,
            &["orderNo", "originalSegs", "previousSegs", "revisedSegs", "scheduleChangeType"],
        ),
        ("email.schedulechange", 0, numbered, &["emailLink", "emailSubject", "orderNo"]),
        ("abnormal.cancelled", 0, numbered, &["orderNo", "vendorRefundInformation"]),
        (
            "email.all",
            -1,
            numbered,
            &[
                "createTime",
                "emailCategory",
                "emailLink",
                "emailReceivingDate",
                "emailSubject",
                "from",
                "orderNo",
                "to",
                "uniqueCode",
            ],
        ),
        ("order.addonComplete", -1, plain, &["addonOrderNo", "orderStatus", "originalOrderNo"]),
        (
            "order.refundComplete",
            -1,
            &["cid", "orderNo", "refundCode", "refundStatus", "status", "type"],
            &[],
        ),
        ("airline.status", -1, &["data", "status", "type"], &["airline", "airlineStatus"]),
    ];
    for (kind, status, envelope, data) in all {
        let notification = match kind {
            "airline.status" => json!({ "type": kind, "airlines": ["QG", "VY"], "state": "Maintenance" }),
            _ => json!({ "type": kind, "order": no }),
        };
        client.notify(notification).await;
        let (head, body) = next(&notifications, kind);
        assert_eq!((keys(&body), &body["status"]), (envelope.to_vec(), &json!(status)), "{kind}");
        if !data.is_empty() {
            assert_eq!(keys(&body["data"]), data, "{kind}");
        }
        assert!(head[0].starts_with("post /hook/f00d "));
        assert!(head.contains(&"content-type: application/json;charset=utf-8".to_owned()), "{head:?}");
        assert!(
            !head.iter().any(|line| line.contains("sign") || line.starts_with("authorization")),
            "{head:?}"
        );
        if envelope.contains(&"cid") {
            assert_eq!(body["cid"], "ABC12345_api_1", "whoever registered");
        }
    }
    client.notify(json!({ "type": "order.schedulechange", "order": no, "state": "cancelled" })).await;
    let (_, gone) = next(&notifications, "order.schedulechange");
    assert_eq!((&gone["data"]["scheduleChangeType"], &gone["data"]["revisedSegs"]), (&json!(2), &json!([])));
    client.notify(json!({ "type": "order.void", "order": no, "state": "failed" })).await;
    assert_eq!(next(&notifications, "order.void").1["data"]["voidStatus"], 4);
}

#[tokio::test]
async fn tickets_and_cancellations_are_announced_by_themselves_in_three_forms() {
    let client = Client::new(options(100.0));
    let notifications = client.registered().await;
    let order = client.ready(1).await;
    client.ask("pay.do", pay(&order, 1)).await;
    loop {
        let (_, body) = next(&notifications, "order.ticketed");
        if body["data"]["orderNo"] == order["orderNo"] {
            assert_eq!(body["data"]["orderStatus"], 2, "an integer here");
            assert!(body["data"]["paxTicketInfos"][0]["ticketNos"][0].is_string());
            break;
        }
    }
    for (form, kind, fields) in [
        ("current", "order.cancelled", ["errorCode", "errorMessage", "orderNo", "orderStatus"].as_slice()),
        ("guide", "order.cancelled", &["errorCode", "errorMessage", "orderNo"]),
        ("legacy", "order.cancel", &["orderNo", "orderStatus", "ticketErrorCode", "ticketErrorMessage"]),
    ] {
        client.control(Method::POST, "reset", &Value::Null).await;
        client.control(Method::PUT, "switches", &json!({ "hook": form })).await;
        client.arm(json!({ "fault": "ticketing", "code": 604 })).await;
        let order = client.ready(1).await;
        client.ask("pay.do", pay(&order, 1)).await;
        loop {
            let (_, body) = next(&notifications, kind);
            if body["data"]["orderNo"] == order["orderNo"] {
                assert_eq!(keys(&body["data"]), fields, "{form}");
                let client = if form == "guide" { &Value::Null } else { &json!("ABC12345_api_1") };
                assert_eq!(&body["cid"], client, "the account stays through a reset");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_cancellation_need_not_be_announced_at_all() {
    let client = Client::new(options(100.0));
    let notifications = client.registered().await;
    client.control(Method::PUT, "switches", &json!({ "hook": "never" })).await;
    client.arm(json!({ "fault": "ticketing", "code": 604 })).await;
    let order = client.ready(1).await;
    client.ask("pay.do", pay(&order, 1)).await;
    assert_eq!(client.settled(order["orderNo"].as_str().unwrap()).await["orderStatus"], "-3");
    client.notify(json!({ "type": "airline.status", "airlines": ["TR"] })).await;
    loop {
        let (_, body) = notifications.recv_timeout(PATIENCE).unwrap();
        assert_ne!(body["type"], "order.cancelled");
        if body["type"] == "airline.status" {
            break;
        }
    }
}

#[tokio::test]
async fn notifications_are_lost_and_doubled_on_demand() {
    let client = Client::new(options(50.0));
    let notifications = client.registered().await;
    let set = async |settings: Value| client.control(Method::PUT, "webhooks", &settings).await;
    assert_eq!(set(json!({ "lost": 100 })).await.0, 200);
    client.notify(json!({ "type": "airline.status", "airlines": ["TR"], "state": "Inactive" })).await;
    let (_, now) = set(json!({ "doubled": 100, "delay": ["0s", "1s"] })).await;
    assert_eq!(now["settings"]["lost"], 0, "what is left out is as usual");
    client.notify(json!({ "type": "airline.status", "airlines": ["TR"] })).await;
    for _ in 0..2 {
        assert_eq!(next(&notifications, "airline.status").1["data"]["airlineStatus"], "Active");
    }
    assert_eq!(set(json!({ "lost": 101 })).await.0, 422);
}

#[tokio::test]
async fn incidents_are_listed_and_filtered() {
    let client = Client::new(options(1.0));
    let list = client.ask("orderList.do", json!({ "orderStatus": [2], "pageSize": 2 })).await;
    let (one, two) = (&list["orders"][0], &list["orders"][1]);
    client.notify(json!({ "type": "order.schedulechange", "order": one["orderNo"] })).await;
    client.notify(json!({ "type": "abnormal.cancelled", "order": two["orderNo"] })).await;
    client.notify(json!({ "type": "email.all", "order": two["orderNo"] })).await;
    assert_eq!(client.ask("event/getPageList.do", json!({})).await["status"], 100, "pageSize is required");
    let all = client.ask("event/getPageList.do", json!({ "pageSize": 10 })).await;
    assert_eq!((&all["status"], &all["total"], &all["pageIndex"]), (&json!(0), &json!(2), &json!(1)));
    let newest = &all["records"][0];
    assert_eq!((&newest["eventType"], &newest["orderNo"]), (&json!("abnormal.cancelled"), &two["orderNo"]));
    assert!(newest["eventTime"].as_str().unwrap().ends_with('M'), "{newest}");
    assert_eq!(newest["subOrderNo"], format!("{}_1", two["orderNo"].as_str().unwrap()));
    let id = newest["eventId"].as_str().unwrap();
    assert!(id.len() == 22 && id.bytes().skip(17).all(|byte| byte.is_ascii_uppercase()), "{id}");
    for (filter, found) in [
        (json!({ "eventId": id }), 1),
        (json!({ "orderNo": one["orderNo"] }), 1),
        (json!({ "eventType": "order.schedulechange" }), 1),
        (json!({ "pnr": one["airlinePNRs"][0] }), 1),
        (json!({ "paxName": two["paxNames"][0] }), 1),
        (json!({ "airline": "ZZ" }), 0),
        (json!({ "eventStatus": [1] }), 0),
        (json!({ "eventStatus": [0] }), 2),
        (json!({ "eventTimeStart": "2099-01-01 00:00:00" }), 0),
        (json!({ "eventTimeEnd": "2099-01-01 00:00:00" }), 2),
        (json!({ "updateTimeStart": "2099-01-01 00:00:00" }), 0),
        (json!({ "depTimeStart": "2099-01-01 00:00:00" }), 0),
        (json!({ "depTimeStart": "2020-01-01 00:00:00", "depTimeEnd": "2099-01-01 00:00:00" }), 2),
    ] {
        let mut asked = filter.clone();
        asked["pageSize"] = json!(1);
        let answer = client.ask("event/getPageList.do", asked).await;
        assert_eq!(answer["total"], found, "{filter}: {answer}");
        assert_eq!(answer["records"].as_array().unwrap().len(), found.min(1));
    }
}

/// A receiver that does so with the first requests: `None` is no answer at all, the number an HTTP status.
fn unwilling(first: Vec<Option<u16>>) -> (String, Receiver<(Instant, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook/f00d", listener.local_addr().unwrap());
    let (sender, notifications) = mpsc::channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut first = first.into_iter();
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut length = 0;
            for line in stream.by_ref().lines() {
                let line = line.unwrap().to_lowercase();
                if let Some(number) = line.strip_prefix("content-length: ") {
                    length = number.parse().unwrap();
                }
                if line.is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            if let Some(status) = first.next().unwrap_or(Some(200)) {
                let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            } else {
                kept.push(stream);
            }
            if sender.send((Instant::now(), serde_json::from_slice(&body).unwrap())).is_err() {
                return;
            }
        }
    });
    (url, notifications)
}

#[tokio::test]
async fn a_notification_is_tried_three_times_and_others_do_not_wait_for_it() {
    let client = Client::new(options(1.0));
    client.control(Method::PUT, "webhooks", &json!({ "delay": ["0s", "0s"] })).await;
    let maintenance = json!({ "type": "airline.status", "airlines": ["TR"], "state": "Maintenance" });
    let active = json!({ "type": "airline.status", "airlines": ["TR"] });
    let state = |came: &(Instant, Value)| came.1["data"]["airlineStatus"].as_str().unwrap().to_owned();

    let (url, came) = unwilling(vec![None, Some(200), Some(503)]);
    client.ask("updateWebhookURL.do", json!({ "url": url })).await;
    client.notify(maintenance.clone()).await;
    let first = came.recv_timeout(PATIENCE).unwrap();
    client.notify(active.clone()).await;
    let all: Vec<_> = (0..3).map(|_| came.recv_timeout(PATIENCE).unwrap()).collect();
    assert_eq!(all.iter().map(state).collect::<Vec<_>>(), ["Active", "Maintenance", "Maintenance"]);
    assert_eq!((&all[1].1, &all[2].1), (&first.1, &first.1), "the same to the byte");
    let waited = all[1].0.duration_since(first.0).as_secs_f64();
    assert!((4.9..9.0).contains(&waited), "five seconds for an answer: {waited}");

    let (url, came) = unwilling(vec![Some(500); 3]);
    client.ask("updateWebhookURL.do", json!({ "url": url })).await;
    client.notify(maintenance.clone()).await;
    for _ in 0..3 {
        came.recv_timeout(PATIENCE).unwrap();
    }
    client.notify(active.clone()).await;
    assert_eq!(state(&came.recv_timeout(PATIENCE).unwrap()), "Active", "no fourth time");

    client.control(Method::PUT, "switches", &json!({ "tries": "one" })).await;
    let (url, came) = unwilling(vec![Some(500); 3]);
    client.ask("updateWebhookURL.do", json!({ "url": url })).await;
    client.notify(maintenance).await;
    came.recv_timeout(PATIENCE).unwrap();
    assert!(came.recv_timeout(Duration::from_millis(1_500)).is_err(), "once is all");
}
