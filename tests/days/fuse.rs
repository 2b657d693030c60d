//! The death of a program: at the n-th time that it touches the world outside, before the touch or after it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// What a killed program unwinds with.
pub(crate) struct Killed;

#[derive(Default)]
struct State {
    left: Option<u32>,
    blown: bool,
}

/// A fuse.
#[derive(Clone, Default)]
pub(crate) struct Fuse {
    state: Arc<Mutex<State>>,
    blown: Arc<Notify>,
}

impl Fuse {
    /// Blows at the `touches`-th touch from now on; never without.
    pub(crate) fn new(touches: Option<u32>) -> Self {
        let fuse = Self::default();
        fuse.state.lock().unwrap_or_else(PoisonError::into_inner).left = touches;
        fuse
    }

    /// True if the program dies here.
    pub(crate) fn burns(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.blown {
            return true;
        }
        match &mut state.left {
            Some(0) => {
                state.blown = true;
                self.blown.notify_one();
                true
            }
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        }
    }

    /// In a call that cannot wait: the program is gone at once.
    pub(crate) fn kill_here(&self) {
        if self.burns() {
            std::panic::resume_unwind(Box::new(Killed));
        }
    }

    /// In a call that waits: it never comes back.
    pub(crate) async fn stop_here(&self) {
        if self.burns() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits for the end.
    pub(crate) async fn blown(&self) {
        self.blown.notified().await;
    }
}
