//! Webhooks on their way to whoever registered: one after another, unsigned, once.

use std::{
    io::{self, Write},
    time::Duration,
};

use reqwest::header;
use serde_json::Value;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// Nobody is waited for any longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way out. Notices keep their order; one that fails is not sent again.
pub(super) struct Post(UnboundedSender<(String, Value)>);

impl Post {
    pub(super) fn open(log: bool) -> Result<Self, reqwest::Error> {
        // One provider for the whole process; somebody may have put it in place already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::task::spawn_local(carry(client, receiver, log));
        Ok(Self(sender))
    }

    pub(super) fn send(&self, url: String, body: Value) {
        // It fails only when the server is ending.
        let _ = self.0.send((url, body));
    }
}

async fn carry(client: reqwest::Client, mut notifications: UnboundedReceiver<(String, Value)>, log: bool) {
    while let Some((url, body)) = notifications.recv().await {
        let request = client
            .post(&url)
            .header(header::CONTENT_TYPE, "application/json;charset=UTF-8")
            .header(header::ACCEPT_ENCODING, "gzip")
            .body(body.to_string());
        let ended = match request.send().await {
            Ok(answer) => answer.status().to_string(),
            Err(error) => error.without_url().to_string(),
        };
        if log {
            // Whoever reads along may go away.
            let _ = writeln!(io::stderr(), "webhook {} {ended}", body["type"]);
        }
    }
}
