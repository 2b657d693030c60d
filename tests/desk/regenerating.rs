//! An order and the one made from it: the new one is paid only while the old one is dead beyond doubt, and nobody says
//! that there is none before everything was looked through.

use std::time::Duration;

use jiff::SignedDuration;
use paydesk::{
    atlas::ReadError,
    clock::Clock,
    desk::hub::{Command, CommandId, NotBegun, NotRegenerated, Reply},
    domain::{
        attempt::{Attempt, Doubt, NotSent, State},
        moment::Now,
        order::{Order, OrderNo, OrderStatus},
        recovery::PaymentPath,
        regenerable::NotNow,
        regeneration::{self, Called, Regeneration},
        triage::{NextStep, next_step},
    },
    journal::{BlockingJournal, sqlite::SqliteJournal},
};

use crate::{
    others::{made, regenerating},
    server::{Fake, Pays, Rig, Server, memory, no, options, start, unpaid},
};

pub(crate) fn child() -> OrderNo {
    "TESTA20261103142002318".parse().unwrap()
}

/// The order is cancelled, and the one made from it can be paid; its answers may name where it came from.
pub(crate) fn cancelled_with_child(server: &mut Server, original: Option<OrderNo>) {
    server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled;
    let mut order = Order { no: child(), created: Some(start()), ..unpaid() };
    order.details.as_mut().unwrap().original = original;
    server.orders.insert(child(), order);
}

impl Rig {
    /// Has the desk ask about an order, and waits until it has shown the answer.
    pub(crate) async fn shows(&mut self, order: OrderNo) {
        self.mailbox.ask(Command::Inspect(order));
        self.pass(2).await;
    }

    /// Asks for a new order to be made; what the desk says to that within two seconds.
    async fn regenerates(&mut self) -> Option<NotRegenerated> {
        self.regenerates_within(2).await
    }

    async fn regenerates_within(&mut self, seconds: u64) -> Option<NotRegenerated> {
        self.mailbox.ask(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason: None });
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let update = self.mailbox.take();
        let said = update.replies.iter().find_map(|(_, reply)| match reply {
            Reply::NotRegenerated { reason, .. } => Some(reason.clone()),
            _ => None,
        });
        self.seen.push(update);
        said
    }

    /// How the call for a new order stands.
    fn regenerating(&mut self) -> Regeneration {
        self.lineage().regenerations.last().unwrap().clone()
    }
}

/// How the desk knows which order the new one was made from.
#[derive(Clone, Copy, Debug)]
enum Link {
    /// The answer about the new one names it.
    Echo,
    /// Another program made it.
    Journal,
}

/// Pays the new order, with what is so of the old one in between: what became of it, and of the money.
async fn pays_the_child(link: Link, meanwhile: impl FnOnce(&mut Server)) -> (Attempt, u32) {
    let server = Fake::new(Pays::Accepts);
    let echo = matches!(link, Link::Echo).then(no);
    server.with(|server| cancelled_with_child(server, echo));
    let mut journal: SqliteJournal = memory();
    if matches!(link, Link::Journal) {
        made(&mut journal);
    }
    let mut rig = Rig::start(&server, journal, options());
    rig.shows(child()).await;
    rig.shows(no()).await;
    server.with(meanwhile);
    let id = rig.pay_order(child(), "119.55");
    let done = |attempt: &Attempt| matches!(attempt.state, State::Accepted | State::NotSent(_));
    let ended = rig.until_attempt(|attempt| attempt.id == id && done(attempt)).await;
    (ended, server.with(|server| server.pay_requests))
}

fn stands(server: &mut Server, status: OrderStatus) {
    server.orders.get_mut(&no()).unwrap().status = status;
}

#[tokio::test(start_paused = true)]
async fn a_new_order_is_paid_only_while_a_fresh_answer_calls_the_old_one_dead() {
    let alive = State::NotSent(NotSent::Obstacle("orderNo:original_alive".into()));
    for link in [Link::Echo, Link::Journal] {
        let (ended, sent) = pays_the_child(link, |_| {}).await;
        assert_eq!((ended.state.clone(), ended.lineage, sent), (State::Accepted, no(), 1), "{link:?}");
        for status in [OrderStatus::Unpaid, OrderStatus::Ticketing, OrderStatus::Ticketed] {
            let (ended, sent) = pays_the_child(link, |server| stands(server, status)).await;
            assert_eq!((ended.state.clone(), sent), (alive.clone(), 0), "{link:?} {status:?}");
        }
        let (ended, sent) = pays_the_child(link, |server| assert!(server.silent.insert(no()))).await;
        assert!(
            matches!(ended.state, State::NotSent(NotSent::CheckFailed(_))),
            "{link:?}: {:?}",
            ended.state
        );
        assert_eq!(sent, 0, "{link:?}: nobody knows whether it is dead");
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_order_is_not_paid_when_one_answer_alone_calls_the_old_one_dead() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        cancelled_with_child(server, Some(no()));
        stands(server, OrderStatus::Unpaid);
    });
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(child()).await;
    server.with(|server| stands(server, OrderStatus::Cancelled));
    for (pays, want) in [(0, "notSent"), (1, "accepted")] {
        let id = rig.pay_order(child(), "119.55");
        let done = |attempt: &Attempt| matches!(attempt.state, State::Accepted | State::NotSent(_));
        let ended = rig.until_attempt(|attempt| attempt.id == id && done(attempt)).await;
        assert_eq!(ended.state.word(), want);
        server.with(|server| assert_eq!(server.pay_requests, pays));
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_list_is_no_answer_that_calls_an_order_dead() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| stands(server, OrderStatus::Cancelled));
    let mut rig = Rig::start(&server, memory(), options());
    rig.pass(20).await;
    server.with(|server| assert_eq!(server.queries, 0, "seen in the list alone"));
    assert_eq!(rig.regenerates().await, Some(NotRegenerated::NotNow(NotNow::SaidOnce)));
    assert_eq!(rig.regenerates().await, None);
    server.with(|server| assert_eq!(server.regenerated, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_came_too_late_makes_nothing() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| stands(server, OrderStatus::Cancelled));
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    server.with(|server| server.query_takes = Duration::from_secs(11));
    rig.regenerates().await;
    rig.pass(15).await;
    let refused = rig.seen.iter().flat_map(|update| &update.replies).any(|(_, reply)| {
        let too_late =
            |reason: &NotRegenerated| matches!(reason, NotRegenerated::Unanswered(ReadError::NoAnswer(_)));
        matches!(reply, Reply::NotRegenerated { reason, .. } if too_late(reason))
    });
    assert!(refused);
    server.with(|server| assert_eq!(server.regenerated, 0));
}

#[tokio::test(start_paused = true)]
async fn a_new_order_that_somebody_made_already_is_taken_up_and_no_second_one_is_made() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| cancelled_with_child(server, None));
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert_eq!(rig.regenerates().await, Some(NotRegenerated::NotNow(NotNow::Already(child()))));
    assert_eq!(rig.regenerating().state, regeneration::State::Found(child()));
    server.with(|server| assert_eq!(server.regenerated, 0));
    // One that is itself dead, and names no origin, is not worth going on with.
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        cancelled_with_child(server, None);
        server.orders.get_mut(&child()).unwrap().status = OrderStatus::Cancelled;
    });
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert_eq!(rig.regenerates().await, None);
    server.with(|server| assert_eq!(server.regenerated, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_names_a_known_order_again_made_no_new_one() {
    // The order itself, and the one that it was made from.
    for (again, original) in [(no(), None), (child(), Some(child()))] {
        let server = Fake::new(Pays::Accepts);
        server.with(|server| {
            let mut root = Order { no: child(), status: OrderStatus::Cancelled, ..unpaid() };
            root.passengers = vec!["OTHER/PERSON".into()].into();
            server.orders.insert(child(), root);
            let order = server.orders.get_mut(&no()).unwrap();
            order.status = OrderStatus::Cancelled;
            order.details.as_mut().unwrap().original = original;
            server.calls.push_back(Called::Made(again));
        });
        let mut rig = Rig::start(&server, memory(), options());
        rig.shows(no()).await;
        assert_eq!(rig.regenerates().await, None);
        let regenerated = rig.regenerating();
        assert!(
            matches!(regenerated.state, regeneration::State::InDoubt(Doubt::Unreadable(_))),
            "{again}: {:?}",
            regenerated.state
        );
        assert_eq!(rig.lineage().child_of(no()), None);
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_names_its_origin_ends_the_doubt_about_it() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        stands(server, OrderStatus::Cancelled);
        server.calls.push_back(Called::Doubt(Doubt::NoAnswer));
    });
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    rig.mailbox.ask(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason: None });
    rig.pass(1).await;
    assert!(rig.regenerating().state.is_open());
    // Somebody looks at it before the first search does.
    server.with(|server| cancelled_with_child(server, Some(no())));
    rig.mailbox.ask(Command::Inspect(child()));
    rig.pass(1).await;
    assert_eq!(rig.regenerating().state, regeneration::State::Found(child()));
}

/// How a call whose answer was lost stands so many seconds later, with the vendor as it is set.
async fn lost(seconds: u64, set: impl FnOnce(&mut Server)) -> (regeneration::State, u32) {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        stands(server, OrderStatus::Cancelled);
        server.calls.push_back(Called::Doubt(Doubt::NoAnswer));
    });
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert_eq!(rig.regenerates().await, None);
    assert!(rig.regenerating().state.is_open());
    server.with(set);
    rig.pass(seconds).await;
    let regenerated = rig.regenerating();
    (regenerated.state.clone(), regenerated.searches.0)
}

/// Orders of the same people for the same journey, each of which names another origin.
fn strangers(server: &mut Server, how_many: u32) {
    for n in 0..how_many {
        let no: OrderNo = format!("TESTA202611031430{n:05}").parse().unwrap();
        let mut order = Order { no, created: Some(start() + SignedDuration::from_mins(1)), ..unpaid() };
        order.details.as_mut().unwrap().original = Some("TESTA20261103000000001".parse().unwrap());
        server.orders.insert(no, order);
    }
}

#[tokio::test(start_paused = true)]
async fn a_search_in_vain_counts_only_when_everything_was_looked_at() {
    let (state, searches) = lost(400, |_| {}).await;
    assert_eq!(state, regeneration::State::NotMade, "after {searches} searches");
    let (state, _) = lost(400, |server| strangers(server, 5)).await;
    assert_eq!(state, regeneration::State::NotMade, "each of five was asked for");
    let (state, searches) = lost(1_200, |server| strangers(server, 6)).await;
    assert!(state.is_open() && searches == 0, "{state:?} after {searches}: the sixth was not asked for");
    let (state, _) = lost(400, |server| server.pages = 20).await;
    assert_eq!(state, regeneration::State::NotMade, "all pages were looked through");
    let (state, searches) = lost(1_200, |server| server.pages = 21).await;
    assert!(state.is_open() && searches == 0, "{state:?} after {searches}: there are more pages");
}

#[tokio::test(start_paused = true)]
async fn an_order_is_not_taken_for_what_was_made_from_it() {
    // Three generations within two minutes: by age and journey the first could be the third.
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        server.orders.insert(child(), Order { no: child(), status: OrderStatus::Cancelled, ..unpaid() });
        let order = server.orders.get_mut(&no()).unwrap();
        order.status = OrderStatus::Cancelled;
        order.details.as_mut().unwrap().original = Some(child());
        server.calls.push_back(Called::Doubt(Doubt::NoAnswer));
    });
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert_eq!(rig.regenerates().await, None);
    server.with(|server| assert_eq!(server.regenerated, 1));
    rig.pass(400).await;
    assert_eq!(rig.regenerating().state, regeneration::State::NotMade);
}

#[tokio::test(start_paused = true)]
async fn a_search_in_vain_counts_for_nothing_while_the_vendors_clock_is_in_doubt() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        stands(server, OrderStatus::Cancelled);
        server.calls.push_back(Called::Doubt(Doubt::NoAnswer));
    });
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert_eq!(rig.regenerates().await, None);
    for round in 0..60 {
        let off = if round % 2 == 0 { SignedDuration::from_mins(40) } else { SignedDuration::ZERO };
        server.with(|server| server.clock_is_off = off);
        rig.pass(20).await;
    }
    let regenerated = rig.regenerating();
    assert!(regenerated.state.is_open() && regenerated.searches.0 == 0, "{regenerated:?}");
    let tomorrow = rig.clock.now() + SignedDuration::from_hours(23);
    server
        .with(|server| assert!(server.windows.iter().any(|window| window.to >= tomorrow), "wherever it is"));
    // It agrees with itself again: now they count.
    server.with(|server| server.clock_is_off = SignedDuration::ZERO);
    rig.pass(600).await;
    assert_eq!(rig.regenerating().state, regeneration::State::NotMade);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_may_be_the_new_one_is_not_paid_before_that_is_known() {
    let server = Fake::new(Pays::Accepts);
    // Its answers do not say where it came from, and the call that made it is still on its way.
    server.with(|server| cancelled_with_child(server, None));
    let mut journal = memory();
    journal.claim(&regenerating(no())).unwrap();
    let mut rig = Rig::start(&server, journal, options());
    // The list has just shown both, and nothing was looked for yet.
    rig.until(|update| update.cases.iter().any(|case| case.order.no == child()).then_some(())).await;
    let id = rig.pay_order(child(), "119.55");
    let refused = |(_, reply): &(CommandId, Reply)| match reply {
        Reply::NotBegun { id: begun, reason: NotBegun::Regenerated(by), .. } if *begun == id => {
            Some(by.parent)
        }
        _ => None,
    };
    let parent = rig.until(|update| update.replies.iter().find_map(refused)).await;
    assert_eq!(parent, no());
    server.with(|server| assert_eq!(server.pay_requests, 0));
}

#[tokio::test(start_paused = true)]
async fn no_new_order_is_asked_for_before_everything_made_since_was_looked_through() {
    for (pages, refused) in [(20, false), (21, true)] {
        let server = Fake::new(Pays::Accepts);
        server.with(|server| stands(server, OrderStatus::Cancelled));
        let mut rig = Rig::start(&server, memory(), options());
        rig.shows(no()).await;
        server.with(|server| server.pages = pages);
        let said = rig.regenerates_within(8).await;
        let want = refused.then_some(NotRegenerated::NotNow(NotNow::NotAllSeen));
        assert_eq!(said.filter(|_| refused), want, "{pages} pages");
        server.with(|server| assert_eq!(server.regenerated, u32::from(!refused), "{pages} pages"));
    }
}

/// What is to be done about the dead order.
fn next(rig: &mut Rig) -> NextStep {
    rig.seen.push(rig.mailbox.take());
    let mut cases = rig.seen.iter().rev().flat_map(|update| update.cases.iter().rev());
    let case = cases.find(|case| case.order.no == no()).unwrap();
    next_step(&case.order, &case.lineage, Now::agreed(rig.clock.now()))
}

#[tokio::test(start_paused = true)]
async fn an_order_is_done_once_its_child_is_ticketed_whoever_paid_it() {
    for link in [Link::Echo, Link::Journal] {
        let server = Fake::new(Pays::Accepts);
        server.with(|server| {
            cancelled_with_child(server, matches!(link, Link::Echo).then(no));
            server.unlisted.insert(child());
        });
        let mut journal = memory();
        if matches!(link, Link::Journal) {
            made(&mut journal);
        }
        let mut rig = Rig::start(&server, journal, options());
        rig.shows(no()).await;
        rig.shows(child()).await;
        assert_eq!(next(&mut rig), NextStep::FollowNewOrder, "{link:?}");
        // Somebody pays it elsewhere: no journal that is read here knows of an attempt.
        server.with(|server| server.orders.get_mut(&child()).unwrap().status = OrderStatus::Ticketed);
        rig.shows(child()).await;
        assert_eq!(next(&mut rig), NextStep::TicketedAs(child()), "{link:?}");
        server.with(|server| server.orders.get_mut(&child()).unwrap().status = OrderStatus::Cancelled);
        rig.shows(child()).await;
        assert_eq!(next(&mut rig), NextStep::FollowNewOrder, "{link:?}: it is taken back");
    }
}

#[tokio::test(start_paused = true)]
async fn a_program_that_starts_finds_out_by_asking_for_the_child() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        cancelled_with_child(server, None);
        server.unlisted.insert(child());
        server.orders.get_mut(&child()).unwrap().status = OrderStatus::Ticketed;
    });
    let mut journal = memory();
    made(&mut journal);
    let mut rig = Rig::start(&server, journal, options());
    rig.pass(5).await;
    assert_eq!(next(&mut rig), NextStep::TicketedAs(child()));
}
