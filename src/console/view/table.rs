//! The table of orders: only the visible rows are built, cell by cell.

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use crate::console::{
    column::{self, Column, Row, Set},
    picture::Picture,
    theme::Role,
};

/// The detail is not read well in fewer columns than this.
const ROOM_FOR_DETAIL: u16 = 50;

/// Columns of the screen that the table takes when the detail stands beside it, with a blank before what parts them.
pub fn preferred_width(screen: u16) -> u16 {
    Set::fitting(screen.saturating_sub(ROOM_FOR_DETAIL)).room() + 1
}

/// True when a table of `width` columns shows ages.
pub fn shows_age(width: u16) -> bool {
    Set::fitting(width).shows_age()
}

/// Draws heads and visible rows.
pub fn draw(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let set = Set::fitting(area.width);
    let (sorted, reversed) = picture.ui.list.sorted_by();
    let put = |canvas: &mut Canvas<'_>, x: u16, y: u16, column: &Column, role: Role, text: &str| {
        let width = set.width(column);
        if column.is_right {
            canvas.put_right(x, y, width, role, text);
        } else {
            canvas.put(x, y, width, role, text);
        }
        x + width + 1
    };
    let mut text = String::new();
    let (mut x, mut end) = (area.x + 2, area.x);
    for column in set.columns {
        text.clear();
        text.push_str(picture.lang().text(column.head));
        if column.is_sorted_by(sorted) {
            text.push(if reversed { '^' } else { '+' });
        }
        // A head that is wider than its column takes what is free to the left.
        let over = columns(&text).saturating_sub(set.width(column));
        if !column.is_right && over > 0 && x.saturating_sub(over) > end {
            canvas.put_right(x - over, area.y, columns(&text), Role::Title, &text);
            x += set.width(column) + 1;
            end = x - 1;
            continue;
        }
        end = x + columns(&text).min(set.width(column));
        x = put(canvas, x, area.y, column, Role::Title, &text);
    }
    let selected = picture.selected();
    let stale = picture.model.stale_for().is_some();
    let (lang, now) = (picture.lang(), picture.model.now());
    let troubles = &picture.model.troubles;
    let minute = column::whole_minute(now);
    for (line, y) in (area.y + 1..area.bottom()).enumerate() {
        let Some((case, group)) = picture.row(picture.ui.top + line) else { break };
        let is_remembered = picture.model.remembered_from(case.order.no).is_some();
        let server_now = picture.model.shown_now(case);
        let row =
            Row { case, group, is_remembered, lang, now: picture.model.shown_wall(case), minute, server_now };
        let is_in_trouble = !troubles.of_all(&case.order.airlines, now).is_empty();
        let is_dim = stale || is_remembered;
        let plain = if is_dim { Role::Dim } else { column::row_role(group) };
        let is_selected = selected == Some(case.order.no);
        let mut x = area.x;
        for column in std::iter::once(&&column::URGENCY).chain(set.columns) {
            text.clear();
            let own = (column.cell)(&row, &mut text, set.width(column)).filter(|_| !is_dim);
            x = put(canvas, x, y, column, own.unwrap_or(plain), &text);
            if is_in_trouble && **column == column::AIRLINE {
                canvas.put(x - 1, y, 1, if is_dim { plain } else { Role::Due }, "!");
            }
        }
        if picture.is_held(case.order.no) {
            canvas.put(area.x + 1, y, 1, if is_dim { plain } else { Role::Due }, "+");
        }
        if is_selected {
            canvas.put(area.x, y, 1, plain, ">");
            canvas.tint(Rect { y, height: 1, ..area }, Role::Selected);
        }
    }
}
