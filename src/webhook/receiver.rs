//! The accept loop and what is let in: one path, POST, JSON, small, soon.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::{
    Secrets,
    body::{self, Unread},
};
use crate::{
    atlas::notification,
    domain::notification::{Notification, Refusal},
};

/// So many connections at a time; further ones wait outside.
const CONNECTIONS: usize = 32;

/// The head of a request, and then its body, each arrive within this time.
const SOON: Duration = Duration::from_secs(5);

/// A connection lives no longer than this.
const LIFE: Duration = Duration::from_secs(30);

/// The largest body that is read, as it comes and unpacked.
const LARGEST: usize = 64 * 1024;

/// Who may come in, and where what they say goes.
pub(super) struct Receiver {
    pub(super) secrets: Secrets,
    pub(super) on_notification: Box<dyn Fn(Notification) + Send + Sync>,
    pub(super) refuse: Box<dyn Fn(Refusal) + Send + Sync>,
}

/// Lets connections in for ever.
pub(super) async fn serve(listener: TcpListener, receiver: Arc<Receiver>) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(()) };
        // Without a free file, or with a client that is gone already, there is just nobody to talk to.
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let receiver = Arc::clone(&receiver);
        tokio::spawn(async move {
            if timeout(LIFE, converse(stream, &receiver)).await.is_err() {
                receiver.turn_away(Refusal::TooSlow, "");
            }
            drop(place);
        });
    }
}

async fn converse(stream: TcpStream, receiver: &Arc<Receiver>) {
    let service = service_fn(|request| {
        let receiver = Arc::clone(receiver);
        async move { Ok::<_, Infallible>(answer(&receiver, request).await) }
    });
    let over = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SOON)
        .keep_alive(false)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    match over {
        Err(error) if error.is_parse() => receiver.turn_away(Refusal::NotHttp, ""),
        Err(error) if error.is_timeout() => receiver.turn_away(Refusal::TooSlow, ""),
        // A connection that breaks is the sender's matter: what it wanted to tell is found by asking.
        Ok(()) | Err(_) => {}
    }
}

/// A stranger learns nothing: whatever is not for the secret path does not exist.
async fn answer(receiver: &Receiver, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    let refused = |status, refusal| {
        receiver.turn_away(refusal, &path);
        plain(status)
    };
    if !receiver.secrets.opens(&path) {
        return refused(StatusCode::NOT_FOUND, Refusal::Path);
    }
    match *request.method() {
        Method::POST => {}
        // Monitors and proxies look whether somebody is there.
        Method::GET | Method::HEAD | Method::OPTIONS => return plain(StatusCode::OK),
        _ => return refused(StatusCode::NOT_FOUND, Refusal::Method),
    }
    let encoding = request.headers().get(CONTENT_ENCODING).cloned();
    let encoding = encoding.as_ref().map(|value| value.to_str().unwrap_or("?"));
    let body = match timeout(SOON, Limited::new(request.into_body(), LARGEST).collect()).await {
        Err(_) => return refused(StatusCode::REQUEST_TIMEOUT, Refusal::TooSlow),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            return refused(StatusCode::PAYLOAD_TOO_LARGE, Refusal::TooLarge);
        }
        Ok(Err(_)) => return refused(StatusCode::BAD_REQUEST, Refusal::NotHttp),
        Ok(Ok(body)) => body.to_bytes(),
    };
    match body::text(body, encoding, LARGEST) {
        Err(Unread::TooLarge) => refused(StatusCode::PAYLOAD_TOO_LARGE, Refusal::TooLarge),
        Err(Unread::Encoding) => refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Refusal::Encoding),
        // Which type the sender names does not matter: what is JSON is read.
        Ok(text) => match notification::webhook(text.as_bytes()) {
            None => refused(StatusCode::BAD_REQUEST, Refusal::NoNotification),
            Some(notification) => {
                (receiver.on_notification)(notification);
                let mut done = Response::new(Full::new(Bytes::from_static(b"{\"status\":0}")));
                done.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                done
            }
        },
    }
}

impl Receiver {
    /// Logs a call that was refused; what may be the secret in its path, or a part of it, is not repeated.
    fn turn_away(&self, refusal: Refusal, path: &str) {
        tracing::warn!(reason = refusal.word(), path = shown(path), "a webhook call was refused");
        (self.refuse)(refusal);
    }
}

/// Longer words of a path are not repeated: the secret may be in them, or most of it.
const LONGEST_WORD: usize = 12;

/// A path as it may be kept.
fn shown(path: &str) -> String {
    let word = |word: &str| {
        let is_plain = word.len() <= LONGEST_WORD && word.bytes().all(|b| b.is_ascii_graphic());
        if is_plain { word.to_owned() } else { "***".to_owned() }
    };
    path.split('/').take(8).map(word).collect::<Vec<_>>().join("/")
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_never_repeated_nor_a_part_of_it() {
        let secret = "0190b2c4d5e67f800190b2c4d5e67f80";
        for path in [format!("/{secret}"), format!("/prefix/{secret}x"), "//0190b2c4d5e67f80".to_owned()] {
            assert!(!shown(&path).contains("0190b2c4"), "{path}");
        }
        assert_eq!(shown("/prefix/hook"), "/prefix/hook");
        assert_eq!(shown("/\u{1b}[2J/x"), "/***/x");
    }
}
