//! Working together: notes, and whose an order is, between two programs on one journal.

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    clock::TokioClock,
    desk::hub::{Command, CommandId, NotWorked, Reply},
    domain::{
        case::Case,
        group::Group,
        order::OrderNo,
        story::{OperatorAction, What},
        work::Work,
    },
    journal::{BlockingJournal, Entry, Fact, sqlite::SqliteJournal},
};
use tokio::sync::Notify;

use crate::{
    noticed::Noticed,
    server::{Fake, Pays, Rig, no, options, start},
};

/// Two desks on one journal, and whose they are.
struct Two {
    li: Rig,
    mei: Rig,
    folder: tempfile::TempDir,
}

impl Two {
    async fn start() -> Self {
        let (server, folder) = (Fake::new(Pays::Accepts), tempfile::tempdir().unwrap());
        let desk = |who: &str| {
            let journal = SqliteJournal::open(folder.path(), who).unwrap();
            Rig::on(&server, journal, TokioClock::starting_at(start()), options())
        };
        let (mut li, mut mei) = (desk("li@desk"), desk("mei@desk"));
        li.shows(no()).await;
        mei.shows(no()).await;
        Self { li, mei, folder }
    }

    /// The journal as a third program reads it.
    fn journal(&self) -> SqliteJournal {
        SqliteJournal::open(self.folder.path(), "wei@desk").unwrap()
    }

    /// What operators did, and who they were.
    fn actions(&self) -> Vec<(String, OperatorAction)> {
        let entries = self.journal().entries_after(0).unwrap().entries.into_iter();
        let action = |entry: Entry| match entry.fact {
            Fact::OperatorAction(action) => Some((entry.author.name().to_owned(), action)),
            _ => None,
        };
        entries.filter_map(action).collect()
    }
}

/// What became of a command.
async fn said(rig: &mut Rig, asked: CommandId) -> Reply {
    rig.until(|update| update.replies.iter().find(|(id, _)| *id == asked).map(|(_, reply)| reply.clone()))
        .await
}

async fn does(rig: &mut Rig, command: Command) -> Reply {
    let asked = rig.mailbox.ask(command);
    said(rig, asked).await
}

/// The newest work on the order that a desk has said.
fn work(rig: &Rig) -> Work {
    let cases = rig.seen.iter().rev().flat_map(|update| &update.cases);
    cases.filter(|case| case.order.no == no()).map(|case| case.work().clone()).next().unwrap()
}

fn newest(rig: &Rig) -> Arc<Case> {
    let mut cases = rig.seen.iter().rev().flat_map(|update| &update.cases);
    Arc::clone(cases.find(|case| case.order.no == no()).unwrap())
}

fn take_over(reason: &str) -> Command {
    Command::TakeOver { order: no(), reason: reason.into() }
}

#[tokio::test(start_paused = true)]
async fn of_two_who_take_an_order_one_has_it_and_the_other_hears_whose_it_is() {
    let Two { mut li, mut mei, .. } = Two::start().await;
    assert_eq!(does(&mut li, Command::Take(no())).await, Reply::Done);
    // Nothing was read of it there yet.
    let Reply::NotWorked { order, reason: NotWorked::Held(owner) } =
        does(&mut mei, Command::Take(no())).await
    else {
        panic!("taken twice")
    };
    assert_eq!((order, owner.name()), (no(), "li"));
    assert_eq!(owner.left(owner.since), SignedDuration::from_mins(10));
    assert!(matches!(does(&mut mei, Command::Release(no())).await, Reply::NotWorked { .. }));
    assert_eq!(work(&mei).owner.unwrap(), owner);
}

#[tokio::test(start_paused = true)]
async fn an_order_is_taken_over_with_a_reason_alone_and_both_are_in_the_journal() {
    let mut two = Two::start().await;
    does(&mut two.li, Command::Take(no())).await;
    let no_reason = Reply::NotWorked { order: no(), reason: NotWorked::NoReason };
    assert_eq!(does(&mut two.mei, take_over("  ")).await, no_reason);
    assert_eq!(does(&mut two.mei, take_over("li is at lunch, card 4111111111111111")).await, Reply::Done);
    assert_eq!(work(&two.mei).owner.unwrap().name(), "mei");
    // And it is no longer theirs to release or to take.
    assert!(matches!(does(&mut two.li, Command::Take(no())).await, Reply::NotWorked { .. }));
    let actions = two.actions();
    let [(li, OperatorAction::Took { .. }), (mei, OperatorAction::TookOver { reason, .. })] = &actions[..]
    else {
        panic!("{actions:?}")
    };
    assert_eq!((&**li, &**mei), ("li", "mei"));
    assert!(reason.starts_with("li is at lunch") && !reason.contains("41111111"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_over_is_nobody_s_and_one_that_is_renewed_is_no_line_of_the_story() {
    let Two { mut li, mut mei, .. } = Two::start().await;
    does(&mut li, Command::Take(no())).await;
    li.pass(6 * 60).await;
    does(&mut li, Command::Take(no())).await;
    mei.pass(5 * 60).await;
    assert!(matches!(does(&mut mei, Command::Take(no())).await, Reply::NotWorked { .. }), "it was renewed");
    let took = |case: &Case| {
        let is_taking = |what: &What| matches!(what, What::OperatorAction(OperatorAction::Took { .. }));
        case.story.iter().filter(|happening| is_taking(&happening.what)).count()
    };
    assert_eq!((took(&newest(&li)), took(&newest(&mei))), (1, 1));
    mei.pass(6 * 60).await;
    assert_eq!(does(&mut mei, Command::Take(no())).await, Reply::Done);
    assert_eq!(work(&mei).owner.unwrap().name(), "mei");
}

#[tokio::test(start_paused = true)]
async fn the_same_person_at_another_console_needs_no_reason() {
    let (server, folder) = (Fake::new(Pays::Accepts), tempfile::tempdir().unwrap());
    let desk = || {
        let journal = SqliteJournal::open(folder.path(), "li@desk").unwrap();
        Rig::on(&server, journal, TokioClock::starting_at(start()), options())
    };
    let (mut here, mut there) = (desk(), desk());
    here.shows(no()).await;
    there.shows(no()).await;
    does(&mut here, Command::Take(no())).await;
    assert_eq!(does(&mut there, Command::Take(no())).await, Reply::Done);
    assert_ne!(work(&here).owner.unwrap().program, work(&there).owner.unwrap().program);
}

#[tokio::test(start_paused = true)]
async fn notes_have_an_author_and_a_time_and_never_a_card_number() {
    let mut two = Two::start().await;
    does(&mut two.li, Command::Note(no(), "call back, not 4111 1111 1111 1111".into())).await;
    does(&mut two.mei, Command::Inspect(no())).await;
    let note = work(&two.mei).notes.pop().unwrap();
    assert_eq!((&*note.by, note.text.starts_with("call back")), ("li@desk", true));
    assert!(!note.text.contains("4111 1111"), "{}", note.text);
    assert!(note.at >= start());
    let by = |happening: &paydesk::domain::story::Happening| match &happening.what {
        What::OperatorAction(OperatorAction::Noted(_)) => {
            Some(happening.by.as_ref().unwrap().name().to_owned())
        }
        _ => None,
    };
    let notice: Vec<String> = newest(&two.mei).story.iter().filter_map(|happening| by(happening)).collect();
    assert_eq!(notice, ["li"]);
    let empty = does(&mut two.li, Command::Note(no(), " ".into())).await;
    assert!(matches!(empty, Reply::NotWorked { reason: NotWorked::NoReason, .. }));
}

#[tokio::test(start_paused = true)]
async fn what_is_put_off_or_handled_is_so_for_both_and_after_a_restart() {
    let mut two = Two::start().await;
    let until = start() + SignedDuration::from_mins(15);
    let snooze = Command::Snooze { order: no(), until, reason: "callback".into() };
    assert_eq!(does(&mut two.li, snooze).await, Reply::Done);
    does(&mut two.mei, Command::Inspect(no())).await;
    let snoozed = work(&two.mei).snooze.unwrap();
    assert_eq!((snoozed.until, &*snoozed.reason, &*snoozed.by), (until, "callback", "li@desk"));
    does(&mut two.mei, Command::Handle { order: no(), group: Group::Due }).await;
    does(&mut two.li, Command::Wake(no())).await;
    let server = Fake::new(Pays::Accepts);
    let mut again = Rig::start(&server, two.journal(), options());
    again.shows(no()).await;
    let kept = work(&again);
    assert_eq!(kept.handled.map(|handled| handled.cause), Some(Group::Due));
    assert_eq!(kept.snooze, None);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_tells_who_began_it() {
    let mut two = Two::start().await;
    let id = two.li.pay("119.55");
    two.li.until_attempt(|attempt| !attempt.state.is_open()).await;
    does(&mut two.mei, Command::Inspect(no())).await;
    assert_eq!(newest(&two.mei).author_of(id).unwrap().name(), "li");
}

/// An order that no list has shown here, and which another program has noted something on.
#[tokio::test(start_paused = true)]
async fn an_order_that_only_the_other_program_s_journal_knows_is_shown_with_its_notes() {
    let mut two = Two::start().await;
    let theirs: OrderNo = "TESTA20261103150000077".parse().unwrap();
    let mut journal = two.journal();
    let order = paydesk::domain::order::Order { no: theirs, ..crate::server::unpaid() };
    let seen = Fact::Seen(Box::new(paydesk::domain::seen::Seen::of(&order)));
    journal.append(start(), Some(theirs), &seen).unwrap();
    let noted = Fact::OperatorAction(OperatorAction::Noted("only here".into()));
    journal.append(start(), Some(theirs), &noted).unwrap();
    two.li.mailbox.ask(Command::Inspect(no()));
    let note = two
        .li
        .until(|update| {
            let case = update.remembered.iter().chain(&update.cases).find(|case| case.order.no == theirs)?;
            case.work().notes.first().cloned()
        })
        .await;
    assert_eq!((&*note.text, &*note.by), ("only here", "wei@desk"));
}

#[tokio::test(start_paused = true)]
async fn what_another_program_writes_shows_as_soon_as_the_journal_tells() {
    let (server, folder) = (Fake::new(Pays::Accepts), tempfile::tempdir().unwrap());
    let notice = Arc::<Notify>::default();
    let inner = SqliteJournal::open(folder.path(), "li@desk").unwrap();
    let mut li = Rig::start(&server, Noticed { inner, notice: Arc::clone(&notice) }, options());
    li.shows(no()).await;
    let mut mei = SqliteJournal::open(folder.path(), "mei@desk").unwrap();
    let until = start() + SignedDuration::from_mins(30);
    let did = [OperatorAction::Noted("call back".into()), OperatorAction::Took { until }];
    for action in did {
        BlockingJournal::append(&mut mei, start(), Some(no()), &Fact::OperatorAction(action)).unwrap();
    }
    li.seen.push(li.mailbox.take());
    let queries = server.with(|server| server.queries);
    notice.notify_one();
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    li.seen.push(li.mailbox.take());
    assert_eq!((&*work(&li).notes[0].text, work(&li).owner.unwrap().name()), ("call back", "mei"));
    assert_eq!(server.with(|server| server.queries), queries, "nobody is asked for that");
}
