//! Days on which one thing is ill and everything else is well: how soon the desk sees clearly again, and whether the
//! illness of one order is felt by the others (L2, L3, L5).

use std::time::Duration;

use paydesk::{
    desk::{self, hub::Command},
    domain::{method::PaymentMethod, notification::Kind, order::OrderNo},
};

use super::{
    fuse::Fuse,
    net::Net,
    operator::{means, notification, order_to_pay},
    options,
    server::{Fate, due},
    store::Disk,
    world::{Day, Ill, Machine},
};

const NEVER: Duration = Duration::from_secs(1_000_000);

/// A desk with some orders, one of which is paid at once and is not ticketed for as long as the day lasts.
struct Morning {
    day: Day,
    handle: desk::hub::Handle,
    orders: Vec<OrderNo>,
    _disk: Disk,
}

async fn morning(seed: u64) -> Morning {
    let day = Day::calm(seed, None);
    let mut disk = Disk::new(&day);
    let orders: Vec<OrderNo> = {
        let mut world = day.world();
        let some = world.random.u64(2..8);
        (0..some).map(|_| world.server.sell(NEVER, 100, &[], Fate::Tickets(NEVER))).collect()
    };
    let machine = Machine::new(&day, 0);
    let (handle, commands, hub) = desk::hub::Handle::pair();
    let fuse = Fuse::new(None);
    day.world().running.insert("program".into());
    let store = disk.open("program", &fuse);
    let net = Net { day: day.clone(), fuse, disk: disk.clone() };
    tokio::spawn(desk::run(net, store, machine, options(seed), commands, hub));
    tokio::time::sleep(Duration::from_secs(10)).await;
    let pay = order_to_pay(
        &day,
        orders[0],
        means(PaymentMethod::Deposit, "", false),
        due(PaymentMethod::Deposit, 100),
    );
    handle.send(pay);
    tokio::time::sleep(Duration::from_secs(90)).await;
    assert_eq!(day.world().server.charges.len(), 1, "seed {seed}");
    Morning { day, handle, orders, _disk: disk }
}

fn on_days(days: u64, day: impl AsyncFn(u64)) {
    for seed in 0..days {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(day(seed));
    }
}

/// Orders that nobody was shown since `then`.
fn unseen(morning: &Morning, then: Duration) -> Vec<OrderNo> {
    let world = morning.day.world();
    let is_old = |order: &&OrderNo| world.shown.get(order).is_none_or(|(last, _)| *last < then);
    morning.orders.iter().filter(is_old).copied().collect()
}

#[test]
fn after_an_outage_all_orders_are_fresh_within_two_rounds_and_during_it_nobody_storms() {
    on_days(100, async |seed| {
        let morning = morning(seed).await;
        let begins = morning.day.world().now();
        let lasts = Duration::from_secs(60 + seed * 37);
        let ends = begins + lasts;
        morning.day.world().ill = Ill::Outage(begins..ends);
        tokio::time::sleep(lasts).await;
        let asked = morning.day.world().asked.iter().filter(|at| **at >= begins).count();
        let most = usize::try_from(lasts.as_secs() / 30).expect("a count") + 8;
        assert!((1..=most).contains(&asked), "seed {seed}: {asked} requests in {lasts:?}");
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(unseen(&morning, ends), [], "seed {seed}: L2");
        let burst = morning.day.world().asked.iter().filter(|at| **at >= ends).count();
        assert!(burst < 60, "seed {seed}: {burst} requests in the minute after");
    });
}

#[test]
fn a_machine_that_wakes_looks_at_everything_at_once() {
    on_days(100, async |seed| {
        let morning = morning(seed).await;
        morning.day.world().sleep(Duration::from_secs(60 + seed * 300));
        let woke = morning.day.world().now();
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(unseen(&morning, woke), [], "seed {seed}: L3");
    });
}

/// No order was out of sight for longer than two rounds (L5).
fn all_were_seen(morning: &Morning, seed: u64) {
    let world = morning.day.world();
    for order in &morning.orders {
        let (_, longest) = world.shown[order];
        assert!(longest <= Duration::from_secs(60), "seed {seed}: L5: {order} was not seen for {longest:?}");
    }
}

#[test]
fn orders_that_cannot_be_asked_for_delay_no_other() {
    on_days(60, async |seed| {
        let morning = morning(seed).await;
        // The one that is paid and followed, and more: refused at once, or never answered.
        let last = usize::try_from(seed).expect("a number") % morning.orders.len();
        let sick = morning.orders[..=last].to_vec();
        let slow = Duration::from_secs(if seed % 2 == 0 { 0 } else { 15 });
        morning.day.world().ill = Ill::Orders(sick, slow);
        for order in &morning.orders {
            morning.handle.send(Command::Inspect(*order));
        }
        tokio::time::sleep(Duration::from_secs(1_800)).await;
        all_were_seen(&morning, seed);
    });
}

#[test]
fn a_flood_of_notifications_delays_no_order_and_spends_no_budget() {
    on_days(10, async |seed| {
        let morning = morning(seed).await;
        let begins = morning.day.world().now();
        for round in 0..3_000_u32 {
            let order = if round % 3 == 0 { morning.orders[0] } else { stranger(round) };
            morning.handle.send(notification(Kind::Ticketed, order, Some(round)));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        all_were_seen(&morning, seed);
        // One query in two seconds for the known order, one in a minute for all the strangers, and what is asked anyway.
        let asked = morning.day.world().asked.iter().filter(|at| **at >= begins).count();
        assert!(asked < 150 + 5 + 60, "seed {seed}: {asked} requests in five minutes");
    });
}

fn stranger(n: u32) -> OrderNo {
    format!("TESTZ2026110314{n:06}").parse().expect("a number")
}
