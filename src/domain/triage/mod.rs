//! Who needs a person next, what that person should do, why, and until when that holds.
//!
//! One answer for every screen: the table and its queues, the detail, the plan of recovery, `show` and `orders --json`.

mod cause;
mod group;
mod next;

use std::iter;

use jiff::{SignedDuration, Timestamp};

pub use self::{
    cause::Cause,
    group::{Queue, SortKey, sort_key},
    next::{Means, NextStep},
};
pub use super::group::Group;
use super::{
    attempt::{PATIENCE, QUARANTINE},
    baggage::{decision::SETTLES, trouble::Standing},
    case::Case,
    commit::Commit,
    deadline::{CARD_MARGIN, CLOCK_DOUBT, DUE_BELOW, FULFILMENT_MARGIN},
    lineage::Lineage,
    moment::Now,
    order::Order,
};

/// The answer about one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Triage {
    /// Where it stands among the others.
    pub group: Group,
    /// What to do next.
    pub next: NextStep,
    /// Why: what became of its payment.
    pub reason: Cause,
    /// When group or step change by the mere passing of time, by the vendor's clock.
    pub until: Option<Timestamp>,
}

/// The answer about `case` at `now`.
pub fn triage(case: &Case, now: Now) -> Triage {
    let reason = Cause::of(&case.order, &case.lineage, now);
    let next = next_of(case, now);
    let group = Group::of(case, now.at);
    let turn_after = |then: Timestamp| turns(case, now).filter(|turn| *turn > then).min();
    let differs = |turn: &Timestamp| {
        let then = now.at_later(*turn);
        Group::of(case, then.at) != group || next_of(case, then) != next
    };
    let until = iter::successors(turn_after(now.at), |turn| turn_after(*turn)).find(differs);
    Triage { group, next, reason, until }
}

/// The next right action on `case` at `now`, with what was decided about it.
fn next_of(case: &Case, now: Now) -> NextStep {
    next_step(&case.order, &case.lineage, now).decided(case, now)
}

/// The next right action on `order` at `now`.
pub fn next_step(order: &Order, lineage: &Lineage, now: Now) -> NextStep {
    NextStep::after(&Cause::of(order, lineage, now), order, lineage, now)
}

/// Every moment at which the answer might change by itself.
fn turns(case: &Case, now: Now) -> impl Iterator<Item = Timestamp> {
    // Exactly ten minutes left are not yet less than ten.
    let inside = |margin: SignedDuration| SignedDuration::from_nanos(1) - margin;
    let lagging = now.at.duration_since(now.wall).max(SignedDuration::ZERO);
    let order = &case.order;
    let of_deadline = [
        inside(DUE_BELOW),
        inside(CARD_MARGIN),
        inside(FULFILMENT_MARGIN),
        SignedDuration::ZERO,
        CLOCK_DOUBT + lagging,
    ];
    let deadlines =
        order.deadline().into_iter().flat_map(move |deadline| of_deadline.map(|span| deadline + span));
    let silences =
        case.lineage.attempts.iter().filter(|attempt| attempt.state.blocks()).flat_map(|attempt| {
            let sent = attempt.sent.map(|sent| sent.now.at + (QUARANTINE + PATIENCE));
            let evidence = attempt.evidence.last.map(|last| last.now.at + QUARANTINE);
            [sent, evidence].into_iter().flatten()
        });
    let settles = case.baggage().and_then(|baggage| match baggage.standing {
        Standing::Accepted(_, sent, _) => Some(sent.now.at + SETTLES),
        _ => None,
    });
    let link = case.lineage.commit(order.no).map(Commit::until);
    let stop = case.lineage.stop(order.no).map(|stop| stop.until());
    let clocks = deadlines.chain(settles).chain(link).chain(stop);
    clocks.chain(order.late_at()).chain(order.regenerable_until()).chain(silences)
}
