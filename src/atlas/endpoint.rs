//! Where the API is and who asks it, and why no client can be made for that.

use std::{fmt, net::IpAddr, time::Duration};

use reqwest::Url;
use rustls::pki_types::CertificateDer;
use secrecy::SecretString;

/// Where the API is, and who asks.
#[derive(Clone)]
pub struct Endpoint {
    /// Base address; `https`, or `http` on loopback.
    pub base_url: String,
    /// `x-atlas-client-id`.
    pub client_id: String,
    /// `x-atlas-client-secret`.
    pub client_secret: SecretString,
    /// How long the answer to `pay.do` is waited for. The vendor fixes no limit; its end means *unknown*.
    pub pay_timeout: Duration,
    /// The proxy that every request goes through, if any; user and password may stand in it.
    pub proxy: Option<Url>,
    /// Authorities that are trusted besides the system's.
    pub authorities: Vec<CertificateDer<'static>>,
}

impl Endpoint {
    /// The time after which an unanswered `pay.do` is in doubt.
    pub const PAY_TIMEOUT: Duration = Duration::from_secs(60);
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("base_url", &self.base_url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// A client that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Not an address.
    #[error("base_url {0:?} is not an address such as https://sandbox.atriptech.com")]
    BadAddress(String),
    /// Card data would travel in the clear.
    #[error("base_url {0:?} must begin with https:// (http is for loopback only)")]
    NotHttps(String),
    /// Not fit for a header.
    #[error("{0} holds characters that a header cannot carry")]
    BadCredential(&'static str),
    /// A proxy elsewhere would read what is meant for this machine.
    #[error(
        "the proxy {0} is another machine, and base_url is plain http: card data would travel in the clear"
    )]
    ClearThroughProxy(String),
    /// No authority is known by which the server could prove who it is.
    #[error("no certificate of any authority was found on this machine")]
    NoCertificates,
    /// The HTTP library refused.
    #[error("cannot set up HTTPS: {0}")]
    Http(reqwest::Error),
}

/// True for a host that never leaves this machine.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
