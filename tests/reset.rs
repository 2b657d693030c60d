//! A desk before the real simulator, whose story is begun again: the orders of the old story leave the open queues.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod sample;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use paydesk::{
    atlas::{Client, Endpoint},
    clock::Clock,
    desk::{
        self, Options,
        hub::{Command, Handle},
    },
    domain::{
        case::Case,
        moment::Boot,
        order::{OrderNo, OrderStatus},
        triage::{Group, Queue},
    },
    journal::sqlite::SqliteJournal,
    sim,
};
use secrecy::SecretString;

/// So many seconds of the desk go by in one.
const PACE: u32 = 20;

/// A clock that hurries, so that a test need not wait for what the desk waits for.
#[derive(Clone, Copy)]
struct Hurried(Timestamp, Instant);

impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        self.0 + self.uptime()
    }

    fn uptime(&self) -> Duration {
        self.1.elapsed() * PACE
    }

    fn boot(&self) -> Boot {
        Boot(1)
    }

    async fn sleep(&self, pause: Duration) {
        tokio::time::sleep(pause / PACE).await;
    }
}

fn client(simulator: &sim::Running) -> Client {
    Client::new(&Endpoint {
        base_url: format!("http://{}", simulator.addr),
        client_id: "demo".into(),
        client_secret: SecretString::from("demo"),
        pay_timeout: Endpoint::PAY_TIMEOUT,
        proxy: None,
        authorities: Vec::new(),
    })
    .unwrap()
}

#[tokio::test]
async fn after_a_reset_only_the_new_orders_and_those_with_money_on_them_stand_in_open_queues() {
    let simulator = sim::spawn(sample::story("calm-desk", Some(40), 1.0)).unwrap();
    let (handle, commands, hub) = Handle::pair();
    let mailbox = handle.subscribe();
    let clock = Hurried(Timestamp::now(), Instant::now());
    // As the demo sets them.
    let options =
        Options { requests_per_minute: 1_200, sweep_every: Duration::from_secs(2), ..sample::options() };
    let journal = SqliteJournal::in_memory().unwrap();
    tokio::spawn(desk::run(client(&simulator), journal, clock, options, commands, hub));
    let mut cases: HashMap<OrderNo, Arc<Case>> = HashMap::new();
    let pass = async |cases: &mut HashMap<OrderNo, Arc<Case>>, seconds: u32| {
        for _ in 0..seconds {
            tokio::time::sleep(Duration::from_secs(1) / PACE).await;
            cases.extend(mailbox.take().cases.into_iter().map(|case| (case.order.no, case)));
        }
    };
    pass(&mut cases, 30).await;
    let old: Vec<OrderNo> = cases.keys().copied().collect();
    assert_eq!(old.len(), 40);
    let reset = format!("http://{}/_sim/reset", simulator.addr);
    let answer = reqwest::Client::new().post(reset).body(r#"{"seed":8}"#).send().await.unwrap();
    assert!(answer.status().is_success());
    assert!(handle.send(Command::RefreshAll), "as the console does once it knows");
    pass(&mut cases, 50).await;
    assert_eq!(cases.len(), 80, "the old ones are not forgotten");
    let now = Timestamp::now();
    let is_old = |case: &&Arc<Case>| old.contains(&case.order.no);
    for case in cases.values().filter(is_old) {
        let group = Group::of(case, now);
        let (is_done, is_paid) = (
            Queue::Done.holds(group),
            matches!(case.order.status, OrderStatus::Ticketing | OrderStatus::Ticketed),
        );
        assert!(is_done || is_paid, "{group:?} {:?}", case.order);
        assert!(case.order.status == OrderStatus::Ticketed || case.missing().is_some(), "{:?}", case.order);
        assert_eq!(case.is_gone(), !is_paid, "{:?}", case.order);
    }
    assert!(cases.values().filter(is_old).filter(|case| case.is_gone()).count() > 20);
    assert!(cases.values().filter(|case| !old.contains(&case.order.no)).all(|case| case.missing().is_none()));
}
