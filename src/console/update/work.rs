//! Taking an order to work on it, and releasing it.

use super::{prompt, turn::Turn};
use crate::{console::prompt::Kind, desk::hub::Command};

/// Takes the selected order; if another person has it, asks why it is taken over.
pub(super) fn take(turn: &mut Turn<'_>) {
    let Some(case) = turn.picture().selected_case() else { return };
    let order = case.order.no;
    if turn.model.held_by_another(case).is_some() {
        return prompt::open(turn, Kind::TakeOver, vec![order]);
    }
    turn.send(Command::Take(order));
    turn.say_with("work.taken", &[("order", &order.short())], false);
}

/// Releases it, if it is ours.
pub(super) fn release(turn: &mut Turn<'_>) {
    let model = turn.model;
    let Some(order) = turn.picture().selected() else { return };
    let Some(case) = model.case(order) else { return };
    match (model.held_by_another(case), case.work().owner_at(model.now())) {
        (Some(owner), _) => turn.say_with("work.not_yours", &[("who", &owner.name())], true),
        (None, None) => turn.say_with("work.nobodys", &[("order", &order.short())], false),
        (None, Some(_)) => {
            turn.send(Command::Release(order));
            turn.say_with("work.released", &[("order", &order.short())], false);
        }
    }
}
