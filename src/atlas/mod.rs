//! The Atlas API over HTTP: the reads. The single send of `pay.do` is in [`pay`], the shapes on the wire in [`wire`].

use jiff::Timestamp;

use crate::domain::text::Text;

/// Why a read brought nothing. Reads have no effects, so all of these may be asked again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No connection: refused, no such host, failed handshake, or none in time.
    #[error("cannot reach {host}: {reason}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// What the connection said.
        reason: String,
    },
    /// Connected, but no whole answer came.
    #[error("no whole answer: {0}")]
    NoAnswer(String),
    /// The credentials were refused (HTTP 401 or 403, status 900 or 902).
    #[error("not authorised ({code}): {msg}")]
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
    #[error("refused with status {status}: {msg}")]
    Refused {
        /// `status` of the body.
        status: i64,
        /// The vendor's words.
        msg: Text,
    },
    /// An answer that is not the API's: HTML, a redirect, another HTTP status, no JSON, too large.
    #[error("not an answer of the API: {0}")]
    NotTheApi(String),
}

/// What a read brought, with what the transport told.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// The thing asked for.
    pub value: T,
    /// The server's clock (`Date` header), to the second.
    pub server_time: Option<Timestamp>,
}
