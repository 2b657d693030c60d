//! Taking back what was done last.

use tui_input::Input;

use super::{filter, turn::Turn};
use crate::{
    console::{
        column,
        layer::Layer,
        ui::Ui,
        undo::{Done, Look, Put},
        until,
    },
    desk::hub::Command,
    domain::{
        author::name,
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
        Some(Done::PutAway { order, put, before }) => {
            put_back(turn, order, put, before.as_deref().unwrap_or(&NOTHING));
        }
        Some(Done::Took(order, from)) => {
            let said = if from.is_none() { "undo.taken" } else { "undo.taken_over" };
            give_back(turn, Command::Release(order), order, (said, &from.unwrap_or_default()));
        }
        Some(Done::Released(order)) => give_back(turn, Command::Take(order), order, ("undo.released", "")),
        Some(Done::Kept) => turn.say("undo.kept", true),
        Some(Done::Paid(order)) => turn.say_with("undo.paid", &[("order", &order.short())], true),
        Some(Done::Sent(order)) => turn.say_with("undo.sent", &[("order", &order.short())], true),
    }
}

/// An order is taken or released once more, unless somebody has taken it at another console since.
fn give_back(turn: &mut Turn<'_>, command: Command, order: OrderNo, (said, from): (&'static str, &str)) {
    let model = turn.model;
    let work = model.case(order).map_or(&NOTHING, |case| case.work());
    let (us, short) = (&model.setup.author, order.short());
    match work.held_elsewhere(us, model.now()) {
        Some(owner) if owner.is_person(us) => {
            turn.say_with("undo.taken_elsewhere", &[("order", &short)], true);
        }
        Some(owner) => turn.say_with("undo.taken_since", &[("order", &short), ("who", &owner.name())], true),
        None => {
            turn.tell(command);
            turn.say_with(said, &[("order", &short), ("who", &from)], false);
        }
    }
}

/// An order is put away as it was before, or not at all, unless somebody else has put it away since.
fn put_back(turn: &mut Turn<'_>, order: OrderNo, put: Put, before: &Work) {
    let (lang, model, short) = (turn.ui.lang, turn.model, order.short());
    let work = model.case(order).map_or(&NOTHING, |case| case.work());
    let is_as_before = (&work.snooze, &work.handled) == (&before.snooze, &before.handled);
    if let Some(by) = work.put_away_by().filter(|by| **by != model.setup.author.who && !is_as_before) {
        return turn.say_with("undo.put_away_since", &[("order", &short), ("who", &name(by))], true);
    }
    let (command, said) = if let Some(snooze) = before.snooze_at(model.now()) {
        let at = until::shown(snooze.until, model.now(), &model.setup.zone, lang);
        let command = Command::Snooze { order, until: snooze.until, reason: snooze.reason.clone() };
        (command, lang.fill("undo.snoozed_again", &[("order", &short), ("at", &at)]))
    } else if let Some(handled) = before.handled.as_ref().filter(|handled| !handled.is_checked) {
        let command = Command::Handle { order, group: handled.cause };
        (command, lang.fill("undo.handled_again", &[("order", &short)]))
    } else {
        match put {
            Put::Snoozed => (Command::Wake(order), lang.fill("undo.snoozed", &[("order", &short)])),
            Put::Handled => (Command::Unhandle(order), lang.fill("undo.handled", &[("order", &short)])),
        }
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
