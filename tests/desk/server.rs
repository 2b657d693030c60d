//! A server in memory, and a desk that runs beside the test on the same paused clock.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::SignedDuration;
use paydesk::{
    atlas::{Answer, CallOutcome, ReadError},
    clock::{Clock, TokioClock},
    desk::{
        self, Options,
        gateway::{Gateway, Page, Window},
        hub::{Command, Handle, Subscription, Update},
    },
    domain::{
        attempt::{Attempt, AttemptId, Doubt, NotSent, Sent},
        baggage::decision as baggage,
        find::Find,
        method::{Part, PaymentMethod, PaymentOption, TakenFrom},
        money::{Currency, Money},
        notification,
        order::{Details, Order, OrderNo, OrderStatus},
        payment::{Means, Payment},
        regeneration::Called,
        text::Text,
    },
    journal::{Journal, sqlite::SqliteJournal},
};

use crate::sample::bare_order;
pub(crate) use crate::sample::{options, start, usd};

pub(crate) const NO: &str = "TESTA20261103141502317";

pub(crate) fn no() -> OrderNo {
    NO.parse().unwrap()
}

/// An unpaid order that a deposit of USD 119.55 pays, half an hour before its deadline.
pub(crate) fn unpaid() -> Order {
    let deposit = |money| Some(Part { money, from: TakenFrom::Deposit });
    let option = PaymentOption {
        method: PaymentMethod::Deposit,
        ticket_fare: deposit(usd("117.55")),
        service_fee: deposit(usd("2")),
        payment_fee: None,
        card_brand: None,
    };
    Order {
        pnr_code: Some("K7QW2D".into()),
        from: Some("MNL".into()),
        to: Some("SIN".into()),
        passengers: vec!["SANTOS/RAFAEL".into()].into(),
        created: Some(start() - SignedDuration::from_mins(1)),
        details: Some(Box::new(Details {
            deadline: Some(start() + SignedDuration::from_mins(29)),
            total: Some(usd("117.55")),
            service_fee: Some(usd("2")),
            methods: vec![PaymentMethod::Deposit],
            options: vec![option],
            ..Details::default()
        })),
        ..bare_order(no(), OrderStatus::Unpaid)
    }
}

/// What the server does with `pay.do`.
#[derive(Clone, Debug)]
pub(crate) enum Pays {
    /// Applies it and says so.
    Accepts,
    /// Applies it, and says so after a while.
    AcceptsLate(Duration),
    /// Applies it, and the answer is lost.
    AppliesSilently,
    /// Does not apply it, and the answer is lost.
    DropsSilently,
    /// Refuses.
    Refuses(i64),
    /// Never receives it.
    Unreachable,
    /// The client itself breaks, with the request on its way. So do calls for a new order.
    Breaks,
}

/// The server: its orders, and what reached it.
pub(crate) struct Server {
    pub(crate) orders: BTreeMap<OrderNo, Order>,
    pub(crate) balance: Money,
    pub(crate) pays: Pays,
    pub(crate) ticketed_after: u32,
    /// Requests of every kind, answered or not.
    pub(crate) requests: u32,
    pub(crate) queries: u32,
    pub(crate) balances: u32,
    pub(crate) lists: u32,
    pub(crate) pay_requests: u32,
    pub(crate) applied: u32,
    pub(crate) failing: bool,
    pub(crate) clock: TokioClock,
    /// Its answers are dated so far off; not at all if they come from a cache.
    pub(crate) clock_is_off: SignedDuration,
    pub(crate) is_cached: bool,
    /// What the rows of its list say, if not the truth.
    pub(crate) listed_as: Option<OrderStatus>,
    /// What its next answers say, if not the truth.
    pub(crate) answers: VecDeque<OrderStatus>,
    pub(crate) regenerated: u32,
    /// How its next calls for a new order end; the rest are refused.
    pub(crate) calls: VecDeque<Called>,
    /// Requests to accept a loss on baggage; how many of them take no effect; how the next ones end, the rest being
    /// taken.
    pub(crate) accepted_losses: u32,
    pub(crate) losses_in_vain: u32,
    pub(crate) losses: VecDeque<baggage::Called>,
    /// How its next calls for a link end, and those to stop issuance; the rest are done.
    pub(crate) links: VecDeque<CallOutcome<Text>>,
    pub(crate) stops: VecDeque<CallOutcome<()>>,
    pub(crate) commit_requests: u32,
    pub(crate) stop_requests: u32,
    /// Orders that it gives no answer about.
    pub(crate) silent: BTreeSet<OrderNo>,
    /// Orders that its list does not show.
    pub(crate) unlisted: BTreeSet<OrderNo>,
    /// Orders that it knows nothing of any more.
    pub(crate) gone: BTreeSet<OrderNo>,
    /// So long a query takes, and a call with an effect.
    pub(crate) query_takes: Duration,
    pub(crate) effect_takes: Duration,
    /// Its list has so many pages; what was asked for of it.
    pub(crate) pages: u32,
    pub(crate) windows: Vec<Window>,
    /// Its list gives the same rows for every page, and always says that there is more.
    pub(crate) is_endless: bool,
    /// What was looked for, and what it answers to that.
    pub(crate) finds: Vec<Find>,
    pub(crate) found: Page,
}

#[derive(Clone)]
pub(crate) struct Fake(pub(crate) Arc<Mutex<Server>>);

impl Fake {
    pub(crate) fn new(pays: Pays) -> Self {
        Self(Arc::new(Mutex::new(Server {
            orders: BTreeMap::from([(no(), unpaid())]),
            balance: usd("500"),
            pays,
            ticketed_after: 3,
            requests: 0,
            queries: 0,
            balances: 0,
            lists: 0,
            pay_requests: 0,
            applied: 0,
            failing: false,
            clock: TokioClock::starting_at(start()),
            clock_is_off: SignedDuration::ZERO,
            is_cached: false,
            listed_as: None,
            answers: VecDeque::new(),
            regenerated: 0,
            calls: VecDeque::new(),
            accepted_losses: 0,
            losses_in_vain: 0,
            losses: VecDeque::new(),
            links: VecDeque::new(),
            stops: VecDeque::new(),
            commit_requests: 0,
            stop_requests: 0,
            silent: BTreeSet::new(),
            unlisted: BTreeSet::new(),
            gone: BTreeSet::new(),
            query_takes: LATENCY,
            effect_takes: Duration::ZERO,
            pages: 1,
            windows: Vec::new(),
            is_endless: false,
            finds: Vec::new(),
            found: Page::default(),
        })))
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Server) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    pub(crate) fn answer<T>(&self, value: impl FnOnce(&mut Server) -> T) -> Result<Answer<T>, ReadError> {
        self.with(|server| {
            if server.failing {
                return Err(ReadError::NoAnswer("cut".into()));
            }
            let server_time = Some(server.clock.now() + server.clock_is_off).filter(|_| !server.is_cached);
            Ok(Answer { value: value(server), server_time })
        })
    }
}

pub(crate) const LATENCY: Duration = Duration::from_millis(200);

impl Gateway for Fake {
    async fn list(&self, window: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        self.with(|server| server.requests += 1);
        tokio::time::sleep(LATENCY).await;
        self.answer(|server| {
            server.lists += 1;
            server.windows.push(window);
            let listed_as = server.listed_as;
            let strip = |order: &Order| {
                let status = listed_as.unwrap_or(order.status);
                Order { details: None, status, ..order.clone() }
            };
            let is_endless = server.is_endless;
            let listed = server
                .orders
                .values()
                .filter(|order| !server.unlisted.contains(&order.no) && !server.gone.contains(&order.no));
            // Further pages hold somebody else's orders, which are over.
            let other = |page: u32| Order {
                no: format!("TESTB202611031430{page:05}").parse().unwrap(),
                status: OrderStatus::Ticketed,
                passengers: vec!["OTHER/PERSON".into()].into(),
                details: None,
                ..unpaid()
            };
            let first = page == 1 || is_endless;
            let orders = if first { listed.map(strip).collect() } else { vec![other(page)] };
            Page { orders, more: is_endless || page < server.pages }
        })
    }

    async fn find(&self, find: &Find) -> Result<Answer<Page>, ReadError> {
        self.with(|server| {
            server.requests += 1;
            server.finds.push(find.clone());
        });
        tokio::time::sleep(LATENCY).await;
        self.answer(|server| server.found.clone())
    }

    async fn query(&self, order: OrderNo) -> Result<Answer<Order>, ReadError> {
        self.with(|server| server.requests += 1);
        tokio::time::sleep(self.with(|server| server.query_takes)).await;
        if self.with(|server| server.silent.contains(&order)) {
            return Err(ReadError::NoAnswer("cut".into()));
        }
        if self.with(|server| server.gone.contains(&order)) {
            self.with(|server| server.queries += 1);
            return Err(ReadError::NoSuchOrder);
        }
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
            order.status = server.answers.pop_front().unwrap_or(order.status);
            order
        })
    }

    async fn balance(&self, currency: Currency) -> Result<Answer<Money>, ReadError> {
        self.with(|server| {
            server.requests += 1;
            server.balances += 1;
        });
        tokio::time::sleep(LATENCY).await;
        self.answer(|server| Money { currency, ..server.balance })
    }

    async fn regenerate(&self, _: OrderNo) -> Called {
        let (breaks, takes) = self.with(|server| {
            server.requests += 1;
            server.regenerated += 1;
            (matches!(server.pays, Pays::Breaks), server.effect_takes)
        });
        if breaks {
            std::panic::resume_unwind(Box::new("broken"));
        }
        tokio::time::sleep(takes).await;
        self.with(|server| server.calls.pop_front().unwrap_or(Called::Refused(314)))
    }

    async fn accept_loss(&self, order: OrderNo) -> baggage::Called {
        let takes = self.with(|server| {
            server.requests += 1;
            server.accepted_losses += 1;
            match server.losses_in_vain.checked_sub(1) {
                Some(left) => server.losses_in_vain = left,
                None => server.orders.get_mut(&order).unwrap().ticketing_error = None,
            }
            server.effect_takes
        });
        tokio::time::sleep(takes).await;
        self.with(|server| server.losses.pop_front().unwrap_or(baggage::Called::Taken))
    }

    async fn commit(&self, _: OrderNo) -> CallOutcome<Text> {
        let takes = self.with(|server| {
            server.requests += 1;
            server.commit_requests += 1;
            server.effect_takes
        });
        tokio::time::sleep(takes).await;
        let link = CallOutcome::Done("https://airline.example/confirm/1".into());
        self.with(|server| server.links.pop_front().unwrap_or(link))
    }

    async fn stop(&self, _: OrderNo) -> CallOutcome<()> {
        let takes = self.with(|server| {
            server.requests += 1;
            server.stop_requests += 1;
            server.effect_takes
        });
        tokio::time::sleep(takes).await;
        self.with(|server| server.stops.pop_front().unwrap_or(CallOutcome::Done(())))
    }

    async fn incidents(&self) -> Result<Answer<Vec<notification::Notification>>, ReadError> {
        self.with(|server| server.requests += 1);
        self.answer(|_| Vec::new())
    }

    async fn pay(&self, payment: &Payment) -> Sent {
        let pays = self.with(|server| {
            server.requests += 1;
            let apply = matches!(server.pays, Pays::Accepts | Pays::AcceptsLate(_) | Pays::AppliesSilently);
            if !matches!(server.pays, Pays::Unreachable) {
                server.pay_requests += 1;
            }
            if apply {
                server.applied += 1;
                server.orders.get_mut(&payment.order).unwrap().status = OrderStatus::Ticketing;
            }
            server.pays.clone()
        });
        tokio::time::sleep(self.with(|server| server.effect_takes)).await;
        match pays {
            Pays::Accepts => Sent::Answered { status: 0, msg: None },
            Pays::AcceptsLate(after) => {
                tokio::time::sleep(after).await;
                Sent::Answered { status: 0, msg: None }
            }
            Pays::Refuses(status) => Sent::Answered { status, msg: None },
            Pays::Breaks => std::panic::resume_unwind(Box::new("broken")),
            Pays::Unreachable => Sent::Not(NotSent::NoConnection(ReadError::Unreachable {
                host: "h:443".into(),
                reason: "refused".into(),
            })),
            Pays::AppliesSilently | Pays::DropsSilently => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                Sent::Doubt(Doubt::NoAnswer)
            }
        }
    }
}

/// A desk that runs beside the test on the same paused clock.
pub(crate) struct Rig {
    pub(crate) handle: Handle,
    pub(crate) mailbox: Subscription,
    pub(crate) clock: TokioClock,
    pub(crate) seen: Vec<Update>,
}

impl Rig {
    pub(crate) fn start(server: &Fake, journal: impl Journal, options: Options) -> Self {
        Self::on(server, journal, TokioClock::starting_at(start()), options)
    }

    pub(crate) fn on(server: &Fake, journal: impl Journal, on: impl Clock, options: Options) -> Self {
        let (handle, commands, hub) = Handle::pair();
        let mailbox = handle.subscribe();
        let clock = TokioClock::starting_at(on.now());
        tokio::spawn(desk::run(server.clone(), journal, on, options, commands, hub));
        Self { handle, mailbox, clock, seen: Vec::new() }
    }

    /// Lets time pass until `wanted` holds of what the desk says; panics after ten virtual minutes.
    pub(crate) async fn until<T>(&mut self, mut wanted: impl FnMut(&Update) -> Option<T>) -> T {
        for _ in 0..60_000 {
            let update = self.mailbox.take();
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

    pub(crate) async fn until_details(&mut self) {
        self.until(|update| update.cases.iter().find(|case| case.order.details.is_some()).map(|_| ())).await;
    }

    pub(crate) fn pay(&self, amount: &str) -> AttemptId {
        self.pay_order(no(), amount)
    }

    pub(crate) fn pay_order(&self, order: OrderNo, amount: &str) -> AttemptId {
        let id = AttemptId::generate();
        let payment = Payment { order, means: Means::Deposit, amount: usd(amount), old_payment_seen: false };
        self.mailbox.ask(Command::Pay { id, payment: Box::new(payment) });
        id
    }

    pub(crate) async fn until_attempt(&mut self, wanted: impl Fn(&Attempt) -> bool) -> Attempt {
        self.until(|update| {
            let mut attempts = update.cases.iter().flat_map(|case| &case.lineage.attempts);
            attempts.find(|attempt| wanted(attempt)).cloned()
        })
        .await
    }
}

pub(crate) fn memory() -> SqliteJournal {
    SqliteJournal::in_memory().unwrap()
}
