//! What was looked for: the one request, and what comes of it. Only somebody who waits for it, and does nothing else
//! meanwhile, is shown it.

use std::sync::Arc;

use super::{filter, turn::Turn, views};
use crate::{
    atlas::ReadError,
    console::{
        layer::{Layer, find::words},
        list::Hits,
        ui::{Awaited, SelectedBy},
    },
    desk::hub::{Command, Reply},
    domain::{find::Find, order::OrderNo, triage::Queue},
    lang::wire,
};

/// Asks the vendor, once. A single find is opened if that is wanted.
pub(super) fn ask(turn: &mut Turn<'_>, find: Find, opens: bool) {
    let what = words(turn.ui.lang, &find);
    turn.say_with("find.asking", &[("what", &what)], false);
    turn.ui.awaited = Some(Awaited::Finds { find: find.clone(), opens });
    turn.send(Command::Find(find));
}

/// The vendor has answered, or has not.
pub(super) fn on_reply(turn: &mut Turn<'_>, reply: Reply) {
    match reply {
        Reply::Found { find, orders, more } => on_found(turn, find, orders, more),
        Reply::NotFound { find, error } => on_failure(turn, &find, &error),
        _ => {}
    }
}

fn on_failure(turn: &mut Turn<'_>, find: &Find, error: &ReadError) {
    let lang = turn.ui.lang;
    forget(turn, find);
    let (what, said) = (words(lang, find), wire::read_error(lang, error));
    turn.say_with("find.failed", &[("what", &what), ("error", &said)], true);
}

/// Whether somebody still waits for it, and wants a single find opened.
fn forget(turn: &mut Turn<'_>, find: &Find) -> Option<bool> {
    let awaited = turn
        .ui
        .awaited
        .take_if(|awaited| matches!(awaited, Awaited::Finds { find: asked, .. } if asked == find));
    match awaited? {
        Awaited::Finds { opens, .. } => Some(opens),
        Awaited::Order(_) => None,
    }
}

fn on_found(turn: &mut Turn<'_>, find: Find, orders: Vec<OrderNo>, more: bool) {
    let awaited = forget(turn, &find);
    turn.ui.dirty = true;
    turn.ui.found.extend(&orders);
    let what = words(turn.ui.lang, &find);
    match (orders.as_slice(), awaited) {
        ([], _) => {
            let key = if matches!(find, Find::Route(..)) { "find.no_route" } else { "find.nothing" };
            turn.say_with(key, &[("what", &what)], true);
        }
        ([order], Some(true)) => arrive(turn, *order),
        // Whoever does something else by now is not torn away from it.
        (_, Some(_)) if turn.ui.layers.is_empty() => {
            let count = orders.len();
            show(turn, Hits { find, orders: Arc::new(orders.into_iter().collect()), more });
            let key = if more { "find.found_more" } else { "find.found" };
            turn.say_with(key, &[("count", &count), ("what", &what)], false);
        }
        _ => turn.say_with("find.joined", &[("count", &orders.len()), ("what", &what)], false),
    }
}

/// Looks at nothing but what was found, all of it.
pub(super) fn show(turn: &mut Turn<'_>, hits: Hits) {
    // It is another view, which has its rows also while those of the one before may not move.
    let (model, held) = (turn.model, &mut turn.ui.held);
    let missing = hits.orders.iter().filter(|order| held.remove(order));
    let missing = missing.filter_map(|order| model.case(*order).map(Arc::clone)).collect();
    turn.ui.list.put(missing, model.server_now(), &model.standstill);
    turn.ui.selected_by = SelectedBy::Operator;
    turn.ui.scroll = 0;
    turn.ui.filter.clear();
    filter::apply(turn);
    turn.ui.list.look_at_hits(Queue::All, Some(hits));
}

/// From what was found back to what was looked at before.
pub(super) fn leave(turn: &mut Turn<'_>) {
    let before = turn.ui.views.last().is_some_and(|(view, _)| view.hits.is_none());
    if before { views::back(turn) } else { turn.ui.list.look_at(turn.ui.list.tab()) }
}

/// Shows an order on the whole screen, whatever queue and filter leave.
pub(super) fn open(turn: &mut Turn<'_>, order: OrderNo) {
    turn.ui.selected_by = SelectedBy::Operator;
    turn.ui.list.select(order);
    turn.ui.scroll = 0;
    if !turn.ui.layers.show_detail() {
        turn.ui.layers.push(Layer::Detail);
    }
}

/// The order that was asked for has come, or not. Only somebody who waits for it, and does nothing else meanwhile, is shown
/// it.
pub(super) fn on_answer(turn: &mut Turn<'_>, order: OrderNo) {
    if turn.ui.awaited == Some(Awaited::Order(order)) {
        turn.ui.awaited = None;
        arrive(turn, order);
    }
}

/// Opens an order that has come, unless something else lies over the table by now: then it says where it is.
pub(super) fn arrive(turn: &mut Turn<'_>, order: OrderNo) {
    turn.ui.found.insert(order);
    if turn.model.case(order).is_none() {
        return;
    }
    if matches!(turn.ui.layers.top(), None | Some(Layer::Detail)) {
        turn.ui.remark.take_if(|remark| !remark.is_error);
        open(turn, order);
    } else {
        turn.say_with("find.has_come", &[("order", &order)], false);
    }
}
