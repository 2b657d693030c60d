//! Keys in the pay form.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;

use super::{edit, unknown, with_form};
use crate::{
    console::{
        action::Action,
        form::{Focus, PayForm, Step},
        keymap,
        message::Effect,
        state::State,
    },
    desk::handle::Command,
    domain::{draft::Field, method::PaymentMethod, payable::Situation},
};

pub(super) fn press(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let now = state.now;
    let Some(order) = state.form().map(|form| form.order) else { return };
    let action = keymap::action(state.context(), &key);
    let holds_card = state.form().is_some_and(PayForm::holds_card);
    let paid = with_form(state, order, |form, situation| {
        form.touched_at = now;
        form.goes_on = false;
        let warned = form.remark.take() == Some("form.leave_wipes");
        match &form.step {
            Step::Filling => fill(form, &key, action, situation, warned, holds_card),
            Step::Confirming(_) => confirm(form, &key, action, situation, now),
            Step::Following(_) | Step::NotBegun(_) if action == Some(Action::LeavePayment) => Outcome::Leave,
            Step::Following(_) | Step::NotBegun(_) => Outcome::Unknown,
        }
    });
    match paid {
        Some(Outcome::Leave) => drop(state.layers.pop()),
        Some(Outcome::Ask) => effects.push(Effect::Send(Command::Inspect(order))),
        Some(Outcome::Pay(command)) => effects.push(Effect::Send(command)),
        Some(Outcome::Unknown) => unknown::say(state, &key),
        Some(Outcome::Stay) | None => {}
    }
}

/// What a key on the form leads to.
enum Outcome {
    Stay,
    /// The key has no meaning here.
    Unknown,
    /// The form closes, and with it the card is wiped.
    Leave,
    /// A fresh answer is needed.
    Ask,
    /// The operator has confirmed.
    Pay(Command),
}

fn fill(
    form: &mut PayForm,
    key: &KeyEvent,
    action: Option<Action>,
    situation: &Situation<'_>,
    warned: bool,
    holds_card: bool,
) -> Outcome {
    let methods = PaymentMethod::ALL;
    let at = methods.iter().position(|method| *method == form.draft.method).unwrap_or(0);
    match (action, form.focus) {
        (Some(Action::LeaveForm), _) if holds_card && !warned => form.remark = Some("form.leave_wipes"),
        (Some(Action::LeaveForm), _) => return Outcome::Leave,
        (Some(Action::Review), _) => {
            if !form.review(situation) {
                return Outcome::Ask;
            }
        }
        (Some(Action::NextField), _) => form.move_focus(true, situation),
        (Some(Action::PreviousField), _) => form.move_focus(false, situation),
        (Some(Action::NextMethod), _) => match methods.get(at + 1) {
            Some(method) => form.choose(*method, situation),
            None => form.move_focus(true, situation),
        },
        (Some(Action::PreviousMethod), _) => form.choose(methods[at.saturating_sub(1)], situation),
        (Some(Action::Method(method)), _) => form.settle_on(method, situation),
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
    situation: &Situation<'_>,
    now: Timestamp,
) -> Outcome {
    match (action, key.code) {
        (Some(Action::Cancel), _) => form.step = Step::Filling,
        (Some(Action::Confirm), _) => {
            if let Some((id, payment)) = form.confirm(situation, now) {
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
