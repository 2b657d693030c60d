//! The hub between the desk and its listeners: each has a mailbox of its own, whoever comes late begins with the
//! present, and nobody delays anybody.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use fastrand::Rng;
use paydesk::{
    atlas::ReadError,
    desk::{
        health::{Health, Notice},
        hub::{Command, Handle, Reply, Subscription, Update},
    },
    domain::{case::Case, order::OrderNo},
};
use rig::{Sketch, case, money, noon, number};

/// The `n`th order, with so many minutes left.
fn order(n: u32, minutes_left: i64) -> Arc<Case> {
    Arc::new(case(&Sketch { n, minutes_left, ..Sketch::default() }))
}

fn cases(cases: Vec<Arc<Case>>) -> Update {
    Update { cases, ..Update::default() }
}

fn health(failures: u32) -> Update {
    Update { health: Some(Health { failures, ..Health::default() }), ..Update::default() }
}

fn notice(n: u32) -> Notice {
    Notice::HeldBack { order: number(n), error: ReadError::NoSuchOrder, again_at: noon() }
}

fn ended() -> Update {
    Update { ended: true, ..Update::default() }
}

#[test]
fn each_listener_gets_everything_and_takes_nothing_from_another() {
    let (handle, _commands, hub) = Handle::pair();
    let listeners = [handle.subscribe(), handle.subscribe(), handle.clone().subscribe()];
    let balances = Arc::new(BTreeMap::from([(money("1", "USD").currency, money("1", "USD"))]));
    hub.publish(&cases(vec![order(1, 20), order(2, 20)]));
    hub.publish(&Update { balances: Some(balances), notices: vec![notice(2)], ..health(3) });
    hub.publish(&ended());
    for listener in &listeners {
        let update = listener.take();
        let numbers: Vec<OrderNo> = update.cases.iter().map(|case| case.order.no).collect();
        assert_eq!(numbers, [number(1), number(2)]);
        assert_eq!(update.health.unwrap().failures, 3);
        assert_eq!(update.balances.unwrap().len(), 1);
        assert_eq!((update.notices, update.missed), (vec![notice(2)], 0));
        assert!(update.ended);
        assert!(listener.take().is_empty());
    }
}

#[test]
fn whoever_comes_late_begins_with_the_present() {
    let (handle, _commands, hub) = Handle::pair();
    let first = handle.subscribe();
    hub.publish(&cases(vec![order(1, 20), order(2, 20)]));
    hub.publish(&Update { notices: vec![notice(1)], ..health(3) });
    hub.publish(&cases(vec![order(2, 5)]));
    first.take();
    hub.publish(&health(0));
    let late = handle.subscribe().take();
    let left = |case: &Arc<Case>| (case.order.no, case.order.deadline().unwrap());
    let newest: Vec<_> = [order(1, 20), order(2, 5)].iter().map(left).collect();
    assert_eq!(late.cases.iter().map(left).collect::<Vec<_>>(), newest);
    assert_eq!(late.health.unwrap().failures, 0);
    assert!(late.notices.is_empty(), "what was said once was said");
    hub.publish(&ended());
    assert!(handle.subscribe().take().ended, "whoever comes too late learns that too");
}

#[test]
fn a_slow_listener_keeps_the_newest_of_each_order_and_the_last_notices_and_counts_what_it_missed() {
    let (handle, _commands, hub) = Handle::pair();
    let (slow, quick) = (handle.subscribe(), handle.subscribe());
    for n in 0..5_000 {
        hub.publish(&Update { notices: vec![notice(n)], ..cases(vec![order(n % 7, i64::from(n))]) });
        assert_eq!(quick.take().notices, [notice(n)], "nobody is delayed");
    }
    let update = slow.take();
    let deadlines = update.cases.iter().map(|case| case.order.deadline().unwrap());
    let newest = (4_993..5_000).map(|n| order(1, n).order.deadline().unwrap());
    let (mut deadlines, newest): (Vec<_>, Vec<_>) = (deadlines.collect(), newest.collect());
    deadlines.sort_unstable();
    assert_eq!(deadlines, newest);
    assert_eq!((update.notices.len(), update.missed), (200, 4_800));
    assert_eq!(update.notices.last(), Some(&notice(4_999)));
    hub.publish(&Update { notices: vec![notice(1)], ..Update::default() });
    assert_eq!(slow.take().missed, 0, "that is said once");
}

#[test]
fn a_listener_that_has_gone_is_forgotten_with_all_that_waited_for_it() {
    let (handle, _commands, hub) = Handle::pair();
    let (stays, goes) = (handle.subscribe(), handle.subscribe());
    let (token, woken) = (Arc::new(()), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&woken);
    goes.on_filled({
        let token = Arc::clone(&token);
        move || {
            count.fetch_add(Arc::strong_count(&token), Ordering::SeqCst);
        }
    });
    let one = order(1, 20);
    hub.publish(&cases(vec![Arc::clone(&one)]));
    assert_eq!(Arc::strong_count(&one), 1 + 1 + 2, "here, in the present, and in two mailboxes");
    drop(goes);
    assert_eq!((Arc::strong_count(&one), Arc::strong_count(&token)), (1 + 1 + 1, 1));
    let before = woken.load(Ordering::SeqCst);
    hub.publish(&cases(vec![Arc::clone(&one)]));
    assert_eq!(woken.load(Ordering::SeqCst), before);
    assert_eq!(stays.take().cases.len(), 1);
}

#[test]
fn a_change_costs_what_changed_and_not_what_exists() {
    let (handle, _commands, hub) = Handle::pair();
    let listeners: Vec<Subscription> = (0..3).map(|_| handle.subscribe()).collect();
    let all: Vec<Arc<Case>> = (0..10_000).map(|n| order(n, 20)).collect();
    hub.publish(&cases(all.clone()));
    for listener in &listeners {
        assert_eq!(listener.take().cases.len(), 10_000);
    }
    let held = |cases: &[Arc<Case>]| cases.iter().map(Arc::strong_count).sum::<usize>();
    assert_eq!(held(&all), 2 * 10_000, "here and in the present");
    let changed = order(77, 5);
    hub.publish(&cases(vec![Arc::clone(&changed)]));
    assert_eq!(held(&all), 2 * 10_000 - 1, "no other case was touched");
    assert_eq!(Arc::strong_count(&changed), 1 + 1 + 3);
    assert!(listeners.iter().all(|listener| listener.take().cases.len() == 1));
}

/// What a listener knows after all that it took.
#[derive(Debug, Default, PartialEq)]
struct Known {
    cases: BTreeMap<OrderNo, Arc<Case>>,
    failures: u32,
    ended: bool,
}

impl Known {
    fn take_in(&mut self, update: Update) {
        self.cases.extend(update.cases.into_iter().map(|case| (case.order.no, case)));
        self.failures = update.health.map_or(self.failures, |health| health.failures);
        self.ended |= update.ended;
    }
}

#[test]
fn whenever_listeners_come_take_and_go_each_knows_the_newest_in_the_end() {
    for seed in 0..500 {
        let mut random = Rng::with_seed(seed);
        let (handle, _commands, hub) = Handle::pair();
        let mut listeners: Vec<(Subscription, Known, usize)> = Vec::new();
        let (mut truth, mut said) = (Known::default(), 0);
        for step in 0..random.u32(20..200) {
            match random.u8(..10) {
                0 if listeners.len() < 5 => listeners.push((handle.subscribe(), Known::default(), said)),
                1 if !listeners.is_empty() => drop(listeners.swap_remove(random.usize(..listeners.len()))),
                2..=4 => {
                    if let Some((mailbox, known, received)) = listeners.last_mut() {
                        let update = mailbox.take();
                        *received += update.notices.len() + update.missed;
                        known.take_in(update);
                    }
                }
                _ => {
                    let notices = vec![notice(step)];
                    let changed = (0..random.u32(..4)).map(|_| order(random.u32(..9), random.i64(1..60)));
                    let update = Update { notices, ..cases(changed.collect()) };
                    let update = Update { health: health(step).health.filter(|_| random.bool()), ..update };
                    hub.publish(&update);
                    truth.take_in(update);
                    said += 1;
                }
            }
        }
        for (mailbox, mut known, received) in listeners {
            let update = mailbox.take();
            let received = received + update.notices.len() + update.missed;
            known.take_in(update);
            assert_eq!((&known, received), (&truth, said), "seed {seed}");
        }
    }
}

#[test]
fn a_listener_that_comes_late_is_woken_for_what_waits() {
    let (handle, _commands, hub) = Handle::pair();
    let (mailbox, woken) = (handle.subscribe(), Arc::new(AtomicUsize::new(0)));
    hub.publish(&ended());
    let count = Arc::clone(&woken);
    mailbox.on_filled(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    assert_eq!(woken.load(Ordering::SeqCst), 1);
    hub.publish(&ended());
    assert_eq!(woken.load(Ordering::SeqCst), 1, "it has been woken and has not taken yet");
    assert!(mailbox.take().ended);
    hub.publish(&ended());
    assert_eq!(woken.load(Ordering::SeqCst), 2);
    mailbox.take();
    hub.publish(&Update::default());
    assert_eq!(woken.load(Ordering::SeqCst), 2, "nothing is no news");
}

#[test]
fn whoever_waits_gets_what_is_published_meanwhile_and_nothing_when_nothing_is() {
    let (handle, _commands, hub) = Handle::pair();
    let mailbox = handle.subscribe();
    assert!(mailbox.wait(Duration::ZERO).is_empty());
    let waits = thread::spawn(move || mailbox.wait(Duration::from_secs(60)));
    hub.publish(&ended());
    assert!(waits.join().unwrap().ended);
}

#[test]
fn a_command_that_nobody_takes_has_one_reply_that_says_so() {
    let (handle, commands, _hub) = Handle::pair();
    let (ours, theirs) = (handle.subscribe(), handle.subscribe());
    let on_its_way = ours.ask(Command::Inspect(number(1)));
    assert!(handle.send(Command::RefreshAll), "it may still be taken");
    assert!(ours.take().is_empty());
    drop(commands);
    let too_late = ours.ask(Command::RefreshAll);
    assert!(!handle.send(Command::RefreshAll));
    assert_ne!(on_its_way, too_late);
    assert_eq!(ours.take().replies, [(on_its_way, Reply::NotTaken), (too_late, Reply::NotTaken)]);
    assert!(theirs.take().is_empty(), "a reply is for whoever asked");
    drop(ours);
    assert!(theirs.wait(Duration::ZERO).is_empty());
}
