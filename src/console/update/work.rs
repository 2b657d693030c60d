//! Taking an order to work on it, and releasing it; putting it away from the queues.

use jiff::Timestamp;
use tui_input::Input;

use super::{prompt, turn::Turn};
use crate::{
    console::{action::Context, layer::Layer, prompt::Kind, until},
    desk::hub::Command,
    domain::{
        away::{Kept, may_put_away},
        case::Case,
        group::Group,
        order::OrderNo,
    },
};

/// Takes the selected order; if another person has it, asks why it is taken over.
pub(super) fn take(turn: &mut Turn<'_>) {
    let Some(case) = turn.picture().selected_case() else { return };
    let order = case.order.no;
    if turn.model.held_by_another(case).is_some() {
        return prompt::open(turn, Kind::TakeOver);
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
