//! What follows every message: rows move again, the selection stays on screen, the desk learns what is looked at.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;

use super::turn::Turn;
use crate::{
    console::{
        ui::{Resting, SelectedBy},
        view::layout,
    },
    desk::hub::Command,
    domain::order::OrderNo,
};

/// The selection rests so long after a key that moved it. Keys that come sooner are a held key, or as good as one: most repeat
/// 25 to 40 times a second. Nobody has looked at the detail by then.
const RESTS_AFTER: Duration = Duration::from_millis(70);

/// The desk learns so long after a change which orders are on screen.
const WATCH_AFTER: SignedDuration = SignedDuration::from_millis(150);

/// What is snoozed comes back by this machine's clock, however far the vendor's is ahead of it by now.
pub(super) fn set_clock(turn: &mut Turn<'_>) {
    if !turn.ui.holds_rows() {
        let model = turn.model;
        turn.ui.list.on_clock(model.health.clock_offset, model.server_now(), &model.standstill);
    }
}

/// Lets the rows move again once nothing lies over them.
pub(super) fn release(turn: &mut Turn<'_>) {
    if !turn.ui.holds_rows()
        && let Some((queues, zone)) = turn.ui.saved.take()
    {
        turn.ui.views.on_saved(turn.ui.list.own(), &queues);
        turn.ui.list.set_up(queues, zone, turn.model.server_now());
        turn.ui.dirty = true;
    }
    if !turn.ui.held.is_empty() && !turn.ui.holds_rows() {
        let held = std::mem::take(&mut turn.ui.held);
        let cases = held.into_iter().filter_map(|order| turn.model.case(order).map(Arc::clone)).collect();
        turn.ui.list.put(cases, turn.model.server_now(), &turn.model.standstill);
        turn.ui.dirty = true;
    }
}

/// While orders come in after the start, what is most urgent stays selected, so that the table is seen from its top.
/// Later an order that leaves the rows which are shown gives the selection to its neighbour, unless it has the screen to
/// itself. Nothing moves under a key that is not known for what it is yet.
pub(super) fn settle(turn: &mut Turn<'_>) {
    let ui = &mut *turn.ui;
    if ui.typing.due().is_some() || ui.layers.show_detail() {
        return;
    }
    let before = ui.list.selected();
    match ui.selected_by {
        SelectedBy::Operator => ui.list.select_neighbour(),
        SelectedBy::Nobody => ui.list.select_row(0),
    }
    if ui.list.selected() != before {
        ui.scroll = 0;
    }
}

/// The detail follows a key at once, unless keys come faster than anybody reads.
///
/// `has_only_moved` says that until now the screen differed from what was drawn last by no more than that.
pub(super) fn rest(turn: &mut Turn<'_>, before: Option<OrderNo>, has_only_moved: bool) {
    let (up, now) = (turn.model.time.up, turn.model.now());
    let ui = &mut *turn.ui;
    let Some(before) = before.filter(|before| ui.list.selected() != Some(*before)) else { return };
    let is_repeated = ui.moved_at.replace(up).is_some_and(|at| up.saturating_sub(at) < RESTS_AFTER);
    let order = ui.resting.map_or(before, |resting| resting.order);
    ui.resting = is_repeated.then_some(Resting { order, until: now + RESTS_AFTER });
    ui.only_moved = has_only_moved && turn.only_moves;
}

/// The selection has come to rest, or the clock was set back meanwhile.
pub(super) fn come_to_rest(turn: &mut Turn<'_>) {
    let now = turn.model.now();
    turn.ui.resting.take_if(|resting| resting.until <= now || resting.until > now + RESTS_AFTER);
}

/// A key is meant for the order that was seen as selected, whatever has come since.
pub(super) fn on_touch(turn: &mut Turn<'_>) {
    if let Some(order) = turn.ui.meant {
        turn.ui.list.select(order);
    }
}

/// Keeps the selected row on screen.
pub(super) fn scroll_to_selection(turn: &mut Turn<'_>) {
    let page = layout::areas(turn.picture()).page().max(1);
    let ui = &mut *turn.ui;
    let Some(at) = ui.list.position() else {
        // It may not have been looked at yet: what was found is seen until then.
        if ui.list.is_looking() {
            ui.top = ui.top.min(ui.list.shown().saturating_sub(page));
        }
        return;
    };
    ui.top = ui.top.min(at).max((at + 1).saturating_sub(page));
    ui.top = ui.top.min(ui.list.shown().saturating_sub(page));
}

/// What has changed was seen when its order is selected by hand, or when its row has been on the screen for long enough.
pub(super) fn see(turn: &mut Turn<'_>, is_by_hand: bool) {
    if turn.ui.changed.is_empty() {
        return;
    }
    let page = layout::areas(turn.picture()).page();
    let is_chosen = is_by_hand && turn.ui.selected_by == SelectedBy::Operator;
    let selected = turn.picture().selected().filter(|_| is_chosen);
    let (ui, now) = (&mut *turn.ui, turn.model.now());
    // A frozen picture is looked at for what it was: what changes meanwhile is seen from its end on.
    let is_painted = ui.layers.painted().0 && layout::fits(ui.size) && ui.frozen_since.is_none();
    let visible = (ui.top..ui.top + page).take_while(|_| is_painted);
    let rows = visible.filter_map(|at| Some(ui.list.row(at)?.0.order.no));
    let any_seen = ui.changed.on_rows(rows, now);
    ui.dirty |= selected.is_some_and(|order| ui.changed.on_selected(order)) | any_seen;
}

/// Tells the desk which orders are on screen, once the picture has come to rest: nobody reads while scrolling.
pub(super) fn watch(turn: &mut Turn<'_>) {
    if turn.ui.resting.is_some() {
        turn.ui.watch_at = Some(turn.model.now() + WATCH_AFTER);
        return;
    }
    let page = layout::areas(turn.picture()).page();
    let selected = turn.picture().selected();
    let (ui, now) = (&mut *turn.ui, turn.model.now());
    let visible = (ui.top..ui.top + page).filter_map(|at| Some(ui.list.row(at)?.0.order.no));
    let on_screen: Vec<_> =
        selected.into_iter().chain(visible.filter(|order| Some(*order) != selected)).collect();
    match ui.watch_at {
        _ if on_screen == ui.watched => ui.watch_at = None,
        None => ui.watch_at = Some(now + WATCH_AFTER),
        Some(at) if at > now => {}
        Some(_) => {
            ui.watch_at = None;
            ui.watched.clone_from(&on_screen);
            turn.send(Command::Watch(on_screen));
        }
    }
}
