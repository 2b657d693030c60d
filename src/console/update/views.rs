//! Views: each change is noted, and the last one is gone back to.

use super::{filter, turn::Turn};
use crate::console::{action::Context, list::views::View, ui::SelectedBy};

/// Takes note of what is looked at. While a filter is typed nothing is at rest.
pub(super) fn note(turn: &mut Turn<'_>) {
    let ui = &mut *turn.ui;
    if ui.layers.context() != Context::Filter {
        ui.views.note(&ui.list, ui.filter.value());
    }
}

/// Back to the view before: its queue, filter and order of rows, with what was selected.
pub(super) fn back(turn: &mut Turn<'_>) {
    let Some((view, selected)) = turn.ui.views.last().cloned() else {
        return turn.say("message.no_last_view", false);
    };
    look(turn, view);
    if let Some(order) = selected.filter(|order| turn.ui.list.case(*order).is_some()) {
        turn.ui.list.select(order);
    }
    turn.ui.list.select_neighbour();
}

/// Looks at a view.
pub(super) fn look(turn: &mut Turn<'_>, view: View) {
    let View { queue, hits, filter: text, sort: (sort, reversed) } = view;
    turn.ui.selected_by = SelectedBy::Operator;
    turn.ui.scroll = 0;
    if turn.ui.list.sorted_by() != (sort, reversed) {
        turn.ui.list.sort_by(sort, reversed);
    }
    turn.ui.list.look_at_hits(queue, hits);
    turn.ui.filter.set(&text);
    filter::apply(turn);
}
