//! A server that misbehaves to the byte: it counts what reaches it and answers as a row of a table says.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What it does with a connection.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// Closes at once with a reset.
    ResetOnAccept,
    /// Resets after so many bytes of the request.
    ResetAfter(usize),
    /// Reads the whole request, then resets.
    ResetAfterRequest,
    /// Reads the whole request and never answers.
    Silent,
    /// Reads the whole request, writes these bytes, and closes.
    Writes(Vec<u8>),
    /// Writes these bytes before it has read anything, and closes.
    Greets(Vec<u8>),
    /// Writes these bytes and then neither goes on nor closes.
    Stalls(Vec<u8>),
    /// Reads a request, writes these bytes and keeps the connection; resets it at the first byte of another request,
    /// which is when a library may think that sending it again does no harm.
    KeepsForOne(Vec<u8>),
}

/// The server, and what reached it.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) connections: Arc<AtomicUsize>,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { url, connections: Arc::default(), requests: Arc::default() };
        let (connections, requests) = (Arc::clone(&server.connections), Arc::clone(&server.requests));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, manner.clone(), Arc::clone(&requests)));
            }
        });
        server
    }

    /// An address where nobody listens.
    pub(crate) async fn nobody() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The one request that came, head and body.
    pub(crate) fn request(&self) -> String {
        self.requests.lock().unwrap().first().cloned().unwrap_or_default()
    }
}

async fn serve(mut stream: TcpStream, manner: Manner, requests: Arc<Mutex<Vec<String>>>) {
    match manner {
        Manner::ResetOnAccept => {
            // Not before the client has begun to write: a reset while it still connects would prove "not sent".
            let _begun = stream.readable().await;
            reset(&stream);
        }
        Manner::ResetAfter(bytes) => {
            let mut part = vec![0; bytes];
            let _read = stream.read_exact(&mut part).await;
            reset(&stream);
        }
        Manner::ResetAfterRequest => {
            read_request(&mut stream, &requests).await;
            reset(&stream);
        }
        Manner::Silent => {
            read_request(&mut stream, &requests).await;
            std::future::pending::<()>().await;
        }
        Manner::Writes(bytes) => {
            read_request(&mut stream, &requests).await;
            let _written = stream.write_all(&bytes).await;
            let _closed = stream.shutdown().await;
        }
        Manner::Greets(bytes) => {
            let _written = stream.write_all(&bytes).await;
            let _closed = stream.shutdown().await;
        }
        Manner::Stalls(bytes) => {
            read_request(&mut stream, &requests).await;
            let _written = stream.write_all(&bytes).await;
            std::future::pending::<()>().await;
        }
        Manner::KeepsForOne(bytes) => {
            read_request(&mut stream, &requests).await;
            let _written = stream.write_all(&bytes).await;
            let _another = stream.readable().await;
            reset(&stream);
        }
    }
}

/// Closing with data unread, or with no lingering, sends a reset.
fn reset(stream: &TcpStream) {
    stream.set_zero_linger().unwrap();
}

async fn read_request(stream: &mut TcpStream, requests: &Mutex<Vec<String>>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                requests.lock().unwrap().push(text);
                return;
            }
        }
        match stream.read(&mut chunk).await {
            Ok(n @ 1..) => bytes.extend_from_slice(&chunk[..n]),
            _ => return,
        }
    }
}

/// A whole answer of HTTP.
pub(crate) fn http(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// A whole answer with HTTP 200 and this body.
pub(crate) fn ok(body: &str) -> Vec<u8> {
    http("200 OK", "", body.as_bytes())
}
