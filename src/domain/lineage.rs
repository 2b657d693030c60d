//! A lineage: an order, the orders regenerated from it, and everything that was done to pay one of them.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use jiff::Timestamp;

use super::{
    attempt::{Attempt, AttemptId, Beside, Event, State},
    commit::{Commit, is_denied},
    missing::Missing,
    moment::Moment,
    order::{Order, OrderNo, OrderStatus},
    regeneration::{Regeneration, RegenerationId},
    stop::Stop,
    story::OperatorAction,
};

/// One lineage. It belongs to one journey of the same people: at most one of its orders is ever paid.
#[derive(Clone, Debug, PartialEq)]
pub struct Lineage {
    /// The order that was made first, as far as is known.
    pub root: OrderNo,
    /// Each later order with the one that it was made from, in the order in which that was learnt.
    pub links: Vec<(OrderNo, OrderNo)>,
    /// Attempts to pay any of its orders, oldest first.
    pub attempts: Vec<Attempt>,
    /// Regenerations of any of its orders, oldest first.
    pub regenerations: Vec<Regeneration>,
    /// Its orders that were last seen ticketed, whoever paid them. It ends a plan, and is evidence of no payment. Sorted: a set
    /// would take ten times the room for the one order that it mostly is.
    pub ticketed: Vec<OrderNo>,
    /// How far the traveller's confirmation is, of each order for which a link was given.
    pub commits: BTreeMap<OrderNo, Commit>,
    /// The last request to stop issuance, of each order for which there was one.
    pub stops: BTreeMap<OrderNo, Stop>,
    /// Its orders that the vendor's list does not show any more.
    pub missing: BTreeMap<OrderNo, Missing>,
}

impl Lineage {
    /// The lineage of an order that nothing is known of.
    pub fn new(root: OrderNo) -> Self {
        Self {
            root,
            links: Vec::new(),
            attempts: Vec::new(),
            regenerations: Vec::new(),
            ticketed: Vec::new(),
            commits: BTreeMap::new(),
            stops: BTreeMap::new(),
            missing: BTreeMap::new(),
        }
    }

    /// The lineage of every order to which nothing was done and from which nothing was made. It names no order: see
    /// [`super::case::Case::lineage_orders`].
    pub fn alone() -> Arc<Self> {
        static ALONE: LazyLock<Arc<Lineage>> = LazyLock::new(|| Arc::new(Lineage::new(OrderNo::MIN)));
        Arc::clone(&ALONE)
    }

    /// Its orders, the first one first.
    pub fn orders(&self) -> impl Iterator<Item = OrderNo> {
        std::iter::once(self.root).chain(self.links.iter().map(|(child, _)| *child))
    }

    /// True when `order` is one of them.
    pub fn holds(&self, order: OrderNo) -> bool {
        self.orders().any(|known| known == order)
    }

    /// The order that `order` was made from.
    pub fn parent_of(&self, order: OrderNo) -> Option<OrderNo> {
        self.links.iter().find(|(child, _)| *child == order).map(|(_, parent)| *parent)
    }

    /// The order that was made from `order`; the newest, should there be several.
    pub fn child_of(&self, order: OrderNo) -> Option<OrderNo> {
        self.links.iter().rev().find(|(_, parent)| *parent == order).map(|(child, _)| *child)
    }

    /// The orders that were made from `order` one after the other, the newest last.
    pub fn line_from(&self, order: OrderNo) -> impl Iterator<Item = OrderNo> {
        let line = std::iter::successors(self.child_of(order), |made| self.child_of(*made));
        // None is longer than the lineage, whatever its links say.
        line.take(self.links.len())
    }

    /// The attempt that stands in the way of paying `order`: one that blocks the lineage, or one on this very order
    /// whose money may be on its way back.
    pub fn holder(&self, order: OrderNo) -> Option<&Attempt> {
        let reversed = |attempt: &&Attempt| attempt.order == order && attempt.state == State::Reversed;
        self.attempts
            .iter()
            .find(|attempt| attempt.state.blocks())
            .or_else(|| self.attempts.iter().find(reversed))
    }

    /// The regeneration by which a new order was, or may have been, made from `order`.
    pub fn regeneration_of(&self, order: OrderNo) -> Option<&Regeneration> {
        self.regenerations.iter().rev().find(|known| known.parent == order && known.state.blocks())
    }

    /// The last call that was to make a new order from `order`, however it ended.
    pub fn last_call(&self, order: OrderNo) -> Option<&Regeneration> {
        self.regenerations.iter().rev().find(|regeneration| regeneration.parent == order)
    }

    /// The newest link by which the traveller of `order` confirms, and what was said of it.
    pub fn commit(&self, order: OrderNo) -> Option<&Commit> {
        self.commits.get(&order)
    }

    /// The last request to stop issuance of `order`.
    pub fn stop(&self, order: OrderNo) -> Option<&Stop> {
        self.stops.get(&order)
    }

    /// What speaks for it that the vendor has `order` no more.
    pub fn missing(&self, order: &Order) -> Option<&Missing> {
        self.missing.get(&order.no)
    }

    /// True for an order that the vendor has no more, and on which no money can hang: it is put aside.
    pub fn is_gone(&self, order: &Order) -> bool {
        self.missing(order).is_some_and(Missing::is_proven) && !self.may_hold_money(order)
    }

    /// True when the vendor has `order` no more although money may hang on it: a person must find out.
    pub fn is_lost(&self, order: &Order) -> bool {
        self.missing(order).is_some_and(Missing::is_proven) && self.may_hold_money(order)
    }

    /// An attempt that is not over, or whose money may be on its way back; a new order that may be being made; or an order
    /// that was last seen paid, or as nobody knows what.
    fn may_hold_money(&self, order: &Order) -> bool {
        let holds = |state: &State| state.blocks() || *state == State::Reversed;
        self.attempts.iter().any(|attempt| holds(&attempt.state))
            || self.regenerations.iter().any(|regeneration| regeneration.state.is_open())
            || match order.status {
                OrderStatus::Unpaid => order.shows_payment(),
                OrderStatus::Cancelled => false,
                OrderStatus::Ticketing | OrderStatus::Ticketed | OrderStatus::Unknown(_) => true,
            }
    }

    /// An attempt of which it is not known whether it charged.
    pub fn unsettled(&self) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.state.is_doubtful())
    }

    /// The attempt of that name.
    pub fn attempt(&self, id: AttemptId) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.id == id)
    }

    /// The number by which people know the attempt, from 1. It grows when an order turns out to have been made from
    /// another one that was paid for before.
    pub fn number_of(&self, id: AttemptId) -> Option<usize> {
        self.attempts.iter().position(|attempt| attempt.id == id).map(|at| at + 1)
    }

    /// The regeneration of that name.
    pub fn regeneration(&self, id: RegenerationId) -> Option<&Regeneration> {
        self.regenerations.iter().find(|regeneration| regeneration.id == id)
    }

    /// Attempts on `order` itself.
    pub fn attempts_on(&self, order: OrderNo) -> impl DoubleEndedIterator<Item = &Attempt> {
        self.attempts.iter().filter(move |attempt| attempt.order == order)
    }

    /// True when `order` was last seen ticketed, whoever paid it.
    pub fn was_seen_ticketed(&self, order: OrderNo) -> bool {
        self.ticketed.contains(&order)
    }

    /// True when `order` is known to be ticketed: an attempt on it led there, or it was seen so.
    pub fn is_ticketed(&self, order: OrderNo) -> bool {
        self.was_seen_ticketed(order)
            || self.attempts_on(order).any(|attempt| attempt.state == State::Ticketed)
    }

    /// Attempts on other orders than `order` whose money is not known to be back.
    pub fn money_still_open(&self, order: OrderNo) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(move |attempt| attempt.order != order && attempt.state == State::Reversed)
    }

    /// True when another order of the trip is paid, or may be.
    pub fn is_paid_beside(&self, order: OrderNo) -> bool {
        self.attempts.iter().any(|attempt| attempt.order != order && attempt.state.blocks())
    }

    /// The attempt that was taken for one that did not happen, or was refused while another order of the trip is paid,
    /// when its order is seen paid and no other attempt on it explains that. A person must decide what it means.
    pub fn contradicted(&self, order: &Order, asked: Moment) -> Option<&Attempt> {
        let is_paid = matches!(order.status, OrderStatus::Ticketing | OrderStatus::Ticketed);
        let is_explained = || self.attempts_on(order.no).any(|attempt| attempt.state.blocks());
        if !is_paid || is_explained() {
            return None;
        }
        let after = |attempt: &&Attempt| attempt.sent.is_some_and(|sent| !asked.since(sent).is_negative());
        let is_contradicted = |attempt: &&Attempt| match attempt.state {
            State::NotApplied => true,
            State::Rejected(_) => self.is_paid_beside(order.no),
            _ => false,
        };
        self.attempts_on(order.no).rev().filter(after).find(is_contradicted)
    }

    /// Attempts of `order` that its last query, sent at `asked`, moved on, with the state that each left. `now` is this
    /// machine's clock.
    pub fn judge(&self, order: &Order, asked: Moment, now: Timestamp) -> Vec<(Attempt, State)> {
        let was_denied = self.attempts_on(order.no).any(|attempt| attempt.state == State::NotApplied);
        let apply = |attempt: &Attempt, event: &Event<'_>| {
            let next = attempt.apply(event, now).ok().filter(|next| next != attempt)?;
            Some((next, attempt.state.clone()))
        };
        let judge = |attempt: &Attempt| {
            let is_held = self.attempts.iter().any(|other| other.id != attempt.id && other.state.blocks());
            let beside = Beside { is_held, was_denied };
            apply(attempt, &Event::Queried { order, asked, beside })
        };
        let contradicted = || apply(self.contradicted(order, asked)?, &Event::Contradicted);
        self.attempts_on(order.no).filter_map(judge).chain(contradicted()).collect()
    }

    /// The same without one attempt: what stands in the way of that one itself.
    #[must_use]
    pub fn without(&self, id: AttemptId) -> Self {
        let mut others = self.clone();
        others.attempts.retain(|attempt| attempt.id != id);
        others
    }

    /// Takes in an attempt that is new or has moved on. True when its state is news.
    pub fn put_attempt(&mut self, attempt: Attempt) -> bool {
        let known = self.attempts.iter_mut().find(|known| known.id == attempt.id);
        let is_news = known.as_ref().is_none_or(|known| known.state != attempt.state);
        if is_news
            && is_denied(&attempt)
            && let Some(commit) = self.commits.get_mut(&attempt.order)
        {
            commit.contradict();
        }
        match known {
            Some(known) => *known = attempt,
            None => self.attempts.push(attempt),
        }
        is_news
    }

    /// Takes in what an operator did to `order`. True when that is news of the lineage.
    pub fn put_action(&mut self, order: OrderNo, action: &OperatorAction) -> bool {
        match action {
            OperatorAction::GotLink { asked } => {
                self.commits.insert(order, Commit::given(*asked));
                true
            }
            OperatorAction::StatedConfirmed => self.commits.get_mut(&order).map(Commit::state).is_some(),
            _ => false,
        }
    }

    /// Takes in a request to stop that is new or has moved on. True when its state is news.
    pub fn put_stop(&mut self, stop: Stop) -> bool {
        let known = self.stops.get(&stop.order);
        let is_news = known.is_none_or(|known| known.id != stop.id || known.state != stop.state);
        // An answer to an older request than the last one says nothing of that.
        if known.is_none_or(|known| known.id == stop.id || known.sent.now.at <= stop.sent.now.at) {
            self.stops.insert(stop.order, stop);
        }
        is_news
    }

    /// Takes in a regeneration that is new or has moved on. True when its state is news.
    pub fn put_regeneration(&mut self, regeneration: Regeneration) -> bool {
        if let Some(known) = self.regenerations.iter_mut().find(|known| known.id == regeneration.id) {
            let is_news = known.state != regeneration.state;
            *known = regeneration;
            is_news
        } else {
            self.regenerations.push(regeneration);
            true
        }
    }

    /// Takes in whether `order`, which is one of ours, was seen ticketed.
    pub fn see_ticket(&mut self, order: OrderNo, is_ticketed: bool) {
        match (self.ticketed.binary_search(&order), is_ticketed) {
            (Err(at), true) => {
                self.ticketed.reserve_exact(1);
                self.ticketed.insert(at, order);
            }
            (Ok(at), false) => drop(self.ticketed.remove(at)),
            _ => {}
        }
    }

    /// Hangs another lineage under this one: its root was made from `parent`, which is one of ours.
    pub fn join(&mut self, other: Self, parent: OrderNo) {
        self.links.push((other.root, parent));
        self.links.extend(other.links);
        self.attempts.extend(other.attempts);
        self.attempts.sort_by_key(|attempt| (attempt.claimed_at, attempt.id));
        self.regenerations.extend(other.regenerations);
        self.regenerations.sort_by_key(|regeneration| regeneration.id);
        self.ticketed.extend(other.ticketed);
        self.ticketed.sort_unstable();
        self.ticketed.dedup();
        self.commits.extend(other.commits);
        self.stops.extend(other.stops);
        self.missing.extend(other.missing);
    }
}
