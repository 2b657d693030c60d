//! Hints: what the vendor tells unasked. One makes the desk ask sooner, is kept as it came, and changes nothing else.

use std::{collections::VecDeque, time::Duration};

use super::{Task, gateway::Gateway};
use crate::{
    clock::Clock,
    domain::notice::Notice,
    journal::{Fact, Journal},
};

/// So many notices are kept in a minute; a flood beyond that still makes the desk ask, but leaves no trace.
const KEPT_A_MINUTE: usize = 240;

/// Which notices are kept.
#[derive(Debug, Default)]
pub(super) struct Allowance {
    kept: VecDeque<Duration>,
}

impl Allowance {
    /// True if one more may be kept now.
    fn take(&mut self, uptime: Duration) -> bool {
        while self.kept.front().is_some_and(|at| *at + Duration::from_secs(60) <= uptime) {
            self.kept.pop_front();
        }
        let may = self.kept.len() < KEPT_A_MINUTE;
        if may {
            self.kept.push_back(uptime);
        }
        may
    }
}

impl<G: Gateway, J: Journal, C: Clock> Task<G, J, C> {
    /// Takes in a notice: into the journal and the order's story, and the order is asked for.
    pub(super) async fn hear_notice(&mut self, notice: Notice) {
        let (now, uptime) = (self.clock.now(), self.clock.uptime());
        self.health.last_notice = Some(now);
        let Some(order) = notice.order else {
            return self.keep_notice(notice).await;
        };
        // One that is being looked up already may turn out to be ours: what is told meanwhile counts like that of any other.
        if self.book.is_known(order) || self.schedule.is_asking(order) {
            self.schedule.hint(order, uptime);
        } else if !self.schedule.hint_unknown(order, uptime) {
            // Strangers could name orders for ever: what is not looked up is not remembered either.
            return;
        }
        if self.book.hear_notice(order, &notice, now) {
            self.keep_notice(notice).await;
        }
    }

    async fn keep_notice(&mut self, notice: Notice) {
        let (now, uptime) = (self.clock.now(), self.clock.uptime());
        if !self.notices.take(uptime) {
            return;
        }
        let order = notice.order;
        if let Err(error) = self.journal.append(now, order, &Fact::Told(Box::new(notice))).await {
            self.turn_paying_off(&error);
        }
    }
}
