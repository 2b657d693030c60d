//! A key and what becomes of it: where it lands, whether a hand struck it, and which layer takes it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::Zeroizing;

use super::{form, form_mut, paste, recover, table};
use crate::{
    console::{
        action::Action,
        form::{Focus, Step},
        keymap,
        message::Effect,
        recover::Asking,
        state::{Layer, State},
        typing::{Keys, Kind, Typed},
        view::layout,
    },
    domain::{draft::Field, fold::fold},
};

/// A second C-c or C-z within this time means it.
const TWICE: std::time::Duration = std::time::Duration::from_secs(3);

/// What keys are for where they land just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Characters are text as they are.
    Text,
    /// Digits, which mean the same in full width: card, date, ceiling, address of a device.
    Digits,
    /// The amount of a confirmation: digits are text, Enter answers.
    Amount,
    /// Any key answers.
    Question,
    /// Keys do things.
    Command,
}

fn place(state: &State) -> Place {
    match state.layers.last() {
        Some(Layer::Filter) => Place::Text,
        Some(Layer::Pay(form)) => match (&form.step, form.focus) {
            (Step::Confirming(_), _) => Place::Amount,
            (Step::Filling, Focus::Field(field)) if field.is_tick() => Place::Command,
            (Step::Filling, Focus::Field(field)) if is_of_digits(field) => Place::Digits,
            (Step::Filling, Focus::Field(_)) => Place::Text,
            _ => Place::Command,
        },
        Some(Layer::Recover(form)) => match form.asking {
            Asking::Nothing => Place::Command,
            Asking::Remake => Place::Question,
            Asking::Note(_) | Asking::Decide(..) => Place::Text,
        },
        Some(Layer::Quit) => Place::Question,
        Some(Layer::Detail | Layer::Sort | Layer::Log | Layer::Help) | None => Place::Command,
    }
}

fn is_of_digits(field: Field) -> bool {
    matches!(
        field,
        Field::Number
            | Field::Cvv
            | Field::ExpiryMonth
            | Field::ExpiryYear
            | Field::Ceiling
            | Field::DeviceIp
    )
}

/// The key as its ASCII twin, where it is no text.
fn folded(state: &State, key: KeyEvent) -> KeyEvent {
    match key.code {
        KeyCode::Char(c) if place(state) != Place::Text => KeyEvent { code: KeyCode::Char(fold(c)), ..key },
        _ => key,
    }
}

fn kind(state: &State, key: &KeyEvent) -> Kind {
    let place = place(state);
    let is_field = matches!(place, Place::Text | Place::Digits | Place::Amount);
    match key.code {
        KeyCode::Char(_) if is_everywhere(state, key) => Kind::Act,
        KeyCode::Char(_) if is_field && key.modifiers.contains(KeyModifiers::CONTROL) => Kind::Move,
        // The table follows each character of the filter at once: nothing is replaced or answered there.
        KeyCode::Char(_) if matches!(state.layers.last(), Some(Layer::Filter)) => Kind::Move,
        KeyCode::Char(_) if is_field => Kind::Text,
        KeyCode::Char(_) if place == Place::Command && is_step(state, key) => Kind::Step,
        KeyCode::Tab | KeyCode::BackTab if is_filling(state) => Kind::Text,
        KeyCode::Char(_) | KeyCode::Enter | KeyCode::Esc | KeyCode::Tab | KeyCode::BackTab => Kind::Act,
        _ => Kind::Move,
    }
}

fn is_filling(state: &State) -> bool {
    matches!(state.layers.last(), Some(Layer::Pay(form)) if matches!(form.step, Step::Filling))
}

/// Leaving and suspending work on every screen.
fn is_everywhere(state: &State, key: &KeyEvent) -> bool {
    matches!(keymap::action(state.context(), key), Some(Action::Interrupt | Action::Suspend))
}

/// A letter that only moves.
fn is_step(state: &State, key: &KeyEvent) -> bool {
    keymap::action(state.context(), key).is_some_and(Action::moves)
}

/// A key arrives.
pub(super) fn strike(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let key = folded(state, key);
    let kind = kind(state, &key);
    if let Some(key) = state.typing.strike(key, kind, state.up) {
        take(state, key, effects);
    }
}

/// No key has come for a while.
pub(super) fn settle(state: &mut State, effects: &mut Vec<Effect>) {
    match state.typing.settle(state.up) {
        Some(Typed::Key(key)) => take(state, key, effects),
        Some(Typed::Burst(keys)) => burst(state, &keys, effects),
        None => {}
    }
}

/// A key that a hand struck.
fn take(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    state.dirty = true;
    if state.remark.as_ref().is_some_and(|remark| !remark.is_error) {
        state.remark = None;
    }
    press(state, key, effects);
}

/// Keys that no hand typed one by one: they are text where they land in a text, they move, and do and answer nothing.
pub(super) fn burst(state: &mut State, keys: &Keys, effects: &mut Vec<Effect>) {
    state.dirty = true;
    let mut text = Zeroizing::new(String::with_capacity(keys.len() * 4));
    let mut refused = false;
    // A line with a whole card is read as one, whatever parts its columns.
    if is_filling(state) {
        text.extend(keys.iter().filter_map(|key| match key.code {
            KeyCode::Char(c) => Some(c),
            KeyCode::Tab => Some('\t'),
            KeyCode::Enter => Some('\n'),
            _ => None,
        }));
        if paste::card_line(state, &text) {
            return;
        }
        text.clear();
    }
    for key in keys.iter() {
        let key = folded(state, key);
        match (kind(state, &key), key.code) {
            (Kind::Text, KeyCode::Char(c)) => text.push(c),
            (kind, _) => {
                paste::bunched(state, &mut text);
                match kind {
                    Kind::Text | Kind::Move => press(state, key, effects),
                    Kind::Step | Kind::Act => refused = true,
                }
            }
        }
    }
    paste::bunched(state, &mut text);
    if refused {
        say_too_fast(state);
    }
}

/// Says what did not count, and that it is wanted afresh.
fn say_too_fast(state: &mut State) {
    let place = place(state);
    if place == Place::Amount
        && let Some(form) = form_mut(state)
    {
        // Nothing of what came too soon was kept, so there is nothing to answer yet.
        if form.remark != Some("form.too_soon") {
            form.remark = Some("form.too_fast");
        }
        return;
    }
    let key = match place {
        Place::Command => "message.too_fast_command",
        Place::Question => "message.too_fast_answer",
        Place::Text | Place::Digits | Place::Amount => "message.too_fast_text",
    };
    let text = state.lang().text(key).to_owned();
    state.hint(text);
}

/// A key goes to the top layer first.
fn press(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let action = keymap::action(state.context(), &key);
    match action {
        Some(Action::Interrupt) => return leave(state, effects),
        Some(Action::Suspend) => return suspend(state, effects),
        _ => {}
    }
    // Nobody answers a question, or pays, on a screen that cannot show it.
    let asks_to_quit = matches!(state.layers.last(), Some(Layer::Quit));
    if !layout::fits(state.size) && !asks_to_quit {
        return;
    }
    if key.code == KeyCode::Esc && dismiss(state) {
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
            if action == Some(Action::Yes) {
                effects.push(Effect::Quit);
            }
        }
        Some(Layer::Detail) | None => table::press(state, key, effects),
    }
}

/// In a form, Esc takes an error away before it leaves; but where it says no to a question, it does that at once. The
/// table does the same by itself, and what lies over it closes.
fn dismiss(state: &mut State) -> bool {
    let waits = match state.layers.last() {
        Some(Layer::Pay(form)) => !matches!(form.step, Step::Confirming(_)),
        Some(Layer::Recover(form)) => matches!(form.asking, Asking::Nothing),
        _ => false,
    };
    waits && state.remark.take_if(|remark| remark.is_error).is_some()
}

/// C-c: the second one leaves.
fn leave(state: &mut State, effects: &mut Vec<Effect>) {
    let again = state.quit_asked.is_some_and(|at| state.up.saturating_sub(at) <= TWICE);
    state.quit_asked = Some(state.up);
    if again {
        return table::quit(state, effects);
    }
    let text = state.lang().text("message.quit_again").to_owned();
    state.say(text, false);
}

/// C-z: at once, but while a payment is in flight, whose answer nobody would then wait for.
fn suspend(state: &mut State, effects: &mut Vec<Effect>) {
    let again = state.suspend_asked.is_some_and(|at| state.up.saturating_sub(at) <= TWICE);
    state.suspend_asked = Some(state.up);
    if again || state.health.in_flight == 0 {
        return effects.push(Effect::Suspend);
    }
    let text = state.lang().text("message.suspend_again").to_owned();
    state.say(text, true);
}
