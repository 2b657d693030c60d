//! Keys in the recover form.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::{edit::edit, turn::Turn, unknown};
use crate::{
    console::{
        form::PayForm,
        layer::Layer,
        model::Model,
        recover::{Asking, RecoverForm, reason_of},
    },
    desk::handle::Command,
    domain::{
        order::OrderNo,
        recovery::{Choice, Route, StepKind, StepState, Why},
        text::Text,
    },
    lang::{Lang, recovery},
};

/// Opens the form on the selected order.
pub(super) fn open(turn: &mut Turn<'_>) {
    let Some(order) = turn.ui.list.selected() else { return };
    show(turn, order);
}

fn show(turn: &mut Turn<'_>, order: OrderNo) {
    turn.send(Command::Inspect(order));
    turn.ui.remark = None;
    turn.ui.layers.open_recover(RecoverForm::open(order, turn.model.server_now()));
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

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent) {
    let (model, lang) = (turn.model, turn.ui.lang);
    let Some(form) = turn.ui.layers.recover_mut() else { return };
    match answer(model, lang, form, key) {
        Outcome::Stay => {}
        Outcome::Unknown => unknown::say(turn, &key),
        Outcome::Leave => drop(turn.ui.layers.pop()),
        Outcome::Send(command) => turn.send(command),
        Outcome::Pay(order, route) => pay(turn, order, route),
        Outcome::Turn(order) => show(turn, order),
        Outcome::Say(text) => turn.say_text(text, true),
    }
}

fn answer(model: &Model, lang: Lang, form: &mut RecoverForm, key: KeyEvent) -> Outcome {
    match std::mem::take(&mut form.asking) {
        Asking::Nothing => choose(model, lang, form, key),
        Asking::Regenerate if key.code == KeyCode::Char('y') => {
            let Some(view) = form.view(model) else { return Outcome::Stay };
            let order = &view.case.order;
            let code = order.ticketing_error.as_ref().map(|error| error.code.clone());
            let route = view.route;
            form.on_regenerate(view.case);
            Outcome::Send(Command::Regenerate { order: form.order, route, reason: code })
        }
        Asking::Regenerate => Outcome::Stay,
        Asking::Note(mut input) => match key.code {
            KeyCode::Esc => Outcome::Stay,
            KeyCode::Enter if !input.value().trim().is_empty() => {
                Outcome::Send(Command::Note(form.order, Text::new(input.value())))
            }
            _ => {
                edit(&mut input, &key);
                form.asking = Asking::Note(input);
                Outcome::Stay
            }
        },
        Asking::Decide(decision, mut input) => match key.code {
            KeyCode::Esc => Outcome::Stay,
            KeyCode::Enter => {
                let view = form.view(model);
                let found = view.as_ref().and_then(|found| found.to_decide(model.server_now()));
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

fn choose(model: &Model, lang: Lang, form: &mut RecoverForm, key: KeyEvent) -> Outcome {
    let Some(view) = form.view(model) else {
        return if key.code == KeyCode::Esc { Outcome::Leave } else { Outcome::Stay };
    };
    match key.code {
        KeyCode::Esc | KeyCode::Char('q') => Outcome::Leave,
        KeyCode::Char('j') | KeyCode::Down => {
            form.step_route(view.route, true);
            Outcome::Stay
        }
        KeyCode::Char('k') | KeyCode::Up => {
            form.step_route(view.route, false);
            Outcome::Stay
        }
        KeyCode::Char('r') => Outcome::Send(Command::Inspect(form.order)),
        KeyCode::Char('m') if !model.setup.read_only => {
            form.asking = Asking::Note(Input::default());
            Outcome::Stay
        }
        KeyCode::Char('d') if !model.setup.read_only => {
            if let Some((_, decision)) = view.to_decide(model.server_now()) {
                form.asking = Asking::Decide(decision, Input::default());
            }
            Outcome::Stay
        }
        KeyCode::Enter => go_on(model, lang, form),
        _ => Outcome::Unknown,
    }
}

/// Enter: the first step that is not done.
fn go_on(model: &Model, lang: Lang, form: &mut RecoverForm) -> Outcome {
    let Some(view) = form.view(model) else { return Outcome::Stay };
    if model.setup.read_only {
        return Outcome::Say(lang.text("recover.read_only").to_owned());
    }
    if view.route == Route::Stop {
        form.asking = Asking::Note(Input::default());
        return Outcome::Stay;
    }
    let Some(step) = view.steps.iter().find(|step| step.state != StepState::Done) else {
        return Outcome::Leave;
    };
    if step.state != StepState::Yours {
        return Outcome::Send(Command::Inspect(form.order));
    }
    if let Some(Choice { open: Err(why), .. }) = view.plan.choice(view.route) {
        if let Why::ChildClosed(child) = why {
            return Outcome::Turn(*child);
        }
        // Why stands beside it.
        let mend = recovery::why_mend(lang, why);
        return Outcome::Say(lang.fill("recover.closed", &[("mend", &mend)]));
    }
    if model.stale_for().is_some() {
        return Outcome::Say(lang.text("message.stale").to_owned());
    }
    let target = view.child.map_or(form.order, |child| child.order.no);
    let target = if view.route.is_new() { target } else { form.order };
    match step.kind {
        StepKind::Regenerate => {
            form.asking = Asking::Regenerate;
            Outcome::Stay
        }
        StepKind::Compare => {
            form.agreed = view.comparison.map(|comparison| comparison.new);
            Outcome::Pay(target, view.route)
        }
        StepKind::Pay => Outcome::Pay(target, view.route),
        StepKind::Ask | StepKind::Follow => Outcome::Stay,
    }
}

/// Lays the pay form over the plan, by the method of the way; without a card to type it goes to the confirmation as
/// soon as a fresh answer is there.
fn pay(turn: &mut Turn<'_>, order: OrderNo, route: Route) {
    let Some(case) = turn.model.case(order) else { return };
    let situation = turn.model.situation(case);
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
    turn.send(Command::Inspect(order));
    turn.ui.layers.push(Layer::Pay(Box::new(form)));
}
