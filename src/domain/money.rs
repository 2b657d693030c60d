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

    /// Decimals of the smallest unit: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217). Few have not two.
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
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
        self.written().to_string()
    }

    /// The amount with the decimals with which it is written.
    fn written(&self) -> Decimal {
        let least = self.currency.decimals();
        let mut amount = self.amount;
        if amount.scale() > least {
            amount = amount.normalize();
        }
        if amount.scale() < least {
            amount.rescale(least);
        }
        amount
    }

    /// The decimals with which it is written.
    pub fn decimals(&self) -> usize {
        self.written().scale() as usize
    }

    /// The part before the decimal point, as an operator types it to confirm: `1733`.
    pub fn whole(&self) -> String {
        self.amount.trunc().to_string()
    }

    /// The amount grouped for reading, without its currency: `1,733.00`.
    pub fn grouped(&self) -> String {
        let amount = self.written();
        let digits = amount.mantissa().unsigned_abs().to_string();
        let scale = amount.scale() as usize;
        // Below one, some stand before the first digit.
        let missing = (scale + 1).saturating_sub(digits.len());
        let whole = digits.len() + missing - scale;
        let mut out = String::with_capacity(digits.len() + missing + whole / 3 + 2);
        if amount.is_sign_negative() {
            out.push('-');
        }
        for (at, digit) in std::iter::repeat_n('0', missing).chain(digits.chars()).enumerate() {
            if at == whole {
                out.push('.');
            } else if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
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
    fn every_currency_has_the_decimals_of_iso_4217() {
        let letters = || b'A'..=b'Z';
        for (a, b, c) in
            letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| (a, b, c))))
        {
            let currency = Currency([a, b, c]);
            let listed = iso_currency::Currency::from_code(currency.code());
            let want = listed.and_then(iso_currency::Currency::exponent).map_or(2, u32::from);
            assert_eq!(currency.decimals(), want, "{currency}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_amount_is_grouped_as_it_is_written_plain(mantissa: i64, scale in 0_u32..9, letter in 0_usize..4) {
            let currency = Currency::parse(["USD", "JPY", "KWD", "CLF"][letter]).unwrap();
            let money = Money::new(Decimal::new(mantissa, scale), currency);
            let mut least = money.amount.normalize();
            least.rescale(least.scale().max(currency.decimals()));
            proptest::prop_assert_eq!(money.plain(), least.to_string());
            let grouped = money.grouped();
            proptest::prop_assert_eq!(grouped.replace(',', ""), money.plain());
            let whole = grouped.trim_start_matches('-').split('.').next().unwrap_or_default();
            let groups: Vec<usize> = whole.split(',').map(str::len).collect();
            proptest::prop_assert!((1..=3).contains(&groups[0]), "{}", grouped);
            proptest::prop_assert!(groups[1..].iter().all(|digits| *digits == 3), "{}", grouped);
        }
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
