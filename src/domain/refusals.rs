//! How often cards were refused lately, over all orders of the desk: the vendor's risk control counts the failures of a
//! card wherever they happen. Known of a card are brand and last four digits, so that two cards may count as one; that
//! is good enough for a warning.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    attempt::{Attempt, AttemptId, State},
    card::MaskedCard,
    codes::{self, CardWear},
};

/// The vendor's risk control blocks a number that failed more than five times within so long.
const COUNT_FOR: SignedDuration = SignedDuration::from_mins(30);

/// The refusals of each card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refusals(HashMap<MaskedCard, Vec<(AttemptId, Timestamp)>>);

impl Refusals {
    /// Takes in where an attempt stands now. True if its card was refused, and that is news.
    pub fn note(&mut self, attempt: &Attempt) -> bool {
        let Some(card) = attempt.card.filter(|_| was_refused(attempt)) else { return false };
        let known = self.0.entry(card).or_default();
        known.retain(|(_, at)| *at > attempt.changed_at - COUNT_FOR);
        let is_new = known.iter().all(|(id, _)| *id != attempt.id);
        if is_new {
            known.push((attempt.id, attempt.changed_at));
        }
        is_new
    }

    /// How often `card` was refused in the half hour before `now`.
    pub fn of(&self, card: MaskedCard, now: Timestamp) -> usize {
        let since = now - COUNT_FOR;
        self.0.get(&card).map_or(0, |known| known.iter().filter(|(_, at)| *at > since).count())
    }
}

/// True when the refusal spoke of the card or of what was typed of it, as an answer or as a decline afterwards.
fn was_refused(attempt: &Attempt) -> bool {
    match attempt.state {
        State::Rejected(status) => codes::pay(status).card != CardWear::Untouched,
        State::Reversed => true,
        _ => false,
    }
}
