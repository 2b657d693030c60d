//! Confirming with the airline and stopping issuance, by keys, against the simulator.

use std::io::{Read as _, Write as _};

use super::{amount_asked, console, get, listens, program_at, story};

/// The traveller presses the button on the airline's page.
fn confirm(addr: std::net::SocketAddr, path: &str) {
    let mut stream = std::net::TcpStream::connect(addr).unwrap();
    write!(stream, "POST {path} HTTP/1.1\r\nHost: sim\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("can be paid now"), "{answer}");
}

#[test]
fn a_ryanair_order_is_confirmed_on_the_airlines_page_and_paid() {
    let simulator = story("ryanair-confirm", None, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let yours = get(&simulator, "/_sim/orders/yours")["orderNo"].as_str().unwrap().to_owned();
    let mut session = console(&simulator, folder.path());
    session.until_text("data live");
    session.select(&yours);
    session.type_keys("$");
    session.until_text("Get the link with Enter or c");
    session.until_text("Checked");
    session.type_keys("\r");
    let screen = session.until_text("/airline/confirm/");
    let link =
        screen.lines().find_map(|line| line.find("http://").map(|at| line[at..].trim().to_owned())).unwrap();
    assert!(link.ends_with(&yours), "{link}");
    confirm(simulator.addr, &link[link.find("/airline").unwrap()..]);
    session.type_keys("\r");
    session.until_text("Do you know that the traveller");
    session.type_keys("y");
    session.until("the word to be taken", |screen| {
        screen.lines().any(|line| line.contains("pay ($)") && line.contains("WAITS FOR YOU"))
    });
    session.type_keys("$");
    session.until_text("Nothing is in the way");
    session.type_keys("\r");
    let screen = session.until_text("Type the amount");
    session.until("the confirmation to listen", listens);
    session.type_keys(&amount_asked(&screen));
    session.until_text("]  matches");
    session.type_keys("\r");
    session.until_text("[x] accepted");
}

#[test]
fn an_order_in_ticketing_is_stopped_from_its_plan() {
    let simulator = story("calm-desk", Some(40), 20.0);
    let folder = tempfile::tempdir().unwrap();
    // Late, and it hangs for hours.
    let late = get(&simulator, "/_sim/orders/order-7");
    assert_eq!(late["orderStatus"], 1);
    let late = late["orderNo"].as_str().unwrap().to_owned();
    let mut session = console(&simulator, folder.path());
    session.until_text("data live");
    session.select(&late);
    session.type_keys("t");
    session.until_text("stop issuance");
    session.until_text("Queried ");
    session.type_keys("k");
    session.until_text("> stop issuance");
    session.type_keys("\r");
    session.until_text("Ask the vendor to stop issuing");
    session.type_keys("y");
    session.until_text("Issuance was stopped");
    assert_eq!(get(&simulator, &format!("/_sim/orders/{late}"))["orderStatus"], -3);
    let requests = get(&simulator, "/_sim/requests");
    let asked =
        requests["requests"].as_array().unwrap().iter().filter(|one| one["endpoint"] == "stopTicket.do");
    assert_eq!(asked.count(), 1);
}

#[test]
fn commit_on_a_terminal_ends_by_itself_once_it_is_known_and_at_once_by_c_c() {
    const QUESTION: &str = "Do you know that the traveller";
    let simulator = story("ryanair-confirm", None, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let yours = get(&simulator, "/_sim/orders/yours")["orderNo"].as_str().unwrap().to_owned();
    let commit = |arguments: &[&str]| {
        program_at(simulator.addr, folder.path(), &[&["commit", &*yours], arguments].concat())
    };
    let mut left = commit(&[]);
    left.until_text(QUESTION);
    left.type_keys("\x03");
    assert_eq!(left.ended(), 3, "{}", left.screen());
    left.until_text("Not known yet");
    // Somebody else says so: who waits here hears of it, and is not asked any more.
    let mut waiting = commit(&[]);
    waiting.until_text(QUESTION);
    let mut other = commit(&["--confirmed"]);
    assert_eq!(other.ended(), 0, "{}", other.screen());
    assert_eq!(waiting.ended(), 0, "{}", waiting.screen());
    waiting.until_text("has confirmed, says the operator");
    // The word of whoever sits here ends it too.
    let mut said = commit(&[]);
    said.until_text(QUESTION);
    said.type_keys("y\r");
    assert_eq!(said.ended(), 0, "{}", said.screen());
    let mut unsure = commit(&[]);
    unsure.until_text(QUESTION);
    unsure.type_keys("n\r");
    assert_eq!(unsure.ended(), 3, "{}", unsure.screen());
}
