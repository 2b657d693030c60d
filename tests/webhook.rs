//! The webhook listener against whatever may knock.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use paydesk::{
    domain::notice::{Kind, Notice},
    webhook::{self, Options, Secrets},
};

struct Ear {
    addr: SocketAddr,
    path: String,
    heard: Receiver<Notice>,
    _folder: tempfile::TempDir,
}

fn listen() -> Ear {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::open(&folder.path().join("webhook-path")).unwrap();
    let path = secrets.path();
    let (told, heard) = mpsc::channel();
    let hear = move |notice| drop(told.send(notice));
    let addr = webhook::spawn(Options { listen: "127.0.0.1:0".parse().unwrap(), secrets }, hear).unwrap();
    Ear { addr, path, heard, _folder: folder }
}

/// Sends raw bytes and returns the status of the answer; 0 when the connection was closed without one.
fn send(addr: SocketAddr, bytes: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A listener that has heard enough may close before everything is said.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn request(method: &str, path: &str, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nhost: desk\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

const CANCELLED: &str = r#"{"cid":"x","type":"order.cancelled","status":-1,"data":{"orderNo":"TESTA20261122135802207","errorCode":"604"}}"#;
const JSON: &str = "application/json;charset=UTF-8";

#[test]
fn a_notice_on_the_secret_path_is_handed_on_and_acknowledged() {
    let ear = listen();
    assert_eq!(send(ear.addr, &request("POST", &ear.path, JSON, CANCELLED)), 200);
    let notice = ear.heard.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(notice.kind, Kind::Cancelled);
    assert_eq!(notice.order.unwrap().as_str(), "TESTA20261122135802207");
    assert_eq!(notice.raw, CANCELLED);
    assert_eq!(
        send(ear.addr, &request("POST", &ear.path, JSON, r#"{"type":"order.unheard","data":null}"#)),
        200
    );
    assert!(matches!(ear.heard.recv_timeout(Duration::from_secs(5)).unwrap().kind, Kind::Other(_)));
}

#[test]
fn whatever_else_knocks_learns_nothing_and_is_not_heard() {
    let ear = listen();
    let check = |bytes: &[u8], want: u16| {
        assert_eq!(send(ear.addr, bytes), want, "{}", bytes.get(..60).unwrap_or(bytes).escape_ascii());
    };
    check(&request("POST", "/", JSON, CANCELLED), 404);
    check(&request("POST", &format!("{}x", ear.path), JSON, CANCELLED), 404);
    check(&request("GET", "/anything", JSON, ""), 404);
    check(&request("GET", &ear.path, JSON, ""), 405);
    check(&request("POST", &ear.path, "text/plain", CANCELLED), 415);
    check(&request("POST", &ear.path, JSON, "not json"), 400);
    check(&request("POST", &ear.path, JSON, "[]"), 400);
    check(&request("POST", &ear.path, JSON, &"x".repeat(70_000)), 413);
    check(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0);
    check(b"\x16\x03\x01\x02\x00\x01\x00", 400);
    assert!(ear.heard.try_recv().is_err());
    assert_eq!(send(ear.addr, &request("POST", &ear.path, JSON, CANCELLED)), 200, "and it still listens");
}

#[test]
fn slow_and_silent_callers_are_sent_away_and_never_crowd_out_a_notice() {
    let ear = listen();
    // More than there are places: heads that never end.
    let mut silent: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(ear.addr).unwrap()).collect();
    for stream in &mut silent {
        stream.write_all(b"POST / HTTP/1.1\r\nx: ").unwrap();
    }
    let begun = Instant::now();
    assert_eq!(send(ear.addr, &request("POST", &ear.path, JSON, CANCELLED)), 200);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert!(ear.heard.recv_timeout(Duration::from_secs(5)).is_ok());
}
