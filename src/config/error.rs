//! Why a configuration is refused.

use std::{io, path::PathBuf};

use super::secret::SecretError;

/// Why the program cannot be set up as asked.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something in the file is wrong.
    #[error("{}, line {line}, column {column}: {message}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong, and what is expected.
        message: String,
    },
    /// An environment variable is wrong.
    #[error("{name}: expected {expected}, found \"{found}\"")]
    Variable {
        /// Its name.
        name: &'static str,
        /// What it should hold.
        expected: String,
        /// What it holds.
        found: String,
    },
    /// `--env` names an environment that nobody described.
    #[error("--env {name}: there is no such environment; known are {known}")]
    NoSuchEnvironment {
        /// The name.
        name: String,
        /// Those that are there.
        known: String,
    },
    /// Neither `--data-dir` nor a home.
    #[error("no home directory is known; say where to keep the journal with --data-dir DIR")]
    NoHome,
    /// Nobody said who we are.
    #[error(
        "environment \"{environment}\" has no client id; set client_id under [environments.{environment}] in {}, or PAYDESK_CLIENT_ID",
        file.display()
    )]
    NoClientId {
        /// The environment.
        environment: String,
        /// Where the file is, or would be.
        file: PathBuf,
    },
    /// The secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// `paydesk demo` beside something that looks like real money.
    #[error(
        "the demo does not start while {name} is set, so that it can never touch a real account; run: env -u {name} paydesk demo"
    )]
    DemoNearLive {
        /// The variable.
        name: &'static str,
    },
}
