//! Marks, and what is done with all orders that are marked: only what is harmless.

use crossterm::event::KeyEvent;

use super::{turn::Turn, unknown};
use crate::{
    console::{action::Action, export::Subject, layer::Layer, message::Effect},
    desk::hub::Command,
    domain::order::OrderNo,
};

/// Marks the selected order, or takes its mark away, and goes on to the next row. A range is kept instead.
pub(super) fn toggle(turn: &mut Turn<'_>) {
    if keep_range(turn) {
        return;
    }
    if let Some(order) = turn.picture().selected() {
        turn.ui.marks.toggle(order);
        turn.ui.list.step(1);
        turn.ui.scroll = 0;
    }
}

/// Begins a range at the selected order, or keeps the one that was begun.
pub(super) fn range(turn: &mut Turn<'_>) {
    if keep_range(turn) {
        return;
    }
    if let Some(order) = turn.picture().selected() {
        turn.ui.marks.begin_range(order);
        let text = turn.ui.lang.text("message.range").to_owned();
        turn.hint(text);
    }
}

/// Marks what stands in the range. False if none was begun.
fn keep_range(turn: &mut Turn<'_>) -> bool {
    let Some(range) = turn.picture().range() else { return false };
    let list = &turn.ui.list;
    turn.ui.marks.keep(range.filter_map(|at| list.row(at)).map(|(case, _)| case.order.no));
    true
}

/// A range ends when the order that it was begun at has left the rows which are shown.
pub(super) fn settle(turn: &mut Turn<'_>) {
    let from = turn.ui.marks.range_from();
    if from.is_some_and(|order| !turn.ui.list.shows(order)) {
        turn.ui.marks.drop_range();
    }
}

/// The marked orders, or the selected one if none is marked. Beside an order that has the screen to itself nobody sees
/// what is marked: there it is that one.
pub(super) fn meant(turn: &mut Turn<'_>) -> Vec<OrderNo> {
    let picture = turn.picture();
    let one = picture.selected();
    if picture.ui.layers.show_detail() {
        return one.into_iter().collect();
    }
    let marked = picture.marked();
    if marked.is_empty() {
        return one.into_iter().collect();
    }
    keep_range(turn);
    marked
}

/// Asks for the selected order at once, or for all that are marked, one after the other as the budget allows.
pub(super) fn refresh(turn: &mut Turn<'_>) {
    let orders = meant(turn);
    if let [order] = orders[..] {
        turn.send(Command::Inspect(order));
        return turn.say_with("message.asking", &[("order", &order.short())], false);
    }
    for order in turn.ui.bulk.get_or_insert_default().add(&orders) {
        turn.send(Command::Refresh(order));
    }
    let what = turn.picture().marked_words();
    turn.say_with("message.asking_marked", &[("marked", &what)], false);
}

/// What was asked of an order has ended. True if it was one of several, of which no more is said than how far they are.
pub(super) fn on_end(turn: &mut Turn<'_>, order: OrderNo, is_answered: bool) -> bool {
    let Some(bulk) = turn.ui.bulk.as_mut().filter(|bulk| bulk.waits_for(order)) else { return false };
    bulk.on_end(order, is_answered);
    turn.ui.dirty = true;
    let ((asked, total), unanswered) = (bulk.asked(), bulk.unanswered());
    if asked == total {
        turn.ui.bulk = None;
        let key = if unanswered == 0 { "message.asked" } else { "message.asked_some" };
        turn.say_with(key, &[("count", &total), ("unanswered", &unanswered)], unanswered > 0);
    }
    true
}

/// Opens the choice of a format.
pub(super) fn open_export(turn: &mut Turn<'_>) {
    let subject = turn.picture().export_subject();
    match subject {
        _ if turn.model.setup.exports.is_none() => turn.say("export.no_folder", true),
        None => turn.say("export.nothing", true),
        Some(subject) => {
            if subject == Subject::Marked {
                keep_range(turn);
            }
            turn.ui.layers.push(Layer::Export(subject));
        }
    }
}

/// Opens the choice of a format for the handover.
pub(super) fn open_handover(turn: &mut Turn<'_>) {
    if turn.model.setup.exports.is_none() {
        return turn.say("export.no_folder", true);
    }
    turn.ui.layers.push(Layer::Export(Subject::Handover));
}

/// Exports in the format that was chosen. Any other key closes the choice.
pub(super) fn press_export(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let Some(Layer::Export(subject)) = turn.ui.layers.pop() else { return };
    let Some(Action::ExportAs(format)) = action else {
        if action != Some(Action::Close) {
            unknown::say(turn, &key);
        }
        return;
    };
    match turn.picture().export(subject, format) {
        Some(file) => turn.effects.push(Effect::Export(Box::new(file))),
        None => turn.say("export.nothing", true),
    }
}
