//! A row of the list is a hint, the answer to a query is evidence; and no single answer ends anything for good.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use paydesk::{
    clock::Clock,
    desk::{
        Options,
        health::Health,
        hub::{Command, NotRegenerated, Reply},
    },
    domain::{
        attempt::{Doubt, State},
        case::Case,
        lineage::Lineage,
        moment::Now,
        order::OrderStatus,
        recovery::PaymentPath,
        regenerable::NotNow,
        regeneration::Called,
        triage::{NextStep, next_step},
    },
    journal::BlockingJournal,
};

use crate::{
    others::claimed,
    sample::{self, Stands},
    server::{Fake, Pays, Rig, memory, no, options, start},
};

impl Rig {
    /// Waits until `wanted` holds of the order's case.
    pub(crate) async fn until_case(&mut self, wanted: impl Fn(&Case) -> bool) -> Arc<Case> {
        self.until(|update| update.cases.iter().find(|case| wanted(case)).map(Arc::clone)).await
    }

    /// Asks for a new order; why none was asked for.
    async fn not_regenerated(&mut self) -> NotRegenerated {
        let reason = Some("604".into());
        self.mailbox.ask(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason });
        self.until(|update| {
            update.replies.iter().find_map(|(_, reply)| match reply {
                Reply::NotRegenerated { reason, .. } => Some(reason.clone()),
                _ => None,
            })
        })
        .await
    }

    pub(crate) async fn pass(&mut self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        self.seen.push(self.mailbox.take());
    }

    /// The newest that was published of the order's lineage.
    pub(crate) fn lineage(&mut self) -> Arc<Lineage> {
        self.seen.push(self.mailbox.take());
        let mut cases = self.seen.iter().rev().flat_map(|update| update.cases.iter().rev());
        Arc::clone(&cases.find(|case| case.lineage.holds(no())).unwrap().lineage)
    }
}

#[tokio::test(start_paused = true)]
async fn a_doubt_is_asked_about_next_at_the_moment_that_was_said_whatever_is_planned_anew_meanwhile() {
    let server = Fake::new(Pays::DropsSilently);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::InDoubt(Doubt::NoAnswer)).await;
    let (mut next, mut asked) = (None, 0);
    for _ in 0..200 {
        rig.seen.clear();
        rig.pass(1).await;
        for update in &rig.seen {
            let fresh = update.fresh.iter().map(|(_, fresh)| fresh.asked_at).max();
            if let Some((fresh, next)) = fresh.zip(next) {
                let off = fresh.duration_since(next);
                assert!(
                    off.abs() <= SignedDuration::from_secs(1),
                    "asked {off} after the time that was said"
                );
                asked += 1;
            }
            let planned = |health: &Health| health.next_queries.get(&no()).copied();
            next = update.health.as_ref().and_then(planned).or(next);
        }
    }
    assert!(asked >= 4, "{asked} times");
}

#[tokio::test(start_paused = true)]
async fn one_wrong_row_of_the_list_ends_no_doubt() {
    let server = Fake::new(Pays::DropsSilently);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::InDoubt(Doubt::NoAnswer)).await;
    // The list calls it cancelled, and the request is still on its way.
    server.with(|server| server.listed_as = Some(OrderStatus::Cancelled));
    let case = rig.until_case(|case| case.listed_as == Some(OrderStatus::Cancelled)).await;
    assert_eq!(case.order.status, OrderStatus::Unpaid, "what the last query said");
    assert_eq!(next_step(&case.order, &case.lineage, Now::agreed(rig.clock.now())), NextStep::WaitForOutcome);
    assert!(matches!(
        rig.not_regenerated().await,
        NotRegenerated::NotNow(NotNow::AttemptOpen(State::InDoubt(_)))
    ));
    rig.pass(15).await;
    assert!(matches!(rig.lineage().attempts[0].state, State::InDoubt(_)));
    // Carried out 75 s after it was sent.
    server.with(|server| {
        server.applied += 1;
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketing;
    });
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    server.with(|server| assert_eq!((server.pay_requests, server.regenerated), (1, 0)));
}

#[tokio::test(start_paused = true)]
async fn one_wrong_answer_ends_no_doubt_either() {
    let server = Fake::new(Pays::DropsSilently);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::InDoubt(Doubt::NoAnswer)).await;
    server.with(|server| server.answers.push_back(OrderStatus::Cancelled));
    rig.until_case(|case| case.order.status == OrderStatus::Cancelled).await;
    assert!(rig.lineage().attempts[0].state.blocks());
    rig.until_case(|case| case.order.status == OrderStatus::Unpaid).await;
    rig.pass(300).await;
    assert!(matches!(rig.lineage().attempts[0].state, State::InDoubt(_)), "it has not lapsed yet");
    // Cancelled for good: the doubt is over when the quarantine is, by two answers.
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled);
    rig.until_attempt(|attempt| attempt.state == State::Reversed).await;
}

#[tokio::test(start_paused = true)]
async fn one_wrong_row_is_shown_as_a_difference_and_gone_with_the_next_answer() {
    for lie in [OrderStatus::Cancelled, OrderStatus::Ticketing, OrderStatus::Ticketed] {
        let server = Fake::new(Pays::Accepts);
        let mut rig = Rig::start(&server, memory(), options());
        rig.until_details().await;
        server.with(|server| server.listed_as = Some(lie));
        let case = rig.until_case(|case| case.listed_as == Some(lie)).await;
        assert_eq!(case.order.status, OrderStatus::Unpaid, "{lie:?}");
        server.with(|server| server.listed_as = None);
        let begun = rig.clock.now();
        let case = rig.until_case(|case| case.listed_as.is_none()).await;
        assert_eq!(case.order.status, OrderStatus::Unpaid, "{lie:?}");
        assert!(
            rig.clock.now().duration_since(begun) <= SignedDuration::from_secs(2),
            "it is asked about at once"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_keeps_to_its_word_is_asked_about_ever_less_often() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    server.with(|server| server.listed_as = Some(OrderStatus::Cancelled));
    rig.pass(1_200).await;
    let first = server.with(|server| server.queries);
    assert!((5..=9).contains(&first), "{first} queries in twenty minutes");
    rig.pass(1_200).await;
    let later = server.with(|server| server.queries) - first;
    assert!((1..=3).contains(&later), "{later} in the next twenty");
    rig.pass(7_200).await;
    let at_last = server.with(|server| server.queries) - first - later;
    assert!((10..=13).contains(&at_last), "{at_last} in two hours: every ten minutes");
    // Another word is another question, and is asked at once.
    server.with(|server| server.listed_as = Some(OrderStatus::Ticketed));
    let before = server.with(|server| server.queries);
    rig.until_case(|case| case.listed_as == Some(OrderStatus::Ticketed)).await;
    rig.pass(2).await;
    server.with(|server| assert_eq!(server.queries, before + 1));
    // So is the same word when it comes again much later, and then at growing gaps from the first on.
    server.with(|server| server.listed_as = None);
    rig.pass(7_200).await;
    server.with(|server| server.listed_as = Some(OrderStatus::Ticketed));
    let before = server.with(|server| server.queries);
    rig.until_case(|case| case.listed_as == Some(OrderStatus::Ticketed)).await;
    rig.pass(30).await;
    server.with(|server| assert_eq!(server.queries, before + 2));
}

/// A desk that no list says anything to after the first.
fn unlisted() -> Options {
    Options { sweep_every: Duration::from_secs(86_400), ..options() }
}

#[tokio::test(start_paused = true)]
async fn a_doubt_is_asked_about_in_the_moment_that_may_end_it() {
    let server = Fake::new(Pays::DropsSilently);
    let mut rig = Rig::start(&server, memory(), unlisted());
    rig.until_details().await;
    rig.pay("119.55");
    let doubtful = rig.until_attempt(|attempt| matches!(attempt.state, State::InDoubt(_))).await;
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled);
    let ended = rig.until_attempt(|attempt| attempt.state == State::Reversed).await;
    let lasted = ended.changed_at.duration_since(doubtful.sent.unwrap().now.wall);
    assert!((180..183).contains(&lasted.as_secs()), "{lasted}");
}

#[tokio::test(start_paused = true)]
async fn what_was_paid_and_is_cancelled_is_asked_about_for_some_minutes_more() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.ticketed_after = 0);
    let mut rig = Rig::start(&server, memory(), unlisted());
    rig.until_details().await;
    server.with(|server| server.answers.extend([OrderStatus::Unpaid, OrderStatus::Cancelled]));
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Reversed).await;
    rig.until_attempt(|attempt| attempt.state == State::Conflict).await;
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
}

#[tokio::test(start_paused = true)]
async fn cancelled_and_then_ticketed_for_ever_is_a_conflict_until_two_answers_agree() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.ticketed_after = 0);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    server.with(|server| server.answers.extend([OrderStatus::Unpaid, OrderStatus::Cancelled]));
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Reversed).await;
    assert!(
        matches!(rig.not_regenerated().await, NotRegenerated::NotNow(_)),
        "the next answer already says otherwise"
    );
    let case = rig.until_case(|case| case.attempt_state() == Some(&State::Conflict)).await;
    assert_eq!(case.order.status, OrderStatus::Ticketed);
    assert_eq!(next_step(&case.order, &case.lineage, Now::agreed(rig.clock.now())), NextStep::Investigate);
    let begun = rig.clock.now();
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    assert!(rig.clock.now().duration_since(begun) >= SignedDuration::from_secs(19));
    server.with(|server| assert_eq!((server.pay_requests, server.regenerated), (1, 0)));
}

#[tokio::test(start_paused = true)]
async fn one_answer_alone_makes_no_order_dead() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    server.with(|server| server.answers.push_back(OrderStatus::Cancelled));
    assert_eq!(rig.not_regenerated().await, NotRegenerated::NotNow(NotNow::SaidOnce));
    assert_eq!(
        rig.not_regenerated().await,
        NotRegenerated::NotNow(NotNow::StillPayable),
        "the next one says that it lives"
    );
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled);
    assert_eq!(rig.not_regenerated().await, NotRegenerated::NotNow(NotNow::SaidOnce));
    rig.mailbox.ask(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason: None });
    rig.pass(5).await;
    server.with(|server| assert_eq!(server.regenerated, 1, "two agree"));
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_a_row_that_no_attempt_explains_is_asked_about() {
    for (state, listed) in [
        (State::Ticketed, OrderStatus::Cancelled),
        (State::Ticketed, OrderStatus::Ticketing),
        (State::Reversed, OrderStatus::Ticketed),
    ] {
        let server = Fake::new(Pays::Accepts);
        server.with(|server| {
            server.orders.get_mut(&no()).unwrap().status = listed;
            server.ticketed_after = 1_000;
        });
        let mut journal = memory();
        let attempt = claimed();
        journal.claim(&attempt).unwrap();
        let sending = sample::sent(&attempt, sample::moment(start(), 0));
        journal.advance(&sending, &State::Claimed).unwrap();
        journal.advance(&sending.in_state(state), &State::Sending).unwrap();
        let mut rig = Rig::start(&server, journal, options());
        rig.until_attempt(|attempt| attempt.state == State::Conflict).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_repeats_itself_is_not_read_to_its_limit_by_every_search() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled;
        server.calls.push_back(Called::Doubt(Doubt::NoAnswer));
    });
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_case(|case| case.order.status == OrderStatus::Cancelled).await;
    rig.mailbox.ask(Command::Inspect(no()));
    rig.pass(2).await;
    rig.mailbox.ask(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason: None });
    rig.pass(2).await;
    server.with(|server| server.is_endless = true);
    rig.pass(400).await;
    server.with(|server| {
        assert_eq!(server.regenerated, 1);
        // Sweeps take two pages each 15 s, now and then four; a search takes two.
        assert!(server.lists < 120, "{} pages", server.lists);
    });
    let lineage = rig.lineage();
    assert!(lineage.regenerations[0].state.is_open(), "nobody can say that none was made");
}
