//! Trouble with baggage in words.

use super::{
    Lang, wire,
    words::{doubt_cause, not_sent_cause},
};
use crate::{
    desk::hub::{Closed, LossNotDecided},
    domain::{
        baggage::{
            decision::{Called, Decision},
            trouble::{NotNow, Standing},
        },
        codes::{self, Baggage, Family},
    },
};

/// What is the matter, in a word or two for a column.
pub fn state(lang: Lang, what: Baggage) -> &'static str {
    lang.text(state_key(what))
}

/// The key of that word.
pub fn state_key(what: Baggage) -> &'static str {
    match what {
        Baggage::Loss => "state.baggage_loss",
        Baggage::CannotBeBought => "state.baggage_cannot_be_bought",
    }
}

/// What was decided.
pub fn standing(lang: Lang, standing: &Standing) -> String {
    match standing {
        Standing::Open => lang.text("baggage.open").to_owned(),
        Standing::Refused => lang.text("baggage.refused").to_owned(),
        Standing::Accepted(_, _, None) => lang.text("baggage.accepting").to_owned(),
        Standing::Accepted(_, _, Some(called)) => self::called(lang, called),
    }
}

/// A line of the story.
pub(super) fn happening(lang: Lang, decision: &Decision) -> String {
    let decision = match decision {
        Decision::Accepting { .. } => lang.text("baggage.accepting").to_owned(),
        Decision::Ended { called, .. } => self::called(lang, called),
        Decision::Refused => lang.text("baggage.refused").to_owned(),
    };
    lang.fill("baggage.story", &[("decision", &decision)])
}

/// How the request to accept ended.
pub fn called(lang: Lang, called: &Called) -> String {
    match called {
        Called::Taken => lang.text("baggage.taken").to_owned(),
        Called::Declined(code) => {
            let meaning = codes::words(Family::General, *code)
                .map_or(lang.text("advice.unknown_code"), |row| lang.pick(&row.meaning.en, &row.meaning.zh));
            lang.fill("baggage.declined", &[("code", code), ("meaning", &meaning)])
        }
        Called::InDoubt(doubt) => lang.fill("baggage.in_doubt", &[("cause", &doubt_cause(lang, doubt))]),
        Called::NotSent(reason) => lang.fill("baggage.not_sent", &[("cause", &not_sent_cause(lang, reason))]),
    }
}

/// Why nothing was decided.
pub fn not_decided(lang: Lang, reason: &LossNotDecided) -> String {
    match reason {
        LossNotDecided::NotNow(NotNow::NoLoss) => lang.text("baggage.no_loss").to_owned(),
        LossNotDecided::NotNow(NotNow::CannotBeBought) => lang.text("baggage.cannot_be_bought").to_owned(),
        LossNotDecided::NotNow(NotNow::Asked) => lang.text("baggage.asked").to_owned(),
        LossNotDecided::Unanswered(error) => {
            lang.fill("baggage.unanswered", &[("error", &wire::read_error(lang, error))])
        }
        LossNotDecided::Closed(Closed::Journal(reason)) => {
            lang.fill("baggage.journal", &[("reason", reason)])
        }
        LossNotDecided::Closed(Closed::Leaving) => lang.text("baggage.leaving").to_owned(),
        LossNotDecided::Closed(Closed::ReadOnly) => lang.text("baggage.read_only").to_owned(),
    }
}
