//! The net between a program and the vendor: it loses, cuts, delays and garbles, in every way that a request can end.

use std::{sync::Arc, time::Duration};

use paydesk::{
    atlas::{Answer, CallOutcome, ReadError},
    desk::gateway::{Gateway, Page, Window},
    domain::{
        attempt::{Doubt, NotSent, Sent},
        find::Find,
        money::{Currency, Money},
        notification::Notification,
        order::{Order, OrderNo},
        payment::Payment,
        regeneration::Called,
        text::Text,
    },
};

use super::{
    fuse::Fuse,
    mutants::Mutant,
    server::usd,
    store::Disk,
    world::{Day, Event, Ill},
};

/// So old may the second check be when a payment leaves, with what its answer took.
const CHECK_LIVES: Duration = Duration::from_secs(25);

/// The total time-out of a payment.
const TIME_OUT: Duration = Duration::from_secs(60);

/// One program's connection to the vendor.
pub(crate) struct Net {
    pub(crate) day: Day,
    pub(crate) fuse: Fuse,
    pub(crate) disk: Disk,
}

/// How a request with an effect ends.
enum Ending {
    /// No connection.
    Refused,
    /// Delivered and answered.
    Whole,
    /// Lost on the way there.
    Lost,
    /// Delivered after so long, and the answer is lost in this way.
    Delivered(Duration, Doubt),
    /// The answer comes back whole and says this, without anything having been done.
    Says(i64),
    /// Delivered, but the answer says this.
    SaysThough(i64),
}

impl Net {
    fn ending(&self) -> Ending {
        let mut world = self.day.world();
        if !world.stormy {
            return Ending::Whole;
        }
        let late = Duration::from_secs(world.random.u64(0..170));
        match world.random.u32(..26) {
            0 => Ending::Refused,
            1 | 2 => Ending::Lost,
            3 => Ending::Delivered(Duration::ZERO, Doubt::Cut("reset".into())),
            4 => Ending::Delivered(Duration::ZERO, Doubt::Unreadable("html".into())),
            5 => Ending::Delivered(Duration::ZERO, Doubt::Http(502)),
            6 => Ending::Delivered(Duration::ZERO, Doubt::Http(429)),
            7 | 8 => Ending::Delivered(Duration::ZERO, Doubt::NoAnswer),
            9 | 10 => Ending::Delivered(late, Doubt::NoAnswer),
            11 => Ending::Delivered(late, Doubt::Cut("reset".into())),
            12 => {
                Ending::Says(*world.random.choice(&[400, 403, 413, 414, 429, 604, 616, 900]).unwrap_or(&400))
            }
            13 => Ending::Says(*world.random.choice(&[-1, 2, 411, 9_999, 777]).unwrap_or(&411)),
            14 => {
                Ending::SaysThough(*world.random.choice(&[-1, 2, 406, 411, 615, 9_999, 777]).unwrap_or(&411))
            }
            _ => Ending::Whole,
        }
    }

    /// A fault of the program's own: the task of a request panics, without a word.
    fn break_off(&self) {
        if self.day.world().strikes(150) {
            std::panic::resume_unwind(Box::new("broken"));
        }
    }

    /// Waits as long as an answer takes.
    async fn travel(&self) {
        let wait = {
            let mut world = self.day.world();
            let slow = world.strikes(20);
            Duration::from_millis(if slow {
                world.random.u64(1_000..14_000)
            } else {
                world.random.u64(20..400)
            })
        };
        tokio::time::sleep(wait).await;
    }

    /// A read, or how it failed.
    async fn read<T>(&self, read: impl FnOnce(&Day) -> Result<T, ReadError>) -> Result<Answer<T>, ReadError> {
        self.fuse.stop_here().await;
        self.break_off();
        let is_reached = {
            let mut world = self.day.world();
            let now = world.now();
            world.asked.push(now);
            !matches!(&world.ill, Ill::Outage(time) if time.contains(&now))
        };
        self.travel().await;
        let (fault, kind) = {
            let mut world = self.day.world();
            (world.strikes(12), world.random.u32(..5))
        };
        if !is_reached {
            return Err(ReadError::Unreachable { host: "h".into(), reason: "refused".into() });
        }
        if fault {
            return Err(match kind {
                0 => ReadError::Unreachable { host: "h".into(), reason: "refused".into() },
                1 => ReadError::Limited { retry_after_s: 5 },
                2 => ReadError::NotTheApi("HTTP 503".into()),
                3 => ReadError::Unauthorised { code: 403, msg: "gateway".into() },
                _ => ReadError::NoAnswer("cut".into()),
            });
        }
        let value = read(&self.day)?;
        let server_time = Some(self.day.world().date());
        self.fuse.stop_here().await;
        Ok(Answer { value, server_time })
    }

    /// Has what was delivered done, now or later, whether or not anybody still waits for it.
    fn deliver<T: Send + 'static>(
        &self,
        after: Duration,
        done: impl FnOnce(&Day, Duration) -> T + Send + 'static,
    ) -> tokio::task::JoinHandle<T> {
        let day = self.day.clone();
        tokio::spawn(async move {
            // A request that is under way goes on while the machines at both ends sleep.
            let due = day.world().now() + after;
            let woken = Arc::clone(&day.world().woken);
            loop {
                let left = due.saturating_sub(day.world().now());
                if left.is_zero() {
                    return done(&day, due);
                }
                tokio::select! {
                    () = tokio::time::sleep(left) => {}
                    () = woken.notified() => {}
                }
            }
        })
    }

    fn pay_leaves(&self, payment: &Payment) {
        let held = self.disk.holds_sending(payment.order);
        let store_failed = self.disk.failed();
        let mut world = self.day.world();
        let now = world.now();
        let (order, method, amount) = (payment.order, payment.means.method(), payment.amount);
        world.asked.push(now);
        world.events.push(Event::PayLeft(order));
        if !held {
            world.must_not(format!("I3: pay.do on {order} left without a durable `sending`"));
        }
        // What fails in the very moment of the send comes after its gate.
        if store_failed.is_some_and(|at| at < now) {
            world.must_not(format!("I17: pay.do on {order} left after the store had failed"));
        }
        match world.confirmed.iter().position(|confirmed| *confirmed == (order, method, amount)) {
            Some(at) => drop(world.confirmed.remove(at)),
            None => {
                world.must_not(format!(
                    "I13: {method} of {amount} left for {order}, which nobody had confirmed"
                ));
            }
        }
        if !world.server.is_due(order, method, amount, now, CHECK_LIVES) {
            world.must_not(format!("I14: {amount} was sent for {order}, another sum is due"));
        }
        let parent = world.server.orders.get(&order).and_then(|sold| sold.original);
        if let Some(parent) = parent.filter(|parent| !world.server.is_dead(*parent, now)) {
            world.must_not(format!("I16: {order} is paid while {parent} lives"));
        }
    }
}

impl Gateway for Net {
    async fn list(&self, window: Window, page: u32) -> Result<Answer<Page>, ReadError> {
        self.read(|day| {
            let mut world = day.world();
            let now = world.now();
            let numbers: Vec<OrderNo> = world.server.orders.keys().copied().collect();
            let listed = |no| Some(Order { details: None, ..world.server.look(no, now, false)? });
            let within = |order: &Order| {
                order.created.is_some_and(|made| window.from <= made && made <= window.to) && page == 1
            };
            let orders: Vec<_> = numbers.into_iter().filter_map(listed).filter(within).collect();
            let orders: Vec<_> = orders.into_iter().map(|order| world.list_row(order)).collect();
            for order in &orders {
                world.show(order.no);
            }
            Ok(Page { orders, more: false })
        })
        .await
    }

    async fn find(&self, _: &Find) -> Result<Answer<Page>, ReadError> {
        Ok(Answer { value: Page::default(), server_time: None })
    }

    async fn query(&self, order: OrderNo) -> Result<Answer<Order>, ReadError> {
        let ill = match &self.day.world().ill {
            Ill::Orders(orders, slow) if orders.contains(&order) => Some(*slow),
            _ => None,
        };
        if let Some(slow) = ill {
            tokio::time::sleep(slow).await;
            return Err(ReadError::NoAnswer("time-out".into()));
        }
        self.read(|day| {
            let mut world = day.world();
            let (now, echoes) = (world.now(), world.echoes);
            let seen = world.server.look(order, now, echoes).ok_or(ReadError::NoSuchOrder)?;
            let mut seen = world.query_answer(seen);
            world.show(order);
            match world.mutant {
                Some(Mutant::SkipsTheSecondQuery) => {
                    seen = world.remembered.entry(order).or_insert(seen).clone();
                }
                Some(Mutant::TrustsWebhooks) => {
                    if let Some(notified) = world.notified.get(&order) {
                        seen.status = *notified;
                    }
                }
                Some(Mutant::BelievesRows) => {
                    if let Some(listed) = world.liar.listed.get(&order) {
                        seen.status = *listed;
                    }
                }
                _ => {}
            }
            Ok(seen)
        })
        .await
    }

    async fn balance(&self, _: Currency) -> Result<Answer<Money>, ReadError> {
        self.read(|_| Ok(usd(1_000_000))).await
    }

    async fn pay(&self, payment: &Payment) -> Sent {
        self.fuse.stop_here().await;
        self.break_off();
        self.pay_leaves(payment);
        let (order, method) = (payment.order, payment.means.method());
        let apply = move |day: &Day, due: Duration| day.world().server.pay(order, method, due);
        let mutant = self.day.world().mutant;
        let sent = match self.ending() {
            Ending::Refused => {
                Sent::Not(NotSent::NoConnection(paydesk::domain::read_error::ReadError::Unreachable {
                    host: "h:443".into(),
                    reason: "refused".into(),
                }))
            }
            Ending::Lost => {
                tokio::time::sleep(TIME_OUT).await;
                Sent::Doubt(Doubt::NoAnswer)
            }
            Ending::Says(status) => {
                self.travel().await;
                Sent::Answered { status, msg: None }
            }
            Ending::Whole => {
                let done = self.deliver(Duration::ZERO, apply).await;
                self.travel().await;
                Sent::Answered { status: done.unwrap_or(-1), msg: None }
            }
            Ending::SaysThough(status) => {
                let done = self.deliver(Duration::ZERO, apply).await;
                self.travel().await;
                // A lie that hides a payment leaves it open; one that hides a refusal would be none.
                Sent::Answered { status: if done.unwrap_or(-1) == 0 { status } else { 401 }, msg: None }
            }
            Ending::Delivered(after, doubt) => {
                drop(self.deliver(after, apply));
                if doubt == Doubt::NoAnswer {
                    tokio::time::sleep(TIME_OUT).await;
                } else {
                    self.travel().await;
                }
                Sent::Doubt(doubt)
            }
        };
        if let Sent::Answered { status, .. } = sent {
            self.day.world().events.push(Event::Answered(order, status));
        }
        self.fuse.stop_here().await;
        self.break_off();
        match (mutant, sent) {
            (Some(Mutant::TrustsHttp), Sent::Answered { .. }) => Sent::Answered { status: 0, msg: None },
            (Some(Mutant::RetriesOnTimeOut), Sent::Doubt(Doubt::NoAnswer)) => {
                self.pay_leaves(payment);
                let status = self.deliver(Duration::ZERO, apply).await.unwrap_or(-1);
                self.day.world().events.push(Event::Answered(order, status));
                Sent::Answered { status, msg: None }
            }
            (Some(Mutant::TakesDoubtForNotSent), Sent::Doubt(_)) => {
                Sent::Not(NotSent::NoConnection(paydesk::domain::read_error::ReadError::Unreachable {
                    host: "h:443".into(),
                    reason: "surely".into(),
                }))
            }
            (_, sent) => sent,
        }
    }

    async fn regenerate(&self, order: OrderNo) -> Called {
        self.fuse.stop_here().await;
        self.break_off();
        {
            let mut world = self.day.world();
            let now = world.now();
            world.asked.push(now);
            if !world.server.is_dead(order, now) {
                world.must_not(format!("{order} is regenerated while it lives"));
            }
        }
        let apply = move |day: &Day, due: Duration| day.world().server.regenerate(order, due);
        let called = match self.ending() {
            Ending::Refused => {
                Called::Not(NotSent::NoConnection(paydesk::domain::read_error::ReadError::Unreachable {
                    host: "h:443".into(),
                    reason: "refused".into(),
                }))
            }
            Ending::Lost => {
                tokio::time::sleep(TIME_OUT).await;
                Called::Doubt(Doubt::NoAnswer)
            }
            Ending::Says(_) => {
                self.travel().await;
                Called::Refused(316)
            }
            Ending::Whole => {
                let done = self.deliver(Duration::ZERO, apply).await;
                self.travel().await;
                match done {
                    Ok(Ok(child)) => Called::Made(child),
                    Ok(Err(code)) => Called::Refused(code),
                    Err(_) => Called::Doubt(Doubt::NoAnswer),
                }
            }
            Ending::SaysThough(_) => {
                drop(self.deliver(Duration::ZERO, apply));
                self.travel().await;
                Called::Refused(9_999)
            }
            Ending::Delivered(after, doubt) => {
                drop(self.deliver(after, apply));
                tokio::time::sleep(TIME_OUT).await;
                Called::Doubt(doubt)
            }
        };
        self.fuse.stop_here().await;
        self.break_off();
        called
    }

    async fn accept_loss(&self, order: OrderNo) -> paydesk::domain::baggage::decision::Called {
        self.day.world().must_not(format!("the loss on {order} is accepted, and nobody decided so"));
        paydesk::domain::baggage::decision::Called::Declined(402)
    }

    async fn commit(&self, _: OrderNo) -> CallOutcome<Text> {
        CallOutcome::Refused { status: 307, msg: Text::default() }
    }

    async fn stop(&self, _: OrderNo) -> CallOutcome<()> {
        CallOutcome::Refused { status: 402, msg: Text::default() }
    }

    async fn incidents(&self) -> Result<Answer<Vec<Notification>>, ReadError> {
        self.read(|_| Ok(Vec::new())).await
    }
}
