//! `paydesk plan`.

use clap::{Args, ValueHint, value_parser};

/// `paydesk plan`
#[derive(Args, Debug)]
pub struct PlanArgs {
    /// Orders made within the time that is followed
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub orders: u32,
    /// Requests a minute; without it those of the configuration
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = value_parser!(u32).range(1..=100_000))]
    pub budget: Option<u32>,
    /// The time that is followed; without it that of the configuration
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = value_parser!(u32).range(1..=720))]
    pub hours: Option<u32>,
    /// Payments an hour that are made here, each of which is followed
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0, value_parser = value_parser!(u32).range(..=100_000))]
    pub payments: u32,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}
