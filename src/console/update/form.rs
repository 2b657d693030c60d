//! Keys in the pay form.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;

use super::{edit, insert, with_form};
use crate::{
    console::{
        form::{Focus, PayForm, Step},
        message::Effect,
        state::State,
    },
    desk::handle::Command,
    domain::{draft::Field, method::PaymentMethod, payable::Situation},
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
                _ => Outcome::Stay,
            },
        }
    });
    match paid {
        Some(Outcome::Leave) => drop(state.layers.pop()),
        Some(Outcome::Ask) => effects.push(Effect::Send(Command::Inspect(order))),
        Some(Outcome::Pay(command)) => effects.push(Effect::Send(command)),
        Some(Outcome::Stay) | None => {}
    }
}

/// What a key on the form leads to.
enum Outcome {
    Stay,
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
    situation: &Situation<'_>,
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
        _ => match form.focus {
            Focus::Methods => press_methods(form, key, situation),
            Focus::Field(field) => press_field(form, field, key, situation),
        },
    }
    Outcome::Stay
}

fn press_methods(form: &mut PayForm, key: &KeyEvent, situation: &Situation<'_>) {
    let at = PaymentMethod::ALL.iter().position(|method| *method == form.draft.method).unwrap_or(0);
    let last = PaymentMethod::ALL.len() - 1;
    let next = match key.code {
        KeyCode::Down | KeyCode::Char('j') if at == last => return form.move_focus(true, situation),
        KeyCode::Down | KeyCode::Char('j') => PaymentMethod::ALL[at + 1],
        KeyCode::Up | KeyCode::Char('k') => PaymentMethod::ALL[at.saturating_sub(1)],
        KeyCode::Char(c) => {
            match c.to_digit(10).and_then(|digit| PaymentMethod::from_number(i64::from(digit))) {
                Some(method) => method,
                None => return,
            }
        }
        _ => return,
    };
    form.choose(next, situation);
}

fn press_field(form: &mut PayForm, field: Field, key: &KeyEvent, situation: &Situation<'_>) {
    match (key.code, field) {
        (KeyCode::Down, _) => form.move_focus(true, situation),
        (KeyCode::Up, _) => form.move_focus(false, situation),
        (KeyCode::Char(' '), Field::Reusable) => form.draft.reusable = !form.draft.reusable,
        (KeyCode::Char(' '), Field::TravellerConfirmed) => {
            form.draft.traveller_confirmed = !form.draft.traveller_confirmed;
        }
        (KeyCode::Char(c), Field::Number) => {
            form.draft.number.push(c);
        }
        (KeyCode::Char(c), Field::Cvv) => {
            form.draft.cvv.push(c);
        }
        (KeyCode::Backspace, Field::Number) => form.draft.number.pop(),
        (KeyCode::Backspace, Field::Cvv) => form.draft.cvv.pop(),
        (KeyCode::Delete, Field::Number) => form.draft.number.clear(),
        (KeyCode::Delete, Field::Cvv) => form.draft.cvv.clear(),
        (_, Field::Number | Field::Cvv | Field::Reusable | Field::TravellerConfirmed) => {}
        _ => {
            edit(&mut form.input, key);
            let text = form.input.value().to_owned();
            form.draft.set(field, &text);
        }
    }
}

fn confirm(form: &mut PayForm, key: &KeyEvent, situation: &Situation<'_>, now: Timestamp) -> Outcome {
    match key.code {
        KeyCode::Esc => form.step = Step::Filling,
        KeyCode::Backspace => form.untype_amount(),
        KeyCode::Char(c) if key.modifiers.is_empty() => form.type_amount(c, now),
        KeyCode::Enter => {
            if let Some((id, payment)) = form.confirm(situation, now) {
                return Outcome::Pay(Command::Pay { id, payment });
            }
        }
        _ => {}
    }
    Outcome::Stay
}

/// A pasted text as far as the field takes it.
pub(super) fn paste(form: &mut PayForm, field: Field, text: &str) {
    let digits = text.chars().filter(char::is_ascii_digit);
    match field {
        Field::Number => digits.for_each(|digit| {
            form.draft.number.push(digit);
        }),
        Field::Cvv => digits.for_each(|digit| {
            form.draft.cvv.push(digit);
        }),
        Field::Reusable | Field::TravellerConfirmed => {}
        _ => {
            insert(&mut form.input, text.trim());
            let text = form.input.value().to_owned();
            form.draft.set(field, &text);
        }
    }
}
