//! A key that has no meaning where it was pressed.

use crossterm::event::{KeyCode, KeyEvent};

use crate::console::{action::Context, chord::Chord, state::State};

/// Says that a key has no meaning here, and where the keys are listed.
pub(super) fn say(state: &mut State, key: &KeyEvent) {
    let is_key = matches!(
        key.code,
        KeyCode::Char(_) | KeyCode::F(_) | KeyCode::Tab | KeyCode::BackTab | KeyCode::Insert
    );
    if is_key {
        let on_table = matches!(state.context(), Context::Table | Context::Detail);
        let text = if on_table { "message.unknown_key" } else { "message.unknown_key_here" };
        let text = state.lang().fill(text, &[("key", &Chord::of(key).label())]);
        state.hint(text);
    }
}
