//! The listener inside a running console: a notification of the vendor makes it ask, and one of a stranger
//! changes nothing.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::Command,
};

use paydesk::sim::{self, Options, Running};

use super::{get, sample, session::Session};

/// Sends a notification to the console, as the vendor would. The status of the answer.
pub(crate) fn notify(to: SocketAddr, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(to).unwrap();
    let length = body.len();
    write!(stream, "POST {path} HTTP/1.1\r\nhost: desk\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

fn queries(simulator: &Running, order: &str) -> usize {
    let requests = get(simulator, "/_sim/requests");
    let is_it =
        |one: &&serde_json::Value| one["endpoint"] == "queryOrderDetails.do" && one["orderNo"] == order;
    requests["requests"].as_array().unwrap().iter().filter(is_it).count()
}

#[test]
fn a_true_hint_is_asked_about_and_a_forged_one_too_and_nothing_else_comes_of_it() {
    // A port that was free a moment ago: the configuration wants a number.
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |base: &str| {
        // Swept so rarely that only hints bring news.
        let text = format!(
            "[environments.sandbox]\nbase_url = \"{base}\"\nclient_id = \"test\"\n[polling]\nrequests_per_minute = 600\nsweep_seconds = 600\n[webhook]\nlisten = \"{receiver}\"\n"
        );
        std::fs::write(folder.path().join("config.toml"), text).unwrap();
    };
    let path_of = |name: &str| folder.path().join(name).display().to_string();
    write("http://127.0.0.1:9");
    let shown = Command::new(env!("CARGO_BIN_EXE_paydesk"))
        .args(["--config", &path_of("config.toml"), "--data-dir", &path_of("data"), "webhook", "path"])
        .output()
        .unwrap();
    let path = String::from_utf8(shown.stdout).unwrap().trim().to_owned();
    let webhook = Some(format!("http://{receiver}{path}").parse().unwrap());
    let simulator = sim::spawn(Options { webhook, ..sample::story("vcc-decline", None, 20.0) }).unwrap();
    write(&format!("http://{}", simulator.addr));
    let number =
        |name: &str| get(&simulator, &format!("/_sim/orders/{name}"))["orderNo"].as_str().unwrap().to_owned();
    let (hero, second) = (number("hero"), number("second"));
    let mut session = Session::start(
        &["--config", &path_of("config.toml"), "--data-dir", &path_of("data")],
        &[("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api")],
    );
    let show = |session: &mut Session, order: &str| {
        if !session.screen().contains("14 of 14") {
            session.type_keys("\x1b");
            session.until_text("14 of 14");
        }
        session.select(order);
    };
    session.until_text("data live");
    // Another desk pays it and the airline declines it: the vendor's own webhook is how the console learns of that.
    session.until_text("failed 604");
    show(&mut session, &hero);
    session.until_text("vendor notice (a hint):");

    // A stranger knows the path and lies.
    show(&mut session, &second);
    session.until_text("Deposit");
    let before = queries(&simulator, &second);
    let lie = format!(r#"{{"type":"order.ticketed","status":0,"data":{{"orderNo":"{second}"}}}}"#);
    assert_eq!(notify(receiver, &path, &lie), "200");
    assert_eq!(notify(receiver, "/somewhere", &lie), "404");
    let screen = session.until("the lie in the story", |screen| screen.contains("vendor notice (a hint):"));
    assert!(screen.lines().any(|line| line.starts_with('>') && line.contains("unpaid")), "{screen}");
    session.until("a query", |_| queries(&simulator, &second) > before);
    let screen = session.screen();
    assert!(screen.lines().any(|line| line.starts_with('>') && line.contains("unpaid")), "{screen}");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
}
