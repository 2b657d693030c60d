//! Pasted text, with brackets around it or as a burst of keys: where it goes, and what is refused whole.

use zeroize::{Zeroize, Zeroizing};

use super::{edit::insert, filter, palette, turn::Turn};
use crate::{
    console::{
        action::{Context, KeysFor},
        layer::{
            Layer,
            palette::Palette,
            pay::{Focus, PayForm, Phase},
            recover::Asking,
        },
    },
    domain::{
        card::{Expiry, SecretDigits},
        card_line::{CardLine, digits, read_expiry},
        field::Field,
        fold::fold_text,
        stray_card::StrayCard,
    },
};

/// A pasted text is cut after so many characters, and so is what is typed and pasted together.
const LONGEST: usize = 4_096;

/// How a text came that was not typed key by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// By a terminal that says so.
    Pasted,
    /// As keys faster than a hand: a paste as well, or a part of what a hand typed on a slow line.
    Bunched,
}

/// A paste goes into a text field, or nowhere; it never submits, confirms or commands.
pub(super) fn on_paste(turn: &mut Turn<'_>, text: &str) {
    if card_line(turn, text) {
        return;
    }
    if turn.ui.layers.keys_for() == KeysFor::Amount {
        if let Some(form) = turn.ui.layers.form_mut() {
            form.remark = Some("form.paste_refused");
        }
        return;
    }
    let decides = matches!(turn.ui.layers.top(), Some(Layer::Recover(form)) if matches!(form.asking, Asking::Decide(..)));
    let decides = decides || matches!(turn.ui.layers.top(), Some(Layer::Baggage(_)));
    if decides || !enter(turn, text, Way::Pasted) {
        turn.say("message.paste_nowhere", false);
    }
}

/// Characters of a burst go where a hand would have typed them. They are taken out of `text`.
pub(super) fn bunched(turn: &mut Turn<'_>, text: &mut Zeroizing<String>) {
    if !text.is_empty() {
        enter(turn, text, Way::Bunched);
        text.zeroize();
    }
}

/// Fills the fields of an open card form from a line that holds a whole card. False if it is none.
pub(super) fn card_line(turn: &mut Turn<'_>, text: &str) -> bool {
    let now = turn.model.now();
    let Some((form, _)) = turn.form() else { return false };
    let takes = matches!((&form.phase, form.focus), (Phase::Filling, Focus::Field(_)))
        && form.draft.method.needs_card();
    let Some(line) = Some(text).filter(|_| takes).and_then(CardLine::read) else { return false };
    form.touched_at = now;
    form.fill(line);
    form.remark = Some("form.line_read");
    true
}

/// Puts a text where the caret is. False if no text is wanted there.
fn enter(turn: &mut Turn<'_>, text: &str, way: Way) -> bool {
    let clean: Zeroizing<String> = Zeroizing::new(
        text.chars()
            .take(LONGEST)
            .map(|c| if matches!(c, '\t' | '\r' | '\n') { ' ' } else { c })
            .filter(|c| !c.is_control())
            .collect(),
    );
    let clean = if way == Way::Pasted { clean.trim() } else { clean.as_str() };
    // What is typed into these is shown, and kept.
    let context = turn.ui.layers.context();
    let input = match context {
        Context::Filter => Some(turn.ui.filter.type_into()),
        Context::Search => Some(&mut turn.ui.search),
        Context::Palette => turn.ui.layers.palette_mut().map(Palette::type_into),
        _ => turn.ui.layers.note_mut(),
    };
    if let Some(input) = input {
        let before = input.clone();
        let room = LONGEST.saturating_sub(input.value().chars().count());
        let fits = clean.char_indices().nth(room).and_then(|(end, _)| clean.get(..end));
        insert(input, fits.unwrap_or(clean));
        // It may be whole only with what stood there.
        if StrayCard::find(input.value()).is_some() {
            *input = before;
            turn.say("message.card_not_here", true);
            return true;
        }
        match context {
            Context::Filter => filter::apply(turn),
            Context::Palette => palette::apply(turn),
            _ => {}
        }
        return true;
    }
    let now = turn.model.now();
    let Some((form, _)) = turn.form() else { return false };
    form.touched_at = now;
    match (&form.phase, form.focus) {
        (Phase::Filling, Focus::Field(field)) if !field.is_tick() => {
            form.remark = into_field(form, field, clean, way).err();
            true
        }
        (Phase::Confirming(_), _) => {
            clean.chars().for_each(|c| form.type_amount(c, now));
            true
        }
        _ => false,
    }
}

/// What fits is taken, and replaces what was there if it is whole; what does not fit is refused whole, with the key of
/// the reason.
fn into_field(form: &mut PayForm, field: Field, text: &str, way: Way) -> Result<(), &'static str> {
    match field {
        Field::Number => {
            let number = digits(text).filter(|number: &SecretDigits<19>| !number.is_empty());
            let number = number.ok_or("form.no_card_number")?;
            let is_whole = number.has_full_length();
            if way == Way::Pasted && !is_whole && form.draft.number.has_full_length() {
                return Err("form.no_card_number");
            }
            take_digits(&mut form.draft.number, number, way == Way::Pasted || is_whole)
                .ok_or("form.no_card_number")
        }
        Field::Cvv => {
            let code = digits(text).filter(|code: &SecretDigits<4>| !code.is_empty()).ok_or("form.no_cvv")?;
            let is_whole = code.len() >= 3 && form.draft.cvv.len() + code.len() > 4;
            let replaces = way == Way::Pasted || is_whole;
            take_digits(&mut form.draft.cvv, code, replaces).ok_or("form.no_cvv")
        }
        Field::ExpiryMonth | Field::ExpiryYear => into_expiry(form, field, text, way).ok_or("form.no_expiry"),
        _ => {
            let before = form.input.clone();
            insert(&mut form.input, text);
            if StrayCard::find(form.input.value()).is_some() {
                form.input = before;
                return Err("form.card_not_here");
            }
            let text = form.input.value().to_owned();
            form.draft.set(field, &text);
            Ok(())
        }
    }
}

/// Replaces or adds digits; `None` if they do not fit, and then nothing is changed.
fn take_digits<const N: usize>(
    field: &mut SecretDigits<N>,
    digits: SecretDigits<N>,
    replaces: bool,
) -> Option<()> {
    if replaces {
        *field = digits;
        return Some(());
    }
    (field.len() + digits.len() <= N).then(|| {
        digits.expose().iter().for_each(|digit| {
            field.push(char::from(*digit));
        });
    })
}

/// A whole date fills both fields; a part of one fills its own.
fn into_expiry(form: &mut PayForm, field: Field, text: &str, way: Way) -> Option<()> {
    let text = fold_text(text.trim());
    let whole = read_expiry(&text).or_else(|| {
        let (month, year) = text.split_once(' ')?;
        Expiry::parse(month, year)
    });
    if let Some(expiry) = whole {
        form.draft.set(Field::ExpiryMonth, &format!("{:02}", expiry.month));
        form.draft.set(Field::ExpiryYear, &expiry.year.to_string());
        form.focus_on(form.focus);
        return Some(());
    }
    let room = if field == Field::ExpiryMonth { 2 } else { 4 };
    let there = form.draft.text(field);
    let added = if way == Way::Bunched { format!("{there}{text}") } else { text.clone() };
    let fits =
        |text: &String| text.len() <= room && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let value = [added, text].into_iter().find(fits)?;
    form.draft.set(field, &value);
    form.focus_on(form.focus);
    Some(())
}
