//! A path as a checklist. Which step is done is read from the facts, so that a restart begins where it was left.

use super::{comparison::Comparison, facts::Facts, path::PaymentPath};
use crate::domain::{
    attempt::{Attempt, State},
    money::Money,
    order::{Order, OrderStatus},
    stoppable::Outcome,
};

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Ask the vendor how the order stands.
    Ask,
    /// Make a new order, once.
    Regenerate,
    /// Hold the new price against the old one.
    Compare,
    /// Pay.
    Pay,
    /// Follow until ticketed or closed.
    Follow,
    /// Ask the vendor to stop issuance.
    Stop,
    /// Follow until the order is cancelled, or ticketed after all.
    FollowStop,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepState {
    /// It is done.
    Done,
    /// It waits for the operator.
    Yours,
    /// It goes on by itself.
    Running,
    /// It comes later.
    Later,
    /// It cannot be done.
    Stuck,
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// What leaves the source by it.
    pub cost: Option<Money>,
    /// How far it is.
    pub state: StepState,
}

/// The checklist of `path`. `asked` says that a fresh answer about the order is there, `agreed` that the operator has
/// accepted the new price.
pub fn steps(path: PaymentPath, facts: &Facts<'_>, asked: bool, agreed: bool) -> Vec<Step> {
    let target = if path.is_new() { facts.child } else { Some(facts.order) };
    let attempt = target.and_then(|order| facts.lineage.attempts.iter().rev().find(|a| a.order == order.no));
    let regeneration = facts.lineage.last_call(facts.order.no);
    let begun = attempt.filter(|attempt| !is_over_unpaid(attempt));
    let mut steps = vec![(StepKind::Ask, None, if asked { StepState::Done } else { StepState::Running })];
    if path == PaymentPath::Stop {
        return in_turn(steps);
    }
    if path == PaymentPath::StopIssuance {
        steps.extend(stop_steps(facts));
        return in_turn(steps);
    }
    if path.is_new() {
        let made = match regeneration.map(|regeneration| &regeneration.state) {
            Some(state) if state.child().is_some() => StepState::Done,
            Some(state) if state.is_open() => StepState::Running,
            _ => StepState::Yours,
        };
        steps.push((StepKind::Regenerate, None, made));
        let compared = match facts.child {
            _ if begun.is_some() || agreed => StepState::Done,
            Some(child) if child.details.is_some() => StepState::Yours,
            _ => StepState::Running,
        };
        steps.push((StepKind::Compare, None, compared));
    }
    let price = target.and_then(|order| price(path, facts, order));
    let paying = match begun.map(|attempt| &attempt.state) {
        None => StepState::Yours,
        Some(State::Accepted | State::Paid | State::Ticketed | State::Reversed) => StepState::Done,
        Some(State::Conflict | State::PaidElsewhere) => StepState::Stuck,
        Some(_) => StepState::Running,
    };
    steps.push((StepKind::Pay, price, paying));
    let followed = match target.map(|order| order.status) {
        Some(OrderStatus::Ticketed) => StepState::Done,
        Some(OrderStatus::Cancelled) => StepState::Stuck,
        _ => StepState::Running,
    };
    steps.push((StepKind::Follow, None, followed));
    in_turn(steps)
}

/// The request to stop, and what becomes of it. One that has had its time without an effect may be made again.
fn stop_steps(facts: &Facts<'_>) -> [(StepKind, Option<Money>, StepState); 2] {
    let (asked, followed) = match Outcome::of(facts.order, facts.lineage, facts.now.at) {
        Some(Outcome::Working(_)) => (StepState::Done, StepState::Running),
        Some(Outcome::Stopped) => (StepState::Done, StepState::Done),
        Some(Outcome::TooLate) => (StepState::Done, StepState::Stuck),
        None | Some(Outcome::Unanswered(_) | Outcome::Refused(_) | Outcome::NotSent(_)) => {
            (StepState::Yours, StepState::Later)
        }
    };
    [(StepKind::Stop, None, asked), (StepKind::FollowStop, None, followed)]
}

/// Nothing is begun before what stands above it is done.
fn in_turn(steps: Vec<(StepKind, Option<Money>, StepState)>) -> Vec<Step> {
    let mut open = true;
    let step = |(kind, cost, state): (StepKind, Option<Money>, StepState)| {
        let state = if open { state } else { StepState::Later };
        open &= state == StepState::Done;
        Step { kind, cost, state }
    };
    steps.into_iter().map(step).collect()
}

/// An attempt that is over without having paid: the pay step is open again.
fn is_over_unpaid(attempt: &Attempt) -> bool {
    matches!(attempt.state, State::NotSent(_) | State::Rejected(_) | State::NotApplied | State::Closed)
}

fn price(path: PaymentPath, facts: &Facts<'_>, target: &Order) -> Option<Money> {
    Some(Comparison::of(path.method(target)?, facts.order, target)?.new)
}
