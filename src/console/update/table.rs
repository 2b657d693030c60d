//! Keys at the table, in the filter, and in what lies over the table.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::{edit, recover, unknown};
use crate::{
    console::{
        form::PayForm,
        keymap::{self, Action},
        list::SortBy,
        message::Effect,
        state::{Layer, State},
        view::layout,
    },
    desk::handle::Command,
    domain::{mask::holds_card_number, text::Text, triage::Queue},
};

pub(super) fn quit(state: &mut State, effects: &mut Vec<Effect>) {
    let is_open = state.health.in_flight > 0 || state.health.unwritten > 0;
    if is_open && !matches!(state.layers.last(), Some(Layer::Quit)) {
        state.layers.push(Layer::Quit);
    } else {
        effects.push(Effect::Quit);
    }
}

pub(super) fn press(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let Some(action) = keymap::action(&key) else { return unknown::say(state, &key) };
    let in_detail = matches!(state.layers.last(), Some(Layer::Detail));
    let page = isize::try_from(layout::areas(state).page()).unwrap_or(1).max(1);
    let step = |state: &mut State, by| {
        state.scroll = 0;
        state.list.step(by)
    };
    match action {
        Action::Down | Action::Up if in_detail => scroll(state, action == Action::Down, 1),
        Action::Down => {
            step(state, 1);
        }
        Action::Up => drop(step(state, -1)),
        Action::PageDown if !in_detail => drop(step(state, page)),
        Action::PageUp if !in_detail => drop(step(state, -page)),
        Action::PageDown | Action::ScrollDown => scroll(state, true, 5),
        Action::PageUp | Action::ScrollUp => scroll(state, false, 5),
        Action::First => drop(step(state, isize::MIN)),
        Action::Last => drop(step(state, isize::MAX)),
        Action::Next | Action::Previous => {
            if !step(state, if action == Action::Next { 1 } else { -1 }) {
                let text = state.lang().text("message.end_of_queue").to_owned();
                state.say(text, false);
            }
        }
        Action::Open => {
            if !in_detail && state.list.selected_case().is_some() {
                state.scroll = 0;
                state.layers.push(Layer::Detail);
            }
        }
        Action::Back => back(state),
        Action::Queue(number) => {
            if let Some(queue) = Queue::ALL.get(usize::from(number) - 1) {
                state.list.look_at(*queue);
            }
        }
        Action::Filter => state.layers.push(Layer::Filter),
        Action::Sort => state.layers.push(Layer::Sort),
        Action::Pay => open_form(state, effects),
        Action::Recover => recover::open(state, effects),
        Action::Refresh => {
            if let Some(order) = state.list.selected() {
                effects.push(Effect::Send(Command::Inspect(order)));
                let text = state.lang().fill("message.asking", &[("order", &order.short())]);
                state.say(text, false);
            }
        }
        Action::RefreshAll => {
            effects.push(Effect::Send(Command::RefreshAll));
            let text = state.lang().text("message.asking_all").to_owned();
            state.say(text, false);
        }
        Action::Freeze => {
            state.frozen_since = if state.frozen_since.is_some() { None } else { Some(state.now) };
        }
        Action::ToggleNarration => state.narration_hidden ^= true,
        Action::TogglePane => state.pane = !state.pane,
        Action::Copy => {
            if let Some(order) = state.list.selected() {
                effects.push(Effect::Copy(Text::new(order.as_str())));
                let text = state.lang().fill("message.copied", &[("text", &order)]);
                state.say(text, false);
            }
        }
        Action::Language => state.setup.lang = state.setup.lang.other(),
        Action::Log | Action::Help => {
            state.overlay_scroll = 0;
            state.layers.push(if action == Action::Log { Layer::Log } else { Layer::Help });
        }
        Action::Redraw => effects.push(Effect::Redraw),
        // Taken before any layer, since it works on every screen.
        Action::Suspend => {}
        Action::Quit => quit(state, effects),
    }
}

fn scroll(state: &mut State, down: bool, by: usize) {
    state.scroll = if down { state.scroll + by } else { state.scroll.saturating_sub(by) };
    state.scroll = state.scroll.min(layout::detail_overflow(state));
}

/// Esc: dismisses an error first, then a layer, then the filter.
fn back(state: &mut State) {
    if state.remark.take().is_none() && state.layers.pop().is_none() && state.list.is_filtered() {
        state.filter = Input::default();
        state.list.filter("");
    }
}

fn open_form(state: &mut State, effects: &mut Vec<Effect>) {
    let refuse = |state: &mut State, key| {
        let text = state.lang().text(key).to_owned();
        state.say(text, true);
    };
    if state.setup.read_only {
        return refuse(state, "message.read_only");
    }
    let Some(case) = state.selected_case().map(Arc::clone) else { return };
    if state.stale_for().is_some() {
        return refuse(state, "message.stale");
    }
    let form = PayForm::open(&state.situation(&case));
    effects.push(Effect::Send(Command::Inspect(form.order)));
    state.remark = None;
    state.layers.push(Layer::Pay(Box::new(form)));
}

pub(super) fn press_filter(state: &mut State, key: KeyEvent) {
    match key.code {
        KeyCode::Esc => {
            state.filter = Input::default();
            state.layers.pop();
        }
        KeyCode::Enter => drop(state.layers.pop()),
        KeyCode::Down | KeyCode::Up => {
            state.list.step(if key.code == KeyCode::Down { 1 } else { -1 });
            return;
        }
        _ => edit(&mut state.filter, &key),
    }
    // What is typed here is shown.
    if holds_card_number(state.filter.value()) {
        state.filter = Input::default();
        let text = state.lang().text("message.card_not_here").to_owned();
        state.say(text, true);
    }
    state.list.filter(state.filter.value());
}

pub(super) fn press_sort(state: &mut State, key: KeyEvent) {
    state.layers.pop();
    let chosen = SortBy::ALL.into_iter().find(|(_, letter, _)| key.code == KeyCode::Char(*letter));
    match chosen {
        Some((sort, ..)) => state.list.sort(sort),
        None if key.code == KeyCode::Esc => {}
        None => unknown::say(state, &key),
    }
}

pub(super) fn press_overlay(state: &mut State, key: KeyEvent) {
    match keymap::action(&key) {
        Some(Action::Down) => state.overlay_scroll += 1,
        Some(Action::Up) => state.overlay_scroll = state.overlay_scroll.saturating_sub(1),
        Some(Action::PageDown) => state.overlay_scroll += 10,
        Some(Action::PageUp) => state.overlay_scroll = state.overlay_scroll.saturating_sub(10),
        Some(Action::Language) => state.setup.lang = state.setup.lang.other(),
        Some(Action::Quit | Action::Back | Action::Help | Action::Log | Action::Open) => {
            drop(state.layers.pop());
        }
        _ => unknown::say(state, &key),
    }
}
