//! The next action, as a block: how the order stands, how long it has, what to do and why.

use jiff::{SignedDuration, Timestamp};
use ratatui::text::Line;

use super::lines::{BAR, Page, Row};
use crate::{
    console::{
        picture::Picture,
        theme::{Mark, Role},
        view::{
            canvas::{columns, wrap},
            head,
        },
    },
    domain::{
        case::Case,
        order::OrderStatus,
        time_limit::{Kind, TimeLimit, time_limits},
        triage::Group,
    },
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
    let is_underway = case.attempt_state().is_some_and(|attempt| attempt.blocks());
    let is_urgent = match group {
        // While a payment is under way there is nothing to be done in a hurry.
        Group::Due => is_short && !is_underway,
        Group::Recoverable | Group::Baggage | Group::MoneyOpen => true,
        _ => false,
    };
    let block = if is_urgent { Role::Call } else { ink };
    let of = |role| if is_urgent { Role::Call } else { role };
    let first = match left {
        Some(left) => {
            vec![
                page.span(of(ink), head::countdown_words(lang, left)),
                page.span(of(Role::Text), format!("  {state}")),
            ]
        }
        None => vec![page.span(of(ink), state)],
    };
    let room = page.width.saturating_sub(BAR + 1);
    let ends = case.order.deadline().filter(|_| left.is_some());
    let ends = ends.map(|at| time_limit::zones(lang, at, now, &model.setup.zone));
    let used: u16 = first.iter().map(|span| columns(&span.content)).sum();
    let limit = said_above(page, case);
    let name = limit.as_ref().map_or("", |limit| time_limit::name(lang, limit.kind));
    // In the first line as much of it as that has room for, its name before its end.
    let named = ends.as_ref().map(|ends| format!("{name}  {ends}").trim_start().to_owned());
    let mut beside = [named.clone(), ends.clone()].into_iter().flatten();
    let beside = beside.find(|text| used + columns(text) + 2 < room);
    let right = beside.as_ref().map(|text| page.span(of(Role::Muted), format!("{text} ")));
    page.lines.push(Row::of_block(block, Line::from(first), right));
    let made = model.successor(case).map(|made| &**made);
    let next = words::next_on(lang, case, made, model.shown_clocks(case));
    let strong = what_to_do(&next).len();
    let mut at = 0;
    for part in wrap(&next, room) {
        let start = next.get(at..).and_then(|rest| rest.find(&*part)).map_or(at, |before| at + before);
        at = start + part.len();
        let strong = strong.saturating_sub(start).min(part.len());
        let (what, why) = part.split_at_checked(strong).unwrap_or((&part, ""));
        let text = Line::from(vec![page.span(of(Role::Strong), what), page.span(of(Role::Text), why)]);
        page.lines.push(Row::of_block(block, text, None));
    }
    // Quietly below, without the ground of what is urgent: which time that is, and what its end brings.
    if let Some(limit) = limit {
        let heads = match (named, ends, beside) {
            (named, _, Some(beside)) if named.as_ref() == Some(&beside) => Vec::new(),
            (Some(named), _, None) if columns(&named) <= room => vec![named],
            (_, Some(ends), None) => vec![name.to_owned(), ends],
            _ => vec![name.to_owned()],
        };
        let end = time_limit::at_end(lang, limit.kind).to_owned();
        let texts: Vec<String> = heads.into_iter().chain([end]).collect();
        for part in texts.iter().flat_map(|text| wrap(text, room)) {
            let text = Line::from(page.span(Role::Muted, part));
            page.lines.push(Row::of_block(ink, text, None));
        }
    }
    page.blank();
    if let Some(made) = made {
        page.entry("detail.became", Role::Text, &words::successor(lang, made, model.shown_now(made)));
    }
}

/// What to do, without what is said about it.
fn what_to_do(next: &str) -> &str {
    let ends = [": ", ":", "：", ". ", ";", "；"];
    let end = ends.iter().filter_map(|end| Some(next.find(end)? + end.len())).min();
    next.get(..end.unwrap_or(next.len())).unwrap_or(next).trim_end()
}

/// The deadline of an order that can be paid, where the block of the next action says all of it.
pub(super) fn said_above(page: &Page<'_>, case: &Case) -> Option<TimeLimit> {
    let model = page.picture.model;
    deadline_left(case, model.shown_now(case)).filter(|_| !page.is_tight)?;
    let is_deadline = |limit: &TimeLimit| matches!(limit.kind, Kind::Payment | Kind::Fulfilment);
    time_limits(case, model.shown_clocks(case)).into_iter().find(is_deadline)
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
