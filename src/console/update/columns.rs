//! Keys in the pane of the columns. The table follows each of them.

use crossterm::event::KeyEvent;

use super::{turn::Turn, unknown};
use crate::console::{
    action::Action,
    column::Fitted,
    layer::{Layer, columns::ColumnsForm},
    view::{layout, table},
};

/// Opens the pane over the table, also from the detail.
pub(super) fn open(turn: &mut Turn<'_>) {
    turn.ui.layers.close_detail();
    let width = layout::areas(turn.picture()).table.width;
    let usual = Fitted::in_table(None, table::room(width), true);
    let form = ColumnsForm::open(turn.ui.columns.as_ref(), &usual);
    turn.ui.layers.push(Layer::Columns(Box::new(form)));
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let seen = table::columns_in(turn.picture(), layout::areas(turn.picture()).table.width);
    let Some(Layer::Columns(form)) = turn.ui.layers.top_mut() else { return };
    match action {
        Some(Action::NextColumn | Action::PreviousColumn) => form.step(action == Some(Action::NextColumn)),
        Some(Action::TickColumn) => form.tick(),
        Some(Action::ColumnLater | Action::ColumnEarlier) => form.shift(action == Some(Action::ColumnLater)),
        Some(Action::Wider) => form.resize(1, &seen),
        Some(Action::Narrower) => form.resize(-1, &seen),
        Some(Action::UsualColumns) => form.reset(),
        Some(Action::KeepColumns) => {
            turn.ui.layers.pop();
            return;
        }
        Some(Action::DropColumns) => {
            turn.ui.columns = form.before().cloned();
            turn.ui.layers.pop();
            return;
        }
        _ => return unknown::say(turn, &key),
    }
    turn.ui.columns = form.chosen().cloned();
}
