//! What a message does to the state. Nothing here touches the terminal, the network or the clock.

mod form;
mod keys;
mod news;
mod paste;
mod recover;
mod table;
mod unknown;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use jiff::SignedDuration;
use tui_input::{Input, InputRequest};
use zeroize::Zeroize;

use super::{
    form::{PayForm, Step},
    message::{Effect, Message, When},
    recover::Asking,
    state::{Layer, REMARK_LASTS, State, situation},
    view::layout,
};
use crate::{
    desk::handle::Command,
    domain::{context::PaymentContext, order::OrderNo},
};

/// The desk hears so long after a change which orders are on screen.
const WATCH_AFTER: SignedDuration = SignedDuration::from_millis(150);

/// Takes in a message at the time `now`; returns what is to be done outside.
pub fn update(state: &mut State, message: Message, now: When) -> Vec<Effect> {
    (state.now, state.up) = (now.wall, now.up);
    let mut effects = Vec::new();
    match message {
        Message::Key(key) if key.kind != KeyEventKind::Release => keys::strike(state, key, &mut effects),
        Message::Key(_) => {}
        Message::Lull => keys::settle(state, &mut effects),
        Message::Paste(mut text) => {
            state.dirty = true;
            if let Some(held) = state.typing.paste(state.up) {
                keys::burst(state, &held, &mut effects);
            }
            paste::pasted(state, &text);
            text.zeroize();
        }
        Message::Suspending => put_down(state),
        Message::Continued(columns, rows) => {
            put_down(state);
            state.dirty = true;
            state.size = (columns, rows);
            effects.push(Effect::Redraw);
        }
        Message::Resized(columns, rows) => {
            state.dirty = true;
            state.size = (columns, rows);
            effects.push(Effect::Redraw);
        }
        Message::News(news) => news::take_in(state, *news, &mut effects),
        Message::Aside(aside) => news::on_aside(state, aside),
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
    if !layout::fits(state.size) {
        return;
    }
    if let Some(Layer::Pay(form)) = state.layers.last_mut()
        && let Step::Confirming(confirmation) = &mut form.step
    {
        confirmation.drawn_at.get_or_insert(now);
    }
}

/// The program is stopped, or was: what was typed may be seen by nobody else, and nothing that was asked is answered.
fn put_down(state: &mut State) {
    state.typing.forget(state.up);
    for layer in &mut state.layers {
        match layer {
            Layer::Pay(form) => form.put_down(),
            Layer::Recover(form) if matches!(form.asking, Asking::Remake) => form.asking = Asking::Nothing,
            _ => {}
        }
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
    change: impl FnOnce(&mut PayForm, &PaymentContext<'_>) -> T,
) -> Option<T> {
    let case = Arc::clone(state.case(order)?);
    let (now, asked_at) = (state.server_now(), state.asked_at(order));
    let State { setup, balances, refusals, layers, .. } = state;
    let form =
        layers.iter_mut().find_map(|layer| if let Layer::Pay(form) = layer { Some(form) } else { None })?;
    let context = situation(setup, balances, refusals, now, &case).asked(asked_at);
    Some(change(form, &context))
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
