//! Keys in the pay form.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;

use super::{edit, unknown, with_form};
use crate::{
    console::{
        form::{Focus, PayForm, Step},
        message::Effect,
        state::State,
    },
    desk::handle::Command,
    domain::{context::PaymentContext, draft::Field, method::PaymentMethod},
};

pub(super) fn press(state: &mut State, key: KeyEvent, effects: &mut Vec<Effect>) {
    let now = state.now;
    let Some(order) = state.form().map(|form| form.order) else { return };
    let holds_card = state.form().is_some_and(PayForm::holds_card);
    let paid = with_form(state, order, |form, situation| {
        form.touched_at = now;
        form.goes_on = false;
        let warned = form.remark.take() == Some("form.leave_wipes");
        match &form.step {
            Step::Filling => fill(form, &key, situation, warned, holds_card),
            Step::Confirming(_) => confirm(form, &key, situation, now),
            Step::Following(_) | Step::NotBegun(_) => match key.code {
                KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q') => Outcome::Leave,
                _ => Outcome::Unknown,
            },
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
    situation: &PaymentContext<'_>,
    warned: bool,
    holds_card: bool,
) -> Outcome {
    match key.code {
        KeyCode::Esc if holds_card && !warned => form.remark = Some("form.leave_wipes"),
        KeyCode::Esc => return Outcome::Leave,
        KeyCode::Enter => {
            if !form.review(situation) {
                return Outcome::Ask;
            }
        }
        KeyCode::Tab => form.move_focus(true, situation),
        KeyCode::BackTab => form.move_focus(false, situation),
        _ => {
            return match form.focus {
                Focus::Methods => press_methods(form, key, situation),
                Focus::Field(field) => press_field(form, field, key, situation),
            };
        }
    }
    Outcome::Stay
}

fn press_methods(form: &mut PayForm, key: &KeyEvent, situation: &PaymentContext<'_>) -> Outcome {
    let at = PaymentMethod::ALL.iter().position(|method| *method == form.draft.method).unwrap_or(0);
    let last = PaymentMethod::ALL.len() - 1;
    match key.code {
        KeyCode::Down | KeyCode::Char('j') if at == last => form.move_focus(true, situation),
        KeyCode::Down | KeyCode::Char('j') => form.choose(PaymentMethod::ALL[at + 1], situation),
        KeyCode::Up | KeyCode::Char('k') => form.choose(PaymentMethod::ALL[at.saturating_sub(1)], situation),
        KeyCode::Char(c) => {
            let number = c.to_digit(10).map(i64::from);
            match number.and_then(PaymentMethod::from_number) {
                Some(method) => form.settle_on(method, situation),
                None => return Outcome::Unknown,
            }
        }
        _ => return Outcome::Unknown,
    }
    Outcome::Stay
}

fn press_field(form: &mut PayForm, field: Field, key: &KeyEvent, situation: &PaymentContext<'_>) -> Outcome {
    match (key.code, field) {
        (KeyCode::Down, _) => form.move_focus(true, situation),
        (KeyCode::Up, _) => form.move_focus(false, situation),
        (KeyCode::Char(' '), _) if field.is_tick() => form.draft.tick(field),
        (_, _) if field.is_tick() => return Outcome::Unknown,
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

fn confirm(form: &mut PayForm, key: &KeyEvent, situation: &PaymentContext<'_>, now: Timestamp) -> Outcome {
    match key.code {
        KeyCode::Esc => form.step = Step::Filling,
        KeyCode::Backspace => form.untype_amount(),
        KeyCode::Char(c) if key.modifiers.is_empty() && is_of_amount(c) => form.type_amount(c, now),
        KeyCode::Char(_) => return Outcome::Unknown,
        KeyCode::Enter => {
            if let Some((id, payment)) = form.confirm(situation, now) {
                return Outcome::Pay(Command::Pay { id, payment });
            }
        }
        _ => {}
    }
    Outcome::Stay
}
