//! Log and small questions, laid over the table.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, wrap},
    input::Window,
    layout::page_width,
    pane::around,
};
use crate::{
    console::{
        action::{Action, Context},
        column::COLUMNS,
        export::Subject,
        picture::Picture,
        theme::{Mark, Role},
        ui::LogLine,
    },
    domain::fold::fold_text,
    export::Format,
    lang::{wire, words},
};

/// How the desk is, and what happened lately, newest first.
pub(super) fn log(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let inner = canvas.frame_with(area, Role::Accent, lang.text("log.title"), &searched(picture, area));
    let health = &picture.model.health;
    let time = |at: Option<jiff::Timestamp>| {
        at.map_or("-".to_owned(), |at| {
            at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string()
        })
    };
    let mut facts = vec![
        lang.fill(
            "log.server",
            &[
                ("host", &picture.model.setup.host),
                ("at", &time(health.last_success)),
                ("sweep", &time(health.last_sweep)),
            ],
        ),
        lang.fill(
            "log.budget",
            &[
                ("used", &health.requests_last_minute),
                ("budget", &health.budget_per_minute),
                ("pending", &health.pending),
                ("failures", &health.failures),
            ],
        ),
        words::vendor_clock(lang, health),
    ];
    if let Some((at, refusal)) = health.call_refused {
        let (count, at) = (health.calls_refused, time(Some(at)));
        let reason = words::refusal(lang, refusal);
        facts.push(lang.fill("log.calls_refused", &[("count", &count), ("at", &at), ("reason", &reason)]));
    }
    let mut y = inner.y;
    for line in facts.iter().flat_map(|fact| wrap(fact, inner.width)) {
        canvas.put(inner.x, y, inner.width, Role::Text, &line);
        y += 1;
    }
    if let Some(error) = &health.error {
        canvas.put(inner.x, y, inner.width, Role::Urgent, &wire::read_error(lang, error));
        y += 1;
    }
    canvas.rule(inner.x, y, inner.width);
    y += 1;
    if picture.ui.log.is_empty() {
        for (y, line) in (y..inner.bottom()).zip(wrap(lang.text("log.none"), inner.width)) {
            canvas.put(inner.x, y, inner.width, Role::Muted, &line);
        }
    }
    let is_found = |line: &&LogLine| is_found(picture, &[&line.text]);
    for line in picture.ui.log.iter().rev().filter(is_found).skip(picture.ui.overlay_scroll) {
        if y >= inner.bottom() {
            break;
        }
        canvas.put(inner.x, y, 8, Role::Muted, &time(Some(line.at)));
        let role = if line.is_error { Role::Urgent } else { Role::Text };
        for part in wrap(&line.text, inner.width.saturating_sub(10)) {
            if y < inner.bottom() {
                canvas.put(inner.x + 10, y, inner.width.saturating_sub(10), role, &part);
                y += 1;
            }
        }
    }
    None
}

/// What help or log is searched for, as it stands in the upper edge of its frame; nothing while it is not.
pub(super) fn searched(picture: Picture<'_>, area: Rect) -> String {
    let Window { shown, .. } = search_window(picture, area);
    let is_typed = picture.ui.layers.context() == Context::Search;
    if is_typed || !shown.is_empty() { format!("/{shown}") } else { String::new() }
}

/// What is seen of it: the title of the frame stands beside it.
fn search_window(picture: Picture<'_>, area: Rect) -> Window<'_> {
    Window::of(&picture.ui.search, area.width / 2)
}

/// Where the caret of the search stands, in the edge of the frame.
pub(super) fn search_caret(picture: Picture<'_>, area: Rect) -> Position {
    let Window { shown, caret, .. } = search_window(picture, area);
    Position::new(area.right().saturating_sub(3 + columns(shown) - caret), area.y)
}

/// True if each word that is searched for is found in one of these texts.
pub(super) fn is_found(picture: Picture<'_>, texts: &[&str]) -> bool {
    let wanted = fold_text(picture.ui.search.value()).to_lowercase();
    let has = |word: &str| texts.iter().any(|text| fold_text(text).to_lowercase().contains(word));
    wanted.split_whitespace().all(has)
}

/// The columns to sort by, each with its letter.
pub(super) fn sort_menu(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let letters = || COLUMNS.into_iter().filter_map(|column| Some((column, column.letter()?)));
    let height = u16::try_from(letters().count()).unwrap_or(u16::MAX - 2) + 2;
    let frame =
        Rect { x: area.x + 4, y: area.y + 3, width: 36.min(area.width), height: height.min(area.height - 3) };
    canvas.lift(around(frame));
    let inner = canvas.pane(frame, lang.text("sort.title"), "", Role::Accent);
    for (y, (column, letter)) in (inner.y..inner.bottom()).zip(letters()) {
        let chosen = picture.ui.list.sorted_by().0 == column;
        if chosen {
            canvas.sign(inner.x, y, Role::Accent, canvas.signs.mark(Mark::Chosen));
        }
        canvas.put(inner.x + 2, y, 2, Role::Accent, &letter.to_string());
        canvas.put(
            inner.x + 5,
            y,
            inner.width - 5,
            if chosen { Role::Strong } else { Role::Text },
            lang.text(column.head),
        );
    }
    None
}

/// The formats to export in, each with its letter; what is exported, and where to.
pub(super) fn export_menu(
    picture: Picture<'_>,
    subject: Subject,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let lang = picture.lang();
    let folder = picture.model.setup.exports.as_ref().map(|folder| folder.display().to_string());
    let folder = lang.fill("export.into", &[("folder", &folder.unwrap_or_default())]);
    let width = 60.min(area.width - 8);
    let [what, folder] = [picture.subject_words(subject), folder].map(|text| wrap(&text, width - 4));
    let height = u16::try_from(what.len() + folder.len() + Format::ALL.len()).unwrap_or(u16::MAX - 4) + 4;
    let frame = Rect { x: area.x + 4, y: area.y + 3, width, height: height.min(area.height - 3) };
    canvas.lift(around(frame));
    let inner = canvas.pane(frame, lang.text("export.title"), "", Role::Accent);
    let mut y = inner.y;
    let mut put = |canvas: &mut Canvas<'_>, letter: &str, role: Role, text: &str| {
        canvas.put(inner.x, y, 2, Role::Accent, letter);
        let indent = if letter.is_empty() { 0 } else { 3 };
        canvas.put(inner.x + indent, y, inner.width.saturating_sub(indent), role, text);
        y += 1;
    };
    for line in &what {
        put(canvas, "", Role::Strong, line);
    }
    put(canvas, "", Role::Text, "");
    for action in Format::ALL.map(Action::ExportAs) {
        let name = action.row().map_or("", |row| lang.text(row.name));
        put(canvas, &picture.model.setup.keymap.label(Context::Export, action), Role::Text, name);
    }
    put(canvas, "", Role::Text, "");
    for line in &folder {
        put(canvas, "", Role::Muted, line);
    }
    None
}

/// What is asked before leaving.
pub(super) fn quit_text(picture: Picture<'_>) -> String {
    let lang = picture.lang();
    match picture.model.health.in_flight {
        0 => lang.fill("quit.unwritten", &[("count", &picture.model.health.unwritten)]),
        _ => lang.text("quit.in_flight").to_owned(),
    }
}

/// Leave although a payment is in flight? Nothing of it touches its frame, whatever it lies on.
pub(super) fn quit(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let title =
        lang.text(if picture.model.health.in_flight == 0 { "quit.unwritten_title" } else { "quit.title" });
    let width = 62.min(area.width);
    let lines = wrap(&quit_text(picture), width - 6);
    let height = u16::try_from(lines.len()).unwrap_or(3) + 4;
    // Beside what is selected, if that has a pane of its own, not over it.
    let room = page_width(area.width);
    let frame = Rect { x: area.x + (room - width) / 2, y: area.y + area.height / 3, width, height };
    let mark = canvas.signs.mark(Mark::Warning);
    canvas.lift(around(frame));
    let inner = canvas.pane(frame, &format!("{mark} {title}"), "", Role::Soon);
    for (y, line) in (inner.y + 1..inner.bottom()).zip(lines) {
        canvas.put(inner.x + 1, y, columns(&line).max(1), Role::Text, &line);
    }
    None
}
