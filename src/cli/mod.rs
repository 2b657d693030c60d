//! The command line: the same desk without the console, for other programs and for people who like lines.

mod args;
mod confirm;
mod console;
mod doctor;
mod document;
mod exit;
mod handed;
mod journal;
mod orders;
mod pay;
mod recover;
mod rehearsal;
mod sending;
mod session;
mod webhook;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use serde::Serialize;

use self::args::Command;
pub use self::{
    args::Arguments,
    exit::{Charged, Exit, Failure},
};
use crate::{
    config::Settings,
    logging::{self, LogFile},
    sim,
};

/// Parses the arguments of this process and does what they ask for.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors and go to standard output; nothing can be told when that is closed.
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

/// Whether a command can do its work without a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Log {
    /// It changes something: what it did must be found again.
    Needed,
    /// It only looks.
    Wanted,
}

fn log_for(is_rehearsal: bool) -> Log {
    if is_rehearsal { Log::Wanted } else { Log::Needed }
}

/// The settings, and logging as they say.
fn configured(flags: &crate::config::Flags, log: Log) -> Result<Settings, Failure> {
    let settings = Settings::load(flags, session::variable)?;
    match start_log(&settings) {
        // What is read-only is refused for that, if it is refused.
        Err(failure) if log == Log::Needed && !*settings.read_only => return Err(failure),
        Err(failure) => {
            eprintln!("paydesk: {}\n  {}", failure.message, settings.lang.text("data.without_log"));
        }
        Ok(()) => {}
    }
    Ok(settings)
}

/// Where the log goes.
fn log_file(settings: &Settings) -> LogFile {
    let max_bytes = u64::from(*settings.log_max_megabytes) * 1_000_000;
    LogFile { path: settings.data_dir.join("paydesk.log"), max_bytes }
}

/// Starts the log. The failure is that of its file: without it the program still keeps the last lines in memory.
fn start_log(settings: &Settings) -> Result<(), Failure> {
    let file = log_file(settings);
    logging::start(*settings.log_level, Some(file.clone()))
        .map_err(|error| log_failure(settings, &file, &error))
}

fn log_failure(settings: &Settings, file: &LogFile, error: &io::Error) -> Failure {
    let lang = *settings.lang;
    let message = lang.fill("data.no_log", &[("file", &file.path.display()), ("cause", error)]);
    let mend = lang.fill("data.mend_place", &[("folder", &settings.data_dir.display())]);
    Failure::new(Exit::Usage, "log", message, mend)
}

fn print(bytes: &[u8]) -> Result<Exit, Failure> {
    io::stdout().lock().write_all(bytes)?;
    Ok(Exit::Done)
}

/// The one document on standard output.
fn print_json(document: &impl Serialize) -> Result<Exit, Failure> {
    let mut text = serde_json::to_vec_pretty(document).map_err(io::Error::from)?;
    text.push(b'\n');
    print(&text)
}

fn report(failure: &Failure, json: bool) {
    if json {
        // With standard output gone there is only the exit code left to tell it.
        let _ = print_json(&failure.document());
    } else {
        eprintln!("{}", failure.lines());
    }
}
