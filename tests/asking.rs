//! Whom the desk asks, and when, while strangers call and the list talks nonsense. On a paused clock.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod sample;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::SignedDuration;
use paydesk::{
    atlas::{Answer, CallOutcome, ReadError},
    clock::TokioClock,
    desk::{
        self, Options,
        gateway::{Gateway, Page, Window},
        health::{Health, Notice, Odd},
        hub::{Command, Handle, Subscription, Update},
        polling::{Ask, Lane, Schedule},
    },
    domain::{
        attempt::{Doubt, Sent, State},
        case::Case,
        find::Find,
        money::{Currency, Money},
        notification::{self, Kind, Refusal},
        order::{Details, Order, OrderNo, OrderStatus},
        payment::Payment,
        regeneration::Called,
        story::What,
        text::Text,
    },
    journal::sqlite::SqliteJournal,
};
use sample::{number, start};
use tokio::time::Instant;

fn order(n: u32) -> Order {
    Order {
        created: Some(start()),
        details: Some(Box::new(Details::default())),
        ..sample::bare_order(number(n), OrderStatus::Ticketing)
    }
}

/// What a page of the list shows, and whether more follows.
type List = fn(Window, u32) -> (Vec<Order>, bool);

struct Vendor {
    list: List,
    status: OrderStatus,
    /// Orders that it does not know.
    strangers: Vec<OrderNo>,
    /// When each order was queried.
    queried: Vec<(OrderNo, Instant)>,
    pages: u32,
}

#[derive(Clone)]
struct Wire(Arc<Mutex<Vendor>>);

impl Wire {
    fn new(list: List) -> Self {
        let status = OrderStatus::Ticketing;
        let vendor = Vendor { list, status, strangers: Vec::new(), queried: Vec::new(), pages: 0 };
        Self(Arc::new(Mutex::new(vendor)))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Vendor) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    fn queries_of(&self, order: OrderNo) -> Vec<Instant> {
        self.with(|vendor| vendor.queried.iter().filter(|(no, _)| *no == order).map(|(_, at)| *at).collect())
    }
}

const LATENCY: Duration = Duration::from_millis(200);

impl Gateway for Wire {
    async fn list(&self, window: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        tokio::time::sleep(LATENCY).await;
        let (orders, more) = self.with(|vendor| {
            vendor.pages += 1;
            (vendor.list)(window, page)
        });
        let orders = orders.into_iter().map(|order| Order { details: None, ..order }).collect();
        Ok(Answer { value: Page { orders, more }, server_time: None })
    }

    async fn find(&self, _: &Find) -> Result<Answer<Page>, ReadError> {
        Ok(Answer { value: Page::default(), server_time: None })
    }

    async fn query(&self, no: OrderNo) -> Result<Answer<Order>, ReadError> {
        let (status, is_stranger) = self.with(|vendor| {
            vendor.queried.push((no, Instant::now()));
            (vendor.status, vendor.strangers.contains(&no))
        });
        tokio::time::sleep(LATENCY).await;
        if is_stranger {
            return Err(ReadError::NoSuchOrder);
        }
        let details = Some(Box::new(Details::default()));
        let value = Order { no, status, details, ..order(0) };
        Ok(Answer { value, server_time: None })
    }

    async fn balance(&self, _: Currency) -> Result<Answer<Money>, ReadError> {
        Err(ReadError::NoAnswer("none".into()))
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
        Ok(Answer { value: Vec::new(), server_time: None })
    }

    async fn pay(&self, _: &Payment) -> Sent {
        panic!("nobody pays here");
    }
}

/// A desk that has swept once. Swept so rarely that only hints bring news.
async fn desk(wire: &Wire) -> (Handle, Subscription, Vec<Update>) {
    let options =
        Options { requests_per_minute: 600, sweep_every: Duration::from_secs(600), ..sample::options() };
    let (handle, commands, hub) = Handle::pair();
    let mailbox = handle.subscribe();
    let journal = SqliteJournal::in_memory().unwrap();
    tokio::spawn(desk::run(wire.clone(), journal, TokioClock::starting_at(start()), options, commands, hub));
    let mut seen = Vec::new();
    for _ in 0..2_000 {
        seen.push(mailbox.take());
        let swept =
            |update: &Update| update.health.as_ref().is_some_and(|health| health.last_sweep.is_some());
        if seen.iter().any(swept) {
            return (handle, mailbox, seen);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no sweep has ended: {:?}", seen.last());
}

fn one_order(_: Window, page: u32) -> (Vec<Order>, bool) {
    (if page == 1 { vec![order(1)] } else { Vec::new() }, false)
}

fn notified(about: OrderNo, id: u32) -> Command {
    Command::Notification(Box::new(notification::Notification {
        kind: Kind::Void,
        order: Some(about),
        id: Some(format!("n{id}").as_str().into()),
        error: None,
        raw: format!("{{\"id\":{id}}}"),
    }))
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_hints_never_pushes_the_query_away_that_the_last_one_wants() {
    let wire = Wire::new(one_order);
    let (handle, _mailbox, _) = desk(&wire).await;
    for id in 0..300 {
        handle.send(notified(number(1), id));
        if id % 10 == 0 {
            tokio::time::sleep(Duration::from_millis(37)).await;
        }
    }
    // The one that matters, at any moment of the two seconds between two queries.
    for tenth in 0..20 {
        tokio::time::sleep(Duration::from_millis(2_000 + tenth * 100)).await;
        let before = Instant::now();
        handle.send(notified(number(1), 1_000 + u32::try_from(tenth).unwrap()));
        tokio::time::sleep(Duration::from_millis(2_050)).await;
        assert!(wire.queries_of(number(1)).last().unwrap() >= &before, "no query within the usual gap");
    }
    let queries = wire.queries_of(number(1));
    let gaps = queries.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(gaps.clone().all(|gap| gap >= Duration::from_secs(2)), "{:?}", gaps.collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_notification_during_a_query_is_followed_by_one_more_query() {
    let wire = Wire::new(one_order);
    let (handle, mailbox, _) = desk(&wire).await;
    handle.send(notified(number(1), 1));
    tokio::time::sleep(LATENCY / 2).await;
    assert_eq!(wire.queries_of(number(1)).len(), 1, "its answer is older than what follows");
    wire.with(|vendor| vendor.status = OrderStatus::Ticketed);
    handle.send(notified(number(1), 2));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let update = mailbox.take();
    assert_eq!(update.cases[0].order.status, OrderStatus::Ticketed);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(wire.queries_of(number(1)).len(), 2, "and then no more");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_just_being_looked_up_is_asked_about_once_more_too() {
    let wire = Wire::new(one_order);
    let (handle, mailbox, _) = desk(&wire).await;
    handle.send(notified(number(10_000), 1));
    tokio::time::sleep(LATENCY / 2).await;
    wire.with(|vendor| vendor.status = OrderStatus::Ticketed);
    handle.send(notified(number(10_000), 2));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let cases = mailbox.take().cases;
    let looked_up = cases.iter().find(|case| case.order.no == number(10_000)).unwrap();
    assert_eq!(looked_up.order.status, OrderStatus::Ticketed);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(wire.queries_of(number(10_000)).len(), 2, "and then no more");
}

#[tokio::test(start_paused = true)]
async fn a_stranger_that_is_named_again_and_again_is_looked_up_no_more_often() {
    let wire = Wire::new(one_order);
    wire.with(|vendor| vendor.strangers.push(number(10_000)));
    let (handle, _mailbox, _) = desk(&wire).await;
    for id in 0..1_100 {
        handle.send(notified(number(10_000), id));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(wire.queries_of(number(10_000)).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn strangers_cost_one_query_a_minute_and_are_not_remembered() {
    let wire = Wire::new(one_order);
    let (handle, mailbox, _) = desk(&wire).await;
    for n in 0..5_000 {
        handle.send(notified(number(10_000 + n), n));
    }
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(wire.with(|vendor| vendor.queried.len()), 1);
    let known = mailbox.take().cases;
    assert!(known.iter().all(|case| case.order.no == number(10_000)), "{} are known", known.len());
    // One of them turns out to be ours: only what was looked up is in its story.
    handle.send(Command::Inspect(number(10_007)));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let cases = mailbox.take().cases;
    let ours = cases.iter().find(|case| case.order.no == number(10_007)).unwrap();
    assert!(!ours.story.iter().any(|line| matches!(line.what, What::Notified { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_ignores_page_and_window_is_read_once_and_that_is_said_once() {
    let wire = Wire::new(|_, _| ((0..100).map(order).collect(), true));
    let (handle, mailbox, mut seen) = desk(&wire).await;
    assert!(wire.with(|vendor| vendor.pages) <= 4, "{}", wire.with(|vendor| vendor.pages));
    for _ in 0..3 {
        handle.send(Command::RefreshAll);
        tokio::time::sleep(Duration::from_secs(20)).await;
        seen.push(mailbox.take());
    }
    assert!((6..=16).contains(&wire.with(|vendor| vendor.pages)));
    let odd = seen.iter().flat_map(|update| &update.notices);
    let said: Vec<_> = odd.filter(|notification| matches!(notification, Notice::OddList { .. })).collect();
    assert!(matches!(said.as_slice(), [Notice::OddList { odd: Odd::Repeats, .. }]), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn calls_that_were_refused_are_counted() {
    let wire = Wire::new(one_order);
    let (handle, mailbox, _) = desk(&wire).await;
    for refusal in Refusal::ALL {
        handle.send(Command::CallRefused(refusal));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let Health { calls_refused, call_refused, .. } = mailbox.take().health.unwrap();
    assert_eq!((calls_refused, call_refused.unwrap().1), (7, Refusal::NotHttp));
}

/// A case with a payment in doubt.
fn in_doubt() -> Case {
    let attempt = sample::attempt(number(1), start(), State::InDoubt(Doubt::NoAnswer));
    sample::case(order(1), sample::lineage(number(1), vec![attempt]))
}

/// When a doubt is asked about in five minutes, with hints at these tenths of seconds.
fn asked(hints: &[u64]) -> Vec<u64> {
    let case = in_doubt();
    let uptime = |tenth| Duration::from_millis(tenth * 100);
    let mut schedule =
        Schedule::new(600, Duration::from_secs(600), SignedDuration::from_hours(1), 7, Duration::ZERO);
    let mut asked = Vec::new();
    let mut answers: Vec<(u64, Ask)> = Vec::new();
    schedule.plan(&case, None, None, start(), Duration::ZERO);
    for tenth in 0..3_000 {
        for (_, ask) in answers.extract_if(.., |(at, _)| *at <= tenth) {
            schedule.answered(ask);
            schedule.plan(&case, None, None, start(), uptime(tenth));
        }
        if hints.contains(&tenth) {
            schedule.hint(number(1), uptime(tenth));
        }
        while let Some(ask) = schedule.next(paydesk::domain::moment::Now::agreed(start()), uptime(tenth)) {
            answers.push((tenth + 2, ask));
            if matches!(ask, Ask::Query(_)) {
                asked.push(tenth);
            }
        }
    }
    asked
}

proptest::proptest! {
    #[test]
    fn hints_only_ever_add_queries_to_those_that_are_planned(hints in proptest::collection::vec(0_u64..3_000, 0..60)) {
        let (plain, hinted) = (asked(&[]), asked(&hints));
        // At any moment as many queries were made as without them, but for what the jitter of a gap may shift.
        for (n, at) in plain.iter().enumerate() {
            let by_then = hinted.iter().filter(|other| **other <= at * 3 / 2 + 20).count();
            proptest::prop_assert!(by_then > n, "{plain:?} {hinted:?}");
        }
        for hint in hints.iter().filter(|hint| **hint < 2_900) {
            let answered = hinted.iter().any(|at| (*hint..=hint + 23).contains(at));
            proptest::prop_assert!(answered, "a hint at {hint}: {hinted:?}");
        }
    }
}

/// When a doubt about order 1 is asked about in five minutes, and in which order all others are asked for, while so many
/// are refreshed together; at which tenth somebody waits for the answer about order 2, and when that is asked for.
fn refreshing(count: u32, waits_at: u64) -> (Vec<u64>, Vec<OrderNo>, Option<u64>) {
    let uptime = |tenth| Duration::from_millis(tenth * 100);
    let case = in_doubt();
    let mut schedule =
        Schedule::new(60, Duration::from_secs(600), SignedDuration::from_hours(1), 7, Duration::ZERO);
    let (mut doubts, mut others, mut waited): (Vec<u64>, Vec<OrderNo>, _) = (Vec::new(), Vec::new(), None);
    let mut answers: Vec<(u64, Ask)> = Vec::new();
    schedule.plan(&case, None, None, start(), Duration::ZERO);
    // Not by number: as they stand on the screen.
    (10..10 + count).rev().for_each(|n| schedule.refresh(number(n)));
    for tenth in 0..3_000 {
        for (_, ask) in answers.extract_if(.., |(at, _)| *at <= tenth) {
            schedule.answered(ask);
            schedule.plan(&case, None, None, start(), uptime(tenth));
        }
        if tenth == waits_at {
            schedule.ask_now(number(2), Lane::Operator, uptime(tenth));
        }
        while let Some(ask) = schedule.next(paydesk::domain::moment::Now::agreed(start()), uptime(tenth)) {
            answers.push((tenth + 2, ask));
            match ask {
                Ask::Query(order) if order == number(1) => doubts.push(tenth),
                Ask::Query(order) if order == number(2) => waited = Some(tenth),
                Ask::Query(order) => others.push(order),
                _ => {}
            }
        }
    }
    (doubts, others, waited)
}

#[test]
fn orders_that_are_refreshed_together_are_asked_for_in_order_and_starve_no_payment_and_nobody_who_waits() {
    let (alone, ..) = refreshing(0, 0);
    for count in [20, 1_000] {
        let (doubts, others, waited) = refreshing(count, 700);
        let want: Vec<OrderNo> = (10..10 + count).rev().map(number).take(others.len()).collect();
        assert_eq!(others, want, "each once, as they were named");
        assert!(others.len() >= 20, "they are asked for at all: {}", others.len());
        assert!(others.len() <= 260, "within the budget: {}", others.len());
        assert_eq!(doubts.len(), alone.len());
        for (asked, alone) in doubts.iter().zip(&alone) {
            assert!(*asked <= alone + 10, "{doubts:?}, without the refresh {alone:?}");
        }
        assert!(waited.is_some_and(|at| at <= 703), "a person waited from 70 s to {waited:?}");
    }
}
