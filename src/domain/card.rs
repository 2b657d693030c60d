//! Cards: brands, the Luhn check, and card data that lives in zeroised memory and nowhere else.

use std::fmt;

use zeroize::Zeroize;

/// A card brand as the API spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CardBrand {
    /// `Visa`
    Visa,
    /// `MasterCard`
    MasterCard,
    /// `Amex`
    Amex,
    /// `Discover`
    Discover,
    /// `JCB`
    Jcb,
    /// `DinersClub`
    DinersClub,
}

impl CardBrand {
    const ALL: [Self; 6] =
        [Self::Visa, Self::MasterCard, Self::Amex, Self::Discover, Self::Jcb, Self::DinersClub];

    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Visa => "Visa",
            Self::MasterCard => "MasterCard",
            Self::Amex => "Amex",
            Self::Discover => "Discover",
            Self::Jcb => "JCB",
            Self::DinersClub => "DinersClub",
        }
    }

    /// Reads the API's word, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|brand| brand.word().eq_ignore_ascii_case(word.trim()))
    }

    /// The brand of a number by its leading digits (issuer ranges of ISO/IEC 7812 registrants); it shows from the
    /// first digits that decide, so that a form can name it while the operator still types.
    pub fn of_digits(digits: &[u8]) -> Option<Self> {
        let prefix = |n: usize| -> Option<u32> {
            digits.get(..n).map(|head| head.iter().fold(0, |acc, digit| acc * 10 + u32::from(digit - b'0')))
        };
        match prefix(1)? {
            4 => return Some(Self::Visa),
            0 | 1 | 7..=9 => return None,
            _ => {}
        }
        match prefix(2)? {
            34 | 37 => return Some(Self::Amex),
            36 | 38 | 39 => return Some(Self::DinersClub),
            51..=55 => return Some(Self::MasterCard),
            65 => return Some(Self::Discover),
            _ => {}
        }
        match prefix(3)? {
            300..=305 | 309 => return Some(Self::DinersClub),
            644..=649 => return Some(Self::Discover),
            _ => {}
        }
        match prefix(4)? {
            2221..=2720 => Some(Self::MasterCard),
            3528..=3589 => Some(Self::Jcb),
            6011 => Some(Self::Discover),
            _ => None,
        }
    }

    /// How many digits the security code of this brand has.
    pub fn cvv_digits(self) -> usize {
        if self == Self::Amex { 4 } else { 3 }
    }
}

impl fmt::Display for CardBrand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Up to `N` decimal digits in memory of their own that is wiped when they are cleared or dropped, and that the system
/// is asked not to write to disk. It is the buffer that a form types into and the value that is sent: no copy is made
/// on the way, and there is deliberately no `Debug`, `Display`, `Clone` or `Serialize`.
pub struct SecretDigits<const N: usize> {
    /// Unlocked before the page is given back, since fields are dropped in order.
    _kept_in_memory: Option<region::LockGuard>,
    digits: Box<Page<N>>,
    len: usize,
}

/// A page for itself: locking goes by pages, and a neighbour's end must not unlock this one.
#[repr(align(4096))]
struct Page<const N: usize>([u8; N]);

/// A card number (primary account number), 13 to 19 digits when complete.
pub type CardNumber = SecretDigits<19>;

/// A card's security code, 3 or 4 digits when complete.
pub type Cvv = SecretDigits<4>;

impl<const N: usize> SecretDigits<N> {
    /// Empty.
    pub fn new() -> Self {
        let digits = Box::new(Page([0; N]));
        // Best effort: a system that allows no locked memory still has the card wiped after use.
        let kept = region::lock(digits.0.as_ptr(), N).ok();
        Self { _kept_in_memory: kept, digits, len: 0 }
    }

    /// The digits of `text`; spaces and dashes are passed over. Any other character, or too many digits, is an error.
    pub fn parse(text: &str) -> Option<Self> {
        let mut secret = Self::new();
        text.chars().filter(|c| !matches!(c, ' ' | '-')).all(|c| secret.push(c)).then_some(secret)
    }

    /// Adds a digit; false if `c` is none or the buffer is full.
    pub fn push(&mut self, c: char) -> bool {
        match (u8::try_from(c), self.digits.0.get_mut(self.len)) {
            (Ok(digit @ b'0'..=b'9'), Some(slot)) => {
                *slot = digit;
                self.len += 1;
                true
            }
            _ => false,
        }
    }

    /// Takes the last digit away, and wipes it.
    pub fn pop(&mut self) {
        if let Some(last) = self.len.checked_sub(1) {
            self.digits.0[last] = 0;
            self.len = last;
        }
    }

    /// Wipes everything.
    pub fn clear(&mut self) {
        self.digits.0.zeroize();
        self.len = 0;
    }

    /// How many digits there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True when nothing was entered.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The digits themselves, for the request body and the checks below. Handle with care: never keep a copy.
    pub fn expose(&self) -> &[u8] {
        self.digits.0.get(..self.len).unwrap_or_default()
    }
}

impl<const N: usize> Default for SecretDigits<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Drop for SecretDigits<N> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl CardNumber {
    /// The brand, as soon as the digits tell.
    pub fn brand(&self) -> Option<CardBrand> {
        CardBrand::of_digits(self.expose())
    }

    /// True when the check digit is right (ISO/IEC 7812-1, annex B). Four of the vendor's own published test cards
    /// fail it, so outside a live environment a wrong one is a warning.
    pub fn passes_luhn(&self) -> bool {
        let sum: u32 = self
            .expose()
            .iter()
            .rev()
            .enumerate()
            .map(|(i, digit)| match (u32::from(digit - b'0'), i % 2) {
                (digit, 0) => digit,
                (digit, _) => digit * 2 / 10 + digit * 2 % 10,
            })
            .sum();
        !self.is_empty() && sum.is_multiple_of(10)
    }

    /// True for 13 to 19 digits.
    pub fn has_full_length(&self) -> bool {
        (13..=19).contains(&self.len())
    }

    /// What may be shown and kept of this card.
    pub fn masked(&self) -> MaskedCard {
        let mut last_four = [b'*'; 4];
        if self.has_full_length() {
            last_four.copy_from_slice(&self.expose()[self.len() - 4..]);
        }
        MaskedCard { brand: self.brand(), last_four }
    }
}

/// Brand and last four digits: all that is ever shown, logged or kept of a card.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MaskedCard {
    /// The brand, if its digits were recognised.
    pub brand: Option<CardBrand>,
    last_four: [u8; 4],
}

impl MaskedCard {
    /// A card known only by what was kept of it.
    pub fn from_parts(brand: Option<CardBrand>, last_four: &str) -> Option<Self> {
        let last_four: [u8; 4] = last_four.as_bytes().try_into().ok()?;
        last_four.iter().all(u8::is_ascii_digit).then_some(Self { brand, last_four })
    }

    /// The last four digits.
    pub fn last_four(&self) -> &str {
        std::str::from_utf8(&self.last_four).unwrap_or("****")
    }
}

impl fmt::Display for MaskedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} **** {}", self.brand.map_or("card", CardBrand::word), self.last_four()))
    }
}

impl fmt::Debug for MaskedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Month and year, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry {
    /// Four digits.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Expiry {
    /// Reads a month of one or two digits and a year of two or four (`8`/`29`, `08`/`2029`).
    pub fn parse(month: &str, year: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let (month, year) = (month.trim(), year.trim());
        if !digits(month) || !digits(year) || !matches!(month.len(), 1 | 2) || !matches!(year.len(), 2 | 4) {
            return None;
        }
        let year = year.parse::<i16>().ok().map(|y| if y < 100 { 2000 + y } else { y })?;
        let month = month.parse::<i8>().ok().filter(|m| (1..=12).contains(m))?;
        Some(Self { year, month })
    }

    /// True when the card's last month is over on the day `today`.
    pub fn is_past(self, today: jiff::civil::Date) -> bool {
        (self.year, self.month) < (today.year(), today.month())
    }
}

/// The billing address, as far as it was given. Which fields an airline wants is in [`super::billing`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BillingAddress {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Two-letter code.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Post code.
    pub post_code: Option<String>,
    /// Street and number.
    pub street: Option<String>,
}

/// A card as it is sent. No `Debug`, no `Clone`: it exists once, and is wiped with its digits.
pub struct Card {
    /// The number.
    pub number: CardNumber,
    /// The security code; MoR may leave it out on a card's later uses.
    pub cvv: Option<Cvv>,
    /// Last month of validity.
    pub expiry: Expiry,
    /// Given name on the card.
    pub first_name: String,
    /// Family name on the card.
    pub last_name: String,
    /// Billing address.
    pub billing: BillingAddress,
    /// False for a single-use card, which is never offered again once attempted.
    pub reusable: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> CardNumber {
        CardNumber::parse(text).expect("digits")
    }

    #[test]
    fn brands_are_recognised_by_their_leading_digits() {
        let check = |text: &str, want: Option<CardBrand>| assert_eq!(number(text).brand(), want, "{text}");
        check("4", Some(CardBrand::Visa));
        check("4532015112830366", Some(CardBrand::Visa));
        check("5", None);
        check("5555555555554444", Some(CardBrand::MasterCard));
        check("2221000000000009", Some(CardBrand::MasterCard));
        check("2220", None);
        check("378282246310005", Some(CardBrand::Amex));
        check("6011111111111117", Some(CardBrand::Discover));
        check("6500000000000002", Some(CardBrand::Discover));
        check("3566002020360505", Some(CardBrand::Jcb));
        check("30569309025904", Some(CardBrand::DinersClub));
        check("9999", None);
    }

    #[test]
    fn luhn_tells_a_mistyped_digit() {
        let check = |text: &str, want: bool| assert_eq!(number(text).passes_luhn(), want, "{text}");
        check("4532015112830366", true);
        check("4532 0151 1283 0366", true);
        check("4532015112830367", false);
        check("378282246310005", true);
        check("4916931584764308", false); // published by the vendor all the same
        assert!(!CardNumber::new().passes_luhn());
    }

    #[test]
    fn only_brand_and_last_four_are_ever_shown() {
        assert_eq!(number("4532015112830366").masked().to_string(), "Visa **** 0366");
        assert_eq!(number("45320151").masked().to_string(), "Visa **** ****");
    }

    #[test]
    fn clearing_and_popping_wipe_the_memory() {
        let mut number = number("4532015112830366");
        number.pop();
        assert_eq!(number.digits.0[15], 0);
        number.clear();
        assert!(number.digits.0.iter().all(|b| *b == 0) && number.is_empty());
        assert!(!number.push('x') && number.push('4'));
        assert!(CardNumber::parse("45320151128303661234").is_none(), "20 digits");
    }

    #[test]
    fn every_secret_has_a_page_for_itself() {
        let (one, other) = (number("4532015112830366"), CardNumber::new());
        let page = |secret: &CardNumber| secret.digits.0.as_ptr() as usize;
        assert!(page(&one).is_multiple_of(4_096) && page(&other).is_multiple_of(4_096));
        assert_ne!(page(&one), page(&other));
    }

    #[test]
    fn a_card_is_good_through_its_last_month() {
        let today = jiff::civil::date(2026, 8, 31);
        assert!(!Expiry::parse("8", "26").unwrap().is_past(today));
        assert!(Expiry::parse("07", "2026").unwrap().is_past(today));
        for (month, year) in [("13", "26"), ("0", "26"), ("", "26"), ("1", "026"), ("+1", "26")] {
            assert_eq!(Expiry::parse(month, year), None, "{month}/{year}");
        }
    }
}
