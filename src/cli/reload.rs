//! Reading the configuration again whenever its file is saved, and what of it changes while the console runs.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::session::variable;
use crate::{
    config::{ConfigError, Flags, Settings, Theme},
    console::{
        alerts::AlertWays,
        aside::{Aside, Speaker},
        filter::Reading,
        keymap::Keymap,
        list::queue::OwnQueue,
        reload::Reload,
        theme::{Looks, Surroundings},
    },
};

/// A file is read once nothing has happened in its folder for so long: whoever saves it may do so in several steps.
const QUIET: Duration = Duration::from_millis(150);

/// Where something always happens, it is read after so many events all the same.
const EVENTS_AT_MOST: usize = 1_000;

/// A file that is gone may be about to be replaced by another. Later it is looked for at this pace: when a whole folder
/// comes back, nobody tells.
const ABSENT_AT_MOST: Duration = Duration::from_secs(1);

/// What the configuration comes to for the console.
#[derive(Clone)]
pub(super) struct Configured {
    settings: Settings,
    pub(super) looks: Looks,
    pub(super) queues: Vec<OwnQueue>,
    pub(super) keymap: Keymap,
}

impl Configured {
    /// Reads it to the end: looks and queues as well.
    pub(super) fn read(flags: &Flags) -> Result<(Self, Settings), ConfigError> {
        let settings = Settings::load(flags, variable)?;
        let looks = Looks::new(&settings.theme, *settings.signs, &Surroundings::of(variable))?;
        let (queues, keymap) = (queues(&settings)?, Keymap::new(&settings.keys)?);
        Ok((Self { settings: settings.clone(), looks, queues, keymap }, settings))
    }

    /// What is different in `new`.
    fn difference(&self, new: &Self) -> Reload {
        let (old_settings, settings) = (&self.settings, &new.settings);
        let zone = &settings.time_zone.value;
        Reload {
            lang: changed(&*old_settings.lang, &*settings.lang),
            looks: changed(&self.looks, &new.looks),
            zone: changed(&old_settings.time_zone.value, zone).map(|zone| zone.time_zone()),
            queues: changed(&self.queues, &new.queues),
            alerts: changed(&AlertWays::from(&old_settings.alerts), &AlertWays::from(&settings.alerts)),
            keymap: changed(&self.keymap, &new.keymap),
            waits: Vec::new(),
        }
    }
}

fn changed<T: Clone + PartialEq>(old: &T, new: &T) -> Option<T> {
    (old != new).then(|| new.clone())
}

/// The queues of the user's own. A filter that cannot be read is pointed at in the file.
pub(super) fn queues(settings: &Settings) -> Result<Vec<OwnQueue>, ConfigError> {
    let reading = Reading { now: Timestamp::now(), zone: settings.time_zone.time_zone() };
    let queue = |text: &crate::config::QueueText| {
        OwnQueue::read(&text.name, &text.filter, &reading)
            .map_err(|error| text.wrong(error.at(), error.text(*settings.lang)))
    };
    settings.queues.iter().map(queue).collect()
}

/// The keys with another value that are not taken over while the console runs.
fn waits(old: &Settings, new: &Settings) -> Vec<String> {
    let is_live = |key: &str| {
        matches!(key, "language" | "time_zone" | "theme" | "console.signs")
            || ["queues.", "alerts.", "keys."].iter().any(|table| key.starts_with(table))
    };
    let said = |settings: &Settings| -> BTreeSet<(String, String)> {
        settings.entries().into_iter().map(|(key, value, _)| (key, value)).collect()
    };
    let (old, new) = (said(old), said(new));
    let keys: BTreeSet<String> =
        old.symmetric_difference(&new).map(|(key, _)| key.clone()).filter(|key| !is_live(key)).collect();
    keys.into_iter().collect()
}

/// What tells of changed files; nothing does any more once it was taken away.
#[derive(Clone)]
pub(super) struct Watching(Arc<Mutex<Option<RecommendedWatcher>>>);

impl Watching {
    /// Ends it. The system takes some milliseconds for that, for which nobody waits here.
    pub(super) fn end(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn watch(&self, folder: &Path) -> notify::Result<()> {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(watcher) => watcher.watch(folder, RecursiveMode::NonRecursive),
            None => Ok(()),
        }
    }
}

/// Watches from now on. The error says why the folder cannot be watched.
pub(super) fn watch(first: Configured, flags: &Flags, speaker: Speaker) -> Result<Watching, String> {
    let (sender, changes) = mpsc::channel();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading it is no change.
        let is_change = event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_)));
        if is_change {
            sender.send(()).ok();
        }
    });
    let watcher = watcher.map_err(|error| error.to_string())?;
    let watching = Watching(Arc::new(Mutex::new(Some(watcher))));
    let mut watch = Watch {
        watching: watching.clone(),
        seen: None,
        first: first.settings.clone(),
        read: first,
        flags: flags.clone(),
        trouble: None,
        speaker,
    };
    watch.follow().map_err(|error| error.to_string())?;
    let thread = thread::Builder::new().name("configuration".into());
    thread.spawn(move || watch.run(&changes)).map_err(|error| error.to_string())?;
    Ok(watching)
}

struct Watch {
    watching: Watching,
    /// What the program was started with, as far as that waits for a restart.
    first: Settings,
    read: Configured,
    /// The files as they were when they were read last; none before that.
    seen: Option<Seen>,
    flags: Flags,
    /// What was said last that is wrong with it.
    trouble: Option<String>,
    speaker: Speaker,
}

/// The bytes of the configuration and of the theme that it names, or why there are none.
type Seen = [Result<Vec<u8>, io::ErrorKind>; 2];

impl Watch {
    fn run(mut self, changes: &Receiver<()>) {
        // It may have been saved before anybody watched.
        let mut is_new = self.look(changes);
        loop {
            let is_gone = self.seen.as_ref().is_some_and(|seen| self.is_gone(seen));
            let event = if is_gone || is_new {
                changes.recv_timeout(ABSENT_AT_MOST)
            } else {
                changes.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match event {
                Ok(()) => rest(changes),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            is_new = self.look(changes);
        }
    }

    /// Reads the files, if they are others than before. True if they are: what becomes of them before their new folders are
    /// watched is told by nobody, so they are looked at once more.
    fn look(&mut self, changes: &Receiver<()>) -> bool {
        let mut now = self.files();
        if self.knows(&now) {
            return false;
        }
        let end = Instant::now() + ABSENT_AT_MOST;
        while self.is_gone(&now) && Instant::now() < end {
            if changes.recv_timeout(end.saturating_duration_since(Instant::now())).is_ok() {
                rest(changes);
            }
            now = self.files();
        }
        if self.knows(&now) {
            return false;
        }
        let is_gone = self.is_gone(&now);
        let is_new = self.seen.as_ref() != Some(&now);
        let is_saved = self.seen.replace(now).is_some();
        if is_gone {
            self.say_trouble(None);
            return false;
        }
        match Configured::read(&self.flags) {
            Ok((new, settings)) => {
                let reload = Reload { waits: waits(&self.first, &settings), ..self.read.difference(&new) };
                self.trouble = None;
                self.read = new;
                // The theme may be another one.
                if let (Some(seen), Theme::Own(theme)) = (&mut self.seen, settings.theme.value) {
                    seen[1] = Ok(theme.text.into_bytes());
                }
                if is_saved || !reload.is_empty() {
                    self.speaker.say(Aside::Reloaded(Box::new(reload)));
                }
            }
            Err(error) => self.say_trouble(Some(error)),
        }
        // A link may lead elsewhere now, and a folder be another one. What cannot be followed is seen at its old place.
        self.follow().ok();
        is_new
    }

    fn files(&self) -> Seen {
        let read = |path: &Path| fs::read(path).map_err(|error| error.kind());
        let theme = match &self.read.settings.theme.value {
            Theme::Own(theme) => read(&theme.path),
            _ => Err(io::ErrorKind::NotFound),
        };
        [read(&self.read.settings.file), theme]
    }

    /// True if nothing new is to be read. While something is wrong it may be in a file that is none of these yet.
    fn knows(&self, now: &Seen) -> bool {
        self.seen.as_ref() == Some(now) && (self.trouble.is_none() || self.is_gone(now))
    }

    /// True if there was a configuration, and is none.
    fn is_gone(&self, seen: &Seen) -> bool {
        seen[0] == Err(io::ErrorKind::NotFound) && self.read.settings.file_exists
    }

    fn say_trouble(&mut self, error: Option<ConfigError>) {
        let lang = *self.read.settings.lang;
        let gone = || {
            let path = self.read.settings.file.display();
            lang.fill("config_error.gone", &[("path", &path)])
        };
        let trouble = error.map_or_else(gone, |error| in_short(error).said(lang));
        if self.trouble.as_ref() != Some(&trouble) {
            self.trouble = Some(trouble.clone());
            self.speaker.say(Aside::NotReloaded(trouble));
        }
    }

    /// Watches the folders of the files, and of what these are links to: a file itself may be replaced by another.
    fn follow(&mut self) -> notify::Result<()> {
        let settings = &self.read.settings;
        let theme = match &settings.theme.value {
            Theme::Own(theme) => Some(theme.path.clone()),
            _ => None,
        };
        let folders: Vec<PathBuf> = [Some(settings.file.clone()), theme]
            .into_iter()
            .flatten()
            .flat_map(|path| folders(&path))
            .collect();
        // Also those that are watched: another may have taken the place of one.
        let watched = folders.iter().map(|folder| self.watching.watch(folder));
        watched.fold(Ok(()), Result::and)
    }
}

/// The same with the file's name alone: line and column are to have room at the foot of the screen.
fn in_short(error: ConfigError) -> ConfigError {
    match error {
        ConfigError::Wrong { path, line, column, message } => {
            let path = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            ConfigError::Wrong { path, line, column, message }
        }
        ConfigError::Unreadable { path, source } => {
            let path = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            ConfigError::Unreadable { path, source }
        }
        other => other,
    }
}

/// The folders in which a path may come to mean another file: its own, and those of every link on the way.
fn folders(path: &Path) -> Vec<PathBuf> {
    const LINKS_AT_MOST: usize = 16;
    let mut folders = Vec::new();
    let mut at = path.to_owned();
    for _ in 0..LINKS_AT_MOST {
        let folder = folder_of(&at);
        folders.push(folder.to_owned());
        // A folder that is a link may come to be another one.
        folders.extend(Some(folder_of(folder)).filter(|_| folder.is_symlink()).map(Path::to_owned));
        let Ok(target) = fs::read_link(&at) else { break };
        at = folder.join(target);
    }
    // The folders may be links themselves.
    folders.extend(fs::canonicalize(path).ok().and_then(|file| Some(file.parent()?.to_owned())));
    folders
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns when nothing has happened for a while.
fn rest(changes: &Receiver<()>) {
    for _ in 0..EVENTS_AT_MOST {
        if changes.recv_timeout(QUIET) == Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
