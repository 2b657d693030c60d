//! Keys in the line that is asked for at the foot.

use crossterm::event::KeyEvent;
use tui_input::Input;

use super::{edit::edit, put_away, turn::Turn};
use crate::{
    console::{
        action::Action,
        layer::{
            Layer,
            prompt::{Kind, Prompt},
        },
    },
    desk::hub::Command,
    domain::order::OrderNo,
};

/// Asks for a line on these orders.
pub(super) fn open(turn: &mut Turn<'_>, kind: Kind, orders: Vec<OrderNo>) {
    if orders.is_empty() {
        return;
    }
    turn.ui.remark = None;
    let mut prompt = Prompt::new(kind, orders);
    if let (Kind::Note, [order]) = (kind, &prompt.orders[..])
        && let Some(text) = turn.ui.unrecorded.remove(order)
    {
        prompt.input = Input::new(text.to_string());
    }
    turn.ui.layers.push(Layer::Prompt(prompt));
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let Some(Layer::Prompt(prompt)) = turn.ui.layers.top_mut() else { return };
    match action {
        Some(Action::DropNote) => {
            turn.ui.remark = None;
            turn.ui.layers.pop();
        }
        Some(Action::SaveNote) => match prompt.answer(turn.model.now(), &turn.model.setup.zone) {
            Ok(commands) => {
                turn.ui.remark = None;
                turn.ui.layers.pop();
                if commands.len() > 1 {
                    turn.say_with("prompt.noted", &[("count", &commands.len())], false);
                }
                for command in commands {
                    let snoozed = match &command {
                        Command::Snooze { order, until, .. } => Some((*order, *until)),
                        _ => None,
                    };
                    turn.send(command);
                    if let Some((order, until)) = snoozed {
                        put_away::on_snoozed(turn, order, until);
                    }
                }
            }
            Err(why) => turn.say(why, true),
        },
        _ => {
            edit(&mut prompt.input, &key);
            // What is typed here is shown.
            if prompt.mask_card() {
                turn.say("prompt.card", true);
            }
        }
    }
}

/// True while keys are for it.
pub(super) fn is_on_top(turn: &Turn<'_>) -> bool {
    matches!(turn.ui.layers.top(), Some(Layer::Prompt(_)))
}
