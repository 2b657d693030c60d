//! `orderList.do`: a page of orders, each in short.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use super::query::ticketing_error;
use crate::{
    atlas::field::{Field, Object, document},
    domain::{
        order::{Airline, Order, OrderStatus},
        text::Text,
    },
};

/// An answer as nearly every one is: a list of objects, each made an order as it is come to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainAnswer<'a> {
    #[serde(borrow, default)]
    total_records: Field<'a>,
    orders: Listed,
}

/// Orders as they were listed, and how many items there were.
#[derive(Default)]
struct Listed {
    orders: Vec<Order>,
    items: usize,
}

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;

        impl<'de> Visitor<'de> for Items {
            type Value = Listed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of objects")
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Listed, S::Error> {
                let mut all = Listed::default();
                while let Some(Object(item)) = items.next_element::<Object<ListItem<'de>>>()? {
                    all.items += 1;
                    all.orders.extend(listed(&item));
                }
                Ok(all)
            }
        }

        deserializer.deserialize_seq(Items)
    }
}

/// The same, whatever it holds.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ListAnswer<'a> {
    #[serde(borrow)]
    total_records: Field<'a>,
    orders: Field<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ListItem<'a> {
    #[serde(borrow)]
    order_no: Field<'a>,
    pnr_code: Field<'a>,
    #[serde(rename = "airlinePNRs")]
    airline_pnrs: Field<'a>,
    order_status: Field<'a>,
    dep_date: Field<'a>,
    airlines: Field<'a>,
    order_create_timestamp: Field<'a>,
    payment_timestamp: Field<'a>,
    pax_names: Field<'a>,
    from_city: Field<'a>,
    to_city: Field<'a>,
    error_code: Field<'a>,
    error_message: Field<'a>,
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderPage {
    /// The orders that could be read.
    pub orders: Vec<Order>,
    /// How many there are on all pages, if the answer says.
    pub total: Option<u64>,
    /// Items without a readable order number.
    pub skipped: usize,
}

/// Reads a page of `orderList.do`: in one go, and where anything in it is odd once more, each item by itself, so that it spoils
/// no other.
pub fn page(body: &[u8]) -> serde_json::Result<OrderPage> {
    let (total, Listed { orders, items }) = match document::<PlainAnswer<'_>>(body) {
        Ok(plain) => (plain.total_records, plain.orders),
        Err(_) => item_by_item(body)?,
    };
    let total = total.integer().and_then(|total| u64::try_from(total).ok());
    Ok(OrderPage { total, skipped: items - orders.len(), orders })
}

fn item_by_item(body: &[u8]) -> serde_json::Result<(Field<'_>, Listed)> {
    let answer: ListAnswer<'_> = document(body)?;
    let items = answer.orders.list();
    let orders = items.iter().filter_map(|item| listed(&item.object())).collect();
    Ok((answer.total_records, Listed { orders, items: items.len() }))
}

fn listed(item: &ListItem<'_>) -> Option<Order> {
    Some(Order {
        no: item.order_no.parse()?,
        pnr_code: item.pnr_code.text(),
        status: OrderStatus::from_number(item.order_status.integer()),
        from: item.from_city.text(),
        to: item.to_city.text(),
        airlines: airlines(&item.airlines.texts()).into(),
        passengers: item.pax_names.list().into_iter().filter_map(Field::text).collect(),
        departs: item.dep_date.date(),
        created: item.order_create_timestamp.utc_time(),
        paid_at: item.payment_timestamp.utc_time(),
        airline_pnrs: item.airline_pnrs.texts().into(),
        ticketing_error: ticketing_error(item.error_code, item.error_message),
        details: None,
    })
}

fn airlines(codes: &[Text]) -> Vec<Airline> {
    let mut airlines: Vec<Airline> = Vec::with_capacity(codes.len());
    for airline in codes.iter().filter_map(|code| Airline::parse(code)) {
        if !airlines.contains(&airline) {
            airlines.push(airline);
        }
    }
    airlines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_items(body: &[u8]) -> Option<OrderPage> {
        let (total, Listed { orders, items }) = item_by_item(body).ok()?;
        let total = total.integer().and_then(|total| u64::try_from(total).ok());
        Some(OrderPage { total, skipped: items - orders.len(), orders })
    }

    /// Any value that may stand where another one belongs.
    fn value() -> impl Strategy<Value = String> {
        let plain = [
            "null",
            "true",
            "0",
            "-3",
            "1e999",
            "1.0",
            "[]",
            "{}",
            "[1,2]",
            "{\"a\":[{}]}",
            "\"\"",
            "\" x \"",
            "\"\\u738b\"",
            "\"TESTA20261122135802207\"",
            "[\"A|B\",7,null]",
            "\"2026-11-03T06:20:48Z\"",
            "\"20261205\"",
            "[\"5J\",\"5J\"]",
        ];
        prop::sample::select(plain.to_vec()).prop_map(str::to_owned)
    }

    fn item() -> impl Strategy<Value = String> {
        let keys = [
            "orderNo",
            "orderNo",
            "orderStatus",
            "airlinePNRs",
            "paxNames",
            "airlines",
            "depDate",
            "errorCode",
            "orderCreateTimestamp",
            "fromCity",
            "pnrCode",
            "unheardOf",
        ];
        let field = (prop::sample::select(keys.to_vec()), value())
            .prop_map(|(key, value)| format!("\"{key}\":{value}"));
        let object =
            prop::collection::vec(field, 0..8).prop_map(|fields| format!("{{{}}}", fields.join(",")));
        prop_oneof![8 => object, 1 => value()]
    }

    proptest! {
        #[test]
        fn a_page_that_is_read_in_one_go_is_the_one_that_is_read_item_by_item(
            items in prop::collection::vec(item(), 0..6),
            orders in prop::option::weighted(0.1, value()),
            total in value(),
        ) {
            let orders = orders.unwrap_or_else(|| format!("[{}]", items.join(" , ")));
            let body = format!("{{\"totalRecords\":{total},\"status\":0,\"orders\":{orders}}}");
            prop_assert_eq!(page(body.as_bytes()).ok(), by_items(body.as_bytes()), "{}", body);
            if let Ok(plain) = document::<PlainAnswer<'_>>(body.as_bytes()) {
                prop_assert_eq!(plain.orders.orders, by_items(body.as_bytes()).unwrap().orders);
            }
        }
    }

    #[test]
    fn an_ordinary_page_is_read_in_one_go() {
        let body = br#"{"status":0,"totalRecords":1,"orders":[{"orderNo":"TESTA20261122135802207","orderStatus":"1"}]}"#;
        assert!(document::<PlainAnswer<'_>>(body).is_ok_and(|plain| plain.orders.orders.len() == 1));
    }
}
