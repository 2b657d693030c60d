//! What the binary believes of a vendor whose list, single answers or dates are wrong: a list row is a hint, a query is
//! evidence, no order is dead by one clock, and all outputs use the same words.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

mod program;
mod vendor;

use self::{
    program::{Desk, Ran},
    vendor::{Asked, Say, Vendor, details, http, number, usual},
};

/// A vendor with one order, what its list and its answers say of it, and what it does with `pay.do`.
#[derive(Clone)]
struct Liar {
    listed: Arc<AtomicI64>,
    answered: Arc<AtomicI64>,
    queries: Arc<AtomicUsize>,
}

impl Liar {
    fn start(pay: impl Fn() -> Say + Send + Sync + 'static) -> (Self, Vendor, Desk, String) {
        let order = number(0);
        let liar = Self { listed: Arc::default(), answered: Arc::default(), queries: Arc::default() };
        let (lies, answers) = (liar.clone(), usual(vec![order.clone()], details));
        let vendor = Vendor::start(move |asked: &Asked| match (asked.endpoint(), answers(asked)) {
            ("pay.do", _) => pay(),
            ("orderList.do", Say::Json(mut list)) => {
                list["orders"][0]["orderStatus"] = json!(lies.listed.load(Ordering::SeqCst));
                Say::Json(list)
            }
            ("queryOrderDetails.do", Say::Json(mut details)) => {
                lies.queries.fetch_add(1, Ordering::SeqCst);
                details["orderStatus"] = json!(lies.answered.load(Ordering::SeqCst).to_string());
                Say::Json(details)
            }
            (_, answer) => answer,
        });
        let desk = Desk::at(&vendor.url());
        (liar, vendor, desk, order)
    }

    fn lists(&self, status: i64) {
        self.listed.store(status, Ordering::SeqCst);
    }

    fn answers(&self, status: i64) {
        self.answered.store(status, Ordering::SeqCst);
    }
}

fn pay(desk: &Desk, order: &str) -> Ran {
    desk.run(&["pay", order, "--method", "deposit", "--yes", "--wait", "1", "--json"], "")
}

fn recover(desk: &Desk, order: &str) -> Ran {
    desk.run(&["recover", order, "--via", "deposit", "--yes", "--wait", "1", "--json"], "")
}

fn shown(desk: &Desk, order: &str) -> Value {
    desk.run(&["show", order, "--json"], "").json()
}

#[test]
fn a_row_of_the_list_ends_no_doubt_and_no_second_order_is_made_or_paid() {
    let (liar, vendor, desk, order) = Liar::start(|| http("502 Bad Gateway", "", "<html>"));
    assert_eq!(pay(&desk, &order).code, Some(3), "carried out or not: nobody knows");
    liar.lists(-3);
    let recovered = recover(&desk, &order);
    assert_eq!(recovered.code, Some(3), "{}{}", recovered.stdout, recovered.stderr);
    let document = shown(&desk, &order);
    assert_eq!(
        (&document["order"]["status"], &document["order"]["paymentState"]),
        (&json!("unpaid"), &json!("inDoubt"))
    );
    // Not even an answer ends it before the quarantine is over.
    liar.answers(-3);
    assert_eq!(recover(&desk, &order).code, Some(3));
    assert_eq!(shown(&desk, &order)["order"]["paymentState"], "inDoubt");
    // And then the first payment comes through.
    liar.answers(1);
    liar.lists(1);
    assert_eq!(shown(&desk, &order)["order"]["paymentState"], "paid");
    assert_eq!((vendor.count("pay.do"), vendor.count("regenerateOrder.do")), (1, 0));
}

#[test]
fn what_a_query_says_is_what_every_output_says_whatever_the_list_says() {
    let (liar, _vendor, desk, order) = Liar::start(|| Say::Nothing);
    for lie in [-3, 1, 2] {
        liar.lists(lie);
        let document = shown(&desk, &order);
        assert_eq!(document["order"]["status"], "unpaid", "{lie}: {document}");
        let rehearsed = desk.run(&["pay", &order, "--method", "deposit", "--dry-run", "--json"], "");
        assert_eq!(rehearsed.code, Some(0), "{lie}: {}", rehearsed.stdout);
        let orders = desk.run(&["orders", "--json"], "").json();
        let row = &orders["orders"][0];
        let word = row["status"].as_str().unwrap();
        assert!(word == "unpaid" || row["tktLimitTime"].is_null(), "a list alone was believed of {row}");
    }
}

#[test]
fn cancelled_and_then_ticketed_is_a_conflict_in_every_output() {
    let (liar, vendor, desk, order) = Liar::start(|| Say::Json(json!({ "status": 0, "msg": "success" })));
    assert_eq!(pay(&desk, &order).code, Some(0));
    liar.answers(-3);
    assert_eq!(shown(&desk, &order)["order"]["paymentState"], "reversed");
    liar.answers(2);
    liar.lists(2);
    let document = shown(&desk, &order);
    assert_eq!(document["order"]["paymentState"], "conflict", "{document}");
    assert_eq!(document["attempts"][0]["state"], "conflict");
    let next = document["nextStep"].as_str().unwrap();
    assert!(!next.contains("ticketed"), "{next}");
    let journal = desk.run(&["journal", "--json"], "").json();
    assert_eq!(journal["attempts"][0]["state"], "conflict", "{journal}");
    let text = desk.run(&["show", &order], "").stdout;
    assert!(text.contains("contradict"), "{text}");
    let again = recover(&desk, &order);
    assert_ne!(again.code, Some(0), "{}", again.stdout);
    assert_eq!((vendor.count("pay.do"), vendor.count("regenerateOrder.do")), (1, 0));
}

/// A vendor whose every answer is dated so far off, with these headers besides.
fn dated(off: SignedDuration, more: &'static str) -> (Vendor, Desk, String) {
    let order = number(0);
    let answers = usual(vec![order.clone()], details);
    let vendor = Vendor::start(move |asked: &Asked| {
        let Say::Json(body) = answers(asked) else { return Say::Nothing };
        let date = (Timestamp::now() + off).strftime("%a, %d %b %Y %H:%M:%S GMT");
        let head = format!("Content-Type: application/json\r\nDate: {date}\r\n{more}");
        http("200 OK", &head, &body.to_string())
    });
    let desk = Desk::at(&vendor.url());
    (vendor, desk, order)
}

#[test]
fn a_cached_answer_sets_no_clock_and_the_order_is_paid_itself() {
    for more in ["Age: 7\r\n", "Age: 0\r\n", "X-Cache: HIT from edge\r\n", "CF-Cache-Status: HIT\r\n"] {
        let (vendor, desk, order) = dated(SignedDuration::from_mins(40), more);
        let paid = recover(&desk, &order);
        assert_eq!(paid.code, Some(0), "{more}: {}{}", paid.stdout, paid.stderr);
        assert_eq!((vendor.count("pay.do"), vendor.count("regenerateOrder.do")), (1, 0), "{more}");
    }
}

#[test]
fn no_date_alone_has_a_living_order_regenerated() {
    for minutes in [40, 8 * 60, -8 * 60] {
        let (vendor, desk, order) = dated(SignedDuration::from_mins(minutes), "");
        recover(&desk, &order);
        assert_eq!(vendor.count("regenerateOrder.do"), 0, "{minutes} min");
    }
}
