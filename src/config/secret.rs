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

use super::{
    error::SecretError,
    helper::{self, LONGEST},
};
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
