//! `paydesk baggage`.

use clap::Args;

use crate::domain::order::OrderNo;

/// `paydesk baggage`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line of its own")]
pub struct BaggageArgs {
    /// The order's number: one in ticketing whose baggage costs more at the airline (3011)
    pub order: OrderNo,
    /// Accept the loss: the vendor is asked, once, to go on; the difference is charged at the month's end
    #[arg(long, required_unless_present = "refuse", conflicts_with = "refuse")]
    pub accept_loss: bool,
    /// Refuse it: nothing is sent, and the vendor cancels the order by itself after 30 minutes
    #[arg(long)]
    pub refuse: bool,
    /// Go through without asking
    #[arg(long)]
    pub yes: bool,
    /// How long to ask whether the loss is gone
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    pub wait: u64,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}
