//! `queryOrderDetails.do`, `orderList.do` and `balance.do`: what changes nothing.

use jiff::Timestamp;

use super::state::World;
use crate::{
    domain::money::{Currency, Money},
    sim::{order::Order, refusal::Refusal, time::secs},
};

/// `queryOrderDetails.do`, as asked.
#[derive(Default)]
pub(in crate::sim) struct Find {
    pub order_no: Option<String>,
    pub pnr_code: Option<String>,
    pub airline_pnr: Option<String>,
    pub carrier: Option<String>,
}

/// `orderList.do`, as asked. What is empty does not filter.
#[derive(Default)]
pub(in crate::sim) struct Filter {
    pub order_no: Option<String>,
    pub airline_pnrs: Vec<String>,
    pub pax_name: Option<String>,
    pub contact_email: Option<String>,
    pub from_city: Option<String>,
    pub to_city: Option<String>,
    /// `yyyyMMdd`.
    pub dep_date: Option<String>,
    pub created_from: Option<Timestamp>,
    pub created_to: Option<Timestamp>,
    pub statuses: Vec<i64>,
    pub airlines: Vec<String>,
    /// From 1.
    pub page: usize,
    /// At most 100.
    pub page_size: usize,
}

/// One page of orders, newest first.
pub(in crate::sim) struct Page<'a> {
    pub orders: Vec<&'a Order>,
    /// How many orders there are on all pages.
    pub total: usize,
}

impl World {
    /// `queryOrderDetails.do`.
    pub(in crate::sim) fn query(&self, asked: &Find) -> Result<&Order, Refusal> {
        let unknown = || Refusal::new(703, "No order found, please check the parameter");
        let fits = |order: &Order| {
            asked.pnr_code.as_ref().is_none_or(|code| *code == order.pnr_code)
                && asked.airline_pnr.as_ref().is_none_or(|pnr| order.locators().contains(pnr))
                && asked.carrier.as_ref().is_none_or(|code| order.routing.flies(code))
        };
        if let Some(order_no) = &asked.order_no {
            let order = self.find(order_no).ok_or_else(unknown)?;
            return if fits(order) {
                Ok(order)
            } else {
                Err(Refusal::new(704, "The parameters do not match each other"))
            };
        }
        if asked.pnr_code.is_none() && (asked.airline_pnr.is_none() || asked.carrier.is_none()) {
            return Err(Refusal::new(702, "orderNo, or airlinePNR and carrier are required"));
        }
        let mut found = self.orders.iter().filter(|order| fits(order));
        match (found.next(), found.next()) {
            (Some(order), None) => Ok(order),
            (None, _) => Err(unknown()),
            (Some(_), Some(_)) => Err(Refusal::new(701, "Several orders match")),
        }
    }

    /// `orderList.do`.
    pub(in crate::sim) fn list(&self, asked: &Filter) -> Page<'_> {
        let first =
            asked.created_from.map_or(0, |from| self.orders.partition_point(|order| order.created < from));
        // The filter speaks in seconds, so the last second is meant whole.
        let end = asked.created_to.map_or(self.orders.len(), |to| {
            self.orders.partition_point(|order| order.created < to + secs(1))
        });
        let range = self.orders.get(first..end).unwrap_or_default();
        let skipped = asked.page.saturating_sub(1).saturating_mul(asked.page_size);
        if asked.is_of_time_only() {
            let orders = range.iter().rev().skip(skipped).take(asked.page_size).collect();
            return Page { orders, total: range.len() };
        }
        let matching = || range.iter().rev().filter(|order| asked.admits(order));
        Page { orders: matching().skip(skipped).take(asked.page_size).collect(), total: matching().count() }
    }

    /// `balance.do`: what is on the account in that currency, if there is one.
    pub(in crate::sim) fn balance(&self, currency: Currency) -> Option<Money> {
        self.ledger.balance(currency)
    }
}

impl Filter {
    fn is_of_time_only(&self) -> bool {
        self.statuses.is_empty()
            && self.airlines.is_empty()
            && self.airline_pnrs.is_empty()
            && [
                &self.order_no,
                &self.pax_name,
                &self.contact_email,
                &self.from_city,
                &self.to_city,
                &self.dep_date,
            ]
            .iter()
            .all(|filter| filter.is_none())
    }

    fn admits(&self, order: &Order) -> bool {
        fn admits<T: PartialEq>(wanted: &[T], has: impl Fn(&T) -> bool) -> bool {
            wanted.is_empty() || wanted.iter().any(has)
        }
        let routing = &order.routing;
        let ends = routing.ends();
        admits(&self.statuses, |status| *status == i64::from(order.status()))
            && self.order_no.as_ref().is_none_or(|no| no == order.no.as_str())
            && admits(&self.airlines, |code| routing.flies(code))
            && admits(&self.airline_pnrs, |pnr| order.locators().contains(pnr))
            && self.pax_name.as_ref().is_none_or(|name| order.travellers.iter().any(|one| one.name == *name))
            && self
                .contact_email
                .as_ref()
                .is_none_or(|mail| order.contact.email.as_ref().is_some_and(|one| one == mail))
            && self.from_city.as_ref().is_none_or(|city| ends.is_some_and(|(from, _)| from.city == city))
            && self.to_city.as_ref().is_none_or(|city| ends.is_some_and(|(_, to)| to.city == city))
            && self.dep_date.as_ref().is_none_or(|day| {
                routing
                    .flights
                    .first()
                    .is_some_and(|flight| flight.departs.strftime("%Y%m%d").to_string() == *day)
            })
    }
}
