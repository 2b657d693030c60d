//! Which entries stay in the journal when their months are moved to an archive: all of an order while anything of it or of
//! its lineage is unfinished, and of the others what money depends on for good.
//!
//! An order is over when it was last seen ticketed, cancelled or gone, when nothing was written of it since those months,
//! and when nothing that people or programs have begun on it is open. Lineages are over as a whole. Of one that is over
//! stay the newest entry of each attempt, regeneration and request to stop, what was decided about money, and, so that the
//! lineage is still known as one, how its orders were seen last.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{
        alert::{self, AlertDid, Cause},
        attempt,
        baggage::decision::{Called, Decision},
        notification::Kind,
        order::{OrderNo, OrderStatus},
        regeneration, stop,
        story::OperatorAction,
        work::Work,
    },
    journal::fact::{Entry, Fact},
};

/// What the entries say of one order.
#[derive(Default)]
struct Known {
    /// The order that stands for its lineage here, if it is another one.
    above: Option<OrderNo>,
    /// The newest entry about it.
    last: u64,
    /// How it was seen last, and by which entry; the last entry that holds more than a status.
    seen: Option<(u64, bool)>,
    row: Option<u64>,
    work: Work,
    /// An acceptance of a loss whose end is not known.
    losing: bool,
    /// Alerts that nobody has acknowledged.
    alerts: HashSet<alert::Key>,
    /// A newer program wrote of it what is not understood here.
    is_foreign: bool,
    /// Something that money depends on was written of it.
    has_money: bool,
}

/// Goes through all entries of a journal, and then says which of them stay.
#[derive(Default)]
pub(super) struct Remains {
    orders: HashMap<OrderNo, Known>,
    /// The newest entry of each attempt, regeneration and request to stop: of which order, and whether it is open.
    newest: HashMap<Uuid, (u64, OrderNo, bool)>,
    /// Entries that stay whatever becomes of their order.
    stay: HashSet<u64>,
}

impl Remains {
    /// The order that stands for the lineage of this one.
    fn root(&self, mut order: OrderNo) -> OrderNo {
        while let Some(above) = self.orders.get(&order).and_then(|known| known.above) {
            order = above;
        }
        order
    }

    fn join(&mut self, one: OrderNo, other: OrderNo) {
        let (one, other) = (self.root(one), self.root(other));
        if one != other {
            self.orders.entry(one).or_default();
            self.orders.entry(other).or_default().above = Some(one);
        }
    }

    /// Takes in an entry.
    pub(super) fn take(&mut self, entry: &Entry) {
        let Entry { seq, at, fact, author, .. } = entry;
        let order = match fact {
            Fact::Attempt(attempt) => Some(attempt.order),
            Fact::Regeneration(regeneration) => Some(regeneration.parent),
            Fact::Stop(stop) => Some(stop.order),
            Fact::Alert(key, _) => key.cause.order(),
            _ => entry.order,
        };
        let Some(order) = order else { return self.take_without_order(*seq, fact) };
        let known = self.orders.entry(order).or_default();
        known.last = *seq;
        match fact {
            Fact::Attempt(attempt) => {
                let is_over = matches!(
                    attempt.state.kind(),
                    attempt::Kind::Ticketed
                        | attempt::Kind::Rejected
                        | attempt::Kind::NotSent
                        | attempt::Kind::NotApplied
                        | attempt::Kind::Closed
                );
                known.has_money = true;
                self.newest.insert(attempt.id.0, (*seq, order, !is_over));
                self.join(attempt.lineage, order);
            }
            Fact::Regeneration(regeneration) => {
                known.has_money = true;
                self.newest.insert(regeneration.id.0, (*seq, order, regeneration.state.is_open()));
                self.join(regeneration.lineage, order);
                if let regeneration::State::Made(child) | regeneration::State::Found(child) =
                    regeneration.state
                {
                    self.join(order, child);
                }
            }
            Fact::Stop(stop) => {
                known.has_money = true;
                let is_open = matches!(stop.state, stop::State::Sending | stop::State::InDoubt(_));
                self.newest.insert(stop.id.0, (*seq, order, is_open));
            }
            Fact::Seen(seen) => {
                let is_over = matches!(seen.status, OrderStatus::Ticketed | OrderStatus::Cancelled);
                known.seen = Some((*seq, is_over || seen.gone.is_some()));
                if seen.row.is_some() {
                    known.row = Some(*seq);
                }
                if let Some(original) = seen.terms().and_then(|terms| terms.original) {
                    self.join(original, order);
                }
            }
            Fact::OperatorAction(action) => {
                known.work.on_action(action, author, *at);
                if let OperatorAction::BaggageLoss(decision) = action {
                    known.losing = matches!(
                        decision,
                        Decision::Accepting { .. } | Decision::Ended { called: Called::InDoubt(_), .. }
                    );
                }
                if action.is_of_lineage()
                    || matches!(action, OperatorAction::BaggageLoss(_) | OperatorAction::Decided { .. })
                {
                    known.has_money = true;
                    self.stay.insert(*seq);
                }
            }
            Fact::Alert(key, did) => {
                match did {
                    AlertDid::Raised => known.alerts.insert(*key),
                    AlertDid::Acknowledged => known.alerts.remove(key),
                };
                // Its cause outlasts the order: it would be raised anew.
                if let Cause::Declined(..) | Cause::Conflict(..) | Cause::PaidElsewhere(..) = key.cause {
                    self.stay.insert(*seq);
                }
            }
            Fact::Redacted(_) => drop(self.stay.insert(*seq)),
            Fact::Foreign(_) => known.is_foreign = true,
            Fact::Notified(_) | Fact::Paused(..) | Fact::Archived(_) => {}
        }
    }

    /// Of what is about no order stays what holds until it is taken back.
    fn take_without_order(&mut self, seq: u64, fact: &Fact) {
        let stays = match fact {
            Fact::Notified(notification) => notification.kind == Kind::AirlineStatus,
            Fact::Alert(..) | Fact::Redacted(_) | Fact::Foreign(_) => true,
            _ => false,
        };
        if stays {
            self.stay.insert(seq);
        }
    }

    /// Which of the entries up to `last` stay, at `now`.
    pub(super) fn staying(mut self, last: u64, now: Timestamp) -> Staying {
        let unfinished = |known: &Known| {
            let Known { work, .. } = known;
            known.last > last
                || known.seen.is_none_or(|(_, is_over)| !is_over)
                || known.losing
                || known.is_foreign
                || !known.alerts.is_empty()
                || work.handled.is_some()
                || work.owner_at(now).is_some()
                || work.snooze_at(now).is_some()
        };
        let mut open: HashSet<OrderNo> = self
            .orders
            .iter()
            .filter(|(_, known)| unfinished(known))
            .map(|(order, _)| self.root(*order))
            .collect();
        for (seq, order, is_open) in self.newest.values() {
            self.stay.insert(*seq);
            if *is_open {
                open.insert(self.root(*order));
            }
        }
        let mut with_money: HashSet<OrderNo> = HashSet::new();
        for (order, known) in &self.orders {
            if known.has_money || known.above.is_some() {
                with_money.insert(self.root(*order));
            }
        }
        let (mut all_of, mut stay) = (HashSet::new(), std::mem::take(&mut self.stay));
        for (order, known) in &self.orders {
            let root = self.root(*order);
            if open.contains(&root) {
                all_of.insert(*order);
            } else if with_money.contains(&root) {
                stay.extend(known.seen.map(|(seq, _)| seq).into_iter().chain(known.row));
            }
        }
        Staying { all_of, stay }
    }
}

/// Which entries stay.
pub(super) struct Staying {
    all_of: HashSet<OrderNo>,
    stay: HashSet<u64>,
}

impl Staying {
    /// True if the entry `seq`, which is about `order`, stays.
    pub(super) fn has(&self, seq: u64, order: Option<OrderNo>) -> bool {
        self.stay.contains(&seq) || order.is_some_and(|order| self.all_of.contains(&order))
    }
}
