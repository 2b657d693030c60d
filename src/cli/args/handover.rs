//! `paydesk handover`.

use clap::{Args, ValueHint};

use super::{
    FormatArg,
    since::{Since, since},
};

/// `paydesk handover`
#[derive(Args, Debug)]
pub struct HandoverArgs {
    /// When the shift began, for what was done in it: 2h, 14:05, 2026-11-03; without it today
    #[arg(long, value_name = "WHEN", value_hint = ValueHint::Other, value_parser = since)]
    pub since: Option<Since>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    pub format: FormatArg,
}
