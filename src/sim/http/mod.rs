//! The server around the world: connections, the vendor's endpoints, the airline's page, and the control API.
//!
//! One thread does it all, so the world needs no lock.

mod control;
mod distort;
mod limits;
mod page;
mod post;
mod valve;
mod vendor;

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    convert::Infallible,
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    rc::Rc,
    sync::mpsc::Sender,
    time::Duration,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::Notify, task::JoinSet};

use self::{
    limits::Limits,
    post::Post,
    valve::{Flow, Valve},
};
use super::{Line, body, endpoint::Endpoint, world::World};

/// A larger request is refused.
const LARGEST_REQUEST: usize = 1 << 20;

/// Larger answers are compressed for those who accept it.
const WORTH_COMPRESSING: usize = 1024;

type Answer = Response<Full<Bytes>>;

/// What all connections share.
struct Server {
    addr: SocketAddr,
    world: RefCell<World>,
    requests: RefCell<VecDeque<Value>>,
    limits: RefCell<Limits>,
    /// A client changed the world: what is due next may have changed as well.
    changed: Notify,
    narrator: Option<Sender<Line>>,
    log: bool,
}

/// A request with its body read.
struct Asked {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    content: Bytes,
}

/// Answers requests and tells the story for ever.
pub(super) async fn serve(
    listener: TcpListener,
    world: World,
    narrator: Option<Sender<Line>>,
    log: bool,
) -> io::Result<()> {
    let addr = listener.local_addr()?;
    let server = Rc::new(Server {
        addr,
        world: RefCell::new(world),
        requests: RefCell::new(VecDeque::new()),
        limits: RefCell::new(Limits::default()),
        changed: Notify::new(),
        narrator,
        log,
    });
    let post = Post::open(log).map_err(io::Error::other)?;
    let mut listener = tokio::net::TcpListener::from_std(listener)?;
    let mut connections = JoinSet::new();
    loop {
        let due = server.go_on(&post);
        if let Some(seconds) = server.refusal() {
            connections.abort_all();
            drop(listener);
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            listener = listen_again(addr).await;
            continue;
        }
        tokio::select! {
            accepted = listener.accept() => {
                // Without a free file, or with a client that is gone already, there is just nobody to talk to.
                if let Ok((stream, _)) = accepted {
                    connections.spawn_local(converse(stream, Rc::clone(&server)));
                } else {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
            () = server.changed.notified() => {}
            () = tokio::time::sleep(due.unwrap_or(Duration::MAX)), if due.is_some() => {}
            Some(_) = connections.join_next() => {}
        }
    }
}

/// The address was ours a moment ago.
async fn listen_again(addr: SocketAddr) -> tokio::net::TcpListener {
    loop {
        match tokio::net::TcpListener::bind(addr).await {
            Ok(listener) => return listener,
            Err(error) => {
                tracing::warn!("cannot listen on {addr} again yet: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

impl Server {
    /// Lets happen what is due, tells of it, and says how long nothing more will happen by itself.
    fn go_on(&self, post: &Post) -> Option<Duration> {
        let mut world = self.world.borrow_mut();
        world.advance(Timestamp::now());
        for delivery in world.take_outbox() {
            if let Some(url) = world.webhook() {
                post.send(url.to_owned(), body::notice(&world, &delivery));
            }
        }
        for event in world.story.news() {
            // Whoever listens or reads along may go away.
            if let (Some(narrator), Some(said)) = (&self.narrator, &event.said) {
                let _ = narrator.send(said.clone());
            }
            if self.log {
                let _ = writeln!(io::stdout(), "{event}");
            }
        }
        let wait = world.next_due()?.duration_since(Timestamp::now());
        // A millisecond more, so that rounding never wakes it just before.
        Some(Duration::try_from(wait).unwrap_or_default() + Duration::from_millis(1))
    }

    /// For how many seconds nobody shall listen.
    fn refusal(&self) -> Option<u64> {
        let mut world = self.world.borrow_mut();
        let now = world.moment();
        world.faults.meet_refusal(now)
    }
}

async fn converse(stream: TcpStream, server: Rc<Server>) {
    // Answers are small: waiting to fill a packet would only delay them. Without it they are merely slower.
    let _ = stream.set_nodelay(true);
    let reset_after = {
        let mut world = server.world.borrow_mut();
        let now = world.moment();
        world.faults.meet_connection(now)
    };
    let flow = Rc::new(Cell::new(Flow::Free));
    let valve = Valve::new(stream, Rc::clone(&flow), reset_after);
    let service = service_fn(|request| {
        let (server, flow) = (Rc::clone(&server), Rc::clone(&flow));
        async move { Ok::<_, Infallible>(answer(&server, &flow, request).await) }
    });
    // A connection that breaks is the client's matter, or ours on purpose.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(valve), service).await;
}

async fn answer(server: &Server, flow: &Cell<Flow>, request: Request<Incoming>) -> Answer {
    // The last answer over this connection may have been slowed down; this one is another.
    flow.set(Flow::Free);
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let Ok(content) = Limited::new(body, LARGEST_REQUEST).collect().await else {
        return failure(StatusCode::PAYLOAD_TOO_LARGE, &path);
    };
    let asked = Asked {
        method: head.method,
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        content: content.to_bytes(),
        path,
    };
    server.world.borrow_mut().advance(Timestamp::now());
    let answer = if asked.path.starts_with("/_sim/") {
        control::answer(server, &asked)
    } else if asked.path.starts_with(page::PATH) {
        page::answer(server, &asked)
    } else if let Some(endpoint) = Endpoint::of(&asked.path) {
        if asked.method == Method::POST {
            vendor::answer(server, flow, endpoint, &asked).await
        } else {
            failure(StatusCode::METHOD_NOT_ALLOWED, &asked.path)
        }
    } else {
        failure(StatusCode::NOT_FOUND, &asked.path)
    };
    server.changed.notify_one();
    answer
}

/// What is said of a request that is not for the vendor at all.
fn failure(status: StatusCode, path: &str) -> Answer {
    let error = status.canonical_reason().unwrap_or_default();
    respond(status, &json!({ "error": error, "path": path }), false)
}

fn respond(status: StatusCode, value: &Value, gzip: bool) -> Answer {
    let plain = Bytes::from(value.to_string());
    let compressed = (gzip && plain.len() > WORTH_COMPRESSING).then(|| compress(&plain)).flatten();
    let coding = compressed.is_some().then_some(HeaderValue::from_static("gzip"));
    let mut answer = raw(status, "application/json;charset=UTF-8", compressed.unwrap_or(plain));
    if let Some(coding) = coding {
        answer.headers_mut().insert(header::CONTENT_ENCODING, coding);
    }
    answer
}

fn raw(status: StatusCode, content_type: &'static str, content: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(content.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

fn compress(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}
