//! The times that run for an order in words: their names, their ends in three zones, and what happens then.

use jiff::{SignedDuration, Timestamp, tz};

use super::{Lang, words};
use crate::domain::time_limit::Kind;

/// With less left than this, a countdown says so in a word as well.
const IS_DUE_BELOW: SignedDuration = SignedDuration::from_mins(5);

/// What it is called.
pub fn name(lang: Lang, kind: Kind) -> &'static str {
    lang.text(match kind {
        Kind::Payment => "limit.payment",
        Kind::Fulfilment => "limit.fulfilment",
        Kind::LateTicketing => "limit.late_ticketing",
        Kind::OverdueTicketing => "limit.overdue_ticketing",
        Kind::CardConfirmation => "limit.card_confirmation",
        Kind::Regeneration => "limit.regeneration",
        Kind::Stop => "limit.stop",
        Kind::CommitLink => "limit.commit_link",
        Kind::BaggageDecision => "limit.baggage_decision",
    })
}

/// What happens at its end.
pub fn at_end(lang: Lang, kind: Kind) -> &'static str {
    lang.text(match kind {
        Kind::Payment => "limit_end.payment",
        Kind::Fulfilment => "limit_end.fulfilment",
        Kind::LateTicketing => "limit_end.late_ticketing",
        Kind::OverdueTicketing => "limit_end.overdue_ticketing",
        Kind::CardConfirmation => "limit_end.card_confirmation",
        Kind::Regeneration => "limit_end.regeneration",
        Kind::Stop => "limit_end.stop",
        Kind::CommitLink => "limit_end.commit_link",
        Kind::BaggageDecision => "limit_end.baggage_decision",
    })
}

/// The word of a time that is short: DUE below five minutes, LATE once it is over.
pub fn word(lang: Lang, left: SignedDuration) -> Option<&'static str> {
    if !left.is_positive() {
        return Some(lang.text("due.late"));
    }
    (left < IS_DUE_BELOW).then(|| lang.text("due.due"))
}

/// A moment in UTC, at the desk's and at the vendor's (Singapore), each with its name, and its day where that is not the
/// one of `now` or of the zone before. A zone that shows the same as one before it is left out.
pub fn zones(lang: Lang, at: Timestamp, now: Timestamp, desk: &tz::TimeZone) -> String {
    let singapore = tz::TimeZone::fixed(tz::offset(8));
    let mut zones_said = Vec::new();
    let mut said = Vec::new();
    let mut day_said = now.to_zoned(tz::TimeZone::UTC).date();
    for zone in [&tz::TimeZone::UTC, desk, &singapore] {
        let shown = at.to_zoned(zone.clone());
        if zones_said.contains(&shown.offset()) {
            continue;
        }
        let name =
            if shown.offset() == tz::offset(8) { "SGT".into() } else { shown.strftime("%Z").to_string() };
        let day =
            if shown.date() == day_said { String::new() } else { words::date(lang, shown.date()) + " " };
        day_said = shown.date();
        // Minutes are the same in all of them.
        let exact = if zones_said.is_empty() { "%H:%M:%S" } else { "%H:%M" };
        said.push(format!("{day}{} {name}", shown.strftime(exact)));
        zones_said.push(shown.offset());
    }
    said.join(lang.pick(", ", "，"))
}
