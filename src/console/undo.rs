//! What the operator has done here that can be taken back: the last thing first. Money is never taken back, and where it
//! was what was done last, that is said.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    column::{Chosen, Column},
    model::Model,
};
use crate::{
    desk::hub::Command,
    domain::{order::OrderNo, work::Work},
};

/// So much is remembered.
const AT_MOST: usize = 100;

/// How the orders are looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The filter, as it is written.
    pub filter: String,
    /// What the rows are sorted by, and whether the other way round.
    pub sort: (&'static Column, bool),
    /// The columns that were chosen.
    pub columns: Option<Chosen>,
    /// The orders that were marked.
    pub marks: BTreeSet<OrderNo>,
}

/// How an order was put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// Until a time.
    Snoozed,
    /// As handled.
    Handled,
}

/// What was done, with what it takes to take it back.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
    /// The filter, the order of the rows, the columns or the marks were changed; they were looked at like this before.
    Looked(Look),
    /// An order was put away.
    PutAway {
        /// Which.
        order: OrderNo,
        /// How.
        put: Put,
        /// What was left on it before.
        before: Option<Arc<Work>>,
    },
    /// An order was taken; if that was over from somebody, their name.
    Took(OrderNo, Option<String>),
    /// It was released.
    Released(OrderNo),
    /// Something was noted or acknowledged, which others have read: it stays.
    Kept,
    /// A payment of this order was confirmed: it is never taken back.
    Paid(OrderNo),
    /// The vendor was asked to change this order, or it was decided about it for good.
    Sent(OrderNo),
}

impl Done {
    /// What is done by sending a command, as far as it is of that kind, given what is known.
    pub fn by(command: &Command, model: &Model) -> Option<Self> {
        let put_away = |order: OrderNo, put| {
            let before = model.case(order).and_then(|case| case.work.clone());
            Some(Self::PutAway { order, put, before })
        };
        match command {
            Command::Snooze { order, .. } => put_away(*order, Put::Snoozed),
            Command::Handle { order, .. } => put_away(*order, Put::Handled),
            Command::Take(order) | Command::TakeOver { order, .. } => {
                // Taken for longer, it was ours before.
                let owner = model.case(*order).and_then(|case| case.work().owner_at(model.now()));
                let is_ours = owner.is_some_and(|owner| owner.is(&model.setup.author));
                let from = owner.filter(|owner| !owner.is_person(&model.setup.author));
                (!is_ours).then(|| Self::Took(*order, from.map(|owner| owner.name().to_owned())))
            }
            Command::Release(order) => Some(Self::Released(*order)),
            Command::Note(..) | Command::Acknowledge(_) => Some(Self::Kept),
            Command::Pay { payment, .. } => Some(Self::Paid(payment.order)),
            Command::Regenerate { order, .. }
            | Command::Stop(order)
            | Command::StateConfirmed(order)
            | Command::BaggageLoss { order, .. }
            | Command::Decide { order, .. } => Some(Self::Sent(*order)),
            _ => None,
        }
    }
}

/// All that may be taken back.
#[derive(Default)]
pub struct Undo {
    done: Vec<Done>,
    /// How the orders were looked at when that was noticed last.
    look: Option<Look>,
}

impl Undo {
    /// Something was done.
    pub fn push(&mut self, done: Done) {
        // A note on twenty orders is one.
        if done == Done::Kept && self.done.last() == Some(&done) {
            return;
        }
        if self.done.len() == AT_MOST {
            self.done.remove(0);
        }
        self.done.push(done);
    }

    /// The last thing, which is then no longer remembered.
    pub fn pop(&mut self) -> Option<Done> {
        self.done.pop()
    }

    /// The desk has not done what was asked of it about an order last.
    pub fn on_refused(&mut self, order: OrderNo) {
        let is_about_it = |done: &Done| match done {
            Done::PutAway { order: of, .. } | Done::Took(of, _) | Done::Released(of) => *of == order,
            Done::Looked(_) | Done::Kept | Done::Paid(_) | Done::Sent(_) => false,
        };
        if let Some(at) = self.done.iter().rposition(is_about_it) {
            self.done.remove(at);
        }
    }

    /// How the orders were looked at when that was noticed last.
    pub fn look(&self) -> Option<&Look> {
        self.look.as_ref()
    }

    /// They are looked at in another way.
    pub fn on_look(&mut self, look: Look) {
        if let Some(before) = self.look.replace(look) {
            self.push(Done::Looked(before));
        }
    }

    /// They are looked at as they were: that is not another thing to take back.
    pub fn on_restored(&mut self, look: Look) {
        self.look = Some(look);
    }
}
