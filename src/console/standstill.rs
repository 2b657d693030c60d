//! A demo's story that stands still. Its deadlines are told by the clock of the wall, which goes on: while nothing happens in
//! the story they move on with it, and so does every answer. Here the time that is left is kept instead, for the eye alone:
//! no rule about money goes by it. The story of a real vendor never stands still.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{
    case::Case,
    order::{OrderNo, OrderStatus},
};

/// Deadlines have whole seconds, and an answer takes its time: a difference up to this is none.
const BLUR: SignedDuration = SignedDuration::from_secs(2);

/// What was left until a deadline at some moment.
#[derive(Clone, Copy, Debug)]
struct Left {
    span: SignedDuration,
    at: Timestamp,
}

/// Since when the story stands still, if it does, and when it did before. All times are the vendor's.
#[derive(Clone, Debug, Default)]
pub struct Standstill {
    since: Option<Timestamp>,
    before: Vec<(Timestamp, Timestamp)>,
    /// For each order whose deadline was told before the story stood still, or while it did.
    left: HashMap<OrderNo, Left>,
}

impl Standstill {
    /// The story stands still just now.
    pub const fn is_on(&self) -> bool {
        self.since.is_some()
    }

    /// It stands still from `now` on.
    pub(super) fn begin<'a>(&mut self, cases: impl Iterator<Item = &'a Case>, now: Timestamp) {
        if self.is_on() {
            return;
        }
        let deadlines = cases.filter_map(|case| Some((case, deadline(case)?)));
        self.left = deadlines
            .map(|(case, deadline)| {
                let span = deadline.duration_since(self.now_for(case, now));
                (case.order.no, Left { span, at: now })
            })
            .collect();
        self.since = Some(now);
    }

    /// It goes on at `now`. Until an order has been asked for again, what was left of its time runs from here.
    pub(super) fn end(&mut self, now: Timestamp) {
        let Some(since) = self.since.take() else { return };
        self.before.push((since, now));
        self.left.values_mut().for_each(|left| left.at = now);
    }

    /// Another story, with orders of its own.
    pub(super) fn begin_anew(&mut self) {
        *self = Self::default();
    }

    /// What is known of a case comes from a query that was sent at `asked`.
    pub(super) fn on_answer(&mut self, case: &Case, asked: Timestamp) {
        let no = case.order.no;
        let Some(deadline) = deadline(case) else {
            self.left.remove(&no);
            return;
        };
        let known = self.left.get(&no).copied();
        if let Some(since) = self.since {
            let at = asked.max(since);
            let span = deadline.duration_since(at);
            if known.is_none_or(|known| (known.span - span).abs() > BLUR) {
                self.left.insert(no, Left { span, at });
            }
        } else if known.is_some_and(|known| asked >= known.at) {
            self.left.remove(&no);
        }
    }

    /// The time that the clocks of `case` are shown by, when it is `now`.
    pub fn now_for(&self, case: &Case, now: Timestamp) -> Timestamp {
        if self.since.is_none() && self.before.is_empty() {
            return now;
        }
        match (deadline(case), self.left.get(&case.order.no)) {
            (Some(deadline), Some(left)) => {
                let run = if self.is_on() { SignedDuration::ZERO } else { now.duration_since(left.at) };
                deadline - left.span + run
            }
            // It was told since, or is about to be.
            (Some(_), None) => now,
            (None, _) => now - self.stood(counted_from(case), now),
        }
    }

    /// For how long the story stood still between the two moments.
    fn stood(&self, from: Option<Timestamp>, to: Timestamp) -> SignedDuration {
        let Some(from) = from else { return SignedDuration::ZERO };
        let spans = self.before.iter().copied().chain(self.since.map(|since| (since, to)));
        spans.fold(SignedDuration::ZERO, |sum, (since, until)| {
            sum + until.duration_since(since.max(from)).max(SignedDuration::ZERO)
        })
    }
}

/// The payment deadline, while it counts.
fn deadline(case: &Case) -> Option<Timestamp> {
    case.order.deadline().filter(|_| case.order.status == OrderStatus::Unpaid)
}

/// From when the clock of a case is counted that is not unpaid: the newest that runs.
fn counted_from(case: &Case) -> Option<Timestamp> {
    let stop = case.lineage.stop(case.order.no).map(|stop| stop.sent.now.at);
    let baggage = case.baggage().and_then(|trouble| Some(trouble.since?.at));
    stop.max(baggage).max(case.order.paid_at).or(case.order.created)
}
