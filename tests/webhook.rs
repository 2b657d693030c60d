//! The webhook listener against whatever may call it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use paydesk::{
    domain::notification::{Kind, Notification, Refusal},
    webhook::{self, Options, Secrets},
};

struct Server {
    addr: SocketAddr,
    path: String,
    received: Receiver<Notification>,
    refused: Receiver<Refusal>,
    _folder: tempfile::TempDir,
}

fn listen() -> Server {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::open(&folder.path().join("webhook-path")).unwrap();
    let path = secrets.path();
    let (sender, received) = mpsc::channel();
    let receive = move |notification| drop(sender.send(notification));
    let (sender, refused) = mpsc::channel();
    let refuse = move |refusal| {
        let _over = sender.send(refusal);
    };
    let options = Options { listen: "127.0.0.1:0".parse().unwrap(), secrets };
    let addr = webhook::spawn(options, receive, refuse).unwrap();
    Server { addr, path, received, refused, _folder: folder }
}

/// Sends raw bytes and returns the status of the answer; 0 when the connection was closed without one.
fn send(addr: SocketAddr, bytes: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A server that has read enough may close before everything is sent.
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
fn a_notification_on_the_secret_path_is_handed_on_and_acknowledged() {
    let server = listen();
    assert_eq!(send(server.addr, &request("POST", &server.path, JSON, CANCELLED)), 200);
    let notification = server.received.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(notification.kind, Kind::Cancelled);
    assert_eq!(notification.order.unwrap().as_str(), "TESTA20261122135802207");
    assert_eq!(notification.raw, CANCELLED);
    assert_eq!(
        send(server.addr, &request("POST", &server.path, JSON, r#"{"type":"order.unheard","data":null}"#)),
        200
    );
    assert!(matches!(server.received.recv_timeout(Duration::from_secs(5)).unwrap().kind, Kind::Other(_)));
}

/// A request with headers of its own and a body of bytes.
fn packed(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: desk\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(body).unwrap();
    packer.finish().unwrap()
}

#[test]
fn slashes_that_proxies_double_or_add_mean_the_same_path() {
    let server = listen();
    let path = &server.path;
    for same in [format!("/{path}"), format!("{path}/"), format!("///{path}//"), format!("{path}?from=proxy")]
    {
        assert_eq!(send(server.addr, &request("POST", &same, JSON, CANCELLED)), 200, "{same}");
        assert!(server.received.try_recv().is_ok(), "{same}");
    }
    assert!(server.refused.try_recv().is_err());
}

#[test]
fn a_notification_is_read_whatever_its_type_mark_packing_or_encoding() {
    let server = listen();
    let check = |headers: &str, body: &[u8]| {
        assert_eq!(send(server.addr, &packed(&server.path, headers, body)), 200, "{headers}");
        let notification = server.received.try_recv().unwrap();
        assert_eq!(
            (notification.kind, notification.order.unwrap().as_str()),
            (Kind::Cancelled, "TESTA20261122135802207")
        );
    };
    let plain = CANCELLED.as_bytes();
    for kind in [
        "text/plain",
        "application/octet-stream",
        "text/json; charset=GBK",
        "application/x-www-form-urlencoded",
        "?",
    ] {
        check(&format!("content-type: {kind}\r\n"), plain);
    }
    check("", plain);
    let marked = format!("\u{feff}{CANCELLED}\r\n");
    check("", marked.as_bytes());
    check(
        "content-type: application/json; charset=utf-16\r\n",
        &marked.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
    );
    check("", &CANCELLED.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>());
    check("content-encoding: gzip\r\n", &gzip(plain));
    check("content-encoding: GZIP\r\n", &gzip(marked.as_bytes()));
    let level = flate2::Compression::best();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
    zlib.write_all(plain).unwrap();
    check("content-encoding: deflate\r\n", &zlib.finish().unwrap());
    let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), level);
    bare.write_all(plain).unwrap();
    check("content-encoding: deflate\r\n", &bare.finish().unwrap());
    // Packed without a word, and a word without packing.
    check("", &gzip(plain));
    check("content-encoding: gzip\r\n", plain);
    // A name in another encoding spoils nothing else.
    check("", &[b"{\"name\":\"\xcd\xf5\",", CANCELLED.trim_start_matches('{').as_bytes()].concat());
}

#[test]
fn a_probe_of_the_secret_path_gets_200_and_nothing_else() {
    let server = listen();
    for method in ["GET", "HEAD", "OPTIONS"] {
        assert_eq!(send(server.addr, &request(method, &server.path, JSON, "")), 200, "{method}");
        assert_eq!(send(server.addr, &request(method, "/", JSON, "")), 404, "{method}");
        assert_eq!(server.refused.try_recv(), Ok(Refusal::Path));
    }
    let mut stream = TcpStream::connect(server.addr).unwrap();
    stream.write_all(&request("GET", &server.path, JSON, "")).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("\r\n\r\n") && answer.contains("content-length: 0"), "{answer}");
    assert!(server.received.try_recv().is_err() && server.refused.try_recv().is_err());
}

#[test]
fn any_other_request_learns_nothing_is_not_handed_on_and_is_counted_with_its_reason() {
    let server = listen();
    let check = |bytes: &[u8], want: u16, why: Refusal| {
        let shown = bytes.get(..60).unwrap_or(bytes).escape_ascii().to_string();
        assert_eq!(send(server.addr, bytes), want, "{shown}");
        assert_eq!(server.refused.recv_timeout(Duration::from_secs(5)), Ok(why), "{shown}");
    };
    let path = &server.path;
    for wrong in
        ["/", "//", &format!("{path}x"), &format!("/prefix{path}"), &format!("{path}/more"), "/%2e%2e"]
    {
        check(&request("POST", wrong, JSON, CANCELLED), 404, Refusal::Path);
    }
    check(&request("GET", "/anything", JSON, ""), 404, Refusal::Path);
    for method in ["PUT", "DELETE", "PATCH", "BREW"] {
        check(&request(method, path, JSON, CANCELLED), 404, Refusal::Method);
    }
    for body in ["not json", "[]", "", "type=order.cancelled&orderNo=TESTA20261122135802207"] {
        check(&request("POST", path, JSON, body), 400, Refusal::NoNotification);
    }
    check(&request("POST", path, JSON, &"x".repeat(70_000)), 413, Refusal::TooLarge);
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 60_000);
    check(&packed(path, "content-encoding: gzip\r\n", &bomb), 413, Refusal::TooLarge);
    check(&packed(path, "content-encoding: br\r\n", CANCELLED.as_bytes()), 415, Refusal::Encoding);
    let torn = gzip(CANCELLED.as_bytes());
    check(&packed(path, "content-encoding: gzip\r\n", &torn[..30]), 415, Refusal::Encoding);
    check(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, Refusal::NotHttp);
    check(b"\x16\x03\x01\x02\x00\x01\x00", 400, Refusal::NotHttp);
    assert!(server.received.try_recv().is_err());
    assert_eq!(send(server.addr, &request("POST", path, JSON, CANCELLED)), 200, "and it still listens");
}

#[test]
fn slow_and_silent_callers_are_sent_away_and_never_crowd_out_a_notification() {
    let server = listen();
    // More than are served at once: heads that never end.
    let mut silent: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(server.addr).unwrap()).collect();
    for stream in &mut silent {
        stream.write_all(b"POST / HTTP/1.1\r\nx: ").unwrap();
    }
    let begun = Instant::now();
    assert_eq!(send(server.addr, &request("POST", &server.path, JSON, CANCELLED)), 200);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert!(server.received.recv_timeout(Duration::from_secs(5)).is_ok());
}
