//! Which programs are running on a journal: each holds a lock on a file of its own for as long as it lives. The lock
//! goes with the process, however it ends, so a file that can be locked belongs to a program that has died.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use uuid::Uuid;

/// This program's presence.
pub(super) struct Presence {
    /// Its name in the records.
    pub(super) name: String,
    folder: Option<PathBuf>,
    _lock: Option<File>,
}

impl Presence {
    /// Shows that this program runs on the journal in `folder`, and clears away the marks of dead ones.
    pub(super) fn show(folder: &Path) -> io::Result<Self> {
        let folder = folder.join("running");
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let name = Uuid::now_v7().to_string();
        let lock =
            fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(folder.join(&name))?;
        lock.lock()?;
        let presence = Self { name, folder: Some(folder.clone()), _lock: Some(lock) };
        for mark in fs::read_dir(&folder)?.flatten() {
            let name = mark.file_name().to_string_lossy().into_owned();
            if name != presence.name && !presence.is_running(&name) {
                // Should two programs clear at once, one of them finds nothing left.
                let _cleared = fs::remove_file(mark.path());
            }
        }
        Ok(presence)
    }

    /// A journal that nobody shares.
    pub(super) fn alone() -> Self {
        Self { name: Uuid::now_v7().to_string(), folder: None, _lock: None }
    }

    /// True while the program of that name lives. In doubt it does: what it was doing is then left to it.
    pub(super) fn is_running(&self, name: &str) -> bool {
        if name == self.name {
            return true;
        }
        let Some(folder) = &self.folder else { return false };
        match File::open(folder.join(name)) {
            Err(error) => error.kind() != io::ErrorKind::NotFound,
            Ok(mark) => matches!(mark.try_lock(), Err(TryLockError::WouldBlock | TryLockError::Error(_))),
        }
    }
}
