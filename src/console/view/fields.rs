//! The fields of the chosen method, each with what is against it at its side. Where not all have room, those around the
//! focus are shown.

use ratatui::layout::Position;

use super::{
    canvas::{columns, wrap_to},
    input::Window,
    page::Page,
};
use crate::{
    console::{
        layer::pay::{Focus, PayForm, Phase},
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        context::PaymentContext, field::Field, method::PaymentMethod, obstacle::Obstacle, payable::amount_due,
    },
    lang::{reason::Reason, words},
};

/// Columns of the labels, and of what stands in a field that has a line to itself.
const LABEL: u16 = 20;
const VALUE: u16 = 22;

/// Lines of what is said beside a field.
const SAID: u16 = 3;

/// A line of the form: a field, or a few short ones that belong together.
pub(super) struct Row {
    fields: Vec<(Field, bool)>,
    said: Vec<String>,
    mark: Option<Mark>,
    role: Role,
}

impl Row {
    fn height(&self) -> u16 {
        u16::try_from(self.said.len()).unwrap_or(SAID).max(1)
    }

    fn has(&self, wanted: Field) -> bool {
        self.fields.iter().any(|(field, _)| *field == wanted)
    }
}

/// The lines that the method wants, for a form of `width` columns.
pub(super) fn rows(
    picture: Picture<'_>,
    form: &PayForm,
    context: &PaymentContext<'_>,
    obstacles: &[Obstacle],
    width: u16,
) -> Vec<Row> {
    let mut together: Vec<Vec<(Field, bool)>> = Vec::new();
    for field in form.fields(context) {
        match together.last_mut() {
            Some(row) if belong_together(row[0].0, field.0) => row.push(field),
            _ => together.push(vec![field]),
        }
    }
    let room = width.saturating_sub(LABEL + VALUE + 3);
    let row = |fields: Vec<(Field, bool)>| {
        let (mark, role, text) = said(picture, form, obstacles, &fields);
        let said = if text.is_empty() { Vec::new() } else { wrap_to(&text, room, SAID) };
        Row { fields, said, mark, role }
    };
    together.into_iter().map(row).collect()
}

/// True for fields of a few characters that are read as one.
fn belong_together(first: Field, next: Field) -> bool {
    matches!(
        (first, next),
        (Field::ExpiryMonth, Field::ExpiryYear | Field::Cvv) | (Field::Country, Field::Province)
    )
}

/// Lines of all rows.
pub(super) fn height(rows: &[Row]) -> u16 {
    rows.iter().map(Row::height).sum()
}

/// Draws as many rows as `room` lines hold, the focused one among them, with a line between them where that leaves all of
/// them room. Returns the caret, and how many rows are hidden.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &PayForm,
    context: &PaymentContext<'_>,
    rows: &[Row],
    room: u16,
    page: &mut Page<'_, '_>,
) -> (Option<Position>, usize) {
    let end = page.y + room.min(page.left());
    let focus = rows.iter().position(|row| matches!(form.focus, Focus::Field(field) if row.has(field)));
    let above = above(rows, focus.unwrap_or(0), room);
    let (mut caret, mut shown) = (None, 0);
    let gap = u16::from(height(rows) + u16::try_from(rows.len()).unwrap_or(u16::MAX) <= room);
    for row in &rows[above..] {
        if page.y + row.height() > end {
            break;
        }
        page.y += if shown > 0 { gap } else { 0 };
        caret = caret.or(draw_row(picture, form, context, row, page));
        shown += 1;
    }
    (caret, rows.len() - shown)
}

/// How many rows stand above the window, so that the one at `focus` is in it.
fn above(rows: &[Row], focus: usize, room: u16) -> usize {
    let mut used = 0;
    let fitting = rows[..=focus.min(rows.len().saturating_sub(1))].iter().rev().take_while(|row| {
        used += row.height();
        used <= room
    });
    (focus + 1).saturating_sub(fitting.count().max(1))
}

fn draw_row(
    picture: Picture<'_>,
    form: &PayForm,
    context: &PaymentContext<'_>,
    row: &Row,
    page: &mut Page<'_, '_>,
) -> Option<Position> {
    let lang = picture.lang();
    let (left, y) = (page.area.x, page.y);
    let (mut x, mut caret) = (left, None);
    for (n, (field, required)) in row.fields.iter().enumerate() {
        let is_focused = is_focused(form, *field);
        let role = if is_focused { Role::Strong } else { Role::Muted };
        if *field == Field::ExpiryYear {
            x = page.canvas.put(x, y, 2, Role::Muted, "/ ");
        } else {
            x = page.canvas.put(x, y, LABEL - 2, role, words::field(lang, *field));
            if *required {
                x = page.canvas.put(x, y, 2, Role::Accent, " *");
            }
            x = if n == 0 { left + LABEL } else { x + 1 };
        }
        let mut width = match field {
            Field::ExpiryMonth | Field::Country | Field::Province => 3,
            Field::ExpiryYear | Field::Cvv => 5,
            _ => VALUE,
        };
        if let (Field::Ceiling, Some(due)) = (field, amount_due(PaymentMethod::Vcc, context.order)) {
            let end = page.canvas.put(x, y, width, Role::Muted, due.currency.code()) + 1;
            width -= end - x;
            x = end;
        }
        caret = caret.or(cell(form, *field, (x, y), width, page));
        x += width + u16::from(*field != Field::ExpiryMonth) * 2;
    }
    let x = left + LABEL + VALUE + 1;
    if let Some(mark) = row.mark {
        page.canvas.sign(x, y, row.role, page.canvas.signs.mark(mark));
    }
    for (line, y) in row.said.iter().zip(y..) {
        page.canvas.put(x + 2, y, (left + page.area.width).saturating_sub(x + 2), row.role, line);
    }
    page.y += row.height();
    caret
}

/// What stands in a field; returns the caret if it is there.
fn cell(
    form: &PayForm,
    field: Field,
    (x, y): (u16, u16),
    width: u16,
    page: &mut Page<'_, '_>,
) -> Option<Position> {
    let value = shown(form, field);
    if !is_focused(form, field) {
        page.canvas.put_cut(x, y, width, Role::Text, &value);
        if value.is_empty() {
            // As on paper: where something is to be written there is a line.
            page.canvas.gauge(x, y, width.saturating_sub(u16::from(width < VALUE)), Role::Faint, (0, 1));
        }
        return None;
    }
    page.canvas.put(x, y, width, Role::Field, &" ".repeat(usize::from(width)));
    if is_secret(field) || field.is_tick() {
        page.canvas.put(x, y, width, Role::Field, &value);
        return Some(Position::new(x + columns(&value).min(width - 1), y));
    }
    // Of a text that is longer than its field the part around the caret is seen.
    let Window { shown, caret, .. } = Window::of(&form.input, width - 1);
    page.canvas.put(x, y, width, Role::Field, shown);
    Some(Position::new(x + caret, y))
}

fn is_focused(form: &PayForm, field: Field) -> bool {
    form.focus == Focus::Field(field) && matches!(form.phase, Phase::Filling)
}

fn is_secret(field: Field) -> bool {
    matches!(field, Field::Number | Field::Cvv)
}

fn is_empty(form: &PayForm, field: Field) -> bool {
    match field {
        Field::Number => form.draft.number.is_empty(),
        Field::Cvv => form.draft.cvv.is_empty(),
        _ if field.is_tick() => false,
        _ => form.draft.text(field).is_empty(),
    }
}

/// What a field shows: secrets as stars, but for the last four of a whole card number.
fn shown(form: &PayForm, field: Field) -> String {
    match field {
        Field::Number => {
            let length = form.draft.number.len();
            if form.draft.number.has_full_length() {
                format!("{}{}", "*".repeat(length - 4), form.draft.number.masked().last_four())
            } else {
                "*".repeat(length)
            }
        }
        Field::Cvv => "*".repeat(form.draft.cvv.len()),
        _ if field.is_tick() => (if form.draft.is_ticked(field) { "[x]" } else { "[ ]" }).to_owned(),
        _ => form.draft.text(field).to_owned(),
    }
}

/// What is said beside a row: what is against the field that has the focus, else against the first of them; or what is
/// worth knowing of one that is in order.
fn said(
    picture: Picture<'_>,
    form: &PayForm,
    obstacles: &[Obstacle],
    fields: &[(Field, bool)],
) -> (Option<Mark>, Role, String) {
    let lang = picture.lang();
    let own = || {
        let of_row = |(field, obstacle): &(Field, &Obstacle)| {
            let is_early = match field {
                // Half a date is no fault while it is typed.
                Field::ExpiryMonth | Field::ExpiryYear => is_empty(form, Field::ExpiryYear),
                _ => is_empty(form, *field) && !is_focused(form, *field) && !obstacle.is_warning(),
            };
            fields.iter().any(|(of_row, _)| of_row == field) && (form.complains || !is_early)
        };
        obstacles.iter().filter_map(|obstacle| Some((obstacle.field()?, obstacle))).filter(of_row)
    };
    let focused = own().find(|(field, _)| is_focused(form, *field));
    let Some((field, obstacle)) = focused.or_else(|| own().next()) else {
        return remark(picture, form, fields[0].0);
    };
    let (mark, role) = if obstacle.is_warning() {
        (Some(Mark::Warning), Role::Soon)
    } else if is_empty(form, field) && !form.complains {
        (None, Role::Muted)
    } else {
        (Some(Mark::Failed), Role::Urgent)
    };
    let is_named = field == fields[0].0 || field == Field::ExpiryYear;
    let text =
        if is_named { words::obstacle_reason(lang, obstacle) } else { Reason::of(lang, obstacle).named() };
    (mark, role, text)
}

/// What is worth saying of a field that is in order.
fn remark(picture: Picture<'_>, form: &PayForm, field: Field) -> (Option<Mark>, Role, String) {
    let lang = picture.lang();
    let text = match field {
        Field::Number => {
            let brand = form.draft.number.brand().map(|brand| brand.word().to_owned());
            let mark = brand.as_ref().map(|_| Mark::Done);
            return (mark, Role::Good, brand.unwrap_or_default());
        }
        Field::Reusable => lang.text(if form.draft.reusable { "form.multi_use" } else { "form.single_use" }),
        Field::OldPaymentSeen => lang.text("form.old_money_hint"),
        Field::Ceiling => lang.text("form.ceiling_hint"),
        _ => "",
    };
    (None, Role::Muted, text.to_owned())
}
