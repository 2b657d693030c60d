//! `orderList.do`: a page of orders, each in short.

use serde::Deserialize;

use super::query::ticketing_error;
use crate::{
    atlas::field::{Field, document},
    domain::{
        order::{Airline, Order, OrderStatus},
        text::Text,
    },
};

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

/// Reads a page of `orderList.do`.
pub fn page(body: &[u8]) -> serde_json::Result<OrderPage> {
    let answer: ListAnswer<'_> = document(body)?;
    let items = answer.orders.list();
    let orders: Vec<Order> = items.iter().filter_map(|item| listed(&item.object())).collect();
    Ok(OrderPage {
        total: answer.total_records.integer().and_then(|total| u64::try_from(total).ok()),
        skipped: items.len() - orders.len(),
        orders,
    })
}

fn listed(item: &ListItem<'_>) -> Option<Order> {
    let order = Order {
        no: item.order_no.parse()?,
        pnr_code: item.pnr_code.text(),
        status: OrderStatus::from_number(item.order_status.integer()),
        from: item.from_city.text(),
        to: item.to_city.text(),
        airlines: airlines(&item.airlines.texts()),
        passengers: item.pax_names.list().into_iter().filter_map(Field::text).collect(),
        departs: item.dep_date.date(),
        created: item.order_create_timestamp.utc_time(),
        paid_at: item.payment_timestamp.utc_time(),
        airline_pnrs: item.airline_pnrs.texts(),
        ticketing_error: ticketing_error(item.error_code, item.error_message),
        details: None,
    };
    Some(order.fitted())
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
