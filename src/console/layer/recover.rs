//! The recover form: a plan that fills in live. It holds only what the operator chose; what was done is read from the
//! order and its lineage, so that it opens after a restart where it was left.

use jiff::{SignedDuration, Timestamp};
use tui_input::Input;

use crate::{
    console::model::Model,
    domain::{
        attempt::{Attempt, Decision},
        case::Case,
        money::Money,
        order::OrderNo,
        recovery::{self, Comparison, Facts, PaymentPath, Plan, Step, StepKind, StepState},
        stop::StopId,
        stoppable::is_being_stopped,
        story::{OperatorAction, What},
    },
};

/// An answer that is older than this is asked for again before a step is taken.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(30);

/// What the form asks the operator just now.
#[derive(Default)]
pub enum Asking {
    /// Nothing: the keys choose and go on.
    #[default]
    Nothing,
    /// Whether to make a new order.
    Regenerate,
    /// Whether to ask the vendor to stop issuance.
    Stop,
    /// A note is being typed.
    Note(Input),
    /// A decision is being confirmed: the order's last four characters and a reason.
    Decide(Decision, Input),
}

/// The form.
pub struct RecoverForm {
    /// The order that is recovered.
    pub order: OrderNo,
    /// Since when, by the vendor's clock.
    pub opened_at: Timestamp,
    /// The way that the operator chose; the suggested one until then.
    pub chosen: Option<PaymentPath>,
    /// The new price that the operator accepted.
    pub agreed: Option<Money>,
    /// What is asked.
    pub asking: Asking,
    /// The desk was told to make a new order when it had asked so often before, and has not said anything of it yet.
    pub regenerating: Option<usize>,
    /// The desk was told to have issuance stopped when this was the last request, and has not said anything of it yet.
    pub stopping: Option<Option<StopId>>,
}

/// Everything that a form shows and decides by.
pub struct RecoveryView<'a> {
    /// The order with its lineage.
    pub case: &'a Case,
    /// The order made from it, once it was seen.
    pub child: Option<&'a Case>,
    /// The plan.
    pub plan: Plan,
    /// The way that the form stands on.
    pub path: PaymentPath,
    /// Its checklist.
    pub steps: Vec<Step>,
    /// The old price and the new one.
    pub comparison: Option<Comparison>,
    /// A fresh answer about the order is there.
    pub is_asked: bool,
}

impl RecoverForm {
    /// A form for `order`.
    pub fn open(order: OrderNo, now: Timestamp) -> Self {
        Self {
            order,
            opened_at: now,
            chosen: None,
            agreed: None,
            asking: Asking::Nothing,
            regenerating: None,
            stopping: None,
        }
    }

    /// What there is to show; `None` while the order is not known.
    pub fn view<'a>(&self, model: &'a Model) -> Option<RecoveryView<'a>> {
        let case: &Case = model.case(self.order)?;
        let child: Option<&Case> =
            case.lineage.child_of(self.order).and_then(|child| model.case(child)).map(|case| &**case);
        let facts = Facts {
            now: model.clocks(),
            order: &case.order,
            lineage: &case.lineage,
            child: child.map(|child| &child.order),
            balance: model.payment_context(case).balance,
        };
        let plan = recovery::plan(&facts);
        // A recovery that was begun stays on its way, over a restart too.
        // A way that is gone with the order's state is not stood on.
        let chosen = self.chosen.filter(|path| plan.choice(*path).is_some());
        let path =
            chosen.or(begun(case, model.server_now())).or(plan.suggested()).unwrap_or(PaymentPath::Stop);
        let asked = model.asked_at(self.order);
        let is_asked = asked.is_some_and(|asked| asked >= self.opened_at - FRESH_FOR);
        let comparison =
            child.and_then(|child| Comparison::of(path.method(&child.order)?, &case.order, &child.order));
        let agreed = self.agreed.is_some() && self.agreed == comparison.map(|comparison| comparison.new);
        let mut steps = recovery::steps::steps(path, &facts, is_asked, agreed);
        let regenerate = steps.iter_mut().find(|step| step.kind == StepKind::Regenerate);
        if self.regenerating == Some(times_asked(case))
            && let Some(regenerate) = regenerate.filter(|step| step.state == StepState::Yours)
        {
            regenerate.state = StepState::Running;
        }
        let stop = steps.iter_mut().find(|step| step.kind == StepKind::Stop);
        if self.stopping == Some(last_stop(case))
            && let Some(stop) = stop.filter(|step| step.state == StepState::Yours)
        {
            stop.state = StepState::Running;
        }
        Some(RecoveryView { case, child, plan, path, steps, comparison, is_asked })
    }

    /// The operator has said yes to a new order.
    pub fn on_regenerate(&mut self, case: &Case) {
        self.regenerating = Some(times_asked(case));
    }

    /// The operator has said yes to stopping issuance.
    pub fn on_stop(&mut self, case: &Case) {
        self.stopping = Some(last_stop(case));
    }

    /// Chooses the way below or above the one of the plan that it stands on.
    pub fn step_path(&mut self, plan: &Plan, from: PaymentPath, down: bool) {
        let at = plan.choices.iter().position(|choice| choice.path == from).unwrap_or(0);
        let next = if down { at + 1 } else { at.saturating_sub(1) };
        if let Some(choice) = plan.choices.get(next) {
            self.chosen = Some(choice.path);
            self.agreed = None;
        }
    }
}

/// How often a new order was asked for in the place of this one.
fn times_asked(case: &Case) -> usize {
    case.lineage.regenerations.iter().filter(|regeneration| regeneration.parent == case.order.no).count()
}

/// The last request to stop its issuance.
fn last_stop(case: &Case) -> Option<StopId> {
    case.lineage.stop(case.order.no).map(|stop| stop.id)
}

/// The way that was chosen when the order was regenerated, or that of a stop which the vendor may be at.
fn begun(case: &Case, now: Timestamp) -> Option<PaymentPath> {
    if is_being_stopped(&case.order, &case.lineage, now) {
        return Some(PaymentPath::StopIssuance);
    }
    let chosen = case.story.iter().rev().find_map(|happening| match &happening.what {
        What::OperatorAction(OperatorAction::Chose { path, .. }) => Some(*path),
        _ => None,
    });
    chosen.filter(|_| case.is_replaced())
}

impl RecoveryView<'_> {
    /// The attempt that only a person can end, with the decision that would.
    pub fn to_decide(&self, now: Timestamp) -> Option<(&Attempt, Decision)> {
        // Those on other orders of the trip are decided at their own plans.
        let mut attempts = self.case.lineage.attempts_on(self.case.order.no).rev();
        attempts.find_map(|attempt| Some((attempt, attempt.decision_to_offer(now)?)))
    }
}

/// Reads `2207 because of …`: the reason, if the four characters are the order's last.
pub fn reason_of(typed: &str, order: OrderNo) -> Option<&str> {
    let (tail, reason) = typed.trim().split_once(char::is_whitespace)?;
    Some(reason.trim()).filter(|reason| order.is_tail(tail) && !reason.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_needs_the_last_four_and_a_reason() {
        let order: OrderNo = "TESTA20261122135802207".parse().unwrap();
        assert_eq!(reason_of("2207 the vendor says so", order), Some("the vendor says so"));
        assert_eq!(reason_of("２２０７\u{3000}供应商说的", order), Some("供应商说的"));
        for typed in ["", "2207", "2207  ", "2208 the vendor says so", "207 x", "02207 x"] {
            assert_eq!(reason_of(typed, order), None, "{typed:?}");
        }
    }
}
