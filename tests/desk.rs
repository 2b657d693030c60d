//! The desk under a paused clock, against a server in memory: whole minutes of polling run in milliseconds.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    atlas::{Answer, ReadError},
    clock::{Clock, TokioClock},
    desk::{
        self, Options,
        gateway::{Gateway, Page, Window},
        handle::{Command, Handle, Update},
        health::{NotBegun, Notice},
    },
    domain::{
        attempt::{Attempt, AttemptId, Doubt, NotSent, Quiet, Sent, State},
        billing::BillingRules,
        card::{CardBrand, MaskedCard},
        method::{Part, PaymentMethod, PaymentOption, TakenFrom},
        moment::{Boot, Moment},
        money::{Currency, Money},
        notice,
        order::{Details, Order, OrderNo, OrderStatus},
        payment::{Means, Payment},
        regeneration::{self, Called, Regeneration},
        story::{Action, Happening, What},
    },
    journal::{Entry, Fact, Journal, JournalError, Reading, sqlite::SqliteJournal},
};

const NO: &str = "TESTA20261103141502317";

fn no() -> OrderNo {
    NO.parse().unwrap()
}

fn usd(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), Currency::parse("USD").unwrap())
}

fn start() -> Timestamp {
    "2026-11-03T06:16:00Z".parse().unwrap()
}

/// An unpaid order that a deposit of USD 119.55 pays, half an hour before its deadline.
fn unpaid() -> Order {
    let deposit = |money| Some(Part { money, from: TakenFrom::Deposit });
    let option = PaymentOption {
        method: PaymentMethod::Deposit,
        ticket_fare: deposit(usd("117.55")),
        service_fee: deposit(usd("2")),
        payment_fee: None,
        card_brand: None,
    };
    Order {
        no: no(),
        pnr_code: Some("K7QW2D".into()),
        status: OrderStatus::Unpaid,
        from: Some("MNL".into()),
        to: Some("SIN".into()),
        airlines: Vec::new(),
        passengers: vec!["SANTOS/RAFAEL".into()],
        departs: None,
        created: Some(start() - SignedDuration::from_mins(1)),
        paid_at: None,
        airline_pnrs: Vec::new(),
        ticketing_error: None,
        details: Some(Box::new(Details {
            deadline: Some(start() + SignedDuration::from_mins(29)),
            total: Some(usd("117.55")),
            service_fee: Some(usd("2")),
            methods: vec![PaymentMethod::Deposit],
            options: vec![option],
            ..Details::default()
        })),
    }
}

/// What the server does with `pay.do`.
#[derive(Clone, Debug)]
enum Pays {
    /// Applies it and says so.
    Accepts,
    /// Applies it, and the answer is lost.
    AppliesSilently,
    /// Does not apply it, and the answer is lost.
    DropsSilently,
    /// Refuses.
    Refuses(i64),
    /// Never hears of it.
    Unreachable,
}

/// The server: its orders, and what reached it.
struct Server {
    orders: BTreeMap<OrderNo, Order>,
    balance: Money,
    pays: Pays,
    ticketed_after: u32,
    queries: u32,
    lists: u32,
    pay_requests: u32,
    applied: u32,
    failing: bool,
}

#[derive(Clone)]
struct Fake(Arc<Mutex<Server>>);

impl Fake {
    fn new(pays: Pays) -> Self {
        Self(Arc::new(Mutex::new(Server {
            orders: BTreeMap::from([(no(), unpaid())]),
            balance: usd("500"),
            pays,
            ticketed_after: 3,
            queries: 0,
            lists: 0,
            pay_requests: 0,
            applied: 0,
            failing: false,
        })))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Server) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    fn answer<T>(&self, value: impl FnOnce(&mut Server) -> T) -> Result<Answer<T>, ReadError> {
        self.with(|server| {
            if server.failing {
                return Err(ReadError::NoAnswer("cut".into()));
            }
            Ok(Answer { value: value(server), server_time: None })
        })
    }
}

const LATENCY: Duration = Duration::from_millis(200);

impl Gateway for Fake {
    async fn list(&self, _: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        tokio::time::sleep(LATENCY).await;
        self.answer(|server| {
            server.lists += 1;
            let strip = |order: &Order| Order { details: None, ..order.clone() };
            let orders = if page == 1 { server.orders.values().map(strip).collect() } else { Vec::new() };
            Page { orders, more: false }
        })
    }

    async fn query(&self, order: OrderNo, asked_at: Timestamp) -> Result<Answer<Order>, ReadError> {
        tokio::time::sleep(LATENCY).await;
        self.answer(|server| {
            server.queries += 1;
            let ticketed_after = server.ticketed_after;
            let mut order = server.orders.get(&order).cloned().unwrap();
            if order.status == OrderStatus::Ticketing {
                if ticketed_after == 0 {
                    order.status = OrderStatus::Ticketed;
                    server.orders.insert(order.no, order.clone());
                } else {
                    server.ticketed_after -= 1;
                }
            }
            order.details.as_mut().unwrap().asked_at = asked_at;
            order
        })
    }

    async fn balance(&self, _: Currency) -> Result<Answer<Money>, ReadError> {
        tokio::time::sleep(LATENCY).await;
        self.answer(|server| server.balance)
    }

    async fn regenerate(&self, _: OrderNo) -> Called {
        Called::Refused(314)
    }

    async fn incidents(&self) -> Result<Answer<Vec<notice::Notice>>, ReadError> {
        self.answer(|_| Vec::new())
    }

    async fn pay(&self, payment: &Payment) -> Sent {
        let pays = self.with(|server| {
            let apply = matches!(server.pays, Pays::Accepts | Pays::AppliesSilently);
            if !matches!(server.pays, Pays::Unreachable) {
                server.pay_requests += 1;
            }
            if apply {
                server.applied += 1;
                server.orders.get_mut(&payment.order).unwrap().status = OrderStatus::Ticketing;
            }
            server.pays.clone()
        });
        match pays {
            Pays::Accepts => Sent::Answered { status: 0, msg: None },
            Pays::Refuses(status) => Sent::Answered { status, msg: None },
            Pays::Unreachable => Sent::Not(NotSent::NoConnection("refused".into())),
            Pays::AppliesSilently | Pays::DropsSilently => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                Sent::Doubt(Doubt::NoAnswer)
            }
        }
    }
}

fn options() -> Options {
    Options {
        requests_per_minute: 60,
        sweep_every: Duration::from_secs(15),
        lookback: SignedDuration::from_hours(24),
        read_only: false,
        lenient_luhn: true,
        limits: BTreeMap::new(),
        billing: Arc::new(BillingRules::built_in()),
        incidents_every: None,
        seed: 7,
    }
}

/// A desk that runs beside the test on the same paused clock.
struct Rig {
    handle: Handle,
    clock: TokioClock,
    seen: Vec<Update>,
}

impl Rig {
    fn start(server: &Fake, journal: impl Journal, options: Options) -> Self {
        Self::on(server, journal, TokioClock::starting_at(start()), options)
    }

    fn on(server: &Fake, journal: impl Journal, on: impl Clock, options: Options) -> Self {
        let (handle, commands, feed) = Handle::pair();
        let clock = TokioClock::starting_at(on.now());
        tokio::spawn(desk::run(server.clone(), journal, on, options, commands, feed));
        Self { handle, clock, seen: Vec::new() }
    }

    /// Lets time pass until `wanted` holds of what the desk says; panics after ten virtual minutes.
    async fn until<T>(&mut self, mut wanted: impl FnMut(&Update) -> Option<T>) -> T {
        for _ in 0..60_000 {
            let update = self.handle.feed().take();
            let found = wanted(&update);
            self.seen.push(update);
            if let Some(found) = found {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "it never came; the last news was {:?}",
            self.seen.iter().rev().find(|update| !update.is_empty())
        );
    }

    async fn until_details(&mut self) {
        self.until(|update| update.cases.iter().find(|case| case.order.details.is_some()).map(|_| ())).await;
    }

    fn pay(&self, amount: &str) -> AttemptId {
        let id = AttemptId::generate();
        let payment = Payment {
            order: no(),
            means: Means::Deposit,
            amount: usd(amount),
            traveller_confirmed: false,
            old_payment_seen: false,
        };
        self.handle.send(Command::Pay { id, payment: Box::new(payment) });
        id
    }

    async fn until_attempt(&mut self, wanted: impl Fn(&Attempt) -> bool) -> Attempt {
        self.until(|update| {
            let mut attempts = update.cases.iter().flat_map(|case| &case.lineage.attempts);
            attempts.find(|attempt| wanted(attempt)).cloned()
        })
        .await
    }
}

fn memory() -> SqliteJournal {
    SqliteJournal::in_memory().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_order_is_found_by_a_sweep_and_its_details_by_one_query() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    server.with(|server| {
        assert_eq!(server.queries, 1, "details are asked for once");
        assert!((4..=7).contains(&server.lists), "a sweep each 15 s, not {}", server.lists);
    });
}

#[tokio::test(start_paused = true)]
async fn a_payment_is_followed_from_the_claim_to_the_ticket() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    let id = rig.pay("119.55");
    let attempt = rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    assert_eq!((attempt.id, attempt.amount), (id, usd("119.55")));
    server.with(|server| assert_eq!((server.pay_requests, server.applied), (1, 1)));
    let mut words: Vec<&str> = Vec::new();
    for case in rig.seen.iter().flat_map(|update| &update.cases) {
        words.extend(case.lineage.attempts.iter().map(|attempt| attempt.state.word()));
    }
    words.dedup();
    let order = ["accepted", "paid", "ticketed"].map(|word| words.iter().position(|seen| *seen == word));
    assert!(order.is_sorted() && order.iter().all(Option::is_some), "{words:?}");
}

#[tokio::test(start_paused = true)]
async fn what_the_desk_writes_itself_is_told_once() {
    // A journal that was empty at the start must not look like one that was never read.
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.handle.send(Command::Note(no(), "asked the traveller".into()));
    for _ in 0..3 {
        rig.handle.send(Command::Inspect(no()));
        tokio::time::sleep(Duration::from_secs(20)).await;
    }
    let told = rig
        .until(|update| {
            let case = update.cases.iter().find(|case| !case.story.is_empty())?;
            let is_note = |happening: &&Happening| matches!(happening.what, What::Action(Action::Noted(_)));
            Some(case.story.iter().filter(is_note).count())
        })
        .await;
    assert_eq!(told, 1);
}

#[tokio::test(start_paused = true)]
async fn refusals_of_a_card_are_counted_over_all_orders_and_from_the_journal() {
    let mut journal = memory();
    let card = MaskedCard::from_parts(Some(CardBrand::Visa), "1111").unwrap();
    for nth in 1..=3 {
        let other: OrderNo = format!("TESTA2026110314150{nth:04}").parse().unwrap();
        let mut attempt = Attempt {
            id: AttemptId::generate(),
            lineage: other,
            order: other,
            method: PaymentMethod::Vcc,
            amount: usd("100"),
            card: Some(card),
            reusable: false,
            claimed_at: start(),
            sent: None,
            changed_at: start(),
            state: State::Claimed,
            answer: None,
            quiet: Quiet::default(),
        };
        journal.claim(&attempt).unwrap();
        for state in [State::Sending, State::Refused(413), State::Rejected(413)] {
            let from = std::mem::replace(&mut attempt.state, state);
            journal.advance(&attempt, &from).unwrap();
        }
    }
    let mut rig = Rig::start(&Fake::new(Pays::Accepts), journal, options());
    let refusals = rig.until(|update| update.refusals.clone()).await;
    assert_eq!(refusals.of(card, start()), 3);
}

/// What a journal does besides its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It breaks the program when something is claimed.
    Breaks,
    /// The disk is full when the first outcome comes.
    FullOnce,
    /// It takes a long time to write "sending".
    Slow,
}

/// A journal with a fault, and the time that it made its writers wait.
struct Faulty {
    inner: SqliteJournal,
    fault: Option<Fault>,
    waited: Arc<AtomicU64>,
}

fn faulty(fault: Fault) -> (Faulty, Arc<AtomicU64>) {
    let waited = Arc::<AtomicU64>::default();
    (Faulty { inner: memory(), fault: Some(fault), waited: Arc::clone(&waited) }, waited)
}

impl Journal for Faulty {
    fn recover(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        self.inner.recover(now)
    }

    fn read_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        self.inner.read_after(seq)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        self.inner.attempt(id)
    }

    fn claim(&mut self, attempt: &Attempt) -> Result<(), JournalError> {
        if self.fault == Some(Fault::Breaks) {
            std::panic::resume_unwind(Box::new("broken"));
        }
        self.inner.claim(attempt)
    }

    fn advance(&mut self, attempt: &Attempt, from: &State) -> Result<(), JournalError> {
        match (self.fault, &attempt.state) {
            (Some(Fault::Slow), State::Sending) => {
                self.waited.fetch_add(11, Ordering::SeqCst);
                self.inner.advance(attempt, from)
            }
            (Some(Fault::FullOnce), State::Accepted) => {
                self.fault = None;
                let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
                Err(JournalError::Store(rusqlite::Error::SqliteFailure(code, None)))
            }
            _ => self.inner.advance(attempt, from),
        }
    }

    fn begin(&mut self, regeneration: &Regeneration) -> Result<(), JournalError> {
        self.inner.begin(regeneration)
    }

    fn conclude(
        &mut self,
        regeneration: &Regeneration,
        from: &regeneration::State,
    ) -> Result<(), JournalError> {
        self.inner.conclude(regeneration, from)
    }

    fn write(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError> {
        self.inner.write(at, order, fact)
    }
}

/// The paused clock, with the seconds that a journal took.
struct Late(TokioClock, Arc<AtomicU64>);

impl Clock for Late {
    fn now(&self) -> Timestamp {
        self.0.now() + SignedDuration::try_from(self.waited()).unwrap()
    }

    fn uptime(&self) -> Duration {
        self.0.uptime() + self.waited()
    }

    fn boot(&self) -> Boot {
        self.0.boot()
    }

    async fn sleep(&self, pause: Duration) {
        self.0.sleep(pause).await;
    }
}

impl Late {
    fn waited(&self) -> Duration {
        Duration::from_secs(self.1.load(Ordering::SeqCst))
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_the_journal_did_not_take_is_shown_counted_and_followed() {
    let server = Fake::new(Pays::Accepts);
    let (journal, _) = faulty(Fault::FullOnce);
    let mut rig = Rig::start(&server, journal, options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Accepted).await;
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    let health = rig.seen.iter().rev().find_map(|update| update.health.clone()).unwrap();
    assert_eq!((health.unwritten, health.paying_off.is_some()), (1, true));
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_after_a_write_that_took_too_long() {
    let server = Fake::new(Pays::Accepts);
    let (journal, waited) = faulty(Fault::Slow);
    let clock = Late(TokioClock::starting_at(start()), waited);
    let mut rig = Rig::on(&server, journal, clock, options());
    rig.until_details().await;
    rig.pay("119.55");
    let attempt = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
    assert!(matches!(attempt.state, State::NotSent(NotSent::Gate(_))), "{:?}", attempt.state);
    server.with(|server| assert_eq!(server.pay_requests, 0));
}

#[tokio::test(start_paused = true)]
async fn a_desk_that_breaks_off_says_so_and_sends_nothing() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, faulty(Fault::Breaks).0, options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until(|update| update.ended.then_some(())).await;
    assert!(!rig.handle.send(Command::RefreshAll), "nobody takes commands any more");
    server.with(|server| assert_eq!(server.pay_requests, 0));
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_a_list_shows_cancelled_is_asked_about_at_once() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.ticketed_after = 1_000);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Paid).await;
    // By now the queries are half a minute apart, and the sweeps a quarter.
    tokio::time::sleep(Duration::from_secs(120)).await;
    server.with(|server| server.orders.get_mut(&no()).unwrap().status = OrderStatus::Cancelled);
    let (mut listed, mut closed) = (None, None);
    while closed.is_none() {
        let update = rig.handle.feed().take();
        for case in &update.cases {
            let now = rig.clock.now();
            if case.order.status == OrderStatus::Cancelled {
                listed = listed.or(Some(now));
            }
            if case.lineage.attempts.iter().any(|attempt| attempt.state == State::Reversed) {
                closed = Some(now);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let late = closed.unwrap().duration_since(listed.unwrap());
    assert!(late <= SignedDuration::from_secs(2), "closed {late} after the list had shown it");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_resolved_by_asking_and_never_by_sending_again() {
    let server = Fake::new(Pays::AppliesSilently);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    let doubt = rig.until_attempt(|attempt| matches!(attempt.state, State::InDoubt(_) | State::Paid)).await;
    assert_eq!(doubt.state, State::InDoubt(Doubt::NoAnswer));
    let second = rig.pay("119.55");
    let reason = rig
        .until(|update| {
            update.notices.iter().find_map(|notice| match notice {
                Notice::NotBegun { id, reason, .. } if *id == second => Some(reason.clone()),
                _ => None,
            })
        })
        .await;
    assert!(matches!(reason, NotBegun::Blocked(holder) if holder.id == doubt.id));
    rig.until_attempt(|attempt| attempt.id == doubt.id && attempt.state == State::Ticketed).await;
    server.with(|server| assert_eq!((server.pay_requests, server.applied), (1, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_doubt_about_a_payment_that_never_arrived_blocks_until_the_deadline_has_passed() {
    let server = Fake::new(Pays::DropsSilently);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| matches!(attempt.state, State::InDoubt(_))).await;
    tokio::time::sleep(Duration::from_secs(20 * 60)).await;
    let update = rig.handle.feed().take();
    let still =
        update.cases.iter().flat_map(|case| &case.lineage.attempts).all(|attempt| attempt.state.blocks());
    assert!(still, "before its deadline an order may still be charged");
    let cleared = rig.until_attempt(|attempt| !attempt.state.blocks()).await;
    assert_eq!(cleared.state, State::NotApplied);
    assert!(rig.clock.now() >= start() + SignedDuration::from_mins(29));
    server.with(|server| assert_eq!(server.pay_requests, 1));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_counts_only_after_a_query_has_shown_the_order_unpaid() {
    let server = Fake::new(Pays::Refuses(403));
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Refused(403)).await;
    let asked = server.with(|server| server.queries);
    rig.until_attempt(|attempt| attempt.state == State::Rejected(403)).await;
    assert!(server.with(|server| server.queries) > asked);
    // The lineage is free again, and a second attempt is a new request.
    server.with(|server| server.pays = Pays::Accepts);
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    server.with(|server| assert_eq!((server.pay_requests, server.applied), (2, 1)));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_when_the_second_check_differs_from_what_was_confirmed() {
    type Change = fn(&mut Server);
    let check: [(&str, Change); 4] = [
        ("totalPrice:amount_changed", |server| {
            server.orders.get_mut(&no()).unwrap().details.as_mut().unwrap().options[0].ticket_fare =
                Some(Part { money: usd("117.56"), from: TakenFrom::Deposit });
        }),
        ("orderStatus:already_paid", |server| {
            server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketing;
        }),
        ("tktLimitTime:deadline_passed", |server| {
            server.orders.get_mut(&no()).unwrap().details.as_mut().unwrap().deadline = Some(start());
        }),
        ("balance:balance_short", |server| server.balance = usd("119.54")),
    ];
    for (kept, change) in check {
        let server = Fake::new(Pays::Accepts);
        let mut rig = Rig::start(&server, memory(), options());
        rig.until_details().await;
        server.with(change);
        rig.pay("119.55");
        let attempt = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
        assert_eq!(attempt.state, State::NotSent(NotSent::Obstacle(kept.into())));
        server.with(|server| assert_eq!(server.pay_requests, 0, "{kept}"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_server_means_not_sent_and_frees_the_order() {
    let server = Fake::new(Pays::Unreachable);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    rig.pay("119.55");
    let attempt = rig.until_attempt(|attempt| matches!(attempt.state, State::NotSent(_))).await;
    assert!(!attempt.state.blocks());
}

#[tokio::test(start_paused = true)]
async fn a_program_that_died_while_sending_comes_back_in_doubt_and_asks() {
    let folder = tempfile::tempdir().unwrap();
    let died = Attempt {
        id: AttemptId::generate(),
        lineage: no(),
        order: no(),
        method: PaymentMethod::Deposit,
        amount: usd("119.55"),
        card: None,
        reusable: false,
        claimed_at: start(),
        sent: None,
        changed_at: start(),
        state: State::Claimed,
        answer: None,
        quiet: Quiet::default(),
    };
    let sent = Moment { at: start(), boot: Boot(1), up: Duration::ZERO };
    {
        let mut journal = SqliteJournal::open(folder.path(), "test").unwrap();
        journal.claim(&died).unwrap();
        let sending = Attempt { state: State::Sending, sent: Some(sent), ..died.clone() };
        journal.advance(&sending, &State::Claimed).unwrap();
    }
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        server.applied = 1;
        server.orders.get_mut(&no()).unwrap().status = OrderStatus::Ticketing;
    });
    let mut rig = Rig::start(&server, SqliteJournal::open(folder.path(), "test").unwrap(), options());
    let attempt = rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    assert_eq!(attempt.id, died.id);
    server.with(|server| assert_eq!(server.pay_requests, 0, "a restart sends nothing by itself"));
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_probed_and_not_stormed_and_ends_by_itself() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| server.failing = true);
    let mut rig = Rig::start(&server, memory(), options());
    let health = rig.until(|update| update.health.clone().filter(|health| health.failures >= 5)).await;
    assert!(health.error.is_some());
    let before = rig.clock.now();
    rig.until(|update| update.health.clone().filter(|health| health.failures >= 9)).await;
    let passed = rig.clock.now().duration_since(before).as_secs();
    assert!((60..=200).contains(&passed), "four probes took {passed} s");
    server.with(|server| server.failing = false);
    let healthy = rig.until(|update| update.health.clone().filter(|health| health.failures == 0)).await;
    assert_eq!(healthy.error, None);
}

#[tokio::test(start_paused = true)]
async fn a_read_only_desk_begins_no_payment() {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), Options { read_only: true, ..options() });
    rig.until_details().await;
    rig.pay("119.55");
    let reason = rig
        .until(|update| match update.notices.first() {
            Some(Notice::NotBegun { reason, .. }) => Some(reason.clone()),
            _ => None,
        })
        .await;
    assert_eq!(reason, NotBegun::ReadOnly);
    server.with(|server| assert_eq!(server.pay_requests, 0));
}
