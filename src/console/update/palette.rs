//! Keys in the palette. What is chosen is done by the very path of its key, on what that key would be about.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{edit::edit, keys, turn::Turn};
use crate::{
    console::{action::Action, layer::Layer, palette::Palette},
    domain::stray_card::StrayCard,
};

/// Opens it over the screen that is on top.
pub(super) fn open(turn: &mut Turn<'_>) {
    let palette = Palette::open(turn.ui.layers.context(), turn.ui.lang);
    turn.ui.layers.push(Layer::Palette(Box::new(palette)));
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let ui = &mut *turn.ui;
    let lang = ui.lang;
    let Some(Layer::Palette(palette)) = ui.layers.top_mut() else { return };
    match action {
        Some(Action::Close) => drop(ui.layers.pop()),
        Some(Action::Down) => palette.down(&ui.history, lang),
        Some(Action::Up) => palette.up(&ui.history, lang),
        Some(Action::Complete) => {
            if !palette.complete(lang) {
                turn.hint(lang.text("palette.nothing").to_owned());
            }
        }
        Some(Action::Run) => run(turn),
        // A palette that is empty is left by what would take a letter from it.
        _ if key.code == KeyCode::Backspace && palette.input().value().is_empty() => drop(ui.layers.pop()),
        _ => {
            edit(palette.type_into(), &key);
            // What is typed here is shown.
            if StrayCard::find(palette.input().value()).is_some() {
                palette.type_into().reset();
                palette.find(lang);
                return turn.say("message.card_not_here", true);
            }
            palette.find(lang);
        }
    }
}

/// The list follows what is typed.
pub(super) fn apply(turn: &mut Turn<'_>) {
    let lang = turn.ui.lang;
    if let Some(palette) = turn.ui.layers.palette_mut() {
        palette.find(lang);
    }
}

/// Enter: the palette goes, and the screen below takes the key of what was chosen.
fn run(turn: &mut Turn<'_>) {
    let lang = turn.ui.lang;
    let Some(Layer::Palette(palette)) = turn.ui.layers.top() else { return };
    let Some(action) = palette.choice() else {
        return turn.hint(lang.text("palette.nothing").to_owned());
    };
    let below = palette.below;
    turn.ui.layers.pop();
    // A decision of another program may have changed what lies below.
    if turn.ui.layers.context() != below {
        return turn.hint(lang.text("palette.changed").to_owned());
    }
    turn.ui.history.keep(action.title(lang));
    let chord = turn.model.setup.keymap.chord(below, action);
    let key = chord
        .map_or(KeyEvent::new(KeyCode::Null, KeyModifiers::NONE), |chord| KeyEvent::new(chord.0, chord.1));
    keys::perform(turn, key, Some(action));
}
