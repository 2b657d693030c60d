//! The log: what the program did, never what it was told in confidence.
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

/// So many lines are kept in memory.
const RING: usize = 200;

static RECENT: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Where the log goes besides memory.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// The file; its folder is made if need be.
    pub path: PathBuf,
    /// Beyond this size it becomes `….1` and is begun anew.
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
        if let Some(file) = &mut *lock(&self.0.0) {
            file.append(line.as_bytes())?;
        }
        let mut ring = lock(&RECENT);
        if ring.len() == RING {
            ring.pop_front();
        }
        ring.push_back(line.trim_end().to_owned());
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

/// Replaces every run of 13 to 19 digits that passes the Luhn check, with single spaces or dashes inside allowed, by
/// stars and its last four digits. Longer runs are searched too: a number may stand right beside other digits.
pub fn mask(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut start = 0;
    while start < chars.len() {
        let end = run_end(&chars, start);
        let places: Vec<usize> = (start..end).filter(|&i| chars[i].is_ascii_digit()).collect();
        mask_run(&mut chars, &places);
        start = end.max(start + 1);
    }
    chars.into_iter().collect()
}

/// The end of the run of digits that starts at `start`; separators count only between two digits.
fn run_end(chars: &[char], start: usize) -> usize {
    let mut end = start;
    loop {
        match chars.get(end..) {
            Some([digit, ..]) if digit.is_ascii_digit() => end += 1,
            Some([' ' | '-', digit, ..]) if end > start && digit.is_ascii_digit() => end += 2,
            _ => return end,
        }
    }
}

/// Masks each stretch of the run that could be a card number, the longest first. A stretch consists of whole groups,
/// except in a group that is too long to be a number itself.
fn mask_run(chars: &mut [char], places: &[usize]) {
    let digits: Vec<u32> = places.iter().filter_map(|&i| chars[i].to_digit(10)).collect();
    if is_order_number(chars, places) {
        return;
    }
    let is_one_group = |from: usize, to: usize| places[to] - places[from] == to - from;
    let begins_group = |i: usize| i == 0 || !is_one_group(i - 1, i);
    // Too long to be one number: one may hide anywhere in it.
    let is_long = (0..places.len()).any(|i| i + 19 < places.len() && is_one_group(i, i + 19));
    let may_begin = |i: usize| is_long || begins_group(i);
    let may_end = |end: usize| is_long || end == places.len() || begins_group(end);
    let mut from = 0;
    while from + 13 <= digits.len() {
        let fits = |length: &usize| {
            let end = from + length;
            end <= digits.len() && may_begin(from) && may_end(end) && passes_luhn(&digits[from..end])
        };
        match (13..=19).rev().find(fits) {
            Some(length) => {
                for &place in &places[from..from + length - 4] {
                    chars[place] = '*';
                }
                from += length;
            }
            None => from += 1,
        }
    }
}

/// An order number ends in its moment of creation, 17 digits of which one in ten passes the check by chance.
fn is_order_number(chars: &[char], places: &[usize]) -> bool {
    let [first, .., last] = places else { return false };
    let follows_a_letter = first.checked_sub(1).is_some_and(|i| chars[i].is_ascii_uppercase());
    follows_a_letter && last - first == 16 && chars.get(*first..first + 2) == Some(&['2', '0'])
}

fn passes_luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &digit)| if i % 2 == 0 { digit } else { doubled(digit) })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|&digit| digit != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn card_numbers_are_masked_and_other_numbers_are_not() {
        let check = |line: &str, want: &str| assert_eq!(mask(line), want);
        check("card 4111111111111111 sent", "card ************1111 sent");
        check("card 4111 1111 1111 1111, 王", "card **** **** **** 1111, 王");
        check("4111-1111-1111-1111", "****-****-****-1111");
        check("amex 378282246310005", "amex ***********0005");
        check("4111111111111112 fails the check", "4111111111111112 fails the check");
        check("12 4111 1111 1111 1111 35", "12 **** **** **** 1111 35");
        check("0000004111111111111111000", "000***************1111000");
        check("TESTA20261103141502317 asked", "TESTA20261103141502317 asked");
        check("TESTA20261103141502310 asked", "TESTA20261103141502310 asked");
        check("4111  1111  1111  1111", "4111  1111  1111  1111");
        check("at 2026-11-23T03:26:39Z, 12 orders", "at 2026-11-23T03:26:39Z, 12 orders");
        check("", "");
    }

    proptest! {
        #[test]
        fn no_card_number_survives_whatever_stands_around_it(before in "[a-z0-9 ]{0,9}[a-z]", after in "[a-z ][a-z0-9 ]{0,9}") {
            let masked = mask(&format!("{before}4111111111111111{after}"));
            prop_assert!(!masked.contains("411111111111"));
        }
    }

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
}
