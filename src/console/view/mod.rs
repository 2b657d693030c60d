//! The picture drawn: a function of the model and the Ui, which it never changes.

mod alerts;
mod baggage;
pub mod canvas;
mod checks;
mod columns;
mod commit;
mod confirm;
pub mod detail;
pub mod doubt;
mod dry_run;
mod fields;
mod filter;
mod find;
mod form;
mod head;
mod header;
mod help;
mod hints;
mod input;
pub mod layout;
mod loss;
mod methods;
mod one_order;
mod overlay;
mod page;
pub mod palette;
pub mod pane;
mod progress;
mod prompt;
pub mod queues;
mod recover;
pub mod table;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use self::{
    canvas::{Canvas, columns, wrap},
    layout::Areas,
};
use super::{action::Context, layer::Layer, picture::Picture, theme::Role};
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
    if layers.iter().any(Layer::hides_status) {
        filter::in_force(picture, screen, &mut canvas);
    }
    if picture.ui.layers.ask_to_quit() {
        overlay::quit(picture, screen, &mut canvas);
        caret = None;
    }
    if layers
        .last()
        .is_some_and(|layer| !layer.is_opaque() && !matches!(layer, Layer::Filter | Layer::Prompt(_)))
    {
        foot(picture, picture.ui.layers.context(), page::foot(screen), &mut canvas);
    }
    remark(picture, screen, &mut canvas);
    caret
}

/// Draws the table anew over a frame in which it stood, with nothing over it.
pub fn draw_table(picture: Picture<'_>, buffer: &mut Buffer) {
    let setup = &picture.model.setup;
    let mut canvas = Canvas { buffer, theme: &setup.theme, signs: setup.signs };
    let area = layout::areas(picture).table;
    canvas.clear(area);
    table_pane(picture, area, &mut canvas);
}

/// The keys of a screen, with room for a remark beside them.
fn foot(picture: Picture<'_>, context: Context, area: Rect, canvas: &mut Canvas<'_>) {
    canvas.clear(area);
    canvas.tint(area, Role::Bar);
    let remark = picture.ui.remark.as_ref().map_or(0, |remark| columns(&remark.text) + 2);
    // What is needed always has room, if need be above the remark.
    let width = area.width.saturating_sub(remark);
    hints::draw(picture, &[context], Rect { width, ..area }, canvas);
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
        Layer::Palette(palette) => Some(palette::draw(picture, palette, screen, canvas)),
        Layer::Prompt(line) => Some(prompt::draw(picture, line, screen, canvas)),
        Layer::Log => overlay::log(picture, over, canvas),
        Layer::Help => help::draw(picture, over, canvas),
        Layer::Alerts(selected) => {
            alerts::list(picture, *selected, over, canvas);
            None
        }
        Layer::Search => Some(overlay::search_caret(picture, over)),
        Layer::Sort => overlay::sort_menu(picture, screen, canvas),
        Layer::Export(subject) => overlay::export_menu(picture, *subject, screen, canvas),
        Layer::Find(prompt) => Some(find::draw(picture, prompt, screen, canvas)),
        Layer::Columns(form) => columns::draw(picture, form, screen, canvas),
        Layer::Filter => filter::help(picture, layout::areas(picture), below, canvas),
        // It is asked over everything.
        Layer::Quit => below,
    }
}

/// The table with what belongs to it; returns the caret while the filter is typed.
fn table_screen(picture: Picture<'_>, canvas: &mut Canvas<'_>) -> Option<Position> {
    let areas = layout::areas(picture);
    header::draw(picture, areas.header, canvas);
    queues::draw(picture, areas.queues, canvas);
    let caret = status(picture, &areas, canvas);
    if areas.table.height > 0 {
        table_pane(picture, areas.table, canvas);
    }
    if let Some(area) = areas.detail {
        let is_below = !areas.beside && areas.table.height > 0;
        detail::draw(picture, area, is_below, canvas);
    }
    alerts::newest(picture, &areas, canvas);
    narration(picture, areas.narration, canvas);
    let context = match picture.ui.layers.context() {
        context @ (Context::Filter | Context::Find | Context::Columns | Context::Alerts) => context,
        _ if picture.ui.layers.show_detail() => Context::Detail,
        _ => Context::Table,
    };
    foot(picture, context, areas.foot, canvas);
    caret
}

/// The table, or why there is nothing in it.
fn table_pane(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let rows = table::draw(picture, area, canvas);
    if picture.ui.list.shown() == 0 && !picture.ui.list.is_looking() {
        let filter = picture.ui.list.is_filtered().then(|| picture.lang().text("help.filter"));
        let texts =
            [Some(&*empty_text(picture)), filter].map(|text| wrap(text.unwrap_or_default(), rows.width));
        for (y, line) in (rows.y + 1..rows.bottom()).zip(texts.concat()) {
            canvas.put(rows.x + 1, y, rows.width - 1, Role::Muted, &line);
        }
    }
}

/// The question whether to leave is asked on any screen; else what is wrong with this one, in as many words as fit.
fn too_small(picture: Picture<'_>, canvas: &mut Canvas<'_>) {
    let (columns, rows) = picture.ui.size;
    let asks = picture.ui.layers.ask_to_quit();
    let remark = picture.ui.remark.as_ref().map(|remark| remark.text.clone());
    let too_small = picture.lang().fill("message.too_small", &[("columns", &columns), ("rows", &rows)]);
    let question = asks.then(|| overlay::quit_text(picture));
    let screen = Rect::new(0, 0, columns, rows);
    // A frame where it takes nothing from the words.
    let area =
        if columns >= 40 && rows >= 6 { canvas.pane(screen, header::NAME, "", Role::Faint) } else { screen };
    // Whatever there is room for: which environment this is comes first.
    let word = picture.model.setup.stage.word();
    let texts = [question, remark, Some(too_small)].into_iter().flatten().enumerate();
    let lines =
        texts.flat_map(|(n, text)| wrap(&if n == 0 { format!("{word}  {text}") } else { text }, area.width));
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        canvas.put(area.x, y, area.width, Role::Text, &line);
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

/// What is filtered by, and how many orders that leaves. Returns the caret while it is typed.
fn status(picture: Picture<'_>, areas: &Areas, canvas: &mut Canvas<'_>) -> Option<Position> {
    let (ui, area, lang) = (picture.ui, areas.status, picture.lang());
    if area.height == 0 {
        return None;
    }
    let typing = ui.layers.context() == Context::Filter;
    let count = lang.fill("status.count", &[("shown", &picture.shown()), ("all", &ui.list.len())]);
    // A filter that is typed has the whole line if it needs it.
    let is_long = typing && columns(ui.filter.value()) + columns(&count) + 6 > area.width;
    let taken = if is_long { 0 } else { columns(&count) + 2 };
    if !is_long {
        canvas.put_right(area.x, area.y, area.width.saturating_sub(1), Role::Strong, &count);
    }
    let room = Rect { x: area.x + 1, width: area.width.saturating_sub(1 + taken), ..area };
    let (mut x, caret) = filter::line(picture, room, canvas);
    if !typing {
        let hidden = filter::hidden_words(picture);
        for text in hidden.iter().map(String::as_str).chain([lang.text("status.filter_hint")]) {
            if x + columns(text) <= room.right() {
                x = canvas.put(x, area.y, area.width, Role::Muted, text) + 2;
            }
        }
    }
    caret
}

/// What a demo's presenter says, behind a mark, so that it is never taken for something the desk says.
fn narration(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let Some(text) = picture.narration() else { return };
    let width = area.width.saturating_sub(layout::NARRATION_MARGIN);
    for (y, line) in (area.y..area.bottom()).zip(wrap(text, width)) {
        let mark = if y == area.y { ">>" } else { "" };
        canvas.put(area.x, y, 2, Role::Accent, mark);
        canvas.put(area.x + 3, y, width, Role::Text, &line);
    }
}

/// A remark: at the right end of the foot, or in the line where the screen on top has room for it.
fn remark(picture: Picture<'_>, screen: Rect, canvas: &mut Canvas<'_>) {
    let Some(remark) = &picture.ui.remark else { return };
    let role = if remark.is_error { Role::Urgent } else { Role::Soon };
    if picture.ui.layers.painted().1.last().is_some_and(Layer::remarks_in_frame) {
        return page::remark(role, &remark.text, canvas);
    }
    let from_below = picture.ui.layers.remark_line();
    // One that is too long for its line takes the one above as well.
    let lines = wrap(&remark.text, screen.width - 2);
    let is_short = lines.len() == 1 && from_below == 1;
    for (n, text) in (0..).zip(lines.iter().take(2).rev()) {
        let width = if is_short { (columns(text) + 2).min(screen.width) } else { screen.width };
        let y = screen.bottom().saturating_sub(from_below + n);
        let line = Rect { x: screen.right() - width, y, width, height: 1 };
        canvas.clear(line);
        canvas.tint(line, Role::Bar);
        canvas.put(line.x + 1, y, line.width - 2, role, text);
    }
}
