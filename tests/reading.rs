//! What really arrives over the wire, read by the binary: moments, amounts, pages of others, proxies, wishes for silence.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{
    fs,
    net::TcpListener,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::{Value, json};

mod program;
mod vendor;

use self::{
    program::{Desk, Ran, finish},
    vendor::{Asked, OnConnect, Proxy, Say, Vendor, details, http, list, number, usual},
};

/// A vendor of one order, with this instead of its usual details.
fn with(changes: Value) -> (Vendor, String) {
    let no = number(0);
    let vendor = Vendor::start(usual(vec![no.clone()], move |no| changed(details(no), &changes)));
    (vendor, no)
}

fn changed(mut details: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        details[key] = value.clone();
    }
    details
}

fn configure(desk: &Desk, more: &str) {
    let path = desk.path("config.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{text}{more}")).unwrap();
}

fn log(desk: &Desk) -> String {
    fs::read_to_string(desk.path("data/paydesk.log")).unwrap_or_default()
}

fn pay<'a>(no: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["pay", no, "--method", "deposit", "--yes", "--json"], more].concat()
}

fn assert_error(ran: &Ran, code: i32, word: &str) {
    let error = &ran.json()["error"];
    assert_eq!((ran.code, error["code"].as_str()), (Some(code), Some(word)), "{error:#}{}", ran.stderr);
    assert_eq!(error["charged"], "no", "{error:#}");
}

// Moments

/// A deadline in the future, and everything a back end may make of it.
fn forms_of(at: Timestamp) -> Vec<Value> {
    let singapore = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    let new_york = at.to_zoned(jiff::tz::TimeZone::get("America/New_York").unwrap());
    let local = |form: &str| json!(singapore.strftime(form).to_string());
    let utc = |form: &str| json!(at.strftime(form).to_string());
    vec![
        local("%Y-%m-%d %H:%M:%S"),
        local("%Y-%m-%dT%H:%M:%S"),
        local("%Y-%m-%d %H:%M:%S.000"),
        local("%Y-%m-%dT%H:%M:%S+08:00"),
        local("%Y-%m-%d %H:%M:%S +0800"),
        local("%Y-%m-%dT%H:%M:%S+08"),
        local("%Y-%m-%dt%H:%M:%S+08:00"),
        local("%Y%m%d%H%M%S"),
        local("%b %-d, %Y %-I:%M:%S %p"),
        local("%b %-d, %Y, %-I:%M:%S\u{202f}%p"),
        local("%a %b %d %H:%M:%S SGT %Y"),
        utc("%Y-%m-%dT%H:%M:%SZ"),
        utc("%Y-%m-%dT%H:%M:%S.000Z"),
        utc("%Y-%m-%d %H:%M:%Sz"),
        utc("%a, %d %b %Y %H:%M:%S GMT"),
        json!(new_york.to_string()),
        json!(at.as_second()),
        json!(at.as_second().to_string()),
        json!(at.as_millisecond()),
        json!(at.as_millisecond().to_string()),
    ]
}

#[test]
fn a_deadline_is_the_same_instant_in_every_form() {
    let at = Timestamp::from_second(Timestamp::now().as_second() + 1_800).unwrap();
    let forms = forms_of(at);
    let orders: Vec<String> = (0..forms.len()).map(number).collect();
    let answers = forms.clone();
    let vendor = Vendor::start(usual(orders.clone(), move |no| {
        let at: usize = no.get(17..).unwrap().parse().unwrap();
        changed(details(no), &json!({ "tktLimitTime": answers[at] }))
    }));
    let ran = Desk::at(&vendor.url()).run(&["orders", "--json"], "");
    let document = ran.json();
    for (no, form) in orders.iter().zip(forms) {
        let order =
            document["orders"].as_array().unwrap().iter().find(|order| order["orderNo"] == **no).unwrap();
        let read: Timestamp =
            order["tktLimitTime"].as_str().unwrap_or_else(|| panic!("{form}: none")).parse().unwrap();
        assert_eq!(read, at, "{form}");
    }
}

#[test]
fn what_is_not_a_moment_is_an_unknown_deadline_and_nothing_rests_on_it() {
    let tomorrow = (Timestamp::now() + jiff::SignedDuration::from_hours(24)).strftime("%Y-%m-%d").to_string();
    for form in [
        json!("2026-11-27"),
        json!(tomorrow),
        json!("0000-00-00 00:00:00"),
        json!("0001-01-01T00:00:00Z"),
        json!("9999-12-31 23:59:59"),
        json!("soon"),
        json!(""),
        json!(0),
        json!(true),
        json!({}),
        Value::Null,
    ] {
        let (vendor, no) = with(json!({ "tktLimitTime": form }));
        let desk = Desk::at(&vendor.url());
        let shown = desk.run(&["show", &no, "--json"], "");
        assert_eq!((shown.code, &shown.json()["order"]["tktLimitTime"]), (Some(0), &Value::Null), "{form}");
        let text = desk.run(&["show", &no], "").stdout;
        assert!(text.contains("deadline unknown") && !text.contains("passed"), "{form}: {text}");
        let chinese = desk.run(&["--lang", "zh-CN", "show", &no], "").stdout;
        assert!(chinese.contains("支付时限未知"), "{form}: {chinese}");
        assert_error(&desk.run(&pay(&no, &[]), ""), 1, "deadline_unknown");
        let recovered = desk.run(&["recover", &no, "--via", "deposit", "--yes", "--json"], "");
        assert_eq!(recovered.code, Some(1), "{form}: {}{}", recovered.stdout, recovered.stderr);
        assert!(!format!("{}{}", recovered.stdout, recovered.stderr).contains("passed"), "{form}");
        assert_eq!((vendor.count("pay.do"), vendor.count("regenerateOrder.do")), (0, 0), "{form}");
        assert_eq!(log(&desk).contains("tktLimitTime"), !form.is_null(), "{form}: {}", log(&desk));
    }
}

// Amounts

#[test]
fn an_amount_is_the_same_in_every_form_and_its_noise_is_gone() {
    let exact =
        ["149.20", "\"149.20\"", "\"149.2\"", "1.492e2", "\"USD 149.20\"", "\"149,20\"", "\"+149.20\""];
    let noisy =
        ["149.20000000000002", "149.19999999999999", "149.200000000000017053025658242404460906982421875"];
    for (form, is_noisy) in exact.map(|form| (form, false)).into_iter().chain(noisy.map(|form| (form, true)))
    {
        let (vendor, no) = with_raw_total(form);
        let desk = Desk::at(&vendor.url());
        let shown = desk.run(&["show", &no, "--json"], "").json();
        assert_eq!(shown["order"]["totalPrice"], json!({ "amount": "149.20", "currency": "USD" }), "{form}");
        let paid = desk.run(&pay(&no, &["--confirm-amount", "151.20"]), "");
        assert_eq!(paid.code, Some(0), "{form}: {}{}", paid.stdout, paid.stderr);
        assert_eq!(vendor.count("pay.do"), 1, "{form}");
        // Each of the two commands asked for it several times and logged it once.
        let logged = log(&desk).matches("rounded").count();
        assert_eq!(logged, if is_noisy { 2 } else { 0 }, "{form}: {}", log(&desk));
    }
}

#[test]
fn an_amount_that_is_more_exact_than_its_currency_is_unknown_and_is_not_paid() {
    for form in [
        "149.204",
        "149.2001",
        "\"149.205\"",
        "-149.20",
        "1e15",
        "\"1.492,0,0\"",
        "\"149.20 EUR\"",
        "\"x\"",
        "true",
        "{}",
        "[149.20]",
    ] {
        let (vendor, no) = with_raw_total(form);
        let desk = Desk::at(&vendor.url());
        let shown = desk.run(&["show", &no, "--json"], "").json();
        assert_eq!(shown["order"]["totalPrice"], Value::Null, "{form}");
        for more in [&[][..], &["--confirm-amount", "151.20"], &["--confirm-amount", "151.204"]] {
            assert_error(&desk.run(&pay(&no, more), ""), 1, "amount_unknown");
        }
        assert_eq!(vendor.count("pay.do"), 0, "{form}");
        assert!(log(&desk).contains("not understood"), "{form}: {}", log(&desk));
    }
}

#[test]
fn a_fee_that_is_not_understood_is_not_taken_for_none() {
    let (vendor, no) = with(json!({ "totalTransactionFee": 2.005 }));
    let desk = Desk::at(&vendor.url());
    assert_error(&desk.run(&pay(&no, &["--confirm-amount", "149.20"]), ""), 1, "amount_unknown");
    let option = json!([{ "paymentMethod": 1,
        "ticketFare": { "amount": 149.20, "currency": "USD", "deductFrom": "DEPOSIT" },
        "serviceFee": { "amount": "two", "currency": "USD", "deductFrom": "DEPOSIT" } }]);
    let (other, no) = with(json!({ "paymentOptions": option }));
    let desk = Desk::at(&other.url());
    assert_error(&desk.run(&pay(&no, &["--confirm-amount", "149.20"]), ""), 1, "amount_unknown");
    assert_eq!(vendor.count("pay.do") + other.count("pay.do"), 0);
}

#[test]
fn a_currency_has_as_many_decimals_as_it_has() {
    let check = |currency: &str, total: &str, want: Option<&str>| {
        let (vendor, no) = with_raw(&format!(r#""currency":"{currency}","totalPrice":{total}"#));
        let shown = Desk::at(&vendor.url()).run(&["show", &no, "--json"], "").json();
        assert_eq!(shown["order"]["totalPrice"]["amount"].as_str(), want, "{currency} {total}");
    };
    check("JPY", "41200.0", Some("41200"));
    check("JPY", "41200.0000001", Some("41200"));
    check("JPY", "41200.5", None);
    check("KWD", "12.345", Some("12.345"));
    check("KWD", "\"12.345\"", Some("12.345"));
    check("KWD", "\"1,234\"", None);
    check("USD", "\"1,234\"", Some("1234.00"));
    check("CNH", "12.34", Some("12.34"));
}

#[test]
fn the_amount_that_is_confirmed_is_read_like_any_other() {
    let (vendor, no) = with(json!({ "totalPrice": 1_232.5 }));
    let check = |text: &str, code: i32| {
        let desk = Desk::at(&vendor.url());
        let ran = desk.run(&pay(&no, &["--confirm-amount", text]), "");
        assert_eq!(ran.code, Some(code), "{text}: {}{}", ran.stdout, ran.stderr);
    };
    for text in [
        "1234.50",
        "1234.5",
        "1,234.50",
        "1 234.50",
        "1.234,50",
        "USD 1234.5",
        "1234.50 USD",
        "1234.5000000001",
    ] {
        check(text, 0);
    }
    for text in ["1234", "1234.51", "1.2345e3", "EUR 1234.50", "1.234", "123450", ""] {
        check(text, 1);
    }
}

/// A vendor of one order whose total is written so, to the byte.
fn with_raw_total(total: &str) -> (Vendor, String) {
    with_raw(&format!(r#""totalPrice":{total}"#))
}

/// A vendor of one order with this text in its details, before everything else.
fn with_raw(text: &str) -> (Vendor, String) {
    let no = number(0);
    let text = text.to_owned();
    let usual = usual(vec![no.clone()], details);
    let vendor = Vendor::start(move |asked| match usual(asked) {
        Say::Json(mut body) if asked.endpoint() == "queryOrderDetails.do" => {
            let fields = body.as_object_mut().unwrap();
            fields.retain(|key, _| !text.contains(&format!("\"{key}\":")));
            let body = body.to_string().replacen('{', &format!("{{{text},"), 1);
            http("200 OK", "Content-Type: application/json\r\n", &body)
        }
        other => other,
    });
    (vendor, no)
}

// Proxies

/// A vendor with TLS and one order, a proxy before it, and a desk that uses both.
fn behind(
    on_connect: impl Fn(usize) -> OnConnect + Send + 'static,
    answer: impl Fn(&Asked) -> Say + Send + Sync + 'static,
) -> (Vendor, Proxy, Desk) {
    let vendor = Vendor::with_tls(answer);
    let proxy = Proxy::start(on_connect);
    let desk = Desk::at(&vendor.url());
    let (url, file) = (proxy.url(), vendor::authority());
    configure(&desk, &format!("[network]\nproxy = \"{url}\"\nca_file = \"{}\"\n", file.display()));
    (vendor, proxy, desk)
}

#[test]
fn a_proxy_is_used_for_reads_and_for_the_payment_alike() {
    let no = number(0);
    let (vendor, proxy, desk) = behind(|_| OnConnect::Opens, usual(vec![no.clone()], details));
    let ran = desk.run(&pay(&no, &["--confirm-amount", "151.20"]), "");
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(vendor.count("pay.do"), 1);
    let asked = proxy.asked();
    assert!(asked.len() >= 2, "a connection of its own for the payment: {asked:?}");
    for asked in asked {
        assert_eq!(asked.line, format!("CONNECT {} HTTP/1.1", vendor.addr));
        assert!(asked.headers["user-agent"].starts_with("paydesk/"), "{asked:?}");
        assert!(!format!("{asked:?}").contains("secret-canary"), "the secret is for the API alone");
    }
}

#[test]
fn a_proxy_that_makes_no_connection_proves_that_nothing_was_sent() {
    for (on_connect, want) in [
        (OnConnect::Refuses(407), "a user and a password"),
        (OnConnect::Refuses(502), "it refused"),
        (OnConnect::Closes, "it closed"),
    ] {
        // Whoever reads is let through; once the order was asked for again, nobody is.
        let no = number(0);
        let queries = Arc::new(AtomicUsize::new(0));
        let (seen, usual) = (Arc::clone(&queries), usual(vec![no.clone()], details));
        let (vendor, _, desk) = behind(
            move |_| if queries.load(Ordering::SeqCst) < 2 { OnConnect::Opens } else { on_connect },
            move |asked| {
                seen.fetch_add(usize::from(asked.endpoint() == "queryOrderDetails.do"), Ordering::SeqCst);
                usual(asked)
            },
        );
        let ran = desk.run(&pay(&no, &["--confirm-amount", "151.20"]), "");
        let output = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!((ran.code, vendor.count("pay.do")), (Some(4), 0), "{on_connect:?}: {output}");
        assert!(output.contains("\"charged\": \"no\"") && output.contains(want), "{on_connect:?}: {output}");
    }
}

#[test]
fn a_second_check_that_fails_is_called_what_it_is_and_nothing_was_sent() {
    let said = |body: Value| http("200 OK", "", &body.to_string());
    let check = |second: fn(&dyn Fn(Value) -> Say) -> Say, code: i32, words: &str, reason: Option<&str>| {
        let no = number(0);
        let (queries, usual) = (AtomicUsize::new(0), usual(vec![no.clone()], details));
        let vendor = Vendor::start(move |asked| {
            let is_query = asked.endpoint() == "queryOrderDetails.do";
            if is_query && queries.fetch_add(1, Ordering::SeqCst) > 0 { second(&said) } else { usual(asked) }
        });
        let ran = Desk::at(&vendor.url()).run(&pay(&no, &["--confirm-amount", "151.20"]), "");
        let output = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!((ran.code, vendor.count("pay.do")), (Some(code), 0), "{words}: {output}");
        assert!(output.contains("\"charged\": \"no\"") && ran.stderr.contains(words), "{words}: {output}");
        let ending: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(ending["reasons"][0]["code"].as_str(), reason, "{output}");
    };
    check(|said| said(json!({"status": 703})), 1, "the order does not exist", Some("no_such_order"));
    let refused = |said: &dyn Fn(Value) -> Say| said(json!({"status": 705, "msg": "not yours"}));
    check(refused, 1, "refused with status 705; vendor: not yours", Some("refused"));
    check(|_| Say::Nothing, 4, "no complete answer", None);
    check(|_| http("502 Bad Gateway", "content-type: text/html\r\n", "<html>"), 4, "a web page", None);
}

#[test]
fn a_cut_behind_the_proxy_is_in_doubt_as_any_other() {
    let no = number(0);
    let usual = usual(vec![no.clone()], details);
    let (vendor, _, desk) = behind(
        |_| OnConnect::Opens,
        move |asked| if asked.endpoint() == "pay.do" { Say::Nothing } else { usual(asked) },
    );
    let ran = desk.run(&pay(&no, &["--confirm-amount", "151.20", "--wait", "1"]), "");
    assert_eq!((ran.code, vendor.count("pay.do")), (Some(3), 1), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_proxy_of_this_machine_carries_what_is_not_encrypted_and_another_one_never() {
    let (vendor, no) = with(json!({}));
    // For plain HTTP the request itself goes to the proxy: the vendor plays both.
    let desk = Desk::at("http://127.0.0.1:9");
    configure(&desk, &format!("[network]\nproxy = \"{}\"\n", vendor.url()));
    let ran = desk.run(&pay(&no, &["--confirm-amount", "151.20"]), "");
    assert_eq!((ran.code, vendor.count("pay.do")), (Some(0), 1), "{}{}", ran.stdout, ran.stderr);
    assert!(vendor.asked().iter().all(|asked| asked.line.starts_with("POST http://127.0.0.1:9/")));
    let desk = Desk::at(&vendor.url());
    configure(&desk, "[network]\nproxy = \"http://192.0.2.1:3128\"\n");
    let ran = desk.run(&["orders", "--json"], "");
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stdout.contains("in the clear"), "{}", ran.stdout);
}

#[test]
fn a_proxy_that_is_not_there_is_named_and_nothing_was_sent() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (vendor, no) = with(json!({}));
    let desk = Desk::at(&vendor.url());
    configure(&desk, &format!("[network]\nproxy = \"http://{nobody}\"\n"));
    for arguments in [vec!["orders", "--json"], vec!["show", &no, "--json"], pay(&no, &[])] {
        let ran = desk.run(&arguments, "");
        assert_error(&ran, 4, "no_proxy");
        assert!(ran.stdout.contains(&nobody.to_string()), "{}", ran.stdout);
    }
    assert!(vendor.asked().is_empty());
}

#[test]
fn the_proxy_variables_of_other_programs_are_ignored_and_ours_may_hold_a_password() {
    let no = number(0);
    let (vendor, proxy) =
        (Vendor::start(usual(vec![no.clone()], details)), Proxy::start(|_| OnConnect::Opens));
    let desk = Desk::at(&vendor.url());
    let mut command = desk.command(&["show", &no, "--json"]);
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, proxy.url());
    }
    assert_eq!(finish(command, "").code, Some(0));
    assert!(proxy.asked().is_empty(), "{:?}", proxy.asked());
    let (vendor, proxy, desk) = behind(|_| OnConnect::Opens, usual(vec![no.clone()], details));
    let other = Proxy::start(|_| OnConnect::Opens);
    let mut command = desk.command(&["show", &no, "--json"]);
    command.env("PAYDESK_PROXY", other.url().replace("http://", "http://me:hush@"));
    assert_eq!(finish(command, "").code, Some(0));
    assert!(proxy.asked().is_empty() && vendor.count("queryOrderDetails.do") > 0);
    let asked = other.asked();
    assert!(
        asked.iter().all(|asked| asked.headers["proxy-authorization"] == "Basic bWU6aHVzaA=="),
        "{asked:?}"
    );
    assert!(!log(&desk).contains("hush"));
}

// Certificates

fn without_certificates(desk: &Desk, arguments: &[&str]) -> Command {
    let mut command = desk.command(arguments);
    command.env("SSL_CERT_FILE", desk.path("nothing.pem")).env("SSL_CERT_DIR", desk.path("nothing"));
    command
}

#[test]
fn missing_certificates_are_reported_with_where_they_were_looked_for_and_the_mend() {
    let no = number(0);
    let vendor = Vendor::with_tls(usual(vec![no.clone()], details));
    let desk = Desk::at(&vendor.url());
    for arguments in [&["orders", "--json"][..], &["show", &no, "--json"], &pay(&no, &[])] {
        let ran = finish(without_certificates(&desk, arguments), "");
        assert_error(&ran, 2, "no_certificates");
        for word in ["nothing.pem", "SSL_CERT_FILE", "ca_file"] {
            assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
        }
        assert!(!ran.stdout.contains("builder error"), "{}", ran.stdout);
    }
    configure(&desk, &format!("[network]\nca_file = \"{}\"\n", vendor::authority().display()));
    let ran = finish(without_certificates(&desk, &["show", &no, "--json"]), "");
    assert_eq!(ran.code, Some(0), "a company's own authority is enough: {}", ran.stdout);
}

#[test]
fn a_server_that_nobody_vouches_for_is_not_asked() {
    let no = number(0);
    let vendor = Vendor::with_tls(usual(vec![no.clone()], details));
    let ran = Desk::at(&vendor.url()).run(&["show", &no, "--json"], "");
    assert_error(&ran, 4, "unreachable");
    assert!(ran.stdout.contains("certificate") && ran.stdout.contains("ca_file"), "{}", ran.stdout);
    assert!(vendor.asked().is_empty());
}

// Pages of others

#[test]
fn every_request_names_the_program() {
    let no = number(0);
    let vendor = Vendor::start(usual(vec![no.clone()], details));
    let desk = Desk::at(&vendor.url());
    assert_eq!(desk.run(&pay(&no, &["--confirm-amount", "151.20"]), "").code, Some(0));
    let path = desk.run(&["webhook", "path"], "").stdout;
    let url = format!("https://desk.example{}", path.trim());
    desk.run(&["webhook", "register", &url, "--yes"], "");
    let names: std::collections::BTreeSet<String> =
        vendor.asked().iter().map(|asked| asked.endpoint().to_owned()).collect();
    for name in ["orderList.do", "queryOrderDetails.do", "balance.do", "pay.do", "updateWebhookURL.do"] {
        assert!(names.contains(name), "{name} was not asked: {names:?}");
    }
    let name = format!("paydesk/{}", env!("CARGO_PKG_VERSION"));
    assert!(vendor.asked().iter().all(|asked| asked.headers.get("user-agent") == Some(&name)));
}

#[test]
fn a_page_of_somebody_else_is_called_that_and_never_a_fault_of_the_credentials() {
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    let page = "<html><title>Access denied</title></html>";
    let rows = [
        ("403 Forbidden", html, page, ["a web page", "HTTP 403", "text/html"]),
        ("401 Unauthorized", html, page, ["a web page", "HTTP 401", "text/html"]),
        ("403 Forbidden", "", "", ["an empty body", "HTTP 403", "no content type"]),
        (
            "401 Unauthorized",
            "Content-Type: text/plain\r\n",
            "denied",
            ["something else", "HTTP 401", "text/plain"],
        ),
        ("200 OK", html, "<!doctype html><p>Welcome to the airport", ["a web page", "HTTP 200", "text/html"]),
        ("200 OK", "", "", ["an empty body", "HTTP 200", "no content type"]),
        (
            "200 OK",
            "Content-Type: application/json\r\n",
            page,
            ["a web page", "HTTP 200", "application/json"],
        ),
        (
            "302 Found",
            "Location: https://login.example/?next\r\n",
            "",
            ["a redirect to login.example", "HTTP 302", "no content type"],
        ),
        ("307 There", "", "", ["a redirect", "HTTP 307", "no content type"]),
        ("502 Bad Gateway", html, page, ["a web page", "HTTP 502", "text/html"]),
        ("503 Busy", "Content-Type: text/plain\r\n", "busy", ["something else", "HTTP 503", "text/plain"]),
    ];
    for (status, headers, body, want) in rows {
        let vendor = Vendor::start(move |_| http(status, headers, body));
        let desk = Desk::at(&vendor.url());
        for arguments in [vec!["orders", "--json"], vec!["show", "TESTA20261103141502317", "--json"]] {
            let ran = desk.run(&arguments, "");
            assert_error(&ran, 4, "foreign_page");
            for want in want {
                assert!(ran.stdout.contains(want), "{status} {want}: {}", ran.stdout);
            }
            assert!(
                !ran.stdout.contains("authorised") && !ran.stdout.contains("client id"),
                "{}",
                ran.stdout
            );
        }
        let ran = desk.run(&["--lang", "zh-CN", "orders", "--json"], "");
        assert!(ran.stdout.contains("不是该 API 的答复") && ran.stdout.contains(want[1]), "{}", ran.stdout);
    }
}

#[test]
fn a_refusal_in_the_words_of_the_api_is_a_matter_of_credentials() {
    let json = "Content-Type: application/json\r\n";
    for (status, headers, body) in [
        ("401 Unauthorized", json, r#"{"status":900,"msg":"Unauthorized"}"#),
        ("403 Forbidden", "", r#"{"message":"Forbidden"}"#),
        ("401 Unauthorized", json, ""),
        ("200 OK", json, r#"{"status":900,"msg":"Unauthorized"}"#),
        ("200 OK", json, r#"{"status":"902","msg":"Unauthorized"}"#),
    ] {
        let vendor = Vendor::start(move |_| http(status, headers, body));
        let ran = Desk::at(&vendor.url()).run(&["orders", "--json"], "");
        assert_error(&ran, 4, "unauthorised");
    }
}

// Silence

#[test]
fn a_wish_for_silence_is_understood_in_every_form_and_the_longest_wins() {
    let date = |seconds: i64, form: &str| {
        let at = Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        at.strftime(form).to_string()
    };
    let (imf, rfc850, asctime) =
        ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y");
    let header = |wish: &str| format!("Retry-After: {wish}\r\n");
    let rows = [
        (header("77"), String::new(), 77),
        (header(&date(77, imf)), String::new(), 77),
        (header(&date(77, rfc850)), String::new(), 77),
        (header(&date(77, asctime)), String::new(), 77),
        (header("7") + &header("77"), String::new(), 77),
        (String::new(), r#"{"code":429,"retryAfter":77}"#.to_owned(), 77),
        (String::new(), r#"{"code":429,"retryAfter":"77"}"#.to_owned(), 77),
        (String::new(), r#"{"status":429,"retryAfter":76.5}"#.to_owned(), 77),
        (header("77"), r#"{"code":429,"retryAfter":5}"#.to_owned(), 77),
        (header("5"), r#"{"code":429,"retryAfter":77}"#.to_owned(), 77),
        (header(&date(5, imf)), r#"{"code":429,"retryAfter":"77"}"#.to_owned(), 77),
        (header("86400"), String::new(), 600),
        (header(&date(86_400, imf)), String::new(), 600),
        (header(&date(-60, imf)), String::new(), 1),
        (header("soon"), "<html>".to_owned(), 1),
        (String::new(), String::new(), 1),
    ];
    for (headers, body, want) in rows {
        let row = format!("{headers} {body}");
        let vendor = Vendor::start(move |_| http("429 Slow", &headers, &body));
        let ran = Desk::at(&vendor.url()).run(&["orders", "--json"], "");
        assert_error(&ran, 4, "limited");
        let message = ran.json()["error"]["message"].as_str().unwrap().to_owned();
        let seconds: i64 = message.split_whitespace().find_map(|word| word.parse().ok()).unwrap();
        assert!((want - 3..=want).contains(&seconds), "{row}: {message}");
    }
}

#[test]
fn a_wish_for_silence_is_kept_over_a_restart() {
    let no = number(0);
    let vendor = Vendor::start(|_| http("429 Slow", "Retry-After: 120\r\n", ""));
    let desk = Desk::at(&vendor.url());
    assert_error(&desk.run(&["orders", "--json"], ""), 4, "limited");
    let asked = vendor.asked().len();
    let begun = Instant::now();
    for arguments in [vec!["orders", "--json"], vec!["show", &no, "--json"], pay(&no, &[])] {
        let ran = desk.run(&arguments, "");
        assert_error(&ran, 4, "limited");
        assert!(ran.stdout.contains("asked to wait 1"), "so many seconds are left: {}", ran.stdout);
    }
    assert!(begun.elapsed() < Duration::from_secs(15), "nobody waits for it in vain");
    assert_eq!(vendor.asked().len(), asked, "nothing was asked meanwhile");
    assert_eq!(desk.run(&["journal", "verify"], "").code, Some(0));
}

#[test]
fn an_outcome_that_may_not_be_asked_about_is_reported_as_unknown() {
    let no = number(0);
    let is_sent = AtomicUsize::new(0);
    let usual = usual(vec![no.clone()], details);
    let vendor = Vendor::start(move |asked| {
        if asked.endpoint() == "pay.do" {
            is_sent.store(1, Ordering::SeqCst);
            return Say::Nothing;
        }
        let is_silent = is_sent.load(Ordering::SeqCst) == 1;
        if is_silent { http("429 Slow", "Retry-After: 120\r\n", "") } else { usual(asked) }
    });
    let desk = Desk::at(&vendor.url());
    let paid = desk.run(&pay(&no, &["--confirm-amount", "151.20", "--wait", "3"]), "");
    assert_eq!((paid.code, vendor.count("pay.do")), (Some(3), 1), "{}", paid.stdout);
    for arguments in [pay(&no, &["--confirm-amount", "151.20"]), vec!["show", &no, "--json"]] {
        let ran = desk.run(&arguments, "");
        assert_eq!(
            (ran.code, ran.json()["error"]["charged"].as_str()),
            (Some(3), Some("unknown")),
            "{}",
            ran.stdout
        );
    }
    assert_eq!(vendor.count("pay.do"), 1);
}

// Refusals

#[test]
fn an_order_whose_details_are_refused_for_ever_takes_nothing_from_the_others() {
    let orders: Vec<String> = (0..12).map(number).collect();
    let lost = orders[3].clone();
    for refusal in [
        json!({ "status": 703 }),
        json!({ "status": 0, "orderNo": null }),
        json!({ "status": 705, "msg": "slow" }),
    ] {
        let lost = lost.clone();
        let vendor =
            Vendor::start(usual(
                orders.clone(),
                move |no| {
                    if no == lost { refusal.clone() } else { details(no) }
                },
            ));
        let desk = Desk::at(&vendor.url());
        let begun = Instant::now();
        let ran = desk.run(&["orders", "--json"], "");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let known = ran.json()["orders"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|order| !order["tktLimitTime"].is_null())
            .count();
        assert_eq!(known, 11, "the others are all known");
        assert!(begun.elapsed() < Duration::from_secs(15), "and the list does not wait for the one");
        let asked = vendor.asked().iter().filter(|asked| asked.order() == orders[3]).count();
        assert!(asked <= 3, "asked for {asked} times");
        assert!(log(&desk).contains("left alone for a while"), "{}", log(&desk));
    }
}

#[test]
fn a_list_of_orders_is_read_whatever_its_moments_are_written_as() {
    let no = number(0);
    let (at, row) = (Timestamp::from_second(Timestamp::now().as_second() - 600).unwrap(), no.clone());
    for form in
        forms_of(at).into_iter().filter(|form| form.to_string().contains(['Z', 'z', '+']) || form.is_number())
    {
        let (form, row) = (form.clone(), row.clone());
        let written = form.clone();
        let vendor = Vendor::start(move |asked| {
            let mut list = list(&[&row]);
            list["orders"][0]["orderCreateTimestamp"] = written.clone();
            Say::Json(if asked.endpoint() == "orderList.do" { list } else { json!({ "status": 703 }) })
        });
        let ran = Desk::at(&vendor.url()).run(&["orders", "--json"], "").json();
        let read: Timestamp =
            ran["orders"][0]["createdTime"].as_str().unwrap_or_else(|| panic!("{form}")).parse().unwrap();
        assert_eq!(read, at, "{form}");
    }
}
