//! The selected order: facts, payment options, attempts, story, and the next right action. First what is decided by,
//! so that the strip below a narrow table shows the same from its top.

mod call;
mod facts;
mod limits;
mod lines;
mod methods;
mod story;

use ratatui::{layout::Rect, text::Line};

use self::lines::{BAR, Page, Row};
use super::{
    canvas::{Canvas, columns},
    doubt, head,
    pane::inside,
    table::frozen,
};
use crate::{
    console::{picture::Picture, theme::Role},
    domain::case::Case,
};

/// Draws as much of the detail as there is room for, from where it is scrolled to; `below` the table in one frame with it.
pub(super) fn draw(picture: Picture<'_>, area: Rect, below: bool, canvas: &mut Canvas<'_>) {
    let case = picture.detailed_case().map(|case| &**case);
    draw_case(picture, case, picture.ui.scroll, area, below, canvas);
}

/// The order of a page beside it, from its first line.
pub(super) fn beside(picture: Picture<'_>, case: &Case, area: Rect, canvas: &mut Canvas<'_>) {
    draw_case(picture, Some(case), 0, area, false, canvas);
}

fn draw_case(
    picture: Picture<'_>,
    case: Option<&Case>,
    scroll: usize,
    area: Rect,
    below: bool,
    canvas: &mut Canvas<'_>,
) {
    let title = case.map_or("", |case| case.order.no.as_str());
    let asked = case.and_then(|case| picture.model.asked_at(case.order.no));
    let end = asked.map(|asked| head::asked(picture, Some(asked))).unwrap_or_default();
    // Where there is no room for the word, the time alone.
    let room = area.width.saturating_sub(columns(title) + BESIDE_TITLE);
    let end = if columns(&end) <= room { &*end } else { end.rsplit(' ').next().unwrap_or_default() };
    let frozen = frozen(picture, room).filter(|_| picture.ui.layers.show_detail());
    let end = frozen.as_deref().map_or((Role::Muted, end), |frozen| (Role::Soon, frozen));
    canvas.pane_with(area, title, end, Role::Faint);
    if below {
        canvas.divide(area, title, end.1, Role::Faint);
    }
    let inner = inside(area);
    let Some(case) = case else {
        canvas.put(inner.x, inner.y, inner.width, Role::Muted, picture.lang().text("detail.none"));
        return;
    };
    let [left, right] = columns_of(inner);
    let [first, second] = lines(picture, case, inner);
    for (lines, area) in [(first, left), (second, right)] {
        // The head of what has no room is left out with it.
        let shown = lines.iter().skip(scroll).take(area.height.into());
        let last = shown.clone().rposition(|row| !row.is_title).map_or(0, |at| at + 1);
        for (line, y) in shown.take(last).zip(area.y..area.bottom()) {
            draw_line(line, Rect { y, height: 1, ..area }, canvas);
        }
    }
}

fn draw_line(line: &Row, area: Rect, canvas: &mut Canvas<'_>) {
    let mut x = area.x;
    if let Some(block) = line.block {
        if block == Role::Call {
            canvas.tint(area, block);
        }
        canvas.sign(x, area.y, block, canvas.signs.selection());
        x += BAR;
    }
    canvas.line(x, area.y, area.right().saturating_sub(x), &line.text);
    if let Some(right) = &line.right {
        let width = columns(&right.content);
        let right = Line::from(right.clone());
        canvas.line(area.right().saturating_sub(width), area.y, width, &right);
    }
}

/// Lines of the detail that do not fit into its area, if it has one.
pub fn hidden_lines(picture: Picture<'_>, area: Option<Rect>) -> usize {
    let Some(area) = area.map(inside) else { return 0 };
    let Some(case) = picture.detailed_case() else { return 0 };
    let longest = lines(picture, case, area).map(|lines| lines.len()).into_iter().max();
    longest.unwrap_or_default().saturating_sub(usize::from(area.height))
}

/// From so many columns on the facts stand in two columns, with a gap between.
const TWO_FROM: u16 = 160;

const BETWEEN: u16 = 4;

/// The columns of a pane; the second has no width where there is no room for two.
fn columns_of(inner: Rect) -> [Rect; 2] {
    if inner.width < TWO_FROM {
        return [inner, Rect { width: 0, ..inner }];
    }
    let left = (inner.width - BETWEEN) * 3 / 5;
    let right = Rect { x: inner.x + left + BETWEEN, width: inner.width - left - BETWEEN, ..inner };
    [Rect { width: left, ..inner }, right]
}

/// Columns of a frame that its title and its end do not take.
const BESIDE_TITLE: u16 = 9;

/// A pane with fewer lines inside has none to spare for blank ones.
const TIGHT_BELOW: u16 = 12;

/// All lines of the detail in a pane with `inner` inside, in one column or two.
fn lines(picture: Picture<'_>, case: &Case, inner: Rect) -> [Vec<Row>; 2] {
    let [left, right] = columns_of(inner);
    let is_tight = inner.height < TIGHT_BELOW;
    let mut page = Page { picture, width: left.width, is_tight, lines: Vec::new() };
    facts::trip(&mut page, &case.order);
    call::call(&mut page, case);
    // Where there is little room, what is wrong and by what it can be paid go first.
    if !is_tight {
        limits::limits(&mut page, case);
    }
    facts::evidence(&mut page, case);
    facts::troubles(&mut page, case);
    facts::found(&mut page, case);
    facts::work(&mut page, case);
    facts::put_away(&mut page, case);
    // The plan beside it says the same.
    if picture.ui.layers.recover().is_none() {
        for (label, text) in doubt::lines(picture, case) {
            page.entry(label, Role::Doubt, &text);
        }
    }
    let details = case.order.details.as_deref();
    match details {
        Some(details) => {
            methods::options(&mut page, case, details);
            if is_tight {
                limits::limits(&mut page, case);
            }
            facts::facts(&mut page, case, details);
        }
        None => page.entry("detail.price", Role::Muted, picture.lang().text("detail.asking")),
    }
    let mut second = Page { picture, width: right.width, is_tight, lines: Vec::new() };
    let besides = if right.width > 0 { &mut second } else { &mut page };
    facts::notes(besides, case);
    story::attempts(besides, case);
    story::story(besides, case);
    if let Some(details) = details {
        facts::itinerary(besides, details);
        facts::travellers(besides, &case.order, details);
    }
    [page.lines, second.lines]
}
