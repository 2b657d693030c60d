//! Keys in the palette. What is chosen is done by the very path of its key, on what that key would be about.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{edit::edit, jump, turn::Turn};
use crate::{
    console::{
        action::Action,
        layer::{
            Layer,
            palette::{Found, Palette},
        },
    },
    domain::stray_card::StrayCard,
};

/// Opens it over the screen that is on top.
pub(super) fn open(turn: &mut Turn<'_>) {
    let palette = Palette::open(turn.ui.layers.context(), turn.ui.lang);
    turn.ui.layers.push(Layer::Palette(Box::new(palette)));
}

/// A key in it. What is given back is to be done on the screen below, by the key that it has there.
pub(super) fn press(
    turn: &mut Turn<'_>,
    key: KeyEvent,
    action: Option<Action>,
) -> Option<(KeyEvent, Action)> {
    let ui = &mut *turn.ui;
    let lang = ui.lang;
    let Some(Layer::Palette(palette)) = ui.layers.top_mut() else { return None };
    match action {
        Some(Action::Close) => drop(ui.layers.pop()),
        Some(Action::NextFound) => palette.down(&ui.history, lang),
        Some(Action::PreviousFound) => palette.up(&ui.history, lang),
        Some(Action::CompleteName) => {
            if !palette.complete(lang) {
                turn.hint(lang.text("palette.nothing").to_owned());
            }
        }
        Some(Action::Run) => return run(turn),
        // A palette that is empty is left by what would take a letter from it.
        _ if key.code == KeyCode::Backspace && palette.input().value().is_empty() => drop(ui.layers.pop()),
        _ => {
            edit(palette.type_into(), &key);
            // What is typed here is shown.
            if StrayCard::find(palette.input().value()).is_some() {
                palette.type_into().reset();
                palette.find(lang);
                turn.say("message.card_not_here", true);
                return None;
            }
            palette.find(lang);
        }
    }
    None
}

/// The list follows what is typed.
pub(super) fn apply(turn: &mut Turn<'_>) {
    let lang = turn.ui.lang;
    if let Some(palette) = turn.ui.layers.palette_mut() {
        palette.find(lang);
    }
}

/// Enter: the palette goes, and the screen below takes the key of what was chosen.
fn run(turn: &mut Turn<'_>) -> Option<(KeyEvent, Action)> {
    let lang = turn.ui.lang;
    let Some(Layer::Palette(palette)) = turn.ui.layers.top() else { return None };
    let Some(found) = palette.choice().cloned() else {
        let is_empty = palette.found().is_empty();
        turn.hint(lang.text(if is_empty { "palette.nothing" } else { "palette.choose" }).to_owned());
        return None;
    };
    let (below, typed) = (palette.below, palette.input().value().to_owned());
    turn.ui.layers.pop();
    // News may have changed what lies below.
    if turn.ui.layers.context() != below {
        turn.hint(lang.text("palette.changed").to_owned());
        return None;
    }
    match found {
        Found::Action(action) => {
            turn.ui.history.keep(action.title(lang));
            let chord = turn.model.setup.keymap.chord(below, action);
            let none = KeyEvent::new(KeyCode::Null, KeyModifiers::NONE);
            Some((chord.map_or(none, |chord| KeyEvent::new(chord.0, chord.1)), action))
        }
        Found::Jump(order) => {
            turn.ui.history.keep(typed);
            jump::go(turn, order);
            None
        }
    }
}
