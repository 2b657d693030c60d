//! A journal that fails, and a clock that runs on while it does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    clock::{Clock, TokioClock},
    domain::{attempt::State, moment::Boot},
    journal::{BlockingJournal, Claimed, JournalError, StoreError},
};

use crate::{
    hooked::{Hooked, Write},
    server::memory,
};

/// What a journal does besides its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It breaks the program when something is claimed.
    Breaks,
    /// The disk is full when the first outcome comes.
    FullOnce,
    /// It takes so many seconds to write "sending".
    Slow(u64),
    /// It cannot write "sending".
    CannotSend,
    /// It cannot begin a new order.
    CannotBegin,
    /// It cannot write what operators did.
    CannotNote,
    /// It cannot write what was seen.
    CannotSee,
}

/// A journal with a fault, and the seconds that it made its writers wait.
pub(crate) fn faulty(fault: Fault) -> (impl BlockingJournal, Arc<AtomicU64>) {
    let waited = Arc::<AtomicU64>::default();
    let waits = Arc::clone(&waited);
    let mut fault = Some(fault);
    let hook = move |write: Write<'_>| match (fault, write) {
        (Some(Fault::Breaks), Write::Claim(Claimed::Attempt(_))) => {
            std::panic::resume_unwind(Box::new("broken"))
        }
        (Some(Fault::Slow(seconds)), Write::Advance(Claimed::Attempt(attempt)))
            if attempt.state == State::Sending =>
        {
            waits.fetch_add(seconds, Ordering::SeqCst);
            Ok(())
        }
        (Some(Fault::FullOnce), Write::Advance(Claimed::Attempt(attempt)))
            if attempt.state == State::Accepted =>
        {
            fault = None;
            Err(full())
        }
        (Some(Fault::CannotSend), Write::Advance(Claimed::Attempt(attempt)))
            if attempt.state == State::Sending =>
        {
            Err(full())
        }
        (Some(Fault::CannotBegin), Write::Claim(Claimed::Regeneration(_)))
        | (Some(Fault::CannotNote), Write::Fact(..))
        | (Some(Fault::CannotSee), Write::Facts) => Err(full()),
        _ => Ok(()),
    };
    (Hooked { inner: memory(), hook }, waited)
}

fn full() -> JournalError {
    JournalError::Store(StoreError::new("database or disk is full"))
}

/// The paused clock, with the seconds that a journal took.
pub(crate) struct Late(pub(crate) TokioClock, pub(crate) Arc<AtomicU64>);

impl Clock for Late {
    fn now(&self) -> Timestamp {
        self.0.now() + SignedDuration::try_from(self.waited()).unwrap()
    }

    fn uptime(&self) -> Duration {
        self.0.uptime() + self.waited()
    }

    fn boot(&self) -> Boot {
        self.0.boot()
    }

    async fn sleep(&self, pause: Duration) {
        self.0.sleep(pause).await;
    }
}

impl Late {
    pub(crate) fn waited(&self) -> Duration {
        Duration::from_secs(self.1.load(Ordering::SeqCst))
    }
}
