//! Keys in the recover form.

use crossterm::event::KeyEvent;
use tui_input::Input;

use super::{edit::edit, opening, turn::Turn, unknown, work};
use crate::{
    console::{
        action::Action,
        layer::{
            Layer,
            pay::PayForm,
            recover::{Asking, RecoverForm, reason_of},
        },
        model::Model,
    },
    desk::hub::Command,
    domain::{
        order::OrderNo,
        recovery::{Choice, PaymentPath, StepKind, StepState, Why},
        stray_card::StrayCard,
        text::Text,
    },
    lang::{Lang, recovery},
};

/// Opens the form on the selected order.
pub(super) fn open(turn: &mut Turn<'_>) {
    let Some(order) = turn.picture().selected() else { return };
    show(turn, order);
}

/// Opens the form on `order`.
pub(super) fn show(turn: &mut Turn<'_>, order: OrderNo) {
    turn.send(Command::Inspect(order));
    work::begin(turn, order);
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
    Pay(OrderNo, PaymentPath),
    /// Get the traveller's confirmation of this order.
    Commit(OrderNo),
    /// Go on with this order instead.
    Turn(OrderNo),
    Say(String),
    /// Say why that is not possible.
    Why(&'static str),
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let (model, lang) = (turn.model, turn.ui.lang);
    let Some(form) = turn.ui.layers.recover_mut() else { return };
    match action {
        Some(Action::Take) => return work::take(turn),
        Some(Action::Release) => return work::release(turn),
        _ => {}
    }
    match answer(model, lang, form, key, action) {
        Outcome::Stay => {}
        Outcome::Unknown => unknown::say(turn, &key),
        Outcome::Leave => drop(turn.ui.layers.pop()),
        Outcome::Send(command) => {
            // What was wrong with the text before it was saved is mended.
            if matches!(command, Command::Note(..) | Command::Decide { .. }) {
                turn.ui.remark = None;
            }
            turn.send(command);
        }
        Outcome::Pay(order, path) => pay(turn, order, path),
        Outcome::Commit(order) => opening::commit(turn, order),
        Outcome::Turn(order) => show(turn, order),
        Outcome::Say(text) => turn.say_text(text, true),
        Outcome::Why(why) => turn.say_why(why),
    }
}

fn answer(
    model: &Model,
    lang: Lang,
    form: &mut RecoverForm,
    key: KeyEvent,
    action: Option<Action>,
) -> Outcome {
    match std::mem::take(&mut form.asking) {
        Asking::Nothing => choose(model, lang, form, action),
        Asking::Regenerate if action == Some(Action::Yes) => {
            let Some(view) = form.view(model) else { return Outcome::Stay };
            let order = &view.case.order;
            let code = order.ticketing_error.as_ref().map(|error| error.code.clone());
            let path = view.path;
            form.on_regenerate(view.case);
            Outcome::Send(Command::Regenerate { order: form.order, path, reason: code })
        }
        Asking::Stop if action == Some(Action::Yes) => {
            let Some(view) = form.view(model) else { return Outcome::Stay };
            form.on_stop(view.case);
            Outcome::Send(Command::Stop(form.order))
        }
        Asking::Regenerate | Asking::Stop => Outcome::Stay,
        Asking::Note(mut input) => match action {
            Some(Action::DropNote) => Outcome::Stay,
            Some(Action::SaveNote) if left_by_card(&mut input) => {
                form.asking = Asking::Note(input);
                Outcome::Say(lang.text("recover.card_in_note").to_owned())
            }
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
            Some(Action::SaveNote) if left_by_card(&mut input) => {
                form.asking = Asking::Decide(decision, input);
                Outcome::Say(lang.text("recover.card_in_note").to_owned())
            }
            Some(Action::SaveNote) => {
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

/// True if a card number stood in what is to be kept: its last four digits alone are left, and nothing is saved.
fn left_by_card(input: &mut Input) -> bool {
    let card = StrayCard::find(input.value());
    let is_found = card.is_some();
    if let Some(card) = card {
        *input = Input::new(card.instead);
    }
    is_found
}

fn choose(model: &Model, lang: Lang, form: &mut RecoverForm, action: Option<Action>) -> Outcome {
    let Some(view) = form.view(model) else {
        return if action == Some(Action::LeavePlan) { Outcome::Leave } else { Outcome::Stay };
    };
    match action {
        Some(Action::LeavePlan) => return Outcome::Leave,
        Some(Action::NextRoute) => form.step_path(&view.plan, view.path, true),
        Some(Action::PreviousRoute) => form.step_path(&view.plan, view.path, false),
        Some(Action::Commit) => return Outcome::Commit(form.order),
        Some(Action::AskAgain) => return Outcome::Send(Command::Inspect(form.order)),
        Some(Action::Note) => form.asking = Asking::Note(Input::default()),
        Some(Action::Decide) => {
            let Some((_, decision)) = view.to_decide(model.server_now()) else {
                return Outcome::Say(lang.text("recover.nothing_to_decide").to_owned());
            };
            form.asking = Asking::Decide(decision, Input::default());
        }
        Some(Action::GoOn) => return go_on(model, lang, form),
        _ => return Outcome::Unknown,
    }
    Outcome::Stay
}

/// Enter: the first step that is not done.
fn go_on(model: &Model, lang: Lang, form: &mut RecoverForm) -> Outcome {
    let Some(view) = form.view(model) else { return Outcome::Stay };
    if view.path == PaymentPath::Stop {
        form.asking = Asking::Note(Input::default());
        return Outcome::Stay;
    }
    let Some(step) = view.steps.iter().find(|step| step.state != StepState::Done) else {
        return Outcome::Leave;
    };
    let closed = view.plan.choice(view.path).and_then(|Choice { open, .. }| open.as_ref().err());
    if let Some(Why::ChildClosed(child)) = closed {
        return Outcome::Turn(*child);
    }
    if step.state != StepState::Yours {
        return Outcome::Send(Command::Inspect(form.order));
    }
    if let Some(why) = closed {
        // Why stands beside it.
        let mend = recovery::why_mend(lang, why);
        return Outcome::Say(lang.fill("recover.closed", &[("mend", &mend)]));
    }
    if model.stale_for().is_some() {
        return Outcome::Why("message.stale");
    }
    let target = view.child.map_or(form.order, |child| child.order.no);
    let target = if view.path.is_new() { target } else { form.order };
    match step.kind {
        StepKind::Regenerate => {
            form.asking = Asking::Regenerate;
            Outcome::Stay
        }
        StepKind::Compare => {
            form.agreed = view.comparison.map(|comparison| comparison.new);
            Outcome::Pay(target, view.path)
        }
        StepKind::Pay => Outcome::Pay(target, view.path),
        StepKind::Stop => {
            form.asking = Asking::Stop;
            Outcome::Stay
        }
        StepKind::Ask | StepKind::Follow | StepKind::FollowStop => Outcome::Stay,
    }
}

/// Lays the pay form over the plan, by the method of the way; without a card to type it goes to the confirmation as
/// soon as a fresh answer is there.
fn pay(turn: &mut Turn<'_>, order: OrderNo, path: PaymentPath) {
    let Some(case) = turn.model.case(order) else { return };
    let context = turn.model.payment_context(case);
    let mut form = PayForm::open(&context);
    if let Some(method) = path.method(&case.order) {
        form.choose(method, &context);
    }
    // The plan has shown what may still be held besides, and the price beside the old one.
    form.draft.old_payment_seen = true;
    if path.wants_card() {
        form.move_focus(true, &context);
    } else {
        form.goes_on = true;
    }
    turn.send(Command::Inspect(order));
    work::begin(turn, order);
    turn.ui.layers.push(Layer::Pay(Box::new(form)));
}
