//! Two programs that ask the vendor for the same thing in the same moment: one request leaves.

use paydesk::{
    clock::{Clock, TokioClock},
    desk::hub::{Command, LossNotDecided, NotStopped, Reply},
    domain::{
        attempt::{Doubt, NotSent},
        baggage::{
            decision::{AcceptanceId, Called, Decision},
            trouble,
        },
        intent::Gate,
        moment::Moment,
        order::{OrderStatus, TicketingError},
        stop::Stop,
        stoppable,
        story::OperatorAction,
    },
    journal::{BlockingJournal, Entry, Fact, sqlite::SqliteJournal},
};

use crate::{
    hooked::{Hooked, Write},
    sample,
    server::{Fake, Pays, Rig, no, options, start},
};

/// A journal into which another program writes `first` once, just before this one can.
fn raced(inner: SqliteJournal, mut theirs: SqliteJournal, mut first: Option<Fact>) -> impl BlockingJournal {
    let is_request =
        |fact: &Fact| matches!(fact, Fact::Stop(_) | Fact::OperatorAction(OperatorAction::BaggageLoss(_)));
    let hook = move |write: Write<'_>| {
        if let Write::Fact(at, fact) = write
            && let Some(first) = first.take_if(|_| is_request(fact))
        {
            theirs.append(at, Some(no()), &first)?;
        }
        Ok(())
    };
    Hooked { inner, hook }
}

/// A desk whose order is in ticketing, with a loss on baggage, and what another program is about to write about it.
struct Race {
    server: Fake,
    rig: Rig,
    theirs: SqliteJournal,
    _folder: tempfile::TempDir,
}

impl Race {
    async fn start(first: impl FnOnce(Moment) -> Option<Fact>) -> Self {
        let server = Fake::new(Pays::Accepts);
        server.with(|server| {
            server.ticketed_after = u32::MAX;
            server.losses_in_vain = u32::MAX;
            let order = server.orders.get_mut(&no()).unwrap();
            order.status = OrderStatus::Ticketing;
            order.ticketing_error = Some(TicketingError { code: "3011".into(), message: None }.into());
        });
        let folder = tempfile::tempdir().unwrap();
        let open = |who| SqliteJournal::open(folder.path(), who).unwrap();
        let clock = TokioClock::starting_at(start());
        let sent = Moment { boot: clock.boot(), ..sample::moment(start(), 0) };
        let journal = raced(open("ours"), open("theirs"), first(sent));
        let theirs = open("theirs");
        let mut rig = Rig::on(&server, journal, clock, options());
        rig.shows(no()).await;
        Self { server, rig, theirs, _folder: folder }
    }

    async fn replies(&mut self, command: Command) -> Reply {
        let asked = self.rig.mailbox.ask(command);
        let to = |(id, reply): &(_, Reply)| (*id == asked).then(|| reply.clone());
        self.rig.until(|update| update.replies.iter().find_map(to)).await
    }

    async fn accepts(&mut self) -> Reply {
        self.replies(Command::BaggageLoss { order: no(), accept: true }).await
    }

    fn append(&mut self, decision: Decision) {
        let fact = Fact::OperatorAction(OperatorAction::BaggageLoss(decision));
        self.theirs.append(self.rig.clock.now(), Some(no()), &fact).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_programs_that_stop_an_order_in_the_same_moment_one_asks_for_it() {
    let theirs = |sent: Moment| Some(Fact::Stop(Box::new(Stop::begin(no(), sent, start()))));
    let mut race = Race::start(theirs).await;
    let reply = race.replies(Command::Stop(no())).await;
    let Reply::NotStopped { reason: NotStopped::NotNow(stoppable::NotNow::Working(_)), .. } = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(race.server.with(|server| server.stop_requests), 0, "theirs is on its way");
}

#[tokio::test(start_paused = true)]
async fn of_two_programs_that_accept_a_loss_in_the_same_moment_one_sends() {
    let theirs = |sent| {
        let begun = Decision::Accepting { id: AcceptanceId::generate(), sent };
        Some(Fact::OperatorAction(OperatorAction::BaggageLoss(begun)))
    };
    let mut race = Race::start(theirs).await;
    let reply = race.accepts().await;
    let Reply::LossNotDecided { reason: LossNotDecided::NotNow(trouble::NotNow::Asked), .. } = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(race.server.with(|server| server.accepted_losses), 0, "theirs is on its way");
    let entries = race.theirs.entries_after(0).unwrap().entries;
    let is_decision =
        |entry: &&Entry| matches!(entry.fact, Fact::OperatorAction(OperatorAction::BaggageLoss(_)));
    assert_eq!(entries.iter().filter(is_decision).count(), 1, "nothing of ours was begun");
}

#[tokio::test(start_paused = true)]
async fn an_acceptance_of_another_program_that_never_left_does_not_hide_one_that_did() {
    let mut race = Race::start(|_| None).await;
    race.server.with(|server| server.losses.push_back(Called::InDoubt(Doubt::NoAnswer)));
    assert!(matches!(race.accepts().await, Reply::Accepting { .. }));
    // A program of an earlier version begins beside ours, sees it, and withdraws.
    let (id, up) = (AcceptanceId::generate(), race.rig.clock.uptime().as_secs());
    let sent = Moment { boot: race.rig.clock.boot(), ..sample::moment(race.rig.clock.now(), up) };
    race.append(Decision::Accepting { id, sent });
    race.append(Decision::Ended { id, called: Called::NotSent(NotSent::Gate(Gate::Overtaken)) });
    let reply = race.accepts().await;
    let Reply::LossNotDecided { reason: LossNotDecided::NotNow(trouble::NotNow::Asked), .. } = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(race.server.with(|server| server.accepted_losses), 1);
}

#[tokio::test(start_paused = true)]
async fn what_another_program_merely_saw_in_the_same_moment_hinders_nothing() {
    let seen = paydesk::domain::seen::Seen::bare(OrderStatus::Ticketing, Some("3011".into()));
    let mut race = Race::start(|_| Some(Fact::Seen(Box::new(seen)))).await;
    assert!(matches!(race.replies(Command::Stop(no())).await, Reply::Stopping { .. }));
    assert!(matches!(race.accepts().await, Reply::Accepting { .. }));
    let sent = race.server.with(|server| (server.stop_requests, server.accepted_losses));
    assert_eq!(sent, (1, 1));
}
