//! Help, log and small questions, laid over the table.

use ratatui::layout::{Position, Rect};

use super::canvas::{Canvas, columns, wrap};
use crate::{
    console::{
        keymap::{ACTIONS, Action},
        list::SortBy,
        picture::Picture,
        theme::Role,
    },
    lang::{wire, words},
};

/// The keys, from the one table.
pub(super) fn help(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let inner = canvas.frame(area, Role::Title, lang.text("help.title"));
    let mut rows: Vec<(String, &str)> = Vec::new();
    for binding in ACTIONS {
        if matches!(binding.action, Action::Queue(number) if number > 1) {
            continue;
        }
        let chords: Vec<String> = binding.chords.iter().map(|chord| chord.label()).collect();
        let chords =
            if matches!(binding.action, Action::Queue(_)) { "1-7".to_owned() } else { chords.join(" ") };
        rows.push((chords, lang.text(binding.text)));
    }
    let half = rows.len().div_ceil(2);
    let width = inner.width / 2;
    for (n, (chords, text)) in rows.iter().enumerate().skip(picture.ui.overlay_scroll.min(half)) {
        let (column, line) = (n / half, n % half);
        let Some(y) =
            line.checked_sub(picture.ui.overlay_scroll.min(half)).and_then(|line| u16::try_from(line).ok())
        else {
            continue;
        };
        if inner.y + y >= inner.bottom().saturating_sub(4) {
            continue;
        }
        let x = inner.x + if column == 0 { 0 } else { width };
        canvas.put(x, inner.y + y, 9, Role::Key, chords);
        canvas.put(x + 10, inner.y + y, width.saturating_sub(11), Role::Plain, text);
    }
    let notes = ["help.marks", "help.money"].into_iter().flat_map(|key| wrap(lang.text(key), inner.width));
    for (y, line) in (inner.bottom().saturating_sub(4)..inner.bottom()).zip(notes) {
        canvas.put(inner.x, y, inner.width, Role::Dim, &line);
    }
    None
}

/// How the desk is, and what happened lately, newest first.
pub(super) fn log(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let inner = canvas.frame(area, Role::Title, lang.text("log.title"));
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
        canvas.put(inner.x, y, inner.width, Role::Plain, &line);
        y += 1;
    }
    if let Some(error) = &health.error {
        canvas.put(inner.x, y, inner.width, Role::Bad, &wire::read_error(lang, error));
        y += 1;
    }
    canvas.rule(inner.x, y, inner.width);
    y += 1;
    for line in picture.ui.log.iter().rev().skip(picture.ui.overlay_scroll) {
        if y >= inner.bottom() {
            break;
        }
        canvas.put(inner.x, y, 8, Role::Dim, &time(Some(line.at)));
        let role = if line.is_error { Role::Bad } else { Role::Plain };
        for part in wrap(&line.text, inner.width.saturating_sub(10)) {
            if y < inner.bottom() {
                canvas.put(inner.x + 10, y, inner.width.saturating_sub(10), role, &part);
                y += 1;
            }
        }
    }
    None
}

/// The columns to sort by, each with its letter.
pub(super) fn sort_menu(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let height = u16::try_from(SortBy::ALL.len()).unwrap_or(11) + 2;
    let frame =
        Rect { x: area.x + 4, y: area.y + 3, width: 36.min(area.width), height: height.min(area.height - 3) };
    let inner = canvas.frame(frame, Role::Title, lang.text("sort.title"));
    for (y, (sort, letter, key)) in (inner.y..inner.bottom()).zip(SortBy::ALL) {
        let chosen = picture.ui.list.sorted_by().0 == sort;
        canvas.put(inner.x, y, 2, Role::Key, &letter.to_string());
        canvas.put(
            inner.x + 3,
            y,
            inner.width - 3,
            if chosen { Role::Title } else { Role::Plain },
            lang.text(key),
        );
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

/// Leave although a payment is in flight?
pub(super) fn quit(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let title =
        lang.text(if picture.model.health.in_flight == 0 { "quit.unwritten_title" } else { "quit.title" });
    let width = 60.min(area.width);
    let lines = wrap(&quit_text(picture), width - 4);
    let height = u16::try_from(lines.len()).unwrap_or(3) + 2;
    let frame = Rect { x: area.x + (area.width - width) / 2, y: area.y + area.height / 3, width, height };
    let inner = canvas.frame(frame, Role::Due, title);
    for (y, line) in (inner.y..).zip(lines) {
        canvas.put(inner.x, y, columns(&line).max(1), Role::Plain, &line);
    }
    None
}
