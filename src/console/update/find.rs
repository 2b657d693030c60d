//! Looking for orders at the vendor: the prompt, the one request, and what was found.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::{edit::edit, jump, turn::Turn, views};
use crate::{
    atlas::ReadError,
    console::{
        action::Action,
        find::{FindPrompt, Unread, Wanted, example, name, read, words},
        layer::Layer,
        list::Hits,
        ui::{Awaited, SelectedBy},
    },
    desk::hub::{Command, Reply},
    domain::{find::Find, order::OrderNo, stray_card::StrayCard, triage::Queue},
    lang::wire,
};

/// Opens the prompt.
pub(super) fn open(turn: &mut Turn<'_>) {
    turn.ui.remark = None;
    turn.ui.layers.push(Layer::Find(Box::default()));
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let Some(Layer::Find(prompt)) = turn.ui.layers.top_mut() else { return };
    match action {
        Some(Action::LeaveFind) => drop(turn.ui.layers.pop()),
        Some(Action::AskVendor) => {
            let typed = read(prompt.input.value());
            on_typed(turn, typed);
        }
        _ => {
            edit(&mut prompt.input, &key);
            // What is typed here is shown.
            if StrayCard::find(prompt.input.value()).is_some() {
                **prompt = FindPrompt::default();
                turn.say("message.card_not_here", true);
            }
        }
    }
}

fn on_typed(turn: &mut Turn<'_>, typed: Result<Wanted, Unread>) {
    let lang = turn.ui.lang;
    match typed {
        Ok(wanted) => {
            turn.ui.layers.pop();
            match wanted {
                Wanted::Jump(jump) => jump::go(turn, jump),
                Wanted::Find(find) => ask(turn, find, false),
            }
        }
        Err(Unread::Empty) => drop(turn.ui.layers.pop()),
        Err(Unread::Form) => turn.say("find.no_form", true),
        Err(Unread::Value(kind)) => turn.say_with(
            "find.no_value",
            &[("field", &name(lang, kind)), ("example", &example(lang, kind))],
            true,
        ),
    }
}

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
        ([order], Some(true)) => jump::arrive(turn, *order),
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
    super::filter::apply(turn);
    turn.ui.list.look_at_hits(Queue::All, Some(hits));
}

/// From what was found back to what was looked at before.
pub(super) fn leave(turn: &mut Turn<'_>) {
    let before = turn.ui.views.last().is_some_and(|(view, _)| view.hits.is_none());
    if before { views::back(turn) } else { turn.ui.list.look_at(turn.ui.list.queue()) }
}
