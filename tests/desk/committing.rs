//! The traveller's confirmation at the airline: that a link was given is on disk before anybody sees it, and nothing is paid
//! before an operator has said, of that link, that the traveller has confirmed.

use std::time::Duration;

use jiff::SignedDuration;
use paydesk::{
    atlas::CallOutcome,
    clock::{Clock, TokioClock},
    desk::{
        Options,
        hub::{Closed, Command, NotCommitted, Reply},
    },
    domain::{
        attempt::{Attempt, Doubt, NotSent, State},
        committable::{NotNow, Progress},
        order::Airline,
        read_error::ReadError,
        story::OperatorAction,
        subject::{Subject, kept},
    },
    journal::{BlockingJournal, Fact, sqlite::SqliteJournal},
};

use crate::{
    faulty::{Fault, faulty},
    server::{Fake, Pays, Rig, memory, no, options, start},
};

/// A server whose order is Ryanair's.
fn ryanair(pays: Pays) -> Fake {
    let server = Fake::new(pays);
    server.with(|server| {
        let order = server.orders.get_mut(&no()).unwrap();
        order.airlines = vec![Airline::RYANAIR].into();
        order.details.as_mut().unwrap().deadline = Some(start() + SignedDuration::from_mins(90));
    });
    server
}

impl Rig {
    async fn asks(&mut self, command: Command) -> Reply {
        let asked = self.mailbox.ask(command);
        self.until(|update| {
            update.replies.iter().find(|(to, _)| *to == asked).map(|(_, reply)| reply.clone())
        })
        .await
    }

    async fn gets_link(&mut self) -> Reply {
        self.asks(Command::Commit(no())).await
    }

    async fn says_confirmed(&mut self) -> Reply {
        self.asks(Command::StateConfirmed(no())).await
    }

    fn progress(&mut self) -> Option<Progress> {
        let now = self.clock.now();
        self.pull();
        let mut cases = self.seen.iter().flat_map(|update| &update.cases);
        let case = cases.rfind(|case| case.order.no == no())?;
        Progress::of(&case.order, &case.lineage, now)
    }

    fn pull(&mut self) {
        let update = self.mailbox.take();
        self.seen.push(update);
    }

    async fn pays(&mut self) -> Attempt {
        let id = self.pay("119.55");
        self.until_attempt(|attempt| attempt.id == id && !attempt.state.is_open()).await
    }
}

fn refused(reply: &Reply) -> NotCommitted {
    match reply {
        Reply::NotCommitted { reason, .. } => reason.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_paid_before_a_link_was_given_and_the_operator_has_said_so() {
    let server = ryanair(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    let obstacle = State::NotSent(NotSent::Obstacle(kept(Subject::Traveller, "traveller_not_confirmed")));
    assert_eq!(rig.pays().await.state, obstacle);
    // No word stands for a link.
    assert_eq!(refused(&rig.says_confirmed().await), NotCommitted::NotNow(NotNow::NoLink));
    assert_eq!(rig.pays().await.state, obstacle);
    let Reply::Link { link, .. } = rig.gets_link().await else { panic!("no link") };
    assert_eq!(link.as_str(), "https://airline.example/confirm/1");
    assert!(matches!(rig.progress(), Some(Progress::Waiting(_))));
    assert_eq!(rig.pays().await.state, obstacle);
    assert_eq!(rig.says_confirmed().await, Reply::Done);
    assert!(matches!(rig.progress(), Some(Progress::Confirmed(_))));
    assert_eq!(server.with(|server| server.pay_requests), 0);
    let id = rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.id == id && attempt.state == State::Accepted).await;
    assert_eq!(server.with(|server| (server.pay_requests, server.commit_requests)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn after_thirty_minutes_neither_link_nor_word_holds() {
    let server = ryanair(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert!(matches!(rig.gets_link().await, Reply::Link { .. }));
    assert_eq!(rig.says_confirmed().await, Reply::Done);
    rig.pass(30 * 60 + 5).await;
    let progress = rig.progress();
    assert!(matches!(progress, Some(Progress::Expired(_))), "{progress:?} at {}", rig.clock.now());
    assert_eq!(refused(&rig.says_confirmed().await), NotCommitted::NotNow(NotNow::Expired));
    assert!(matches!(rig.pays().await.state, State::NotSent(NotSent::Obstacle(_))));
    assert!(matches!(rig.gets_link().await, Reply::Link { .. }));
    assert!(matches!(rig.progress(), Some(Progress::Waiting(_))), "the new one was not confirmed");
    assert_eq!(server.with(|server| server.pay_requests), 0);
}

#[tokio::test(start_paused = true)]
async fn after_415_what_was_said_does_not_hold() {
    let server = ryanair(Pays::Refuses(415));
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert!(matches!(rig.gets_link().await, Reply::Link { .. }));
    assert_eq!(rig.says_confirmed().await, Reply::Done);
    assert_eq!(rig.pays().await.state, State::Rejected(415));
    assert!(matches!(rig.progress(), Some(Progress::Waiting(_))), "{:?}", rig.progress());
    server.with(|server| server.pays = Pays::Accepts);
    assert!(matches!(rig.pays().await.state, State::NotSent(NotSent::Obstacle(_))));
    assert_eq!(rig.says_confirmed().await, Reply::Done);
    let id = rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.id == id && attempt.state == State::Accepted).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_link_is_no_link_and_asking_again_is_free() {
    let server = ryanair(Pays::Accepts);
    let unreachable =
        || NotSent::NoConnection(ReadError::Unreachable { host: "h".into(), reason: "r".into() });
    server.with(|server| {
        server.links.extend([
            CallOutcome::Refused { status: 316, msg: "time-out".into() },
            CallOutcome::Doubt(Doubt::NoAnswer),
            CallOutcome::NotSent(unreachable()),
        ]);
    });
    let mut rig = Rig::start(&server, memory(), options());
    rig.shows(no()).await;
    assert_eq!(refused(&rig.gets_link().await), NotCommitted::Refused(316));
    assert_eq!(refused(&rig.gets_link().await), NotCommitted::Unanswered(Doubt::NoAnswer));
    assert_eq!(refused(&rig.gets_link().await), NotCommitted::NotSent(unreachable()));
    assert_eq!(rig.progress(), Some(Progress::NoLink));
    assert_eq!(refused(&rig.says_confirmed().await), NotCommitted::NotNow(NotNow::NoLink));
    // Two who ask at once share one request.
    server.with(|server| server.effect_takes = Duration::from_secs(5));
    let first = rig.mailbox.ask(Command::Commit(no()));
    let second = rig.mailbox.ask(Command::Commit(no()));
    rig.pass(6).await;
    let replies: Vec<_> = rig.seen.iter().flat_map(|update| &update.replies).collect();
    for asked in [first, second] {
        assert!(replies.iter().any(|(to, reply)| *to == asked && matches!(reply, Reply::Link { .. })));
    }
    assert_eq!(server.with(|server| server.commit_requests), 4);
}

#[tokio::test(start_paused = true)]
async fn what_was_done_is_in_the_journal_the_link_is_not_and_another_program_goes_by_it() {
    let server = ryanair(Pays::Accepts);
    let folder = tempfile::tempdir().unwrap();
    let open = |who| SqliteJournal::open(folder.path(), who).unwrap();
    let mut rig = Rig::start(&server, open("here"), options());
    rig.shows(no()).await;
    assert!(matches!(rig.gets_link().await, Reply::Link { .. }));
    // Said by one program of the link that another one was given.
    let clock = TokioClock::starting_at(rig.clock.now());
    let mut other = Rig::on(&server, open("there"), clock, options());
    other.shows(no()).await;
    assert!(matches!(other.progress(), Some(Progress::Waiting(_))));
    assert_eq!(other.says_confirmed().await, Reply::Done);
    let id = rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.id == id && attempt.state == State::Accepted).await;
    let entries = open("reader").entries_after(0).unwrap().entries;
    let actions: Vec<_> = entries
        .iter()
        .filter_map(|entry| if let Fact::OperatorAction(action) = &entry.fact { Some(action) } else { None })
        .collect();
    assert!(
        matches!(actions[..], [OperatorAction::GotLink { .. }, OperatorAction::StatedConfirmed]),
        "{actions:?}"
    );
    assert!(!format!("{entries:?}").contains("airline.example"), "a link is for a person, and is not kept");
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_takes_nothing_gives_no_link_and_a_program_that_looks_asks_for_none() {
    let server = ryanair(Pays::Accepts);
    let mut rig = Rig::start(&server, faulty(Fault::CannotNote).0, options());
    rig.shows(no()).await;
    assert!(matches!(refused(&rig.gets_link().await), NotCommitted::Closed(Closed::Journal(_))));
    assert_eq!(rig.progress(), Some(Progress::NoLink));
    let mut rig = Rig::start(&server, memory(), Options { read_only: true, ..options() });
    rig.shows(no()).await;
    assert_eq!(refused(&rig.gets_link().await), NotCommitted::Closed(Closed::ReadOnly));
    let before = server.with(|server| server.commit_requests);
    let mut rig = Rig::start(&Fake::new(Pays::Accepts), memory(), options());
    rig.shows(no()).await;
    assert_eq!(refused(&rig.gets_link().await), NotCommitted::NotNow(NotNow::NotWanted));
    assert_eq!(server.with(|server| server.commit_requests), before);
}
