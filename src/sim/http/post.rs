//! Webhooks on their way to whoever registered, unsigned.

use std::{
    io::{self, Write},
    time::Duration,
};

use reqwest::{Client, header};
use serde_json::Value;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// Nobody is waited for any longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// From a try that failed to the next one.
const BETWEEN_TRIES: Duration = Duration::from_secs(1);

/// The way out. Notifications keep their order; one that nobody takes comes again later, out of it.
pub(super) struct Post(UnboundedSender<Letter>);

/// A notification, and where it goes.
struct Letter {
    url: String,
    kind: Value,
    body: String,
    /// How often it is sent at most.
    tries: u32,
}

impl Post {
    pub(super) fn open(log: bool) -> Result<Self, reqwest::Error> {
        // One provider for the whole process; somebody may have put it in place already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::task::spawn_local(carry(client, receiver, log));
        Ok(Self(sender))
    }

    pub(super) fn send(&self, url: String, body: &Value, tries: u32) {
        // It fails only when the server is ending.
        let _ = self.0.send(Letter { url, kind: body["type"].clone(), body: body.to_string(), tries });
    }
}

async fn carry(client: Client, mut letters: UnboundedReceiver<Letter>, log: bool) {
    while let Some(letter) = letters.recv().await {
        if !letter.deliver(&client, 1, log).await {
            tokio::task::spawn_local(letter.insist(client.clone(), log));
        }
    }
}

impl Letter {
    /// The tries after the first.
    async fn insist(self, client: Client, log: bool) {
        for nth in 2..=self.tries {
            tokio::time::sleep(BETWEEN_TRIES).await;
            if self.deliver(&client, nth, log).await {
                break;
            }
        }
    }

    /// Sends it. True when it was taken, with any 2xx.
    async fn deliver(&self, client: &Client, nth: u32, log: bool) -> bool {
        let request = client
            .post(&self.url)
            .header(header::CONTENT_TYPE, "application/json;charset=UTF-8")
            .header(header::ACCEPT_ENCODING, "gzip")
            .body(self.body.clone());
        // The address is a secret of the receiver.
        let answer = request.send().await.map_err(reqwest::Error::without_url);
        if log {
            let ended = match &answer {
                Ok(answer) => answer.status().to_string(),
                Err(error) => error.to_string(),
            };
            // Whoever reads along may go away.
            let _ = writeln!(io::stderr(), "webhook {} {ended} ({nth} of {})", self.kind, self.tries);
        }
        answer.is_ok_and(|answer| answer.status().is_success())
    }
}
