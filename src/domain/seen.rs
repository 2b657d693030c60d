//! What is kept of an order when it was seen: enough to show it again, and to tell whether anything of it has changed.
//!
//! It is a memory and never evidence. The order made from it has no details, like one that nobody has asked for yet, so
//! nothing can be paid or judged on it before a fresh query has answered.

use jiff::{Timestamp, civil};

use super::{
    few::Few,
    mask::masked,
    method::PaymentMethod,
    money::Money,
    order::{Airline, Details, Order, OrderNo, OrderStatus, TicketingError},
    text::Text,
};

/// An order as it was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What the vendor called it.
    pub status: OrderStatus,
    /// Why ticketing failed, if it did.
    pub error: Option<Box<TicketingError>>,
    /// What a row of a table shows; none in records of versions that kept the status alone.
    pub row: Option<Row>,
    /// Since when the vendor has had no such order any more, if it was gone.
    pub gone: Option<Timestamp>,
}

/// What a list says of an order, besides its status.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Atlas's own booking reference.
    pub pnr_code: Option<Text>,
    /// First departure, as the list or the query called it.
    pub from: Option<Text>,
    /// Destination, likewise.
    pub to: Option<Text>,
    /// Carriers, in order of travel.
    pub airlines: Few<Airline>,
    /// Names as booked; of documents and contacts nothing is kept.
    pub passengers: Few<Text>,
    /// Day of departure, at the airport.
    pub departs: Option<civil::Date>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was paid, if it was.
    pub paid_at: Option<Timestamp>,
    /// The airlines' record locators.
    pub airline_pnrs: Few<Text>,
    /// What a query added; none while only lists have shown it.
    pub terms: Option<Box<Terms>>,
}

/// What only a query gives, as far as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// The payment deadline.
    pub deadline: Option<Timestamp>,
    /// The whole order in settlement currency, without the service fee.
    pub total: Option<Money>,
    /// The technical service fee.
    pub service_fee: Option<Money>,
    /// How it was paid.
    pub method: Option<PaymentMethod>,
    /// The order that it was regenerated from.
    pub original: Option<OrderNo>,
}

impl Seen {
    /// A status alone, and the code of a failure: all that was kept before version 4 of the journal.
    pub fn bare(status: OrderStatus, error: Option<Text>) -> Self {
        let error = error.map(|code| TicketingError { code, message: None }.into());
        Self { status, error, row: None, gone: None }
    }

    /// What is kept of `order`: no text in it looks like a card number.
    pub fn of(order: &Order) -> Self {
        let texts = |texts: &[Text]| texts.iter().map(without_cards).collect();
        Self {
            status: order.status,
            error: order.ticketing_error.as_ref().map(|error| {
                TicketingError {
                    code: without_cards(&error.code),
                    message: error.message.as_ref().map(without_cards),
                }
                .into()
            }),
            row: Some(Row {
                pnr_code: order.pnr_code.as_ref().map(without_cards),
                from: order.from.as_ref().map(without_cards),
                to: order.to.as_ref().map(without_cards),
                airlines: order.airlines.clone(),
                passengers: texts(&order.passengers),
                departs: order.departs,
                created: order.created,
                paid_at: order.paid_at,
                airline_pnrs: texts(&order.airline_pnrs),
                terms: order.details.as_deref().map(Terms::of).map(Box::new),
            }),
            gone: None,
        }
    }

    /// What is kept once `order` was seen again. A list does not know what a query said: only its status and a failure
    /// are new then. Nor does every answer repeat when an order was made and paid.
    #[must_use]
    pub fn seen_again(&self, order: &Order) -> Self {
        let mut seen = Self::of(order);
        let (Some(row), Some(known)) = (&mut seen.row, &self.row) else { return seen };
        if row.terms.is_none() && known.terms.is_some() {
            *row = known.clone();
            let is_the_same = seen.status == self.status;
            seen.error = seen.error.or_else(|| self.error.clone().filter(|_| is_the_same));
            return seen;
        }
        let is_paid = matches!(seen.status, OrderStatus::Ticketing | OrderStatus::Ticketed);
        row.created = row.created.or(known.created);
        row.paid_at = row.paid_at.or(known.paid_at.filter(|_| is_paid));
        seen
    }

    /// A status alone does not take away what is known besides.
    pub fn keep_row(&mut self, known: Option<Self>) {
        if self.row.is_none() {
            self.row = known.and_then(|known| known.row);
        }
    }

    /// The order `no` as a list would have shown it then; none if only its status was kept.
    pub fn order(&self, no: OrderNo) -> Option<Order> {
        let row = self.row.as_ref()?;
        Some(Order {
            no,
            pnr_code: row.pnr_code.clone(),
            status: self.status,
            from: row.from.clone(),
            to: row.to.clone(),
            airlines: row.airlines.clone(),
            passengers: row.passengers.clone(),
            departs: row.departs,
            created: row.created,
            paid_at: row.paid_at,
            airline_pnrs: row.airline_pnrs.clone(),
            ticketing_error: self.error.clone(),
            details: None,
        })
    }

    /// What a query said of it.
    pub fn terms(&self) -> Option<&Terms> {
        self.row.as_ref()?.terms.as_deref()
    }
}

impl Terms {
    fn of(details: &Details) -> Self {
        Self {
            deadline: details.deadline,
            total: details.total,
            service_fee: details.service_fee,
            method: details.payment.as_ref().map(|payment| payment.method),
            original: details.original,
        }
    }
}

fn without_cards(text: &Text) -> Text {
    masked(text.as_str()).map_or_else(|| text.clone(), |masked| Text::new(&masked))
}
