//! Jumping to one order by what was pasted: its number, or a PNR.

use crate::domain::{
    case::Case,
    find::{Find, Kind, clean},
    order::OrderNo,
    text::Text,
};

/// Which order is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Jump {
    /// The one with this number.
    Order(OrderNo),
    /// The one, or those, with this locator: an airline's, or the vendor's.
    Pnr(Text),
}

/// An order number ends in the moment of its creation, to the millisecond.
const DIGITS: usize = 17;

/// Letters before that.
const LETTERS: usize = 5;

impl Jump {
    /// Reads an order number or a PNR, pasted with whatever is around it: blanks, line ends, quotes, full-width letters. A
    /// number may be broken by blanks, as a terminal breaks a long line; of a PNR at least one character must be a digit, or it
    /// must be said to be one (`pnr:QWERTY`), since any other word has six letters too.
    pub fn parse(text: &str) -> Option<Self> {
        let text = clean(text);
        if let Some(number) = number(&text) {
            return Some(Self::Order(number));
        }
        let said = text.split_once(':').filter(|(name, _)| name.trim().eq_ignore_ascii_case("pnr"));
        let find = match said {
            Some((_, pnr)) => Find::of(Kind::Pnr, pnr),
            None if text.contains(|c: char| c.is_ascii_digit()) => Find::by_form(&text),
            None => None,
        };
        match find? {
            Find::Pnr(pnr) => Some(Self::Pnr(pnr)),
            _ => None,
        }
    }

    /// True for the order that is meant.
    pub fn is_for(&self, case: &Case) -> bool {
        match self {
            Self::Order(order) => case.order.no == *order,
            Self::Pnr(pnr) => {
                let order = &case.order;
                let booked = order.details.iter().flat_map(|details| &details.bookings);
                let booked = booked.filter_map(|booking| booking.pnr.as_ref());
                let mut all = order.pnr_code.iter().chain(&order.airline_pnrs).chain(booked);
                all.any(|known| known.eq_ignore_ascii_case(pnr))
            }
        }
    }
}

/// An order number as the vendor makes them, with blanks anywhere in it.
fn number(text: &str) -> Option<OrderNo> {
    let joined: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
    let (letters, digits) = joined.split_at_checked(LETTERS)?;
    let is_one = letters.bytes().all(|b| b.is_ascii_uppercase())
        && digits.len() == DIGITS
        && digits.bytes().all(|b| b.is_ascii_digit());
    joined.parse().ok().filter(|_| is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_is_read_however_it_was_pasted() {
        for pasted in [
            "TESTA20261103141502317",
            "  TESTA20261103141502317\r\n",
            "\"TESTA20261103141502317\"",
            "“TESTA20261103141502317”，",
            "TESTA20261103\n141502317",
            "TESTA 2026 1103 141502317",
            "ＴＥＳＴＡ２０２６１１０３１４１５０２３１７",
            "testa20261103141502317",
            "#TESTA20261103141502317;",
            "「TESTA20261103141502317」",
        ] {
            let number = "TESTA20261103141502317".parse().unwrap();
            assert_eq!(Jump::parse(pasted), Some(Jump::Order(number)), "{pasted:?}");
        }
    }

    #[test]
    fn a_pnr_is_read_and_a_word_is_none() {
        for (pasted, pnr) in [
            ("X7K2PQ", "X7K2PQ"),
            (" 'abc123'\n", "ABC123"),
            ("ＡＢＣ１２３", "ABC123"),
            ("pnr:qwerty", "QWERTY"),
            ("PNR： QWERTY", "QWERTY"),
        ] {
            assert_eq!(Jump::parse(pasted), Some(Jump::Pnr(pnr.into())), "{pasted:?}");
        }
        for word in [
            "",
            "export",
            "QWERTY",
            "refresh",
            "queue 1",
            "ABC12",
            "20261103",
            "2026-11-03",
            "ZHANG/SAN",
            "a1@b.c",
            "4532015112830366",
            "TESTA2026110314150231",
            "TESTA202611031415023170",
        ] {
            assert_eq!(Jump::parse(word), None, "{word:?}");
        }
    }
}
