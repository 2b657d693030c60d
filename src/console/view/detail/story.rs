//! What happened to the order: its payments, and everything in the order of time.

use super::lines::Page;
use crate::{
    console::theme::Role,
    domain::{attempt::Snapshot, case::Case, story::What},
    lang::{recovery, words},
};

/// The attempts under the order that each belongs to: this one first, then the others of its trip.
pub(super) fn attempts(page: &mut Page<'_>, case: &Case) {
    for (order, attempts) in case.attempts_by_order() {
        page.title("detail.attempts");
        if order != case.order.no {
            let other = format!("  {order}");
            let other = page.span(Role::Muted, other);
            page.lines.last_mut().into_iter().for_each(|title| title.text.push_span(other.clone()));
        }
        let lang = page.picture.lang();
        for (number, attempt) in attempts {
            let Snapshot { method, amount, card, state, .. } = &**attempt;
            let card = card.map_or(String::new(), |card| format!("  {card}"));
            let role = if state.is_doubtful() { Role::Doubt } else { Role::Text };
            let words = words::attempt_state(lang, state);
            let method = words::method(lang, *method);
            page.wrapped(2, role, &format!("{number}  {method}  {amount}{card}  {words}"));
        }
    }
}

pub(super) fn story(page: &mut Page<'_>, case: &Case) {
    page.title("detail.story");
    let lang = page.picture.lang();
    if case.story.is_empty() {
        page.wrapped(2, Role::Muted, lang.text("detail.no_story"));
    }
    for happening in &case.story {
        let at = happening.at.to_zoned(page.picture.model.setup.zone.clone());
        let role = match &happening.what {
            What::Attempt { state, .. } if state.is_doubtful() => Role::Doubt,
            What::Notified { .. } => Role::Muted,
            _ => Role::Text,
        };
        let text = recovery::line(lang, &case.lineage, happening);
        page.wrapped(2, role, &format!("{}  {text}", at.strftime("%H:%M:%S")));
    }
}
