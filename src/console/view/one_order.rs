//! A page about one order over the whole screen: the bars at head and foot, the line that says which order it is, the pane
//! of the page, and beside it, where there is room, the order as the desk shows it.

use ratatui::layout::Rect;

use super::{
    canvas::Canvas,
    detail, head, header, hints, layout,
    page::{Page, foot},
};
use crate::{
    console::{picture::Picture, theme::Role},
    domain::order::OrderNo,
};

/// Opens the page of `order`: everything but what is in its pane, which has `title` at its left end and `end` at its
/// right one.
pub(super) fn open<'a, 'b>(
    picture: Picture<'_>,
    order: OrderNo,
    title: &'static str,
    end: &str,
    canvas: &'a mut Canvas<'b>,
) -> Page<'a, 'b> {
    open_above(0, picture, order, title, end, canvas)
}

/// The same with so many lines free between its panes and the foot.
pub(super) fn open_above<'a, 'b>(
    free: u16,
    picture: Picture<'_>,
    order: OrderNo,
    title: &'static str,
    end: &str,
    canvas: &'a mut Canvas<'b>,
) -> Page<'a, 'b> {
    let (columns, rows) = picture.ui.size;
    let screen = Rect::new(0, 0, columns, rows);
    canvas.clear(screen);
    header::draw(picture, Rect { height: 1, ..screen }, canvas);
    let case = picture.model.case(order).map(|case| &**case);
    head::identity(picture, order, case, Rect { y: 1, height: 1, ..screen }, canvas);
    let body = Rect { y: 2, height: rows.saturating_sub(3 + free), ..screen };
    let width = layout::page_width(columns);
    if let Some(case) = case.filter(|_| width < columns) {
        let beside = Rect { x: width, width: columns - width, ..body };
        detail::beside(picture, case, beside, canvas);
    }
    let pane = Rect { width, ..body };
    let area = canvas.pane(pane, picture.lang().text(title), end, Role::Faint);
    hints::draw(picture, &[], foot(screen), canvas);
    Page { area, y: area.y, canvas }
}
