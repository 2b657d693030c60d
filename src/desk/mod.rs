//! The desk: the one background task. It owns what is believed about orders, the polling schedule, the request budget
//! and every payment in flight; nothing else talks to the API.
//!
//! It waits for four things (commands, answers, the next moment of the schedule, and the send of a payment), and
//! after each of them publishes what changed. Requests run as tasks of their own and only bring answers back, so
//! that every decision is made here, one at a time.

mod answers;
pub mod book;
pub mod budget;
mod followed;
mod gap;
pub mod gateway;
pub mod handle;
pub mod health;
mod hints;
mod holds;
mod lane;
mod lineages;
mod nearer;
mod payment;
mod questions;
mod recorded;
mod regeneration;
pub mod schedule;
mod sweep;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
    thread,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{sync::mpsc, task::JoinSet};

use self::{
    book::Book,
    gateway::{Gateway, Page, Window, guarded},
    handle::{Command, Feed, Handle, Update},
    health::{Health, Notice},
    schedule::{Ask, Lane, Schedule},
};
use crate::{
    atlas::{Answer, ReadError},
    clock::Clock,
    domain::{
        attempt::{AttemptId, Decision, Sent},
        billing::BillingRules,
        mask::mask,
        moment::Moment,
        money::{Currency, Money},
        notice,
        order::{Order, OrderNo},
        regeneration::{Called, RegenerationId},
        story::Action,
        text::Text,
        vendor_clock::VendorClock,
    },
    journal::{Entry, Fact, Journal, JournalError},
};

/// A program that is asked to leave waits so long for the answer to a payment in flight. The journal has said already
/// that it may have been sent, so nothing is lost by not waiting longer.
const LEAVE_WITHIN: Duration = Duration::from_secs(10);

/// How a desk works.
#[derive(Clone, Debug)]
pub struct Options {
    /// Requests allowed in a minute.
    pub requests_per_minute: u32,
    /// Time between two sweeps of the list.
    pub sweep_every: Duration,
    /// Orders made within this time are followed.
    pub lookback: SignedDuration,
    /// No payment is begun, whoever asks.
    pub read_only: bool,
    /// A wrong check digit of a card is a warning (the vendor's test cards need it); never on a live environment.
    pub lenient_luhn: bool,
    /// The most that one payment may be, by currency.
    pub limits: BTreeMap<Currency, Money>,
    /// Which airline wants which billing field.
    pub billing: Arc<BillingRules>,
    /// The vendor's list of incidents is asked for so often, or not at all.
    pub incidents_every: Option<Duration>,
    /// Seed of the jitter between queries.
    pub seed: u64,
}

/// A running desk.
pub struct Desk {
    handle: Handle,
    thread: thread::JoinHandle<()>,
}

impl Desk {
    /// What others hold of it.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Asks it to leave and waits until payments in flight have their outcome on disk. False if it had broken off
    /// before, by a fault of its own: what it had sent is in doubt, on disk.
    pub fn leave(self) -> bool {
        self.handle.send(Command::Leave);
        self.thread.join().is_ok()
    }
}

/// Starts a desk on a thread of its own.
pub fn spawn<G: Gateway, J: Journal>(
    gateway: G,
    journal: J,
    clock: impl Clock,
    options: Options,
) -> std::io::Result<Desk> {
    let (handle, commands, feed) = Handle::pair();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = thread::Builder::new()
        .name("desk".into())
        .spawn(move || runtime.block_on(run(gateway, journal, clock, options, commands, feed)))?;
    Ok(Desk { handle, thread })
}

/// What a request brought back.
enum Done {
    Listed { window: Window, page: u32, asked: Moment, result: Result<Answer<Page>, ReadError> },
    Queried { order: OrderNo, asked: Moment, result: Box<Result<Answer<Order>, ReadError>> },
    Balance { currency: Currency, asked: Moment, result: Result<Answer<Money>, ReadError> },
    Incidents { asked: Moment, result: Result<Answer<Vec<notice::Notice>>, ReadError> },
    Checked(Box<payment::Checked>),
    Sent { id: AttemptId, sent: Sent },
    ParentChecked(Box<regeneration::ParentChecked>),
    Called { id: RegenerationId, parent: OrderNo, called: Called },
    Searched(Box<regeneration::Searched>),
}

/// The desk's state; see the module.
struct Task<G, J, C> {
    gateway: Arc<G>,
    journal: J,
    clock: C,
    options: Options,
    feed: Arc<Feed>,
    book: Book,
    schedule: Schedule,
    health: Health,
    told: Health,
    vendor_clock: VendorClock,
    balances: BTreeMap<Currency, Money>,
    news: Update,
    /// Orders for whose next answer a person waits.
    awaited: HashSet<OrderNo>,
    /// Payments between their claim and their outcome.
    in_hand: HashMap<AttemptId, OrderNo>,
    /// Orders that are just being made anew.
    remaking: HashSet<OrderNo>,
    requests: JoinSet<Done>,
    /// The last entry of the journal that was taken in; none before it was read at all.
    read_to: Option<u64>,
    notices: hints::Allowance,
    /// It was said that the list has no sensible end.
    list_is_odd: bool,
    /// Since when the program is leaving.
    leaving: Option<Duration>,
}

/// Runs a desk until it is told to leave and has nothing in flight.
pub async fn run<G: Gateway, J: Journal, C: Clock>(
    gateway: G,
    journal: J,
    clock: C,
    options: Options,
    mut commands: mpsc::UnboundedReceiver<Command>,
    feed: Arc<Feed>,
) {
    let schedule = Schedule::new(
        options.requests_per_minute,
        options.sweep_every,
        options.lookback,
        options.seed,
        clock.uptime(),
    );
    let health = Health {
        stale_after: SignedDuration::try_from(options.sweep_every * 2).unwrap_or_default(),
        budget_per_minute: options.requests_per_minute,
        ..Health::default()
    };
    let mut task = Task {
        gateway: Arc::new(gateway),
        journal,
        clock,
        options,
        feed,
        book: Book::default(),
        schedule,
        told: health.clone(),
        health,
        vendor_clock: VendorClock::default(),
        balances: BTreeMap::new(),
        news: Update::default(),
        awaited: HashSet::new(),
        in_hand: HashMap::new(),
        remaking: HashSet::new(),
        requests: JoinSet::new(),
        read_to: None,
        notices: hints::Allowance::default(),
        list_is_odd: false,
        leaving: None,
    };
    let _farewell = Farewell(Arc::clone(&task.feed));
    task.recall().await;
    let mut has_listener = true;
    loop {
        task.start_requests();
        task.publish();
        let wake = match task.leaving {
            None => task.schedule.wake_at(task.clock.uptime()),
            Some(_) if task.in_hand.is_empty() && task.remaking.is_empty() => break,
            Some(since) if task.clock.uptime().saturating_sub(since) >= LEAVE_WITHIN => break,
            Some(since) => Some(since + LEAVE_WITHIN),
        };
        let pause = wake.map(|at| at.saturating_sub(task.clock.uptime()));
        tokio::select! {
            biased;
            // Once nobody is left to send commands that is so at every moment, and answers are still to be heard.
            command = commands.recv(), if has_listener => {
                has_listener = command.is_some();
                task.obey(command.unwrap_or(Command::Leave)).await;
            }
            Some(done) = task.requests.join_next() => if let Ok(done) = done { task.hear(done).await },
            () = task.clock.sleep(pause.unwrap_or_default()), if pause.is_some() => {}
        }
    }
    task.publish();
}

/// Tells the listeners that the desk has ended, however it did.
struct Farewell(Arc<Feed>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.put(Update { ended: true, ..Update::default() });
    }
}

impl<G: Gateway, J: Journal, C: Clock> Task<G, J, C> {
    /// The vendor's clock as well as it is known: what is worth trying goes by it.
    fn server_now(&self) -> Timestamp {
        self.moment().now.at
    }

    /// The same as screens reckon it, which know this machine's clock and how far the vendor's is ahead: when an answer
    /// was asked for is held against what they did and when.
    fn shown_now(&self) -> Timestamp {
        self.health.at(self.clock.now()).at
    }

    /// Now, on all clocks.
    fn moment(&self) -> Moment {
        let up = self.clock.uptime();
        Moment { now: self.vendor_clock.now(up, self.clock.now()), boot: self.clock.boot(), up }
    }

    /// When a query was sent, by what the clocks are known to be now that it is answered: our idea of them may have
    /// been wrong when it left, and a deadline is judged by it.
    fn dated(&self, asked: Moment) -> Moment {
        let took = SignedDuration::try_from(self.clock.uptime().saturating_sub(asked.up)).unwrap_or_default();
        Moment { now: self.vendor_clock.now(asked.up, self.clock.now() - took), ..asked }
    }

    /// Reads the journal. What a dead program may have sent is in doubt, and is asked for at once.
    async fn recall(&mut self) {
        self.share().await;
        let uptime = self.clock.uptime();
        if let Some(every) = self.options.incidents_every {
            self.schedule.ask_incidents(every, uptime);
        }
    }

    /// Takes in what the journal holds that is not known here yet: all of it at the start, later what other programs
    /// have written. What those left behind that have died is judged first.
    async fn share(&mut self) {
        let now = self.clock.now();
        let is_start = self.read_to.is_none();
        let known = self.read_to.unwrap_or(0);
        let judged = match self.journal.lease(now).await {
            Ok(judged) => judged,
            Err(error) => return self.turn_paying_off(&error),
        };
        let reading = match self.journal.entries_after(known).await {
            Ok(reading) => reading,
            Err(error) => return self.turn_paying_off(&error),
        };
        // At the start everything is news; later our own entries were believed when they were written, and say more
        // than what others had written before them.
        let ours: HashMap<_, _> = reading
            .entries
            .iter()
            .filter(|entry| entry.is_ours)
            .map(|entry| (entry.subject(), entry.seq))
            .collect();
        let is_news = |entry: &Entry| {
            let outdone = || entry.subject().is_some() && ours.get(&entry.subject()) > Some(&entry.seq);
            is_start || !entry.is_ours && !outdone()
        };
        self.read_to = Some(reading.entries.last().map_or(known, |entry| entry.seq));
        let judged = judged.into_iter().filter(|_| !is_start);
        let news: Vec<Entry> = reading.entries.into_iter().filter(is_news).chain(judged).collect();
        let mut touched: Vec<OrderNo> = news.iter().filter_map(|entry| entry.order).collect();
        for entry in news {
            if let Fact::Paused(asked, pause) = entry.fact {
                self.keep_pause(asked, pause);
            } else {
                self.book.remember(entry);
            }
        }
        if let Some(error) = reading.broken {
            self.turn_paying_off(&error);
        }
        if is_start {
            let uptime = self.clock.uptime();
            for order in self.book.unfinished() {
                self.schedule.ask_now(order, Lane::Doubt, uptime);
            }
            for regeneration in self.book.remaking() {
                self.schedule.search(regeneration.parent, uptime);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for order in touched.into_iter().filter(|_| !is_start) {
            self.replan(order);
            self.follow_regeneration(order);
        }
    }

    fn turn_paying_off(&mut self, error: &JournalError) {
        tracing::error!(%error, "the journal failed; paying is off");
        // The first reason is the one to mend.
        self.health.paying_off.get_or_insert_with(|| error.to_string());
    }

    async fn obey(&mut self, command: Command) {
        let uptime = self.clock.uptime();
        match command {
            Command::Inspect(order) => {
                self.share().await;
                self.awaited.insert(order);
                self.schedule.ask_now(order, Lane::Operator, uptime);
                // What a plan for it rests on: the order that it was made from, and the one made from it.
                let lineage = self.book.lineage(order);
                for other in [lineage.parent_of(order), lineage.child_of(order)].into_iter().flatten() {
                    self.schedule.ask_now(other, Lane::Operator, uptime);
                }
                if let Some(currency) = self.settlement_currency(order) {
                    self.schedule.ask_balance(currency);
                }
                self.tell_of_silence();
            }
            Command::RefreshAll => self.schedule.sweep_now(uptime),
            Command::Watch(orders) => {
                for order in self.schedule.watch(&orders) {
                    self.replan(order);
                }
            }
            Command::Pay { id, payment } => self.begin_payment(id, payment).await,
            Command::Regenerate { order, route, reason } => self.begin_regeneration(order, route, reason),
            Command::Decide { id, order, decision, note } => {
                self.decide(id, order, decision, Text::new(&mask(&note))).await;
            }
            Command::Note(order, note) => self.act(order, Action::Noted(Text::new(&mask(&note)))).await,
            Command::Hear(notice) => self.hear_notice(*notice).await,
            Command::CallRefused(refusal) => {
                self.health.calls_refused += 1;
                self.health.call_refused = Some((self.clock.now(), refusal));
            }
            Command::Leave => {
                self.leaving.get_or_insert(uptime);
            }
        }
    }

    /// Writes down what an operator did.
    async fn act(&mut self, order: OrderNo, action: Action) {
        let now = self.clock.now();
        match self.journal.append(now, Some(order), &Fact::Action(action.clone())).await {
            Ok(()) => self.book.note_action(order, now, action),
            Err(error) => self.turn_paying_off(&error),
        }
    }

    /// A person's decision, if the evidence for it is there at this moment.
    async fn decide(&mut self, id: AttemptId, order: OrderNo, decision: Decision, note: Text) {
        let now = self.moment();
        let attempt = self.book.attempt(order, id).filter(|_| !self.options.read_only && !note.is_empty());
        let decided = attempt.and_then(|attempt| Some((attempt.after_decision(decision, now)?, attempt)));
        let Some((state, mut attempt)) = decided else {
            return self.news.notices.push(Notice::NotDecided { order });
        };
        let from = std::mem::replace(&mut attempt.state, state);
        attempt.changed_at = self.clock.now();
        self.act(order, Action::Decided { attempt: id, decision, note }).await;
        self.advance(attempt, &from).await;
        self.replan(order);
    }

    fn settlement_currency(&self, order: OrderNo) -> Option<Currency> {
        let details = self.book.case(order)?.order.details.as_ref()?;
        Some(details.total?.currency)
    }

    /// Lets every request go that is due and within the budget.
    fn start_requests(&mut self) {
        while self.leaving.is_none() {
            let (asked, shown_at) = (self.moment(), self.shown_now());
            let Some(ask) = self.schedule.next(asked.now, self.clock.uptime()) else { break };
            let gateway = Arc::clone(&self.gateway);
            match ask {
                Ask::List(window, page) => self.requests.spawn(async move {
                    let result = guarded(async move { gateway.list(window, page).await }).await;
                    Done::Listed { window, page, asked, result }
                }),
                Ask::Query(order) => self.requests.spawn(async move {
                    let result = guarded(async move { gateway.query(order, shown_at).await }).await;
                    Done::Queried { order, asked, result: Box::new(result) }
                }),
                Ask::Balance(currency) => self.requests.spawn(async move {
                    let result = guarded(async move { gateway.balance(currency).await }).await;
                    Done::Balance { currency, asked, result }
                }),
                Ask::Incidents => self.requests.spawn(async move {
                    let result = guarded(async move { gateway.incidents().await }).await;
                    Done::Incidents { asked, result }
                }),
                Ask::Search(parent) => {
                    self.search(parent, asked);
                    continue;
                }
            };
        }
    }

    /// Puts what changed into the mailbox.
    fn publish(&mut self) {
        let uptime = self.clock.uptime();
        self.health.requests_last_minute = self.schedule.budget().spent_last_minute(uptime);
        self.health.pending = self.schedule.pending(uptime);
        self.health.in_flight = self.in_hand.len() + self.remaking.len();
        self.news.cases = self.book.take_changed();
        self.news.refusals = self.book.take_refusals();
        if self.health != self.told {
            self.told = self.health.clone();
            self.news.health = Some(self.health.clone());
        }
        self.feed.put(std::mem::take(&mut self.news));
    }
}
