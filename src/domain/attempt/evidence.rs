//! What queries have said since the send, and for how long one must listen before silence proves anything.

use jiff::SignedDuration;

use crate::domain::{moment::Moment, order::OrderStatus};

/// At least so long after the send a doubt may be cleared: twice the client's total time-out of 60 s, and a minute.
pub const QUARANTINE: SignedDuration = SignedDuration::from_secs(180);

/// So many spaced answers "unpaid" are needed to clear a doubt.
pub const UNPAID_ANSWERS: u32 = 3;

/// So long after the quarantine a doubt that no answer ends is a person's.
pub const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

/// So many spaced answers that agree end a contradiction, or a doubt about an order that they call cancelled.
pub(super) const AGREEING_ANSWERS: u32 = 2;

/// Answers count as spaced when the later query was sent so long after the one that counted before.
const SPACED_BY: SignedDuration = SignedDuration::from_secs(20);

/// A person may decide only while the last answer "unpaid" is younger than this.
pub const DECISION_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// What the queries since the send have said, as far as they agree with each other: each word that differs from the
/// last one begins again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The status that they agree on.
    pub said: Option<OrderStatus>,
    /// Spaced queries that said so.
    pub answers: u32,
    /// When the last query that said so was sent, spaced or not.
    pub last: Option<Moment>,
    /// When the last one that counted was sent.
    pub counted: Option<Moment>,
}

impl Evidence {
    /// With one more answer, to a query sent at `asked`.
    pub(super) fn and(self, said: OrderStatus, asked: Moment) -> Self {
        let before = if self.said == Some(said) { self } else { Self::default() };
        let counts = before.counted.is_none_or(|counted| asked.since(counted) >= SPACED_BY);
        Self {
            said: Some(said),
            answers: before.answers + u32::from(counts),
            last: Some(asked),
            counted: if counts { Some(asked) } else { before.counted },
        }
    }
}
