//! Taking an order to work on it, and releasing it.

use super::turn::Turn;
use crate::{
    console::layer::{
        Layer,
        prompt::{Kind, Prompt},
    },
    desk::hub::Command,
    domain::{order::OrderNo, work::RENEW_BELOW},
};

/// The order that a form is about, or the selected one.
fn order(turn: &Turn<'_>) -> Option<OrderNo> {
    match turn.ui.layers.top() {
        Some(Layer::Pay(form)) => Some(form.order),
        Some(Layer::Recover(form)) => Some(form.order),
        _ => turn.picture().selected(),
    }
}

/// Takes it, also from another console of the same person; from somebody else it is taken over, which asks why.
pub(super) fn take(turn: &mut Turn<'_>) {
    let model = turn.model;
    let Some(case) = order(turn).and_then(|order| model.case(order)) else { return };
    let order = case.order.no;
    if model.setup.read_only {
        turn.say("work.read_only", true);
    } else if model.held_by_another(case).is_some() {
        turn.ui.remark = None;
        turn.ui.layers.push(Layer::Prompt(Prompt::new(Kind::TakeOver, vec![order])));
    } else {
        let is_elsewhere = case.work().held_elsewhere(&model.setup.author, model.now()).is_some();
        let said = if is_elsewhere { "work.taken_here" } else { "work.taken" };
        turn.send(Command::Take(order));
        turn.say_with(said, &[("order", &order.short())], false);
    }
}

/// Releases it, if it is ours.
pub(super) fn release(turn: &mut Turn<'_>) {
    let model = turn.model;
    let Some(case) = order(turn).and_then(|order| model.case(order)) else { return };
    let order = case.order.no;
    if model.setup.read_only {
        return turn.say("work.read_only", true);
    }
    match (model.held_by_another(case), case.work().owner_at(model.now())) {
        (Some(owner), _) => turn.say_with("work.not_yours", &[("who", &owner.name())], true),
        (None, None) => turn.say_with("work.nobodys", &[("order", &order.short())], false),
        (None, Some(_)) => {
            turn.send(Command::Release(order));
            turn.say_with("work.released", &[("order", &order.short())], false);
        }
    }
}

/// A form opens on an order: from then on it is ours, unless another person has it.
pub(super) fn begin(turn: &mut Turn<'_>, order: OrderNo) {
    let model = turn.model;
    let Some(case) = model.case(order) else { return };
    let lasts = model.ours_until(case).is_some_and(|until| until.duration_since(model.now()) > RENEW_BELOW);
    if !model.setup.read_only && model.held_by_another(case).is_none() && !lasts {
        turn.tell(Command::Take(order));
    }
}

/// While a form is open on an order that is ours, it stays so. Each lease is made longer once.
pub(super) fn renew(turn: &mut Turn<'_>) {
    let Some((order, until)) = turn.picture().leased() else { return };
    if turn.model.now() >= until - RENEW_BELOW && turn.ui.renewed != Some((order, until)) {
        turn.ui.renewed = Some((order, until));
        turn.tell(Command::Take(order));
    }
}
