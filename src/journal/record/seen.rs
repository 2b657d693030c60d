//! What was seen of an order, as it is written. Records before version 4 have the status and the error's code alone.

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use super::status::status_number;
use crate::domain::{
    few::Few,
    method::PaymentMethod,
    money::{Currency, Money},
    order::{Airline, OrderNo, OrderStatus, TicketingError},
    seen::{Row, Seen, Terms},
    text::Text,
};

#[derive(Serialize, Deserialize)]
pub(super) struct SeenRecord {
    status: Option<i64>,
    error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    row: Option<RowRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct RowRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    pnr_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    airlines: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passengers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    departs: Option<civil::Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    airline_pnrs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<TermsRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct TermsRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_fee: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_order_no: Option<OrderNo>,
}

#[derive(Serialize, Deserialize)]
struct MoneyRecord {
    amount: String,
    currency: String,
}

fn strings(texts: &[Text]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn texts(strings: &[String]) -> Few<Text> {
    strings.iter().map(|text| Text::new(text)).collect()
}

impl SeenRecord {
    pub(super) fn of(seen: &Seen) -> Self {
        Self {
            status: status_number(seen.status),
            error: seen.error.as_ref().map(|error| error.code.to_string()),
            message: seen.error.as_ref().and_then(|error| error.message.as_ref()).map(ToString::to_string),
            row: seen.row.as_ref().map(RowRecord::of),
            gone: seen.gone,
        }
    }

    pub(super) fn seen(self) -> Option<Seen> {
        let message = self.message.as_deref().map(Text::new);
        Some(Seen {
            status: OrderStatus::from_number(self.status),
            error: self.error.map(|code| TicketingError { code: Text::new(&code), message }.into()),
            row: match self.row {
                Some(row) => Some(row.row()?),
                None => None,
            },
            gone: self.gone,
        })
    }
}

impl RowRecord {
    fn of(row: &Row) -> Self {
        let string = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
        Self {
            pnr_code: string(&row.pnr_code),
            from: string(&row.from),
            to: string(&row.to),
            airlines: row.airlines.iter().map(ToString::to_string).collect(),
            passengers: strings(&row.passengers),
            departs: row.departs,
            created: row.created,
            paid_at: row.paid_at,
            airline_pnrs: strings(&row.airline_pnrs),
            terms: row.terms.as_deref().map(TermsRecord::of),
        }
    }

    fn row(self) -> Option<Row> {
        let text = |text: Option<String>| text.as_deref().map(Text::new);
        Some(Row {
            pnr_code: text(self.pnr_code),
            from: text(self.from),
            to: text(self.to),
            airlines: self.airlines.iter().map(|code| Airline::parse(code)).collect::<Option<_>>()?,
            passengers: texts(&self.passengers),
            departs: self.departs,
            created: self.created,
            paid_at: self.paid_at,
            airline_pnrs: texts(&self.airline_pnrs),
            terms: match self.terms {
                Some(terms) => Some(Box::new(terms.terms()?)),
                None => None,
            },
        })
    }
}

impl TermsRecord {
    fn of(terms: &Terms) -> Self {
        Self {
            deadline: terms.deadline,
            total: terms.total.map(MoneyRecord::of),
            service_fee: terms.service_fee.map(MoneyRecord::of),
            payment_method: terms.method.map(|method| i64::from(method.number())),
            original_order_no: terms.original,
        }
    }

    /// A method that a newer version knows is left out: it says how an order was paid, and nothing rests on it.
    fn terms(self) -> Option<Terms> {
        let money = |record: Option<MoneyRecord>| match record {
            Some(record) => record.money().map(Some),
            None => Some(None),
        };
        Some(Terms {
            deadline: self.deadline,
            total: money(self.total)?,
            service_fee: money(self.service_fee)?,
            method: self.payment_method.and_then(PaymentMethod::from_number),
            original: self.original_order_no,
        })
    }
}

impl MoneyRecord {
    fn of(money: Money) -> Self {
        Self { amount: money.plain(), currency: money.currency.code().to_owned() }
    }

    fn money(self) -> Option<Money> {
        Some(Money::new(self.amount.parse().ok()?, Currency::parse(&self.currency)?))
    }
}
