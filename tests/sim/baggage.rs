//! `confirmBaggageLoss.do` as an outside client meets it.

use serde_json::{Value, json};

use crate::{
    client::{Client, PATIENCE, pay},
    sample,
};

/// Asks until the order has this `errorCode`, or none.
async fn until(client: &Client, order: &str, code: &Value) -> Value {
    let end = std::time::Instant::now() + PATIENCE;
    loop {
        let details = client.query(order).await;
        if &details["errorCode"] == code && details["orderStatus"] != "0" {
            return details;
        }
        assert!(std::time::Instant::now() < end, "it never came: {details}");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn an_order_waits_in_ticketing_with_its_code_until_the_loss_is_confirmed() {
    let client = Client::new(sample::story("calm-desk", Some(40), 60.0));
    let fault = json!({ "fault": "ticketing", "code": 3011 });
    client.arm(fault).await;
    let order = client.ready(1).await;
    let no = order["orderNo"].as_str().unwrap();
    assert_eq!(client.ask("pay.do", pay(&order, 1)).await["status"], 0);
    let waits = until(&client, no, &json!("3011")).await;
    assert_eq!((&waits["orderStatus"], &waits["ticketStatus"]), (&json!("1"), &json!("0")), "{waits}");
    let list = client.ask("orderList.do", json!({ "orderNo": no })).await;
    assert_eq!(list["orders"][0]["orderStatus"], 1, "{list}");
    let answer = client.ask("confirmBaggageLoss.do", json!({ "orderNo": no })).await;
    assert_eq!((&answer["status"], answer.as_object().unwrap().contains_key("msg")), (&json!(0), true));
    assert_eq!(client.settled(no).await["orderStatus"], "2");
    for (asked, status) in [
        (json!({}), 100),
        (json!({ "orderNo": no }), 402),
        (json!({ "orderNo": "TESTA20200101000000000" }), 800),
    ] {
        assert_eq!(client.ask("confirmBaggageLoss.do", asked.clone()).await["status"], status, "{asked}");
    }
    let hooks = client.get("/_sim/webhooks").await.to_string();
    assert!(hooks.contains("order.baggage") && hooks.contains("lossAmount"), "{hooks}");
}
