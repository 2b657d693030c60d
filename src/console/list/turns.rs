//! What turns by time: when something of a row changes by the mere passing of time, and whose moment comes next.

use std::{cmp::Reverse, collections::BinaryHeap};

use jiff::{SignedDuration, Timestamp};

use crate::domain::order::OrderNo;

/// When something of a row changes by itself, by the vendor's clock. Of most rows nothing does, and then there is nothing kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(Option<Box<Moments>>);

/// Those moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moments {
    /// Its group.
    pub(super) regroups: Option<Timestamp>,
    /// Whether a queue of the user's own has it.
    pub(super) requeues: Option<Timestamp>,
    /// Whether the filter leaves it.
    pub(super) refilters: Option<Timestamp>,
    /// It is snoozed, and comes back.
    pub(super) wakes: Option<Timestamp>,
    /// It is somebody's, and is nobody's again.
    pub(super) frees: Option<Timestamp>,
    /// How far the time that it is shown by lies behind the vendor's: its story stands still, or did.
    pub(super) behind: SignedDuration,
}

impl From<Moments> for Turns {
    fn from(moments: Moments) -> Self {
        Self(Some(moments).filter(|moments| *moments != Moments::default()).map(Box::new))
    }
}

impl Turns {
    fn moments(&self) -> Moments {
        self.0.as_deref().copied().unwrap_or_default()
    }

    /// The first of its moments.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let Moments { regroups, requeues, refilters, wakes, frees, behind: _ } = self.moments();
        [regroups, requeues, refilters, wakes, frees].into_iter().flatten().min()
    }

    /// True for a row that is snoozed.
    pub(super) fn is_snoozed(&self) -> bool {
        self.moments().wakes.is_some()
    }

    /// How far the time that the row is shown by lies behind the vendor's.
    pub(super) fn behind(&self) -> SignedDuration {
        self.0.as_ref().map_or(SignedDuration::ZERO, |moments| moments.behind)
    }

    /// The time that the row is shown by lies so far behind from now on.
    pub(super) fn fall_behind(&mut self, behind: SignedDuration) {
        *self = Moments { behind, ..self.moments() }.into();
    }

    /// Whether a queue of the user's own has the row changes then.
    pub(super) fn requeue(&mut self, requeues: Option<Timestamp>) {
        *self = Moments { requeues, ..self.moments() }.into();
    }

    /// Whether the filter leaves the row changes then.
    pub(super) fn refilter(&mut self, refilters: Option<Timestamp>) {
        *self = Moments { refilters, ..self.moments() }.into();
    }
}

/// The orders whose rows turn, by that moment. Of an order that turns at another moment now the old one stays in, and only
/// has it looked at once too often.
#[derive(Default)]
pub(super) struct ByTime(BinaryHeap<Reverse<(Timestamp, OrderNo)>>);

impl ByTime {
    /// The order turns at `next`, and did at `before` as far as anybody knew.
    pub(super) fn put(
        &mut self,
        order: OrderNo,
        next: Option<Timestamp>,
        before: Option<Timestamp>,
        now: Timestamp,
    ) {
        let is_in = |next| before.is_some_and(|before| before == next && before > now);
        if let Some(next) = next.filter(|next| !is_in(*next)) {
            self.0.push(Reverse((next, order)));
        }
    }

    /// Takes these in the place of all.
    pub(super) fn put_all(&mut self, turns: impl Iterator<Item = (Timestamp, OrderNo)>) {
        self.0 = turns.map(Reverse).collect();
    }

    /// Takes out the orders whose moment has come.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<OrderNo> {
        let mut due = Vec::new();
        while self.next().is_some_and(|next| next <= now) {
            due.extend(self.0.pop().map(|Reverse((_, order))| order));
        }
        due
    }

    /// When the next one does.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.0.peek().map(|Reverse((at, _))| *at)
    }
}
