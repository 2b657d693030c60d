//! A key and what becomes of it: where it lands, whether a hand struck it, and which layer takes it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::Zeroizing;

use super::{
    alerts, baggage, columns, commit, filter, find, form, marks, palette, paste, prompt, recover, rows,
    table, turn::Turn,
};
use crate::{
    console::{
        action::{Action, Context, KeysFor, Reach},
        input::typing::{Keys, Kind, Typed},
        keymap::Keymap,
        layer::{Layer, Layers},
        message::Effect,
        ui::SelectedBy,
        view::layout,
    },
    domain::fold::fold,
};

/// A second C-c or C-z within this time means it.
const TWICE: std::time::Duration = std::time::Duration::from_secs(3);

/// The key as its ASCII twin, where it is no text.
fn folded(layers: &Layers, key: KeyEvent) -> KeyEvent {
    match key.code {
        KeyCode::Char(c) if layers.keys_for() != KeysFor::Text => {
            KeyEvent { code: KeyCode::Char(fold(c)), ..key }
        }
        _ => key,
    }
}

fn kind(keymap: &Keymap, layers: &Layers, key: &KeyEvent) -> Kind {
    let (context, keys_for) = (layers.context(), layers.keys_for());
    let is_field = matches!(keys_for, KeysFor::Text | KeysFor::Digits | KeysFor::Amount);
    let action = keymap.action(context, key);
    let reach = action.map(Action::reach);
    let is_character = matches!(key.code, KeyCode::Char(_));
    // Nothing is replaced or answered there: what is seen follows each character at once.
    let is_looked_through = matches!(context, Context::Filter | Context::Palette | Context::Search);
    // On some screens these answer, whatever they do on this one.
    let may_answer = matches!(key.code, KeyCode::Enter | KeyCode::Esc | KeyCode::Tab | KeyCode::BackTab);
    match reach {
        Some(Reach::View) if is_looked_through => Kind::Leave,
        // Leaving and suspending work on every screen.
        _ if matches!(action, Some(Action::Interrupt | Action::Suspend)) => Kind::Command,
        _ if is_character && is_field && !key.modifiers.contains(KeyModifiers::CONTROL) => {
            if is_looked_through {
                Kind::Move
            } else {
                Kind::Text
            }
        }
        _ if matches!(key.code, KeyCode::Tab | KeyCode::BackTab) && has_fields(layers) => Kind::Text,
        Some(Reach::Input) => Kind::Open,
        Some(Reach::Moves) if is_character && !is_field => Kind::Step,
        Some(Reach::Moves) if !may_answer => Kind::Move,
        Some(Reach::Moves | Reach::View) => Kind::Look,
        // Any key ends the choice of a column, at the worst with another order of the rows.
        None if context == Context::Sort && is_character => Kind::Look,
        Some(Reach::Console | Reach::World) => Kind::Command,
        // In a field a control character edits; elsewhere any character may be an answer.
        None if may_answer || is_character && !is_field => Kind::Command,
        None => Kind::Move,
    }
}

fn has_fields(layers: &Layers) -> bool {
    layers.top().is_some_and(Layer::has_fields)
}

/// A key arrives.
pub(super) fn on_key(turn: &mut Turn<'_>, key: KeyEvent) {
    rows::on_touch(turn);
    let key = folded(&turn.ui.layers, key);
    let kind = kind(&turn.model.setup.keymap, &turn.ui.layers, &key);
    if let Some(key) = turn.ui.typing.on_key(key, kind, turn.model.time.up) {
        on_single(turn, key);
    }
}

/// No key has come for a while.
pub(super) fn on_pause(turn: &mut Turn<'_>) {
    match turn.ui.typing.release_due(turn.model.time.up) {
        Some(Typed::Key(key)) => on_single(turn, key),
        Some(Typed::Burst(keys)) => on_burst(turn, &keys),
        None => {}
    }
}

/// A key that a hand struck.
fn on_single(turn: &mut Turn<'_>, key: KeyEvent) {
    turn.ui.dirty = true;
    let had_remark = turn.ui.remark.take_if(|remark| !remark.is_error).is_some();
    let action = turn.model.setup.keymap.action(turn.ui.layers.context(), &key);
    let is_move = action.is_some_and(|action| action.reach() == Reach::Moves);
    turn.only_moves = is_move && !had_remark && turn.ui.layers.is_empty();
    perform(turn, key, action);
}

/// Keys that no hand typed one by one: they are text where they land in a text, they move, and do and answer nothing.
pub(super) fn on_burst(turn: &mut Turn<'_>, keys: &Keys) {
    turn.ui.dirty = true;
    let mut text = Zeroizing::new(String::with_capacity(keys.len() * 4));
    let mut refused = false;
    // A line with a whole card is read as one, whatever parts its columns.
    if has_fields(&turn.ui.layers) {
        text.extend(keys.iter().filter_map(|key| match key.code {
            KeyCode::Char(c) => Some(c),
            KeyCode::Tab => Some('\t'),
            KeyCode::Enter => Some('\n'),
            _ => None,
        }));
        if paste::card_line(turn, &text) {
            return;
        }
        text.clear();
    }
    for key in keys.iter() {
        let key = folded(&turn.ui.layers, key);
        match (kind(&turn.model.setup.keymap, &turn.ui.layers, &key), key.code) {
            (Kind::Text, KeyCode::Char(c)) => text.push(c),
            (kind, _) => {
                paste::bunched(turn, &mut text);
                match kind {
                    Kind::Text | Kind::Move => press(turn, key),
                    Kind::Step | Kind::Open | Kind::Leave | Kind::Look | Kind::Command => refused = true,
                }
            }
        }
    }
    paste::bunched(turn, &mut text);
    if refused {
        say_too_fast(turn);
    }
}

/// Says what did not count, and that it is wanted afresh.
fn say_too_fast(turn: &mut Turn<'_>) {
    let key = match turn.ui.layers.keys_for() {
        KeysFor::Command => "message.too_fast_command",
        KeysFor::Question => "message.too_fast_answer",
        KeysFor::Text | KeysFor::Digits => "message.too_fast_text",
        KeysFor::Amount => {
            // Nothing of what came too soon was kept, so there is nothing to answer yet.
            if let Some(form) = turn.ui.layers.form_mut().filter(|form| form.remark != Some("form.too_soon"))
            {
                form.remark = Some("form.too_fast");
            }
            return;
        }
    };
    let text = turn.ui.lang.text(key).to_owned();
    turn.hint(text);
}

/// A key goes to the uppermost layer first.
fn press(turn: &mut Turn<'_>, key: KeyEvent) {
    let context = turn.ui.layers.context();
    let action = turn.model.setup.keymap.action(context, &key);
    perform(turn, key, action);
}

/// What a key does, or would do if the action had one: `key` is what it is called where it has no meaning.
pub(super) fn perform(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let context = turn.ui.layers.context();
    match action {
        Some(Action::Interrupt) => return leave(turn),
        Some(Action::Suspend) => return suspend(turn),
        _ => {}
    }
    // Nobody answers a question, or pays, on a screen that cannot show it.
    if !layout::fits(turn.ui.size) && context != Context::Quit {
        return;
    }
    if key.code == KeyCode::Esc
        && turn.ui.layers.top().is_some_and(Layer::keeps_errors)
        && turn.ui.remark.take_if(|remark| remark.is_error).is_some()
    {
        return;
    }
    if action.is_some_and(Action::chooses) && matches!(context, Context::Table | Context::Detail) {
        turn.ui.selected_by = SelectedBy::Operator;
    }
    let conditional = action.filter(|action| action.is_conditional());
    if let Some(Err(why)) = conditional.map(|action| action.possible(turn.picture().standing())) {
        return turn.say_why(why);
    }
    if action == Some(Action::Palette) {
        return palette::open(turn);
    }
    if commit::is_on_top(turn) {
        return commit::press(turn, key, action);
    }
    if prompt::is_on_top(turn) {
        return prompt::press(turn, key, action);
    }
    match context {
        Context::Filter => filter::press(turn, key, action),
        Context::Sort => table::press_sort(turn, key, action),
        Context::Export => marks::press_export(turn, key, action),
        Context::Find => find::press(turn, key, action),
        Context::Columns => columns::press(turn, key, action),
        Context::Methods
        | Context::Field
        | Context::Tick
        | Context::DryRun
        | Context::Confirm
        | Context::Following => {
            form::press(turn, key, action);
        }
        Context::Baggage => baggage::press(turn, key, action),
        Context::Note if matches!(turn.ui.layers.top(), Some(Layer::Baggage(_))) => {
            baggage::press(turn, key, action);
        }
        Context::Recover | Context::Note | Context::Question | Context::Commit => {
            recover::press(turn, key, action);
        }
        Context::Palette => {
            if let Some((key, action)) = palette::press(turn, key, action) {
                perform(turn, key, Some(action));
            }
        }
        Context::Overlay => table::press_overlay(turn, key, action),
        Context::Alerts => alerts::press(turn, key, action),
        Context::Search => table::press_search(turn, key, action),
        Context::Quit => {
            turn.ui.layers.pop();
            if action == Some(Action::Yes) {
                turn.effects.push(Effect::Quit);
            }
        }
        Context::Detail | Context::Table => table::press(turn, key, action),
    }
}

/// C-c: the second one leaves.
fn leave(turn: &mut Turn<'_>) {
    let up = turn.model.time.up;
    let before = turn.ui.quit_asked.replace(up);
    if before.is_some_and(|at| up.saturating_sub(at) <= TWICE) {
        return table::quit(turn);
    }
    turn.say("message.quit_again", false);
}

/// C-z: at once, but while a payment is in flight, whose answer nobody would then wait for.
fn suspend(turn: &mut Turn<'_>) {
    let up = turn.model.time.up;
    let before = turn.ui.suspend_asked.replace(up);
    if turn.model.health.in_flight == 0 || before.is_some_and(|at| up.saturating_sub(at) <= TWICE) {
        return turn.effects.push(Effect::Suspend);
    }
    turn.say("message.suspend_again", true);
}
