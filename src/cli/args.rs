//! The command line as clap parses it; completions and the man page are made from it too.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use tracing::level_filters::LevelFilter;

use crate::{
    config::Flags,
    domain::{
        method::PaymentMethod,
        order::{Airline, OrderNo},
    },
    lang::Lang,
    sim::{self, Scenario, ScenarioError},
};

const AFTER_HELP: &str = "\
Examples:
  paydesk demo                               try everything, without an account
  paydesk doctor                             what is wrong with this set-up
  paydesk orders --status unpaid --json      orders for another program
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
#[command(name = "paydesk", version, after_help = AFTER_HELP, disable_help_subcommand = true)]
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
            Some(Command::Pay(args)) => args.json,
            Some(Command::Recover(args)) => args.json,
            Some(Command::Journal(args)) => args.json,
            Some(Command::Doctor { json }) => *json,
            _ => false,
        }
    }
}

/// Flags that every command takes.
#[derive(Args, Debug)]
pub struct Global {
    /// Configuration file, instead of the one at the platform's place
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where journal and log are kept
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The environment to work on: one of [environments.NAME] in the configuration
    #[arg(long, global = true, value_name = "NAME")]
    env: Option<String>,
    /// Language of the texts: en or zh-CN
    #[arg(long, global = true, value_name = "LANG", value_parser = language)]
    lang: Option<Lang>,
    /// Look, but change nothing: no payment is possible
    #[arg(long, global = true)]
    read_only: bool,
    /// What is logged: off, error, warn, info, debug or trace
    #[arg(long, global = true, value_name = "LEVEL", value_parser = level)]
    log_level: Option<LevelFilter>,
    /// No colours (as does the variable `NO_COLOR`)
    #[arg(long, global = true)]
    no_color: bool,
}

impl Global {
    /// As the configuration wants them.
    pub fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            data_dir: self.data_dir.clone(),
            environment: self.env.clone(),
            lang: self.lang,
            read_only: self.read_only,
            log_level: self.log_level,
            no_color: self.no_color,
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
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4010")]
        listen: SocketAddr,
        /// Where webhooks go until a client registers another address
        #[arg(long, value_name = "URL")]
        webhook: Option<String>,
    },
    /// The desk's orders, the newest first
    Orders(OrdersArgs),
    /// One order with its lineage, attempts and timeline
    Show(ShowArgs),
    /// Pay one order, and wait until the outcome is known
    Pay(PayArgs),
    /// Get an order paid after a payment failed: on the same order, or on a new one made from it
    Recover(RecoverArgs),
    /// Every attempt and its outcome; `verify` checks that the journal is as it was written
    Journal(JournalArgs),
    /// What the vendor tells unasked: the secret path, and where the account's events go
    Webhook(WebhookArgs),
    /// What is wrong with configuration, credentials, clock, connection, journal or terminal, and the mend
    Doctor {
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Completions for a shell, on standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual page, on standard output (roff)
    Man,
}

/// How the simulator plays.
#[derive(Args, Debug)]
pub struct SimArgs {
    /// The same seed makes the same orders, and the same things happen to them
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// All durations are divided by this, from 0.1 to 1000
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub speed: f64,
    /// Orders at the start, instead of the story's own number
    #[arg(long, value_name = "N")]
    pub orders: Option<usize>,
    /// The story: calm-desk, vcc-decline, rush-hour, airline-outage, card-blocked, fulfilment-5min,
    /// network-storm, mixed-airlines, ryanair-confirm, quiet, or a file that ends in .toml
    #[arg(long, value_name = "NAME", default_value = DEFAULT_SCENARIO)]
    pub scenario: Scenario,
}

const SIM_HELP: &str = "\
The story goes to standard output, one line for each request to standard error.
Point any client of the API at it, with made-up credentials. Control it while it runs:

  curl http://127.0.0.1:4010/_sim/scenario                     which story, and where it is
  curl http://127.0.0.1:4010/_sim/orders                       orders by number and by name
  curl http://127.0.0.1:4010/_sim/ledger                       charges and reversals
  curl -X POST http://127.0.0.1:4010/_sim/pause                also: resume, step, reset
  curl http://127.0.0.1:4010/_sim/speed -d '{\"speed\":10}'
  curl http://127.0.0.1:4010/_sim/faults -d '{\"fault\":\"reset\",\"endpoint\":\"pay.do\",\"applied\":true}'
  curl -X DELETE http://127.0.0.1:4010/_sim/faults             mend everything

GET /_sim/openapi.json describes it all, and docs/simulator.md teaches it.";

const DEFAULT_SCENARIO: &str = "calm-desk";

impl SimArgs {
    /// As without any flag.
    pub fn usual() -> Result<Self, ScenarioError> {
        Ok(Self { seed: 1, speed: 1.0, orders: None, scenario: DEFAULT_SCENARIO.parse()? })
    }

    /// As the simulator wants them.
    pub fn options(&self, listen: SocketAddr) -> sim::Options {
        sim::Options {
            listen,
            seed: self.seed,
            speed: self.speed,
            orders: self.orders,
            scenario: self.scenario.clone(),
            webhook: None,
            narrator: None,
            log: false,
        }
    }
}

/// `paydesk orders`
#[derive(Args, Debug)]
pub struct OrdersArgs {
    /// Only orders of these: unpaid, ticketing, ticketed, cancelled
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_enum)]
    pub status: Vec<StatusArg>,
    /// Only orders of these airlines, by their two characters
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = airline)]
    pub airline: Vec<Airline>,
    /// Only orders made since: 2h, 45m, 14:05 (today), 2026-11-03 or an RFC 3339 time
    #[arg(long, value_name = "WHEN", value_parser = since)]
    pub since: Option<Since>,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// `paydesk show`
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The order's number
    pub order: OrderNo,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// `paydesk pay`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line of its own")]
pub struct PayArgs {
    /// The order's number
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
    #[arg(long, value_name = "X")]
    pub confirm_amount: Option<String>,
    /// How long to ask for an outcome that stays unknown
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub wait: u64,
    /// Go on until the order is ticketed or cancelled
    #[arg(long)]
    pub follow: bool,
    /// The traveller has confirmed on the airline's page (Ryanair)
    #[arg(long)]
    pub traveller_confirmed: bool,
    /// The money of an older order of the trip may still be held, and that was seen
    #[arg(long)]
    pub old_payment_seen: bool,
    /// Address of the paying person's device (MoR, for 3-D Secure)
    #[arg(long, value_name = "IP")]
    pub device_ip: Option<IpAddr>,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// `paydesk recover`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line of its own")]
pub struct RecoverArgs {
    /// The order's number: the one whose payment failed, or a new one made from it
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
    /// Pay only if exactly this is due: on the order to be paid, or before it is made anew on the old one
    #[arg(long, value_name = "X")]
    pub confirm_amount: Option<String>,
    /// With --yes: how much dearer a new order may be
    #[arg(long, value_name = "PERCENT", default_value = "5")]
    pub max_increase: rust_decimal::Decimal,
    /// How long to ask for an outcome that stays unknown
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub wait: u64,
    /// Go on until the order is ticketed or cancelled
    #[arg(long)]
    pub follow: bool,
    /// The traveller has confirmed on the airline's page (Ryanair)
    #[arg(long)]
    pub traveller_confirmed: bool,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// `paydesk journal`
#[derive(Args, Debug)]
pub struct JournalArgs {
    /// What to do with it; without this: list the attempts
    #[arg(value_enum)]
    pub what: Option<JournalArg>,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

/// `paydesk webhook`
#[derive(Args, Debug)]
pub struct WebhookArgs {
    /// What to do
    #[command(subcommand)]
    pub what: WebhookCommand,
}

/// What to do about webhooks.
#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// The secret path of this desk's listener, to be put behind the address of your reverse proxy
    Path,
    /// Have the vendor send the account's events to an address; it replaces the one that was registered before
    Register {
        /// The whole address: https, and with the secret path
        url: String,
        /// Without asking
        #[arg(long)]
        yes: bool,
    },
}

/// What to do with the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum JournalArg {
    /// Check the file, the chain of entries, and what stands against what was written
    Verify,
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

/// A moment as the command line gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// So long ago.
    Ago(SignedDuration),
    /// Today at this time.
    Today(civil::Time),
    /// The beginning of this day.
    Day(civil::Date),
    /// This very moment.
    At(Timestamp),
}

impl Since {
    /// The moment itself, for a desk in `zone`.
    pub fn moment(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let local = |date: civil::Date, time: civil::Time| {
            zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible()
        };
        match self {
            Self::Ago(duration) => now.checked_sub(duration).unwrap_or(Timestamp::MIN),
            Self::Today(time) => local(now.to_zoned(zone.clone()).date(), time).unwrap_or(now),
            Self::Day(date) => local(date, civil::Time::midnight()).unwrap_or(now),
            Self::At(moment) => moment,
        }
    }
}

fn language(text: &str) -> Result<Lang, String> {
    Lang::parse(text).ok_or_else(|| "expected en or zh-CN".into())
}

fn level(text: &str) -> Result<LevelFilter, String> {
    text.parse().map_err(|_| "expected off, error, warn, info, debug or trace".into())
}

fn airline(text: &str) -> Result<Airline, String> {
    Airline::parse(text).ok_or_else(|| "expected two letters or digits, such as 5J".into())
}

fn since(text: &str) -> Result<Since, String> {
    let ago =
        || text.parse::<SignedDuration>().ok().filter(|duration| !duration.is_negative()).map(Since::Ago);
    let at = || text.parse().ok().map(Since::At);
    let today = || text.parse().ok().map(Since::Today);
    let day = || text.parse().ok().map(Since::Day);
    let length = text.len();
    let found = if length == 10 { day() } else { at().or_else(ago).or_else(today) };
    found.ok_or_else(|| "expected 2h, 45m, 14:05, 2026-11-03 or 2026-11-03T14:05:00Z".into())
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

    #[test]
    fn a_moment_is_read_in_every_form() {
        let now: Timestamp = "2026-11-03T10:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let check = |text: &str, want: &str| {
            assert_eq!(since(text).unwrap().moment(now, &zone), want.parse().unwrap(), "{text}");
        };
        check("2h", "2026-11-03T08:00:00Z");
        check("45m", "2026-11-03T09:15:00Z");
        check("14:05", "2026-11-03T06:05:00Z");
        check("2026-11-02", "2026-11-01T16:00:00Z");
        check("2026-11-03T09:00:00Z", "2026-11-03T09:00:00Z");
        for text in ["", "yesterday", "-2h", "25:00", "2026-13-01"] {
            assert!(since(text).is_err(), "{text}");
        }
    }
}
