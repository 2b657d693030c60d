//! Keys in the recover form.

use std::sync::Arc;

use crossterm::event::KeyEvent;
use tui_input::Input;

use super::{edit, unknown};
use crate::{
    console::{
        action::Action,
        form::PayForm,
        keymap,
        message::Effect,
        recover::{Asking, RecoverForm, reason_of},
        state::{Layer, State},
    },
    desk::handle::Command,
    domain::{
        order::OrderNo,
        recovery::{Route, StepKind, StepState},
        text::Text,
    },
};

/// Opens the form on the selected order.
pub(super) fn open(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(order) = state.list.selected() else { return };
    show(state, order, effects);
}

fn show(state: &mut State, order: OrderNo, effects: &mut Vec<Effect>) {
    let form = RecoverForm::open(order, state.server_now());
    effects.push(Effect::Send(Command::Inspect(order)));
    state.remark = None;
    state.layers.retain(|layer| !matches!(layer, Layer::Recover(_)));
    state.layers.push(Layer::Recover(Box::new(form)));
}

/// What a key leads to outside the form.
enum Outcome {
    Stay,
    /// The key has no meaning here.
    Unknown,
    Leave,
    Send(Command),
    /// Pay this order by the way that was chosen.
    Pay(OrderNo, Route),
    /// Go on with this order instead.
    Turn(OrderNo),
    Say(String),
}

pub(super) fn press(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let action = keymap::action(state.context(), &key);
    // Taken out, so that the form may be changed while the state is read.
    let Some(at) = state.layers.iter().rposition(|layer| matches!(layer, Layer::Recover(_))) else { return };
    let Layer::Recover(mut form) = state.layers.remove(at) else { return };
    let outcome = answer(state, &mut form, key, action);
    state.layers.insert(at, Layer::Recover(form));
    match outcome {
        Outcome::Stay => {}
        Outcome::Unknown => unknown::say(state, &key),
        Outcome::Leave => {
            state.layers.truncate(at);
        }
        Outcome::Send(command) => effects.push(Effect::Send(command)),
        Outcome::Pay(order, route) => pay(state, order, route, effects),
        Outcome::Turn(order) => show(state, order, effects),
        Outcome::Say(text) => state.say(text, true),
    }
}

fn answer(state: &State, form: &mut RecoverForm, key: KeyEvent, action: Option<Action>) -> Outcome {
    let lang = state.lang();
    match std::mem::take(&mut form.asking) {
        Asking::Nothing => choose(state, form, action),
        Asking::Remake if action == Some(Action::Yes) => {
            let Some(situation) = form.situation(state) else { return Outcome::Stay };
            let order = &situation.case.order;
            let code = order.ticketing_error.as_ref().map(|error| error.code.clone());
            let route = situation.route;
            form.remake(situation.case);
            Outcome::Send(Command::Regenerate { order: form.order, route, reason: code })
        }
        Asking::Remake => Outcome::Stay,
        Asking::Note(mut input) => match action {
            Some(Action::DropNote) => Outcome::Stay,
            Some(Action::SaveNote) if !input.value().trim().is_empty() => {
                Outcome::Send(Command::Note(form.order, Text::new(input.value())))
            }
            _ => {
                edit(&mut input, &key);
                form.asking = Asking::Note(input);
                Outcome::Stay
            }
        },
        Asking::Decide(decision, mut input) => match action {
            Some(Action::DropNote) => Outcome::Stay,
            Some(Action::SaveNote) => {
                let situation = form.situation(state);
                let found = situation.as_ref().and_then(|found| found.to_decide(state.server_now()));
                match (found, reason_of(input.value(), form.order)) {
                    (Some((attempt, possible)), Some(reason)) if possible == decision => {
                        let (id, order) = (attempt.id, attempt.order);
                        Outcome::Send(Command::Decide { id, order, decision, note: Text::new(reason) })
                    }
                    (_, None) => Outcome::Say(lang.text("recover.wrong_tail").to_owned()),
                    _ => Outcome::Say(lang.text("recover.not_decided").to_owned()),
                }
            }
            _ => {
                edit(&mut input, &key);
                form.asking = Asking::Decide(decision, input);
                Outcome::Stay
            }
        },
    }
}

fn choose(state: &State, form: &mut RecoverForm, action: Option<Action>) -> Outcome {
    let Some(situation) = form.situation(state) else {
        return if action == Some(Action::LeavePlan) { Outcome::Leave } else { Outcome::Stay };
    };
    if let Some(Err(why)) = action.map(|action| action.possible(state.standing())) {
        return Outcome::Say(state.lang().text(why).to_owned());
    }
    match action {
        Some(Action::LeavePlan) => return Outcome::Leave,
        Some(Action::NextRoute) => form.step_route(situation.route, true),
        Some(Action::PreviousRoute) => form.step_route(situation.route, false),
        Some(Action::AskAgain) => return Outcome::Send(Command::Inspect(form.order)),
        Some(Action::Note) => form.asking = Asking::Note(Input::default()),
        Some(Action::Decide) => {
            if let Some((_, decision)) = situation.to_decide(state.server_now()) {
                form.asking = Asking::Decide(decision, Input::default());
            }
        }
        Some(Action::GoOn) => return go_on(state, form),
        _ => return Outcome::Unknown,
    }
    Outcome::Stay
}

/// Enter: the first step that is not done.
fn go_on(state: &State, form: &mut RecoverForm) -> Outcome {
    let lang = state.lang();
    let Some(situation) = form.situation(state) else { return Outcome::Stay };
    if situation.route == Route::Stop {
        form.asking = Asking::Note(Input::default());
        return Outcome::Stay;
    }
    let Some(step) = situation.steps.iter().find(|step| step.state != StepState::Done) else {
        return Outcome::Leave;
    };
    if step.state != StepState::Yours {
        return Outcome::Send(Command::Inspect(form.order));
    }
    if let Some(crate::domain::recovery::Choice { open: Err(why), .. }) =
        situation.plan.choice(situation.route)
    {
        if let crate::domain::recovery::Why::ChildClosed(child) = why {
            return Outcome::Turn(*child);
        }
        // Why stands beside it.
        let mend = crate::lang::recovery::why_mend(lang, why);
        return Outcome::Say(lang.fill("recover.closed", &[("mend", &mend)]));
    }
    if state.stale_for().is_some() {
        return Outcome::Say(lang.text("message.stale").to_owned());
    }
    let target = situation.child.map_or(form.order, |child| child.order.no);
    let target = if situation.route.is_new() { target } else { form.order };
    match step.kind {
        StepKind::Regenerate => {
            form.asking = Asking::Remake;
            Outcome::Stay
        }
        StepKind::Compare => {
            form.agreed = situation.comparison.map(|comparison| comparison.new);
            Outcome::Pay(target, situation.route)
        }
        StepKind::Pay => Outcome::Pay(target, situation.route),
        StepKind::Ask | StepKind::Follow => Outcome::Stay,
    }
}

/// Lays the pay form over the plan, by the method of the way; without a card to type it goes to the confirmation as
/// soon as a fresh answer is there.
fn pay(state: &mut State, order: OrderNo, route: Route, effects: &mut Vec<Effect>) {
    let Some(case) = state.case(order).map(Arc::clone) else { return };
    let situation = state.situation(&case);
    let mut form = PayForm::open(&situation);
    if let Some(method) = route.method(&case.order) {
        form.choose(method, &situation);
    }
    // The plan has shown what may still be held besides, and the price beside the old one.
    form.draft.old_payment_seen = true;
    if route.wants_card() {
        form.move_focus(true, &situation);
    } else {
        form.goes_on = true;
    }
    effects.push(Effect::Send(Command::Inspect(order)));
    state.layers.push(Layer::Pay(Box::new(form)));
}
