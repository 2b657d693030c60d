//! A journal on a thread of its own, so that a slow disk holds up neither requests nor clocks of the desk's thread.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep_until},
};

use super::{
    claim::Claim,
    error::{JournalError, StoreError},
    fact::{Entry, Fact, Reading},
    seam::{BlockingJournal, Interrupter, Journal},
    watch::Watch,
};
use crate::domain::{
    attempt::{Attempt, AttemptId},
    author::Author,
    order::OrderNo,
};

/// Once nobody has asked for anything for so long, what was written is copied from the log into the file.
const REST: Duration = Duration::from_secs(2);

/// The system tells as the log is written, and what was written counts only once the disk has it: whoever has found nothing
/// looks again after each of these.
const AGAIN: [Duration; 3] = [Duration::from_millis(20), Duration::from_millis(200), Duration::from_secs(1)];

type Call<B> = Box<dyn FnOnce(&mut B) + Send>;

/// A journal that is asked from async code. Dropped, it ends when everything is done that was asked of it.
pub struct Threaded<B> {
    author: Arc<Author>,
    watch: Option<Watch>,
    interrupter: Option<Interrupter>,
    /// How often the store was looked into since it was written to, and when it is next.
    due: Option<(usize, Instant)>,
    /// The thread was asked, and has not answered.
    look: Option<oneshot::Receiver<Result<bool, JournalError>>>,
    /// None once it is being dropped.
    calls: Option<Sender<Call<B>>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl<B: BlockingJournal> Threaded<B> {
    /// Starts the thread.
    pub fn start(journal: B) -> io::Result<Self> {
        Self::resting_after(REST, journal)
    }

    fn resting_after(rest: Duration, mut journal: B) -> io::Result<Self> {
        let (author, watch, interrupter) = (journal.author(), journal.watch(), journal.interrupter());
        let (calls, asked) = mpsc::channel();
        let thread =
            thread::Builder::new().name("journal".into()).spawn(move || serve(&mut journal, &asked, rest))?;
        Ok(Self {
            author,
            watch,
            interrupter,
            due: None,
            look: None,
            calls: Some(calls),
            thread: Some(thread),
        })
    }

    /// A thread that has broken off is a store that failed: what it was doing may be on disk or not.
    async fn ask<T: Send + 'static>(
        &mut self,
        call: impl FnOnce(&mut B) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let dead = || JournalError::Store(StoreError::new("its thread has broken off"));
        let (answer, answered) = oneshot::channel();
        let call: Call<B> = Box::new(move |journal| {
            // Nobody may be left to take the answer; the effect counts.
            let _taken = answer.send(call(journal));
        });
        let calls = self.calls.as_ref().ok_or_else(dead)?;
        calls.send(call).map_err(|_| dead())?;
        answered.await.map_err(|_| dead())?
    }
}

/// Does what it is asked until nobody is left to ask; the log is copied into the file between two calls far apart.
fn serve<B: BlockingJournal>(journal: &mut B, asked: &Receiver<Call<B>>, rest: Duration) {
    loop {
        let call = if journal.has_log() {
            asked.recv_timeout(rest)
        } else {
            asked.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match call {
            Ok(call) => call(journal),
            Err(RecvTimeoutError::Timeout) => journal.file_log(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl<B> Drop for Threaded<B> {
    fn drop(&mut self) {
        // The system takes some milliseconds to end a watch; meanwhile the journal is closed.
        drop(self.watch.take());
        drop(self.calls.take());
        if let Some(thread) = self.thread.take() {
            // It broke off: whoever asked last has had an error.
            let _broke_off = thread.join();
        }
    }
}

impl<B: BlockingJournal> Journal for Threaded<B> {
    fn author(&self) -> Arc<Author> {
        Arc::clone(&self.author)
    }

    fn interrupt(&mut self) {
        if let Some(interrupt) = &self.interrupter {
            interrupt();
        }
    }

    async fn written(&mut self) {
        loop {
            // It may be dropped at each of these waits, and goes on from there.
            if self.look.is_none() {
                let Some(watch) = &mut self.watch else { return std::future::pending().await };
                let Some((looks, at)) = self.due else {
                    watch.stirred().await;
                    self.due = Some((0, Instant::now()));
                    continue;
                };
                if looks > 0 {
                    tokio::select! {
                        () = watch.stirred() => {
                            self.due = Some((0, Instant::now()));
                            continue;
                        }
                        () = sleep_until(at) => {}
                    }
                }
                let (answer, answered) = oneshot::channel();
                let look: Call<B> = Box::new(move |journal| drop(answer.send(journal.has_news())));
                if let Some(calls) = &self.calls {
                    // If the thread has broken off, what was asked says so below.
                    let _asked = calls.send(look);
                }
                self.due = AGAIN.get(looks).map(|pause| (looks + 1, Instant::now() + *pause));
                self.look = Some(answered);
            }
            let Some(look) = &mut self.look else { continue };
            // A store that fails says so when it is read.
            let has_news = !matches!(look.await, Ok(Ok(false)));
            self.look = None;
            if has_news {
                return;
            }
        }
    }

    async fn lease(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.ask(move |journal| journal.lease(now)).await
    }

    async fn batch_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        self.ask(move |journal| journal.batch_after(seq)).await
    }

    async fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        self.ask(move |journal| journal.attempt(id)).await
    }

    async fn claim<C: Claim>(&mut self, claim: &C) -> Result<(), JournalError> {
        let claim = claim.clone();
        self.ask(move |journal| journal.claim(&claim)).await
    }

    async fn advance<C: Claim>(&mut self, claim: &C, from: &C::State) -> Result<(), JournalError> {
        let (claim, from) = (claim.clone(), from.clone());
        self.ask(move |journal| journal.advance(&claim, &from)).await
    }

    async fn append(
        &mut self,
        at: Timestamp,
        order: Option<OrderNo>,
        fact: &Fact,
    ) -> Result<(), JournalError> {
        let fact = fact.clone();
        self.ask(move |journal| journal.append(at, order, &fact)).await
    }

    async fn append_after(
        &mut self,
        seq: u64,
        at: Timestamp,
        facts: &[(OrderNo, Fact)],
    ) -> Result<(), JournalError> {
        let facts = facts.to_vec();
        self.ask(move |journal| journal.append_after(seq, at, &facts)).await
    }

    async fn append_all(&mut self, at: Timestamp, facts: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        let facts = facts.to_vec();
        self.ask(move |journal| journal.append_all(at, &facts)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{order::OrderStatus, seen::Seen},
        journal::sqlite::SqliteJournal,
    };

    #[tokio::test]
    async fn what_was_written_is_in_the_file_itself_once_nobody_asks_for_more() {
        let folder = tempfile::tempdir().unwrap();
        let open = || SqliteJournal::open(folder.path(), "li").unwrap();
        let mut journal = Threaded::resting_after(Duration::ZERO, open()).unwrap();
        let fact = Fact::Seen(Box::new(Seen::bare(OrderStatus::Unpaid, None)));
        let no: OrderNo = "TESTA20261103999999999".parse().unwrap();
        journal.append(Timestamp::UNIX_EPOCH, Some(no), &fact).await.unwrap();
        // Each question is one that it need not wait for.
        while journal.ask(|journal| Ok(journal.has_log())).await.unwrap() {}
        // As people copy it: the file by itself.
        let copy = tempfile::tempdir().unwrap();
        let [from, to] = [folder.path(), copy.path()].map(|folder| folder.join("journal.sqlite"));
        std::fs::copy(from, to).unwrap();
        let mut copied = SqliteJournal::open(copy.path(), "mei").unwrap();
        assert_eq!(BlockingJournal::entries_after(&mut copied, 0).unwrap().entries.len(), 1);
    }
}
