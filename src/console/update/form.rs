//! Keys in the pay form.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;

use super::{edit::edit, turn::Turn, unknown};
use crate::{
    console::form::{Focus, PayForm, Phase},
    desk::handle::Command,
    domain::{attempt::AttemptId, draft::Field, method::PaymentMethod, payable::Situation},
};

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent) {
    let (now, id) = (turn.model.now(), turn.id);
    let Some((form, situation)) = turn.form() else { return };
    form.touched_at = now;
    form.goes_on = false;
    let warned = form.remark.take() == Some("form.leave_wipes");
    let outcome = match &form.phase {
        Phase::Filling => fill(form, &key, &situation, warned),
        Phase::Confirming(_) => confirm(form, &key, &situation, now, id),
        Phase::Following(_) | Phase::NotBegun(_) => match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q') => Outcome::Leave,
            _ => Outcome::Unknown,
        },
    };
    let order = form.order;
    match outcome {
        Outcome::Leave => drop(turn.ui.layers.pop()),
        Outcome::Ask => turn.send(Command::Inspect(order)),
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
    /// A fresh answer is needed.
    Ask,
    /// The operator has confirmed.
    Pay(Command),
}

fn fill(form: &mut PayForm, key: &KeyEvent, situation: &Situation<'_>, warned: bool) -> Outcome {
    match key.code {
        KeyCode::Esc if form.holds_card() && !warned => form.remark = Some("form.leave_wipes"),
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

fn press_methods(form: &mut PayForm, key: &KeyEvent, situation: &Situation<'_>) -> Outcome {
    let at = PaymentMethod::ALL.iter().position(|method| *method == form.draft.method).unwrap_or(0);
    let last = PaymentMethod::ALL.len() - 1;
    match key.code {
        KeyCode::Down | KeyCode::Char('j') if at == last => form.move_focus(true, situation),
        KeyCode::Down | KeyCode::Char('j') => form.choose(PaymentMethod::ALL[at + 1], situation),
        KeyCode::Up | KeyCode::Char('k') => form.choose(PaymentMethod::ALL[at.saturating_sub(1)], situation),
        KeyCode::Char(c) => {
            let number = c.to_digit(10).map(i64::from);
            match number.and_then(PaymentMethod::from_number) {
                Some(method) => form.choose_and_fill(method, situation),
                None => return Outcome::Unknown,
            }
        }
        _ => return Outcome::Unknown,
    }
    Outcome::Stay
}

fn press_field(form: &mut PayForm, field: Field, key: &KeyEvent, situation: &Situation<'_>) -> Outcome {
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

fn confirm(
    form: &mut PayForm,
    key: &KeyEvent,
    situation: &Situation<'_>,
    now: Timestamp,
    id: AttemptId,
) -> Outcome {
    match key.code {
        KeyCode::Esc => form.phase = Phase::Filling,
        KeyCode::Backspace => form.untype_amount(),
        KeyCode::Char(c) if key.modifiers.is_empty() && is_of_amount(c) => form.type_amount(c, now),
        KeyCode::Char(_) => return Outcome::Unknown,
        KeyCode::Enter => {
            if let Some((id, payment)) = form.confirm(situation, now, id) {
                return Outcome::Pay(Command::Pay { id, payment });
            }
        }
        _ => {}
    }
    Outcome::Stay
}
