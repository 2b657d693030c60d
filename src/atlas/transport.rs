//! One POST, one answer, bounded in time and size. It decides nothing; what happened is its business, what it means is not.

use std::time::Duration;

use bytes::Bytes;
use jiff::{Timestamp, tz::Offset};
use reqwest::{
    StatusCode, Url,
    header::{ACCEPT, AGE, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER, WARNING},
    redirect,
};
use rustls::pki_types::CertificateDer;
use secrecy::ExposeSecret;

use super::{
    answer::Envelope,
    endpoint::{Endpoint, SetupError, is_loopback},
    field::document,
    outcome::Answer,
    pause,
};
use crate::domain::{
    attempt::{Doubt, NotSent},
    mask::mask,
    read_error::{Page, PageKind, ProxyFault, ReadError},
    text::Text,
};

/// A connection is made within this time or not at all. Smaller than every total time-out, so that an expired total
/// never hides that no connection was made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The vendor answers a read in about 0.2 s.
const READ_TIMEOUT: Duration = Duration::from_secs(15);

/// Every request says who sends it: firewalls turn away what does not.
const USER_AGENT: &str = concat!("paydesk/", env!("CARGO_PKG_VERSION"));

/// Some editors and gateways put this before a text; it says nothing.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// So many characters of a content type or a host are shown.
const SHOWN: usize = 60;

/// An HTTP client with its address.
pub(super) struct Transport {
    client: reqwest::Client,
    base: String,
    host: String,
    is_plain: bool,
    proxy: Option<String>,
}

/// A whole answer.
pub(super) struct Fetched {
    pub(super) http: StatusCode,
    pub(super) body: Vec<u8>,
    /// The longest silence that a header asks for, in seconds.
    retry_after: Option<u32>,
    /// Our clock, or the answer's own date if it bears one: what a date to wait for is held against.
    dated: Timestamp,
    content_type: Option<Text>,
    /// The host that a redirect leads to.
    location: Option<Text>,
    server_time: Option<Timestamp>,
}

/// No whole answer.
pub(super) enum Failure {
    /// Proof that no byte of the request left, and whether it was the proxy that made no connection.
    NoConnection { reason: String, tunnel: bool },
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
        // Installing twice is not an error worth a word: the first one stays.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .default_headers(headers(endpoint)?)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .http1_only()
            .user_agent(USER_AGENT)
            // Not even those of the environment: whoever wants one says so in the configuration.
            .no_proxy()
            .https_only(base.scheme() == "https");
        let builder = match &endpoint.proxy {
            Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(SetupError::Http)?),
            None => builder,
        };
        let is_plain = base.scheme() == "http" && is_loopback(base);
        let builder = if is_plain && endpoint.proxy.as_ref().is_none_or(|proxy| proxy.scheme() == "http") {
            // Nothing is encrypted on loopback, so the system's certificates need not be read at start-up.
            let config = rustls::ClientConfig::builder()
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth();
            builder.tls_backend_preconfigured(config)
        } else {
            let authority = |der: &CertificateDer<'_>| reqwest::Certificate::from_der(der);
            let more: Result<Vec<_>, _> = endpoint.authorities.iter().map(authority).collect();
            builder.tls_certs_merge(more.map_err(SetupError::Http)?)
        };
        let client = tune(builder).build().map_err(|error| {
            if lacks_certificates(&error) { SetupError::NoCertificates } else { SetupError::Http(error) }
        })?;
        Ok(Self {
            client,
            base: base.as_str().trim_end_matches('/').to_owned(),
            host: host(base),
            is_plain,
            proxy: endpoint.proxy.as_ref().map(host),
        })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The proxy, if it was that which made no connection: without TLS there is nobody else to connect to.
    fn at_fault(&self, tunnel: bool) -> Option<String> {
        self.proxy.clone().filter(|_| tunnel || self.is_plain)
    }

    /// Sends `body` to `name` and reads at most `limit` unpacked bytes of the answer.
    pub(super) async fn post(&self, name: &str, body: Bytes, limit: usize) -> Result<Fetched, Failure> {
        let request = self.client.post(format!("{}/{name}", self.base)).body(body);
        let mut response = request.send().await.map_err(|error| Failure::of(&error))?;
        let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let date = header(DATE).and_then(|date| super::when::moment(date, Offset::UTC));
        let is_copy = is_from_a_cache(response.headers());
        let server_time = date.filter(super::field::is_near).filter(|_| !is_copy);
        let dated = server_time.unwrap_or_else(Timestamp::now);
        let wishes = response.headers().get_all(RETRY_AFTER).iter().filter_map(|wish| wish.to_str().ok());
        let retry_after = wishes.filter_map(|wish| pause::seconds(wish, dated)).max();
        let short = |text: &str| Text::new(&mask(text).chars().take(SHOWN).collect::<String>());
        let content_type = header(CONTENT_TYPE).map(short);
        let host_of = |to: &str| Some(short(response.url().join(to).ok()?.host_str()?));
        let location = header(LOCATION).and_then(host_of);
        let http = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(Failure::TooLarge(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched { http, body, retry_after, dated, content_type, location, server_time })
    }
}

/// True for an answer that a cache on the way had kept: its date is that of an earlier one, and tells no time. `Age`
/// alone proves it (RFC 9111, 5.1), whatever it says; the rest is what caches add of their own accord.
fn is_from_a_cache(headers: &HeaderMap) -> bool {
    const CACHE_STATUS: [&str; 6] =
        ["cache-status", "x-cache", "x-cache-status", "x-proxy-cache", "cf-cache-status", "x-varnish-cache"];
    let says_so = |name: &&str| {
        let values = headers.get_all(*name).iter().filter_map(|value| value.to_str().ok());
        values.map(str::to_ascii_lowercase).any(|value| value.contains("hit") || value.contains("stale"))
    };
    headers.contains_key(AGE) || headers.contains_key(WARNING) || CACHE_STATUS.iter().any(says_so)
}

/// Host and port of an address, for people.
pub(super) fn host(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    }
}

/// The library says this in words alone.
fn lacks_certificates(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| {
        matches!(
            cause.downcast_ref(),
            Some(rustls::Error::General(text)) if text.contains("No CA certificates")
        )
    })
}

/// An error and what lies below it, downwards.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |cause| cause.source())
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
    /// `is_connect` is the one safe fact that the library has; everything else may have been applied.
    fn of(error: &reqwest::Error) -> Self {
        let reason = innermost(error);
        if error.is_connect() {
            // Who was too slow cannot be known; of the two, the proxy is the one that we were speaking to.
            let tunnel =
                error.is_timeout() || causes(error).any(|cause| cause.to_string().starts_with(TUNNEL));
            let reason = if error.is_timeout() { "no connection in time".into() } else { reason };
            Self::NoConnection { reason, tunnel }
        } else if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Broken(reason)
        }
    }

    pub(super) fn into_read_error(self, transport: &Transport) -> ReadError {
        match self {
            Self::NoConnection { reason, tunnel } => match transport.at_fault(tunnel) {
                Some(proxy) => ReadError::NoProxy { proxy, fault: ProxyFault::of(reason) },
                None => ReadError::Unreachable { host: transport.host.clone(), reason },
            },
            Self::TimedOut => ReadError::NoAnswer("time-out".into()),
            Self::Broken(reason) => ReadError::NoAnswer(reason),
            Self::TooLarge(limit) => ReadError::NotTheApi(format!("more than {} MiB", limit >> 20)),
        }
    }

    /// For calls with an effect: not sent, or in doubt.
    pub(super) fn into_sent(self, transport: &Transport) -> Result<NotSent, Doubt> {
        match self {
            Self::NoConnection { .. } => Ok(NotSent::NoConnection(self.into_read_error(transport))),
            Self::TimedOut => Err(Doubt::NoAnswer),
            Self::Broken(reason) => Err(Doubt::Cut(reason)),
            Self::TooLarge(limit) => Err(Doubt::Unreadable(format!("more than {} MiB", limit >> 20))),
        }
    }
}

/// What the library's errors about CONNECT begin with. That they are about a connection, and that nothing of the
/// request had left, does not rest on these words: only which of two hosts is named.
const TUNNEL: &str = "tunnel error: ";

impl ProxyFault {
    fn of(reason: String) -> Self {
        match reason.strip_prefix(TUNNEL) {
            Some("proxy authorization required") => Self::WantsPassword,
            Some("unexpected end of file") => Self::Closed,
            Some(_) => Self::Refused,
            None => Self::Unreachable(reason),
        }
    }
}

/// The cause at the bottom, which alone says something to people. Addresses are not in it.
fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map(|cause| Text::new(&cause.to_string()).to_string()).unwrap_or_default()
}

impl Fetched {
    /// What HTTP and the envelope say against a read.
    pub(super) fn checked(mut self) -> Result<Self, ReadError> {
        if self.body.starts_with(BYTE_ORDER_MARK) {
            self.body.drain(..BYTE_ORDER_MARK.len());
        }
        let envelope: Option<Envelope<'_>> = document(&self.body).ok();
        let words = envelope
            .as_ref()
            .and_then(|envelope| envelope.msg.words().or(envelope.message.words()))
            .unwrap_or_default();
        let limited = |envelope: &Envelope<'_>| {
            envelope.code.integer() == Some(429) || envelope.status.integer() == Some(429)
        };
        if self.http == StatusCode::TOO_MANY_REQUESTS || envelope.as_ref().is_some_and(limited) {
            let in_body = envelope.as_ref().and_then(|envelope| envelope.retry_after.text());
            let in_body = in_body.and_then(|wish| pause::seconds(&wish, self.dated));
            return Err(ReadError::Limited {
                retry_after_s: in_body.max(self.retry_after).unwrap_or(1).max(1),
            });
        }
        // A refusal is the API's if it speaks JSON as the API does; a firewall's page says nothing about credentials.
        let is_refusal = matches!(self.http, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if is_refusal && (envelope.is_some() || self.is_empty() && self.claims_json()) {
            return Err(ReadError::Unauthorised { code: i64::from(self.http.as_u16()), msg: words });
        }
        let Some(envelope) = envelope else { return Err(ReadError::ForeignPage(self.page())) };
        if self.http != StatusCode::OK {
            return Err(ReadError::NotTheApi(format!("HTTP {}", self.http.as_u16())));
        }
        match envelope.status.integer() {
            Some(0) => Ok(self),
            Some(code @ (900 | 902)) => Err(ReadError::Unauthorised { code, msg: words }),
            Some(703 | 800) => Err(ReadError::NoSuchOrder),
            Some(status) => Err(ReadError::Refused { status, msg: words }),
            None => Err(ReadError::NotTheApi("no status in the body".into())),
        }
    }

    fn is_empty(&self) -> bool {
        self.body.trim_ascii().is_empty()
    }

    fn claims(&self, kind: &str) -> bool {
        self.content_type.as_ref().is_some_and(|claimed| claimed.to_ascii_lowercase().contains(kind))
    }

    fn claims_json(&self) -> bool {
        self.claims("json")
    }

    /// What came instead of an answer.
    fn page(&self) -> Page {
        let is_html = || self.claims("html") || self.body.trim_ascii_start().starts_with(b"<");
        let kind = match () {
            () if self.http.is_redirection() => PageKind::Redirect(self.location.clone()),
            () if self.is_empty() => PageKind::Empty,
            () if is_html() => PageKind::Html,
            () => PageKind::Other,
        };
        Page {
            http: self.http.as_u16(),
            content_type: self.content_type.clone(),
            kind,
            retry_after_s: self.retry_after.filter(|_| self.http == StatusCode::SERVICE_UNAVAILABLE),
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
