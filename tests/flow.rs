//! `paydesk commit`, `stop` and `recover --via airline-account` as another program calls them, against a vendor that a test
//! scripts.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use serde_json::{Value, json};

mod program;
mod vendor;

use self::{
    program::{Desk, Ran, reasons},
    vendor::{Asked, Say, Vendor, details, number, usual},
};

const LINK: &str = "https://www.ryanair.example/confirm?token=canary-of-the-link";

/// A vendor with one order of Ryanair's: its status, and what it becomes when issuance is to be stopped.
struct Scene {
    vendor: Vendor,
    desk: Desk,
    order: String,
}

impl Scene {
    fn new(status: i64, stop: impl Fn(&AtomicI64) -> Say + Send + Sync + 'static) -> Self {
        let order = number(0);
        let now = Arc::new(AtomicI64::new(status));
        let known = Arc::clone(&now);
        let answers = usual(vec![order.clone()], move |no| {
            let mut details = details(no);
            details["orderStatus"] = json!(known.load(Ordering::SeqCst).to_string());
            details["routing"]["fromSegments"][0]["carrier"] = "FR".into();
            details
        });
        let vendor = Vendor::start(move |asked: &Asked| match (asked.endpoint(), answers(asked)) {
            ("orderList.do", Say::Json(mut list)) => {
                list["orders"][0]["airlines"] = json!(["FR"]);
                list["orders"][0]["orderStatus"] = json!(now.load(Ordering::SeqCst));
                Say::Json(list)
            }
            ("orderCommit.do", _) => Say::Json(json!({ "status": 0, "msg": null, "confirmationUrl": LINK })),
            ("stopTicket.do", _) => stop(&now),
            ("pay.do", answer) => {
                now.store(1, Ordering::SeqCst);
                answer
            }
            (_, answer) => answer,
        });
        let desk = Desk::at(&vendor.url());
        Self { vendor, desk, order }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let arguments: Vec<&str> =
            arguments.iter().map(|one| if *one == "ORDER" { &*self.order } else { one }).collect();
        self.desk.run(&arguments, "")
    }

    /// The bodies that an endpoint was sent.
    fn sent(&self, endpoint: &str) -> Vec<Value> {
        let asked = self.vendor.asked();
        asked.iter().filter(|asked| asked.endpoint() == endpoint).map(Asked::json).collect()
    }
}

fn ok(_: &AtomicI64) -> Say {
    Say::Json(json!({ "status": 0, "msg": "check after 8 minutes" }))
}

#[test]
fn a_ryanair_order_is_paid_only_after_a_link_and_the_word_of_an_operator() {
    let scene = Scene::new(0, ok);
    let pay = || {
        scene.run(&["pay", "ORDER", "--method", "deposit", "--yes", "--confirm-amount", "151.20", "--json"])
    };
    let refused = pay();
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    let document = refused.json();
    assert_eq!(reasons(&document["error"]["reasons"]), [("travellerConfirmed", "traveller_not_confirmed")]);
    assert!(document["error"]["advice"].as_str().unwrap().contains("paydesk commit"), "{document}");
    // Nothing was confirmed yet that could be spoken of.
    let early = scene.run(&["commit", "ORDER", "--confirmed", "--json"]);
    assert_eq!((early.code, early.json()["error"]["charged"].as_str()), (Some(1), Some("no")));

    let link = scene.run(&["commit", "ORDER", "--wait", "0", "--json"]);
    assert_eq!(link.code, Some(3), "nobody knows yet: {}", link.stderr);
    let document = link.json();
    assert_eq!(document["confirmationUrl"], LINK);
    assert_eq!((&document["state"], &document["confirmed"]), (&json!("waiting"), &json!(false)));
    assert!(document["validUntil"].is_string() && document["askedAt"].is_string(), "{document}");
    assert_eq!(scene.sent("orderCommit.do"), [json!({ "orderNo": scene.order })]);
    assert_eq!(pay().code, Some(1));
    assert_eq!(scene.vendor.count("pay.do"), 0);

    let stated = scene.run(&["commit", "ORDER", "--confirmed", "--json"]);
    assert_eq!(
        (stated.code, stated.json()["confirmed"].as_bool()),
        (Some(0), Some(true)),
        "{}",
        stated.stderr
    );
    assert_eq!(scene.vendor.count("orderCommit.do"), 1, "no other link is asked for");
    let paid = pay();
    assert_eq!((paid.code, paid.json()["outcome"].as_str()), (Some(0), Some("accepted")), "{}", paid.stderr);
    // Its story tells it, and nothing else does: the link is for the traveller alone.
    let shown = scene.run(&["show", "ORDER", "--json"]).json();
    let kinds: Vec<&str> =
        shown["timeline"].as_array().unwrap().iter().filter_map(|line| line["type"].as_str()).collect();
    assert_eq!(kinds, ["gotLink", "statedConfirmed"], "{shown}");
    let mut files = 0;
    look(scene.desk.folder.path(), &mut |path, bytes| {
        files += 1;
        let holds = bytes.windows(6).any(|bytes| bytes == b"canary") && !path.ends_with("config.toml");
        assert!(!holds, "{}", path.display());
    });
    assert!(files > 1, "nothing was looked at");
}

fn look(folder: &Path, file: &mut impl FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { look(&path, file) } else { file(&path, &fs::read(&path).unwrap()) }
    }
}

#[test]
fn an_order_that_is_paid_or_wants_no_confirmation_gets_no_link() {
    let paid = Scene::new(1, ok);
    let said = paid.run(&["commit", "ORDER", "--json"]);
    assert_eq!((said.code, paid.vendor.count("orderCommit.do")), (Some(1), 0), "{}", said.stdout);
    let other = Vendor::start(usual(vec![number(0)], details));
    let desk = Desk::at(&other.url());
    let said = desk.run(&["commit", &number(0)], "");
    assert_eq!((said.code, other.count("orderCommit.do")), (Some(1), 0), "{}", said.stderr);
    assert!(said.stderr.contains("needs no confirmation"), "{}", said.stderr);
    let read_only = paid.run(&["--read-only", "commit", "ORDER"]);
    assert_eq!(read_only.code, Some(1), "{}", read_only.stderr);
}

#[test]
fn stop_ends_with_what_the_order_says_came_of_it() {
    let becomes = |status: i64| {
        move |now: &AtomicI64| {
            now.store(status, Ordering::SeqCst);
            ok(now)
        }
    };
    let check = |scene: &Scene, code: i32, outcome: &str, status: &str| {
        let ran = scene.run(&["stop", "ORDER", "--yes", "--json", "--wait", "20"]);
        let document = ran.json();
        assert_eq!(
            (ran.code, document["outcome"].as_str(), document["orderStatus"].as_str()),
            (Some(code), Some(outcome), Some(status)),
            "{document} {}",
            ran.stderr
        );
        assert_eq!(scene.sent("stopTicket.do"), [json!({ "orderNo": scene.order })]);
    };
    let stopped = Scene::new(1, becomes(-3));
    check(&stopped, 0, "stopped", "cancelled");
    // Asked again, it says the same and sends nothing more.
    check(&stopped, 0, "stopped", "cancelled");
    check(&Scene::new(1, becomes(2)), 1, "tooLate", "ticketed");
    check(&Scene::new(1, |_| Say::Json(json!({ "status": 402, "msg": "no" }))), 1, "refused", "ticketing");
}

#[test]
fn a_stop_that_is_not_decided_yet_is_followed_by_the_next_call_and_never_sent_twice() {
    for stop in [ok, |_: &AtomicI64| Say::Nothing] {
        let scene = Scene::new(1, stop);
        for _ in 0..2 {
            let ran = scene.run(&["stop", "ORDER", "--yes", "--json", "--wait", "1"]);
            let document = ran.json();
            assert_eq!((ran.code, document["outcome"].as_str()), (Some(3), Some("working")), "{document}");
            assert!(document["until"].is_string(), "{document}");
        }
        assert_eq!(scene.vendor.count("stopTicket.do"), 1);
    }
}

#[test]
fn nothing_is_stopped_that_is_not_being_issued_or_without_a_word() {
    let check = |status: i64, arguments: &[&str], code: i32, said: &str| {
        let scene = Scene::new(status, ok);
        let ran = scene.run(arguments);
        assert_eq!(ran.code, Some(code), "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
        assert_eq!(scene.vendor.count("stopTicket.do"), 0);
    };
    check(0, &["stop", "ORDER", "--yes"], 1, "not in ticketing");
    check(2, &["stop", "ORDER", "--yes"], 1, "too late");
    check(1, &["stop", "ORDER"], 2, "no terminal");
    check(1, &["--read-only", "stop", "ORDER", "--yes"], 1, "read-only");
}

/// The details of an order that takes a deposit and the account at the airline.
fn for_account(no: &str) -> Value {
    let part = |amount: f64, currency: &str, from: &str| json!({ "amount": amount, "currency": currency, "deductFrom": from });
    let mut details = details(no);
    details["vendorTotalPrice"] = json!(8420);
    details["vendorCurrency"] = "PHP".into();
    details["supportPaymentMethods"] = json!([1, 4]);
    details["paymentOptions"] = json!([
        { "paymentMethod": 1, "ticketFare": part(149.2, "USD", "DEPOSIT"), "serviceFee": part(2.0, "USD", "DEPOSIT") },
        { "paymentMethod": 4, "ticketFare": part(8420.0, "PHP", "OTHER"), "serviceFee": part(2.0, "USD", "DEPOSIT") },
    ]);
    details
}

#[test]
fn the_account_at_the_airline_pays_an_open_order_and_the_one_made_from_a_declined_order() {
    for declined in [false, true] {
        let (order, child) = (number(0), number(1));
        let paid = Arc::new(Mutex::new(None::<String>));
        let made = Arc::new(AtomicBool::new(false));
        let (is_paid, is_made, parent) = (Arc::clone(&paid), Arc::clone(&made), order.clone());
        let answers = usual(vec![order.clone()], move |no| {
            let mut details = for_account(no);
            if *is_paid.lock().unwrap() == Some(no.to_owned()) {
                (details["orderStatus"], details["ticketStatus"]) = ("2".into(), "1".into());
                details["paxTicketInfos"][0]["ticketNos"] = json!(["0792412345678"]);
            } else if declined && no == parent {
                (details["orderStatus"], details["errorCode"]) = ("-3".into(), "604".into());
            }
            details
        });
        let answers = Mutex::new(answers);
        let [old, new] = [order.clone(), child.clone()];
        let vendor =
            Vendor::start(move |asked: &Asked| match (asked.endpoint(), answers.lock().unwrap()(asked)) {
                ("orderList.do", Say::Json(mut list)) => {
                    if declined {
                        list["orders"][0]["orderStatus"] = json!(-3);
                    }
                    if is_made.load(Ordering::SeqCst) {
                        let mut row = list["orders"][0].clone();
                        (row["orderNo"], row["orderStatus"]) = (json!(new), json!(0));
                        list["orders"].as_array_mut().unwrap().push(row);
                    }
                    Say::Json(list)
                }
                ("regenerateOrder.do", _) => {
                    is_made.store(true, Ordering::SeqCst);
                    let mut made = for_account(&new);
                    (made["originalOrderNo"], made["msg"]) = (json!(old), "success".into());
                    Say::Json(made)
                }
                ("pay.do", Say::Json(mut answer)) => {
                    *paid.lock().unwrap() = Some(asked.order());
                    answer["paymentMethod"] = json!(4);
                    Say::Json(answer)
                }
                (_, answer) => answer,
            });
        let desk = Desk::at(&vendor.url());
        let arguments = [
            "recover",
            &order,
            "--via",
            "airline-account",
            "--yes",
            "--max-increase",
            "5",
            "--follow",
            "--json",
        ];
        let ran = desk.run(&arguments, "");
        let document = ran.json();
        assert_eq!(ran.code, Some(0), "{document:#} {}", ran.stderr);
        assert_eq!((&document["paymentMethod"], &document["ticketed"]), (&json!("byoa"), &json!(true)));
        let sent = |endpoint: &str| -> Vec<Value> {
            vendor.asked().iter().filter(|asked| asked.endpoint() == endpoint).map(Asked::json).collect()
        };
        let payable = if declined { &child } else { &order };
        assert_eq!(
            sent("pay.do"),
            [json!({ "orderNo": payable, "paymentMethod": 4 })],
            "the documented request"
        );
        let made: &[Value] = if declined { &[json!({ "originalOrderNo": order })] } else { &[] };
        assert_eq!(sent("regenerateOrder.do"), made);
    }
}

#[test]
fn a_note_is_kept_without_the_vendor_and_shown_and_one_with_a_card_number_is_not() {
    let scene = Scene::new(0, ok);
    let noted = scene.run(&["note", "ORDER", "called the traveller", "--json"]);
    let document = noted.json();
    assert_eq!(noted.code, Some(0), "{}", noted.stderr);
    assert_eq!(
        (&document["orderNo"], &document["note"]),
        (&json!(scene.order), &json!("called the traveller"))
    );
    assert!(document["at"].is_string() && document["operator"].is_string(), "{document}");
    assert_eq!(scene.run(&["note", "ORDER", "and again"]).code, Some(0));
    let check = |arguments: &[&str], code: i32, word: &str| {
        let ran = scene.run(arguments);
        assert_eq!(
            (ran.code, ran.json()["error"]["code"].as_str()),
            (Some(code), Some(word)),
            "{}",
            ran.stderr
        );
    };
    check(&["note", "ORDER", "paid with 4532 0151 1283 0366", "--json"], 2, "card_in_argument");
    check(&["--read-only", "note", "ORDER", "seen", "--json"], 1, "read_only");
    assert_eq!(scene.run(&["note", "ORDER", " "]).code, Some(2), "nothing to note");
    assert_eq!(scene.vendor.asked().len(), 0, "the vendor has no part in it");
    let shown = scene.run(&["show", "ORDER", "--json"]).json();
    let lines = shown["timeline"].as_array().unwrap();
    let notes: Vec<&str> = lines.iter().filter_map(|line| line["note"].as_str()).collect();
    assert_eq!(notes, ["called the traveller", "and again"], "{shown}");
}
