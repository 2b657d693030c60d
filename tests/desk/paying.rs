//! A payment from the claim to its end, with whatever may come between.

use std::time::Duration;

use jiff::SignedDuration;
use paydesk::{
    clock::{Clock, TokioClock},
    desk::hub::{Command, NotBegun, Reply},
    domain::{
        attempt::{Attempt, Doubt, Gate, NotSent, Snapshot, State},
        card::{CardBrand, MaskedCard},
        method::{Part, PaymentMethod, TakenFrom},
        order::{OrderNo, OrderStatus},
        story::{Happening, OperatorAction, What},
    },
    journal::{BlockingJournal, sqlite::SqliteJournal},
};

use crate::{
    faulty::{Fault, Late, faulty},
    others::claimed,
    sample::{self, Stands},
    server::{Fake, LATENCY, Pays, Rig, Server, memory, no, options, start, usd},
};

#[tokio::test(start_paused = true)]
async fn an_order_is_found_by_a_sweep_and_its_details_by_one_query() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    server.with(|server| {
        assert_eq!(server.queries, 1, "details are asked for once");
        assert!((4..=7).contains(&server.lists), "a sweep each 15 s, not {}", server.lists);
    });
}

#[tokio::test(start_paused = true)]
async fn answers_that_say_nothing_new_publish_how_fresh_they_are_and_no_case() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    // Selected, so that it is asked for every twenty seconds.
    rig.handle.send(Command::Watch(vec![no()]));
    let (mut cases, mut fresh) = (0, Vec::new());
    for _ in 0..120 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let update = rig.mailbox.take();
        cases += update.cases.len();
        fresh.extend(update.fresh.into_iter().map(|(_, fresh)| fresh.asked_at));
    }
    assert_eq!(cases, 0, "a sweep each 15 s and a query each 20 s brought nothing new");
    assert!((5..=7).contains(&fresh.len()) && fresh.is_sorted(), "{fresh:?}");
}

#[tokio::test(start_paused = true)]
async fn a_payment_is_followed_from_the_claim_to_the_ticket() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    let id = rig.pay("119.55");
    let attempt = rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    assert_eq!((attempt.id, attempt.amount), (id, usd("119.55")));
    server.with(|server| assert_eq!((server.pay_requests, server.applied), (1, 1)));
    let mut words: Vec<&str> = Vec::new();
    for case in rig.seen.iter().flat_map(|update| &update.cases) {
        words.extend(case.lineage.attempts.iter().map(|attempt| attempt.state.word()));
    }
    words.dedup();
    let order = ["accepted", "paid", "ticketed"].map(|word| words.iter().position(|seen| *seen == word));
    assert!(order.is_sorted() && order.iter().all(Option::is_some), "{words:?}");
}

#[tokio::test(start_paused = true)]
async fn what_the_desk_writes_itself_is_published_once() {
    // A journal that was empty at the start must not look like one that was never read.
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.handle.send(Command::Note(no(), "asked the traveller".into()));
    for _ in 0..3 {
        rig.mailbox.ask(Command::Inspect(no()));
        tokio::time::sleep(Duration::from_secs(20)).await;
    }
    let published = rig
        .until(|update| {
            let case = update.cases.iter().find(|case| !case.story.is_empty())?;
            let is_note = |happening: &&std::sync::Arc<Happening>| {
                matches!(happening.what, What::OperatorAction(OperatorAction::Noted(_)))
            };
            Some(case.story.iter().filter(is_note).count())
        })
        .await;
    assert_eq!(published, 1);
}

#[tokio::test(start_paused = true)]
async fn refusals_of_a_card_are_counted_over_all_orders_and_from_the_journal() {
    let mut journal = memory();
    let card = MaskedCard::from_parts(Some(CardBrand::Visa), "1111").unwrap();
    for nth in 1..=3 {
        let other: OrderNo = format!("TESTA2026110314150{nth:04}").parse().unwrap();
        let mut attempt = Attempt::restore(Snapshot {
            method: PaymentMethod::Vcc,
            card: Some(card),
            ..sample::claimed(other, start())
        });
        journal.claim(&attempt).unwrap();
        for state in [State::Sending, State::Refused(413), State::Rejected(413)] {
            let next = attempt.in_state(state);
            journal.advance(&next, &attempt.state).unwrap();
            attempt = next;
        }
    }
    let mut rig = Rig::start(&Fake::new(Pays::Accepts), journal, options());
    let refusals = rig.until(|update| update.refusals.clone()).await;
    assert_eq!(refusals.of(card, start()), 3);
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_the_journal_did_not_take_is_shown_counted_and_followed() {
    let server = Fake::new(Pays::Accepts);
    let (journal, _) = faulty(Fault::FullOnce);
    let mut rig = Rig::start(&server, journal, options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Accepted).await;
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    let health = rig.seen.iter().rev().find_map(|update| update.health.clone()).unwrap();
    assert_eq!((health.unwritten, health.paying_off.is_some()), (1, true));
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_after_a_write_that_took_too_long() {
    let half_an_hour = SignedDuration::from_mins(30);
    let two_seconds = SignedDuration::from_secs(2);
    for (seconds, left, why) in
        [(11, half_an_hour, Gate::CheckTooOld), (5, two_seconds, Gate::DeadlinePassed)]
    {
        let server = Fake::new(Pays::Accepts);
        server.with(|server| {
            let details = server.orders.get_mut(&no()).unwrap().details.as_mut().unwrap();
            details.deadline = Some(start() + left);
        });
        let (journal, waited) = faulty(Fault::Slow(seconds));
        let clock = Late(TokioClock::starting_at(start()), waited);
        let mut rig = Rig::on(&server, journal, clock, options());
        rig.until_details().await;
        rig.pay("119.55");
        let attempt = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
        assert_eq!((attempt.state.clone(), attempt.sent), (State::NotSent(NotSent::Gate(why)), None));
        server.with(|server| assert_eq!(server.pay_requests, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_that_could_not_be_written_down_before() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, faulty(Fault::CannotSend).0, options());
    rig.until_details().await;
    rig.pay("119.55");
    let attempt = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
    assert_eq!(attempt.sent, None);
    tokio::time::sleep(Duration::from_secs(30)).await;
    server.with(|server| assert_eq!(server.pay_requests, 0));
}

#[tokio::test(start_paused = true)]
async fn what_happens_during_the_second_check_keeps_the_request_from_leaving() {
    type Happens = fn(&Fake, &Rig);
    let happens: [(&str, Happens); 3] = [
        ("leaving", |_, rig| assert!(rig.handle.send(Command::Leave))),
        ("paying_off", |_, rig| {
            rig.handle.send(Command::Note(no(), "asked the traveller".into()));
        }),
        ("newer_answer", |server, rig| {
            server.with(|server| server.query_takes = LATENCY);
            rig.mailbox.ask(Command::Inspect(no()));
        }),
    ];
    for (why, happens) in happens {
        let server = Fake::new(Pays::Accepts);
        let mut rig = Rig::start(&server, faulty(Fault::CannotNote).0, options());
        rig.until_details().await;
        server.with(|server| server.query_takes = Duration::from_secs(3));
        rig.pay("119.55");
        tokio::time::sleep(Duration::from_secs(1)).await;
        happens(&server, &rig);
        let attempt = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
        let State::NotSent(NotSent::Gate(gate)) = &attempt.state else {
            panic!("{why}: {:?}", attempt.state)
        };
        assert_eq!(gate.word(), why, "{gate:?}");
        server.with(|server| assert_eq!(server.pay_requests, 0, "{why}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_breaks_off_says_so_and_sends_nothing() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, faulty(Fault::Breaks).0, options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until(|update| update.ended.then_some(())).await;
    assert!(!rig.handle.send(Command::RefreshAll), "nobody takes commands any more");
    server.with(|server| assert_eq!(server.pay_requests, 0));
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_a_list_shows_cancelled_is_asked_about_at_once() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.ticketed_after = 1_000);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Paid).await;
    // By now the queries are half a minute apart, and the sweeps a quarter.
    tokio::time::sleep(Duration::from_secs(120)).await;
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled);
    let (mut listed, mut closed) = (None, None);
    while closed.is_none() {
        let update = rig.mailbox.take();
        for case in &update.cases {
            let now = rig.clock.now();
            if case.order.status == OrderStatus::Cancelled {
                listed = listed.or(Some(now));
            }
            if case.lineage.attempts.iter().any(|attempt| attempt.state == State::Reversed) {
                closed = Some(now);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let late = closed.unwrap().duration_since(listed.unwrap());
    assert!(late <= SignedDuration::from_secs(2), "closed {late} after the list had shown it");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_resolved_by_asking_and_never_by_sending_again() {
    let server = Fake::new(Pays::AppliesSilently);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    let doubt = rig.until_attempt(|attempt| matches!(attempt.state, State::InDoubt(_) | State::Paid)).await;
    assert_eq!(doubt.state, State::InDoubt(Doubt::NoAnswer));
    let second = rig.pay("119.55");
    let reason = rig
        .until(|update| {
            update.replies.iter().find_map(|(_, reply)| match reply {
                Reply::NotBegun { id, reason, .. } if *id == second => Some(reason.clone()),
                _ => None,
            })
        })
        .await;
    assert!(matches!(reason, NotBegun::Blocked(holder) if holder.id == doubt.id));
    rig.until_attempt(|attempt| attempt.id == doubt.id && attempt.state == State::Ticketed).await;
    server.with(|server| assert_eq!((server.pay_requests, server.applied), (1, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_doubt_about_a_payment_that_never_arrived_blocks_until_the_deadline_has_passed() {
    let server = Fake::new(Pays::DropsSilently);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| matches!(attempt.state, State::InDoubt(_))).await;
    tokio::time::sleep(Duration::from_secs(20 * 60)).await;
    let update = rig.mailbox.take();
    let still =
        update.cases.iter().flat_map(|case| &case.lineage.attempts).all(|attempt| attempt.state.blocks());
    assert!(still, "before its deadline an order may still be charged");
    let cleared = rig.until_attempt(|attempt| !attempt.state.blocks()).await;
    assert_eq!(cleared.state, State::NotApplied);
    assert!(rig.clock.now() >= start() + SignedDuration::from_mins(29));
    server.with(|server| assert_eq!(server.pay_requests, 1));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_counts_only_after_a_query_has_shown_the_order_unpaid() {
    let server = Fake::new(Pays::Refuses(403));
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Refused(403)).await;
    let asked = server.with(|server| server.queries);
    rig.until_attempt(|attempt| attempt.state == State::Rejected(403)).await;
    assert!(server.with(|server| server.queries) > asked);
    // The lineage is free again, and a second attempt is a new request.
    server.with(|server| server.pays = Pays::Accepts);
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    server.with(|server| assert_eq!((server.pay_requests, server.applied), (2, 1)));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_when_the_second_check_differs_from_what_was_confirmed() {
    type Change = fn(&mut Server);
    let check: [(&str, Change); 4] = [
        ("totalPrice:amount_changed", |server| {
            server.orders.get_mut(&no()).unwrap().details.as_mut().unwrap().options[0].ticket_fare =
                Some(Part { money: usd("117.56"), from: TakenFrom::Deposit });
        }),
        ("orderStatus:already_paid", |server| {
            server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketing;
        }),
        ("tktLimitTime:deadline_passed", |server| {
            server.orders.get_mut(&no()).unwrap().details.as_mut().unwrap().deadline = Some(start());
        }),
        ("balance:balance_short", |server| server.balance = usd("119.54")),
    ];
    for (kept, change) in check {
        let server = Fake::new(Pays::Accepts);
        let mut rig = Rig::start(&server, memory(), options());
        rig.until_details().await;
        server.with(change);
        rig.pay("119.55");
        let attempt = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
        assert_eq!(attempt.state, State::NotSent(NotSent::Obstacle(kept.into())));
        server.with(|server| assert_eq!(server.pay_requests, 0, "{kept}"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_server_means_not_sent_and_frees_the_order() {
    let server = Fake::new(Pays::Unreachable);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    let attempt = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
    assert!(!attempt.state.blocks());
}

#[tokio::test(start_paused = true)]
async fn a_program_that_died_while_sending_comes_back_in_doubt_and_asks() {
    let folder = tempfile::tempdir().unwrap();
    let died = claimed();
    {
        let mut journal = SqliteJournal::open(folder.path(), "test").unwrap();
        journal.claim(&died).unwrap();
        let sending = sample::sent(&died, sample::moment(start(), 0));
        journal.advance(&sending, &State::Claimed).unwrap();
    }
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        server.applied = 1;
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketing;
    });
    let mut rig = Rig::start(&server, SqliteJournal::open(folder.path(), "test").unwrap(), options());
    let attempt = rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    assert_eq!(attempt.id, died.id);
    server.with(|server| assert_eq!(server.pay_requests, 0, "a restart sends nothing by itself"));
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_probed_and_not_stormed_and_ends_by_itself() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.failing = true);
    let mut rig = Rig::start(&server, memory(), options());
    let health = rig.until(|update| update.health.clone().filter(|health| health.failures >= 5)).await;
    assert!(health.error.is_some());
    let before = rig.clock.now();
    rig.until(|update| update.health.clone().filter(|health| health.failures >= 9)).await;
    let passed = rig.clock.now().duration_since(before).as_secs();
    assert!((60..=200).contains(&passed), "four probes took {passed} s");
    server.with(|server| server.failing = false);
    let healthy = rig.until(|update| update.health.clone().filter(|health| health.failures == 0)).await;
    assert_eq!(healthy.error, None);
}
