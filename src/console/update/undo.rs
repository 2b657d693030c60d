//! Taking back what was done last.

use tui_input::Input;

use super::{filter, turn::Turn};
use crate::console::{
    column,
    layer::Layer,
    undo::{Done, Look},
};

/// Notices that the orders are looked at in another way than before.
pub(super) fn notice(turn: &mut Turn<'_>) {
    let ui = &mut *turn.ui;
    if !ui.layers.iter().any(|layer| matches!(layer, Layer::Filter)) {
        ui.undo.on_look(&ui.filter, &ui.list);
    }
}

/// Takes back what was done last, and says what that was.
pub(super) fn undo(turn: &mut Turn<'_>) {
    match turn.ui.undo.pop() {
        None => turn.say("undo.nothing", false),
        Some(Done::Looked(look)) => look_again(turn, look),
        Some(Done::Paid(order)) => turn.say_with("undo.paid", &[("order", &order.short())], true),
        Some(Done::Sent(order)) => turn.say_with("undo.sent", &[("order", &order.short())], true),
    }
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
    turn.ui.undo.on_restored(look);
    turn.say_text(said.join(lang.pick(" ", "")), false);
}
