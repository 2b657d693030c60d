//! The times that run for the order: what each is called, what is left, when it ends, and what happens then.

use ratatui::text::Line;

use super::{call, lines::Page};
use crate::{
    console::{
        column::countdown,
        theme::{Mark, Role},
        view::{canvas::columns, head::pressing},
    },
    domain::{
        case::Case,
        order::OrderStatus,
        time_limit::{TimeLimit, time_limits},
    },
    lang::time_limit,
};

/// Columns between the parts of a line.
const GAP: u16 = 2;

/// From so many columns on names are filled up to the longest.
const ALIGNED_FROM: u16 = 60;

/// Columns that what belongs to a name stands in.
const INDENT: usize = 2;

/// All that apply, the one that ends first before the others.
pub(super) fn limits(page: &mut Page<'_>, case: &Case) {
    let now = page.picture.model.shown_clocks(case);
    let above = call::said_above(page, case);
    let is_elsewhere = |limit: &TimeLimit| above.as_ref().is_none_or(|above| above.kind != limit.kind);
    let limits: Vec<TimeLimit> = time_limits(case, now).into_iter().filter(is_elsewhere).collect();
    if limits.is_empty() {
        return;
    }
    page.title("limits.title");
    let lang = page.picture.lang();
    let widest = limits.iter().map(|limit| columns(time_limit::name(lang, limit.kind))).max();
    let widest = widest.filter(|_| page.width >= ALIGNED_FROM).unwrap_or_default();
    for limit in limits {
        one(page, case, limit, widest);
    }
    // The methods of an unpaid order come with a blank line of their own.
    if case.order.status != OrderStatus::Unpaid {
        page.blank();
    }
}

/// One of them in as few lines as hold it: its parts stay whole, and go on below each other.
fn one(page: &mut Page<'_>, case: &Case, limit: TimeLimit, widest: u16) {
    let (lang, model) = (page.picture.lang(), page.picture.model);
    let now = model.shown_clocks(case).at;
    let left = limit.left(now);
    let ink = match left {
        _ if !limit.kind.loses() => Role::Going,
        Some(left) if left.as_hours() == 0 => pressing(left),
        Some(_) => Role::Good,
        None => Role::Urgent,
    };
    let ink = if left.is_none() && ink == Role::Going { Role::Soon } else { ink };
    let mark = match ink {
        Role::Urgent => Some(if left.is_none() { Mark::Failed } else { Mark::Urgent }),
        Role::Soon => Some(Mark::Warning),
        _ => None,
    };
    let mark = mark.map_or(" ", |mark| model.setup.signs.mark(mark));
    let shown = left.unwrap_or_default();
    let word = time_limit::word(lang, shown);
    let counted = match (left, word) {
        (Some(left), Some(word)) => format!("{word} {}", countdown(left)),
        (Some(left), None) => lang.fill("limits.left", &[("left", &countdown(left))]),
        (None, word) => word.unwrap_or_default().to_owned(),
    };
    let name = time_limit::name(lang, limit.kind);
    let pad = " ".repeat(usize::from(widest.saturating_sub(columns(name)) + GAP));
    let ends = time_limit::zones(lang, limit.ends, now, &model.setup.zone);
    let mut spans = vec![
        page.span(ink, format!("{mark} ")),
        page.span(Role::Text, format!("{name}{pad}")),
        page.span(ink, counted),
    ];
    let used: u16 = spans.iter().map(|span| columns(&span.content)).sum();
    let has_room = used + GAP + columns(&ends) <= page.width;
    if has_room {
        spans.push(page.span(Role::Muted, format!("  {ends}")));
    }
    page.lines.push(Line::from(spans).into());
    if !has_room {
        page.wrapped(INDENT, Role::Muted, &ends);
    }
    if left.is_some() {
        page.wrapped(INDENT, Role::Muted, time_limit::at_end(lang, limit.kind));
    }
}
