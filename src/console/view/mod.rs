//! The picture drawn: a function of the model and the Ui, which it never changes.

mod baggage;
pub mod canvas;
mod checks;
mod commit;
mod confirm;
pub mod detail;
pub mod doubt;
mod fields;
mod form;
mod head;
mod header;
mod help;
mod hints;
mod loss;
mod methods;
mod one_order;
mod overlay;
mod page;
mod pane;
mod progress;
mod queues;
mod recover;
pub mod table;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use self::canvas::{Canvas, columns, wrap};
use super::{
    action::Context,
    column,
    layer::Layer,
    layout::{self, Areas},
    picture::Picture,
    theme::Role,
};
use crate::lang::wire;

/// Draws the whole screen; returns where the cursor stands, if a field has the focus.
///
/// Layers are painted upward from the last opaque one. The question whether to leave and the remark come last, so that
/// nothing hides them.
pub fn draw(picture: Picture<'_>, buffer: &mut Buffer) -> Option<Position> {
    let setup = &picture.model.setup;
    let mut canvas = Canvas { buffer, theme: &setup.theme, signs: setup.signs };
    canvas.prime();
    let (columns, rows) = picture.ui.size;
    if !layout::fits(picture.ui.size) {
        too_small(picture, &mut canvas);
        return None;
    }
    let screen = Rect::new(0, 0, columns, rows);
    let (has_table, layers) = picture.ui.layers.painted();
    let mut caret = if has_table { table_screen(picture, &mut canvas) } else { None };
    for layer in layers {
        caret = paint(layer, picture, screen, caret, &mut canvas);
    }
    if picture.ui.layers.ask_to_quit() {
        overlay::quit(picture, screen, &mut canvas);
        caret = None;
    }
    remark(picture, screen, &mut canvas);
    caret
}

/// Paints one layer over what is there; returns the caret, which `below` is for what lies below.
fn paint(
    layer: &Layer,
    picture: Picture<'_>,
    screen: Rect,
    below: Option<Position>,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let over = Rect { y: 1, height: screen.height - 2, ..screen };
    match layer {
        Layer::Detail => table_screen(picture, canvas),
        Layer::Pay(form) => form::draw(picture, form, canvas),
        Layer::Recover(form) => recover::draw(picture, form, canvas),
        Layer::Baggage(form) => loss::draw(picture, form, canvas),
        Layer::Commit(form) => {
            commit::draw(picture, form, canvas);
            None
        }
        Layer::Log => overlay::log(picture, over, canvas),
        Layer::Help => help::draw(picture, over, canvas),
        Layer::Sort => overlay::sort_menu(picture, screen, canvas),
        // The one is typed into a line of the table, the other asked over everything.
        Layer::Filter | Layer::Quit => below,
    }
}

/// The table with what belongs to it; returns the caret while the filter is typed.
fn table_screen(picture: Picture<'_>, canvas: &mut Canvas<'_>) -> Option<Position> {
    let areas = layout::areas(picture);
    header::draw(picture, areas.header, canvas);
    queues::draw(picture, areas.queues, canvas);
    let caret = status(picture, &areas, canvas);
    if areas.table.height > 0 {
        table::draw(picture, areas.table, canvas);
        if picture.ui.list.shown() == 0 {
            let room = areas.table.width.saturating_sub(3);
            let filter = picture.ui.list.is_filtered().then(|| picture.lang().text("help.filter"));
            let texts =
                [Some(&*empty_text(picture)), filter].map(|text| wrap(text.unwrap_or_default(), room));
            for (y, line) in (areas.table.y + 2..areas.table.bottom()).zip(texts.concat()) {
                canvas.put(areas.table.x + 2, y, room, Role::Muted, &line);
            }
        }
    }
    if let Some(area) = areas.detail {
        detail::draw(picture, area, areas.beside && areas.table.height > 0, canvas);
    }
    narration(picture, areas.narration, canvas);
    canvas.rule(areas.remark.x, areas.remark.y, areas.remark.width);
    let context = if picture.ui.layers.show_detail() { Context::Detail } else { Context::Table };
    hints::draw(picture.lang(), &[context], areas.hints, canvas);
    caret
}

/// The question whether to leave is asked on any screen; else what is wrong with this one, in as many words as fit.
fn too_small(picture: Picture<'_>, canvas: &mut Canvas<'_>) {
    let (columns, rows) = picture.ui.size;
    let asks = picture.ui.layers.ask_to_quit();
    let remark = picture.ui.remark.as_ref().map(|remark| remark.text.clone());
    let too_small = picture.lang().fill("message.too_small", &[("columns", &columns), ("rows", &rows)]);
    let question = asks.then(|| overlay::quit_text(picture));
    let lines =
        [question, remark, Some(too_small)].into_iter().flatten().flat_map(|text| wrap(&text, columns));
    for (y, line) in (0..rows).zip(lines) {
        canvas.put(0, y, columns, Role::Text, &line);
    }
}

/// Why there is nothing to see.
fn empty_text(picture: Picture<'_>) -> String {
    let lang = picture.lang();
    match (&picture.model.health.error, picture.ui.list.is_empty()) {
        (Some(error), true) => wire::read_error(lang, error),
        (None, true) if picture.model.health.last_sweep.is_none() => lang.text("table.loading").to_owned(),
        (None, true) => lang.text("table.none").to_owned(),
        (_, false) => lang.text("table.nothing_here").to_owned(),
    }
}

/// How many rows of how many, the filter, and what is not as usual with the rows, the weightiest first. Returns the
/// caret while the filter is typed.
fn status(picture: Picture<'_>, areas: &Areas, canvas: &mut Canvas<'_>) -> Option<Position> {
    let (lang, ui, area) = (picture.lang(), picture.ui, areas.status);
    let count = lang.fill("status.count", &[("shown", &ui.list.shown()), ("all", &ui.list.len())]);
    let mut x = canvas.put(area.x + 1, area.y, area.width, Role::Text, &count) + 3;
    let mut caret = None;
    let typing = ui.layers.context() == Context::Filter;
    let has_filter = typing || ui.list.is_filtered();
    if has_filter {
        let start = canvas.put(x, area.y, area.width, Role::Accent, "/");
        let role = if typing { Role::Field } else { Role::Accent };
        x = canvas.put(start, area.y, 40, role, ui.filter.value()) + 2;
        let before = u16::try_from(ui.filter.visual_cursor()).unwrap_or(0).min(40);
        caret = typing.then(|| Position::new(start + before, area.y));
    }
    let (sort, reversed) = ui.list.sorted_by();
    let is_sorted = *sort != column::URGENCY || reversed;
    let hint = |key| (Role::Muted, lang.text(key).to_owned());
    let notes = [
        frozen(picture).map(|text| (Role::Soon, text)),
        has_filter.then(|| hint("status.filter_hint")),
        is_sorted.then(|| hint("status.sorted")),
    ];
    // What has no room is left out, but the first, which goes as far as it can.
    for (n, (role, text)) in notes.into_iter().flatten().enumerate() {
        if n > 0 && x + columns(&text) > area.right() {
            break;
        }
        x = canvas.put(x, area.y, area.width, role, &text) + 3;
    }
    caret
}

/// For how long no row has moved, and in how many of them there is news.
fn frozen(picture: Picture<'_>) -> Option<String> {
    let since = picture.ui.frozen_since?;
    let at = since.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
    let [now, since] = [picture.model.now(), since].map(column::whole_minute);
    let (age, held) = (column::age(now.duration_since(since)), picture.ui.held.len());
    Some(picture.lang().fill("status.frozen", &[("age", &age), ("at", &at), ("held", &held)]))
}

/// What a demo's presenter says, behind a mark, so that it is never taken for something the desk says.
fn narration(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let Some(text) = picture.narration() else { return };
    let width = area.width.saturating_sub(layout::NARRATION_MARGIN);
    for (y, line) in (area.y..area.bottom()).zip(wrap(text, width)) {
        let mark = if y == area.y { ">>" } else { "" };
        canvas.put(area.x, y, 2, Role::Accent, mark);
        canvas.put(area.x + 3, y, width, Role::Accent, &line);
    }
}

/// The line for remarks: where the screen on top has a rule, or nothing but hints.
fn remark(picture: Picture<'_>, screen: Rect, canvas: &mut Canvas<'_>) {
    let Some(remark) = &picture.ui.remark else { return };
    let role = if remark.is_error { Role::Urgent } else { Role::Soon };
    if picture.ui.layers.painted().1.last().is_some_and(Layer::remarks_in_frame) {
        return page::remark(role, &remark.text, canvas);
    }
    let from_below = picture.ui.layers.remark_line();
    // One that is too long for its line takes the one above as well.
    let lines = wrap(&remark.text, screen.width - 2);
    for (n, text) in (0..).zip(lines.iter().take(2).rev()) {
        let line = Rect { y: screen.bottom().saturating_sub(from_below + n), height: 1, ..screen };
        canvas.clear(line);
        canvas.put(line.x + 1, line.y, line.width - 2, role, text);
    }
}
