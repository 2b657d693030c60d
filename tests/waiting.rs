//! The desk under a paused clock, before a vendor that refuses or wants silence: who is asked how often, and who not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod sample;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    atlas::{Answer, CallOutcome, Page as Foreign, PageKind, ReadError},
    clock::{Clock, TokioClock},
    desk::{
        self, Options,
        gateway::{Gateway, Page, Window},
        health::Notice,
        hub::{Command, Handle, Reply, Subscription, Update},
    },
    domain::{
        attempt::{NotSent, Sent},
        find::Find,
        moment::Boot,
        money::{Currency, Money},
        notification,
        order::{Details, Order, OrderNo, OrderStatus},
        payment::Payment,
        regeneration::Called,
        text::Text,
    },
    journal::{Journal, sqlite::SqliteJournal, unusable::Unusable},
};
use sample::{number, start};

fn unpaid(no: OrderNo) -> Order {
    let total = sample::usd("117.55");
    let deadline = Some(start() + SignedDuration::from_hours(20));
    Order {
        created: Some(start()),
        details: Some(Box::new(Details { deadline, total: Some(total), ..Details::default() })),
        ..sample::bare_order(no, OrderStatus::Unpaid)
    }
}

/// The vendor: its orders, what it refuses, and when it was asked for what.
#[derive(Default)]
struct Vendor {
    orders: BTreeMap<OrderNo, Order>,
    refuses: BTreeMap<OrderNo, ReadError>,
    balance_refused: bool,
    /// Said to every request, until it is taken away.
    trouble: Option<ReadError>,
    asked: Vec<(Option<OrderNo>, tokio::time::Duration)>,
    begun: Option<tokio::time::Instant>,
}

#[derive(Clone)]
struct Fake(Arc<Mutex<Vendor>>);

impl Fake {
    fn of(orders: u32) -> Self {
        let orders = (0..orders).map(|n| (number(n), unpaid(number(n)))).collect();
        let begun = Some(tokio::time::Instant::now());
        Self(Arc::new(Mutex::new(Vendor { orders, begun, ..Vendor::default() })))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Vendor) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    async fn answer<T>(
        &self,
        about: Option<OrderNo>,
        value: impl FnOnce(&Vendor) -> Result<T, ReadError>,
    ) -> Result<Answer<T>, ReadError> {
        tokio::time::sleep(Duration::from_millis(200)).await;
        self.with(|vendor| {
            vendor.asked.push((about, vendor.begun.unwrap().elapsed()));
            if let Some(trouble) = &vendor.trouble {
                return Err(trouble.clone());
            }
            Ok(Answer { value: value(vendor)?, server_time: None })
        })
    }

    /// When an order was asked for.
    fn times(&self, order: OrderNo) -> Vec<Duration> {
        self.with(|vendor| {
            vendor.asked.iter().filter(|(about, _)| *about == Some(order)).map(|(_, at)| *at).collect()
        })
    }

    fn asked(&self) -> usize {
        self.with(|vendor| vendor.asked.len())
    }
}

impl Gateway for Fake {
    async fn list(&self, _: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        let strip = |order: &Order| Order { details: None, ..order.clone() };
        self.answer(None, |vendor| {
            let orders = if page == 1 { vendor.orders.values().map(strip).collect() } else { Vec::new() };
            Ok(Page { orders, more: false })
        })
        .await
    }

    async fn find(&self, _: &Find) -> Result<Answer<Page>, ReadError> {
        Ok(Answer { value: Page::default(), server_time: None })
    }

    async fn query(&self, order: OrderNo) -> Result<Answer<Order>, ReadError> {
        self.answer(Some(order), |vendor| {
            if let Some(refusal) = vendor.refuses.get(&order) {
                return Err(refusal.clone());
            }
            let order = vendor.orders.get(&order).cloned().unwrap();
            Ok(order)
        })
        .await
    }

    async fn balance(&self, currency: Currency) -> Result<Answer<Money>, ReadError> {
        self.answer(None, |vendor| {
            if vendor.balance_refused {
                return Err(ReadError::Refused { status: 108, msg: "no".into() });
            }
            Ok(Money::new(5_000.into(), currency))
        })
        .await
    }

    async fn regenerate(&self, _: OrderNo) -> Called {
        Called::Refused(314)
    }

    async fn accept_loss(&self, _: OrderNo) -> paydesk::domain::baggage::decision::Called {
        paydesk::domain::baggage::decision::Called::Declined(402)
    }

    async fn commit(&self, _: OrderNo) -> CallOutcome<Text> {
        CallOutcome::Refused { status: 307, msg: Text::default() }
    }

    async fn stop(&self, _: OrderNo) -> CallOutcome<()> {
        CallOutcome::Refused { status: 402, msg: Text::default() }
    }

    async fn incidents(&self) -> Result<Answer<Vec<notification::Notification>>, ReadError> {
        self.answer(None, |_| Ok(Vec::new())).await
    }

    async fn pay(&self, _: &Payment) -> Sent {
        Sent::Not(NotSent::NoConnection(paydesk::domain::read_error::ReadError::Unreachable {
            host: "h:443".into(),
            reason: "nobody pays here".into(),
        }))
    }
}

fn options() -> Options {
    Options { read_only: true, ..sample::options() }
}

/// A desk as one holds it: a way to send, and a mailbox.
struct Desk {
    handle: Handle,
    mailbox: Subscription,
}

/// A desk beside the test, on the same paused clock.
fn desk(vendor: &Fake, journal: impl Journal, clock: impl Clock) -> Desk {
    let (handle, commands, hub) = Handle::pair();
    let mailbox = handle.subscribe();
    tokio::spawn(desk::run(vendor.clone(), journal, clock, options(), commands, hub));
    Desk { handle, mailbox }
}

fn memory() -> SqliteJournal {
    SqliteJournal::in_memory().unwrap()
}

/// Lets so many seconds pass; what the desk said meanwhile.
async fn pass(desk: &Desk, seconds: u64) -> Vec<Update> {
    let mut said = Vec::new();
    for _ in 0..seconds {
        tokio::time::sleep(Duration::from_secs(1)).await;
        said.push(desk.mailbox.take());
    }
    said
}

fn held_back(said: &[Update]) -> usize {
    let notifications = said.iter().flat_map(|update| &update.notices);
    notifications.filter(|notification| matches!(notification, Notice::HeldBack { .. })).count()
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_refused_for_ever_is_asked_for_less_and_less_and_starves_nobody() {
    let lost = number(0);
    for refusal in [ReadError::NoSuchOrder, ReadError::Refused { status: 705, msg: "slow".into() }] {
        let vendor = Fake::of(40);
        vendor.with(|vendor| vendor.refuses.insert(lost, refusal));
        let beside = desk(&vendor, memory(), TokioClock::starting_at(start()));
        // It is even looked at.
        beside.handle.send(Command::Watch(vec![lost, number(1)]));
        let said = pass(&beside, 3_600).await;
        let times = vendor.times(lost);
        assert!((5..=9).contains(&times.len()), "{times:?}");
        let gaps: Vec<u64> = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).as_secs()).collect();
        assert!(gaps[0] >= 4 && gaps[3] >= 200, "{gaps:?}");
        assert_eq!(held_back(&said), times.len(), "each time is published");
        // The others were known as soon as the budget allowed.
        for n in 1..40 {
            assert!(vendor.times(number(n)).first().is_some_and(|at| at.as_secs() < 60), "{n}");
        }
        // A person is answered at once all the same.
        let before = vendor.times(lost).len();
        beside.mailbox.ask(Command::Inspect(lost));
        pass(&beside, 2).await;
        assert_eq!(vendor.times(lost).len(), before + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_found_at_last_is_followed_as_any_other() {
    let late = number(0);
    let vendor = Fake::of(3);
    vendor.with(|vendor| vendor.refuses.insert(late, ReadError::NoSuchOrder));
    let beside = desk(&vendor, memory(), TokioClock::starting_at(start()));
    pass(&beside, 60).await;
    vendor.with(|vendor| vendor.refuses.remove(&late));
    let said = pass(&beside, 120).await;
    let known = |update: &Update| {
        update.cases.iter().any(|case| case.order.no == late && case.order.details.is_some())
    };
    assert!(said.iter().any(known));
    assert_eq!(held_back(&pass(&beside, 600).await), 0);
}

#[tokio::test(start_paused = true)]
async fn a_balance_that_is_refused_stops_nothing() {
    let vendor = Fake::of(2);
    vendor.with(|vendor| vendor.balance_refused = true);
    let beside = desk(&vendor, memory(), TokioClock::starting_at(start()));
    pass(&beside, 5).await;
    let before = vendor.asked();
    for _ in 0..10 {
        beside.mailbox.ask(Command::Inspect(number(0)));
        let said = pass(&beside, 3).await;
        let failing =
            said.iter().filter_map(|update| update.health.as_ref()).any(|health| health.failures > 0);
        assert!(!failing);
    }
    assert!(vendor.asked() - before >= 20, "each was asked for at once");
}

#[tokio::test(start_paused = true)]
async fn silence_is_kept_for_as_long_as_it_was_asked_for_and_shown() {
    let page = Foreign { http: 503, content_type: None, kind: PageKind::Empty, retry_after_s: Some(90) };
    for trouble in [ReadError::Limited { retry_after_s: 90 }, ReadError::ForeignPage(page)] {
        let vendor = Fake::of(3);
        vendor.with(|vendor| vendor.trouble = Some(trouble.clone()));
        let beside = desk(&vendor, memory(), TokioClock::starting_at(start()));
        let said = pass(&beside, 2).await;
        let health = said.iter().rev().find_map(|update| update.health.clone()).unwrap();
        let left = health.silent_until.unwrap().duration_since(start());
        assert!((88..=92).contains(&left.as_secs()), "{left:?}");
        vendor.with(|vendor| vendor.trouble = None);
        let before = vendor.asked();
        beside.mailbox.ask(Command::Inspect(number(0)));
        beside.handle.send(Command::RefreshAll);
        let said = pass(&beside, 80).await;
        assert_eq!(vendor.asked(), before, "{trouble}: not even for a person");
        let limited = |reply: &Reply| {
            matches!(reply, Reply::Unanswered { error: ReadError::Limited { retry_after_s: 80.. }, .. })
        };
        let first = said.iter().position(|update| update.replies.iter().any(|(_, reply)| limited(reply)));
        assert_eq!(first, Some(0), "it says so at once");
        pass(&beside, 20).await;
        assert!(vendor.asked() > before, "{trouble}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_on_its_way_ends_no_silence() {
    let vendor = Fake::of(3);
    let limited = ReadError::Limited { retry_after_s: 90 };
    vendor.with(|vendor| vendor.refuses.insert(number(0), limited));
    let beside = desk(&vendor, memory(), TokioClock::starting_at(start()));
    let said = pass(&beside, 5).await;
    for n in 0..3 {
        assert_eq!(vendor.times(number(n)).len(), 1, "all three were asked for at once");
    }
    let health = said.iter().rev().find_map(|update| update.health.clone()).unwrap();
    assert!(health.last_success.is_some() && health.silent_until.is_some(), "{health:?}");
    let before = vendor.asked();
    pass(&beside, 80).await;
    assert_eq!(vendor.asked(), before);
}

/// A machine: its wall clock may be set, and its uptime begins again with each boot.
#[derive(Clone, Copy)]
struct Machine {
    boot: u64,
    booted: tokio::time::Instant,
    wall: Timestamp,
}

impl Machine {
    fn booted(boot: u64, wall: Timestamp) -> Self {
        Self { boot, booted: tokio::time::Instant::now(), wall }
    }

    fn set_back(self, by: SignedDuration) -> Self {
        Self { wall: self.wall - by, ..self }
    }
}

impl Clock for Machine {
    fn now(&self) -> Timestamp {
        self.wall + self.booted.elapsed()
    }

    fn uptime(&self) -> Duration {
        self.booted.elapsed()
    }

    fn boot(&self) -> Boot {
        Boot(self.boot)
    }

    async fn sleep(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_kept_by_whoever_is_started_on_the_same_journal() {
    type Restart = fn(Machine) -> Machine;
    const HOUR: SignedDuration = SignedDuration::from_hours(1);
    let begun = start();
    let restarts: [(&str, Restart, u64, u64); 4] = [
        ("at once", |machine| machine, 80, 95),
        ("after the clock was set", |machine| machine.set_back(HOUR), 80, 95),
        ("after a reboot", |machine| Machine::booted(2, machine.now()), 80, 95),
        // Nobody knows how long ago it was: as long as it was asked for, and no longer.
        ("after a reboot with another clock", |machine| Machine::booted(2, machine.now() - HOUR), 80, 105),
    ];
    for (name, restart, silent, over) in restarts {
        let folder = tempfile::tempdir().unwrap();
        let open = || SqliteJournal::open(folder.path(), "wei@desk").unwrap();
        let machine = Machine::booted(1, begun);
        let vendor = Fake::of(3);
        vendor.with(|vendor| vendor.trouble = Some(ReadError::Limited { retry_after_s: 90 }));
        let first = desk(&vendor, open(), machine);
        pass(&first, 2).await;
        first.handle.send(Command::Leave);
        pass(&first, 1).await;
        vendor.with(|vendor| vendor.trouble = None);
        let before = vendor.asked();
        let second = desk(&vendor, open(), restart(machine));
        let said = pass(&second, silent - 3).await;
        assert_eq!(vendor.asked(), before, "{name}: nothing is asked");
        let error = said.iter().find_map(|update| update.health.clone()?.error);
        assert!(matches!(error, Some(ReadError::Limited { .. })), "{name}: {error:?}");
        pass(&second, over - silent).await;
        assert!(vendor.asked() > before, "{name}: until it is over");
        second.handle.send(Command::Leave);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wish_for_silence_of_yesterday_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let open = || SqliteJournal::open(folder.path(), "wei@desk").unwrap();
    let vendor = Fake::of(3);
    vendor.with(|vendor| vendor.trouble = Some(ReadError::Limited { retry_after_s: 600 }));
    let first = desk(&vendor, open(), Machine::booted(1, start()));
    pass(&first, 2).await;
    first.handle.send(Command::Leave);
    pass(&first, 1).await;
    vendor.with(|vendor| vendor.trouble = None);
    let before = vendor.asked();
    let tomorrow = Machine::booted(2, start() + SignedDuration::from_hours(24));
    pass(&desk(&vendor, open(), tomorrow), 5).await;
    assert!(vendor.asked() > before);
}

#[tokio::test(start_paused = true)]
async fn without_a_journal_a_wish_for_silence_is_forgotten_and_nothing_else_comes_of_it() {
    let vendor = Fake::of(3);
    vendor.with(|vendor| vendor.trouble = Some(ReadError::Limited { retry_after_s: 90 }));
    let first = desk(&vendor, Unusable("read-only".into()), TokioClock::starting_at(start()));
    pass(&first, 2).await;
    first.handle.send(Command::Leave);
    vendor.with(|vendor| vendor.trouble = None);
    let before = vendor.asked();
    let second = desk(&vendor, Unusable("read-only".into()), TokioClock::starting_at(start()));
    pass(&second, 5).await;
    assert!(vendor.asked() > before);
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_deadline_is_not_understood_is_asked_for_again() {
    let vendor = Fake::of(2);
    vendor.with(|vendor| {
        vendor.orders.get_mut(&number(0)).unwrap().details.as_mut().unwrap().deadline = None;
    });
    let beside = desk(&vendor, memory(), TokioClock::starting_at(start()));
    pass(&beside, 1_000).await;
    assert!((7..=10).contains(&vendor.times(number(0)).len()), "{:?}", vendor.times(number(0)));
    assert_eq!(vendor.times(number(1)).len(), 1, "what is known is not asked for");
}
