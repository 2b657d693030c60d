//! Keys on the page of a loss on baggage.

use crossterm::event::KeyEvent;
use tui_input::Input;

use super::{edit::edit, turn::Turn, unknown};
use crate::{
    console::{
        action::Action,
        layer::{Layer, baggage::BaggageForm},
    },
    desk::hub::Command,
    domain::baggage::trouble::{Standing, Trouble},
    lang::words,
};

/// Opens the page on the selected order, if anything is the matter with its baggage.
pub(super) fn open(turn: &mut Turn<'_>) {
    let selected = turn.picture().selected_case();
    let Some(case) = selected.filter(|case| case.order.baggage().is_some()) else {
        return turn.say("baggage.none", true);
    };
    let order = case.order.no;
    turn.send(Command::Inspect(order));
    turn.ui.remark = None;
    let form = BaggageForm::open(order, turn.model.server_now());
    turn.ui.layers.push(Layer::Baggage(Box::new(form)));
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let Some(form) = turn.ui.layers.baggage_mut() else { return };
    let order = form.order;
    match (&mut form.asking, action) {
        (Some(_), Some(Action::DropNote)) => form.asking = None,
        (Some(_), Some(Action::SaveNote)) => {
            let decided = form.decided();
            form.asking = None;
            match decided {
                Some(command) => turn.send(command),
                None => turn.say("baggage.wrong_tail", true),
            }
        }
        (Some(input), _) => edit(input, &key),
        (None, Some(Action::LeavePage)) => drop(turn.ui.layers.pop()),
        (None, Some(Action::NextRoute)) => form.accept = Some(form.accept.is_none()),
        (None, Some(Action::PreviousRoute)) => form.accept = Some(true),
        (None, Some(Action::AskAgain)) => turn.send(Command::Inspect(order)),
        (None, Some(Action::GoOn)) => go_on(turn),
        (None, _) => unknown::say(turn, &key),
    }
}

/// Enter: what was chosen is asked for, where anything is to be decided.
fn go_on(turn: &mut Turn<'_>) {
    let model = turn.model;
    let Some(form) = turn.ui.layers.baggage_mut() else { return };
    let (order, accept) = (form.order, form.accept);
    let Some((case, trouble)) = form.view(model) else { return };
    let Some(trouble) = trouble else {
        let status = words::status(turn.ui.lang, case.order.status);
        return turn.say_with("baggage.gone", &[("status", &status)], true);
    };
    if !BaggageForm::offers(&trouble) {
        return turn.say("baggage.cannot_be_bought", true);
    }
    let Some(accept) = accept else { return turn.say("baggage.choose", false) };
    if is_under_way(&trouble, model.server_now()) {
        turn.send(Command::Inspect(order));
        return turn.say("baggage.wait", false);
    }
    if !accept && trouble.standing == Standing::Refused {
        return turn.say("baggage.refused_already", false);
    }
    if model.stale_for().is_some() {
        return turn.say_why("message.stale");
    }
    if let Some(form) = turn.ui.layers.baggage_mut() {
        form.asking = Some(Input::default());
    }
}

/// An acceptance has left, and what came of it is not known yet.
fn is_under_way(trouble: &Trouble, now: jiff::Timestamp) -> bool {
    matches!(&trouble.standing, Standing::Accepted(..)) && !trouble.has_settled(now)
}
