//! The disk under the journal: shared by all programs of the day, sometimes full, and never half written.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use paydesk::{
    domain::{
        attempt::{Attempt, AttemptId, State},
        order::OrderNo,
    },
    journal::{
        BlockingJournal, Claim, Claimed, Entry, Fact, JournalError, Reading, StoreError,
        sqlite::SqliteJournal,
    },
};
use rusqlite::{Connection, OpenFlags};

use super::{
    fuse::Fuse,
    mutants::Mutant,
    sample::Stands,
    world::{Day, Present},
};

/// The disk of a day: a database in memory that lives as long as this.
#[derive(Clone)]
pub(crate) struct Disk {
    day: Day,
    name: String,
    /// Looks at what is durable, as nobody of the day can.
    eye: Arc<Mutex<Connection>>,
    failed: Arc<Mutex<Option<Duration>>>,
}

fn connect(name: &str) -> Connection {
    let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_SHARED_CACHE;
    Connection::open_with_flags(format!("file:{name}?mode=memory&cache=shared"), flags).expect("memory")
}

impl Disk {
    pub(crate) fn new(day: &Day) -> Self {
        let name = format!("day-{}-{:?}", day.world().seed, std::thread::current().id());
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let eye = Arc::new(Mutex::new(connect(&name)));
        Self { day: day.clone(), name, eye, failed: Arc::default() }
    }

    /// The journal as a program opens it.
    pub(crate) fn open(&mut self, program: &str, fuse: &Fuse) -> Store {
        let presence = Box::new(Present { name: program.to_owned(), day: self.day.clone() });
        self.failed = Arc::default();
        let journal = SqliteJournal::with(connect(&self.name), presence, "operator").expect("a journal");
        let eye = connect(&self.name);
        if self.day.world().mutant == Some(Mutant::SkipsTheClaim) {
            let drop = "DROP INDEX IF EXISTS one_blocking_attempt_a_lineage;
                        DROP INDEX IF EXISTS one_blocking_attempt_an_order;";
            eye.execute_batch(drop).expect("a database");
        }
        let mut store = Store {
            journal,
            eye,
            day: self.day.clone(),
            fuse: fuse.clone(),
            failed: Arc::clone(&self.failed),
        };
        // What an earlier program could only keep in the reserve is entered first.
        let waiting = std::mem::take(&mut self.day.world().reserve);
        for attempt in waiting {
            if let Ok(Some(stored)) = store.journal.attempt(attempt.id)
                && matches!(stored.state, State::Sending | State::InDoubt(_))
            {
                store.journal.advance(&attempt, &stored.state).expect("a disk with room again");
            }
        }
        store
    }

    /// A connection of the checker's.
    pub(crate) fn connection(&self) -> Connection {
        connect(&self.name)
    }

    /// True when an attempt on `order` stands as `sending`, durably.
    pub(crate) fn holds_sending(&self, order: OrderNo) -> bool {
        let eye = self.eye.lock().unwrap_or_else(PoisonError::into_inner);
        let count = eye.query_row(
            "SELECT count(*) FROM attempts WHERE order_no = ? AND state = 'sending'",
            [order.as_str()],
            |row| row.get::<_, i64>(0),
        );
        count.is_ok_and(|count| count > 0)
    }

    /// When the program's store failed first.
    pub(crate) fn failed(&self) -> Option<Duration> {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The journal of one program, with faults.
pub(crate) struct Store {
    journal: SqliteJournal,
    /// For a mutant, to do by hand what the journal would not.
    eye: Connection,
    day: Day,
    fuse: Fuse,
    failed: Arc<Mutex<Option<Duration>>>,
}

fn full() -> JournalError {
    JournalError::Store(StoreError::new("disk full"))
}

impl Store {
    fn fail(&self) -> JournalError {
        let now = self.day.world().now();
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(now);
        full()
    }

    /// A write: before it and after it the program may die, the disk may be full, and the word that it was done may be
    /// lost although it was.
    fn write<T>(
        &mut self,
        write: impl FnOnce(&mut SqliteJournal) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        self.fuse.kill_here();
        let (is_full, is_lost) = {
            let mut world = self.day.world();
            (world.strikes(400), world.strikes(600))
        };
        if is_full {
            return Err(self.fail());
        }
        let done = write(&mut self.journal);
        self.fuse.kill_here();
        if is_lost && done.is_ok() {
            return Err(self.fail());
        }
        done
    }
}

impl BlockingJournal for Store {
    fn author(&self) -> std::sync::Arc<paydesk::domain::author::Author> {
        self.journal.author()
    }

    fn lease(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.fuse.kill_here();
        let mutant = self.day.world().mutant;
        if mutant == Some(Mutant::TakesCrashForNotSent) {
            let found = self.journal.entries_after(0)?;
            for entry in found.entries.into_iter().rev() {
                if let Fact::Attempt(attempt) = entry.fact
                    && attempt.state == State::Sending
                    && !entry.is_ours
                    && let Ok(Some(stored)) = self.journal.attempt(attempt.id)
                    && stored.state == State::Sending
                {
                    let state = State::NotSent(paydesk::domain::attempt::NotSent::Interrupted);
                    self.journal.advance(&stored.in_state(state), &State::Sending)?;
                }
            }
        }
        self.journal.lease(now)
    }

    fn batch_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        self.fuse.kill_here();
        self.journal.batch_after(seq)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        self.journal.attempt(id)
    }

    fn claim<C: Claim>(&mut self, claim: &C) -> Result<(), JournalError> {
        let done = self.write(|journal| journal.claim(claim));
        if self.day.world().mutant == Some(Mutant::SkipsTheClaim)
            && matches!(claim.claimed(), Claimed::Attempt(_))
            && let Err(JournalError::Blocked(holder)) = &done
        {
            // The claim of another one is looked away from: this one goes in beside it.
            let state = |id: AttemptId, state: &str| {
                let set = "UPDATE attempts SET state = ? WHERE id = ?";
                self.eye.execute(set, [state, &id.to_string()]).expect("a table")
            };
            state(holder.id, State::Closed.word());
            let done = self.journal.claim(claim);
            state(holder.id, holder.state.word());
            return done;
        }
        done
    }

    fn advance<C: Claim>(&mut self, claim: &C, from: &C::State) -> Result<(), JournalError> {
        let done = self.write(|journal| journal.advance(claim, from));
        if let (Err(JournalError::Store(_)), Claimed::Attempt(attempt)) = (&done, claim.claimed())
            && !matches!(attempt.state, State::Claimed | State::Sending)
        {
            self.day.world().reserve.push(attempt.clone());
        }
        done
    }

    fn append(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError> {
        self.write(|journal| journal.append(at, order, fact))
    }

    fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> Result<(), JournalError> {
        self.write(|journal| journal.append_after(seq, at, facts))
    }

    fn append_all(&mut self, at: Timestamp, facts: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        self.write(|journal| journal.append_all(at, facts))
    }
}
