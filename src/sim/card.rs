//! The checks of a card at `pay.do`, and the memory of cards that failed.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{
    cast::Billing,
    order::{Failure, Fate, Fingerprint, MERCHANT_BRANDS, Order, SINGAPORE},
    refusal::Refusal,
    time::Moment,
    time::secs,
};
use crate::domain::{card::CardNumber, method::PaymentMethod};

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

/// Ryanair's test cards that are always declined.
const DECLINED: [&str; 2] = ["5476850000000002", "5100000014101198"];

/// Cards of ours that say what happens to them: these eleven digits, four of a code, and the check digit.
const TRIGGER_PREFIX: &str = "40000000000";

/// What those cards can ask `pay.do` for; 1 stands for the status -1.
const STATUSES: [i64; 26] = [
    1, 2, 100, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 429, 800, 900,
    901, 902, 9999, 107,
];

/// What a card says that will become of its payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// `pay.do` answers with this.
    Status(i64),
    /// It is accepted, and ticketing ends so.
    Ticketing(Fate),
}

/// So many failures of one card within [`MEMORY`] are tolerated.
const TOLERATED: usize = 5;
const MEMORY: SignedDuration = secs(30 * 60);

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

    /// What becomes of it by the name of its holder, as on the vendor's test system, or by its number.
    pub(super) fn trigger(&self) -> Option<Trigger> {
        match self.first_name.as_str() {
            "Reject" => return Some(Trigger::Ticketing(Fate::Fail(604))),
            "Three DS" => return Some(Trigger::Ticketing(Fate::Fail(616))),
            _ if DECLINED.contains(&self.number.as_str()) => {
                return Some(Trigger::Ticketing(Fate::Fail(604)));
            }
            _ => {}
        }
        let code: u16 = self.number.strip_prefix(TRIGGER_PREFIX)?.get(..4)?.parse().ok()?;
        if self.number.len() != 16 {
            return None;
        }
        let status = i64::from(code);
        match Failure::known(code) {
            Some(_) => Some(Trigger::Ticketing(Fate::of(code))),
            None if status == 1 => Some(Trigger::Status(-1)),
            None => STATUSES.contains(&status).then_some(Trigger::Status(status)),
        }
    }

    /// True when all that the airlines of the order want to know of the billing address is there.
    pub(super) fn satisfies(&self, wanted: Billing) -> bool {
        let address = [&self.country, &self.province, &self.city, &self.post_code, &self.street];
        let given = address.map(|field| field.as_ref().is_some_and(|text| !text.is_empty()));
        wanted.iter().zip(given).all(|(wanted, given)| !wanted || given)
    }

    /// The form of each field. `known` is true for a card that has paid before.
    pub(super) fn check_form(
        &self,
        method: PaymentMethod,
        known: bool,
        today: Timestamp,
    ) -> Result<(), Refusal> {
        self.check_number()?;
        self.check_expiry(today)?;
        self.check_security_code(method, known)?;
        for (what, name) in [("last", &self.last_name), ("first", &self.first_name)] {
            if name.trim().is_empty() || !name.chars().all(is_of_a_name) {
                return Err(Refusal::new(
                    413,
                    format!("Card holder {what} name contains invalid characters"),
                ));
            }
        }
        self.check_address()
    }

    /// MoR: the vendor takes few brands, and only the one that was named with the order.
    pub(super) fn check_brand(&self, order: &Order, method: PaymentMethod) -> Result<(), Refusal> {
        if method != PaymentMethod::Mor {
            return Ok(());
        }
        match CardNumber::parse(&self.number).and_then(|number| number.brand()) {
            Some(brand) if order.brand == Some(brand) => Ok(()),
            Some(brand) if MERCHANT_BRANDS.contains(&brand) => Err(Refusal::new(414, "Card mismatch.")),
            _ => Err(Refusal::new(413, "Card not supported")),
        }
    }

    fn check_number(&self) -> Result<(), Refusal> {
        let invalid = |why: &str| Refusal::new(413, format!("cardNumber {why}"));
        let digits = self.number.bytes().all(|byte| byte.is_ascii_digit());
        let number = CardNumber::parse(&self.number)
            .filter(|number| digits && number.has_full_length())
            .ok_or_else(|| invalid("must be 13 to 19 digits"))?;
        if !number.passes_luhn() && !PUBLISHED_ALL_THE_SAME.contains(&self.number.as_str()) {
            return Err(invalid("is invalid"));
        }
        Ok(())
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
    failures: BTreeMap<Fingerprint, VecDeque<Moment>>,
    good: BTreeSet<Fingerprint>,
}

impl Memory {
    /// Notes a refusal or a decline.
    pub(super) fn failed(&mut self, card: Fingerprint, now: Moment) {
        let times = self.failures.entry(card).or_default();
        times.retain(|at| now.since(*at) <= MEMORY);
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
    pub(super) fn distrusts(&self, card: Fingerprint, now: Moment) -> bool {
        let recent = |times: &VecDeque<Moment>| times.iter().filter(|at| now.since(**at) <= MEMORY).count();
        self.failures.get(&card).is_some_and(|times| recent(times) > TOLERATED)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        domain::card::CardBrand,
        sim::order::{Part, make::tests::sample},
    };

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
        let check = |change: fn(&mut Card), want: Option<(i64, &str)>| {
            let mut card = good_card();
            change(&mut card);
            let got = card.check_form(PaymentMethod::Vcc, false, now()).err();
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
        let mut order = sample(Part::Open(Some(PaymentMethod::Mor)));
        order.brand = Some(CardBrand::Visa);
        let check = |number: &str, want: Option<i64>| {
            let card = Card { number: number.into(), ..good_card() };
            let got = card.check_brand(&order, PaymentMethod::Mor).err().map(|refusal| refusal.status);
            assert_eq!(got, want, "{number}");
            assert!(card.check_brand(&order, PaymentMethod::Vcc).is_ok());
        };
        check("4054695723100768", None);
        check("5162774114974622", Some(414));
        check("378282246310005", Some(413));
        check("3566002020360505", Some(413));
        let no_code = Card { cvv: None, ..good_card() };
        assert!(no_code.check_form(PaymentMethod::Mor, true, now()).is_ok());
        assert!(no_code.check_form(PaymentMethod::Mor, false, now()).is_err());
    }

    #[test]
    fn more_than_five_failures_in_half_an_hour_are_too_many() {
        let mut memory = Memory::default();
        let at = |minute: i64| Moment::after(secs(minute * 60));
        for minute in 0..6 {
            assert!(!memory.distrusts(1, at(minute)), "after {minute}");
            memory.failed(1, at(minute));
        }
        assert!(memory.distrusts(1, at(6)));
        assert!(!memory.distrusts(2, at(6)));
        assert!(!memory.distrusts(1, at(31)), "the first one is forgotten");
    }

    #[test]
    fn a_card_can_say_what_becomes_of_it() {
        let check = |number: &str, want: Option<Trigger>| {
            assert_eq!(Card { number: number.into(), ..good_card() }.trigger(), want, "{number}");
        };
        check("4000000000006041", Some(Trigger::Ticketing(Fate::Fail(604))));
        check("4000000000006157", Some(Trigger::Ticketing(Fate::WithoutPnr)));
        check("4000000000060519", Some(Trigger::Ticketing(Fate::Fail(6051))));
        check("4000000000004061", Some(Trigger::Status(406)));
        check("4000000000099996", Some(Trigger::Status(9999)));
        check("4000000000000010", Some(Trigger::Status(-1)));
        check("4000000000002701", None);
        check("5476850000000002", Some(Trigger::Ticketing(Fate::Fail(604))));
        check("4111111111111111", None);
    }
}
