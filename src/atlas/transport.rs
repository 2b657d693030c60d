//! One POST, one answer, bounded in time and size. It decides nothing; it tells what happened apart from what it means.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::{
    StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect,
};
use secrecy::ExposeSecret;

use super::{Answer, Endpoint, ReadError, SetupError, answer::Envelope, field::document, is_loopback};
use crate::domain::{
    attempt::{Doubt, NotSent},
    text::Text,
};

/// A connection is made within this time or not at all. Smaller than every total time-out, so that an expired total
/// never hides that no connection was made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The vendor answers a read in about 0.2 s.
const READ_TIMEOUT: Duration = Duration::from_secs(15);

/// An HTTP client with its address.
pub(super) struct Transport {
    client: reqwest::Client,
    base: String,
    host: String,
}

/// A whole answer.
pub(super) struct Fetched {
    pub(super) http: StatusCode,
    pub(super) body: Vec<u8>,
    retry_after: Option<u32>,
    server_time: Option<Timestamp>,
}

/// No whole answer.
pub(super) enum Failure {
    /// Proof that no byte of the request left.
    NoConnection(String),
    /// The time is up; the request may have been taken in.
    TimedOut,
    /// Cut, or not decodable.
    Broken(String),
    /// Larger than allowed when unpacked.
    TooLarge(usize),
}

impl Transport {
    /// For reads: connections are kept and shared.
    pub(super) fn for_reads(base: &Url, endpoint: &Endpoint) -> Result<Self, SetupError> {
        Self::build(base, endpoint, |builder| builder.timeout(READ_TIMEOUT))
    }

    /// For calls with an effect: a new connection each time, HTTP/1.1, and nothing below us that might send twice.
    /// A kept connection may be closed by the server just as the request is written, and then nobody knows.
    pub(super) fn for_pay(base: &Url, endpoint: &Endpoint) -> Result<Self, SetupError> {
        Self::build(base, endpoint, |builder| builder.pool_max_idle_per_host(0).timeout(endpoint.pay_timeout))
    }

    fn build(
        base: &Url,
        endpoint: &Endpoint,
        tune: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<Self, SetupError> {
        // Installing twice is not an error worth telling: the first one stays.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .default_headers(headers(endpoint)?)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .http1_only()
            .no_proxy()
            .https_only(base.scheme() == "https");
        let builder = if base.scheme() == "http" && is_loopback(base) {
            // Nothing is encrypted on loopback, so the system's certificates need not be read at start-up.
            let config = rustls::ClientConfig::builder()
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth();
            builder.tls_backend_preconfigured(config)
        } else {
            builder
        };
        let client = tune(builder).build()?;
        let host = match (base.host_str(), base.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        Ok(Self { client, base: base.as_str().trim_end_matches('/').to_owned(), host })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Sends `body` to `name` and reads at most `limit` unpacked bytes of the answer.
    pub(super) async fn post(&self, name: &str, body: Bytes, limit: usize) -> Result<Fetched, Failure> {
        let request = self.client.post(format!("{}/{name}", self.base)).body(body);
        let mut response = request.send().await.map_err(|error| Failure::of(&error))?;
        let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let server_time = header(DATE)
            .and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok())
            .filter(super::field::is_near);
        let retry_after = header(RETRY_AFTER).and_then(|seconds| seconds.trim().parse().ok());
        let http = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(Failure::TooLarge(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched { http, body, retry_after, server_time })
    }
}

fn headers(endpoint: &Endpoint) -> Result<HeaderMap, SetupError> {
    let secret = |name, text: &str| {
        let mut value = HeaderValue::from_str(text).map_err(|_| SetupError::BadCredential(name))?;
        value.set_sensitive(true);
        Ok::<_, SetupError>(value)
    };
    let json = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, json.clone());
    headers.insert(ACCEPT, json);
    headers.insert("x-atlas-client-id", secret("client_id", &endpoint.client_id)?);
    headers.insert("x-atlas-client-secret", secret("client_secret", endpoint.client_secret.expose_secret())?);
    Ok(headers)
}

impl Failure {
    /// `is_connect` is the one safe fact that the library tells; everything else may have been applied.
    fn of(error: &reqwest::Error) -> Self {
        let reason = innermost(error);
        if error.is_connect() {
            Self::NoConnection(if error.is_timeout() { "no connection in time".into() } else { reason })
        } else if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Broken(reason)
        }
    }

    pub(super) fn into_read_error(self, host: &str) -> ReadError {
        match self {
            Self::NoConnection(reason) => ReadError::Unreachable { host: host.to_owned(), reason },
            Self::TimedOut => ReadError::NoAnswer("time-out".into()),
            Self::Broken(reason) => ReadError::NoAnswer(reason),
            Self::TooLarge(limit) => ReadError::NotTheApi(format!("more than {} MiB", limit >> 20)),
        }
    }

    /// For calls with an effect: not sent, or in doubt.
    pub(super) fn into_sent(self) -> Result<NotSent, Doubt> {
        match self {
            Self::NoConnection(reason) => Ok(NotSent::NoConnection(reason)),
            Self::TimedOut => Err(Doubt::NoAnswer),
            Self::Broken(reason) => Err(Doubt::Cut(reason)),
            Self::TooLarge(limit) => Err(Doubt::Unreadable(format!("more than {} MiB", limit >> 20))),
        }
    }
}

/// The cause at the bottom, which alone says something to people. Addresses are not in it.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    Text::new(&cause.to_string()).to_string()
}

impl Fetched {
    /// What HTTP and the envelope say against a read.
    pub(super) fn checked(self) -> Result<Self, ReadError> {
        let envelope: Option<Envelope<'_>> = document(&self.body).ok();
        let words = envelope
            .as_ref()
            .and_then(|envelope| envelope.msg.text().or(envelope.message.text()))
            .unwrap_or_default();
        let limited = |envelope: &Envelope<'_>| {
            envelope.code.integer() == Some(429) || envelope.status.integer() == Some(429)
        };
        if self.http == StatusCode::TOO_MANY_REQUESTS || envelope.as_ref().is_some_and(limited) {
            let asked =
                envelope.as_ref().and_then(|envelope| u32::try_from(envelope.retry_after.integer()?).ok());
            return Err(ReadError::Limited {
                retry_after_s: asked.or(self.retry_after).unwrap_or(1).clamp(1, 3_600),
            });
        }
        if matches!(self.http, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Err(ReadError::Unauthorised { code: i64::from(self.http.as_u16()), msg: words });
        }
        if self.http != StatusCode::OK {
            return Err(ReadError::NotTheApi(format!("HTTP {}", self.http.as_u16())));
        }
        let Some(envelope) = envelope else {
            return Err(ReadError::NotTheApi("the body is not JSON".into()));
        };
        match envelope.status.integer() {
            Some(0) => Ok(self),
            Some(code @ (900 | 902)) => Err(ReadError::Unauthorised { code, msg: words }),
            Some(703 | 800) => Err(ReadError::NoSuchOrder),
            Some(status) => Err(ReadError::Refused { status, msg: words }),
            None => Err(ReadError::NotTheApi("no status in the body".into())),
        }
    }

    /// Reads the body.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&[u8]) -> serde_json::Result<T>,
    ) -> Result<Answer<T>, ReadError> {
        let value = read(&self.body).map_err(|error| ReadError::NotTheApi(error.to_string()))?;
        Ok(Answer { value, server_time: self.server_time })
    }
}
