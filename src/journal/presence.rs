//! Which programs are running on a journal. In files: each holds a lock on one of its own for as long as it lives. The
//! lock goes with the process, however it ends, so a file that can be locked belongs to a program that has died.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use uuid::Uuid;

/// Tells which programs live. What a program has begun is its own until it is certain to have died.
pub trait Presence: Send + 'static {
    /// This program's name in the records.
    fn name(&self) -> &str;

    /// True while the program of that name lives. In doubt it does: what it was doing is then left to it.
    fn is_running(&self, name: &str) -> bool;
}

/// Presence by locked files beside the journal.
pub(super) struct Locks {
    name: String,
    folder: PathBuf,
    _lock: File,
}

impl Locks {
    /// Shows that this program runs on the journal in `folder`, and clears away the marks of dead ones.
    pub(super) fn show(folder: &Path) -> io::Result<Self> {
        let folder = folder.join("running");
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let name = Uuid::now_v7().to_string();
        let lock =
            fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(folder.join(&name))?;
        lock.lock()?;
        let presence = Self { name, folder: folder.clone(), _lock: lock };
        for mark in fs::read_dir(&folder)?.flatten() {
            let name = mark.file_name().to_string_lossy().into_owned();
            if name != presence.name && !presence.is_running(&name) {
                // Should two programs clear at once, one of them finds nothing left.
                let _cleared = fs::remove_file(mark.path());
            }
        }
        Ok(presence)
    }
}

impl Presence for Locks {
    fn name(&self) -> &str {
        &self.name
    }

    fn is_running(&self, name: &str) -> bool {
        if name == self.name {
            return true;
        }
        match File::open(self.folder.join(name)) {
            Err(error) => error.kind() != io::ErrorKind::NotFound,
            Ok(mark) => matches!(mark.try_lock(), Err(TryLockError::WouldBlock | TryLockError::Error(_))),
        }
    }
}

/// The presence of a program that shares its journal with nobody.
pub(super) struct Alone(String);

impl Alone {
    pub(super) fn new() -> Self {
        Self(Uuid::now_v7().to_string())
    }
}

impl Presence for Alone {
    fn name(&self) -> &str {
        &self.0
    }

    fn is_running(&self, name: &str) -> bool {
        name == self.0
    }
}
