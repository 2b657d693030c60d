//! Differences between the list and the last query, which may be that the list leaves an order out: each is asked about at
//! once, and again ever less often while the list keeps to it. Pure; the time is an argument.

use std::{collections::HashMap, time::Duration};

use crate::domain::order::{OrderNo, OrderStatus};

/// A list that keeps to what a query has denied is asked about again after so long, then twice as long each time.
const FIRST_GAP: Duration = Duration::from_secs(20);

/// And at last so seldom.
const LONGEST_GAP: Duration = Duration::from_secs(600);

/// In which way the list differs from what is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// It calls the order so.
    ListedAs(OrderStatus),
    /// It does not show the order.
    Unlisted,
}

/// What the list said of an order, when that is asked about, and for the how-many-th time.
#[derive(Clone, Copy, Debug)]
struct Question {
    said: Difference,
    at: Duration,
    asked: u32,
}

/// The differences. Times are uptimes.
#[derive(Debug, Default)]
pub(super) struct Questions(HashMap<OrderNo, Question>);

impl Questions {
    /// When an order is asked about of which the list said so, against the last query.
    pub(super) fn due(
        &mut self,
        order: OrderNo,
        said: Option<Difference>,
        uptime: Duration,
    ) -> Option<Duration> {
        let fresh = Question { said: said?, at: uptime, asked: 0 };
        let question = self.0.entry(order).or_insert(fresh);
        if question.said != fresh.said || uptime > question.at + LONGEST_GAP {
            *question = fresh;
        }
        Some(question.at)
    }

    /// The order is asked about.
    pub(super) fn asked(&mut self, order: OrderNo, uptime: Duration) {
        if let Some(question) = self.0.get_mut(&order) {
            let gap = FIRST_GAP * 2_u32.saturating_pow(question.asked).min(1_000);
            question.at = uptime + gap.min(LONGEST_GAP);
            question.asked = question.asked.saturating_add(1);
        }
    }
}
