//! Recovery by the real binary against the simulator over HTTP: carried to the ticket, killed at any moment, asked for
//! by two programs at once. Whatever happens, the ledger shows one live charge and one new order.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod program;
mod sample;

use std::{
    net::SocketAddr,
    process::Stdio,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use paydesk::{
    domain::{
        attempt::{Attempt, Snapshot, State},
        order::OrderNo,
    },
    journal::{BlockingJournal, sqlite::SqliteJournal},
    sim::{self, Running},
};
use serde_json::Value;

use self::program::{Desk, Ran, control, get, reasons};

/// A simulator in whose story another desk pays `hero` by a card that the airline declines.
fn declined(speed: f64) -> (Running, Desk, String) {
    let running = sim::spawn(sample::story("vcc-decline", None, speed)).unwrap();
    let desk = Desk::at(&format!("http://{}", running.addr));
    let hero = || get(running.addr, "/_sim/orders/hero");
    until(|| hero()["orderStatus"] == -3);
    let order = hero()["orderNo"].as_str().unwrap().to_owned();
    (running, desk, order)
}

fn until(mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never came");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// The lineage of `order` in the vendor's ledger.
fn ledger(addr: SocketAddr, order: &str) -> Value {
    let ledger = get(addr, "/_sim/ledger");
    assert_eq!(ledger["doubleCharges"], serde_json::json!({}), "{ledger}");
    ledger["lineages"][order].clone()
}

/// Orders made from `order`.
fn made_from(addr: SocketAddr, order: &str) -> usize {
    let orders = get(addr, "/_sim/orders");
    let all = orders["orders"].as_array().unwrap();
    all.iter().filter(|one| one["lineage"] == order && one["orderNo"] != order).count()
}

fn sound(desk: &Desk) {
    let verdict = desk.run(&["journal", "verify", "--json"], "");
    assert_eq!(verdict.code, Some(0), "{}{}", verdict.stdout, verdict.stderr);
    assert_eq!(verdict.json()["sound"], true);
}

fn recover(desk: &Desk, order: &str, more: &[&str]) -> Ran {
    let arguments = [&["recover", order, "--via", "deposit", "--yes", "--json"], more].concat();
    desk.run(&arguments, "")
}

#[test]
fn a_declined_card_is_carried_to_the_ticket_once() {
    let (running, desk, order) = declined(60.0);
    let plan = desk.run(&["recover", &order, "--dry-run", "--json"], "").json();
    assert_eq!(plan["suggested"], "newOrderDeposit", "{plan}");
    let closed = plan["routes"].as_array().unwrap().iter().find(|route| route["route"] == "deposit").unwrap();
    assert_eq!(closed["open"], false, "{closed}");
    assert_eq!(made_from(running.addr, &order), 0, "a look makes nothing");

    // Four per cent dearer than the old one: too much for this, and both prices are shown.
    let dear = recover(&desk, &order, &["--max-increase", "1"]);
    assert_eq!(dear.code, Some(1), "{}", dear.stderr);
    let error = dear.json()["error"].clone();
    assert_eq!((&error["code"], &error["charged"]), (&"price_increased".into(), &"no".into()), "{error}");

    let done = recover(&desk, &order, &["--follow"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    let done = done.json();
    assert_eq!(
        (&done["ticketed"], &done["originalOrderNo"]),
        (&true.into(), &order.as_str().into()),
        "{done}"
    );
    assert_eq!(made_from(running.addr, &order), 1, "the order of the first run was gone on with");
    assert_eq!(ledger(running.addr, &order)["faresHeld"], 1);

    let again = recover(&desk, &order, &[]);
    assert_eq!(again.code, Some(1), "{}", again.stdout);
    assert_eq!(ledger(running.addr, &order)["faresHeld"], 1);
    let listed = desk.run(&["journal", "--json"], "").json();
    assert_eq!(listed["attempts"][0]["state"], "ticketed", "{listed}");
    assert_eq!(listed["regenerations"][0]["reason"], "604", "{listed}");
    let shown = desk.run(&["show", &order, "--json"], "").json();
    assert_eq!(shown["lineage"].as_array().unwrap().len(), 2, "{shown}");
    sound(&desk);
}

#[test]
fn a_closed_path_and_a_card_that_is_refused_name_their_fields_before_anything_is_made() {
    let (running, desk, order) = declined(60.0);
    let card = serde_json::json!({
        "cardNumber": "4000001234567899", "cardCVV": "739", "cardExpireMonth": "8", "cardExpireYear": "2019",
        "cardHolderFirstName": "D'ARCY", "cardHolderLastName": "O'BRIEN", "cardHolderCountry": "GB",
        "cardHolderCity": "London", "cardHolderPostCode": "W1J 7NT", "cardHolderAddress": "12 St James Square",
        "cardHolderProvince": "LN",
    })
    .to_string();
    let bad = [
        ("cardExpireYear", "card_expired"),
        ("cardHolderFirstName", "card_name_characters"),
        ("cardHolderLastName", "card_name_characters"),
    ];
    let arguments = ["recover", &order, "--via", "other-card", "--card-stdin", "--json"];
    let plan = desk.run(&[&arguments[..], &["--dry-run"]].concat(), &card);
    assert_eq!(plan.code, Some(0), "{}", plan.stderr);
    let plan = plan.json();
    let mut closed = 0;
    for path in plan["routes"].as_array().unwrap() {
        let reported = reasons(&path["reasons"]);
        if path["open"] == false {
            closed += 1;
            assert_eq!(reported.len(), 1, "{path}");
        } else if path["route"] == plan["suggested"] {
            assert_eq!(reported, bad, "{path}");
        }
        assert!(path["warnings"].is_array(), "{path}");
    }
    assert!(closed >= 3, "{plan:#}");
    let path = |route: &str| {
        let routes = plan["routes"].as_array().unwrap();
        routes.iter().find(|path| path["route"] == route).unwrap().clone()
    };
    assert_eq!(plan["suggested"], "newOrderOtherCard", "{plan:#}");
    assert_eq!(reasons(&path("deposit")["reasons"]), [("orderStatus", "cancelled")]);
    let refused = desk.run(&[&arguments[..], &["--yes"]].concat(), &card);
    let error = refused.json()["error"].clone();
    assert_eq!((refused.code, error["charged"].as_str()), (Some(1), Some("no")), "{error:#}");
    assert_eq!(reasons(&error["reasons"]), bad, "{error:#}");
    assert_eq!(error["reasons"][2]["advice"], "Write OBRIEN.");
    assert_eq!(made_from(running.addr, &order), 0, "no new order for a card that cannot pay it");
    let same = desk.run(&["recover", &order, "--via", "same-card", "--card-stdin", "--yes", "--json"], &card);
    let error = same.json()["error"].clone();
    assert_eq!((same.code, error["code"].as_str()), (Some(1), Some("way_closed")), "{error:#}");
    assert_eq!(reasons(&error["reasons"]), [("orderStatus", "cancelled")], "{error:#}");
    let text = desk.run(&["recover", &order, "--dry-run", "--lang", "zh-CN"], "").stdout;
    assert!(text.contains("订单状态：订单已取消。"), "{text}");
    sound(&desk);
}

#[test]
fn while_an_outcome_is_unknown_nothing_is_begun_and_nobody_says_that_nothing_was_charged() {
    let (running, desk, _) = declined(20.0);
    let order: OrderNo =
        get(running.addr, "/_sim/orders/second")["orderNo"].as_str().unwrap().parse().unwrap();
    let now = Timestamp::now();
    let claimed =
        Attempt::restore(Snapshot { amount: sample::money("100", "SGD"), ..sample::claimed(order, now) });
    let folder = desk.folder.path().join("data/test");
    let mut journal = SqliteJournal::open(&folder, "test").unwrap();
    journal.claim(&claimed).unwrap();
    journal.advance(&sample::sent(&claimed, sample::moment(now, 0)), &State::Claimed).unwrap();
    drop(journal);
    let asked = || get(running.addr, "/_sim/requests")["requests"].as_array().unwrap().len();
    let before = asked();
    let ran = recover(&desk, order.as_str(), &[]);
    assert_eq!(ran.code, Some(3), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.json()["error"]["charged"], "unknown");
    let shown = desk.run(&["show", order.as_str(), "--json"], "").json();
    assert_eq!(shown["order"]["paymentState"], "inDoubt", "{shown}");
    assert!(asked() > before, "it was asked about");
    let sent = get(running.addr, "/_sim/requests");
    let effects = ["pay.do", "regenerateOrder.do"];
    let sent = sent["requests"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| effects.contains(&one["endpoint"].as_str().unwrap()));
    assert_eq!(sent.count(), 0);
}

#[test]
fn two_programs_at_the_same_moment_make_one_order_and_one_charge() {
    for _ in 0..3 {
        let (running, desk, order) = declined(60.0);
        let begin = || {
            let mut command =
                desk.command(&["recover", &order, "--via", "deposit", "--yes", "--follow", "--json"]);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let both = [begin(), begin()];
        let codes = both.map(|child| child.wait_with_output().unwrap().status.code());
        assert!(codes.contains(&Some(0)), "{codes:?}");
        assert_eq!(made_from(running.addr, &order), 1, "{codes:?}");
        assert_eq!(ledger(running.addr, &order)["faresHeld"], 1, "{codes:?}");
        sound(&desk);
    }
}

/// Killed in the instant between writing "sending" down and the first byte: the doubt outlasts this test by minutes, as
/// it must, and nothing was charged.
fn was_never_sent(running: &Running, order: &str, shown: &Value) -> bool {
    let asked = get(running.addr, "/_sim/requests");
    let pays = asked["requests"].as_array().unwrap().iter().filter(|one| one["endpoint"] == "pay.do").count();
    let held = ledger(running.addr, order)["faresHeld"].as_u64().unwrap_or(0);
    pays == 0 && held == 0 && shown["order"]["paymentState"] == "inDoubt"
}

#[test]
fn killed_at_any_moment_and_started_again_it_ends_in_the_same_state() {
    // From before the first byte to after the last: the whole run takes about a second at this speed.
    let mut all_made = 0;
    for round in 0..14_u64 {
        let (running, desk, order) = declined(60.0);
        let mut child = desk
            .command(&["recover", &order, "--via", "deposit", "--yes", "--follow", "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::park_timeout(Duration::from_millis(25 + round * 45));
        let _ended = child.kill();
        child.wait().unwrap();
        let last = recover(&desk, &order, &["--follow"]);
        // What was under way is asked about until it is decided; nothing is sent for it again.
        until(|| {
            let shown = desk.run(&["show", &order, "--json"], "").json();
            let lineage = shown["lineage"].as_array().unwrap().clone();
            let child = lineage.last().unwrap().as_str().unwrap().to_owned();
            if child == order {
                // Killed with the call on disk and no byte of it sent: that is looked into for minutes, and no second
                // one leaves meanwhile.
                return shown["regenerations"][0]["state"] == "inDoubt"
                    && made_from(running.addr, &order) == 0;
            }
            let shown = desk.run(&["show", &child, "--json"], "").json();
            shown["order"]["status"] == "ticketed" || was_never_sent(&running, &order, &shown)
        });
        assert!(made_from(running.addr, &order) <= 1, "round {round}: {}{}", last.stdout, last.stderr);
        all_made += made_from(running.addr, &order);
        assert!(ledger(running.addr, &order)["faresHeld"].as_u64().unwrap_or(0) <= 1, "round {round}");
        sound(&desk);
    }
    assert!(all_made >= 12, "{all_made} of 14 were carried on");
}

#[test]
fn what_was_refused_once_may_be_asked_for_again() {
    let (running, desk, order) = declined(60.0);
    let fault = r#"{"fault":"status","status":304,"endpoint":"regenerateOrder.do"}"#;
    control(running.addr, "POST", "/_sim/faults", fault);
    let refused = recover(&desk, &order, &[]);
    assert_eq!((refused.code, made_from(running.addr, &order)), (Some(1), 0), "{}", refused.stderr);
    let done = recover(&desk, &order, &["--follow"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    assert_eq!(
        (made_from(running.addr, &order), ledger(running.addr, &order)["faresHeld"].as_u64()),
        (1, Some(1))
    );
}

const CARD: &str = r#"{"cardNumber":"4929123456789015","cardCVV":"739","cardExpireMonth":"08","cardExpireYear":"2031",
    "cardHolderFirstName":"Ada","cardHolderLastName":"Byron","cardHolderCountry":"GB","cardHolderCity":"London",
    "cardHolderPostCode":"W1J 7NT","cardHolderAddress":"12 St James Square","cardHolderProvince":"LN","reusable":false}"#;

#[test]
fn money_of_an_old_order_that_may_still_be_held_is_seen_by_a_flag_before_a_new_one_is_paid() {
    let (running, desk, _) = declined(20.0);
    let order = get(running.addr, "/_sim/orders/second")["orderNo"].as_str().unwrap().to_owned();
    let paid = ["pay", &order, "--method", "vcc", "--card-stdin", "--yes", "--json", "--follow"];
    let paid = desk.run(&paid, CARD);
    assert_eq!(paid.json()["state"], "reversed", "{}{}", paid.stdout, paid.stderr);
    // Regenerated, and then too dear for anybody.
    let made = recover(&desk, &order, &["--max-increase=-1"]);
    assert_eq!(made.json()["error"]["code"], "price_increased", "{}", made.stdout);
    let shown = desk.run(&["show", &order, "--json"], "").json();
    let child = shown["lineage"].as_array().unwrap().last().unwrap().as_str().unwrap().to_owned();
    assert_ne!(child, order);
    let pay = |more: &[&str]| {
        let arguments = ["pay", &child, "--method", "deposit", "--yes", "--json", "--follow"];
        desk.run(&[&arguments, more].concat(), "")
    };
    let refused = pay(&[]);
    let error = &refused.json()["error"];
    assert_eq!((refused.code, &error["code"]), (Some(1), &"old_payment_open".into()), "{error}");
    assert!(error["advice"].as_str().unwrap().contains("--old-payment-seen"), "{error}");
    let done = pay(&["--old-payment-seen"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    assert_eq!(ledger(running.addr, &order)["faresHeld"], 1);
}

#[test]
fn a_ceiling_above_the_desks_limit_is_refused_before_anything_is_made_or_claimed() {
    let (running, desk, order) = declined(60.0);
    let open = get(running.addr, "/_sim/orders/second")["orderNo"].as_str().unwrap().to_owned();
    let config = std::fs::read_to_string(desk.path("config.toml")).unwrap();
    // The one order is due in EUR, the other in SGD.
    std::fs::write(
        desk.path("config.toml"),
        config + "[payment]\nlimits = { EUR = \"90000\", SGD = \"90000\" }\n",
    )
    .unwrap();
    let card = CARD.replacen('{', r#"{"paymentLimit":90001,"#, 1);
    for arguments in [
        ["pay", &open, "--method", "vcc", "--card-stdin", "--yes", "--json"],
        ["recover", &order, "--via", "other-card", "--card-stdin", "--yes", "--json"],
        ["recover", &open, "--via", "other-card", "--card-stdin", "--yes", "--json"],
    ] {
        let ran = desk.run(&arguments, &card);
        let error = &ran.json()["error"];
        let ended = (ran.code, &error["code"], &error["charged"]);
        assert_eq!(ended, (Some(1), &"ceiling_above_limit".into(), &"no".into()), "{arguments:?}: {error}");
    }
    assert_eq!(made_from(running.addr, &order), 0, "no new order was made for it");
    let listed = desk.run(&["journal", "--json"], "").json();
    assert_eq!(listed["attempts"], serde_json::json!([]));
}

/// A simulator with an unpaid order and one whose ticketing the airline's trouble ends, both for the agency's account at the
/// airline; and the order numbers.
fn by_account(folder: &std::path::Path) -> (Running, Desk, [String; 2]) {
    let story = r#"
title = { en = "t", zh-CN = "t" }
about = { en = "a", zh-CN = "a" }
[[order]]
name = "open"
part = "open byoa"
airline = "VY"
methods = ["deposit", "byoa"]
left = "28m"
[[order]]
name = "failed"
part = "open byoa"
airline = "TR"
methods = ["deposit", "byoa"]
left = "28m"
ticketing = 634
[[timeline]]
at = "0s"
pay = { order = "failed", method = "byoa" }
"#;
    let path = folder.join("account.toml");
    std::fs::write(&path, story).unwrap();
    let running = sim::spawn(sample::story(path.to_str().unwrap(), None, 60.0)).unwrap();
    let desk = Desk::at(&format!("http://{}", running.addr));
    let get = |name: &str| get(running.addr, &format!("/_sim/orders/{name}"));
    until(|| get("failed")["orderStatus"] == -3);
    let numbers = ["open", "failed"].map(|name| get(name)["orderNo"].as_str().unwrap().to_owned());
    (running, desk, numbers)
}

#[test]
fn the_account_at_the_airline_is_a_way_on_the_same_order_and_on_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let (running, desk, [open, failed]) = by_account(folder.path());
    let via = ["--via", "airline-account", "--json"];
    for (order, path, made) in [(&open, "account", 0), (&failed, "newOrderAccount", 1)] {
        let arguments = |more: &[&'static str]| -> Vec<String> {
            let all = [&["recover"][..], &[order.as_str()], &via, more].concat();
            all.into_iter().map(str::to_owned).collect()
        };
        let run = |more: &[&'static str]| {
            let arguments = arguments(more);
            desk.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), "")
        };
        let plan = run(&["--dry-run"]);
        assert_eq!(plan.code, Some(0), "{}{}", plan.stdout, plan.stderr);
        let plan = plan.json();
        let way = plan["routes"].as_array().unwrap().iter().find(|way| way["route"] == path).unwrap();
        assert_eq!(way["open"], true, "{plan}");
        assert_eq!(made_from(running.addr, order), 0, "a look makes nothing");
        // It takes no card.
        let with_card = run(&["--card-stdin", "--yes"]);
        assert_eq!(with_card.code, Some(2), "{}{}", with_card.stdout, with_card.stderr);
        let done = run(&["--yes", "--max-increase", "50", "--follow"]);
        assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
        let done = done.json();
        assert_eq!((&done["paymentMethod"], &done["ticketed"]), (&"byoa".into(), &true.into()), "{done}");
        assert_eq!(made_from(running.addr, order), made);
        let held = ledger(running.addr, order);
        assert_eq!(held["faresHeld"], 1, "{held}");
    }
    sound(&desk);
}
