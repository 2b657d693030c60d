//! `paydesk commit`.

use clap::Args;

use crate::domain::order::OrderNo;

/// `paydesk commit`
#[derive(Args, Debug)]
pub struct CommitArgs {
    /// The order's number
    pub order: OrderNo,
    /// Say that the traveller has confirmed by the link that was given; asks for no other link
    #[arg(long)]
    pub confirmed: bool,
    /// How long to ask whether the traveller has confirmed, once the link is there; it holds 30 minutes
    #[arg(long, value_name = "SECONDS", default_value_t = 1_800, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub wait: u64,
    /// One JSON document on standard output, as soon as the link is there
    #[arg(long)]
    pub json: bool,
}
