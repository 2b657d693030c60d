//! A loss on baggage: recognised wherever it shows, accepted once and on disk before it leaves, and never asked for twice on
//! a guess.

use std::time::Duration;

use jiff::SignedDuration;
use paydesk::{
    clock::Clock,
    desk::hub::{Closed, Command, LossNotDecided, Reply},
    domain::{
        attempt::{Doubt, NotSent},
        baggage::{
            decision::{AcceptanceId, Called, Decision},
            trouble::{NotNow, Standing, Trouble},
        },
        notification::{Kind, Notification},
        order::{Order, OrderStatus, TicketingError},
        read_error::ReadError,
        story::OperatorAction,
    },
    journal::{BlockingJournal, Entry, Fact, sqlite::SqliteJournal},
};

use crate::{
    faulty::{Fault, faulty},
    server::{Fake, Pays, Rig, memory, no, options, start, unpaid},
};

const LOSS: &str = "3011";

fn error(code: &str) -> TicketingError {
    TicketingError { code: code.into(), message: None }
}

/// A server with one order in ticketing; with this code, if there is one.
fn server(code: Option<&str>) -> Fake {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        server.ticketed_after = u32::MAX;
        let order = Order {
            status: OrderStatus::Ticketing,
            paid_at: Some(start()),
            ticketing_error: code.map(|code| error(code).into()),
            ..unpaid()
        };
        server.orders.insert(no(), order);
    });
    server
}

async fn rig(server: &Fake, journal: impl BlockingJournal) -> Rig {
    let mut rig = Rig::start(server, journal, options());
    rig.shows(no()).await;
    rig
}

impl Rig {
    /// Decides, and lets time pass; what became of that.
    async fn decides(&mut self, accept: bool, seconds: u64) -> Option<Reply> {
        let asked = self.mailbox.ask(Command::BaggageLoss { order: no(), accept });
        self.pass(seconds).await;
        let mut replies = self.seen.iter().flat_map(|update| &update.replies);
        replies.find(|(id, _)| *id == asked).map(|(_, reply)| reply.clone())
    }

    fn trouble(&mut self) -> Option<Trouble> {
        self.seen.push(self.mailbox.take());
        let mut cases = self.seen.iter().rev().flat_map(|update| update.cases.iter().rev());
        cases.next().unwrap().baggage()
    }

    fn standing(&mut self) -> Standing {
        self.trouble().expect("it still loses money").standing
    }
}

fn against(reason: NotNow) -> Reply {
    Reply::LossNotDecided { order: no(), reason: LossNotDecided::NotNow(reason) }
}

fn requests(server: &Fake) -> u32 {
    server.with(|server| server.accepted_losses)
}

/// What was decided, as it was written.
fn written(journal: &mut SqliteJournal) -> Vec<&'static str> {
    let word = |entry: &Entry| match &entry.fact {
        Fact::OperatorAction(OperatorAction::BaggageLoss(decision)) => Some(decision.word()),
        _ => None,
    };
    journal.entries_after(0).unwrap().entries.iter().filter_map(word).collect()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn journal(&self, who: &str) -> SqliteJournal {
        SqliteJournal::open(self.0.path(), who).unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn an_acceptance_is_on_disk_before_it_leaves_leaves_once_and_a_query_tells_what_came_of_it() {
    let (folder, server) = (Folder::new(), server(Some(LOSS)));
    server.with(|server| server.effect_takes = Duration::from_secs(5));
    let mut rig = rig(&server, folder.journal("ours")).await;
    let reply = rig.decides(true, 2).await;
    assert!(matches!(reply, Some(Reply::Accepting { .. })), "{reply:?}");
    let mut theirs = folder.journal("theirs");
    assert_eq!((requests(&server), written(&mut theirs)), (1, vec!["accepting"]));
    let second = rig.decides(true, 1).await;
    assert_eq!((second, requests(&server)), (None, 1), "one press more is no request more");
    rig.pass(10).await;
    assert_eq!((requests(&server), written(&mut theirs)), (1, vec!["accepting", "taken"]));
    assert_eq!(rig.trouble(), None, "an answer shows that it is gone");
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_answer_only_queries_leave_until_one_shows_the_loss_after_it_should_be_gone() {
    let server = server(Some(LOSS));
    server.with(|server| {
        server.losses_in_vain = u32::MAX;
        server.losses.extend([Called::InDoubt(Doubt::NoAnswer), Called::Taken]);
    });
    let mut rig = rig(&server, memory()).await;
    rig.decides(true, 2).await;
    let Standing::Accepted(_, _, Some(Called::InDoubt(_))) = rig.standing() else {
        panic!("{:?}", rig.standing())
    };
    let before = server.with(|server| server.queries);
    rig.pass(30).await;
    let asked = server.with(|server| server.queries) - before;
    assert!(asked >= 4, "it is watched: {asked} queries in half a minute");
    assert_eq!(rig.decides(true, 2).await, Some(against(NotNow::Asked)));
    assert_eq!(rig.decides(false, 2).await, Some(against(NotNow::Asked)), "nor is it taken back");
    assert_eq!(requests(&server), 1);
    rig.pass(100).await;
    assert!(matches!(rig.decides(true, 2).await, Some(Reply::Accepting { .. })));
    assert_eq!(requests(&server), 2);
}

#[tokio::test(start_paused = true)]
async fn what_a_lost_answer_had_done_after_all_is_seen_and_nothing_leaves_again() {
    let server = server(Some(LOSS));
    server.with(|server| server.losses.push_back(Called::InDoubt(Doubt::NoAnswer)));
    let mut rig = rig(&server, memory()).await;
    rig.decides(true, 10).await;
    assert_eq!(rig.trouble(), None);
    rig.pass(150).await;
    assert_eq!(rig.decides(true, 2).await, Some(against(NotNow::NoLoss)));
    assert_eq!(requests(&server), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_for_what_cannot_be_bought_is_not_lost_or_was_never_connected() {
    for (code, reason) in [(Some("309"), NotNow::CannotBeBought), (None, NotNow::NoLoss)] {
        let server = server(code);
        let mut rig = rig(&server, memory()).await;
        for accept in [true, false] {
            assert_eq!(rig.decides(accept, 2).await, Some(against(reason)), "{code:?} {accept}");
        }
        assert_eq!(requests(&server), 0);
    }
    // The screen may show a loss that is gone: a query is asked first.
    let server = server(Some(LOSS));
    let mut rig = rig(&server, memory()).await;
    server.with(|server| server.orders.get_mut(&no()).unwrap().ticketing_error = None);
    assert_eq!(rig.decides(true, 2).await, Some(against(NotNow::NoLoss)));
    // What never left may be asked for again at once.
    server.with(|server| {
        server.orders.get_mut(&no()).unwrap().ticketing_error = Some(error(LOSS).into());
        server.losses_in_vain = u32::MAX;
        let unreachable = ReadError::Unreachable { host: "h:443".into(), reason: "refused".into() };
        server.losses.push_back(Called::NotSent(NotSent::NoConnection(unreachable)));
    });
    rig.decides(true, 2).await;
    assert_eq!(rig.standing(), Standing::Open);
    rig.decides(true, 2).await;
    assert_eq!(requests(&server), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_sends_nothing_and_is_known_to_the_next_program_with_the_first_sign_of_the_loss() {
    let (folder, server) = (Folder::new(), server(Some(LOSS)));
    let mut first = rig(&server, folder.journal("first")).await;
    assert_eq!(first.decides(false, 1).await, Some(Reply::Done));
    assert_eq!((requests(&server), first.standing()), (0, Standing::Refused));
    let since = first.trouble().unwrap().since.unwrap();
    assert!(since.at.duration_since(start()) < SignedDuration::from_secs(2) && !since.notified, "{since:?}");
    first.mailbox.ask(Command::Leave);
    first.pass(300).await;
    let mut second = rig(&server, folder.journal("second")).await;
    let trouble = second.trouble().unwrap();
    assert_eq!((trouble.standing, trouble.since), (Standing::Refused, Some(since)));
    // Whoever thinks better of it may still accept.
    assert!(matches!(second.decides(true, 3).await, Some(Reply::Accepting { .. })));
    assert_eq!(requests(&server), 1);
}

#[tokio::test(start_paused = true)]
async fn what_another_program_has_begun_is_not_begun_again_even_if_it_died_over_it() {
    let (folder, server) = (Folder::new(), server(Some(LOSS)));
    let mut rig = rig(&server, folder.journal("ours")).await;
    let mut theirs = folder.journal("theirs");
    let sent = crate::sample::moment(rig.clock.now(), rig.clock.uptime().as_secs());
    let sent = paydesk::domain::moment::Moment { boot: rig.clock.boot(), ..sent };
    let begun = Decision::Accepting { id: AcceptanceId::generate(), sent };
    let fact = Fact::OperatorAction(OperatorAction::BaggageLoss(begun));
    theirs.append(rig.clock.now(), Some(no()), &fact).unwrap();
    assert_eq!(rig.decides(true, 2).await, Some(against(NotNow::Asked)));
    assert_eq!(requests(&server), 0);
    rig.pass(120).await;
    assert!(matches!(rig.decides(true, 2).await, Some(Reply::Accepting { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_does_not_take_it_sends_nothing() {
    let server = server(Some(LOSS));
    let (journal, _) = faulty(Fault::CannotNote);
    let mut rig = rig(&server, journal).await;
    let reply = rig.decides(true, 2).await;
    assert!(
        matches!(
            &reply,
            Some(Reply::LossNotDecided { reason: LossNotDecided::Closed(Closed::Journal(_)), .. })
        ),
        "{reply:?}"
    );
    assert_eq!(requests(&server), 0);
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_list_and_a_notification_make_the_desk_ask_and_neither_is_believed() {
    for by_notice in [false, true] {
        let server = server(None);
        let mut rig = rig(&server, memory()).await;
        assert_eq!(rig.trouble(), None);
        server
            .with(|server| server.orders.get_mut(&no()).unwrap().ticketing_error = Some(error(LOSS).into()));
        if by_notice {
            let raw =
                format!(r#"{{"type":"order.baggage","data":{{"orderNo":"{}","errorCode":"{LOSS}"}}}}"#, no());
            let notification = Notification {
                kind: Kind::Other("order.baggage".into()),
                order: Some(no()),
                id: None,
                error: Some(LOSS.into()),
                raw,
            };
            server.with(|server| server.silent.insert(no()));
            rig.mailbox.ask(Command::Notification(Box::new(notification)));
            rig.pass(1).await;
            assert_eq!(rig.trouble(), None, "a notice changes nothing that is believed");
            server.with(|server| server.silent.remove(&no()));
        }
        rig.pass(20).await;
        let trouble = rig.trouble().expect("an answer shows it");
        assert_eq!(trouble.since.unwrap().notified, by_notice);
    }
}
