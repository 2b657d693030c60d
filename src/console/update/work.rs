//! Taking an order to work on it, and releasing it; putting it away from the queues.

use jiff::Timestamp;
use tui_input::Input;

use super::{prompt, turn::Turn};
use crate::{
    console::{
        action::Context,
        layer::Layer,
        prompt::{Kind, Prompt},
        until,
    },
    desk::hub::Command,
    domain::{
        away::{Kept, may_put_away},
        case::Case,
        group::Group,
        order::OrderNo,
        work::RENEW_BELOW,
    },
};

/// The order that a form is about, or the selected one.
fn order(turn: &Turn<'_>) -> Option<OrderNo> {
    match turn.ui.layers.top() {
        Some(Layer::Pay(form)) => Some(form.order),
        Some(Layer::Recover(form)) => Some(form.order),
        _ => turn.picture().selected(),
    }
}

/// Takes it; if another person has it, asks why it is taken over.
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
        turn.send(Command::Take(order));
        turn.say_with("work.taken", &[("order", &order.short())], false);
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

/// Asks until when the selected order is snoozed, and why; what it is snoozed for already is there to be changed.
pub(super) fn snooze(turn: &mut Turn<'_>) {
    let model = turn.model;
    let Some(case) = turn.picture().selected().and_then(|order| model.case(order)) else { return };
    if !is_put_away(turn, case) {
        return;
    }
    prompt::open(turn, Kind::Snooze);
    if let Some(snooze) = case.work().snooze_at(model.now())
        && let Some(Layer::Prompt(prompt)) = turn.ui.layers.top_mut()
    {
        let at = until::shown(snooze.until, model.now(), &model.setup.zone, turn.ui.lang);
        // Written with its day it is no time that is understood.
        let at = if at.contains(' ') { String::new() } else { at };
        prompt.input = Input::new(format!("{at} {}", snooze.reason));
    }
}

/// Says until when an order is snoozed; in the detail the next one is opened.
pub(super) fn on_snoozed(turn: &mut Turn<'_>, order: OrderNo, until: Timestamp) {
    let model = turn.model;
    let at = until::shown(until, model.now(), &model.setup.zone, turn.ui.lang);
    let said = turn.ui.lang.fill("work.snoozed", &[("order", &order.short()), ("at", &at)]);
    go_on(turn, said);
}

/// Puts the selected order away until what it is in its queue for shows again.
pub(super) fn handle(turn: &mut Turn<'_>) {
    let model = turn.model;
    let Some(case) = turn.picture().selected().and_then(|order| model.case(order)) else { return };
    if !is_put_away(turn, case) {
        return;
    }
    let (order, group) = (case.order.no, group(turn, case));
    if case.work().handled.as_ref().is_some_and(|handled| handled.cause == group && !handled.is_checked)
        && case.work().snooze_at(model.now()).is_none()
    {
        return turn.say_with("work.handled_already", &[("order", &order.short())], false);
    }
    turn.send(Command::Handle { order, group });
    let said = turn.ui.lang.fill("work.handled", &[("order", &order.short())]);
    go_on(turn, said);
}

fn group(turn: &Turn<'_>, case: &Case) -> Group {
    Group::of(case, turn.model.shown_now(case))
}

/// True for an order that may be put away; if not, says why.
fn is_put_away(turn: &mut Turn<'_>, case: &Case) -> bool {
    let why = match may_put_away(group(turn, case)) {
        Ok(()) => return true,
        Err(Kept::InDoubt) => "work.in_doubt",
        Err(Kept::Over) => "work.over",
    };
    turn.say_with(why, &[("order", &case.order.no.short())], true);
    false
}

/// Says what was done about an order, and opens the next one where one is read.
fn go_on(turn: &mut Turn<'_>, mut said: String) {
    if turn.ui.layers.context() == Context::Detail {
        turn.ui.scroll = 0;
        if !turn.ui.list.step(1) {
            said += turn.ui.lang.pick(" ", "");
            said += turn.ui.lang.text("message.end_of_queue");
        }
    }
    turn.say_text(said, false);
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
