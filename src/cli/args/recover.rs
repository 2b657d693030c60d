//! `paydesk recover`.

use clap::{Args, ValueEnum, ValueHint};

use crate::domain::order::OrderNo;

/// `paydesk recover`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line of its own")]
pub struct RecoverArgs {
    /// The order's number: the one whose payment failed, or a new one that replaces it
    #[arg(value_hint = ValueHint::Other)]
    pub order: OrderNo,
    /// Which way to go; without it the one that the plan suggests
    #[arg(long, value_enum)]
    pub via: Option<ViaArg>,
    /// Read the card from standard input: a JSON object with the field names of creditCard
    #[arg(long)]
    pub card_stdin: bool,
    /// Show the plan, with every way and why it is closed, but send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Go through without asking; on a live environment only together with --confirm-amount
    #[arg(long)]
    pub yes: bool,
    /// Pay only if exactly this is due: on the order to be paid, or before it is regenerated on the old one
    #[arg(long, value_name = "X", value_hint = ValueHint::Other)]
    pub confirm_amount: Option<String>,
    /// With --yes: how much dearer a new order may be
    #[arg(long, value_name = "PERCENT", value_hint = ValueHint::Other, default_value = "5")]
    pub max_increase: rust_decimal::Decimal,
    /// How long to ask for an outcome that stays unknown
    #[arg(long, value_name = "SECONDS", value_hint = ValueHint::Other, default_value_t = 30, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub wait: u64,
    /// Go on until the order is ticketed or cancelled
    #[arg(long)]
    pub follow: bool,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// A way by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ViaArg {
    /// The card of the last attempt
    SameCard,
    /// Another card, on the same order or a new one
    OtherCard,
    /// The deposit, on the same order or a new one
    Deposit,
    /// The agency's account at the airline (BYOA), on the same order or a new one
    AirlineAccount,
}
