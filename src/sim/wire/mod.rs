//! Requests as they arrive: checked field by field, and the first fault is named as the vendor would.

mod booking;

use jiff::{Timestamp, civil};
use serde_json::{Map, Value};

pub(super) use self::booking::{commit, order, search, verify};
use super::{
    Refusal,
    card::Card,
    order::SINGAPORE,
    world::{Filter, Find, IncidentFilter, Pay},
};
use crate::domain::{method::PaymentMethod, money::Currency};

/// An object of a request, and the name by which messages call its fields.
struct Fields<'a> {
    map: &'a Map<String, Value>,
    within: &'static str,
}

impl<'a> Fields<'a> {
    fn of(body: &'a Value) -> Result<Self, Refusal> {
        let map = body.as_object().ok_or_else(|| Refusal::new(400, "the body must be a JSON object"))?;
        Ok(Self { map, within: "" })
    }

    fn ill_typed(&self, name: &str, want: &str) -> Refusal {
        Refusal::new(400, format!("{}{name} must be {want}", self.within))
    }

    /// A field that is given; null counts as left out.
    fn given(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        self.given(name)
            .map(|value| value.as_str().map(str::to_owned).ok_or_else(|| self.ill_typed(name, "a string")))
            .transpose()
    }

    /// A filter: an empty text means none.
    fn filter(&self, name: &str) -> Result<Option<String>, Refusal> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()))
    }

    fn required(&self, name: &str, status: i64) -> Result<String, Refusal> {
        self.filter(name)?.ok_or_else(|| Refusal::new(status, format!("{}{name} is required", self.within)))
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, Refusal> {
        self.list(name, "a list of strings", |item| item.as_str().map(str::to_owned))
    }

    fn list<T>(&self, name: &str, want: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, Refusal> {
        let Some(value) = self.given(name) else { return Ok(Vec::new()) };
        let items = value.as_array().map(|items| items.iter().map(read).collect::<Option<Vec<T>>>());
        items.flatten().ok_or_else(|| self.ill_typed(name, want))
    }

    /// The schema calls page numbers strings, the samples show integers.
    fn page(&self, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
        let Some(value) = self.given(name) else { return Ok(default) };
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        number
            .and_then(|number| usize::try_from(number).ok())
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| self.ill_typed(name, &format!("an integer from 1 to {most}")))
    }

    /// Numbers of people: integers, though some clients write them as texts.
    fn count(&self, name: &str, default: Option<u8>, status: i64) -> Result<u8, Refusal> {
        let Some(value) = self.given(name) else {
            return default.ok_or_else(|| Refusal::new(status, format!("{}{name} is required", self.within)));
        };
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        number
            .and_then(|number| u8::try_from(number).ok())
            .ok_or_else(|| Refusal::new(status, format!("{}{name} must be a small integer", self.within)))
    }

    /// `yyyyMMdd`. An empty text means none.
    fn day(&self, name: &str, status: i64) -> Result<Option<civil::Date>, Refusal> {
        let wrong = || Refusal::new(status, format!("{}{name} must be a date such as 20260131", self.within));
        let read = |text: String| civil::Date::strptime("%Y%m%d", &text).map_err(|_| wrong());
        self.filter(name)?.map(read).transpose()
    }

    /// `yyyy-MM-dd HH:mm:ss`.
    fn local_time(&self, name: &str) -> Result<Option<civil::DateTime>, Refusal> {
        let read = |text: String| {
            civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", &text)
                .map_err(|_| self.ill_typed(name, "a time such as 2026-01-31 08:00:00"))
        };
        self.filter(name)?.map(read).transpose()
    }

    fn singapore_time(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let local = self.local_time(name)?;
        local
            .map(|local| SINGAPORE.to_timestamp(local).map_err(|_| self.ill_typed(name, "a time of our age")))
            .transpose()
    }

    fn object(&self, name: &str, within: &'static str) -> Result<Option<Fields<'a>>, Refusal> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Fields { map, within })),
            Some(_) => Err(self.ill_typed(name, "an object")),
        }
    }

    fn time(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        self.filter(name)?
            .map(|text| {
                text.parse().map_err(|_| self.ill_typed(name, "a UTC time such as 2026-01-31T08:00:00Z"))
            })
            .transpose()
    }
}

/// `pay.do`. What the documents call mandatory is 100 when it is missing, a missing card 400. Without a method
/// the deposit pays, as it does on the vendor's test system.
pub(super) fn pay(body: &Value) -> Result<Pay, Refusal> {
    let fields = Fields::of(body)?;
    let order_no = fields.required("orderNo", 100)?;
    let method = match fields.given("paymentMethod") {
        None => PaymentMethod::Deposit,
        Some(number) => number
            .as_i64()
            .and_then(PaymentMethod::from_number)
            .ok_or_else(|| fields.ill_typed("paymentMethod", "one of 1, 3, 4, 5"))?,
    };
    let card = if method.needs_card() {
        let object = fields.object("creditCard", "creditCard.")?;
        Some(card(&object.ok_or_else(|| Refusal::new(400, "creditCard is required"))?)?)
    } else {
        None
    };
    Ok(Pay { order_no, method, card })
}

fn card(fields: &Fields<'_>) -> Result<Card, Refusal> {
    let limit = fields
        .given("paymentLimit")
        .map(|value| value.as_u64().ok_or_else(|| fields.ill_typed("paymentLimit", "an integer")))
        .transpose()?;
    if fields.given("reusable").is_some_and(|value| !value.is_boolean()) {
        return Err(fields.ill_typed("reusable", "a boolean"));
    }
    if fields.given("threeDS").is_some_and(|value| !value.is_object()) {
        return Err(fields.ill_typed("threeDS", "an object"));
    }
    Ok(Card {
        number: fields.required("cardNumber", 400)?,
        cvv: fields.text("cardCVV")?,
        month: fields.required("cardExpireMonth", 400)?,
        year: fields.required("cardExpireYear", 400)?,
        last_name: fields.required("cardHolderLastName", 400)?,
        first_name: fields.required("cardHolderFirstName", 400)?,
        country: fields.text("cardHolderCountry")?,
        province: fields.text("cardHolderProvince")?,
        city: fields.text("cardHolderCity")?,
        post_code: fields.text("cardHolderPostCode")?,
        street: fields.text("cardHolderAddress")?,
        limit: limit.map(Into::into),
    })
}

/// `queryOrderDetails.do`.
pub(super) fn query(body: &Value) -> Result<Find, Refusal> {
    let fields = Fields::of(body)?;
    Ok(Find {
        order_no: fields.filter("orderNo")?,
        pnr_code: fields.filter("pnrCode")?,
        airline_pnr: fields.filter("airlinePNR")?,
        carrier: fields.filter("carrier")?,
    })
}

/// `orderList.do`.
pub(super) fn list(body: &Value) -> Result<Filter, Refusal> {
    let fields = Fields::of(body)?;
    let known = |value: &Value| value.as_i64().filter(|status| matches!(status, 0 | 1 | 2 | -3));
    Ok(Filter {
        order_no: fields.filter("orderNo")?,
        airline_pnrs: fields.texts("airlinePNRs")?,
        pax_name: fields.filter("paxName")?,
        contact_email: fields.filter("contactEmail")?,
        from_city: fields.filter("fromCity")?,
        to_city: fields.filter("toCity")?,
        dep_date: fields.filter("depDate")?,
        created_from: fields.time("createTimeRangeFrom")?,
        created_to: fields.time("createTimeRangeTo")?,
        statuses: fields.list("orderStatus", "a list of 0, 1, 2, -3", known)?,
        airlines: fields.texts("airlines")?,
        page: fields.page("page", 1, usize::MAX)?,
        page_size: fields.page("pageSize", 20, 100)?,
    })
}

/// `regenerateOrder.do`.
pub(super) fn regenerate(body: &Value) -> Result<String, Refusal> {
    Fields::of(body)?.required("originalOrderNo", 307)
}

/// `stopTicket.do`.
pub(super) fn stop(body: &Value) -> Result<String, Refusal> {
    Fields::of(body)?.required("orderNo", 100)
}

/// `balance.do`.
pub(super) fn balance(body: &Value) -> Result<Currency, Refusal> {
    let fields = Fields::of(body)?;
    let code = fields.required("currency", 100)?;
    Currency::parse(&code).ok_or_else(|| fields.ill_typed("currency", "a three-letter code"))
}

/// `updateWebhookURL.do`: the address and, in older requests, the client.
pub(super) fn webhook(body: &Value) -> Result<String, Refusal> {
    let fields = Fields::of(body)?;
    let url = fields.required("url", 100)?;
    let is_url = ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme));
    if is_url { Ok(url) } else { Err(fields.ill_typed("url", "a URL")) }
}

/// `event/getPageList.do`. Its times are those of Singapore, departures those of the airport. What happened has
/// not been updated since.
pub(super) fn incidents(body: &Value) -> Result<IncidentFilter, Refusal> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_fault_of_a_payment_is_named() {
        let card = json!({
            "cardNumber": "4111111111111111", "cardCVV": "123", "cardExpireMonth": "03",
            "cardExpireYear": "2031", "cardHolderLastName": "KELLER", "cardHolderFirstName": "GRETA",
            "paymentLimit": 400, "threeDS": null,
        });
        let with = |field: &str, value: Value| {
            let mut card = card.clone();
            card[field] = value;
            json!({ "orderNo": "A", "paymentMethod": 3, "creditCard": card })
        };
        let check = |body: Value, want: Option<(i64, &str)>| {
            let got = pay(&body).err().map(|refusal| (refusal.status, refusal.msg));
            assert_eq!(got.as_ref().map(|(status, msg)| (*status, msg.as_str())), want, "{body}");
        };
        check(json!({ "orderNo": "A", "paymentMethod": 1 }), None);
        check(json!({ "orderNo": "A", "paymentMethod": 4, "creditCard": null, "more": {} }), None);
        check(with("cardHolderCity", Value::Null), None);
        check(json!([]), Some((400, "the body must be a JSON object")));
        check(json!({ "paymentMethod": 1 }), Some((100, "orderNo is required")));
        check(json!({ "orderNo": "", "paymentMethod": 1 }), Some((100, "orderNo is required")));
        check(json!({ "orderNo": 7, "paymentMethod": 1 }), Some((400, "orderNo must be a string")));
        check(json!({ "orderNo": "A" }), None);
        check(
            json!({ "orderNo": "A", "paymentMethod": 2 }),
            Some((400, "paymentMethod must be one of 1, 3, 4, 5")),
        );
        check(
            json!({ "orderNo": "A", "paymentMethod": "1" }),
            Some((400, "paymentMethod must be one of 1, 3, 4, 5")),
        );
        check(json!({ "orderNo": "A", "paymentMethod": 3 }), Some((400, "creditCard is required")));
        check(
            json!({ "orderNo": "A", "paymentMethod": 5, "creditCard": "x" }),
            Some((400, "creditCard must be an object")),
        );
        check(with("cardNumber", Value::Null), Some((400, "creditCard.cardNumber is required")));
        check(with("cardNumber", json!(41)), Some((400, "creditCard.cardNumber must be a string")));
        check(with("cardExpireMonth", json!("")), Some((400, "creditCard.cardExpireMonth is required")));
        check(with("paymentLimit", json!(1.5)), Some((400, "creditCard.paymentLimit must be an integer")));
        check(with("reusable", json!("no")), Some((400, "creditCard.reusable must be a boolean")));
    }

    #[test]
    fn list_filters_are_read_leniently_only_where_the_documents_disagree() {
        let empty =
            json!({ "orderNo": "", "airlinePNRs": [], "page": "2", "pageSize": 50, "orderStatus": [0, -3] });
        let filter = list(&empty).unwrap();
        assert_eq!((filter.page, filter.page_size, filter.order_no), (2, 50, None));
        assert_eq!(filter.statuses, [0, -3]);
        for wrong in [
            json!({ "pageSize": 101 }),
            json!({ "page": 0 }),
            json!({ "orderStatus": [3] }),
            json!({ "orderStatus": ["0"] }),
            json!({ "createTimeRangeFrom": "yesterday" }),
            json!({ "airlines": "TR" }),
        ] {
            assert_eq!(list(&wrong).err().map(|refusal| refusal.status), Some(400), "{wrong}");
        }
    }
}
