//! The command line: the same desk without the console, for other programs and for people who like lines.

mod archive;
mod args;
mod baggage;
mod checks;
mod commit;
mod confirm;
mod console;
mod demo_folder;
mod doctor;
mod exit;
mod export;
mod handed;
mod handover;
mod journal;
mod log;
mod note;
mod orders;
mod output;
mod pay;
mod plan;
mod recover;
mod redact;
mod rehearsal;
mod reload;
mod sending;
mod session;
mod stop;
mod stray;
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

/// The program, or the command of these words.
fn described(words: &[String]) -> Result<clap::Command, Failure> {
    let mut program = args::command();
    program.build();
    let found = words.iter().try_fold(&program, |command, word| command.find_subcommand(word));
    let command = found.ok_or_else(|| {
        let known: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
        let message = format!("there is no command `{}`; known are {}", words.join(" "), known.join(", "));
        Failure::new(Exit::Usage, "no_command", message, "")
    })?;
    Ok(command.clone())
}

fn carry_out(arguments: &Arguments) -> Result<Exit, Failure> {
    let flags = arguments.global.flags();
    match &arguments.command {
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut args::command(), "paydesk", &mut script);
            print(&script)
        }
        Some(Command::Man { command }) => {
            let mut page = Vec::new();
            let command = described(command)?;
            // A page is found by this name: paydesk-webhook-register(1).
            let name = command.get_display_name().unwrap_or("paydesk").to_owned();
            clap_mangen::Man::new(command).title(name).render(&mut page)?;
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
        Some(Command::Plan(args)) => plan::run(args, &flags),
        Some(Command::Orders(args)) => orders::list(args, &configured(&flags, Log::Wanted)?),
        Some(Command::Show(args)) => orders::show(args, &configured(&flags, Log::Wanted)?),
        Some(Command::Export(args)) => export::run(args, &configured(&flags, Log::Wanted)?),
        Some(Command::Handover(args)) => handover::run(args, &configured(&flags, Log::Wanted)?),
        Some(Command::Pay(args)) => pay::run(args, &configured(&flags, log_for(args.dry_run))?),
        Some(Command::Recover(args)) => recover::run(args, &configured(&flags, log_for(args.dry_run))?),
        Some(Command::Baggage(args)) => baggage::run(args, &configured(&flags, Log::Needed)?),
        Some(Command::Commit(args)) => commit::run(args, &configured(&flags, Log::Needed)?),
        Some(Command::Stop(args)) => stop::run(args, &configured(&flags, Log::Needed)?),
        Some(Command::Note(args)) => note::run(args, &configured(&flags, Log::Wanted)?),
        Some(Command::Journal(args)) => journal::run(args, &configured(&flags, journal::log(args))?),
        Some(Command::Webhook(args)) => webhook::run(args, &configured(&flags, Log::Needed)?),
    }
}
