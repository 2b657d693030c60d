//! Asks the vendor what the schedule says, and keeps the schedule to what comes back.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tokio::task::JoinSet;

use super::{
    queue::Lane,
    rounds::{PageEnd, census::Census},
    schedule::{Ask, Schedule},
    sight::Sight,
};
use crate::{
    atlas::{Answer, ReadError},
    desk::{
        Options,
        book::Book,
        gateway::{Gateway, Page, Window, guarded},
        health::Notice,
        hub::{Outbox, Reply, ReplyTo},
    },
    domain::{
        find::Find,
        moment::Moment,
        money::{Currency, Money},
        notification::Notification,
        order::{Order, OrderNo, OrderStatus},
        regeneration::State,
    },
};

/// An answer, or none, to what was asked at `asked`.
pub(in crate::desk) struct Polled {
    pub(in crate::desk) asked: Moment,
    pub(in crate::desk) brought: Brought,
}

/// What came.
pub(in crate::desk) enum Brought {
    Page(Window, u32, Result<Answer<Page>, ReadError>),
    Order(OrderNo, Box<Result<Answer<Order>, ReadError>>),
    Balance(Currency, Result<Answer<Money>, ReadError>),
    Incidents(Result<Answer<Vec<Notification>>, ReadError>),
    /// What was looked for, under its number.
    Found(u32, Result<Answer<Page>, ReadError>),
}

/// Whom to ask, and when, and who waits for the answers. It has no clock: `now` is an argument.
pub(in crate::desk) struct Poller<G> {
    gateway: Arc<G>,
    schedule: Schedule,
    requests: JoinSet<Polled>,
    sight: Sight,
    /// Orders for whose next answer a person waits, and since when (uptime).
    awaited: HashMap<OrderNo, Vec<(Duration, ReplyTo)>>,
    /// What operators look for, by number, and the next number.
    finds: HashMap<u32, (Find, ReplyTo)>,
    next_find: u32,
    /// It was said that the list has no sensible end.
    list_is_odd: bool,
    /// The currencies in which open orders are paid: their balances are asked for once, without anybody's wish.
    open_currencies: HashSet<Currency>,
    outbox: Outbox,
}

impl<G: Gateway> Poller<G> {
    pub(in crate::desk) fn new(gateway: Arc<G>, options: &Options, uptime: Duration) -> Self {
        let mut schedule = Schedule::new(
            options.requests_per_minute,
            options.sweep_every,
            options.lookback,
            options.seed,
            uptime,
        );
        if let Some(every) = options.incidents_every {
            schedule.ask_incidents(every, uptime);
        }
        Self {
            gateway,
            schedule,
            requests: JoinSet::new(),
            sight: Sight::default(),
            awaited: HashMap::new(),
            finds: HashMap::new(),
            next_find: 0,
            list_is_odd: false,
            open_currencies: HashSet::new(),
            outbox: Outbox::default(),
        }
    }

    /// How well the desk sees.
    pub(in crate::desk) fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Requests in the last minute, and how many are due or on their way.
    pub(in crate::desk) fn load(&mut self, uptime: Duration) -> (u32, usize) {
        (self.schedule.budget().spent_last_minute(uptime), self.schedule.pending(uptime))
    }

    /// Unpaid orders whose price and deadline are still to come.
    pub(in crate::desk) fn unpriced(&self) -> usize {
        self.schedule.unpriced()
    }

    /// What it has to say since the last call.
    pub(in crate::desk) fn take_outbox(&mut self) -> Outbox {
        std::mem::take(&mut self.outbox)
    }

    /// Requests that went out of turn take from the budget all the same.
    pub(in crate::desk) fn count(&mut self, requests: u32, uptime: Duration) {
        (0..requests).for_each(|_| self.schedule.budget().spend(uptime));
    }

    /// When something is due next.
    pub(in crate::desk) fn wake_at(&mut self, uptime: Duration) -> Option<Duration> {
        self.schedule.wake_at(uptime)
    }

    /// Sends what is due and within the budget. Searches are for others to make: the orders whose children are looked for.
    pub(in crate::desk) fn send_due(&mut self, book: &Book, now: Moment) -> Vec<OrderNo> {
        if self.schedule.is_round_due(now.up) {
            let mut census = Census::default();
            book.made(now.now.at).for_each(|(created, is_moving)| census.count(created, is_moving));
            self.schedule.take_census(census);
        }
        let mut searches = Vec::new();
        while let Some(ask) = self.schedule.next(now.now, now.up) {
            match ask {
                Ask::Search(parent) => searches.push(parent),
                Ask::Find(number) => self.send_find(number, now),
                ask => self.send(ask, now),
            }
        }
        searches
    }

    fn send_find(&mut self, number: u32, asked: Moment) {
        let Some((find, _)) = self.finds.get(&number) else { return };
        let (gateway, find) = (Arc::clone(&self.gateway), find.clone());
        self.requests.spawn(async move {
            let answer = guarded(async move { gateway.find(&find).await }).await;
            Polled { asked, brought: Brought::Found(number, answer) }
        });
    }

    fn send(&mut self, ask: Ask, asked: Moment) {
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            let brought = match ask {
                Ask::List(window, page) => Brought::Page(
                    window,
                    page,
                    guarded(async move { gateway.list(window, page).await }).await,
                ),
                Ask::Query(order) => {
                    let answer = guarded(async move { gateway.query(order).await }).await;
                    Brought::Order(order, Box::new(answer))
                }
                Ask::Balance(currency) => {
                    Brought::Balance(currency, guarded(async move { gateway.balance(currency).await }).await)
                }
                Ask::Incidents | Ask::Search(_) | Ask::Find(_) => {
                    Brought::Incidents(guarded(async move { gateway.incidents().await }).await)
                }
            };
            Polled { asked, brought }
        });
    }

    /// The next answer; for ever none, if nothing is on its way.
    pub(in crate::desk) async fn answer(&mut self) -> Polled {
        loop {
            match self.requests.join_next().await {
                Some(Ok(polled)) => return polled,
                Some(Err(_)) => {}
                None => std::future::pending().await,
            }
        }
    }

    /// A person waits for the answer to a query of `order` that leaves from now on, and for what a plan for it rests on.
    pub(in crate::desk) fn inspect(&mut self, order: OrderNo, reply_to: ReplyTo, book: &Book, now: Moment) {
        self.awaited.entry(order).or_default().push((now.up, reply_to));
        self.schedule.ask_now(order, Lane::Operator, now.up);
        // The order that it was made from, and the one made from it.
        let lineage = book.lineage(order);
        for other in [lineage.parent_of(order), lineage.child_of(order)].into_iter().flatten() {
            self.schedule.ask_now(other, Lane::Operator, now.up);
        }
        if let Some(currency) = book.settlement_currency(order) {
            self.schedule.ask_balance(currency);
        }
        self.reply_to_all_in_silence(book, now);
    }

    /// One of several orders that are refreshed together: it is asked for when nothing more urgent is due.
    pub(in crate::desk) fn refresh(&mut self, order: OrderNo, reply_to: ReplyTo, book: &Book, now: Moment) {
        self.awaited.entry(order).or_default().push((now.up, reply_to));
        self.schedule.refresh(order);
        self.reply_to_all_in_silence(book, now);
    }

    /// An operator looks for something at the vendor, and waits for the answer.
    pub(in crate::desk) fn find(&mut self, find: Find, reply_to: ReplyTo, book: &Book, now: Moment) {
        let number = self.next_find;
        self.next_find = number.wrapping_add(1);
        self.finds.insert(number, (find, reply_to));
        self.schedule.find(number);
        self.reply_to_all_in_silence(book, now);
    }

    /// Who waits for what was looked for under this number, and what it was.
    pub(in crate::desk) fn take_find(&mut self, number: u32) -> Option<(Find, ReplyTo)> {
        self.finds.remove(&number)
    }

    /// Replies once what it speaks of is published.
    pub(in crate::desk) fn reply(&mut self, reply_to: ReplyTo, reply: Reply) {
        self.outbox.replies.push((reply_to, reply));
    }

    /// Sweeps the list again from the newest order on.
    pub(in crate::desk) fn sweep_now(&mut self, now: Moment) {
        self.schedule.sweep_now(now.up);
    }

    /// These orders are on screen; the first is the selected one.
    pub(in crate::desk) fn watch(&mut self, orders: &[OrderNo], book: &Book, now: Moment) {
        for order in self.schedule.watch(orders) {
            self.plan(order, book, now);
        }
    }

    /// Decides again when `order` is asked for.
    pub(in crate::desk) fn plan(&mut self, order: OrderNo, book: &Book, now: Moment) {
        if let Some(case) = book.case(order) {
            let remembered = book.recorded_deadline(order);
            self.schedule.plan(case, book.freshness(order), remembered, now.now.at, now.up);
        } else if book.lineage(order).attempts_on(order).any(|attempt| attempt.state.is_open()) {
            // Not seen since the start, and an attempt on it is open: ask until an answer comes.
            self.schedule.ask_unseen(order, now.up);
        } else if let Some(missing) = book.missing(order) {
            self.schedule.ask_missing(order, &missing, now.up);
        }
    }

    /// These are asked for at once.
    pub(in crate::desk) fn ask_for(&mut self, orders: Vec<OrderNo>, now: Moment) {
        for order in orders {
            self.schedule.ask_now(order, Lane::Doubt, now.up);
        }
    }

    /// When each order is asked for next of which it is asked what became of a payment.
    pub(in crate::desk) fn planned_for_doubts(&self) -> impl Iterator<Item = (OrderNo, Duration)> {
        self.schedule.planned_for_doubts()
    }

    /// These are asked for in their turn, unless they are already.
    pub(in crate::desk) fn ask_unplanned(&mut self, orders: Vec<OrderNo>, now: Moment) {
        for order in orders {
            if self.schedule.planned(order).is_none() && !self.schedule.is_asking(order) {
                self.schedule.ask_now(order, Lane::Details, now.up);
            }
        }
    }

    /// New orders are looked for that may have been made before the program began.
    pub(in crate::desk) fn resume_searches(&mut self, book: &Book, now: Moment) {
        for regeneration in book.regenerating() {
            self.schedule.search(regeneration.parent, now.up);
        }
    }

    /// There is nothing to look for any more.
    pub(in crate::desk) fn end_search(&mut self, parent: OrderNo, now: Moment) {
        self.schedule.end_search(parent);
        self.schedule.refused(Ask::Search(parent), now.up);
    }

    /// Looks for a new order that may have been made from `parent`, or asks for one that was.
    pub(in crate::desk) fn follow_regeneration(&mut self, parent: OrderNo, book: &Book, now: Moment) {
        let lineage = book.lineage(parent);
        match lineage.regeneration_of(parent).map(|regeneration| &regeneration.state) {
            Some(State::InDoubt(_)) => self.schedule.search(parent, now.up),
            Some(State::Made(child) | State::Found(child)) => {
                self.schedule.end_search(parent);
                if book.case(*child).is_none_or(|case| case.order.details.is_none()) {
                    self.schedule.ask_now(*child, Lane::Operator, now.up);
                }
            }
            _ => self.schedule.end_search(parent),
        }
    }

    /// The vendor notified us of an order: it is asked for soon. False for a stranger that is not looked up now, of which
    /// nothing is to be remembered either: strangers could name orders for ever.
    pub(in crate::desk) fn hint(&mut self, order: OrderNo, book: &Book, now: Moment) -> bool {
        // One that is being looked up already may turn out to be ours: a notification meanwhile counts like that of any other.
        if book.is_known(order) || self.schedule.is_asking(order) {
            self.schedule.hint(order, now.up);
            return true;
        }
        self.schedule.hint_unknown(order, now.up)
    }

    /// An answer came, whoever asked.
    pub(in crate::desk) fn on_success(&mut self, now: Moment) {
        self.sight.on_success(now);
    }

    /// What was asked is answered. Of a search the outcome is enough.
    pub(in crate::desk) fn on_answer(&mut self, ask: Ask) {
        self.schedule.answered(ask);
    }

    /// A page of the list came. What it ended.
    pub(in crate::desk) fn on_page(
        &mut self,
        ask: (Window, u32),
        orders: &[OrderNo],
        more: bool,
        now: Moment,
    ) -> PageEnd {
        let end = self.schedule.page_came(ask, orders, more, now.up);
        if let Some(odd) = end.odd
            && !std::mem::replace(&mut self.list_is_odd, true)
        {
            let page = ask.1;
            tracing::warn!(page, ?odd, "the list of orders has no end; this sweep goes no further");
            self.outbox.notices.push(Notice::OddList { page, odd });
        }
        if end.is_all {
            self.sight.last_sweep = Some(now.now.wall);
        }
        end
    }

    /// The orders that the sweep which has just ended should have shown, and when it began, if it was complete. `asked` is
    /// when its last page was asked for.
    pub(in crate::desk) fn left_out(&self, book: &Book, asked: Moment) -> Option<(Vec<OrderNo>, Moment)> {
        let sweep = self.schedule.sweep();
        let (now, up) = sweep.complete()?;
        let left_out = book.not_ticketed().filter(|(order, created)| sweep.leaves_out(*order, *created));
        Some((left_out.map(|(order, _)| order).collect(), Moment { now, up, ..asked }))
    }

    /// The list shows these no more: they are asked for, whatever came of it before.
    pub(in crate::desk) fn ask_about(&mut self, orders: &[OrderNo]) {
        for order in orders {
            self.schedule.lift_hold(*order);
        }
    }

    /// Replies to those who waited for a query of `order` that was sent at `asked`; whoever asked later waits for the next
    /// one. True if anybody waits: the balance could not be asked for yet, if its currency was not known.
    pub(in crate::desk) fn reply_awaited(
        &mut self,
        order: OrderNo,
        asked: Moment,
        error: Option<&ReadError>,
        book: &Book,
    ) -> bool {
        let all = self.awaited.remove(&order).unwrap_or_default();
        let is_awaited = !all.is_empty();
        let (later, waiting): (Vec<_>, Vec<_>) = all.into_iter().partition(|(since, _)| *since > asked.up);
        if !later.is_empty() {
            self.awaited.insert(order, later);
        }
        let reply = match error {
            None => Reply::Answered(order),
            Some(error) => unanswered(order, error.clone(), book),
        };
        self.outbox.reply_all(waiting.into_iter().map(|(_, reply_to)| reply_to), &reply);
        is_awaited
    }

    /// The balance that `order` is held against, or was just paid from, is asked for now.
    pub(in crate::desk) fn ask_balance(&mut self, order: OrderNo, book: &Book) {
        if let Some(currency) = book.settlement_currency(order) {
            self.open_currencies.insert(currency);
            self.schedule.ask_balance(currency);
        }
    }

    /// The balance that an open order is held against is to be known, whoever looks at it.
    pub(in crate::desk) fn want_balance(&mut self, order: OrderNo, book: &Book) {
        let is_open = book.case(order).is_some_and(|case| case.order.status == OrderStatus::Unpaid);
        let currency = book.settlement_currency(order).filter(|_| is_open);
        if let Some(currency) = currency
            && self.open_currencies.insert(currency)
        {
            self.schedule.ask_balance(currency);
        }
    }

    /// What was asked was refused: that is about this one thing and says nothing of the connection.
    pub(in crate::desk) fn on_refusal(&mut self, ask: Ask, now: Moment) {
        self.schedule.refused(ask, now.up);
    }

    /// The vendor knows nothing of this order, or will not say: it is asked for less and less often.
    pub(in crate::desk) fn hold_back(&mut self, order: OrderNo, error: ReadError, book: &Book, now: Moment) {
        if !book.is_known(order) {
            self.schedule.drop_hint(order);
        }
        let Some(gap) = self.schedule.refused(Ask::Query(order), now.up) else { return };
        self.plan(order, book, now);
        if book.missing(order).is_some() || !book.is_known(order) {
            return; // which is said where the order is shown, or to whoever asked: nobody asks for it again
        }
        // What a payment hangs on is asked for sooner than that.
        let gap = self.schedule.planned(order).map_or(gap, |at| at.saturating_sub(now.up));
        tracing::warn!(%order, %error, again_in_s = gap.as_secs(), "left alone for a while");
        self.outbox.notices.push(Notice::HeldBack { order, error, again_at: now.now.wall + gap });
    }

    /// What was asked failed. Returns a pause that other programs should know of.
    pub(in crate::desk) fn on_failure(
        &mut self,
        ask: Ask,
        error: ReadError,
        book: &Book,
        now: Moment,
    ) -> Option<Duration> {
        self.schedule.failed(ask, now.up);
        let pause = self.on_pause(&error, book, now);
        if let Ask::Query(order) = ask {
            self.plan(order, book, now);
        }
        self.sight.on_failure(error);
        pause
    }

    /// If the vendor asked for silence it is kept and shown. Returns a pause that other programs should know of.
    pub(in crate::desk) fn on_pause(
        &mut self,
        error: &ReadError,
        book: &Book,
        now: Moment,
    ) -> Option<Duration> {
        let pause = error.pause()?;
        self.schedule.budget().be_calm_after(now.up + pause);
        if !self.sight.on_pause(pause, now) {
            return None;
        }
        self.reply_to_all_in_silence(book, now);
        tracing::warn!(%error, pause_s = pause.as_secs(), "asked to wait");
        Some(pause)
    }

    /// A pause that the journal knows of is kept too.
    pub(in crate::desk) fn on_recorded_pause(&mut self, asked: Moment, pause: Duration, now: Moment) {
        if let Some(left) = self.sight.on_recorded_pause(asked, pause, now) {
            self.schedule.budget().be_calm_after(now.up + left);
        }
    }

    /// Whoever waits for an answer gets to know that nothing may be asked for so long. It is asked for in the end.
    fn reply_to_all_in_silence(&mut self, book: &Book, now: Moment) {
        let Some(error) = self.sight.silence(now) else { return };
        for (order, waiting) in std::mem::take(&mut self.awaited) {
            let reply = unanswered(order, error.clone(), book);
            self.outbox.reply_all(waiting.into_iter().map(|(_, reply_to)| reply_to), &reply);
        }
        // What was looked for is not asked for later: nobody would wait for that.
        self.schedule.drop_finds();
        for (_, (find, reply_to)) in std::mem::take(&mut self.finds) {
            self.outbox.replies.push((reply_to, Reply::NotFound { find, error: error.clone() }));
        }
    }
}

/// What is said to whoever waits for an answer about `order` that does not come.
fn unanswered(order: OrderNo, error: ReadError, book: &Book) -> Reply {
    let unsettled = book.lineage(order).unsettled().cloned().map(Box::new);
    Reply::Unanswered { order, error, unsettled }
}
