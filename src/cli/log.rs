//! The log of a command: whether it can do without one, and where it goes.

use std::io;

use super::{
    exit::{self, Exit, Failure},
    session::variable,
};
use crate::{
    config::{Flags, Settings},
    logging::{self, LogFile},
};

/// Whether a command can do its work without a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// It changes something: what it did must be found again.
    Needed,
    /// It only looks.
    Wanted,
}

pub(super) fn log_for(is_rehearsal: bool) -> Log {
    if is_rehearsal { Log::Wanted } else { Log::Needed }
}

/// The settings, and logging as they say.
pub(super) fn configured(flags: &Flags, log: Log) -> Result<Settings, Failure> {
    let settings = Settings::load(flags, variable)
        .map_err(|error| exit::configuration(flags.lang.unwrap_or_default(), &error))?;
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
pub(super) fn log_file(settings: &Settings) -> LogFile {
    let max_bytes = u64::from(*settings.log_max_megabytes) * 1_000_000;
    LogFile { path: settings.data_dir.join("paydesk.log"), max_bytes }
}

/// Starts the log. The failure is that of its file: without it the program still keeps the last lines in memory.
pub(super) fn start_log(settings: &Settings) -> Result<(), Failure> {
    let file = log_file(settings);
    logging::start(*settings.log_level, Some(file.clone()))
        .map_err(|error| log_failure(settings, &file, &error))
}

pub(super) fn log_failure(settings: &Settings, file: &LogFile, error: &io::Error) -> Failure {
    let lang = *settings.lang;
    let message = lang.fill(
        "data.no_log",
        &[("file", &file.path.display()), ("cause", &crate::lang::system::cause(lang, &error.to_string()))],
    );
    let mend = lang.fill("data.mend_place", &[("folder", &settings.data_dir.display())]);
    Failure::new(Exit::Usage, "log", message, mend)
}
