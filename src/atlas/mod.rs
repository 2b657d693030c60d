//! The Atlas API over HTTP: the reads, lenient in what they accept. The single send of `pay.do` is in [`pay`].

mod answer;
mod error;
mod field;
pub mod notice;
mod odd;
mod pause;
pub mod pay;
mod transport;
mod when;

use std::{
    collections::HashSet,
    fmt,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use reqwest::Url;
use rustls::pki_types::CertificateDer;
use secrecy::SecretString;
use serde_json::json;

pub use self::{
    answer::OrderPage,
    error::{Page, PageKind, ProxyFault, ReadError},
    pause::LONGEST as LONGEST_PAUSE,
};
use self::{
    odd::Oddity,
    transport::{Fetched, Transport},
};
use crate::domain::{
    attempt::{Doubt, NotSent},
    money::{Currency, Money},
    notice::Notice,
    order::{Order, OrderNo},
    text::Text,
};

/// What a read brought, with what the transport told.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// The thing asked for.
    pub value: T,
    /// The server's clock (`Date` header), to the second.
    pub server_time: Option<Timestamp>,
}

/// What a call with an effect brought. It keeps "certainly not sent" apart from "maybe sent".
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<T> {
    /// Done.
    Done(T),
    /// Answered with another `status`.
    Refused {
        /// `status` of the body.
        status: i64,
        /// The vendor's words.
        msg: Text,
    },
    /// No byte left this machine.
    NotSent(NotSent),
    /// It may have been done.
    Doubt(Doubt),
}

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

/// Which orders a list should hold. Fields that are not set are left out of the request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// Made from this moment on.
    pub created_from: Option<Timestamp>,
    /// Made up to this moment.
    pub created_to: Option<Timestamp>,
    /// Page, from 1.
    pub page: u32,
    /// Orders on a page, at most 100.
    pub page_size: usize,
}

const MIB: usize = 1 << 20;

/// The most that an answer may be when unpacked.
const LIST_LIMIT: usize = 16 * MIB;
const DETAILS_LIMIT: usize = 4 * MIB;
/// So many incidents are asked for at a time.
const INCIDENTS: u32 = 50;
const OTHER_LIMIT: usize = MIB;

/// So many odd fields are remembered; then the log may tell of them again.
const TOLD: usize = 10_000;

/// The client.
pub struct Client {
    reads: Transport,
    pays: Transport,
    /// Of which fields of which orders the log has told that they are odd.
    told: Mutex<HashSet<(OrderNo, &'static str)>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.reads.host()).finish_non_exhaustive()
    }
}

impl Client {
    /// A client for `endpoint`.
    pub fn new(endpoint: &Endpoint) -> Result<Self, SetupError> {
        let base: Url =
            endpoint.base_url.parse().map_err(|_| SetupError::BadAddress(endpoint.base_url.clone()))?;
        if base.host_str().is_none() || !matches!(base.scheme(), "http" | "https") {
            return Err(SetupError::BadAddress(endpoint.base_url.clone()));
        }
        if base.scheme() != "https" && !is_loopback(&base) {
            return Err(SetupError::NotHttps(endpoint.base_url.clone()));
        }
        if let Some(proxy) = endpoint.proxy.as_ref().filter(|proxy| !is_loopback(proxy))
            && base.scheme() != "https"
        {
            return Err(SetupError::ClearThroughProxy(transport::host(proxy)));
        }
        Ok(Self {
            reads: Transport::for_reads(&base, endpoint)?,
            pays: Transport::for_pay(&base, endpoint)?,
            told: Mutex::default(),
        })
    }

    /// Host and port, for people.
    pub fn host(&self) -> &str {
        self.reads.host()
    }

    /// A page of `orderList.do`.
    pub async fn list(&self, query: &ListQuery) -> Result<Answer<OrderPage>, ReadError> {
        let mut body = json!({ "page": query.page.max(1), "pageSize": query.page_size.clamp(1, 100) });
        let bounds = [("createTimeRangeFrom", query.created_from), ("createTimeRangeTo", query.created_to)];
        for (key, at) in bounds {
            if let Some(at) = at {
                body[key] = json!(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
            }
        }
        let fetched = self.read("orderList.do", &body, LIST_LIMIT).await?;
        fetched.read(answer::page)
    }

    /// `queryOrderDetails.do`: the source of truth about an order.
    pub async fn query(&self, order: OrderNo) -> Result<Answer<Order>, ReadError> {
        let body = json!({ "orderNo": order.as_str() });
        let fetched = self.read("queryOrderDetails.do", &body, DETAILS_LIMIT).await?;
        let answer = fetched.read(answer::order)?;
        match answer.value {
            None => Err(ReadError::NoSuchOrder),
            Some((found, _)) if found.no != order => {
                Err(ReadError::NotTheApi(format!("an answer about {}", found.no)))
            }
            Some((found, oddities)) => {
                self.tell(order, &oddities);
                Ok(Answer { value: found, server_time: answer.server_time })
            }
        }
    }

    /// Says in the log what is odd in an answer about `order`: once of each field, since it is asked for often.
    fn tell(&self, order: OrderNo, oddities: &[Oddity]) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() > TOLD {
            told.clear();
        }
        for Oddity { field, form, is_unclear } in oddities {
            if !told.insert((order, *field)) {
                continue;
            }
            if *is_unclear {
                tracing::warn!(%order, field, %form, "not understood: unknown, and nothing is paid on it");
            } else {
                tracing::warn!(%order, field, %form, "rounded: digits below the smallest unit mean nothing");
            }
        }
    }

    /// `balance.do`.
    pub async fn balance(&self, currency: Currency) -> Result<Answer<Money>, ReadError> {
        let fetched = self.read("balance.do", &json!({ "currency": currency.code() }), OTHER_LIMIT).await?;
        let answer = fetched.read(|body| answer::balance(body, currency))?;
        let value = answer.value.ok_or_else(|| ReadError::NotTheApi("no balance in the answer".into()))?;
        Ok(Answer { value, server_time: answer.server_time })
    }

    /// `regenerateOrder.do`: makes a new order from a dead one. Not idempotent: never call it again on a doubt.
    pub async fn regenerate(&self, original: OrderNo) -> Effect<OrderNo> {
        let body = json!({ "originalOrderNo": original.as_str() });
        let made = |body: &[u8]| answer::regenerated(body).ok().flatten();
        self.effect("regenerateOrder.do", &body, |body| made(body).ok_or(())).await
    }

    /// `stopTicket.do`: asks to stop ticketing. Done means only that the vendor tries.
    pub async fn stop(&self, order: OrderNo) -> Effect<()> {
        self.effect("stopTicket.do", &json!({ "orderNo": order.as_str() }), |_| Ok(())).await
    }

    /// `event/getPageList.do`: the newest incidents, as notices.
    pub async fn incidents(&self) -> Result<Answer<Vec<Notice>>, ReadError> {
        let body = json!({ "pageIndex": 1, "pageSize": INCIDENTS });
        let fetched = self.read("event/getPageList.do", &body, LIST_LIMIT).await?;
        fetched.read(notice::incidents)
    }

    /// `updateWebhookURL.do`: from now on the vendor sends the account's events to `url`, and to no other address.
    pub async fn register_webhook(&self, url: &str) -> Effect<()> {
        self.effect("updateWebhookURL.do", &json!({ "url": url }), |_| Ok(())).await
    }

    async fn read(&self, name: &str, body: &serde_json::Value, limit: usize) -> Result<Fetched, ReadError> {
        let fetched = self.reads.post(name, body.to_string().into(), limit).await;
        fetched.map_err(|failure| failure.into_read_error(&self.reads))?.checked()
    }

    async fn effect<T>(
        &self,
        name: &str,
        body: &serde_json::Value,
        read: impl FnOnce(&[u8]) -> Result<T, ()>,
    ) -> Effect<T> {
        match self.pays.post(name, body.to_string().into(), OTHER_LIMIT).await {
            Err(failure) => match failure.into_sent(&self.pays) {
                Ok(not_sent) => Effect::NotSent(not_sent),
                Err(doubt) => Effect::Doubt(doubt),
            },
            Ok(fetched) => match pay::verdict(fetched.http, &fetched.body, None) {
                Err(doubt) => Effect::Doubt(doubt),
                Ok((0, _)) => match read(&fetched.body) {
                    Ok(value) => Effect::Done(value),
                    Err(()) => Effect::Doubt(Doubt::Unreadable("status 0 without a result".into())),
                },
                Ok((status, msg)) => Effect::Refused { status, msg: msg.unwrap_or_default() },
            },
        }
    }
}
