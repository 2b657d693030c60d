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
    },
    journal::{
        BlockingJournal, Claim, Claimed, Entry, Fact, JournalError, Reading, StoreError,
        sqlite::SqliteJournal,
    },
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
    /// It cannot write what operators did.
    CannotNote,
    /// It cannot write what was seen.
    CannotSee,
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
    JournalError::Store(StoreError::new("database or disk is full"))
}

impl BlockingJournal for Faulty {
    fn author(&self) -> std::sync::Arc<paydesk::domain::author::Author> {
        self.inner.author()
    }

    fn lease(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.inner.lease(now)
    }

    fn entries_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        self.inner.entries_after(seq)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        self.inner.attempt(id)
    }

    fn claim<C: Claim>(&mut self, claim: &C) -> Result<(), JournalError> {
        match (self.fault, claim.claimed()) {
            (Some(Fault::Breaks), Claimed::Attempt(_)) => std::panic::resume_unwind(Box::new("broken")),
            (Some(Fault::CannotBegin), Claimed::Regeneration(_)) => Err(full()),
            _ => self.inner.claim(claim),
        }
    }

    fn advance<C: Claim>(&mut self, claim: &C, from: &C::State) -> Result<(), JournalError> {
        let Claimed::Attempt(attempt) = claim.claimed() else { return self.inner.advance(claim, from) };
        match (self.fault, &attempt.state) {
            (Some(Fault::Slow(seconds)), State::Sending) => {
                self.waited.fetch_add(seconds, Ordering::SeqCst);
                self.inner.advance(claim, from)
            }
            (Some(Fault::FullOnce), State::Accepted) => {
                self.fault = None;
                Err(full())
            }
            (Some(Fault::CannotSend), State::Sending) => Err(full()),
            _ => self.inner.advance(claim, from),
        }
    }

    fn append(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError> {
        if self.fault == Some(Fault::CannotNote) {
            return Err(full());
        }
        self.inner.append(at, order, fact)
    }

    fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        order: OrderNo,
        fact: &Fact,
    ) -> Result<(), JournalError> {
        if self.fault == Some(Fault::CannotNote) {
            return Err(full());
        }
        self.inner.append_after(seq, at, order, fact)
    }

    fn append_all(&mut self, at: Timestamp, facts: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        if self.fault == Some(Fault::CannotSee) {
            return Err(full());
        }
        self.inner.append_all(at, facts)
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
