//! The server around the world: connections, the vendor's endpoints, the airline's page, and the control API.
//!
//! One thread does it all, so the world needs no lock.

mod answer;
mod asked;
mod control;
mod distort;
mod gateway;
mod limits;
mod page;
mod post;
mod presenter;
mod requests;
mod server;
mod valve;
mod vendor;

use std::{
    cell::Cell,
    convert::Infallible,
    io,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    sync::mpsc::Sender,
    time::Duration,
};

use http_body_util::{BodyExt, Limited};
use hyper::{Method, Request, StatusCode, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::{net::TcpStream, task::JoinSet};

use self::{
    answer::{Answer, failure},
    asked::Asked,
    post::Post,
    server::Server,
    valve::{Flow, Valve},
};
use super::{
    endpoint::{Endpoint, not_played},
    story::Presented,
    world::World,
};

/// A larger request is refused.
const LARGEST_REQUEST: usize = 1 << 20;

/// Answers requests and plays the story for ever.
pub(super) async fn serve(
    listener: TcpListener,
    world: World,
    narrator: Option<Sender<Presented>>,
    log: bool,
) -> io::Result<()> {
    let addr = listener.local_addr()?;
    let server = Rc::new(Server::new(addr, world, narrator, log));
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
    } else if let Some(name) = not_played(&asked.path) {
        gateway::closed(server, name, "not played", &asked)
    } else {
        failure(StatusCode::NOT_FOUND, &asked.path)
    };
    server.changed.notify_one();
    answer
}
