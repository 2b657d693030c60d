//! The accept loop and what is let in: one path, POST, JSON, small, soon.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::Secrets;
use crate::{atlas::notice, domain::notice::Notice};

/// So many connections at a time; further ones wait outside.
const CONNECTIONS: usize = 32;

/// The head of a request, and then its body, each arrive within this time.
const SOON: Duration = Duration::from_secs(5);

/// A connection lives no longer than this.
const LIFE: Duration = Duration::from_secs(30);

/// The largest body that is read.
const LARGEST: usize = 64 * 1024;

/// Who may come in, and where what they say goes.
pub(super) struct Door {
    pub(super) secrets: Secrets,
    pub(super) hear: Box<dyn Fn(Notice) + Send + Sync>,
}

/// Lets connections in for ever.
pub(super) async fn serve(listener: TcpListener, door: Arc<Door>) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(()) };
        // Without a free file, or with a client that is gone already, there is just nobody to talk to.
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let door = Arc::clone(&door);
        tokio::spawn(async move {
            let _over = timeout(LIFE, converse(stream, door)).await;
            drop(place);
        });
    }
}

async fn converse(stream: TcpStream, door: Arc<Door>) {
    let service = service_fn(|request| {
        let door = Arc::clone(&door);
        async move { Ok::<_, Infallible>(answer(&door, request).await) }
    });
    // A connection that breaks is the sender's matter: what it wanted to tell is found by asking.
    let _over = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SOON)
        .keep_alive(false)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// A stranger learns nothing: whatever is not for the secret path does not exist.
async fn answer(door: &Door, request: Request<Incoming>) -> Response<Full<Bytes>> {
    if !door.secrets.opens(request.uri().path()) {
        return plain(StatusCode::NOT_FOUND);
    }
    if request.method() != Method::POST {
        return plain(StatusCode::METHOD_NOT_ALLOWED);
    }
    let is_json = |value: &HeaderValue| {
        value.to_str().is_ok_and(|kind| kind.trim().to_ascii_lowercase().starts_with("application/json"))
    };
    if !request.headers().get(CONTENT_TYPE).is_some_and(is_json) {
        return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let body = match timeout(SOON, Limited::new(request.into_body(), LARGEST).collect()).await {
        Err(_) => return plain(StatusCode::REQUEST_TIMEOUT),
        Ok(Err(_)) => return plain(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Ok(body)) => body.to_bytes(),
    };
    match notice::webhook(&body) {
        Some(notice) => {
            (door.hear)(notice);
            let mut done = Response::new(Full::new(Bytes::from_static(b"{\"status\":0}")));
            done.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            done
        }
        None => plain(StatusCode::BAD_REQUEST),
    }
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}
