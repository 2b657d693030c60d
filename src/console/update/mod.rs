//! What a message does to the state. Nothing here touches the terminal, the network or the clock.

mod form;
mod news;
mod recover;
mod table;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use jiff::{SignedDuration, Timestamp};
use tui_input::{Input, InputRequest};
use zeroize::Zeroize;

use super::{
    form::{DEAF_FOR, Focus, PayForm, Step},
    message::{Effect, Message},
    recover::Asking,
    state::{Layer, REMARK_LASTS, State, situation},
    view::layout,
};
use crate::{
    desk::handle::Command,
    domain::{order::OrderNo, payable::Situation},
};

/// A pasted text is cut after so many characters.
const PASTE_LIMIT: usize = 4_096;

/// The desk hears so long after a change which orders are on screen.
const WATCH_AFTER: SignedDuration = SignedDuration::from_millis(150);

/// A second C-c within this time leaves.
const QUIT_TWICE: SignedDuration = SignedDuration::from_secs(3);

/// Takes in a message at the time `now`; returns what is to be done outside.
pub fn update(state: &mut State, message: Message, now: Timestamp) -> Vec<Effect> {
    state.now = now;
    let mut effects = Vec::new();
    match message {
        Message::Key(key) if key.kind != KeyEventKind::Release => {
            state.dirty = true;
            if state.remark.as_ref().is_some_and(|remark| !remark.is_error) {
                state.remark = None;
            }
            press(state, key, &mut effects);
        }
        Message::Key(_) => {}
        Message::Paste(mut text) => {
            state.dirty = true;
            state.pasted_at = Some(state.now);
            paste(state, &text);
            text.zeroize();
        }
        Message::Resized(columns, rows) => {
            state.dirty = true;
            state.size = (columns, rows);
            effects.push(Effect::Redraw);
        }
        Message::News(news) => news::take_in(state, *news, &mut effects),
        Message::Woke => pass_time(state),
        Message::Drawn => drawn(state),
        Message::Stop => effects.push(Effect::Quit),
    }
    release_rows(state);
    state.scroll_to_selection();
    watch(state, &mut effects);
    effects
}

/// Tells the desk which orders are on screen, once the picture has come to rest: nobody reads while scrolling.
fn watch(state: &mut State, effects: &mut Vec<Effect>) {
    let page = layout::areas(state).page();
    let selected = state.list.selected();
    let visible = (state.top..state.top + page).filter_map(|at| Some(state.list.row(at)?.0.order.no));
    let on_screen: Vec<_> =
        selected.into_iter().chain(visible.filter(|order| Some(*order) != selected)).collect();
    match state.watch_at {
        _ if on_screen == state.watched => state.watch_at = None,
        None => state.watch_at = Some(state.now + WATCH_AFTER),
        Some(at) if at > state.now => {}
        Some(_) => {
            state.watch_at = None;
            state.watched.clone_from(&on_screen);
            effects.push(Effect::Send(Command::Watch(on_screen)));
        }
    }
}

/// Lets the rows move again once nothing lies over them.
fn release_rows(state: &mut State) {
    if !state.held.is_empty() && !state.holds_rows() {
        let held = std::mem::take(&mut state.held);
        state.list.put(held.into_values().collect(), state.server_now());
        state.dirty = true;
    }
}

fn drawn(state: &mut State) {
    let now = state.now;
    if let Some(Layer::Pay(form)) = state.layers.last_mut()
        && let Step::Confirming(confirmation) = &mut form.step
    {
        confirmation.drawn_at.get_or_insert(now);
    }
}

fn pass_time(state: &mut State) {
    state.dirty = true;
    let (now, server_now) = (state.now, state.server_now());
    if !state.holds_rows() {
        state.list.pass_time(server_now);
    }
    if state
        .remark
        .as_ref()
        .is_some_and(|remark| !remark.is_error && now.duration_since(remark.since) >= REMARK_LASTS)
    {
        state.remark = None;
    }
    if let Some(form) = form_mut(state) {
        form.pass_time(now);
    }
}

fn form_mut(state: &mut State) -> Option<&mut PayForm> {
    state
        .layers
        .iter_mut()
        .find_map(|layer| if let Layer::Pay(form) = layer { Some(&mut **form) } else { None })
}

/// Runs `change` on the open form with what the rules need, if the form and its order are there.
fn with_form<T>(
    state: &mut State,
    order: OrderNo,
    change: impl FnOnce(&mut PayForm, &Situation<'_>) -> T,
) -> Option<T> {
    let case = Arc::clone(state.case(order)?);
    let now = state.server_now();
    let State { setup, balances, refusals, layers, .. } = state;
    let form =
        layers.iter_mut().find_map(|layer| if let Layer::Pay(form) = layer { Some(form) } else { None })?;
    Some(change(form, &situation(setup, balances, refusals, now, &case)))
}

/// A key goes to the top layer first.
fn press(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    if key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL) {
        let again = state.quit_asked.is_some_and(|at| state.now.duration_since(at) <= QUIT_TWICE);
        state.quit_asked = Some(state.now);
        if again {
            return table::quit(state, effects);
        }
        let text = state.lang().text("message.quit_again").to_owned();
        return state.say(text, false);
    }
    if is_deaf(state) {
        return;
    }
    match state.layers.last() {
        Some(Layer::Filter) => table::press_filter(state, key),
        Some(Layer::Sort) => table::press_sort(state, key),
        Some(Layer::Pay(_)) => form::press(state, key, effects),
        Some(Layer::Recover(_)) => recover::press(state, key, effects),
        Some(Layer::Log | Layer::Help) => table::press_overlay(state, key),
        Some(Layer::Quit) => {
            state.layers.pop();
            if key.code == KeyCode::Char('y') {
                effects.push(Effect::Quit);
            }
        }
        Some(Layer::Detail) | None => table::press(state, key, effects),
    }
}

/// What follows a paste at once may be its own tail, behind an end that was part of it: it may be written into a text
/// field, and is no command and no answer.
fn is_deaf(state: &State) -> bool {
    let since = state.pasted_at.map(|at| state.now.duration_since(at));
    let writes = match state.layers.last() {
        Some(Layer::Filter) => true,
        Some(Layer::Pay(form)) => {
            matches!((&form.step, form.focus), (Step::Filling, Focus::Field(_)))
        }
        Some(Layer::Recover(form)) => matches!(form.asking, Asking::Note(_)),
        _ => false,
    };
    since.is_some_and(|since| !since.is_negative() && since < DEAF_FOR) && !writes
}

/// A paste goes into a text field, or nowhere; it never submits, confirms or commands.
fn paste(state: &mut State, text: &str) {
    let mut clean: String = text.chars().take(PASTE_LIMIT).filter(|c| !c.is_control()).collect();
    let filtering = matches!(state.layers.last(), Some(Layer::Filter));
    if filtering {
        insert(&mut state.filter, &clean);
        return state.list.filter(state.filter.value());
    }
    if let Some(Layer::Recover(form)) = state.layers.last_mut()
        && let Asking::Note(input) = &mut form.asking
    {
        return insert(input, &clean);
    }
    let now = state.now;
    let taken = form_mut(state).is_some_and(|form| {
        form.touched_at = now;
        match (&form.step, form.focus) {
            (Step::Filling, Focus::Field(field)) => {
                form::paste(form, field, &clean);
                true
            }
            (Step::Confirming(_), _) => {
                form.remark = Some("form.paste_refused");
                true
            }
            _ => false,
        }
    });
    if !taken {
        let text = state.lang().text("message.paste_nowhere").to_owned();
        state.say(text, false);
    }
    clean.zeroize();
}

fn insert(input: &mut Input, text: &str) {
    for c in text.chars() {
        input.handle(InputRequest::InsertChar(c));
    }
}

/// The usual keys of a text field.
fn edit(input: &mut Input, key: &KeyEvent) {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let request = match key.code {
        KeyCode::Char('w') if ctrl => InputRequest::DeletePrevWord,
        KeyCode::Char('u') if ctrl => InputRequest::DeleteLine,
        KeyCode::Char('a') if ctrl => InputRequest::GoToStart,
        KeyCode::Char('e') if ctrl => InputRequest::GoToEnd,
        KeyCode::Char(c) if !ctrl && !key.modifiers.contains(KeyModifiers::ALT) => {
            InputRequest::InsertChar(c)
        }
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return,
    };
    input.handle(request);
}
