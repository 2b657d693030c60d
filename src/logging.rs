//! The log: what the program did, never what was confided to it.
//!
//! Lines go into a ring in memory, which the console shows, and into a size-capped file if one was asked for. Bodies
//! are not logged anywhere; should a card number get into a line all the same, it is masked before the line is kept.

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::domain::mask::mask;

/// So many lines are kept in memory.
const RING: usize = 200;

static RECENT: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Where the log goes besides memory.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// The file; its folder is made if need be.
    pub path: PathBuf,
    /// Beyond this size it is moved to `….1` and begun again.
    pub max_bytes: u64,
}

/// Starts logging for the whole program, once. Without a file (the demo writes none) only the ring is filled. The
/// error is the file's: the ring is there in any case.
pub fn start(level: LevelFilter, file: Option<LogFile>) -> io::Result<()> {
    let (file, result) = match file.map(CappedFile::open) {
        None => (None, Ok(())),
        Some(Ok(file)) => (Some(file), Ok(())),
        Some(Err(error)) => (None, Err(error)),
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_target(false)
        .with_timer(Utc)
        .with_writer(Sink(Mutex::new(file)))
        .finish();
    // A second start in one process (tests) keeps the first subscriber.
    let _ = tracing::subscriber::set_global_default(subscriber);
    result
}

/// Whether the file can be written.
pub fn check(file: LogFile) -> io::Result<()> {
    CappedFile::open(file).map(drop)
}

/// The last lines, oldest first.
pub fn recent() -> Vec<String> {
    lock(&RECENT).iter().cloned().collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// RFC 3339, UTC, to the millisecond.
struct Utc;

impl tracing_subscriber::fmt::time::FormatTime for Utc {
    fn format_time(&self, out: &mut tracing_subscriber::fmt::format::Writer<'_>) -> std::fmt::Result {
        write!(out, "{:.3}", jiff::Timestamp::now())
    }
}

struct Sink(Mutex<Option<CappedFile>>);

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Line<'a>;
    fn make_writer(&'a self) -> Line<'a> {
        Line(self)
    }
}

/// One event's line; the subscriber writes a whole event at a time.
struct Line<'a>(&'a Sink);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = mask(&String::from_utf8_lossy(bytes));
        // First into memory: the disk may be full.
        let mut ring = lock(&RECENT);
        if ring.len() == RING {
            ring.pop_front();
        }
        ring.push_back(line.trim_end().to_owned());
        drop(ring);
        if let Some(file) = &mut *lock(&self.0.0) {
            file.append(line.as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that never grows beyond its cap: the one before is kept as `….1`.
struct CappedFile {
    file: File,
    size: u64,
    settings: LogFile,
}

impl CappedFile {
    fn open(settings: LogFile) -> io::Result<Self> {
        if let Some(folder) = settings.path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let file = open_private(&settings.path)?;
        let size = file.metadata()?.len();
        Ok(Self { file, size, settings })
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.size > 0 && self.size + line.len() as u64 > self.settings.max_bytes {
            let mut old = self.settings.path.clone().into_os_string();
            old.push(".1");
            fs::rename(&self.settings.path, old)?;
            self.file = open_private(&self.settings.path)?;
            self.size = 0;
        }
        self.file.write_all(line)?;
        self.size += line.len() as u64;
        Ok(())
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_is_kept_once_and_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/paydesk.log");
        let mut log = CappedFile::open(LogFile { path: path.clone(), max_bytes: 10 }).unwrap();
        for line in ["first\n", "second\n", "third\n"] {
            log.append(line.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "third\n");
        assert_eq!(fs::read_to_string(folder.path().join("data/paydesk.log.1")).unwrap(), "second\n");
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    #[test]
    fn a_line_of_the_log_holds_no_card_number_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("paydesk.log");
        let file = CappedFile::open(LogFile { path: path.clone(), max_bytes: 10_000 }).unwrap();
        let sink = Sink(Mutex::new(Some(file)));
        let lines = [
            "refused: card 4000001234567899",
            "answer \"4000-0012.3456/7899\" about TESTA20261122135802207",
            "reason=\"4000\\u{a0}0012\\u{a0}3456\\u{a0}7899\" ４０００００１２３４５６７８９９",
        ];
        for line in lines {
            sink.make_writer().write_all(format!("{line}\n").as_bytes()).unwrap();
        }
        for kept in [fs::read_to_string(path).unwrap(), recent().join("\n")] {
            assert!(kept.contains("about TESTA20261122135802207") && kept.contains("7899"), "{kept}");
            for digits in ["40000012", "4000-0012", "4000\\u{a0}0012", "４０００"] {
                assert!(!kept.contains(digits), "{kept}");
            }
        }
    }
}
