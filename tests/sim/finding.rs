//! What the program looks for, the simulated vendor finds.

use paydesk::{
    atlas::Endpoint,
    desk::gateway::Gateway,
    domain::{
        find::{Find, Kind},
        order::{Order, OrderNo},
    },
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::client::{Client, options};

#[tokio::test]
async fn every_field_that_can_be_looked_for_finds_its_order() {
    let client = Client::new(options(1.0));
    let endpoint = Endpoint {
        base_url: format!("http://{}", client.sim.addr),
        client_id: "test".into(),
        client_secret: SecretString::from("test"),
        pay_timeout: Endpoint::PAY_TIMEOUT,
        proxy: None,
        authorities: Vec::new(),
    };
    let desk = paydesk::atlas::Client::new(&endpoint).unwrap();
    let listed = client.ask("orderList.do", json!({ "pageSize": 100 })).await;
    let rows = listed["orders"].as_array().unwrap();
    let row = |kind: Kind| {
        let has = |row: &&Value| match kind {
            Kind::Pnr => row["airlinePNRs"].as_array().is_some_and(|pnrs| !pnrs.is_empty()),
            Kind::Email => row["contactEmail"].is_string(),
            _ => true,
        };
        rows.iter().find(has).unwrap_or_else(|| panic!("no order has a {}", kind.word()))
    };
    for kind in Kind::ALL {
        let row = row(kind);
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        let value = match kind {
            Kind::Passenger => row["paxNames"][0].as_str().unwrap().to_lowercase(),
            Kind::Pnr => row["airlinePNRs"][0].as_str().unwrap().split('|').next().unwrap().to_owned(),
            Kind::Email => text("contactEmail"),
            Kind::Route => format!("{}-{}", text("fromCity"), text("toCity")),
            Kind::Departure => text("depDate"),
        };
        let find = Find::of(kind, &value).unwrap_or_else(|| panic!("{value} is no {}", kind.word()));
        let found = Gateway::find(&desk, &find).await.unwrap().value.orders;
        let no: OrderNo = text("orderNo").parse().unwrap();
        assert!(found.iter().any(|order| order.no == no), "{} {find}: {found:?}", kind.word());
        assert!(found.iter().all(|order: &Order| find.is_met_by(order)), "{} {find}", kind.word());
    }
    let none = Find::of(Kind::Passenger, "NOBODY/AT ALL").unwrap();
    assert!(Gateway::find(&desk, &none).await.unwrap().value.orders.is_empty());
}
