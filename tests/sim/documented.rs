//! Every request with each field that the documents give it, and of every answer the keys that they promise.

use serde_json::{Value, json};

use crate::client::{Client, options, pay};

/// Of the answer to a new order, by `order.do` and `regenerateOrder.do` alike.
const NEW_ORDER: &str = "sessionId offerId orderNo originalOrderNo ticketOrderNo totalPrice totalTransactionFee currency \
    vendorTotalPrice vendorCurrency tktLimitTime pnrCode includeExtraBaggage paxTicketInfos routing duplicateOrders \
    paymentOptions";
const DETAILS: &str = "orderNo pnrCode orderStatus ticketStatus paxTicketInfos totalPrice currency tktLimitTime \
    vendorTotalPrice vendorCost vendorTotalAncillaryPrice vendorCurrency adultTotalFare childTotalFare infantTotalFare \
    totalAncillaryPrice totalTransactionFee supportPaymentMethod supportPaymentMethods paymentMethod routing \
    airlineBookings itineraryDownload contact errorCode errorMessage airlineMessage locale refundRules ifSeatOccupied \
    paymentOptions payment paymentAttempted";
const LISTED: &str = "orderNo pnrCode airlinePNRs orderStatus depDate airlines orderCreateTimestamp paymentTimestamp \
    paxNames contactEmail fromCity toCity errorCode errorMessage";
const PASSENGER: &str = "name passengerType birthday gender cardNum cardType cardIssuePlace cardExpired nationality \
    ticketNos airlinePNRs contactEmails contactPhones ancillaries";

fn has_keys(value: &Value, keys: &str) {
    for key in keys.split_whitespace() {
        assert!(value.get(key).is_some(), "{key} is missing in {value}");
    }
}

/// The answer to a request that is as it should be.
async fn taken(client: &Client, endpoint: &str, request: Value, keys: &str) -> Value {
    let answer = client.ask(endpoint, request).await;
    assert_eq!(answer["status"], 0, "{endpoint}: {answer}");
    has_keys(&answer, "status msg");
    has_keys(&answer, keys);
    answer
}

fn day(days: i64) -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days)).strftime("%Y%m%d").to_string()
}

/// From the search to an unpaid order, with every field on the way.
async fn booked(client: &Client, from: &str, to: &str) -> Value {
    let search = json!({
        "tripType": "1", "adultNum": 1, "childNum": 1, "infantNum": 1, "fromCity": from, "toCity": to,
        "fromDate": day(40), "retDate": "", "airlines": [], "fromFlightNumbers": [], "retFlightNumbers": [],
        "includeMultipleFareFamily": true, "currency": "SGD", "requestSource": "meta", "requestId": "r-7",
        "cid": "ABC12345_api_1",
    });
    let found = taken(client, "search.do", search, "routings requestId").await;
    assert_eq!(found["requestId"], "r-7");
    let verify =
        json!({ "routingIdentifier": found["routings"][0]["routingIdentifier"], "requestSource": "meta" });
    let verified =
        taken(client, "verify.do", verify, "sessionId maxSeats routing bookingRequirement priceChange").await;
    has_keys(
        &verified["bookingRequirement"]["passenger"],
        "name passengerType gender birthday nationality cardType cardNum cardExpired cardIssuePlace",
    );
    has_keys(
        &verified["priceChange"],
        "IsPriceChange originalAdultPrice originalAdultTax originalChildPrice originalInfantTax newAdultPrice newInfantTax",
    );
    let passenger = |name: &str, kind: u8, birthday: &str| {
        json!({
            "name": name, "passengerType": kind, "gender": "F", "birthday": birthday, "cardType": "PP",
            "cardNum": format!("E4021883{kind}"), "cardIssuePlace": "SG", "cardExpired": "20310630",
            "nationality": "SG", "ffpCardNo": "", "ffpCarrier": "", "ancillaries": [], "residentInfo": null,
        })
    };
    let order = json!({
        "sessionId": verified["sessionId"], "offerId": null,
        "passengers": [
            passenger("TAN/HUI MIN", 0, "19880412"), passenger("TAN/JIA", 1, "20190220"),
            passenger("TAN/YI", 2, &day(-200)),
        ],
        "contact": {
            "name": "TAN/HUI MIN", "address": "12 Example Road", "postcode": "049145",
            "email": "desk@agency.example", "mobile": "0065-81234567",
        },
        "clientContact": { "email": "desk@agency.example", "companyName": "Agency" },
        "useAtlasMailForContact": false, "locale": "en", "requestSource": "meta",
        "ifSeatOccupied": "SIMILAR_SEAT", "allowGenerateMultipleOrders": false,
    });
    let made = taken(client, "order.do", order, NEW_ORDER).await;
    assert_eq!((&made["sessionId"], &made["originalOrderNo"]), (&verified["sessionId"], &Value::Null));
    made
}

#[tokio::test]
async fn every_documented_field_of_a_booking_and_a_payment_is_taken() {
    let client = Client::new(options(100.0));
    let made = booked(&client, "SIN", "BKK").await;
    let (no, locator) = (&made["orderNo"], &made["pnrCode"]);
    for query in [
        json!({ "orderNo": no }),
        json!({ "orderNo": no, "pnrCode": locator }),
        json!({ "orderNo": null, "pnrCode": locator }),
    ] {
        let details = taken(&client, "queryOrderDetails.do", query, DETAILS).await;
        assert_eq!((&details["orderNo"], &details["orderStatus"]), (no, &json!("0")));
        for passenger in details["paxTicketInfos"].as_array().unwrap() {
            has_keys(passenger, PASSENGER);
        }
    }
    let mut request = pay(&json!({ "orderNo": no, "paymentOptions": [] }), 3);
    (request["clientOrderNo"], request["requestSource"]) = (json!("A-1"), Value::Null);
    // Two digits of the year are the schema's, four its samples'.
    request["creditCard"]["cardExpireYear"] = json!("31");
    let paid = taken(&client, "pay.do", request, "orderNo pnrCode paymentMethod airlines").await;
    assert_eq!((&paid["orderNo"], &paid["paymentMethod"]), (no, &json!(3)));
    let ticketed = client.settled(no.as_str().unwrap()).await;
    assert_eq!((&ticketed["orderStatus"], &ticketed["ticketStatus"]), (&json!("2"), &json!("1")));
    let booking = &ticketed["airlineBookings"][0];
    let by_airline = json!({ "airlinePNR": booking["airlinePnr"], "carrier": ticketed["routing"]["fromSegments"][0]["carrier"] });
    assert_eq!(&taken(&client, "queryOrderDetails.do", by_airline, DETAILS).await["orderNo"], no);
    // What is not filtered by is empty, as the sample has it.
    let list = json!({
        "orderNo": no, "airlinePNRs": [], "paxName": "", "contactEmail": "", "fromCity": "", "toCity": "",
        "depDate": "", "createTimeRangeFrom": "2026-01-01T00:00:00Z", "createTimeRangeTo": "2099-01-01T00:00:00Z",
        "orderStatus": [0, 1, 2, -3], "airlines": [], "page": 1, "pageSize": 20,
    });
    let listed = taken(&client, "orderList.do", list, "page pageSize totalRecords orders").await;
    assert_eq!((&listed["totalRecords"], &listed["orders"][0]["orderStatus"]), (&json!(1), &json!(2)));
    has_keys(&listed["orders"][0], LISTED);
}

#[tokio::test]
async fn every_documented_field_of_the_requests_about_an_order_is_taken() {
    let client = Client::new(options(60.0));
    let ryanair = booked(&client, "DUB", "STN").await["orderNo"].clone();
    let by_schema = json!({
        "orderNo": ryanair, "redirectUri": "https://agency.example/done", "iframe": "true", "timeout": 30_000,
    });
    let by_sample = json!({ "orderNo": ryanair, "iframe": false });
    for request in [by_schema, by_sample, json!({ "orderNo": ryanair })] {
        let link = taken(&client, "orderCommit.do", request, "confirmationUrl").await;
        assert!(link["confirmationUrl"].as_str().unwrap().contains(ryanair.as_str().unwrap()), "{link}");
    }
    for (request, status) in [(json!({}), 307), (json!({ "orderNo": "TESTA20200101000000000" }), 800)] {
        let refused = client.ask("orderCommit.do", request).await;
        assert_eq!(
            (&refused["status"], refused.get("confirmationUrl")),
            (&json!(status), Some(&Value::Null))
        );
    }

    let order = client.ready(1).await["orderNo"].clone();
    assert_eq!(client.ask("stopTicket.do", json!({ "orderNo": order })).await["status"], 402, "it is unpaid");
    client.arm(json!({ "fault": "ticketing", "code": "hang", "order": order })).await;
    taken(&client, "pay.do", json!({ "orderNo": order, "paymentMethod": 1, "creditCard": null }), "airlines")
        .await;
    let asked = taken(&client, "stopTicket.do", json!({ "orderNo": order }), "").await;
    assert!(asked["msg"].as_str().unwrap().contains("8 minutes"), "{asked}");
    assert_eq!(client.settled(order.as_str().unwrap()).await["orderStatus"], "-3");
    let made = taken(&client, "regenerateOrder.do", json!({ "originalOrderNo": order }), NEW_ORDER).await;
    assert_eq!(made["originalOrderNo"], order);
    assert_ne!(made["orderNo"], order);

    let balance = taken(&client, "balance.do", json!({ "currency": "USD" }), "accountBalance").await;
    assert!(balance["accountBalance"]["amount"].is_number(), "{balance}");
    let url = json!({ "url": "https://agency.example/hook", "cid": "ABC12345_api_1" });
    taken(&client, "updateWebhookURL.do", url, "").await;
    let incidents = json!({
        "eventId": "", "orderNo": "", "eventType": "", "pnr": "", "paxName": "", "paxEmail": "", "airline": "",
        "eventStatus": [0, 1], "eventTimeStart": "2026-01-01 00:00:00", "eventTimeEnd": "2099-01-01 00:00:00",
        "depTimeStart": "2026-01-01 00:00:00", "depTimeEnd": "2099-01-01 00:00:00",
        "updateTimeStart": "2026-01-01 00:00:00", "pageIndex": 1, "pageSize": 20,
    });
    taken(&client, "event/getPageList.do", incidents, "records pageIndex pageSize total").await;
}

#[tokio::test]
async fn a_loss_that_nobody_accepts_ends_the_order_and_one_that_cannot_be_bought_is_not_accepted() {
    let client = Client::new(options(300.0));
    let suspended = async |code: u16| {
        let order = client.ready(1).await["orderNo"].as_str().unwrap().to_owned();
        client.arm(json!({ "fault": "ticketing", "code": code, "order": order })).await;
        taken(&client, "pay.do", json!({ "orderNo": order, "paymentMethod": 1 }), "orderNo").await;
        let until = std::time::Instant::now() + crate::client::PATIENCE;
        while client.query(&order).await["errorCode"] != *code.to_string() {
            assert!(std::time::Instant::now() < until, "{code} never came");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        order
    };
    let unsold = suspended(309).await;
    let refused = client.ask("confirmBaggageLoss.do", json!({ "orderNo": unsold })).await;
    assert_eq!(refused["status"], 309, "accepting does not help: {refused}");
    let lost = suspended(3011).await;
    // Half an hour of the story.
    let ended = client.settled(&lost).await;
    assert_eq!((&ended["orderStatus"], &ended["errorCode"]), (&json!("-3"), &json!("3011")));
    assert_eq!(client.ask("confirmBaggageLoss.do", json!({ "orderNo": lost })).await["status"], 402);
}

#[tokio::test]
async fn a_published_route_is_sold_by_airlines_that_fly_it() {
    let client = Client::new(options(1.0));
    for (from, to, airlines) in [
        ("SIN", "PER", &["TR"][..]),
        ("BCN", "ORY", &["VY"]),
        ("DUB", "STN", &["FR"]),
        ("CGK", "SUB", &["QG"]),
    ] {
        let found = client.ask("search.do", crate::booking::search(from, to, false)).await;
        let routings = found["routings"].as_array().unwrap();
        assert!(!routings.is_empty(), "{from}-{to}");
        for routing in routings {
            assert_eq!(routing["ancillarySupported"], json!([]), "nothing is advertised that is not played");
            let segment = &routing["fromSegments"][0];
            assert!(airlines.contains(&segment["carrier"].as_str().unwrap()), "{from}-{to}: {segment}");
            assert_eq!((&segment["depAirport"], &segment["arrAirport"]), (&json!(from), &json!(to)));
        }
    }
}
