//! The recovery planner: what became of an order's payment, which ways lead on, which are closed and why.
//!
//! It follows the vendor's rules for hybrid payment (混合支付), a fallback of one booking from one payment path to
//! another. It knows nothing but facts, so that the same facts after a restart give the same plan again.

mod advice;
mod comparison;
mod facts;
mod open;
mod route;
pub mod steps;
mod why;

pub use self::{
    advice::{Advice, Never},
    comparison::Comparison,
    facts::Facts,
    route::Route,
    steps::{Step, StepKind, StepState},
    why::Why,
};
use super::{
    money::Money,
    triage::{self, Cause},
};

/// A route, with what it costs or why it is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The way.
    pub route: Route,
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
    /// Every route, open or closed.
    pub choices: Vec<Choice>,
    /// What must not be done.
    pub never: Vec<Never>,
}

impl Plan {
    /// The choice of `route`.
    pub fn choice(&self, route: Route) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.route == route)
    }

    /// True when `route` can be gone.
    pub fn is_open(&self, route: Route) -> bool {
        self.choice(route).is_some_and(|choice| choice.open.is_ok())
    }

    /// The route to begin with: the advised one, else the first that is open and leads anywhere.
    pub fn suggested(&self) -> Option<Route> {
        let advised = std::iter::once(&self.first).chain(&self.also).filter_map(|advice| match advice {
            Advice::Take(route) => Some(*route),
            _ => None,
        });
        let any = Route::ALL.into_iter().filter(|route| *route != Route::Stop);
        advised.chain(any).find(|route| self.is_open(*route))
    }
}

/// The plan for an order.
pub fn plan(facts: &Facts<'_>) -> Plan {
    let Facts { order, lineage, now, .. } = *facts;
    let cause = Cause::of(order, lineage, now);
    let choices: Vec<Choice> = Route::ALL
        .into_iter()
        .map(|route| Choice { route, open: open::open(route, &cause, facts) })
        .collect();
    let is_open = |route| choices.iter().any(|choice| choice.route == route && choice.open.is_ok());
    let (first, also) = advice::advice(triage::next_step(order, lineage, now), facts, &is_open);
    let never = advice::never(&cause, facts);
    Plan { cause, first, also, choices, never }
}
