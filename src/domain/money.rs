//! Money: a decimal amount with its currency, never a floating-point number.

use std::{cmp::Ordering, fmt};

use rust_decimal::{Decimal, RoundingStrategy};

/// A currency by its three-letter code. The vendor settles in `CNH` too, which ISO 4217 does not list, so any
/// three letters are accepted and an unknown one has two decimals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads `usd`, `USD`; anything but three ASCII letters is no currency.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphabetic).then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimals of the smallest unit: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217).
    pub fn decimals(self) -> u32 {
        iso_currency::Currency::from_code(self.code())
            .and_then(iso_currency::Currency::exponent)
            .map_or(2, u32::from)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in a currency. Equal only when both are equal (`1.0 USD == 1.00 USD`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// How much, in whole units of the currency.
    pub amount: Decimal,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// `amount` of `currency`.
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The sum, when both are of one currency and it fits.
    pub fn plus(self, other: Money) -> Option<Money> {
        (self.currency == other.currency)
            .then(|| self.amount.checked_add(other.amount))?
            .map(|amount| Money { amount, ..self })
    }

    /// The difference, when both are of one currency and it fits.
    pub fn minus(self, other: Money) -> Option<Money> {
        self.plus(Money { amount: -other.amount, ..other })
    }

    /// Compares two amounts of one currency.
    pub fn compare(self, other: Money) -> Option<Ordering> {
        (self.currency == other.currency).then(|| self.amount.cmp(&other.amount))
    }

    /// `factor` times the amount, rounded up to a whole unit: how a payment ceiling is made.
    pub fn scaled_up_to_unit(self, factor: Decimal) -> Option<Money> {
        let amount =
            self.amount.checked_mul(factor)?.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
        Some(Money { amount, ..self })
    }

    /// The amount alone with the decimals of its currency and no grouping: `1733.00`, `41200`.
    pub fn plain(&self) -> String {
        let mut amount = self.amount.normalize();
        amount.rescale(amount.scale().max(self.currency.decimals()));
        amount.to_string()
    }

    /// The decimals with which it is written.
    pub fn decimals(&self) -> usize {
        self.amount.normalize().scale().max(self.currency.decimals()) as usize
    }

    /// The part before the decimal point, as an operator types it to confirm: `1733`.
    pub fn whole(&self) -> String {
        self.amount.trunc().to_string()
    }

    /// The amount grouped for reading, without its currency: `1,733.00`.
    pub fn grouped(&self) -> String {
        let plain = self.plain();
        let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), None), |(w, r)| (w, Some(r)));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
        let mut out = String::with_capacity(plain.len() + digits.len() / 3 + 1);
        out.push_str(sign);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        if let Some(rest) = rest {
            out.push('.');
            out.push_str(rest);
        }
        out
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.currency, self.grouped()))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: &str, currency: &str) -> Money {
        Money::new(amount.parse().unwrap(), Currency::parse(currency).unwrap())
    }

    #[test]
    fn amounts_show_the_decimals_of_their_currency() {
        let check =
            |amount: &str, currency: &str, want: &str| assert_eq!(money(amount, currency).to_string(), want);
        check("954.02", "CNY", "CNY 954.02");
        check("1733", "CNY", "CNY 1,733.00");
        check("41200.0", "JPY", "JPY 41,200");
        check("2410000", "VND", "VND 2,410,000");
        check("12.5", "KWD", "KWD 12.500");
        check("-1234.5", "CNH", "CNH -1,234.50");
        check("0.125", "USD", "USD 0.125");
        check("12308007.89", "USD", "USD 12,308,007.89");
    }

    #[test]
    fn a_ceiling_is_rounded_up_to_a_whole_unit() {
        let check = |amount: &str, want: &str| {
            let ceiling = money(amount, "PHP").scaled_up_to_unit("1.03".parse().unwrap()).unwrap();
            assert_eq!(ceiling.plain(), want);
        };
        check("41200", "42436.00");
        check("6860", "7066.00");
        check("100", "103.00");
    }

    #[test]
    fn amounts_of_two_currencies_never_mix() {
        assert_eq!(money("1", "USD").plus(money("1", "EUR")), None);
        assert_eq!(money("1", "USD").compare(money("1", "EUR")), None);
        assert_eq!(money("1.50", "USD").minus(money("0.50", "USD")), Some(money("1", "USD")));
        assert_eq!(money("1.0", "USD"), money("1.00", "USD"));
    }
}
