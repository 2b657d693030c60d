//! A journal on a thread of its own: while the disk hangs the desk decides nothing, and its requests go on.

use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use jiff::Timestamp;
use paydesk::{
    atlas::{Answer, CallOutcome, ReadError},
    clock::SystemClock,
    desk::{
        self,
        gateway::{Gateway, Page, Window},
        hub::Command,
    },
    domain::{
        attempt::{Attempt, AttemptId, Sent},
        author::Author,
        find::Find,
        money::{Currency, Money},
        notification::Notification,
        order::{Order, OrderNo},
        payment::Payment,
        regeneration::Called,
        story::OperatorAction,
        text::Text,
    },
    journal::{
        BlockingJournal, Claim, Entry, Fact, Interrupter, JournalError, Reading, sqlite::SqliteJournal,
        thread::Threaded,
    },
};
use tokio::sync::Notify;

use crate::{
    faulty::{Fault, faulty},
    hooked::{Hooked, Write},
    others::claimed,
    server::{memory, no, options, start, unpaid},
};

/// Nothing here takes long; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A vendor whose list is answered while a query is out, and whose query is answered while the journal hangs.
struct Vendor {
    queried: Notify,
    hangs: Arc<Notify>,
    answered: Mutex<mpsc::Sender<()>>,
}

impl Gateway for Vendor {
    async fn list(&self, _: Window, _: u32) -> Result<Answer<Page>, ReadError> {
        self.queried.notified().await;
        let row = Order { details: None, ..unpaid() };
        Ok(Answer { value: Page { orders: vec![row], more: false }, server_time: None })
    }

    async fn find(&self, _: &Find) -> Result<Answer<Page>, ReadError> {
        Ok(Answer { value: Page::default(), server_time: None })
    }

    async fn query(&self, _: OrderNo) -> Result<Answer<Order>, ReadError> {
        self.queried.notify_one();
        self.hangs.notified().await;
        // More than one step: the thread of the requests must be free, and its timers too.
        tokio::time::sleep(Duration::from_millis(1)).await;
        let _ended = self.answered.lock().unwrap().send(());
        Ok(Answer { value: unpaid(), server_time: None })
    }

    async fn balance(&self, _: Currency) -> Result<Answer<Money>, ReadError> {
        std::future::pending().await
    }

    async fn pay(&self, _: &Payment) -> Sent {
        std::future::pending().await
    }

    async fn regenerate(&self, _: OrderNo) -> Called {
        std::future::pending().await
    }

    async fn accept_loss(&self, _: OrderNo) -> paydesk::domain::baggage::decision::Called {
        std::future::pending().await
    }

    async fn commit(&self, _: OrderNo) -> CallOutcome<Text> {
        CallOutcome::Refused { status: 307, msg: Text::default() }
    }

    async fn stop(&self, _: OrderNo) -> CallOutcome<()> {
        CallOutcome::Refused { status: 402, msg: Text::default() }
    }

    async fn incidents(&self) -> Result<Answer<Vec<Notification>>, ReadError> {
        std::future::pending().await
    }
}

#[test]
fn requests_go_on_while_a_write_to_the_journal_hangs() {
    let hangs = Arc::<Notify>::default();
    let (let_go, held) = mpsc::channel::<()>();
    let (answered, answers) = mpsc::channel();
    let vendor = Vendor { queried: Notify::new(), hangs: Arc::clone(&hangs), answered: Mutex::new(answered) };
    // It says when it is to record what was seen, and then hangs until it is let go.
    let hook = move |write: Write<'_>| {
        if matches!(write, Write::Facts) {
            hangs.notify_one();
            assert!(held.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Disconnected));
        }
        Ok(())
    };
    let journal = Threaded::start(Hooked { inner: memory(), hook }).unwrap();
    let (desk, mailbox) = desk::spawn(vendor, journal, SystemClock, options()).unwrap();
    mailbox.ask(Command::Inspect(no()));
    answers.recv_timeout(PATIENCE).unwrap();
    let news = mailbox.take();
    let is_silent = news.cases.is_empty() && news.replies.is_empty();
    assert!(is_silent, "what is not on disk is neither on the screen nor answered");
    drop(let_go);
    let mut shown = false;
    while !shown {
        let news = mailbox.wait(PATIENCE);
        assert!(!news.is_empty(), "the desk went on");
        shown = news.cases.iter().any(|case| case.order.details.is_some());
    }
    assert!(desk.leave());
}

#[tokio::test]
async fn what_was_asked_of_a_journal_is_done_before_it_ends() {
    use paydesk::journal::Journal;
    let folder = tempfile::tempdir().unwrap();
    let open = || SqliteJournal::open(folder.path(), "").unwrap();
    let mut journal = Threaded::start(open()).unwrap();
    let fact = Fact::OperatorAction(OperatorAction::Noted("called the traveller".into()));
    for _ in 0..5 {
        // Whoever asked waits no longer: it is done all the same.
        let append = Journal::append(&mut journal, start(), Some(no()), &fact);
        let _given_up = tokio::time::timeout(Duration::ZERO, append).await;
    }
    drop(journal);
    let mut again = open();
    assert_eq!(BlockingJournal::entries_after(&mut again, 0).unwrap().entries.len(), 5);
}

#[tokio::test]
async fn a_journal_whose_thread_broke_off_is_a_store_that_failed() {
    use paydesk::journal::Journal;
    let mut journal = Threaded::start(faulty(Fault::Breaks).0).unwrap();
    for _ in 0..2 {
        let claimed = Journal::claim(&mut journal, &claimed()).await;
        assert!(matches!(claimed, Err(JournalError::Store(_))), "{claimed:?}");
    }
    assert!(Journal::batch_after(&mut journal, 0).await.is_err());
}

/// A journal that takes for ever to be looked through, until that is broken off.
struct Long {
    looked: mpsc::Receiver<()>,
    broken_off: Mutex<Option<mpsc::Sender<()>>>,
}

/// Nobody asks it for anything else.
const NEVER: JournalError = JournalError::Overtaken;

impl BlockingJournal for Long {
    fn author(&self) -> Arc<Author> {
        Arc::default()
    }

    fn interrupter(&self) -> Option<Interrupter> {
        let sender = self.broken_off.lock().unwrap().take();
        Some(Box::new(move || {
            let _sent = sender.as_ref().map(|sender| sender.send(()));
        }))
    }

    fn lease(&mut self, _: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.looked.recv_timeout(PATIENCE).unwrap();
        Err(NEVER)
    }

    fn batch_after(&mut self, _: u64) -> Result<Reading, JournalError> {
        Err(NEVER)
    }

    fn attempt(&mut self, _: AttemptId) -> Result<Option<Attempt>, JournalError> {
        Err(NEVER)
    }

    fn claim<C: Claim>(&mut self, _: &C) -> Result<(), JournalError> {
        Err(NEVER)
    }

    fn advance<C: Claim>(&mut self, _: &C, _: &C::State) -> Result<(), JournalError> {
        Err(NEVER)
    }

    fn append(&mut self, _: Timestamp, _: Option<OrderNo>, _: &Fact) -> Result<(), JournalError> {
        Err(NEVER)
    }

    fn append_after(&mut self, _: u64, _: Timestamp, _: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        Err(NEVER)
    }

    fn append_all(&mut self, _: Timestamp, _: &[(OrderNo, Fact)]) -> Result<(), JournalError> {
        Err(NEVER)
    }
}

#[test]
fn who_leaves_while_the_journal_is_looked_through_does_not_wait_for_it_and_nothing_was_begun() {
    let (broken_off, looked) = mpsc::channel();
    let journal = Long { looked, broken_off: Mutex::new(Some(broken_off)) };
    let (answered, answers) = mpsc::channel();
    let vendor = Vendor { queried: Notify::new(), hangs: Arc::default(), answered: Mutex::new(answered) };
    let (desk, mailbox) =
        desk::spawn(vendor, Threaded::start(journal).unwrap(), SystemClock, options()).unwrap();
    let first = mailbox.wait(PATIENCE);
    assert!(first.health.unwrap().is_reading && first.cases.is_empty());
    mailbox.ask(Command::Inspect(no()));
    assert!(desk.leave(), "it ends in order");
    let last = mailbox.wait(PATIENCE);
    assert!(last.ended && last.cases.is_empty());
    assert!(answers.try_recv().is_err(), "nobody was asked for anything");
}
