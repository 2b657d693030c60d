//! The vendor's clock, as a desk knows it: what a lying date may do, and what it may not.

use std::time::Duration;

use jiff::SignedDuration;
use paydesk::{
    clock::Clock,
    desk::{
        Options,
        hub::{Command, NotRegenerated, Reply},
    },
    domain::{
        attempt::State, order::OrderStatus, recovery::PaymentPath, regenerable::NotNow, vendor_clock::Trust,
    },
};

use crate::server::{Fake, Pays, Rig, memory, no, options};

const FORTY_MINUTES: SignedDuration = SignedDuration::from_mins(40);

impl Rig {
    /// Tries to have the order regenerated, and asks about it before; why it was not.
    async fn tries_to_regenerate(&mut self) -> Option<NotNow> {
        self.mailbox.ask(Command::Inspect(no()));
        tokio::time::sleep(Duration::from_secs(2)).await;
        self.mailbox.ask(Command::Regenerate { order: no(), path: PaymentPath::NewDeposit, reason: None });
        tokio::time::sleep(Duration::from_secs(2)).await;
        self.mailbox.take().replies.into_iter().find_map(|(_, reply)| match reply {
            Reply::NotRegenerated { reason: NotRegenerated::NotNow(why), .. } => Some(why),
            _ => None,
        })
    }

    async fn trust(&mut self) -> (Trust, SignedDuration) {
        self.handle.send(Command::RefreshAll);
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.seen.push(self.mailbox.take());
        let health = self.seen.iter().rev().find_map(|update| update.health.clone()).unwrap();
        (health.clock, health.clock_offset)
    }

    /// The vendor's clock is believed to be so far ahead, as well as dates of whole seconds show.
    async fn is_settled_at(&mut self, ahead: SignedDuration) {
        let (trust, offset) = self.trust().await;
        assert_eq!(trust, Trust::Settled);
        assert!((offset - ahead).abs() <= SignedDuration::from_secs(1), "{offset} and not {ahead}");
    }
}

/// A desk beside a server whose one order lapses half an hour from now.
async fn begin(set: impl FnOnce(&mut crate::server::Server)) -> (Fake, Rig) {
    let server = Fake::new(Pays::Accepts);
    server.with(set);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    (server, rig)
}

#[tokio::test(start_paused = true)]
async fn a_cached_answer_sets_no_clock_and_makes_nothing_dead() {
    let (server, mut rig) = begin(|server| server.is_cached = true).await;
    assert_eq!(rig.trust().await, (Trust::Unknown, SignedDuration::ZERO));
    assert_eq!(rig.tries_to_regenerate().await, Some(NotNow::StillPayable));
    tokio::time::sleep(Duration::from_secs(31 * 60)).await;
    // Past by our own clock, and no other one speaks for it.
    assert_eq!(rig.tries_to_regenerate().await, Some(NotNow::ClockInDoubt));
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled);
    rig.tries_to_regenerate().await;
    server.with(|server| assert_eq!(server.regenerated, 1, "the vendor's own word needs no clock"));
}

#[tokio::test(start_paused = true)]
async fn a_date_that_jumps_is_a_doubt_and_makes_nothing_dead() {
    let (server, mut rig) = begin(|_| {}).await;
    assert_eq!(rig.trust().await.0, Trust::Settled);
    server.with(|server| server.clock_is_off = FORTY_MINUTES);
    let (trust, offset) = rig.trust().await;
    assert!(matches!(trust, Trust::Doubtful(off) if (off - 2_400).abs() <= 1), "{trust:?}");
    assert_eq!(offset, SignedDuration::ZERO, "what was known stays");
    assert_eq!(rig.tries_to_regenerate().await, Some(NotNow::StillPayable));
    // Ten minutes of agreeing answers later it is believed, and still one clock says otherwise.
    tokio::time::sleep(Duration::from_secs(600)).await;
    rig.is_settled_at(FORTY_MINUTES).await;
    assert_eq!(rig.tries_to_regenerate().await, Some(NotNow::ClockInDoubt));
    server.with(|server| assert_eq!(server.regenerated, 0));
}

#[tokio::test(start_paused = true)]
async fn one_bad_machine_among_many_keeps_the_clock_in_doubt() {
    let (server, mut rig) = begin(|_| {}).await;
    for round in 0..110 {
        server.with(|server| {
            server.clock_is_off = if round % 3 == 0 { FORTY_MINUTES } else { SignedDuration::ZERO };
        });
        rig.mailbox.ask(Command::Inspect(no()));
        tokio::time::sleep(Duration::from_secs(15)).await;
        let wrong = rig.tries_to_regenerate().await;
        assert!(matches!(wrong, Some(NotNow::StillPayable | NotNow::ClockInDoubt)), "{round}: {wrong:?}");
    }
    let lapsed = rig.clock.now().duration_since(crate::server::start()).as_mins();
    assert!(lapsed > 30, "{lapsed} min");
    server.with(|server| assert_eq!(server.regenerated, 0, "lapsed, and nobody can say so"));
}

#[tokio::test(start_paused = true)]
async fn a_whole_zone_off_makes_nothing_dead_before_its_time() {
    for hours in [8, -8] {
        let zone = SignedDuration::from_hours(hours);
        let (server, mut rig) = begin(|server| server.clock_is_off = zone).await;
        tokio::time::sleep(Duration::from_secs(300)).await;
        rig.is_settled_at(zone).await;
        let wrong = rig.tries_to_regenerate().await;
        assert!(matches!(wrong, Some(NotNow::StillPayable | NotNow::ClockInDoubt)), "{hours}: {wrong:?}");
        server.with(|server| assert_eq!(server.regenerated, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn past_by_every_clock_and_just_asked_is_dead() {
    let (server, mut rig) = begin(|_| {}).await;
    tokio::time::sleep(Duration::from_secs(31 * 60)).await;
    assert_eq!(rig.tries_to_regenerate().await, None);
    server.with(|server| assert_eq!(server.regenerated, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_puts_the_clock_in_doubt_is_itself_judged_by_no_clock() {
    let server = Fake::new(Pays::DropsSilently);
    let rarely = Options { sweep_every: Duration::from_secs(86_400), ..options() };
    let mut rig = Rig::start(&server, memory(), rarely);
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| matches!(attempt.state, State::InDoubt(_))).await;
    // Until its deadline every answer agrees; the first one after it is dated otherwise.
    let lapses = crate::server::start() + SignedDuration::from_mins(29) + SignedDuration::from_secs(4);
    tokio::time::sleep(lapses.duration_since(rig.clock.now()).unsigned_abs()).await;
    server.with(|server| server.clock_is_off = FORTY_MINUTES);
    let asked = server.with(|server| server.queries);
    while server.with(|server| server.queries) == asked {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    rig.seen.push(rig.mailbox.take());
    assert!(rig.lineage().attempts[0].state.blocks(), "{:?}", rig.lineage().attempts);
    rig.until_attempt(|attempt| attempt.state == State::NotApplied).await;
}
