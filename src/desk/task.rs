//! The loop: it waits for five things (commands, answers, steps of payments that have ended, what other programs have
//! written, and the next moment of the schedule), hands each to the part that it concerns, and after each of them publishes what changed. Every decision is
//! made here, one at a time.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::sync::mpsc;

use super::{
    book::{Book, Bookkeeper, Observed, Wish},
    execution::{Executed, Executor, Searched, on_found},
    gateway::{Gateway, Page, Window},
    hub::{Command, Envelope, Hub, NotWorked, Outbox, Reply, ReplyTo, Update},
    options::Options,
    polling::{Ask, Brought, Polled, Poller},
    publisher::Publisher,
};
use crate::{
    atlas::{Answer, ReadError},
    clock::Clock,
    domain::{
        alert::AlertDid,
        attempt::{AttemptId, Decision, Event},
        codes::Baggage,
        mask::mask,
        moment::Moment,
        notification::Notification,
        order::{Order, OrderNo},
        story::OperatorAction,
        text::Text,
    },
    journal::{Fact, Journal},
};

/// A program that is asked to leave waits so long for the answer to a payment in flight. The journal has said already
/// that it may have been sent, so nothing is lost by not waiting longer.
const LEAVE_WITHIN: Duration = Duration::from_secs(10);

/// News waits for the disk with what comes in the same moment, but not for more than so many turns of the loop: a flood does not
/// keep it from being shown.
const TURNS: usize = 64;

/// A pause shorter than this is over before another program could keep it.
const WORTH_KEEPING: Duration = Duration::from_secs(2);

/// The desk's parts; see the module.
struct Task<G, J, C> {
    keeper: Bookkeeper<J, C>,
    poller: Poller<G>,
    executor: Executor<G>,
    publisher: Publisher,
    /// Replies of the loop itself.
    outbox: Outbox,
    /// Since when the program is leaving (uptime).
    leaving: Option<Duration>,
}

/// Runs a desk until it is asked to leave and has nothing in flight. Returns what it believed to the last, to be freed when
/// nobody waits any more.
pub async fn run<G: Gateway, J: Journal, C: Clock>(
    gateway: G,
    journal: J,
    clock: C,
    options: Options,
    commands: mpsc::UnboundedReceiver<Envelope>,
    hub: Arc<Hub>,
) -> Book {
    // Dropped last of all, after the replies to what was still in hand or on its way.
    let _ending = Ending(Arc::clone(&hub));
    let mut commands = commands;
    let gateway = Arc::new(gateway);
    let mut task = Task {
        poller: Poller::new(Arc::clone(&gateway), &options, clock.uptime()),
        keeper: Bookkeeper::new(journal, clock, options.lookback),
        publisher: Publisher::new(hub, &options),
        executor: Executor::new(gateway, options),
        outbox: Outbox::default(),
        leaving: None,
    };
    let mut early = VecDeque::new();
    tokio::select! {
        biased;
        // What a dead program may have sent is in doubt, and is asked for at once.
        () = task.keeper.sync() => {}
        // A long journal holds up nobody who leaves: nothing was begun yet.
        reply_to = asked_to_leave(&mut commands, &mut early) => {
            task.keeper.records.interrupt();
            reply_to.reply(Reply::Done);
            return task.keeper.into_book();
        }
    }
    let (mut has_listener, mut held) = (true, 0);
    loop {
        task.follow_up();
        task.send_due();
        if task.keeper.records.waiting() == 0 {
            task.publish();
        }
        if let Some(envelope) = early.pop_front() {
            task.on_command(envelope).await;
            continue;
        }
        let uptime = task.keeper.clocks.uptime();
        let wake = match task.leaving {
            None => task.poller.wake_at(uptime),
            Some(since) if task.executor.in_flight() > 0 && uptime.saturating_sub(since) < LEAVE_WITHIN => {
                Some(since + LEAVE_WITHIN)
            }
            Some(_) if task.keeper.records.waiting() > 0 => {
                task.keeper.records.flush().await;
                continue;
            }
            Some(_) => break,
        };
        let pause = wake.map(|at| at.saturating_sub(task.keeper.clocks.uptime()));
        tokio::select! {
            biased;
            // Once nobody is left to send commands that is so at every moment, and answers are still to be evidence.
            command = commands.recv(), if has_listener => {
                has_listener = command.is_some();
                match command {
                    Some(envelope) => task.on_command(envelope).await,
                    None => task.leave(),
                }
            }
            executed = task.executor.outcome() => task.on_executed(executed).await,
            polled = task.poller.answer() => task.on_polled(polled).await,
            () = task.keeper.records.written() => task.keeper.sync().await,
            () = task.keeper.clocks.sleep(pause) => {}
            // Nothing else has come meanwhile: what was learnt since the last time goes to disk, and is shown then.
            () = std::future::ready(()), if task.keeper.records.waiting() > 0 => {
                task.keeper.records.flush().await;
            }
        }
        held = if task.keeper.records.waiting() == 0 { 0 } else { held + 1 };
        if held >= TURNS {
            task.keeper.records.flush().await;
        }
    }
    task.keeper.into_book()
}

/// Waits until somebody asks the desk to leave, and keeps what is asked for besides.
async fn asked_to_leave(
    commands: &mut mpsc::UnboundedReceiver<Envelope>,
    early: &mut VecDeque<Envelope>,
) -> ReplyTo {
    loop {
        match commands.recv().await {
            Some(envelope) if envelope.is_leave() => return envelope.open().1,
            Some(envelope) => early.push_back(envelope),
            None => return std::future::pending().await,
        }
    }
}

/// Lets the listeners know that the desk has ended, however it did.
struct Ending(Arc<Hub>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.publish(&Update { ended: true, ..Update::default() });
    }
}

impl<G: Gateway, J: Journal, C: Clock> Task<G, J, C> {
    fn moment(&self) -> Moment {
        self.keeper.clocks.moment()
    }

    /// Asks differently from now on, where what was learnt wants it.
    fn follow_up(&mut self) {
        let (followups, now) = (self.keeper.take_followups(), self.moment());
        for (asked, pause) in followups.pauses {
            self.poller.on_recorded_pause(asked, pause, now);
        }
        self.poller.ask_for(followups.unfinished, now);
        if followups.is_start {
            self.poller.resume_searches(self.keeper.book(), now);
        }
        for order in followups.charged {
            self.poller.ask_balance(order, self.keeper.book());
        }
        for order in followups.orders {
            self.poller.plan(order, self.keeper.book(), now);
        }
        for parent in followups.parents {
            self.poller.follow_regeneration(parent, self.keeper.book(), now);
        }
    }

    /// Lets every request go that is due and within the budget.
    fn send_due(&mut self) {
        let now = self.moment();
        self.poller.count(self.executor.take_requests(), now.up);
        if self.leaving.is_some() {
            return;
        }
        for parent in self.poller.send_due(self.keeper.book(), now) {
            if !self.executor.search(&self.keeper, parent, now) {
                self.poller.end_search(parent, now);
            }
        }
    }

    fn publish(&mut self) {
        self.publisher.publish(&mut self.keeper, &mut self.poller, &mut self.executor);
        for (reply_to, reply) in self.outbox.replies.drain(..) {
            reply_to.reply(reply);
        }
    }

    async fn on_command(&mut self, envelope: Envelope) {
        let now = self.moment();
        let (command, reply_to) = envelope.open();
        let reply = match command {
            Command::Inspect(order) => {
                self.keeper.sync().await;
                self.follow_up();
                return self.poller.inspect(order, reply_to, self.keeper.book(), now);
            }
            Command::Refresh(order) => return self.poller.refresh(order, reply_to, self.keeper.book(), now),
            Command::Find(find) => return self.poller.find(find, reply_to, self.keeper.book(), now),
            Command::Regenerate { order, path, reason } => {
                return self.executor.begin_regeneration(&self.keeper, (order, path, reason), reply_to);
            }
            Command::BaggageLoss { order, accept } => {
                return self.executor.decide_loss(&mut self.keeper, (order, accept), reply_to).await;
            }
            Command::Commit(order) => {
                return self.executor.begin_commit(&mut self.keeper, order, reply_to).await;
            }
            Command::StateConfirmed(order) => self.executor.on_stated(&mut self.keeper, order).await,
            Command::Stop(order) => return self.executor.begin_stop(&self.keeper, order, reply_to),
            Command::RefreshAll => {
                self.poller.sweep_now(now);
                Reply::Done
            }
            Command::Watch(orders) => {
                self.poller.watch(&orders, self.keeper.book(), now);
                Reply::Done
            }
            Command::Pay { id, payment } => self.executor.begin_payment(&mut self.keeper, id, payment).await,
            Command::Decide { id, order, decision, note } => {
                self.on_decision(id, order, decision, Text::new(&mask(&note))).await
            }
            Command::Note(order, text) => self.on_work(order, Wish::Note(text)).await,
            Command::Take(order) => self.on_work(order, Wish::Take).await,
            Command::TakeOver { order, reason } => self.on_work(order, Wish::TakeOver(reason)).await,
            Command::Release(order) => self.on_work(order, Wish::Release).await,
            Command::Snooze { order, until, reason } => {
                self.on_work(order, Wish::Snooze { until, reason }).await
            }
            Command::Raise(keys) => {
                // It is told all the same where the journal does not take it.
                let _raised = self.keeper.on_alerts(keys, AlertDid::Raised).await;
                Reply::Done
            }
            Command::Acknowledge(_) if self.executor.options.read_only => Reply::NotAcknowledged(None),
            Command::Acknowledge(keys) => match self.keeper.on_alerts(keys, AlertDid::Acknowledged).await {
                Ok(()) => Reply::Done,
                Err(error) => Reply::NotAcknowledged(Some(error.to_string())),
            },
            Command::Wake(order) => self.on_work(order, Wish::Wake).await,
            Command::Handle { order, group } => self.on_work(order, Wish::Handle(group)).await,
            Command::Unhandle(order) => self.on_work(order, Wish::Unhandle).await,
            Command::Notification(notification) => {
                self.on_notification(*notification).await;
                Reply::Done
            }
            Command::CallRefused(refusal) => {
                self.publisher.on_call_refused(now.now.wall, refusal);
                Reply::Done
            }
            Command::Leave => {
                self.leave();
                Reply::Done
            }
        };
        self.outbox.replies.push((reply_to, reply));
    }

    fn leave(&mut self) {
        self.leaving.get_or_insert(self.keeper.clocks.uptime());
        self.executor.leave();
    }

    /// What is to be left on an order for others, if it is ours to do.
    async fn on_work(&mut self, order: OrderNo, wish: Wish) -> Reply {
        if self.executor.options.read_only {
            return Reply::NotWorked { order, reason: NotWorked::ReadOnly };
        }
        let note = if let Wish::Note(text) = &wish { Some(text.clone()) } else { None };
        match self.keeper.work(order, wish).await {
            Ok(Ok(())) => Reply::Done,
            Ok(Err(reason)) => Reply::NotWorked { order, reason },
            Err(error) => Reply::NotRecorded { order, note, reason: error.to_string() },
        }
    }

    /// A person's decision, if the evidence for it is there at this moment.
    async fn on_decision(&mut self, id: AttemptId, order: OrderNo, decision: Decision, note: Text) -> Reply {
        let now = self.moment();
        let may_decide = !self.executor.options.read_only && !note.is_empty();
        let attempt = self.keeper.book().attempt(order, id).filter(|_| may_decide);
        let decided = attempt.and_then(|attempt| {
            let next = attempt.apply(&Event::Decided(decision, now), now.now.wall).ok()?;
            Some((next, attempt))
        });
        let Some((decided, before)) = decided else {
            return Reply::NotDecided { order };
        };
        // A journal that does not take the reason has turned paying off; the decision itself is tried all the same.
        let _said =
            self.keeper.on_action(order, OperatorAction::Decided { attempt: id, decision, note }).await;
        self.keeper.advance(decided, &before.state).await;
        self.keeper.replan(order);
        Reply::Done
    }

    /// A notification: it goes into the journal and the order's story, and the order is asked for.
    async fn on_notification(&mut self, notification: Notification) {
        let now = self.moment();
        self.publisher.last_notification = Some(now.now.wall);
        if notification.order.is_none_or(|order| self.poller.hint(order, self.keeper.book(), now)) {
            self.keeper.on_notification(notification).await;
        }
    }

    /// An answer came to what was asked at `asked`, and says when the vendor made it.
    fn on_success(&mut self, asked: Moment, dated: Option<jiff::Timestamp>) {
        if let Some(dated) = dated {
            self.keeper.clocks.on_date(asked, dated);
        }
        self.poller.on_success(self.moment());
    }

    async fn on_failure(&mut self, ask: Ask, error: ReadError) {
        let pause = self.poller.on_failure(ask, error, self.keeper.book(), self.moment());
        self.record_pause(pause).await;
    }

    /// Whoever is started meanwhile keeps the silence too.
    async fn record_pause(&mut self, pause: Option<Duration>) {
        if let Some(pause) = pause.filter(|pause| *pause >= WORTH_KEEPING) {
            let (now, fact) = (self.moment(), Fact::Paused(self.moment(), pause));
            let _recorded = self.keeper.records.append(now.now.wall, None, &fact).await;
        }
    }

    async fn on_polled(&mut self, Polled { asked, brought }: Polled) {
        match brought {
            Brought::Page(window, page, Ok(answer)) => {
                self.on_success(asked, answer.server_time);
                self.on_page((window, page), answer.value, asked).await;
            }
            Brought::Page(window, page, Err(error)) => self.on_failure(Ask::List(window, page), error).await,
            Brought::Order(order, result) => self.on_query_answer(order, asked, *result).await,
            Brought::Balance(currency, result) => {
                if let Some(balance) = self.answer_of(Ask::Balance(currency), asked, result).await {
                    self.keeper.believe(Observed::Balance(balance));
                }
            }
            Brought::Found(number, result) => self.on_found(number, asked, result).await,
            Brought::Incidents(result) => {
                for notification in self.answer_of(Ask::Incidents, asked, result).await.into_iter().flatten()
                {
                    self.on_notification(notification).await;
                }
            }
        }
    }

    /// The answer to something that not every account may ask for: a refusal says nothing about the connection.
    async fn answer_of<T>(
        &mut self,
        ask: Ask,
        asked: Moment,
        result: Result<Answer<T>, ReadError>,
    ) -> Option<T> {
        match result {
            Ok(answer) => {
                self.on_success(asked, answer.server_time);
                self.poller.on_answer(ask);
                return Some(answer.value);
            }
            Err(ReadError::Refused { .. }) => self.poller.on_refusal(ask, self.moment()),
            Err(error) => self.on_failure(ask, error).await,
        }
        None
    }

    /// What an operator looked for: the rows are like those of every list. A vendor that does not know the field shows what
    /// it was not asked for, which is nobody's find.
    async fn on_found(&mut self, number: u32, asked: Moment, result: Result<Answer<Page>, ReadError>) {
        let waiting = self.poller.take_find(number);
        let error = result.as_ref().err().cloned();
        let page = self.answer_of(Ask::Find(number), asked, result).await;
        let Some((find, reply_to)) = waiting else { return };
        let reply = match (page, error) {
            (Some(Page { mut orders, more }), _) => {
                orders.retain(|order| find.is_met_by(order));
                let numbers = orders.iter().map(|order| order.no).collect();
                self.keeper.on_page(orders, asked);
                self.follow_up();
                Reply::Found { find, orders: numbers, more }
            }
            (None, error) => {
                let error = error.unwrap_or_else(|| ReadError::NoAnswer(String::new()));
                Reply::NotFound { find, error }
            }
        };
        self.poller.reply(reply_to, reply);
    }

    async fn on_page(&mut self, ask: (Window, u32), page: Page, asked: Moment) {
        let now = self.moment();
        let numbers: Vec<OrderNo> = page.orders.iter().map(|order| order.no).collect();
        let troubled: Vec<(OrderNo, Baggage)> =
            page.orders.iter().filter_map(|order| Some((order.no, order.baggage()?))).collect();
        self.keeper.on_page(page.orders, asked);
        self.follow_up();
        // A row is a hint: what it says of the baggage and no answer has said is asked for.
        let book = self.keeper.book();
        for (order, said) in troubled {
            if book.freshness(order).is_some()
                && book.case(order).and_then(|case| case.order.baggage()) != Some(said)
            {
                self.poller.hint(order, book, now);
            }
        }
        let end = self.poller.on_page(ask, &numbers, page.more, self.moment());
        if end.is_all {
            // What is remembered and not listed any more is asked for, each once.
            self.poller.ask_unplanned(self.keeper.take_unseen(), self.moment());
        }
        if end.is_round {
            if let Some((left_out, began)) = self.poller.left_out(self.keeper.book(), asked) {
                let news = self.keeper.on_unlisted(left_out, began);
                self.poller.ask_about(&news);
            }
            self.keeper.sync().await;
        }
    }

    async fn on_query_answer(
        &mut self,
        order: OrderNo,
        asked: Moment,
        result: Result<Answer<Order>, ReadError>,
    ) {
        let error = result.as_ref().err();
        let is_awaited = self.poller.reply_awaited(order, asked, error, self.keeper.book());
        match result {
            Ok(answer) => {
                self.on_success(asked, answer.server_time);
                self.poller.on_answer(Ask::Query(order));
                let is_first = self.keeper.book().settlement_currency(order).is_none();
                self.keeper.on_query_answer(answer.value, asked).await;
                if is_awaited && is_first {
                    self.poller.ask_balance(order, self.keeper.book());
                }
                self.poller.want_balance(order, self.keeper.book());
            }
            Err(error @ (ReadError::NoSuchOrder | ReadError::Refused { .. })) => {
                if error == ReadError::NoSuchOrder {
                    self.keeper.on_denied(order, asked);
                }
                self.poller.hold_back(order, error, self.keeper.book(), self.moment());
            }
            Err(error) => self.on_failure(Ask::Query(order), error).await,
        }
    }

    async fn on_executed(&mut self, executed: Executed) {
        if let (Some(asked), answers) = executed.answers() {
            let mut pauses = Vec::new();
            for answer in answers {
                match answer {
                    Ok(dated) => self.on_success(asked, dated),
                    Err(error) => {
                        let pause = self.poller.on_pause(error, self.keeper.book(), self.moment());
                        pauses.push(pause);
                    }
                }
            }
            for pause in pauses {
                self.record_pause(pause).await;
            }
        }
        match executed {
            Executed::Checked(checked) => self.executor.on_checked(&mut self.keeper, *checked).await,
            Executed::Sent { id, sent } => self.executor.on_sent(&mut self.keeper, id, &sent).await,
            Executed::ParentChecked(checked) => {
                self.executor.on_parent_checked(&mut self.keeper, *checked).await;
            }
            Executed::Called { id, parent, called } => {
                self.executor.on_called(&mut self.keeper, id, parent, &called).await;
            }
            Executed::Searched(searched) => self.on_searched(*searched).await,
            Executed::LossChecked(checked) => {
                self.executor.on_loss_checked(&mut self.keeper, *checked).await;
            }
            Executed::LossAnswered { id, order, called } => {
                self.executor.on_loss_answered(&mut self.keeper, (id, order), called).await;
            }
            Executed::Committed { order, asked, outcome } => {
                self.executor.on_committed(&mut self.keeper, (order, asked), outcome).await;
            }
            Executed::StopChecked { order, asked, answer } => {
                self.executor.on_stop_checked(&mut self.keeper, (order, asked), *answer).await;
            }
            Executed::Stopped { order, id, outcome } => {
                self.executor.on_stopped(&mut self.keeper, (order, id), outcome).await;
            }
        }
    }

    async fn on_searched(&mut self, Searched { parent, asked, found, until }: Searched) {
        let ask = Ask::Search(parent);
        match found {
            Ok(found) => {
                self.poller.on_answer(ask);
                on_found(&mut self.keeper, parent, asked, (found, until)).await;
            }
            // About this order alone: it is looked for again in its turn.
            Err(ReadError::NoSuchOrder | ReadError::Refused { .. }) => {
                self.poller.on_refusal(ask, self.moment());
            }
            Err(error) => self.on_failure(ask, error).await,
        }
    }
}
