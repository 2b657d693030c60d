//! The recovery planner: what became of an order's payment, which ways lead on, which are closed and why.
//!
//! It follows the vendor's rules for hybrid payment (混合支付), a fallback of one booking from one payment path to
//! another. It knows nothing but facts, so that the same facts after a restart give the same plan again.

mod advice;
mod comparison;
mod facts;
mod open;
pub mod path;
pub mod steps;
mod why;

pub use self::{
    advice::{Advice, Never},
    comparison::Comparison,
    facts::Facts,
    path::PaymentPath,
    steps::{Step, StepKind, StepState},
    why::Why,
};
use super::{
    money::Money,
    order::OrderStatus,
    triage::{self, Cause},
};

/// A path, with what it costs or why it is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The way.
    pub path: PaymentPath,
    /// What will leave the source (unknown before a new order has its price), or why it cannot be gone.
    pub open: Result<Option<Money>, Why>,
}

/// The plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What became of the payment.
    pub cause: Cause,
    /// What to do first.
    pub first: Advice,
    /// What else may be done.
    pub also: Vec<Advice>,
    /// Every path that there is for this order, open or closed.
    pub choices: Vec<Choice>,
    /// What must not be done.
    pub never: Vec<Never>,
}

impl Plan {
    /// The choice of `path`.
    pub fn choice(&self, path: PaymentPath) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.path == path)
    }

    /// True when `path` can be gone.
    pub fn is_open(&self, path: PaymentPath) -> bool {
        self.choice(path).is_some_and(|choice| choice.open.is_ok())
    }

    /// The path to begin with: the advised one, else the first that is open and leads anywhere.
    pub fn suggested(&self) -> Option<PaymentPath> {
        let advised = std::iter::once(&self.first).chain(&self.also).filter_map(|advice| match advice {
            Advice::Take(path) => Some(*path),
            _ => None,
        });
        let any = PaymentPath::ALL.into_iter().filter(|path| path.pays());
        advised.chain(any).find(|path| self.is_open(*path))
    }
}

/// The plan for an order.
pub fn plan(facts: &Facts<'_>) -> Plan {
    let Facts { order, lineage, now, .. } = *facts;
    let cause = Cause::of(order, lineage, now);
    // Only what is being issued can be stopped.
    let is_of_it =
        |path: &PaymentPath| *path != PaymentPath::StopIssuance || order.status == OrderStatus::Ticketing;
    let choices: Vec<Choice> = PaymentPath::ALL
        .into_iter()
        .filter(is_of_it)
        .map(|path| Choice { path, open: open::open(path, &cause, facts) })
        .collect();
    let is_open = |path| choices.iter().any(|choice| choice.path == path && choice.open.is_ok());
    let next = triage::next_step(order, lineage, now);
    let (first, also) = advice::advice(next, facts, &is_open);
    let never = advice::never(&cause, next, facts);
    Plan { cause, first, also, choices, never }
}
