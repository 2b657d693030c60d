//! Orders that the vendor does not show any more: what speaks for it, and when that suffices to put one aside.
//!
//! A list that leaves an order out is a hint, and one answer may be wrong: an unpaid order whose deadline runs would be out of
//! sight. So it takes a complete sweep and answers that lie apart; and where money may be held it takes a person.

use jiff::{SignedDuration, Timestamp};

use super::moment::Moment;

/// So many answers "no such order" are wanted.
const ANSWERS: u32 = 2;

/// They count when the later query was sent so long after the one that counted before.
pub const SPACED_BY: SignedDuration = SignedDuration::from_secs(30);

/// An order that a complete sweep of the list has not shown, and what its own queries have said since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Since when no list shows it, by the vendor's clock.
    pub since: Timestamp,
    /// Spaced queries that were answered "no such order".
    answers: u32,
    /// When the last one that counted was sent.
    counted: Option<Moment>,
    /// When the newest that was learnt of it was asked; none if only the journal remembers it.
    newest: Option<Moment>,
}

impl Missing {
    /// A complete sweep that began at `asked` did not show it.
    pub fn unlisted(asked: Moment) -> Self {
        Self { since: asked.now.at, answers: 0, counted: None, newest: Some(asked) }
    }

    /// The journal says that it was gone.
    pub fn remembered(since: Timestamp) -> Self {
        Self { since, answers: ANSWERS, counted: None, newest: None }
    }

    /// A query sent at `asked` was answered "no such order".
    #[must_use]
    pub fn denied(self, asked: Moment) -> Self {
        if self.is_newer_than(asked) || self.is_proven() {
            return self;
        }
        let counts = self.counted.is_none_or(|counted| asked.since(counted) >= SPACED_BY);
        Self {
            answers: self.answers + u32::from(counts),
            counted: if counts { Some(asked) } else { self.counted },
            newest: Some(asked),
            ..self
        }
    }

    /// True when what was asked at `asked` is older than what this rests on.
    pub fn is_newer_than(&self, asked: Moment) -> bool {
        self.newest.is_some_and(|newest| asked.since(newest).is_negative())
    }

    /// True when list and answers agree that there is no such order.
    pub const fn is_proven(&self) -> bool {
        self.answers >= ANSWERS
    }

    /// While one answer has said so: when it was asked that counted, so that the next one lies apart.
    pub fn counted(&self) -> Option<Moment> {
        self.counted.filter(|_| !self.is_proven())
    }
}
