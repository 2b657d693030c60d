//! The next action, as a block: how the order stands, how long it has, what to do and why.

use jiff::{SignedDuration, Timestamp};
use ratatui::text::Line;

use super::lines::{BAR, Page, Row};
use crate::{
    console::{
        column::countdown,
        picture::Picture,
        theme::{Mark, Role},
        view::canvas::{columns, wrap},
    },
    domain::{case::Case, order::OrderStatus, triage::Group},
    lang::{baggage as baggage_words, time_limit, words},
};

/// The next action, the largest thing of the pane: how it stands and how long, what to do, why.
pub(super) fn call(page: &mut Page<'_>, case: &Case) {
    let Picture { model, .. } = page.picture;
    let lang = page.picture.lang();
    let now = model.shown_now(case);
    let group = Group::of(case, now);
    let (ink, state) = standing(page, case, group);
    let left = deadline_left(case, now);
    let is_short = left.is_some_and(|left| left.as_mins() < 5);
    let is_urgent = match group {
        Group::Due => is_short,
        Group::Recoverable | Group::Baggage | Group::MoneyOpen => true,
        _ => false,
    };
    let block = if is_urgent { Role::Call } else { ink };
    let of = |role| if is_urgent { Role::Call } else { role };
    let first = match left {
        Some(left) => {
            let word = time_limit::word(lang, left).unwrap_or(lang.text("detail.left"));
            vec![
                page.span(of(ink), format!("{word} {}", countdown(left))),
                page.span(of(Role::Text), format!("  {state}")),
            ]
        }
        None => vec![page.span(of(ink), state)],
    };
    let room = page.width.saturating_sub(BAR + 1);
    // Where the times that run stand far below, the end of this one stands here.
    let ends = case.order.deadline().filter(|_| page.is_tight && left.is_some()).map(|at| {
        let model = page.picture.model;
        page.span(of(Role::Muted), time_limit::zones(lang, at, now, &model.setup.zone) + " ")
    });
    let used: u16 = first.iter().map(|span| columns(&span.content)).sum();
    let ends = ends.filter(|ends| used + columns(&ends.content) < room);
    page.lines.push(Row { text: Line::from(first), right: ends, block: Some(block) });
    let mut say = |role: Role, text: &str| {
        for part in wrap(text, room) {
            let text = Line::from(page.span(role, part));
            page.lines.push(Row { text, right: None, block: Some(block) });
        }
    };
    let made = model.successor(case).map(|made| &**made);
    let next = words::next_on(lang, case, made, model.shown_clocks(case));
    let (what, why) = parted(&next);
    say(of(Role::Strong), what);
    if !why.is_empty() {
        say(of(Role::Text), why);
    }
    if let Some(made) = made {
        page.entry("detail.became", Role::Text, &words::successor(lang, made, model.shown_now(made)));
    }
}

/// What to do, and what is said about it.
fn parted(next: &str) -> (&str, &str) {
    let ends = [": ", ":", "：", ". ", ";", "；"];
    let end = ends.iter().filter_map(|end| Some(next.find(end)? + end.len())).min();
    let (what, why) = next.split_at(end.unwrap_or(next.len()));
    (what.trim_end(), why.trim_start())
}

/// How long an order can still be paid.
fn deadline_left(case: &Case, now: Timestamp) -> Option<SignedDuration> {
    if case.order.status != OrderStatus::Unpaid || case.is_replaced() || case.is_gone() {
        return None;
    }
    Some(case.order.deadline()?.duration_since(now)).filter(|left| left.is_positive())
}

/// How the order stands, in a mark and words.
pub(super) fn standing(page: &Page<'_>, case: &Case, group: Group) -> (Role, String) {
    let (lang, order) = (page.picture.lang(), &case.order);
    let now = page.picture.model.shown_now(case);
    let signs = page.picture.model.setup.signs;
    let status = words::status(lang, order.status);
    let (mut ink, mut mark, mut text) = match order.status {
        _ if case.is_gone() => (Role::Muted, None, lang.text("state.gone").to_owned()),
        OrderStatus::Unpaid if order.has_lapsed(now) => {
            (Role::Urgent, Some(Mark::Failed), lang.text("state.lapsed").to_owned())
        }
        OrderStatus::Unpaid if group == Group::Due => (Role::Urgent, Some(Mark::Urgent), status),
        OrderStatus::Unpaid => (Role::Accent, None, status),
        OrderStatus::Ticketing => (Role::Going, Some(Mark::Going), status),
        OrderStatus::Ticketed => (Role::Good, Some(Mark::Done), status),
        OrderStatus::Cancelled => (Role::Urgent, Some(Mark::Failed), status),
        OrderStatus::Unknown(_) => (Role::Doubt, Some(Mark::Doubt), status),
    };
    let is_over = case.is_replaced() || case.is_gone();
    if order.is_undated() && !is_over {
        text.push_str(&format!("  {}", lang.text("detail.undated")));
        (ink, mark) = (Role::Soon, Some(Mark::Warning));
    }
    if let Some(what) = order.baggage() {
        text.push_str(&format!("  {}", baggage_words::state(lang, what)));
        (ink, mark) = (Role::Soon, Some(Mark::Warning));
    }
    if let Some(attempt) = case.attempt_state().filter(|attempt| attempt.is_doubtful()) {
        // First what is not known; what a list says meanwhile does not end it.
        let state = words::attempt_state_short(lang, attempt);
        text = lang.fill("detail.doubted", &[("state", &state), ("listed", &text)]);
        (ink, mark) = (Role::Doubt, Some(Mark::Doubt));
    }
    let mark = mark.map_or(String::new(), |mark| format!("{} ", signs.mark(mark)));
    (ink, mark + &text)
}
