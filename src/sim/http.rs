//! The server around the world: headers, compression, JSON, and two views of its own under `/_sim/`.

use std::{
    collections::VecDeque,
    io::{self, Write},
    net::TcpListener,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
    serve::ListenerExt,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Refusal, body, wire, world::World};

/// A larger request is refused.
const LARGEST_REQUEST: usize = 1 << 20;

/// Larger answers are compressed for those who accept it.
const WORTH_COMPRESSING: usize = 1024;

/// So many requests are remembered for `/_sim/requests`.
const REMEMBERED: usize = 10_000;

struct Server {
    state: Mutex<Inner>,
    log: bool,
}

struct Inner {
    world: World,
    requests: VecDeque<Value>,
}

impl Server {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers requests for ever.
pub(super) async fn serve(listener: TcpListener, world: World, log: bool) -> io::Result<()> {
    let inner = Inner { world, requests: VecDeque::new() };
    let server = Arc::new(Server { state: Mutex::new(inner), log });
    let router = Router::new().fallback(answer).with_state(server);
    let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|stream| {
        // Answers are small: waiting to fill a packet would only delay them. Without it they are merely
        // slower.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (head, content) = request.into_parts();
    let gzip = accepts_gzip(&head.headers);
    let path = head.uri.path();
    let respond = |status, value: &Value| respond(status, value, gzip);
    match (&head.method, path) {
        (&Method::GET, "/_sim/ledger") => {
            let value = body::ledger(server.lock().world.ledger(Timestamp::now()));
            return respond(StatusCode::OK, &value);
        }
        (&Method::GET, "/_sim/requests") => {
            let value = json!({ "requests": server.lock().requests });
            return respond(StatusCode::OK, &value);
        }
        _ => {}
    }
    let Some(endpoint) = Endpoint::of(path) else {
        return respond(StatusCode::NOT_FOUND, &json!({ "error": "Not Found", "path": path }));
    };
    if head.method != Method::POST {
        return respond(
            StatusCode::METHOD_NOT_ALLOWED,
            &json!({ "error": "Method Not Allowed", "path": path }),
        );
    }
    let Ok(content) = to_bytes(content, LARGEST_REQUEST).await else {
        return respond(
            StatusCode::PAYLOAD_TOO_LARGE,
            &json!({ "error": "Payload Too Large", "path": path }),
        );
    };
    let value = if is_authorised(&head.headers) {
        server.ask(endpoint, &content)
    } else {
        json!({ "status": 900, "msg": "Unauthorized access: missing authentication" })
    };
    respond(StatusCode::OK, &value)
}

/// The endpoints of the vendor that are played.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Pay,
    Query,
    List,
    Regenerate,
    Stop,
    Balance,
}

impl Endpoint {
    fn of(path: &str) -> Option<Self> {
        Some(match path {
            "/pay.do" => Self::Pay,
            "/queryOrderDetails.do" => Self::Query,
            "/orderList.do" => Self::List,
            "/regenerateOrder.do" => Self::Regenerate,
            "/stopTicket.do" => Self::Stop,
            "/balance.do" => Self::Balance,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay.do",
            Self::Query => "queryOrderDetails.do",
            Self::List => "orderList.do",
            Self::Regenerate => "regenerateOrder.do",
            Self::Stop => "stopTicket.do",
            Self::Balance => "balance.do",
        }
    }

    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Pay => body::PAY,
            Self::Query => body::QUERY,
            Self::List => body::LIST,
            Self::Regenerate => body::REGENERATE,
            Self::Stop => body::STOP,
            Self::Balance => body::BALANCE,
        }
    }

    /// Asks the world.
    fn ask(self, world: &mut World, asked: &Value, now: Timestamp) -> Result<Value, Refusal> {
        Ok(match self {
            Self::Pay => body::pay(world.pay(&wire::pay(asked)?, now)?),
            Self::Query => body::query(world.query(&wire::query(asked)?, now)?),
            Self::List => {
                let filter = wire::list(asked)?;
                body::list(&world.list(&filter, now), &filter)
            }
            Self::Regenerate => body::regenerate(world.regenerate(&wire::regenerate(asked)?, now)?),
            Self::Stop => {
                world.stop(&wire::stop(asked)?, now)?;
                body::stop()
            }
            Self::Balance => body::balance(world.balance(wire::balance(asked)?, now)),
        })
    }
}

impl Server {
    fn ask(&self, endpoint: Endpoint, content: &[u8]) -> Value {
        let now = Timestamp::now();
        let failure = |refusal| body::failure(endpoint.keys(), refusal);
        let Ok(asked) = serde_json::from_slice::<Value>(content) else {
            return failure(Refusal::new(901, "The request is not valid JSON"));
        };
        let note = note(endpoint, &asked, now);
        let order = note["orderNo"].as_str().unwrap_or("-").to_owned();
        let answer = {
            let mut inner = self.lock();
            if inner.requests.len() == REMEMBERED {
                inner.requests.pop_front();
            }
            inner.requests.push_back(note);
            endpoint.ask(&mut inner.world, &asked, now).unwrap_or_else(failure)
        };
        if self.log {
            // Whoever reads along may go away.
            let _ = writeln!(
                io::stdout(),
                "{now:.3} {} {order} {} {}",
                endpoint.name(),
                answer["status"],
                answer["msg"]
            );
        }
        answer
    }
}

/// What is remembered of a request: names of fields, never a value but the order number.
fn note(endpoint: Endpoint, asked: &Value, at: Timestamp) -> Value {
    let names = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
    let order_no = asked.get("orderNo").or_else(|| asked.get("originalOrderNo")).and_then(Value::as_str);
    json!({
        "at": at.to_string(),
        "endpoint": endpoint.name(),
        "orderNo": order_no.filter(|no| no.len() <= 40),
        "fields": names(asked),
        "creditCardFields": asked.get("creditCard").and_then(names),
    })
}

/// Any client id and secret will do, as long as both are there.
fn is_authorised(headers: &HeaderMap) -> bool {
    ["x-atlas-client-id", "x-atlas-client-secret"]
        .iter()
        .all(|name| headers.get(*name).is_some_and(|value| !value.as_bytes().trim_ascii().is_empty()))
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("gzip")))
}

fn respond(status: StatusCode, value: &Value, gzip: bool) -> Response {
    let plain = Bytes::from(value.to_string());
    let compressed = (gzip && plain.len() > WORTH_COMPRESSING).then(|| compress(&plain)).flatten();
    let coding = compressed.is_some().then_some(HeaderValue::from_static("gzip"));
    let mut response = Response::new(Body::from(compressed.unwrap_or(plain)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    response
}

fn compress(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}
