//! `updateWebhookURL.do` and `event/getPageList.do`.

use serde_json::Value;

use super::fields::Fields;
use crate::sim::{refusal::Refusal, world::IncidentFilter};

/// `updateWebhookURL.do`: the address and, in older requests, the client.
pub(in crate::sim) fn webhook(body: &Value) -> Result<String, Refusal> {
    let fields = Fields::of(body)?;
    let url = fields.required("url", 100)?;
    let is_url = ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme));
    if is_url { Ok(url) } else { Err(fields.ill_typed("url", "a URL")) }
}

/// `event/getPageList.do`. Its times are those of Singapore, departures those of the airport. What happened has
/// not been updated since.
pub(in crate::sim) fn incidents(body: &Value) -> Result<IncidentFilter, Refusal> {
    let fields = Fields::of(body)?;
    if fields.given("pageSize").is_none() {
        return Err(Refusal::new(100, "pageSize is required"));
    }
    Ok(IncidentFilter {
        event_id: fields.filter("eventId")?,
        order_no: fields.filter("orderNo")?,
        kind: fields.filter("eventType")?,
        pnr: fields.filter("pnr")?,
        pax_name: fields.filter("paxName")?,
        pax_email: fields.filter("paxEmail")?,
        airline: fields.filter("airline")?,
        statuses: fields.list("eventStatus", "a list of 0 and 1", |value| {
            value.as_i64().filter(|status| matches!(status, 0 | 1))
        })?,
        from: fields.singapore_time("eventTimeStart")?.max(fields.singapore_time("updateTimeStart")?),
        to: fields.singapore_time("eventTimeEnd")?,
        departs_from: fields.local_time("depTimeStart")?,
        departs_to: fields.local_time("depTimeEnd")?,
        page: fields.page("pageIndex", 1, usize::MAX)?,
        page_size: fields.page("pageSize", 20, 1_000)?,
    })
}
