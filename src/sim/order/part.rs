//! The part that an order plays at the start of a story, as scenario files write it.

use std::str::FromStr;

use fastrand::Rng;
use jiff::SignedDuration;

use super::failure::Failure;
use crate::{domain::method::PaymentMethod, sim::time::secs};

/// From making an order to its payment deadline.
pub(in crate::sim) const HOLD: SignedDuration = secs(30 * 60);

/// The same for an order of the Fulfilment API, whose ticket must be there by then as well.
pub(in crate::sim) const FULFILMENT_HOLD: SignedDuration = secs(5 * 60);

/// Which part an order plays at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::sim) enum Part {
    /// Unpaid, with a quarter of an hour left or more; this method is among those on offer.
    Open(Option<PaymentMethod>),
    /// Unpaid, with so many seconds left.
    Urgent(i64),
    /// Unpaid, and the deposit account of its currency is nearly empty.
    Dear,
    /// Ryanair, not confirmed by the traveller.
    Unconfirmed,
    /// Out with one airline, back with another.
    Mixed,
    /// Of the Fulfilment API, made a moment ago.
    Fulfilment,
    /// Called unpaid, but its deadline has passed.
    Lapsed,
    /// Paid a moment ago.
    Ticketing,
    /// Paid long ago, and still no ticket.
    Late,
    /// Done.
    Ticketed,
    /// Ticketing failed, for this reason or any.
    Cancelled(Option<u16>),
    /// Somebody stopped it.
    Stopped,
}

/// Why ticketing fails on an ordinary day, as often as each is here.
const REASONS: [u16; 13] = [601, 603, 604, 604, 604, 606, 607, 611, 613, 617, 619, 623, 633];

impl Part {
    /// How long before the start such an order was made.
    pub(in crate::sim) fn age(self, rng: &mut Rng) -> SignedDuration {
        let mut between = |from: i64, to: i64| SignedDuration::from_millis(rng.i64(from * 1_000..to * 1_000));
        match self {
            Self::Open(_) | Self::Dear | Self::Unconfirmed | Self::Mixed => between(60, 15 * 60),
            Self::Urgent(left) => HOLD - secs(left),
            Self::Fulfilment => between(5, 120),
            Self::Ticketing => between(2 * 60, 12 * 60),
            Self::Late => between(45 * 60, 75 * 60),
            Self::Lapsed => between(31 * 60, 8 * 3_600),
            Self::Ticketed => between(20 * 60, 10 * 3_600),
            Self::Cancelled(_) | Self::Stopped => between(15 * 60, 10 * 3_600),
        }
    }

    /// For how long such an order is held.
    pub(in crate::sim) fn hold(self) -> SignedDuration {
        if self == Self::Fulfilment { FULFILMENT_HOLD } else { HOLD }
    }

    /// With what was left open decided.
    pub(in crate::sim) fn settled(self, rng: &mut Rng) -> Self {
        match self {
            Self::Open(None) => Self::Open(Some(PaymentMethod::ALL[rng.usize(..4)])),
            Self::Cancelled(None) => Self::Cancelled(Some(REASONS[rng.usize(..REASONS.len())])),
            decided => decided,
        }
    }
}

/// A part that nobody can play.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no part; expected open, open deposit|vcc|byoa|mor, urgent SECONDS, dear, unconfirmed, mixed, \
     fulfilment, lapsed, ticketing, late, ticketed, cancelled, cancelled CODE or stopped"
)]
pub(in crate::sim) struct NoSuchPart(String);

impl FromStr for Part {
    type Err = NoSuchPart;

    fn from_str(text: &str) -> Result<Self, NoSuchPart> {
        let wrong = || NoSuchPart(text.to_owned());
        let mut words = text.split_whitespace();
        let (part, detail, more) = (words.next().unwrap_or_default(), words.next(), words.next());
        let part = match (part, detail) {
            ("open", None) => Self::Open(None),
            ("open", Some(method)) => Self::Open(Some(PaymentMethod::from_word(method).ok_or_else(wrong)?)),
            ("urgent", Some(left)) => {
                let left = left.parse().ok().filter(|left| (1..HOLD.as_secs()).contains(left));
                Self::Urgent(left.ok_or_else(wrong)?)
            }
            ("dear", None) => Self::Dear,
            ("unconfirmed", None) => Self::Unconfirmed,
            ("mixed", None) => Self::Mixed,
            ("fulfilment", None) => Self::Fulfilment,
            ("lapsed", None) => Self::Lapsed,
            ("ticketing", None) => Self::Ticketing,
            ("late", None) => Self::Late,
            ("ticketed", None) => Self::Ticketed,
            ("cancelled", None) => Self::Cancelled(None),
            ("cancelled", Some(code)) => {
                let code = code.parse().ok().filter(|code| Failure::known(*code).is_some());
                Self::Cancelled(Some(code.ok_or_else(wrong)?))
            }
            ("stopped", None) => Self::Stopped,
            _ => return Err(wrong()),
        };
        if more.is_some() { Err(wrong()) } else { Ok(part) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_as_scenario_files_write_it() {
        let check = |text: &str, want: Option<Part>| assert_eq!(text.parse().ok(), want, "{text}");
        check("open", Some(Part::Open(None)));
        check("open vcc", Some(Part::Open(Some(PaymentMethod::Vcc))));
        check("urgent  95", Some(Part::Urgent(95)));
        check("cancelled 604", Some(Part::Cancelled(Some(604))));
        check("cancelled", Some(Part::Cancelled(None)));
        for wrong in ["", "open cash", "urgent", "urgent 1800", "cancelled 1", "dear me", "open vcc now"] {
            check(wrong, None);
        }
        assert!(
            "opne".parse::<Part>().unwrap_err().to_string().starts_with("`opne` is no part; expected open")
        );
    }
}
