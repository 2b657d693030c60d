//! The command line as clap parses it, a file for each command with arguments of its own; completions and the man page
//! are made from it too.

mod baggage;
mod commit;
mod export;
mod global;
mod handover;
mod journal;
mod note;
mod offered;
mod orders;
mod pay;
mod plan;
mod recover;
mod sim;
mod since;
mod stop;
mod webhook;

use std::net::SocketAddr;

use clap::{CommandFactory, Parser, Subcommand, ValueHint};

use self::sim::SIM_HELP;
pub(super) use self::{
    baggage::BaggageArgs,
    commit::CommitArgs,
    export::{ExportArgs, FormatArg},
    global::Global,
    handover::HandoverArgs,
    journal::{JournalArgs, JournalCommand},
    note::NoteArgs,
    orders::{OrdersArgs, ShowArgs},
    pay::PayArgs,
    plan::PlanArgs,
    recover::{RecoverArgs, ViaArg},
    sim::SimArgs,
    stop::StopArgs,
    webhook::{WebhookArgs, WebhookCommand},
};

const AFTER_HELP: &str = "\
Examples:
  paydesk demo                               try everything, without an account
  paydesk doctor                             what is wrong with this set-up
  paydesk orders --status unpaid --json      orders for another program
  paydesk handover --format markdown         what the next shift must know
  paydesk pay TESTA20261103141502317 --method deposit --dry-run
  card-helper | paydesk pay TESTA20261103141502317 --method vcc \\
      --card-stdin --yes --confirm-amount 120.50

Exit codes:
  0  done; for pay: the payment was accepted
  1  refused or failed; nothing was charged
  2  wrong usage or configuration
  3  outcome unknown: charged or not is not yet known;
     follow it with `paydesk show ORDER`, never pay again
  4  not reachable or not authorised; nothing was sent";

/// A terminal console for desks that pay and ticket flight orders through the Atlas (ATRIP) API.
#[derive(Debug, Parser)]
#[command(name = "paydesk", version, after_help = AFTER_HELP)]
pub struct Arguments {
    /// What goes for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do; without one: the console.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Arguments {
    /// True when standard output is for one JSON document.
    pub fn wants_json(&self) -> bool {
        match &self.command {
            Some(Command::Orders(args)) => args.json,
            Some(Command::Show(args)) => args.json,
            Some(Command::Export(args)) => args.format == FormatArg::Json,
            Some(Command::Handover(args)) => args.format == FormatArg::Json,
            Some(Command::Pay(args)) => args.json,
            Some(Command::Recover(args)) => args.json,
            Some(Command::Baggage(args)) => args.json,
            Some(Command::Commit(args)) => args.json,
            Some(Command::Stop(args)) => args.json,
            Some(Command::Note(args)) => args.json,
            Some(Command::Journal(args)) => args.json,
            Some(Command::Plan(args)) => args.json,
            Some(Command::Doctor { json }) => *json,
            _ => false,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The console on an embedded simulator: needs no account, no network and no file
    Demo(SimArgs),
    /// The simulator alone, as an HTTP server for other programs
    #[command(after_long_help = SIM_HELP)]
    Sim {
        /// How it plays.
        #[command(flatten)]
        sim: SimArgs,
        /// Address to listen on; port 0 takes any that is free
        #[arg(long, value_name = "ADDR", value_hint = ValueHint::Other, default_value = "127.0.0.1:4010")]
        listen: SocketAddr,
        /// Where webhooks go until a client registers another address
        #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
        webhook: Option<String>,
    },
    /// The desk's orders, the newest first
    Orders(OrdersArgs),
    /// One order with its lineage, attempts and timeline
    Show(ShowArgs),
    /// Orders for others: one with its story, or the rows of a filter, as text, Markdown, JSON, CSV or HTML
    Export(ExportArgs),
    /// What the next shift must know: orders that wait, doubts, deadlines, notes, and what was done
    Handover(HandoverArgs),
    /// Pay one order, and wait until the outcome is known
    Pay(PayArgs),
    /// Get an order paid after a payment failed: on the same order, or on a new one that replaces it
    Recover(RecoverArgs),
    /// Decide about baggage that costs more at the airline (3011): accept the loss, or refuse it
    Baggage(BaggageArgs),
    /// Get the link by which the traveller confirms with the airline (Ryanair), and say that they have
    Commit(CommitArgs),
    /// Ask the vendor to stop issuance of a paid order, and follow what comes of it
    Stop(StopArgs),
    /// Keep a note on an order, for everybody who looks at it
    Note(NoteArgs),
    /// Every attempt and its outcome; `verify` checks the journal, `redact` removes the text of an entry
    Journal(JournalArgs),
    /// What staleness a request budget buys: how old each class of order will be, and which budget would be enough
    Plan(PlanArgs),
    /// Notifications from the vendor: the secret path, and where the account's events go
    Webhook(WebhookArgs),
    /// What is wrong with configuration, credentials, clock, connection, journal or terminal, and what to do about it
    Doctor {
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Completions for a shell, on standard output
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// The manual page of the program or of a command, on standard output (roff)
    Man {
        /// The command, such as pay or webhook register; without one: the program
        #[arg(value_name = "COMMAND", value_hint = ValueHint::Other)]
        command: Vec<String>,
    },
}

/// The parser itself, from which completions and the manual are made.
pub(super) fn command() -> clap::Command {
    <Arguments as CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_is_consistent() {
        command().debug_assert();
    }
}
