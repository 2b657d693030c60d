//! Every command has exactly one reply, whatever becomes of it and of the desk.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use fastrand::Rng;
use paydesk::{
    desk::{
        Options,
        hub::{Closed, Command, CommandId, NotBegun, NotRegenerated, NotWorked, Reply, Subscription, Update},
    },
    domain::{
        alert::{Cause, Key},
        attempt::{AttemptId, Decision},
        find::Find,
        group::Group,
        notification::{Kind, Notification, Refusal},
        order::OrderNo,
        payment::{Means, Payment},
        recovery::PaymentPath,
    },
    journal::Journal,
};

use crate::{
    begun::{server, third},
    faulty::{Fault, faulty},
    regenerating::child,
    server::{Fake, Rig, memory, no, options, start, usd},
};

/// The kinds of commands; the last of them ends the desk.
const KINDS: usize = 25;

fn command(kind: usize, order: OrderNo) -> Command {
    match kind {
        0 => Command::Inspect(order),
        1 => Command::RefreshAll,
        2 => Command::Watch(vec![order]),
        3 => pay(AttemptId::generate(), order),
        4 => Command::Regenerate { order, path: PaymentPath::NewDeposit, reason: None },
        5 => Command::Decide {
            id: AttemptId::generate(),
            order,
            decision: Decision::Close,
            note: "so be it".into(),
        },
        6 => Command::Note(order, "asked the traveller".into()),
        7 => Command::Notification(Box::new(Notification {
            kind: Kind::Ticketed,
            order: Some(order),
            id: None,
            error: None,
            raw: "{}".into(),
        })),
        8 => Command::CallRefused(Refusal::NotHttp),
        9 => Command::Commit(order),
        10 => Command::StateConfirmed(order),
        11 => Command::Stop(order),
        12 => Command::BaggageLoss { order, accept: true },
        13 => Command::Take(order),
        14 => Command::TakeOver { order, reason: "they left".into() },
        15 => Command::Release(order),
        16 => Command::Snooze { order, until: start(), reason: "callback".into() },
        17 => Command::Wake(order),
        18 => Command::Handle { order, group: Group::Due },
        19 => Command::Unhandle(order),
        20 => Command::Find(Find::by_form("ZHANG/SAN").unwrap()),
        21 => Command::Raise(vec![alert(order)]),
        22 => Command::Acknowledge(vec![alert(order)]),
        23 => Command::Refresh(order),
        _ => Command::Leave,
    }
}

fn alert(order: OrderNo) -> Key {
    Key { cause: Cause::Deadline(order), step: 5 }
}

/// A new command belongs into the list above.
fn kind(command: &Command) -> usize {
    match command {
        Command::Inspect(_) => 0,
        Command::RefreshAll => 1,
        Command::Watch(_) => 2,
        Command::Pay { .. } => 3,
        Command::Regenerate { .. } => 4,
        Command::Decide { .. } => 5,
        Command::Note(..) => 6,
        Command::Notification(_) => 7,
        Command::CallRefused(_) => 8,
        Command::Commit(_) => 9,
        Command::StateConfirmed(_) => 10,
        Command::Stop(_) => 11,
        Command::BaggageLoss { .. } => 12,
        Command::Take(_) => 13,
        Command::TakeOver { .. } => 14,
        Command::Release(_) => 15,
        Command::Snooze { .. } => 16,
        Command::Wake(_) => 17,
        Command::Handle { .. } => 18,
        Command::Unhandle(_) => 19,
        Command::Find(_) => 20,
        Command::Raise(_) => 21,
        Command::Acknowledge(_) => 22,
        Command::Refresh(_) => 23,
        Command::Leave => KINDS - 1,
    }
}

fn pay(id: AttemptId, order: OrderNo) -> Command {
    let payment = Payment { order, means: Means::Deposit, amount: usd("119.55"), old_payment_seen: false };
    Command::Pay { id, payment: Box::new(payment) }
}

fn stranger() -> OrderNo {
    "TESTA20261103150000009".parse().unwrap()
}

/// The replies that have come for what was asked: each is for one of ours, and none for one twice.
fn replies(mailbox: &Subscription, asked: &[CommandId]) -> BTreeMap<CommandId, Reply> {
    let mut replies = BTreeMap::new();
    for (id, reply) in mailbox.take().replies {
        assert!(asked.contains(&id), "{reply:?} is for somebody else");
        assert_eq!(replies.insert(id, reply), None, "a second reply");
    }
    replies
}

async fn rig(server: &Fake, journal: impl Journal, options: Options) -> Rig {
    let mut rig = Rig::start(server, journal, options);
    for order in [no(), child(), third()] {
        rig.shows(order).await;
    }
    rig
}

/// Asks for one of each kind, the last of which ends the desk; what became of each.
async fn asks_everything(rig: &Rig, order: OrderNo) -> Vec<Reply> {
    let asked: Vec<CommandId> = (0..KINDS).map(|kind| rig.mailbox.ask(command(kind, order))).collect();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let replies = replies(&rig.mailbox, &asked);
    assert_eq!(replies.len(), KINDS, "{replies:?}");
    replies.into_values().collect()
}

#[tokio::test(start_paused = true)]
async fn every_command_has_one_reply_and_it_says_what_became_of_it() {
    for n in 0..KINDS {
        assert_eq!(kind(&command(n, no())), n);
    }
    let rig = rig(&server(), memory(), options()).await;
    let asked: Vec<CommandId> = (0..KINDS - 1)
        .map(|kind| rig.mailbox.ask(command(kind, if kind == 4 { child() } else { no() })))
        .collect();
    // So much at once that the budget makes some of it wait.
    tokio::time::sleep(Duration::from_secs(10)).await;
    let replies = replies(&rig.mailbox, &asked);
    let words: Vec<&str> = replies.values().map(word).collect();
    assert_eq!(
        words,
        [
            "answered",
            "done",
            "done",
            "begun",
            "regenerating",
            "not decided",
            "done",
            "done",
            "done",
            "not committed",
            "not committed",
            "not stopped",
            "loss not decided",
            "done",
            "done",
            "done",
            "done",
            "done",
            "done",
            "done",
            "found",
            "done",
            "done",
            "answered"
        ]
    );
}

fn word(reply: &Reply) -> &'static str {
    match reply {
        Reply::Done => "done",
        Reply::Answered(_) => "answered",
        Reply::Unanswered { .. } => "unanswered",
        Reply::Found { .. } => "found",
        Reply::NotFound { .. } => "not found",
        Reply::Begun(_) => "begun",
        Reply::NotBegun { .. } => "not begun",
        Reply::Regenerating { .. } => "regenerating",
        Reply::NotRegenerated { .. } => "not regenerated",
        Reply::Accepting { .. } => "accepting",
        Reply::LossNotDecided { .. } => "loss not decided",
        Reply::Link { .. } => "link",
        Reply::NotCommitted { .. } => "not committed",
        Reply::Stopping { .. } => "stopping",
        Reply::NotStopped { .. } => "not stopped",
        Reply::NotDecided { .. } => "not decided",
        Reply::NotWorked { .. } => "not worked",
        Reply::NotAcknowledged(_) => "not acknowledged",
        Reply::NotRecorded { .. } => "not recorded",
        Reply::NotTaken => "not taken",
        Reply::Ended => "ended",
    }
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_is_left_replies_to_everything_before_it_ends() {
    // What is asked together with the wish to leave is still taken, and what is only being checked is not begun.
    let rig = rig(&server(), memory(), options()).await;
    let words: Vec<_> = asks_everything(&rig, no()).await.iter().map(word).collect();
    assert_eq!(
        words,
        [
            "answered",
            "done",
            "done",
            "begun",
            "not regenerated",
            "not decided",
            "done",
            "done",
            "done",
            "not committed",
            "not committed",
            "not stopped",
            "loss not decided",
            "done",
            "done",
            "done",
            "done",
            "done",
            "done",
            "done",
            "ended",
            "done",
            "done",
            "answered",
            "done"
        ]
    );
    // And then there is nobody any more.
    let words: Vec<_> = asks_everything(&rig, no()).await.iter().map(word).collect();
    assert_eq!(words, ["not taken"; KINDS]);
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_only_looks_or_cannot_write_says_so_in_its_replies() {
    let read_only = rig(&server(), memory(), Options { read_only: true, ..options() }).await;
    let said = asks_everything(&read_only, no()).await;
    assert_eq!(
        said[3],
        Reply::NotBegun { id: id_of(&said[3]), order: no(), reason: NotBegun::Closed(Closed::ReadOnly) }
    );
    assert_eq!(
        said[4],
        Reply::NotRegenerated { order: no(), reason: NotRegenerated::Closed(Closed::ReadOnly) }
    );
    for kind in [6, 13, 14, 15, 16, 17, 18, 19] {
        assert_eq!(said[kind], Reply::NotWorked { order: no(), reason: NotWorked::ReadOnly });
    }
    assert_eq!([word(&said[21]), word(&said[22])], ["done", "not acknowledged"]);
    let cannot_write = rig(&server(), faulty(Fault::CannotNote).0, options()).await;
    let said = asks_everything(&cannot_write, no()).await;
    assert_eq!(word(&said[6]), "not recorded", "{said:?}");
    assert_eq!(word(&said[22]), "not acknowledged", "{said:?}");
}

fn id_of(reply: &Reply) -> AttemptId {
    match reply {
        Reply::Begun(id) | Reply::NotBegun { id, .. } => *id,
        other => panic!("{other:?} is of no payment"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_breaks_off_says_which_commands_it_had_in_hand() {
    let rig = rig(&server(), faulty(Fault::Breaks).0, options()).await;
    let kinds = [0, 3, 6, 1];
    let asked = kinds.map(|kind| rig.mailbox.ask(command(kind, no())));
    let mut ended = false;
    let mut said = BTreeMap::new();
    while !ended {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let update = rig.mailbox.take();
        said.extend(update.replies);
        ended = update.ended;
    }
    let words: Vec<&str> = asked.iter().map(|id| word(&said[id])).collect();
    // The claim broke it: whether it was written the journal says. Nothing was done of what came after.
    assert_eq!(
        words,
        ["ended", "ended", "not taken", "not taken"],
        "all of them before the end is published"
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_that_cannot_be_asked_for_is_replied_to_whoever_asked() {
    let server = server();
    let rig = rig(&server, memory(), options()).await;
    server.with(|server| server.failing = true);
    let other = rig.handle.subscribe();
    other.take();
    let asked = [rig.mailbox.ask(Command::Inspect(no())), rig.mailbox.ask(Command::Inspect(stranger()))];
    tokio::time::sleep(Duration::from_secs(60)).await;
    let replies = replies(&rig.mailbox, &asked);
    for (id, about) in asked.iter().zip([no(), stranger()]) {
        assert!(
            matches!(replies.get(id), Some(Reply::Unanswered { order, .. }) if *order == about),
            "{replies:?}"
        );
    }
    assert!(other.take().replies.is_empty());
}

#[tokio::test(start_paused = true)]
async fn two_who_ask_the_same_of_one_order_have_a_reply_each() {
    let server = server();
    let rig = rig(&server, memory(), options()).await;
    let (ours, theirs) = (rig.handle.subscribe(), rig.handle.subscribe());
    let ids = [AttemptId::generate(), AttemptId::generate()];
    let asked = [(&ours, ids[0]), (&theirs, ids[1])].map(|(mailbox, id)| {
        [
            Command::Inspect(no()),
            pay(id, no()),
            Command::Regenerate { order: child(), path: PaymentPath::NewDeposit, reason: None },
        ]
        .map(|command| mailbox.ask(command))
    });
    assert_eq!(asked[0], asked[1], "their numbers are of their mailboxes, and may be the same");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let (ours, theirs) = (replies(&ours, &asked[0]), replies(&theirs, &asked[1]));
    let [inspect, pays, regenerates] = asked[0];
    assert_eq!([&ours[&inspect], &theirs[&inspect]], [&Reply::Answered(no()); 2]);
    assert_eq!(ours[&pays], Reply::Begun(ids[0]));
    let Reply::NotBegun { id, reason: NotBegun::Blocked(holder), .. } = &theirs[&pays] else {
        panic!("{theirs:?}")
    };
    assert_eq!((*id, holder.id), (ids[1], ids[0]));
    assert_eq!(word(&ours[&regenerates]), "regenerating");
    assert_eq!(ours[&regenerates], theirs[&regenerates], "both replies name the one that is on its way");
    server.with(|server| assert_eq!((server.pay_requests, server.regenerated), (1, 1)));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_on_its_way_already_is_none_to_a_later_question() {
    let server = server();
    let mut rig = rig(&server, memory(), options()).await;
    server.with(|server| server.query_takes = Duration::from_secs(2));
    let first = rig.mailbox.ask(Command::Inspect(no()));
    rig.pass(1).await;
    let second = rig.mailbox.ask(Command::Inspect(no()));
    tokio::time::sleep(Duration::from_millis(500)).await;
    for asked in [first, second] {
        rig.pass(1).await;
        let replies = &rig.seen.last().unwrap().replies;
        assert_eq!(replies.as_slice(), [(asked, Reply::Answered(no()))]);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_while_the_first_answer_is_on_its_way_gets_the_balance_too() {
    let server = server();
    server.with(|server| server.query_takes = Duration::from_secs(2));
    let mut rig = Rig::start(&server, memory(), options());
    rig.until(|update| update.cases.first().map(|_| ())).await;
    let asked = rig.mailbox.ask(Command::Inspect(no()));
    rig.pass(8).await;
    let update = rig.seen.last().unwrap();
    assert_eq!(update.replies, [(asked, Reply::Answered(no()))]);
    assert!(update.balances.is_some(), "the currency was not known when it was asked");
}

#[tokio::test(start_paused = true)]
async fn a_reply_never_comes_before_what_it_speaks_of() {
    let rig = rig(&server(), memory(), options()).await;
    let mailbox = Arc::new(rig.handle.subscribe());
    mailbox.take();
    let seen = Arc::<Mutex<Vec<Update>>>::default();
    mailbox.on_filled({
        // Takes everything by itself, as it is put in.
        let (mailbox, seen) = (Arc::downgrade(&mailbox), Arc::clone(&seen));
        move || seen.lock().unwrap().push(mailbox.upgrade().unwrap().take())
    });
    let id = AttemptId::generate();
    mailbox.ask(pay(id, no()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let seen = seen.lock().unwrap();
    let shown = |update: &Update| update.cases.iter().any(|case| case.lineage.attempt(id).is_some());
    let said = |update: &Update| update.replies.iter().any(|(_, reply)| *reply == Reply::Begun(id));
    let (shown, said) = (seen.iter().position(shown), seen.iter().position(said));
    assert!(shown.is_some() && shown < said, "{shown:?} {said:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_is_asked_in_whatever_order_is_replied_to_once() {
    for seed in 0..300 {
        let mut random = Rng::with_seed(seed);
        let server = server();
        server.with(|server| server.silent.insert(stranger()));
        let fault = [None, Some(Fault::Breaks), Some(Fault::CannotNote), Some(Fault::CannotBegin)];
        let fault = *random.choice(&fault).unwrap();
        let rig = match fault {
            Some(fault) => Rig::start(&server, faulty(fault).0, options()),
            None => Rig::start(&server, memory(), options()),
        };
        let mailboxes = [rig.handle.subscribe(), rig.handle.subscribe()];
        let mut asked = [Vec::new(), Vec::new()];
        for _ in 0..random.usize(5..40) {
            let who = random.usize(..2);
            let order = *random.choice(&[no(), child(), third(), stranger()]).unwrap();
            // Nobody leaves yet.
            asked[who].push(mailboxes[who].ask(command(random.usize(..KINDS - 1), order)));
            if random.u8(..3) == 0 {
                tokio::time::sleep(Duration::from_millis(random.u64(1..4_000))).await;
            }
            if random.u8(..10) == 0 {
                let (failing, takes) = (random.u8(..3) == 0, random.u64(0..20_000));
                server.with(|server| {
                    server.failing = failing;
                    server.query_takes = Duration::from_millis(takes);
                });
            }
        }
        rig.handle.send(Command::Leave);
        let after = mailboxes[0].ask(command(random.usize(..KINDS), no()));
        asked[0].push(after);
        tokio::time::sleep(Duration::from_secs(60)).await;
        for (mailbox, asked) in mailboxes.iter().zip(&asked) {
            let replies = replies(mailbox, asked);
            assert_eq!(replies.len(), asked.len(), "seed {seed}, {fault:?}");
        }
    }
}
