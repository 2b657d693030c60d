//! The last resort for an outcome that the journal does not take: room on disk that was reserved when it was opened.
//!
//! A full disk must not lose what became of a payment. The file has its full size from the start, so writing into it
//! needs no further block; whatever is found in it at the next start is entered into the journal before anything else.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::JournalError;

/// Room for some hundred outcomes.
const ROOM: usize = 64 * 1024;

/// Outcomes that wait to be entered: one JSON record a line, then zeros.
pub(super) struct Emergency {
    file: File,
    used: usize,
}

impl Emergency {
    /// Opens the file in `folder`, reserving its room if it is new. Returns the lines that wait in it.
    pub(super) fn open(folder: &Path) -> io::Result<(Self, Vec<String>)> {
        let path = folder.join("outcomes.reserve");
        let mut file = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let used = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        if bytes.len() < ROOM {
            file.seek(SeekFrom::End(0))?;
            file.write_all(&vec![0; ROOM - bytes.len()])?;
            file.sync_all()?;
        }
        let text = String::from_utf8_lossy(bytes.get(..used).unwrap_or_default()).into_owned();
        let lines = text.lines().map(str::to_owned).collect();
        Ok((Self { file, used }, lines))
    }

    /// Keeps a line, durably.
    pub(super) fn keep(&mut self, line: &str) -> Result<(), JournalError> {
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

    /// Wipes what was entered meanwhile.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&vec![0; self.used.min(ROOM)])?;
        self.file.sync_data()?;
        self.used = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_at_the_next_start_and_can_be_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let (mut reserve, waiting) = Emergency::open(folder.path()).unwrap();
        assert!(waiting.is_empty());
        let size = || fs::metadata(folder.path().join("outcomes.reserve")).unwrap().len();
        assert_eq!(size(), ROOM as u64);
        reserve.keep("{\"a\":1}").unwrap();
        reserve.keep("{\"b\":2}").unwrap();
        assert_eq!(size(), ROOM as u64, "no further block was needed");
        let (mut reserve, waiting) = Emergency::open(folder.path()).unwrap();
        assert_eq!(waiting, ["{\"a\":1}", "{\"b\":2}"]);
        reserve.clear().unwrap();
        assert!(Emergency::open(folder.path()).unwrap().1.is_empty());
        let line = "x".repeat(ROOM - 1);
        assert!(reserve.keep(&line).is_err(), "never beyond its room");
    }
}
