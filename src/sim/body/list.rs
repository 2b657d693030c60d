//! `orderList.do`: orders in short.

use serde_json::{Value, json};

use super::{
    encoder::Encoder,
    envelope::success,
    format::{day, utc},
    routing::airlines,
};
use crate::sim::{
    order::Order,
    world::{Filter, Page},
};

/// `orderList.do`: states are integers here, times UTC.
pub(in crate::sim) fn list(encoder: &Encoder<'_>, page: &Page<'_>, asked: &Filter) -> Value {
    let orders: Vec<Value> = page.orders.iter().map(|order| list_item(encoder, order)).collect();
    success(json!({
        "page": asked.page,
        "pageSize": asked.page_size,
        "totalRecords": page.total,
        "orders": orders,
    }))
}

fn list_item(encoder: &Encoder<'_>, order: &Order) -> Value {
    let failure = order.failure();
    let locators = order.locators();
    let ends = order.routing.ends();
    json!({
        "orderNo": order.no.as_str(),
        "pnrCode": order.pnr_code,
        "airlinePNRs": if locators.is_empty() { vec![] } else { vec![locators.join("|")] },
        "orderStatus": encoder.status(order),
        "depDate": order.routing.flights.first().map(|flight| day(flight.departs.date())),
        "airlines": airlines(&order.routing),
        "orderCreateTimestamp": utc(order.created),
        "paymentTimestamp": order.paid().map(|paid| encoder.utc(paid.at)),
        "paxNames": order.travellers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        "contactEmail": order.contact.email,
        "fromCity": ends.map(|(from, _)| from.city),
        "toCity": ends.map(|(_, to)| to.city),
        "errorCode": failure.map(|failure| failure.code.to_string()),
        "errorMessage": failure.map(|failure| failure.message),
    })
}
