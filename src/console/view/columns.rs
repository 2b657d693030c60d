//! The pane of the columns: all of them in their order, which are shown, how wide, and the table beside it.

use ratatui::layout::{Position, Rect};

use super::{canvas::Canvas, layout, pane::around, table};
use crate::console::{column::Pick, layer::columns::ColumnsForm, picture::Picture, theme::Role};

/// Columns of the screen that the pane takes.
const WIDTH: u16 = 44;

/// The widest name that has room.
const NAME: u16 = 18;

/// Draws the pane at the right side of `screen`, so that the heads of the table are seen beside it.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &ColumnsForm,
    screen: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let lang = picture.lang();
    let picks = form.picks();
    let lines = u16::try_from(picks.len()).unwrap_or(u16::MAX - 2);
    let height = (lines + 2).min(screen.height.saturating_sub(2));
    let frame = Rect {
        x: screen.right().saturating_sub(WIDTH + 1),
        y: screen.bottom().saturating_sub(1 + height),
        width: WIDTH,
        height,
    };
    canvas.lift(around(frame).intersection(Rect { y: 1, height: screen.height - 2, ..screen }));
    let end = if form.chosen().is_none() { lang.text("columns.usual") } else { "" };
    let inner = canvas.pane(frame, lang.text("columns.title"), end, Role::Accent);
    let shown = table::columns_in(picture, layout::areas(picture).table.width);
    let room = usize::from(inner.height);
    let first = (form.at() + 1).saturating_sub(room.max(1));
    for (y, (at, pick)) in (inner.y..).zip(picks.iter().enumerate().skip(first).take(room)) {
        let Pick { column, is_shown, width } = *pick;
        let is_here = at == form.at();
        if is_here {
            canvas.sign(inner.x, y, Role::Accent, canvas.signs.selection());
        }
        let (tick, ink) = if is_shown { ("[x]", Role::Text) } else { ("[ ]", Role::Muted) };
        let x = canvas.put(inner.x + 2, y, 3, Role::Accent, tick) + 1;
        canvas.put_cut(
            x,
            y,
            NAME,
            if is_here { Role::Strong } else { ink },
            lang.text(name_of(column.id, column.head)),
        );
        let fitted = shown.iter().find(|(other, _)| *other == column).map(|(_, width)| width);
        let text = match (is_shown, width, fitted) {
            (false, _, _) => String::new(),
            (true, _, None) => lang.text("columns.no_room").to_owned(),
            (true, Some(_), Some(width)) => width.to_string(),
            (true, None, Some(width)) => lang.fill("columns.by_itself", &[("width", &width)]),
        };
        let room = (inner.right()).saturating_sub(x + NAME + 1);
        let ink = if fitted.is_none() { Role::Soon } else { Role::Muted };
        canvas.put_right(x + NAME + 1, y, room, ink, &text);
        if is_here {
            canvas.tint(Rect { y, height: 1, ..inner }, Role::Selection);
        }
    }
    None
}

/// The key of a column's name: its head, but where two columns have the same.
fn name_of(id: &str, head: &'static str) -> &'static str {
    match id {
        "airline" => "columns.airline",
        "short_order" => "columns.short_order",
        "flight" => "columns.flight",
        "state" => "columns.state",
        _ => head,
    }
}
