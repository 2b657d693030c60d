//! A row of the table, and the value that a column has in it.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;

use super::search::{Said, term_rank};
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

/// The beginning of a [`Key`] as a number that stands in the same order. Most keys are no longer than that; of those that are,
/// two with the same head stand as the keys do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head(u128);

impl Head {
    /// Bits of a head. The last says that the key goes on.
    pub const BITS: u32 = 96;

    /// Nothing is known.
    const MISSING: Self = Self((1 << Self::BITS) - 2);

    /// So many bytes of a text.
    const TEXT: usize = 11;

    /// The number.
    pub fn number(self) -> u128 {
        self.0
    }

    /// True when the key is longer.
    pub fn goes_on(self) -> bool {
        self.0 & 1 == 1
    }

    fn of(number: u128, goes_on: bool) -> Self {
        Self(number << 1 | u128::from(goes_on))
    }

    fn text(text: &[u8]) -> Self {
        let mut bytes = [0; 16];
        let len = text.len().min(Self::TEXT);
        bytes[16 - Self::TEXT..][..len].copy_from_slice(&text[..len]);
        Self::of(u128::from_be_bytes(bytes) << 7, text.len() > Self::TEXT)
    }

    fn said(said: Said<'_>) -> Self {
        match said {
            // No text begins like that.
            Said::Term(key) => {
                term_rank(key).map_or(Self::text(key.as_bytes()), |rank| Self::text(&[0xf8, rank]))
            }
            Said::Text(text) | Said::Name(text) => Self::text(text.as_bytes()),
        }
    }

    fn moment(seconds: i64) -> Self {
        Self::of(ascending(seconds).into(), false)
    }

    /// By currency, and by ten-thousandths of a unit.
    fn amount(money: Option<Money>) -> Self {
        const DECIMALS: u32 = 4;
        const HALF: i128 = 1 << 70;
        let Some(Money { amount, currency }) = money else { return Self::default() };
        let tens = |count: u32| 10_i128.pow(count);
        let (mantissa, scale) = (amount.mantissa(), amount.scale());
        let (units, rest) = if scale <= DECIMALS {
            (mantissa.saturating_mul(tens(DECIMALS - scale)), 0)
        } else {
            let by = tens(scale - DECIMALS);
            (mantissa.div_euclid(by), mantissa.rem_euclid(by))
        };
        let within = units.clamp(1 - HALF, HALF - 1);
        let code = currency.code().bytes().fold(0, |code, byte| code << 8 | u128::from(byte));
        let number = code << 71 | u128::try_from(within + HALF).unwrap_or_default();
        Self::of(number, rest != 0 || within != units)
    }

    fn rank(rank: SortKey) -> Self {
        let (group, within) = rank.parts();
        Self::of(u128::from(group) << 64 | u128::from(ascending(within)), false)
    }
}

/// A number without a sign that stands in the same order.
fn ascending(number: i64) -> u64 {
    number.cast_unsigned() ^ 1 << 63
}

impl Value {
    /// The head of what the row of `case` is sorted by at `now`.
    pub fn head(self, case: &Case, group: Group, now: Timestamp) -> Head {
        match self {
            Self::Lasting(lasting) => lasting(case)
                .filter(|(_, until)| now < *until)
                .map_or(Head::MISSING, |(text, _)| Head::text(text.as_bytes())),
            Self::Words(words) => {
                let mut head = Head::MISSING;
                words(case, group, &mut |said| {
                    head = Head::said(said);
                    true
                });
                head
            }
            Self::Amount(amount) => Head::amount(amount(case)),
            Self::Deadline(at) => at(case, group).map_or(Head::MISSING, |at| Head::moment(at.as_second())),
            Self::Since(at) => at(case).map_or(Head::MISSING, |at| Head::moment(-at.as_second())),
            Self::Rank(rank) => Head::rank(rank(case, group)),
        }
    }

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::money::Currency;

    /// Heads stand as keys do, and are equal only where the keys are, or go on.
    fn agree(keys: &(Key, Head), others: &(Key, Head)) -> bool {
        match keys.1.cmp(&others.1) {
            std::cmp::Ordering::Equal => keys.0 == others.0 || keys.1.goes_on(),
            by_head => keys.0.cmp(&others.0) == by_head,
        }
    }

    proptest! {
        #[test]
        fn heads_stand_as_keys_do(
            texts in prop::collection::vec("[A-C]{0,2}|ABCDEFGHIJ[A-C]{0,3}|60[0-9]", 2..6),
            amounts in prop::collection::vec(
                (prop::sample::select(vec!["CNY", "USD", "JPY"]), any::<i64>(), 0u32..9), 2..6),
            moments in prop::collection::vec(prop::option::of(any::<i32>()), 2..6),
        ) {
            let text = |text: &String| (Key::Text(text.as_str().into()), Head::said(Said::Text(text)));
            let amount = |(code, mantissa, scale): &(&str, i64, u32)| {
                let (amount, currency) = (Decimal::new(*mantissa, *scale), Currency::parse(code).unwrap());
                (Key::Amount(Some((currency, amount))), Head::amount(Some(Money { amount, currency })))
            };
            let moment = |at: &Option<i32>| at.map_or(
                (Key::Missing, Head::MISSING), |at| (Key::Moment(at.into()), Head::moment(at.into())));
            let mut texts: Vec<_> = texts.iter().map(text).collect();
            texts.extend(["state.paid", "state.unpaid", "method.vcc"].map(|key| (Key::Text(key.into()), Head::said(Said::Term(key)))));
            texts.push((Key::Missing, Head::MISSING));
            let mut amounts: Vec<_> = amounts.iter().map(amount).collect();
            amounts.push((Key::Amount(None), Head::amount(None)));
            let moments: Vec<_> = moments.iter().map(moment).collect();
            for column in [texts, amounts, moments] {
                for one in &column {
                    for other in &column {
                        prop_assert!(agree(one, other), "{:?} and {:?}", one, other);
                    }
                }
            }
        }
    }
}
