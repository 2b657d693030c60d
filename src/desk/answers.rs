//! What an answer changes: what is believed of orders, which attempts move on, when is asked next, and how well the desk
//! sees.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{
    Done, Task,
    gateway::Gateway,
    health::Notice,
    schedule::{Ask, Lane},
    sweep::PageEnd,
};
use crate::{
    atlas::{Answer, ReadError},
    clock::Clock,
    domain::{
        moment::Moment,
        money::Money,
        order::{Order, OrderNo},
        story::{Happening, What},
    },
    journal::{Fact, Journal},
};

impl<G: Gateway, J: Journal, C: Clock> Task<G, J, C> {
    pub(super) fn hear(&mut self, done: Done) {
        match done {
            Done::Listed { window, page, asked, result } => match result {
                Ok(answer) => {
                    self.note_success(answer.server_time);
                    let orders: Vec<OrderNo> = answer.value.orders.iter().map(|order| order.no).collect();
                    self.see_page(answer.value.orders, asked);
                    let uptime = self.clock.uptime();
                    let end = self.schedule.page_came((window, page), &orders, answer.value.more, uptime);
                    self.note_page_end(page, end);
                }
                Err(error) => self.note_failure(Ask::List(window, page), error),
            },
            Done::Queried { order, asked, result } => self.hear_query(order, asked, *result),
            Done::Balance { currency, result } => match result {
                Ok(answer) => {
                    self.note_success(answer.server_time);
                    self.schedule.answered(Ask::Balance(currency));
                    self.put_balance(answer.value);
                }
                Err(error) => self.note_failure(Ask::Balance(currency), error),
            },
            Done::Incidents(result) => match result {
                Ok(answer) => {
                    self.note_success(answer.server_time);
                    self.schedule.answered(Ask::Incidents);
                    answer.value.into_iter().for_each(|notice| self.hear_notice(notice));
                }
                // Not every account may list incidents: its refusal says nothing about the connection.
                Err(ReadError::Refused { .. }) => self.schedule.refused(Ask::Incidents),
                Err(error) => self.note_failure(Ask::Incidents, error),
            },
            Done::Checked(checked) => self.go_on_after_check(*checked),
            Done::Sent { id, sent } => self.hear_send(id, &sent),
            Done::ParentChecked(checked) => self.go_on_to_regenerate(*checked),
            Done::Called { id, parent, called } => self.hear_call(id, parent, &called),
            Done::Searched(searched) => self.hear_search(*searched),
        }
    }

    /// Says once that a list has no sensible end, and shares what is known when a sweep is over.
    fn note_page_end(&mut self, page: u32, end: PageEnd) {
        if let Some(odd) = end.odd
            && !std::mem::replace(&mut self.list_is_odd, true)
        {
            tracing::warn!(page, ?odd, "the list of orders has no end; this sweep goes no further");
            self.news.notices.push(Notice::OddList { page, odd });
        }
        if end.is_round {
            self.health.last_sweep = Some(self.clock.now());
            self.share();
        }
    }

    pub(super) fn see_page(&mut self, orders: Vec<Order>, asked: Moment) {
        let asked_at = self.clock.now();
        for order in orders {
            let no = order.no;
            let news = self.book.see_listed(order, asked, asked_at);
            let has_moved = news.is_some();
            self.note_news(no, news);
            self.replan(no);
            if has_moved {
                // A list shows how an order stands; only a query ends the payment that moved it.
                self.schedule.hasten(no, self.clock.uptime());
            }
        }
    }

    pub(super) fn hear_query(
        &mut self,
        order: OrderNo,
        asked: Moment,
        result: Result<Answer<Order>, ReadError>,
    ) {
        let ask = Ask::Query(order);
        let awaited = self.awaited.remove(&order);
        match result {
            Ok(answer) => {
                self.note_success(answer.server_time);
                self.schedule.answered(ask);
                let asked = self.dated(asked, answer.server_time);
                let knew_currency = self.settlement_currency(order).is_some();
                self.observe(answer.value, asked);
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
                    ReadError::NoSuchOrder | ReadError::Refused { .. } => self.schedule.refused(ask),
                    error => self.note_failure(ask, error),
                }
                self.replan(order);
            }
        }
    }

    /// Takes in what a query said, and what it proves about the attempts on the order.
    pub(super) fn observe(&mut self, order: Order, asked: Moment) {
        let no = order.no;
        let news = self.book.see_queried(order, asked, self.clock.now());
        self.note_news(no, news);
        for (attempt, from) in self.book.judge(no, asked, self.clock.now()) {
            self.advance(attempt, &from);
        }
        self.adopt(no);
        self.replan(no);
    }

    pub(super) fn note_news(&mut self, order: OrderNo, news: Option<Happening>) {
        let Some(Happening { at, what: What::Seen { status, error } }) = news else { return };
        if let Err(error) = self.journal.write(at, Some(order), &Fact::Seen { status, error }) {
            self.turn_paying_off(&error);
        }
    }

    pub(super) fn replan(&mut self, order: OrderNo) {
        if let Some(case) = self.book.case(order) {
            self.schedule.plan(case, self.server_now(), self.clock.uptime());
        } else if self.book.lineage(order).attempts_on(order).any(|attempt| attempt.state.is_open()) {
            // Not seen since the start, and an attempt on it is open: ask until an answer comes.
            self.schedule.ask_now(order, Lane::Doubt, self.clock.uptime() + Duration::from_secs(5));
        }
    }

    pub(super) fn put_balance(&mut self, balance: Money) {
        if self.balances.insert(balance.currency, balance) != Some(balance) {
            self.news.balances = Some(Arc::new(self.balances.clone()));
        }
    }

    pub(super) fn note_success(&mut self, server_time: Option<Timestamp>) {
        let now = self.clock.now();
        self.health.last_success = Some(now);
        self.health.failures = 0;
        self.health.error = None;
        self.health.silent_until = None;
        if let Some(server) = server_time {
            // The header has whole seconds; below two of them the clocks agree.
            let offset = server.duration_since(now);
            self.health.clock_offset = if offset.abs() <= SignedDuration::from_secs(2) {
                SignedDuration::ZERO
            } else {
                SignedDuration::from_secs(offset.as_secs())
            };
        }
    }

    pub(super) fn note_failure(&mut self, ask: Ask, error: ReadError) {
        let silence = match &error {
            ReadError::Limited { retry_after_s } => {
                Some(Duration::from_secs(u64::from(*retry_after_s).max(1)))
            }
            _ => None,
        };
        self.schedule.failed(ask, silence, self.clock.uptime());
        if let Ask::Query(order) = ask {
            self.replan(order);
        }
        self.health.failures = self.health.failures.saturating_add(1);
        self.health.silent_until = silence.map(|pause| self.clock.now() + pause);
        self.health.error = Some(error);
    }
}
