//! Which programs are running on a journal. In files: each holds a lock on one of its own for as long as it lives. The
//! lock goes with the process, however it ends, so a file that can be locked belongs to a program that has died. A mark
//! is locked before it gets its name, so there is no moment in which one of a live program can be locked.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use uuid::Uuid;

/// Knows which programs live. What a program has begun is its own until it is certain to have died.
pub trait Presence: Send + 'static {
    /// This program's name in the records.
    fn name(&self) -> &str;

    /// True while the program of that name lives. In doubt it does: what it was doing is then left to it.
    fn is_running(&self, name: &str) -> bool;

    /// True if any other program lives on this journal. In doubt one does.
    fn has_others(&self) -> bool;
}

/// What a mark is called until it is locked. Others leave such files alone for an hour.
const UNNAMED: &str = ".new";

/// Nobody needs so long from making a mark to naming it.
const NAMED_WITHIN: Duration = Duration::from_secs(3_600);

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
        let unnamed = folder.join(format!("{name}{UNNAMED}"));
        let lock = fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&unnamed)?;
        lock.lock()?;
        fs::rename(&unnamed, folder.join(&name))?;
        let presence = Self { name, folder: folder.clone(), _lock: lock };
        for mark in fs::read_dir(&folder)?.flatten() {
            let name = mark.file_name().to_string_lossy().into_owned();
            let is_new = || mark.metadata().and_then(|data| data.modified()).is_ok_and(is_recent);
            if name.ends_with(UNNAMED) && is_new() {
                continue;
            }
            if name != presence.name && !presence.is_running(&name) {
                // Should two programs clear at once, one of them finds nothing left.
                let _cleared = fs::remove_file(mark.path());
            }
        }
        Ok(presence)
    }
}

/// In doubt it is: a clock that was set back makes files of the future.
fn is_recent(made: SystemTime) -> bool {
    made.elapsed().map_or(true, |age| age < NAMED_WITHIN)
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

    fn has_others(&self) -> bool {
        let Ok(marks) = fs::read_dir(&self.folder) else { return true };
        let names = marks.flatten().map(|mark| mark.file_name().to_string_lossy().into_owned());
        names.filter(|name| *name != self.name).any(|name| self.is_running(&name))
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

    fn has_others(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::Barrier, thread};

    use super::*;

    #[test]
    fn no_moment_shows_a_live_program_as_dead() {
        let folder = tempfile::tempdir().unwrap();
        for _round in 0..20 {
            let (start, all) = (Barrier::new(16), Barrier::new(16));
            let marks = || -> HashSet<String> {
                let entries = fs::read_dir(folder.path().join("running")).unwrap();
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
            };
            thread::scope(|scope| {
                for _ in 0..16 {
                    scope.spawn(|| {
                        start.wait();
                        let ours = Locks::show(folder.path()).unwrap();
                        // Everybody has started, and cleared away what looked dead.
                        all.wait();
                        let marks = marks();
                        let (is_there, live) =
                            (marks.contains(ours.name()), marks.iter().all(|name| ours.is_running(name)));
                        all.wait();
                        assert!(is_there, "its mark was taken away");
                        assert!(live, "somebody looks dead");
                    });
                }
            });
        }
    }

    #[test]
    fn a_mark_without_a_name_is_left_alone_until_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let running = folder.path().join("running");
        fs::create_dir(&running).unwrap();
        let (new, old) = (running.join("a.new"), running.join("b.new"));
        fs::write(&new, "").unwrap();
        let before = SystemTime::now() - NAMED_WITHIN * 2;
        File::create(&old).unwrap().set_modified(before).unwrap();
        fs::write(running.join("dead"), "").unwrap();
        let _ours = Locks::show(folder.path()).unwrap();
        assert!(new.exists() && !old.exists() && !running.join("dead").exists());
    }
}
