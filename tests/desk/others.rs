//! Another program on the same journal: what it wrote is known before anything is done, and what we know ourselves is
//! not lost over it.

use std::time::Duration;

use paydesk::{
    desk::hub::{Closed, Command, NotBegun, Reply, Update},
    domain::{
        attempt::{Attempt, AttemptId, Doubt, NotSent, State},
        order::{OrderNo, OrderStatus},
        recovery::PaymentPath,
        regeneration::{self, Called, Regeneration},
        seen::Seen,
    },
    journal::{BlockingJournal, Entry, Fact, sqlite::SqliteJournal},
};

use crate::{
    regenerating::{cancelled_with_child, child},
    sample::{self, Stands},
    server::{Fake, Pays, Rig, memory, no, options, start},
};

/// A desk, and the journal as another program has it.
struct Two {
    server: Fake,
    rig: Rig,
    theirs: SqliteJournal,
    _folder: tempfile::TempDir,
}

impl Two {
    async fn start(pays: Pays) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = |who| SqliteJournal::open(folder.path(), who).unwrap();
        let (ours, theirs) = (open("ours"), open("theirs"));
        let server = Fake::new(pays);
        let mut rig = Rig::start(&server, ours, options());
        rig.until_details().await;
        Self { server, rig, theirs, _folder: folder }
    }

    /// The other program moves an attempt on that stands as `from`; it may have taken us for dead.
    fn moved_on(&mut self, id: AttemptId, from: &State, state: State) {
        let known = self.theirs.attempt(id).unwrap().unwrap();
        assert_eq!(&known.state, from);
        self.theirs.advance(&known.in_state(state), from).unwrap();
    }

    /// The states of attempts, in the order in which they were written.
    fn written(&mut self) -> Vec<&'static str> {
        let entries = self.theirs.entries_after(0).unwrap().entries;
        let word = |entry: &Entry| match &entry.fact {
            Fact::Attempt(attempt) => Some(attempt.state.word()),
            _ => None,
        };
        entries.iter().filter_map(word).collect()
    }
}

/// An attempt of an earlier program.
pub(crate) fn claimed() -> Attempt {
    sample::attempt(no(), start(), State::Claimed)
}

/// A regeneration by which `parent` is to be regenerated.
pub(crate) fn regenerating(parent: OrderNo) -> Regeneration {
    sample::regeneration(parent, sample::moment(start(), 0), regeneration::State::Sending)
}

/// Another program has made `child()` from `no()`.
pub(crate) fn made(journal: &mut SqliteJournal) {
    let sending = regenerating(no());
    journal.claim(&sending).unwrap();
    let made = sending.in_state(regeneration::State::Made(child()));
    journal.advance(&made, &regeneration::State::Sending).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_somebody_released_sends_nothing() {
    let mut two = Two::start(Pays::Accepts).await;
    let id = two.rig.pay("119.55");
    // It is claimed, and the second check is under way.
    tokio::time::sleep(Duration::from_millis(50)).await;
    two.moved_on(id, &State::Claimed, State::NotSent(NotSent::Interrupted));
    let ended = two.rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
    assert_eq!(ended.id, id);
    tokio::time::sleep(Duration::from_secs(60)).await;
    two.server.with(|server| assert_eq!(server.pay_requests, 0));
}

#[tokio::test(start_paused = true)]
async fn an_answer_outweighs_the_doubt_of_another_program_and_is_written_down() {
    // The doubt is not known here yet when the answer comes, or has been read with the last sweep.
    for (takes, answer, outcome, ends) in [
        (3, 403, "refused", State::Rejected(403)),
        (3, 0, "accepted", State::Ticketed),
        (20, 403, "refused", State::Rejected(403)),
        // By then queries have said more than the answer does.
        (20, 0, "paid", State::Ticketed),
    ] {
        let pays = if answer == 0 { Pays::Accepts } else { Pays::Refuses(answer) };
        let mut two = Two::start(pays).await;
        two.server.with(|server| server.effect_takes = Duration::from_secs(takes));
        let id = two.rig.pay("119.55");
        two.rig.pass(1).await;
        two.moved_on(id, &State::Sending, State::InDoubt(Doubt::Crash));
        let ended = two.rig.until_attempt(|attempt| attempt.state == ends).await;
        assert_eq!((ended.id, ended.answer), (id, Some(answer)), "{takes}");
        let written = two.theirs.attempt(id).unwrap().unwrap();
        assert_eq!((&written.state, written.answer), (&ends, Some(answer)), "{takes}");
        let words = two.written();
        assert!(words.contains(&outcome), "{takes}: {words:?}");
        two.server.with(|server| assert_eq!(server.pay_requests, 1));
        // The doubt was written before our answer: reading it later changes nothing.
        let seen = two.rig.seen.len();
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            two.rig.seen.push(two.rig.mailbox.take());
        }
        let cases = two.rig.seen[seen..].iter().flat_map(|update| &update.cases);
        assert!(
            cases.flat_map(|case| &case.lineage.attempts).all(|attempt| attempt.state == ends),
            "{takes}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_program_knows_better_is_believed() {
    let mut two = Two::start(Pays::Accepts).await;
    let id = two.rig.pay("119.55");
    two.rig.until_attempt(|attempt| attempt.state == State::Accepted).await;
    two.moved_on(id, &State::Accepted, State::Conflict);
    // The next answer says ticketing: that would have been news of what it was.
    let next = two.rig.until_attempt(|attempt| attempt.state != State::Accepted).await;
    assert_eq!(next.state, State::Conflict);
}

#[tokio::test(start_paused = true)]
async fn answers_that_count_are_on_disk_for_whoever_is_started_next() {
    let mut two = Two::start(Pays::DropsSilently).await;
    let id = two.rig.pay("119.55");
    let doubtful = two.rig.until_attempt(|attempt| attempt.evidence.answers >= 2).await;
    assert!(matches!(doubtful.state, State::InDoubt(_)));
    let written = two.theirs.attempt(id).unwrap().unwrap();
    assert_eq!((written.evidence.said, written.evidence.answers), (Some(OrderStatus::Unpaid), 2));
}

#[tokio::test(start_paused = true)]
async fn what_the_account_held_before_a_payment_is_on_disk_for_whoever_is_started_next() {
    let mut two = Two::start(Pays::DropsSilently).await;
    let id = two.rig.pay("119.55");
    two.rig.until_attempt(|attempt| attempt.state == State::Sending).await;
    // Changed by something else meanwhile.
    two.server.with(|server| server.balance = sample::usd("380.45"));
    two.rig.until_attempt(|attempt| matches!(attempt.state, State::InDoubt(_))).await;
    let written = two.theirs.attempt(id).unwrap().unwrap();
    assert_eq!(written.balance_before, Some(sample::usd("500")));
}

#[tokio::test(start_paused = true)]
async fn what_another_program_wrote_just_now_is_read_before_a_claim() {
    let mut two = Two::start(Pays::Accepts).await;
    // Two orders that nothing connects, as far as the vendor says.
    two.server.with(|server| cancelled_with_child(server, None));
    two.rig.shows(child()).await;
    two.rig.shows(no()).await;
    // The old one can be paid again, by an answer that nobody here has asked for yet.
    two.server.with(|server| server.orders.insert(no(), crate::server::unpaid()));
    made(&mut two.theirs);
    let id = two.rig.pay_order(child(), "119.55");
    let ended = two.rig.until_attempt(|attempt| attempt.id == id && !attempt.state.is_open()).await;
    assert_eq!(ended.lineage, no(), "it belongs to the order that it was made from");
    assert_eq!(ended.state, State::NotSent(NotSent::Obstacle("orderNo:original_alive".into())));
    two.server.with(|server| assert_eq!(server.pay_requests, 0));
}

#[tokio::test(start_paused = true)]
async fn a_new_order_that_another_program_found_is_believed_over_our_own_search_in_vain() {
    let mut two = Two::start(Pays::Accepts).await;
    two.server.with(|server| {
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled;
        server.calls.push_back(Called::Doubt(Doubt::NoAnswer));
    });
    two.rig.shows(no()).await;
    two.rig.mailbox.ask(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason: None });
    two.rig.pass(1).await;
    let doubtful = two.rig.lineage().regenerations[0].clone();
    assert!(doubtful.state.is_open());
    let found = doubtful.in_state(regeneration::State::Found(child()));
    two.theirs.advance(&found, &doubtful.state).unwrap();
    // Our next search finds nothing; the next sweep, which reads the journal too, is ten seconds away.
    two.rig.pass(4).await;
    assert_eq!(two.rig.lineage().regenerations[0].state, regeneration::State::Found(child()));
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_leaves_writes_down_first_what_becomes_of_what_is_on_its_way() {
    let mut two = Two::start(Pays::Accepts).await;
    two.server.with(|server| server.effect_takes = Duration::from_secs(8));
    let id = two.rig.pay("119.55");
    two.rig.pass(2).await;
    two.rig.handle.send(Command::Leave);
    two.rig.until(|update| update.ended.then_some(())).await;
    assert_eq!(two.theirs.attempt(id).unwrap().unwrap().state, State::Accepted);

    let mut two = Two::start(Pays::Accepts).await;
    two.server.with(|server| {
        server.effect_takes = Duration::from_secs(8);
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled;
        server.calls.push_back(Called::Made(child()));
    });
    two.rig.shows(no()).await;
    two.rig.mailbox.ask(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason: None });
    two.rig.pass(2).await;
    two.rig.handle.send(Command::Leave);
    two.rig.until(|update| update.ended.then_some(())).await;
    let entries = two.theirs.entries_after(0).unwrap().entries;
    let last = entries.into_iter().rev().find_map(|entry| match entry.fact {
        Fact::Regeneration(regeneration) => Some(regeneration.state.clone()),
        _ => None,
    });
    assert_eq!(last, Some(regeneration::State::Made(child())));
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_program_left_open_is_taken_up_though_no_list_shows_it() {
    // A payment in doubt.
    let mut journal = memory();
    let claimed = claimed();
    let sending = sample::sent(&claimed, sample::moment(start(), 0));
    journal.claim(&claimed).unwrap();
    journal.advance(&sending, &State::Claimed).unwrap();
    let doubtful = sending.in_state(State::InDoubt(Doubt::Crash));
    journal.advance(&doubtful, &State::Sending).unwrap();
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        server.unlisted.insert(no());
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketing;
    });
    let mut rig = Rig::start(&server, journal, options());
    rig.pass(1).await;
    assert_eq!(rig.lineage().attempts[0].state, State::Paid);
    // A new order that may have been made.
    let mut journal = memory();
    let sending = regenerating(no());
    journal.claim(&sending).unwrap();
    let doubtful = sending.in_state(regeneration::State::InDoubt(Doubt::Crash));
    journal.advance(&doubtful, &sending.state).unwrap();
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        server.unlisted.insert(no());
        cancelled_with_child(server, None);
    });
    let mut rig = Rig::start(&server, journal, options());
    rig.pass(10).await;
    assert_eq!(rig.lineage().regenerations[0].state, regeneration::State::Found(child()));
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_somebody_altered_is_shown_and_nothing_is_begun_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let open = || SqliteJournal::open(folder.path(), "").unwrap();
    let seen = Fact::Seen(Box::new(Seen::bare(OrderStatus::Unpaid, None)));
    open().append(start(), Some(no()), &seen).unwrap();
    let db = rusqlite::Connection::open(folder.path().join("journal.sqlite")).unwrap();
    db.execute_batch("DROP TRIGGER entries_are_never_changed; UPDATE entries SET operator = 'eve'").unwrap();
    drop(db);
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, open(), options());
    rig.until_details().await;
    rig.pay("119.55");
    let refused = |update: &Update| {
        update.replies.iter().any(|(_, reply)| {
            matches!(reply, Reply::NotBegun { reason: NotBegun::Closed(Closed::Journal(_)), .. })
        })
    };
    rig.until(|update| refused(update).then_some(())).await;
    server.with(|server| assert_eq!(server.pay_requests, 0));
}
