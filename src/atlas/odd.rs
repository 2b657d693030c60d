//! What is odd in an answer: it is logged, and never guessed at.

use super::field::{Field, Price};
use crate::domain::{
    mask::mask,
    money::{Currency, Money},
    order::Unclear,
    text::Text,
};

/// Something in an answer that is not as it is documented, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Oddity {
    /// The field.
    pub(super) field: &'static str,
    /// The beginning of what stands there.
    pub(super) form: Text,
    /// It was not understood; else its noise was rounded away.
    pub(super) is_unclear: bool,
}

/// So many characters of an odd value say enough.
const FORM: usize = 40;

/// Collects what is odd while prices are read.
#[derive(Default)]
pub(super) struct Odd {
    pub(super) found: Vec<Oddity>,
    /// Prices that were not understood.
    pub(super) unclear: Vec<Unclear>,
}

impl Odd {
    /// What stands in this field is odd.
    pub(super) fn note(&mut self, field: &'static str, raw: Field<'_>, is_unclear: bool) {
        // Masked first: half a card number would not be known for one.
        let form: String = mask(raw.raw().unwrap_or_default()).chars().take(FORM).collect();
        self.found.push(Oddity { field, form: Text::new(&form), is_unclear });
    }

    /// Reads a price; one that is not understood is none, and is noted as `what`.
    pub(super) fn price(
        &mut self,
        field: &'static str,
        raw: Field<'_>,
        currency: Option<Currency>,
        what: Unclear,
    ) -> Option<Money> {
        match raw.price(currency) {
            Price::Absent => None,
            Price::Clear { money, had_noise } => {
                if had_noise {
                    self.note(field, raw, false);
                }
                Some(money)
            }
            Price::Unclear => {
                self.note(field, raw, true);
                self.unclear.push(what);
                None
            }
        }
    }
}
