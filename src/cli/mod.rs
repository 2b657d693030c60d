//! The command line: the same desk without the console, for other programs and for people who like lines.

mod args;
mod confirm;
mod console;
mod doctor;
mod document;
mod exit;
mod handed;
mod journal;
mod log;
mod orders;
mod output;
mod pay;
mod recover;
mod rehearsal;
mod sending;
mod session;
mod stray;
mod times;
mod webhook;

use std::process::ExitCode;

use clap::Parser;

pub use self::{
    args::Arguments,
    exit::{Charged, Exit, Failure},
};
use self::{
    args::Command,
    log::{Log, configured, log_for},
    output::{print, report},
};
use crate::{logging, sim};

/// Parses the arguments of this process and does what they ask for.
pub fn run() -> ExitCode {
    let parsed = Arguments::try_parse();
    if let Some(failure) = stray::refuse(std::env::args_os(), parsed.as_ref().ok()) {
        report(&failure, parsed.as_ref().is_ok_and(Arguments::wants_json));
        return failure.exit.into();
    }
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors and go to standard output; nothing can be said when that is closed.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    let json = arguments.wants_json();
    match carry_out(&arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            report(&failure, json);
            failure.exit.into()
        }
    }
}

fn carry_out(arguments: &Arguments) -> Result<Exit, Failure> {
    let flags = arguments.global.flags();
    match &arguments.command {
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut args::command(), "paydesk", &mut script);
            print(&script)
        }
        Some(Command::Man) => {
            let mut page = Vec::new();
            clap_mangen::Man::new(args::command()).render(&mut page)?;
            print(&page)
        }
        Some(Command::Sim { sim, listen, webhook }) => {
            logging::start(flags.log_level.unwrap_or(tracing::level_filters::LevelFilter::WARN), None)?;
            sim::run(sim::Options { webhook: webhook.clone(), log: true, ..sim.options(*listen) })
                .map(|()| Exit::Done)
                .map_err(|error| Failure::new(Exit::Usage, "simulator", error.to_string(), ""))
        }
        Some(Command::Demo(sim)) => console::demo(sim, &flags),
        Some(Command::Doctor { json }) => Ok(doctor::run(&flags, *json)),
        None => console::on_environment(&flags),
        Some(Command::Orders(args)) => orders::list(args, &configured(&flags, Log::Wanted)?),
        Some(Command::Show(args)) => orders::show(args, &configured(&flags, Log::Wanted)?),
        Some(Command::Pay(args)) => pay::run(args, &configured(&flags, log_for(args.dry_run))?),
        Some(Command::Recover(args)) => recover::run(args, &configured(&flags, log_for(args.dry_run))?),
        Some(Command::Journal(args)) => journal::run(args, &configured(&flags, Log::Wanted)?),
        Some(Command::Webhook(args)) => webhook::run(args, &configured(&flags, Log::Needed)?),
    }
}
