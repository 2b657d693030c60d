//! Why ticketing fails: the vendor's codes and the texts that come with them.

/// Why ticketing failed (`errorCode` and the texts that come with it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Failure {
    pub code: u16,
    pub message: &'static str,
    pub airline_message: Option<&'static str>,
}

/// Every code that ticketing fails with: those of `assets/codes.toml`, with the vendor's own texts.
pub(in crate::sim) const FAILURES: &[Failure] = &[
    failure(309, "Baggage cannot be purchased at the airline", None),
    failure(601, "Fare changed after payment", Some("FARE NO LONGER AVAILABLE")),
    failure(602, "Flight not found at the airline", None),
    failure(603, "Flight sold out", None),
    failure(604, "Payment declined by airline", Some("Card issuer declined the transaction")),
    failure(605, "Passenger information wrong", None),
    failure(606, "Flight schedule changed", None),
    failure(607, "Seat sold out", None),
    failure(608, "Duplicate booking found at the airline", None),
    failure(609, "Contact email blocked by the airline", None),
    failure(611, "PNR cancelled by airline", None),
    failure(613, "Refused by risk control of airline", Some("TRANSACTION NOT PERMITTED")),
    failure(614, "Passenger age does not fit the passenger type", None),
    failure(615, "Paid, waiting for the PNR of the airline", None),
    failure(616, "3DS authentication required", Some("Payer authentication required")),
    failure(617, "Insufficient deposit", None),
    failure(618, "Baggage weight not sold by the airline", None),
    failure(619, "Payment data missing or wrong", Some("Billing address incomplete")),
    failure(620, "Abnormal return fare type", None),
    failure(621, "Infants are not supported", None),
    failure(623, "Insufficient card balance", Some("INSUFFICIENT FUNDS/LIMIT")),
    failure(624, "Round trip is not supported at the moment", None),
    failure(625, "Frequent flyer number needs manual issuance", None),
    failure(626, "Unpaid services in the booking of the airline", None),
    failure(627, "Ancillaries after ticketing are not possible", None),
    failure(628, "Flight differs from the original order", None),
    failure(629, "Ticketing failed (629)", None),
    failure(630, "Ticketing failed (630)", None),
    failure(631, "Baggage fare changed", None),
    failure(632, "Ticketing refused by risk control", None),
    failure(633, "Payment declined by risk control of airline", None),
    failure(634, "Airline system error", None),
    failure(698, "Ticketing failed (698)", None),
    failure(699, "System error", None),
    failure(3011, "Airline baggage price is above the price sold", None),
    failure(6051, "Passenger is on a government credit blacklist", None),
];

const fn failure(code: u16, message: &'static str, airline_message: Option<&'static str>) -> Failure {
    Failure { code, message, airline_message }
}

impl Failure {
    /// The failure of a documented code.
    pub(in crate::sim) fn known(code: u16) -> Option<Self> {
        FAILURES.iter().copied().find(|failure| failure.code == code)
    }

    /// The failure of a code, with a plain text for one that nobody has documented.
    pub(in crate::sim) fn of(code: u16) -> Self {
        Self::known(code).unwrap_or(failure(code, "Ticketing failed", None))
    }

    /// True when the flight itself is gone, so that no order for it can be made again.
    pub(in crate::sim) fn is_of_flight(self) -> bool {
        matches!(self.code, 602 | 603 | 606 | 607 | 611)
    }
}

/// True when a failure can only follow from a passed-through card.
pub(in crate::sim) fn is_of_card(code: u16) -> bool {
    matches!(code, 601 | 604 | 613 | 616 | 619 | 623 | 633)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FAILURES;
    use crate::domain::codes::{Family, numbers};

    #[test]
    fn they_are_those_of_the_table_of_codes() {
        let known: BTreeSet<i64> = FAILURES.iter().map(|failure| failure.code.into()).collect();
        assert_eq!(known, numbers(Family::Ticketing).collect());
    }
}
