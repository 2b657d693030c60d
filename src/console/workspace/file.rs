//! The file that holds the workspace: read at the start, and written by a thread of its own, so that no disk holds the
//! console up. Each time a new file takes the place of the old one, whole or not at all; of two consoles the last one wins.

use std::{
    cell::OnceCell,
    fs::{self, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process,
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{Unread, Workspace};
use crate::console::aside::{Aside, Speaker};

/// Its name, in the folder of the journal and the log.
pub const NAME: &str = "workspace.toml";

/// One that is not understood is put here, once: the first of them may be worth a look.
const ASIDE: &str = "workspace.toml.unread";

/// No workspace is longer than this.
const LONGEST: u64 = 64 * 1024;

/// Whoever leaves waits no longer for a disk than this.
const LEAVE_WITHIN: Duration = Duration::from_secs(1);

/// Where a workspace is kept; nowhere, in a demo, which is to begin the same way each time.
#[derive(Default)]
pub struct Keeper {
    /// How the console was left.
    pub before: Option<Workspace>,
    file: Option<WorkspaceFile>,
}

/// The file, and what writes it, once anything is to be written. A machine that cannot start a thread keeps nothing.
struct WorkspaceFile {
    path: PathBuf,
    speaker: Speaker,
    writer: OnceCell<Option<Writer>>,
}

struct Writer {
    texts: mpsc::Sender<String>,
    done: mpsc::Receiver<()>,
}

impl Keeper {
    /// Reads the workspace in `folder`, and keeps it there from now on. What goes wrong is said by `speaker`; nothing else comes
    /// of it.
    pub fn start(folder: &Path, speaker: Speaker) -> Self {
        let path = folder.join(NAME);
        let before = match read(&path) {
            Ok(before) => before,
            Err(unread) => {
                put_aside(&path, &folder.join(ASIDE));
                speaker.say(Aside::NoWorkspace(unread));
                None
            }
        };
        Self { before, file: Some(WorkspaceFile { path, speaker, writer: OnceCell::new() }) }
    }

    /// True when it is kept anywhere.
    pub(in crate::console) fn is_kept(&self) -> bool {
        self.file.is_some()
    }

    /// Keeps it.
    pub(in crate::console) fn keep(&self, workspace: &Workspace) {
        let writer = self.file.as_ref().and_then(|file| {
            let start = || Writer::start(file.path.clone(), file.speaker.clone()).ok();
            file.writer.get_or_init(start).as_ref()
        });
        if let Some(writer) = writer {
            let _ended = writer.texts.send(workspace.text());
        }
    }

    /// Waits for what is still to be written.
    pub(in crate::console) fn finish(self) {
        let writer = self.file.and_then(|file| file.writer.into_inner().flatten());
        if let Some(Writer { texts, done }) = writer {
            drop(texts);
            let _written = done.recv_timeout(LEAVE_WITHIN);
        }
    }
}

impl Writer {
    fn start(path: PathBuf, speaker: Speaker) -> io::Result<Self> {
        let (texts, written) = mpsc::channel::<String>();
        let (ended, done) = mpsc::channel();
        let write = move || {
            let mut is_failing = false;
            while let Ok(mut text) = written.recv() {
                // Of what has come meanwhile the last counts.
                text = written.try_iter().last().unwrap_or(text);
                let result = write(&path, &text);
                // It is said once for as long as it goes on.
                if let (Err(error), false) = (&result, is_failing) {
                    speaker.say(Aside::NotKept(error.to_string()));
                }
                is_failing = result.is_err();
            }
            let _waiting = ended.send(());
        };
        thread::Builder::new().name("workspace".into()).spawn(write)?;
        Ok(Self { texts, done })
    }
}

/// What the file says; nothing if there is none.
fn read(path: &Path) -> Result<Option<Workspace>, Unread> {
    let broken = |error: io::Error| Unread::Broken(error.to_string());
    let file = match OpenOptions::new().read(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(broken)?,
    };
    // A pipe would hold the start up, and a folder has no text.
    if !file.metadata().map_err(broken)?.is_file() {
        return Err(Unread::Broken("not a file".into()));
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(broken)?;
    Workspace::read(&text).map(Some)
}

/// What is there already stays.
fn put_aside(path: &Path, aside: &Path) {
    if !aside.exists() {
        let _stays = fs::rename(path, aside);
    }
}

/// Puts a new file in the place of the old one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let new: PathBuf = path.with_extension(format!("{}.new", process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // Half a file is of no use, and takes room.
        let _gone = fs::remove_file(&new);
    }
    written
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::console::aside::asides;

    fn workspace(filter: &str) -> Workspace {
        let text = format!(
            "version = 1\nqueue = \"unpaid\"\nfilter = \"{filter}\"\nsort = \"amount\"\nreversed = true\npane = false\n"
        );
        Workspace::read(&text).unwrap()
    }

    /// What is found in the folder, and what was said.
    fn start(folder: &Path) -> (Keeper, Vec<Aside>) {
        let (speaker, asides) = asides();
        let keeper = Keeper::start(folder, speaker);
        let said = asides.take().collect();
        (keeper, said)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_kept_last_is_found_again_and_no_one_else_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let (keeper, said) = start(&data);
        assert_eq!((&keeper.before, said), (&None, vec![]));
        (0..20).for_each(|n| keeper.keep(&workspace(&format!("airline:T{n}"))));
        keeper.finish();
        assert_eq!(names(&data), [NAME], "nothing half-written is left");
        let mode = fs::metadata(data.join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(start(&data).0.before, Some(workspace("airline:T19")));
    }

    #[test]
    fn of_two_consoles_the_last_one_wins_and_the_file_is_always_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (start(folder.path()).0, start(folder.path()).0);
        first.keep(&workspace("first"));
        first.finish();
        second.keep(&workspace("second"));
        second.finish();
        assert_eq!(start(folder.path()).0.before, Some(workspace("second")));
    }

    #[test]
    fn what_is_not_understood_is_put_aside_once_and_said_and_a_new_one_takes_its_place() {
        let half = workspace("x").text();
        let (half, _) = half.split_at_checked(half.len() / 2).unwrap();
        for (n, broken) in [
            half.as_bytes(),
            b"",
            b"\xff\xfe\x00",
            b"{\"some\":\"json\"}",
            b"version = \"one\"",
            b"version = 1\nqueue = 7",
        ]
        .iter()
        .enumerate()
        {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(NAME);
            fs::write(&path, broken).unwrap();
            let (keeper, said) = start(folder.path());
            assert_eq!(keeper.before, None, "{n}");
            assert!(matches!(said.as_slice(), [Aside::NoWorkspace(Unread::Broken(_))]), "{n}: {said:?}");
            assert_eq!(&fs::read(folder.path().join(ASIDE)).unwrap(), broken);
            keeper.keep(&workspace("new"));
            keeper.finish();
            assert_eq!(start(folder.path()).0.before, Some(workspace("new")));
            // The first one that was put aside stays.
            fs::write(&path, "again").unwrap();
            start(folder.path()).0.finish();
            assert_eq!(&fs::read(folder.path().join(ASIDE)).unwrap(), broken);
        }
    }

    #[test]
    fn a_newer_one_is_put_aside_whatever_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), "version = 2\nqueues = [\"mine\"]\n").unwrap();
        let (keeper, said) = start(folder.path());
        assert_eq!((keeper.before, said), (None, vec![Aside::NoWorkspace(Unread::Newer(2))]));
        assert_eq!(names(folder.path()), [ASIDE]);
    }

    #[test]
    fn a_place_where_nothing_can_be_written_is_said_once_and_hurts_nothing() {
        let folder = tempfile::tempdir().unwrap();
        // A folder stands where the file should.
        fs::create_dir_all(folder.path().join(NAME).join("taken")).unwrap();
        fs::write(folder.path().join(ASIDE), "taken as well").unwrap();
        let (speaker, asides) = asides();
        let keeper = Keeper::start(folder.path(), speaker);
        keeper.keep(&workspace("a"));
        keeper.finish();
        let said: Vec<_> = asides.take().collect();
        assert!(matches!(said.as_slice(), [Aside::NoWorkspace(_), Aside::NotKept(_)]), "{said:?}");
        assert_eq!(names(folder.path()), [NAME, ASIDE]);
    }
}
