//! What nothing may be begun in, and what becomes of a request whose client breaks.

use std::time::Duration;

use paydesk::{
    desk::{
        Options,
        hub::{Closed, Command, NotBegun, NotRegenerated, Reply},
    },
    domain::{
        attempt::{Attempt, Decision, Doubt, Snapshot, State},
        order::{Order, OrderNo, OrderStatus},
        recovery::PaymentPath,
        regeneration,
        story::OperatorAction,
    },
    journal::{BlockingJournal, Fact, sqlite::SqliteJournal},
};

use crate::{
    faulty::{Fault, faulty},
    regenerating::child,
    server::{Fake, Pays, Rig, memory, no, options, unpaid},
};

impl Rig {
    /// Asks for a payment of one order and a new one for the other; why neither was begun.
    async fn begins(&mut self) -> (Option<NotBegun>, Option<NotRegenerated>) {
        self.pay("119.55");
        self.mailbox.ask(Command::Regenerate { order: child(), path: PaymentPath::NewDeposit, reason: None });
        self.pass(2).await;
        let replies = || self.seen.iter().flat_map(|update| &update.replies);
        let paid = replies().find_map(|(_, reply)| match reply {
            Reply::NotBegun { reason, .. } => Some(reason.clone()),
            _ => None,
        });
        let made = replies().find_map(|(_, reply)| match reply {
            Reply::NotRegenerated { reason, .. } => Some(reason.clone()),
            _ => None,
        });
        (paid, made)
    }
}

pub(crate) fn third() -> OrderNo {
    "TESTA20261103143000001".parse().unwrap()
}

/// A server with an order to pay, one to regenerate, and a third to pay.
pub(crate) fn server() -> Fake {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        let other = |no, name: &str| Order { no, passengers: vec![name.into()].into(), ..unpaid() };
        let dead = Order { status: OrderStatus::Cancelled, ..other(child(), "LIN/MEIYU") };
        server.orders.extend([(child(), dead), (third(), other(third(), "PEREZ/ANA"))]);
    });
    server
}

async fn rig(server: &Fake, journal: impl BlockingJournal, options: Options) -> Rig {
    let mut rig = Rig::start(server, journal, options);
    rig.shows(no()).await;
    rig.shows(child()).await;
    rig
}

fn untouched(server: &Fake) {
    server.with(|server| assert_eq!((server.pay_requests, server.regenerated), (0, 0)));
}

#[tokio::test(start_paused = true)]
async fn a_read_only_desk_begins_nothing() {
    let server = server();
    let mut rig = rig(&server, memory(), Options { read_only: true, ..options() }).await;
    assert_eq!(
        rig.begins().await,
        (Some(NotBegun::Closed(Closed::ReadOnly)), Some(NotRegenerated::Closed(Closed::ReadOnly)))
    );
    untouched(&server);
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_is_leaving_begins_nothing() {
    let server = server();
    let mut rig = rig(&server, memory(), options()).await;
    server.with(|server| server.effect_takes = Duration::from_secs(8));
    rig.pay_order(third(), "119.55");
    rig.pass(2).await;
    rig.handle.send(Command::Leave);
    assert_eq!(
        rig.begins().await,
        (Some(NotBegun::Closed(Closed::Leaving)), Some(NotRegenerated::Closed(Closed::Leaving)))
    );
    server.with(|server| assert_eq!((server.pay_requests, server.regenerated), (1, 0)));
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_leaves_during_the_check_regenerates_nothing() {
    let server = server();
    let mut rig = rig(&server, memory(), options()).await;
    server.with(|server| server.query_takes = Duration::from_secs(3));
    rig.mailbox.ask(Command::Regenerate { order: child(), path: PaymentPath::NewDeposit, reason: None });
    rig.pass(1).await;
    rig.handle.send(Command::Leave);
    rig.pass(20).await;
    untouched(&server);
}

#[tokio::test(start_paused = true)]
async fn a_desk_whose_journal_failed_begins_nothing() {
    // What an operator noted, and what was seen of an order: either is enough.
    for fault in [Fault::CannotNote, Fault::CannotSee] {
        let server = server();
        let mut rig = rig(&server, faulty(fault).0, options()).await;
        if fault == Fault::CannotSee {
            server.with(|server| server.orders.get_mut(&third()).unwrap().status = OrderStatus::Ticketing);
            rig.shows(third()).await;
        } else {
            rig.handle.send(Command::Note(no(), "asked the traveller".into()));
        }
        let (paid, made) = rig.begins().await;
        assert!(matches!(paid, Some(NotBegun::Closed(Closed::Journal(_)))), "{paid:?}");
        assert!(matches!(made, Some(NotRegenerated::Closed(Closed::Journal(_)))), "{made:?}");
        untouched(&server);
    }
}

#[tokio::test(start_paused = true)]
async fn no_new_order_is_asked_for_that_could_not_be_written_down_before() {
    let server = server();
    let mut rig = rig(&server, faulty(Fault::CannotBegin).0, options()).await;
    rig.mailbox.ask(Command::Regenerate { order: child(), path: PaymentPath::NewDeposit, reason: None });
    rig.pass(20).await;
    untouched(&server);
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_client_breaks_is_in_doubt() {
    let server = server();
    server.with(|server| server.pays = Pays::Breaks);
    let mut rig = rig(&server, memory(), options()).await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| matches!(attempt.state, State::InDoubt(Doubt::Cut(_)))).await;
    rig.mailbox.ask(Command::Regenerate { order: child(), path: PaymentPath::NewDeposit, reason: None });
    let in_doubt = |state: &regeneration::State| matches!(state, regeneration::State::InDoubt(Doubt::Cut(_)));
    rig.until(|update| {
        let mut regenerated = update.cases.iter().flat_map(|case| &case.lineage.regenerations);
        regenerated.find(|regenerated| in_doubt(&regenerated.state)).map(|_| ())
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_person_decides_with_a_reason_and_it_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let open = || SqliteJournal::open(folder.path(), "").unwrap();
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.answers.extend([OrderStatus::Unpaid; 2]));
    let mut rig = Rig::start(&server, open(), options());
    rig.until_details().await;
    server.with(|server| server.answers.push_back(OrderStatus::Cancelled));
    rig.pay("119.55");
    let is_reversed = |attempt: &Attempt| attempt.state == State::Reversed;
    let attempt = rig.until_attempt(is_reversed).await;
    let mut theirs = open();
    let decided = |journal: &mut SqliteJournal| {
        let entries = journal.entries_after(0).unwrap().entries;
        entries
            .iter()
            .filter(|entry| matches!(entry.fact, Fact::OperatorAction(OperatorAction::Decided { .. })))
            .count()
    };
    let not_decided = Reply::NotDecided { order: no() };
    for (note, state, written, reply) in
        [("", State::Reversed, 0, not_decided.clone()), ("they paid it back", State::Closed, 1, Reply::Done)]
    {
        let note = note.into();
        let asked =
            rig.mailbox.ask(Command::Decide { id: attempt.id, order: no(), decision: Decision::Close, note });
        rig.pass(1).await;
        assert_eq!(rig.seen.last().unwrap().replies, [(asked, reply)]);
        assert_eq!(theirs.attempt(attempt.id).unwrap().unwrap().state, state);
        assert_eq!(decided(&mut theirs), written);
    }
    // Nobody decides anything at a desk that only looks.
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), "").unwrap();
    let claimed = Snapshot { state: State::Claimed, sent: None, ..attempt.snapshot() };
    journal.claim(&Attempt::restore(claimed)).unwrap();
    journal.advance(&attempt, &State::Claimed).unwrap();
    let mut rig = Rig::start(&server, journal, Options { read_only: true, ..options() });
    rig.pass(1).await;
    let note = "they paid it back".into();
    let asked =
        rig.mailbox.ask(Command::Decide { id: attempt.id, order: no(), decision: Decision::Close, note });
    rig.pass(1).await;
    assert_eq!(rig.seen.last().unwrap().replies, [(asked, not_decided)]);
    assert_ne!(rig.lineage().attempts[0].state, State::Closed);
}
