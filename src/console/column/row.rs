//! A row of the table, and the value that a column has in it.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;

use super::search::Said;
use crate::{
    domain::{
        case::Case,
        money::{Currency, Money},
        triage::{Group, SortKey},
    },
    lang::Lang,
};

/// What a cell is drawn from.
pub struct Row<'a> {
    /// The order with what is known around it.
    pub case: &'a Case,
    /// Where it stands among those that need somebody.
    pub group: Group,
    /// It is shown as the journal remembers it.
    pub is_remembered: bool,
    /// One of its airlines is in trouble.
    pub is_in_trouble: bool,
    /// How many digits at the end of its number tell it from the other rows.
    pub tail: usize,
    /// The language of the screen.
    pub lang: Lang,
    /// Now by this machine's clock, as that of the baggage is shown.
    pub now: Timestamp,
    /// The same, to whole minutes: ages go by it, so that all of them change together.
    pub minute: Timestamp,
    /// Now by this machine's clock, whatever is shown: what people put away comes back by it.
    pub wall: Timestamp,
    /// The zone of the desk.
    pub zone: &'a TimeZone,
    /// Now by the vendor's clock, as that of the order is shown: deadlines go by it.
    pub server_now: Timestamp,
}

/// Is handed one text or term of an order after the other until it says yes.
pub type Visit<'a> = &'a mut dyn FnMut(Said<'_>) -> bool;

/// The kind of thing that a column says of an order, and how to get at it: what rows are sorted by, and what a filter
/// compares.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// Words and numbers by which the order is found, the one that sorts it first. True when the visitor said yes.
    Words(fn(&Case, Group, Visit<'_>) -> bool),
    /// A text that is so until a moment, which comes with it; then there is none.
    Lasting(Lasting),
    /// An amount; sorted currency by currency.
    Amount(fn(&Case) -> Option<Money>),
    /// A moment before which something is to be done; the nearest is sorted first.
    Deadline(fn(&Case, Group) -> Option<Timestamp>),
    /// A moment since which something is so; the newest is sorted first.
    Since(fn(&Case) -> Option<Timestamp>),
    /// A rank among all orders.
    Rank(fn(&Case, Group) -> SortKey),
}

/// A text that an order has, and until when.
pub type Lasting = fn(&Case) -> Option<(&str, Timestamp)>;

/// What a row is sorted by; only keys of one column are ever compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Rows without an amount stand before all others.
    Amount(Option<(Currency, Decimal)>),
    /// Seconds.
    Moment(i64),
    /// The first of its words.
    Text(Box<str>),
    /// A rank.
    Rank(SortKey),
    /// Nothing is known: after all others.
    Missing,
}

impl Value {
    /// What the row of `case` is sorted by at `now`.
    pub fn key(self, case: &Case, group: Group, now: Timestamp) -> Key {
        match self {
            Self::Lasting(lasting) => {
                let lasts = lasting(case).filter(|(_, until)| now < *until);
                lasts.map_or(Key::Missing, |(text, _)| Key::Text(text.into()))
            }
            Self::Words(words) => {
                let mut key = Key::Missing;
                words(case, group, &mut |said| {
                    let (Said::Text(text) | Said::Name(text) | Said::Term(text)) = said;
                    key = Key::Text(text.into());
                    true
                });
                key
            }
            Self::Amount(amount) => Key::Amount(amount(case).map(|money| (money.currency, money.amount))),
            Self::Deadline(at) => at(case, group).map_or(Key::Missing, |at| Key::Moment(at.as_second())),
            Self::Since(at) => at(case).map_or(Key::Missing, |at| Key::Moment(-at.as_second())),
            Self::Rank(rank) => Key::Rank(rank(case, group)),
        }
    }

    /// True when it says something else of a case now than before. What it says for the first time is no change, but of
    /// states, which say something by saying nothing.
    pub fn says_otherwise(self, before: (&Case, Group), now: (&Case, Group)) -> bool {
        match self {
            Self::Words(words) => {
                let said = |(case, group): (&Case, Group)| {
                    let (mut hasher, mut is_known) = (DefaultHasher::new(), false);
                    words(case, group, &mut |said| {
                        is_known = true;
                        said.hash(&mut hasher);
                        false
                    });
                    (is_known, hasher.finish())
                };
                let (before, now) = (said(before), said(now));
                before.0 && before != now
            }
            Self::Lasting(lasting) => {
                let said = |case| lasting(case).map(|(text, _)| text);
                said(before.0).is_some_and(|before| said(now.0) != Some(before))
            }
            Self::Amount(amount) => {
                let before = amount(before.0);
                before.is_some() && before != amount(now.0)
            }
            Self::Deadline(at) => {
                let before = at(before.0, before.1);
                before.is_some() && before != at(now.0, now.1)
            }
            Self::Since(at) => at(before.0).is_some_and(|before| at(now.0) != Some(before)),
            // It follows from what the others say.
            Self::Rank(_) => false,
        }
    }

    /// True when `found` says yes to one of the words, of which only words have any.
    pub fn is_found(self, case: &Case, group: Group, found: Visit<'_>) -> bool {
        matches!(self, Self::Words(words) if words(case, group, found))
    }
}
