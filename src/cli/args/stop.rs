//! `paydesk stop`.

use clap::Args;

use crate::domain::order::OrderNo;

/// `paydesk stop`
#[derive(Args, Debug)]
pub struct StopArgs {
    /// The order's number
    pub order: OrderNo,
    /// Ask the vendor without asking here first
    #[arg(long)]
    pub yes: bool,
    /// How long to follow the order; the vendor asks for 8 minutes
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub wait: u64,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}
