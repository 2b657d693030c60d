//! A vendor of a few lines: it answers as a test says, and notes what it was asked. With TLS if a test wants it, and
//! with a proxy before it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use serde_json::{Value, json};

/// The certificate of the authority that vouches for the vendor with TLS. Nobody's, for a hundred years.
pub(crate) fn authority() -> PathBuf {
    folder().join("authority.pem")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vendor")
}

/// What came: the first line, the headers in lower case, the body.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Asked {
    /// `pay.do`
    pub(crate) fn endpoint(&self) -> &str {
        let target = self.line.split(' ').nth(1).unwrap_or_default();
        target.rsplit('/').next().unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub(crate) fn order(&self) -> String {
        self.json()["orderNo"].as_str().unwrap_or_default().to_owned()
    }
}

/// What is said to it.
pub(crate) enum Say {
    /// HTTP 200 with this JSON.
    Json(Value),
    /// These bytes, whatever they are.
    Raw(Vec<u8>),
    /// Nothing: the connection is closed.
    Nothing,
}

/// A whole answer of HTTP, with these headers and no others.
pub(crate) fn http(status: &str, headers: &str, body: &str) -> Say {
    Say::Raw(format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len()).into())
}

type Answer = dyn Fn(&Asked) -> Say + Send + Sync;

/// The vendor.
#[derive(Clone)]
pub(crate) struct Vendor {
    pub(crate) addr: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    scheme: &'static str,
}

impl Vendor {
    /// Answers each request as `answer` says.
    pub(crate) fn start(answer: impl Fn(&Asked) -> Say + Send + Sync + 'static) -> Self {
        Self::listen(None, answer)
    }

    /// The same over TLS, vouched for by [`authority`].
    pub(crate) fn with_tls(answer: impl Fn(&Asked) -> Say + Send + Sync + 'static) -> Self {
        let chain = CertificateDer::from_pem_file(folder().join("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder().join("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![chain], key).unwrap();
        Self::listen(Some(Arc::new(config)), answer)
    }

    fn listen(
        tls: Option<Arc<ServerConfig>>,
        answer: impl Fn(&Asked) -> Say + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let vendor = Self { addr: listener.local_addr().unwrap(), asked: Arc::default(), scheme };
        let (asked, answer): (_, Arc<Answer>) = (Arc::clone(&vendor.asked), Arc::new(answer));
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let (asked, answer, tls) = (Arc::clone(&asked), Arc::clone(&answer), tls.clone());
                // A client that goes away ends its connection, and nothing else.
                thread::spawn(move || match tls {
                    None => serve(stream, &asked, &*answer),
                    Some(config) => {
                        let session = ServerConnection::new(config).map_err(io::Error::other)?;
                        serve(StreamOwned::new(session, stream), &asked, &*answer)
                    }
                });
            }
        });
        vendor
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.addr)
    }

    /// Everything that it was asked.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often it was asked this.
    pub(crate) fn count(&self, endpoint: &str) -> usize {
        self.asked().iter().filter(|asked| asked.endpoint() == endpoint).count()
    }
}

fn serve(mut stream: impl Read + Write, asked: &Mutex<Vec<Asked>>, answer: &Answer) -> io::Result<()> {
    while let Some(request) = read(&mut stream)? {
        asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        match answer(&request) {
            Say::Nothing => break,
            Say::Json(body) => {
                let body = body.to_string();
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
                );
                stream.write_all(&[head.into_bytes(), body.into_bytes()].concat())?;
            }
            Say::Raw(bytes) => stream.write_all(&bytes)?,
        }
        stream.flush()?;
    }
    Ok(())
}

/// A whole request; none at the end of a connection.
fn read(stream: &mut impl Read) -> io::Result<Option<Asked>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Some(Asked { line, headers, body: String::from_utf8_lossy(&body).into_owned() }))
}

/// What a proxy does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnConnect {
    /// Makes the connection that it is asked for.
    Opens,
    /// Answers CONNECT with this status.
    Refuses(u16),
    /// Closes instead of answering CONNECT.
    Closes,
}

/// A proxy for CONNECT, and what it was asked.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) addr: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Proxy {
    /// Treats the connection of each number, from 0, as `on_connect` says.
    pub(crate) fn start(on_connect: impl Fn(usize) -> OnConnect + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { addr: listener.local_addr().unwrap(), asked: Arc::default() };
        let asked = Arc::clone(&proxy.asked);
        thread::spawn(move || {
            for number in 0.. {
                let Ok((stream, _)) = listener.accept() else { break };
                let (asked, on_connect) = (Arc::clone(&asked), on_connect(number));
                thread::spawn(move || pass(stream, &asked, on_connect));
            }
        });
        proxy
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn pass(mut client: TcpStream, asked: &Mutex<Vec<Asked>>, on_connect: OnConnect) -> io::Result<()> {
    let Some(request) = read(&mut client)? else { return Ok(()) };
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
    match on_connect {
        OnConnect::Closes => return Ok(()),
        OnConnect::Refuses(status) => {
            return write!(
                client,
                "HTTP/1.1 {status} No\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
            );
        }
        OnConnect::Opens => {}
    }
    let target = request.line.split(' ').nth(1).unwrap_or_default();
    let mut server = TcpStream::connect(target)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ended = io::copy(&mut from_client, &mut to_server);
        to_server.shutdown(std::net::Shutdown::Write)
    });
    io::copy(&mut server, &mut client)?;
    client.shutdown(std::net::Shutdown::Write)
}

/// An unpaid order as the list shows it.
pub(crate) fn listed(no: &str) -> Value {
    json!({ "orderNo": no, "pnrCode": "X3MDP9", "orderStatus": 0, "airlines": ["5J"], "depDate": "20261205",
        "orderCreateTimestamp": ago(60), "paxNames": ["LIN/MEI"], "fromCity": "MNL", "toCity": "SIN" })
}

/// The list of these orders.
pub(crate) fn list(orders: &[&str]) -> Value {
    let rows: Vec<Value> = orders.iter().map(|no| listed(no)).collect();
    json!({ "status": 0, "msg": null, "totalRecords": rows.len(), "page": 1, "pageSize": 100, "orders": rows })
}

/// The details of an unpaid order that may be paid by deposit for half an hour.
pub(crate) fn details(no: &str) -> Value {
    json!({ "status": 0, "msg": null, "orderNo": no, "orderStatus": "0", "ticketStatus": "0", "currency": "USD",
        "totalPrice": 149.20, "totalTransactionFee": 2.00, "tktLimitTime": singapore(1_800),
        "createdTime": singapore(-60), "supportPaymentMethods": [1],
        "paxTicketInfos": [{ "name": "LIN/MEI", "passengerType": 0 }],
        "routing": { "fromSegments": [{ "carrier": "5J", "flightNumber": "5J813", "depAirport": "MNL",
            "depTime": "202612050540", "arrAirport": "SIN", "arrTime": "202612050910" }], "retSegments": [] } })
}

/// So many seconds from now, in Singapore.
pub(crate) fn singapore(seconds: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn ago(seconds: i64) -> String {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(seconds);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A vendor's usual answers about these orders; `query` makes the details of each.
pub(crate) fn usual(orders: Vec<String>, query: impl Fn(&str) -> Value) -> impl Fn(&Asked) -> Say {
    move |asked| {
        let orders: Vec<&str> = orders.iter().map(String::as_str).collect();
        Say::Json(match asked.endpoint() {
            "orderList.do" => list(&orders),
            "queryOrderDetails.do" => query(&asked.order()),
            "balance.do" => {
                let currency = &asked.json()["currency"];
                json!({ "status": 0, "accountBalance": { "amount": 50_000, "currency": currency } })
            }
            "pay.do" => json!({ "status": 0, "msg": "success", "orderNo": asked.order() }),
            _ => json!({ "status": 9999, "msg": "nobody expected this" }),
        })
    }
}

/// An order number of its own for each `n`.
pub(crate) fn number(n: usize) -> String {
    format!("TESTA202611031415{n:05}")
}
