//! Is this the amount that was to be confirmed?

use super::{amount, fold::fold_text, money::Money};

/// True when `text` is exactly this amount, however it is written ([`amount::typed`]): `120.5` is `120.50`, and the
/// currency may stand beside it. More decimals than the amount has are a slip of the hand. `--confirm-amount` is compared so.
pub fn is_exactly(text: &str, due: Money) -> bool {
    let folded = fold_text(text);
    let decimals = |text: &str| {
        text.rsplit_once('.').map_or(0, |(_, rest)| rest.bytes().filter(u8::is_ascii_digit).count())
    };
    amount::typed(&folded, due.currency) == Some(due.amount) && decimals(&folded) <= decimals(&due.plain())
}

/// True when a person typed this amount: exactly, or its whole part while the rest is before their eyes. Zero is the whole
/// part of too many amounts.
pub fn is_typed(text: &str, due: Money) -> bool {
    let folded = fold_text(text);
    let is_whole = || {
        let whole = due.whole();
        whole != "0"
            && folded.trim().replace(',', "") == whole
            && amount::typed(&folded, due.currency) == Some(due.amount.trunc())
    };
    is_exactly(text, due) || is_whole()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    fn due(amount: &str, currency: &str) -> Money {
        Money::new(amount.parse().unwrap(), Currency::parse(currency).unwrap())
    }

    #[test]
    fn the_confirmed_amount_is_the_amount_due_and_nothing_near_it() {
        let check = |text: &str, amount: &str, exactly: bool, typed: bool| {
            let due = due(amount, "USD");
            assert_eq!(
                (is_exactly(text, due), is_typed(text, due)),
                (exactly, typed),
                "{text:?} for {amount}"
            );
        };
        check("120.50", "120.50", true, true);
        check("120.5", "120.50", true, true);
        check(" usd 120.50\n", "120.50", true, true);
        check("USD120.50", "120.50", true, true);
        check("EUR 120.50", "120.50", false, false);
        check("120", "120.50", false, true);
        check("120", "120.00", true, true);
        check("1,733.00", "1733", true, true);
        check("17,33.00", "1733", false, false);
        check("1733", "1733.25", false, true);
        check("1,733", "1733.25", false, true);
        check("17,33", "1733.25", false, false);
        check("120,00", "120.50", false, false);
        check("0", "0.50", false, false);
        check("", "0.50", false, false);
        check("\n", "120.50", false, false);
        check("y", "120.50", false, false);
        check("120.51", "120.50", false, false);
        check("-120.50", "120.50", false, false);
        check("1.205e2", "120.50", false, false);
        check("120.50 ", "120.50", true, true);
        check("120.", "120", false, false);
        check("１２０．５０", "120.50", true, true);
        check("１２０。５", "120.50", true, true);
        check("１２０", "120.50", false, true);
        check("120,50", "120.50", true, true);
        check("120.50000000000001", "120.50", true, true);
        check("120.504", "120.50", false, false);
        check("120.500", "120.50", false, false);
    }
}
