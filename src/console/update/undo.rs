//! Taking back what was done last.

use tui_input::Input;

use super::{filter, turn::Turn};
use crate::{
    console::{
        column,
        layer::Layer,
        ui::Ui,
        undo::{Done, Look},
        until,
    },
    desk::hub::Command,
    domain::{
        order::OrderNo,
        work::{NOTHING, Work},
    },
};

/// Notices that the orders are looked at in another way than before.
pub(super) fn notice(turn: &mut Turn<'_>) {
    let ui = &mut *turn.ui;
    let is_being_changed = |layer: &Layer| matches!(layer, Layer::Filter | Layer::Columns(_));
    if !ui.layers.iter().any(is_being_changed) && ui.undo.look().is_none_or(|look| !is_of(look, ui)) {
        ui.undo.on_look(look_of(ui));
    }
}

/// How the orders are looked at.
fn look_of(ui: &Ui) -> Look {
    Look {
        filter: ui.filter.value().to_owned(),
        sort: ui.list.sorted_by(),
        columns: ui.columns.clone(),
        marks: ui.marks.kept().clone(),
    }
}

fn is_of(look: &Look, ui: &Ui) -> bool {
    look.filter == ui.filter.value()
        && look.sort == ui.list.sorted_by()
        && look.columns == ui.columns
        && look.marks == *ui.marks.kept()
}

/// Takes back what was done last, and says what that was.
pub(super) fn undo(turn: &mut Turn<'_>) {
    match turn.ui.undo.pop() {
        None => turn.say("undo.nothing", false),
        Some(Done::Looked(look)) => look_again(turn, look),
        Some(Done::PutAway(order, before)) => put_back(turn, order, before.as_deref().unwrap_or(&NOTHING)),
        Some(Done::Took(order)) => {
            turn.tell(Command::Release(order));
            turn.say_with("undo.taken", &[("order", &order.short())], false);
        }
        Some(Done::Released(order)) => {
            turn.tell(Command::Take(order));
            turn.say_with("undo.released", &[("order", &order.short())], false);
        }
        Some(Done::Paid(order)) => turn.say_with("undo.paid", &[("order", &order.short())], true),
        Some(Done::Sent(order)) => turn.say_with("undo.sent", &[("order", &order.short())], true),
    }
}

/// An order is put away as it was before, or not at all.
fn put_back(turn: &mut Turn<'_>, order: OrderNo, before: &Work) {
    let (lang, model) = (turn.ui.lang, turn.model);
    let is_snoozed = model.case(order).is_some_and(|case| case.work().snooze.is_some());
    let short = order.short();
    let (command, said) = if let Some(snooze) = before.snooze_at(model.now()) {
        let at = until::shown(snooze.until, model.now(), &model.setup.zone, lang);
        let command = Command::Snooze { order, until: snooze.until, reason: snooze.reason.clone() };
        (command, lang.fill("undo.snoozed_again", &[("order", &short), ("at", &at)]))
    } else if let Some(handled) = before.handled.as_ref().filter(|handled| !handled.is_checked) {
        let command = Command::Handle { order, group: handled.cause };
        (command, lang.fill("undo.handled_again", &[("order", &short)]))
    } else if is_snoozed {
        (Command::Wake(order), lang.fill("undo.snoozed", &[("order", &short)]))
    } else {
        (Command::Unhandle(order), lang.fill("undo.handled", &[("order", &short)]))
    };
    turn.tell(command);
    turn.say_text(said, false);
}

/// The orders are looked at as before.
fn look_again(turn: &mut Turn<'_>, look: Look) {
    let lang = turn.ui.lang;
    let mut said = Vec::new();
    if look.filter != turn.ui.filter.value() {
        *turn.ui.filter.type_into() = Input::new(look.filter.clone());
        filter::apply(turn);
        said.push(match look.filter.as_str() {
            "" => lang.text("undo.no_filter").to_owned(),
            filter => lang.fill("undo.filter", &[("filter", &filter)]),
        });
    }
    if look.sort != turn.ui.list.sorted_by() {
        let (column, reversed) = look.sort;
        turn.ui.list.sort_by(column, reversed);
        let by = if *column == column::URGENCY { "status.urgency" } else { column.head };
        let key = if reversed { "undo.sort_reversed" } else { "undo.sort" };
        said.push(lang.fill(key, &[("column", &lang.text(by).to_lowercase())]));
    }
    if look.columns != turn.ui.columns {
        turn.ui.columns.clone_from(&look.columns);
        said.push(lang.text("undo.columns").to_owned());
    }
    if look.marks != *turn.ui.marks.kept() {
        turn.ui.marks.clear();
        turn.ui.marks.keep(look.marks.iter().copied());
        said.push(lang.text("undo.marks").to_owned());
    }
    turn.ui.undo.on_restored(look);
    turn.say_text(said.join(lang.pick(" ", "")), false);
}
