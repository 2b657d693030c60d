//! Notices that something was written into the journal's folder, without looking again and again: the system tells.

use std::path::{Path, PathBuf};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use super::opening::FILE;

/// Tells when the journal's file was written to, whoever did it.
pub struct Watch {
    stirs: mpsc::Receiver<()>,
    /// Watches for as long as it lives.
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches the journal in `folder`. Where it cannot be watched, what others write is read when it is looked for.
    pub(super) fn on_journal(folder: &Path) -> Option<Self> {
        let say = |error: &notify::Error| {
            tracing::warn!(%error, "the journal is not watched: what other programs write shows later");
        };
        Self::on(folder, FILE).inspect_err(say).ok()
    }

    /// Watches the database `file` in `folder`; SQLite writes into a log beside it first.
    fn on(folder: &Path, file: &str) -> notify::Result<Self> {
        // One that waits tells as much as many.
        let (stir, stirs) = mpsc::channel(1);
        let files: [PathBuf; 2] = [folder.join(file), folder.join(format!("{file}-wal"))];
        let on_event = move |event: notify::Result<notify::Event>| {
            let is_written = match &event {
                Ok(event) => {
                    matches!(event.kind, EventKind::Modify(_) | EventKind::Create(_))
                        && event.paths.iter().any(|path| files.contains(path))
                }
                // Some were lost.
                Err(_) => true,
            };
            if is_written {
                let _waits_already = stir.try_send(());
            }
        };
        let mut watcher = notify::recommended_watcher(on_event)?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(Self { stirs, _watcher: watcher })
    }

    /// Waits until something was written; for ever if nothing tells any more.
    pub(super) async fn stirred(&mut self) {
        if self.stirs.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}
