//! Putting orders away from the queues: until a time, or as handled.

use jiff::Timestamp;
use tui_input::Input;

use super::turn::Turn;
use crate::{
    console::{
        action::Context,
        layer::{
            Layer,
            prompt::{Kind, Prompt},
        },
        until,
    },
    desk::hub::Command,
    domain::{
        away::{Kept, may_put_away},
        case::Case,
        group::Group,
        order::OrderNo,
    },
};

/// Asks until when the selected order is snoozed, and why; what it is snoozed for already is there to be changed.
pub(super) fn snooze(turn: &mut Turn<'_>) {
    let model = turn.model;
    let Some(case) = turn.picture().selected().and_then(|order| model.case(order)) else { return };
    if !is_put_away(turn, case) {
        return;
    }
    let mut prompt = Prompt::new(Kind::Snooze, vec![case.order.no]);
    if let Some(snooze) = case.work().snooze_at(model.now()) {
        let at = until::shown(snooze.until, model.now(), &model.setup.zone, turn.ui.lang);
        // Written with its day it is no time that is understood.
        let at = if at.contains(' ') { String::new() } else { at };
        prompt.input = Input::new(format!("{at} {}", snooze.reason));
    }
    turn.ui.remark = None;
    turn.ui.layers.push(Layer::Prompt(prompt));
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
