//! Why a configuration is refused.

use std::{io, path::PathBuf};

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
    /// An environment variable holds a card number, which is not said again.
    #[error("{name} holds a card number (…{last_four}); none may stand there, its last four digits may")]
    CardNumber {
        /// Its name.
        name: &'static str,
        /// What may be said of the number.
        last_four: String,
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

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set, or empty.
    #[error("PAYDESK_CLIENT_SECRET is not set")]
    NoVariable,
    /// The file cannot be read.
    #[error("the secret file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A link: whoever may change it decides what we read.
    #[error("the secret file {} is a symbolic link; name the file itself", .0.display())]
    Link(PathBuf),
    /// Not a plain file.
    #[error("the secret file {} is not a plain file", .0.display())]
    NotAFile(PathBuf),
    /// Group or others may read or write it.
    #[error("the secret file {} is open to others (mode {mode:03o}); run: chmod 600 {}", path.display(), path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It belongs to somebody else.
    #[error("the secret file {} belongs to user {owner}, not to you (user {me}); run: chown {me} {}", path.display(), path.display())]
    WrongOwner {
        /// The file.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// Who runs us.
        me: u32,
    },
    /// The command cannot be run.
    #[error("client_secret_command: {program} cannot be run: {source}")]
    CannotRun {
        /// The program.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The command failed. What it printed is never shown, since it may be half a secret; what it complained of stands
    /// on standard error already.
    #[error("client_secret_command: {program} failed ({status})")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
    },
    /// The command did not end within its limit, and was ended.
    #[error(
        "client_secret_command: {program} gave no secret within {seconds} s and was ended; run it by hand to see what it waits for, or set client_secret_seconds"
    )]
    TooSlow {
        /// The program.
        program: String,
        /// The limit.
        seconds: u64,
    },
    /// Empty, more than one line, or not text that fits a header.
    #[error("{0} gives no usable secret: one line of visible ASCII characters is expected")]
    Unusable(String),
}
