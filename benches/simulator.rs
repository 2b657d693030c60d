//! The simulator over HTTP on loopback: how soon it answers after its start, and how many queries a second.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should stop")]

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use divan::{Bencher, counter::ItemsCount};
use paydesk::sim::{self, Running};

/// As many as a large desk has on its screen.
const ORDERS: usize = 10_000;

/// Connections that ask at the same time, each one question after the other.
const CLIENTS: usize = 4;

/// Questions of each client in one round.
const QUESTIONS: usize = 500;

fn main() {
    divan::main();
}

fn start(orders: usize) -> Running {
    sim::spawn(sample::story("calm-desk", Some(orders), 1.0)).unwrap()
}

/// A connection that is kept, and no more of HTTP than it takes.
struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    fn new(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: vec![0; 1 << 16] }
    }

    /// The length of the answer's body.
    fn ask(&mut self, endpoint: &str, body: &str, encoding: &str) -> usize {
        let request = format!(
            "POST /{endpoint} HTTP/1.1\r\nhost: sim\r\nx-atlas-client-id: a\r\nx-atlas-client-secret: b\r\n\
             accept-encoding: {encoding}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(request.as_bytes()).unwrap();
        let mut filled = 0;
        loop {
            filled += self.stream.read(&mut self.buffer[filled..]).unwrap();
            let head = self.buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n");
            let Some(head) = head else { continue };
            let text = std::str::from_utf8(&self.buffer[..head]).unwrap().to_lowercase();
            let (_, length) = text.split_once("content-length: ").unwrap();
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            if filled == head + 4 + length {
                return length;
            }
        }
    }

    fn text(&mut self, endpoint: &str, body: &str) -> String {
        let length = self.ask(endpoint, body, "identity");
        let end = self.buffer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        String::from_utf8(self.buffer[end..end + length].to_vec()).unwrap()
    }
}

/// From the call to the first answer.
#[divan::bench(args = [40, ORDERS])]
fn start_until_the_first_answer(bencher: Bencher, orders: usize) {
    bencher.bench_local(|| {
        let running = start(orders);
        let answered = Client::new(running.addr).ask("balance.do", r#"{"currency":"USD"}"#, "identity");
        (running, answered)
    });
}

/// `queryOrderDetails.do` of different orders, compressed or not.
#[divan::bench(args = ["identity", "gzip"])]
fn queries(bencher: Bencher, encoding: &str) {
    let running = start(ORDERS);
    let list = Client::new(running.addr).text("orderList.do", r#"{"pageSize":100}"#);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let bodies: Vec<String> = list["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| format!(r#"{{"orderNo":{}}}"#, order["orderNo"]))
        .collect();
    bencher.counter(ItemsCount::new(CLIENTS * QUESTIONS)).bench_local(|| {
        std::thread::scope(|scope| {
            for first in 0..CLIENTS {
                let bodies = &bodies;
                scope.spawn(move || {
                    let mut client = Client::new(running.addr);
                    for nth in 0..QUESTIONS {
                        let body = &bodies[(first * 25 + nth) % bodies.len()];
                        divan::black_box(client.ask("queryOrderDetails.do", body, encoding));
                    }
                });
            }
        });
    });
}
