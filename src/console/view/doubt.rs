//! What is known of a payment whose outcome is not: for how long, what was answered, when it is asked for again, what is
//! missing until it ends, and what the vendor's support will want to know.

use jiff::{SignedDuration, Timestamp};

use ratatui::layout::Rect;

use super::{canvas::wrap, page::Page, pane::inside};
use crate::{
    console::{
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        attempt::{Attempt, QUARANTINE, State},
        case::Case,
        order::OrderStatus,
    },
    lang::words,
};

/// True for a payment whose lines count the seconds.
pub fn is_counted(state: &State) -> bool {
    matches!(state, State::InDoubt(_) | State::Refused(_))
}

/// Draws the lines as a list in a frame, with the marks of what is known; without the frame where that leaves fewer than
/// `kept` lines for what follows, and no further than that.
pub(super) fn draw(picture: Picture<'_>, case: &Case, kept: u16, page: &mut Page<'_, '_>) {
    let lines = lines(picture, case);
    if lines.is_empty() {
        return;
    }
    let lang = picture.lang();
    let said = lang.text("recover.doubt");
    let outer = page.area;
    let inner = inside(Rect { y: page.y, ..outer });
    let height = |page: &Page<'_, '_>| lines.iter().map(|(_, text)| page.lines_of(text, 3)).sum::<u16>();
    let framed = Page { area: inner, y: inner.y, canvas: page.canvas };
    let sentence = u16::try_from(wrap(said, inner.width).len()).unwrap_or(1);
    let frame = Rect { y: page.y, height: height(&framed) + sentence + 2, ..outer };
    let is_framed = frame.height + kept <= page.left();
    if is_framed {
        page.area = page.canvas.pane(frame, lang.text("doubt.title"), "", Role::Doubt);
        page.y = page.area.y;
    }
    page.say(Role::Doubt, said);
    for (label, text) in &lines {
        // The rest stands in the detail.
        if !is_framed && page.left() < kept + page.lines_of(text, 2) {
            break;
        }
        let (mark, role) = match *label {
            "doubt.unknown" => (page.canvas.signs.mark(Mark::Doubt), Role::Doubt),
            "doubt.missing" => (page.canvas.signs.mark(Mark::Going), Role::Going),
            _ => ("-", Role::Text),
        };
        page.entry(&format!("{mark} {}", lang.text(label)), role, text, if is_framed { 3 } else { 2 });
    }
    if is_framed {
        (page.area, page.y) = (outer, frame.bottom());
    }
}

/// When the order is asked for next.
pub(super) fn next_query(picture: Picture<'_>, case: &Case) -> String {
    let (lang, model) = (picture.lang(), picture.model);
    match model.health.next_queries.get(&case.order.no).filter(|next| **next > model.server_now()) {
        Some(next) => {
            let at = next.to_zoned(model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
            lang.fill("doubt.next", &[("at", &at)])
        }
        None => lang.text("doubt.asking").to_owned(),
    }
}

/// Each line with the key of its label, the most telling first; nothing unless the outcome is unknown.
pub(super) fn lines(picture: Picture<'_>, case: &Case) -> Vec<(&'static str, String)> {
    // While its own answer is awaited there is nothing to say yet.
    let is_unknown = |state: &State| state.is_doubtful() && *state != State::Sending;
    let attempt = case.attempt().filter(|attempt| is_unknown(&attempt.state));
    let Some((attempt, sent)) = attempt.and_then(|attempt| Some((attempt, attempt.sent?.now.at))) else {
        return Vec::new();
    };
    let lang = picture.lang();
    let (model, now) = (picture.model, picture.model.server_now());
    let zone = || model.setup.zone.clone();
    let clock = |at: Timestamp| at.to_zoned(zone()).strftime("%H:%M:%S").to_string();
    let age = now.duration_since(sent).max(SignedDuration::ZERO).as_secs();
    let (minutes, seconds) = (age / 60, age % 60);
    let mut lines = Vec::new();
    let since =
        lang.fill("doubt.since", &[("minutes", &minutes), ("seconds", &seconds), ("at", &clock(sent))]);
    let next = next_query(picture, case);
    if matches!(attempt.state, State::InDoubt(_)) {
        let said = words::status(lang, attempt.evidence.said.unwrap_or(OrderStatus::Unpaid));
        let (answers, needed) = (attempt.evidence.answers, attempt.answers_needed());
        let answered =
            lang.fill("doubt.answers", &[("answers", &answers), ("needed", &needed), ("said", &said)]);
        lines.push(("doubt.unknown", lang.besides(&[since, answered, next])));
        lines.push(("doubt.missing", missing(picture, case, attempt, now)));
        let is_cancelled = attempt.evidence.said == Some(OrderStatus::Cancelled);
        let rule = if is_cancelled { "doubt.rule_cancelled" } else { "doubt.rule" };
        let quarantine = QUARANTINE.as_secs();
        lines.push(("doubt.ends", lang.fill(rule, &[("needed", &needed), ("quarantine", &quarantine)])));
    } else if is_counted(&attempt.state) {
        lines.push(("doubt.unknown", lang.besides(&[since, next])));
    }
    if let Some(balance) = model.payment_context(case).balance {
        let text = match attempt.balance_before {
            Some(before) => lang.fill("doubt.balance_both", &[("before", &before), ("now", &balance)]),
            None => lang.fill("doubt.balance_now", &[("now", &balance)]),
        };
        lines.push(("doubt.balance", text));
    }
    lines.push(("doubt.support", words::asked_of_support(lang, attempt)));
    lines
}

/// What is missing until it ends without a payment.
fn missing(picture: Picture<'_>, case: &Case, attempt: &Attempt, now: Timestamp) -> String {
    let lang = picture.lang();
    let quiet = attempt.sent.map_or(SignedDuration::ZERO, |sent| now.duration_since(sent.now.at));
    let seconds = (QUARANTINE - quiet).as_secs();
    let answers = attempt.answers_needed().saturating_sub(attempt.evidence.answers);
    let has_end = attempt.evidence.said == Some(OrderStatus::Cancelled)
        || case.order.has_surely_lapsed(picture.model.clocks());
    let lacks = [
        (answers > 0).then(|| lang.fill("doubt.lacks_answers", &[("count", &answers)])),
        (seconds > 0).then(|| lang.fill("doubt.lacks_seconds", &[("seconds", &seconds)])),
        (!has_end).then(|| lang.text("doubt.lacks_end").to_owned()),
    ];
    let lacks: Vec<String> = lacks.into_iter().flatten().collect();
    if lacks.is_empty() { lang.text("doubt.lacks_nothing").to_owned() } else { lang.list(&lacks) }
}
