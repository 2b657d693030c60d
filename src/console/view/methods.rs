//! The four methods as a table, always all: whether each may be used, what leaves, the fee, and what the deposit holds then.

use super::{canvas::columns, page::Page};
use crate::{
    console::{
        layer::pay::{Focus, PayForm, Phase},
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{context::PaymentContext, method::PaymentMethod, obstacle::Obstacle, outlay::Outlay, payable},
    lang::words,
};
use ratatui::layout::Rect;

/// Columns before the sums: the mark of the chosen one, number, name, and verdict.
const NAME: u16 = 15;

/// Blanks between two columns of sums.
const GAP: u16 = 2;

const HEADS: [&str; 3] = ["form.leaves", "form.fee", "form.after"];

/// What one method costs, column by column, or what is against it.
type Cells = Result<[String; 3], Obstacle>;

/// Draws the table.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &PayForm,
    context: &PaymentContext<'_>,
    page: &mut Page<'_, '_>,
) {
    let lang = picture.lang();
    let rows = PaymentMethod::ALL.map(|method| (method, cells(picture, method, context)));
    let heads = HEADS.map(|key| lang.text(key));
    let widest = |n: usize| {
        let sums = rows.iter().filter_map(|(_, cells)| Some(columns(&cells.as_ref().ok()?[n])));
        sums.chain([columns(heads[n])]).max().unwrap_or(0)
    };
    let (x, width) = (page.area.x, page.area.width);
    let mut ends: Vec<u16> = Vec::new();
    // A column that has no room is left out: half an amount would be another one.
    for n in 0..HEADS.len() {
        let end = ends.last().map_or(x + NAME, |end| end + GAP) + widest(n);
        if end > x + width {
            break;
        }
        ends.push(end);
    }
    page.canvas.put(x, page.y, NAME, Role::Muted, lang.text("form.method"));
    for (end, head) in ends.iter().zip(heads) {
        page.canvas.put(end - columns(head), page.y, columns(head), Role::Muted, head);
    }
    page.y += 1;
    for (method, cells) in rows {
        let is_chosen = form.draft.method == method;
        let (canvas, y) = (&mut *page.canvas, page.y);
        let name = if is_chosen { Role::Strong } else { Role::Text };
        if is_chosen {
            canvas.sign(x, y, Role::Accent, canvas.signs.mark(Mark::Chosen));
        }
        canvas.put(x + 2, y, 1, Role::Accent, &method.number().to_string());
        canvas.put(x + 4, y, NAME - 6, name, words::method(lang, method));
        match cells {
            Ok(cells) => {
                canvas.sign(x + NAME - 2, y, Role::Good, canvas.signs.mark(Mark::Done));
                let inks = [name, Role::Text, Role::Muted];
                for ((end, cell), role) in ends.iter().zip(cells).zip(inks) {
                    canvas.put(end - columns(&cell), y, columns(&cell), role, &cell);
                }
            }
            Err(obstacle) => {
                let role = if is_chosen { Role::Urgent } else { Role::Muted };
                canvas.sign(x + NAME - 2, y, role, canvas.signs.mark(Mark::Failed));
                let reason = words::obstacle_reason(lang, &obstacle);
                canvas.put_cut(x + NAME, y, width.saturating_sub(NAME), role, &reason);
            }
        }
        if is_chosen && form.focus == Focus::Methods && matches!(form.phase, Phase::Filling) {
            canvas.tint(Rect::new(x, y, width, 1), Role::Selection);
        }
        page.y += 1;
    }
}

fn cells(picture: Picture<'_>, method: PaymentMethod, context: &PaymentContext<'_>) -> Cells {
    let obstacles = payable::method_obstacles(method, context);
    if let Some(obstacle) = obstacles.into_iter().find(|obstacle| !obstacle.is_warning()) {
        return Err(obstacle);
    }
    let outlay = Outlay::by(method, context.order).ok_or(Obstacle::AmountUnknown)?;
    let fee = match outlay.fee {
        Some(fee) if outlay.is_fee_included => {
            picture.lang().fill("form.fee_included", &[("fee", &fee.grouped())])
        }
        fee => fee.map_or("-".to_owned(), |fee| fee.to_string()),
    };
    // It is part of what leaves, and never comes from the deposit.
    let card_fee =
        outlay.card_fee.map(|fee| picture.lang().fill("form.card_fee_included", &[("fee", &fee.grouped())]));
    let fee = fee + &card_fee.unwrap_or_default();
    let after = context.balance.and_then(|balance| outlay.balance_after(balance));
    Ok([outlay.amount.to_string(), fee, after.map_or("?".to_owned(), |after| after.to_string())])
}
