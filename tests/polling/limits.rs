//! What the poller never does, however much there is to ask.

use std::time::Duration;

use paydesk::{
    desk::hub::Command,
    domain::notification::{Kind, Notification},
};

use crate::{
    simulation::{begin, desk, hours, options},
    vendor::Vendor,
};

#[tokio::test(start_paused = true)]
async fn a_limit_is_obeyed_and_what_waited_meanwhile_does_not_come_in_a_burst() {
    let desk = desk(10_000, 60);
    let vendor = Vendor::new(10_000, desk.lookback, hours(1), 7);
    let (_handle, _mailbox) = begin(&vendor, options(&desk, 7));
    // In the middle of the first look at everything, with a hundred prices to ask for.
    tokio::time::sleep(Duration::from_secs(100)).await;
    let until = vendor.now() + 45.0;
    vendor.with(|state| state.limited_until = Some(until));
    tokio::time::sleep(Duration::from_secs(200)).await;
    let arrivals = vendor.with(|state| state.arrivals.clone());
    let refused = arrivals.iter().copied().find(|at| *at >= until - 45.0).unwrap();
    // Some were on their way when the first one was refused.
    let early = arrivals.iter().filter(|at| (refused + 1.0..until).contains(*at)).count();
    assert_eq!(early, 0, "nothing while it lasts");
    let after =
        |from: f64, to: f64| arrivals.iter().filter(|at| (until + from..until + to).contains(*at)).count();
    assert!(after(0.0, 10.0) >= 1, "it goes on");
    for from in 0..50 {
        let from = f64::from(from);
        assert!(after(from, from + 6.0) <= 7, "{} in six seconds, {from} s later", after(from, from + 6.0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_what_a_person_does_is_never_behind_what_can_wait() {
    let desk = desk(10_000, 60);
    let vendor = Vendor::new(10_000, desk.lookback, hours(1), 7);
    let (handle, mailbox) = begin(&vendor, options(&desk, 7));
    tokio::time::sleep(Duration::from_secs(100)).await;
    drop(mailbox.take());
    let wanted: Vec<_> = vendor.with(|state| {
        let seen = state.orders.iter().filter(|order| order.seen.is_some());
        seen.map(|order| order.no).step_by(97).take(8).collect()
    });
    let before = vendor.with(|state| (state.arrivals.len(), state.queries));
    for order in &wanted {
        handle.send(Command::Inspect(*order));
    }
    tokio::time::sleep(Duration::from_secs(8)).await;
    let freshly = |no| vendor.with(|state| state.orders.iter().find(|order| order.no == no).unwrap().shown);
    let now = vendor.now();
    let late: Vec<_> = wanted.iter().filter(|no| freshly(**no).is_none_or(|at| at < now - 8.0)).collect();
    assert!(late.is_empty(), "{late:?}");
    // Those that were on their way, and what the minute still had for others.
    let after = vendor.with(|state| state.arrivals.len() - before.0);
    assert!(after <= wanted.len() + 6, "{after} requests in eight seconds");
}

#[tokio::test(start_paused = true)]
async fn a_notification_of_an_order_that_no_list_has_shown_asks_for_it_at_once() {
    let desk = desk(1_000, 60);
    let vendor = Vendor::new(1_000, desk.lookback, hours(1), 7);
    vendor.list_late(1_000, 7);
    let (handle, _mailbox) = begin(&vendor, options(&desk, 7));
    tokio::time::sleep(Duration::from_secs(600)).await;
    let now = vendor.now();
    let find = |no| vendor.with(|state| state.orders.iter().find(|order| order.no == no).unwrap().seen);
    let hidden = vendor.with(|state| {
        let made = state.orders.iter().filter(|order| order.created > 0.0 && order.created < now);
        made.map(|order| order.no).next().unwrap()
    });
    assert_eq!(find(hidden), None, "the list will show it in some minutes");
    handle.send(Command::Notification(Box::new(Notification {
        kind: Kind::Ticketed,
        order: Some(hidden),
        id: Some("n1".into()),
        error: None,
        raw: format!("{{\"orderNo\":\"{hidden}\"}}"),
    })));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(find(hidden).is_some_and(|at| at <= now + 1.0), "{:?}", find(hidden));
}

#[tokio::test(start_paused = true)]
async fn polling_a_hundred_orders_every_ten_seconds_with_nothing_changed_says_nothing() {
    let mut desk = desk(100, 60);
    desk.every = Duration::from_secs(10);
    // No order is made any more, and all have gone their way.
    let vendor = Vendor::new(100, desk.lookback, Duration::ZERO, 7);
    let (_handle, mailbox) = begin(&vendor, options(&desk, 7));
    tokio::time::sleep(hours(8)).await;
    drop(mailbox.take());
    let before = vendor.with(|state| (state.pages, state.queries));
    let mut said = 0;
    for _ in 0..600 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let update = mailbox.take();
        said += update.cases.len() + update.remembered.len() + update.notices.len();
    }
    let after = vendor.with(|state| (state.pages, state.queries));
    assert_eq!((said, after.1 - before.1), (0, 0), "no order, no notice; nothing but the list is asked for");
    assert!(after.0 - before.0 <= 62, "{} pages in ten minutes", after.0 - before.0);
}
