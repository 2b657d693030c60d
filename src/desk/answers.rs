//! What an answer changes: what is believed of orders, which attempts move on, when is asked next, and how well the desk
//! sees.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{Done, Task, gateway::Gateway, health::Notice, schedule::Ask, sweep::PageEnd};
use crate::{
    atlas::{Answer, LONGEST_PAUSE, ReadError},
    clock::Clock,
    domain::{
        attempt::State,
        moment::Moment,
        money::Money,
        order::{Order, OrderNo},
        seen::Seen,
    },
    journal::{Fact, Journal},
};

/// A silence that ends within this time is waited out; of a longer one, whoever waits is told.
const WORTH_WAITING: SignedDuration = SignedDuration::from_secs(5);

/// A pause shorter than this is over before another program could keep it.
const WORTH_KEEPING: Duration = Duration::from_secs(2);

impl<G: Gateway, J: Journal, C: Clock> Task<G, J, C> {
    pub(super) async fn hear(&mut self, done: Done) {
        match done {
            Done::Listed { window, page, asked, result } => match result {
                Ok(answer) => {
                    self.note_success(asked, answer.server_time);
                    let orders: Vec<OrderNo> = answer.value.orders.iter().map(|order| order.no).collect();
                    self.see_page(answer.value.orders, asked).await;
                    let uptime = self.clock.uptime();
                    let end = self.schedule.page_came((window, page), &orders, answer.value.more, uptime);
                    self.note_page_end(page, end).await;
                }
                Err(error) => self.note_failure(Ask::List(window, page), error).await,
            },
            Done::Queried { order, asked, result } => self.hear_query(order, asked, *result).await,
            Done::Balance { currency, asked, result } => match result {
                Ok(answer) => {
                    self.note_success(asked, answer.server_time);
                    self.schedule.answered(Ask::Balance(currency));
                    self.put_balance(answer.value);
                }
                // Nor may every account ask for every balance.
                Err(ReadError::Refused { .. }) => {
                    self.schedule.refused(Ask::Balance(currency), self.clock.uptime());
                }
                Err(error) => self.note_failure(Ask::Balance(currency), error).await,
            },
            Done::Incidents { asked, result } => match result {
                Ok(answer) => {
                    self.note_success(asked, answer.server_time);
                    self.schedule.answered(Ask::Incidents);
                    for notice in answer.value {
                        self.hear_notice(notice).await;
                    }
                }
                // Not every account may list incidents: its refusal says nothing about the connection.
                Err(ReadError::Refused { .. }) => {
                    self.schedule.refused(Ask::Incidents, self.clock.uptime());
                }
                Err(error) => self.note_failure(Ask::Incidents, error).await,
            },
            Done::Checked(checked) => self.go_on_after_check(*checked).await,
            Done::Sent { id, sent } => self.hear_send(id, &sent).await,
            Done::ParentChecked(checked) => self.go_on_to_regenerate(*checked).await,
            Done::Called { id, parent, called } => self.hear_call(id, parent, &called).await,
            Done::Searched(searched) => self.hear_search(*searched).await,
        }
    }

    /// Says once that a list has no sensible end, and shares what is known when a sweep is over.
    async fn note_page_end(&mut self, page: u32, end: PageEnd) {
        if let Some(odd) = end.odd
            && !std::mem::replace(&mut self.list_is_odd, true)
        {
            tracing::warn!(page, ?odd, "the list of orders has no end; this sweep goes no further");
            self.news.notices.push(Notice::OddList { page, odd });
        }
        if end.is_round {
            self.health.last_sweep = Some(self.clock.now());
            self.share().await;
        }
    }

    pub(super) async fn see_page(&mut self, orders: Vec<Order>, asked: Moment) {
        let asked_at = self.clock.now();
        let mut seen = Vec::new();
        for order in orders {
            let no = order.no;
            seen.extend(self.book.see_listed(order, asked, asked_at).map(|seen| (no, seen)));
            self.replan(no);
        }
        self.record_seen(asked_at, seen).await;
    }

    pub(super) async fn hear_query(
        &mut self,
        order: OrderNo,
        asked: Moment,
        result: Result<Answer<Order>, ReadError>,
    ) {
        let ask = Ask::Query(order);
        let awaited = self.awaited.remove(&order);
        match result {
            Ok(answer) => {
                self.note_success(asked, answer.server_time);
                self.schedule.answered(ask);
                let asked = self.dated(asked);
                let knew_currency = self.settlement_currency(order).is_some();
                self.observe(answer.value, asked).await;
                if let (true, false, Some(currency)) =
                    (awaited, knew_currency, self.settlement_currency(order))
                {
                    self.schedule.ask_balance(currency);
                }
            }
            Err(error) => {
                if awaited {
                    let unsettled = self.book.lineage(order).unsettled().cloned().map(Box::new);
                    let notice = Notice::Unanswered { order, error: error.clone(), unsettled };
                    self.news.notices.push(notice);
                }
                match error {
                    ReadError::NoSuchOrder | ReadError::Refused { .. } => self.hold_back(order, error),
                    error => self.note_failure(ask, error).await,
                }
            }
        }
    }

    /// The vendor knows nothing of this order, or will not say: it is asked for less and less often.
    fn hold_back(&mut self, order: OrderNo, error: ReadError) {
        let uptime = self.clock.uptime();
        let Some(gap) = self.schedule.refused(Ask::Query(order), uptime) else { return };
        self.replan(order);
        // What a payment hangs on is asked for sooner than that.
        let gap = self.schedule.planned(order).map_or(gap, |at| at.saturating_sub(uptime));
        tracing::warn!(%order, %error, again_in_s = gap.as_secs(), "left alone for a while");
        let again_at = self.clock.now() + gap;
        self.news.notices.push(Notice::HeldBack { order, error, again_at });
    }

    /// Takes in what a query said, and what it proves about the attempts on the order.
    pub(super) async fn observe(&mut self, order: Order, asked: Moment) {
        let no = order.no;
        let at = self.clock.now();
        let seen = self.book.see_queried(order, asked, at);
        self.record_seen(at, seen.map(|seen| (no, seen))).await;
        // Whether a contradiction may end by itself depends on what other programs have begun beside it.
        if self.book.lineage(no).attempts.iter().any(|attempt| attempt.state == State::Conflict) {
            self.share().await;
        }
        for (attempt, from) in self.book.judge(no, asked, self.clock.now()) {
            self.advance(attempt, &from).await;
        }
        self.adopt(no).await;
        self.replan(no);
    }

    /// Records what was seen of orders, if any of it is new.
    async fn record_seen(&mut self, at: Timestamp, seen: impl IntoIterator<Item = (OrderNo, Seen)>) {
        let facts: Vec<_> =
            seen.into_iter().map(|(order, seen)| (order, Fact::Seen(Box::new(seen)))).collect();
        if !facts.is_empty()
            && let Err(error) = self.journal.append_all(at, &facts).await
        {
            self.turn_paying_off(&error);
        }
    }

    pub(super) fn replan(&mut self, order: OrderNo) {
        if let Some(case) = self.book.case(order) {
            self.schedule.plan(case, self.server_now(), self.clock.uptime());
        } else if self.book.lineage(order).attempts_on(order).any(|attempt| attempt.state.is_open()) {
            // Not seen since the start, and an attempt on it is open: ask until an answer comes.
            self.schedule.ask_unseen(order, self.clock.uptime());
        }
    }

    pub(super) fn put_balance(&mut self, balance: Money) {
        if self.balances.insert(balance.currency, balance) != Some(balance) {
            self.news.balances = Some(Arc::new(self.balances.clone()));
        }
    }

    /// An answer came to what was asked at `asked`, and says when the vendor made it.
    pub(super) fn note_success(&mut self, asked: Moment, dated: Option<Timestamp>) {
        let now = self.clock.now();
        self.health.last_success = Some(now);
        self.health.failures = 0;
        self.health.error = None;
        // Others were on their way when it was asked for.
        self.health.silent_until = self.health.silent_until.filter(|until| *until > now);
        if let Some(dated) = dated {
            self.hear_clock(asked, dated);
        }
    }

    fn hear_clock(&mut self, asked: Moment, dated: Timestamp) {
        let (up, wall) = (self.clock.uptime(), self.clock.now());
        self.vendor_clock.hear(dated, asked.up, up, wall);
        let trust = self.vendor_clock.trust();
        if trust != self.health.clock {
            tracing::warn!(?trust, %dated, %wall, "the vendor's clock");
        }
        self.health.clock = trust;
        // Dates have whole seconds; below two of them the clocks agree.
        let offset = self.vendor_clock.now(up, wall).at.duration_since(wall);
        let alike = offset.abs() <= SignedDuration::from_secs(2);
        self.health.clock_offset =
            if alike { SignedDuration::ZERO } else { offset.round(jiff::Unit::Second).unwrap_or(offset) };
    }

    pub(super) async fn note_failure(&mut self, ask: Ask, error: ReadError) {
        self.schedule.failed(ask, self.clock.uptime());
        self.heed(&error).await;
        if let Ask::Query(order) = ask {
            self.replan(order);
        }
        self.health.failures = self.health.failures.saturating_add(1);
        self.health.error = Some(error);
    }

    /// If the vendor asked for silence it is kept, shown, and written down for whoever is started meanwhile.
    pub(super) async fn heed(&mut self, error: &ReadError) {
        let Some(pause) = error.pause() else { return };
        let now = self.clock.now();
        let until = now + pause;
        self.schedule.budget().be_silent_until(self.clock.uptime() + pause);
        if self.health.silent_until.is_some_and(|known| known >= until) {
            return;
        }
        self.health.silent_until = Some(until);
        self.tell_of_silence();
        tracing::warn!(%error, %until, "asked to wait");
        if pause >= WORTH_KEEPING
            && let Err(error) = self.journal.append(now, None, &Fact::Paused(self.moment(), pause)).await
        {
            self.turn_paying_off(&error);
        }
    }

    /// Whoever waits for an answer is told that nothing may be asked for so long. It is asked for in the end.
    pub(super) fn tell_of_silence(&mut self) {
        let left = self.health.silent_until.map(|until| until.duration_since(self.clock.now()));
        let Some(left) = left.filter(|left| *left > WORTH_WAITING) else { return };
        for order in std::mem::take(&mut self.awaited) {
            let unsettled = self.book.lineage(order).unsettled().cloned().map(Box::new);
            let error = limited(left.unsigned_abs());
            self.news.notices.push(Notice::Unanswered { order, error, unsettled });
        }
    }

    /// A pause that the journal knows of, from before this program was started or from another one.
    pub(super) fn keep_pause(&mut self, asked: Moment, pause: Duration) {
        let here = self.moment();
        // Only the wall clock outlives a boot. One that was set since must not make it longer than it was.
        let is_same_boot = here.boot == asked.boot;
        let passed =
            if is_same_boot { here.since(asked) } else { here.now.wall.duration_since(asked.now.wall) };
        let passed = Duration::try_from(passed).unwrap_or_default();
        let left = pause.min(LONGEST_PAUSE).saturating_sub(passed);
        let until = self.clock.now() + left;
        if left.is_zero() || self.health.silent_until.is_some_and(|known| known >= until) {
            return;
        }
        self.schedule.budget().be_silent_until(self.clock.uptime() + left);
        self.health.silent_until = Some(until);
        self.health.error.get_or_insert(limited(left));
    }
}

/// What is said of a silence that lasts so much longer, in whole seconds that are not too few.
fn limited(left: Duration) -> ReadError {
    ReadError::Limited { retry_after_s: u32::try_from(left.as_secs() + 1).unwrap_or(u32::MAX) }
}
