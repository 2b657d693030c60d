//! `paydesk baggage` by the real binary: against a vendor that a test scripts, and against the simulator.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod program;
mod sample;
mod vendor;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use paydesk::sim;
use serde_json::{Value, json};

use self::{
    program::{Desk, Ran, control, get, reasons},
    vendor::{Asked, Say, Vendor, details, number, usual},
};

/// What the scripted vendor does with `confirmBaggageLoss.do`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// Takes it, and says so.
    Openly,
    /// Takes it, and the answer is lost.
    Silently,
    /// The request is lost.
    Loses,
    /// Says that it has taken it, and has not.
    OnlySaysSo,
    /// Answers with this status.
    Refuses(i64),
}

/// A vendor with one order in ticketing that has this code, until its loss is accepted.
fn vendor(code: &'static str, takes: Takes) -> (Vendor, String) {
    let order = number(1);
    let is_gone = Arc::new(AtomicBool::new(false));
    let gone = Arc::clone(&is_gone);
    let answers = Mutex::new(usual(vec![order.clone()], move |no| {
        let mut details = details(no);
        details["orderStatus"] = "1".into();
        if !gone.load(Ordering::SeqCst) {
            details["errorCode"] = code.into();
        }
        details
    }));
    let vendor = Vendor::start(move |asked: &Asked| {
        if asked.endpoint() != "confirmBaggageLoss.do" {
            return answers.lock().unwrap()(asked);
        }
        if matches!(takes, Takes::Openly | Takes::Silently) {
            is_gone.store(true, Ordering::SeqCst);
        }
        match takes {
            Takes::Openly | Takes::OnlySaysSo => Say::Json(json!({ "status": 0, "msg": "success" })),
            Takes::Refuses(status) => Say::Json(json!({ "status": status, "msg": "no" })),
            Takes::Silently | Takes::Loses => Say::Nothing,
        }
    });
    (vendor, order)
}

fn decide(desk: &Desk, order: &str, flag: &str) -> Ran {
    desk.run(&["baggage", order, flag, "--yes", "--json", "--wait", "4"], "")
}

fn requests(vendor: &Vendor) -> usize {
    vendor.count("confirmBaggageLoss.do")
}

#[test]
fn an_accepted_loss_is_asked_for_once_after_a_query_and_the_next_query_tells() {
    for (takes, state) in [(Takes::Openly, "taken"), (Takes::Silently, "inDoubt")] {
        let (vendor, order) = vendor("3011", takes);
        let desk = Desk::at(&vendor.url());
        let ran = decide(&desk, &order, "--accept-loss");
        assert_eq!(ran.code, Some(0), "{takes:?}: {}{}", ran.stdout, ran.stderr);
        let said = ran.json();
        assert_eq!(
            (&said["outcome"], &said["state"], &said["lossGone"], &said["charged"]),
            (&json!("accepted"), &json!(state), &json!(true), &json!("unknown")),
            "{said}"
        );
        let asked = vendor.asked();
        let at = asked.iter().position(|asked| asked.endpoint() == "confirmBaggageLoss.do").unwrap();
        assert_eq!(asked[at].json(), json!({ "orderNo": order }), "the documented request");
        assert!(asked[..at].iter().any(|asked| asked.endpoint() == "queryOrderDetails.do"));
        assert_eq!(requests(&vendor), 1);
        let story = desk.run(&["show", &order, "--json"], "").json();
        let states: Vec<&Value> = story["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["type"] == "baggageLoss")
            .map(|line| &line["state"])
            .collect();
        assert_eq!(states, ["accepting", state], "{story}");
    }
}

#[test]
fn what_is_not_known_exits_3_and_is_not_asked_for_again_at_once() {
    for takes in [Takes::Loses, Takes::OnlySaysSo, Takes::Refuses(9999)] {
        let (vendor, order) = vendor("3011", takes);
        let desk = Desk::at(&vendor.url());
        let ran = decide(&desk, &order, "--accept-loss");
        assert_eq!(ran.code, Some(3), "{takes:?}: {}{}", ran.stdout, ran.stderr);
        let said = ran.json();
        assert_eq!((&said["outcome"], &said["lossGone"]), (&json!("unknown"), &json!(false)), "{said}");
        let again = decide(&desk, &order, "--accept-loss");
        assert_eq!(
            (again.code, &again.json()["error"]["code"]),
            (Some(3), &json!("loss_asked")),
            "{takes:?}"
        );
        assert_eq!(requests(&vendor), 1, "{takes:?}");
    }
}

#[test]
fn a_refused_loss_sends_nothing_and_is_kept() {
    let (vendor, order) = vendor("3011", Takes::Openly);
    let desk = Desk::at(&vendor.url());
    let ran = decide(&desk, &order, "--refuse");
    assert_eq!((ran.code, &ran.json()["outcome"]), (Some(0), &json!("refused")), "{}", ran.stderr);
    assert!(ran.json()["endsAt"].is_string(), "{}", ran.stdout);
    assert_eq!(requests(&vendor), 0);
    let shown = desk.run(&["show", &order, "--json"], "").json();
    assert_eq!(shown["order"]["baggage"]["state"], "loss");
    assert_eq!(shown["order"]["baggage"]["decision"], "refused");
    assert!(shown["nextStep"].as_str().unwrap().contains("was refused"), "{shown}");
    let text = desk.run(&["--lang", "zh-CN", "show", &order], "").stdout;
    assert!(text.contains("行李亏损") && text.contains("不承担"), "{text}");
    let listed = desk.run(&["orders", "--json"], "").json();
    assert_eq!(listed["orders"][0]["errorCode"], "3011", "{listed}");
}

#[test]
fn what_cannot_be_bought_is_not_lost_or_not_said_is_refused_before_anything_is_sent() {
    let (unsold, order) = vendor("309", Takes::Openly);
    let (other, healthy) = vendor("", Takes::Openly);
    for (vendor, order, code) in
        [(&unsold, &order, "baggage_cannot_be_bought"), (&other, &healthy, "no_loss")]
    {
        let desk = Desk::at(&vendor.url());
        for flag in ["--accept-loss", "--refuse"] {
            let ran = decide(&desk, order, flag);
            let said = ran.json();
            assert_eq!((ran.code, &said["error"]["code"]), (Some(1), &json!(code)), "{flag}");
            assert_eq!(said["error"]["charged"], "no");
            assert_eq!(reasons(&said["error"]["reasons"]).len(), 1);
        }
        assert_eq!(requests(vendor), 0);
    }
    let (vendor, order) = vendor("3011", Takes::Openly);
    let desk = Desk::at(&vendor.url());
    let check = |arguments: &[&str], code: i32, word: &str| {
        let ran = desk.run(arguments, "");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {said}");
        assert!(said.contains(word), "{arguments:?}: {said}");
    };
    check(&["baggage", &order, "--yes"], 2, "--accept-loss");
    check(&["baggage", &order, "--accept-loss", "--refuse", "--yes"], 2, "--refuse");
    check(&["baggage", &order, "--accept-loss"], 2, "--yes");
    check(&["--read-only", "baggage", &order, "--accept-loss", "--yes", "--json"], 1, "read_only");
    assert_eq!(requests(&vendor), 0);
}

fn until(mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never came");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

#[test]
fn the_simulators_story_is_walked_to_the_ticket_and_to_the_end_by_itself() {
    let running = sim::spawn(sample::story("baggage-loss", None, 60.0)).unwrap();
    let desk = Desk::at(&format!("http://{}", running.addr));
    let order = |name: &str| get(running.addr, &format!("/_sim/orders/{name}"));
    let no = |name: &str| order(name)["orderNo"].as_str().unwrap().to_owned();
    let waits = |name: &str| {
        let shown = desk.run(&["show", &no(name), "--json"], "").json();
        shown["order"]["baggage"].is_object()
    };
    until(|| waits("loss") && waits("other") && waits("unsold"));
    let refused = decide(&desk, &no("other"), "--refuse");
    assert_eq!(refused.code, Some(0), "{}{}", refused.stdout, refused.stderr);
    assert_eq!(decide(&desk, &no("unsold"), "--accept-loss").code, Some(1));
    let accepted = decide(&desk, &no("loss"), "--accept-loss");
    assert_eq!(accepted.code, Some(0), "{}{}", accepted.stdout, accepted.stderr);
    // The rest of the half hour, sooner.
    control(running.addr, "POST", "/_sim/speed", r#"{"speed":1000}"#);
    until(|| order("loss")["orderStatus"] == 2);
    until(|| order("other")["orderStatus"] == -3 && order("unsold")["orderStatus"] == -3);
    let shown = desk.run(&["show", &no("other"), "--json"], "").json();
    assert_eq!(shown["order"]["errorCode"], "3011", "{shown}");
    assert!(shown["nextStep"].as_str().unwrap().contains("book again"), "{shown}");
    assert_eq!(get(running.addr, "/_sim/ledger")["doubleCharges"], json!({}));
}
