//! The checks of a card at `pay.do`, and the memory of cards that failed.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{
    Refusal,
    cast::Billing,
    order::{Order, SINGAPORE, secs},
};
use crate::domain::{
    card::{CardBrand, CardNumber},
    method::PaymentMethod,
};

/// `creditCard` as it arrived: nothing checked but the types. It lives as long as its request.
pub(super) struct Card {
    pub number: String,
    pub cvv: Option<String>,
    pub month: String,
    pub year: String,
    pub last_name: String,
    pub first_name: String,
    pub country: Option<String>,
    pub province: Option<String>,
    pub city: Option<String>,
    pub post_code: Option<String>,
    pub street: Option<String>,
    /// Highest charge that is accepted, in vendor currency.
    pub limit: Option<Decimal>,
}

/// Test cards that the vendor publishes although their check digit is wrong.
const PUBLISHED_ALL_THE_SAME: [&str; 4] =
    ["4916931584764308", "5223456789012346", "375987654321001", "6011987612345678"];

/// So many failures of one card within [`MEMORY`] are tolerated.
const TOLERATED: usize = 5;
const MEMORY: SignedDuration = secs(30 * 60);

/// What the card stands for in memory: never its number.
type Fingerprint = u64;

impl Card {
    /// The same for the same number, and not the number.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut hasher = DefaultHasher::new();
        self.number.hash(&mut hasher);
        hasher.finish()
    }

    /// The last four digits.
    pub(super) fn tail(&self) -> String {
        self.number.chars().skip(self.number.chars().count().saturating_sub(4)).collect()
    }

    /// True when all that the airlines of the order want to know of the billing address is there.
    pub(super) fn satisfies(&self, wanted: Billing) -> bool {
        let address = [&self.country, &self.province, &self.city, &self.post_code, &self.street];
        let given = address.map(|field| field.as_ref().is_some_and(|text| !text.is_empty()));
        wanted.iter().zip(given).all(|(wanted, given)| !wanted || given)
    }

    /// Everything that can be said of the card before a bank is asked. `known` is true for a card that has
    /// paid before.
    pub(super) fn check(
        &self,
        order: &Order,
        method: PaymentMethod,
        known: bool,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let brand = self.check_number()?;
        self.check_expiry(now)?;
        self.check_security_code(method, known)?;
        for (what, name) in [("last", &self.last_name), ("first", &self.first_name)] {
            if name.trim().is_empty() || !name.chars().all(is_of_a_name) {
                return Err(Refusal::new(
                    413,
                    format!("Card holder {what} name contains invalid characters"),
                ));
            }
        }
        self.check_address()?;
        if method == PaymentMethod::Mor {
            match brand {
                Some(brand) if brand == order.brand => {}
                Some(CardBrand::Visa | CardBrand::MasterCard) => {
                    return Err(Refusal::new(414, "Card mismatch."));
                }
                _ => return Err(Refusal::new(413, "Card not supported")),
            }
        }
        Ok(())
    }

    fn check_number(&self) -> Result<Option<CardBrand>, Refusal> {
        let invalid = |why: &str| Refusal::new(413, format!("cardNumber {why}"));
        let digits = self.number.bytes().all(|byte| byte.is_ascii_digit());
        let number = CardNumber::parse(&self.number)
            .filter(|number| digits && number.has_full_length())
            .ok_or_else(|| invalid("must be 13 to 19 digits"))?;
        if !number.passes_luhn() && !PUBLISHED_ALL_THE_SAME.contains(&self.number.as_str()) {
            return Err(invalid("is invalid"));
        }
        Ok(number.brand())
    }

    /// `8` and `08`, `29` and `2029` are all accepted; a card is good through its last month.
    fn check_expiry(&self, now: Timestamp) -> Result<(), Refusal> {
        let digits = |text: &str, length: std::ops::RangeInclusive<usize>| {
            (length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| text.parse::<i16>().ok())
                .flatten()
        };
        let month = digits(&self.month, 1..=2)
            .filter(|month| (1..=12).contains(month))
            .ok_or_else(|| Refusal::new(413, "cardExpireMonth must be 1 to 2 digits, from 01 to 12"))?;
        let year = digits(&self.year, 2..=4)
            .map(|year| if year < 100 { year + 2000 } else { year })
            .ok_or_else(|| Refusal::new(413, "cardExpireYear must be 2 to 4 digits"))?;
        let today = SINGAPORE.to_datetime(now).date();
        if (year, month) < (today.year(), i16::from(today.month())) {
            return Err(Refusal::new(413, "Card invalid expiration date"));
        }
        Ok(())
    }

    fn check_security_code(&self, method: PaymentMethod, known: bool) -> Result<(), Refusal> {
        match &self.cvv {
            None if method == PaymentMethod::Mor && known => Ok(()),
            None => Err(Refusal::new(400, "creditCard.cardCVV is required")),
            Some(cvv) if (3..=4).contains(&cvv.len()) && cvv.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(())
            }
            Some(_) => Err(Refusal::new(413, "cardCVV must be 3 to 4 digits")),
        }
    }

    /// What is given must have its form; what an airline misses is found out only by the airline.
    fn check_address(&self) -> Result<(), Refusal> {
        let two_letters = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        let check = |field: &Option<String>, ok: &dyn Fn(&str) -> bool, rule: &str| match field.as_deref() {
            Some(text) if !text.is_empty() && !ok(text) => Err(Refusal::new(413, rule)),
            _ => Ok(()),
        };
        check(&self.country, &two_letters, "cardHolderCountry must be two letters")?;
        check(&self.province, &two_letters, "cardHolderProvince must be two letters")?;
        check(
            &self.city,
            &|text| text.chars().any(|c| !c.is_ascii_digit()),
            "cardHolderCity must not be digits only",
        )?;
        check(
            &self.post_code,
            &|text| {
                text.chars().count() > 4
                    && text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-')
            },
            "cardHolderPostCode must be numeric or alphanumeric, more than 4 characters",
        )?;
        check(
            &self.street,
            &|text| text.chars().count() > 6,
            "cardHolderAddress must be more than 6 characters",
        )
    }
}

/// Letters of the documented ranges, dashes, and the space inside `Three DS` and double names.
fn is_of_a_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '-' | ' ' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ')
}

/// Which cards failed lately, and which have paid.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Memory {
    failures: BTreeMap<Fingerprint, VecDeque<Timestamp>>,
    good: BTreeSet<Fingerprint>,
}

impl Memory {
    /// Notes a refusal or a decline.
    pub(super) fn failed(&mut self, card: Fingerprint, now: Timestamp) {
        let times = self.failures.entry(card).or_default();
        times.retain(|at| now.duration_since(*at) <= MEMORY);
        times.push_back(now);
    }

    /// Notes that it was accepted.
    pub(super) fn paid(&mut self, card: Fingerprint) {
        self.good.insert(card);
    }

    /// True when it has paid before.
    pub(super) fn knows(&self, card: Fingerprint) -> bool {
        self.good.contains(&card)
    }

    /// True when it has failed too often for risk control.
    pub(super) fn distrusts(&self, card: Fingerprint, now: Timestamp) -> bool {
        let recent = |times: &VecDeque<Timestamp>| {
            times.iter().filter(|at| now.duration_since(**at) <= MEMORY).count()
        };
        self.failures.get(&card).is_some_and(|times| recent(times) > TOLERATED)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{super::make, *};

    /// A card that passes every check.
    pub(in crate::sim) fn good_card() -> Card {
        Card {
            number: "4111111111111111".into(),
            cvv: Some("737".into()),
            month: "03".into(),
            year: "2031".into(),
            last_name: "KELLER".into(),
            first_name: "GRETA".into(),
            country: Some("DE".into()),
            province: Some("HB".into()),
            city: Some("Bremen".into()),
            post_code: Some("28195".into()),
            street: Some("Am Wall 138".into()),
            limit: None,
        }
    }

    fn now() -> Timestamp {
        "2026-11-03T06:00:00Z".parse().unwrap()
    }

    #[test]
    fn each_rule_refuses_the_field_it_is_about() {
        let order = make::order(1, 1, make::Part::Open(PaymentMethod::Vcc), now(), make::HOLD);
        let check = |change: fn(&mut Card), want: Option<(i64, &str)>| {
            let mut card = good_card();
            change(&mut card);
            let got = card.check(&order, PaymentMethod::Vcc, false, now()).err();
            match (&got, want) {
                (None, None) => {}
                (Some(refusal), Some((status, word))) => {
                    assert_eq!(refusal.status, status, "{refusal:?}");
                    assert!(refusal.msg.contains(word), "{refusal:?} names {word}");
                }
                _ => panic!("{got:?} instead of {want:?}"),
            }
        };
        check(|_| {}, None);
        check(|card| card.number = "4916931584764308".into(), None);
        check(|card| card.number = "4111111111111112".into(), Some((413, "cardNumber")));
        check(|card| card.number = "411111111111".into(), Some((413, "13 to 19")));
        check(|card| card.number = "4111 1111 1111 1111".into(), Some((413, "13 to 19")));
        check(|card| card.month = "11".into(), None);
        check(|card| card.month = "13".into(), Some((413, "cardExpireMonth")));
        check(|card| card.month = "00".into(), Some((413, "cardExpireMonth")));
        check(|card| card.year = "29".into(), None);
        check(|card| card.year = "2".into(), Some((413, "cardExpireYear")));
        check(|card| (card.month, card.year) = ("11".into(), "26".into()), None);
        check(|card| (card.month, card.year) = ("10".into(), "26".into()), Some((413, "expiration")));
        check(|card| card.cvv = None, Some((400, "cardCVV")));
        check(|card| card.cvv = Some(String::new()), Some((413, "cardCVV")));
        check(|card| card.cvv = Some("12a".into()), Some((413, "cardCVV")));
        check(|card| card.first_name = "Three DS".into(), None);
        check(|card| card.first_name = "Zoë-Anne".into(), None);
        check(|card| card.first_name = "A1".into(), Some((413, "first name")));
        check(|card| card.last_name = "O'BRIEN".into(), Some((413, "last name")));
        check(|card| card.country = Some("DEU".into()), Some((413, "cardHolderCountry")));
        check(|card| card.province = Some("California".into()), Some((413, "cardHolderProvince")));
        check(|card| card.city = Some("12345".into()), Some((413, "cardHolderCity")));
        check(|card| card.post_code = Some("1234".into()), Some((413, "cardHolderPostCode")));
        check(|card| card.street = Some("Wall 1".into()), Some((413, "cardHolderAddress")));
        check(|card| card.street = None, None);
    }

    #[test]
    fn merchant_cards_must_be_of_the_brand_that_was_named() {
        let mut order = make::order(1, 1, make::Part::Open(PaymentMethod::Mor), now(), make::HOLD);
        order.brand = CardBrand::Visa;
        let check = |number: &str, want: Option<i64>| {
            let card = Card { number: number.into(), ..good_card() };
            let got =
                card.check(&order, PaymentMethod::Mor, false, now()).err().map(|refusal| refusal.status);
            assert_eq!(got, want, "{number}");
        };
        check("4054695723100768", None);
        check("5162774114974622", Some(414));
        check("378282246310005", Some(413));
        check("3566002020360505", Some(413));
        let no_code = Card { cvv: None, ..good_card() };
        assert!(no_code.check(&order, PaymentMethod::Mor, true, now()).is_ok());
        assert!(no_code.check(&order, PaymentMethod::Mor, false, now()).is_err());
    }

    #[test]
    fn more_than_five_failures_in_half_an_hour_are_too_many() {
        let mut memory = Memory::default();
        for minute in 0..6 {
            assert!(!memory.distrusts(1, now() + secs(minute * 60)), "after {minute}");
            memory.failed(1, now() + secs(minute * 60));
        }
        assert!(memory.distrusts(1, now() + secs(6 * 60)));
        assert!(!memory.distrusts(2, now() + secs(6 * 60)));
        assert!(!memory.distrusts(1, now() + secs(31 * 60)), "the first one is forgotten");
    }
}
