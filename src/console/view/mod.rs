//! The picture drawn: a function of the model and the Ui, which it never changes.

mod baggage;
pub mod canvas;
mod commit;
mod confirm;
pub mod detail;
pub mod doubt;
mod filter;
mod form;
mod head;
mod help;
mod hints;
mod overlay;
mod page;
mod progress;
mod queues;
mod recover;
pub mod table;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use self::{
    canvas::{Canvas, columns, wrap},
    head::stage,
};
use super::{
    action::Context,
    column,
    layer::Layer,
    layout::{self, Areas},
    picture::Picture,
    theme::Role,
    wake,
};
use crate::{
    domain::{money::Money, vendor_clock::Trust},
    lang::wire,
};

/// Draws the whole screen; returns where the cursor stands, if a field has the focus.
///
/// Layers are painted upward from the last opaque one. The question whether to leave and the remark come last, so that
/// nothing hides them.
pub fn draw(picture: Picture<'_>, buffer: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas { buffer, theme: picture.model.setup.theme };
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
        Layer::Pay(form) => form::draw(picture, form, screen, canvas),
        Layer::Recover(form) => recover::draw(picture, form, screen, canvas),
        Layer::Baggage(form) => baggage::draw(picture, form, screen, canvas),
        Layer::Commit(form) => commit::draw(picture, form, screen, canvas),
        Layer::Log => overlay::log(picture, over, canvas),
        Layer::Help => help::draw(picture, over, canvas),
        Layer::Sort => overlay::sort_menu(picture, screen, canvas),
        Layer::Filter => filter::help(picture, layout::areas(picture), below, canvas),
        // It is asked over everything.
        Layer::Quit => below,
    }
}

/// The table with what belongs to it; returns the caret while the filter is typed.
fn table_screen(picture: Picture<'_>, canvas: &mut Canvas<'_>) -> Option<Position> {
    let areas = layout::areas(picture);
    header(picture, areas.header, canvas);
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
                canvas.put(areas.table.x + 2, y, room, Role::Dim, &line);
            }
        }
    }
    if let Some(area) = areas.detail {
        detail::draw(picture, area, areas.beside && areas.table.height > 0, canvas);
    }
    narration(picture, areas.narration, canvas);
    canvas.rule(areas.remark.x, areas.remark.y, areas.remark.width);
    let context = match picture.ui.layers.context() {
        Context::Filter => Context::Filter,
        _ if picture.ui.layers.show_detail() => Context::Detail,
        _ => Context::Table,
    };
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
        canvas.put(0, y, columns, Role::Plain, &line);
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

fn header(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = picture.lang();
    let mut x = stage(picture, area.x, area.y, canvas) + 1;
    if picture.model.setup.read_only {
        x = canvas.put(x, area.y, 20, Role::Due, lang.text("header.read_only")) + 2;
    }
    if picture.model.standstill.is_on() {
        x = canvas.put(x, area.y, 12, Role::Due, lang.text("header.paused")) + 2;
    }
    let troubles = troubles(picture);
    if let Some(text) = &troubles {
        x = canvas.put(x, area.y, 26, Role::Due, text) + 2;
    }
    let (role, health) = health(picture, area.width < SHORT_BELOW);
    // A clock would be the only thing that moves on a desk at rest.
    let clock = if wake::counts_seconds(picture) {
        picture.model.now().to_zoned(picture.model.setup.zone.clone()).strftime("  %H:%M %Z").to_string()
    } else {
        String::new()
    };
    let width = columns(&health) + columns(&clock) + 1;
    let end = area.right().saturating_sub(width);
    // Of the host as much as one balance leaves room for, of the balances those that fit.
    let room = end.saturating_sub(x + 2);
    let balances = balances(picture, room);
    let money = balances.first().map_or(0, |balance| columns(balance) + 2);
    // On a narrow screen with an airline in trouble the host, whose stage stands there already, gives way.
    if troubles.is_none() || layout::areas(picture).beside {
        let host = room.saturating_sub(money).min(LONGEST_HOST);
        x = canvas.put(x, area.y, host, Role::Dim, &picture.model.setup.host) + 2;
    }
    for balance in balances {
        if x + columns(&balance) + 2 > end {
            break;
        }
        x = canvas.put(x, area.y, area.width, Role::Plain, &balance) + 2;
    }
    let x = canvas.put(end, area.y, width, role, &health);
    canvas.put(x, area.y, width, Role::Plain, &clock);
}

/// Which airlines are in trouble, or how many where that is too long.
fn troubles(picture: Picture<'_>) -> Option<String> {
    const NAMED: usize = 3;
    let (lang, model) = (picture.lang(), picture.model);
    let codes: Vec<String> =
        model.troubles.all(model.now()).map(|trouble| trouble.airline.to_string()).collect();
    match codes.len() {
        0 => None,
        1..=NAMED => {
            let airlines = codes.join(" ");
            Some(lang.fill("header.troubles", &[("airlines", &airlines)]))
        }
        count => Some(lang.fill("header.many_troubles", &[("count", &count)])),
    }
}

/// What money there is, the first with its word. Where not all of it has room beside the host, that of the selected order
/// stands first.
fn balances(picture: Picture<'_>, room: u16) -> Vec<String> {
    let mut balances: Vec<Money> = picture.model.balances.values().copied().collect();
    let all: u16 = balances.iter().map(|balance| columns(&balance.to_string()) + 2).sum();
    let word = picture.lang().text("header.deposit");
    if all + columns(word) + columns(&picture.model.setup.host).min(LONGEST_HOST) + 3 > room {
        let selected = picture.selected_case().and_then(|case| case.order.settlement_currency());
        balances.sort_by_key(|balance| Some(balance.currency) != selected);
    }
    let labelled = |(n, balance): (usize, Money)| match n {
        0 => format!("{word} {balance}"),
        _ => balance.to_string(),
    };
    balances.into_iter().enumerate().map(labelled).collect()
}

/// A header of fewer columns says what it can in short.
const SHORT_BELOW: u16 = 100;

/// Columns that the host takes at most.
const LONGEST_HOST: u16 = 34;

/// How well the desk sees, in words, and what of the picture is still to come.
fn health(picture: Picture<'_>, short: bool) -> (Role, String) {
    let lang = picture.lang();
    let health = &picture.model.health;
    if health.paying_off.is_some() {
        return (Role::Bad, lang.text("header.paying_off").to_owned());
    }
    let stale =
        picture.model.stale_for().map(|age| lang.fill("header.stale", &[("seconds", &age.as_secs())]));
    if let Some(until) = health.silent_until.filter(|until| *until > picture.model.now()) {
        let at = until.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S");
        let text = lang.fill("header.silent", &[("at", &at)]);
        let text = lang.besides(&stale.into_iter().chain([text]).collect::<Vec<_>>());
        return (Role::Bad, text);
    }
    if let Some(stale) = stale {
        return (Role::Bad, stale);
    }
    match (health.last_success, health.failures) {
        (None, 0) => (Role::Busy, lang.text("header.connecting").to_owned()),
        (_, 0) if matches!(health.clock, Trust::Doubtful(_)) => {
            (Role::Due, lang.text("header.clock_doubt").to_owned())
        }
        (_, 0) if health.clock_offset.abs().as_secs() > 30 => {
            (Role::Due, lang.fill("header.clock", &[("seconds", &health.clock_offset.as_secs())]))
        }
        (_, 0) if health.unpriced > 0 => {
            let key = if short { "header.unpriced_short" } else { "header.unpriced" };
            (Role::Busy, lang.fill(key, &[("count", &health.unpriced)]))
        }
        (_, 0) => (Role::Good, lang.text("header.live").to_owned()),
        (_, failures) => (Role::Due, lang.fill("header.failing", &[("failures", &failures)])),
    }
}

/// How many rows of how many, the filter, and what is not as usual with the rows, the weightiest first. Returns the
/// caret while the filter is typed.
fn status(picture: Picture<'_>, areas: &Areas, canvas: &mut Canvas<'_>) -> Option<Position> {
    let (lang, ui, area) = (picture.lang(), picture.ui, areas.status);
    let count = lang.fill("status.count", &[("shown", &ui.list.shown()), ("all", &ui.list.len())]);
    let mut x = canvas.put(area.x + 1, area.y, area.width, Role::Plain, &count) + 3;
    let typing = ui.layers.context() == Context::Filter;
    let has_filter = typing || ui.list.is_filtered();
    let mut caret = None;
    if has_filter {
        (x, caret) = filter::line(picture, Rect { x, width: area.right().saturating_sub(x), ..area }, canvas);
    }
    let (sort, reversed) = ui.list.sorted_by();
    let is_sorted = *sort != column::URGENCY || reversed;
    let hint = |key| (Role::Dim, lang.text(key).to_owned());
    let notes = [
        frozen(picture).map(|text| (Role::Due, text)),
        memory(picture).map(|text| (Role::Due, text)),
        (has_filter && !typing).then(|| hint("status.filter_hint")),
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
    let (age, held) = (head::age(picture, since), picture.ui.held.len());
    Some(picture.lang().fill("status.frozen", &[("age", &age), ("at", &at), ("held", &held)]))
}

/// How many orders are shown as the journal remembers them, and how old that is.
fn memory(picture: Picture<'_>) -> Option<String> {
    let (count, written) = picture.model.memory()?;
    Some(picture.lang().fill("status.memory", &[("count", &count), ("age", &head::age(picture, written))]))
}

/// What a demo's presenter says, behind a mark, so that it is never taken for something the desk says.
fn narration(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let Some(text) = picture.narration() else { return };
    let width = area.width.saturating_sub(layout::NARRATION_MARGIN);
    for (y, line) in (area.y..area.bottom()).zip(wrap(text, width)) {
        let mark = if y == area.y { ">>" } else { "" };
        canvas.put(area.x, y, 2, Role::Key, mark);
        canvas.put(area.x + 3, y, width, Role::Title, &line);
    }
}

/// The line for remarks: where the screen on top has a rule, or nothing but hints.
fn remark(picture: Picture<'_>, screen: Rect, canvas: &mut Canvas<'_>) {
    let Some(remark) = &picture.ui.remark else { return };
    let from_below = picture.ui.layers.remark_line();
    let role = if remark.is_error { Role::Bad } else { Role::Due };
    // One that is too long for its line takes the one above as well.
    let lines = wrap(&remark.text, screen.width - 2);
    for (n, text) in (0..).zip(lines.iter().take(2).rev()) {
        let line = Rect { y: screen.bottom().saturating_sub(from_below + n), height: 1, ..screen };
        canvas.clear(line);
        canvas.put(line.x + 1, line.y, line.width - 2, role, text);
    }
}
