//! Keys at the table, and in what lies over it.

use crossterm::event::KeyEvent;

use super::{
    alerts, baggage, columns, edit::edit, filter, find, found, marks, opening, prompt, put_away, recover,
    turn::Turn, undo, unknown, views, work,
};
use crate::{
    console::{
        action::{Action, Context},
        column::Column,
        layer::{Layer, prompt::Kind},
        list::queue::Tab,
        message::Effect,
        ui::SelectedBy,
        view::{detail, layout},
    },
    desk::hub::Command,
    domain::{stray_card::StrayCard, text::Text, triage::triage},
    lang::recovery,
};

pub(super) fn quit(turn: &mut Turn<'_>) {
    let is_open = turn.model.health.in_flight > 0 || turn.model.health.unwritten > 0;
    if is_open && !matches!(turn.ui.layers.top(), Some(Layer::Quit)) {
        turn.ui.layers.push(Layer::Quit);
    } else {
        turn.effects.push(Effect::Quit);
    }
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let Some(action) = action else { return unknown::say(turn, &key) };
    if !perform(turn, action) {
        unknown::say(turn, &key);
    }
}

/// Does what an action of the table or the detail does. False if it is none of theirs.
pub(super) fn perform(turn: &mut Turn<'_>, action: Action) -> bool {
    turn.ui.dirty = true;
    if action.chooses() {
        turn.ui.selected_by = SelectedBy::Operator;
    }
    let in_detail = turn.ui.layers.context() == Context::Detail;
    let page = isize::try_from(layout::areas(turn.picture()).page()).unwrap_or(1).max(1);
    let step = |turn: &mut Turn<'_>, by| {
        turn.ui.scroll = 0;
        turn.ui.list.step(by)
    };
    match action {
        Action::LineDown | Action::LineUp => scroll(turn, action == Action::LineDown, 1),
        Action::Down => {
            step(turn, 1);
        }
        Action::Up => drop(step(turn, -1)),
        Action::PageDown if !in_detail => drop(step(turn, page)),
        Action::PageUp if !in_detail => drop(step(turn, -page)),
        Action::PageDown | Action::ScrollDown => scroll(turn, true, 5),
        Action::PageUp | Action::ScrollUp => scroll(turn, false, 5),
        Action::First | Action::Last => {
            turn.ui.scroll = 0;
            turn.ui.list.select_row(if action == Action::First { 0 } else { usize::MAX });
        }
        Action::Next | Action::Previous => {
            let has_moved = step(turn, if action == Action::Next { 1 } else { -1 });
            if !has_moved {
                let end =
                    if action == Action::Next { "message.end_of_queue" } else { "message.start_of_queue" };
                turn.say(end, false);
            }
        }
        Action::Open => {
            turn.ui.scroll = 0;
            turn.ui.layers.push(Layer::Detail);
        }
        Action::Back | Action::LeaveDetail => back(turn),
        Action::Queue(queue) => turn.ui.list.look_at(queue),
        Action::LastView => views::back(turn),
        Action::OwnQueue(n) if n < turn.ui.list.own().len() => turn.ui.list.look_at(Tab::Own(n)),
        Action::OwnQueue(_) => turn.say("message.no_such_queue", false),
        Action::NextQueue => {
            let list = &mut turn.ui.list;
            let next = list.tabs().nth(list.tab().place() + 1);
            list.look_at(next.unwrap_or(Tab::at(0)));
        }
        Action::Filter => turn.ui.layers.push(Layer::Filter),
        Action::Columns => columns::open(turn),
        Action::Find => find::open(turn),
        Action::Sort => turn.ui.layers.push(Layer::Sort),
        Action::Pay => open_form(turn),
        Action::Recover => recover::open(turn),
        Action::Baggage => baggage::open(turn),
        Action::Commit => {
            if let Some(order) = turn.picture().selected() {
                opening::commit(turn, order);
            }
        }
        Action::Note => {
            let orders = marks::meant(turn);
            prompt::open(turn, Kind::Note, orders);
        }
        Action::Take => work::take(turn),
        Action::Release => work::release(turn),
        Action::Snooze => put_away::snooze(turn),
        Action::Handle => put_away::handle(turn),
        Action::Refresh => marks::refresh(turn),
        Action::Mark => marks::toggle(turn),
        Action::Range => marks::range(turn),
        Action::Export => marks::open_export(turn),
        Action::Handover => marks::open_handover(turn),
        Action::RefreshAll => {
            turn.send(Command::RefreshAll);
            turn.say("message.asking_all", false);
        }
        Action::Freeze => {
            turn.ui.frozen_since = if turn.ui.frozen_since.is_some() { None } else { Some(turn.model.now()) };
        }
        Action::ToggleNarration => turn.ui.narration_hidden ^= true,
        Action::TogglePane => turn.ui.pane = !turn.ui.pane,
        Action::Copy => {
            if let Some(order) = turn.picture().selected() {
                turn.effects.push(Effect::Copy(Text::new(order.as_str())));
                turn.say_with("message.copied", &[("text", &order)], false);
            }
        }
        Action::Language => turn.ui.lang = turn.ui.lang.other(),
        Action::Alerts => alerts::open(turn),
        Action::Log | Action::Help => {
            turn.ui.overlay_scroll = 0;
            turn.ui.search.reset();
            turn.ui.layers.push(if action == Action::Log { Layer::Log } else { Layer::Help });
        }
        Action::Undo => undo::undo(turn),
        Action::Mouse => toggle_mouse(turn),
        Action::Redraw => turn.effects.push(Effect::Redraw),
        Action::Quit => quit(turn),
        _ => return false,
    }
    true
}

/// Scrolls the detail.
pub(super) fn scroll(turn: &mut Turn<'_>, down: bool, by: usize) {
    let hidden = detail::hidden_lines(turn.picture(), layout::areas(turn.picture()).detail);
    let scroll = &mut turn.ui.scroll;
    *scroll = if down { *scroll + by } else { scroll.saturating_sub(by) }.min(hidden);
}

/// Takes the mouse from the terminal, or gives it back, and says which.
fn toggle_mouse(turn: &mut Turn<'_>) {
    let mouse = &mut turn.ui.mouse;
    mouse.is_ours = !mouse.is_ours;
    mouse.rows.clear();
    let is_ours = mouse.is_ours;
    turn.effects.push(Effect::CaptureMouse(is_ours));
    let key = turn.model.setup.keymap.label(Context::Table, Action::Mouse);
    let text = if is_ours { "message.mouse_ours" } else { "message.mouse_theirs" };
    turn.say_with(text, &[("key", &key)], false);
}

/// Esc: dismisses an error first, then a layer, then the range or the marks, then the filter, then what was found.
fn back(turn: &mut Turn<'_>) {
    let ui = &mut *turn.ui;
    let is_done =
        ui.remark.take().is_some() || ui.layers.pop().is_some() || ui.marks.drop_range() || ui.marks.clear();
    if is_done {
        return;
    }
    if turn.ui.list.is_filtered() {
        filter::clear(turn);
    } else if turn.ui.list.hits().is_some() {
        found::leave(turn);
    }
}

fn open_form(turn: &mut Turn<'_>) {
    let model = turn.model;
    let Some(case) = turn.picture().selected().and_then(|order| model.case(order)) else { return };
    let reason = triage(case, model.shown_clocks(case)).reason;
    if reason.is_final() {
        turn.send(Command::Inspect(case.order.no));
        let why = recovery::cause(turn.ui.lang, &reason, &case.order);
        let key = model.setup.keymap.label(Context::Table, Action::Recover);
        return turn.say_with("message.not_paid_itself", &[("why", &why), ("key", &key)], true);
    }
    opening::pay(turn, case.order.no);
}

pub(super) fn press_sort(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    turn.ui.layers.pop();
    if let Some(column) = key.code.as_char().and_then(Column::of_letter) {
        turn.ui.list.sort(column);
    } else if action != Some(Action::Close) {
        unknown::say(turn, &key);
    }
}

pub(super) fn press_overlay(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    match action {
        Some(Action::LineDown | Action::LineUp) => scroll_overlay(turn, action == Some(Action::LineDown), 1),
        Some(Action::PageDown | Action::PageUp) => scroll_overlay(turn, action == Some(Action::PageDown), 10),
        Some(Action::Language) => turn.ui.lang = turn.ui.lang.other(),
        Some(Action::Search) => turn.ui.layers.push(Layer::Search),
        Some(Action::Close) => drop(turn.ui.layers.pop()),
        _ => unknown::say(turn, &key),
    }
}

/// Scrolls the help or the log.
pub(super) fn scroll_overlay(turn: &mut Turn<'_>, down: bool, by: usize) {
    let scroll = &mut turn.ui.overlay_scroll;
    *scroll = if down { *scroll + by } else { scroll.saturating_sub(by) };
}

/// What the help or the log is searched for.
pub(super) fn press_search(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    match action {
        Some(Action::KeepSearch) => drop(turn.ui.layers.pop()),
        Some(Action::ClearSearch) => {
            turn.ui.search.reset();
            turn.ui.layers.pop();
        }
        _ => {
            edit(&mut turn.ui.search, &key);
            turn.ui.overlay_scroll = 0;
            // What is typed here is shown.
            if StrayCard::find(turn.ui.search.value()).is_some() {
                turn.ui.search.reset();
                turn.say("message.card_not_here", true);
            }
        }
    }
}
