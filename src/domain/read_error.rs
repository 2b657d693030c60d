//! Why nothing came that could be read: kept apart, so that each is called what it is and has its own mend.

use std::{fmt, time::Duration};

use super::text::Text;

/// Why a read brought nothing. Reads have no effects, so all of these may be asked again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No connection: refused, no such host, failed handshake, or none in time.
    #[error("server {host} not reachable: {reason}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// What the connection said.
        reason: String,
    },
    /// The proxy made no connection: nothing has left for the API.
    #[error("no connection through the proxy {proxy}: {fault}")]
    NoProxy {
        /// Its host and port.
        proxy: String,
        /// What it did instead.
        fault: ProxyFault,
    },
    /// Connected, but no whole answer came.
    #[error("no complete answer: {0}")]
    NoAnswer(String),
    /// The credentials were refused (HTTP 401 or 403, status 900 or 902).
    #[error("not authorised ({code}); vendor: {msg}")]
    Unauthorised {
        /// The status that said so.
        code: i64,
        /// The vendor's words.
        msg: Text,
    },
    /// The vendor's limiter (429).
    #[error("too many requests; asked to wait {retry_after_s} s")]
    Limited {
        /// Seconds to be silent.
        retry_after_s: u32,
    },
    /// The order does not exist (703, 800, or an answer of nulls).
    #[error("the order does not exist")]
    NoSuchOrder,
    /// Any other `status`.
    #[error("refused with status {status}; vendor: {msg}")]
    Refused {
        /// `status` of the body.
        status: i64,
        /// The vendor's words.
        msg: Text,
    },
    /// Somebody else's page: a firewall's, a proxy's, the login of a network, or nothing at all.
    #[error("not the API's answer but {0}")]
    ForeignPage(Page),
    /// JSON that is not the API's as it is documented, or too much of it.
    #[error("not an answer of the API: {0}")]
    NotTheApi(String),
}

impl ReadError {
    /// The stable word for programs, and the key of its text.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::NoProxy { .. } => "no_proxy",
            Self::NoAnswer(_) => "no_answer",
            Self::Unauthorised { .. } => "unauthorised",
            Self::Limited { .. } => "limited",
            Self::NoSuchOrder => "no_such_order",
            Self::Refused { .. } => "refused",
            Self::ForeignPage(_) => "foreign_page",
            Self::NotTheApi(_) => "not_the_api",
        }
    }

    /// How long nothing more may be asked, if the answer said so.
    pub fn pause(&self) -> Option<Duration> {
        let seconds = match self {
            Self::Limited { retry_after_s } => Some(*retry_after_s),
            Self::ForeignPage(page) => page.retry_after_s,
            _ => None,
        };
        seconds.map(|seconds| Duration::from_secs(seconds.max(1).into()))
    }
}

/// What a proxy did instead of connecting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyFault {
    /// It could not be reached, with what the connection said.
    #[error("{0}")]
    Unreachable(String),
    /// It wants a user and a password (407).
    #[error("it requires a user and a password")]
    WantsPassword,
    /// It answered CONNECT with a refusal.
    #[error("it refused")]
    Refused,
    /// It closed the connection.
    #[error("it closed the connection")]
    Closed,
}

/// An answer that the API has not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its HTTP status.
    pub http: u16,
    /// Its content type, if it says one.
    pub content_type: Option<Text>,
    /// What it is.
    pub kind: PageKind,
    /// Seconds to be silent, if it is out of service (503) and asks for that.
    pub retry_after_s: Option<u32>,
}

/// What a foreign page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// A web page.
    Html,
    /// A redirect, with the host that it leads to.
    Redirect(Option<Text>),
    /// No body.
    Empty,
    /// Something else.
    Other,
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PageKind::Html => f.write_str("a web page")?,
            PageKind::Redirect(Some(to)) => write!(f, "a redirect to {to}")?,
            PageKind::Redirect(None) => f.write_str("a redirect")?,
            PageKind::Empty => f.write_str("an empty body")?,
            PageKind::Other => f.write_str("something else")?,
        }
        write!(f, " (HTTP {}", self.http)?;
        match &self.content_type {
            Some(kind) => write!(f, ", {kind})"),
            None => f.write_str(", no content type)"),
        }
    }
}
