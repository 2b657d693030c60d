//! A case: one order with everything that is known around it.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    attempt::{Attempt, AttemptId, State},
    author::Author,
    lineage::Lineage,
    missing::Missing,
    order::{Order, OrderNo, OrderStatus},
    story::{Happening, What},
    work::{NOTHING, Work},
};

/// How far a payment has come on its way to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Milestone {
    /// The vendor has taken it.
    Accepted,
    /// An answer showed the order paid, or being paid.
    Paid,
    /// It is ticketed.
    Ticketed,
}

impl Milestone {
    fn of(state: &State) -> Option<Self> {
        match state {
            State::Accepted => Some(Self::Accepted),
            State::Paid => Some(Self::Paid),
            State::Ticketed => Some(Self::Ticketed),
            _ => None,
        }
    }
}

/// One order, the lineage that it belongs to, and its story so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The order as last seen.
    pub order: Order,
    /// What the list calls it, if that is not what the last query said: it is asked about.
    pub listed_as: Option<OrderStatus>,
    /// The orders that belong together, and what was done for them.
    pub lineage: Arc<Lineage>,
    /// What is kept of what happened to this one, oldest first; see [`Case::story`]. A case that changes shares these lines
    /// with the one before it.
    pub story: Vec<Arc<Happening>>,
    /// Its story tells when the vendor made it, and when it was paid, too.
    pub is_dated: bool,
    /// What people left on it; see [`Case::work`].
    pub work: Option<Arc<Work>>,
}

impl Case {
    /// A case that begins with an order seen for the first time.
    pub fn new(order: Order) -> Self {
        let lineage = Arc::new(Lineage::new(order.no));
        Self { order, listed_as: None, lineage, story: Vec::new(), is_dated: false, work: None }
    }

    /// The whole story, oldest first: what is kept of it, and what the vendor's own dates say.
    pub fn story(&self) -> Vec<Arc<Happening>> {
        let mut story = self.story.clone();
        // Of one moment the creation is told first.
        let dates = [(self.order.paid_at, What::PaidAt), (self.order.created, What::Created)];
        for (at, what) in dates.into_iter().filter(|_| self.is_dated) {
            if let Some(at) = at {
                let place = story.iter().position(|line| line.at >= at).unwrap_or(story.len());
                story.insert(place, Arc::new(Happening::new(at, what)));
            }
        }
        story
    }

    /// When it was made, or when something last happened to it.
    pub fn changed_at(&self) -> Option<Timestamp> {
        let happened = self.story.iter().map(|happening| happening.at);
        happened.chain(self.order.created).chain(self.order.paid_at).max()
    }

    /// The orders of its lineage, the first one first.
    pub fn lineage_orders(&self) -> Vec<OrderNo> {
        // What nobody has made another order from is alone, whatever lineage it shares.
        if self.lineage.links.is_empty() { vec![self.order.no] } else { self.lineage.orders().collect() }
    }

    /// What people left on it.
    pub fn work(&self) -> &Work {
        self.work.as_deref().unwrap_or(&NOTHING)
    }

    /// Who began an attempt of the lineage, where the journal knows it.
    pub fn author_of(&self, attempt: AttemptId) -> Option<&Author> {
        let is_of = |happening: &&Arc<Happening>| matches!(&happening.what, What::Attempt { attempt: id, .. } if *id == attempt);
        self.story.iter().find(is_of)?.by.as_deref()
    }

    /// The attempt on this order that counts: the last one that blocks, else the last one.
    pub fn attempt(&self) -> Option<&Attempt> {
        let attempts = || self.lineage.attempts_on(self.order.no);
        attempts().rev().find(|attempt| attempt.state.blocks()).or_else(|| attempts().next_back())
    }

    /// The orders of the lineage that somebody tried to pay, this one first, each with its attempts and the numbers by
    /// which people know them.
    pub fn attempts_by_order(&self) -> Vec<(OrderNo, Vec<(usize, &Attempt)>)> {
        let own = self.order.no;
        let others = self.lineage_orders().into_iter().filter(move |order| *order != own);
        let attempts = |order: OrderNo| {
            (1..).zip(&self.lineage.attempts).filter(|(_, attempt)| attempt.order == order).collect()
        };
        let by_order = std::iter::once(own).chain(others).map(|order| (order, attempts(order)));
        by_order.filter(|(_, attempts): &(_, Vec<_>)| !attempts.is_empty()).collect()
    }

    /// The state of the attempt that counts.
    pub fn attempt_state(&self) -> Option<&State> {
        self.attempt().map(|attempt| &attempt.state)
    }

    /// How far an attempt on this order came, whatever has become of it since.
    pub fn reached(&self, attempt: &Attempt) -> Option<Milestone> {
        let passed = self.story.iter().filter_map(|happening| match &happening.what {
            What::Attempt { attempt: id, state } if *id == attempt.id => Milestone::of(state),
            _ => None,
        });
        let accepted = (attempt.answer == Some(0)).then_some(Milestone::Accepted);
        passed.chain(Milestone::of(&attempt.state)).chain(accepted).max()
    }

    /// What speaks for it that the vendor has the order no more.
    pub fn missing(&self) -> Option<&Missing> {
        self.lineage.missing(&self.order)
    }

    /// True when the vendor has it no more, and no money can hang on it.
    pub fn is_gone(&self) -> bool {
        self.lineage.is_gone(&self.order)
    }

    /// True when a new order was made from this one: that one counts.
    pub fn is_replaced(&self) -> bool {
        self.lineage.child_of(self.order.no).is_some()
    }
}
