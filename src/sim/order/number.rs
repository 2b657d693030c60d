//! How the vendor numbers its orders, and its booking references.

use jiff::{Timestamp, tz::Offset};

use crate::{domain::order::OrderNo, sim::chance::letters};

/// Singapore, in whose time the vendor writes deadlines and numbers its orders.
pub(in crate::sim) const SINGAPORE: Offset = Offset::constant(8);

/// Five letters and the moment of creation, to the millisecond, in Singapore time.
pub(in crate::sim) fn number(created: Timestamp) -> OrderNo {
    let text = format!("TESTA{}", moment_digits(created));
    text.parse().unwrap_or_else(|_| unreachable!("22 letters and digits"))
}

/// `yyyyMMddHHmmssSSS` in Singapore time.
pub(in crate::sim) fn moment_digits(at: Timestamp) -> String {
    let at = SINGAPORE.to_datetime(at);
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}{:03}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    )
}

/// The vendor's booking reference of an order made at that moment. No two orders are made in one millisecond,
/// and multiplying by a number that shares no factor with 36^6 meets every code once before any comes again
/// (25 days).
pub(super) fn pnr_code(created: Timestamp) -> String {
    letters(created.as_millisecond().unsigned_abs().wrapping_mul(1_234_567_891) % 36_u64.pow(6), 6)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_number_is_the_moment_of_creation_in_singapore() {
        let created = "2026-11-03T16:15:02.317Z".parse().unwrap();
        assert_eq!(number(created).as_str(), "TESTA20261104001502317");
    }

    #[test]
    fn booking_references_do_not_repeat() {
        let start = "2026-11-03T06:00:00Z".parse::<Timestamp>().unwrap();
        let codes: BTreeSet<String> =
            (0..5_000).map(|ms| pnr_code(start + SignedDuration::from_millis(ms * 7))).collect();
        assert_eq!(codes.len(), 5_000);
    }
}
