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
    domain::{
        attempt::{Attempt, AttemptId, State},
        moment::Boot,
        order::OrderNo,
        regeneration::{self, Regeneration},
    },
    journal::{Entry, Fact, Journal, JournalError, Reading, sqlite::SqliteJournal},
};

use crate::server::memory;

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
    /// It cannot write what was seen, or what operators did.
    CannotNote,
}

/// A journal with a fault, and the time that it made its writers wait.
pub(crate) struct Faulty {
    pub(crate) inner: SqliteJournal,
    pub(crate) fault: Option<Fault>,
    pub(crate) waited: Arc<AtomicU64>,
}

pub(crate) fn faulty(fault: Fault) -> (Faulty, Arc<AtomicU64>) {
    let waited = Arc::<AtomicU64>::default();
    (Faulty { inner: memory(), fault: Some(fault), waited: Arc::clone(&waited) }, waited)
}

fn full() -> JournalError {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
    JournalError::Store(rusqlite::Error::SqliteFailure(code, None))
}

impl Journal for Faulty {
    fn recover(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.inner.recover(now)
    }

    fn read_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        self.inner.read_after(seq)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        self.inner.attempt(id)
    }

    fn claim(&mut self, attempt: &Attempt) -> Result<(), JournalError> {
        if self.fault == Some(Fault::Breaks) {
            std::panic::resume_unwind(Box::new("broken"));
        }
        self.inner.claim(attempt)
    }

    fn advance(&mut self, attempt: &Attempt, from: &State) -> Result<(), JournalError> {
        match (self.fault, &attempt.state) {
            (Some(Fault::Slow(seconds)), State::Sending) => {
                self.waited.fetch_add(seconds, Ordering::SeqCst);
                self.inner.advance(attempt, from)
            }
            (Some(Fault::FullOnce), State::Accepted) => {
                self.fault = None;
                Err(full())
            }
            (Some(Fault::CannotSend), State::Sending) => Err(full()),
            _ => self.inner.advance(attempt, from),
        }
    }

    fn begin(&mut self, regeneration: &Regeneration) -> Result<(), JournalError> {
        if self.fault == Some(Fault::CannotBegin) {
            return Err(full());
        }
        self.inner.begin(regeneration)
    }

    fn conclude(
        &mut self,
        regeneration: &Regeneration,
        from: &regeneration::State,
    ) -> Result<(), JournalError> {
        self.inner.conclude(regeneration, from)
    }

    fn write(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError> {
        if self.fault == Some(Fault::CannotNote) {
            return Err(full());
        }
        self.inner.write(at, order, fact)
    }
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
