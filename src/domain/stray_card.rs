//! A card number where none belongs: in whatever a person types that is shown or kept. One rule for notes, reasons,
//! filters, arguments and the configuration: it is refused, and its last four digits are offered instead.

use super::mask::{last_four, mask};

/// A text that holds a card number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrayCard {
    /// The last four digits of the number, of the first if there are several.
    pub last_four: String,
    /// The text with nothing else left of any number.
    pub instead: String,
}

impl StrayCard {
    /// Looks for one in `text`. Numbers of orders, PNRs and moments are none.
    pub fn find(text: &str) -> Option<Self> {
        last_four(text).map(|last_four| Self { last_four, instead: mask(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_is_found_however_it_was_typed_and_its_last_four_are_offered() {
        let found = |text: &str| StrayCard::find(text).map(|card| (card.last_four, card.instead));
        let want = |instead: &str| Some(("0366".to_owned(), instead.to_owned()));
        assert_eq!(found("paid with 4532015112830366"), want("paid with ************0366"));
        assert_eq!(found("4532 0151 1283 0366 declined"), want("**** **** **** 0366 declined"));
        assert_eq!(found("4532-0151-1283-0366"), want("****-****-****-0366"));
        assert_eq!(found("４５３２０１５１１２８３０３６６"), want("************０３６６"));
    }

    #[test]
    fn order_numbers_and_locators_are_left_alone() {
        for n in 0..500 {
            let order = format!("TESTA20261127{:09}", 93_013_183 + n * 7_919);
            for text in [&order, &format!("{order} X7K2PQ, then {order}"), &order.to_lowercase()] {
                assert_eq!(StrayCard::find(text), None, "{text}");
            }
        }
    }
}
