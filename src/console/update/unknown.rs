//! A key that has no meaning where it was pressed.

use crossterm::event::{KeyCode, KeyEvent};

use super::turn::Turn;
use crate::console::{
    action::{Action, Context},
    input::chord::Chord,
};

/// Says that a key has no meaning here, and where the keys are listed.
pub(super) fn say(turn: &mut Turn<'_>, key: &KeyEvent) {
    let is_key = matches!(
        key.code,
        KeyCode::Char(_) | KeyCode::F(_) | KeyCode::Tab | KeyCode::BackTab | KeyCode::Insert
    );
    if is_key {
        let on_table = matches!(turn.ui.layers.context(), Context::Table | Context::Detail);
        let text = if on_table { "message.unknown_key" } else { "message.unknown_key_here" };
        let help = turn.model.setup.keymap.label(Context::Table, Action::Help);
        let text = turn.ui.lang.fill(text, &[("key", &Chord::of(key).label()), ("help", &help)]);
        turn.hint(text);
    }
}
