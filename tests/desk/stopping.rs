//! Stopping issuance: asked for once, on disk first; what came of it the order tells, however the answer was.

use std::time::Duration;

use jiff::SignedDuration;
use paydesk::{
    atlas::CallOutcome,
    clock::{Clock, TokioClock},
    desk::hub::{Closed, Command, NotStopped, Reply},
    domain::{
        attempt::Doubt,
        order::{Order, OrderStatus},
        stop::{State, Stop},
        stoppable::{NotNow, Outcome},
    },
    journal::{BlockingJournal, Fact, sqlite::SqliteJournal},
};

use crate::{
    faulty::{Fault, faulty},
    server::{Fake, Pays, Rig, memory, no, options, start},
};

/// A server whose order is in ticketing, and stays there.
fn ticketing() -> Fake {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketing;
        server.ticketed_after = u32::MAX;
    });
    server
}

fn set(server: &Fake, status: OrderStatus) {
    server.with(|server| {
        let order = server.orders.get_mut(&no()).unwrap();
        *order = Order { status, ..order.clone() };
    });
}

impl Rig {
    /// Asks for issuance to be stopped; what the desk says to that.
    async fn stops(&mut self) -> Reply {
        let asked = self.mailbox.ask(Command::Stop(no()));
        self.until(|update| {
            update.replies.iter().find(|(to, _)| *to == asked).map(|(_, reply)| reply.clone())
        })
        .await
    }

    fn last_stop(&mut self) -> Option<Stop> {
        self.lineage().stop(no()).cloned()
    }

    fn outcome(&self) -> Option<Outcome> {
        let mut cases = self.seen.iter().flat_map(|update| &update.cases);
        let case = cases.rfind(|case| case.order.no == no())?;
        Outcome::of(&case.order, &case.lineage, self.clock.now())
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_asked_once_and_followed_until_the_order_is_cancelled() {
    let server = ticketing();
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert!(matches!(rig.stops().await, Reply::Stopping { .. }));
    rig.pass(1).await;
    assert_eq!(rig.last_stop().unwrap().state, State::Asked);
    // A second wish sends nothing, and says until when the first may work.
    let again = rig.stops().await;
    let Reply::NotStopped { reason: NotStopped::NotNow(NotNow::Working(until)), .. } = again else {
        panic!("{again:?}")
    };
    assert_eq!(until, rig.last_stop().unwrap().until());
    assert_eq!(server.with(|server| server.stop_requests), 1);
    rig.pass(240).await;
    assert!(matches!(rig.outcome(), Some(Outcome::Working(_))));
    set(&server, OrderStatus::Cancelled);
    // Nobody looks at it and nothing of ours paid it: it is asked for all the same.
    rig.pass(65).await;
    assert_eq!(rig.outcome(), Some(Outcome::Stopped));
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_answer_it_is_followed_and_not_asked_again_before_eight_minutes_and_a_query() {
    let server = ticketing();
    server.with(|server| server.stops.push_back(CallOutcome::Doubt(Doubt::NoAnswer)));
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert!(matches!(rig.stops().await, Reply::Stopping { .. }));
    rig.pass(470).await;
    assert_eq!(rig.last_stop().unwrap().state, State::InDoubt(Doubt::NoAnswer));
    assert!(matches!(rig.stops().await, Reply::NotStopped { .. }));
    let before = server.with(|server| server.queries);
    rig.pass(15).await;
    assert!(server.with(|server| server.queries) > before, "the end of the eight minutes is asked about");
    assert!(matches!(rig.outcome(), Some(Outcome::Unanswered(_))));
    assert!(matches!(rig.stops().await, Reply::Stopping { .. }), "still in ticketing: once more");
    assert_eq!(server.with(|server| server.stop_requests), 2);
    // Too late, the second time.
    set(&server, OrderStatus::Ticketed);
    rig.pass(65).await;
    assert_eq!(rig.outcome(), Some(Outcome::TooLate));
    let Reply::NotStopped { reason, .. } = rig.stops().await else { panic!("it was asked for") };
    assert_eq!(reason, NotStopped::NotNow(NotNow::Ticketed));
}

#[tokio::test(start_paused = true)]
async fn it_is_held_against_a_fresh_answer_and_a_refusal_is_nothing_but_that() {
    let server = ticketing();
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    // The last answer said that it is in ticketing.
    set(&server, OrderStatus::Cancelled);
    let Reply::NotStopped { reason, .. } = rig.stops().await else { panic!("it was asked for") };
    assert_eq!(reason, NotStopped::NotNow(NotNow::NotTicketing(OrderStatus::Cancelled)));
    server.with(|server| server.silent.insert(no()));
    assert!(matches!(rig.stops().await, Reply::NotStopped { reason: NotStopped::Unanswered(_), .. }));
    assert_eq!(server.with(|server| server.stop_requests), 0);
    server.with(|server| {
        server.silent.clear();
        server.stops.push_back(CallOutcome::Refused { status: 402, msg: "no".into() });
    });
    set(&server, OrderStatus::Ticketing);
    assert!(matches!(rig.stops().await, Reply::Stopping { .. }));
    rig.pass(1).await;
    assert_eq!(rig.outcome(), Some(Outcome::Refused(402)));
}

#[tokio::test(start_paused = true)]
async fn it_is_on_disk_before_it_leaves_and_whoever_starts_afterwards_follows_it() {
    let server = ticketing();
    server.with(|server| server.effect_takes = Duration::from_secs(30));
    let folder = tempfile::tempdir().unwrap();
    let open = |who| SqliteJournal::open(folder.path(), who).unwrap();
    let mut rig = Rig::start(&server, open("here"), options());
    rig.shows(no()).await;
    assert!(matches!(rig.stops().await, Reply::Stopping { .. }));
    let stops = || {
        let entries = open("reader").entries_after(0).unwrap().entries;
        let of = |fact| if let Fact::Stop(stop) = fact { Some(stop.state.clone()) } else { None };
        entries.into_iter().filter_map(|entry| of(entry.fact)).collect::<Vec<_>>()
    };
    assert_eq!(stops(), [State::Sending]);
    // Another program on the same journal, while the first is silent.
    let clock = TokioClock::starting_at(start() + SignedDuration::from_secs(3));
    let mut other = Rig::on(&server, open("there"), clock, options());
    other.shows(no()).await;
    assert_eq!(other.last_stop().map(|stop| stop.state.clone()), Some(State::Sending));
    assert!(matches!(other.stops().await, Reply::NotStopped { reason: NotStopped::NotNow(_), .. }));
    set(&server, OrderStatus::Cancelled);
    other.pass(65).await;
    assert_eq!(other.outcome(), Some(Outcome::Stopped));
    assert_eq!(server.with(|server| server.stop_requests), 1);
    assert_eq!(stops(), [State::Sending, State::Asked]);
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_takes_nothing_takes_no_request() {
    let server = ticketing();
    let mut rig = Rig::start(&server, faulty(Fault::CannotNote).0, options());
    rig.shows(no()).await;
    let reply = rig.stops().await;
    assert!(
        matches!(reply, Reply::NotStopped { reason: NotStopped::Closed(Closed::Journal(_)), .. }),
        "{reply:?}"
    );
    assert_eq!(server.with(|server| server.stop_requests), 0);
    let read_only = paydesk::desk::Options { read_only: true, ..options() };
    let mut rig = Rig::start(&server, memory(), read_only);
    rig.shows(no()).await;
    assert!(matches!(
        rig.stops().await,
        Reply::NotStopped { reason: NotStopped::Closed(Closed::ReadOnly), .. }
    ));
}
