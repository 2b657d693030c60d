//! `paydesk pay`.

use std::net::IpAddr;

use clap::{Args, ValueEnum, ValueHint};

use crate::domain::{method::PaymentMethod, order::OrderNo};

/// `paydesk pay`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line of its own")]
pub struct PayArgs {
    /// The order's number
    #[arg(value_hint = ValueHint::Other)]
    pub order: OrderNo,
    /// How to pay
    #[arg(long, value_enum)]
    pub method: MethodArg,
    /// Read the card from standard input: a JSON object with the field names of creditCard. There is no other way to
    /// hand a card over, so that its number stands in no argument, variable or file
    #[arg(long)]
    pub card_stdin: bool,
    /// Check everything and show the masked request, but send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Pay without asking; on a live environment only together with --confirm-amount
    #[arg(long)]
    pub yes: bool,
    /// Pay only if exactly this is due, such as 120.50 or "USD 120.50"
    #[arg(long, value_name = "X", value_hint = ValueHint::Other)]
    pub confirm_amount: Option<String>,
    /// How long to ask for an outcome that stays unknown
    #[arg(long, value_name = "SECONDS", value_hint = ValueHint::Other, default_value_t = 30, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub wait: u64,
    /// Go on until the order is ticketed or cancelled
    #[arg(long)]
    pub follow: bool,
    /// You know that money of an older order of the trip may still be held
    #[arg(long)]
    pub old_payment_seen: bool,
    /// Address of the paying person's device (MoR, for 3-D Secure)
    #[arg(long, value_name = "IP", value_hint = ValueHint::Other)]
    pub device_ip: Option<IpAddr>,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// A payment method by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodArg {
    /// From the desk's Atlas account
    Deposit,
    /// A virtual card passed through to the airline
    Vcc,
    /// The agency's own account at the airline
    Byoa,
    /// A card charged by Atlas as merchant of record
    Mor,
}

impl From<MethodArg> for PaymentMethod {
    fn from(word: MethodArg) -> Self {
        match word {
            MethodArg::Deposit => Self::Deposit,
            MethodArg::Vcc => Self::Vcc,
            MethodArg::Byoa => Self::Byoa,
            MethodArg::Mor => Self::Mor,
        }
    }
}
