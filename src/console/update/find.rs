//! The prompt for what to look for at the vendor.

use crossterm::event::KeyEvent;

use super::{edit::edit, found, jump, turn::Turn};
use crate::{
    console::{
        action::Action,
        layer::{
            Layer,
            find::{FindPrompt, Unread, Wanted, example, name, read},
        },
    },
    domain::stray_card::StrayCard,
};

/// Opens the prompt.
pub(super) fn open(turn: &mut Turn<'_>) {
    turn.ui.remark = None;
    turn.ui.layers.push(Layer::Find(Box::default()));
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let Some(Layer::Find(prompt)) = turn.ui.layers.top_mut() else { return };
    match action {
        Some(Action::LeaveFind) => drop(turn.ui.layers.pop()),
        Some(Action::AskVendor) => {
            let typed = read(prompt.input.value());
            on_typed(turn, typed);
        }
        _ => {
            edit(&mut prompt.input, &key);
            // What is typed here is shown.
            if StrayCard::find(prompt.input.value()).is_some() {
                **prompt = FindPrompt::default();
                turn.say("message.card_not_here", true);
            }
        }
    }
}

fn on_typed(turn: &mut Turn<'_>, typed: Result<Wanted, Unread>) {
    let lang = turn.ui.lang;
    match typed {
        Ok(wanted) => {
            turn.ui.layers.pop();
            match wanted {
                Wanted::Jump(jump) => jump::go(turn, jump),
                Wanted::Find(find) => found::ask(turn, find, false),
            }
        }
        Err(Unread::Empty) => drop(turn.ui.layers.pop()),
        Err(Unread::Form) => turn.say("find.no_form", true),
        Err(Unread::Value(kind)) => turn.say_with(
            "find.no_value",
            &[("field", &name(lang, kind)), ("example", &example(lang, kind))],
            true,
        ),
    }
}
