//! Orders that are asked for in the same way, and how old what is shown of them is.

use std::time::Duration;

use crate::desk::polling::rounds::windows::Kind;

/// Orders that are asked for in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The outcome of a payment is unknown.
    Doubt,
    /// The selected one.
    Selected,
    /// A payment made here within the last ten minutes.
    Followed,
    /// The same, older than an hour.
    FollowedLong,
    /// New: until it is seen at all.
    Unseen,
    /// New and unpaid: until price and deadline are known.
    Unpriced,
    /// Unpaid, or in ticketing, and made lately.
    Fresh,
    /// Still in ticketing, made within the last hours.
    Late,
    /// Still in ticketing, made before that.
    Slow,
    /// Made within the last hour, and in the list only a quarter of an hour later or more: from then until it is seen.
    ListedLate,
    /// Ticketed or cancelled.
    Closed,
}

impl Class {
    /// All, those first that matter most.
    pub const ALL: [Self; 11] = [
        Self::Doubt,
        Self::Selected,
        Self::Followed,
        Self::FollowedLong,
        Self::Unseen,
        Self::Unpriced,
        Self::Fresh,
        Self::Late,
        Self::Slow,
        Self::ListedLate,
        Self::Closed,
    ];

    /// That of an order that is unpaid or in ticketing, and was made so long ago.
    pub fn of_age(age: Duration) -> Self {
        match Kind::of_age(age) {
            Kind::Fresh => Self::Fresh,
            Kind::Late => Self::Late,
            _ => Self::Slow,
        }
    }

    /// Its name in documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Doubt => "doubt",
            Self::Selected => "selected",
            Self::Followed => "followed",
            Self::FollowedLong => "followedLong",
            Self::Unseen => "unseen",
            Self::Unpriced => "unpriced",
            Self::Fresh => "fresh",
            Self::Late => "late",
            Self::Slow => "slow",
            Self::ListedLate => "listedLate",
            Self::Closed => "closed",
        }
    }
}

/// How old what is shown of a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staleness {
    /// The class.
    pub class: Class,
    /// Orders of this class at any moment, where that follows from how many there are.
    pub orders: Option<u32>,
    /// How old it is, half of the time at most, and 99 times of a hundred; none if it falls ever further behind.
    pub age: Option<Age>,
    /// What it would be with any budget.
    pub at_best: Age,
}

impl Staleness {
    /// True when it is asked for as often as it may be.
    pub fn fits(&self) -> bool {
        // A tenth more is nothing that anybody notices.
        self.age.is_some_and(|age| age.median <= self.at_best.median.mul_f64(1.1) + Duration::from_secs(1))
    }
}

/// An age by its median and its 99th percentile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// Half of the time it is no older.
    pub median: Duration,
    /// 99 times of a hundred it is no older.
    pub p99: Duration,
}

impl Age {
    /// Of what is asked for every `period`.
    pub(super) fn of(period: Duration) -> Self {
        Self { median: period / 2, p99: period.mul_f64(0.99) }
    }

    /// The same when it is late by so much now and then.
    pub(super) fn late_by(self, wait: Duration) -> Self {
        Self { p99: self.p99 + wait, ..self }
    }

    /// The same when something takes up to `wait` besides.
    pub(super) fn and(self, wait: Duration) -> Self {
        Self { median: self.median + wait / 2, p99: self.p99 + wait }
    }
}
