//! Protocols with one rule taken out. Each must be caught, else the checker checks nothing.

/// A rule that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// A claim that another attempt holds is not looked at.
    SkipsTheClaim,
    /// The second query is answered from memory.
    SkipsTheSecondQuery,
    /// What a webhook says is believed.
    TrustsWebhooks,
    /// What a row of the list says is believed.
    BelievesRows,
    /// The date of the last answer is the time, by every clock.
    TrustsTheLastDate,
    /// Any answer over HTTP 200 counts as accepted.
    TrustsHttp,
    /// After a time-out the request is sent again.
    RetriesOnTimeOut,
    /// What may have been sent when the program died counts as not sent.
    TakesCrashForNotSent,
    /// A lost answer counts as not sent.
    TakesDoubtForNotSent,
}

impl Mutant {
    pub(crate) const ALL: [Self; 9] = [
        Self::SkipsTheClaim,
        Self::SkipsTheSecondQuery,
        Self::TrustsWebhooks,
        Self::BelievesRows,
        Self::TrustsTheLastDate,
        Self::TrustsHttp,
        Self::RetriesOnTimeOut,
        Self::TakesCrashForNotSent,
        Self::TakesDoubtForNotSent,
    ];
}
