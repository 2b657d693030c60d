//! What others than the desk say on the screen: the presenter of a demo, and what could not be started beside the desk.

use std::sync::{Arc, OnceLock, mpsc};

use super::workspace::Unread;
use crate::domain::text::Text;

/// Something that the desk knows nothing of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// What the presenter of a demo says now.
    Narrated(Narration),
    /// What was done to the story of a demo.
    Story(StoryTurn),
    /// Nobody listens to what the vendor tells unasked, and why; the desk only asks.
    NotListening(String),
    /// Where a demo keeps its journal.
    DemoFolder(String),
    /// No log is written, and why.
    NoLog(String),
    /// How the console was left is not known, and why.
    NoWorkspace(Unread),
    /// How it is left is not kept, and why.
    NotKept(String),
}

/// What can be done to the story of a demo from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoryTurn {
    /// It stands still.
    Paused,
    /// It goes on.
    Resumed,
    /// It skipped a part of itself, or goes on at another speed: deadlines are others.
    Moved,
    /// It began again, with other orders.
    Reset,
}

/// A line of a demo's presenter, in both languages of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narration {
    /// In English.
    pub en: Text,
    /// In Simplified Chinese.
    pub zh: Text,
}

type Wake = Box<dyn Fn() + Send + Sync>;

/// Where asides are said.
#[derive(Clone)]
pub struct Speaker {
    said: mpsc::Sender<Aside>,
    wake: Arc<OnceLock<Wake>>,
}

/// Where the console takes them in.
pub struct Asides {
    said: mpsc::Receiver<Aside>,
    wake: Arc<OnceLock<Wake>>,
}

/// Both ends.
pub fn asides() -> (Speaker, Asides) {
    let (speaks, said) = mpsc::channel();
    let wake = Arc::new(OnceLock::new());
    (Speaker { said: speaks, wake: Arc::clone(&wake) }, Asides { said, wake })
}

impl Speaker {
    /// Says it; to nobody, once the console has ended.
    pub fn say(&self, aside: Aside) {
        if self.said.send(aside).is_ok()
            && let Some(wake) = self.wake.get()
        {
            wake();
        }
    }
}

impl Asides {
    /// Calls `wake` now, for what was said before, and from now on whenever something is said.
    pub(super) fn on_said(&self, wake: impl Fn() + Send + Sync + 'static) {
        self.wake.get_or_init(|| Box::new(wake))();
    }

    /// What was said since the last time.
    pub(super) fn take(&self) -> impl Iterator<Item = Aside> {
        self.said.try_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_is_said_before_and_after_the_console_begins_wakes_it() {
        let (speaker, asides) = asides();
        let said = |n: u8| Aside::NoLog(n.to_string());
        let woken = Arc::new(AtomicUsize::new(0));
        speaker.say(said(1));
        let count = Arc::clone(&woken);
        asides.on_said(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(woken.load(Ordering::SeqCst), 1);
        speaker.clone().say(said(2));
        assert_eq!(woken.load(Ordering::SeqCst), 2);
        assert_eq!(asides.take().collect::<Vec<_>>(), [said(1), said(2)]);
        assert_eq!(asides.take().count(), 0);
    }
}
