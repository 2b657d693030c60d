//! The secret in the path: long, kept in a file of ours, two of them valid at once so that one can be replaced.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use subtle::ConstantTimeEq;
use uuid::Uuid;

/// Shorter ones could be guessed (128 bits in hexadecimal digits).
const SHORTEST: usize = 32;

/// The secrets that a path may hold. No `Debug`: they are never logged.
pub struct Secrets(Vec<String>);

/// The file of secrets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// It cannot be made or read.
    #[error("{file} cannot be used: {cause}")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        cause: io::Error,
    },
    /// Others can read it.
    #[error("{0} can be read by others: run chmod 600 {0}")]
    Open(String),
    /// It holds no secret of at least 32 letters and digits.
    #[error("{0} must hold one or two lines of at least 32 letters and digits")]
    Short(String),
}

impl Secrets {
    /// Reads the secrets in `file`, or makes a first one. Two lines are two secrets: the newer one first.
    pub fn open(file: &Path) -> Result<Self, SecretsError> {
        let name = file.display().to_string();
        let unusable = |cause| SecretsError::Io { file: name.clone(), cause };
        if let Some(folder) = file.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        }
        match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
            Ok(mut made) => {
                // Two random identifiers: 244 bits from the system's own source.
                let secret = format!("{}{}\n", Uuid::new_v4().simple(), Uuid::new_v4().simple());
                made.write_all(secret.as_bytes()).map_err(unusable)?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unusable(error)),
        }
        if fs::metadata(file).map_err(unusable)?.permissions().mode() & 0o077 != 0 {
            return Err(SecretsError::Open(name));
        }
        let text = fs::read_to_string(file).map_err(unusable)?;
        let secrets: Vec<String> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        let is_good =
            |secret: &String| secret.len() >= SHORTEST && secret.bytes().all(|b| b.is_ascii_alphanumeric());
        if !(1..=2).contains(&secrets.len()) || !secrets.iter().all(is_good) {
            return Err(SecretsError::Short(name));
        }
        Ok(Self(secrets))
    }

    /// The path that is to be registered.
    pub fn path(&self) -> String {
        format!("/{}", self.0.first().map_or("", String::as_str))
    }

    /// True for a path that is one of the secrets and nothing else, but for slashes that proxies double or add. Takes
    /// as long for a near miss as for a far one.
    pub fn opens(&self, path: &str) -> bool {
        let given = if path.starts_with('/') { path.trim_matches('/') } else { "" };
        self.0.iter().fold(false, |found, secret| {
            let same: bool = secret.as_bytes().ct_eq(given.as_bytes()).into();
            found | same
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_kept_private_and_can_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("desk/webhook-path");
        let first = Secrets::open(&file).unwrap().path();
        assert!(first.len() > 64 && Secrets::open(&file).unwrap().path() == first);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let newer = "n".repeat(40);
        fs::write(&file, format!("{newer}\n{}\n", first.trim_start_matches('/'))).unwrap();
        let both = Secrets::open(&file).unwrap();
        assert!(both.opens(&first) && both.opens(&format!("/{newer}")));
        for same in [format!("/{first}"), format!("{first}/"), format!("//{first}//")] {
            assert!(both.opens(&same), "{same}");
        }
        for wrong in
            ["", "/", "/x", &newer, &format!("{first}x"), &format!("/x{first}"), &format!("{first}/x")]
        {
            assert!(!both.opens(wrong), "{wrong}");
        }
        fs::write(&file, "short").unwrap();
        assert!(matches!(Secrets::open(&file), Err(SecretsError::Short(_))));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Secrets::open(&file), Err(SecretsError::Open(_))));
    }
}
