//! What a click and the wheel do: they look and select, and nothing else.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::{
    table::{self, scroll},
    turn::Turn,
};
use crate::console::{
    action::{Action, Context},
    list::queue::Tab,
    ui::SelectedBy,
    view::{
        layout::{self, Areas},
        pane, queues,
    },
};

/// Rows or lines that one notch of the wheel is.
const NOTCH: usize = 3;

/// The rows that a click can meet are those of the frame that was seen.
pub(super) fn on_drawn(turn: &mut Turn<'_>) {
    if !turn.ui.mouse.is_ours {
        return;
    }
    let page = layout::areas(turn.picture()).page();
    let ui = &mut *turn.ui;
    let rows = (ui.top..ui.top + page).map_while(|at| Some(ui.list.row(at)?.0.order.no));
    ui.mouse.rows = rows.collect();
}

/// Something was done with the mouse.
pub(super) fn on_mouse(turn: &mut Turn<'_>, event: MouseEvent) {
    // A key that is not known for what it is yet was meant for what was selected before.
    if !turn.ui.mouse.is_ours || turn.ui.typing.due().is_some() || !layout::fits(turn.ui.size) {
        return;
    }
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => click(turn, at),
        MouseEventKind::ScrollDown => wheel(turn, at, true),
        MouseEventKind::ScrollUp => wheel(turn, at, false),
        _ => {}
    }
}

fn click(turn: &mut Turn<'_>, at: Position) {
    if turn.ui.layers.context() != Context::Table {
        return;
    }
    let areas = layout::areas(turn.picture());
    if areas.queues.contains(at) {
        if let Some(tab) = queues::at(turn.picture(), areas.queues, at.x) {
            let action = match tab {
                Tab::BuiltIn(queue) => Action::Queue(queue),
                Tab::Own(own) => Action::OwnQueue(own),
            };
            table::perform(turn, action);
        }
    } else if let Some(order) = row(&areas, at).and_then(|row| turn.ui.mouse.rows.get(row).copied()) {
        turn.ui.dirty = true;
        turn.ui.selected_by = SelectedBy::Operator;
        turn.ui.scroll = 0;
        turn.ui.list.select(order);
    }
}

/// Which row of the table, counted from the first that is visible.
fn row(areas: &Areas, at: Position) -> Option<usize> {
    let Rect { x, y, width, height } = pane::inside(areas.table);
    let rows = Rect { x, y: y + 1, width, height: height.saturating_sub(1) };
    rows.contains(at).then(|| usize::from(at.y - rows.y))
}

fn wheel(turn: &mut Turn<'_>, at: Position, down: bool) {
    turn.ui.dirty = true;
    let context = turn.ui.layers.context();
    let areas = layout::areas(turn.picture());
    match context {
        Context::Overlay => table::scroll_overlay(turn, down, NOTCH),
        Context::Detail => scroll(turn, down, NOTCH),
        Context::Table if areas.detail.is_some_and(|detail| detail.contains(at)) => scroll(turn, down, NOTCH),
        Context::Table => {
            let action = if down { Action::Down } else { Action::Up };
            for _ in 0..NOTCH {
                table::perform(turn, action);
            }
        }
        _ => {}
    }
}
