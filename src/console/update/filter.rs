//! Keys while a filter is typed. The list follows each of them, but while there is a mistake in the text: then the filter
//! before it stays in force.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{edit::edit, turn::Turn};
use crate::{
    console::{
        action::{Action, Context},
        filter::{Filter, Reading},
        ui::SelectedBy,
    },
    domain::{fold::fold, stray_card::StrayCard},
};

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let asks = asks_for_fields(turn, &key);
    match action {
        _ if asks => turn.ui.filter.lists_fields ^= true,
        Some(Action::ClearFilter) if turn.ui.filter.lists_fields => turn.ui.filter.lists_fields = false,
        Some(Action::ClearFilter) => {
            clear(turn);
            turn.ui.layers.pop();
        }
        Some(Action::KeepFilter) if turn.ui.filter.mistake.is_some() => {
            let text = turn.ui.lang.text("filter.mended_first").to_owned();
            turn.hint(text);
        }
        Some(Action::KeepFilter) => {
            turn.ui.filter.leave();
            turn.ui.layers.pop();
        }
        Some(Action::Down | Action::Up) => {
            turn.ui.selected_by = SelectedBy::Operator;
            turn.ui.list.look_to_the_end(&turn.model.standstill);
            turn.ui.list.step(if action == Some(Action::Down) { 1 } else { -1 });
        }
        Some(Action::Complete | Action::CompleteBack) => {
            let (now, is_back) = (turn.model.server_now(), action == Some(Action::CompleteBack));
            let ui = &mut *turn.ui;
            if ui.filter.complete(ui.lang, now, ui.list.cases(), is_back) {
                apply(turn);
            } else {
                let text = turn.ui.lang.text("filter.nothing").to_owned();
                turn.hint(text);
            }
        }
        _ => {
            edit(turn.ui.filter.type_into(), &key);
            // What is typed here is shown.
            if StrayCard::find(turn.ui.filter.value()).is_some() {
                turn.ui.filter.clear();
                turn.say("message.card_not_here", true);
            }
            apply(turn);
        }
    }
}

/// True for the key that lists the fields. A character does so where a term begins, and is text elsewhere.
fn asks_for_fields(turn: &Turn<'_>, key: &KeyEvent) -> bool {
    let character = key.code.as_char();
    let key = KeyEvent { code: character.map_or(key.code, |c| KeyCode::Char(fold(c))), ..*key };
    let is_text = character.is_some() && (key.modifiers - KeyModifiers::SHIFT).is_empty();
    turn.model.setup.keymap.action(Context::Filter, &key) == Some(Action::Fields)
        && (!is_text || turn.ui.filter.begins_term())
}

/// Takes the filter away.
pub(super) fn clear(turn: &mut Turn<'_>) {
    turn.ui.filter.clear();
    apply(turn);
}

/// The list follows what is typed.
pub(super) fn apply(turn: &mut Turn<'_>) {
    let now = turn.model.server_now();
    let reading = Reading { now, zone: turn.model.setup.zone.clone() };
    match Filter::read(turn.ui.filter.value(), &reading) {
        Ok(filter) => {
            turn.ui.filter.mistake = None;
            turn.ui.list.filter(filter, now, &turn.model.standstill);
        }
        Err(mistake) => {
            if let Some(before) = turn.ui.list.filtered_by().before(&mistake, &reading) {
                turn.ui.list.filter(before, now, &turn.model.standstill);
            }
            turn.ui.filter.mistake = Some(mistake);
        }
    }
}
