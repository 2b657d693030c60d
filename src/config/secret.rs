//! The API secret: from a variable, a guarded file or a command, and never from the configuration itself.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::fs::{Mode, OFlags};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::helper::{self, LONGEST};
use crate::lang::Lang;

/// Where the secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// The environment variable `PAYDESK_CLIENT_SECRET`.
    Variable,
    /// A file that only its owner, who runs us, can read.
    File(PathBuf),
    /// The standard output of a program, run without a shell.
    Command {
        /// The program and its arguments.
        words: Vec<String>,
        /// It is ended after so long.
        limit: Duration,
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

impl SecretSource {
    /// Reads the secret; says in `lang` what is waited for.
    pub fn read(
        &self,
        variable: impl Fn(&str) -> Option<String>,
        lang: Lang,
    ) -> Result<SecretString, SecretError> {
        match self {
            Self::Variable => {
                let value = Zeroizing::new(variable("PAYDESK_CLIENT_SECRET").ok_or(SecretError::NoVariable)?);
                one_line(value.as_bytes(), "PAYDESK_CLIENT_SECRET")
            }
            Self::File(path) => one_line(&guarded(path)?, &path.display().to_string()),
            Self::Command { words, limit } => {
                one_line(&helper::output(words, *limit, lang)?, "client_secret_command")
            }
        }
    }
}

/// Reads a file after the checks, which look at the opened file and not at its name: the name may change in between.
fn guarded(path: &Path) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    let unreadable = |source: io::Error| SecretError::Unreadable { path: path.to_owned(), source };
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(fd) => File::from(fd),
        Err(rustix::io::Errno::LOOP) => return Err(SecretError::Link(path.to_owned())),
        Err(error) => return Err(unreadable(error.into())),
    };
    let metadata = file.metadata().map_err(unreadable)?;
    let (owner, me, mode) = (metadata.uid(), rustix::process::geteuid().as_raw(), metadata.mode() & 0o777);
    if !metadata.is_file() {
        return Err(SecretError::NotAFile(path.to_owned()));
    }
    if owner != me {
        return Err(SecretError::WrongOwner { path: path.to_owned(), owner, me });
    }
    if mode & 0o077 != 0 {
        return Err(SecretError::OpenToOthers { path: path.to_owned(), mode });
    }
    // Of full size from the start: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// The secret without the white space around it; a header can carry it.
fn one_line(bytes: &[u8], whence: &str) -> Result<SecretString, SecretError> {
    let line = bytes.trim_ascii();
    let fits = !line.is_empty() && line.len() <= LONGEST && line.iter().all(u8::is_ascii_graphic);
    match std::str::from_utf8(line) {
        Ok(line) if fits => Ok(SecretString::from(line)),
        _ => Err(SecretError::Unusable(whence.to_owned())),
    }
}
