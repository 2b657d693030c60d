//! The picture: a function of the state, which it never changes.

pub mod canvas;
mod confirm;
pub mod detail;
mod form;
pub mod layout;
mod overlay;
mod progress;
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
use super::{
    keymap::{ACTIONS, Action, Binding},
    list::SortBy,
    state::{Layer, State},
    theme::Role,
};
use crate::{
    config::Stage,
    domain::{triage::Queue, vendor_clock::Trust},
    lang::{wire, words},
};

/// Draws the whole screen; returns where the cursor stands, if a field has the focus.
///
/// Layers are drawn from below, each over the ones before it; a remark is drawn last, so that nothing hides it.
pub fn draw(state: &State, buffer: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas { buffer, theme: state.setup.theme };
    let (columns, rows) = state.size;
    if !layout::fits(state.size) {
        too_small(state, &mut canvas);
        return None;
    }
    let screen = Rect::new(0, 0, columns, rows);
    let over = Rect { x: 0, y: 1, width: columns, height: rows - 2 };
    let is_whole_screen = |layer: &Layer| matches!(layer, Layer::Pay(_) | Layer::Recover(_));
    let lowest = state.layers.iter().rposition(is_whole_screen);
    let mut caret = if lowest.is_none() { table_screen(state, &mut canvas) } else { None };
    for layer in state.layers.iter().skip(lowest.unwrap_or(0)) {
        let at = match layer {
            Layer::Pay(form) => form::draw(state, form, screen, &mut canvas),
            Layer::Recover(form) => recover::draw(state, form, screen, &mut canvas),
            Layer::Detail => continue,
            Layer::Filter => caret,
            Layer::Log => overlay::log(state, over, &mut canvas),
            Layer::Help => overlay::help(state, over, &mut canvas),
            Layer::Sort => overlay::sort_menu(state, screen, &mut canvas),
            Layer::Quit => overlay::quit(state, screen, &mut canvas),
        };
        caret = at;
    }
    remark(state, screen, &mut canvas);
    caret
}

/// The table with what belongs to it; returns the caret while the filter is typed.
fn table_screen(state: &State, canvas: &mut Canvas<'_>) -> Option<Position> {
    let areas = layout::areas(state);
    header(state, areas.header, canvas);
    queues(state, areas.queues, canvas);
    let caret = status(state, &areas, canvas);
    if areas.table.height > 0 {
        table::draw(state, areas.table, canvas);
        if state.list.shown() == 0 {
            let text = empty_text(state);
            canvas.put(areas.table.x + 2, areas.table.y + 2, areas.table.width, Role::Dim, &text);
        }
    }
    if let Some(area) = areas.detail {
        detail::draw(state, area, areas.beside && areas.table.height > 0, canvas);
    }
    narration(state, areas.narration, canvas);
    canvas.rule(areas.remark.x, areas.remark.y, areas.remark.width);
    hints(state, areas.hints, canvas);
    caret
}

/// The question whether to leave is asked on any screen; else what is wrong with this one, in as many words as fit.
fn too_small(state: &State, canvas: &mut Canvas<'_>) {
    let (columns, rows) = state.size;
    let asks = matches!(state.layers.last(), Some(Layer::Quit));
    let remark = state.remark.as_ref().map(|remark| remark.text.clone());
    let too_small = state.lang().fill("message.too_small", &[("columns", &columns), ("rows", &rows)]);
    let question = asks.then(|| overlay::quit_text(state));
    let lines =
        [question, remark, Some(too_small)].into_iter().flatten().flat_map(|text| wrap(&text, columns));
    for (y, line) in (0..rows).zip(lines) {
        canvas.put(0, y, columns, Role::Plain, &line);
    }
}

/// Why there is nothing to see.
fn empty_text(state: &State) -> String {
    let lang = state.lang();
    match (&state.health.error, state.list.is_empty()) {
        (Some(error), true) => wire::read_error(lang, error),
        (None, true) if state.health.last_sweep.is_none() => lang.text("table.loading").to_owned(),
        (None, true) => lang.text("table.none").to_owned(),
        (_, false) => lang.text("table.nothing_here").to_owned(),
    }
}

/// LIVE, SANDBOX or DEMO, first on every screen. Returns the column after it.
fn stage(state: &State, x: u16, y: u16, canvas: &mut Canvas<'_>) -> u16 {
    let role = if state.setup.stage == Stage::Live { Role::Live } else { Role::Stage };
    canvas.put(x, y, 12, role, &format!(" {} ", state.setup.stage.word()))
}

fn header(state: &State, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = state.lang();
    let mut x = stage(state, area.x, area.y, canvas) + 1;
    if state.setup.read_only {
        x = canvas.put(x, area.y, 20, Role::Due, lang.text("header.read_only")) + 2;
    }
    x = canvas.put(x, area.y, 34, Role::Dim, &state.setup.host) + 2;
    for balance in state.balances.values() {
        let text = format!("{} {balance}", lang.text("header.deposit"));
        if x + columns(&text) + 34 < area.right() {
            x = canvas.put(x, area.y, area.width, Role::Plain, &text) + 2;
        }
    }
    let (role, health) = health(state);
    // A clock would be the only thing that moves on a desk at rest.
    let clock = if state.counts_seconds() {
        state.now.to_zoned(state.setup.zone.clone()).strftime("  %H:%M %Z").to_string()
    } else {
        String::new()
    };
    let width = columns(&health) + columns(&clock) + 1;
    let x = area.right().saturating_sub(width);
    let x = canvas.put(x, area.y, width, role, &health);
    canvas.put(x, area.y, width, Role::Plain, &clock);
}

/// How well the desk sees, in words.
fn health(state: &State) -> (Role, String) {
    let lang = state.lang();
    let health = &state.health;
    if health.paying_off.is_some() {
        return (Role::Bad, lang.text("header.paying_off").to_owned());
    }
    let stale = state.stale_for().map(|age| lang.fill("header.stale", &[("seconds", &age.as_secs())]));
    if let Some(until) = health.silent_until.filter(|until| *until > state.now) {
        let at = until.to_zoned(state.setup.zone.clone()).strftime("%H:%M:%S");
        let text = lang.fill("header.silent", &[("at", &at)]);
        let text = stale.into_iter().chain([text]).collect::<Vec<_>>().join(", ");
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
        (_, 0) => (Role::Good, lang.text("header.live").to_owned()),
        (_, failures) => (Role::Due, lang.fill("header.failing", &[("failures", &failures)])),
    }
}

fn queues(state: &State, area: Rect, canvas: &mut Canvas<'_>) {
    let mut x = area.x + 1;
    for (n, queue) in Queue::ALL.into_iter().enumerate() {
        let text = format!("{} {} {}", n + 1, words::queue(state.lang(), queue), state.list.count(queue));
        let (role, text) = if queue == state.list.queue() {
            (Role::Title, format!("[{text}]"))
        } else {
            (Role::Plain, text)
        };
        x = canvas.put(x, area.y, area.right().saturating_sub(x), role, &text) + 1;
    }
}

/// How many rows of how many, the filter, the sort. Returns the caret while the filter is typed.
fn status(state: &State, areas: &Areas, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = state.lang();
    let area = areas.status;
    let count = lang.fill("status.count", &[("shown", &state.list.shown()), ("all", &state.list.len())]);
    let mut x = canvas.put(area.x + 1, area.y, area.width, Role::Plain, &count) + 3;
    let mut caret = None;
    let typing = matches!(state.layers.last(), Some(Layer::Filter));
    if typing || state.list.is_filtered() {
        x = canvas.put(x, area.y, area.width, Role::Key, "/");
        let role = if typing { Role::Field } else { Role::Title };
        let start = x;
        x = canvas.put(x, area.y, 40, role, state.filter.value());
        caret = Some(Position::new(
            start + u16::try_from(state.filter.visual_cursor()).unwrap_or(0).min(40),
            area.y,
        ));
        x = canvas.put(x + 2, area.y, area.width, Role::Dim, lang.text("status.filter_hint")) + 3;
    }
    let (sort, reversed) = state.list.sorted_by();
    if sort != SortBy::Urgency || reversed {
        x = canvas.put(x, area.y, area.width, Role::Dim, lang.text("status.sorted")) + 3;
    }
    if let Some(since) = state.frozen_since {
        let at = since.to_zoned(state.setup.zone.clone()).strftime("%H:%M:%S").to_string();
        let text = lang.fill("status.frozen", &[("at", &at), ("held", &state.held.len())]);
        canvas.put(x, area.y, area.width, Role::Due, &text);
    }
    caret
}

/// What a demo's presenter says, behind a mark, so that it is never taken for something the desk says.
fn narration(state: &State, area: Rect, canvas: &mut Canvas<'_>) {
    let Some(text) = state.narration() else { return };
    let width = area.width.saturating_sub(layout::NARRATION_MARGIN);
    for (y, line) in (area.y..area.bottom()).zip(wrap(text, width)) {
        let mark = if y == area.y { ">>" } else { "" };
        canvas.put(area.x, y, 2, Role::Key, mark);
        canvas.put(area.x + 3, y, width, Role::Title, &line);
    }
}

/// The line for remarks: where the screen on top has a rule, or nothing but hints.
fn remark(state: &State, screen: Rect, canvas: &mut Canvas<'_>) {
    let Some(remark) = &state.remark else { return };
    let from_below = match state.layers.iter().rfind(|layer| !matches!(layer, Layer::Quit)) {
        Some(Layer::Pay(form)) => form::remark_line(form),
        Some(Layer::Recover(_)) => recover::REMARK_LINE,
        _ => 2,
    };
    let role = if remark.is_error { Role::Bad } else { Role::Due };
    // One that is too long for its line takes the one above as well.
    let lines = wrap(&remark.text, screen.width - 2);
    for (n, text) in (0..).zip(lines.iter().take(2).rev()) {
        let line = Rect { y: screen.bottom().saturating_sub(from_below + n), height: 1, ..screen };
        canvas.clear(line);
        canvas.put(line.x + 1, line.y, line.width - 2, role, text);
    }
}

/// As many hints as fit; how to get help and how to leave are always among them.
fn hints(state: &State, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = state.lang();
    let hint = |binding: &'static Binding| {
        let text = lang.find(&format!("{}_short", binding.text)).unwrap_or_else(|| lang.text(binding.text));
        let key = binding.chords.first().map_or_else(String::new, |chord| chord.label());
        let width = columns(&key) + columns(text) + 3;
        (key, text, width)
    };
    let is_last = |binding: &&Binding| matches!(binding.action, Action::Help | Action::Quit);
    let (last, first): (Vec<_>, Vec<_>) =
        ACTIONS.iter().filter(|binding| binding.hinted).partition(|binding| is_last(binding));
    let kept: u16 = last.iter().map(|binding| hint(binding).2).sum();
    let mut x = area.x + 1;
    let mut put = |x: &mut u16, (key, text, _): (String, &str, u16)| {
        *x = canvas.put(*x, area.y, area.width, Role::Key, &key) + 1;
        *x = canvas.put(*x, area.y, area.width, Role::Dim, text) + 2;
    };
    for hint in first.into_iter().map(hint) {
        if x + hint.2 + kept > area.right() {
            break;
        }
        put(&mut x, hint);
    }
    for hint in last.into_iter().map(hint) {
        put(&mut x, hint);
    }
}
