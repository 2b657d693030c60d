//! The last resort for an outcome that the journal does not take: room on disk that was reserved when it was opened.
//!
//! A full disk must not lose what became of a payment. The file has its full size from the start, so writing into it
//! needs no further block. Each program has one of its own, so that two never write over each other's words; what is
//! found in those of dead ones is entered into the journal before anything else.

use std::{
    fs::{self, File},
    io::{self, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{error::JournalError, masked::Masked, presence::Presence};

/// Room for some hundred outcomes.
const ROOM: usize = 64 * 1024;

/// What such a file is called, after the program's name.
const EXTENSION: &str = "reserve";

/// Outcomes that wait to be entered: one JSON record a line, then zeros.
pub(super) struct Reserve {
    file: File,
    path: PathBuf,
    used: usize,
}

/// One line.
#[derive(Serialize, Deserialize)]
struct Line {
    body: String,
}

/// The body of an attempt in a line; none if the line is torn.
pub(super) fn body(line: &str) -> Option<String> {
    serde_json::from_str::<Line>(line).ok().map(|line| line.body)
}

/// What a program that has died left in its reserve.
pub(super) struct Left {
    /// The lines, oldest first.
    pub(super) lines: Vec<String>,
    path: PathBuf,
}

/// The reserves in `folder` of programs that live no more.
pub(super) fn left_by_the_dead(folder: &Path, presence: &dyn Presence) -> io::Result<Vec<Left>> {
    let mut left = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let owner = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.extension().is_none_or(|extension| extension != EXTENSION) || presence.is_running(&owner) {
            continue;
        }
        let bytes = match fs::read(&path) {
            // Another program that starts just now has entered it already.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            bytes => bytes?,
        };
        let used = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        let text = String::from_utf8_lossy(bytes.get(..used).unwrap_or_default()).into_owned();
        left.push(Left { lines: text.lines().map(str::to_owned).collect(), path });
    }
    Ok(left)
}

impl Left {
    /// All of it was entered, or some of it cannot be read and is put aside for people.
    pub(super) fn close(self, is_read: bool) -> io::Result<()> {
        let done = if is_read {
            fs::remove_file(&self.path)
        } else {
            tracing::error!(file = %self.path.display(), "a reserve cannot be read; it is kept as .unread");
            fs::rename(&self.path, self.path.with_extension("unread"))
        };
        match done {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }
}

impl Reserve {
    /// Reserves the room of the program `name` in `folder`.
    pub(super) fn open(folder: &Path, name: &str) -> io::Result<Self> {
        let path = folder.join(name).with_extension(EXTENSION);
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Self::fill(file, path)
    }

    /// Takes the room on disk, for good: blocks that were not written yet could be gone when they are needed.
    fn fill(mut file: File, path: PathBuf) -> io::Result<Self> {
        file.write_all(&vec![0; ROOM])?;
        file.sync_all()?;
        Ok(Self { file, path, used: 0 })
    }

    /// Keeps what an attempt has come to, durably.
    pub(super) fn keep(&mut self, masked: &Masked) -> Result<(), JournalError> {
        let line = serde_json::to_string(&Line { body: masked.text().to_owned() })
            .map_err(|error| JournalError::Record(error.to_string()))?;
        if self.used + line.len() + 2 > ROOM {
            return Err(JournalError::Record("the reserve is full".into()));
        }
        let mut write = || -> io::Result<()> {
            self.file.seek(SeekFrom::Start(self.used as u64))?;
            self.file.write_all(line.as_bytes())?;
            self.file.write_all(b"\n")?;
            self.file.sync_data()
        };
        write().map_err(|error| JournalError::Record(format!("the reserve cannot be written: {error}")))?;
        self.used += line.len() + 1;
        Ok(())
    }
}

impl Drop for Reserve {
    fn drop(&mut self) {
        if self.used == 0 {
            // If that fails, the next start finds it empty.
            let _gone = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::story::OperatorAction,
        journal::{fact::Fact, presence::Alone},
    };

    fn note(text: &str) -> Masked {
        Masked::of(&Fact::OperatorAction(OperatorAction::Noted(text.into()))).unwrap()
    }

    fn left(folder: &Path) -> Vec<Vec<String>> {
        let mut left: Vec<_> = left_by_the_dead(folder, &Alone::new())
            .unwrap()
            .into_iter()
            .map(|left| {
                let lines = left.lines.clone();
                left.close(true).unwrap();
                lines
            })
            .collect();
        left.sort();
        left
    }

    #[test]
    fn what_two_programs_kept_is_found_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let mut one = Reserve::open(folder.path(), "one").unwrap();
        let mut other = Reserve::open(folder.path(), "other").unwrap();
        let unused = Reserve::open(folder.path(), "unused").unwrap();
        let size = || fs::metadata(folder.path().join("one.reserve")).unwrap().len();
        assert_eq!(size(), ROOM as u64);
        one.keep(&note("a1")).unwrap();
        other.keep(&note("b1")).unwrap();
        one.keep(&note("a2")).unwrap();
        assert_eq!(size(), ROOM as u64, "no further block was needed");
        let full = (0..100).map_while(|_| one.keep(&note(&"x".repeat(1_900))).ok()).count();
        assert!((20..40).contains(&full), "never beyond its room: {full}");
        drop((one, other, unused));
        assert!(!folder.path().join("unused.reserve").exists());
        let found = left(folder.path());
        let [ours, theirs] = found.as_slice() else { panic!("{found:?}") };
        let says = |line: &str, text: &str| body(line).unwrap().contains(&format!("\"{text}\""));
        assert!(says(&ours[0], "a1") && says(&ours[1], "a2") && ours.len() == 2 + full);
        assert!(says(&theirs[0], "b1") && theirs.len() == 1);
        assert_eq!(left(folder.path()).len(), 0, "once");
    }

    /// A file that takes whatever is written, and cannot be brought to disk.
    fn bottomless() -> File {
        fs::OpenOptions::new().write(true).open("/dev/null").unwrap()
    }

    #[test]
    fn what_is_not_on_disk_is_neither_reserved_nor_kept() {
        let path = tempfile::tempdir().unwrap().path().join("one.reserve");
        assert!(Reserve::fill(bottomless(), path.clone()).is_err());
        let mut one = Reserve { file: bottomless(), path, used: 0 };
        assert!(one.keep(&note("kept")).is_err());
    }

    #[test]
    fn what_a_program_keeps_that_still_runs_is_left_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let alone = Alone::new();
        let mut running = Reserve::open(folder.path(), alone.name()).unwrap();
        running.keep(&note("kept")).unwrap();
        assert!(left_by_the_dead(folder.path(), &alone).unwrap().is_empty());
        assert_eq!(left(folder.path()).len(), 1, "to another one it is dead");
    }

    #[test]
    fn what_cannot_be_read_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("torn.reserve"), "{\"bo").unwrap();
        for left in left_by_the_dead(folder.path(), &Alone::new()).unwrap() {
            left.close(false).unwrap();
        }
        assert!(folder.path().join("torn.unread").exists());
        assert!(left_by_the_dead(folder.path(), &Alone::new()).unwrap().is_empty());
    }
}
