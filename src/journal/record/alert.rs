//! How an alert is written: what it is about, and whether it was raised or acknowledged.

use serde::{Deserialize, Serialize};

use crate::domain::{
    alert::{AlertDid, Cause, Key},
    attempt::AttemptId,
    money::Currency,
    order::{Airline, OrderNo},
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlertRecord {
    did: String,
    about: String,
    step: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempt_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    airline: Option<String>,
}

impl AlertRecord {
    pub(super) fn of(key: Key, did: AlertDid) -> Self {
        let attempt = match key.cause {
            Cause::Declined(_, attempt) => attempt,
            Cause::InDoubt(_, attempt) | Cause::Conflict(_, attempt) | Cause::PaidElsewhere(_, attempt) => {
                Some(attempt)
            }
            Cause::Deadline(_)
            | Cause::TicketingLate(_)
            | Cause::BalanceLow(_)
            | Cause::AirlineTrouble(_) => None,
        };
        let currency = if let Cause::BalanceLow(currency) = key.cause { Some(currency) } else { None };
        let airline = if let Cause::AirlineTrouble(airline) = key.cause { Some(airline) } else { None };
        Self {
            did: did.word().to_owned(),
            about: key.cause.word().to_owned(),
            step: key.step,
            attempt_id: attempt.map(|attempt| attempt.0.to_string()),
            currency: currency.map(|currency| currency.to_string()),
            airline: airline.map(|airline| airline.to_string()),
        }
    }

    /// What it says of an order, or of none; nothing for what a newer version wrote.
    pub(super) fn alert(&self, order: Option<OrderNo>) -> Option<(Key, AlertDid)> {
        let attempt = || Some(AttemptId(self.attempt_id.as_deref()?.parse().ok()?));
        let cause = match &*self.about {
            "deadline" => Cause::Deadline(order?),
            "declined" => Cause::Declined(order?, attempt()),
            "ticketingLate" => Cause::TicketingLate(order?),
            "inDoubt" => Cause::InDoubt(order?, attempt()?),
            "conflict" => Cause::Conflict(order?, attempt()?),
            "paidElsewhere" => Cause::PaidElsewhere(order?, attempt()?),
            "balanceLow" => Cause::BalanceLow(Currency::parse(self.currency.as_deref()?)?),
            "airlineTrouble" => Cause::AirlineTrouble(Airline::parse(self.airline.as_deref()?)?),
            _ => return None,
        };
        Some((Key { cause, step: self.step }, AlertDid::of_word(&self.did)?))
    }
}
