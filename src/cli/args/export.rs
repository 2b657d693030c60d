//! `paydesk export`.

use clap::{Args, ValueEnum, ValueHint};

use crate::{domain::order::OrderNo, export::Format};

/// `paydesk export`
#[derive(Args, Debug)]
#[command(override_usage = "paydesk export <ORDER | --filter <FILTER>> [--format <FORMAT>]")]
pub struct ExportArgs {
    /// One order: its facts, attempts, lineage and timeline with the notes
    #[arg(value_hint = ValueHint::Other, required_unless_present = "filter", conflicts_with = "filter")]
    pub order: Option<OrderNo>,
    /// The rows that fit, as in the console: 'airline:TR !status:ticketed' (docs/filter.md); '' takes all
    #[arg(long, value_name = "FILTER", value_hint = ValueHint::Other)]
    pub filter: Option<String>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    pub format: FormatArg,
}

/// A format by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// Columns of plain text
    Text,
    /// Tables for a ticket or a chat
    Markdown,
    /// One document for a program
    Json,
    /// For a spreadsheet
    Csv,
    /// A page of its own
    Html,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Text => Self::Text,
            FormatArg::Markdown => Self::Markdown,
            FormatArg::Json => Self::Json,
            FormatArg::Csv => Self::Csv,
            FormatArg::Html => Self::Html,
        }
    }
}
