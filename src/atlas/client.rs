//! The client: one method for each call of the API, but for `pay.do`, which has a file of its own.

use std::{
    collections::HashSet,
    fmt,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use reqwest::Url;
use serde_json::json;

use super::{
    answer::{self, OrderPage},
    endpoint::{Endpoint, SetupError, is_loopback},
    notification,
    odd::Oddity,
    outcome::{Answer, CallOutcome},
    transport::{self, Fetched, Transport},
    verdict::verdict,
};
use crate::domain::{
    attempt::Doubt,
    find::Find,
    money::{Currency, Money},
    notification::Notification,
    order::{Order, OrderNo},
    read_error::ReadError,
    text::Text,
};

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
    /// Only what this finds.
    pub find: Option<Find>,
}

const MIB: usize = 1 << 20;

/// The most that an answer may be when unpacked.
const LIST_LIMIT: usize = 16 * MIB;
const DETAILS_LIMIT: usize = 4 * MIB;
/// So many incidents are asked for at a time.
const INCIDENTS: u32 = 50;
pub(super) const OTHER_LIMIT: usize = MIB;

/// So many odd fields are remembered; then the log may report of them again.
const REPORTED_AT_MOST: usize = 10_000;

/// The client.
pub struct Client {
    reads: Transport,
    pub(super) pays: Transport,
    /// Of which fields of which orders the log has reported that they are odd.
    reported: Mutex<HashSet<(OrderNo, &'static str)>>,
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
            reported: Mutex::default(),
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
        match &query.find {
            None => {}
            Some(Find::Passenger(name)) => body["paxName"] = json!(name.as_str()),
            Some(Find::Pnr(pnr)) => body["airlinePNRs"] = json!([pnr.as_str()]),
            Some(Find::Email(address)) => body["contactEmail"] = json!(address.as_str()),
            Some(Find::Route(from, to)) => {
                body["fromCity"] = json!(from.as_str());
                body["toCity"] = json!(to.as_str());
            }
            Some(Find::Departure(day)) => body["depDate"] = json!(day.strftime("%Y%m%d").to_string()),
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
                self.report(order, &oddities);
                Ok(Answer { value: found, server_time: answer.server_time })
            }
        }
    }

    /// Says in the log what is odd in an answer about `order`: once of each field, since it is asked for often.
    fn report(&self, order: OrderNo, oddities: &[Oddity]) {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        if reported.len() > REPORTED_AT_MOST {
            reported.clear();
        }
        for Oddity { field, form, is_unclear } in oddities {
            if !reported.insert((order, *field)) {
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
    pub async fn regenerate(&self, original: OrderNo) -> CallOutcome<OrderNo> {
        let body = json!({ "originalOrderNo": original.as_str() });
        let made = |body: &[u8]| answer::regenerated(body).ok().flatten();
        self.effect("regenerateOrder.do", &body, |body| made(body).ok_or(())).await
    }

    /// `orderCommit.do`: where the traveller confirms at the airline. Asking again costs nothing.
    pub async fn commit(&self, order: OrderNo) -> CallOutcome<Text> {
        let body = json!({ "orderNo": order.as_str() });
        let is_link =
            |link: &Text| link.parse::<Url>().is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
        let link = |body: &[u8]| answer::confirmation_url(body).ok().flatten().filter(is_link);
        self.effect("orderCommit.do", &body, |body| link(body).ok_or(())).await
    }

    /// `stopTicket.do`: asks to stop ticketing. Done means only that the vendor tries.
    pub async fn stop(&self, order: OrderNo) -> CallOutcome<()> {
        self.effect("stopTicket.do", &json!({ "orderNo": order.as_str() }), |_| Ok(())).await
    }

    /// `confirmBaggageLoss.do`: accepts the loss on the baggage of an order. Done means only that the vendor has taken it.
    pub async fn confirm_baggage_loss(&self, order: OrderNo) -> CallOutcome<()> {
        self.effect("confirmBaggageLoss.do", &json!({ "orderNo": order.as_str() }), |_| Ok(())).await
    }

    /// `event/getPageList.do`: the newest incidents, as notifications.
    pub async fn incidents(&self) -> Result<Answer<Vec<Notification>>, ReadError> {
        let body = json!({ "pageIndex": 1, "pageSize": INCIDENTS });
        let fetched = self.read("event/getPageList.do", &body, LIST_LIMIT).await?;
        fetched.read(notification::incidents)
    }

    /// `updateWebhookURL.do`: from now on the vendor sends the account's events to `url`, and to no other address.
    pub async fn register_webhook(&self, url: &str) -> CallOutcome<()> {
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
    ) -> CallOutcome<T> {
        match self.pays.post(name, body.to_string().into(), OTHER_LIMIT).await {
            Err(failure) => match failure.into_sent(&self.pays) {
                Ok(not_sent) => CallOutcome::NotSent(not_sent),
                Err(doubt) => CallOutcome::Doubt(doubt),
            },
            Ok(fetched) => match verdict(fetched.http, &fetched.body, None) {
                Err(doubt) => CallOutcome::Doubt(doubt),
                Ok((0, _)) => match read(&fetched.body) {
                    Ok(value) => CallOutcome::Done(value),
                    Err(()) => CallOutcome::Doubt(Doubt::Unreadable("status 0 without a result".into())),
                },
                Ok((status, msg)) => CallOutcome::Refused { status, msg: msg.unwrap_or_default() },
            },
        }
    }
}
