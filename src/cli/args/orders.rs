//! `paydesk orders` and `paydesk show`.

use clap::{Args, ValueEnum, ValueHint};

use super::since::{Since, since};
use crate::domain::order::{Airline, OrderNo};

/// `paydesk orders`
#[derive(Args, Debug)]
pub struct OrdersArgs {
    /// Only orders that fit, as in the console: 'airline:TR !status:ticketed due:<10m' (docs/filter.md)
    #[arg(long, value_name = "FILTER", value_hint = ValueHint::Other)]
    pub filter: Option<String>,
    /// Only orders of these: unpaid, ticketing, ticketed, cancelled
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_enum)]
    pub status: Vec<StatusArg>,
    /// Only orders of these airlines, by their two characters
    #[arg(long, value_name = "CODE", value_hint = ValueHint::Other, value_delimiter = ',', value_parser = airline)]
    pub airline: Vec<Airline>,
    /// Only orders made since: 2h, 45m, 14:05 (today), 2026-11-03 or an RFC 3339 time
    #[arg(long, value_name = "WHEN", value_hint = ValueHint::Other, value_parser = since)]
    pub since: Option<Since>,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// `paydesk show`
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The order's number
    #[arg(value_hint = ValueHint::Other)]
    pub order: OrderNo,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// A status by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatusArg {
    /// Payable until its deadline
    Unpaid,
    /// Paid, not confirmed by the airline
    Ticketing,
    /// Done
    Ticketed,
    /// Closed
    Cancelled,
}

impl StatusArg {
    /// The word of [`crate::domain::order::OrderStatus::word`].
    pub fn word(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Ticketing => "ticketing",
            Self::Ticketed => "ticketed",
            Self::Cancelled => "cancelled",
        }
    }
}

fn airline(text: &str) -> Result<Airline, String> {
    Airline::parse(text).ok_or_else(|| "expected two letters or digits, such as 5J".into())
}
