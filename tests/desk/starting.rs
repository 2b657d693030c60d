//! The first half minute of a desk, and what it asks for first whenever there is more to ask than the budget gives: doubts
//! and money, then price and deadline of what is unpaid, the nearest to its end before the others.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    atlas::{Client, Endpoint, ListQuery},
    clock::{Clock, TokioClock},
    desk::{
        Options,
        hub::{Command, Update},
    },
    domain::{
        attempt::State,
        case::Case,
        moment::Now,
        money::{Currency, Money},
        order::{Order, OrderNo, OrderStatus},
        triage::{sort_key, triage},
    },
    journal::{BlockingJournal, sqlite::SqliteJournal},
    sim,
};

use crate::{
    sample::{self, number},
    server::{Fake, Pays, Rig, memory, no, options, start, unpaid, usd},
};

/// As a console starts it: sixty requests a minute, a sweep every thirty seconds.
fn as_started() -> Options {
    Options { sweep_every: Duration::from_secs(30), ..options() }
}

/// An order that was made so many seconds ago, half an hour before its deadline.
fn made_before(n: u32, seconds: u32, status: OrderStatus) -> Order {
    let created = start() - SignedDuration::from_secs(seconds.into());
    let mut order = Order { no: number(n), status, created: Some(created), ..unpaid() };
    order.details.as_mut().unwrap().deadline = Some(created + SignedDuration::from_mins(30));
    order
}

/// A server with these orders and no others.
fn server_of(orders: impl IntoIterator<Item = Order>) -> Fake {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.orders = orders.into_iter().map(|order| (order.no, order)).collect());
    server
}

/// What a listener believes, and when it got to know amount and deadline of each order.
#[derive(Default)]
struct Picture {
    cases: BTreeMap<OrderNo, Arc<Case>>,
    priced: Vec<OrderNo>,
    balances: BTreeMap<Currency, Money>,
    unpriced: usize,
    busiest: u32,
}

impl Picture {
    fn take(&mut self, update: Update) {
        for case in update.cases {
            let no = case.order.no;
            if case.order.details.is_some() && !self.priced.contains(&no) {
                self.priced.push(no);
            }
            self.cases.insert(no, case);
        }
        if let Some(balances) = update.balances {
            self.balances = (*balances).clone();
        }
        if let Some(health) = update.health {
            self.unpriced = health.unpriced;
            self.busiest = self.busiest.max(health.requests_last_minute);
        }
    }

    /// The first rows of the table, as it is sorted when it comes up.
    fn rows(&self, now: Timestamp, count: usize) -> Vec<&Case> {
        let mut cases: Vec<&Case> = self.cases.values().map(|case| &**case).collect();
        cases
            .sort_by_key(|case| (sort_key(&case.order, triage(case, Now::agreed(now)).group), case.order.no));
        cases.truncate(count);
        cases
    }
}

impl Rig {
    /// Lets so many seconds pass, with the first rows on screen.
    async fn draws(&mut self, picture: &mut Picture, seconds: u64) {
        for _ in 0..seconds * 4 {
            tokio::time::sleep(Duration::from_millis(250)).await;
            picture.take(self.mailbox.take());
            let rows = picture.rows(self.clock.now(), 40);
            self.handle.send(Command::Watch(rows.iter().map(|case| case.order.no).collect()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn forty_unpaid_orders_have_amount_and_deadline_within_half_a_minute() {
    let mut orders: Vec<Order> = (0..40).map(|n| made_before(n, 60 + n * 40, OrderStatus::Unpaid)).collect();
    let over = [OrderStatus::Ticketed, OrderStatus::Cancelled, OrderStatus::Ticketing];
    orders.extend((40..100).map(|n| made_before(n, 600 + n, over[n as usize % 3])));
    for (order, currency) in orders.iter_mut().zip(["USD", "EUR", "CNY"].into_iter().cycle()) {
        order.details.as_mut().unwrap().total = Some(sample::money("117.55", currency));
    }
    let server = server_of(orders);
    server.with(|server| server.pages = 3);
    let mut rig = Rig::start(&server, memory(), as_started());
    let mut picture = Picture::default();
    rig.draws(&mut picture, 2).await;
    assert!(picture.unpriced > 20, "{} details to come", picture.unpriced);
    rig.draws(&mut picture, 28).await;
    for case in picture.rows(rig.clock.now(), 40) {
        assert_eq!(case.order.status, OrderStatus::Unpaid);
        assert!(case.order.details.is_some(), "{} {:?}", case.order.no, picture.priced.len());
    }
    assert_eq!(picture.unpriced, 0);
    assert_eq!(picture.balances.len(), 3, "every currency that an open order needs");
    rig.draws(&mut picture, 60).await;
    assert!(picture.busiest <= 60, "{} in a minute", picture.busiest);
}

/// What `paydesk demo` begins with, read from its simulator as it is.
fn orders_of_the_demo() -> Vec<Order> {
    let running = sim::spawn(sim::Options { seed: 1, ..sample::story("calm-desk", None, 1.0) }).unwrap();
    let client = Client::new(&Endpoint {
        base_url: format!("http://{}", running.addr),
        client_id: "demo".into(),
        client_secret: "demo".into(),
        pay_timeout: Endpoint::PAY_TIMEOUT,
        proxy: None,
        authorities: Vec::new(),
    })
    .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let query = ListQuery { page: 1, page_size: 100, ..ListQuery::default() };
        let mut orders = Vec::new();
        for listed in client.list(&query).await.unwrap().value.orders {
            let queried = client.query(listed.no).await.unwrap().value;
            orders.push(Order { created: listed.created, ..queried });
        }
        orders
    })
}

#[test]
fn the_first_forty_rows_of_the_demo_have_amount_and_deadline_within_half_a_minute() {
    let orders = orders_of_the_demo();
    assert!(orders.len() >= 40 && orders.iter().any(|order| order.status == OrderStatus::Unpaid));
    let now = orders.iter().filter_map(|order| order.created).max().unwrap();
    let server = server_of(orders);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(async {
        let clock = TokioClock::starting_at(now);
        server.with(|server| server.clock = clock);
        let mut rig = Rig::on(&server, memory(), clock, as_started());
        let mut picture = Picture::default();
        rig.draws(&mut picture, 30).await;
        let rows = picture.rows(rig.clock.now(), 40);
        assert_eq!(rows.len(), 40);
        for case in rows {
            let details = case.order.details.as_ref().unwrap_or_else(|| panic!("{} unknown", case.order.no));
            assert!(details.total.is_some() && details.deadline.is_some(), "{}", case.order.no);
        }
        assert_eq!((picture.unpriced, picture.busiest <= 60), (0, true));
    });
}

#[tokio::test(start_paused = true)]
async fn the_order_that_is_nearest_to_its_end_by_age_is_asked_for_first() {
    // Half an hour is the usual hold: what is older has most likely run out.
    let minutes = [5, 29, 45, 12, 31, 27, 600, 20];
    let orders = (0..).zip(minutes).map(|(n, age)| made_before(n, age * 60, OrderStatus::Unpaid));
    let server = server_of(orders);
    let rig = Rig::start(&server, memory(), as_started());
    let mut picture = Picture::default();
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        picture.take(rig.mailbox.take());
    }
    let age = |no: &OrderNo| minutes[(0..8).position(|n| number(n) == *no).unwrap()];
    let asked: Vec<u32> = picture.priced.iter().map(age).collect();
    // Four are asked for at one time, and their answers come together.
    let (mut first, rest) = (asked[..4].to_vec(), &asked[4..]);
    first.sort_unstable();
    assert_eq!((first, rest.len()), (vec![12, 20, 27, 29], 4), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_the_journal_remembers_counts_more_than_the_age() {
    let folder = tempfile::tempdir().unwrap();
    let mut orders: Vec<Order> = (0..30).map(|n| made_before(n, 900 + n, OrderStatus::Unpaid)).collect();
    // Made last of all, and held for five minutes only.
    let hasty = Order { no: number(99), ..orders[0].clone() };
    let mut hasty = Order { created: Some(start() - SignedDuration::from_mins(1)), ..hasty };
    hasty.details.as_mut().unwrap().deadline = Some(start() + SignedDuration::from_mins(4));
    {
        let mut journal = SqliteJournal::open(folder.path(), "before").unwrap();
        let seen = paydesk::journal::Fact::Seen(Box::new(paydesk::domain::seen::Seen::of(&hasty)));
        journal.append(start() - SignedDuration::from_mins(1), Some(hasty.no), &seen).unwrap();
    }
    orders.push(hasty);
    let server = server_of(orders);
    let journal = SqliteJournal::open(folder.path(), "now").unwrap();
    let rig = Rig::start(&server, journal, as_started());
    let mut picture = Picture::default();
    while picture.priced.is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        picture.take(rig.mailbox.take());
    }
    assert!(picture.priced.contains(&number(99)), "{:?}", picture.priced);
}

#[tokio::test(start_paused = true)]
async fn payments_in_flight_are_followed_and_the_list_is_read_beside_a_backlog_of_details() {
    let server = server_of((0..300).map(|n| made_before(n, 60 + n, OrderStatus::Unpaid)).chain([unpaid()]));
    server.with(|server| server.ticketed_after = 2);
    let mut rig = Rig::start(&server, memory(), as_started());
    rig.shows(no()).await;
    rig.pay("119.55");
    let lists = server.with(|server| server.lists);
    rig.until_attempt(|attempt| attempt.state == State::Accepted).await;
    let accepted = rig.clock.now();
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    let took = rig.clock.now().duration_since(accepted);
    assert!(took < SignedDuration::from_secs(20), "{took:?}");
    tokio::time::sleep(Duration::from_secs(90)).await;
    assert!(server.with(|server| server.lists) >= lists + 3, "a round every half minute");
}

#[tokio::test(start_paused = true)]
async fn the_balance_is_known_from_the_start_and_asked_for_again_when_it_was_paid_from() {
    let server = Fake::new(Pays::Accepts);
    let mut rig =
        Rig::start(&server, memory(), Options { sweep_every: Duration::from_secs(600), ..options() });
    let known = rig.until(|update| update.balances.clone()).await;
    assert_eq!(known.values().copied().collect::<Vec<_>>(), [usd("500")]);
    server.with(|server| server.effect_takes = Duration::from_secs(1));
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Sending).await;
    server.with(|server| server.balance = usd("380.45"));
    rig.until_attempt(|attempt| attempt.state == State::Accepted).await;
    let accepted = rig.clock.now();
    let after = rig.until(|update| update.balances.clone()).await;
    assert_eq!(after.values().copied().collect::<Vec<_>>(), [usd("380.45")]);
    assert!(rig.clock.now().duration_since(accepted) < SignedDuration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_balance_that_could_not_be_asked_for_is_asked_for_once_the_vendor_answers() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    server.with(|server| server.failing = true);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(rig.mailbox.take().balances.is_none());
    server.with(|server| server.failing = false);
    rig.until(|update| update.balances.clone()).await;
}
