//! Keys in the pay form.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;

use super::{edit::edit, opening, recover, turn::Turn, unknown, work};
use crate::{
    console::{
        action::Action,
        layer::pay::{Focus, PayForm, Phase},
    },
    desk::hub::Command,
    domain::{
        attempt::AttemptId, context::PaymentContext, field::Field, method::PaymentMethod,
        stray_card::StrayCard,
    },
};

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    match action {
        Some(Action::Take) => return work::take(turn),
        Some(Action::Release) => return work::release(turn),
        _ => {}
    }
    let (now, id) = (turn.model.now(), (turn.ids)());
    let Some((form, payment_context)) = turn.form() else { return };
    form.touched_at = now;
    form.goes_on = false;
    let warned = form.remark.take() == Some("form.leave_wipes");
    let outcome = match &form.phase {
        Phase::Filling => fill(form, &key, action, &payment_context, warned),
        Phase::DryRun(_) if action == Some(Action::LeaveDryRun) => {
            form.phase = Phase::Filling;
            Outcome::Stay
        }
        Phase::Confirming(_) => confirm(form, &key, action, &payment_context, now, id),
        Phase::Following(_) | Phase::NotBegun(_) if action == Some(Action::LeavePayment) => Outcome::Leave,
        Phase::Following(_) | Phase::NotBegun(_) if action == Some(Action::Commit) => Outcome::Commit,
        Phase::Following(_) | Phase::NotBegun(_) if action == Some(Action::Recover) => Outcome::Recover,
        Phase::DryRun(_) | Phase::Following(_) | Phase::NotBegun(_) => Outcome::Unknown,
    };
    let is_over = matches!(form.phase, Phase::Following(_) | Phase::NotBegun(_));
    let order = form.order;
    match outcome {
        Outcome::Leave => drop(turn.ui.layers.pop()),
        Outcome::Recover => {
            turn.ui.layers.pop();
            recover::show(turn, order);
        }
        Outcome::Ask => turn.send(Command::Inspect(order)),
        Outcome::Commit => {
            if is_over {
                turn.ui.layers.pop();
            }
            opening::commit(turn, order);
        }
        Outcome::Pay(command) => turn.send(command),
        Outcome::Unknown => unknown::say(turn, &key),
        Outcome::Stay => {}
    }
}

/// What a key on the form leads to.
enum Outcome {
    Stay,
    /// The key has no meaning here.
    Unknown,
    /// The form closes, and with it the card is wiped.
    Leave,
    /// The form closes, and the plan of its order opens.
    Recover,
    /// A fresh answer is needed.
    Ask,
    /// The traveller confirms first.
    Commit,
    /// The operator has confirmed.
    Pay(Command),
}

fn fill(
    form: &mut PayForm,
    key: &KeyEvent,
    action: Option<Action>,
    payment_context: &PaymentContext<'_>,
    warned: bool,
) -> Outcome {
    let methods = PaymentMethod::ALL;
    let at = methods.iter().position(|method| *method == form.draft.method).unwrap_or(0);
    match (action, form.focus) {
        (Some(Action::LeaveForm), _) if form.holds_card() && !warned => {
            form.remark = Some("form.leave_wipes");
        }
        (Some(Action::LeaveForm), _) => return Outcome::Leave,
        (Some(Action::Review), _) => {
            if !form.review(payment_context) {
                return Outcome::Ask;
            }
            if form.waits_for_traveller(payment_context) {
                return Outcome::Commit;
            }
        }
        (Some(Action::DryRun), _) => form.rehearse(payment_context),
        (Some(Action::NextField), _) => form.move_focus(true, payment_context),
        (Some(Action::PreviousField), _) => form.move_focus(false, payment_context),
        (Some(Action::NextMethod), _) => match methods.get(at + 1) {
            Some(method) => form.choose(*method, payment_context),
            None => form.move_focus(true, payment_context),
        },
        (Some(Action::PreviousMethod), _) => form.choose(methods[at.saturating_sub(1)], payment_context),
        (Some(Action::Method(method)), _) => form.choose_and_fill(method, payment_context),
        (Some(Action::Tick), Focus::Field(field)) => form.draft.tick(field),
        (_, Focus::Field(field)) if !field.is_tick() => return type_into(form, field, key),
        _ => return Outcome::Unknown,
    }
    Outcome::Stay
}

/// A key that does nothing else is text in a field that takes any.
fn type_into(form: &mut PayForm, field: Field, key: &KeyEvent) -> Outcome {
    match (key.code, field) {
        // As it is printed on the card.
        (KeyCode::Char(' ' | '-'), Field::Number) => {}
        (KeyCode::Char(c), Field::Number | Field::Cvv) if !c.is_ascii_digit() => return Outcome::Unknown,
        (KeyCode::Char(c), Field::Number) if !form.draft.number.push(c) => {
            form.remark = Some("form.no_card_number");
        }
        (KeyCode::Char(c), Field::Cvv) if !form.draft.cvv.push(c) => form.remark = Some("form.no_cvv"),
        (KeyCode::Backspace, Field::Number) => form.draft.number.pop(),
        (KeyCode::Backspace, Field::Cvv) => form.draft.cvv.pop(),
        (KeyCode::Delete, Field::Number) => form.draft.number.clear(),
        (KeyCode::Delete, Field::Cvv) => form.draft.cvv.clear(),
        (_, Field::Number | Field::Cvv) => {}
        _ => {
            edit(&mut form.input, key);
            // This field is shown, and goes into another one of the request.
            if StrayCard::find(form.input.value()).is_some() {
                form.input.reset();
                form.remark = Some("form.card_not_here");
            }
            let text = form.input.value().to_owned();
            form.draft.set(field, &text);
        }
    }
    Outcome::Stay
}

fn is_of_amount(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',')
}

fn confirm(
    form: &mut PayForm,
    key: &KeyEvent,
    action: Option<Action>,
    payment_context: &PaymentContext<'_>,
    now: Timestamp,
    id: AttemptId,
) -> Outcome {
    match (action, key.code) {
        (Some(Action::Cancel), _) => form.phase = Phase::Filling,
        (Some(Action::Confirm), _) => {
            if let Some((id, payment)) = form.confirm(payment_context, now, id) {
                return Outcome::Pay(Command::Pay { id, payment });
            }
        }
        (_, KeyCode::Backspace) => form.untype_amount(),
        (_, KeyCode::Char(c)) if key.modifiers.is_empty() && is_of_amount(c) => form.type_amount(c, now),
        (_, KeyCode::Char(_)) => return Outcome::Unknown,
        _ => {}
    }
    Outcome::Stay
}
