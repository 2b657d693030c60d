//! What is known of a payment whose outcome is not: for how long, what was answered, when it is asked for again, what is
//! missing until it ends, and what the vendor's support will want to know.

use jiff::{SignedDuration, Timestamp, tz};

use crate::{
    console::picture::Picture,
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
    let next = match model.health.next_queries.get(&case.order.no).filter(|next| **next > now) {
        Some(next) => lang.fill("doubt.next", &[("at", &clock(*next))]),
        None => lang.text("doubt.asking").to_owned(),
    };
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
    let singapore = sent.to_zoned(tz::TimeZone::fixed(tz::offset(8))).strftime("%Y-%m-%d %H:%M:%S");
    let utc = sent.to_zoned(tz::TimeZone::UTC).strftime("%H:%M:%S");
    let card = attempt.card.map_or(String::new(), |card| format!("  {card}"));
    let method = words::method(lang, attempt.method);
    let asked = format!("{}  {method}  {}{card}  {singapore} SGT ({utc} UTC)", attempt.order, attempt.amount);
    lines.push(("doubt.support", asked));
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
