//! `queryOrderDetails.do`, `orderList.do` and `balance.do`.

use serde_json::Value;

use super::fields::Fields;
use crate::{
    domain::money::Currency,
    sim::{
        refusal::Refusal,
        world::{Filter, Find},
    },
};

/// `queryOrderDetails.do`.
pub(in crate::sim) fn query(body: &Value) -> Result<Find, Refusal> {
    let fields = Fields::of(body)?;
    Ok(Find {
        order_no: fields.filter("orderNo")?,
        pnr_code: fields.filter("pnrCode")?,
        airline_pnr: fields.filter("airlinePNR")?,
        carrier: fields.filter("carrier")?,
    })
}

/// `orderList.do`.
pub(in crate::sim) fn list(body: &Value) -> Result<Filter, Refusal> {
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

/// `balance.do`.
pub(in crate::sim) fn balance(body: &Value) -> Result<Currency, Refusal> {
    let fields = Fields::of(body)?;
    let code = fields.required("currency", 100)?;
    Currency::parse(&code).ok_or_else(|| fields.ill_typed("currency", "a three-letter code"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
